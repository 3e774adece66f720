"""Early closings, V1 to V4: permitted, with nothing that could still change, and told in the derivation."""

import msgspec
import pytest

from backend.domain import ballots
from backend.domain.acts import AssemblyClosed, MotionResult
from backend.domain.ballots.early import check_time, early_rule, remaining, settled
from backend.domain.entry import Entry
from backend.domain.lawfulness import check
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.rulebook.voting import EarlyClose, Majority
from tests.support.contest_world import (
    MOTION,
    cast_all,
    choice_of,
    contest_rules,
    paper_contest_rules,
    put_to_vote,
    selection,
)
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_rules import share
from tests.support.organisations import Simulation, openings_of
from tests.support.vote_world import (
    VOTERS,
    ballot_with,
    derived,
    held,
    in_room,
    majority_of,
    paper_rules,
    proxies_with,
    quorum_of,
    seated,
    step_of,
    tie_of,
    votes_of,
)

EARLY = EarlyClose(id="early", article="12", modality="may")
TELLERS = (CHAIR, TREASURER)


def _rules(*changed: AnyRule, early: AnyRule = EARLY) -> Rulebook:
    """Return rules under which a vote on one proposal may be closed early."""
    return rules_with(ballot_with(replaceable=False), early, *changed)


def _voting(*changed: AnyRule, votes: str = "yyy-") -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = held(_rules(*changed))
    for voter, choice in votes_of(votes).items():
        simulation.cast(voter, "bridge", choice)
    return simulation, ledger


def _open_still(simulation: Simulation) -> None:
    """Check that a session may not be closed now, and may at its time."""
    with refused("assembly.open_outcome", rule="early", article="12") as caught:
        simulation.close("spring")
    assert caught.value.found in ("bridge", MOTION)
    simulation.advance(days=2)
    simulation.close("spring")


def test_v1__a_rule_that_permits__closes_at_once() -> None:
    simulation, ledger = _voting()
    simulation.close("spring")
    assert ledger.state.assembly("spring").closed_at == simulation.at()
    assert derived(ledger).outcome == "adopted"


@pytest.mark.parametrize(
    "early",
    [
        EarlyClose(id="early", article="12", modality="must_not"),
        EarlyClose(id="early", article="12", modality="may", sessions=("council",)),
    ],
)
def test_v1__without_permission_for_the_session__is_too_early(early: EarlyClose) -> None:
    simulation, ledger = held(_rules(early=early))
    for voter, choice in votes_of("yyyy").items():
        simulation.cast(voter, "bridge", choice)
    assert early_rule(ledger.state, "spring") is None
    simulation.advance(days=2, milliseconds=-1)
    with refused("assembly.too_early", rule="psephos.ballot") as caught:
        simulation.close("spring")
    assert caught.value.found == simulation.at()
    assert ledger.state.assembly("spring").closes_at in caught.value.expected
    simulation.advance(milliseconds=1)
    simulation.close("spring")
    assert all(step.rule != "early" for step in derived(ledger).derivation)


def test_v1__permission_for_the_session_alone__is_enough() -> None:
    early = EarlyClose(id="early", article="12", modality="may", sessions=("assembly",))
    simulation, ledger = held(_rules(early=early))
    for voter, choice in votes_of("nnn-").items():
        simulation.cast(voter, "bridge", choice)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v1__matter_left_open__is_refused_as_silent() -> None:
    silence = Silent(id="early", article="12", matter="early_close", settled_by="The assembly.")
    simulation, _ = held(_rules(early=silence))
    with refused("rule.silent", article="12"):
        simulation.close("spring")


def test_v1__before_voting_began__is_too_early() -> None:
    # Nobody can reach more than all: the outcome is settled from the start.
    simulation, ledger = held(_rules(quorum_of(1, 1, strict=True)))
    simulation.advance(milliseconds=-1)
    with refused("assembly.too_early"):
        simulation.close("spring")
    assert check_time(ledger.state, "spring", ledger.state.assembly("spring").opens_at) == EARLY
    simulation.advance(milliseconds=1)
    simulation.close("spring")
    assert derived(ledger).outcome == "no_quorum"


def test_time__from_the_closing_time_on__needs_no_rule() -> None:
    _, ledger = held(_rules())
    state = ledger.state
    assert check_time(state, "spring", state.assembly("spring").closes_at) is None


