"""Personal data in the database: what a person declared and answered, sealed under their own key."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from sqlmodel import Session, col, func, select

from backend.domain.acts import MemberId, Slug
from backend.domain.identity.attributes import full_name
from backend.domain.purposes import Answer
from backend.services.ports import FactsOpening, PersonRecord
from backend.storage.database import Database
from backend.storage.private_tables import (
    ConsentRow,
    PersonKeyRow,
    PersonRow,
    RepresentativeRow,
)
from backend.storage.statements import Row, insert_rows
from backend.storage.vault import Vault

NAMED_AT_ONCE: Final = 500
"""Rows named by one statement: SQLite takes 32,766 parameters, older builds 999."""

_FACTS: Final = msgspec.json.Decoder(dict[str, str])
_ANSWER: Final = msgspec.json.Decoder(Answer)


class SealedPersons:
    """Reads and writes personal data in a session of the caller.

    Args:
        vault: Seals and opens it.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault: Final = vault

    def keep(
        self, session: Session, organisation: Slug, member: MemberId, record: PersonRecord
    ) -> None:
        """Keep what someone declared, in place of what was kept before, and what they answered."""
        facts = msgspec.json.encode(dict(record.facts), order="sorted")
        session.merge(
            PersonRow(
                organisation=organisation,
                member=member,
                facts=self._vault.seal(
                    session, organisation, member, column="person.facts", content=facts
                ),
                salt=self._vault.seal(
                    session, organisation, member, column="person.salt", content=record.salt
                ),
            )
        )
        self.add_answers(session, organisation, member, record.consents)

    def add(
        self, session: Session, organisation: Slug, records: Mapping[MemberId, PersonRecord]
    ) -> None:
        """Keep what people declared and answered of whom nothing is kept yet, with one statement a table."""
        keys, persons, consents = list[Row](), list[Row](), list[Row]()
        for member, record in records.items():
            key, row = self._vault.new_key(organisation, member)
            keys.append(row)
            place: Row = {"organisation": organisation, "member": member}
            seal = partial(self._vault.seal_under, key, organisation, member)
            facts = msgspec.json.encode(dict(record.facts), order="sorted")
            persons.append(
                {
                    **place,
                    "facts": seal(column="person.facts", content=facts),
                    "salt": seal(column="person.salt", content=record.salt),
                }
            )
            for number, answer in enumerate(record.consents):
                content = msgspec.json.encode(answer)
                sealed = seal(column=_column(number), content=content)
                consents.append({**place, "number": number, "answer": sealed})
        connection = session.connection()
        insert_rows(connection, PersonKeyRow, keys)
        insert_rows(connection, PersonRow, persons)
        insert_rows(connection, ConsentRow, consents)

    def keep_representative(
        self, session: Session, organisation: Slug, member: MemberId, opening: FactsOpening
    ) -> None:
        """Keep the facts of who acts for an organisation, in place of those of whoever did before."""
        facts = msgspec.json.encode(dict(opening.facts), order="sorted")
        session.merge(
            RepresentativeRow(
                organisation=organisation,
                member=member,
                facts=self._vault.seal(
                    session, organisation, member, column="representative.facts", content=facts
                ),
                salt=self._vault.seal(
                    session,
                    organisation,
                    member,
                    column="representative.salt",
                    content=opening.salt,
                ),
            )
        )

    def representative(
        self, session: Session, organisation: Slug, member: MemberId
    ) -> dict[str, str] | None:
        """Return the facts of who acts for an organisation; as ``facts``."""
        row = session.get(RepresentativeRow, (organisation, member))
        if row is None:
            return None
        content = self._vault.open(
            session, organisation, member, column="representative.facts", sealed=row.facts
        )
        return _FACTS.decode(content)

    def facts(
        self, session: Session, organisation: Slug, member: MemberId
    ) -> dict[str, str] | None:
        """Return declared facts by name; None where there are none.

        Raises:
            VerificationError: What is kept is not what was sealed there.
        """
        row = session.get(PersonRow, (organisation, member))
        return None if row is None else self._facts(session, row)

    def salt(self, session: Session, organisation: Slug, member: MemberId) -> bytes | None:
        """Return the salt of the commitment to the declaration, 32 bytes; as ``facts``."""
        row = session.get(PersonRow, (organisation, member))
        if row is None:
            return None
        return self._vault.open(
            session, organisation, member, column="person.salt", sealed=row.salt
        )

    def names(
        self, session: Session, organisation: Slug, members: Sequence[MemberId]
    ) -> dict[MemberId, str]:
        """Return the names that some members declared, those erased left out."""
        known = self.facts_of(session, organisation, members)
        return {member: name for member, facts in known.items() if (name := full_name(facts))}

    def facts_of(
        self, session: Session, organisation: Slug, members: Sequence[MemberId]
    ) -> dict[MemberId, Mapping[str, str]]:
        """Return the facts that some members declared, those erased left out."""
        found: dict[MemberId, Mapping[str, str]] = {}
        for start in range(0, len(members), NAMED_AT_ONCE):
            query = select(PersonRow).where(
                PersonRow.organisation == organisation,
                col(PersonRow.member).in_(members[start : start + NAMED_AT_ONCE]),
            )
            for row in session.exec(query).all():
                found[row.member] = self._facts(session, row)
        return found

    def answers(self, session: Session, organisation: Slug, member: MemberId) -> tuple[Answer, ...]:
        """Return what someone answered to requests for consent, oldest first."""
        query = (
            select(ConsentRow)
            .where(ConsentRow.organisation == organisation, ConsentRow.member == member)
            .order_by(col(ConsentRow.number))
        )
        return tuple(
            _ANSWER.decode(
                self._vault.open(
                    session, organisation, member, column=_column(row.number), sealed=row.answer
                )
            )
            for row in session.exec(query).all()
        )

    def add_answers(
        self, session: Session, organisation: Slug, member: MemberId, answers: Iterable[Answer]
    ) -> None:
        """Keep answers after those that are kept."""
        query = select(func.count()).where(
            ConsentRow.organisation == organisation, ConsentRow.member == member
        )
        first = session.exec(query).one()
        for number, answer in enumerate(answers, start=first):
            sealed = self._vault.seal(
                session,
                organisation,
                member,
                column=_column(number),
                content=msgspec.json.encode(answer),
            )
            session.add(
                ConsentRow(organisation=organisation, member=member, number=number, answer=sealed)
            )
        session.flush()

    def _facts(self, session: Session, row: PersonRow) -> dict[str, str]:
        content = self._vault.open(
            session, row.organisation, row.member, column="person.facts", sealed=row.facts
        )
        return _FACTS.decode(content)


class SqlPersons:
    """Implements ``Persons``.

    Args:
        database: Where they are.
        vault: Opens what is sealed.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database: Final = database
        self._sealed: Final = SealedPersons(vault)

    def facts(self, slug: Slug, member: MemberId) -> Mapping[str, str] | None:
        """Return the facts that someone declared; None where there are none, or they were erased."""
        with self._database.reading() as session:
            return self._sealed.facts(session, slug, member)


def _column(number: int) -> str:
    """Return the place of an answer: no answer opens in place of another."""
    return f"consent.answer/{number}"
