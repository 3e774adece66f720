"""Agenda: which motions a session may be called for.

G1 every motion is pending and on no other agenda; on second convocation it is one left without quorum. G2
the session is competent for its kind. G3 the rulebook says how it is voted, with which quorum, majority
and tie, or how equal options are put in order, and the method chooses as many as are asked for. G4 a secret
vote is held in a room, where papers can be counted. G5 under the rules in force it may still be made, has the
support it needs and could take effect (``motions``). G6 it was open to discussion long enough before the
vote. G7 the vote stays open long enough. G8 an ordinary holding of a session has every kind on its agenda
that it must have; one that answers a draft, or a second convocation, need not.
"""

from datetime import timedelta

from backend.domain.acts import Call, MotionProposed
from backend.domain.assemblies.drafts import check_each_once
from backend.domain.contests import check_places
from backend.domain.deadlines import Day, days_between, local_day, notice_given
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Motion
from backend.domain.instants import Instant, parse_instant
from backend.domain.motions import check_standing
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import AgendaDuty, Competence
from backend.domain.rulebook.voting import BallotRule, Deliberation
from backend.domain.sources import Sources
from backend.domain.state import State


def check_agenda(state: State, call: Call, sources: Sources, day: Day) -> None:
    """Check the motions of a call under the rules in force (G1 to G8).

    Args:
        state: Before the call.
        call: The call.
        sources: Where documents of the motions are looked up.
        day: The day of the call.

    Raises:
        ConflictError: G1.
        NotFoundError: Unknown motion, or what it refers to does not exist.
        InvalidInputError: A document of a motion does not hold.
        RuleViolation: G2 to G8, or the rulebook is silent.
    """
    rulebook = state.in_force().rulebook
    check_each_once(call.motions)
    for name in call.motions:
        motion = state.motion(name)
        expected = "no_quorum" if call.round == 2 else "proposed"
        if motion.status != expected:
            raise ConflictError(
                "motion.on_agenda", expected=f"{name}: a pending motion", found=motion.status
            )
        ballot = _check_vote(call, motion.data, rulebook)
        check_standing(motion, state, rulebook, sources, call=call, day=day)
        _check_deliberation(call, motion, rulebook)
        check_hours(ballot, opens_at=call.opens_at, closes_at=call.closes_at)
    if call.round == 1 and call.draft is None:
        _check_duty(state, call, rulebook)


def check_hours(ballot: BallotRule, *, opens_at: Instant, closes_at: Instant) -> None:
    """Check that a vote stays open long enough (G7).

    Args:
        ballot: The rule on the vote.
        opens_at: First instant at which ballots are taken.
        closes_at: First instant at which they no longer are.

    Raises:
        InvalidInputError: Times that are no times.
        RuleViolation: ``ballot.hours``.
    """
    open_for = parse_instant(closes_at) - parse_instant(opens_at)
    if open_for < timedelta(hours=ballot.minimum_hours):
        raise RuleViolation(
            "ballot.hours",
            ballot.reference(),
            expected=f"{ballot.minimum_hours} hours of voting",
            found=str(open_for),
        )


def _check_vote(call: Call, motion: MotionProposed, rulebook: Rulebook) -> BallotRule:
    """Check that a session may vote on a motion as it is called (G2 to G4); returns the rule on the vote."""
    kind = motion.kind
    competence = rulebook.maybe(Competence, kind)
    if competence is not None and call.session not in competence.sessions:
        raise RuleViolation(
            "competence.session",
            competence.reference(),
            expected=f"{kind}: {' or '.join(competence.sessions)}",
            found=call.session,
        )
    ballot = rulebook.ballot(kind, motion.effect)
    if ballot.secrecy == "secret" and call.channel != "room":
        raise RuleViolation(
            "ballot.secret", ballot.reference(), expected="room", found=call.channel
        )
    rulebook.quorum(call.session, kind, call.round)
    if ballot.several:
        check_places(motion.effect, ballot)
        rulebook.tie_break(call.session, kind)
    elif ballot.method != "consent":
        rulebook.majority(call.session, kind)
        rulebook.tie(call.session, kind)
    return ballot


def _check_deliberation(call: Call, motion: Motion, rulebook: Rulebook) -> None:
    rule = rulebook.maybe(Deliberation, motion.data.kind)
    if rule is None:
        return
    zone = rulebook.time_zone
    if not notice_given(motion.changed_at, call.opens_at, rule.days, zone):
        days = days_between(local_day(motion.changed_at, zone), local_day(call.opens_at, zone))
        raise RuleViolation(
            "motion.deliberation",
            rule.reference(),
            expected=f"{rule.days} days",
            found=f"{days} days",
        )


def _check_duty(state: State, call: Call, rulebook: Rulebook) -> None:
    duty = rulebook.maybe(AgendaDuty, call.session)
    kinds = {state.motion(motion).data.kind for motion in call.motions}
    missing = [kind for kind in duty.motions if kind not in kinds] if duty else []
    if duty is not None and missing:
        raise RuleViolation(
            "agenda.duty",
            duty.reference(),
            expected=", ".join(duty.motions),
            found=f"without {', '.join(missing)}",
        )
