"""Decisions: quorum, majority and tie to the vote, and a derivation nobody can change."""

from dataclasses import replace
from typing import Literal

import msgspec
import pytest

from backend.domain.acts import DecisionMade, DerivationStep, MotionKind, Outcome
from backend.domain.decisions import decide
from backend.domain.entry import Entry
from backend.domain.members import franchise
from backend.domain.quantities import Ratio
from backend.domain.rulebook import Majority, Quorum, Rulebook, VotingRight
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
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
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation

ORDINARY: tuple[MotionKind, ...] = ("abrogative", "revocatory", "legislative")
VOTERS = (CHAIR, TREASURER, SECRETARY, GARDENER)
"""The four electors."""

Base = Literal["valid", "cast", "entitled"]


def _quorum(num: int, den: int) -> Quorum:
    return Quorum("quorum-ordinary", "13", "must", ORDINARY, Ratio(num, den))


def _majority(num: int, den: int, base: Base, *, strict: bool) -> Majority:
    return Majority(
        "majority-ordinary", "14", "must", ORDINARY, Ratio(num, den), strict=strict, base=base
    )


def _votes(text: str) -> dict[Actor, str]:
    """Read "yna-" as yes, no, abstention and not voting, elector by elector."""
    words = {"y": "yes", "n": "no", "a": "abstain"}
    return {voter: words[sign] for voter, sign in zip(VOTERS, text, strict=True) if sign in words}


def _outcome(votes: str, rulebook: Rulebook) -> Outcome:
    _, ledger = closed(_votes(votes), rulebook=rulebook)
    return decide(ledger.state, "bridge").outcome


@pytest.mark.parametrize(
    ("quorum", "votes", "outcome"),
    [
        (_quorum(1, 2), "yy--", "adopted"),
        (_quorum(1, 2), "y---", "no_quorum"),
        (_quorum(1, 2), "ya--", "adopted"),
        (_quorum(2, 3), "yyy-", "adopted"),
        (_quorum(2, 3), "yy--", "no_quorum"),
        (_quorum(3, 4), "yyy-", "adopted"),
        (_quorum(1, 1), "yyyy", "adopted"),
        (_quorum(1, 1), "yyy-", "no_quorum"),
        (_quorum(0, 1), "y---", "adopted"),
        (_quorum(0, 1), "----", "rejected"),
        (_quorum(1, 4), "----", "no_quorum"),
        (_quorum(1, 4), "n---", "rejected"),
    ],
)
def test_quorum__exactly_met_or_one_below__decides(
    quorum: Quorum, votes: str, outcome: Outcome
) -> None:
    assert _outcome(votes, rules_with(quorum)) == outcome


@pytest.mark.parametrize(
    ("majority", "votes", "outcome"),
    [
        (_majority(2, 3, "valid", strict=False), "yyn-", "adopted"),
        (_majority(2, 3, "valid", strict=True), "yyn-", "rejected"),
        (_majority(2, 3, "valid", strict=True), "yyyn", "adopted"),
        (_majority(1, 2, "valid", strict=True), "yyn-", "adopted"),
        (_majority(1, 2, "valid", strict=True), "yaaa", "adopted"),
        (_majority(1, 2, "cast", strict=True), "yaaa", "rejected"),
        (_majority(1, 2, "cast", strict=False), "yyna", "adopted"),
        (_majority(1, 2, "cast", strict=True), "yyna", "rejected"),
        (_majority(1, 2, "cast", strict=True), "yyya", "adopted"),
        (_majority(1, 2, "entitled", strict=False), "yy--", "adopted"),
        (_majority(1, 2, "entitled", strict=True), "yy--", "rejected"),
        (_majority(1, 2, "entitled", strict=True), "yyy-", "adopted"),
        (_majority(1, 1, "entitled", strict=False), "yyyy", "adopted"),
        (_majority(1, 1, "entitled", strict=False), "yyya", "rejected"),
        (_majority(1, 2, "valid", strict=True), "aaaa", "rejected"),
    ],
)
def test_majority__at_the_threshold__depends_on_strictness_and_base(
    majority: Majority, votes: str, outcome: Outcome
) -> None:
    assert _outcome(votes, rules_with(majority)) == outcome


@pytest.mark.parametrize(("votes", "outcome"), [("yynn", "rejected"), ("yyna", "adopted")])
def test_tie__changes_nothing__even_where_the_majority_is_reached(
    votes: str, outcome: Outcome
) -> None:
    rulebook = rules_with(_majority(1, 3, "valid", strict=False))
    _, ledger = closed(_votes(votes), rulebook=rulebook)
    decision = decide(ledger.state, "bridge")
    assert decision.outcome == outcome
    tie = [step for step in decision.derivation if step.rule == "tie"]
    assert len(tie) == (1 if outcome == "rejected" else 0)


