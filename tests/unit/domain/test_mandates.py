"""Mandates, O6 and O7: resigning, being deemed to have resigned, and who sat where on a day."""

from dataclasses import replace

import pytest

from backend.domain.acts import MandateForfeited
from backend.domain.mandates import SeatComposition, absences, composition
from backend.domain.rulebook.bodies import Body, Seat
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
from tests.support.model_organisation import CARING_TEXT, Actor, mandate_of, model_rulebook
from tests.support.organisations import Simulation
from tests.support.people_world import altered, election, meet

SEAT = mandate_of(SECRETARY)


def test_o6__holder_resigns__seat_is_vacant_from_that_day() -> None:
    simulation, ledger = founded()
    simulation.advance(days=3)
    simulation.resign_mandate(SECRETARY, SEAT)
    mandate = ledger.state.mandate(SEAT)
    assert (mandate.ended_on, mandate.cause) == ("2026-01-08", "resignation")
    assert ledger.state.member(SECRETARY.id).status == "active"
    with refused("mandate.over"):
        simulation.resign_mandate(SECRETARY, SEAT)


def test_o6__another_than_the_holder__refuses() -> None:
    simulation, _ = founded()
    with refused("author.self"):
        simulation.resign_mandate(CHAIR, SEAT)
    with refused("mandate.unknown"):
        simulation.resign_mandate(SECRETARY, "none")


@pytest.mark.parametrize(("holds_over", "code"), [(True, None), (False, "mandate.over")])
def test_o6__after_the_term__only_who_stays_resigns(holds_over: bool, code: str | None) -> None:  # noqa: FBT001 - parametrised
    simulation, _ = founded(rules_with(altered("term", holds_over=holds_over)))
    simulation.advance(days=731)
    if code is None:
        simulation.resign_mandate(SECRETARY, SEAT)
        return
    with refused(code):
        simulation.resign_mandate(SECRETARY, SEAT)


def test_o6__last_day_of_the_term__is_still_held() -> None:
    simulation, _ = founded(rules_with(altered("term", holds_over=False)))
    simulation.advance(days=730)
    simulation.resign_mandate(SECRETARY, SEAT)


