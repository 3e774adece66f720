"""The shape every use case shares: one command, one transaction, told again when repeated."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.domain.acts import SYSTEM, Act, MemberId, Slug
from backend.domain.authorship import check_made_by
from backend.domain.commitments import Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.errors import InvalidInputError, NotFoundError, RuleViolation
from backend.domain.instants import Instant, format_instant
from backend.domain.signing import statement_digest
from backend.domain.sources import SignatureOpening, Sources
from backend.domain.state import State
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as a client hands it in."""

    key: bytes
    """Address of a wallet, 20 bytes, or key of a passkey."""
    signature: bytes
    """65 bytes of a wallet, or the bytes of an assertion."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A member's signature of an act, as a client hands it in."""

    author: MemberId
    """Who acts."""
    issued_at: int
    """Claimed time of signature, seconds since the epoch."""
    signature: bytes
    """By a key in force of the author: 65 bytes of a wallet, or the bytes of an assertion."""


def perform(
    ports: Ports, slug: Slug, command: Command, action: Callable[[UnitOfWork, Instant], None]
) -> Recorded:
    """Run ``action`` in one transaction, unless the command was carried out before.

    Args:
        ports: The world.
        slug: The organisation.
        command: Key and body hash.
        action: Appends entries; given the unit and the time of the command. It may be run again, see
            ``ports.Work``.

    Raises:
        NotFoundError: No such organisation.
        ConflictError: The key was used with another body.
        GovernanceError: What ``action`` raises; nothing is written then.
    """
    return ports.ledgers.carry_out(
        slug, command, lambda unit: action(unit, format_instant(ports.clock.now()))
    )


def perform_in(
    unit: UnitOfWork, ports: Ports, command: Command, action: Callable[[UnitOfWork, Instant], None]
) -> Recorded:
    """Run ``action`` in a given unit, alone; otherwise as ``perform``."""
    with unit:
        earlier = unit.recorded(command)
        if earlier is not None:
            return earlier
        action(unit, format_instant(ports.clock.now()))
        return unit.commit(command)


def append_signed(
    unit: UnitOfWork,
    ports: Ports,
    data: Act,
    *,
    at: Instant,
    author: str,
    issued_at: int,
    signatures: Sequence[Signed],
) -> int:
    """Append an act with salted commitments to its signatures; returns its index.

    Raises:
        GovernanceError: The rule it breaks.
    """
    openings = tuple(
        SignatureOpening(signed.key, signed.signature, ports.randomness.salt())
        for signed in signatures
    )
    commitments = tuple(
        commit(Tag.SIGNATURE, salt=opening.salt, payload=opening.key + opening.signature)
        for opening in openings
    )
    entry = Entry(at, author, data, Proof(commitments, issued_at))
    return unit.append(entry, signatures=openings)


def append_by_member(
    unit: UnitOfWork, ports: Ports, data: Act, statement: Statement, *, at: Instant
) -> int:
    """Append an act signed by a member with a key of theirs; returns its index.

    Raises:
        NotFoundError: No such member, or none of their keys is held.
        GovernanceError: The rule it breaks.
    """
    return append_signed(
        unit,
        ports,
        data,
        at=at,
        author=statement.author,
        issued_at=statement.issued_at,
        signatures=[signed_by_author(unit.state, unit.sources, data, statement)],
    )


def signed_by(
    state: State,
    sources: Sources,
    member: MemberId,
    signature: bytes,
    digest: Callable[[], bytes],
) -> Signed:
    """Find which key of a member made a signature.

    Args:
        state: Before the act; it knows the keys in force.
        sources: Where they are opened.
        member: Who says to have signed.
        signature: 65 bytes of a wallet, or the bytes of an assertion.
        digest: Makes what was to be signed, 32 bytes; only asked where there are several keys.

    Returns:
        The signature with the key that made it; with one of the right kind where none did, for the rules
        to refuse in their words.

    Raises:
        NotFoundError: No such member, or none of their keys is held.
    """
    openings = map(sources.key, state.member(member).keys)
    held = [opening.key for opening in openings if opening is not None]
    if not held:
        raise NotFoundError("key", member)
    if len(held) == 1:
        return Signed(held[0], signature)
    of_its_kind = []
    for key in held:
        try:
            check_made_by(state.founded(), digest(), key=key, signature=signature)
        except RuleViolation:
            of_its_kind.append(key)
        except InvalidInputError:
            continue
        else:
            return Signed(key, signature)
    return Signed((of_its_kind or held)[0], signature)


def signed_by_author(state: State, sources: Sources, data: Act, statement: Statement) -> Signed:
    """Find which key of its author made a statement; see ``signed_by``.

    Raises:
        NotFoundError: No such member, or none of their keys is held.
    """

    def digest() -> bytes:
        return statement_digest(
            state.founded(), author=statement.author, data=data, issued_at=statement.issued_at
        )

    return signed_by(state, sources, statement.author, statement.signature, digest)


def signed_action(
    ports: Ports, data: Act, statement: Statement, *, documents: Sequence[bytes] = ()
) -> Callable[[UnitOfWork, Instant], None]:
    """Return the action that stores documents and appends one act signed by a member."""

    def action(unit: UnitOfWork, at: Instant) -> None:
        for document in documents:
            unit.put_document(document)
        append_by_member(unit, ports, data, statement, at=at)

    return action


def append_derived(unit: UnitOfWork, data: Act, *, at: Instant) -> int:
    """Append an act that follows from the rules; returns its index.

    Raises:
        GovernanceError: It does not follow.
    """
    return unit.append(Entry(at, SYSTEM, data))


def command_of(key: str, body: bytes) -> Command:
    """Return the command for an idempotency key and the canonical bytes of what was asked."""
    return Command(key, hashlib.sha256(body).hexdigest())