def test_decide__derivation__lists_every_rule_in_order() -> None:
    _, ledger = closed(_votes("yyna"))
    decision = decide(ledger.state, "bridge")
    assert [(step.rule, step.article, step.verdict) for step in decision.derivation] == [
        ("initiative", "9", "met"),
        ("effect-ordinary", "10", "met"),
        ("convocation", "11", "met"),
        ("ballot", "12", "met"),
        ("vote-individual", "5", "met"),
        ("quorum-ordinary", "13", "met"),
        ("majority-ordinary", "14", "met"),
    ]
    assert decision.derivation[-1].inputs == {
        "yes": "2",
        "no": "1",
        "abstain": "1",
        "base": "valid 3",
        "required": "more than 1/2",
    }
    assert decision.derivation[-2].inputs == {"electors": "4", "required": "1/4", "voters": "4"}


def test_decide__no_quorum__leaves_the_majority_aside() -> None:
    _, ledger = closed({})
    last = decide(ledger.state, "bridge").derivation[-1]
    assert (last.rule, last.verdict) == ("majority-ordinary", "not_applicable")


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
    simulation, ledger = closed(_votes("yyy-"))
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
    simulation, ledger = closed(_votes("yyy-"))
    data = decide(ledger.state, "bridge")
    entry = Entry(simulation.at(), "system", data)
    wrong = msgspec.structs.replace(entry, data=msgspec.structs.replace(data, **fields))
    with refused(code, article="14", rule="majority-ordinary"):
        ledger.append(wrong)
    ledger.append(entry)


def _replaced(data: DecisionMade, place: int, step: DerivationStep) -> tuple[DerivationStep, ...]:
    return (*data.derivation[:place], step, *data.derivation[place + 1 :])


def test_decided__one_step_wrong__refuses_and_names_its_rule() -> None:
    simulation, ledger = closed(_votes("yyy-"))
    data = decide(ledger.state, "bridge")
    for place, step in enumerate(data.derivation):
        for change in (
            {"verdict": "not_met"},
            {"article": "99"},
            {"rule": "other"},
            {"inputs": {**step.inputs, "extra": "1"}},
        ):
            steps = _replaced(data, place, msgspec.structs.replace(step, **change))
            wrong = msgspec.structs.replace(data, derivation=steps)
            with refused("decision.step", article=step.article, rule=step.rule):
                ledger.append(Entry(simulation.at(), "system", wrong))


def test_decided__step_missing_or_added__refuses() -> None:
    simulation, ledger = closed(_votes("yyy-"))
    data = decide(ledger.state, "bridge")
    for steps in (data.derivation[:-1], (*data.derivation, data.derivation[0])):
        wrong = msgspec.structs.replace(data, derivation=steps)
        with refused("decision.outcome"):
            ledger.append(Entry(simulation.at(), "system", wrong))


def test_decided__signed_by_someone__refuses() -> None:
    simulation, ledger = closed(_votes("yyy-"))
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, decide(ledger.state, "bridge")))


def test_rules_of_the_convocation__govern__although_new_statutes_come_into_force_meanwhile() -> (
    None
):
    simulation, ledger = joined()
    simulation.propose_statutes(CHAIR, "reform", text="Second.", rulebook=rules_with(_quorum(1, 1)))
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
    simulation.close("spring")
    simulation.decide("reform")
    simulation.adopt_statutes("reform")
    assert ledger.state.in_force().number == 2
    simulation.cast(TREASURER, "bridge", "yes")
    simulation.advance(days=1)
    simulation.close("second")
    simulation.decide("bridge")
    assert ledger.state.decisions["bridge"].outcome == "adopted"
    decided(simulation, "third", "weir")
    assert ledger.state.decisions["weir"].outcome == "no_quorum"


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
    assert decide(replace(ledger.state, polls=polls), "bridge").outcome == "no_quorum"


def test_only_organisations_vote__rests_on_the_rule_that_gives_them_the_vote() -> None:
    federation = rules_with(
        VotingRight("vote-collective", "5", "may", "collective"),
        VotingRight("vote-individual", "4", "must_not", "individual"),
        msgspec.structs.replace(rule_of("initiative"), classes=("collective",)),
    )
    first, second = Actor("first", "collective"), Actor("second", "collective")
    simulation, ledger = Simulation.in_memory()
    simulation.found(founders=(first, second), rulebook=federation)
    simulation.propose(first, "bridge")
    simulation.convene(first, "spring", "bridge")
    simulation.advance(days=15)
    simulation.cast(second, "bridge", "yes")
    simulation.advance(days=2)
    simulation.close("spring")
    simulation.decide("bridge")
    decision = ledger.state.decisions["bridge"]
    assert decision.outcome == "adopted"
    assert {step.verdict for step in decision.derivation} == {"met"}
    assert ("vote-collective", "5") in [(step.rule, step.article) for step in decision.derivation]


def test_nobody_votes__rests_on_the_rule_that_denies_it_and_leaves_no_bureau() -> None:
    simulation, ledger = founded()
    nobody = rules_with(VotingRight("vote-individual", "5", "must_not", "individual"))
    simulation.propose_statutes(CHAIR, "reform", text="Second.", rulebook=nobody)
    simulation.propose(CHAIR, "bridge")
    decided(simulation, "spring", "reform")
    simulation.adopt_statutes("reform")
    with refused("bureau.required"):
        simulation.convene(CHAIR, "summer", "bridge")
    assert franchise(ledger.state.in_force().rulebook).id == "vote-individual"
