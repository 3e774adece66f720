"""What motions would change, E1 to E3: asked at the proposal and again at the call."""

import msgspec
import pytest

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    ApprovalEffect,
    DissolutionEffect,
    Effect,
    ElectionEffect,
    MeasureEffect,
    MotionKind,
    Obligation,
    ResolutionEffect,
    ReversalEffect,
    RevocationEffect,
    SeatGiven,
)
from backend.domain.effects import effect_type
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    STRANGER,
    TREASURER,
    founded,
    refused,
    rule_of,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.motion_world import carried
from tests.support.organisations import Simulation

NOWHERE = "bafkrei" + "a" * 52


def _propose(
    simulation: Simulation, kind: MotionKind, effect: Effect, motion: str = "motion"
) -> None:
    simulation.propose_effect(CHAIR, motion, kind, effect)


def test_e1__effect_that_the_kind_may_not_have__refuses_naming_the_article() -> None:
    simulation, _ = founded()
    with refused("effect.kind", article="10", rule="effect-approval") as caught:
        _propose(simulation, "approval", ResolutionEffect())
    assert (caught.value.expected, caught.value.found) == ("approval: approval", "resolution")


def test_effect_type__of_an_effect__is_its_tag() -> None:
    assert effect_type(ResolutionEffect()) == "resolution"


PAINT = Obligation("paint", "Paint it.", "The bureau", "2026-01-05")


@pytest.mark.parametrize(
    ("obligations", "code"),
    [
        ((PAINT, PAINT), "obligation.exists"),
        ((msgspec.structs.replace(PAINT, due="2026-01-04"),), "obligation.due"),
        ((msgspec.structs.replace(PAINT, due="2026-02-30"),), "day.malformed"),
    ],
)
def test_resolution__obligations_that_bind_nobody__refuse(
    obligations: tuple[Obligation, ...], code: str
) -> None:
    simulation, _ = founded()
    with refused(code):
        _propose(simulation, "legislative", ResolutionEffect(obligations))
    _propose(simulation, "legislative", ResolutionEffect((PAINT,)))


def test_resolution__obligation_that_is_over_at_the_call__refuses() -> None:
    simulation, _ = founded()
    _propose(simulation, "legislative", ResolutionEffect((PAINT,)))
    simulation.advance(days=1)
    with refused("obligation.due"):
        simulation.convene(CHAIR, "spring", "motion")


@pytest.mark.parametrize(
    "effect", [AbrogationEffect(), AbrogationEffect(rule="tie", resolution="bridge")]
)
def test_abrogation__of_nothing_or_of_both__refuses(effect: AbrogationEffect) -> None:
    simulation, _ = founded()
    simulation.propose(CHAIR, "bridge")
    with refused("abrogation.target"):
        _propose(simulation, "abrogative", effect)


def test_abrogation__of_a_rule__asks_whether_it_holds() -> None:
    simulation, _ = founded()
    with refused("rule.missing"):
        _propose(simulation, "abrogative", AbrogationEffect(rule="ghost"))
    _propose(simulation, "abrogative", AbrogationEffect(rule="tie-council"))


def test_abrogation__of_a_resolution__ends_it_once() -> None:
    simulation, ledger = founded()
    effect = AbrogationEffect(resolution="bridge")
    with refused("motion.unknown"):
        _propose(simulation, "abrogative", effect)
    simulation.propose(CHAIR, "bridge")
    with refused("abrogation.no_resolution", rule="psephos.effect"):
        _propose(simulation, "abrogative", effect)
    carried(simulation, "spring", "bridge")
    _propose(simulation, "abrogative", effect)
    carried(simulation, "summer", "motion")
    assert ledger.state.motion("bridge").status == "abrogated"
    with refused("abrogation.no_resolution"):
        _propose(simulation, "abrogative", effect, "motion-2")


def test_abrogation__of_what_is_no_resolution__refuses() -> None:
    simulation, _ = founded()
    _propose(simulation, "affiliation", AffiliationEffect("Sea", joins=True), "join")
    carried(simulation, "spring", "join")
    with refused("abrogation.no_resolution"):
        _propose(simulation, "abrogative", AbrogationEffect(resolution="join"))