def test_time__of_a_session_over_at_its_opening__needs_no_rule() -> None:
    rules = in_room(quorum_of(3, 4, "present"), ballot_with(replaceable=False), EARLY)
    simulation, ledger = seated(rules, CHAIR, TREASURER)
    assert check_time(ledger.state, "spring", simulation.at()) is None
    simulation.close("spring")
    data = derived(ledger)
    assert data.outcome == "no_quorum"
    assert all(step.rule != "early" for step in data.derivation)


def test_derivation__of_an_early_closing__says_what_was_missing() -> None:
    simulation, ledger = _voting()
    simulation.advance(hours=5)
    simulation.close("spring")
    data, assembly = derived(ledger), ledger.state.assembly("spring")
    step = step_of(data, "early")
    assert (step.article, step.verdict) == ("12", "met")
    assert step.inputs == {
        "closed_at": simulation.at(),
        "closes_at": assembly.closes_at,
        "electors": "4",
        "remaining": "1",
    }
    assert step.entries == (assembly.entry, ledger.state.poll("bridge").closed_entry)
    rules = [each.rule for each in data.derivation]
    assert rules[rules.index("early") - 1 : rules.index("early") + 2] == [
        "vote-individual",
        "early",
        "quorum-ordinary",
    ]
    simulation.decide("bridge")


@pytest.mark.parametrize("late", [0, 1])
def test_derivation__of_a_closing_at_its_time_or_later__has_no_such_step(late: int) -> None:
    simulation, ledger = _voting()
    simulation.advance(days=2, milliseconds=late)
    simulation.close("spring")
    assert all(step.rule != "early" for step in derived(ledger).derivation)


@pytest.mark.parametrize(
    "change", [{"remaining": "0"}, {"closed_at": "2026-01-20T09:00:00.001Z"}, None]
)
def test_decision__early_step_changed_or_left_out__is_refused(
    change: dict[str, str] | None,
) -> None:
    simulation, ledger = _voting()
    simulation.close("spring")
    data = derived(ledger)
    true = step_of(data, "early")
    place = data.derivation.index(true)
    kept = (
        () if change is None else (msgspec.structs.replace(true, inputs={**true.inputs, **change}),)
    )
    steps = (*data.derivation[:place], *kept, *data.derivation[place + 1 :])
    forged = msgspec.structs.replace(data, derivation=steps)
    with refused("decision.step", rule="early", article="12"):
        check(ledger.state, Entry(simulation.at(), "system", forged), ledger.sources)


def test_v2__ballots_that_may_be_replaced__wait() -> None:
    simulation, _ = held(rules_with(EARLY))
    for voter in VOTERS:
        simulation.cast(voter, "bridge", "yes")
    _open_still(simulation)


@pytest.mark.parametrize(("overrides", "waits"), [(True, True), (False, False)])
def test_v2__proxy_that_the_member_may_override__waits(*, overrides: bool, waits: bool) -> None:
    simulation, ledger = held(_rules(proxies_with(principal_overrides=overrides)))
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    for voter in VOTERS[:3]:
        simulation.cast(voter, "bridge", "yes")
    if waits:
        _open_still(simulation)
        return
    simulation.close("spring")
    assert derived(ledger).outcome == "adopted"


def test_v2__proxy_taken_back_after_its_holder_voted__can_still_be_overridden() -> None:
    simulation, ledger = held(_rules())
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    simulation.attend(TREASURER, "spring")
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)
    simulation.cast(TREASURER, "bridge", "yes")
    simulation.cast(SECRETARY, "bridge", "no")
    simulation.revoke_proxy(GARDENER, "garden")
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.cast(GARDENER, "bridge", "no")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v3__consent__waits_for_objections() -> None:
    simulation, ledger = held(_rules(ballot_with(method="consent", replaceable=False)))
    for voter in VOTERS:
        simulation.cast(voter, "bridge", "consent")
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.object(GARDENER, "too-wide", "bridge")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v3__consent_on_paper__waits_for_objections_after_the_count_too() -> None:
    rules = paper_rules(ballot_with(method="consent", secrecy="secret", replaceable=False), EARLY)
    simulation, ledger = seated(rules, *VOTERS)
    simulation.count_urn(TELLERS, "spring", "bridge", {"consent": 4, "abstain": 0})
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.object(GARDENER, "too-wide", "bridge")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v3__urn__closes_once_it_is_counted() -> None:
    simulation, ledger = seated(paper_rules(EARLY), *VOTERS[:3])
    with refused("urn.missing"):
        simulation.close("spring")
    simulation.count_urn(TELLERS, "spring", "bridge", {"yes": 1, "no": 2, "abstain": 0})
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"
    assert step_of(derived(ledger), "early").inputs["remaining"] == "1"


