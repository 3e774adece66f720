"""Hearings: the member concerned speaks to those who decide, or was invited and did not come.

Q10 a hearing is recorded once, by those who serve the grounds, on a day on which they had been served; Q4
says where no measure is taken without. The other rules are in ``proceedings`` and ``measures``.
"""

from backend.domain.acts import HearingHeld
from backend.domain.authorship import check_signed
from backend.domain.deadlines import parse_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError
from backend.domain.proceedings import check_server, open_proceeding, require_served
from backend.domain.rulebook.membership import DueProcess
from backend.domain.sources import Sources
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_heard(state: State, entry: Entry, data: HearingHeld, sources: Sources) -> int:
    """Check the record of a hearing (Q10); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such proceeding or author, or the record is not held.
        ConflictError: The proceeding is decided, or the member was heard before.
        InvalidInputError: The day is none, before the grounds were served or after the act, or the record is
            no text.
        RuleViolation: The grounds were not served, the author does not act for those who serve, the rulebook
            is silent, or the signature is wrong.
    """
    proceeding = open_proceeding(state, data.proceeding)
    if proceeding.heard_entry is not None:
        raise ConflictError(
            "hearing.held", expected="a hearing recorded once", found=data.proceeding
        )
    process = state.in_force().rulebook.one(DueProcess, proceeding.data.measure)
    served_on = state.day_of(require_served(proceeding, process))
    check_server(state, entry, proceeding)
    today = state.day_of(entry.at)
    if not parse_day(served_on) <= parse_day(data.held_on) <= parse_day(today):
        raise InvalidInputError(
            "hearing.day", expected=f"from {served_on} to {today}", found=data.held_on
        )
    read_text(data.record, sources)
    return check_signed(state, entry, sources)
