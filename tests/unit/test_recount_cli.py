"""``psephos recount``: what it prints, what it draws, what it refuses and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli import app
from tests.support.ballot_files import BLT, MARKS, RANKINGS, SOI

WITHOUT_CHARTS = (
    "import sys; sys.modules.update(dict.fromkeys(['matplotlib', 'fastapi', 'sqlmodel', 'rich']));"
    "from backend.cli import app; app(sys.argv[1:])"
)


def psephos(*arguments: object, language: str = "C") -> Result:
    environment = {"LC_ALL": language, "LC_MESSAGES": "", "LANG": ""}
    return CliRunner().invoke(app, ["recount", *map(str, arguments)], env=environment)


@pytest.fixture
def ballots(tmp_path: Path) -> Path:
    file = tmp_path / "ballots.csv"
    file.write_text(RANKINGS, "utf-8")
    return file


def test_recount__of_a_file__prints_the_count(ballots: Path) -> None:
    result = psephos(ballots, "--method", "schulze")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Method: Condorcet, Schulze\n")
    assert result.stdout.endswith("\nChosen: Ada\n")


@pytest.mark.parametrize("option", ["--lang", "--language"])
def test_recount__in_french__speaks_french(ballots: Path, option: str) -> None:
    asked = psephos(ballots, "--method", "schulze", option, "fr")
    assert asked.stdout.endswith("\nRetenus\u00a0: Ada\n")
    by_environment = psephos(ballots, "--method", "schulze", language="fr_FR.UTF-8")
    assert by_environment.stdout == asked.stdout


def test_recount__as_json__prints_the_exact_tally(ballots: Path) -> None:
    result = psephos(ballots, "--method", "plurality", "--format", "json", "--seats", "2")
    tally = json.loads(result.stdout)["tally"]
    assert (tally["method"], tally["seats"], tally["blank"]) == ("plurality", 2, 3)
    assert tally["elected"] == ["ada", "bede"]


def test_recount__with_grades_of_words__uses_them(tmp_path: Path) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(MARKS, "utf-8")
    result = psephos(file, "--method", "majority_judgement", "--grades", "bad, fair,good")
    assert "bad  fair  good" in result.stdout
    assert psephos(file, "--method", "score", "--highest", 2).exit_code == 0
    budget = tmp_path / "budget.csv"
    budget.write_text("marks,Ada,Bede\ncosts,30,50\n2,1,\n1,,1\n", "utf-8")
    bought = psephos(budget, "--method", "equal_shares", "--budget", 60)
    assert bought.stdout.endswith("\nChosen: Ada\n")


def test_recount__with_a_priority__follows_it(tmp_path: Path) -> None:
    file = tmp_path / "tie.csv"
    file.write_text("rankings,Ada,Bede\n1,Ada\n1,Bede\n", "utf-8")
    for priority, chosen in (("bede, ada", "Bede"), ("ada", "Ada")):
        result = psephos(file, "--method", "plurality", "--priority", priority)
        assert result.stdout.endswith(f"\nChosen: {chosen}\n")


def test_recount__wrong_file__says_line_and_remedy_and_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "wrong.blt"
    file.write_text(BLT.replace("3 1 3 4 0", "3 1 3 4"), "utf-8")
    result = psephos(file, "--method", "stv_meek")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Line 3: 3 1 3 4." in result.stderr
    assert "0 ends each ballot" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--method", "lottery"), ("--method", "schulze", "--seats", "0"), ()]
)
def test_recount__wrong_call__ends_with_2(ballots: Path, arguments: tuple[str, ...]) -> None:
    assert psephos(ballots, *arguments).exit_code == 2


def test_recount__file_that_is_not_there__ends_with_2(tmp_path: Path) -> None:
    result = psephos(tmp_path / "none.blt", "--method", "schulze")
    assert result.exit_code == 2
    assert "none.blt" in result.stderr


def test_recount__chart__is_written_beside_the_text(ballots: Path) -> None:
    chart = ballots.with_name("duels.svg")
    result = psephos(ballots, "--method", "schulze", "--chart", chart)
    assert result.stdout.endswith("\nChosen: Ada\n")
    assert chart.read_text("utf-8").startswith("<?xml")


def test_recount__chart_of_another_kind__is_refused_and_nothing_is_printed(ballots: Path) -> None:
    result = psephos(ballots, "--method", "schulze", "--chart", ballots.with_name("duels.pdf"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert ".svg" in result.stderr


def test_recount__chart_where_nothing_can_be_written__ends_with_2(ballots: Path) -> None:
    chart = ballots.with_name("none") / "duels.svg"
    result = psephos(ballots, "--method", "schulze", "--chart", chart)
    assert result.exit_code == 2
    assert "duels.svg" in result.stderr


def run_without_charts(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_CHARTS, "recount", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_recount__on_the_base_install__counts_and_names_the_extra_for_charts(
    tmp_path: Path,
) -> None:
    file = tmp_path / "ballots.soi"
    file.write_text(SOI, "utf-8")
    counted = run_without_charts(file, "--method", "schulze", "--lang", "en")
    assert (counted.returncode, counted.stderr) == (0, "")
    assert counted.stdout.endswith("Chosen: Charlotte\n")
    charted = run_without_charts(
        file, "--method", "schulze", "--lang", "en", "--chart", tmp_path / "a.svg"
    )
    assert charted.returncode == 1
    assert "psephos[charts]" in charted.stderr
    assert "Traceback" not in charted.stderr
