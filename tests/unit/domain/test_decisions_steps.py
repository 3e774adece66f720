"""The steps of derivations before the count: on what ground, and how, a motion came to the vote."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.acts import (
    DecisionMade,
    DerivationStep,
    DissolutionEffect,
    Effect,
    ElectionEffect,
    MeasureEffect,
    MotionKind,
    ResolutionEffect,
    RevocationEffect,
    SeatGiven,
)
from backend.domain.decisions import decide
from backend.domain.facts import Proceeding
from backend.domain.rulebook.bodies import CoOption, Designation, Revocation
from backend.domain.rulebook.membership import DueProcess
from backend.domain.rulebook.order import Dissolution, InternalRules
from backend.domain.rulebook.rule import BodyParty, Founders, SeatParty, ShareParty
from backend.domain.rulebook.sessions import Convocation, Notice, SecondConvocation
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import Initiative
from tests.support.governance import (
    CHAIR,
    GARDENER,
    TREASURER,
    founded,
    proven_rulebook,
    rule_of,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import mandate_of
from tests.support.model_rules import EVERY, share
from tests.support.organisations import Simulation, put_text
from tests.support.vote_world import VOTERS, derived, held, step_of, voted, votes_of

ALL_YES = votes_of("yyyy")


def _changed(name: str, **fields: object) -> AnyRule:
    return msgspec.structs.replace(rule_of(name), **fields)


def _carried(
    simulation: Simulation, ledger: MemoryLedger, motion: str, *, session: str = "assembly"
) -> DecisionMade:
    """Carry a motion through a session in which every elector says yes."""
    simulation.convene(CHAIR, "spring", motion, session=session)
    simulation.advance(days=15)
    voters = VOTERS if session == "assembly" else VOTERS[:3]
    voted(simulation, dict.fromkeys(voters, "yes"), motion=motion)
    return derived(ledger, motion)


def _effect(kind: MotionKind, effect: Effect, *rules: AnyRule) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = founded(rules_with(*rules))
    simulation.propose_effect(GARDENER, "motion", kind, effect)
    return simulation, ledger


def _without_rule(ledger: MemoryLedger, *rules: AnyRule, motion: str = "bridge") -> DecisionMade:
    """Decide as if other rules had governed the session."""
    hash_of = ledger.state.assembly("spring").data.rules
    rulebooks = ledger.state.rulebooks.set(hash_of, rules_with(*rules))
    return decide(replace(ledger.state, rulebooks=rulebooks), motion, ledger.sources)


def _verdict(decision: DecisionMade, rule: str) -> tuple[str, str]:
    return step_of(decision, rule).verdict, decision.outcome


def test_initiative__of_a_class_or_from_a_body__says_which() -> None:
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    step = derived(ledger).derivation[0]
    assert step.inputs == {"kind": "legislative", "proposer_class": "individual"}
    from_body = _changed("initiative", classes=(), bodies=("audit", "bureau"))
    simulation, ledger = held(rules_with(from_body))
    voted(simulation, ALL_YES)
    step = derived(ledger).derivation[0]
    assert step.inputs["proposer_body"] == "bureau"
    assert step.entries == (0, ledger.state.motion("bridge").entry)
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    assert derived(ledger).derivation[0] == step


def test_initiative__of_nobody_the_statutes_name__is_not_met_and_rejects() -> None:
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    nobody = _changed("initiative", classes=("collective",))
    assert _verdict(_without_rule(ledger, nobody), "initiative") == ("not_met", "rejected")
    audit = _changed("initiative", classes=(), bodies=("audit",))
    assert _verdict(_without_rule(ledger, audit), "initiative") == ("not_met", "rejected")


def _petition(num: int, den: int) -> Initiative:
    return Initiative(
        id="initiative", article="9", modality="may", motions=EVERY, classes=("individual",),
        support=share(num, den),
    )  # fmt: skip


def test_support__counted_at_the_call__stays_when_supporters_leave() -> None:
    simulation, ledger = founded(rules_with(_petition(1, 2)))
    simulation.propose(CHAIR, "bridge")
    simulation.support(GARDENER, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.resign(GARDENER)
    simulation.advance(days=15)
    voted(simulation, votes_of("yy--"))
    step = derived(ledger).derivation[1]
    assert step.inputs == {
        "least": "2",
        "members": "4",
        "required": "at least 1/2",
        "supporters": "2",
    }
    assert step.verdict == "met"
    assert step.entries == (
        ledger.state.motion("bridge").entry,
        ledger.state.assembly("spring").entry,
    )


def test_support__below_the_share__is_not_met_and_rejects() -> None:
    simulation, ledger = founded(rules_with(_petition(1, 4)))
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=15)
    voted(simulation, ALL_YES)
    assert derived(ledger).outcome == "adopted"
    decision = _without_rule(ledger, _petition(1, 2))
    assert (decision.derivation[1].verdict, decision.outcome) == ("not_met", "rejected")
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    uncounted = _without_rule(ledger, _petition(0, 1)).derivation[1]
    assert (uncounted.verdict, uncounted.inputs["members"]) == ("not_met", "0")


def test_effect_or_competence__that_the_rules_do_not_permit__is_not_met() -> None:
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    other = _changed("effect-ordinary", effects=("framework",))
    assert _verdict(_without_rule(ledger, other), "effect-ordinary") == ("not_met", "rejected")
    council = _changed("competence", sessions=("council",), motions=("legislative",))
    assert _verdict(_without_rule(ledger, council), "competence") == ("not_met", "rejected")
    here = _changed("competence", motions=("legislative",))
    step = step_of(_without_rule(ledger, here), "competence")
    assert (step.verdict, step.inputs) == ("met", {"kind": "legislative", "session": "assembly"})


def _heard(*rules: AnyRule, replies: bool = True) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after grounds were put to the treasurer, whose mandate shall end."""
    simulation, ledger = founded(rules_with(*rules))
    mandate = mandate_of(TREASURER)
    simulation.accuse(GARDENER, "case", TREASURER, measure="revocation", mandate=mandate)
    simulation.serve(CHAIR, "case")
    if replies:
        simulation.reply(TREASURER, "case")
    simulation.advance(days=9)
    effect = RevocationEffect(mandate, "case")
    simulation.propose_effect(GARDENER, "recall", "revocatory", effect)
    return simulation, ledger


