"""Dates as statutes count them: periods in years, months and days, clear days of notice, days by local clock.

Counting follows the French code of civil procedure, whose articles 641 and 642 courts also apply outside
procedure. Article 641: in a period of days the day of the act does not count; a period of months or years
expires on the day that bears the same number as the day of the act or, where the month has no such number,
on its last day; months are counted first, then days. Article 642, first paragraph: a period expires on its
last day at 24:00. Its second paragraph moves a procedural period that ends on a weekend or a holiday to the
next working day; statutes of associations rarely provide for that, so it is **not** applied here.

Sources: https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000006411002 (article 641),
https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000006411003 (article 642).

Days are ``datetime.date`` in the proleptic Gregorian calendar; documents write them as ``Day``. Rules of time
zones come from the ``tzdata`` package and never from the machine, so that two auditors read the same ones.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from backend.domain.errors import InvalidInputError
from backend.domain.instants import Instant, format_instant, parse_instant

Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
"""A day of the calendar, for example ``2026-02-28``. Source: ISO 8601-1:2019, 5.2.2.1, extended format."""

TimeZoneName = Annotated[
    str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\Z", max_length=64)
]
"""Name of a zone in the IANA database, for example ``Europe/Paris``. Source: https://www.iana.org/time-zones"""

FIRST_YEAR = 1583
"""First whole year of the Gregorian calendar: ISO 8601 leaves earlier ones to mutual agreement."""

MAX_YEARS = 100
"""Most years of one duration, a bound for parsers: above the terms statutes use."""
MAX_MONTHS = 1200
"""Most months of one duration: a century, as ``MAX_YEARS``."""
MAX_DAYS = 36_525
"""Most days of one duration: a century, as ``MAX_YEARS``."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class Duration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A period as statutes state it; at least one part is above zero.

    ``P12M`` and ``P1Y`` are different durations (they read differently) that end on the same days.
    """

    years: Annotated[int, Meta(ge=0, le=MAX_YEARS)] = 0
    """Whole years, ``0 <= years <= MAX_YEARS``."""
    months: Annotated[int, Meta(ge=0, le=MAX_MONTHS)] = 0
    """Whole months, ``0 <= months <= MAX_MONTHS``."""
    days: Annotated[int, Meta(ge=0, le=MAX_DAYS)] = 0
    """Days, ``0 <= days <= MAX_DAYS``."""

    def __post_init__(self) -> None:
        bounded = (
            0 <= self.years <= MAX_YEARS
            and 0 <= self.months <= MAX_MONTHS
            and 0 <= self.days <= MAX_DAYS
        )
        if not bounded or not (self.years or self.months or self.days):
            message = "a duration needs years, months or days above zero, a century at most"
            raise ValueError(message)

    def __str__(self) -> str:
        """Return the ISO 8601 form without its zero parts, for example ``P4Y`` or ``P1M15D``."""
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + "".join(f"{count}{unit}" for count, unit in parts if count)


def parse_day(text: Day) -> date:
    """Read a day.

    Raises:
        InvalidInputError: ``day.malformed``: the text is not ``YYYY-MM-DD``, or no such day exists;
            ``day.out_of_range``: the year is before ``FIRST_YEAR``.
    """
    # A form that fromisoformat accepts beyond ours, such as 20260228, becomes one that it refuses.
    canonical = text if _DAY.fullmatch(text) else ""
    try:
        day = date.fromisoformat(canonical)
    except ValueError as error:
        raise InvalidInputError(
            "day.malformed", expected="a day that exists, as YYYY-MM-DD", found=text[:64]
        ) from error
    return _in_range(day)


def format_day(day: date) -> Day:
    """Write a day; ``parse_day`` reads it back.

    Raises:
        InvalidInputError: ``day.out_of_range``: the year is before ``FIRST_YEAR``.
    """
    return f"{_in_range(day):%Y-%m-%d}"


def local_day(instant: Instant, zone: TimeZoneName) -> date:
    """Return the day whose ``start_of_day`` and ``end_of_day`` enclose an instant.

    That is the day the local clock shows, save where a clock is set back across midnight just after it
    passed: those moments still belong to the day the clock returns to.

    Raises:
        InvalidInputError: As ``parse_instant``; ``time_zone.unknown``; ``day.out_of_range``.
    """
    moment = parse_instant(instant)
    rules = _rules(zone)
    try:
        day = moment.astimezone(rules).date()
    except OverflowError as error:
        raise _out_of_range(instant) from error
    return _in_range(day if moment >= _start(day, rules) else _shift(day, -1))


def local_clock(instant: Instant, zone: TimeZoneName) -> str:
    """Return the day and the minute that the local clock shows, as ``YYYY-MM-DD HH:MM``.

    Raises:
        InvalidInputError: As ``parse_instant``; ``time_zone.unknown``; ``day.out_of_range``.
    """
    try:
        local = parse_instant(instant).astimezone(_rules(zone))
    except OverflowError as error:
        raise _out_of_range(instant) from error
    return f"{format_day(local.date())} {local:%H:%M}"


