"""No table about persons is forgotten: not by erasing, not by the data map."""

import pytest
from sqlmodel import select

from anchoring.core.errors import MalformedError
from backend.domain.data_map import DATA_MAP
from backend.domain.data_map_terms import BASES, PLACES, REACHES
from backend.domain.errors import NotFoundError
from backend.storage.database import Database
from backend.storage.erasure import erase_person, format_marks, parse_marks, persons_of
from backend.storage.identity_tables import DuplicateCandidateRow
from backend.storage.ledgers import SqlLedgers
from backend.storage.login_tables import LoginChallengeRow
from backend.storage.mail_tables import ManualNoticeRow
from backend.storage.personal_tables import (
    BY_ENTRY_TABLES,
    FOUNDING_TABLES,
    LEDGER_TABLES,
    LOGIN_TABLES,
    MARK_TABLES,
    PERSONAL_TABLES,
)
from backend.storage.schema import SCHEMA
from backend.storage.tables import Table
from tests.support.model_organisation import FOUNDERS, SLUG, digest
from tests.support.organisations import Simulation
from tests.support.vaults import memory_vault

CHAIR, TREASURER, SECRETARY = FOUNDERS
AT = "2026-02-01T09:00:00.000Z"
NAMES = [each.name for each in PERSONAL_TABLES]
PRIVATE = {*NAMES, *BY_ENTRY_TABLES, *LOGIN_TABLES, *FOUNDING_TABLES, *MARK_TABLES}
LEDGER_MODULES = {"tables", "projection_tables", "witness_tables", "cost_tables"}
OF_NOBODY = {"roll", "mail_cursor"}
NAMING = {"member", "other", "by", "decided_by"}


