"""Foundings that are being prepared, in the database."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from sqlmodel import Session, col, delete, select, update

from backend.domain.acts import MemberId, Slug
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.instants import format_instant
from backend.services.founding_drafts import Draft, Founder, Invited, Plan
from backend.services.members import Application
from backend.services.posting import Recipient
from backend.storage.database import Database
from backend.storage.founding_tables import FounderRow, FoundingDraftRow
from backend.storage.sealing import Sealer

_PLANS: Final = msgspec.json.Decoder(Plan)
_APPLICATIONS: Final = msgspec.json.Decoder(Application)


class SqlFoundingDrafts:
    """Implements ``Drafts``. What founders told of themselves is sealed.

    Args:
        database: Where they are.
        sealer: Seals what founders told.
        forget: Destroys the letters to an invitation.
    """

    def __init__(
        self, database: Database, sealer: Sealer, forget: Callable[[Slug, MemberId], object]
    ) -> None:
        self._database: Final = database
        self._sealer: Final = sealer
        self._forget: Final = forget
        self.destroyed: Final = threading.Event()
        """Set when something was destroyed; whoever scrubs the files of the database clears it."""

    def keep(self, draft: Draft, *, now: datetime) -> None:
        """Keep a new draft.

        Raises:
            ConflictError: ``founding.drafted``: another draft of the same organisation is not over.
        """
        slug = draft.plan.slug
        for expired in self.expired(now):
            self.destroy(expired)
        with self._database.writing() as session:
            earlier = session.get(FoundingDraftRow, slug)
            if earlier is not None:
                raise ConflictError(
                    "founding.drafted", expected="one draft at a time", found=earlier.draft
                )
            session.add(
                FoundingDraftRow(
                    organisation=slug,
                    draft=draft.id,
                    content=msgspec.json.encode(draft.plan).decode(),
                    expires_at=draft.expires_at,
                )
            )
            session.flush()
            for place, founder in enumerate(draft.founders):
                session.add(self._founder_row(draft, place, founder))

    def one(self, draft: str, *, now: datetime) -> Draft:
        """Return a draft.

        Raises:
            NotFoundError: ``founding_draft``: there is none with this id, or it is over.
        """
        with self._database.reading() as session:
            found = self._draft(session, draft)
        if found.expires_at <= format_instant(now):
            raise NotFoundError("founding_draft", draft)
        return found

    def keep_application(self, draft: str, place: int, application: Application) -> None:
        """Keep what a founder handed in.

        Raises:
            ConflictError: ``founding.enrolled``: they handed in something else before.
            NotFoundError: ``founding_draft``: it is over.
        """
        with self._database.writing() as session:
            before = self._draft(session, draft)
            founder = before.founders[place]
            if founder.application == application:
                return
            if founder.application is not None:
                raise ConflictError(
                    "founding.enrolled", expected="one key for each link", found="another one"
                )
            row = session.get_one(FounderRow, (before.plan.slug, place))
            text = msgspec.json.encode(application).decode()
            row.application = self._sealer.seal(text, bound=f"{draft}/{place}/application")
            session.add(row)

    def open_signing(self, draft: str, *, before: int | None, issued_at: int) -> None:
        """Open the signing, without the signatures of an earlier one, unless it is not ``before`` any more.

        Raises:
            NotFoundError: ``founding_draft``: it is over.
        """
        with self._database.writing() as session:
            row = _row(session, draft)
            if row.issued_at != before:
                return
            row.issued_at = issued_at
            session.add(row)
            session.exec(
                update(FounderRow)
                .where(col(FounderRow.organisation) == row.organisation)
                .values(signature=None)
            )

    def keep_signature(self, draft: str, place: int, signature: bytes, *, issued_at: int) -> Draft:
        """Keep a signature and return the draft right after it.

        Raises:
            ConflictError: ``founding.signing_over``: the signing was opened again meanwhile.
            NotFoundError: ``founding_draft``: it is over.
        """
        with self._database.writing() as session:
            row = _row(session, draft)
            if row.issued_at != issued_at:
                raise ConflictError(
                    "founding.signing_over",
                    expected="a signing that is open",
                    found="none, or another one",
                )
            founder = session.get_one(FounderRow, (row.organisation, place))
            founder.signature = signature
            session.add(founder)
            session.flush()
            return self._draft(session, draft)

    def destroy(self, draft: str) -> None:
        """Destroy a draft, the letters to its founders with it; harmless to repeat."""
        with self._database.reading() as session:
            try:
                row = _row(session, draft)
            except NotFoundError:
                return
            query = select(FounderRow.invitation).where(
                col(FounderRow.organisation) == row.organisation
            )
            invitations = session.exec(query).all()
        # Letters first: without the draft nobody would find them again.
        for invitation in invitations:
            self._forget(row.organisation, invitation)
        with self._database.writing() as session:
            self._database.overwrite_deleted(session)
            drafts = select(FoundingDraftRow.organisation).where(
                col(FoundingDraftRow.draft) == draft
            )
            session.exec(delete(FounderRow).where(col(FounderRow.organisation).in_(drafts)))
            session.exec(delete(FoundingDraftRow).where(col(FoundingDraftRow.draft) == draft))
        self.destroyed.set()

    def expired(self, now: datetime) -> tuple[str, ...]:
        """Return drafts whose time is over."""
        query = select(FoundingDraftRow.draft).where(
            col(FoundingDraftRow.expires_at) <= format_instant(now)
        )
        with self._database.reading() as session:
            return tuple(session.exec(query))

    def recipient(self, slug: Slug, invitation: MemberId) -> Recipient | None:
        """Return whom an invitation goes to; None where there is none."""
        with self._database.reading() as session:
            row = session.get(FoundingDraftRow, slug)
            if row is None:
                return None
            draft = self._draft(session, row.draft)
        for founder in draft.founders:
            if founder.invitation == invitation:
                plan = draft.plan
                return Recipient(founder.invited.email, None, plan.name, plan.language)
        return None

    def _founder_row(self, draft: Draft, place: int, founder: Founder) -> FounderRow:
        invited, bound = founder.invited, f"{draft.id}/{place}"
        email = invited.email
        return FounderRow(
            organisation=draft.plan.slug,
            place=place,
            invitation=founder.invitation,
            token_hash=founder.token_hash,
            label=self._sealer.seal(invited.label, bound=f"{bound}/label"),
            member_class=invited.member_class,
            email=None if email is None else self._sealer.seal(email, bound=f"{bound}/email"),
        )

    def _draft(self, session: Session, draft: str) -> Draft:
        row = _row(session, draft)
        query = (
            select(FounderRow)
            .where(col(FounderRow.organisation) == row.organisation)
            .order_by(col(FounderRow.place))
        )
        founders = tuple(self._founder(draft, each) for each in session.exec(query))
        return Draft(draft, _PLANS.decode(row.content), row.expires_at, founders, row.issued_at)

    def _founder(self, draft: str, row: FounderRow) -> Founder:
        bound = f"{draft}/{row.place}"
        email = row.email and self._opened(row.email, draft, f"{bound}/email")
        application = row.application and self._opened(
            row.application, draft, f"{bound}/application"
        )
        label = self._opened(row.label, draft, f"{bound}/label")
        return Founder(
            Invited(label, row.member_class, email),
            row.invitation,
            row.token_hash,
            None if application is None else _APPLICATIONS.decode(application),
            row.signature,
        )

    def _opened(self, sealed: str, draft: str, bound: str) -> str:
        text = self._sealer.open(sealed, bound=bound)
        if text is None:
            # Under another key nobody can go on with it: it is as good as over.
            raise NotFoundError("founding_draft", draft)
        return text


def _row(session: Session, draft: str) -> FoundingDraftRow:
    query = select(FoundingDraftRow).where(col(FoundingDraftRow.draft) == draft)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFoundError("founding_draft", draft)
    return row
