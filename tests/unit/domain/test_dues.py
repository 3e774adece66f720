"""Arrears, E1 to E3, what they do to a vote, and the end of a membership by arrears."""

import pytest

from backend.domain.acts import ArrearsRecorded
from backend.domain.rulebook.membership import Dues, Loss
from backend.domain.rulebook.rule import SeatParty
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import Silent
from backend.domain.standing import electors, has_vote
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    changed,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, mandate_of
from tests.support.model_rules import BUREAU
from tests.support.organisations import Simulation

DUES = Dues(
    id="dues", article="24", modality="must", by=SeatParty("bureau", "chair"), suspends_vote=True,
    grace_days=30,
)  # fmt: skip
"""The chair records arrears, which suspend the vote after thirty days."""

STRUCK_OFF = Loss(id="loss-arrears", article="8", modality="must", cause="arrears", by=BUREAU)
"""The bureau strikes off who does not pay."""


def with_dues(**fields: object) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation whose members pay dues."""
    rule = Dues(**{**{name: getattr(DUES, name) for name in DUES.__struct_fields__}, **fields})
    return founded(rules_with(rule, STRUCK_OFF))


def votes(ledger: MemoryLedger, member: Actor, day: str) -> bool:
    return has_vote(ledger.state.member(member.id), ledger.state.in_force().rulebook, day)


def test_e1__arrears_of_a_member__are_on_record() -> None:
    simulation, ledger = with_dues()
    simulation.owe(CHAIR, GARDENER, since="2026-01-01")
    assert ledger.state.member(GARDENER.id).arrears_since == "2026-01-01"


def test_e1__arrears_twice__refuses() -> None:
    simulation, _ = with_dues()
    simulation.owe(CHAIR, GARDENER)
    with refused("arrears.recorded"):
        simulation.owe(CHAIR, GARDENER)


def test_e1__stranger_and_applicant__refuse() -> None:
    simulation, _ = with_dues()
    with refused("member.unknown"):
        simulation.owe(CHAIR, STRANGER)
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.owe(CHAIR, STRANGER)


def test_e1__day_after_the_act__refuses_and_the_day_of_it_does_not() -> None:
    simulation, _ = with_dues()
    with refused("arrears.since") as caught:
        simulation.owe(CHAIR, GARDENER, since="2026-01-06")
    assert caught.value.expected == "by 2026-01-05"
    simulation.owe(CHAIR, GARDENER, since="2026-01-05")


def test_e1__day_that_does_not_exist__refuses() -> None:
    simulation, _ = with_dues()
    with refused("day.malformed"):
        simulation.owe(CHAIR, GARDENER, since="2025-02-29")


@pytest.mark.parametrize("author", [TREASURER, GARDENER])
def test_e1__not_the_seat_of_the_statutes__refuses(author: Actor) -> None:
    simulation, _ = with_dues()
    with refused("officer.required", rule="dues", article="24") as caught:
        simulation.owe(author, SECRETARY)
    assert caught.value.expected == "bureau (chair)"


def test_e1__mandate_of_the_recorder_ended__refuses() -> None:
    simulation, _ = with_dues()
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    with refused("officer.required", rule="dues"):
        simulation.owe(CHAIR, GARDENER)


def test_e1__statutes_without_dues__refuses() -> None:
    simulation, _ = founded()
    with refused("rule.missing") as caught:
        simulation.owe(CHAIR, GARDENER)
    assert caught.value.found == "dues"


def test_e1__statutes_silent_on_dues__refuses_under_the_article() -> None:
    silent = Silent(id="open", article="24", matter="dues", settled_by="A decision")
    simulation, _ = founded(rules_with(silent))
    with refused("rule.silent", rule="open", article="24"):
        simulation.owe(CHAIR, GARDENER)


def test_e1__whose_arrears_changed_after_signing__refuses() -> None:
    simulation, ledger = with_dues()
    data = ArrearsRecorded(GARDENER.id, "2026-01-01")
    signed = simulation.signed(ledger, CHAIR, data)
    with refused("signature.signer"):
        append(ledger, (changed(signed[0], member=TREASURER.id), signed[1]))
    append(ledger, signed)


def test_e2__paid__no_arrears_are_on_record() -> None:
    simulation, ledger = with_dues()
    with refused("arrears.none"):
        simulation.pay(CHAIR, GARDENER)
    simulation.owe(CHAIR, GARDENER)
    with refused("officer.required", rule="dues"):
        simulation.pay(TREASURER, GARDENER)
    simulation.pay(CHAIR, GARDENER)
    assert ledger.state.member(GARDENER.id).arrears_since is None


def test_e3__recorder_concerned__those_who_keep_the_registers_sign() -> None:
    simulation, ledger = with_dues()
    with refused("arrears.own", rule="custody"):
        simulation.owe(CHAIR, CHAIR)
    with refused("officer.required", rule="custody"):
        simulation.owe(GARDENER, CHAIR)
    simulation.owe(TREASURER, CHAIR)
    with refused("arrears.own", rule="custody"):
        simulation.pay(CHAIR, CHAIR)
    simulation.pay(SECRETARY, CHAIR)
    assert ledger.state.member(CHAIR.id).arrears_since is None


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-01-01", True), ("2026-01-31", True), ("2026-02-01", False)]
)
def test_vote__in_arrears__rests_once_the_days_of_grace_are_over(day: str, expected: bool) -> None:  # noqa: FBT001 - from the table
    simulation, ledger = with_dues()
    simulation.owe(CHAIR, GARDENER, since="2026-01-01")
    assert votes(ledger, GARDENER, day) is expected
    assert votes(ledger, TREASURER, day)


def test_vote__no_days_of_grace__rests_from_the_day_after() -> None:
    simulation, ledger = with_dues(grace_days=0)
    simulation.owe(CHAIR, GARDENER, since="2026-01-01")
    assert votes(ledger, GARDENER, "2026-01-01")
    assert not votes(ledger, GARDENER, "2026-01-02")


def test_vote__dues_that_do_not_matter_for_it__stays() -> None:
    simulation, ledger = with_dues(suspends_vote=False)
    simulation.owe(CHAIR, GARDENER, since="2025-01-01")
    assert votes(ledger, GARDENER, "2026-02-01")


def test_vote__rule_gone_or_left_open_since__stays() -> None:
    simulation, ledger = with_dues()
    simulation.owe(CHAIR, GARDENER, since="2025-01-01")
    member = ledger.state.member(GARDENER.id)
    silent = Silent(id="open", article="24", matter="dues", settled_by="A decision")
    assert has_vote(member, rules_with(), "2026-02-01")
    assert has_vote(member, rules_with(silent), "2026-02-01")


def test_electorate__members_in_arrears__are_not_in_it_nor_in_a_body() -> None:
    simulation, ledger = with_dues(grace_days=0)
    for member in (GARDENER, SECRETARY):
        simulation.owe(CHAIR, member, since="2026-01-01")
    rules = ledger.state.in_force().rulebook
    for session, expected in (("assembly", {CHAIR, TREASURER}), ("council", {CHAIR, TREASURER})):
        found = electors(ledger.state, rules.one(Session, session), rules, "2026-01-05")
        assert {member.id for member in found} == {actor.id for actor in expected}
    simulation.pay(CHAIR, GARDENER)
    found = electors(ledger.state, rules.one(Session, "assembly"), rules, "2026-01-05")
    assert GARDENER.id in {member.id for member in found}


def test_m5__membership_ends_by_arrears__only_of_who_is_in_arrears() -> None:
    simulation, ledger = with_dues()
    with refused("loss.no_arrears", rule="dues", article="24") as caught:
        simulation.end_membership(CHAIR, GARDENER, "arrears")
    assert caught.value.found == "none"
    simulation.owe(CHAIR, GARDENER)
    simulation.advance(days=30)
    with refused("loss.no_arrears"):
        simulation.end_membership(CHAIR, GARDENER, "arrears")
    simulation.advance(days=1)
    simulation.end_membership(CHAIR, GARDENER, "arrears")
    member = ledger.state.member(GARDENER.id)
    assert (member.status, member.lost_by) == ("ended", "arrears")


def test_m5__statutes_without_dues__end_it_as_the_rule_on_the_cause_says() -> None:
    simulation, ledger = founded(rules_with(STRUCK_OFF))
    simulation.end_membership(CHAIR, GARDENER, "arrears")
    assert ledger.state.member(GARDENER.id).lost_by == "arrears"


def test_m5__another_cause__asks_for_no_arrears() -> None:
    simulation, ledger = with_dues()
    simulation.apply(PARTNER)
    simulation.admit(PARTNER, officer=CHAIR)
    simulation.end_membership(CHAIR, PARTNER, "death")
    assert ledger.state.member(PARTNER.id).lost_by == "death"
