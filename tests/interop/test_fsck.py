"""Tessera's fsck reads our logs as they lie: it accepts them, and refuses them with one byte changed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from anchoring.adapters.log_directory import write_log
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import LeafNodes, leaf_hash, root_at
from anchoring.core.note import NoteSigner
from anchoring.core.tiles import bundle_addresses, entries_path, tile_addresses, tile_path
from anchoring.core.trust import parse_trust
from anchoring.core.types import Head, TreeSize
from tests.support.demo_process import finish, start
from tests.support.peer_process import free_port, peer, running

pytestmark = pytest.mark.interop

SIGNER = NoteSigner.from_seed("ledger.example/large", bytes(range(32)))
SIZES = (TreeSize(1), TreeSize(70_001), TreeSize(100_300))
"""Published checkpoints; the last leaves a partial tile on every level and a partial bundle."""

WORKERS = 512
"""Above the number of tiles of any log here: a worker of fsck ends at the first fault it meets, and
once all have ended it waits for ever to hand over the next tile."""

TIMEOUT_S = 60
"""Bound on one run of fsck."""


class Log(NamedTuple):
    """A log and who signs it."""

    directory: Path
    origin: str
    key: str
    size: TreeSize


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, figures: list[str]) -> Log:
    """Over 100,000 entries, of every length from 8 to 207 bytes, written by our adapter."""
    directory = tmp_path_factory.mktemp("large")
    entries = [number.to_bytes(8, "big") + b"x" * (number % 200) for number in range(SIZES[-1])]
    nodes = LeafNodes([leaf_hash(entry) for entry in entries])
    heads = [Head(size, root_at(size, nodes)) for size in SIZES]
    notes = {head.size: sign_checkpoint(Checkpoint(SIGNER.name, head), SIGNER) for head in heads}
    started = time.monotonic()
    write_log(directory, entries, notes)
    figures.append(f"write_log of {SIZES[-1]} entries: {time.monotonic() - started:.1f} s")
    return Log(directory, SIGNER.name, SIGNER.verifier.to_text(), SIZES[-1])


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished demonstration."""
    out = tmp_path_factory.mktemp("demo") / "out"
    finish(start("--out", str(out)))
    return out


@pytest.fixture
def demo(demonstration: Path) -> Log:
    """The ledger of the demonstration, as its bundle holds it."""
    trust = parse_trust((demonstration / "trust.json").read_bytes())
    ledger = demonstration / "ledger"
    size = (ledger / "checkpoint").read_text("utf-8").split("\n")[1]
    return Log(ledger, trust.origin, trust.log_key.to_text(), TreeSize(int(size)))


