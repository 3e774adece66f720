"""Personal data at rest: it opens where it was put, under its person's key, and nowhere else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from anchoring.core.errors import MalformedError, RejectedError, UnavailableError, VerificationError
from backend.domain.purposes import Answer
from backend.services.ports import PersonRecord
from backend.storage.database import Database
from backend.storage.keys import KeyFiles
from backend.storage.ledgers import SqlLedgers
from backend.storage.master_keys import FileMasterKeys
from backend.storage.persons import SealedPersons, SqlPersons
from backend.storage.private_tables import ConsentRow, PersonKeyRow, PersonRow
from backend.storage.tables import LedgerRow
from backend.storage.vault import Vault, Wrapped, rotate_master
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.organisations import Simulation
from tests.support.vaults import MemoryMasterKeys, memory_vault

CHAIR, TREASURER, SECRETARY = FOUNDERS
OTHER = "other-coop"
COUNT = 7
FACTS = {"name": "Zoë Přibylová-Ndiaye", "born": "1971-03-09"}
CONSENT = Answer("mail_news", 1, "given", "2026-02-01T09:00:00.000Z")


def _record(number: int = 0) -> PersonRecord:
    facts = {**FACTS, "number": str(number)}
    return PersonRecord(facts, bytes([number]) * 32, (), consents=(CONSENT,))


def _member(number: int) -> str:
    return f"m{number:032x}"


@pytest.fixture
def masters() -> MemoryMasterKeys:
    return MemoryMasterKeys()


@pytest.fixture
def kept(database: Database, masters: MemoryMasterKeys) -> Database:
    """A database that holds some persons of two organisations."""
    persons = SealedPersons(Vault(masters))
    with database.writing() as session:
        for slug in (SLUG, OTHER):
            session.add(LedgerRow(slug=slug, origin=f"h/{slug}", size=0, root=bytes(32)))
            session.flush()
            for number in range(COUNT):
                persons.keep(session, slug, _member(number), _record(number))
    return database


def test_persons__kept_together__are_read_as_if_each_had_been_kept_alone(
    kept: Database, masters: MemoryMasterKeys, tmp_path: Path
) -> None:
    persons = SealedPersons(Vault(masters))
    records = {_member(number): _record(number) for number in range(10, 10 + COUNT)}
    with kept.writing() as session:
        persons.add(session, SLUG, records)
        persons.add(session, SLUG, {})
    with kept.reading() as session:
        for member, record in records.items():
            assert persons.facts(session, SLUG, member) == record.facts
            assert persons.salt(session, SLUG, member) == record.salt
            assert persons.answers(session, SLUG, member) == record.consents
        wrapped = [row.wrapped for row in session.exec(select(PersonKeyRow))]
        assert len(set(wrapped)) == len(wrapped) == 3 * COUNT
    assert rotate_master(kept, masters) == 3 * COUNT
    with kept.reading() as session:
        assert persons.facts(session, SLUG, _member(10)) == records[_member(10)].facts
    assert FACTS["name"].encode() not in (tmp_path / "psephos.sqlite").read_bytes()


def _facts(database: Database, masters: MemoryMasterKeys, slug: str = SLUG) -> list[object]:
    persons = SqlPersons(database, Vault(masters))
    return [persons.facts(slug, _member(number)) for number in range(COUNT)]


ALL = [_record(number).facts for number in range(COUNT)]


def test_person__kept__is_read_again_and_nothing_of_it_is_in_the_file(
    kept: Database, masters: MemoryMasterKeys, tmp_path: Path
) -> None:
    assert _facts(kept, masters) == ALL
    persons = SealedPersons(Vault(masters))
    with kept.reading() as session:
        assert persons.answers(session, SLUG, _member(3)) == (CONSENT,)
        assert persons.salt(session, SLUG, _member(3)) == bytes([3]) * 32
        assert persons.answers(session, SLUG, _member(99)) == ()
        assert persons.salt(session, SLUG, _member(99)) is None
    kept.truncate_log()
    content = (tmp_path / "psephos.sqlite").read_bytes()
    assert _member(3).encode() in content
    for secret in (FACTS["name"], FACTS["born"], "mail_news"):
        assert secret.encode() not in content
    assert bytes([3]) * 32 not in content


def test_person__under_another_master_key__does_not_open(kept: Database) -> None:
    with pytest.raises(VerificationError):
        _facts(kept, MemoryMasterKeys("another"))


def _swap_persons(row: PersonRow, other: PersonRow) -> None:
    row.facts, other.facts = other.facts, row.facts


def _swap_columns(row: PersonRow, _: PersonRow) -> None:
    row.facts, row.salt = row.salt, row.facts


def _flip(row: PersonRow, _: PersonRow) -> None:
    row.facts = row.facts[:-1] + bytes([row.facts[-1] ^ 1])


def _flip_nonce(row: PersonRow, _: PersonRow) -> None:
    row.facts = row.facts[:1] + bytes([row.facts[1] ^ 1]) + row.facts[2:]


@pytest.mark.parametrize("change", [_swap_persons, _swap_columns, _flip, _flip_nonce])
@pytest.mark.parametrize("other", [(SLUG, _member(2)), (OTHER, _member(1))])
def test_sealed__changed_or_put_elsewhere__does_not_open(
    kept: Database,
    masters: MemoryMasterKeys,
    change: Callable[[PersonRow, PersonRow], None],
    other: tuple[str, str],
) -> None:
    with kept.writing() as session:
        row = session.get_one(PersonRow, (SLUG, _member(1)))
        change(row, session.get_one(PersonRow, other))
    with pytest.raises(VerificationError):
        _facts(kept, masters)


@pytest.mark.parametrize("other", [(SLUG, _member(2)), (OTHER, _member(1))])
def test_wrapped_key__given_to_someone_else__does_not_open(
    kept: Database, masters: MemoryMasterKeys, other: tuple[str, str]
) -> None:
    """Whoever moves a key along with what it seals gains nothing: it is bound to its person."""
    with kept.writing() as session:
        source, target = session.get_one(PersonKeyRow, other), (SLUG, _member(1))
        session.get_one(PersonKeyRow, target).wrapped = source.wrapped
        session.get_one(PersonRow, target).facts = session.get_one(PersonRow, other).facts
    with pytest.raises(VerificationError):
        _facts(kept, masters)


@pytest.mark.parametrize("sealed", [b"", b"\x01" + bytes(27), b"\x02" + bytes(60)])
def test_sealed__too_short_or_of_another_version__is_malformed(
    kept: Database, masters: MemoryMasterKeys, sealed: bytes
) -> None:
    with kept.writing() as session:
        session.get_one(PersonRow, (SLUG, _member(0))).facts = sealed
    with pytest.raises(MalformedError):
        _facts(kept, masters)


def test_answers__in_another_order__do_not_open(kept: Database, masters: MemoryMasterKeys) -> None:
    persons = SealedPersons(Vault(masters))
    withdrawn = Answer("mail_news", 1, "withdrawn", CONSENT.at)
    with kept.writing() as session:
        persons.add_answers(session, SLUG, _member(1), (withdrawn,))
        assert persons.answers(session, SLUG, _member(1)) == (CONSENT, withdrawn)
    with kept.writing() as session:
        first, second = (
            session.get_one(ConsentRow, (SLUG, _member(1), number)) for number in range(2)
        )
        first.answer, second.answer = second.answer, first.answer
    with kept.reading() as session, pytest.raises(VerificationError):
        persons.answers(session, SLUG, _member(1))


def test_person__without_their_key__does_not_open(
    kept: Database, masters: MemoryMasterKeys
) -> None:
    with kept.writing() as session:
        session.delete(session.get_one(PersonKeyRow, (SLUG, _member(1))))
    with pytest.raises(VerificationError):
        _facts(kept, masters)


class _InterruptedError(Exception):
    """Stands for the loss of power."""


class _Interrupted(MemoryMasterKeys):
    """Master keys after which power is lost at a moment: the wrapping of a key, or the end."""

    def __init__(self, whole: MemoryMasterKeys, *, wraps: int) -> None:
        super().__init__()
        self.keys = whole.keys
        self._left = wraps

    def wrap(self, key: bytes, *, bound: bytes) -> Wrapped:
        self._spend()
        return super().wrap(key, bound=bound)

    def destroy(self, number: int) -> None:
        self._spend()
        super().destroy(number)

    def _spend(self) -> None:
        if not self._left:
            raise _InterruptedError
        self._left -= 1


@pytest.mark.parametrize("wraps", range(2 * COUNT + 1))
def test_rotation__interrupted_at_any_key__loses_nothing_and_is_finished_later(
    kept: Database, masters: MemoryMasterKeys, wraps: int
) -> None:
    with pytest.raises(_InterruptedError):
        rotate_master(kept, _Interrupted(masters, wraps=wraps), batch=3)
    assert _facts(kept, masters) == _facts(kept, masters, OTHER) == ALL
    # Whole batches stay done; the one that was interrupted is done again.
    done = min(wraps // 3 * 3, 2 * COUNT) if wraps < 2 * COUNT else 2 * COUNT
    assert rotate_master(kept, masters, batch=3) == 2 * COUNT - done
    assert masters.numbers() == (2,)
    assert _facts(kept, masters) == _facts(kept, masters, OTHER) == ALL


def test_rotation__again__makes_another_key_each_time(
    kept: Database, masters: MemoryMasterKeys
) -> None:
    for number in (2, 3):
        assert rotate_master(kept, masters) == 2 * COUNT
        assert masters.numbers() == (number,)
    assert _facts(kept, masters) == ALL
    with kept.reading() as session:
        assert {row.master for row in session.exec(select(PersonKeyRow))} == {3}


def test_file_master_keys__are_sealed_numbered_and_bound(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    masters = FileMasterKeys(keys)
    assert masters.numbers() == ()
    wrapped = masters.wrap(bytes(32), bound=b"one")
    assert (masters.numbers(), wrapped.master) == ((1,), 1)
    assert (tmp_path / "keys" / "vault.1").read_bytes().startswith(b"{")
    assert (tmp_path / "keys" / "vault.1").stat().st_mode & 0o077 == 0
    again = FileMasterKeys(KeyFiles(tmp_path / "keys"))
    assert again.unwrap(wrapped, bound=b"one") == bytes(32)
    with pytest.raises(VerificationError):
        again.unwrap(wrapped, bound=b"two")
    assert again.renew() == 2
    # The server that made the first key notices the second at once.
    assert masters.wrap(bytes(32), bound=b"one").master == 2
    masters.destroy(1)
    masters.destroy(1)
    assert masters.numbers() == (2,)
    with pytest.raises(RejectedError):
        masters.unwrap(wrapped, bound=b"one")


def test_destroyed_seed__was_overwritten_before_it_was_removed(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    FileMasterKeys(keys).renew()
    path = tmp_path / "keys" / "vault.1"
    other_name = tmp_path / "link"
    other_name.hardlink_to(path)
    content = path.read_bytes()
    keys.destroy_vault_seed(1)
    assert other_name.read_bytes() == bytes(len(content))


def test_destroyed_seed__in_a_folder_that_cannot_be_written__says_so(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    (tmp_path / "keys" / "vault.1").mkdir()
    with pytest.raises(UnavailableError):
        keys.destroy_vault_seed(1)


def test_unit__keeps_persons_sealed_and_rectified_ones_overwritten(
    simulation: Simulation, ledgers: SqlLedgers, database: Database
) -> None:
    simulation.found()
    persons = SqlPersons(database, memory_vault())
    assert persons.facts(SLUG, CHAIR.id) == CHAIR.person.facts
    with database.reading() as session:
        before = session.get_one(PersonRow, (SLUG, CHAIR.id)).facts
    with database.writing() as session:
        database.overwrite_deleted(session)
        SealedPersons(memory_vault()).keep(session, SLUG, CHAIR.id, _record())
    ledgers.scrub()
    assert persons.facts(SLUG, CHAIR.id) == _record().facts
    files = Path(str(database.engine.url.database)).parent.glob("psephos.sqlite*")
    assert [path.name for path in files if before in path.read_bytes()] == []