def test_v3__urn_not_counted_in_a_session_that_was_not_opened__waits() -> None:
    simulation, ledger = held(paper_rules(EARLY), channel="room")
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.attend(CHAIR, "spring", "room")
    simulation.attend(TREASURER, "spring", "room")
    simulation.open(CHAIR, "spring")
    simulation.count_urn(TELLERS, "spring", "bridge", {"yes": 2, "no": 0, "abstain": 0})
    simulation.close("spring")
    assert derived(ledger).outcome == "adopted"


@pytest.mark.parametrize(
    "changed",
    [
        (quorum_of(1, 2, "present"),),
        (quorum_of(1, 2, "present_or_represented"),),
        (quorum_of(0, 1), majority_of(1, 2, "present_or_represented", strict=True)),
    ],
)
def test_v3__session_not_opened_yet__waits_where_those_there_count(
    changed: tuple[AnyRule, ...],
) -> None:
    simulation, ledger = held(_rules(*changed))
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    for member in VOTERS[:3]:
        simulation.attend(member, "spring")
    simulation.open(CHAIR, "spring")
    for member in VOTERS[:3]:
        simulation.cast(member, "bridge", "yes")
    simulation.close("spring")
    assert derived(ledger).outcome == "adopted"


def test_v4__motion_without_quorum_at_the_opening__is_settled() -> None:
    rules = _rules(quorum_of(3, 4, "present"))
    simulation, ledger = seated(rules, CHAIR, TREASURER, channel="remote")
    result = MotionResult(
        motion="bridge", ballots=0, voters=0, tally={"yes": 0, "no": 0, "abstain": 0}
    )
    assert settled(ledger.state, result, ledger.sources)
    simulation.close("spring")
    assert derived(ledger).outcome == "no_quorum"


def test_v4__urn_whose_majority_counts_those_there__waits_for_who_may_still_come() -> None:
    rules = paper_rules(majority_of(1, 2, "present_or_represented", strict=True), EARLY)
    simulation, ledger = seated(rules, *VOTERS[:3])
    simulation.count_urn(TELLERS, "spring", "bridge", {"yes": 2, "no": 0, "abstain": 1})
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.attend(GARDENER, "spring", "room")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v4__only_one_there__may_carry_alone() -> None:
    rules = _rules(majority_of(1, 2, "present_or_represented", strict=True))
    _, ledger = seated(rules, CHAIR, channel="remote")
    three = MotionResult(
        motion="bridge", ballots=3, voters=3, tally={"yes": 0, "no": 0, "abstain": 3}
    )
    assert not settled(ledger.state, three, ledger.sources)


def test_v4__those_represented__may_be_fewer_at_the_close() -> None:
    rules = _rules(
        majority_of(2, 3, "present_or_represented", strict=False),
        proxies_with(principal_overrides=False),
    )
    simulation, ledger = held(rules)
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    for member in VOTERS[:3]:
        simulation.attend(member, "spring")
    simulation.open(CHAIR, "spring")
    for member, choice in zip(VOTERS, ("yes", "yes", "no"), strict=False):
        simulation.cast(member, "bridge", choice)
    simulation.cast(GARDENER, "bridge", "abstain", hand=TREASURER)
    # Two of the four there are too few; two of three, once the proxy is taken back, are enough.
    with refused("assembly.open_outcome"):
        simulation.close("spring")
    simulation.revoke_proxy(GARDENER, "garden")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).outcome == "adopted"


