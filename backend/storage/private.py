"""What lies beside a ledger: detached proofs, persons, secret choices; how the rules read them."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from typing import Final

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from anchoring.core.errors import UnavailableError
from anchoring.ports import DocumentStore
from backend.domain.acts import CidText, MemberId, Slug
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.contract_accounts import ContractSignature
from backend.domain.errors import ConflictError, GovernanceError, NotFoundError
from backend.domain.sources import KeyOpening, SignatureOpening
from backend.services.contract_accounts import Confirmation, Unconfirmed, UnconfirmedError
from backend.services.ports import ChoiceOpening
from backend.storage.private_tables import (
    BallotChoiceRow,
    MemberKeyRow,
    RollLineRow,
    RollRow,
    SignatureRow,
)
from backend.storage.rolls import SessionOpener, SqlRoll
from backend.storage.statements import Row, insert_rows
from backend.storage.tables import Table

_NAMED_AT_ONCE: Final = 500
"""Rows named by one statement: SQLite takes 32,766 parameters, older builds 999."""

_KEYS = Table.metadata.tables["member_key"]
_KEY: Final = sqlalchemy.select(_KEYS.c.key, _KEYS.c.salt).where(
    _KEYS.c.organisation == bindparam("ledger"), _KEYS.c.commitment == bindparam("sought")
)
_KEPT = Table.metadata.tables["ballot_choice"]
_CHOICES: Final = sqlalchemy.select(_KEPT.c.index, _KEPT.c.choice, _KEPT.c.salt).where(
    _KEPT.c.organisation == bindparam("ledger"),
    _KEPT.c.index.between(bindparam("first"), bindparam("last")),
)


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
        return tuple(SignatureOpening(row.key, row.signature, row.salt) for row in rows) or None

    def key(self, commitment: Hex32) -> KeyOpening | None:
        """Return what opens a commitment to a key, None if erased."""
        place = {"ledger": self._organisation, "sought": commitment}
        with self._opening() as session:
            row = session.connection().execute(_KEY, place).one_or_none()
        return None if row is None else KeyOpening(row.key, row.salt)

    def roll(self, decision: Hex32) -> SqlRoll | None:
        """Return the roll of a decision, None if erased."""
        with self._opening() as session:
            row = session.get(RollRow, (self._organisation, decision))
        return None if row is None else SqlRoll(self._organisation, decision, self._opening)

    def contract_signature(
        self,
        key: bytes,  # noqa: ARG002 - see Sources
        digest: bytes,  # noqa: ARG002 - see Sources
        signature: bytes,  # noqa: ARG002 - see Sources
    ) -> bool | None:
        """Return None: tables are no chain."""
        return None


class HeldSources(SqlSources):
    """The sources of one unit of work: keys and rolls that were read are held, since nobody else writes.

    What chains confirmed in the unit's requests is held too.

    Args:
        organisation: The ledger.
        documents: Where documents are.
        session: Session of the unit.
    """

    def __init__(self, organisation: Slug, documents: DocumentStore, session: Session) -> None:
        super().__init__(organisation, documents, lambda: nullcontext(session))
        self._keys: dict[Hex32, KeyOpening | None] = {}
        self._rolls: dict[Hex32, SqlRoll | None] = {}
        self._confirmed: dict[Unconfirmed, ContractSignature | GovernanceError] = {}

    def key(self, commitment: Hex32) -> KeyOpening | None:
        """Return what opens a commitment to a key, None if erased."""
        if commitment not in self._keys:
            self._keys[commitment] = super().key(commitment)
        return self._keys[commitment]

    def roll(self, decision: Hex32) -> SqlRoll | None:
        """Return the roll of a decision, None if erased."""
        if decision not in self._rolls:
            self._rolls[decision] = super().roll(decision)
        return self._rolls[decision]

    def contract_signature(self, key: bytes, digest: bytes, signature: bytes) -> bool | None:
        """Tell whether a chain confirmed the signature in a request of this unit."""
        return any(
            (asked.account.to_bytes(), asked.digest, answer.to_bytes()) == (key, digest, signature)
            for asked, answer in self._confirmed.items()
            if isinstance(answer, ContractSignature)
        )

    def confirm(self, confirmations: Sequence[Confirmation]) -> None:
        """Take down what chains said of signatures."""
        self._confirmed.update((each.asked, each.answer) for each in confirmations)

    def confirmed(self, asked: Unconfirmed) -> ContractSignature:
        """Return what is kept of a signature.

        Raises:
            UnconfirmedError: No chain was asked yet.
            GovernanceError: The chain did not confirm it.
        """
        answer = self._confirmed.get(asked)
        if answer is None:
            raise UnconfirmedError(asked)
        if isinstance(answer, GovernanceError):
            raise answer
        return answer

    def forget_key(self, commitment: Hex32) -> None:
        """Read a key again when next asked: the unit has written it."""
        self._keys.pop(commitment, None)

    def forget_roll(self, decision: Hex32) -> None:
        """Read a roll again when next asked: the unit has written it."""
        self._rolls.pop(decision, None)


def keep_key(session: Session, organisation: Slug, member: MemberId, opening: KeyOpening) -> Hex32:
    """Keep what opens a commitment to a key of a member; harmless to repeat. Returns the commitment.

    Raises:
        ConflictError: ``key.in_use``: the key is kept already, as somebody's or as one that its member
            revoked. The ledger cannot tell, since salts make the two commitments differ.
        InvalidInputError: The salt is not 32 bytes.
    """
    commitment = commit(Tag.KEY, salt=opening.salt, payload=opening.key)
    same = select(MemberKeyRow.commitment, MemberKeyRow.member).where(
        MemberKeyRow.organisation == organisation, MemberKeyRow.key == opening.key
    )
    kept = session.exec(same).first()
    if kept == (commitment, member):
        return commitment
    if kept is not None:
        # Whose it is stays unsaid: addresses are public, pseudonyms must not be found by them.
        raise ConflictError(
            "key.in_use", expected="a key bound to nobody", found="a key that is bound"
        )
    # The rules read keys without row objects.
    row: Row = {
        "organisation": organisation,
        "commitment": commitment,
        "member": member,
        "key": opening.key,
        "salt": opening.salt,
    }
    insert_rows(session.connection(), MemberKeyRow, [row])
    return commitment


def keep_signatures(
    session: Session, organisation: Slug, index: int, openings: Sequence[SignatureOpening]
) -> None:
    """Keep the openings of an entry's signatures, in order."""
    rows: list[Row] = [
        {
            "organisation": organisation,
            "index": index,
            "position": position,
            "key": opening.key,
            "signature": opening.signature,
            "salt": opening.salt,
        }
        for position, opening in enumerate(openings)
    ]
    insert_rows(session.connection(), SignatureRow, rows)


