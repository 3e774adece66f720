"""Measures against members, and how they are contested.

Q5 a measure is taken by those the statutes name: a body by itself, an assembly by a motion. Q6 a
sanction is a rung of the ladder; unless rungs may be skipped, the one below was given before. A
suspension ends on a stated day, no other measure does. Q7 a mandate is ended as the rule on its body
says, after the holder was heard where it asks for that. Q8 the member may appeal in the days the
statutes give, and those they name answer. Q9 nobody decides for a body in their own matter. Q1 to Q4 are
in ``proceedings``.
"""

from backend.domain.acts import (
    AppealAnswered,
    AppealLodged,
    MeasureEffect,
    MeasureTaken,
    ReversalEffect,
    RevocationEffect,
    Slug,
)
from backend.domain.authorship import check_signed
from backend.domain.deadlines import Day, parse_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Proceeding
from backend.domain.proceedings import (
    check_concerned,
    check_held,
    check_ready,
    decider,
    last_day,
    loss_rule,
    open_proceeding,
    revocation_rule,
    rung_of,
)
from backend.domain.rulebook.bodies import Revocation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Appeal, Sanctions
from backend.domain.rulebook.rule import AssemblyParty, BodyParty, Decider, Rule, SeatParty
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Sources
from backend.domain.standing import check_author, check_officer, party_name, surroundings
from backend.domain.state import State
from backend.domain.statutes import read_text
from backend.domain.territory import NOWHERE


def check_taken(state: State, entry: Entry, data: MeasureTaken, sources: Sources) -> int:
    """Check a measure taken by a body (Q4 to Q6); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such proceeding or author, or the reasons are not held.
        ConflictError: It is decided.
        InvalidInputError: The reasons are no text, or the last day is none.
        RuleViolation: An assembly decides, the author is not of the body, the member was not heard, the rung
            is not open, the last day is missing or too much, or the signature is wrong.
    """
    proceeding = open_proceeding(state, data.proceeding)
    rulebook, day = state.in_force().rulebook, state.day_of(entry.at)
    party, rule = decider(state, proceeding.data, rulebook)
    if not isinstance(party, BodyParty | SeatParty):
        raise RuleViolation(
            "measure.by_motion",
            rule.reference(),
            expected=party.session if isinstance(party, AssemblyParty) else "motion",
            found=proceeding.data.measure,
        )
    check_officer(state, entry.by, party, day, rule.reference())
    _check_not_own(entry, proceeding, rule)
    check_ready(state, data.proceeding, day, rulebook)
    _check_measure(state, proceeding, data.until, day, rulebook)
    read_text(data.reasons, sources)
    return check_signed(state, entry, sources)


def check_measure(state: State, effect: MeasureEffect, day: Day, rulebook: Rulebook) -> None:
    """Check that a motion may ask for a measure: who decides is named, the rung is open (Q5, Q6).

    Asked when the motion is proposed and again when it is put to the vote; ``check_ready`` is apart.

    Args:
        state: With the proceeding.
        effect: The effect of the motion.
        day: Day of the act.
        rulebook: Rules that govern it.

    Raises:
        NotFoundError: No such proceeding.
        ConflictError: It is decided.
        InvalidInputError: The last day is none, or the proceeding is about a mandate.
        RuleViolation: As ``check_taken``.
    """
    proceeding = open_proceeding(state, effect.proceeding)
    if proceeding.data.measure == "revocation":
        raise InvalidInputError(
            "measure.revocation", expected="a revocatory motion", found=effect.proceeding
        )
    _check_measure(state, proceeding, effect.until, day, rulebook)


