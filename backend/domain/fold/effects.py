"""What an adopted motion changes at once, in the very act that decides it.

Effects that put a document of the server's making in force (new statutes, a changed rulebook, a
framework) have acts of their own: see ``fold.organisation``.
"""

from dataclasses import replace

from immutables import Map

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    DecisionMade,
    DissolutionEffect,
    ElectionEffect,
    InternalRulesEffect,
    MeasureEffect,
    RatificationEffect,
    ReversalEffect,
    RevocationEffect,
)
from backend.domain.facts import InternalRuleSet, Mandate
from backend.domain.fold.mandates import give_mandates, term_of
from backend.domain.fold.members import answer_appeal, end_mandate, refuse_measure, take_measure
from backend.domain.fold.motions import put_motion
from backend.domain.instants import Instant
from backend.domain.rulebook.order import InternalRules
from backend.domain.state import State


def carry_out(state: State, decision: DecisionMade, at: Instant) -> State:  # noqa: C901, PLR0911, PLR0912 - one branch per effect
    """Return the state after what a decision changes by itself.

    Args:
        state: After the decision was recorded.
        decision: The decision.
        at: When it was made.

    Raises:
        NotFoundError: The effect refers to something that does not exist.
        RuleViolation: The rulebook is silent on what the effect needs.
    """
    adopted = decision.outcome == "adopted"
    effect = state.motion(decision.motion).data.effect
    if isinstance(effect, ReversalEffect) and decision.outcome != "no_quorum":
        return answer_appeal(state, effect.proceeding, upheld=not adopted)
    if not adopted:
        return _refuse(state, decision)
    match effect:
        case AbrogationEffect(resolution=str(resolution)):
            return put_motion(state, replace(state.motion(resolution), status="abrogated"))
        case RevocationEffect():
            return _revoke(state, decision, effect, at)
        case ElectionEffect():
            return _elect(state, decision, effect)
        case MeasureEffect(proceeding=proceeding, until=until):
            rulebook = state.governing(decision.assembly)
            return take_measure(state, proceeding, until, at, rulebook)
        case AffiliationEffect(organisation=name, joins=joins):
            left = {each: motion for each, motion in state.affiliations.items() if each != name}
            changed = {**left, name: decision.motion} if joins else left
            return replace(state, affiliations=Map(changed))
        case RatificationEffect(internal_rules=motion):
            made = state.internal_rules[motion]
            # Another motion of the same session may have ended them.
            if made.status in ("provisional", "waiting"):
                return _put_rules(state, replace(made, status="ratified"))
            return state
        case InternalRulesEffect():
            rule = state.governing(decision.assembly).one(InternalRules)
            if rule.effective == "on_ratification":
                return _put_rules(state, InternalRuleSet(decision.motion, at, "waiting"))
            return state
        case DissolutionEffect():
            return replace(state, dissolved_by=decision.motion)
        case _:
            return state


def _refuse(state: State, decision: DecisionMade) -> State:
    """Close the proceeding whose measure was voted down; without a quorum it stays open."""
    effect = state.motion(decision.motion).data.effect
    named = effect.proceeding if isinstance(effect, MeasureEffect | RevocationEffect) else None
    if named is None or decision.outcome != "rejected":
        return state
    return refuse_measure(state, named)


def _revoke(state: State, decision: DecisionMade, effect: RevocationEffect, at: Instant) -> State:
    mandate, day = state.mandate(effect.mandate), state.day_of(at)
    # The holder may have left the seat since the vote was called.
    if not mandate.over_on(day):
        state = end_mandate(state, mandate, day, "revocation")
    if effect.proceeding is None:
        return state
    return take_measure(state, effect.proceeding, None, at, state.governing(decision.assembly))


def _put_rules(state: State, made: InternalRuleSet) -> State:
    return replace(state, internal_rules=state.internal_rules.set(made.motion, made))


def _elect(state: State, decision: DecisionMade, effect: ElectionEffect) -> State:
    rulebook = state.governing(decision.assembly)
    ends, holds_over = term_of(rulebook, effect.body, effect.starts)
    seats = effect.seats
    if effect.elects:
        candidates = {given.mandate: given for given in effect.seats}
        seats = tuple(candidates[mandate] for mandate in decision.chosen)
    mandates = [
        Mandate(
            given.mandate,
            effect.body,
            given.seat,
            given.holder,
            effect.starts,
            ends,
            holds_over,
            state.size,
            effect.way,
        )
        for given in seats
        # Who left since the vote was called takes no seat: it stays vacant.
        if state.member(given.holder).status == "active"
    ]
    return give_mandates(state, mandates, rulebook)
