"""What a motion would change, and whether the statutes let it: asked at the proposal and again at the call.

E1 the kind of motion may have this effect. E2 what the effect names exists and stands where it must. E3 the
session that is called may decide it, where the statutes name one. E4 a rule that the statutes state ends by
a motion of a kind that may change them; one that a decision added, by any that may abrogate. What an election
or a measure against someone needs is said by ``elections`` and ``measures``; rules beside the statutes by
``supplements``.
"""

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    ApprovalEffect,
    Call,
    DissolutionEffect,
    Effect,
    ElectionEffect,
    FrameworkEffect,
    InternalRulesEffect,
    InterpretationEffect,
    MeasureEffect,
    MotionKind,
    MotionProposed,
    RatificationEffect,
    ResolutionEffect,
    ReversalEffect,
    RevocationEffect,
    SelectionEffect,
    Slug,
    StatutesEffect,
)
from backend.domain.contests import check_selection
from backend.domain.deadlines import Day, parse_day
from backend.domain.elections import check_election
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.facts import Motion
from backend.domain.framework import parse_framework
from backend.domain.measures import (
    check_competent,
    check_measure,
    check_reversal,
    check_revocation,
)
from backend.domain.proceedings import check_ready
from backend.domain.rule_changes import check_ratification
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.order import Dissolution
from backend.domain.sources import Sources
from backend.domain.standing import active
from backend.domain.state import State
from backend.domain.statutes import check_documents, check_replaces, read_text
from backend.domain.supplements import check_abrogation, check_internal_rules, check_interpretation

EFFECT_RULE = RuleReference("psephos.effect", "")
"""Built-in rule: a motion changes what exists and stands where the change begins."""

_Other = (
    FrameworkEffect
    | ResolutionEffect
    | AbrogationEffect
    | ApprovalEffect
    | AffiliationEffect
    | DissolutionEffect
    | SelectionEffect
)


def effect_type(effect: Effect) -> str:
    """Return the type of an effect, as rules name it."""
    return str(type(effect).__struct_config__.tag)


def check_effect(
    motion: Motion,
    state: State,
    rulebook: Rulebook,
    sources: Sources,
    *,
    call: Call | None,
    day: Day,
) -> None:
    """Check what a motion would change (E1 to E3).

    Args:
        motion: The motion.
        state: What is known.
        rulebook: The rules in force.
        sources: Where documents are looked up.
        call: The call that puts it to the vote; None when it is proposed.
        day: The day of the proposal, or of the call.

    Raises:
        NotFoundError: The effect names something that does not exist, or a document is not held.
        InvalidInputError: A document or a field cannot mean anything.
        RuleViolation: ``effect.kind``, or what the effect needs is not there.
    """
    data = motion.data
    rule = rulebook.effect(data.kind)
    found = effect_type(data.effect)
    if found not in rule.effects:
        raise RuleViolation(
            "effect.kind",
            rule.reference(),
            expected=f"{data.kind}: {' or '.join(rule.effects)}",
            found=found,
        )
    read_text(data.text, sources)
    session = None if call is None else call.session
    effect = data.effect
    match effect:
        case StatutesEffect():
            check_replaces(effect, state, drafted_at=motion.changed_at)
            check_documents(effect.statutes, sources, in_force=rulebook)
        case InterpretationEffect():
            check_interpretation(effect, data.motion, data.text, rulebook, sources)
        case InternalRulesEffect():
            read_text(effect.text, sources)
            check_internal_rules(effect, data.motion, rulebook, sources, session=session)
        case RatificationEffect():
            check_ratification(effect, state, session=session)
        case ElectionEffect():
            closes_on = None if call is None else state.day_of(call.closes_at)
            check_election(state, effect, session, day, rulebook, closes_on, motion=data.motion)
        case RevocationEffect() | MeasureEffect() | ReversalEffect():
            _check_against_someone(effect, state, rulebook, call, day)
        case _:
            _check_other(data, effect, state, rulebook, sources, day)


def _check_against_someone(
    effect: RevocationEffect | MeasureEffect | ReversalEffect,
    state: State,
    rulebook: Rulebook,
    call: Call | None,
    day: Day,
) -> None:
    """Check that something may be decided about someone, and, at the call, there and after a hearing."""
    heard = True
    match effect:
        case RevocationEffect():
            heard = check_revocation(state, effect, day, rulebook).heard
        case MeasureEffect():
            check_measure(state, effect, day, rulebook)
        case _:
            check_reversal(state, effect, rulebook)
            heard = False
    if call is None or effect.proceeding is None:
        return
    if not isinstance(effect, RevocationEffect):
        check_competent(state, effect.proceeding, call.session, rulebook, place=call.place)
    if heard:
        check_ready(state, effect.proceeding, day, rulebook)


