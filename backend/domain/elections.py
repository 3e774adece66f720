"""Elections: whether seats may be filled as a motion, or the founding, says.

O1 an election is of a body and of seats that the statutes know, by the way and in the session they name,
within the time for it. O2 nobody loses a seat by an election while the term runs: sitting holders whose
term goes on and those elected are at most as many as there are seats; where the vote chooses, every
candidate could be elected (``contests``). O3 who is elected is a member with
a vote, once, sits in the body from which the statutes choose, holds no seat that excludes the new one,
was not in the body before where that is forbidden, and is attested to have the age they ask for. O4 a
mandate starts on the day the vote closes or later, has a term, and an id of its own. O5 founders fill
first seats only where the statutes let them, and in the same way.
"""

from collections.abc import Sequence
from itertools import groupby

from backend.domain.acts import ElectionEffect, MemberId, OrganisationFounded, SeatGiven, Slug
from backend.domain.contests import check_candidates
from backend.domain.deadlines import Day, add, format_day, local_day, parse_day
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.facts import Member
from backend.domain.fold.mandates import term_of
from backend.domain.instants import Instant
from backend.domain.rulebook.bodies import (
    Body,
    CoOption,
    Designation,
    Designator,
    Incompatibility,
    MinimumAge,
    Renewal,
)
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import AssemblyParty, Founders, Rule
from backend.domain.rulebook.sessions import Session
from backend.domain.standing import has_vote, sits_in
from backend.domain.state import State

Place = tuple[Slug, Slug]
"""A kind of seat: body and seat."""

MANDATE_RULE = RuleReference("psephos.mandates", "")
"""Built-in rule: a mandate begins once it was given."""

PENDING = ("proposed", "convened", "closed")
"""Motions that may still be adopted."""


def check_election(
    state: State,
    effect: ElectionEffect,
    session: Slug | None,
    day: Day,
    rulebook: Rulebook,
    closes_on: Day | None,
    *,
    motion: Slug | None = None,
) -> None:
    """Check that a motion may fill the seats it names (O1 to O4).

    Asked when the motion is proposed or amended, and again when it is put to the vote.

    Args:
        state: Before the act.
        effect: The effect of the motion.
        session: Session that would decide; None before it is called.
        day: Day of the act.
        rulebook: Rules that govern it.
        closes_on: Day on which the vote closes; None before the session is called.
        motion: The motion, so that no other pending one takes the same ids; None where it does not matter.

    Raises:
        NotFoundError: Someone elected, or the session, is unknown.
        ConflictError: ``mandate.exists``: an id is in use.
        InvalidInputError: The first day is none, or candidates are not told as ``contests`` asks.
        RuleViolation: The first of O1 to O4 that is broken, or the rulebook is silent on what they need.
    """
    body = rulebook.one(Body, effect.body)
    if effect.elects:
        check_candidates(effect)
    _check_ids(state, effect.seats, motion)
    check_way(state, effect, session, rulebook)
    _check_start(effect, closes_on or day)
    term_of(rulebook, effect.body, effect.starts)
    _check_room(state, body, effect)
    for member, seats in _by_holder(effect.seats):
        _check_holder(state, body, state.member(member), day, effect.starts, rulebook)
        places = [(effect.body, given.seat) for given in seats]
        check_compatible(_held(state, member, effect), places, rulebook)
        _check_renewal(state, member, effect, rulebook)
    age = rulebook.maybe(MinimumAge, effect.body)
    if age is not None and not effect.attested:
        raise RuleViolation(
            "election.age", age.reference(), expected=f"{age.years} years attested", found="nothing"
        )


def check_way(
    state: State, effect: ElectionEffect, session: Slug | None, rulebook: Rulebook
) -> Designation | CoOption:
    """Check that the seats may be filled this way, here and now (O1); returns the rule that says so.

    Args:
        state: Before the act.
        effect: The effect of the motion.
        session: Session that would decide; None before it is called.
        rulebook: Rules that govern it.

    Raises:
        NotFoundError: Nothing is founded yet.
        RuleViolation: ``election.founders``, ``election.session``, ``co_option.forbidden``,
            ``co_option.late``, or the rulebook is silent on who fills the seats.
    """
    if effect.way == "co_option":
        rule: Designation | CoOption = _co_option(state, effect, rulebook)
    else:
        filled = any(mandate.body == effect.body for mandate in state.mandates.values())
        rule = rulebook.one(Designation, f"{effect.body}/{'later' if filled else 'first'}")
    _check_designator(rule.by, rule, session, rulebook)
    return rule