@pytest.mark.parametrize("replies", [True, False])
def test_revocation__rests_on_its_rule_and_on_due_process(*, replies: bool) -> None:
    simulation, ledger = _heard(replies=replies)
    decision = _carried(simulation, ledger, "recall")
    assert decision.outcome == "adopted"
    step = step_of(decision, "revocation")
    assert step.inputs == {"body": "bureau", "mandate": mandate_of(TREASURER), "seat": "member"}
    process = step_of(decision, "due-process")
    case = ledger.state.proceeding("case")
    assert process.inputs == {
        "measure": "revocation",
        "replied": "yes" if replies else "no",
        "required_days": "8",
        "served_at": case.served_at,
    }
    call = ledger.state.assembly("spring").entry
    assert process.entries == (case.entry, case.served_entry, call)


def _with_case(ledger: MemoryLedger, **fields: object) -> DecisionMade:
    case: Proceeding = replace(ledger.state.proceeding("case"), **fields)  # type: ignore[arg-type]  # fields of a table
    proceedings = ledger.state.proceedings.set("case", case)
    return decide(replace(ledger.state, proceedings=proceedings), "recall", ledger.sources)


def test_due_process__too_short_or_unserved__is_not_met_and_rejects() -> None:
    simulation, ledger = _heard(replies=False)
    _carried(simulation, ledger, "recall")
    call = ledger.state.assembly("spring").convened_at
    day = int(call[8:10])
    for days, verdict in ((9, "met"), (8, "not_met")):
        served_at = f"{call[:8]}{day - days:02d}{call[10:]}"
        decision = _with_case(ledger, served_at=served_at)
        assert step_of(decision, "due-process").verdict == verdict
    unserved = _with_case(ledger, served_at=None)
    step = step_of(unserved, "due-process")
    assert (step.verdict, unserved.outcome) == ("not_met", "rejected")
    assert "served_at" not in step.inputs
    assert len(step.entries) == 2


