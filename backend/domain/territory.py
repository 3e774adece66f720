"""The territory: a tree of places, and who belongs to which of them.

T1 a place is entered once, by those who keep the registers, at a level that the statutes name. T2 it lies
in a place of a higher level, entered before it, so that nothing ever lies in itself; only a place of the
highest level may lie in none. T3 a member is placed by themselves or by those who keep the registers, in
one place at a time, and belongs to it and to everything in which it lies. T4 what concerns a place is of
the level that its rule names.
"""

from typing import Final

from backend.domain.acts import MemberPlaced, PlaceRegistered, Slug, TerritoryAct
from backend.domain.authorship import check_signed
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.rulebook.membership import Levels
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Sources
from backend.domain.standing import active, check_officer
from backend.domain.state import State

NOWHERE: Final = "\N{EM DASH}"
"""How refusals write that no place is named."""


def check_territory_act(state: State, entry: Entry, data: TerritoryAct, sources: Sources) -> int:
    """Check an act on places (T1 to T3); returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    if isinstance(data, PlaceRegistered):
        return check_registered(state, entry, data, sources)
    return check_placed(state, entry, data, sources)


def check_registered(state: State, entry: Entry, data: PlaceRegistered, sources: Sources) -> int:
    """Check the entry of a place (T1, T2); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use.
        NotFoundError: The place in which it lies is unknown.
        RuleViolation: The statutes know no levels, or not this one; the place around it is of the same or a
            lower level, or missing; the author does not keep the registers or did not sign.
    """
    if data.place in state.places:
        raise ConflictError("place.exists", expected="a new id", found=data.place)
    rule = state.in_force().rulebook.one(Levels)
    if data.level not in rule.levels:
        raise RuleViolation(
            "place.level", rule.reference(), expected=" or ".join(rule.levels), found=data.level
        )
    _check_around(state, data, rule)
    _check_keeper(state, entry)
    return check_signed(state, entry, sources)


def check_placed(state: State, entry: Entry, data: MemberPlaced, sources: Sources) -> int:
    """Check the placing of a member (T3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member, place or author.
        ConflictError: They belong there already.
        RuleViolation: No member, or the author is neither the member nor of those who keep the registers, or
            did not sign.
    """
    member = active(state, data.member)
    state.place(data.place)
    if member.place == data.place:
        raise ConflictError("place.same", expected="another place", found=data.place)
    if entry.by != member.id:
        _check_keeper(state, entry)
    return check_signed(state, entry, sources)


def check_place(state: State, session: Session, place: Slug | None) -> None:
    """Check that a session names a place exactly if it meets at a level, and one of that level (T4).

    Args:
        state: With the place.
        session: The kind of session.
        place: The place named, if any.

    Raises:
        NotFoundError: No such place.
        RuleViolation: ``assembly.place``.
    """
    level = None if place is None else state.place(place).level
    if level != session.level:
        raise RuleViolation(
            "assembly.place",
            session.reference(),
            expected=session.level or NOWHERE,
            found=place or NOWHERE,
        )


def _check_around(state: State, data: PlaceRegistered, rule: Levels) -> None:
    above = rule.levels[rule.levels.index(data.level) + 1 :]
    level = None if data.within is None else state.place(data.within).level
    if (level in above) if above else level is None:
        return
    raise RuleViolation(
        "place.within",
        rule.reference(),
        expected=" or ".join(above) or NOWHERE,
        found=level or NOWHERE,
    )


def _check_keeper(state: State, entry: Entry) -> None:
    custody = state.in_force().rulebook.one(Custody)
    check_officer(state, entry.by, custody.by, state.day_of(entry.at), custody.reference())
