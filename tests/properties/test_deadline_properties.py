"""What holds of every day, every period and every clock, against a calendar counted step by step."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.deadlines import (
    Duration,
    add,
    days_between,
    end_of_day,
    format_day,
    local_day,
    notice_given,
    parse_day,
    start_of_day,
)
from backend.domain.instants import format_instant, parse_instant
from tests.support.calendar_oracle import day_start, period_end

ONE_DAY = timedelta(days=1)
A_MILLISECOND = timedelta(milliseconds=1)

zones = st.sampled_from(
    [
        "Europe/Paris", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Apia", "America/Havana",
        "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "Atlantic/Azores", "Etc/GMT+12",
    ]
)  # fmt: skip
every_zone = st.sampled_from(files("tzdata").joinpath("zones").read_text("ascii").split())
moments = st.datetimes(datetime(1850, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(1890, 1, 1), date(2200, 12, 31))
days_by_the_minute = st.dates(date(1973, 1, 1), date(2060, 12, 31))
"""Clocks stood a whole number of minutes from UTC everywhere since 1973."""
month_ends = days.map(lambda day: day.replace(day=1) - ONE_DAY)
februaries = days.map(lambda day: date(day.year, 2, 28) + ONE_DAY)
"""29 February, or 1 March of a common year."""
calendar_days = days | month_ends | februaries
durations = (
    st.tuples(st.integers(0, 5), st.integers(0, 30), st.integers(0, 70))
    .filter(any)
    .map(lambda parts: Duration(*parts))
)


def _packaged(zone: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules)


@given(calendar_days)
def test_day__written_and_read__is_the_same(day: date) -> None:
    assert parse_day(format_day(day)) == day


@given(calendar_days, durations)
def test_add__any_period__ends_where_counting_by_hand_ends(day: date, duration: Duration) -> None:
    assert add(day, duration) == period_end(day, duration.years, duration.months, duration.days)


@given(calendar_days, durations)
def test_add__later_day__never_ends_earlier(day: date, duration: Duration) -> None:
    assert add(day, duration) <= add(day + ONE_DAY, duration)
    assert add(day, duration) > day


@given(durations)
def test_duration__through_a_document__is_the_same(duration: Duration) -> None:
    assert msgspec.json.decode(msgspec.json.encode(duration), type=Duration) == duration


@given(days_by_the_minute, zones)
def test_start_of_day__any_clock__is_the_minute_found_by_watching_it(day: date, zone: str) -> None:
    assert start_of_day(day, zone) == format_instant(day_start(day, _packaged(zone)))


@given(every_zone, st.dates(date(1850, 1, 1), date(2100, 12, 31)))
def test_local_day__start_and_end_of_any_day__enclose_it(zone: str, day: date) -> None:
    start, end = start_of_day(day, zone), end_of_day(day, zone)
    assert start <= end
    before = format_instant(parse_instant(start) - A_MILLISECOND)
    assert local_day(before, zone) < day
    assert local_day(end, zone) > day
    if start < end:
        last = format_instant(parse_instant(end) - A_MILLISECOND)
        assert local_day(start, zone) == local_day(last, zone) == day


@given(moments, every_zone, days)
def test_end_of_day__any_instant__is_before_it_exactly_when_its_day_is_no_later(
    moment: datetime, zone: str, day: date
) -> None:
    instant = format_instant(moment)
    for deadline in (day, moment.date() - ONE_DAY, moment.date(), moment.date() + ONE_DAY):
        in_time = instant < end_of_day(deadline, zone)
        assert in_time is (local_day(instant, zone) <= deadline)


@given(
    days_by_the_minute, st.integers(1, 60), st.integers(0, 86_399), st.integers(0, 86_399), zones
)
def test_notice_given__day_count_is_met_or_one_short__decides_whatever_the_hours(
    day: date, count: int, sent_at: int, opens_at: int, zone: str
) -> None:
    def during(which: date, second: int) -> str:
        start, end = (
            parse_instant(start_of_day(which, zone)),
            parse_instant(end_of_day(which, zone)),
        )
        moment = start + timedelta(seconds=second)
        return format_instant(moment if moment < end else max(start, end - A_MILLISECOND))

    sent, meeting = during(day, sent_at), during(day + count * ONE_DAY, opens_at)
    actual = days_between(local_day(sent, zone), local_day(meeting, zone))
    assert notice_given(sent, meeting, actual, zone)
    assert not notice_given(sent, meeting, actual + 1, zone)
