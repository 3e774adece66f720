"""What an adopted motion changes at once, in the very act that decides it.

Effects that put a document of the server's making in force (new statutes, a changed rulebook, a
framework) have acts of their own: see ``fold.organisation``.
"""

from dataclasses import replace

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
from backend.domain.fold.members import answer_appeal, end_mandate, take_measure
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
        return state
    match effect:
        case AbrogationEffect(resolution=str(resolution)):
            return put_motion(state, replace(state.motion(resolution), status="abrogated"))
        case RevocationEffect(mandate=mandate):
            day = state.day_of(at)
            return end_mandate(state, state.mandate(mandate), day, "revocation")
        case ElectionEffect():
            return _elect(state, decision, effect)
        case MeasureEffect(proceeding=proceeding, until=until):
            return take_measure(state, proceeding, until, at)
        case AffiliationEffect(organisation=name, joins=joins):
            members = state.affiliations
            changed = members.set(name, decision.motion) if joins else members.delete(name)
            return replace(state, affiliations=changed)
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


def _put_rules(state: State, made: InternalRuleSet) -> State:
    return replace(state, internal_rules=state.internal_rules.set(made.motion, made))


def _elect(state: State, decision: DecisionMade, effect: ElectionEffect) -> State:
    rulebook = state.governing(decision.assembly)
    ends, holds_over = term_of(rulebook, effect.body, effect.starts)
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
        for given in effect.seats
    ]
    return give_mandates(state, mandates, rulebook)
