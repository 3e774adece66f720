"""A ledger written to a directory reads back verified; every damaged file is found and named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anchoring.adapters.log_directory import read_log, write_log
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.errors import MalformedError, UnavailableError, VerificationError
from anchoring.core.merkle import leaf_hash, root
from anchoring.core.note import NoteSigner
from anchoring.core.types import Head, RootHash, TreeSize

ORIGIN = "ledger.example/coop"
SIGNER = NoteSigner.from_seed(ORIGIN, bytes(range(32)))
ENTRIES = tuple(f"entry {index}".encode() for index in range(600))


def checkpoint_of(size: int, entries: tuple[bytes, ...] = ENTRIES) -> bytes:
    leaves = [leaf_hash(entry) for entry in entries[:size]]
    return sign_checkpoint(Checkpoint(ORIGIN, Head(TreeSize(size), root(leaves))), SIGNER)


def checkpoints_of(*sizes: int) -> dict[TreeSize, bytes]:
    return {TreeSize(size): checkpoint_of(size) for size in sizes}


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    write_log(folder, ENTRIES, checkpoints_of(600))
    return folder


def read(folder: Path) -> tuple[bytes, ...]:
    return read_log(folder, SIGNER.verifier, ORIGIN).entries


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 600])
def test_log__written_at_any_size__reads_back(tmp_path: Path, size: int) -> None:
    write_log(tmp_path / "new", ENTRIES, checkpoints_of(size))
    verified = read_log(tmp_path / "new", SIGNER.verifier, ORIGIN)
    assert verified.entries == ENTRIES[:size]
    assert verified.checkpoint.head.size == size


def test_write_log__600_entries__makes_these_files_and_no_other(log: Path) -> None:
    assert names_in(log) == {
        "checkpoint",
        *("tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"),
        *("tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"),
    }


def test_write_log__several_checkpoints__keeps_the_partial_files_of_each(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES, checkpoints_of(10, 300, 520))
    assert names_in(tmp_path) == {
        "checkpoint",
        *("tile/0/000.p/10", "tile/0/000", "tile/0/001.p/44", "tile/0/001", "tile/0/002.p/8"),
        *("tile/1/000.p/1", "tile/1/000.p/2"),
        *("tile/entries/000.p/10", "tile/entries/000", "tile/entries/001.p/44"),
        *("tile/entries/001", "tile/entries/002.p/8"),
    }
    assert (tmp_path / "checkpoint").read_bytes() == checkpoint_of(520)
    for size in (10, 300, 520):
        (tmp_path / "checkpoint").write_bytes(checkpoint_of(size))
        assert read(tmp_path) == ENTRIES[:size]


def test_write_log__again_and_longer__adds_files_and_changes_none(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES[:300], checkpoints_of(300))
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names_in(tmp_path)}
    write_log(tmp_path, ENTRIES, checkpoints_of(300, 600))
    write_log(tmp_path, ENTRIES, checkpoints_of(600))
    for name, written_at in before.items():
        if name != "checkpoint":
            assert (tmp_path / name).stat().st_mtime_ns == written_at
    assert read(tmp_path) == ENTRIES


def test_write_log__after_a_crash_that_left_a_temporary_file__completes(tmp_path: Path) -> None:
    (tmp_path / "tile/0").mkdir(parents=True)
    (tmp_path / "tile/0/.000.tmp").write_bytes(b"half")
    write_log(tmp_path, ENTRIES, checkpoints_of(600))
    assert "tile/0/.000.tmp" not in names_in(tmp_path)
    assert read(tmp_path) == ENTRIES


@pytest.mark.parametrize("size", [600, 300, 1])
def test_write_log__other_history__is_refused_and_old_one_still_reads(
    tmp_path: Path, size: int
) -> None:
    # No file of the smaller sizes has the name of one of the larger.
    write_log(tmp_path, ENTRIES, checkpoints_of(size))
    before = names_in(tmp_path)
    forked = (b"other", *ENTRIES[1:])
    with pytest.raises(VerificationError) as caught:
        write_log(tmp_path, forked, {TreeSize(600): checkpoint_of(600, forked)})
    assert caught.value.step == "log.history"
    assert names_in(tmp_path) == before
    assert read(tmp_path) == ENTRIES[:size]


def test_write_log__other_origin__is_refused(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES, checkpoints_of(0))
    before = names_in(tmp_path)
    other = Checkpoint("ledger.example/other", Head(TreeSize(1), root([leaf_hash(ENTRIES[0])])))
    with pytest.raises(VerificationError) as caught:
        write_log(tmp_path, ENTRIES, {TreeSize(1): sign_checkpoint(other, SIGNER)})
    assert caught.value.step == "log.origin"
    assert names_in(tmp_path) == before


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_write_log__where_an_immutable_file_was_changed__is_refused(log: Path, name: str) -> None:
    damaged = (log / name).read_bytes()[:-1] + b"\x00"
    (log / name).write_bytes(damaged)
    with pytest.raises(VerificationError) as caught:
        write_log(log, ENTRIES, checkpoints_of(600))
    assert caught.value.step == "log.immutable"
    assert (log / name).read_bytes() == damaged


def test_write_log__smaller_than_published__is_refused(log: Path) -> None:
    with pytest.raises(VerificationError) as caught:
        write_log(log, ENTRIES, checkpoints_of(599))
    assert caught.value.step == "log.checkpoint"
    assert read(log) == ENTRIES


def test_write_log__no_or_too_large_checkpoint__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="none given"):
        write_log(tmp_path, ENTRIES, {})
    with pytest.raises(MalformedError, match="size 600 of 599 entries"):
        write_log(tmp_path, ENTRIES[:599], checkpoints_of(600))
    assert names_in(tmp_path) == set()


def test_write_log__checkpoint_of_other_size_or_root__is_refused(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match=r"log\.head"):
        write_log(tmp_path, ENTRIES, {TreeSize(599): checkpoint_of(600)})
    wrong = Checkpoint(ORIGIN, Head(TreeSize(599), RootHash(bytes(32))))
    with pytest.raises(VerificationError, match=r"log\.head"):
        write_log(tmp_path, ENTRIES, {TreeSize(599): sign_checkpoint(wrong, SIGNER)})
    assert names_in(tmp_path) == set()


def test_write_log__where_a_file_is_in_the_way__is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "tile").write_bytes(b"")
    with pytest.raises(UnavailableError):
        write_log(tmp_path, ENTRIES, checkpoints_of(600))
    assert "checkpoint" not in names_in(tmp_path)


FILES = [
    "tile/0/000",
    "tile/0/002.p/88",
    "tile/1/000.p/2",
    "tile/entries/000",
    "tile/entries/002.p/88",
    "checkpoint",
]


@pytest.mark.parametrize("name", FILES)
def test_read_log__missing_file__is_unavailable_and_named(log: Path, name: str) -> None:
    (log / name).unlink()
    with pytest.raises(UnavailableError) as caught:
        read(log)
    assert caught.value.what == str(log / name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data[:-1],
        lambda data: data + b"\x00",
        lambda _: b"",
    ],
    ids=["first bit", "last bit", "cut", "longer", "empty"],
)
def test_read_log__damaged_file__is_refused(
    log: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    path = log / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises((MalformedError, VerificationError)):
        read(log)


def test_read_log__other_entry_of_equal_length__fails_on_the_head(log: Path) -> None:
    path = log / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"entry 7\x00", b"entry 8\x00"))
    with pytest.raises(VerificationError) as caught:
        read(log)
    assert caught.value.step == "log.head"


def test_read_log__swapped_tile_hash__fails_on_the_tile(log: Path) -> None:
    path = log / "tile/1/000.p/2"
    data = path.read_bytes()
    path.write_bytes(data[32:] + data[:32])
    with pytest.raises(VerificationError) as caught:
        read(log)
    assert caught.value.step == "log.tile"
    assert caught.value.expected == "the hashes of tile/1/000.p/2"


def test_read_log__file_beyond_its_bound__is_refused(log: Path) -> None:
    (log / "tile/0/000").write_bytes(bytes(8193))
    with pytest.raises(MalformedError, match="longer than 8192 bytes"):
        read(log)


def test_read_log__partial_files_deleted_once_full__falls_back_to_full(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES, checkpoints_of(200, 512))
    (tmp_path / "tile/0/000.p/200").unlink()
    (tmp_path / "tile/entries/000.p/200").unlink()
    (tmp_path / "checkpoint").write_bytes(checkpoint_of(200))
    assert read(tmp_path) == ENTRIES[:200]
    full = tmp_path / "tile/0/000"
    full.write_bytes(full.read_bytes()[:-32])
    with pytest.raises(VerificationError, match=r"log\.tile"):
        read(tmp_path)


def test_read_log__other_key_or_origin__is_refused(log: Path) -> None:
    stranger = NoteSigner.from_seed(ORIGIN, bytes(32)).verifier
    with pytest.raises(VerificationError, match=r"note\.signatures"):
        read_log(log, stranger, ORIGIN)
    with pytest.raises(VerificationError, match=r"checkpoint\.origin"):
        read_log(log, SIGNER.verifier, "ledger.example/other")


def test_read_log__where_there_is_no_folder__is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        read(tmp_path / "missing")
