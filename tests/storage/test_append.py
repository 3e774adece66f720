"""The append itself: entries, nodes and head in one transaction, as bytes without any rule."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError

from anchoring.core.merkle import EMPTY_ROOT, CompactRange
from anchoring.core.types import Head, RootHash, TreeSize
from backend.storage.database import Database
from backend.storage.ledger import StoredEntry, append_entries, head_of, move_head
from backend.storage.reads import SqlReads
from backend.storage.tables import LedgerRow
from tests.support.merkle_oracle import mth

SLUG = "river-coop"
CONTENTS = [b"entry %d" % number for number in range(70)]


def stored(content: bytes) -> StoredEntry:
    return StoredEntry("member.admitted", "2026-01-05T09:00:00.000Z", "system", content)


def append(connection: Connection, tree: CompactRange, contents: list[bytes]) -> CompactRange:
    with connection.begin():
        tree = append_entries(connection, SLUG, tree, [stored(content) for content in contents])
        move_head(connection, SLUG, Head(tree.size, tree.root()))
    return tree


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as session:
        session.add(LedgerRow(slug=SLUG, origin="ledger.example/river", size=0, root=EMPTY_ROOT))
        session.add(LedgerRow(slug="other", origin="ledger.example/other", size=0, root=EMPTY_ROOT))
    with database.appending() as opened:
        yield opened


@pytest.mark.parametrize("batch", [1, 7, 70])
def test_append__one_by_one_or_in_batches__gives_the_tree_of_the_entries(
    connection: Connection, database: Database, reads: SqlReads, batch: int
) -> None:
    tree = CompactRange.empty()
    for start in range(0, len(CONTENTS), batch):
        tree = append(connection, tree, CONTENTS[start : start + batch])
    with database.reading() as session:
        for size in range(len(CONTENTS) + 1):
            head = head_of(session, SLUG, TreeSize(size))
            assert head == Head(TreeSize(size), RootHash(mth(CONTENTS[:size])))
        assert head_of(session, "other") == Head(TreeSize(0), EMPTY_ROOT)
    rows = reads.entries(SLUG, 0, 1000)
    assert [row.content for row in rows] == CONTENTS
    assert [row.index for row in rows] == list(range(len(CONTENTS)))


def test_append__to_a_tree_that_moved_on__is_refused_and_undone(
    connection: Connection, database: Database
) -> None:
    tree = append(connection, CompactRange.empty(), CONTENTS[:3])
    append(connection, tree, CONTENTS[3:5])
    with pytest.raises(IntegrityError):
        append(connection, tree, CONTENTS[5:6])
    with database.reading() as session:
        assert head_of(session, SLUG).size == 5


def test_append__left_before_its_commit__leaves_nothing(
    connection: Connection, database: Database, reads: SqlReads
) -> None:
    tree = append(connection, CompactRange.empty(), CONTENTS[:3])
    with connection.begin() as transaction:
        append_entries(connection, SLUG, tree, [stored(CONTENTS[3])])
        transaction.rollback()
    with database.reading() as session:
        assert head_of(session, SLUG).size == 3
    assert [row.content for row in reads.entries(SLUG, 0, 1000)] == CONTENTS[:3]
    assert append(connection, tree, CONTENTS[3:]).root() == mth(CONTENTS)


def test_append__through_a_driver_that_takes_names__writes_the_same(
    connection: Connection, database: Database, tmp_path: Path
) -> None:
    """PostgreSQL's driver takes parameters by name; SQLite's can be told to."""
    tree = append(connection, CompactRange.empty(), CONTENTS[:3])
    engine = create_engine(f"sqlite:///{tmp_path / 'psephos.sqlite'}", paramstyle="named")
    with engine.connect() as named:
        append(named, tree, CONTENTS[3:])
    engine.dispose()
    with database.reading() as session:
        assert head_of(session, SLUG).root == mth(CONTENTS)
