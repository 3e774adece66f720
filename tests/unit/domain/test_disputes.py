"""Disputes on their ladder, D1 to D4."""

import pytest

from backend.domain.acts import (
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    EscalationStep,
    ExitAnswer,
)
from backend.domain.rulebook.topics import Silent
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.people_world import altered
from tests.support.plays import put_text

ANSWER = ExitAnswer("Who keeps the boats", "The gardener does.")


def disputed() -> tuple[Simulation, MemoryLedger]:
    """Return a dispute between gardener and partner on its first step."""
    simulation, ledger = joined()
    simulation.open_dispute(GARDENER, "boats", PARTNER)
    return simulation, ledger


def test_d1__party_opens__first_step_begins() -> None:
    _, ledger = disputed()
    dispute = ledger.state.dispute("boats")
    assert (dispute.step, dispute.settled) == ("crisis_meeting", False)
    assert dispute.data.parties == (GARDENER.id, PARTNER.id)


def test_d1__id_in_use__refuses() -> None:
    simulation, _ = disputed()
    with refused("dispute.exists"):
        simulation.open_dispute(CHAIR, "boats", PARTNER)


@pytest.mark.parametrize(
    ("other", "code"),
    [(GARDENER, "dispute.parties"), (STRANGER, "member.inactive"), (PARTNER, None)],
)
def test_d1__parties__are_different_members(other: Actor, code: str | None) -> None:
    simulation, _ = joined()
    simulation.apply(STRANGER)
    if code is None:
        simulation.open_dispute(GARDENER, "boats", other)
        return
    with refused(code):
        simulation.open_dispute(GARDENER, "boats", other)


def test_d1__opened_for_others__refuses() -> None:
    simulation, ledger = joined()
    data = DisputeOpened("boats", (GARDENER.id, PARTNER.id), put_text(ledger, "The boats."))
    with refused("dispute.party", article="22", rule="escalation"):
        simulation.act(CHAIR, data)


def test_d1__statutes_without_a_ladder__refuse() -> None:
    silence = Silent(id="open", article="22", matter="escalation", settled_by="An agreement.")
    simulation, _ = joined(rules_with(silence, without=["escalation"]))
    with refused("rule.silent", article="22"):
        simulation.open_dispute(GARDENER, "boats", PARTNER)


def test_d2__steps_in_order__end_with_the_exit_plan() -> None:
    simulation, ledger = disputed()
    simulation.advance_dispute(PARTNER, "boats", "mediation")
    assert ledger.state.dispute("boats").step == "mediation"
    simulation.advance_dispute(GARDENER, "boats", "exit_plan", plan=[ANSWER])
    with refused("dispute.step", article="22") as caught:
        simulation.advance_dispute(GARDENER, "boats", "exit_plan", plan=[ANSWER])
    assert caught.value.expected == "settlement"


@pytest.mark.parametrize("step", ["crisis_meeting", "exit_plan"])
def test_d2__another_step_than_the_next__refuses(step: EscalationStep) -> None:
    simulation, _ = disputed()
    with refused("dispute.step", article="22", rule="escalation") as caught:
        simulation.advance_dispute(GARDENER, "boats", step)
    assert (caught.value.expected, caught.value.found) == ("mediation", step)


def test_d2__by_no_party_or_one_who_left__refuses() -> None:
    simulation, _ = disputed()
    with refused("dispute.party", article="22"):
        simulation.advance_dispute(CHAIR, "boats", "mediation")
    simulation.resign(GARDENER)
    with refused("member.inactive"):
        simulation.advance_dispute(GARDENER, "boats", "mediation")


@pytest.mark.parametrize(
    "plan", [(), (ANSWER, ANSWER), (ExitAnswer("Who keeps the weir", "Nobody."),)]
)
def test_d3__plan_that_does_not_answer_each_goal_once__refuses(
    plan: tuple[ExitAnswer, ...],
) -> None:
    simulation, _ = disputed()
    simulation.advance_dispute(GARDENER, "boats", "mediation")
    with refused("dispute.plan", article="22") as caught:
        simulation.advance_dispute(GARDENER, "boats", "exit_plan", plan=plan)
    assert caught.value.expected == "Who keeps the boats"


def test_d3__plan_before_its_step__refuses() -> None:
    simulation, _ = disputed()
    with refused("dispute.plan", article="22") as caught:
        simulation.advance_dispute(GARDENER, "boats", "mediation", plan=[ANSWER])
    assert caught.value.expected == "\N{EM DASH}"


def test_d3__goals_in_another_order__are_answered() -> None:
    goals = ("Who keeps the boats", "A list")
    simulation, ledger = joined(rules_with(altered("escalation", exit_goals=goals)))
    simulation.open_dispute(GARDENER, "boats", PARTNER)
    simulation.advance_dispute(GARDENER, "boats", "mediation")
    plan = [ExitAnswer("A list", "Yes."), ANSWER]
    data = DisputeAdvanced("boats", "exit_plan", put_text(ledger, "Tried."), tuple(plan))
    simulation.act(GARDENER, data)
    assert ledger.state.dispute("boats").step == "exit_plan"


def test_d4__all_parties_sign__is_settled() -> None:
    simulation, ledger = disputed()
    simulation.settle_dispute(GARDENER, "boats", PARTNER)
    assert ledger.state.dispute("boats").settled
    with refused("dispute.settled"):
        simulation.settle_dispute(GARDENER, "boats", PARTNER)
    with refused("dispute.settled"):
        simulation.advance_dispute(GARDENER, "boats", "mediation")


def test_d4__second_party_submits__signatures_keep_their_order() -> None:
    simulation, ledger = disputed()
    simulation.resign(PARTNER)
    data = DisputeSettled("boats", put_text(ledger, "Agreed."))
    with refused("signature.signer"):
        simulation.act(PARTNER, data, signers=(PARTNER, GARDENER))
    simulation.act(PARTNER, data, signers=(GARDENER, PARTNER))
    assert ledger.state.dispute("boats").settled


def test_d4__a_party_does_not_sign__refuses() -> None:
    simulation, _ = disputed()
    with refused("signature.missing"):
        simulation.settle_dispute(GARDENER, "boats")


def test_d4__settled_by_others__refuses() -> None:
    simulation, _ = disputed()
    with refused("dispute.party", article="22"):
        simulation.settle_dispute(TREASURER, "boats", SECRETARY)
    with refused("dispute.unknown"):
        simulation.settle_dispute(GARDENER, "weir", PARTNER)
