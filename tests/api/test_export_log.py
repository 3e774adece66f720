"""``psephos export-log``: the log as static files, and nothing else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from anchoring.adapters.log_directory import read_log
from backend.cli import app
from backend.domain.errors import NotFoundError
from tests.support.http_world import World, opened
from tests.support.model_organisation import SLUG


def files_in(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_export_log__over_an_earlier_one__is_the_ledger_of_the_bundle_and_nothing_else(
    lived: World, tmp_path: Path
) -> None:
    archive = lived.container.archive
    archive.export(SLUG, tmp_path / "bundle")
    size = archive.export_log(SLUG, tmp_path / "log")
    assert archive.export_log(SLUG, tmp_path / "log") == size
    assert files_in(tmp_path / "log") == files_in(tmp_path / "bundle" / "ledger")
    trust = archive.trust(SLUG)
    assert len(read_log(tmp_path / "log", trust.log_key, trust.origin).entries) == size


def test_export_log__of_no_organisation_or_before_a_checkpoint__writes_nothing(
    founded: World, tmp_path: Path
) -> None:
    for slug in ("none", SLUG):
        with pytest.raises(NotFoundError):
            founded.container.archive.export_log(slug, tmp_path / "log")
    assert not (tmp_path / "log").exists()


def test_command__twice_with_an_act_between__brings_the_files_up_to_date(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "www" / "log"
    arguments = ["export-log", SLUG, str(log), "--data", str(data)]
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        first = CliRunner().invoke(app, arguments)
        before = files_in(log)
        world.act_as_chair("bridge")
        world.worker.step_all()
        second = CliRunner().invoke(app, arguments)
    after = files_in(log)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert (first.output, second.output) == (f"{log}: 1 entries\n", f"{log}: 2 entries\n")
    assert set(before) == {"checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"}
    assert set(after) - set(before) == {"tile/0/000.p/2", "tile/entries/000.p/2"}
    assert {path for path in before if before[path] != after[path]} == {"checkpoint"}


def test_command__where_another_history_is__is_refused_and_leaves_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for name in ("one", "two"):
        with opened(tmp_path / name) as world:
            world.found()
            world.worker.step_all()
            arguments = ["export-log", SLUG, str(log), "--data", str(tmp_path / name)]
            result = CliRunner().invoke(app, arguments)
        if name == "one":
            kept = files_in(log)
    assert result.exit_code == 1
    assert "log.history" in result.output
    assert files_in(log) == kept


@pytest.mark.parametrize("slug", ["none", SLUG])
def test_command__nothing_signed__is_refused(tmp_path: Path, slug: str) -> None:
    log = tmp_path / "log"
    with opened(tmp_path / "data") as world:
        world.found()
        arguments = ["export-log", slug, str(log), "--data", str(tmp_path / "data")]
        result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert not log.exists()