def test_revocation__that_the_statutes_forbid__is_not_met() -> None:
    simulation, ledger = _heard()
    _carried(simulation, ledger, "recall")
    forbidden = _changed("revocation", modality="must_not")
    assert isinstance(forbidden, Revocation)
    decision = _without_rule(ledger, forbidden, motion="recall")
    assert _verdict(decision, "revocation") == ("not_met", "rejected")


def test_revocation__without_hearing__has_no_due_process() -> None:
    unheard = _changed("revocation", heard=False)
    mandate = mandate_of(TREASURER)
    simulation, ledger = _effect("revocatory", RevocationEffect(mandate), unheard)
    decision = _carried(simulation, ledger, "motion")
    assert decision.outcome == "adopted"
    assert "due-process" not in {step.rule for step in decision.derivation}
    simulation, ledger = _heard(unheard)
    decision = _carried(simulation, ledger, "recall")
    assert "due-process" not in {step.rule for step in decision.derivation}


def test_exclusion__rests_on_due_process_where_the_statutes_have_it() -> None:
    simulation, ledger = founded()
    simulation.accuse(CHAIR, "case", GARDENER)
    simulation.serve(CHAIR, "case")
    simulation.reply(GARDENER, "case")
    simulation.propose_effect(CHAIR, "out", "exclusion", MeasureEffect("case"))
    decision = _carried(simulation, ledger, "out")
    assert step_of(decision, "due-process").inputs["measure"] == "exclusion"
    other = _changed("due-process", measures=("sanction",))
    assert isinstance(other, DueProcess)
    derivation = _without_rule(ledger, other, motion="out").derivation
    assert "due-process" not in {step.rule for step in derivation}


def _election(body: str, way: str, seat: str) -> ElectionEffect:
    return ElectionEffect(
        body=body, way=way, starts="2026-03-01", attested=True,  # type: ignore[arg-type]  # of the table
        seats=(SeatGiven("new-mandate", seat, GARDENER.id),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "way", "seat", "rule"),
    [
        ("audit", "designation", "auditor", "audit-first"),
        ("bureau", "designation", "member", "bureau-later"),
        ("bureau", "co_option", "member", "co-option"),
    ],
)
def test_election__rests_on_who_may_fill_the_seats(
    body: str, way: str, seat: str, rule: str
) -> None:
    simulation, ledger = _effect("election", _election(body, way, seat))
    decision = _carried(simulation, ledger, "motion")
    assert decision.outcome == "adopted"
    assert step_of(decision, rule).inputs == {"body": body, "seats": "1", "session": "assembly"}
    simulation.decide("motion")
    assert decide(ledger.state, "motion", ledger.sources).derivation == decision.derivation
    changed: tuple[Designation | CoOption, ...] = tuple(
        msgspec.structs.replace(each, by=by)
        for each in (rule_of(rule),)
        for by in (Founders(), BodyParty("bureau"))
        if isinstance(each, Designation | CoOption)
    )
    for other in changed:
        decided = _without_rule(ledger, other, motion="motion")
        assert _verdict(decided, rule) == ("not_met", "rejected")


def test_co_option__that_the_statutes_forbid__is_not_met() -> None:
    simulation, ledger = _effect("election", _election("bureau", "co_option", "member"))
    _carried(simulation, ledger, "motion")
    other = _without_rule(ledger, _changed("co-option", modality="must_not"), motion="motion")
    assert _verdict(other, "co-option") == ("not_met", "rejected")


def test_internal_rules__made_by_the_council__rest_on_the_body_that_makes_them() -> None:
    simulation, ledger = founded()
    extra = Notice(
        id="notice-permanent", article="R1", modality="must", sessions=("permanent",), days=3,
        channels=("email",), proven=False,
    )  # fmt: skip
    simulation.propose_internal_rules(CHAIR, "house", extra)
    decision = _carried(simulation, ledger, "house", session="council")
    assert decision.outcome == "adopted"
    assert step_of(decision, "internal-rules").inputs == {"session": "council"}
    other = rule_of("internal-rules")
    assert isinstance(other, InternalRules)
    audit = msgspec.structs.replace(other, by=BodyParty("audit"))
    assert _verdict(_without_rule(ledger, audit, motion="house"), "internal-rules") == (
        "not_met",
        "rejected",
    )


