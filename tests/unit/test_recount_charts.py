"""Charts: the right kind for each method, the same bytes each time, all names and figures in them."""

import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from backend.domain.messages import Language
from backend.domain.methods.contest import OptionMethodName
from backend.domain.recount.counting import Terms, recount
from backend.domain.recount.labels import Labels
from backend.recount_charts import ENDINGS, draw_chart
from tests.support.ballot_files import BLT, MARKS, RANKINGS, SCOTTISH, read

PNG = b"\x89PNG\r\n\x1a\n"
CASES: list[tuple[str, str, OptionMethodName, Terms, set[str]]] = [
    (RANKINGS, "csv", "schulze", Terms(), {"1 Ada", "40", "75", "1", "3"}),
    (RANKINGS, "csv", "ranked_pairs", Terms(), {"1 Ada", "2 Bede", "3 Cleo"}),
    (SCOTTISH, "csv", "stv_scottish", Terms(), {"Charlotte", "4 ✓", "2 ✓", "Round 3\n(3)"}),
    (SCOTTISH, "csv", "stv_meek", Terms(), {"Charlotte", "Basil"}),
    (SCOTTISH, "csv", "instant_runoff", Terms(seats=1), {"Charlotte", "4 ✓"}),
    (SCOTTISH, "csv", "two_round", Terms(seats=1), {"Charlotte", "4 ✓"}),
    (MARKS, "csv", "majority_judgement", Terms(grades=3), {"Ada (good)", "Bede (bad)", "fair"}),
    (MARKS, "csv", "score", Terms(highest=2), {"Ada", "8", "4", "0", "Totals"}),
    (BLT, "blt", "approval", Terms(), {"Adam", "9", "A title"}),
]


def drawn(
    text: str,
    ending: str,
    method: OptionMethodName,
    terms: Terms,
    *,
    chart: str = "svg",
    language: Language = "en",
) -> bytes:
    election = read(text, ending)
    words = ("bad", "fair", "good") if terms.grades else ()
    labels = Labels(title=election.title, names=election.names, grades=words, language=language)
    return draw_chart(recount(election, method, terms), labels, chart)


def texts(svg: bytes) -> set[str]:
    """Return what an SVG says; the lines of one text are joined."""
    root = ET.fromstring(svg)  # noqa: S314 - we drew it
    found = set()
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        lines = [
            "".join(each.itertext()) for each in group.findall("{http://www.w3.org/2000/svg}text")
        ]
        found |= {*lines, "\n".join(lines)}
    return found


@pytest.mark.parametrize(("text", "ending", "method", "terms", "says"), CASES)
def test_chart__of_each_kind__says_names_and_figures(
    text: str, ending: str, method: OptionMethodName, terms: Terms, says: set[str]
) -> None:
    assert says <= texts(drawn(text, ending, method, terms))


@pytest.mark.parametrize("chart", ENDINGS)
def test_chart__drawn_twice__is_the_same_bytes_without_a_date(chart: str) -> None:
    first = drawn(RANKINGS, "csv", "schulze", Terms(), chart=chart)
    assert first == drawn(RANKINGS, "csv", "schulze", Terms(), chart=chart)
    assert b"date>" not in first
    assert first.startswith(PNG) == (chart == "png")


def test_chart__in_another_process_with_other_settings__is_the_same_bytes() -> None:
    program = (
        "import sys, matplotlib; matplotlib.rcParams.update({'font.size': 30, 'svg.fonttype': 'path'});"
        "from tests.unit.test_recount_charts import drawn, RANKINGS, Terms;"
        "sys.stdout.buffer.write(drawn(RANKINGS, 'csv', 'schulze', Terms()))"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert other.stdout == drawn(RANKINGS, "csv", "schulze", Terms())


def test_chart__in_french__speaks_french() -> None:
    said = texts(drawn(SCOTTISH, "csv", "instant_runoff", Terms(seats=1), language="fr"))
    assert {"Retenus\u00a0: Charlotte", "vote alternatif"} <= {*said, *" ".join(said).split("\n")}


@pytest.mark.parametrize("name", ["$\\frac{1}{2}$ & <b>", "李清照 😀", "x" * 200])
def test_chart__of_odd_names__shows_them_as_text(name: str) -> None:
    text = RANKINGS.replace("Ada = ", "").replace("Ada", name)
    methods: tuple[OptionMethodName, ...] = ("schulze", "instant_runoff", "plurality")
    for method in methods:
        said = " ".join(texts(drawn(text, "csv", method, Terms())))
        assert (name if len(name) < 28 else f"{'x' * 27}…") in said


def test_chart__of_blank_ballots_alone__is_drawn() -> None:
    blank = "rankings,Ada,Bede\n3\n"
    methods: tuple[OptionMethodName, ...] = (
        "schulze", "instant_runoff", "stv_scottish", "stv_meek", "plurality",
    )  # fmt: skip
    for method in methods:
        assert b"nobody" in drawn(blank, "csv", method, Terms())
    grades = drawn("marks,Ada,Bede\n3\n", "csv", "majority_judgement", Terms(grades=3))
    assert b"nobody" in grades


def test_chart__of_fifty_options__is_drawn() -> None:
    header = "rankings," + ",".join(f"n{number}" for number in range(50))
    rows = "".join(f"{number + 1},n{number},n{(number + 7) % 50}\n" for number in range(50))
    said = texts(drawn(f"{header}\n{rows}", "csv", "schulze", Terms()))
    assert len([each for each in said if re.fullmatch(r"\d+ n\d+", each)]) == 50
    assert drawn(f"{header}\n{rows}", "csv", "instant_runoff", Terms())
