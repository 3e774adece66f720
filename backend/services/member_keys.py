"""The keys of members: what is recorded of them, and what is kept beside the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import (
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MemberId,
    RepresentativeNamed,
    Slug,
)
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.contract_accounts import is_contract_account
from backend.domain.errors import InvalidInputError
from backend.domain.instants import Instant
from backend.domain.passkeys import is_passkey
from backend.domain.signing import statement_digest
from backend.domain.sources import KeyOpening
from backend.services.acts import MemberSignature
from backend.services.commands import (
    Statement,
    append_signed,
    perform,
    signed_action,
    signed_by,
    signed_by_offered,
)
from backend.services.identity import declaration_payload
from backend.services.ports import Command, FactsOpening, Ports, Recorded, UnitOfWork
from backend.services.views import Reads

KeyKind = Literal["wallet", "passkey", "contract", "erased"]
"""What a key is of; ``erased`` where what opens the commitment was destroyed."""


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A key that is to be bound; the salt is drawn by whoever offers it."""

    key: bytes
    """Address of a wallet, 20 bytes, key of a passkey, or contract account."""
    salt: bytes
    """32 bytes."""

    def commitment(self) -> Hex32:
        """Return what the ledger will know.

        Raises:
            InvalidInputError: The salt is not 32 bytes.
        """
        return commit(Tag.KEY, salt=self.salt, payload=self.key)


@dataclass(frozen=True, slots=True)
class MemberKeyView:
    """A key in force, as shown to those who may know."""

    kind: KeyKind
    """What it is of."""
    commitment: Hex32
    """The commitment in the ledger."""
    entry: int
    """Index of the act that bound it."""


@dataclass(frozen=True, slots=True)
class KeyOffer:
    """An act that binds a key, with its signatures."""

    key: OfferedKey
    """The key."""
    key_signature: bytes
    """By it, over the act."""
    author: MemberId
    """Who acts."""
    issued_at: int
    """Claimed time of signature, seconds since the epoch."""
    signature: bytes
    """By a key in force of the author."""

    def by_author(self) -> MemberSignature:
        """Return the signature of the author."""
        return MemberSignature(self.author, self.signature)


def representative_commitment(opening: FactsOpening) -> Hex32:
    """Return the commitment to the facts that a representative declared.

    Raises:
        InvalidInputError: ``facts.missing``: no name; or the salt is not 32 bytes.
        MalformedError: The facts are no text.
    """
    if not opening.facts.get("name", "").strip():
        raise InvalidInputError("facts.missing", expected="name", found="name")
    return commit(Tag.PERSON, salt=opening.salt, payload=declaration_payload(opening.facts, {}))


def bind_key(ports: Ports, slug: Slug, command: Command, offer: KeyOffer) -> Recorded:
    """Record another key of a member, who is the author.

    Raises:
        GovernanceError: What forbids it.
    """
    data = KeyBound(offer.author, offer.key.commitment())
    return perform(ports, slug, command, _binding(ports, data, offer, (offer.by_author(), None)))


def revoke_key(
    ports: Ports, slug: Slug, command: Command, key: Hex32, statement: Statement
) -> Recorded:
    """Record that a key of the author is no longer in force; what opens it is kept, for earlier acts.

    Raises:
        GovernanceError: What forbids it.
    """
    data = KeyRevoked(statement.author, key)
    return perform(ports, slug, command, signed_action(ports, data, statement))


def enrol_key(
    ports: Ports, slug: Slug, command: Command, member: MemberId, offer: KeyOffer
) -> Recorded:
    """Record the first key of a member; the author keeps the registers.

    Raises:
        GovernanceError: What forbids it.
    """
    data = KeyEnrolled(member, offer.key.commitment())
    return perform(ports, slug, command, _binding(ports, data, offer, (None, offer.by_author())))


def recover_keys(
    ports: Ports,
    slug: Slug,
    command: Command,
    member: MemberId,
    offer: KeyOffer,
    *,
    second: MemberSignature,
) -> Recorded:
    """Record that one key replaces all of a member's; the author and the second keep the registers.

    Raises:
        GovernanceError: What forbids it.
    """
    data = KeysRecovered(member, offer.key.commitment(), second.member)
    signers = (offer.by_author(), second, None)
    return perform(ports, slug, command, _binding(ports, data, offer, signers))


def name_representative(
    ports: Ports, slug: Slug, command: Command, offer: KeyOffer, opening: FactsOpening
) -> Recorded:
    """Record who acts for an organisation, which is the author, and keep what they declared.

    Raises:
        GovernanceError: What forbids it.
        MalformedError: The facts are no text.
    """
    person = representative_commitment(opening)
    data = RepresentativeNamed(offer.author, offer.key.commitment(), person)

    bind = _binding(ports, data, offer, (offer.by_author(), None))

    def action(unit: UnitOfWork, at: Instant) -> None:
        bind(unit, at)
        unit.keep_representative(offer.author, opening)

    return perform(ports, slug, command, action)


def keys_of(reads: Reads, slug: Slug, member: MemberId) -> tuple[MemberKeyView, ...]:
    """Return the keys in force of a member, oldest first.

    Raises:
        NotFoundError: No such organisation or member.
    """
    state, sources = reads.state(slug), reads.sources(slug)
    return tuple(
        MemberKeyView(_kind(sources.key(key)), key, state.key_entries[key])
        for key in state.member(member).keys
    )


def _binding(
    ports: Ports,
    data: KeyBound | KeyEnrolled | KeysRecovered | RepresentativeNamed,
    offer: KeyOffer,
    signers: Sequence[MemberSignature | None],
) -> Callable[[UnitOfWork, Instant], None]:
    """Return the action that keeps a key and appends the act that binds it.

    Args:
        ports: The world.
        data: The act.
        offer: The key, with its signature.
        signers: Signatures in the order of the act; None stands for the one by the new key.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        def digest() -> bytes:
            return statement_digest(
                unit.state.founded(), author=offer.author, data=data, issued_at=offer.issued_at
            )

        by_key = signed_by_offered(
            unit.state, offer.key.key, offer.key_signature, digest, confirmed=unit.confirmed
        )
        unit.keep_key(data.member, KeyOpening(offer.key.key, offer.key.salt))
        append_signed(
            unit,
            ports,
            data,
            at=at,
            author=offer.author,
            issued_at=offer.issued_at,
            signatures=[
                by_key
                if each is None
                else signed_by(
                    unit.state,
                    unit.sources,
                    each.member,
                    each.signature,
                    digest,
                    confirmed=unit.confirmed,
                )
                for each in signers
            ],
        )

    return action


def _kind(opening: KeyOpening | None) -> KeyKind:
    if opening is None:
        return "erased"
    if is_contract_account(opening.key):
        return "contract"
    return "passkey" if is_passkey(opening.key) else "wallet"