def _report(ledger: MemoryLedger, year: int = 2025, **fields: object) -> ApprovalEffect:
    effect = ApprovalEffect("accounts", year, ledger.put_document(b"Accounts.\n"))
    return msgspec.structs.replace(effect, **fields)


def test_approval__of_a_year_that_has_not_begun__refuses() -> None:
    simulation, ledger = founded()
    with refused("approval.year") as caught:
        _propose(simulation, "approval", _report(ledger, 2027))
    assert (caught.value.expected, caught.value.found) == ("2026 or earlier", "2027")
    _propose(simulation, "approval", _report(ledger, 2026))


def test_approval__of_a_report_that_is_not_held__refuses() -> None:
    simulation, ledger = founded()
    with refused("document.unknown"):
        _propose(simulation, "approval", _report(ledger, document=NOWHERE))


def test_approval__given_before__refuses_but_another_report_does_not() -> None:
    simulation, ledger = founded()
    _propose(simulation, "approval", _report(ledger), "accounts-2025")
    carried(simulation, "spring", "accounts-2025")
    with refused("approval.given", rule="psephos.effect"):
        _propose(simulation, "approval", _report(ledger))
    _propose(simulation, "approval", _report(ledger, 2024), "accounts-2024")
    _propose(simulation, "approval", _report(ledger, report="activities"), "activities-2025")


def test_approval__rejected__can_be_asked_for_again() -> None:
    simulation, ledger = founded()
    _propose(simulation, "approval", _report(ledger), "accounts-2025")
    carried(simulation, "spring", "accounts-2025", yes=(), no=(CHAIR, TREASURER))
    _propose(simulation, "approval", _report(ledger))


def test_affiliation__that_changes_nothing__refuses() -> None:
    simulation, ledger = founded()
    join, leave = (AffiliationEffect("Sea", joins=joins) for joins in (True, False))
    with refused("affiliation.same", rule="psephos.effect") as caught:
        _propose(simulation, "affiliation", leave)
    assert caught.value.expected == "affiliated"
    _propose(simulation, "affiliation", join, "join")
    carried(simulation, "spring", "join")
    with refused("affiliation.same") as caught:
        _propose(simulation, "affiliation", join)
    assert caught.value.expected == "not affiliated"
    _propose(simulation, "affiliation", leave, "leave")
    carried(simulation, "summer", "leave")
    assert not ledger.state.affiliations


def test_dissolution__names_enough_members_once_each() -> None:
    rule = msgspec.structs.replace(rule_of("dissolution"), liquidators=2)
    simulation, ledger = founded(rules_with(rule))
    devolution = ledger.put_document(b"To the river.\n")
    for liquidators in ((CHAIR.id,), (CHAIR.id, CHAIR.id), (CHAIR.id, CHAIR.id, TREASURER.id)):
        with refused("dissolution.liquidators", article="23", rule="dissolution"):
            _propose(simulation, "dissolution", DissolutionEffect(liquidators, devolution))
    with refused("member.unknown"):
        _propose(simulation, "dissolution", DissolutionEffect((CHAIR.id, STRANGER.id), devolution))
    _propose(simulation, "dissolution", DissolutionEffect((CHAIR.id, TREASURER.id), devolution))


def test_dissolution__statutes_that_say_nothing_of_it__refuses() -> None:
    simulation, ledger = founded(rules_with(without=["dissolution"]))
    effect = DissolutionEffect((CHAIR.id,), ledger.put_document(b"To the river.\n"))
    with refused("rule.missing"):
        _propose(simulation, "dissolution", effect)


def _heard(simulation: Simulation, measure: str = "exclusion") -> None:
    """Open a proceeding against the secretary, serve the grounds and let the days to reply pass."""
    mandate = "bureau-secretary" if measure == "revocation" else None
    simulation.accuse(CHAIR, "case", SECRETARY, measure=measure, mandate=mandate)  # type: ignore[arg-type]
    simulation.serve(CHAIR, "case")
    simulation.advance(days=9)


