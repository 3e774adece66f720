"""The rights of persons over their data: to see it, to take it away, to correct it, to have it destroyed.

Source: Regulation (EU) 2016/679, articles 7, 15, 16, 17 and 20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import FactsRectified, MemberId, PersonErased, Slug
from backend.domain.commitments import Tag, commit
from backend.domain.erasure import check_erasable, keep_days, kept_until, subject_of
from backend.domain.errors import GovernanceError
from backend.domain.instants import Instant
from backend.domain.signing import statement_digest
from backend.domain.state import State
from backend.services.commands import (
    Statement,
    append_by_member,
    append_derived,
    append_signed,
    command_of,
    perform,
    signed_by,
)
from backend.services.identity import declaration_payload
from backend.services.members import Facts, keep_facts
from backend.services.ports import Command, Ports, Recorded, UnitOfWork
from backend.services.private_data import PrivateData
from backend.services.views import Reads

ErasureOnDemand = Literal["request", "order"]
"""Why officers erase someone."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What two officers sign to have someone erased."""

    member: MemberId
    """Who is erased."""
    cause: ErasureOnDemand
    """Why."""
    salt: bytes
    """32 random bytes that bind the signatures to that person; kept by nobody."""
    second: MemberId
    """The officer who signs besides the author."""

    def act(self) -> PersonErased:
        """Return what the ledger will know.

        Raises:
            InvalidInputError: The salt is not 32 bytes.
        """
        return PersonErased(self.cause, self.second, subject_of(self.member, salt=self.salt))


@dataclass(frozen=True, slots=True)
class Rectification:
    """A new declaration; the salt is the member's own."""

    member: MemberId
    """Who declares."""
    facts: Mapping[str, str]
    """Declared facts; see ``identity_hash``."""
    salt: bytes
    """32 bytes."""

    def act(self) -> FactsRectified:
        """Return what the ledger will know.

        Raises:
            InvalidInputError: The salt is not 32 bytes.
            MalformedError: The facts are no text.
        """
        payload = declaration_payload(self.facts, {})
        return FactsRectified(self.member, commit(Tag.PERSON, salt=self.salt, payload=payload))


def erase(
    ports: Ports,
    private: PrivateData,
    slug: Slug,
    command: Command,
    erasure: Erasure,
    *,
    signatures: tuple[Statement, Statement],
) -> Recorded:
    """Destroy what lies beside the ledger about someone who left, signed by two officers.

    Entry and destruction are one transaction. What is left of it in files is overwritten before this
    returns; where that fails the error says so, and the same command finishes it.

    Args:
        ports: The world.
        private: What is destroyed.
        slug: The organisation.
        command: Key and body hash.
        erasure: Who, and why.
        signatures: Of the author, whose time of signature holds for both, and of the second officer.

    Raises:
        NotFoundError: ``person.unknown``: nothing is kept about them; or an officer has no key here.
        GovernanceError: What forbids it.
        UnavailableError: It is erased, and files may still hold it.
    """
    data = erasure.act()
    author, issued_at = signatures[0].author, signatures[0].issued_at

    def action(unit: UnitOfWork, at: Instant) -> None:
        state, sources = unit.state, unit.sources
        check_erasable(state, erasure.member, erasure.cause, at)

        def digest() -> bytes:
            return statement_digest(state.founded(), author=author, data=data, issued_at=issued_at)

        signed = [
            signed_by(state, sources, each.author, each.signature, digest, confirmed=unit.confirmed)
            for each in signatures
        ]
        append_signed(
            unit, ports, data, at=at, author=author, issued_at=issued_at, signatures=signed
        )
        unit.erase_person(erasure.member)

    recorded = perform(ports, slug, command, action)
    private.settle_erasures()
    return recorded


def due_erasures(
    reads: Reads, private: PrivateData, slug: Slug, now: Instant
) -> tuple[MemberId, ...]:
    """Return former members whose data the statutes let be kept no longer, by pseudonym.

    Args:
        reads: Committed facts.
        private: What is kept.
        slug: The organisation.
        now: The time.

    Raises:
        NotFoundError: No such organisation.
    """
    state = reads.state(slug)
    if keep_days(state) is None:
        return ()
    left = [each.id for each in state.members.values() if each.status not in ("applied", "active")]
    return tuple(
        member
        for member in private.declared(slug, left)
        if _is_due(state, member, reads.member(slug, member).since, now)
    )


def _is_due(state: State, member: MemberId, left_at: Instant, now: Instant) -> bool:
    last = kept_until(state, left_at)
    if last is None or state.day_of(now) <= last:
        return False
    try:
        check_erasable(state, member, "retention", now)
    except GovernanceError:
        # A vote or a contest holds it up; it is due again when that is over.
        return False
    return True


def erase_due(ports: Ports, slug: Slug, member: MemberId) -> Recorded:
    """Destroy what lies beside the ledger about a former member, as the statutes say; see ``erase``.

    ``PrivateData.settle_erasures`` must follow.

    Raises:
        GovernanceError: What forbids it.
    """
    # The key of a command stays in the database: it must not tell who was erased.
    name = ports.randomness.salt().hex()

    def action(unit: UnitOfWork, at: Instant) -> None:
        check_erasable(unit.state, member, "retention", at)
        append_derived(unit, PersonErased("retention"), at=at)
        unit.erase_person(member)

    return perform(ports, slug, command_of(f"erase/{name}", name.encode()), action)


def rectify(
    ports: Ports, slug: Slug, command: Command, rectification: Rectification, statement: Statement
) -> Recorded:
    """Replace what someone declared; the commitment to the declaration before stays in the ledger.

    Raises:
        GovernanceError: What forbids it.
    """
    facts, member = rectification.facts, rectification.member

    def action(unit: UnitOfWork, at: Instant) -> None:
        found = unit.state.member(member)
        persons = unit.state.in_force().rulebook.voting_right(found.member_class).persons
        append_by_member(unit, ports, rectification.act(), statement, at=at)
        declared = Facts(facts, rectification.salt)
        keep_facts(unit, ports, slug, declared, persons, member=member, at=at)

    return perform(ports, slug, command, action)
