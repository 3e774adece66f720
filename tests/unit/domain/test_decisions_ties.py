"""Ties, casting votes and consent: what decides where votes alone do not."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.acts import DecisionMade, Outcome
from backend.domain.decisions import decide
from backend.domain.entry import Entry
from backend.domain.facts import Mandate
from backend.domain.lawfulness import check
from backend.domain.rulebook.topics import Silent
from backend.domain.rulebook.voting import Majority
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    closed,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.model_rules import share
from tests.support.organisations import Simulation
from tests.support.people_world import altered
from tests.support.vote_world import (
    ballot_with,
    derived,
    held,
    majority_of,
    paper_rules,
    quorum_of,
    seated,
    step_of,
    tie_of,
    voted,
    votes_of,
)


@pytest.mark.parametrize(
    ("votes", "outcome"), [("yynn", "rejected"), ("yyna", "adopted"), ("ynaa", "rejected")]
)
def test_tie__changes_nothing__even_where_the_majority_is_reached(
    votes: str, outcome: Outcome
) -> None:
    _, ledger = closed(
        votes_of(votes), rulebook=rules_with(majority_of(1, 3, "valid", strict=False))
    )
    decision = derived(ledger)
    assert decision.outcome == outcome
    verdicts = {step.rule: step.verdict for step in decision.derivation}
    if outcome == "adopted":
        assert "tie" not in verdicts
        return
    assert (verdicts["majority-ordinary"], verdicts["tie"]) == ("not_applicable", "not_met")
    assert step_of(decision, "tie").inputs == {
        "each": str(votes.count("y")),
        "resolution": "status_quo",
    }


def test_tie__without_quorum__is_not_asked() -> None:
    _, ledger = closed(votes_of("yn--"), rulebook=rules_with(quorum_of(3, 4)))
    decision = derived(ledger)
    assert decision.outcome == "no_quorum"
    assert decision.derivation[-1].rule == "majority-ordinary"


def _council(votes: str, *rules: object) -> tuple[Simulation, MemoryLedger]:
    """Return the council after its vote; its members are chair, treasurer and secretary."""
    simulation, ledger = held(rules_with(*rules), session="council")  # type: ignore[arg-type]  # rules of any topic
    voted(simulation, votes_of(votes))
    return simulation, ledger


@pytest.mark.parametrize(
    ("votes", "outcome", "cast"),
    [
        ("yn-", "adopted", "yes"),
        ("yna", "adopted", "yes"),
        ("ny-", "rejected", "no"),
        ("ayn", "rejected", "abstain"),
        ("-yn", "rejected", "none"),
        ("aa-", "rejected", "abstain"),
    ],
)
def test_casting_vote__of_the_chair__decides_the_tie(
    votes: str, outcome: Outcome, cast: str
) -> None:
    _, ledger = _council(votes)
    decision = derived(ledger)
    assert decision.outcome == outcome
    step = decision.derivation[-1]
    assert (step.rule, step.article) == ("casting-vote", "15")
    assert step.inputs == {"casting_vote": cast, "seat": "bureau/chair"}
    assert step.verdict == ("met" if outcome == "adopted" else "not_met")
    assert step_of(decision, "tie-council").verdict == "met"
    counted = (ledger.state.poll("bridge").closed_entry,)
    assert (step.entries, step_of(decision, "tie-council").entries) == (counted, counted)
    assert step_of(decision, "majority-ordinary").verdict == "not_applicable"


@pytest.mark.parametrize(("votes", "outcome"), [("yyn", "rejected"), ("yyy", "adopted")])
def test_majority__of_the_session__is_the_one_asked(votes: str, outcome: Outcome) -> None:
    everyone = Majority(
        id="majority-council", article="14", modality="must", sessions=("council",),
        threshold=share(1, 1), base="entitled",
    )  # fmt: skip
    _, ledger = _council(votes, everyone)
    decision = derived(ledger)
    assert (decision.outcome, decision.derivation[-1].rule) == (outcome, "majority-council")


def test_casting_vote__without_a_tie__is_not_asked() -> None:
    _, ledger = _council("nyy")
    decision = derived(ledger)
    assert (decision.outcome, decision.derivation[-1].rule) == ("adopted", "majority-ordinary")


@pytest.mark.parametrize(
    ("base", "strict", "outcome"),
    [("cast", True, "adopted"), ("entitled", False, "adopted"), ("entitled", True, "adopted")],
)
def test_casting_vote__counts_beside_the_holders_own(
    *,
    base: str,
    strict: bool,
    outcome: Outcome,
) -> None:
    majority = majority_of(1, 2, base, strict=strict)  # type: ignore[arg-type]  # of the table above
    _, ledger = _council("yn-", majority)
    assert derived(ledger).outcome == outcome


def test_casting_vote__that_is_not_enough__does_not_adopt() -> None:
    for num, den, outcome in ((2, 3, "adopted"), (3, 4, "rejected")):
        _, ledger = _council("yn-", majority_of(num, den, "valid", strict=False))
        assert derived(ledger).outcome == outcome


def test_casting_vote__last_ballot_of_the_chair__counts() -> None:
    simulation, ledger = held(session="council")
    simulation.cast(CHAIR, "bridge", "no")
    simulation.cast(TREASURER, "bridge", "no")
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=2)
    simulation.close("spring")
    assert derived(ledger).derivation[-1].inputs["casting_vote"] == "yes"


def _with_second_chair(ledger: MemoryLedger, actor: Actor) -> DecisionMade:
    first = next(iter(ledger.state.mandates.values()))
    second = Mandate(
        "second", "bureau", "chair", actor.id, first.starts, first.ends, holds_over=True,
        entry=0, way="founding",
    )  # fmt: skip
    state = replace(ledger.state, mandates=ledger.state.mandates.set("second", second))
    return decide(state, "bridge", ledger.sources)


def test_casting_vote__of_two_who_share_the_seat__needs_them_to_agree() -> None:
    _, ledger = _council("yn-")
    apart = _with_second_chair(ledger, TREASURER)
    assert (apart.outcome, apart.derivation[-1].inputs["casting_vote"]) == ("rejected", "none")
    alone = _with_second_chair(ledger, SECRETARY)
    assert (alone.outcome, alone.derivation[-1].inputs["casting_vote"]) == ("adopted", "yes")


def test_casting_vote__after_the_chair_left__is_that_of_the_closing_day() -> None:
    simulation, ledger = _council("yn-")
    simulation.advance(days=1)
    simulation.resign(CHAIR)
    assert derived(ledger).outcome == "adopted"


def test_casting_vote__in_an_assembly_or_without_a_rule__leaves_the_tie() -> None:
    simulation, ledger = held(rules_with(tie_of("casting_vote")))
    voted(simulation, votes_of("yn--"))
    assembly = derived(ledger)
    decisions = [(assembly, "tie")]
    silence = Silent(id="open", article="15", matter="casting_vote", settled_by="The assembly.")
    for rules in (
        rules_with(without=["casting-vote"]),
        rules_with(silence, without=["casting-vote"]),
    ):
        simulation, ledger = held(rules, session="council")
        voted(simulation, votes_of("yn-"))
        decisions.append((derived(ledger), "tie-council"))
    for decision, rule in decisions:
        last = decision.derivation[-1]
        assert (decision.outcome, last.rule, last.verdict) == ("rejected", rule, "not_met")
        assert last.inputs["resolution"] == "casting_vote"


def test_casting_vote__where_a_tie_changes_nothing__is_not_asked() -> None:
    rule = altered("tie-council", resolution="status_quo")
    _, ledger = _council("yn-", rule)
    last = derived(ledger).derivation[-1]
    assert (derived(ledger).outcome, last.rule, last.verdict) == (
        "rejected",
        "tie-council",
        "not_met",
    )


def test_casting_vote__on_paper__is_never_declared() -> None:
    rules = rules_with(ballot_with(secrecy="secret"))
    simulation, ledger = held(rules, session="council", channel="room")
    for member in (CHAIR, TREASURER):
        simulation.attend(member, "spring", "room")
    simulation.open(CHAIR, "spring")
    index = simulation.count_urn(
        (CHAIR, TREASURER), "spring", "bridge", {"yes": 1, "no": 1, "abstain": 0}
    )
    simulation.advance(days=2)
    simulation.close("spring")
    data = derived(ledger)
    assert (data.outcome, data.derivation[-1].inputs["casting_vote"]) == ("rejected", "none")
    assert step_of(data, "majority-ordinary").entries == (index, index + 1)
    ledger.sources.rolls.clear()
    entry = Entry(simulation.at(), "system", data)
    assert check(ledger.state, entry, ledger.sources) == 0


def test_casting_vote__roll_erased__is_believed_and_counted_as_unseen() -> None:
    simulation, ledger = _council("yn-")
    entry = Entry(simulation.at(), "system", derived(ledger))
    assert check(ledger.state, entry, ledger.sources) == 0
    ledger.sources.rolls.clear()
    assert check(ledger.state, entry, ledger.sources) == 1
    assert derived(ledger).derivation[-1].inputs["casting_vote"] == "none"


def _declaring(data: DecisionMade, choice: str, outcome: Outcome, verdict: str) -> DecisionMade:
    last = data.derivation[-1]
    inputs = {**last.inputs, "casting_vote": choice}
    step = msgspec.structs.replace(last, inputs=inputs, verdict=verdict)
    return msgspec.structs.replace(data, outcome=outcome, derivation=(*data.derivation[:-1], step))


def test_casting_vote__declared_otherwise__is_refused_by_who_holds_the_roll() -> None:
    simulation, ledger = _council("yn-")
    false = _declaring(derived(ledger), "no", "rejected", "not_met")
    with refused("decision.step", article="15", rule="casting-vote"):
        check(ledger.state, Entry(simulation.at(), "system", false), ledger.sources)


@pytest.mark.parametrize(
    ("choice", "outcome", "verdict"),
    [
        ("maybe", "rejected", "not_met"),
        ("no", "adopted", "met"),
        ("yes", "rejected", "not_met"),
    ],
)
def test_casting_vote__that_does_not_follow__is_refused_without_the_roll_too(
    choice: str, outcome: Outcome, verdict: str
) -> None:
    simulation, ledger = _council("yn-")
    false = _declaring(derived(ledger), choice, outcome, verdict)
    ledger.sources.rolls.clear()
    with refused("decision.step", rule="casting-vote"):
        check(ledger.state, Entry(simulation.at(), "system", false), ledger.sources)


def _consent_round(objected: bool, *, resolved: bool = False, votes: str = "cca-") -> DecisionMade:  # noqa: FBT001 - of a table
    simulation, ledger = held(rules_with(ballot_with(method="consent")))
    if objected:
        simulation.object(GARDENER, "too-wide", "bridge")
    if resolved:
        simulation.resolve(GARDENER, "too-wide")
    voted(simulation, votes_of(votes))
    return derived(ledger)


@pytest.mark.parametrize(
    ("objected", "resolved", "votes", "outcome"),
    [
        (False, False, "cca-", "adopted"),
        (True, False, "cca-", "rejected"),
        (True, True, "cca-", "adopted"),
        (False, False, "aaa-", "rejected"),
        (False, False, "----", "no_quorum"),
    ],
)
def test_consent__needs_one_who_consents_and_no_objection(
    *,
    objected: bool,
    resolved: bool,
    votes: str,
    outcome: Outcome,
) -> None:
    decision = _consent_round(objected, resolved=resolved, votes=votes)
    assert decision.outcome == outcome
    last = decision.derivation[-1]
    assert (last.rule, last.article) == ("ballot", "12")
    assert last.inputs == {
        "abstain": str(votes.count("a")),
        "consent": str(votes.count("c")),
        "objections": str(int(objected)),
        "standing": str(int(objected and not resolved)),
    }
    verdicts = {"adopted": "met", "rejected": "not_met", "no_quorum": "not_applicable"}
    assert last.verdict == verdicts[outcome]


def test_consent__objection__is_among_the_entries() -> None:
    simulation, ledger = held(rules_with(ballot_with(method="consent")))
    index = simulation.object(GARDENER, "too-wide", "bridge")
    voted(simulation, votes_of("c---"))
    step = derived(ledger).derivation[-1]
    assert step.entries == (index, ledger.state.poll("bridge").closed_entry)


def test_consent__on_paper__rests_on_the_tellers_count() -> None:
    rules = paper_rules(ballot_with(method="consent", secrecy="secret"))
    simulation, ledger = seated(rules, CHAIR, TREASURER)
    index = simulation.count_urn(
        (CHAIR, TREASURER), "spring", "bridge", {"consent": 1, "abstain": 1}
    )
    simulation.advance(days=2)
    simulation.close("spring")
    step = derived(ledger).derivation[-1]
    assert (step.verdict, step.entries) == ("met", (index, index + 1))


def test_consent__yes__is_not_on_the_ballot() -> None:
    simulation, _ = held(rules_with(ballot_with(method="consent")))
    with refused("choice.unknown"):
        voted(simulation, votes_of("y---"))


def test_majority__of_those_there_in_a_session_that_never_opened__is_of_nobody() -> None:
    rules = rules_with(majority_of(1, 2, "present_or_represented", strict=True))
    simulation, ledger = held(rules)
    simulation.attend(CHAIR, "spring")
    voted(simulation, {})
    decision = derived(ledger)
    assert decision.outcome == "no_quorum"
    assert step_of(decision, "majority-ordinary").inputs["whole"] == "0"
