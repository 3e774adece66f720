"""The iCalendar feed: read back by the library, and line by line by the standard."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from backend.domain.errors import InvalidInputError
from backend.domain.messages import LANGUAGES, Language
from backend.domain.obligations import ObligationDue, Status
from backend.services.calendars import CalendarItem, calendar_feed
from tests.support.icalendar_lines import read_calendar, text_of

STAMP = "2026-02-01T09:00:00.999Z"
ASSEMBLY = ObligationDue(
    kind="session",
    subject="annual.2026",
    rule="yearly",
    article="14",
    first="2026-01-01",
    last="2026-03-31",
    status="due",
    duty=True,
    uid="session.annual.2026@ledger.example:8443/riverside",
    title="Assembly",
    motions=("approval",),
)
MANDATE = ObligationDue(
    kind="mandate",
    subject="m1",
    rule="term",
    article="17",
    first="2026-04-16",
    last="2026-06-15",
    status="due",
    duty=True,
    uid="mandate.m1@ledger.example:8443/riverside",
    title="President (Board)",
    alarm_days=60,
)


def components(feed: bytes, name: str) -> list[Any]:
    """Return the components of a name as the library reads them; it types no property."""
    return list(Calendar.from_ical(feed).walk(name))


def with_status(status: Status) -> ObligationDue:
    return ObligationDue(
        kind="mandate",
        subject="m1",
        rule="term",
        article="17",
        first="2026-06-15",
        last="2026-06-15",
        status=status,
        duty=True,
        uid="mandate.m1@ledger.example/riverside",
        title="President",
        alarm_days=60,
    )


def test_feed__when_read_back__then_one_all_day_event_on_each_last_day() -> None:
    feed = calendar_feed((ASSEMBLY, MANDATE), "Riverside", "en", STAMP)
    first, second = components(feed, "VEVENT")
    assert first["UID"] == ASSEMBLY.uid
    assert first["DTSTART"].dt == date(2026, 3, 31)
    assert "DTEND" not in first
    assert first["DTSTAMP"].dt == datetime(2026, 2, 1, 9, 0, 0, tzinfo=UTC)
    assert first["SUMMARY"] == "To be held: Assembly"
    assert first["DESCRIPTION"] == (
        "Article 14: This session is held from 1 January 2026 to 31 March 2026."
        " On the agenda: approval of reports and accounts. Due."
    )
    assert first["TRANSP"] == "TRANSPARENT"
    assert not first.walk("VALARM")
    assert second["DTSTART"].dt == date(2026, 6, 15)
    (alarm,) = second.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(days=-60)
    assert alarm["TRIGGER"].params["RELATED"] == "START"
    assert alarm["DESCRIPTION"] == second["SUMMARY"]


def test_feed__when_read_by_the_standard__then_the_calendar_says_what_it_is() -> None:
    calendar = read_calendar(calendar_feed((ASSEMBLY,), "Rivière", "fr", STAMP))
    properties = {name: value for name, (_, value) in calendar.properties.items()}
    assert properties == {
        "VERSION": "2.0",
        "PRODID": "-//Psephos//Obligations//EN",
        "CALSCALE": "GREGORIAN",
        "NAME": "Rivière",
        "X-WR-CALNAME": "Rivière",
        "REFRESH-INTERVAL": "P1D",
    }
    (event,) = calendar.children
    assert event.properties["DTSTART"] == (";VALUE=DATE", "20260331")
    assert event.properties["DTSTAMP"] == ("", "20260201T090000Z")
    assert event.properties["SUMMARY"][0] == ";LANGUAGE=fr"
    assert text_of(event, "SUMMARY") == "À tenir\u00a0: Assembly"
    assert text_of(event, "DESCRIPTION") == (
        "Article 14\u00a0: Cette session se tient du 1er janvier 2026 au 31 mars 2026."
        " À l\u2019ordre du jour\u00a0: approbation des rapports et des comptes. En cours."
    )


def test_feed__when_given_as_tasks__then_windows_and_what_is_left_to_do() -> None:
    feed = calendar_feed((ASSEMBLY, MANDATE), "Riverside", "en", STAMP, item="task")
    read_calendar(feed)
    first, second = components(feed, "VTODO")
    assert (first["DTSTART"].dt, first["DUE"].dt) == (date(2026, 1, 1), date(2026, 3, 31))
    assert first["STATUS"] == "NEEDS-ACTION"
    (alarm,) = second.walk("VALARM")
    assert alarm["TRIGGER"].params["RELATED"] == "END"


def test_feed__when_a_task_has_one_day__then_it_is_due_and_never_starts() -> None:
    feed = calendar_feed((with_status("due"),), "Riverside", "en", STAMP, item="task")
    (task,) = components(feed, "VTODO")
    assert "DTSTART" not in task
    assert task["DUE"].dt == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("status", "task_status", "state", "reminds"),
    [
        ("upcoming", "NEEDS-ACTION", "", True),
        ("due", "NEEDS-ACTION", "", True),
        ("overdue", "NEEDS-ACTION", "Overdue \u2013 ", True),
        ("done", "COMPLETED", "Done \u2013 ", False),
        ("lapsed", "CANCELLED", "Over \u2013 ", False),
    ],
)
def test_feed__when_the_status_differs__then_title_task_and_reminder_do(
    status: Status,
    task_status: str,
    state: str,
    reminds: bool,  # noqa: FBT001 - a column of the table
) -> None:
    feed = calendar_feed((with_status(status),), "Riverside", "en", STAMP, item="task")
    (task,) = components(feed, "VTODO")
    assert task["STATUS"] == task_status
    assert task["SUMMARY"] == f"{state}End of a mandate: President"
    assert bool(task.walk("VALARM")) is reminds


def test_feed__when_there_is_nothing__then_a_calendar_without_components() -> None:
    assert read_calendar(calendar_feed((), "Riverside", "fr", STAMP)).children == []


def test_feed__when_the_stamp_is_no_instant__then_refused() -> None:
    with pytest.raises(InvalidInputError):
        calendar_feed((ASSEMBLY,), "Riverside", "en", "2026-02-01T09:00:00Z")


TEXTS = st.text(min_size=1, max_size=200).filter(lambda text: text.strip() != "")


@given(
    title=TEXTS,
    name=TEXTS,
    language=st.sampled_from(LANGUAGES),
    item=st.sampled_from(["event", "task"]),
)
@example(title='a\r\nEND:VEVENT;b,c\\d:"e"', name="\u2028\x85\x00", language="en", item="event")
@example(title="\\N", name="a\\Nb\\n", language="en", item="event")
@example(title="é" * 200, name="𝄞" * 40, language="fr", item="task")
def test_feed__when_titles_hold_any_character__then_it_stays_well_formed(
    title: str, name: str, language: Language, item: CalendarItem
) -> None:
    obligation = ObligationDue(
        kind="resolution",
        subject="r.o",
        rule="r",
        article="1",
        first="2026-01-01",
        last="2026-01-02",
        status="due",
        duty=True,
        uid="resolution.r.o@ledger.example/riverside",
        title=title,
        bearer=name,
        alarm_days=1,
    )
    feed = calendar_feed((obligation,), name, language, STAMP, item=item)
    assert feed == calendar_feed((obligation,), name, language, STAMP, item=item)
    (component,) = read_calendar(feed).children
    (parsed,) = components(feed, "VEVENT" if item == "event" else "VTODO")
    summary = text_of(component, "SUMMARY")
    assert str(parsed["SUMMARY"]) == summary
    printable = "".join(char for char in title if char.isprintable())
    assert all(char in summary for char in printable)
