"""Registration centres: who opens them, who registers for them, whom they present.

C1 centres exist where the statutes know them; those they name open, change and close them, under an id used
once. C2 correspondents are members, each named once. C3 a correspondent of an open centre presents people
who ask to join, under a new pseudonym, in a class that is admitted. C4 a centre presents as many as the
statutes allow, whatever became of them.
"""

from backend.domain.acts import (
    CentreChanged,
    CentreClosed,
    CentreOpened,
    MemberId,
    MemberPresented,
    Slug,
)
from backend.domain.applications import Centre
from backend.domain.authorship import check_signed
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.prerequisites import admission_rule
from backend.domain.rulebook.membership import Centres
from backend.domain.sources import Sources
from backend.domain.standing import active, check_officer
from backend.domain.state import State


def check_centre_opened(state: State, entry: Entry, data: CentreOpened, sources: Sources) -> int:
    """Check the opening of a centre (C1, C2); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such author or correspondent.
        ConflictError: ``centre.exists``.
        InvalidInputError: A correspondent is named twice.
        RuleViolation: The statutes know no centres, the author may not open them, a correspondent is no
            member, or the signature is wrong.
    """
    _check_keeper(state, entry)
    if data.centre in state.centres:
        raise ConflictError("centre.exists", expected="a new id", found=data.centre)
    _check_correspondents(state, data.correspondents)
    return check_signed(state, entry, sources)


def check_centre_changed(state: State, entry: Entry, data: CentreChanged, sources: Sources) -> int:
    """Check that others register for a centre (C1, C2); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such centre, author or correspondent.
        ConflictError: ``centre.closed``.
        InvalidInputError: A correspondent is named twice.
        RuleViolation: As ``check_centre_opened``.
    """
    _check_keeper(state, entry)
    _open_centre(state, data.centre)
    _check_correspondents(state, data.correspondents)
    return check_signed(state, entry, sources)


def check_centre_closed(state: State, entry: Entry, data: CentreClosed, sources: Sources) -> int:
    """Check the closing of a centre (C1); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such centre or author.
        ConflictError: ``centre.closed``.
        RuleViolation: The statutes know no centres, the author may not close them, or the signature is
            wrong.
    """
    _check_keeper(state, entry)
    _open_centre(state, data.centre)
    return check_signed(state, entry, sources)


def check_presented(state: State, entry: Entry, data: MemberPresented, sources: Sources) -> int:
    """Check that a correspondent may present somebody (C3, C4); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such centre or author.
        ConflictError: ``member.exists``, or ``centre.closed``.
        RuleViolation: The statutes know no centres, the author does not register for this one, it presented
            as many as it may, the class is not admitted, or the signature is wrong.
    """
    rule = state.in_force().rulebook.one(Centres)
    centre = _open_centre(state, data.centre)
    active(state, entry.by)
    if not registers_for(state, entry.by, centre.id):
        raise RuleViolation(
            "centre.correspondent",
            rule.reference(),
            expected=f"a correspondent of {centre.id}",
            found=entry.by,
        )
    if data.member in state.members:
        raise ConflictError("member.exists", expected="a new pseudonym", found=data.member)
    if rule.at_most is not None and len(centre.presented) >= rule.at_most:
        raise RuleViolation(
            "centre.full",
            rule.reference(),
            expected=str(rule.at_most),
            found=str(len(centre.presented) + 1),
        )
    admission_rule(state, data.member_class)
    return check_signed(state, entry, sources)


def registers_for(state: State, member: MemberId, centre: Slug) -> bool:
    """Tell whether a member is correspondent of a centre that is open; whether they still are a member too.

    Args:
        state: With the centre.
        member: Who.
        centre: The centre.

    Raises:
        NotFoundError: No such centre, or pseudonym.
    """
    found = state.centre(centre)
    listed = found.open and member in found.correspondents
    return listed and state.member(member).status == "active"


def _check_keeper(state: State, entry: Entry) -> None:
    rule = state.in_force().rulebook.one(Centres)
    check_officer(state, entry.by, rule.by, state.day_of(entry.at), rule.reference())


def _open_centre(state: State, centre: Slug) -> Centre:
    found = state.centre(centre)
    if not found.open:
        raise ConflictError("centre.closed", expected="an open centre", found=centre)
    return found


def _check_correspondents(state: State, correspondents: tuple[MemberId, ...]) -> None:
    if len(set(correspondents)) != len(correspondents):
        raise InvalidInputError(
            "centre.correspondents", expected="each correspondent once", found="one named twice"
        )
    for member in correspondents:
        active(state, member)