def keep_choice(session: Session, organisation: Slug, index: int, opening: ChoiceOpening) -> None:
    """Keep the opening of a ballot."""
    row: Row = {
        "organisation": organisation,
        "index": index,
        "choice": opening.choice,
        "salt": opening.salt,
    }
    insert_rows(session.connection(), BallotChoiceRow, [row])


def erase_vote(
    session: Session, organisation: Slug, decision: Hex32, ballots: Sequence[int]
) -> None:
    """Destroy the roll of a decision, and signatures and choices of its ballots."""
    for table in (SignatureRow, BallotChoiceRow):
        for start in range(0, len(ballots), _NAMED_AT_ONCE):
            some = ballots[start : start + _NAMED_AT_ONCE]
            session.exec(
                delete(table).where(
                    col(table.organisation) == organisation, col(table.index).in_(some)
                )
            )
    # Lines refer to their roll, so they go first.
    for roll in (RollLineRow, RollRow):
        session.exec(
            delete(roll).where(
                col(roll.organisation) == organisation, col(roll.decision) == decision
            )
        )


def choices(
    session: Session, organisation: Slug, indices: Collection[int]
) -> dict[int, ChoiceOpening]:
    """Return the openings of ballots by index, in one question.

    Raises:
        NotFoundError: None is kept of one of them.
    """
    wanted = set(indices)
    if not wanted:
        return {}
    place = {"ledger": organisation, "first": min(wanted), "last": max(wanted)}
    rows = session.connection().execute(_CHOICES, place).all()
    found = {index: ChoiceOpening(text, salt) for index, text, salt in rows if index in wanted}
    missing = wanted - set(found)
    if missing:
        raise NotFoundError("choice", str(min(missing)))
    return found
