"""Measures against members, Q5 to Q8: who takes them, the ladder, revocation, appeals."""

import pytest

from backend.domain.acts import MeasureEffect, ReversalEffect, RevocationEffect
from backend.domain.fold.members import answer_appeal, refuse_measure, take_measure
from backend.domain.measures import (
    check_competent,
    check_measure,
    check_reversal,
    check_revocation,
)
from backend.domain.rulebook.membership import SanctionStep
from backend.domain.rulebook.rule import BodyParty, Decider, SeatParty
from backend.domain.rulebook.topics import AnyRule, Silent
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    TREASURER,
    decided,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, mandate_of
from tests.support.organisations import Simulation
from tests.support.people_world import altered, election

BUREAU = BodyParty("bureau")
SEAT = mandate_of(SECRETARY)


def by_bureau(*changed: AnyRule) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation whose bureau decides measures and the appeals against them."""
    rules = (
        altered("loss-exclusion", by=BUREAU),
        altered("due-process", by=BUREAU),
        altered("appeal", to=BUREAU),
        *changed,
    )
    return joined(rules_with(*rules))


def heard(
    simulation: Simulation, proceeding: str, member: Actor = GARDENER, sanction: str | None = None
) -> None:
    """Open a proceeding for an exclusion, or a sanction, and let the member answer."""
    measure = "exclusion" if sanction is None else "sanction"
    simulation.accuse(CHAIR, proceeding, member, measure=measure, sanction=sanction)  # type: ignore[arg-type]  # one of two
    simulation.serve(CHAIR, proceeding)
    simulation.reply(member, proceeding)


def sanctioned(
    simulation: Simulation, proceeding: str, sanction: str, until: str | None = None
) -> None:
    """Give the gardener a sanction."""
    heard(simulation, proceeding, sanction=sanction)
    simulation.take_measure(CHAIR, proceeding, until=until)


def test_q5__body_excludes__membership_and_seats_end() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir", SECRETARY)
    simulation.take_measure(CHAIR, "weir")
    member = ledger.state.member(SECRETARY.id)
    assert (member.status, member.lost_by) == ("ended", "exclusion")
    assert ledger.state.mandate(SEAT).cause == "loss"
    proceeding = ledger.state.proceeding("weir")
    assert (proceeding.status, proceeding.effect) == ("taken", "exclusion")
    assert proceeding.taken_at == simulation.at()


def test_q5__somebody_outside_the_body__refuses() -> None:
    simulation, _ = by_bureau()
    heard(simulation, "weir", PARTNER)
    with refused("officer.required", article="8", rule="loss-exclusion"):
        simulation.take_measure(GARDENER, "weir")


@pytest.mark.parametrize(("days", "code"), [(8, "proceeding.unheard"), (9, None)])
def test_q5__body_decides_before_the_reply__refuses(days: int, code: str | None) -> None:
    simulation, _ = by_bureau()
    simulation.accuse(CHAIR, "weir", GARDENER)
    simulation.serve(CHAIR, "weir")
    simulation.advance(days=days)
    if code is None:
        simulation.take_measure(CHAIR, "weir")
        return
    with refused(code, article="18", rule="due-process"):
        simulation.take_measure(CHAIR, "weir")


def test_q5__assembly_decides__no_body_takes_the_measure() -> None:
    simulation, _ = joined()
    heard(simulation, "weir")
    with refused("measure.by_motion", article="8", rule="loss-exclusion") as caught:
        simulation.take_measure(CHAIR, "weir")
    assert caught.value.expected == "assembly"
    heard(simulation, "boats", sanction="warning")
    with refused("measure.by_motion", article="18", rule="due-process"):
        simulation.take_measure(CHAIR, "boats")


def test_q5__member_left_meanwhile__refuses() -> None:
    simulation, _ = by_bureau()
    heard(simulation, "weir")
    simulation.resign(GARDENER)
    with refused("member.inactive"):
        simulation.take_measure(CHAIR, "weir")


def test_q5__motion_for_an_exclusion__ends_membership() -> None:
    simulation, ledger = joined()
    heard(simulation, "weir")
    effect = MeasureEffect("weir")
    simulation.propose_effect(CHAIR, "out", "exclusion", effect)
    decided(simulation, "spring", "out")
    assert ledger.state.member(GARDENER.id).lost_by == "exclusion"


def test_q5__motion_for_an_exclusion_voted_down__closes_the_proceeding() -> None:
    simulation, ledger = joined()
    heard(simulation, "weir")
    simulation.propose_effect(CHAIR, "out", "exclusion", MeasureEffect("weir"))
    simulation.convene(CHAIR, "spring", "out")
    simulation.advance(days=15)
    for voter in (CHAIR, TREASURER):
        simulation.cast(voter, "out", "no")
    simulation.advance(days=2)
    simulation.settle("spring")
    assert ledger.state.proceeding("weir").status == "refused"
    assert ledger.state.member(GARDENER.id).status == "active"


def test_q5__motion_without_quorum__leaves_the_proceeding_open() -> None:
    simulation, ledger = joined()
    heard(simulation, "weir")
    simulation.propose_effect(CHAIR, "out", "exclusion", MeasureEffect("weir"))
    simulation.convene(CHAIR, "spring", "out")
    simulation.advance(days=17)
    simulation.settle("spring")
    assert ledger.state.decisions["out"].outcome == "no_quorum"
    assert ledger.state.proceeding("weir").status == "open"


def test_q5__member_left_before_the_decision__nothing_is_done_to_them() -> None:
    simulation, ledger = joined()
    heard(simulation, "weir")
    simulation.propose_effect(CHAIR, "out", "exclusion", MeasureEffect("weir"))
    simulation.convene(CHAIR, "spring", "out")
    simulation.advance(days=15)
    for voter in (CHAIR, TREASURER):
        simulation.cast(voter, "out", "yes")
    simulation.resign(GARDENER)
    simulation.advance(days=2)
    simulation.settle("spring")
    assert ledger.state.member(GARDENER.id).status == "resigned"
    assert ledger.state.proceeding("weir").status == "open"


@pytest.mark.parametrize(
    ("by", "session", "expected"),
    [
        (BUREAU, "council", None),
        (BUREAU, "assembly", "bureau"),
        (SeatParty("bureau", "chair"), "council", "bureau (chair)"),
        (None, "assembly", None),
        (None, "council", None),
    ],
)
def test_q5__session__is_where_the_statutes_let_it_be_decided(
    by: Decider | None, session: str, expected: str | None
) -> None:
    simulation, ledger = joined(rules_with(altered("due-process", by=by)))
    simulation.accuse(CHAIR, "weir", GARDENER, measure="sanction", sanction="warning")
    rulebook = ledger.state.in_force().rulebook
    if expected is None:
        check_competent(ledger.state, "weir", session, rulebook)
        return
    with refused("measure.session", article="18", rule="due-process") as caught:
        check_competent(ledger.state, "weir", session, rulebook)
    assert (caught.value.expected, caught.value.found) == (expected, session)


def test_q5__appeal__is_decided_where_the_rule_on_appeals_says() -> None:
    simulation, ledger = by_bureau(altered("appeal"))  # heard by the assembly
    heard(simulation, "weir")
    rulebook = ledger.state.in_force().rulebook
    check_competent(ledger.state, "weir", "council", rulebook)
    simulation.take_measure(CHAIR, "weir")
    simulation.appeal(GARDENER, "weir")
    check_competent(ledger.state, "weir", "assembly", rulebook)
    with refused("measure.session", article="18", rule="appeal"):
        check_competent(ledger.state, "weir", "council", rulebook)


def test_q6__ladder__opens_a_rung_once_the_one_below_was_given() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "first", sanction="suspension")
    with refused("sanction.rung", article="18", rule="sanctions") as caught:
        simulation.take_measure(CHAIR, "first", until="2026-02-28")
    assert caught.value.expected == "warning first"
    sanctioned(simulation, "second", "warning")
    assert ledger.state.proceeding("second").effect == "none"
    simulation.take_measure(CHAIR, "first", until="2026-02-28")
    assert ledger.state.member(GARDENER.id).suspended_until == "2026-02-28"


def test_q6__warning_of_somebody_else_or_reversed__opens_no_rung() -> None:
    simulation, _ = by_bureau()
    heard(simulation, "other", TREASURER, sanction="warning")
    simulation.take_measure(CHAIR, "other")
    sanctioned(simulation, "mine", "warning")
    simulation.appeal(GARDENER, "mine")
    simulation.answer_appeal(CHAIR, "mine", upheld=False)
    heard(simulation, "next", sanction="suspension")
    with refused("sanction.rung"):
        simulation.take_measure(CHAIR, "next", until="2026-02-28")


@pytest.mark.parametrize("upheld", [None, True])
def test_q6__warning_under_appeal_or_upheld__opens_the_next_rung(upheld: bool | None) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = by_bureau()
    sanctioned(simulation, "first", "warning")
    simulation.appeal(GARDENER, "first")
    if upheld:
        simulation.answer_appeal(CHAIR, "first", upheld=True)
    sanctioned(simulation, "next", "suspension", "2026-02-28")
    assert ledger.state.member(GARDENER.id).suspended_until == "2026-02-28"


def test_q6__exclusion_of_some_classes_only__refuses_others() -> None:
    simulation, ledger = by_bureau(
        altered("loss-exclusion", by=BUREAU, classes=("individual",)),
        altered("loss-exclusion", id="no-exclusion", modality="must_not", classes=("collective",)),
    )
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    assert ledger.state.member(GARDENER.id).lost_by == "exclusion"


def test_q6__rungs_may_be_skipped__where_the_statutes_say() -> None:
    simulation, ledger = by_bureau(altered("sanctions", skips=True))
    sanctioned(simulation, "first", "suspension", "2026-02-28")
    assert ledger.state.member(GARDENER.id).suspended_until == "2026-02-28"


@pytest.mark.parametrize(
    ("sanction", "until", "code"),
    [
        ("suspension", None, "measure.until"),
        ("suspension", "2026-01-04", "measure.until"),
        ("suspension", "2026-01-05", None),
        ("suspension", "2026-02-30", "day.malformed"),
        ("warning", "2026-01-05", "measure.no_until"),
        ("warning", None, None),
    ],
)
def test_q6__last_day__belongs_to_a_suspension(
    sanction: str, until: str | None, code: str | None
) -> None:
    simulation, _ = by_bureau(altered("sanctions", skips=True))
    heard(simulation, "weir", sanction=sanction)
    if code is None:
        simulation.take_measure(CHAIR, "weir", until=until)
        return
    with refused(code):
        simulation.take_measure(CHAIR, "weir", until=until)


def test_q6__exclusion_with_a_last_day__refuses() -> None:
    simulation, _ = by_bureau()
    heard(simulation, "weir")
    with refused("measure.no_until", article="8", rule="loss-exclusion"):
        simulation.take_measure(CHAIR, "weir", until="2026-02-28")


def test_q6__two_suspensions__last_until_the_later_day() -> None:
    simulation, ledger = by_bureau(altered("sanctions", skips=True))
    sanctioned(simulation, "first", "suspension", "2026-06-30")
    sanctioned(simulation, "second", "suspension", "2026-02-28")
    assert ledger.state.member(GARDENER.id).suspended_until == "2026-06-30"
    simulation.appeal(GARDENER, "first")
    simulation.answer_appeal(CHAIR, "first", upheld=False)
    assert ledger.state.member(GARDENER.id).suspended_until == "2026-02-28"


def test_q6__motion_for_a_measure__is_checked_like_a_body() -> None:
    simulation, ledger = joined()
    heard(simulation, "weir", sanction="suspension")
    rulebook, day = ledger.state.in_force().rulebook, "2026-01-05"
    with refused("sanction.rung"):
        check_measure(ledger.state, MeasureEffect("weir", "2026-02-28"), day, rulebook)
    heard(simulation, "boats", sanction="warning")
    check_measure(ledger.state, MeasureEffect("boats"), day, rulebook)


@pytest.mark.parametrize(
    ("until", "lawful"), [("2026-01-05", True), ("2026-01-04", False), (None, False)]
)
def test_q6__motion_for_a_suspension__names_its_last_day(until: str | None, lawful: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = joined(rules_with(altered("sanctions", skips=True)))
    heard(simulation, "weir", sanction="suspension")
    effect, rulebook = MeasureEffect("weir", until), ledger.state.in_force().rulebook
    if lawful:
        check_measure(ledger.state, effect, "2026-01-05", rulebook)
        return
    with refused("measure.until", article="18", rule="sanctions") as caught:
        check_measure(ledger.state, effect, "2026-01-05", rulebook)
    assert caught.value.expected == "a last day from 2026-01-05 on"


def test_q7__proceeding_about_a_mandate__is_no_measure() -> None:
    simulation, ledger = joined()
    simulation.accuse(CHAIR, "weir", SECRETARY, measure="revocation", mandate=SEAT)
    with refused("measure.revocation"):
        check_measure(
            ledger.state, MeasureEffect("weir"), "2026-01-05", ledger.state.in_force().rulebook
        )
    simulation.serve(CHAIR, "weir")
    simulation.reply(SECRETARY, "weir")
    with refused("measure.by_motion", article="19", rule="revocation"):
        simulation.take_measure(CHAIR, "weir")


@pytest.mark.parametrize(
    ("heard_first", "proceeding", "code"),
    [
        (True, "seat", None),
        (True, None, "revocation.unheard"),
        (True, "other", "revocation.unheard"),
        (False, None, None),
        (False, "seat", None),
        (False, "other", "revocation.unheard"),
    ],
)
def test_q7__revocation__names_a_proceeding_about_the_mandate(
    heard_first: bool,  # noqa: FBT001 - parametrised
    proceeding: str | None,
    code: str | None,
) -> None:
    simulation, ledger = joined(rules_with(altered("revocation", heard=heard_first)))
    simulation.accuse(CHAIR, "seat", SECRETARY, measure="revocation", mandate=SEAT)
    simulation.accuse(CHAIR, "other", SECRETARY)
    effect = RevocationEffect(SEAT, proceeding)
    rulebook = ledger.state.in_force().rulebook
    if code is None:
        assert check_revocation(ledger.state, effect, "2026-01-05", rulebook).id == "revocation"
        return
    with refused(code, article="19", rule="revocation") as caught:
        check_revocation(ledger.state, effect, "2026-01-05", rulebook)
    assert caught.value.expected == SEAT


@pytest.mark.parametrize("silent", [True, False])
def test_q7__mandates_that_cannot_be_revoked__refuse(silent: bool) -> None:  # noqa: FBT001 - parametrised
    silence = Silent(id="open", article="17", matter="revocation", settled_by="A decision.")
    denied = altered("revocation", modality="must_not")
    rulebook = rules_with(silence, without=["revocation"]) if silent else rules_with(denied)
    _, ledger = joined(rulebook)
    code, article = ("rule.silent", "17") if silent else ("revocation.forbidden", "19")
    with refused(code, article=article):
        check_revocation(ledger.state, RevocationEffect(SEAT), "2026-01-05", rulebook)


def test_q7__mandate_that_is_over__refuses() -> None:
    simulation, ledger = joined()
    simulation.resign_mandate(SECRETARY, SEAT)
    with refused("mandate.over"):
        check_revocation(
            ledger.state, RevocationEffect(SEAT), "2026-01-05", ledger.state.in_force().rulebook
        )


def revoked() -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after the secretary was heard and the seat taken back."""
    simulation, ledger = joined(
        rules_with(altered("appeal", to=BUREAU, measures=("exclusion", "sanction", "revocation")))
    )
    simulation.accuse(CHAIR, "weir", SECRETARY, measure="revocation", mandate=SEAT)
    simulation.serve(CHAIR, "weir")
    simulation.reply(SECRETARY, "weir")
    effect = RevocationEffect(SEAT, "weir")
    simulation.propose_effect(GARDENER, "recall", "revocatory", effect)
    decided(simulation, "spring", "recall")
    return simulation, ledger