def check_first_mandates(founding: OrganisationFounded, rulebook: Rulebook, at: Instant) -> None:
    """Check the seats that a founding fills (O5).

    Args:
        founding: The founding act.
        rulebook: Its rules.
        at: When it is recorded.

    Raises:
        ConflictError: ``mandate.exists``: two seats share an id.
        RuleViolation: The statutes do not let the founders fill these seats, there are fewer seats, a holder
            is no founder with a vote, sits where that excludes this, or the rulebook is silent.
    """
    founders = {each.member: each for each in founding.founders}
    starts = format_day(local_day(at, rulebook.time_zone))
    if len({given.mandate for given in founding.mandates}) != len(founding.mandates):
        raise ConflictError("mandate.exists", expected="ids of their own", found="a repeated id")
    bodies = {given.body: rulebook.one(Body, given.body) for given in founding.mandates}
    places: dict[MemberId, list[Place]] = {}
    for given in founding.mandates:
        rule = rulebook.one(Designation, f"{given.body}/first")
        if not isinstance(rule.by, Founders):
            raise RuleViolation(
                "mandate.not_founders",
                rule.reference(),
                expected="an election after the founding",
                found=given.mandate,
            )
        term_of(rulebook, given.body, starts)
        founder = founders.get(given.holder)
        right = None if founder is None else rulebook.voting_right(founder.member_class)
        if right is None or right.modality == "must_not":
            raise RuleViolation(
                "mandate.founder",
                rule.reference(),
                expected="a founder with a vote",
                found=given.holder,
            )
        places.setdefault(given.holder, []).append((given.body, given.seat))
    for body in bodies.values():
        seats = [given.seat for given in founding.mandates if given.body == body.body]
        _check_seats(body, seats, {})
    for held in places.values():
        _check_within(held, bodies)
        check_compatible([], held, rulebook)


def check_compatible(held: Sequence[Place], given: Sequence[Place], rulebook: Rulebook) -> None:
    """Check that one person may hold seats together (O3).

    Args:
        held: Kinds of seat held.
        given: Kinds of seat to be given.
        rulebook: Rules that govern it.

    Raises:
        RuleViolation: ``election.twice`` for the same kind of seat twice, ``election.incompatible``.
    """
    together = sorted([*held, *given])
    for place, repeated in groupby(together):
        if len(list(repeated)) > 1:
            rule: Rule = rulebook.one(Body, place[0])
            raise RuleViolation(
                "election.twice",
                rule.reference(),
                expected="each kind of seat once",
                found="/".join(place),
            )
    for rule in rulebook.every(Incompatibility):
        excluded = [place for place in together if place in rule.seats]
        if len(excluded) > 1:
            raise RuleViolation(
                "election.incompatible",
                rule.reference(),
                expected="one of these seats",
                found=", ".join("/".join(place) for place in excluded),
            )


def _check_ids(state: State, seats: Sequence[SeatGiven], motion: Slug | None) -> None:
    names = [given.mandate for given in seats]
    taken = set(state.mandates)
    for other in state.motions.values() if motion is not None else ():
        effect = other.data.effect
        rival = other.data.motion != motion and other.status in PENDING
        if rival and isinstance(effect, ElectionEffect):
            taken.update(given.mandate for given in effect.seats)
    for place, name in enumerate(names):
        if name in taken or name in names[:place]:
            raise ConflictError("mandate.exists", expected="ids of their own", found=name)


def _co_option(state: State, effect: ElectionEffect, rulebook: Rulebook) -> CoOption:
    rule = rulebook.one(CoOption, effect.body)
    if rule.modality == "must_not":
        raise RuleViolation(
            "co_option.forbidden", rule.reference(), expected="an election", found=effect.body
        )
    founded_on = parse_day(state.day_of(state.version(1).adopted_at))
    last = add(founded_on, rule.within)
    if parse_day(effect.starts) > last:
        raise RuleViolation(
            "co_option.late",
            rule.reference(),
            expected=f"by {format_day(last)}",
            found=effect.starts,
        )
    return rule


