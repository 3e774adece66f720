"""docs/methods.md: every example is recounted, and what it says of the code is so."""

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.domain.methods import yes_no_abstain
from backend.domain.methods.contest import MAX_OPTIONS, OptionMethodName
from backend.domain.quantities import Ratio
from backend.domain.recount.formats import PARSERS, parse_election
from backend.domain.recount.lines import MAX_BALLOTS, MAX_FILE_BYTES
from backend.domain.rulebook.rule import Threshold

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text("utf-8")
FRENCH = (ROOT / "docs" / "methods.fr.md").read_text("utf-8")
FILES = dict(re.findall(r"```csv (\S+\.csv)\n(.*?)```", PAGE, re.DOTALL))
CALLS = [
    (call, lines.splitlines())
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for call, lines in re.findall(r"\$ psephos recount (.*?)\n((?:(?!\$).*\n)*)", block)
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("methods")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("call", "shown"), CALLS, ids=[call for call, _ in CALLS])
def test_methods_page__each_example__prints_what_the_page_shows(
    desk: Path, call: str, shown: list[str]
) -> None:
    name, *options = shlex.split(call)
    result = CliRunner().invoke(app, ["recount", str(desk / name), *options, "--lang", "en"])
    assert result.exit_code == 0, result.stderr
    printed = iter(result.stdout.splitlines())
    assert shown
    for line in shown:
        assert line in printed  # in this order: the iterator goes on where it was


def test_methods_page__every_method__has_an_example_and_is_named() -> None:
    methods = set(get_args(OptionMethodName))
    assert {re.search(r"--method (\w+)", call)[1] for call, _ in CALLS} == methods  # type: ignore[index]  # each has one
    named = re.search(r"\| `--method` \| (.*?) \|", PAGE)
    assert named is not None
    assert re.findall(r"`(\w+)`", named[1]) == list(get_args(OptionMethodName))


def test_methods_page__each_file__is_read() -> None:
    assert len(FILES) == 19
    for text in FILES.values():
        assert parse_election(text.encode(), "csv").names


def test_methods_page__formats_and_limits__are_those_of_the_code() -> None:
    for ending in PARSERS:
        assert f"`.{ending}`" in PAGE
    assert (
        f"at most {MAX_FILE_BYTES >> 20} MiB, {MAX_OPTIONS} options, {MAX_BALLOTS:,} ballots"
        in PAGE
    )


def test_methods_page__abstentions__weigh_as_it_says() -> None:
    counts = {"yes": 10, "no": 8, "abstain": 7}
    more_than_half = Threshold(Ratio(1, 2), strict=True)
    for base, carried in (("valid", (True, 18)), ("cast", (False, 25))):
        assert (
            yes_no_abstain.carried(
                counts,
                threshold=more_than_half,
                base=base,  # type: ignore[arg-type]  # two of the bases
                electors=0,
                attending=0,
            )
            == carried
        )


def test_methods_page__reasons_of_differences__are_those_of_the_comparisons() -> None:
    sources = (ROOT / "tests" / "oracles").glob("*.py")
    reasons = {
        reason
        for path in sources
        if not path.name.startswith(("test_", "__"))
        for reason in re.findall(r'^[A-Z_]+ = "([^"{]+)"$', path.read_text("utf-8"), re.MULTILINE)
    }
    told = re.findall(
        r"^\| [^|]+ \| [^|]+ \| ([^|]+) \| [^|]+ \|$",
        PAGE.partition("## Differences")[2],
        re.MULTILINE,
    )
    assert reasons
    assert reasons == set(told) - {"reason", "---"}


def test_french_page__its_example__chooses_whom_it_says(tmp_path: Path) -> None:
    text = re.search(r"```csv bulletins.csv\n(.*?)```", FRENCH, re.DOTALL)
    assert text is not None
    file = tmp_path / "bulletins.csv"
    file.write_text(text[1], "utf-8")
    result = CliRunner().invoke(app, ["recount", str(file), "--method", "schulze", "--lang", "fr"])
    assert result.stdout.endswith("Retenus\u00a0: Ada\n")


def test_french_page__methods__are_all_named() -> None:
    assert set(get_args(OptionMethodName)) <= set(re.findall(r"`(\w+)`", FRENCH))


@pytest.mark.parametrize("page", [PAGE, FRENCH])
def test_methods_pages__links_within__lead_somewhere(page: str) -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings
