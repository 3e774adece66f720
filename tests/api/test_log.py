"""The log over HTTP is the log of the exported bundle, file by file."""

from pathlib import Path

import pytest

from anchoring.core.checkpoint import open_checkpoint
from anchoring.core.trust import parse_trust
from tests.support.http_world import World
from tests.support.model_organisation import SLUG


def test_log__every_file_of_the_bundle__is_served_alike(lived: World, tmp_path: Path) -> None:
    lived.container.archive.export(SLUG, tmp_path)
    ledger = tmp_path / "ledger"
    files = [path for path in ledger.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        response = lived.client.get(f"/log/{SLUG}/{path.relative_to(ledger).as_posix()}")
        assert response.content == path.read_bytes()


def test_log__checkpoint__is_signed_by_the_key_of_the_trust_file(lived: World) -> None:
    response = lived.client.get(f"/log/{SLUG}/checkpoint")
    trust = parse_trust(lived.client.get(f"{lived.root}/trust").content)
    checkpoint = open_checkpoint(response.content, trust.log_key, origin=trust.origin)
    assert checkpoint.head.size == lived.client.get(lived.root).json()["size"]
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=1"


def test_log__tile__never_changes(lived: World) -> None:
    response = lived.client.get(f"/log/{SLUG}/tile/0/000.p/1")
    assert len(response.content) == 32
    assert "immutable" in response.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/0/000.p/0",
        "tile/00/000.p/1",
        "tile/entries/000",
        "tile/entries/000.p/255",
        "tile/entries/../000.p/1",
        "tile/0/000.p/1/",
        "tile/nonsense",
    ],
)
def test_log__file_that_no_checkpoint_covers__is_not_found(lived: World, path: str) -> None:
    assert lived.client.get(f"/log/{SLUG}/{path}").status_code == 404


def test_log__before_the_first_checkpoint__is_not_found(founded: World) -> None:
    assert founded.client.get(f"/log/{SLUG}/checkpoint").json()["code"] == "checkpoint.unknown"
    assert founded.client.get(f"/log/{SLUG}/tile/0/000.p/1").status_code == 404


def test_log__of_no_organisation__is_not_found(world: World) -> None:
    assert world.client.get("/log/none/checkpoint").status_code == 404
