"""Hearings, Q4 and Q10, sanctions by level, Q11, and the referral after an exclusion, Q12."""

import pytest

from backend.domain.acts import (
    DecisionMade,
    DerivationStep,
    MeasureEffect,
    ReversalEffect,
    RevocationEffect,
)
from backend.domain.explanations import explain
from backend.domain.rulebook.membership import LevelDecider, SanctionStep
from backend.domain.rulebook.rule import AssemblyParty, BodyParty
from backend.domain.rulebook.topics import AnyRule
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    decided,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import mandate_of
from tests.support.model_rules import BUREAU
from tests.support.organisations import Simulation
from tests.support.people_world import altered
from tests.support.territory_world import territory

LADDER = (
    SanctionStep("warning", "none", "Warning"),
    SanctionStep("suspension", "suspension", "Suspension"),
    SanctionStep("exclusion", "exclusion", "Exclusion"),
    SanctionStep("court", "referral", "Referral to a court"),
)
"""The whole ladder: warning, suspension, exclusion, referral."""


def asked(*changed: AnyRule, hearing: bool = True) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation whose bureau sanctions, after a hearing where that is asked for."""
    return founded(
        rules_with(
            altered("due-process", by=BUREAU, hearing=hearing),
            altered("sanctions", steps=LADDER),
            altered("appeal", to=BodyParty("bureau")),
            *changed,
        )
    )


def accused(simulation: Simulation, name: str = "weir", sanction: str = "warning") -> None:
    """Open a proceeding for a sanction, and let the gardener answer the grounds."""
    simulation.accuse(CHAIR, name, GARDENER, measure="sanction", sanction=sanction)
    simulation.serve(CHAIR, name)
    simulation.reply(GARDENER, name)


def test_q4__measure_without_the_hearing_the_statutes_ask_for__refuses() -> None:
    simulation, ledger = asked()
    accused(simulation)
    with refused("proceeding.hearing", rule="due-process", article="18"):
        simulation.take_measure(CHAIR, "weir")
    index = simulation.hear(CHAIR, "weir")
    assert ledger.state.proceeding("weir").heard_entry == index
    simulation.take_measure(CHAIR, "weir")
    assert ledger.state.proceeding("weir").status == "taken"


def test_q4__hearing_declined__frees_the_way_once_the_days_are_over() -> None:
    simulation, ledger = asked()
    simulation.accuse(CHAIR, "weir", GARDENER, measure="sanction", sanction="warning")
    simulation.serve(CHAIR, "weir")
    simulation.hear(CHAIR, "weir", declined=True)
    with refused("proceeding.unheard"):
        simulation.take_measure(CHAIR, "weir")
    simulation.advance(days=9)
    simulation.take_measure(CHAIR, "weir")
    assert ledger.state.proceeding("weir").status == "taken"


def test_q4__statutes_that_ask_for_no_hearing__take_the_measure_without() -> None:
    simulation, ledger = asked(hearing=False)
    accused(simulation)
    simulation.take_measure(CHAIR, "weir")
    assert ledger.state.proceeding("weir").heard_entry is None


def test_q4__motion_for_a_measure__waits_for_the_hearing_too() -> None:
    simulation, ledger = asked(altered("due-process", hearing=True))
    accused(simulation)
    simulation.propose_effect(CHAIR, "warn", "sanction", MeasureEffect("weir"))
    with refused("proceeding.hearing"):
        simulation.convene(CHAIR, "spring", "warn")
    simulation.hear(CHAIR, "weir")
    decided(simulation, "spring", "warn")
    assert ledger.state.proceeding("weir").status == "taken"
    decision = ledger.state.decisions["warn"]
    (step,) = _due_process(decision)
    assert (step.inputs["hearing"], step.verdict) == ("yes", "met")
    assert ledger.state.proceeding("weir").heard_entry in step.entries
    lines = explain(decision, ledger.state.governing("spring"), None, "en")
    assert any("hearing was held or declined" in line for line in lines)


def test_q4__revocation__waits_for_the_hearing_too() -> None:
    simulation, _ = asked()
    mandate = mandate_of(SECRETARY)
    simulation.accuse(CHAIR, "weir", SECRETARY, measure="revocation", mandate=mandate)
    simulation.serve(CHAIR, "weir")
    simulation.reply(SECRETARY, "weir")
    effect = RevocationEffect(mandate, "weir")
    simulation.propose_effect(CHAIR, "recall", "revocatory", effect)
    with refused("proceeding.hearing"):
        simulation.convene(CHAIR, "spring", "recall")
    simulation.hear(CHAIR, "weir")
    simulation.convene(CHAIR, "spring", "recall")


def test_q10__before_the_grounds_were_served__refuses() -> None:
    simulation, _ = asked()
    simulation.accuse(CHAIR, "weir", GARDENER, measure="sanction", sanction="warning")
    with refused("proceeding.unserved"):
        simulation.hear(CHAIR, "weir")


@pytest.mark.parametrize("day", ["2026-01-04", "2026-01-07"])
def test_q10__day_before_serving_or_after_the_act__refuses(day: str) -> None:
    simulation, _ = asked()
    accused(simulation)
    simulation.advance(days=1)
    with refused("hearing.day") as caught:
        simulation.hear(CHAIR, "weir", on=day)
    assert caught.value.expected == "from 2026-01-05 to 2026-01-06"
    simulation.hear(CHAIR, "weir", on="2026-01-05")


def test_q10__twice_or_after_the_measure__refuses() -> None:
    simulation, _ = asked()
    accused(simulation)
    simulation.hear(CHAIR, "weir")
    with refused("hearing.held"):
        simulation.hear(CHAIR, "weir")
    simulation.take_measure(CHAIR, "weir")
    with refused("proceeding.decided"):
        simulation.hear(CHAIR, "weir")


def test_q10__not_of_those_who_serve__refuses() -> None:
    simulation, _ = asked()
    accused(simulation)
    simulation.resign_mandate(TREASURER, mandate_of(TREASURER))
    for author in (GARDENER, TREASURER):
        with refused("officer.required", rule="due-process"):
            simulation.hear(author, "weir")
    simulation.hear(SECRETARY, "weir")


def by_level() -> tuple[Simulation, MemoryLedger]:
    """Return the organisation in which a village decides its sanctions, and the auditors a region's."""
    levels = (
        LevelDecider("village", AssemblyParty("village")),
        LevelDecider("region", BodyParty("audit")),
    )
    process = altered("due-process", by=BUREAU, levels=levels)
    return territory(
        process,
        altered("appeal", to=AssemblyParty("region")),
        altered("competence", motions=("constituent",)),
    )


