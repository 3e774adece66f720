"""The calendar of an organisation: what must happen by when, and what may, with the rule behind each date.

Everything follows from the state and a day; nothing is stored. A matter on which the statutes are silent has
no date. After a dissolution only what had begun goes on: minutes, resolutions, replies and appeals.
"""

from datetime import timedelta
from itertools import chain
from typing import Final

from backend.domain.deadlines import Day, parse_day
from backend.domain.obligations.due import (
    ALARM_DAYS,
    SETTLED,
    ObligationDue,
    ObligationKind,
    Status,
)
from backend.domain.obligations.matters import (
    appeals,
    engagements,
    ratifications,
    replies,
    resolutions,
)
from backend.domain.obligations.seats import co_options, mandates_ending
from backend.domain.obligations.sessions import (
    minutes_due,
    periodic_sessions,
    requested_sessions,
    second_convocations,
)
from backend.domain.state import State

__all__ = [
    "ALARM_DAYS",
    "KEPT_DAYS",
    "SETTLED",
    "ObligationDue",
    "ObligationKind",
    "Status",
    "obligations",
]

KEPT_DAYS: Final = 366
"""Days for which a settled matter stays in the calendar after its last day: one year, leap years included."""


def obligations(state: State, day: Day) -> tuple[ObligationDue, ...]:
    """Return what has to happen, or may, and by when, as it stands on a day.

    Args:
        state: What is known.
        day: The day; the time of ``state`` may be earlier.

    Returns:
        By last day, then first day, then name. Overdue matters stay until they are done.

    Raises:
        NotFoundError: Nothing is founded yet.
        InvalidInputError: The day is malformed, or a window leaves the calendar.
    """
    on = parse_day(day)
    origin = state.founded().origin
    matters = chain(minutes_due(state), resolutions(state), replies(state), appeals(state))
    if state.dissolved_by is None:
        matters = chain(
            matters,
            periodic_sessions(state, on),
            requested_sessions(state),
            second_convocations(state),
            mandates_ending(state, on),
            co_options(state),
            ratifications(state),
            engagements(state),
        )
    standing = [matter.on(on, origin) for matter in matters]
    kept = [
        each
        for each in standing
        if each.status not in SETTLED or parse_day(each.last) >= on - timedelta(days=KEPT_DAYS)
    ]
    return tuple(sorted(kept, key=lambda each: (each.last, each.first, each.uid)))
