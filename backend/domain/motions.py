"""Motions: who may propose what, with whose support; how a motion changes before it is put to the vote.

P1 an id is used once. P2 the proposer is a member of a class that has the initiative for the kind, or holds a
seat in a body that has it. P3 the kind may have this effect, and what it would change stands where it must
(``effects``). P4 when a motion is put to the vote, so many of those with a vote support it as the statutes
ask, the proposer included. P5 only members with a vote support, once, and only what is still proposed. P6 the
proposer may amend while it is proposed, where the statutes provide for it; the kind stays, support is lost.
P7 the proposer may withdraw while it is proposed. P8 in a consent round an elector objects with reasons until
the vote closes, and only who objected says that an objection is met. P9 the proposer of a resolution, or
whoever holds a seat, reports that an obligation is done, once.
"""

from backend.domain.acts import (
    Call,
    MotionAct,
    MotionAmended,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    ResolutionEffect,
)
from backend.domain.authorship import check_statement
from backend.domain.deadlines import Day
from backend.domain.effects import check_effect
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, NotFoundError, RuleReference, RuleViolation
from backend.domain.facts import Member, Motion
from backend.domain.fold.motions import digest_of, objection_of
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.voting import Deliberation
from backend.domain.sources import Sources
from backend.domain.standing import active, check_author, has_vote, sits_in, voters
from backend.domain.state import State
from backend.domain.statutes import read_text

MOTION_RULE = RuleReference("psephos.motion", "")
"""Built-in rule: a motion changes only until it is put to the vote, and at its proposer's hand."""


