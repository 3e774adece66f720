"""Admission, J1 to J8: checks, vouching, refusals, appeals and coming back."""

from collections.abc import Callable

import pytest

from backend.domain.acts import (
    AdmissionAppealed,
    AdmissionRefused,
    AssuranceLevel,
    EvidenceKind,
    IdentityChecked,
    LossCause,
    MemberReapplied,
)
from backend.domain.applications import ASSURANCE_LEVELS, reaches
from backend.domain.rulebook.membership import IdentityDemand
from backend.domain.rulebook.rule import AssemblyParty, SeatParty
from tests.support.admission_world import assembled, careful, careful_rules, ready
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, mandate_of
from tests.support.organisations import Simulation
from tests.support.people_world import altered
from tests.support.plays import put_text

RULE = "admission-individual"


def declined(**fields: object) -> tuple[Simulation, MemoryLedger]:
    """Return the careful organisation after the chair refused the stranger."""
    simulation, ledger = careful(**fields)
    simulation.refuse(CHAIR, STRANGER)
    return simulation, ledger


def contested(**fields: object) -> tuple[Simulation, MemoryLedger]:
    """Return it after the stranger appealed."""
    simulation, ledger = declined(**fields)
    simulation.contest_refusal(STRANGER)
    return simulation, ledger


def test_j1__check_by_who_may__is_noted() -> None:
    simulation, ledger = careful()
    index = simulation.check_identity(CHAIR, STRANGER, evidence="known", assurance="low")
    check = ledger.state.application(STRANGER.id).checks[0]
    assert (check.evidence, check.assurance, check.checked_on) == ("known", "low", "2026-01-05")
    assert (check.by, check.entry) == (CHAIR.id, index)
    assert ledger.state.member(STRANGER.id).assurance == "low"


@pytest.mark.parametrize("second", ASSURANCE_LEVELS)
@pytest.mark.parametrize("first", ASSURANCE_LEVELS)
def test_j1__two_checks__leave_the_higher_level(
    first: AssuranceLevel, second: AssuranceLevel
) -> None:
    simulation, ledger = careful()
    for level in (first, second):
        simulation.check_identity(CHAIR, STRANGER, assurance=level)
    highest = max(first, second, key=ASSURANCE_LEVELS.index)
    assert ledger.state.member(STRANGER.id).assurance == highest
    assert len(ledger.state.application(STRANGER.id).checks) == 2


@pytest.mark.parametrize(
    ("found", "wanted", "enough"),
    [
        (None, None, True),
        (None, "low", False),
        ("low", None, True),
        ("substantial", "substantial", True),
        ("substantial", "high", False),
    ],
)
def test_reaches__levels__compare_in_their_order(
    found: AssuranceLevel | None,
    wanted: AssuranceLevel | None,
    enough: bool,  # noqa: FBT001 - parametrised
) -> None:
    assert reaches(found, wanted) is enough


def test_j1__check_by_a_member_without_office__refuses() -> None:
    simulation, _ = careful()
    with refused("identity.checker", article="7", rule=RULE):
        simulation.check_identity(GARDENER, STRANGER)


def test_j1__check_by_an_applicant__refuses() -> None:
    simulation, _ = careful()
    with refused("member.inactive"):
        simulation.check_identity(STRANGER, STRANGER)


def test_j1__check_of_oneself__refuses_and_by_another_does_not() -> None:
    simulation, ledger = careful()
    with refused("identity.self", rule="psephos.membership"):
        simulation.check_identity(CHAIR, CHAIR)
    simulation.check_identity(TREASURER, CHAIR)
    assert ledger.state.application(CHAIR.id).entry == 0
    assert ledger.state.member(CHAIR.id).assurance == "substantial"


@pytest.mark.parametrize("missing", ["custody", RULE])
def test_j1__keepers_and_deciders__may_each_check(missing: str) -> None:
    rulebook = careful_rules()
    kept = tuple(rule for rule in rulebook.rules if rule.id != missing)
    simulation, _ = assembled(rules_with(*kept, without=[missing]))
    with refused("identity.checker"):
        simulation.check_identity(GARDENER, CHAIR)
    simulation.check_identity(CHAIR, GARDENER)