def _check_designator(by: Designator, rule: Rule, session: Slug | None, rulebook: Rulebook) -> None:
    if isinstance(by, Founders):
        raise RuleViolation(
            "election.founders",
            rule.reference(),
            expected="statutes that let an assembly or a body fill the seats",
            found="seats that the founders left empty",
        )
    if session is None:
        return
    if isinstance(by, AssemblyParty):
        competent, wanted = session == by.session, by.session
    else:
        competent = rulebook.one(Session, session).body == by.body
        wanted = by.body
    if not competent:
        raise RuleViolation("election.session", rule.reference(), expected=wanted, found=session)


def _check_start(effect: ElectionEffect, earliest: Day) -> None:
    if parse_day(effect.starts) < parse_day(earliest):
        raise RuleViolation(
            "election.starts",
            MANDATE_RULE,
            expected=f"{earliest} or later",
            found=effect.starts,
        )


def _check_room(state: State, body: Body, effect: ElectionEffect) -> None:
    """Check that there are seats for those elected beside those who stay (O2).

    An election replaces holders whose term ends by the first day; co-option replaces nobody.
    """
    staying: dict[Slug, int] = {}
    for mandate in state.mandates.values():
        stays = effect.way == "co_option" or mandate.ends > effect.starts
        goes_on = stays and not mandate.over_on(effect.starts)
        if mandate.body == effect.body and goes_on:
            staying[mandate.seat] = staying.get(mandate.seat, 0) + 1
    given = [given.seat for given in effect.seats]
    _check_seats(body, given[: effect.elects] if effect.elects else given, staying)


def _check_seats(body: Body, given: Sequence[Slug], staying: dict[Slug, int]) -> None:
    maxima = {each.seat: each.maximum for each in body.seats}
    for seat in given:
        if seat not in maxima:
            raise RuleViolation(
                "election.seat", body.reference(), expected=" or ".join(maxima), found=seat
            )
        maximum, wanted = maxima[seat], given.count(seat) + staying.get(seat, 0)
        if maximum is not None and wanted > maximum:
            raise RuleViolation(
                "election.full", body.reference(), expected=f"{maximum}", found=f"{wanted}"
            )


def _check_holder(
    state: State, body: Body, member: Member, day: Day, starts: Day, rulebook: Rulebook
) -> None:
    if not has_vote(member, rulebook, day):
        raise RuleViolation(
            "election.no_vote",
            body.reference(),
            expected="a member with a vote",
            found=member.id,
        )
    if body.within is not None and not sits_in(state, member.id, body.within, starts):
        raise RuleViolation(
            "election.within", body.reference(), expected=body.within, found=member.id
        )


def _check_within(held: Sequence[Place], bodies: dict[Slug, Body]) -> None:
    seated = {body for body, _ in held}
    for body, _ in held:
        rule = bodies[body]
        if rule.within is not None and rule.within not in seated:
            raise RuleViolation(
                "election.within", rule.reference(), expected=rule.within, found=body
            )


def _held(state: State, member: MemberId, effect: ElectionEffect) -> list[Place]:
    """Return the kinds of seat someone holds or will, without those that this election replaces."""
    given = {each.seat for each in effect.seats}
    return [
        (mandate.body, mandate.seat)
        for mandate in state.mandates.values()
        if mandate.holder == member
        and not mandate.over_on(effect.starts)
        and not (
            mandate.body == effect.body and mandate.seat in given and mandate.ends <= effect.starts
        )
    ]


def _check_renewal(
    state: State, member: MemberId, effect: ElectionEffect, rulebook: Rulebook
) -> None:
    earlier = any(
        mandate.holder == member
        and mandate.body == effect.body
        and (mandate.over_on(effect.starts) or mandate.ends <= effect.starts)
        for mandate in state.mandates.values()
    )
    rule = rulebook.maybe(Renewal, effect.body) if earlier else None
    if rule is not None and rule.modality == "must_not":
        raise RuleViolation(
            "election.renewal",
            rule.reference(),
            expected="someone who has not been in this body",
            found=member,
        )


def _by_holder(seats: Sequence[SeatGiven]) -> list[tuple[MemberId, list[SeatGiven]]]:
    ordered = sorted(seats, key=lambda given: given.holder)
    return [(member, list(given)) for member, given in groupby(ordered, lambda each: each.holder)]
