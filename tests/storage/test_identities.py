"""Identity hashes under a key: of one organisation only, of one key only, never the facts themselves."""

from pathlib import Path

from backend.domain.identity.attributes import attributes_of, electronic_identity
from backend.services.duplicates import Candidate
from backend.services.identity import IdentityDigest, KeyedHashes, identity_digests
from backend.storage.database import Database
from backend.storage.identities import (
    SqlDuplicates,
    SqlIdentityIndex,
    add_digests,
    keep_candidates,
    keep_digests,
)
from backend.storage.persons import SealedPersons
from backend.storage.schema import migrate
from backend.storage.tables import LedgerRow
from tests.support.vaults import memory_vault

ROSE = {"name": "Rose Bonheur", "born": "1987-03-12", "email": "rose@example.org"}
KEY = KeyedHashes(bytes(32))


def test_digests__under_another_key_or_elsewhere__share_nothing() -> None:
    attributes = attributes_of(ROSE, "natural")
    ours = {each.digest for each in identity_digests(KEY, "river", attributes)}
    assert ours == {each.digest for each in identity_digests(KEY, "river", attributes)}
    assert len(ours) == len(attributes)
    assert {len(digest) for digest in ours} == {32}
    other_key = identity_digests(KeyedHashes(b"\x01" * 32), "river", attributes)
    elsewhere = identity_digests(KEY, "rive", attributes)
    for others in (other_key, elsewhere):
        assert ours.isdisjoint(each.digest for each in others)


def test_digest__of_one_payload_as_two_kinds__differs() -> None:
    assert KEY.digest("email", b"a") != KEY.digest("phone", b"a")
    assert KEY.digest("ab", b"c") != KEY.digest("a", b"bc")


def a_database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'identities.sqlite'}")
    migrate(database)
    with database.writing() as session:
        session.add(LedgerRow(slug="river", origin="ledger.example/river", size=0, root=bytes(32)))
    return database


def test_digests__of_facts_declared_anew__replace_all_but_what_a_provider_said(
    tmp_path: Path,
) -> None:
    database = a_database(tmp_path)
    shown = identity_digests(
        KEY, "river", [electronic_identity(issuer="https://a.example", subject="7")]
    )
    before = (IdentityDigest("phone", b"1" * 32),)
    after = (IdentityDigest("phone", b"2" * 32),)
    with database.writing() as session:
        add_digests(session, "river", {"m0": (*shown, *before)})
        keep_digests(session, "river", "m0", after)
    persons = SealedPersons(memory_vault())
    index = SqlIdentityIndex("river", database.reading, persons)
    asked = [each.digest for each in (*shown, *before, *after)]
    assert index.holders(asked) == {shown[0].digest: ("m0",), after[0].digest: ("m0",)}
    assert SqlIdentityIndex("lake", database.reading, persons).holders(asked) == {}
    database.close()


def test_candidates__found_again__keep_what_was_decided(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    duplicates = SqlDuplicates(database)
    found = [Candidate("m1", "m0", ("names", "born"), 0), Candidate("m1", "m2", ("phone",), 0)]
    for at in ("2026-01-05T09:00:00.000Z", "2026-01-06T09:00:00.000Z"):
        with database.writing() as session:
            keep_candidates(session, "river", found, at)
        duplicates.decide("river", "m1-m0", "different", by="m9", at=at)
    kept = duplicates.page("river", "", 10, undecided=False)
    assert [(each.id, each.verdict, each.found_at) for each in kept] == [
        ("m1-m0", "different", "2026-01-05T09:00:00.000Z"),
        ("m1-m2", None, "2026-01-05T09:00:00.000Z"),
    ]
    assert kept[0].decided_at == kept[0].found_at
    assert [each.id for each in duplicates.page("river", "", 10, undecided=True)] == ["m1-m2"]
    database.close()