def fsck(log: Log, tmp_path: Path, url: str | None = None) -> tuple[bool, str]:
    """Whether fsck accepts the log, and all it said; its exit code is 0 either way.

    Args:
        log: The log.
        tmp_path: Where the key is put.
        url: Where to read the log, when not in its directory.
    """
    key = tmp_path / "log.vkey"
    key.write_text(log.key, "utf-8")
    run = subprocess.run(
        [
            peer("fsck"),
            *("--storage_url", url or f"{log.directory.as_uri()}/", "--origin", log.origin),
            *("--public_key", key, "--N", str(WORKERS), "--ui=false", "--logtostderr"),
        ],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    accepted = f"Successfully fsck'd log with size {log.size} " in run.stderr
    assert accepted != ("fsck failed" in run.stderr), run.stderr
    return accepted, run.stderr


@contextmanager
def one_byte_changed(path: Path, position: int) -> Iterator[None]:
    genuine = path.read_bytes()
    changed = bytearray(genuine)
    changed[position] ^= 1
    path.write_bytes(changed)
    try:
        yield
    finally:
        path.write_bytes(genuine)


def required_files(log: Log) -> list[Path]:
    """Every file but the checkpoint that a reader of the newest size needs."""
    tiles = [tile_path(*address) for address in tile_addresses(log.size)]
    bundles = [entries_path(*address) for address in bundle_addresses(log.size)]
    return [log.directory / path for path in (*tiles, *bundles)]


def test_fsck__of_a_log_of_over_100_000_entries__accepts_it(
    large: Log, tmp_path: Path, figures: list[str]
) -> None:
    started = time.monotonic()
    accepted, said = fsck(large, tmp_path)
    figures.append(f"fsck of {large.size} entries: {time.monotonic() - started:.1f} s")
    assert large.size >= 100_000
    assert accepted, said


def test_fsck__of_the_demonstration__accepts_it(demo: Log, tmp_path: Path) -> None:
    accepted, said = fsck(demo, tmp_path)
    assert accepted, said


def test_fsck__of_what_export_log_writes__accepts_it(
    demo: Log, demonstration: Path, tmp_path: Path
) -> None:
    folder, slug = tmp_path / "log", demo.origin.rpartition("/")[2]
    command = ["export-log", slug, str(folder), "--data", str(demonstration / "server")]
    subprocess.run([sys.executable, "-m", "backend.cli", *command], check=True, timeout=TIMEOUT_S)
    accepted, said = fsck(demo._replace(directory=folder), tmp_path)
    assert accepted, said


def test_fsck__of_a_running_server__accepts_it(
    demo: Log, demonstration: Path, tmp_path: Path
) -> None:
    slug, port = demo.origin.rpartition("/")[2], free_port()
    command = [
        *(sys.executable, "-m", "backend.cli", "serve", "--port", str(port)),
        *("--data", str(demonstration / "server")),
    ]
    url = f"http://127.0.0.1:{port}/log/{slug}/"
    with running(command, log=tmp_path / "serve.log", ready=lambda: is_served(url)):
        accepted, said = fsck(demo, tmp_path, url)
    assert accepted, said


def is_served(url: str) -> bool:
    try:
        return httpx.get(f"{url}checkpoint").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def test_fsck__of_a_checkpoint_with_one_byte_changed__refuses_it(
    large: Log, demo: Log, tmp_path: Path
) -> None:
    """Origin, size, root and signature, in turn; the last two characters are padding and line feed."""
    for log in (large, demo):
        checkpoint = log.directory / "checkpoint"
        origin, size, root, _, signature = checkpoint.read_bytes().split(b"\n")[:5]
        ends = (len(origin), len(size) + 1, len(root) + 1, len(signature) - 2)
        position = 0
        for length in ends:
            position += length
            with one_byte_changed(checkpoint, position - 2):
                assert not fsck(log, tmp_path)[0]
    assert fsck(large, tmp_path)[0]


@pytest.mark.parametrize("part", ["first", "middle", "last"])
def test_fsck__of_a_tile_or_bundle_with_one_byte_changed__refuses_it(
    large: Log, tmp_path: Path, part: str
) -> None:
    """The first and the last file of each kind and level, so that full and partial ones are met."""
    by_folder: dict[str, list[Path]] = {}
    for path in required_files(large):
        by_folder.setdefault(path.relative_to(large.directory).parts[1], []).append(path)
    assert sorted(by_folder) == ["0", "1", "2", "entries"]
    chosen = {path for paths in by_folder.values() for path in (paths[0], paths[-1])}
    assert len(chosen) == 2 + 2 + 1 + 2
    for path in sorted(chosen):
        length = path.stat().st_size
        position = {"first": 0, "middle": length // 2, "last": length - 1}[part]
        with one_byte_changed(path, position):
            accepted, said = fsck(large, tmp_path)
        assert not accepted, f"{path} byte {position}:\n{said}"


def test_fsck__of_the_demonstration_with_one_byte_of_any_file_changed__refuses_it(
    demo: Log, tmp_path: Path
) -> None:
    for path in required_files(demo):
        with one_byte_changed(path, path.stat().st_size // 2):
            assert not fsck(demo, tmp_path)[0], path


def test_fsck__of_a_log_under_another_key_or_origin__refuses_it(demo: Log, tmp_path: Path) -> None:
    other = NoteSigner.from_seed(demo.origin, b"\x09" * 32).verifier.to_text()
    assert not fsck(demo._replace(key=other), tmp_path)[0]
    assert not fsck(demo._replace(origin=f"{demo.origin}x"), tmp_path)[0]