def accused_in(simulation: Simulation, place: str | None) -> None:
    """Open a proceeding that concerns a place, and let the gardener answer."""
    simulation.accuse(CHAIR, "weir", GARDENER, measure="sanction", sanction="warning", place=place)
    simulation.serve(CHAIR, "weir")
    simulation.reply(GARDENER, "weir")


def test_q11__no_place__is_decided_as_everywhere() -> None:
    simulation, ledger = by_level()
    accused_in(simulation, None)
    simulation.take_measure(CHAIR, "weir")
    assert ledger.state.proceeding("weir").status == "taken"


def test_q11__region__is_decided_by_the_body_of_that_level() -> None:
    simulation, _ = by_level()
    simulation.accuse(
        CHAIR, "weir", GARDENER, measure="sanction", sanction="warning", place="valley"
    )
    with refused("officer.required", rule="due-process") as caught:
        simulation.serve(CHAIR, "weir")
    assert caught.value.expected == "audit"


def test_q11__level_at_which_nobody_decides__refuses() -> None:
    simulation, _ = by_level()
    with refused("proceeding.level", rule="due-process") as caught:
        simulation.accuse(
            CHAIR, "weir", GARDENER, measure="sanction", sanction="warning", place="earth"
        )
    assert (caught.value.expected, caught.value.found) == ("village or region", "world")


@pytest.mark.parametrize(("place", "code"), [("mill", "proceeding.place"), ("x", "place.unknown")])
def test_q11__place_to_which_the_member_does_not_belong__refuses(place: str, code: str) -> None:
    simulation, _ = by_level()
    with refused(code):
        simulation.accuse(
            CHAIR, "weir", GARDENER, measure="sanction", sanction="warning", place=place
        )


