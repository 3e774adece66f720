"""Calendars counted the slow, literal way: one day, one month, one minute at a time.

Oracle for ``backend.domain.deadlines``: nothing here divides, cuts or searches.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year, January first."""


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month.

    Args:
        year: Gregorian year.
        month: 1 to 12.
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else LENGTHS[month - 1]


def next_day(year: int, month: int, number: int) -> tuple[int, int, int]:
    """Return the year, month and number of the day after the given one."""
    if number < month_length(year, month):
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def period_end(day: date, years: int, months: int, days: int) -> date:
    """Return the last day of a period, as article 641 of the code of civil procedure counts it.

    Args:
        day: Day of the event.
        years: Years of the period.
        months: Months, counted with the years.
        days: Days, counted after the months.
    """
    year, month, number = day.year + years, day.month, day.day
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    while number > month_length(year, month):
        number -= 1
    for _ in range(days):
        year, month, number = next_day(year, month, number)
    return date(year, month, number)


def day_start(day: date, rules: tzinfo) -> datetime:
    """Return the minute from which the local date is ``day`` or later, for good.

    Args:
        day: The day; clocks of the zone stand a whole number of minutes from UTC around it.
        rules: Rules of the zone.
    """
    minute = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=2)
    while (minute - timedelta(minutes=1)).astimezone(rules).date() >= day:
        minute -= timedelta(minutes=1)
    return minute
