"""On what ground a motion may be decided at all: who proposed it, who supports it, what it may change."""

from collections.abc import Iterator

from backend.domain.acts import (
    DerivationStep,
    DissolutionEffect,
    ElectionEffect,
    InternalRulesEffect,
    MeasureEffect,
    RevocationEffect,
    Slug,
)
from backend.domain.deadlines import days_between, parse_day
from backend.domain.decisions.case import Case, met, step
from backend.domain.rulebook.bodies import CoOption, Designation, Designator, Revocation
from backend.domain.rulebook.membership import DueProcess, Measure
from backend.domain.rulebook.order import Dissolution, InternalRules
from backend.domain.rulebook.rule import AssemblyParty, BodyParty
from backend.domain.rulebook.sessions import Competence


def grounds(case: Case) -> Iterator[DerivationStep]:
    """Yield the steps from the initiative to due process.

    Raises:
        NotFoundError: The effect refers to something that does not exist.
        RuleViolation: The governing rulebook is silent on something asked for.
    """
    yield from _initiative(case)
    yield from _effect(case)
    competence = case.rulebook.maybe(Competence, case.kind)
    if competence is not None:
        yield step(
            competence,
            {"kind": case.kind, "session": case.call.session},
            met(case.call.session in competence.sessions),
            case.assembly.entry,
        )
    yield from _due_process(case)


def _initiative(case: Case) -> Iterator[DerivationStep]:
    motion, rule = case.motion, case.rulebook.initiative(case.kind)
    proposer = case.state.member(motion.proposer)
    seats = case.seats_of(proposer.id, case.day(motion.changed_at))
    seat = next((seat for seat in seats if seat.body in rule.bodies), None)
    inputs: dict[str, str] = {"kind": case.kind, "proposer_class": proposer.member_class}
    if seat is not None:
        inputs["proposer_body"] = seat.body
    allowed = proposer.member_class in rule.classes or seat is not None
    yield step(rule, inputs, met(allowed), motion.entry, seat.entry if seat else None)
    if rule.support is not None:
        supporters, whole = case.poll.support or (0, 0)
        yield step(
            rule,
            {
                "least": str(rule.support.least(whole)),
                "members": str(whole),
                "required": str(rule.support),
                "supporters": str(supporters),
            },
            met(rule.support.met(supporters, whole)),
            motion.entry,
            case.assembly.entry,
        )


def _effect(case: Case) -> Iterator[DerivationStep]:
    rule, effect = case.rulebook.effect(case.kind), case.motion.data.effect
    name = str(type(effect).__struct_config__.tag)
    inputs: dict[str, str] = {"effect": name, "kind": case.kind}
    yield step(rule, inputs, met(name in rule.effects), case.motion.entry)
    match effect:
        case RevocationEffect(mandate=mandate):
            yield _revocation(case, mandate)
        case ElectionEffect():
            yield _election(case, effect)
        case InternalRulesEffect():
            made_by = case.rulebook.one(InternalRules)
            yield step(
                made_by,
                {"session": case.call.session},
                met(_decides(case, made_by.by)),
                case.assembly.entry,
            )
        case DissolutionEffect(liquidators=liquidators):
            asked = case.rulebook.one(Dissolution)
            yield step(
                asked,
                {"liquidators": str(len(liquidators)), "required": str(asked.liquidators)},
                met(len(set(liquidators)) >= asked.liquidators),
                case.motion.entry,
            )
        case _:
            return


def _revocation(case: Case, mandate: Slug) -> DerivationStep:
    found = case.state.mandate(mandate)
    rule = case.rulebook.one(Revocation, found.body)
    inputs: dict[str, str] = {"body": found.body, "mandate": mandate, "seat": found.seat}
    return step(rule, inputs, met(rule.modality != "must_not"), found.entry, case.motion.entry)


def _election(case: Case, effect: ElectionEffect) -> DerivationStep:
    earlier = any(
        mandate.body == effect.body and mandate.entry < case.assembly.entry
        for mandate in case.state.mandates.values()
    )
    phase = "later" if earlier else "first"
    rule: CoOption | Designation = (
        case.rulebook.one(CoOption, effect.body)
        if effect.way == "co_option"
        else case.rulebook.one(Designation, f"{effect.body}/{phase}")
    )
    inputs: dict[str, str] = {
        "body": effect.body,
        "seats": str(effect.elects or len(effect.seats)),
        "session": case.call.session,
    }
    allowed = rule.modality != "must_not" and _decides(case, rule.by)
    return step(rule, inputs, met(allowed), case.motion.entry, case.assembly.entry)


def _decides(case: Case, by: Designator) -> bool:
    """Tell whether the session is the one that decides, or a meeting of the body that does."""
    match by:
        case AssemblyParty(session=session):
            return session == case.call.session
        case BodyParty(body=body):
            return body == case.session.body
        case _:
            return False


def _due_process(case: Case) -> Iterator[DerivationStep]:
    effect = case.motion.data.effect
    if not isinstance(effect, MeasureEffect | RevocationEffect) or effect.proceeding is None:
        return
    if isinstance(effect, RevocationEffect):
        body = case.state.mandate(effect.mandate).body
        if not case.rulebook.one(Revocation, body).heard:
            return
    proceeding = case.state.proceeding(effect.proceeding)
    measure: Measure = proceeding.data.measure
    rule = case.rulebook.maybe(DueProcess, measure)
    if rule is None:
        return
    inputs: dict[str, str] = {
        "measure": measure,
        "replied": "yes" if proceeding.replied else "no",
        "required_days": str(rule.reply_days),
    }
    if rule.hearing:
        inputs["hearing"] = "yes" if proceeding.heard_entry is not None else "no"
    heard = False
    if proceeding.served_at is not None:
        inputs["served_at"] = proceeding.served_at
        served_on, called_on = (
            parse_day(case.day(at)) for at in (proceeding.served_at, case.assembly.convened_at)
        )
        heard = proceeding.replied or days_between(served_on, called_on) > rule.reply_days
    yield step(
        rule,
        inputs,
        met(heard and (proceeding.heard_entry is not None or not rule.hearing)),
        proceeding.entry,
        None if proceeding.served_at is None else proceeding.served_entry,
        proceeding.heard_entry,
        case.assembly.entry,
    )