@pytest.mark.parametrize(
    ("votes", "changed", "waits"),
    [
        ("yyy-", (), False),
        ("yyn-", (), True),
        ("yy--", (), True),
        ("nnn-", (), False),
        ("yyaa", (), False),
        ("yyn-", (majority_of(1, 4, "valid", strict=False),), True),
        ("yya-", (majority_of(3, 4, "valid", strict=False),), True),
        ("yyy-", (majority_of(1, 2, "entitled", strict=True),), False),
        ("yn--", (), True),
        ("ynyn", (), False),
        ("y---", (quorum_of(1, 2),), True),
        ("n---", (quorum_of(1, 2), majority_of(3, 4, "entitled", strict=True)), True),
        ("nn--", (quorum_of(1, 2), majority_of(3, 4, "entitled", strict=True)), False),
        ("yyya", (quorum_of(1, 1),), False),
        ("nn--", (majority_of(1, 2, "entitled", strict=True),), False),
        ("nn--", (majority_of(1, 2, "entitled", strict=True), tie_of("casting_vote")), True),
        ("nn--", (majority_of(1, 4, "valid", strict=False),), True),
        ("nnny", (majority_of(1, 4, "valid", strict=False),), False),
    ],
)
def test_v4__bounds__say_whether_a_vote_is_settled(
    votes: str, changed: tuple[AnyRule, ...], *, waits: bool
) -> None:
    simulation, ledger = _voting(*changed, votes=votes)
    assert remaining(ledger.state, _counted(ledger)) == votes.count("-")
    if waits:
        _open_still(simulation)
        return
    simulation.close("spring")


def _counted(ledger: MemoryLedger, motion: str = "bridge") -> MotionResult:
    content = openings_of(ledger, motion)
    openings = ledger.put_document(content), ballots.parse_openings(content)
    return ballots.count(ledger.state, motion, openings, ledger.sources).result


def test_v4__one_motion_of_two_still_open__keeps_the_session_open() -> None:
    simulation, _ = _voting(votes="yyyy")
    simulation.close("spring")
    simulation.propose(CHAIR, "dam")
    simulation.propose(CHAIR, "weir")
    simulation.convene(CHAIR, "summer", "dam", "weir")
    simulation.advance(days=15)
    for voter in VOTERS[:3]:
        simulation.cast(voter, "dam", "yes")
    simulation.cast(CHAIR, "weir", "yes")
    with refused("assembly.open_outcome") as caught:
        simulation.close("summer")
    assert caught.value.found == "weir"


@pytest.mark.parametrize("votes", ["yn-", "yna"])
def test_v4__casting_vote_at_a_tie__is_settled_once_all_have_voted(votes: str) -> None:
    simulation, ledger = held(_rules(), session="council")
    for voter, choice in votes_of(votes).items():
        simulation.cast(voter, "bridge", choice)
    if votes == "yn-":
        _open_still(simulation)
    else:
        simulation.close("spring")
    data = derived(ledger)
    assert (data.outcome, data.derivation[-1].inputs["casting_vote"]) == ("adopted", "yes")


@pytest.mark.parametrize(("num", "den", "waits"), [(1, 2, True), (2, 3, False)])
def test_v4__casting_vote_at_a_tie_to_come__adds_one_yes(
    num: int, den: int, *, waits: bool
) -> None:
    # The one vote missing can make it one to one; with a casting vote that is two of three electors.
    simulation, ledger = held(
        _rules(majority_of(num, den, "entitled", strict=True)), session="council"
    )
    for voter, choice in votes_of("na-").items():
        simulation.cast(voter, "bridge", choice)
    if waits:
        _open_still(simulation)
    else:
        simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


def test_v4__majority_of_the_session__is_the_one_asked() -> None:
    whole = Majority(
        id="majority-council", article="14", modality="must", sessions=("council",),
        threshold=share(1, 1), base="entitled",
    )  # fmt: skip
    simulation, ledger = held(_rules(whole), session="council")
    for voter, choice in votes_of("ny-").items():
        simulation.cast(voter, "bridge", choice)
    simulation.close("spring")
    assert derived(ledger).outcome == "rejected"


@pytest.mark.parametrize("supported", [True, False])
def test_v4__last_place_without_a_vote__waits_for_one(*, supported: bool) -> None:
    rulebook = contest_rules(EARLY, method="approval", replaceable=False)
    simulation, ledger = put_to_vote(rulebook, selection("bridge", "weir", chosen=2))
    both = '["bridge","weir"]' if supported else '["bridge"]'
    cast_all(simulation, [both, '["bridge"]', '["bridge"]', None])
    if not supported:
        _open_still(simulation)
        return
    simulation.close("spring")
    assert derived(ledger, MOTION).chosen == ("bridge", "weir")


