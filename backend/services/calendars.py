"""The calendar of an organisation as an iCalendar feed that mail and calendar programs subscribe to.

Source: RFC 5545, https://www.rfc-editor.org/rfc/rfc5545; the calendar's name and how often to ask again:
RFC 7986, sections 5.1 and 5.7, https://www.rfc-editor.org/rfc/rfc7986.

C1 the same obligations, name, language and stamp give the same bytes. C2 a matter keeps its UID. C3 a matter
stands on its last day, all day, and takes no time from anyone's calendar; its window is in the description.
C4 reminders go with what is still open.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from icalendar import Alarm, Calendar, Event, Todo, vText

from backend.domain.deadlines import Day, parse_day
from backend.domain.instants import Instant, parse_instant
from backend.domain.messages import Language
from backend.domain.obligation_texts import obligation_detail, obligation_title
from backend.domain.obligations import SETTLED, ObligationDue, ObligationKind, Status

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"
"""Media type of the feed (RFC 5545, section 8.1)."""

PRODUCT: Final = "-//Psephos//Obligations//EN"
"""Value of ``PRODID``: who made the calendar (RFC 5545, section 3.7.3)."""

REFRESH: Final = timedelta(days=1)
"""How often subscribers are asked to look again: dates are days."""

CalendarItem = Literal["event", "task"]
"""``VEVENT``, which every calendar program shows; ``VTODO``, which task programs tick off and others drop."""

_TASK_STATUS: Final[dict[Status, str]] = {
    "upcoming": "NEEDS-ACTION",
    "due": "NEEDS-ACTION",
    "overdue": "NEEDS-ACTION",
    "done": "COMPLETED",
    "lapsed": "CANCELLED",
}
# Control characters other than the tab; RFC 5545, section 3.1, has no way to write them.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class ObligationView:
    """An obligation in words."""

    kind: ObligationKind
    """What it is."""
    subject: str
    """Id of what it is about."""
    title: str
    """What it is."""
    detail: str
    """When and why, with the article."""
    rule: str
    """Id of the rule it rests on."""
    article: str
    """Article of that rule; empty for a built-in rule."""
    first: Day
    """First day of its window."""
    last: Day
    """Last day of its window."""
    status: Status
    """Where it stands."""
    duty: bool
    """Whether somebody has to do it; otherwise somebody may."""


def obligation_views(found: Iterable[ObligationDue], language: Language) -> list[ObligationView]:
    """Return obligations in words, in their order."""
    return [
        ObligationView(
            each.kind,
            each.subject,
            obligation_title(each, language),
            obligation_detail(each, language),
            each.rule,
            each.article,
            each.first,
            each.last,
            each.status,
            each.duty,
        )
        for each in found
    ]


def calendar_feed(
    obligations: Iterable[ObligationDue],
    name: str,
    language: Language,
    stamp: Instant,
    *,
    item: CalendarItem = "event",
) -> bytes:
    """Return the feed.

    Without any obligation it is a calendar without components: RFC 5545 wants one at least, and there is none
    to tell of.

    Args:
        obligations: As ``backend.domain.obligations.obligations`` returns them.
        name: Name of the organisation.
        language: Language of titles and descriptions.
        stamp: Time of the ledger's last entry: what the feed says is as of then.
        item: As what the obligations are given.

    Raises:
        InvalidInputError: ``stamp`` is not an instant.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    spoken: dict[str, str] = {"LANGUAGE": language}
    # The library escapes the text of properties it knows, and these are younger than RFC 5545.
    calendar.add("name", vText(_line(name)), parameters=spoken)
    # Programs knew this one before RFC 7986 named the other.
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for obligation in obligations:
        component = _event(obligation) if item == "event" else _task(obligation)
        title = _line(obligation_title(obligation, language))
        component.add("uid", obligation.uid)
        component.add("dtstamp", parse_instant(stamp).replace(microsecond=0))
        component.add("summary", title, parameters=spoken)
        detail = _line(obligation_detail(obligation, language))
        component.add("description", detail, parameters=spoken)
        if obligation.alarm_days and obligation.status not in SETTLED:
            component.add_component(_alarm(obligation, title, item))
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def _event(obligation: ObligationDue) -> Event:
    event = Event()
    # Without an end it lasts all that day (section 3.6.1).
    event.add("dtstart", parse_day(obligation.last))
    # A calendar program takes an event for busy time unless told otherwise.
    event.add("transp", "TRANSPARENT")
    return event


def _task(obligation: ObligationDue) -> Todo:
    task = Todo()
    if obligation.first < obligation.last:
        # The due date comes after the start (section 3.8.2.3).
        task.add("dtstart", parse_day(obligation.first))
    task.add("due", parse_day(obligation.last))
    task.add("status", _TASK_STATUS[obligation.status])
    return task


def _alarm(obligation: ObligationDue, title: str, item: CalendarItem) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    before = timedelta(days=-obligation.alarm_days)
    # A task starts with its window, and is due with its last day.
    related = {"RELATED": "START" if item == "event" else "END"}
    alarm.add("trigger", before, parameters=related)
    return alarm


def _line(text: str) -> str:
    # The library takes a backslash before a capital N for a line break, whoever wrote it.
    return _CONTROL.sub(" ", text).replace("\\N", "\\ N")
