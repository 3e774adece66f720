"""The example of docs/formats/tally.md is what this release counts."""

from pathlib import Path

from backend.domain.methods import count_choices
from backend.domain.methods.contest import Contest
from backend.domain.methods.tally import Round, Tally, format_tally, parse_tally

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "tally.md"


def example(name: str) -> str:
    """Return the fenced block that follows the marker of that name."""
    text = PAGE.read_text(encoding="utf-8")
    return text.split(f"<!-- example: {name} -->\n```", 1)[1].partition("\n")[2].partition("```")[0]


def test_tally_page__choices__give_the_document() -> None:
    contest = Contest(options=("bridge", "ferry", "tunnel"))
    choices = example("choices").splitlines()
    document = format_tally(count_choices("instant_runoff", choices, contest))
    assert document.decode() == example("tally").strip()


def test_tally_page__document__reads_back() -> None:
    content = example("tally").strip().encode()
    assert format_tally(parse_tally(content)) == content


def test_tally_page__every_field__has_a_row() -> None:
    text = PAGE.read_text(encoding="utf-8")
    cells = {
        name.strip(" `")
        for line in text.splitlines()
        if line.startswith("| `")
        for name in line.split("|")[1].split(",")
    }
    assert cells == {*Tally.__struct_fields__, *Round.__struct_fields__}
