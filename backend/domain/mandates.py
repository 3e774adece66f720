"""Mandates: how holders leave their seats, and who sits where on any day; ``elections`` fills seats.

O6 a holder gives a seat back. O7 a holder who missed as many meetings in a row as the statutes say,
neither present, represented nor excused, is deemed to have resigned: at once where they say ``must``,
when the body so finds where they say ``may``. A meeting counts as held when it is closed and someone's
presence is recorded.
"""

from dataclasses import dataclass

from backend.domain.acts import MandateAct, MandateForfeited, MandateResigned, Slug, Title
from backend.domain.authorship import check_signed
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError, RuleViolation
from backend.domain.facts import Assembly, Mandate
from backend.domain.proceedings import check_held
from backend.domain.rulebook.bodies import Absence, Body
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import BodyParty
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Sources
from backend.domain.standing import active, check_author, check_officer, check_unsigned, holders
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class SeatComposition:
    """One kind of seat of a body on a day."""

    seat: Slug
    """The kind of seat."""
    title: Title
    """What the statutes call it; its id for a seat that they no longer know."""
    minimum: int
    """Holders there must be."""
    maximum: int | None
    """Holders there may be; None for no bound."""
    holders: tuple[Mandate, ...]
    """Mandates held, oldest first."""

    @property
    def missing(self) -> int:
        """Number of holders below the minimum."""
        return max(0, self.minimum - len(self.holders))

    @property
    def vacant(self) -> int | None:
        """Number of seats that may still be filled; None for no bound."""
        return None if self.maximum is None else max(0, self.maximum - len(self.holders))


def check_mandate_act(state: State, entry: Entry, data: MandateAct, sources: Sources) -> int:
    """Check an act on a seat; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    match data:
        case MandateResigned():
            return check_resigned(state, entry, data, sources)
        case _:
            return check_forfeited(state, entry, data, sources)


def check_resigned(state: State, entry: Entry, data: MandateResigned, sources: Sources) -> int:
    """Check that a holder gives a seat back (O6); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such mandate.
        ConflictError: It is over.
        RuleViolation: The author is not its holder, or did not sign.
    """
    mandate = state.mandate(data.mandate)
    check_held(mandate, state.day_of(entry.at))
    check_author(entry, mandate.holder)
    active(state, mandate.holder)
    return check_signed(state, entry, sources)


def check_forfeited(state: State, entry: Entry, data: MandateForfeited, sources: Sources) -> int:
    """Check that a holder is deemed to have resigned (O7); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such mandate or author.
        ConflictError: The mandate is over.
        RuleViolation: The statutes know no such thing, the last meetings were not missed or others are named,
            the author is not of the body where it finds so, or the signature is wrong.
    """
    mandate, day = state.mandate(data.mandate), state.day_of(entry.at)
    check_held(mandate, day)
    rule = state.in_force().rulebook.one(Absence, mandate.body)
    missed = absences(state, mandate)[-rule.meetings :]
    if len(missed) < rule.meetings:
        raise RuleViolation(
            "absence.too_few",
            rule.reference(),
            expected=f"{rule.meetings} meetings missed in a row",
            found=f"{len(missed)}",
        )
    if data.meetings != missed:
        raise RuleViolation(
            "absence.meetings",
            rule.reference(),
            expected=", ".join(missed),
            found=", ".join(data.meetings),
        )
    if rule.modality == "must":
        return check_unsigned(entry)
    check_officer(state, entry.by, BodyParty(mandate.body), day, rule.reference())
    return check_signed(state, entry, sources)


def absences(state: State, mandate: Mandate) -> tuple[Slug, ...]:
    """Return the meetings that the holder of a seat has missed in a row up to now, oldest first.

    Args:
        state: With the meetings.
        mandate: The seat.
    """
    meetings = [each for each in state.assemblies.values() if _concerns(state, each, mandate)]
    missed: list[Slug] = []
    for meeting in sorted(meetings, key=lambda each: (each.opens_at, each.entry)):
        if _attended(meeting, mandate):
            missed.clear()
        else:
            missed.append(meeting.data.call.assembly)
    return tuple(missed)


def composition(state: State, body: Slug, day: Day) -> tuple[SeatComposition, ...]:
    """Return who sat in a body on a day, by kind of seat in the order of the statutes of that day.

    Args:
        state: Now; it remembers every mandate.
        body: The body.
        day: Any day from the founding to today.

    Returns:
        Every kind of seat, filled or not; last, those that the statutes no longer know and that
            someone still holds.

    Raises:
        NotFoundError: ``statutes.unknown``: the day is before the founding.
        RuleViolation: The statutes of that day know no such body.
    """
    rule = _rules_on(state, day).one(Body, body)
    held = holders(state, body, day)
    seats = [
        SeatComposition(each.seat, each.title, each.minimum, each.maximum, _in(held, each.seat))
        for each in rule.seats
    ]
    known = {each.seat for each in rule.seats}
    gone = sorted({mandate.seat for mandate in held} - known)
    return (*seats, *(SeatComposition(seat, seat, 0, 0, _in(held, seat)) for seat in gone))


def _rules_on(state: State, day: Day) -> Rulebook:
    adopted = [each for each in state.statutes if state.day_of(each.adopted_at) <= day]
    if not adopted:
        raise NotFoundError("statutes", day)
    return adopted[-1].rulebook


def _in(held: tuple[Mandate, ...], seat: Slug) -> tuple[Mandate, ...]:
    return tuple(mandate for mandate in held if mandate.seat == seat)


def _concerns(state: State, meeting: Assembly, mandate: Mandate) -> bool:
    """Tell whether a meeting of the body was held while the mandate ran."""
    call = meeting.data.call
    held = meeting.closed and any(each != "excused" for each in meeting.presence.values())
    session = state.governing(call.assembly).one(Session, call.session)
    ran = mandate.held_on(state.day_of(meeting.opens_at))
    return held and session.body == mandate.body and ran


def _attended(meeting: Assembly, mandate: Mandate) -> bool:
    """Tell whether the holder was there, excused, or represented by someone there."""
    if mandate.holder in meeting.presence:
        return True
    return any(
        proxy.grantor == mandate.holder
        and proxy.holds(meeting.opens_at)
        and meeting.presence.get(proxy.holder) in ("room", "remote")
        for proxy in meeting.proxies.values()
    )