def check_motion_act(state: State, entry: Entry, data: MotionAct, sources: Sources) -> int:
    """Check an act on a motion; returns the number of redacted signatures.

    Raises:
        ConflictError: An id is in use, or the same was said already.
        NotFoundError: It refers to something that does not exist.
        InvalidInputError: A document or a field cannot mean anything.
        RuleViolation: One of P2 to P9, or the signature.
    """
    author = active(state, entry.by)
    match data:
        case MotionProposed():
            _check_proposed(state, entry, data, sources)
        case MotionSupported():
            _check_supported(state, author, data, state.day_of(entry.at))
        case MotionAmended():
            _check_amended(state, entry, data, sources)
        case MotionWithdrawn(motion=name):
            _check_own(state.motion(name), entry)
        case ObjectionRaised():
            _check_objection(state, entry, data, sources)
        case ObjectionResolved():
            _check_resolved(state, entry, data, sources)
        case _:
            _check_fulfilled(state, entry, data, sources)
    signers = [(author.id, author.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_standing(
    motion: Motion,
    state: State,
    rulebook: Rulebook,
    sources: Sources,
    *,
    call: Call | None,
    day: Day,
) -> None:
    """Check that a motion may be made, and, when it is put to the vote, that it may be put (P2 to P4).

    Asked when a motion is proposed and again at the call, because the rules that govern the vote may have
    replaced those of the proposal, and what the motion is about may have changed.

    Args:
        motion: As it stands.
        state: What is known.
        rulebook: The rules in force.
        sources: Where documents are looked up.
        call: The call that puts it to the vote; None when it is proposed.
        day: The day of the proposal, or of the call.

    Raises:
        NotFoundError: The motion names something that does not exist.
        InvalidInputError: A document or a field cannot mean anything.
        RuleViolation: P2, P3 or P4, or the rulebook is silent.
    """
    proposer = state.member(motion.proposer)
    rule = rulebook.initiative(motion.data.kind)
    proposed_on = state.day_of(motion.changed_at)
    seated = any(sits_in(state, proposer.id, body, proposed_on) for body in rule.bodies)
    if proposer.member_class not in rule.classes and not seated:
        raise RuleViolation(
            "initiative.class",
            rule.reference(),
            expected=" or ".join((*rule.classes, *rule.bodies)),
            found=proposer.member_class,
        )
    check_effect(motion, state, rulebook, sources, call=call, day=day)
    if call is not None and rule.support is not None:
        given, whole = support(motion, state, rulebook, day)
        if not rule.support.met(given, whole):
            raise RuleViolation(
                "motion.support",
                rule.reference(),
                expected=f"{rule.support.least(whole)} of {whole}",
                found=str(given),
            )


def support(motion: Motion, state: State, rulebook: Rulebook, day: Day) -> tuple[int, int]:
    """Return how many support a motion, the proposer included, and out of how many with a vote (P4).

    Args:
        motion: The motion.
        state: What is known.
        rulebook: Rules that say who has a vote.
        day: The day on which they must have it.

    Raises:
        RuleViolation: The rulebook is silent on the vote of a class.
    """
    entitled = {member.id for member in voters(state, rulebook, day)}
    return len(entitled & {motion.proposer, *motion.supporters}), len(entitled)


def _check_proposed(state: State, entry: Entry, data: MotionProposed, sources: Sources) -> None:
    if data.motion in state.motions:
        raise ConflictError("motion.exists", expected="a new id", found=data.motion)
    motion = Motion(
        data, entry.by, digest_of(entry), "proposed", entry=state.size, changed_at=entry.at
    )
    _check_as_proposed(motion, state, entry, sources)


def _check_as_proposed(motion: Motion, state: State, entry: Entry, sources: Sources) -> None:
    rulebook, day = state.in_force().rulebook, state.day_of(entry.at)
    check_standing(motion, state, rulebook, sources, call=None, day=day)


def _check_supported(state: State, author: Member, data: MotionSupported, day: Day) -> None:
    motion = state.motion(data.motion)
    _check_pending(motion)
    rulebook = state.in_force().rulebook
    if not has_vote(author, rulebook, day):
        raise RuleViolation(
            "support.no_vote",
            rulebook.voting_right(author.member_class).reference(),
            expected="a member with a vote",
            found=author.member_class,
        )
    if author.id == motion.proposer or author.id in motion.supporters:
        raise ConflictError(
            "support.exists", expected="support not given before", found=data.motion
        )


def _check_amended(state: State, entry: Entry, data: MotionAmended, sources: Sources) -> None:
    found = state.motion(data.motion)
    _check_own(found, entry)
    rule = state.in_force().rulebook.one(Deliberation, found.data.kind)
    if not rule.amendable:
        raise RuleViolation(
            "motion.not_amendable",
            rule.reference(),
            expected="a motion as it was proposed",
            found=found.data.kind,
        )
    changed = MotionProposed(data.motion, found.data.kind, data.title, data.text, data.effect)
    amended = Motion(
        changed, entry.by, digest_of(entry), "proposed", entry=state.size, changed_at=entry.at
    )
    _check_as_proposed(amended, state, entry, sources)


def _check_pending(motion: Motion) -> None:
    if motion.status != "proposed":
        raise RuleViolation(
            "motion.not_proposed",
            MOTION_RULE,
            expected="a motion that is not put to the vote yet",
            found=motion.status,
        )


def _check_own(motion: Motion, entry: Entry) -> None:
    _check_pending(motion)
    check_author(entry, motion.proposer)


def _check_objection(state: State, entry: Entry, data: ObjectionRaised, sources: Sources) -> None:
    if any(data.objection in motion.objections for motion in state.motions.values()):
        raise ConflictError("objection.exists", expected="a new id", found=data.objection)
    motion = state.motion(data.motion)
    _check_open(state, motion, entry)
    poll = state.polls.get(data.motion)
    rulebook = state.in_force().rulebook if poll is None else state.governing(poll.assembly)
    ballot = rulebook.ballot(motion.data.kind, motion.data.effect)
    if ballot.method != "consent":
        raise RuleViolation(
            "objection.method",
            ballot.reference(),
            expected="a motion decided by consent",
            found=ballot.method,
        )
    if poll is None:
        entitled = has_vote(state.member(entry.by), rulebook, state.day_of(entry.at))
    else:
        entitled = entry.by in state.assembly(poll.assembly).electors
    if not entitled:
        raise RuleViolation(
            "objection.elector",
            ballot.reference(),
            expected="someone who may vote on the motion",
            found=entry.by,
        )
    read_text(data.grounds, sources)


def _check_resolved(state: State, entry: Entry, data: ObjectionResolved, sources: Sources) -> None:
    motion = objection_of(state, data.objection)
    objection = motion.objections[data.objection]
    check_author(entry, objection.by)
    if objection.resolved:
        raise ConflictError(
            "objection.resolved", expected="an objection that stands", found=data.objection
        )
    _check_open(state, motion, entry)
    read_text(data.text, sources)


def _check_open(state: State, motion: Motion, entry: Entry) -> None:
    """Check that a motion can still be objected to: it is proposed, or its vote is not over."""
    if motion.status == "convened":
        assembly = state.assembly(state.poll(motion.data.motion).assembly)
        if entry.at < assembly.closes_at:
            return
        raise RuleViolation(
            "objection.late",
            MOTION_RULE,
            expected=f"before {assembly.closes_at}",
            found=entry.at,
        )
    _check_pending(motion)


def _check_fulfilled(
    state: State, entry: Entry, data: ObligationFulfilled, sources: Sources
) -> None:
    motion = state.motion(data.motion)
    effect = motion.data.effect
    charged = effect.obligations if isinstance(effect, ResolutionEffect) else ()
    if data.obligation not in {each.obligation for each in charged}:
        raise NotFoundError("obligation", f"{data.motion}: {data.obligation}")
    if motion.status != "adopted":
        raise RuleViolation(
            "obligation.not_in_force",
            MOTION_RULE,
            expected="a resolution that was adopted and not ended",
            found=motion.status,
        )
    if (data.motion, data.obligation) in state.fulfilled:
        raise ConflictError(
            "obligation.fulfilled", expected="an obligation not done", found=data.obligation
        )
    day = state.day_of(entry.at)
    seated = any(
        mandate.holder == entry.by and mandate.held_on(day) for mandate in state.mandates.values()
    )
    if entry.by != motion.proposer and not seated:
        raise RuleViolation(
            "obligation.reporter",
            MOTION_RULE,
            expected="the proposer, or someone who holds a seat",
            found=entry.by,
        )
    read_text(data.evidence, sources)
