"""Belenios counts the same ballots: Schulze, majority judgement, transferable votes that are not close."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from backend.domain.acts import Slug
from backend.domain.methods import majority_judgement, schulze, stv_scottish
from backend.domain.methods.choices import Marks, Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.tally import Tally
from tests.support.peer_process import peer

pytestmark = pytest.mark.interop

PROFILES = 400
"""Profiles of each method; one run of Belenios takes some milliseconds."""

TIMEOUT_S = 20
"""Bound on one run."""

OPTIONS: tuple[Slug, ...] = ("ash", "birch", "cedar", "elm", "fir")
BEST = 3
"""Best grade; Belenios calls it 1, and the worst 4."""

CLOSE = Fraction(1, 100)
"""Votes that lie nearer to each other may be told apart by rounding alone."""


@pytest.fixture
def source() -> Random:
    """What profiles are drawn from."""
    return Random(5)  # noqa: S311 - profiles of a test, the same in every run


def counted(method: str, ballots: Iterable[list[int]], *settings: str) -> list[Any]:
    """Return the winners that Belenios finds; a ballot has an integer for every option."""
    run = subprocess.run(
        [peer("belenios-tool"), "method", method, *settings],
        input=json.dumps(list(ballots)),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    answer = json.loads(run.stdout)
    assert not answer.get("invalid")
    winners: list[Any] = answer["winners"]
    return winners


def named(tiers: list[list[int]]) -> Order:
    return tuple(tuple(sorted(OPTIONS[number] for number in tier)) for tier in tiers)


def places(ranking: Ranking) -> list[int]:
    """Return a ranking as Belenios reads it: 1 for the best place, 0 for options left out."""
    place = {option: number for number, tier in enumerate(ranking, 1) for option in tier}
    return [place.get(option, 0) for option in OPTIONS]


def drawn_ranking(source: Random, *, ranks: int) -> Ranking:
    """Draw a ranking of some options on so many ranks at most."""
    some = source.sample(OPTIONS, source.randint(1, len(OPTIONS)))
    place = {option: source.randrange(ranks) for option in some}
    return tuple(
        tuple(sorted(option for option in some if place[option] == number))
        for number in sorted(set(place.values()))
    )


def drawn_grades(source: Random) -> Marks:
    return tuple((option, source.randint(0, BEST)) for option in OPTIONS)


def test_schulze__equal_and_short_rankings__belenios_ranks_alike(source: Random) -> None:
    for _ in range(PROFILES):
        ballots = Counter(drawn_ranking(source, ranks=4) for _ in range(source.randint(1, 12)))
        theirs = counted(
            "schulze",
            map(places, ballots.elements()),
            f"--nchoices={len(OPTIONS)}",
            "--blank-allowed=false",
        )
        assert named(theirs) == schulze.count(Votes(ballots), Contest(options=OPTIONS)).ranking


def test_majority_judgement__turned_round__belenios_ranks_alike(source: Random) -> None:
    """Of evenly many grades Belenios takes the upper middle one, and we, as Balinski and Laraki, the lower.

    The upper middle grade is the lower one of grades that are turned round, the best for the worst; so
    Belenios ranks as we rank those, from the last to the first.
    """
    contest = Contest(options=OPTIONS, grades=BEST + 1)
    alike = 0
    for _ in range(PROFILES):
        ballots = [drawn_grades(source) for _ in range(source.randint(1, 12))]
        theirs = named(
            counted(
                "majority-judgment",
                [[BEST + 1 - grade for _, grade in marks] for marks in ballots],
                f"--nchoices={len(OPTIONS)}",
                f"--ngrades={BEST + 1}",
                "--blank-allowed=false",
            )
        )
        turned = Counter(
            tuple((option, BEST - grade) for option, grade in marks) for marks in ballots
        )
        assert theirs == majority_judgement.count(Votes(turned), contest).ranking[::-1]
        alike += theirs == majority_judgement.count(Votes(Counter(ballots)), contest).ranking
    assert PROFILES // 2 < alike < PROFILES


def test_stv__not_close__belenios_elects_the_same(source: Random) -> None:
    """Belenios transfers surpluses in another order and breaks ties by number, so these stay out."""
    compared = 0
    while compared < PROFILES:
        ballots: Counter[Ranking] = Counter()
        for _ in range(source.randint(4, 12)):
            some = source.sample(OPTIONS, source.randint(1, len(OPTIONS)))
            ballots[tuple((option,) for option in some)] += source.randint(1, 20)
        seats = source.randint(1, 3)
        tally = stv_scottish.count(Votes(ballots), Contest(options=OPTIONS, seats=seats))
        if tally.undecided or is_close(tally):
            continue
        compared += 1
        theirs = counted("stv", map(places, ballots.elements()), f"--nseats={seats}")
        assert {OPTIONS[number] for number in theirs} == set(tally.elected), ballots


def is_close(tally: Tally) -> bool:
    """Tell whether two surpluses wait at a time, or two options have nearly as many votes."""
    for stage in tally.rounds:
        votes = sorted(Fraction(each) for each in stage.votes.values())
        if sum(each > Fraction(stage.quota or 0) for each in votes) > 1:
            return True
        if any(more - fewer < CLOSE for fewer, more in pairwise(votes)):
            return True
    return False
