"""How decisions change the rules beside an unchanged text, and what must be carried out before anything else.

H1 internal rules that must be confirmed are confirmed by the session that the statutes name; its refusal ends
them, and so does, where the statutes let them lapse, its next holding without a word. A holding counts if it
was called after they were made, is closed and decided, and was quorate for at least one motion. H2 internal
rules hold at once, or once confirmed, as the rules said that governed the decision on them. H3 what follows
from a decision is carried out before anything else happens, in the order of the decisions. H4 what no longer
fits the rules in force when it is carried out changes nothing: the act that says so names the rulebook in
force. What may be put beside the statutes is checked when it is proposed and when it is put to the vote
(``backend.domain.supplements``).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import (
    AbrogationEffect,
    CidText,
    FrameworkAdopted,
    FrameworkEffect,
    InternalRulesEffect,
    InterpretationEffect,
    RatificationEffect,
    RulesChanged,
    Slug,
    StatutesAdopted,
    StatutesEffect,
    differing_fields,
)
from backend.domain.entry import Entry
from backend.domain.errors import RuleReference, RuleViolation
from backend.domain.facts import InternalRuleSet, Motion
from backend.domain.rulebook.book import Rulebook, Supplement, format_rulebook
from backend.domain.rulebook.order import InternalRules
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State
from backend.domain.supplements import abrogate, parse_supplement, sound, supplement, withdraw

RULES_RULE = RuleReference("psephos.rules", "")
"""Built-in rule: the rulebook changes only as decisions say, and what they say is carried out at once."""

RulesCause = Literal["internal_rules", "interpretation", "abrogation", "refusal", "lapse"]
"""Why the rulebook changes."""

_UNCONFIRMED = ("provisional", "waiting")


@dataclass(frozen=True, slots=True)
class PendingEnactment:
    """What follows from decisions and is not carried out yet."""

    motion: Slug
    """The motion that was adopted; of internal rules that end, the motion that made them."""
    act: str
    """Name of the act that carries it out."""
    cause: RulesCause | None = None
    """Why the rulebook changes, exactly if the act is ``rules.changed``."""


def basis(state: State, motion: Slug) -> InternalRules:
    """Return the rule under which a motion made internal rules: that of its assembly (H2).

    Args:
        state: After the decision on the motion.
        motion: The motion.

    Raises:
        RuleViolation: That rulebook is silent on internal rules.
    """
    return state.governing(state.decisions[motion].assembly).one(InternalRules)


def check_ratification(effect: RatificationEffect, state: State, *, session: Slug | None) -> None:
    """Check that internal rules wait to be confirmed, and by this session (H1).

    Args:
        effect: What the motion asks for.
        state: With the internal rules.
        session: The session that would decide; None before it is called.

    Raises:
        RuleViolation: ``ratification.not_due`` where nothing waits; ``ratification.session``.
    """
    made = state.internal_rules.get(effect.internal_rules)
    if made is None or made.status not in _UNCONFIRMED:
        raise RuleViolation(
            "ratification.not_due",
            RULES_RULE,
            expected="internal rules that wait to be confirmed",
            found=effect.internal_rules,
        )
    rule = basis(state, made.motion)
    if session is not None and rule.ratified_by not in (None, session):
        raise RuleViolation(
            "ratification.session",
            rule.reference(),
            expected=str(rule.ratified_by),
            found=session,
        )


def pending_enactments(state: State) -> tuple[PendingEnactment, ...]:
    """Return what must be carried out before anything else happens, in order (H3).

    Adopted motions come in the order of their decisions, then internal rules that end, in the order in
    which they were decided.
    """
    adopted = (
        state.motions[motion]
        for motion, decision in state.decisions.items()
        if decision.outcome == "adopted" and motion not in state.enacted
    )
    following = (_following(state, motion) for motion in adopted)
    found = [*(each for each in following if each is not None), *_endings(state)]
    return tuple(
        sorted(
            found,
            key=lambda each: (each.cause in ("refusal", "lapse"), state.decided[each.motion]),
        )
    )


def change_rules(state: State, motion: Slug, sources: Sources) -> Rulebook:
    """Return the rules after what is pending on a motion, or those in force where it no longer fits (H4).

    Args:
        state: After the decision.
        motion: The motion.
        sources: Where its supplement is looked up.

    Raises:
        NotFoundError: No such motion, or a document is not held.
        RuleViolation: ``rules.not_pending``.
    """
    current = state.in_force().rulebook
    cause = _pending_cause(state, motion)
    try:
        return sound(_changed(current, state.motion(motion), cause, sources))
    except ValueError:
        return current


def rules_changed(state: State, motion: Slug, rulebook: CidText, sources: Sources) -> RulesChanged:
    """Return the act that carries out what is pending on a motion.

    Args:
        state: After the decision.
        motion: The motion.
        rulebook: CID of ``format_rulebook(change_rules(state, motion, sources))``.
        sources: Where its supplement is looked up.

    Raises:
        NotFoundError: No such motion, or a document is not held.
        RuleViolation: ``rules.not_pending``.
    """
    cause = _pending_cause(state, motion)
    content = format_rulebook(change_rules(state, motion, sources))
    return RulesChanged(motion, cause, rulebook, hashlib.sha256(content).hexdigest())


def check_rules_changed(state: State, entry: Entry, data: RulesChanged, sources: Sources) -> int:
    """Check that a change of the rules follows from its motion; returns 0 redacted checks.

    Raises:
        NotFoundError: No such motion or document.
        RuleViolation: Nothing is pending on it, or something differs from what follows.
    """
    expected = rules_changed(state, data.motion, data.rulebook, sources)
    if data != expected:
        follows, stands = differing_fields(expected, data)
        raise RuleViolation("rules.differ", RULES_RULE, expected=follows, found=stands)
    digest = hashlib.sha256(sources.document(data.rulebook)).hexdigest()
    if digest != data.rules:
        raise RuleViolation("rules.differ", RULES_RULE, expected=data.rules, found=digest)
    return check_unsigned(entry)


def _following(state: State, motion: Motion) -> PendingEnactment | None:
    name = motion.data.motion
    match motion.data.effect:
        case StatutesEffect():
            return PendingEnactment(name, StatutesAdopted.act)
        case FrameworkEffect():
            return PendingEnactment(name, FrameworkAdopted.act)
        case InterpretationEffect():
            return PendingEnactment(name, RulesChanged.act, "interpretation")
        case AbrogationEffect(rule=str()):
            return PendingEnactment(name, RulesChanged.act, "abrogation")
        case InternalRulesEffect():
            made = state.internal_rules.get(name)
            if made is None or made.status == "ratified":
                return PendingEnactment(name, RulesChanged.act, "internal_rules")
    return None


def _endings(state: State) -> Iterator[PendingEnactment]:
    for made in state.internal_rules.values():
        if made.status not in _UNCONFIRMED:
            continue
        if _refused(state, made):
            yield PendingEnactment(made.motion, RulesChanged.act, "refusal")
        elif _lapsed(state, made):
            yield PendingEnactment(made.motion, RulesChanged.act, "lapse")


def _refused(state: State, made: InternalRuleSet) -> bool:
    return any(
        decision.outcome == "rejected"
        and state.motions[motion].data.effect == RatificationEffect(made.motion)
        for motion, decision in state.decisions.items()
    )


def _lapsed(state: State, made: InternalRuleSet) -> bool:
    rule = basis(state, made.motion)
    if not rule.lapse:
        return False
    for assembly in state.assemblies.values():
        if assembly.data.call.session != rule.ratified_by or not assembly.closed:
            continue
        decided = [state.decisions.get(motion) for motion in assembly.data.call.motions]
        outcomes = {None if decision is None else decision.outcome for decision in decided}
        held = None not in outcomes and outcomes != {"no_quorum"}
        if held and assembly.entry > state.decided[made.motion]:
            return True
    return False


def _pending_cause(state: State, motion: Slug) -> RulesCause:
    for each in pending_enactments(state):
        if each.motion == motion and each.cause is not None:
            return each.cause
    raise RuleViolation(
        "rules.not_pending",
        RULES_RULE,
        expected="a decision on the rules that is not carried out",
        found=f"{motion}: {state.motion(motion).status}",
    )


def _changed(current: Rulebook, motion: Motion, cause: RulesCause, sources: Sources) -> Rulebook:
    name = motion.data.motion
    match motion.data.effect:
        case InternalRulesEffect(text=text, rules=cid) if cause == "internal_rules":
            rules = parse_supplement(sources.document(cid)).rules
            return supplement(current, Supplement("internal_rules", name, text, rules))
        case InterpretationEffect(rules=cid):
            rules = parse_supplement(sources.document(cid)).rules
            return supplement(current, Supplement("interpretation", name, motion.data.text, rules))
        case AbrogationEffect(rule=str(rule)):
            return abrogate(current, rule, name)
        case _:
            return withdraw(current, name)