def test_casting_vote__of_a_vote_closed_early__is_that_of_who_held_the_seat_then() -> None:
    simulation, ledger = held(_rules(), session="council")
    for voter, choice in votes_of("yna").items():
        simulation.cast(voter, "bridge", choice)
    simulation.close("spring")
    simulation.advance(days=1)
    simulation.resign(CHAIR)
    simulation.decide("bridge")
    assert ledger.state.decisions["bridge"].outcome == "adopted"


@pytest.mark.parametrize(
    ("method", "choices", "chosen", "waits"),
    [
        ("plurality", ["bridge", "bridge", None, None], 1, True),
        ("plurality", ["bridge", "bridge", "bridge", None], 1, False),
        ("plurality", ["bridge", "bridge", "weir", None], 1, True),
        ("plurality", ["bridge", "bridge", "bridge", None], 2, True),
        ("plurality", ["bridge", "bridge", "bridge", None], 3, True),
        ("approval", ['["bridge","weir"]', '["bridge"]', '["bridge","weir"]', None], 1, True),
        ("approval", ['["bridge"]', '["bridge"]', '["weir"]', "blank"], 1, False),
        ("score", ['{"bridge":5}', '{"bridge":5}', '{"bridge":5}', None], 1, True),
        ("score", ['{"bridge":5}', '{"bridge":5}', '{"bridge":5}', "blank"], 1, False),
    ],
)
def test_v4__several_options__settled_where_no_missing_vote_moves_a_place(
    method: str, choices: list[str | None], chosen: int, *, waits: bool
) -> None:
    rulebook = contest_rules(EARLY, method=method, replaceable=False)
    simulation, ledger = put_to_vote(rulebook, selection("bridge", "ferry", "weir", chosen=chosen))
    cast_all(simulation, choices)
    if waits:
        _open_still(simulation)
        return
    simulation.close("spring")
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("adopted", ("bridge",))
    missing = sum(choice is None for choice in choices)
    assert step_of(data, "early").inputs["remaining"] == str(missing)


@pytest.mark.parametrize("method", ["schulze", "stv_meek", "majority_judgement"])
def test_v4__other_methods__wait_for_the_last_elector(method: str) -> None:
    rulebook = contest_rules(EARLY, method=method, replaceable=False)
    simulation, ledger = put_to_vote(rulebook, selection("bridge", "weir"))
    choice = choice_of(method, "bridge", "weir")
    cast_all(simulation, [choice] * 3)
    with refused("assembly.open_outcome", rule="early"):
        simulation.close("spring")
    simulation.cast(GARDENER, MOTION, choice)
    simulation.close("spring")
    assert derived(ledger, MOTION).chosen == ("bridge",)


def test_v4__urn_of_several_options__is_settled_once_counted() -> None:
    simulation, ledger = put_to_vote(
        paper_contest_rules(EARLY), selection("bridge", "weir"), present=VOTERS[:3]
    )
    simulation.count_urn(TELLERS, "spring", MOTION, {"bridge": 2, "weir": 1})
    simulation.close("spring")
    assert derived(ledger, MOTION).chosen == ("bridge",)


def test_v4__several_options_without_a_count__are_not_settled() -> None:
    rulebook = contest_rules(EARLY, quorum_of(0, 1), replaceable=False)
    _, ledger = put_to_vote(rulebook, selection("bridge", "weir"))
    bare = MotionResult(motion=MOTION, ballots=3, voters=3, tally={})
    assert not settled(ledger.state, bare, ledger.sources)


def test_close__early_with_figures_that_are_not_the_count__is_refused_for_them() -> None:
    simulation, ledger = _voting(votes="yy--")
    true = _counted(ledger)
    forged = msgspec.structs.replace(
        true, ballots=4, voters=4, tally={"yes": 4, "no": 0, "abstain": 0}
    )
    with refused("tally.differs"):
        ledger.append(Entry(simulation.at(), "system", AssemblyClosed("spring", (forged,))))


def test_ballot__after_an_early_closing__is_refused() -> None:
    simulation, _ = _voting()
    simulation.close("spring")
    with refused("assembly.closed"):
        simulation.cast(GARDENER, "bridge", "no")
