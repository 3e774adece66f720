"""Ledger, clock, accounts and embedded chains that the chain tests share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.signer_local import LocalSigner
from anchoring.core.types import Address, Head, RootHash, TreeSize
from tests.support.merkle_oracle import mth

FAUCET: LocalAccount = Account.from_key(b"\x01" * 32)
"""Funds publishers and deploys the contract."""

PUBLISHER: LocalAccount = Account.from_key(b"\x02" * 32)
"""Anchors."""

OTHER_PUBLISHER: LocalAccount = Account.from_key(b"\x03" * 32)
"""Anchors another ledger."""

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""Where every test clock starts."""


@dataclass(slots=True)
class FixedClock:
    """A clock that moves only when told."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: int = 0, *, milliseconds: int = 0) -> None:
        self.time += timedelta(seconds=seconds, milliseconds=milliseconds)


@dataclass(slots=True)
class ListLedger:
    """Implements ports.LedgerHeads over entries in a list, roots by the literal oracle."""

    entries: list[bytes] = field(default_factory=list)

    def append(self, count: int = 1) -> None:
        size = len(self.entries)
        self.entries.extend(b"entry %d" % n for n in range(size, size + count))

    def head(self) -> Head:
        return Head(TreeSize(len(self.entries)), self.root_at(TreeSize(len(self.entries))))

    def root_at(self, size: TreeSize) -> RootHash:
        return RootHash(mth(self.entries[:size]))


def head_of(size: int) -> Head:
    """Head of the ledger of ``size`` numbered entries."""
    ledger = ListLedger()
    ledger.append(size)
    return ledger.head()


def address_of(account: LocalAccount) -> Address:
    return Address(bytes.fromhex(account.address[2:]))


def open_embedded(path: Path, clock: FixedClock | None = None) -> EmbeddedChain:
    return EmbeddedChain(path, clock=clock or FixedClock(), faucet=FAUCET)


def publish_on(embedded: EmbeddedChain, account: LocalAccount = PUBLISHER) -> Web3Chain:
    """The registry on that chain, seen by a funded publisher."""
    location = embedded.deploy_registry()
    embedded.fund(address_of(account))
    return Web3Chain(embedded.provider(), signer=LocalSigner(account), location=location)