def test_measure__is_proposed_before_but_put_to_the_vote_after_the_hearing() -> None:
    simulation, ledger = founded()
    simulation.accuse(CHAIR, "case", SECRETARY)
    _propose(simulation, "exclusion", MeasureEffect("case"))
    with refused("proceeding.unserved", article="18"):
        simulation.convene(CHAIR, "spring", "motion")
    simulation.serve(CHAIR, "case")
    with refused("proceeding.unheard", article="18"):
        simulation.convene(CHAIR, "spring", "motion")
    simulation.advance(days=9)
    carried(simulation, "spring", "motion")
    assert ledger.state.member(SECRETARY.id).lost_by == "exclusion"


def test_measure__in_a_session_that_does_not_decide__refuses() -> None:
    simulation, _ = founded(rules_with(without=["competence"]))
    _heard(simulation)
    _propose(simulation, "exclusion", MeasureEffect("case"))
    with refused("measure.session", article="8", rule="loss-exclusion"):
        simulation.convene(CHAIR, "council-1", "motion", session="council")


def test_revocation__needs_the_hearing_before_the_vote() -> None:
    simulation, ledger = founded()
    effect = RevocationEffect("bureau-secretary", "case")
    simulation.accuse(CHAIR, "case", SECRETARY, measure="revocation", mandate="bureau-secretary")
    _propose(simulation, "revocatory", effect)
    with refused("proceeding.unserved", article="18"):
        simulation.convene(CHAIR, "spring", "motion")
    simulation.serve(CHAIR, "case")
    simulation.advance(days=9)
    carried(simulation, "spring", "motion")
    assert ledger.state.mandate("bureau-secretary").cause == "revocation"


def test_revocation__without_a_hearing__passes_where_the_statutes_ask_for_none() -> None:
    rule = msgspec.structs.replace(rule_of("revocation"), heard=False)
    simulation, ledger = founded(rules_with(rule))
    _propose(simulation, "revocatory", RevocationEffect("bureau-secretary"))
    carried(simulation, "spring", "motion")
    assert ledger.state.mandate("bureau-secretary").cause == "revocation"


def test_revocation__with_a_proceeding_nobody_asked_for__needs_no_hearing() -> None:
    rule = msgspec.structs.replace(rule_of("revocation"), heard=False)
    simulation, _ = founded(rules_with(rule))
    simulation.accuse(CHAIR, "case", SECRETARY, measure="revocation", mandate="bureau-secretary")
    _propose(simulation, "revocatory", RevocationEffect("bureau-secretary", "case"))
    simulation.convene(CHAIR, "spring", "motion")


def test_revocation__statutes_silent_on_it__refuses() -> None:
    simulation, _ = founded(rules_with(without=["revocation"]))
    with refused("rule.missing"):
        _propose(simulation, "revocatory", RevocationEffect("bureau-secretary"))


def test_reversal__answers_an_appeal_where_the_statutes_say() -> None:
    simulation, ledger = founded()
    _heard(simulation)
    _propose(simulation, "exclusion", MeasureEffect("case"), "exclude")
    carried(simulation, "spring", "exclude")
    with refused("appeal.none"):
        _propose(simulation, "appeal", ReversalEffect("case"))
    simulation.appeal(SECRETARY, "case")
    _propose(simulation, "appeal", ReversalEffect("case"))
    carried(simulation, "summer", "motion", yes=(CHAIR, TREASURER, GARDENER))
    assert ledger.state.member(SECRETARY.id).status == "active"


def test_election__is_asked_again_at_the_call() -> None:
    simulation, ledger = founded()
    seat = SeatGiven("auditor-1", "auditor", GARDENER.id)
    _propose(
        simulation,
        "election",
        ElectionEffect("audit", "designation", "2026-01-21", attested=False, seats=(seat,)),
    )
    with refused("election.starts"):
        simulation.convene(CHAIR, "spring", "motion")
    simulation.amend(
        CHAIR,
        "motion",
        effect=lambda _: ElectionEffect(
            "audit", "designation", "2026-02-01", attested=False, seats=(seat,)
        ),
    )
    carried(simulation, "spring", "motion")
    assert ledger.state.mandate("auditor-1").holder == GARDENER.id