def test_every_table__with_a_member__is_listed_once() -> None:
    with_member = {name for name, table in SCHEMA.tables.items() if "member" in table.columns}
    assert with_member - LEDGER_TABLES == set(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    assert len(PRIVATE) == sum(
        map(len, (NAMES, BY_ENTRY_TABLES, LOGIN_TABLES, FOUNDING_TABLES, MARK_TABLES))
    )
    assert set(SCHEMA.tables) >= PRIVATE | LEDGER_TABLES


def test_every_table__beside_the_ledger__is_listed_or_of_nobody() -> None:
    """A table that is new in a module of private tables is forgotten by nobody."""
    beside = {
        mapper.local_table.name  # type: ignore[attr-defined]  # a table, not a join
        for mapper in Table._sa_registry.mappers  # noqa: SLF001 - the only list with classes
        if mapper.class_.__module__.rpartition(".")[2] not in LEDGER_MODULES
    }
    assert beside == PRIVATE | OF_NOBODY


@pytest.mark.parametrize("personal", PERSONAL_TABLES, ids=lambda each: each.name)
def test_every_listed_table__has_the_columns_that_are_named(personal: object) -> None:
    [found] = [each for each in PERSONAL_TABLES if each is personal]
    columns = set(SCHEMA.tables[found.name].columns.keys())
    named = {*found.members, *found.actors}
    assert {"organisation", *named, *found.hidden} <= columns
    assert named == NAMING & columns


def test_data_map__has_every_column_of_every_private_table_and_no_other() -> None:
    columns = {(name, column.name) for name in PRIVATE for column in SCHEMA.tables[name].columns}
    mapped = {(datum.table, column) for datum in DATA_MAP for column in datum.columns}
    assert mapped == columns


def test_data_map__says_everything_in_both_languages() -> None:
    for datum in DATA_MAP:
        phrases = (
            datum.what, datum.why, datum.kept,
            BASES[datum.basis], PLACES[datum.place], REACHES[datum.reach],
        )  # fmt: skip
        assert all(phrase.fr and phrase.en and phrase.fr != phrase.en for phrase in phrases)


def test_what_is_sealed__is_said_to_be_and_nothing_private_reaches_a_chain() -> None:
    assert {each.table for each in DATA_MAP if each.place == "sealed"} == {
        "person",
        "representative",
        "consent",
        "founder",
    }
    assert {each.reach for each in DATA_MAP if each.table in PRIVATE} == {"none"}


def test_erase_person__undone_with_its_unit__leaves_everything(
    simulation: Simulation, ledgers: SqlLedgers, database: Database
) -> None:
    simulation.found()
    everyone = tuple(sorted(founder.id for founder in FOUNDERS))
    with ledgers.unit(SLUG) as unit:
        unit.erase_person(CHAIR.id)
        assert unit.sources.key(unit.state.member(CHAIR.id).keys[0]) is None
        # The others signed the founding too: one entry's signatures go together.
        assert unit.sources.signatures(0) is None
        with pytest.raises(NotFoundError):
            unit.erase_person(CHAIR.id)
    with database.reading() as session:
        assert persons_of(session, SLUG) == everyone
    with database.writing() as session:
        erase_person(session, SLUG, CHAIR.id, memory_vault())
    with database.reading() as session:
        assert persons_of(session, SLUG) == tuple(sorted(set(everyone) - {CHAIR.id}))


def test_erase_person__who_decided_about_others__leaves_the_decision_without_them(
    simulation: Simulation, database: Database
) -> None:
    simulation.found()
    told = ManualNoticeRow(
        organisation=SLUG,
        assembly="spring",
        member=TREASURER.id,
        channel="post",
        sent_at=AT,
        by=CHAIR.id,
        noted_at=AT,
    )
    with database.writing() as session:
        session.add(told)
        session.add(_candidate(TREASURER.id, SECRETARY.id))
        session.add(_candidate(SECRETARY.id, CHAIR.id))
        for subject in (CHAIR.id, f"0x{CHAIR.address.hex()}", TREASURER.id):
            session.add(_challenge(subject))
    with database.writing() as session:
        erase_person(session, SLUG, CHAIR.id, memory_vault())
    with database.reading() as session:
        [notice] = session.exec(select(ManualNoticeRow))
        assert (notice.member, notice.by) == (TREASURER.id, None)
        # The pair with the erased person is gone, whichever place they had in it.
        [pair] = session.exec(select(DuplicateCandidateRow))
        assert (pair.member, pair.other, pair.decided_by) == (TREASURER.id, SECRETARY.id, None)
        assert pair.verdict == "different"
        [challenge] = session.exec(select(LoginChallengeRow))
        assert challenge.subject == TREASURER.id
    with database.writing() as session:
        erase_person(session, SLUG, SECRETARY.id, memory_vault())
        assert session.exec(select(DuplicateCandidateRow)).all() == []


def _candidate(member: str, other: str) -> DuplicateCandidateRow:
    return DuplicateCandidateRow(
        organisation=SLUG,
        member=member,
        other=other,
        reasons="names",
        edits=0,
        found_at=AT,
        verdict="different",
        decided_by=CHAIR.id,
        decided_at=AT,
    )


def _challenge(subject: str) -> LoginChallengeRow:
    return LoginChallengeRow(
        organisation=SLUG,
        id=digest("challenge", subject).hex(),
        kind="link",
        browser="",
        subject=subject,
        text="",
        expires_at=AT,
    )


def test_marks__written__are_read_back_whatever_their_order() -> None:
    marks = {bytes([number]) * 32 for number in (3, 1, 2)}
    content = format_marks([*marks, *marks])
    assert parse_marks(content) == marks
    assert parse_marks(b"") == frozenset()


@pytest.mark.parametrize(
    "content",
    [b"00\n", b"zz" * 32 + b"\n", b"AA" * 32 + b"\n", b"00" * 32, b"\xff\n",
     b"02" * 32 + b"\n" + b"01" * 32 + b"\n", b"01" * 32 + b"\n" + b"01" * 32 + b"\n"],
)  # fmt: skip
def test_marks__in_another_form__are_refused(content: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_marks(content)


def test_mark__of_the_same_person_elsewhere__is_another() -> None:
    vault = memory_vault()
    marks = {vault.mark(slug, each.id) for slug in (SLUG, "other") for each in FOUNDERS}
    assert len(marks | {vault.own_mark()}) == 2 * len(FOUNDERS) + 1
