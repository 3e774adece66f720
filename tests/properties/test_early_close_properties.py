"""Early closings beside every way to complete the vote: what is settled stays, what is not may change."""

from dataclasses import replace
from functools import cache
from typing import Literal

import msgspec
from hypothesis import event, given
from hypothesis import strategies as st
from immutables import Map

from backend.domain.acts import AssemblyOpened, MotionResult
from backend.domain.ballots.early import settled
from backend.domain.contests import contest_of
from backend.domain.methods import count_choices, yes_no_abstain
from backend.domain.methods.choices import BLANK, format_approved
from backend.domain.methods.contest import Contest
from backend.domain.methods.tally import format_tally
from backend.domain.quantities import Ratio
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import Threshold
from backend.domain.rulebook.voting import BallotRule
from backend.domain.state import State
from tests.support.completion_oracle import Terms, outcomes, possible, rankings
from tests.support.contest_world import MOTION, contest_rules, put_to_vote, selection
from tests.support.governance import rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.vote_world import Base, ballot_with, held, majority_of, quorum_of, tie_of

FRACTIONS = ((0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1))
NAMES = ("bridge", "ferry", "weir")
EXACT: tuple[Base, ...] = ("valid", "cast", "entitled")


@cache
def _motion() -> MemoryLedger:
    return held()[1]


@cache
def _contest() -> MemoryLedger:
    return put_to_vote(contest_rules(), selection("bridge", "weir"))[1]


def _under(ledger: MemoryLedger, rulebook: Rulebook, motion: str, *, size: int) -> State:
    """Return the state of a vote under other rules and with another number of electors."""
    state = ledger.state
    rules, poll = state.assembly("spring").data.rules, state.poll(motion)
    electorate = msgspec.structs.replace(poll.item.electorate, size=size)
    item = msgspec.structs.replace(poll.item, electorate=electorate)
    return replace(
        state,
        rulebooks=state.rulebooks.set(rules, rulebook),
        polls=state.polls.set(motion, replace(poll, item=item)),
    )


def _opened(state: State, *, size: int, present: int) -> State:
    """Return the state with a session in which so many of the electors are there."""
    electors = [f"m{number:032x}" for number in range(size)]
    there: dict[str, Literal["room", "remote", "excused"]] = dict.fromkeys(
        electors[:present], "room"
    )
    session = replace(
        state.assembly("spring"),
        electors=frozenset(electors),
        presence=Map(there),
        opened=AssemblyOpened("spring", entitled=size, present=present, represented=0),
    )
    return replace(state, assemblies=state.assemblies.set("spring", session))


thresholds = st.builds(
    lambda share, strict: Threshold(Ratio(*share), strict),
    st.sampled_from(FRACTIONS),
    st.booleans(),
)


@st.composite
def proposals(draw: st.DrawFn, bases: tuple[Base, ...]) -> tuple[State, Terms, list[str], int, int]:
    """Draw a vote on one proposal under way: its state, terms, votes, electors and those present."""
    size = draw(st.integers(1, 5))
    cast = draw(st.lists(st.sampled_from(("yes", "no", "abstain")), max_size=size))
    base = draw(st.sampled_from(bases))
    majority, quorum = draw(thresholds), draw(thresholds)
    casting = draw(st.booleans())
    resolution: Literal["casting_vote", "status_quo"] = "casting_vote" if casting else "status_quo"
    shares = majority.fraction, quorum.fraction
    rulebook = rules_with(
        ballot_with(replaceable=False),
        majority_of(shares[0].num, shares[0].den, base, strict=majority.strict),
        quorum_of(shares[1].num, shares[1].den, strict=quorum.strict),
        tie_of(resolution),
    )
    present = draw(st.integers(0, size))
    state = _opened(_under(_motion(), rulebook, "bridge", size=size), size=size, present=present)
    return state, Terms(majority, base, quorum, casting), cast, size, present


def _is_settled(state: State, cast: list[str]) -> bool:
    tally = yes_no_abstain.tally(cast)
    result = MotionResult(motion="bridge", ballots=len(cast), voters=len(cast), tally=tally)
    return settled(state, result, _motion().sources)


@given(proposals((*EXACT, "present_or_represented")), st.data())
def test_settled__every_completion__ends_alike(
    vote: tuple[State, Terms, list[str], int, int], data: st.DataObject
) -> None:
    state, terms, cast, size, present = vote
    if not _is_settled(state, cast):
        return
    holder = data.draw(st.none() | st.integers(0, min(len(cast), size - 1)))
    there = range(present, size + 1) if terms.base == "present_or_represented" else (size,)
    found = outcomes(cast, terms, size=size, attending=there, holder=holder)
    event(f"{terms.base}: {found}")
    assert len(found) == 1


@given(proposals(EXACT))
def test_not_settled__some_completion__ends_otherwise(
    vote: tuple[State, Terms, list[str], int, int],
) -> None:
    state, terms, cast, size, _ = vote
    found = possible(cast, terms, size=size)
    assert _is_settled(state, cast) == (len(cast) == size or len(found) == 1)


@st.composite
def contests(
    draw: st.DrawFn,
) -> tuple[State, MemoryLedger, str, Contest, list[str], int]:
    """Draw a vote on several options under way: its state, ledger, method, contest, votes and electors."""
    method = draw(st.sampled_from(("plurality", "approval")))
    names = NAMES[: draw(st.integers(2, 3))]
    chosen = draw(st.integers(1, len(names)))
    bound = draw(st.integers(0, 2)) if method == "approval" else 0
    choices: list[str] = [BLANK, *names]
    if method == "approval":
        some = st.lists(st.sampled_from(names), min_size=1, max_size=bound or 3, unique=True)
        choices = [BLANK, *(format_approved(tuple(draw(some))) for _ in range(3))]
    size = draw(st.integers(1, 9))
    missing = draw(st.integers(0, min(size, 3)))
    cast = draw(
        st.lists(st.sampled_from(choices), min_size=size - missing, max_size=size - missing)
    )
    rulebook = contest_rules(quorum_of(0, 1), method=method, replaceable=False, approvals=bound)
    effect = selection(*names, chosen=chosen)
    ledger = _contest()
    state = _under(ledger, rulebook, MOTION, size=size)
    motion = state.motion(MOTION)
    voted = replace(motion, data=msgspec.structs.replace(motion.data, effect=effect))
    state = replace(state, motions=state.motions.set(MOTION, voted))
    rule = rulebook.rule("ballot-several")
    assert isinstance(rule, BallotRule)
    return state, ledger, method, contest_of(effect, rule), cast, size - len(cast)


@given(contests())
def test_several_options__settled_exactly_where_every_completion_ranks_the_chosen_alike(
    vote: tuple[State, MemoryLedger, str, Contest, list[str], int],
) -> None:
    state, ledger, method, contest, cast, missing = vote
    count = ledger.put_document(format_tally(count_choices(method, cast, contest)))
    result = MotionResult(motion=MOTION, ballots=len(cast), voters=len(cast), tally={}, count=count)
    found = rankings(method, cast, contest, missing=missing)
    alike = len(found) == 1 and not next(iter(found))[1]
    event(f"missing {missing}: {'settled' if alike else 'open'}")
    assert settled(state, result, ledger.sources) == (missing == 0 or alike)