def check_competent(
    state: State,
    proceeding: Slug,
    session: Slug,
    rulebook: Rulebook,
    *,
    place: Slug | None = None,
) -> None:
    """Check that an assembly is where a measure, or the appeal against it, is decided (Q5, Q8).

    What a place decides about someone concerns that place, or one that lies in it.

    Args:
        state: With the proceeding.
        proceeding: Its id; the appeal is meant once it was lodged.
        session: The session that would decide.
        rulebook: Rules that govern it.
        place: The place for which it is called; None for the whole organisation.

    Raises:
        NotFoundError: No such proceeding.
        RuleViolation: ``measure.session``, ``measure.place``, or the rulebook is silent.
    """
    found = state.proceeding(proceeding)
    if found.status == "appealed":
        appeal = _appeal(found, rulebook)
        party: Decider | None = appeal.to
        rule: Rule = appeal
    else:
        party, rule = decider(state, found.data, rulebook)
    _check_there(state, found, place, rule)
    if isinstance(party, AssemblyParty):
        competent, wanted = session == party.session, party.session
    elif isinstance(party, BodyParty):
        competent = rulebook.one(Session, session).body == party.body
        wanted = party.body
    elif isinstance(party, SeatParty):
        competent, wanted = False, party_name(party)
    else:
        return
    if not competent:
        raise RuleViolation("measure.session", rule.reference(), expected=wanted, found=session)


def _check_there(state: State, proceeding: Proceeding, place: Slug | None, rule: Rule) -> None:
    """Check that a place decides only about those whose case concerns it (Q5)."""
    about = proceeding.data.place
    if place is not None and (about is None or place not in surroundings(state, about)):
        raise RuleViolation(
            "measure.place", rule.reference(), expected=about or NOWHERE, found=place
        )


def check_revocation(
    state: State, effect: RevocationEffect, day: Day, rulebook: Rulebook
) -> Revocation:
    """Check that a mandate may be ended by a motion, and that the proceeding named is about it.

    Asked when the motion is proposed and again when it is put to the vote; where the rule returned says the
    holder is heard, ``check_ready`` on the proceeding comes on top before the vote.

    Args:
        state: With the mandate.
        effect: The effect of the motion.
        day: Day of the act.
        rulebook: Rules that govern it.

    Raises:
        NotFoundError: No such mandate or proceeding.
        ConflictError: The mandate is over, or the proceeding decided.
        RuleViolation: ``revocation.forbidden``, ``revocation.unheard`` where no proceeding or another is
            named, or the statutes are silent on whether the body's mandates can be revoked.
    """
    mandate = state.mandate(effect.mandate)
    rule = revocation_rule(rulebook, mandate)
    check_held(mandate, day)
    if effect.proceeding is None:
        about = None if rule.heard else mandate.id
    else:
        about = open_proceeding(state, effect.proceeding).data.mandate
    if about != mandate.id:
        raise RuleViolation(
            "revocation.unheard",
            rule.reference(),
            expected=mandate.id,
            found=effect.proceeding or "none",
        )
    return rule


def check_reversal(state: State, effect: ReversalEffect, rulebook: Rulebook) -> Appeal:
    """Check that a motion may answer an appeal (Q8): one was lodged; returns the rule it rests on.

    Raises:
        NotFoundError: No such proceeding.
        ConflictError: No appeal waits.
        RuleViolation: The rulebook is silent.
    """
    return _appeal(_appealed(state, effect.proceeding), rulebook)


def check_lodged(state: State, entry: Entry, data: AppealLodged, sources: Sources) -> int:
    """Check an appeal (Q8); returns the number of redacted signatures.

    Who was excluded appeals although no member any more.

    Raises:
        NotFoundError: No such proceeding, or the grounds are not held.
        ConflictError: No measure was taken, or it was contested before.
        InvalidInputError: The grounds are no text.
        RuleViolation: The author is another, the statutes give no appeal, its time is over, or the
            signature is wrong.
    """
    proceeding = state.proceeding(data.proceeding)
    if proceeding.status != "taken" or proceeding.taken_at is None:
        raise ConflictError(
            "appeal.nothing", expected="a measure not contested yet", found=proceeding.status
        )
    check_author(entry, proceeding.data.member)
    rule = _appeal(proceeding, state.in_force().rulebook)
    last = last_day(state.day_of(proceeding.taken_at), rule.days)
    day = state.day_of(entry.at)
    if day > last:
        raise RuleViolation("appeal.late", rule.reference(), expected=f"by {last}", found=day)
    read_text(data.grounds, sources)
    return check_signed(state, entry, sources)


