"""Changing the keys of a ledger: the one that signs its checkpoints, the accounts that anchor them."""

from collections.abc import Callable
from typing import Protocol

from anchoring.core.types import Address, ChainId
from backend.domain.acts import LogKeyRotated, LogKeyText, PublisherRotated, Slug
from backend.domain.errors import ConflictError
from backend.domain.instants import Instant
from backend.domain.publishers import address_of, address_text, rotations_on
from backend.domain.state import State
from backend.services.commands import Statement, perform, signed_action
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


class PublisherKeys(Protocol):
    """What a server knows of the accounts that anchor its ledgers."""

    def places(self) -> str:
        """Return in words the chains on which it anchors."""
        ...

    def before_any_act(self, slug: Slug, chain_id: ChainId) -> Address | None:
        """Return the account that anchors a ledger on a chain while the ledger names nobody, 20 bytes.

        Returns:
            That of the newest recorded anchor, its key lost or not, else the one of keys and settings;
            None where this server does not anchor on that chain.

        Raises:
            NotFoundError: No such organisation.
            AnchoringError: The account cannot be told.
        """
        ...

    def can_sign(self, slug: Slug, chain_id: ChainId, publisher: Address) -> bool:
        """Tell whether this server holds an account's key, or has a signer set for it there."""
        ...


def rotate_log_key(
    ports: Ports,
    slug: Slug,
    command: Command,
    log_key: LogKeyText,
    statement: Statement,
    *,
    holds: Callable[[Slug, LogKeyText], bool],
) -> Recorded:
    """Record that another key signs the checkpoints from this entry on.

    Args:
        ports: The world.
        slug: The organisation.
        command: Key and body hash.
        log_key: The new key.
        statement: Signature of someone who keeps the registers.
        holds: Tells whether this server holds the key.

    Raises:
        ConflictError: ``log_key.absent``: the server does not hold the key, and could never sign again.
        GovernanceError: What forbids it.
    """
    if not holds(slug, log_key):
        raise ConflictError(
            "log_key.absent", expected="a key that this server holds", found=log_key
        )
    return perform(ports, slug, command, signed_action(ports, LogKeyRotated(log_key), statement))


def rotate_publisher(
    ports: Ports,
    slug: Slug,
    command: Command,
    data: PublisherRotated,
    statement: Statement,
    *,
    publishers: PublisherKeys,
) -> Recorded:
    """Record that another account anchors on a chain from this entry on.

    Args:
        ports: The world.
        slug: The organisation.
        command: Key and body hash.
        data: The chain, the account before and the new one.
        statement: Signature of someone who keeps the registers.
        publishers: What this server knows of the accounts.

    Raises:
        ConflictError: ``publisher.chain``: this server does not anchor there; ``publisher.absent``: it could
            not sign for the new account; ``publisher.previous``: another account anchors there.
        GovernanceError: What forbids it.
    """
    append = signed_action(ports, data, statement)
    before = publishers.before_any_act(slug, ChainId(data.chain_id))

    def action(unit: UnitOfWork, at: Instant) -> None:
        _check_publisher(unit.state, slug, data, publishers, before=before)
        append(unit, at)

    return perform(ports, slug, command, action)


def _check_publisher(
    state: State,
    slug: Slug,
    data: PublisherRotated,
    publishers: PublisherKeys,
    *,
    before: Address | None,
) -> None:
    chain_id = ChainId(data.chain_id)
    if before is None:
        raise ConflictError(
            "publisher.chain", expected=publishers.places(), found=f"{data.chain_id}"
        )
    # What the ledger names, the rules compare.
    named = rotations_on(state.publisher_rotations, chain_id)
    if not named and before != address_of(data.previous):
        raise ConflictError(
            "publisher.previous", expected=address_text(before), found=data.previous
        )
    if not publishers.can_sign(slug, chain_id, address_of(data.publisher)):
        raise ConflictError(
            "publisher.absent", expected="an account that this server holds", found=data.publisher
        )