def test_q11__village__decides_in_its_own_assembly_and_hears_the_appeal_in_its_region() -> None:
    simulation, ledger = by_level()
    accused_in(simulation, "weir-end")
    with refused("measure.by_motion"):
        simulation.take_measure(CHAIR, "weir")
    simulation.propose_effect(CHAIR, "warn", "sanction", MeasureEffect("weir"))
    with refused("measure.place", rule="due-process") as caught:
        simulation.convene(CHAIR, "spring", "warn", days=4, session="village", place="mill")
    assert (caught.value.expected, caught.value.found) == ("weir-end", "mill")
    with refused("measure.session", rule="due-process"):
        simulation.convene(CHAIR, "spring", "warn", days=4, session="region", place="valley")
    _vote(simulation, "spring", "warn", session="village", place="weir-end")
    assert ledger.state.proceeding("weir").status == "taken"
    simulation.appeal(GARDENER, "weir")
    simulation.propose_effect(GARDENER, "pardon", "appeal", ReversalEffect("weir"))
    with refused("measure.place", rule="appeal"):
        simulation.convene(CHAIR, "summer", "pardon", days=4, session="region", place="coast")
    _vote(simulation, "summer", "pardon", session="region", place="valley")
    assert ledger.state.proceeding("weir").status == "reversed"


def test_q11__case_of_no_place__is_not_decided_by_a_place() -> None:
    process = altered("due-process", by=AssemblyParty("village"))
    simulation, _ = territory(process)
    accused_in(simulation, None)
    simulation.propose_effect(CHAIR, "warn", "sanction", MeasureEffect("weir"))
    with refused("measure.place") as caught:
        simulation.convene(CHAIR, "spring", "warn", days=4, session="village", place="weir-end")
    assert caught.value.expected == "\N{EM DASH}"


def test_q12__ladder_to_its_end__refers_who_was_excluded_and_leaves_a_trace() -> None:
    simulation, ledger = asked(hearing=False)
    accused(simulation, "first", "warning")
    simulation.take_measure(CHAIR, "first")
    accused(simulation, "second", "suspension")
    simulation.take_measure(CHAIR, "second", until="2026-01-20")
    accused(simulation, "third", "exclusion")
    simulation.take_measure(CHAIR, "third")
    assert ledger.state.member(GARDENER.id).lost_by == "exclusion"
    accused(simulation, "fourth", "court")
    simulation.take_measure(CHAIR, "fourth")
    found = ledger.state.proceeding("fourth")
    assert (found.status, found.effect) == ("taken", "referral")
    member = ledger.state.member(GARDENER.id)
    assert (member.status, member.lost_by) == ("ended", "exclusion")
    simulation.appeal(GARDENER, "fourth")
    simulation.answer_appeal(CHAIR, "fourth", upheld=False)
    assert ledger.state.proceeding("fourth").status == "reversed"
    assert ledger.state.member(GARDENER.id).status == "ended"


def test_q12__exclusion_asked_for_as_such__opens_the_referral() -> None:
    simulation, ledger = asked(altered("loss-exclusion", by=BUREAU), hearing=False)
    simulation.accuse(CHAIR, "out", GARDENER)
    simulation.serve(CHAIR, "out")
    simulation.reply(GARDENER, "out")
    simulation.take_measure(CHAIR, "out")
    accused(simulation, "court", "court")
    simulation.take_measure(CHAIR, "court")
    assert ledger.state.proceeding("court").effect == "referral"


def test_q12__member_not_excluded_yet__is_not_referred_without_skipping() -> None:
    simulation, _ = asked(hearing=False)
    accused(simulation, "court", "court")
    with refused("sanction.rung", rule="sanctions") as caught:
        simulation.take_measure(CHAIR, "court")
    assert caught.value.expected == "exclusion first"


def test_q12__other_measure_against_who_was_excluded_or_referral_of_who_left__refuses() -> None:
    simulation, _ = asked(altered("loss-exclusion", by=BUREAU), hearing=False)
    simulation.accuse(CHAIR, "out", GARDENER)
    simulation.serve(CHAIR, "out")
    simulation.reply(GARDENER, "out")
    simulation.take_measure(CHAIR, "out")
    with refused("member.inactive"):
        simulation.accuse(CHAIR, "again", GARDENER, measure="sanction", sanction="warning")
    simulation.resign(SECRETARY)
    with refused("member.inactive"):
        simulation.accuse(CHAIR, "court", SECRETARY, measure="sanction", sanction="court")


def _due_process(decision: DecisionMade) -> list[DerivationStep]:
    return [each for each in decision.derivation if "measure" in each.inputs]


def _vote(simulation: Simulation, assembly: str, motion: str, *, session: str, place: str) -> None:
    simulation.convene(CHAIR, assembly, motion, days=4, session=session, place=place)
    simulation.advance(days=4)
    simulation.cast(CHAIR, motion, "yes")
    simulation.advance(days=2)
    simulation.settle(assembly)