def check_answered(state: State, entry: Entry, data: AppealAnswered, sources: Sources) -> int:
    """Check the answer of a body to an appeal (Q8); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such proceeding or author, or the reasons are not held.
        ConflictError: No appeal waits.
        InvalidInputError: The reasons are no text.
        RuleViolation: An assembly answers, the author is not of the body, the rulebook is silent, or the
            signature is wrong.
    """
    proceeding = _appealed(state, data.proceeding)
    rule = _appeal(proceeding, state.in_force().rulebook)
    if isinstance(rule.to, AssemblyParty):
        raise RuleViolation(
            "appeal.by_motion",
            rule.reference(),
            expected=rule.to.session,
            found=data.proceeding,
        )
    check_officer(state, entry.by, rule.to, state.day_of(entry.at), rule.reference())
    _check_not_own(entry, proceeding, rule)
    read_text(data.reasons, sources)
    return check_signed(state, entry, sources)


def _check_not_own(entry: Entry, proceeding: Proceeding, rule: Rule) -> None:
    """Check that nobody decides for a body in their own matter (Q9)."""
    if entry.by == proceeding.data.member:
        raise RuleViolation(
            "measure.own",
            rule.reference(),
            expected="someone else of those who decide",
            found=entry.by,
        )


def _check_measure(
    state: State, proceeding: Proceeding, until: Day | None, day: Day, rulebook: Rulebook
) -> None:
    check_concerned(state, proceeding.data, rulebook)
    if proceeding.data.sanction is None:
        member = state.member(proceeding.data.member)
        rule: Rule = loss_rule(rulebook, "exclusion", member.member_class)
        suspends = False
    else:
        rule, step, place = rung_of(rulebook, proceeding.data.sanction)
        suspends = step.effect == "suspension"
        _check_rung(state, proceeding, rule, place)
    if suspends and (until is None or parse_day(until) < parse_day(day)):
        raise RuleViolation(
            "measure.until",
            rule.reference(),
            expected=f"a last day from {day} on",
            found=until or "none",
        )
    if not suspends and until is not None:
        raise RuleViolation(
            "measure.no_until", rule.reference(), expected="no last day", found=until
        )


def _check_rung(state: State, proceeding: Proceeding, ladder: Sanctions, place: int) -> None:
    if ladder.skips or not place:
        return
    below = ladder.steps[place - 1]
    given = [
        each
        for each in state.proceedings.values()
        if each.data.member == proceeding.data.member
        and each.status in ("taken", "appealed", "upheld")
    ]
    # An exclusion is the same end whether it was asked for as one or as a rung.
    excluded = below.effect == "exclusion" and any(each.effect == "exclusion" for each in given)
    if not excluded and all(each.data.sanction != below.sanction for each in given):
        raise RuleViolation(
            "sanction.rung",
            ladder.reference(),
            expected=f"{below.sanction} first",
            found=ladder.steps[place].sanction,
        )


def _appealed(state: State, proceeding: Slug) -> Proceeding:
    found = state.proceeding(proceeding)
    if found.status != "appealed":
        raise ConflictError("appeal.none", expected="an appeal that waits", found=found.status)
    return found


def _appeal(proceeding: Proceeding, rulebook: Rulebook) -> Appeal:
    rule = rulebook.one(Appeal, proceeding.data.measure)
    if rule.modality == "must_not":
        raise RuleViolation(
            "appeal.forbidden",
            rule.reference(),
            expected="a measure that can be contested",
            found=proceeding.data.measure,
        )
    return rule