def _check_other(
    motion: MotionProposed,
    effect: _Other,
    state: State,
    rulebook: Rulebook,
    sources: Sources,
    day: Day,
) -> None:
    match effect:
        case FrameworkEffect(framework=name, document=document):
            framework = parse_framework(sources.document(document))
            if framework.id != name:
                raise InvalidInputError("framework.id", expected=name, found=framework.id)
        case ResolutionEffect():
            _check_resolution(effect, day)
        case AbrogationEffect():
            _check_abrogation(motion, effect, state, rulebook)
        case ApprovalEffect():
            _check_approval(effect, state, sources, day)
        case AffiliationEffect():
            _check_affiliation(effect, state)
        case SelectionEffect():
            check_selection(effect, rulebook.ballot(motion.kind, effect))
            for option in effect.options:
                if option.text is not None:
                    read_text(option.text, sources)
        case _:
            _check_dissolution(effect, state, rulebook, sources)


def _check_resolution(effect: ResolutionEffect, day: Day) -> None:
    names = [each.obligation for each in effect.obligations]
    if len(set(names)) != len(names):
        raise InvalidInputError(
            "obligation.exists", expected="each obligation once", found=", ".join(names)
        )
    for each in effect.obligations:
        parse_day(each.due)
        if each.due < day:
            raise InvalidInputError("obligation.due", expected=f"{day} or later", found=each.due)


def _check_abrogation(
    motion: MotionProposed, effect: AbrogationEffect, state: State, rulebook: Rulebook
) -> None:
    if (effect.rule is None) == (effect.resolution is None):
        raise InvalidInputError(
            "abrogation.target", expected="a rule, or a resolution", found="both, or neither"
        )
    if effect.rule is not None:
        check_abrogation(effect.rule, motion.motion, rulebook)
        _check_may_end(effect.rule, motion.kind, rulebook)
    if effect.resolution is not None:
        found = state.motion(effect.resolution)
        if found.status != "adopted" or not isinstance(
            found.data.effect, ResolutionEffect | SelectionEffect
        ):
            raise RuleViolation(
                "abrogation.no_resolution",
                EFFECT_RULE,
                expected="a resolution that was adopted and not ended",
                found=f"{effect.resolution}: {found.status}",
            )


def _check_may_end(rule: Slug, kind: MotionKind, rulebook: Rulebook) -> None:
    """Check that what the statutes state is ended only by motions that may change the statutes (E4).

    Raises:
        RuleViolation: ``abrogation.statutes``.
    """
    allowed = rulebook.effect(kind)
    if "statutes" in allowed.effects or rule not in {each.id for each in rulebook.rules}:
        return
    raise RuleViolation(
        "abrogation.statutes",
        allowed.reference(),
        expected="a rule that a decision added, or a kind of motion that may change the statutes",
        found=rule,
    )


def _check_approval(effect: ApprovalEffect, state: State, sources: Sources, day: Day) -> None:
    sources.document(effect.document)
    if effect.year > parse_day(day).year:
        raise InvalidInputError(
            "approval.year", expected=f"{day[:4]} or earlier", found=str(effect.year)
        )
    for motion in state.motions.values():
        earlier = motion.data.effect
        same = isinstance(earlier, ApprovalEffect) and (earlier.report, earlier.year) == (
            effect.report,
            effect.year,
        )
        if same and motion.status == "adopted":
            raise RuleViolation(
                "approval.given",
                EFFECT_RULE,
                expected="a report that is not approved",
                found=f"{motion.data.motion}: {effect.report} {effect.year}",
                entry=state.decided[motion.data.motion],
            )


def _check_affiliation(effect: AffiliationEffect, state: State) -> None:
    if (effect.organisation in state.affiliations) == effect.joins:
        raise RuleViolation(
            "affiliation.same",
            EFFECT_RULE,
            expected="not affiliated" if effect.joins else "affiliated",
            found=effect.organisation,
        )


def _check_dissolution(
    effect: DissolutionEffect, state: State, rulebook: Rulebook, sources: Sources
) -> None:
    rule = rulebook.one(Dissolution)
    read_text(effect.devolution, sources)
    named = set(effect.liquidators)
    if len(named) < rule.liquidators or len(named) != len(effect.liquidators):
        raise RuleViolation(
            "dissolution.liquidators",
            rule.reference(),
            expected=f"{rule.liquidators} liquidators, each once",
            found=str(len(named)),
        )
    for member in effect.liquidators:
        active(state, member)