@pytest.mark.parametrize(("liquidators", "verdict"), [(1, "met"), (2, "not_met")])
def test_dissolution__names_enough_liquidators(liquidators: int, verdict: str) -> None:
    simulation, ledger = founded()
    simulation.propose(
        CHAIR,
        "end",
        kind="dissolution",
        effect=lambda book: DissolutionEffect((CHAIR.id,), put_text(book, "To the river.")),
    )
    _carried(simulation, ledger, "end")
    asked = _changed("dissolution", liquidators=liquidators)
    assert isinstance(asked, Dissolution)
    step = step_of(_without_rule(ledger, asked, motion="end"), "dissolution")
    assert step.inputs == {"liquidators": "1", "required": str(liquidators)}
    assert step.verdict == verdict


def _convocation(*parties: object) -> Convocation:
    return Convocation(id="convocation", article="11", modality="must", by=tuple(parties))  # type: ignore[arg-type]  # parties of a table


@pytest.mark.parametrize(
    ("party", "name"),
    [
        (BodyParty("bureau"), "body bureau"),
        (SeatParty("bureau", "chair"), "seat bureau/chair"),
    ],
)
def test_convocation__names_the_first_party_that_the_convener_is_of(
    party: object, name: str
) -> None:
    absent = SeatParty("audit", "auditor")
    simulation, ledger = held(rules_with(_convocation(absent, party)))
    voted(simulation, ALL_YES)
    step = step_of(derived(ledger), "convocation")
    assert step.inputs == {"called_by": name, "session": "assembly"}
    nobody = _without_rule(ledger, _convocation(absent, BodyParty("audit")))
    assert _verdict(nobody, "convocation") == ("not_met", "rejected")
    assert step_of(nobody, "convocation").inputs == {"session": "assembly"}
    without_draft = _without_rule(ledger, _convocation(ShareParty(share(1, 4))))
    assert _verdict(without_draft, "convocation") == ("not_met", "rejected")


@pytest.mark.parametrize(
    ("party", "name"),
    [
        (ShareParty(share(1, 2)), "share at least 1/2 members"),
        (ShareParty(share(1, 4), "bureau"), "share at least 1/4 bureau"),
    ],
)
def test_convocation__by_a_share__names_it_and_the_draft(party: ShareParty, name: str) -> None:
    simulation, ledger = founded(rules_with(_convocation(party)))
    simulation.propose(CHAIR, "bridge")
    simulation.draft(CHAIR, "ask", "bridge")
    if party.body is None:
        simulation.support_draft(GARDENER, "ask")
    simulation.convene(CHAIR, "spring", "bridge", draft="ask")
    simulation.advance(days=15)
    voted(simulation, ALL_YES)
    step = step_of(derived(ledger), "convocation")
    assert step.inputs == {"called_by": name, "draft": "ask", "session": "assembly"}
    assert step.entries == (ledger.state.draft("ask").entry, ledger.state.assembly("spring").entry)


def test_convener__who_gave_the_seat_back_that_day__had_called_rightly() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    simulation.advance(days=15)
    voted(simulation, ALL_YES)
    assert derived(ledger).outcome == "adopted"


def test_notice__proven__names_the_record_and_lacks_it_otherwise() -> None:
    simulation, ledger = founded(proven_rulebook())
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    record = simulation.record_notices(CHAIR, "spring")
    simulation.advance(days=15)
    voted(simulation, ALL_YES)
    step = step_of(derived(ledger), "notice")
    assert step.inputs == {
        "called_on": "2026-01-05",
        "days": "15",
        "opens_on": "2026-01-20",
        "recorded": "yes",
        "required_days": "15",
    }
    assert step.entries == (ledger.state.assembly("spring").entry, record)
    assembly = replace(ledger.state.assembly("spring"), notice_entry=None)
    state = replace(ledger.state, assemblies=ledger.state.assemblies.set("spring", assembly))
    decision = decide(state, "bridge", ledger.sources)
    assert _verdict(decision, "notice") == ("not_met", "rejected")


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("notice", {"days": 16}),
        ("channels", {"channels": ("room",)}),
        ("deliberation", {"days": 16}),
        ("ballot", {"minimum_hours": 49}),
        ("vote-individual", {"modality": "must_not"}),
    ],
)
def test_course__one_more_day_or_another_channel__is_not_met(
    rule: str, fields: dict[str, object]
) -> None:
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    assert derived(ledger).outcome == "adopted"
    decision = _without_rule(ledger, _changed(rule, **fields))
    assert _verdict(decision, rule) == ("not_met", "rejected")


