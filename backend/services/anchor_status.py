"""How the anchors of a ledger stand: network, state, age, cost; read from what is stored, no node asked."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from anchoring.core.anchor_states import Seconds, Wei
from anchoring.core.types import ChainId, TransactionHash
from backend.domain.acts import Slug


class StandingState(StrEnum):
    """How an anchor stands: the words of ``AnchorState`` and ``AttemptState``, in one list.

    A head for which no transaction was stored yet is pending, and has no standing.
    """

    BROADCAST = "broadcast"
    """Its transaction was sent, and no block includes it yet."""
    REORGED = "reorged"
    """Its block was reorganised away; it is sent again."""
    INCLUDED = "included"
    """A block includes it, and its evidence is kept."""
    SAFE = "safe"
    """Its block is safe: not reorganised if most validators are honest and the network works."""
    FINALIZED = "finalized"
    """Its block is final."""
    STALLED = "stalled"
    """A block includes it, but is not final for longer than the policy bears."""
    REPLACED = "replaced"
    """Given up: the anchor of a greater size, or another transaction, took its place."""
    FAILED = "failed"
    """Given up: the contract refused it."""


@dataclass(frozen=True, slots=True)
class AnchorStanding:
    """One anchor, recorded, on its way, or given up."""

    chain_id: ChainId
    """EIP-155 chain id."""
    size: int
    """Anchored size."""
    state: StandingState
    """How it stands."""
    since: Seconds
    """When it was recorded in its block, or signed or sent again while no block includes it."""
    transaction_hash: TransactionHash
    """Its transaction, 32 bytes."""
    block_number: int | None = None
    """Its block, None while no block includes it."""
    gas_used: int | None = None
    """Gas it used, None while that is not known."""
    gas_price: Wei | None = None
    """What one gas cost, None while that is not known."""

    @property
    def cost(self) -> Wei | None:
        """What it cost, None while that is not known."""
        if self.gas_used is None or self.gas_price is None:
            return None
        return Wei(self.gas_used * self.gas_price)


class AnchorStandings(Protocol):
    """Where standings are read."""

    def standings(self, organisation: Slug) -> tuple[AnchorStanding, ...]:
        """Return recorded anchors and what was sent for other sizes, by size, then chain id, then time.

        Raises:
            NotFoundError: No such organisation.
        """
        ...


def standing_members(
    standing: AnchorStanding, *, name_of: Callable[[ChainId], str], now: Seconds
) -> dict[str, object]:
    """Return a standing as JSON: hashes in hexadecimal, prices in wei as decimal text.

    Args:
        standing: The anchor.
        name_of: Names a chain.
        now: Current time.
    """
    return {
        "network": name_of(standing.chain_id),
        "chainId": standing.chain_id,
        "size": standing.size,
        "state": standing.state,
        "ageSeconds": max(now - standing.since, 0),
        "transactionHash": f"0x{standing.transaction_hash.hex()}",
        "blockNumber": standing.block_number,
        "gasUsed": standing.gas_used,
        # Beyond 2**53 readers of doubles disagree.
        "gasPriceWei": None if standing.gas_price is None else str(standing.gas_price),
        "costWei": None if standing.cost is None else str(standing.cost),
    }


def age_text(seconds: int) -> str:
    """Return an age as people say it: in its largest unit, rounded down.

    Args:
        seconds: 0 or more.
    """
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
