"""Agenda: which motions a session may be called for.

G1 every motion is pending and on no other agenda; on second convocation it is one left without quorum. G2
the session is competent for its kind. G3 the rulebook says how it is voted, with which quorum, majority
and tie, and the ballot stays open long enough. G4 a secret vote is held in a room, where papers can be
counted. G5 an ordinary holding of a session has every kind on its agenda that it must have; one that
answers a draft, or a second convocation, need not.
"""

from datetime import timedelta

from backend.domain.acts import Call, MotionKind, Slug
from backend.domain.assemblies.drafts import check_each_once
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.instants import Instant, parse_instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import AgendaDuty, Competence
from backend.domain.rulebook.voting import BallotRule
from backend.domain.state import State


def check_agenda(state: State, call: Call, rulebook: Rulebook) -> None:
    """Check the motions of a call (G1 to G5).

    Args:
        state: Before the call.
        call: The call.
        rulebook: The rules in force.

    Raises:
        ConflictError: G1.
        NotFoundError: Unknown motion.
        RuleViolation: G2 to G5, or the rulebook is silent.
    """
    check_each_once(call.motions)
    for motion in call.motions:
        status = state.motion(motion).status
        expected = "no_quorum" if call.round == 2 else "proposed"
        if status != expected:
            raise ConflictError(
                "motion.on_agenda", expected=f"{motion}: a pending motion", found=status
            )
        check_kind(call, state.motion(motion).data.kind, rulebook)
    if call.round == 1 and call.draft is None:
        _check_duty(state, call, rulebook)


def check_kind(call: Call, kind: MotionKind, rulebook: Rulebook) -> None:
    """Check that a session may vote on a kind of motion as it is called (G2 to G4).

    Raises:
        RuleViolation: One of them, or the rulebook is silent.
    """
    competence = rulebook.maybe(Competence, kind)
    if competence is not None and call.session not in competence.sessions:
        raise RuleViolation(
            "competence.session",
            competence.reference(),
            expected=f"{kind}: {' or '.join(competence.sessions)}",
            found=call.session,
        )
    ballot = rulebook.ballot(kind)
    check_hours(ballot, call.opens_at, call.closes_at)
    if ballot.secrecy == "secret" and call.channel != "room":
        raise RuleViolation(
            "ballot.secret", ballot.reference(), expected="room", found=call.channel
        )
    rulebook.quorum(call.session, kind, call.round)
    if ballot.method != "consent":
        rulebook.majority(call.session, kind)
        rulebook.tie(call.session, kind)


def check_hours(ballot: BallotRule, opens_at: Instant, closes_at: Instant) -> None:
    """Check that a ballot stays open long enough.

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


def _check_duty(state: State, call: Call, rulebook: Rulebook) -> None:
    duty = rulebook.maybe(AgendaDuty, call.session)
    kinds = {state.motion(motion).data.kind for motion in call.motions}
    missing: list[Slug] = [kind for kind in duty.motions if kind not in kinds] if duty else []
    if duty is not None and missing:
        raise RuleViolation(
            "agenda.duty",
            duty.reference(),
            expected=", ".join(duty.motions),
            found=f"without {', '.join(missing)}",
        )