def missed(*meetings: tuple[Actor, ...]) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after meetings "m1", "m2"... of the bureau with those present."""
    simulation, ledger = founded()
    for number, present in enumerate(meetings, start=1):
        meet(simulation, f"m{number}", *present)
    return simulation, ledger


OTHERS = (CHAIR, TREASURER)


def test_o7__three_meetings_missed__body_finds_the_seat_given_up() -> None:
    simulation, ledger = missed(OTHERS, OTHERS, OTHERS)
    with refused("officer.required", article="19", rule="absence"):
        simulation.forfeit(GARDENER, SEAT, "m1", "m2", "m3")
    simulation.forfeit(CHAIR, SEAT, "m1", "m2", "m3")
    mandate = ledger.state.mandate(SEAT)
    assert (mandate.ended_on, mandate.cause) == (ledger.state.day_of(simulation.at()), "absence")
    with refused("mandate.over"):
        simulation.forfeit(CHAIR, SEAT, "m1", "m2", "m3")


@pytest.mark.parametrize(
    "present", [(OTHERS, OTHERS), ((*OTHERS, SECRETARY), OTHERS, OTHERS), (OTHERS, (), OTHERS)]
)
def test_o7__fewer_meetings_missed_in_a_row__refuses(
    present: tuple[tuple[Actor, ...], ...],
) -> None:
    simulation, _ = missed(*present)
    with refused("absence.too_few", article="19", rule="absence") as caught:
        simulation.forfeit(CHAIR, SEAT, "m1", "m2", "m3")
    assert caught.value.found == "2"


@pytest.mark.parametrize(
    "named", [("m1", "m2", "m3"), ("m2", "m3"), ("m4", "m3", "m2"), ("m2", "m3", "m4")]
)
def test_o7__named_meetings__are_the_last_in_order(named: tuple[str, ...]) -> None:
    simulation, ledger = missed(OTHERS, OTHERS, OTHERS, OTHERS)
    if named == ("m2", "m3", "m4"):
        simulation.forfeit(CHAIR, SEAT, *named)
        assert ledger.state.mandate(SEAT).cause == "absence"
        return
    with refused("absence.meetings", article="19", rule="absence") as caught:
        simulation.forfeit(CHAIR, SEAT, *named)
    assert caught.value.expected == "m2, m3, m4"


def test_o7__excused__breaks_the_row() -> None:
    simulation, ledger = missed(OTHERS)
    simulation.propose(CHAIR, "bench")
    simulation.convene(CHAIR, "m2", "bench", days=4, session="council")
    simulation.attend(SECRETARY, "m2", "excused")
    simulation.advance(days=4)
    simulation.attend(CHAIR, "m2")
    simulation.advance(days=2)
    simulation.close("m2")
    assert absences(ledger.state, ledger.state.mandate(SEAT)) == ()
    assert absences(ledger.state, ledger.state.mandate(mandate_of(TREASURER))) == ("m2",)


@pytest.mark.parametrize(
    ("stand_in", "revoked", "missed_by_secretary"),
    [
        (CHAIR, False, ()),
        (CHAIR, True, ("m1",)),
        (TREASURER, False, ("m1",)),
    ],
)
def test_o7__represented_by_someone_there__counts_as_there(
    stand_in: Actor,
    revoked: bool,  # noqa: FBT001 - parametrised
    missed_by_secretary: tuple[str, ...],
) -> None:
    proxies = altered("proxies-council", modality="may")
    simulation, ledger = founded(rules_with(proxies))
    simulation.propose(CHAIR, "bench")
    simulation.convene(CHAIR, "m1", "bench", days=4, session="council")
    simulation.give_proxy(SECRETARY, "for-me", "m1", stand_in)
    if revoked:
        simulation.revoke_proxy(SECRETARY, "for-me")
    simulation.advance(days=4)
    simulation.attend(CHAIR, "m1")
    simulation.advance(days=2)
    simulation.close("m1")
    assert absences(ledger.state, ledger.state.mandate(SEAT)) == missed_by_secretary


@pytest.mark.parametrize(("put_off", "missed_by_secretary"), [(False, ()), (True, ("m1",))])
def test_o7__represented_until_before_the_meeting_that_was_put_off__does_not_count_as_there(
    put_off: bool,  # noqa: FBT001 - parametrised
    missed_by_secretary: tuple[str, ...],
) -> None:
    proxies = altered("proxies-council", modality="may")
    simulation, ledger = founded(rules_with(proxies))
    simulation.propose(CHAIR, "bench")
    simulation.convene(CHAIR, "m1", "bench", days=4, session="council")
    opens = ledger.state.assembly("m1").opens_at
    simulation.give_proxy(SECRETARY, "for-me", "m1", CHAIR, until=opens)
    if put_off:
        simulation.adjourn(CHAIR, "m1", days=5)
    simulation.advance(days=5)
    simulation.attend(CHAIR, "m1")
    simulation.advance(days=2)
    simulation.close("m1")
    assert absences(ledger.state, ledger.state.mandate(SEAT)) == missed_by_secretary


def test_o7__other_sessions_and_meetings_still_open__do_not_count() -> None:
    simulation, ledger = missed(OTHERS)
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.propose(CHAIR, "bench")
    simulation.convene(CHAIR, "m2", "bench", days=15, session="council")
    simulation.advance(days=15)
    simulation.attend(CHAIR, "spring")
    simulation.attend(CHAIR, "m2")
    assert absences(ledger.state, ledger.state.mandate(SEAT)) == ("m1",)
    simulation.advance(days=2)
    simulation.settle("spring")
    simulation.settle("m2")
    assert absences(ledger.state, ledger.state.mandate(SEAT)) == ("m1", "m2")


def test_o7__meetings_before_the_mandate__do_not_count() -> None:
    _, ledger = missed(OTHERS)
    later = replace(ledger.state.mandate(SEAT), starts="2026-02-01")
    assert absences(ledger.state, later) == ()


def test_o7__statutes_that_say_must__let_the_system_act() -> None:
    simulation, ledger = founded(rules_with(altered("absence", modality="must", meetings=1)))
    meet(simulation, "m1", *OTHERS)
    data = MandateForfeited(SEAT, ("m1",))
    with refused("author.system"):
        simulation.act(CHAIR, data)
    simulation.system_act(lambda _: data)
    assert ledger.state.mandate(SEAT).cause == "absence"


def test_o7__statutes_that_say_may__need_somebody_who_finds_so() -> None:
    simulation, _ = missed(OTHERS, OTHERS, OTHERS)
    data = MandateForfeited(SEAT, ("m1", "m2", "m3"))
    with refused("officer.required", article="19"):
        simulation.system_act(lambda _: data)


def test_o7__statutes_without_the_rule__refuse() -> None:
    simulation, _ = founded(rules_with(without=["absence"]))
    with refused("rule.missing"):
        simulation.forfeit(CHAIR, SEAT, "m1")


def test_composition__every_day__has_holders_and_vacancies() -> None:
    seats = (Seat("chair", "Chair", 1, 1), Seat("member", "Member", 2, 3))
    simulation, ledger = founded(rules_with(altered("bureau", seats=seats)))
    simulation.advance(days=10)
    simulation.resign_mandate(SECRETARY, SEAT)
    simulation.resign(CHAIR)
    chair, member = composition(ledger.state, "bureau", "2026-01-14")
    assert (chair.missing, chair.vacant, member.missing, member.vacant) == (0, 0, 0, 1)
    assert [mandate.holder for mandate in chair.holders] == [CHAIR.id]
    chair, member = composition(ledger.state, "bureau", "2026-01-15")
    assert chair == SeatComposition("chair", "Chair", 1, 1, ())
    assert (chair.missing, chair.vacant, member.missing, member.vacant) == (1, 1, 1, 2)
    assert [mandate.holder for mandate in member.holders] == [TREASURER.id]


def test_composition__seat_without_bound__has_no_number_of_vacancies() -> None:
    _, ledger = founded()
    _, member = composition(ledger.state, "bureau", "2026-01-05")
    assert (member.maximum, member.vacant, member.missing) == (None, None, 0)


def test_composition__seat_the_statutes_dropped__is_listed_while_held() -> None:
    simulation, ledger = founded()
    body = altered("bureau", seats=(Seat("member", "Member", 0, 9),))
    assert isinstance(body, Body)
    rules = rules_with(body, without=["minutes", "incompatibility", "tie-council", "casting-vote"])
    simulation.propose_statutes(
        GARDENER, "reform", text=CARING_TEXT, rulebook=model_rulebook(rules.rules, text=CARING_TEXT)
    )
    decided(simulation, "spring", "reform")
    simulation.adopt_statutes("reform")
    before = composition(ledger.state, "bureau", "2026-01-21")
    assert [seat.seat for seat in before] == ["chair", "member"]
    member, chair = composition(ledger.state, "bureau", "2026-01-22")
    assert [mandate.holder for mandate in member.holders] == [SECRETARY.id, TREASURER.id]
    assert (chair.seat, chair.title, chair.missing, chair.vacant) == ("chair", "chair", 0, 0)
    assert [mandate.holder for mandate in chair.holders] == [CHAIR.id]


def test_composition__before_the_founding_or_of_no_body__refuses() -> None:
    _, ledger = founded()
    with refused("statutes.unknown"):
        composition(ledger.state, "bureau", "2026-01-04")
    with refused("rule.missing"):
        composition(ledger.state, "council", "2026-01-05")


def test_fold__holder_past_the_term__is_replaced() -> None:
    simulation, ledger = founded()
    simulation.advance(days=700)
    renewal = election(("chair", GARDENER), starts="2028-01-05")
    simulation.propose_effect(GARDENER, "renew", "election", renewal)
    decided(simulation, "spring", "renew")
    old, new = ledger.state.mandate(mandate_of(CHAIR)), ledger.state.mandate("new-bureau-gardener")
    assert (old.ended_on, old.cause) == ("2028-01-05", "replacement")
    assert (new.starts, new.ends, new.way) == ("2028-01-05", "2030-01-05", "designation")
    assert old.held_on("2028-01-04")
    assert not old.held_on("2028-01-05")
    simulation.resign(CHAIR)
    assert ledger.state.mandate(mandate_of(CHAIR)).cause == "loss"


def test_fold__elected_member_left_before_the_decision__takes_no_seat() -> None:
    simulation, ledger = founded()
    simulation.propose_effect(CHAIR, "fill", "election", election(("member", GARDENER)))
    simulation.convene(CHAIR, "spring", "fill")
    simulation.advance(days=15)
    for voter in (CHAIR, TREASURER):
        simulation.cast(voter, "fill", "yes")
    simulation.resign(GARDENER)
    simulation.advance(days=2)
    simulation.settle("spring")
    assert ledger.state.decisions["fill"].outcome == "adopted"
    assert "new-bureau-gardener" not in ledger.state.mandates


def test_fold__two_decisions_on_one_seat__first_fills_it() -> None:
    simulation, ledger = founded()
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    for number, actor in enumerate((GARDENER, CHAIR)):
        simulation.propose_effect(CHAIR, f"fill-{number}", "election", election(("chair", actor)))
    simulation.convene(TREASURER, "spring", "fill-0", "fill-1")
    simulation.advance(days=15)
    for motion in ("fill-0", "fill-1"):
        simulation.cast(TREASURER, motion, "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    chair, _ = composition(ledger.state, "bureau", "2026-03-01")
    assert [mandate.holder for mandate in chair.holders] == [GARDENER.id]
    assert ledger.state.decisions["fill-1"].outcome == "adopted"
