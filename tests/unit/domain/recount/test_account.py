"""Counts as text and as documents: every figure of the tally, in both languages."""

import json

import msgspec
import pytest

from backend.domain.messages import LANGUAGES, Language
from backend.domain.methods.contest import OptionMethodName
from backend.domain.methods.tally import Tally
from backend.domain.recount.account import account
from backend.domain.recount.counting import Terms, recount
from backend.domain.recount.document import format_recount
from backend.domain.recount.election import Election
from backend.domain.recount.labels import Labels, decimal
from backend.domain.recount.words import METHOD_WORDS, WORDS
from tests.support.ballot_files import BLT, MARKS, RANKINGS, SCOTTISH, SOI, read


def labels(election: Election, language: Language, grades: tuple[str, ...] = ()) -> Labels:
    return Labels(
        title=election.title,
        names=election.names,
        withdrawn=election.withdrawn,
        grades=grades,
        language=language,
    )


def text(
    election: Election,
    method: OptionMethodName,
    terms: Terms,
    language: Language,
    grades: tuple[str, ...] = (),
) -> str:
    lines = account(recount(election, method, terms), labels(election, language, grades))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        ("0", "0"),
        ("201", "201"),
        ("-3/2", "-1.5"),
        ("1/3", "0.33333…"),
        ("-1/3", "-0.33333…"),
        ("4095611/25000", "163.82444"),
        ("1/1000000", "0.00000…"),
        ("1000001/10", "100000.1"),
    ],
)
def test_decimal__of_a_figure__is_exact_or_says_that_it_is_cut(figure: str, shown: str) -> None:
    assert decimal(figure) == shown


def test_account__of_duels__is_the_matrix_the_ranking_and_the_result() -> None:
    assert (
        text(read(RANKINGS, "csv"), "schulze", Terms(), "en")
        == """\
Method: Condorcet, Schulze
Seats: 1, valid: 100, blank: 3, void: 0

Duels: voters who prefer the row to the column
           1   2   3
  1 Ada    -  40  40
  2 Bede  35   -  75
  3 Cleo  25  25   -

Ranking
  1. Ada
  2. Bede
  3. Cleo

Chosen: Ada"""
    )


def test_account__of_a_transfer__shows_each_round_in_french() -> None:
    assert (
        text(read(SCOTTISH, "csv"), "stv_scottish", Terms(), "fr").replace("\u00a0", "_")
        == """\
A ward
Méthode_: vote unique transférable, règles écossaises
Sièges_: 2, valables_: 6, blancs_: 0, nuls_: 0

Totaux
  Adam, of the Hill  0
  Basil              2
  Charlotte          4

Tour 1 (quota 3)
  Adam, of the Hill  0
  Basil              2
  Charlotte          4  retenu

Tour 2 (quota 3)
  Adam, of the Hill  1
  Basil              2
  Charlotte          3

Tour 3 (quota 3)
  Basil      2  retenu
  Charlotte  3
  sans autre choix_: 1

Retenus_: Charlotte, Basil"""
    )


def test_account__of_grades__uses_their_words() -> None:
    election = read(MARKS, "csv")
    shown = text(election, "majority_judgement", Terms(grades=3), "en", ("bad", "fair", "good"))
    assert "        bad  fair  good  median grade\n  Ada     0     2     3          good" in shown
    numbered = text(election, "majority_judgement", Terms(grades=3), "en")
    assert "        0  1  2  median grade\n  Ada   0  2  3             2" in numbered


def test_account__of_a_tie__says_who_is_tied_and_what_told_them_apart() -> None:
    election = read("rankings,Ada,Bede\n1,Ada\n1,Bede\n", "csv")
    open_tie = text(election, "plurality", Terms(), "en")
    assert "Ranking\n  1. Ada, Bede\n" in open_tie
    assert open_tie.endswith(
        "Chosen: nobody\nUndecided: equal, and nothing tells them apart: Ada, Bede"
    )
    settled = text(election, "plurality", Terms(priority=("bede",)), "en")
    assert "  equal, told apart by the order for ties alone: Ada, Bede\n" in settled
    assert settled.endswith("Chosen: Bede")


def test_account__of_withdrawals__names_them() -> None:
    assert "\nWithdrawn: Basil\n" in text(read(BLT, "blt"), "schulze", Terms(), "en")


def test_account__of_a_budget__speaks_of_prices_and_money() -> None:
    election = read("marks,Ada,Bede\ncosts,30,50\n2,1,\n1,,1\n", "csv")
    shown = text(election, "equal_shares", Terms(budget=60), "en")
    assert "Round 1 (price for each 15)\n" in shown
    assert "  money left: 30\n" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_words__of_each_language__are_whole(language: Language) -> None:
    assert set(WORDS[language]) == set(WORDS["en"])
    assert set(METHOD_WORDS[language]) == set(METHOD_WORDS["en"])


def test_document__of_a_count__holds_the_exact_tally_and_the_names() -> None:
    election = read(SOI, "soi")
    tally = recount(election, "instant_runoff", Terms())
    document = json.loads(format_recount(tally, labels(election, "en")))
    assert document["format"] == "psephos-recount/1"
    assert document["names"] == election.names
    assert msgspec.convert(document["tally"], Tally) == tally
