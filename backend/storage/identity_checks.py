"""Checks of electronic identity in the database."""

import hashlib
from collections.abc import Sequence
from typing import Final, cast

from sqlmodel import col, delete, select

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import Instant
from backend.services.duplicates import Candidate
from backend.services.identity import IdentityDigest
from backend.services.identity_checks import Attempt, IdentityAssurance, IdentityCheck
from backend.storage.database import Database
from backend.storage.identities import keep_candidates
from backend.storage.identity_tables import (
    IdentityAttemptRow,
    IdentityCheckRow,
    IdentityHashRow,
)
from backend.storage.persons import SealedPersons
from backend.storage.vault import Vault


class SqlIdentityChecks:
    """Implements ``IdentityChecks``.

    Args:
        database: Where they are.
        vault: Opens what is sealed.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database: Final = database
        self._persons: Final = SealedPersons(vault)

    def begin(self, state: str, attempt: Attempt, *, now: Instant) -> None:
        """Keep an attempt under the hash of its state, and drop those that are over."""
        over = delete(IdentityAttemptRow).where(col(IdentityAttemptRow.ends_at) < now)
        with self._database.writing() as session:
            session.exec(over)
            session.add(
                IdentityAttemptRow(
                    state=_hash(state),
                    organisation=attempt.organisation,
                    member=attempt.member,
                    provider=attempt.provider,
                    browser=attempt.browser,
                    nonce=attempt.nonce,
                    verifier=attempt.verifier,
                    ends_at=attempt.ends_at,
                )
            )

    def take(self, state: str) -> Attempt | None:
        """Return and forget an attempt, so that it is used once; None where there is none."""
        with self._database.writing() as session:
            # The provider does not hand back the organisation; 256 random bits are of one only.
            query = select(IdentityAttemptRow).where(IdentityAttemptRow.state == _hash(state))
            row = session.exec(query).one_or_none()
            if row is None:
                return None
            session.delete(row)
            return Attempt(
                row.organisation,
                row.member,
                row.provider,
                row.browser,
                row.nonce,
                row.verifier,
                row.ends_at,
            )

    def keep(
        self,
        slug: Slug,
        member: MemberId,
        check: IdentityCheck,
        digests: Sequence[IdentityDigest],
    ) -> None:
        """Keep a check in place of an earlier one by that provider, with its hash."""
        with self._database.writing() as session:
            session.merge(
                IdentityCheckRow(
                    organisation=slug,
                    member=member,
                    provider=check.provider,
                    assurance=check.assurance,
                    agrees=check.agrees,
                    checked_at=check.checked_at,
                )
            )
            for each in digests:
                session.merge(
                    IdentityHashRow(
                        organisation=slug, member=member, kind=each.kind, digest=each.digest
                    )
                )

    def keep_candidates(self, slug: Slug, candidates: Sequence[Candidate], *, at: Instant) -> None:
        """Keep whom a check found; what was decided of candidates kept before stays."""
        with self._database.writing() as session:
            keep_candidates(session, slug, candidates, at)

    def of(self, slug: Slug, member: MemberId) -> Sequence[IdentityCheck]:
        """Return the checks of somebody, by provider."""
        row = IdentityCheckRow
        query = (
            select(row)
            .where(row.organisation == slug, row.member == member)
            .order_by(col(row.provider))
        )
        with self._database.reading() as session:
            return [
                IdentityCheck(
                    each.provider,
                    cast("IdentityAssurance", each.assurance),
                    each.agrees,
                    each.checked_at,
                )
                for each in session.exec(query)
            ]

    def salt(self, slug: Slug, member: MemberId) -> bytes | None:
        """Return the salt of somebody's facts, None where there are none."""
        with self._database.reading() as session:
            return self._persons.salt(session, slug, member)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
