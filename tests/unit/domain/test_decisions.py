"""Decisions: quorum and majority to the vote, and a derivation nobody can change."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import DecisionMade, DerivationStep, Outcome
from backend.domain.decisions import decide
from backend.domain.entry import Entry
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import VotingRight
from backend.domain.rulebook.rule import AnyMember
from backend.domain.rulebook.sessions import Convocation, Quorum
from backend.domain.rulebook.voting import Majority
from tests.support.governance import (
    CHAIR,
    GARDENER,
    TREASURER,
    append,
    closed,
    decided,
    founded,
    joined,
    refused,
    rule_of,
    rules_with,
    voting,
)
from tests.support.majority_oracle import enough, whole_of
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.vote_world import (
    VOTERS,
    Base,
    derived,
    held,
    in_room,
    majority_of,
    quorum_of,
    seated,
    step_of,
    voted,
    votes_of,
)


def _outcome(votes: str, rulebook: Rulebook) -> Outcome:
    _, ledger = closed(votes_of(votes), rulebook=rulebook)
    return derived(ledger).outcome


@pytest.mark.parametrize(
    ("quorum", "votes", "outcome"),
    [
        (quorum_of(1, 2), "yy--", "adopted"),
        (quorum_of(1, 2, strict=True), "yy--", "no_quorum"),
        (quorum_of(1, 2, strict=True), "yyy-", "adopted"),
        (quorum_of(1, 2), "y---", "no_quorum"),
        (quorum_of(1, 2), "ya--", "adopted"),
        (quorum_of(2, 3), "yyy-", "adopted"),
        (quorum_of(2, 3), "yy--", "no_quorum"),
        (quorum_of(3, 4), "yyy-", "adopted"),
        (quorum_of(1, 1), "yyyy", "adopted"),
        (quorum_of(1, 1), "yyy-", "no_quorum"),
        (quorum_of(0, 1), "y---", "adopted"),
        (quorum_of(0, 1), "----", "rejected"),
        (quorum_of(1, 4), "----", "no_quorum"),
        (quorum_of(1, 4), "n---", "rejected"),
    ],
)
def test_quorum__exactly_met_or_one_below__decides(
    quorum: Quorum, votes: str, outcome: Outcome
) -> None:
    assert _outcome(votes, rules_with(quorum)) == outcome


@pytest.mark.parametrize(
    ("majority", "votes", "outcome"),
    [
        (majority_of(2, 3, "valid", strict=False), "yyn-", "adopted"),
        (majority_of(2, 3, "valid", strict=True), "yyn-", "rejected"),
        (majority_of(2, 3, "valid", strict=True), "yyyn", "adopted"),
        (majority_of(1, 2, "valid", strict=True), "yyn-", "adopted"),
        (majority_of(1, 2, "valid", strict=True), "yaaa", "adopted"),
        (majority_of(1, 2, "cast", strict=True), "yaaa", "rejected"),
        (majority_of(1, 2, "cast", strict=False), "yyna", "adopted"),
        (majority_of(1, 2, "cast", strict=True), "yyna", "rejected"),
        (majority_of(1, 2, "cast", strict=True), "yyya", "adopted"),
        (majority_of(1, 2, "entitled", strict=False), "yy--", "adopted"),
        (majority_of(1, 2, "entitled", strict=True), "yy--", "rejected"),
        (majority_of(1, 2, "entitled", strict=True), "yyy-", "adopted"),
        (majority_of(1, 1, "entitled", strict=False), "yyyy", "adopted"),
        (majority_of(1, 1, "entitled", strict=False), "yyya", "rejected"),
        (majority_of(1, 2, "valid", strict=True), "aaaa", "rejected"),
    ],
)
def test_majority__at_the_threshold__depends_on_strictness_and_base(
    majority: Majority, votes: str, outcome: Outcome
) -> None:
    assert _outcome(votes, rules_with(majority)) == outcome


@pytest.mark.parametrize(
    ("votes", "outcome"), [("yy--", "rejected"), ("yyn-", "rejected"), ("yyy-", "adopted")]
)
def test_majority__of_those_there__counts_who_did_not_vote(votes: str, outcome: Outcome) -> None:
    rules = in_room(majority_of(2, 3, "present_or_represented", strict=False))
    simulation, ledger = seated(rules, *VOTERS)
    voted(simulation, votes_of(votes))
    decision = derived(ledger)
    assert decision.outcome == outcome
    opened = ledger.state.assembly("spring").opened_entry
    majority = step_of(decision, "majority-ordinary")
    assert (majority.inputs["whole"], opened in majority.entries) == ("4", True)


@given(
    votes=st.text(alphabet="yna-", min_size=4, max_size=4),
    base=st.sampled_from(["valid", "cast", "entitled"]),
    share=st.sampled_from([(1, 2), (2, 3), (3, 4), (1, 3), (1, 1)]),
    strict=st.booleans(),
)
def test_decide__any_vote__agrees_with_the_oracle(
    votes: str,
    base: Base,
    share: tuple[int, int],
    strict: bool,  # noqa: FBT001 - drawn
) -> None:
    num, den = share
    rules = rules_with(quorum_of(0, 1), majority_of(num, den, base, strict=strict))
    words = list(votes_of(votes).values())
    whole = whole_of(words, base, electors=4, attending=0)
    yes, no = words.count("yes"), words.count("no")
    carried = yes != no and enough(yes, whole, num=num, den=den, strict=strict)
    assert _outcome(votes, rules) == ("adopted" if carried else "rejected")


def test_derivation__of_an_ordinary_motion__lists_every_rule_in_order() -> None:
    _, ledger = closed(votes_of("yyna"))
    decision = derived(ledger)
    assert [(step.rule, step.article, step.verdict) for step in decision.derivation] == [
        ("initiative", "9", "met"),
        ("effect-ordinary", "10", "met"),
        ("convocation", "11", "met"),
        ("notice", "11", "met"),
        ("channels", "11", "met"),
        ("agenda", "11", "met"),
        ("deliberation", "17", "met"),
        ("ballot", "12", "met"),
        ("vote-individual", "5", "met"),
        ("quorum-ordinary", "13", "met"),
        ("majority-ordinary", "14", "met"),
    ]
    assert decision.derivation[-1].inputs == {
        "yes": "2",
        "no": "1",
        "abstain": "1",
        "base": "valid",
        "least": "2",
        "required": "more than 1/2",
        "whole": "3",
    }
    assert decision.derivation[-2].inputs == {
        "base": "voters",
        "entitled": "4",
        "least": "1",
        "required": "at least 1/4",
        "round": "1",
        "taking_part": "4",
    }


def test_derivation__entries__are_those_that_the_inputs_come_from() -> None:
    _, ledger = closed(votes_of("yyna"))
    proposed, convened, shut = (
        next(i for i, entry in enumerate(ledger.entries) if entry.data.act == act)
        for act in ("motion.proposed", "assembly.convened", "assembly.closed")
    )
    decision = derived(ledger)
    assert {step.rule: step.entries for step in decision.derivation} == {
        "initiative": (proposed,),
        "effect-ordinary": (proposed,),
        "convocation": (convened,),
        "notice": (convened,),
        "channels": (convened,),
        "agenda": (convened,),
        "deliberation": (proposed, convened),
        "ballot": (convened,),
        "vote-individual": (convened,),
        "quorum-ordinary": (convened, shut),
        "majority-ordinary": (shut,),
    }


def test_no_quorum__leaves_the_majority_aside() -> None:
    _, ledger = closed({})
    last = derived(ledger).derivation[-1]
    assert (last.rule, last.verdict) == ("majority-ordinary", "not_applicable")


@pytest.mark.parametrize("votes", ["yyyy", "nnnn", "yynn", "y---", "----", "aaaa", "ynaa"])
def test_outcome__is_adopted__exactly_where_nothing_is_not_met(votes: str) -> None:
    _, ledger = closed(votes_of(votes), rulebook=rules_with(quorum_of(1, 2)))
    decision = derived(ledger)
    failed = [step for step in decision.derivation if step.verdict == "not_met"]
    assert (decision.outcome == "adopted") is (not failed)


def test_decide__before_the_close_or_off_the_agenda__refuses() -> None:
    simulation, _ = voting()
    with refused("assembly.open"):
        simulation.decide("bridge")
    simulation.propose(CHAIR, "weir")
    with refused("poll.unknown"):
        simulation.decide("weir")
    with refused("motion.unknown"):
        simulation.decide("tunnel")


def test_decided__twice__refuses() -> None:
    simulation, ledger = closed(votes_of("yyy-"))
    simulation.decide("bridge")
    assert ledger.state.motion("bridge").status == "adopted"
    with refused("decision.exists"):
        simulation.decide("bridge")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"outcome": "rejected"}, "decision.outcome"),
        ({"outcome": "no_quorum"}, "decision.outcome"),
        ({"decision": "0" * 64}, "decision.outcome"),
        ({"assembly": "summer"}, "decision.outcome"),
    ],
)
def test_decided__one_field_wrong__refuses(fields: dict[str, str], code: str) -> None:
    simulation, ledger = closed(votes_of("yyy-"))
    data = derived(ledger)
    entry = Entry(simulation.at(), "system", data)
    wrong = msgspec.structs.replace(entry, data=msgspec.structs.replace(data, **fields))
    with refused(code, article="14", rule="majority-ordinary"):
        ledger.append(wrong)
    ledger.append(entry)


def _replaced(data: DecisionMade, place: int, step: DerivationStep) -> tuple[DerivationStep, ...]:
    return (*data.derivation[:place], step, *data.derivation[place + 1 :])


def test_decided__one_step_wrong__refuses_and_names_its_rule() -> None:
    simulation, ledger = closed(votes_of("yyy-"))
    data = derived(ledger)
    for place, step in enumerate(data.derivation):
        for change in (
            {"verdict": "not_met"},
            {"article": "99"},
            {"rule": "other"},
            {"inputs": {**step.inputs, "extra": "1"}},
            {"entries": (*step.entries, ledger.state.size)},
            {"entries": ()},
        ):
            steps = _replaced(data, place, msgspec.structs.replace(step, **change))
            wrong = msgspec.structs.replace(data, derivation=steps)
            with refused("decision.step", article=step.article, rule=step.rule):
                ledger.append(Entry(simulation.at(), "system", wrong))


def test_decided__step_missing_or_added__refuses() -> None:
    simulation, ledger = closed(votes_of("yyy-"))
    data = derived(ledger)
    for steps in (data.derivation[:-1], (*data.derivation, data.derivation[0])):
        wrong = msgspec.structs.replace(data, derivation=steps)
        with refused("decision.outcome"):
            ledger.append(Entry(simulation.at(), "system", wrong))


def test_decided__signed_by_someone__refuses() -> None:
    simulation, ledger = closed(votes_of("yyy-"))
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, derived(ledger)))


def test_rules_of_the_convocation__govern__although_new_statutes_come_into_force_meanwhile() -> (
    None
):
    simulation, ledger = joined()
    simulation.propose_statutes(
        CHAIR, "reform", text="Second.", rulebook=rules_with(quorum_of(1, 1))
    )
    simulation.propose(CHAIR, "bridge")
    simulation.propose(CHAIR, "weir")
    simulation.convene(CHAIR, "spring", "reform")
    simulation.advance(days=1)
    simulation.convene(CHAIR, "second", "bridge")
    simulation.advance(days=14)
    for voter in VOTERS:
        simulation.cast(voter, "reform", "yes")
    simulation.advance(days=1)
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=1)
    simulation.settle("spring")
    assert ledger.state.in_force().number == 2
    simulation.cast(TREASURER, "bridge", "yes")
    simulation.advance(days=1)
    simulation.settle("second")
    assert ledger.state.decisions["bridge"].outcome == "adopted"
    decided(simulation, "third", "weir")
    assert ledger.state.decisions["weir"].outcome == "no_quorum"


def test_departures_after_the_close__change_no_step() -> None:
    simulation, ledger = closed(votes_of("yyna"))
    before = derived(ledger)
    simulation.resign(CHAIR)
    simulation.resign(GARDENER)
    assert derived(ledger) == before
    simulation.decide("bridge")
    assert ledger.state.decisions["bridge"] == before


def test_empty_electorate__has_no_quorum() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=17)
    simulation.close("spring")
    poll = ledger.state.poll("bridge")
    nobody = msgspec.structs.replace(poll.item.electorate, size=0)
    item = msgspec.structs.replace(poll.item, electorate=nobody)
    polls = ledger.state.polls.set("bridge", replace(poll, item=item))
    state = replace(ledger.state, polls=polls)
    assert decide(state, "bridge", ledger.sources).outcome == "no_quorum"


def test_only_organisations_vote__rests_on_the_rule_that_gives_them_the_vote() -> None:
    federation = rules_with(
        VotingRight(
            id="vote-collective", article="5", modality="may",
            member_class="collective", persons="legal",
        ),
        VotingRight(
            id="vote-individual", article="4", modality="must_not",
            member_class="individual", persons="natural",
        ),
        Convocation(id="convocation", article="11", modality="must", by=(AnyMember(),)),
        msgspec.structs.replace(rule_of("initiative"), classes=("collective",)),
    )  # fmt: skip
    first, second = Actor("first", "collective"), Actor("second", "collective")
    simulation, ledger = Simulation.in_memory()
    simulation.found(founders=(first, second), rulebook=federation, mandates=())
    simulation.propose(first, "bridge")
    simulation.convene(first, "spring", "bridge")
    simulation.advance(days=15)
    simulation.cast(second, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    decision = ledger.state.decisions["bridge"]
    assert decision.outcome == "adopted"
    assert {step.verdict for step in decision.derivation} == {"met"}
    assert step_of(decision, "vote-collective").inputs["electors"] == "2"
    assert step_of(decision, "convocation").inputs["called_by"] == "any_member"


@pytest.mark.parametrize(("opens", "votes"), [(True, "yyy-"), (False, "----")])
def test_quorum_of_those_there__is_judged_at_the_opening(*, opens: bool, votes: str) -> None:
    simulation, ledger = held(in_room(quorum_of(1, 2, "present")), channel="room")
    if opens:
        for member in VOTERS[:3]:
            simulation.attend(member, "spring", "room")
        opened = simulation.open(CHAIR, "spring")
    voted(simulation, votes_of(votes))
    decision = derived(ledger)
    step = step_of(decision, "quorum-ordinary")
    assert step.inputs["taking_part"] == ("3" if opens else "0")
    assert step.inputs["entitled"] == "4"
    assert decision.outcome == ("adopted" if opens else "no_quorum")
    assert (not opens) or opened in step.entries


def test_quorum_of_those_represented__adds_who_is_stood_for() -> None:
    for base, there in (("present", "1"), ("present_or_represented", "2")):
        rules = in_room(quorum_of(1, 4, base))  # type: ignore[arg-type]  # of the loop above
        simulation, ledger = held(rules, channel="room")
        simulation.give_proxy(GARDENER, "garden", "spring", CHAIR)
        simulation.attend(CHAIR, "spring", "room")
        simulation.open(CHAIR, "spring")
        voted(simulation, votes_of("y---"))
        assert step_of(derived(ledger), "quorum-ordinary").inputs["taking_part"] == there


@pytest.mark.parametrize(("there", "outcome"), [(26, "adopted"), (25, "no_quorum")])
def test_quarter_of_101__is_26_present(there: int, outcome: Outcome) -> None:
    simulation, ledger = held(in_room(quorum_of(1, 4, "present")), channel="room")
    for member in VOTERS[:1]:
        simulation.attend(member, "spring", "room")
    simulation.open(CHAIR, "spring")
    simulation.advance(days=2)
    simulation.close("spring")
    assembly = ledger.state.assembly("spring")
    assert assembly.opened is not None
    opened = msgspec.structs.replace(assembly.opened, entitled=101, present=there)
    poll = ledger.state.poll("bridge")
    assert poll.result is not None
    result = msgspec.structs.replace(poll.result, tally={"yes": 1, "no": 0, "abstain": 0})
    state = replace(
        ledger.state,
        assemblies=ledger.state.assemblies.set("spring", replace(assembly, opened=opened)),
        polls=ledger.state.polls.set("bridge", replace(poll, result=result)),
    )
    decision = decide(state, "bridge", ledger.sources)
    assert decision.outcome == outcome
    assert step_of(decision, "quorum-ordinary").inputs["least"] == "26"