def test_j1__statutes_that_name_nobody__refuse_under_the_built_in_rule() -> None:
    simulation, _ = assembled(rules_with(without=["custody", RULE]))
    with refused("identity.checker", rule="psephos.membership"):
        simulation.check_identity(CHAIR, GARDENER)


@pytest.mark.parametrize(("day", "late"), [("2026-01-05", False), ("2026-01-06", True)])
def test_j1__day_of_the_check__is_not_to_come(day: str, late: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, _ = careful()
    if late:
        with refused("identity.future", rule="psephos.membership"):
            simulation.check_identity(CHAIR, STRANGER, checked_on=day)
    else:
        simulation.check_identity(CHAIR, STRANGER, checked_on=day)


def test_j1__day_that_is_none__refuses() -> None:
    simulation, _ = careful()
    with refused("day.malformed"):
        simulation.check_identity(CHAIR, STRANGER, checked_on="2026-02-30")


def test_j1__check_of_whoever_was_refused_or_left__refuses() -> None:
    simulation, _ = declined()
    simulation.resign(GARDENER)
    for gone in (STRANGER, GARDENER):
        with refused("member.not_checkable"):
            simulation.check_identity(CHAIR, gone)


def test_j1__unsigned_by_its_author__refuses() -> None:
    simulation, ledger = careful()
    data = IdentityChecked(STRANGER.id, "document", "high", "2026-01-05")
    signed = simulation.signed(ledger, CHAIR, data, signers=(TREASURER,))
    with refused("signature.signer"):
        append(ledger, signed)


def test_j2__member_with_a_vote__vouches_once() -> None:
    simulation, ledger = careful()
    simulation.vouch(GARDENER, STRANGER)
    assert ledger.state.application(STRANGER.id).vouchers == (GARDENER.id,)
    with refused("voucher.twice"):
        simulation.vouch(GARDENER, STRANGER)


def test_j2__member_without_a_vote__refuses() -> None:
    simulation, _ = careful()
    simulation.apply(PARTNER)
    simulation.admit(PARTNER, officer=CHAIR)
    with refused("voucher.no_vote", rule=RULE):
        simulation.vouch(PARTNER, STRANGER)


def test_j2__applicant__vouches_for_nobody() -> None:
    simulation, _ = careful()
    simulation.apply(Actor("visitor"))
    for voucher in (STRANGER, Actor("visitor")):
        with refused("member.inactive"):
            simulation.vouch(voucher, STRANGER)


def test_j2__for_a_member__refuses() -> None:
    simulation, _ = careful()
    with refused("member.not_applicant"):
        simulation.vouch(GARDENER, CHAIR)


def test_j2__statutes_that_ask_for_nobody__refuse() -> None:
    simulation, _ = careful(vouchers=0)
    with refused("admission.no_vouching", article="7", rule=RULE):
        simulation.vouch(GARDENER, STRANGER)


@pytest.mark.parametrize(
    ("evidence", "assurance"),
    [("known", "high"), ("document", "low")],
)
def test_j3__check_of_another_kind_or_level__is_not_enough(
    evidence: EvidenceKind, assurance: AssuranceLevel
) -> None:
    simulation, _ = careful(vouchers=0)
    simulation.check_identity(CHAIR, STRANGER, evidence=evidence, assurance=assurance)
    with refused("admission.unchecked", article="7", rule=RULE) as caught:
        simulation.admit(STRANGER, officer=CHAIR)
    assert caught.value.expected == "substantial: document or in_person"
    assert caught.value.found == assurance
    simulation.check_identity(TREASURER, STRANGER, evidence="in_person", assurance="high")
    simulation.admit(STRANGER, officer=CHAIR)


def test_j3__no_kinds_named__take_all() -> None:
    simulation, _ = careful(checks=IdentityDemand("low"), vouchers=0)
    with refused("admission.unchecked") as caught:
        simulation.admit(STRANGER, officer=CHAIR)
    assert (caught.value.expected, caught.value.found) == ("low", "none")
    simulation.check_identity(CHAIR, STRANGER, evidence="known", assurance="low")
    simulation.admit(STRANGER, officer=CHAIR)


def test_j3__too_few_vouch__refuses() -> None:
    simulation, ledger = careful()
    simulation.check_identity(CHAIR, STRANGER)
    simulation.vouch(GARDENER, STRANGER)
    with refused("admission.unvouched", rule=RULE) as caught:
        simulation.admit(STRANGER, officer=CHAIR)
    assert (caught.value.expected, caught.value.found) == ("2", "1")
    simulation.vouch(SECRETARY, STRANGER)
    simulation.admit(STRANGER, officer=CHAIR)
    assert ledger.state.member(STRANGER.id).status == "active"


def test_j3__voucher_who_left__no_longer_counts() -> None:
    simulation, _ = careful()
    ready(simulation)
    simulation.resign(GARDENER)
    with refused("admission.unvouched"):
        simulation.admit(STRANGER, officer=CHAIR)


def test_j3__admission_by_right__waits_too() -> None:
    simulation, _ = careful(by=None, appeal_to=None, appeal_days=0)
    with refused("admission.unchecked"):
        simulation.admit(STRANGER)
    ready(simulation)
    simulation.admit(STRANGER)


def test_j4__refusal_by_who_decides__stands_on_the_register() -> None:
    simulation, ledger = careful()
    with refused("officer.required", article="7", rule=RULE):
        simulation.refuse(GARDENER, STRANGER)
    index = simulation.refuse(CHAIR, STRANGER)
    assert ledger.state.member(STRANGER.id).status == "refused"
    refusal = ledger.state.application(STRANGER.id).refusals[0]
    assert (refusal.by, refusal.entry, refusal.appealed, refusal.upheld) == (
        CHAIR.id, index, None, None,
    )  # fmt: skip
    for act in (simulation.refuse, simulation.vouch):
        with refused("member.not_applicant"):
            act(CHAIR, STRANGER)
    with refused("member.not_applicant"):
        simulation.admit(STRANGER, officer=CHAIR)


def test_j4__class_admitted_by_right__is_refused_by_nobody() -> None:
    simulation, _ = founded()
    simulation.apply(STRANGER)
    with refused("admission.by_right", article="7", rule=RULE):
        simulation.refuse(CHAIR, STRANGER)


def test_j4__class_decided_by_an_assembly__is_refused_by_nobody() -> None:
    simulation, _ = careful(by=AssemblyParty("assembly"))
    with refused("admission.assembly") as caught:
        simulation.refuse(CHAIR, STRANGER)
    assert caught.value.found == "assembly"


def test_j4__reasons_that_are_no_text__refuse() -> None:
    simulation, _ = careful()
    with refused("text.empty"):
        simulation.write(
            CHAIR, lambda book: AdmissionRefused(STRANGER.id, book.put_document(b" \n"))
        )


@pytest.mark.parametrize(("days", "late"), [(10, False), (11, True)])
def test_j5__appeal__is_in_time_until_the_last_day(days: int, late: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = declined()
    simulation.advance(days=days)
    if late:
        with refused("admission.appeal_late", article="7", rule=RULE) as caught:
            simulation.contest_refusal(STRANGER)
        assert caught.value.expected == "by 2026-01-15"
    else:
        index = simulation.contest_refusal(STRANGER)
        assert ledger.state.application(STRANGER.id).refusals[0].appealed == index
        assert ledger.state.member(STRANGER.id).status == "refused"


def test_j5__second_appeal_against_one_refusal__refuses() -> None:
    simulation, _ = contested()
    with refused("admission.appealed"):
        simulation.contest_refusal(STRANGER)


def test_j5__appeal_by_another__refuses() -> None:
    simulation, ledger = declined()
    data = AdmissionAppealed(STRANGER.id, put_text(ledger, "Unfair."))
    with refused("author.self"):
        simulation.act(GARDENER, data)


def test_j5__nothing_refused__refuses() -> None:
    simulation, _ = careful()
    with refused("admission.not_refused"):
        simulation.contest_refusal(STRANGER)


def test_j5__statutes_without_appeal__refuse() -> None:
    simulation, _ = declined(appeal_to=None, appeal_days=0)
    with refused("admission.no_appeal", article="7", rule=RULE):
        simulation.contest_refusal(STRANGER)


def test_j6__refusal_that_stands__stays() -> None:
    simulation, ledger = contested()
    simulation.answer_refusal(TREASURER, STRANGER, upheld=True)
    assert ledger.state.member(STRANGER.id).status == "refused"
    assert ledger.state.application(STRANGER.id).refusals[0].upheld is True
    with refused("admission.no_answer"):
        simulation.answer_refusal(TREASURER, STRANGER, upheld=False)


def test_j6__refusal_that_does_not__opens_the_application_again() -> None:
    simulation, ledger = careful()
    ready(simulation)
    simulation.refuse(CHAIR, STRANGER)
    simulation.contest_refusal(STRANGER)
    simulation.answer_refusal(TREASURER, STRANGER, upheld=False)
    assert ledger.state.member(STRANGER.id).status == "applied"
    with refused("admission.not_refused"):
        simulation.answer_refusal(TREASURER, STRANGER, upheld=False)
    simulation.admit(STRANGER, officer=CHAIR)


def test_j6__no_appeal__no_answer() -> None:
    simulation, _ = declined()
    with refused("admission.no_answer"):
        simulation.answer_refusal(TREASURER, STRANGER, upheld=False)


def test_j6__answer_by_who_is_not_of_those_who_hear_it__refuses() -> None:
    simulation, _ = contested()
    with refused("officer.required", rule=RULE):
        simulation.answer_refusal(GARDENER, STRANGER, upheld=False)


def test_j6__whoever_ever_refused__leaves_the_answer_to_others() -> None:
    simulation, _ = contested()
    with refused("admission.judge", article="7", rule=RULE):
        simulation.answer_refusal(CHAIR, STRANGER, upheld=False)
    simulation.answer_refusal(TREASURER, STRANGER, upheld=False)
    simulation.refuse(TREASURER, STRANGER)
    simulation.contest_refusal(STRANGER)
    for judge in (CHAIR, TREASURER):
        with refused("admission.judge"):
            simulation.answer_refusal(judge, STRANGER, upheld=False)
    simulation.answer_refusal(SECRETARY, STRANGER, upheld=True)


def test_j6__body_with_nobody_else__answers_all_the_same() -> None:
    simulation, ledger = contested(appeal_to=SeatParty("bureau", "chair"))
    simulation.answer_refusal(CHAIR, STRANGER, upheld=False)
    assert ledger.state.member(STRANGER.id).status == "applied"


def test_j6__appeals_heard_by_an_assembly__cannot_be_answered() -> None:
    simulation, _ = contested(appeal_to=AssemblyParty("assembly"))
    with refused("admission.appeal_assembly") as caught:
        simulation.answer_refusal(TREASURER, STRANGER, upheld=False)
    assert caught.value.found == "assembly"


def test_j7__whoever_resigned__asks_again_and_begins_anew() -> None:
    simulation, ledger = careful()
    ready(simulation)
    simulation.admit(STRANGER, officer=CHAIR)
    simulation.resign(STRANGER)
    simulation.advance(days=3)
    index = simulation.reapply(STRANGER)
    member = ledger.state.member(STRANGER.id)
    assert (member.status, member.entry, member.applied_at, member.since) == (
        "applied", index, simulation.at(), None,
    )  # fmt: skip
    assert (member.assurance, member.lost_by) == ("substantial", "resignation")
    assert ledger.state.application(STRANGER.id).checks == ()
    with refused("admission.unchecked"):
        simulation.admit(STRANGER, officer=CHAIR)
    ready(simulation)
    simulation.admit(STRANGER, officer=CHAIR)
    assert ledger.state.member(STRANGER.id).lost_by is None


def test_j7__objection_to_the_first_application__does_not_hold_for_the_second() -> None:
    simulation, ledger = careful(objection_days=3)
    simulation.object_to(GARDENER, STRANGER)
    simulation.refuse(CHAIR, STRANGER)
    simulation.reapply(STRANGER)
    assert not ledger.state.member(STRANGER.id).objected


def test_j7__applicant_or_member__need_not_ask_again() -> None:
    simulation, _ = careful()
    for actor in (STRANGER, GARDENER):
        with refused("member.not_gone"):
            simulation.reapply(actor)


def test_j7__in_anothers_name__refuses() -> None:
    simulation, _ = declined()
    with refused("author.self"):
        simulation.act(GARDENER, MemberReapplied(STRANGER.id, "individual"))


def test_j7__class_of_other_persons__refuses() -> None:
    simulation, _ = declined()
    with refused("member.other_persons", rule="admission-collective"):
        simulation.reapply(STRANGER, "collective")


def test_j7__class_that_is_not_admitted__refuses() -> None:
    simulation, _ = founded(rules_with(altered("admission-collective", modality="must_not")))
    simulation.resign(GARDENER)
    with refused("admission.forbidden"):
        simulation.reapply(GARDENER, "collective")


def test_j7__appeal_that_waits__is_given_up() -> None:
    simulation, ledger = contested()
    simulation.reapply(STRANGER)
    assert ledger.state.member(STRANGER.id).status == "applied"
    with refused("admission.not_refused"):
        simulation.answer_refusal(TREASURER, STRANGER, upheld=False)


@pytest.mark.parametrize("cause", ["death", "resignation"])
def test_j8__membership_lost_otherwise_than_by_resigning__comes_back_by_no_right(
    cause: LossCause,
) -> None:
    simulation, ledger = founded()
    if cause == "resignation":
        simulation.resign(GARDENER)
    else:
        simulation.end_membership(CHAIR, GARDENER, cause)
    simulation.reapply(GARDENER)
    if cause == "resignation":
        simulation.admit(GARDENER)
    else:
        with refused("admission.lost", rule=RULE) as caught:
            simulation.admit(GARDENER)
        assert caught.value.found == cause
        simulation.admit(GARDENER, officer=CHAIR)
    assert ledger.state.member(GARDENER.id).status == "active"


Deed = Callable[[Simulation, Actor], object]

DEEDS: dict[str, tuple[Deed, str]] = {
    "check": (lambda play, by: play.check_identity(by, STRANGER), "identity.checker"),
    "admit": (lambda play, by: play.admit(STRANGER, officer=by), "officer.required"),
    "refuse": (lambda play, by: play.refuse(by, STRANGER), "officer.required"),
    "open": (lambda play, by: play.open_centre(by, "quay", GARDENER), "officer.required"),
    "change": (lambda play, by: play.change_centre(by, "harbour", by), "officer.required"),
    "close": (lambda play, by: play.close_centre(by, "harbour"), "officer.required"),
}


@pytest.mark.parametrize("name", DEEDS)
def test_mandate_that_ended_yesterday__gives_no_right_to_anything(name: str) -> None:
    simulation, _ = careful()
    ready(simulation)
    simulation.open_centre(CHAIR, "harbour", GARDENER)
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    simulation.advance(days=1)
    deed, code = DEEDS[name]
    with refused(code):
        deed(simulation, CHAIR)
    deed(simulation, TREASURER)


def test_mandate_that_ended_yesterday__answers_no_appeal() -> None:
    simulation, _ = contested()
    simulation.resign_mandate(SECRETARY, mandate_of(SECRETARY))
    simulation.advance(days=1)
    with refused("officer.required"):
        simulation.answer_refusal(SECRETARY, STRANGER, upheld=False)
    simulation.answer_refusal(TREASURER, STRANGER, upheld=False)
