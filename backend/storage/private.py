"""What lies beside a ledger: detached proofs, persons, rolls, secret choices; how the rules read them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final

import msgspec
from sqlmodel import Session, col, select

from anchoring.core.errors import UnavailableError
from anchoring.ports import DocumentStore
from backend.domain.acts import CidText, MemberId, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.sources import Elector, KeyOpening, SignatureOpening
from backend.services.ports import ChoiceOpening, PersonRecord
from backend.storage.private_tables import (
    BallotChoiceRow,
    MemberKeyRow,
    PersonRow,
    RollLineRow,
    RollRow,
    SignatureRow,
)

SessionOpener = Callable[[], AbstractContextManager[Session]]
"""Gives the session to ask; leaving it leaves the session to its owner."""


class SqlSources:
    """Implements ``Sources`` over documents and tables.

    Args:
        organisation: The ledger.
        documents: Where documents are.
        opening: Session of every question; what the session has not committed yet is seen too.
    """

    def __init__(
        self, organisation: Slug, documents: DocumentStore, opening: SessionOpener
    ) -> None:
        self._organisation: Final = organisation
        self._documents: Final = documents
        self._opening: Final = opening
        self._staged: tuple[int, tuple[SignatureOpening, ...]] | None = None

    def stage(self, index: int, signatures: tuple[SignatureOpening, ...]) -> None:
        """Answer with these signatures for an entry that is being checked and not written yet."""
        self._staged = (index, signatures)

    def document(self, cid: CidText) -> bytes:
        """Return a document.

        Raises:
            NotFoundError: The store does not give it.
        """
        try:
            return self._documents.get(cid)
        except UnavailableError as error:
            raise NotFoundError("document", cid) from error

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        """Return the openings of an entry's signatures, None if there are none."""
        if self._staged is not None and self._staged[0] == index:
            return self._staged[1] or None
        query = (
            select(SignatureRow)
            .where(SignatureRow.organisation == self._organisation, SignatureRow.index == index)
            .order_by(col(SignatureRow.position))
        )
        with self._opening() as session:
            rows = session.exec(query).all()
        return tuple(SignatureOpening(row.address, row.signature, row.salt) for row in rows) or None

    def key(self, member: MemberId) -> KeyOpening | None:
        """Return what opens a member's key commitment, None if erased."""
        with self._opening() as session:
            row = session.get(MemberKeyRow, (self._organisation, member))
        return None if row is None else KeyOpening(row.address, row.salt)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        """Return the roll of a decision, None if erased."""
        with self._opening() as session:
            row = session.get(RollRow, (self._organisation, decision))
        return None if row is None else SqlRoll(self._organisation, decision, self._opening)


class SqlRoll(Mapping[VoterId, Elector]):
    """A roll that is asked for one line far more often than for all: a ballot needs its voter only.

    Args:
        organisation: The ledger.
        decision: The decision.
        opening: Session of every question.
    """

    def __init__(self, organisation: Slug, decision: Hex32, opening: SessionOpener) -> None:
        self._organisation: Final = organisation
        self._decision: Final = decision
        self._opening: Final = opening
        self._lines: dict[VoterId, Elector] | None = None

    def __getitem__(self, voter: VoterId) -> Elector:
        if self._lines is not None:
            return self._lines[voter]
        with self._opening() as session:
            row = session.get(RollLineRow, (self._organisation, self._decision, voter))
        if row is None:
            raise KeyError(voter)
        return _elector(row)

    def __iter__(self) -> Iterator[VoterId]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[VoterId, Elector]:
        if self._lines is None:
            query = (
                select(RollLineRow)
                .where(
                    RollLineRow.organisation == self._organisation,
                    RollLineRow.decision == self._decision,
                )
                .order_by(col(RollLineRow.voter))
            )
            with self._opening() as session:
                self._lines = {row.voter: _elector(row) for row in session.exec(query)}
        return self._lines


def keep_key(session: Session, organisation: Slug, member: MemberId, opening: KeyOpening) -> None:
    """Keep what opens a member's key commitment, in place of what was kept before.

    Raises:
        ConflictError: ``key.in_use``: the key is another member's. The ledger cannot tell, since salts
            make the two commitments differ.
    """
    others = select(MemberKeyRow.member).where(
        MemberKeyRow.organisation == organisation,
        MemberKeyRow.address == opening.address,
        MemberKeyRow.member != member,
    )
    holder = session.exec(others).first()
    if holder is not None:
        raise ConflictError("key.in_use", expected="a key bound to nobody", found=holder)
    session.merge(
        MemberKeyRow(
            organisation=organisation, member=member, address=opening.address, salt=opening.salt
        )
    )


def keep_person(
    session: Session, organisation: Slug, member: MemberId, record: PersonRecord
) -> None:
    """Keep the facts behind a pseudonym, in place of what was kept before."""
    session.merge(
        PersonRow(
            organisation=organisation,
            member=member,
            facts=msgspec.json.encode(dict(record.facts), order="sorted").decode(),
            salt=record.salt,
            identity=record.identity,
        )
    )


def same_identity(session: Session, organisation: Slug, member: MemberId) -> tuple[MemberId, ...]:
    """Return the other pseudonyms behind which the same identity hash is kept, ascending."""
    row = session.get(PersonRow, (organisation, member))
    if row is None:
        return ()
    query = (
        select(PersonRow.member)
        .where(
            PersonRow.organisation == organisation,
            PersonRow.identity == row.identity,
            PersonRow.member != member,
        )
        .order_by(col(PersonRow.member))
    )
    return tuple(session.exec(query))


def keep_roll(
    session: Session, organisation: Slug, decision: Hex32, roll: Sequence[Elector]
) -> None:
    """Keep the roll of a decision."""
    session.add(RollRow(organisation=organisation, decision=decision))
    session.flush()
    session.add_all(
        RollLineRow(
            organisation=organisation,
            decision=decision,
            voter=elector.voter,
            member=elector.member,
            salt=elector.salt,
        )
        for elector in roll
    )


def elector_of(
    session: Session, organisation: Slug, decision: Hex32, member: MemberId
) -> Elector | None:
    """Return a member's line on the roll of a decision, None if there is none."""
    query = select(RollLineRow).where(
        RollLineRow.organisation == organisation,
        RollLineRow.decision == decision,
        RollLineRow.member == member,
    )
    row = session.exec(query).one_or_none()
    return None if row is None else _elector(row)


def keep_signatures(
    session: Session, organisation: Slug, index: int, openings: Sequence[SignatureOpening]
) -> None:
    """Keep the openings of an entry's signatures, in order."""
    session.add_all(
        SignatureRow(
            organisation=organisation,
            index=index,
            position=position,
            address=opening.address,
            signature=opening.signature,
            salt=opening.salt,
        )
        for position, opening in enumerate(openings)
    )


def keep_choice(session: Session, organisation: Slug, index: int, opening: ChoiceOpening) -> None:
    """Keep the opening of a ballot."""
    session.add(
        BallotChoiceRow(
            organisation=organisation, index=index, choice=opening.choice, salt=opening.salt
        )
    )


def choice(session: Session, organisation: Slug, index: int) -> ChoiceOpening:
    """Return the opening of a ballot.

    Raises:
        NotFoundError: None is kept.
    """
    row = session.get(BallotChoiceRow, (organisation, index))
    if row is None:
        raise NotFoundError("choice", str(index))
    return ChoiceOpening(row.choice, row.salt)


def _elector(row: RollLineRow) -> Elector:
    return Elector(row.member, row.voter, row.salt)
