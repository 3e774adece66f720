"""Consent to names beside votes, K1 to K3."""

from typing import Literal

import pytest

from backend.domain.acts import NamingAnswered
from backend.domain.ballots import shown_names
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    STRANGER,
    TREASURER,
    refused,
    rules_with,
    voting,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.vote_world import VOTERS, named_ballot


def _voting(modality: Literal["must", "may"] = "may") -> tuple[Simulation, MemoryLedger, str]:
    simulation, ledger = voting("bridge", "weir", rulebook=rules_with(named_ballot(modality)))
    return simulation, ledger, ledger.state.poll("bridge").item.decision


def _answer(
    simulation: Simulation,
    decision: str,
    by: Actor,
    answer: Literal["consents", "declines"] = "consents",
) -> None:
    simulation.act(by, NamingAnswered(decision, answer))


def test_names__where_the_statutes_demand_them__are_all_electors_and_nobody_is_asked() -> None:
    simulation, ledger, decision = _voting("must")
    assert shown_names(ledger.state, decision) == {voter.id for voter in VOTERS}
    with refused("naming.demanded", rule="ballot", article="12"):
        _answer(simulation, decision, CHAIR)


def test_names__where_the_statutes_let_be__are_of_those_who_consent_to_this_very_vote() -> None:
    simulation, ledger, decision = _voting()
    other = ledger.state.poll("weir").item.decision
    assert shown_names(ledger.state, decision) == frozenset()
    _answer(simulation, decision, CHAIR)
    _answer(simulation, decision, GARDENER)
    assert shown_names(ledger.state, decision) == {CHAIR.id, GARDENER.id}
    assert shown_names(ledger.state, other) == frozenset()


def test_names__of_a_vote_that_is_not_named__are_nobodys() -> None:
    simulation, ledger = voting()
    decision = ledger.state.poll("bridge").item.decision
    with refused("naming.unnamed", rule="ballot", article="12") as caught:
        shown_names(ledger.state, decision)
    assert caught.value.found == "until_close"
    with refused("naming.unnamed"):
        _answer(simulation, decision, CHAIR)


def test_k1__decision_that_no_assembly_takes__is_unknown() -> None:
    simulation, _, _ = _voting()
    with refused("decision.unknown"):
        _answer(simulation, "d0" * 32, CHAIR)


def test_k2__by_someone_who_does_not_vote__refuses() -> None:
    simulation, _, decision = _voting()
    with refused("naming.elector", article="5"):
        _answer(simulation, decision, PARTNER)
    with refused("naming.elector"):
        _answer(simulation, decision, STRANGER)
    _answer(simulation, decision, CHAIR)


def test_k2__by_someone_who_left__takes_the_consent_back() -> None:
    simulation, ledger, decision = _voting()
    _answer(simulation, decision, GARDENER)
    simulation.resign(GARDENER)
    _answer(simulation, decision, GARDENER, "declines")
    assert shown_names(ledger.state, decision) == frozenset()


def test_k3__same_answer_again__refuses_and_another_holds() -> None:
    simulation, ledger, decision = _voting()
    with refused("naming.answered"):
        _answer(simulation, decision, CHAIR, "declines")
    _answer(simulation, decision, CHAIR)
    with refused("naming.answered"):
        _answer(simulation, decision, CHAIR)
    _answer(simulation, decision, CHAIR, "declines")
    assert shown_names(ledger.state, decision) == frozenset()
    _answer(simulation, decision, CHAIR)
    assert shown_names(ledger.state, decision) == {CHAIR.id}


@pytest.mark.parametrize("signer", [TREASURER, GARDENER])
def test_consent__signed_by_another__refuses(signer: Actor) -> None:
    simulation, _, decision = _voting()
    with refused("signature.signer"):
        simulation.act(CHAIR, NamingAnswered(decision, "consents"), signers=[signer])


def test_consent__after_the_close__holds_and_may_be_taken_back() -> None:
    simulation, ledger, decision = _voting()
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    _answer(simulation, decision, CHAIR)
    assert shown_names(ledger.state, decision) == {CHAIR.id}
    _answer(simulation, decision, CHAIR, "declines")
    assert shown_names(ledger.state, decision) == frozenset()
