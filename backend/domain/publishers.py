"""Who anchors a ledger on each chain: what the ledger itself says about it.

Who keeps the registers hands the anchoring on one chain from one account to another
(``publisher.rotated``). Anchors of sizes up to the index of that entry are the work of the account before,
greater ones of the new account.
Who anchors where no entry says so is for those who know it: a server by its keys, a verifier by its trust
file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anchoring.core.types import Address, ChainId, TreeSize
from backend.domain.acts import AddressHex


@dataclass(frozen=True, slots=True)
class PublisherRotation:
    """A change of the account that anchors on one chain."""

    entry: int
    """Index of the act: greatest size whose anchors are the work of the account before."""
    chain_id: int
    """EIP-155 chain id."""
    previous: AddressHex
    """The account before."""
    publisher: AddressHex
    """The new account."""


@dataclass(frozen=True, slots=True)
class Term:
    """Sizes whose anchors on one chain are the work of one account."""

    publisher: Address
    """The account, 20 bytes."""
    after: TreeSize
    """The sizes are greater than this; 0 for the first account."""
    until: TreeSize | None
    """And not greater than this; None for the account in use."""


def rotations_on(
    rotations: Sequence[PublisherRotation], chain_id: int
) -> tuple[PublisherRotation, ...]:
    """Return the changes on one chain, in their order."""
    return tuple(each for each in rotations if each.chain_id == chain_id)


def terms_on(rotations: Sequence[PublisherRotation], chain_id: ChainId) -> tuple[Term, ...]:
    """Return who anchors which sizes on a chain, oldest first; empty where the ledger names nobody."""
    found = rotations_on(rotations, chain_id)
    if not found:
        return ()
    accounts = [address_of(found[0].previous), *(address_of(each.publisher) for each in found)]
    bounds = [TreeSize(0), *(TreeSize(each.entry) for each in found)]
    return tuple(
        Term(account, after, until)
        for account, after, until in zip(accounts, bounds, [*bounds[1:], None], strict=True)
    )


def address_of(text: AddressHex) -> Address:
    """Return the 20 bytes of an account that an act names."""
    return Address(bytes.fromhex(text[2:]))


def address_text(address: Address) -> AddressHex:
    """Return an account as acts name it."""
    return f"0x{address.hex()}"
