"""``psephos rulebook``: reports, documents and refusals, with exit codes a script can rely on."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli import app
from backend.domain.rulebook.book import parse_rulebook

EXAMPLES = Path(__file__).parents[2] / "examples"


def psephos(*arguments: object, language: str = "") -> Result:
    environment = {"LC_ALL": language, "LC_MESSAGES": "", "LANG": ""}
    return CliRunner().invoke(app, ["rulebook", *map(str, arguments)], env=environment)


def model(folder: str) -> tuple[Path, Path]:
    return EXAMPLES / folder / "rulebook-v1.yaml", EXAMPLES / folder / "statuts-v1.txt"


@pytest.mark.parametrize(
    ("folder", "code"), [("registre-citoyens", 0), ("conference-citoyenne", 0), ("cooperation", 1)]
)
def test_lint__model__ends_with_1_only_where_numbers_are_wrong(folder: str, code: int) -> None:
    result = psephos("lint", *model(folder), "--lang", "en")

    assert result.exit_code == code
    assert result.stdout.startswith("Report on: ")


def test_lint__no_language_given__speaks_that_of_the_environment() -> None:
    assert "Rapport sur" in psephos("lint", *model("cooperation"), language="fr_FR.UTF-8").stdout
    assert "Report on" in psephos("lint", *model("cooperation"), language="C").stdout


def test_compile__model__writes_a_rulebook_that_reads_back(tmp_path: Path) -> None:
    output = tmp_path / "rulebook.json"

    written = psephos("compile", *model("cooperation"), "--output", output)
    shown = psephos("compile", *model("cooperation"))

    assert (written.exit_code, shown.exit_code) == (0, 0)
    assert parse_rulebook(output.read_bytes()) == parse_rulebook(shown.stdout.strip().encode())


@pytest.mark.parametrize("command", ["lint", "compile"])
def test_commands__broken_source__say_what_to_write_and_end_with_1(
    command: str, tmp_path: Path
) -> None:
    source, statutes = model("cooperation")
    broken = tmp_path / "broken.yaml"
    broken.write_text(source.read_text("utf-8").replace("at least 1/1", "everyone"), "utf-8")

    result = psephos(command, broken, statutes, "--lang", "en")

    assert result.exit_code == 1
    assert "more than 1/2" in result.stderr


def test_commands__file_that_is_not_there__end_with_2(tmp_path: Path) -> None:
    result = psephos("lint", tmp_path / "none.yaml", model("cooperation")[1])

    assert result.exit_code == 2
    assert "none.yaml" in result.stderr


def test_schema__printed__is_the_published_one() -> None:
    published = EXAMPLES.parent / "docs" / "formats" / "rulebook.schema.json"

    assert psephos("schema").stdout == published.read_text("utf-8")