def test_q7__revoked_by_motion__mandate_ends_and_proceeding_is_taken() -> None:
    _, ledger = revoked()
    mandate = ledger.state.mandate(SEAT)
    assert (mandate.ended_on, mandate.cause) == ("2026-01-22", "revocation")
    proceeding = ledger.state.proceeding("weir")
    assert (proceeding.status, proceeding.effect) == ("taken", "revocation")


def test_q7__revoked_without_a_proceeding__where_nobody_is_heard() -> None:
    simulation, ledger = joined(rules_with(altered("revocation", heard=False)))
    simulation.propose_effect(GARDENER, "recall", "revocatory", RevocationEffect(SEAT))
    decided(simulation, "spring", "recall")
    assert ledger.state.mandate(SEAT).cause == "revocation"


def test_q7__holder_resigned_before_the_decision__stays_resigned() -> None:
    simulation, ledger = joined(rules_with(altered("revocation", heard=False)))
    simulation.propose_effect(GARDENER, "recall", "revocatory", RevocationEffect(SEAT))
    simulation.convene(CHAIR, "spring", "recall")
    simulation.advance(days=15)
    simulation.resign_mandate(SECRETARY, SEAT)
    for voter in (CHAIR, TREASURER):
        simulation.cast(voter, "recall", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    assert ledger.state.mandate(SEAT).cause == "resignation"


def test_q8__revocation_reversed__mandate_goes_on() -> None:
    simulation, ledger = revoked()
    simulation.appeal(SECRETARY, "weir")
    simulation.answer_appeal(CHAIR, "weir", upheld=False)
    mandate = ledger.state.mandate(SEAT)
    assert (mandate.ended_on, mandate.cause) == (None, None)


@pytest.mark.parametrize("member_left", [True, False])
def test_q8__revocation_reversed_too_late__seat_stays_with_others(member_left: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = revoked()
    simulation.appeal(SECRETARY, "weir")
    if member_left:
        simulation.resign(SECRETARY)
    else:
        filled = election(("member", GARDENER))
        simulation.propose_effect(CHAIR, "fill", "election", filled)
        decided(simulation, "summer", "fill")
    simulation.answer_appeal(CHAIR, "weir", upheld=False)
    assert ledger.state.mandate(SEAT).cause == "revocation"


def test_q8__excluded_member_appeals__upheld() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir")
    with refused("appeal.nothing"):
        simulation.appeal(GARDENER, "weir")
    simulation.take_measure(CHAIR, "weir")
    with refused("appeal.none"):
        simulation.answer_appeal(CHAIR, "weir", upheld=True)
    with refused("author.self"):
        simulation.appeal(CHAIR, "weir")
    simulation.appeal(GARDENER, "weir")
    with refused("appeal.nothing"):
        simulation.appeal(GARDENER, "weir")
    with refused("officer.required", article="18", rule="appeal"):
        simulation.answer_appeal(PARTNER, "weir", upheld=True)
    simulation.answer_appeal(CHAIR, "weir", upheld=True)
    assert ledger.state.proceeding("weir").status == "upheld"
    assert ledger.state.member(GARDENER.id).status == "ended"


def test_q8__exclusion_reversed__member_again() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    simulation.appeal(GARDENER, "weir")
    simulation.answer_appeal(CHAIR, "weir", upheld=False)
    member = ledger.state.member(GARDENER.id)
    assert (member.status, member.lost_by) == ("active", None)


@pytest.mark.parametrize("back", [False, True])
def test_q8__exclusion_reversed_after_coming_back__gives_no_second_membership(back: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = by_bureau()
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    simulation.appeal(GARDENER, "weir")
    simulation.reapply(GARDENER)
    if back:
        simulation.admit(GARDENER, officer=CHAIR)
        simulation.resign(GARDENER)
    simulation.answer_appeal(CHAIR, "weir", upheld=False)
    assert ledger.state.member(GARDENER.id).status == ("resigned" if back else "active")


def test_q8__other_measure_reversed__excluded_member_stays_out() -> None:
    simulation, ledger = by_bureau()
    sanctioned(simulation, "warned", "warning")
    simulation.appeal(GARDENER, "warned")
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    simulation.answer_appeal(CHAIR, "warned", upheld=False)
    assert ledger.state.member(GARDENER.id).lost_by == "exclusion"


@pytest.mark.parametrize(("days", "code"), [(30, None), (31, "appeal.late")])
def test_q8__days_to_appeal__are_counted_from_the_measure(days: int, code: str | None) -> None:
    simulation, _ = by_bureau()
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    simulation.advance(days=days)
    if code is None:
        simulation.appeal(GARDENER, "weir")
        return
    with refused(code, article="18", rule="appeal") as caught:
        simulation.appeal(GARDENER, "weir")
    assert caught.value.expected == "by 2026-02-04"


def test_q8__statutes_without_an_appeal__refuse() -> None:
    simulation, _ = by_bureau(altered("appeal", modality="must_not"))
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    with refused("appeal.forbidden", article="18", rule="appeal"):
        simulation.appeal(GARDENER, "weir")


def test_q8__assembly_hears_appeals__no_body_answers() -> None:
    bureau = altered("loss-exclusion", by=BUREAU)
    simulation, ledger = joined(rules_with(bureau))
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    rulebook = ledger.state.in_force().rulebook
    with refused("appeal.none"):
        check_reversal(ledger.state, ReversalEffect("weir"), rulebook)
    simulation.appeal(GARDENER, "weir")
    assert check_reversal(ledger.state, ReversalEffect("weir"), rulebook).id == "appeal"
    with refused("appeal.by_motion", article="18", rule="appeal") as caught:
        simulation.answer_appeal(CHAIR, "weir", upheld=True)
    assert caught.value.expected == "assembly"
    simulation.propose_effect(CHAIR, "pardon", "appeal", ReversalEffect("weir"))
    decided(simulation, "spring", "pardon")
    assert ledger.state.member(GARDENER.id).status == "active"


def test_fold__appeal_answered_twice__first_answer_stands() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir")
    simulation.take_measure(CHAIR, "weir")
    simulation.appeal(GARDENER, "weir")
    simulation.answer_appeal(CHAIR, "weir", upheld=False)
    assert answer_appeal(ledger.state, "weir", upheld=True) == ledger.state


def test_fold__measure_refused_after_it_was_taken__stays_taken() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir")
    assert refuse_measure(ledger.state, "weir").proceeding("weir").status == "refused"
    simulation.take_measure(CHAIR, "weir")
    assert refuse_measure(ledger.state, "weir") == ledger.state


@pytest.mark.parametrize("effect", ["referral", "none", "exclusion"])
def test_fold__rung_of_the_ladder__does_what_it_says(effect: str) -> None:
    steps = (SanctionStep("court", effect, "Last step"),)  # type: ignore[arg-type]  # from the table
    simulation, ledger = by_bureau(altered("sanctions", steps=steps))
    sanctioned(simulation, "weir", "court")
    expected = "ended" if effect == "exclusion" else "active"
    assert ledger.state.member(GARDENER.id).status == expected
    found = ledger.state.proceeding("weir")
    assert found.effect == effect


def test_fold__ladder_gone_since__does_nothing_on_the_register() -> None:
    simulation, ledger = by_bureau()
    heard(simulation, "weir", sanction="suspension")
    gone = rules_with(without=["sanctions"])
    state = take_measure(ledger.state, "weir", "2026-02-28", simulation.at(), gone)
    assert state.proceeding("weir").effect == "none"
    member = state.member(GARDENER.id)
    assert (member.status, member.suspended_until) == ("active", None)
