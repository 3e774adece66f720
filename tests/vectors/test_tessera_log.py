"""The whole published Tessera log: every checkpoint, tile and bundle reproduced byte for byte."""

from pathlib import Path

import pytest

from anchoring.adapters.log_directory import read_log, write_log
from anchoring.core.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from anchoring.core.merkle import (
    LeafNodes,
    consistency_proof,
    leaf_hash,
    root_at,
    verify_consistency,
)
from anchoring.core.note import NoteSigner, NoteVerifier
from anchoring.core.tiles import (
    entry_files,
    parse_entries_path,
    parse_entry_bundle,
    parse_tile_path,
    tile_files,
)
from anchoring.core.types import Head, TreeSize
from tests.support.tessera_log import (
    CHECKPOINT_15,
    ENTRIES,
    ORIGIN,
    PRIVATE_KEY,
    VERIFIER_KEY,
)

NODES = LeafNodes([leaf_hash(entry) for entry in ENTRIES])
SIGNER = NoteSigner.from_text(PRIVATE_KEY)
VERIFIER = NoteVerifier.from_text(VERIFIER_KEY)
SIZES = [TreeSize(size) for size in range(16)]


@pytest.fixture
def log(vectors: Path) -> Path:
    return vectors / "tlog-tessera" / "log"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("size", SIZES)
def test_checkpoint__of_every_size__opens_and_is_signed_to_the_same_bytes(
    log: Path, size: TreeSize
) -> None:
    published = (log / f"checkpoint.{size}").read_bytes()
    expected = Checkpoint(ORIGIN, Head(size, root_at(size, NODES)))
    assert open_checkpoint(published, VERIFIER, origin=ORIGIN) == expected
    assert sign_checkpoint(expected, SIGNER) == published


def test_checkpoint__latest__is_the_one_quoted_in_our_tests(log: Path) -> None:
    assert (log / "checkpoint").read_bytes() == CHECKPOINT_15


def test_files__of_every_size__are_exactly_the_published_ones(log: Path) -> None:
    made: dict[str, bytes] = {}
    for size in SIZES:
        made |= dict(tile_files(size, NODES))
        made |= dict(entry_files(ENTRIES[:size]))
    published = {path: data for path, data in files_of(log).items() if path.startswith("tile/")}
    assert len(published) == 30
    assert made == published


def test_published_files__parsed__give_back_entries_and_hashes(log: Path) -> None:
    for path, data in files_of(log / "tile" / "entries").items():
        width = parse_entries_path(f"tile/entries/{path}").width
        assert parse_entry_bundle(data, width=width) == ENTRIES[:width]
    for path, data in files_of(log / "tile" / "0").items():
        assert len(data) == 32 * parse_tile_path(f"tile/0/{path}").width


@pytest.mark.parametrize("old_size", SIZES[1:])
def test_checkpoints__any_earlier_and_the_last__are_consistent(
    log: Path, old_size: TreeSize
) -> None:
    old = open_checkpoint((log / f"checkpoint.{old_size}").read_bytes(), VERIFIER, origin=ORIGIN)
    new = open_checkpoint(CHECKPOINT_15, VERIFIER, origin=ORIGIN)
    proof = consistency_proof(old_size, new.head.size, NODES)
    verify_consistency(old=old.head, new=new.head, proof=proof)


def test_read_log__published_folder__verifies(log: Path) -> None:
    assert read_log(log, VERIFIER, ORIGIN).entries == ENTRIES


def test_write_log__every_checkpoint__makes_the_published_folder(log: Path, tmp_path: Path) -> None:
    checkpoints = {size: (log / f"checkpoint.{size}").read_bytes() for size in SIZES}
    write_log(tmp_path, ENTRIES, checkpoints)
    published = {
        path: data for path, data in files_of(log).items() if not path.startswith("checkpoint.")
    }
    assert files_of(tmp_path) == published
