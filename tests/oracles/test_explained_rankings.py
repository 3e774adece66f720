"""One profile of rankings for every reason why another program counts otherwise."""

from fractions import Fraction
from random import Random

import pytest
from pref_voting.iterative_methods import plurality_with_runoff_put
from pref_voting.margin_based_methods import ranked_pairs as pref_ranked_pairs
from pref_voting.profiles import Profile as PrefProfile
from pref_voting.proportional_methods import stv_meek as pref_meek
from pref_voting.proportional_methods import stv_scottish as pref_scottish
from votekit.elections import STV, Schulze

from backend.domain.methods import ranked_pairs, schulze, stv_meek, stv_scottish, two_round
from backend.domain.methods.contest import Contest
from tests.oracles.rankings import votekit_profile, winning_votes, with_ties
from tests.oracles.totals import Profile
from tests.support.rankings import spelt_votes

# votekit 3.5 uses what pandas 3.1 deprecates; https://pandas.pydata.org/docs/dev/whatsnew/v3.1.0.html
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame")


def test_links__equally_strong__may_leave_more_undecided_here_than_win_in_any_order() -> None:
    """Every order elects b or f; a stands undecided with them, since no order is tried."""
    votes = spelt_votes({"cfab": 1, "fb(ae)c": 5, "(ab)(ce)f": 5})
    contest = Contest(options=("a", "b", "c", "e", "f"))
    beside = with_ties(Profile(contest, votes.ballots))
    assert pref_ranked_pairs(beside, strength_function=winning_votes(beside)) == ["b", "f"]
    assert ranked_pairs.count(votes, contest).undecided == ("a", "b", "f")


def test_second_places__equal__stop_the_count_here_and_are_all_tried_in_pref_voting() -> None:
    votes = spelt_votes({"abc": 3, "bac": 2, "cab": 2})
    contest = Contest(options=("a", "b", "c"))
    linear = [["abc".index(option) for (option,) in ranking] for ranking in votes.ballots]
    assert plurality_with_runoff_put(PrefProfile(linear, list(votes.ballots.values()))) == [0]
    tally = two_round.count(votes, contest)
    assert (tally.elected, tally.undecided) == ((), ("b", "c"))


def test_circle__of_equal_links__is_ordered_by_name_in_votekit() -> None:
    votes = spelt_votes({"abc": 1, "bca": 1, "cab": 1})
    contest = Contest(options=("a", "b", "c"))
    held = Schulze(votekit_profile(Profile(contest, votes.ballots)))
    assert held.get_elected() == (frozenset("a"),)
    assert schulze.count(votes, contest).undecided == ("a", "b", "c")


def test_winners__several__leave_a_beaten_option_in_the_first_tier_of_votekit() -> None:
    """The winners b and c tie, but only c beats a, which comes first by name."""
    votes = spelt_votes({"cab": 1, "bca": 1})
    contest = Contest(options=("a", "b", "c"))
    held = Schulze(votekit_profile(Profile(contest, votes.ballots)))
    assert held.get_elected() == (frozenset("a"),)
    assert schulze.count(votes, contest).undecided == ("b", "c")


def test_votes__equal_but_for_nine_decimals__let_another_leave_than_in_pref_voting() -> None:
    votes = spelt_votes({"ceb": 28, "fc": 13, "caefb": 2, "afc": 2})
    contest = Contest(options=("a", "b", "c", "e", "f"), seats=2)
    beside = with_ties(Profile(contest, votes.ballots))
    assert pref_meek(beside, num_seats=2) == ["c", "e"]
    tally = stv_meek.count(votes, contest)
    assert tally.elected == ("c", "f")
    before = {option: Fraction(has) for option, has in tally.rounds[3].votes.items()}
    assert 0 < before["f"] - before["e"] < Fraction(1, 10**7)


@pytest.mark.parametrize(
    ("spelt", "seats", "elected", "undecided"),
    [({"abc": 1}, 2, "a", "bc"), ({"abcde": 6}, 4, "ab", "de")],
)
def test_seat__left_for_options_without_a_vote__is_more_than_votekit_counts(
    spelt: dict[str, int], seats: int, elected: str, undecided: str
) -> None:
    votes = spelt_votes(spelt)
    options = tuple(sorted(*spelt))
    contest = Contest(options=options, seats=seats)
    with pytest.raises(IndexError):
        STV(votekit_profile(Profile(contest, votes.ballots)), n_seats=seats, exact=True)
    tally = stv_scottish.count(votes, contest)
    assert (tally.elected, tally.undecided) == (tuple(elected), tuple(undecided))


def test_surpluses__of_one_stage__are_transferred_together_in_votekit() -> None:
    """Here b is chosen by the first transfer, and the papers of c pass it by."""
    votes = spelt_votes({"abcde": 39, "cbf": 37})
    contest = Contest(options=tuple("abcdef"), seats=4)
    held = STV(votekit_profile(Profile(contest, votes.ballots)), n_seats=4, exact=True)
    assert {option for tier in held.get_elected() for option in tier} == set("abcd")
    assert stv_scottish.count(votes, contest).elected == ("a", "c", "b", "f")


def test_votes_cut_off__in_one_stage__are_transferred_again_in_pref_voting() -> None:
    """Fir ends with 24.99988 votes and leaves; with what was cut off it has 25, as many as ash."""
    ballots = {"ec": 39, "fcba": 18, "abc": 14, "cfabe": 14, "ab": 7, "bfe": 6, "bafec": 4, "c": 1}
    contest = Contest(options=("a", "b", "c", "e", "f"), seats=3)
    votes = spelt_votes(ballots)
    beside = with_ties(Profile(contest, votes.ballots))
    assert pref_scottish(beside, num_seats=3) == ["c", "e", "f"]
    tally = stv_scottish.count(votes, contest)
    assert tally.rounds[3].votes["f"] == str(25 - Fraction(12, 100_000))
    assert tally.elected == ("e", "c", "a")


def test_votes__equal_from_the_first_stage_on__are_a_matter_of_lot_in_pref_voting() -> None:
    votes = spelt_votes({"a": 1, "b": 1})
    contest = Contest(options=("a", "b"))
    beside = with_ties(Profile(contest, votes.ballots))
    lots = [Random(seed) for seed in range(8)]  # noqa: S311 - lots of a test
    drawn = {pref_scottish(beside, num_seats=1, rng=lot)[0] for lot in lots}
    assert drawn == {"a", "b"}
    assert stv_scottish.count(votes, contest).undecided == ("a", "b")
