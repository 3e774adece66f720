"""Second convocation: a session that was not quorate is called again, with other demands on presence.

R1 a call of the second round names the session before it, one of the first round does not. R2 that session
was of the same kind, for the same place, of the first round, and is over. R3 only motions that it left
without quorum come back. R4 the new session is not later than the statutes let it be.
"""

from backend.domain.acts import Call, Slug
from backend.domain.deadlines import add, format_day, local_day, within
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import SecondConvocation
from backend.domain.state import State
from backend.domain.territory import NOWHERE


def check_round(state: State, call: Call, rulebook: Rulebook) -> None:
    """Check the round of a call (R1 to R4).

    Args:
        state: Before the call.
        call: The call.
        rulebook: The rules in force.

    Raises:
        InvalidInputError: R1.
        NotFoundError: The session before is unknown.
        RuleViolation: R2 to R4, or the statutes know no second convocation.
    """
    if (call.round == 2) != (call.previous is not None):
        raise InvalidInputError(
            "assembly.round",
            expected="the session before, exactly on second convocation",
            found=f"round {call.round}, {call.previous or 'none'}",
        )
    if call.previous is None:
        return
    rule = second_convocation(rulebook, call.session)
    _check_previous(state, call, call.previous, rule)
    zone = rulebook.time_zone
    first = local_day(state.assembly(call.previous).opens_at, zone)
    second = local_day(call.opens_at, zone)
    if not within(first, second, rule.within):
        raise RuleViolation(
            "assembly.second_late",
            rule.reference(),
            expected=f"{format_day(add(first, rule.within))} or earlier",
            found=format_day(second),
        )


def second_convocation(rulebook: Rulebook, session: Slug) -> SecondConvocation:
    """Return the rule under which a session may be called again.

    Raises:
        RuleViolation: Nothing is said, the rulebook is silent, or it must not be.
    """
    rule = rulebook.one(SecondConvocation, session)
    if rule.modality == "must_not":
        raise RuleViolation(
            "assembly.second_forbidden",
            rule.reference(),
            expected="a first convocation",
            found="a second",
        )
    return rule


def _check_previous(state: State, call: Call, previous: Slug, rule: SecondConvocation) -> None:
    before = state.assembly(previous)
    call_before = before.data.call
    state_before = "closed" if before.closed else "open"
    if call_before.place != call.place:
        raise RuleViolation(
            "assembly.second_place",
            rule.reference(),
            expected=call_before.place or NOWHERE,
            found=call.place or NOWHERE,
        )
    if (call_before.session, call_before.round, before.closed) != (call.session, 1, True):
        raise RuleViolation(
            "assembly.second_previous",
            rule.reference(),
            expected=f"{call.session}, round 1, closed",
            found=f"{call_before.session}, round {call_before.round}, {state_before}",
        )
    for motion in call.motions:
        decision = state.decisions.get(motion)
        if decision is None or decision.assembly != previous or decision.outcome != "no_quorum":
            raise RuleViolation(
                "assembly.second_motion",
                rule.reference(),
                expected=f"{motion}: without quorum in {previous}",
                found=decision.outcome if decision else "undecided",
            )
