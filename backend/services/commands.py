"""The shape every use case shares: one command, one transaction, told again when repeated."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.domain.acts import SYSTEM, Act, MemberId, Slug
from backend.domain.authorship import signed_digest
from backend.domain.commitments import Tag, commit
from backend.domain.contract_accounts import ContractAccount, is_contract_account
from backend.domain.entry import Entry, Proof
from backend.domain.errors import NotFoundError
from backend.domain.instants import Instant, format_instant
from backend.domain.sources import SignatureOpening
from backend.services.contract_accounts import Confirmation, Unconfirmed, confirming
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as a client hands it in."""

    key: bytes
    """Address of a wallet, 20 bytes, key of a passkey, or contract account."""
    signature: bytes
    """65 bytes of a wallet, the bytes of an assertion, or what a contract account is to be asked about."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A member's signature of an act, as a client hands it in."""

    author: MemberId
    """Who acts."""
    issued_at: int
    """Claimed time of signature, seconds since the epoch."""
    signature: bytes
    """By the key bound to the author; see ``Signed``."""


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
        GovernanceError: What ``action`` raises, or the chain of a contract account; nothing is written then.
    """

    def attempt(confirmed: tuple[Confirmation, ...]) -> Recorded:
        def work(unit: UnitOfWork) -> None:
            unit.confirm(confirmed)
            action(unit, format_instant(ports.clock.now()))

        return ports.ledgers.carry_out(slug, command, work)

    return confirming(ports.contract_accounts, attempt)


def perform_in(
    unit: UnitOfWork, ports: Ports, command: Command, action: Callable[[UnitOfWork, Instant], None]
) -> Recorded:
    """Run ``action`` in a given unit, alone; otherwise as ``perform``."""

    def attempt(confirmed: tuple[Confirmation, ...]) -> Recorded:
        with unit:
            earlier = unit.recorded(command)
            if earlier is not None:
                return earlier
            unit.confirm(confirmed)
            action(unit, format_instant(ports.clock.now()))
            return unit.commit(command)

    return confirming(ports.contract_accounts, attempt)


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
        UnconfirmedError: A contract account has to be asked about a signature first.
        GovernanceError: The rule it breaks.
    """
    openings = tuple(
        SignatureOpening(
            signed.key,
            _kept(unit, data, signed, author=author, issued_at=issued_at),
            ports.randomness.salt(),
        )
        for signed in signatures
    )
    commitments = tuple(
        commit(Tag.SIGNATURE, salt=opening.salt, payload=opening.key + opening.signature)
        for opening in openings
    )
    entry = Entry(at, author, data, Proof(commitments, issued_at))
    return unit.append(entry, signatures=openings)


def _kept(unit: UnitOfWork, data: Act, signed: Signed, *, author: str, issued_at: int) -> bytes:
    """Return what is kept of a signature: a contract account's with the block where it was confirmed."""
    if not is_contract_account(signed.key):
        return signed.signature
    digest = signed_digest(unit.state, data, author=author, issued_at=issued_at)
    account = ContractAccount.from_bytes(signed.key)
    return unit.confirmed(Unconfirmed(account, digest, signed.signature)).to_bytes()


def append_by_member(
    unit: UnitOfWork, ports: Ports, data: Act, statement: Statement, *, at: Instant
) -> int:
    """Append an act signed by a member with the key bound to them; returns its index.

    Raises:
        NotFoundError: No such member.
        GovernanceError: The rule it breaks.
    """
    key = unit.sources.key(unit.state.member(statement.author).id)
    if key is None:
        raise NotFoundError("key", statement.author)
    return append_signed(
        unit,
        ports,
        data,
        at=at,
        author=statement.author,
        issued_at=statement.issued_at,
        signatures=[Signed(key.key, statement.signature)],
    )


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