def start_of_day(day: date, zone: TimeZoneName) -> Instant:
    """Return the first instant from which the local date is ``day`` or later, and stays so.

    Where clocks skip midnight, the day starts when they jump; where midnight comes twice in the same day, it
    starts at the first; where clocks return to the day before, it starts when they pass midnight again. A day
    that a zone skipped (a move across the date line) starts where it ends.

    Raises:
        InvalidInputError: ``time_zone.unknown``; ``day.out_of_range``.
    """
    return format_instant(_start(_in_range(day), _rules(zone)))


def end_of_day(day: date, zone: TimeZoneName) -> Instant:
    """Return the first instant after a day: the start of the next one (article 642: the day lasts to 24:00).

    An act is in time if its instant is **before** this one.

    Raises:
        InvalidInputError: ``time_zone.unknown``; ``day.out_of_range``: there is no next day.
    """
    return start_of_day(_shift(day, 1), zone)


def add(day: date, duration: Duration) -> date:
    """Return the last day of a period that an event on ``day`` starts (article 641).

    Years and months are counted together, go from date to date and are cut once to the last day of a shorter
    month; days follow. The day of the event does not count.

    Raises:
        InvalidInputError: ``day.out_of_range``: the period ends after the year 9999.
    """
    return _shift(_in_month(_month(day) + _months(duration), day.day), duration.days)


def within(start_day: date, end_day: date, duration: Duration) -> bool:
    """Return whether ``end_day`` is no later than the last day of a period that starts on ``start_day``.

    A day before ``start_day`` is also no later: whoever needs the order of the two checks it.

    Raises:
        InvalidInputError: As ``add``.
    """
    return end_day <= add(start_day, duration)


def days_between(first: date, second: date) -> int:
    """Return how many days after ``first`` the day ``second`` is; negative if it is before."""
    return (second - first).days


def notice_given(sent: Instant, meeting: Instant, days: int, zone: TimeZoneName) -> bool:
    """Return whether a notice was sent at least ``days`` days before the date of a meeting.

    The day of sending does not count (article 641) and hours do not matter: the meeting may be on day
    ``days`` after it, or later, on local calendars.

    Args:
        sent: When the notice went out.
        meeting: When the meeting opens.
        days: Days of notice the statutes ask for, 0 or more.
        zone: Zone of the organisation.

    Raises:
        InvalidInputError: As ``local_day``.
    """
    return days_between(local_day(sent, zone), local_day(meeting, zone)) >= days


def calendar_window(year: int, first_month: int, last_month: int) -> tuple[date, date]:
    """Return the first and the last day of a run of whole months: ``(2026, 1, 3)`` is a first quarter.

    Args:
        year: ``FIRST_YEAR <= year <= 9999``.
        first_month: ``1 <= first_month <= last_month``.
        last_month: ``last_month <= 12``, in the same year.

    Raises:
        InvalidInputError: ``calendar.months``: the months are not such a run; ``day.out_of_range``.
    """
    if not 1 <= first_month <= last_month <= 12:
        raise InvalidInputError(
            "calendar.months",
            expected="a first and a last month from 1 to 12, in this order",
            found=f"{first_month} to {last_month}",
        )
    first = _in_range(_in_month(year * 12 + first_month - 1, 1))
    return first, _in_month(year * 12 + last_month - 1, 31)


def _months(duration: Duration) -> int:
    return duration.years * 12 + duration.months


def _month(day: date) -> int:
    """Return the number of the month of a day, counted through the years."""
    return day.year * 12 + day.month - 1


def _in_month(month: int, number: int) -> date:
    """Return the day of a month that bears a number, or the last day of a shorter month."""
    year, month_of_year = month // 12, month % 12 + 1
    if not FIRST_YEAR <= year <= date.max.year:
        raise _out_of_range(f"{year}-{month_of_year:02d}")
    return date(year, month_of_year, min(number, calendar.monthrange(year, month_of_year)[1]))


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise _out_of_range(f"{day} and {days} days") from error


def _in_range(day: date) -> date:
    if day.year < FIRST_YEAR:
        raise _out_of_range(str(day))
    return day


def _out_of_range(found: str) -> InvalidInputError:
    return InvalidInputError(
        "day.out_of_range", expected=f"a day from {FIRST_YEAR} to 9999", found=found
    )


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


def _rules(zone: TimeZoneName) -> ZoneInfo:
    # The list decides, not the file system: some ignore case, and a path may leave the folder.
    if zone not in _known_zones():
        raise InvalidInputError(
            "time_zone.unknown",
            expected="a zone of the IANA database such as Europe/Paris",
            found=zone[:64],
        )
    return _read_rules(zone)


@cache
def _read_rules(zone: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=zone)


def _start(day: date, rules: ZoneInfo) -> datetime:
    """Return the start of a day, in UTC, on a whole second."""
    midnight = datetime.combine(day, time.min, tzinfo=rules)
    # Two readings of one midnight, before and after a change of clocks; without one they agree.
    first, last = sorted(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == last or (last - _SECOND).astimezone(rules).date() < day:
        return last
    # Up to the jump over midnight the date is earlier, from it on it is not.
    low, high = (first - _EPOCH) // _SECOND, (last - _EPOCH) // _SECOND
    while low < high:
        middle = (low + high) // 2
        if (_EPOCH + middle * _SECOND).astimezone(rules).date() < day:
            low = middle + 1
        else:
            high = middle
    return _EPOCH + low * _SECOND
