"""Identity hashes and candidates in the database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

import sqlalchemy
from sqlalchemy import bindparam, tuple_
from sqlmodel import Session, col, delete, select

from backend.domain.acts import MemberId, Slug
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.identity.attributes import Facts
from backend.domain.identity.resemblance import Reason
from backend.domain.instants import Instant
from backend.services.duplicates import Candidate, Duplicate, Verdict
from backend.services.identity import IdentityDigest
from backend.storage.database import Database
from backend.storage.identity_tables import DuplicateCandidateRow, IdentityHashRow
from backend.storage.persons import SealedPersons
from backend.storage.rolls import SessionOpener
from backend.storage.statements import Row, insert_rows
from backend.storage.tables import Table

_AT_ONCE: Final = 500
"""Values named by one statement: SQLite takes 32,766 parameters, older builds 999."""

_HASHES = Table.metadata.tables["identity_hash"]
_HOLDERS: Final = (
    sqlalchemy.select(_HASHES.c.digest, _HASHES.c.member)
    .where(
        _HASHES.c.organisation == bindparam("ledger"),
        _HASHES.c.digest.in_(bindparam("sought", expanding=True)),
    )
    .order_by(_HASHES.c.member)
)


class SqlIdentityIndex:
    """Implements ``IdentityIndex``.

    Args:
        organisation: The organisation.
        opening: Session of every question.
        persons: Reads what is sealed.
    """

    def __init__(self, organisation: Slug, opening: SessionOpener, persons: SealedPersons) -> None:
        self._organisation: Final = organisation
        self._opening: Final = opening
        self._persons: Final = persons

    def holders(self, digests: Collection[bytes]) -> Mapping[bytes, tuple[MemberId, ...]]:
        """Return who holds each digest, by pseudonym; digests that nobody holds are left out."""
        sought, found = list(digests), dict[bytes, tuple[MemberId, ...]]()
        with self._opening() as session:
            for start in range(0, len(sought), _AT_ONCE):
                some = sought[start : start + _AT_ONCE]
                place = {"ledger": self._organisation, "sought": some}
                for digest, member in session.connection().execute(_HOLDERS, place):
                    found[digest] = (*found.get(digest, ()), member)
        return found

    def facts(self, members: Collection[MemberId]) -> Mapping[MemberId, Facts]:
        """Return the facts behind pseudonyms; those erased are left out."""
        with self._opening() as session:
            return self._persons.facts_of(session, self._organisation, list(members))


class SqlDuplicates:
    """Implements ``Duplicates``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def page(self, slug: Slug, after: str, limit: int, *, undecided: bool) -> Sequence[Duplicate]:
        """Return candidates by id."""
        row = DuplicateCandidateRow
        first, _, second = after.partition("-")
        query = (
            select(row)
            .where(
                row.organisation == slug,
                tuple_(col(row.member), col(row.other)) > tuple_(first, second),
            )
            .order_by(col(row.member), col(row.other))
            .limit(limit)
        )
        if undecided:
            query = query.where(col(row.verdict).is_(None))
        with self._database.reading() as session:
            return [_duplicate(each) for each in session.exec(query)]

    def decide(
        self, slug: Slug, duplicate: str, verdict: Verdict, *, by: MemberId, at: Instant
    ) -> Duplicate:
        """Keep a decision; repeating it is harmless and changes neither its author nor its time.

        Raises:
            NotFoundError: No such pair.
            ConflictError: It was decided otherwise.
        """
        member, _, other = duplicate.partition("-")
        with self._database.writing() as session:
            row = session.get(DuplicateCandidateRow, (slug, member, other))
            if row is None:
                raise NotFoundError("duplicate", duplicate)
            if row.verdict not in (None, verdict):
                raise ConflictError(
                    "duplicate.decided", expected="no other decision", found=str(row.verdict)
                )
            if row.verdict is None:
                row.verdict, row.decided_by, row.decided_at = verdict, by, at
            return _duplicate(row)


def keep_digests(
    session: Session, organisation: Slug, member: MemberId, digests: Sequence[IdentityDigest]
) -> None:
    """Keep the hashes of what somebody declared, in place of those kept before."""
    row = IdentityHashRow
    session.exec(
        delete(row).where(
            col(row.organisation) == organisation,
            col(row.member) == member,
            # What a provider said is not declared.
            col(row.kind) != "electronic_identity",
        )
    )
    add_digests(session, organisation, {member: digests})


def add_digests(
    session: Session,
    organisation: Slug,
    digests: Mapping[MemberId, Sequence[IdentityDigest]],
) -> None:
    """Keep hashes of people who have none of them yet."""
    rows: list[Row] = [
        {"organisation": organisation, "member": member, "kind": each.kind, "digest": each.digest}
        for member, own in digests.items()
        for each in own
    ]
    insert_rows(session.connection(), IdentityHashRow, rows)


def keep_candidates(
    session: Session, organisation: Slug, candidates: Sequence[Candidate], at: Instant
) -> None:
    """Keep candidates that are not kept yet; what was decided of others stays."""
    row = DuplicateCandidateRow
    newcomers = {each.member for each in candidates}
    query = select(row.member, row.other).where(
        row.organisation == organisation, col(row.member).in_(newcomers)
    )
    # More newcomers than one statement names come by an import, whose pseudonyms are new.
    known = set(session.exec(query)) if 0 < len(newcomers) <= _AT_ONCE else set()
    rows: list[Row] = [
        {
            "organisation": organisation,
            "member": each.member,
            "other": each.other,
            "reasons": " ".join(each.reasons),
            "edits": each.edits,
            "found_at": at,
            "verdict": None,
            "decided_by": None,
            "decided_at": None,
        }
        for each in candidates
        if (each.member, each.other) not in known
    ]
    insert_rows(session.connection(), DuplicateCandidateRow, rows)


def same_identity(session: Session, organisation: Slug, member: MemberId) -> tuple[MemberId, ...]:
    """Return the earlier records of which nobody has decided that they are of someone else, ascending."""
    row = DuplicateCandidateRow
    query = (
        select(row.other)
        .where(
            row.organisation == organisation,
            row.member == member,
            col(row.verdict).is_distinct_from("different"),
        )
        .order_by(col(row.other))
    )
    return tuple(session.exec(query))


def _duplicate(row: DuplicateCandidateRow) -> Duplicate:
    reasons = cast("tuple[Reason, ...]", tuple(row.reasons.split()))
    verdict = cast("Verdict | None", row.verdict)
    return Duplicate(
        Candidate(row.member, row.other, reasons, row.edits),
        row.found_at,
        verdict,
        row.decided_by,
        row.decided_at,
    )
