"""Elections that were held, recounted by the command as anyone would: winners, duels and stages."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.domain.methods.contest import OptionMethodName
from backend.domain.recount.counting import Terms, recount
from backend.domain.recount.formats import parse_election

DEBIAN_2005 = "debian-2005-leader.soi"
DEBIAN_2010 = "debian-2010-leader.soi"
EILEAN_SIAR = "eilean_siar_2012_ward3.csv"

MATRIX_2005 = """\
  -   50   47   29   98   64  116
394    -  236  239  385  275  390
420  248    -  266  375  290  378
440  244  222    -  393  288  392
314   60   95   80    -  139  270
378  185  184  196  307    -  351
337   75  107  101  184  120    -
"""
"""Row over column, options in the order of the file: its own figures, not those of the official vote."""

DEVELOPERS = {DEBIAN_2005: 964, DEBIAN_2010: 886}
"""Developers during the vote: https://lists.debian.org/debian-vote/2006/04/msg00000.html for 2005,
https://www.debian.org/vote/2010/vote_001 for 2010."""

DEFAULT = {DEBIAN_2005: "none-of-the-above", DEBIAN_2010: "none-of-the-above"}
"""The option that every other has to beat."""


@dataclass(frozen=True)
class Count:
    """What the command says of a file."""

    tally: dict[str, object]
    names: dict[str, str]

    def named(self, key: str) -> list[str]:
        """Return names of the options under a key of the tally."""
        options = self.tally[key]
        assert isinstance(options, list)
        return [self.names[option] for option in options]


def counted(vectors: Path, file: str, method: str, *arguments: str) -> Count:
    path = vectors / "elections" / file
    command = ["recount", str(path), "--method", method, "--format", "json", *arguments]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    return Count(document["tally"], document["names"])


def test_debian_2005__by_schulze__has_the_matrix_of_the_file_and_the_official_winner(
    vectors: Path,
) -> None:
    count = counted(vectors, DEBIAN_2005, "schulze")
    options = list(parse_election((vectors / "elections" / DEBIAN_2005).read_bytes(), "soi").names)
    duels = count.tally["duels"]
    assert isinstance(duels, dict)
    for line, row in zip(MATRIX_2005.splitlines(), options, strict=True):
        shown = ["-" if row == each else str(duels[row][each]) for each in options]
        assert shown == line.split()
    assert count.named("elected") == ["Branden Robinson"]
    assert count.tally["valid"] == 504


def test_debian_2010__by_schulze__has_the_official_winner(vectors: Path) -> None:
    count = counted(vectors, DEBIAN_2010, "schulze")
    assert count.named("elected") == ["Stefano Zacchiroli"]
    assert count.tally["valid"] == 436


@pytest.mark.parametrize(
    ("file", "dropped"), [(DEBIAN_2005, {"jonathan-walther"}), (DEBIAN_2010, set())]
)
def test_debian__with_its_quorum_and_default_option__has_the_same_winner(
    vectors: Path, file: str, dropped: set[str]
) -> None:
    """Debian drops options that miss the quorum or lose to the default; Schulze alone keeps them.

    The quorum is three times half the root of the number of developers; squared, it needs no root. Source:
    Debian Constitution, 4.2 and A.5, https://www.debian.org/devel/constitution
    """
    election = parse_election((vectors / "elections" / file).read_bytes(), "soi")
    tally = recount(election, "schulze", Terms())
    assert tally.duels is not None
    default = DEFAULT[file]
    others = set(election.names) - {default}
    missed = {
        option
        for option in others
        if 4 * tally.duels[option][default] ** 2 < 9 * DEVELOPERS[file]
        or tally.duels[option][default] <= tally.duels[default][option]
    }
    assert missed == dropped
    assert tally.elected[0] not in missed
    kept = {option: row for option, row in tally.duels.items() if option not in missed}
    winner = tally.elected[0]
    assert all(kept[winner][each] > kept[each][winner] for each in kept if each != winner)


@pytest.mark.parametrize(
    ("file", "chosen"),
    [
        (
            DEBIAN_2005,
            {
                "plurality": "Branden Robinson",
                "two_round": "Branden Robinson",
                "approval": "Anthony Towns",
                "schulze": "Branden Robinson",
                "ranked_pairs": "Branden Robinson",
                "instant_runoff": "Branden Robinson",
            },
        ),
        (
            DEBIAN_2010,
            dict.fromkeys(
                (
                    "plurality",
                    "two_round",
                    "approval",
                    "schulze",
                    "ranked_pairs",
                    "instant_runoff",
                ),
                "Stefano Zacchiroli",
            ),
        ),
    ],
)
def test_debian__by_every_method_for_one__chooses_who_the_documentation_says(
    vectors: Path, file: str, chosen: dict[OptionMethodName, str]
) -> None:
    found = {method: counted(vectors, file, method).named("elected") for method in chosen}
    assert found == {method: [name] for method, name in chosen.items()}


def test_eilean_siar__by_the_scottish_rules__has_the_stages_of_the_count(vectors: Path) -> None:
    count = counted(vectors, EILEAN_SIAR, "stv_scottish")
    rounds = count.tally["rounds"]
    assert isinstance(rounds, list)
    assert count.named("elected") == [
        "Catherine Macdonald",
        "Philip Robert Mclean",
        "D J Macrae",
    ]
    assert [each["quota"] for each in rounds] == ["201"] * 4
    first, second, _, last = (
        {count.names[key]: each for key, each in stage["votes"].items()} for stage in rounds
    )
    assert first == {
        "Catherine Macdonald": "498",
        "D J Macrae": "69",
        "Philip Robert Mclean": "202",
        "David Cameron Wilson": "33",
    }
    assert second["D J Macrae"] == "8191221/50000"  # 163.82442
    assert second["David Cameron Wilson"] == "5258099/50000"  # 105.16198
    assert rounds[1]["exhausted"] == "162517/1250"  # 130.0136
    assert last["D J Macrae"] == "967609/5000"  # 193.5218


def test_eilean_siar__by_methods_of_a_majority__gives_every_seat_to_it(vectors: Path) -> None:
    for method in ("schulze", "ranked_pairs", "approval"):
        assert counted(vectors, EILEAN_SIAR, method).named("elected") == [
            "Catherine Macdonald",
            "Philip Robert Mclean",
            "David Cameron Wilson",
        ]
    assert counted(vectors, EILEAN_SIAR, "stv_meek").named("elected")[2] == "D J Macrae"


@pytest.mark.parametrize(
    ("file", "method"),
    [(DEBIAN_2005, "schulze"), (DEBIAN_2005, "instant_runoff"), (EILEAN_SIAR, "stv_scottish")],
)
def test_recount__chart_of_an_election__is_drawn(
    vectors: Path, tmp_path: Path, file: str, method: str
) -> None:
    counted(vectors, file, method, "--chart", str(tmp_path / "chart.svg"))
    assert (tmp_path / "chart.svg").stat().st_size > 10_000