def test_rules_that_are_not_there__leave_their_steps_out() -> None:
    simulation, ledger = held()
    voted(simulation, ALL_YES)
    hash_of = ledger.state.assembly("spring").data.rules
    gone = ["notice", "channels", "agenda", "deliberation", "competence"]
    rulebooks = ledger.state.rulebooks.set(hash_of, rules_with(without=gone))
    decision = decide(replace(ledger.state, rulebooks=rulebooks), "bridge", ledger.sources)
    assert decision.outcome == "adopted"
    assert not {step.rule for step in decision.derivation} & set(gone)


def test_agenda__step__says_the_place() -> None:
    simulation, ledger = founded()
    for motion in ("weir", "bridge"):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "spring", "weir", "bridge")
    simulation.advance(days=17)
    simulation.close("spring")
    assert step_of(derived(ledger), "agenda").inputs == {"place": "2"}


def _second() -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after a second convocation that one voter attended."""
    simulation, ledger = held()
    simulation.advance(days=2)
    simulation.settle("spring")
    simulation.convene(CHAIR, "again", "bridge", round_=2, previous="spring")
    simulation.advance(days=15)
    voted_again = votes_of("y---")
    for voter, choice in voted_again.items():
        simulation.cast(voter, "bridge", choice)
    simulation.advance(days=2)
    simulation.close("again")
    return simulation, ledger


def _second_step(ledger: MemoryLedger) -> DerivationStep:
    return step_of(derived(ledger), "second-convocation")


def test_second_convocation__decides_without_quorum_and_says_when() -> None:
    simulation, ledger = _second()
    assert ledger.state.decisions["bridge"].outcome == "no_quorum"
    decision = derived(ledger)
    assert (decision.outcome, decision.assembly) == ("adopted", "again")
    assert _second_step(ledger).inputs == {
        "first_on": "2026-01-20",
        "latest": "2026-04-20",
        "opens_on": "2026-02-06",
        "previous": "spring",
        "round": "2",
    }
    assert step_of(decision, "notice").inputs["required_days"] == "15"
    assert step_of(decision, "quorum-second").inputs["round"] == "2"
    simulation.decide("bridge")
    assert ledger.state.decisions["bridge"] == decision


@pytest.mark.parametrize(
    "fields", [{"modality": "must_not"}, {"within": {"days": 16}}, {"notice_days": 16}]
)
def test_second_convocation__that_the_rules_do_not_let__is_not_met(
    fields: dict[str, object],
) -> None:
    _, ledger = _second()
    rule = rule_of("second-convocation")
    assert isinstance(rule, SecondConvocation)
    if "within" in fields:
        fields = {"within": type(rule.within)(days=16)}
    hash_of = ledger.state.assembly("again").data.rules
    other = msgspec.structs.replace(rule, **fields)
    rulebooks = ledger.state.rulebooks.set(hash_of, rules_with(other))
    decision = decide(replace(ledger.state, rulebooks=rulebooks), "bridge", ledger.sources)
    name = "notice" if "notice_days" in fields else "second-convocation"
    assert _verdict(decision, name) == ("not_met", "rejected")


def test_resolution__touches_nothing_else() -> None:
    simulation, ledger = _effect("legislative", ResolutionEffect())
    decision = _carried(simulation, ledger, "motion")
    assert [step.rule for step in decision.derivation[:3]] == [
        "initiative",
        "effect-ordinary",
        "convocation",
    ]
