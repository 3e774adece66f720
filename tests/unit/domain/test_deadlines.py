"""Dates of statutes: the examples a secretary would check on paper, and clocks that misbehave."""

import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from backend.domain.deadlines import (
    MAX_DAYS,
    MAX_MONTHS,
    MAX_YEARS,
    Day,
    Duration,
    TimeZoneName,
    add,
    calendar_window,
    days_between,
    end_of_day,
    format_day,
    local_day,
    notice_given,
    parse_day,
    start_of_day,
    within,
)
from backend.domain.errors import InvalidInputError

PARIS = "Europe/Paris"


def _day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def machine_zones(tmp_path: Path) -> Iterator[Path]:
    """Folder that takes the place of the machine's own time zone rules."""
    zoneinfo.reset_tzpath(to=[tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize("text", ["2026-01-31", "2024-02-29", "2000-02-29", "1583-01-01"])
def test_parse_day__day_that_exists__is_written_back_the_same(text: str) -> None:
    assert format_day(parse_day(text)) == text


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "20260101", "2026-W01-1",
     "2026-01-01T00", " 2026-01-01", "2026-01-01\n", "٢٠٢٦-01-01", "-2026-01-01", "0000-01-01", ""],
)  # fmt: skip
def test_parse_day__anything_else__is_malformed(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_day(text)
    assert caught.value.code == "day.malformed"


def test_parse_day__before_the_gregorian_calendar__is_out_of_range() -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_day("1582-12-31")
    assert caught.value.code == "day.out_of_range"
    assert (caught.value.expected, caught.value.found) == ("a day from 1583 to 9999", "1582-12-31")


@pytest.mark.parametrize("text", ["2026-01-01\n", "2026-1-1", "tomorrow"])
def test_day__loose_text_in_a_document__is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Day)


@pytest.mark.parametrize("name", ["UTC", PARIS, "America/Argentina/Buenos_Aires", "Etc/GMT+12"])
def test_time_zone_name__name_of_a_zone__is_accepted_and_known(name: str) -> None:
    assert msgspec.convert(name, TimeZoneName) == name
    assert local_day("2026-06-15T12:00:00.000Z", name) == _day("2026-06-15")


def test_time_zone_name__every_packaged_zone__fits_the_pattern_and_loads() -> None:
    for name in files("tzdata").joinpath("zones").read_text("ascii").split():
        assert msgspec.convert(name, TimeZoneName) == name
        assert start_of_day(_day("2026-06-15"), name).startswith("2026-06-1")


@pytest.mark.parametrize(
    "name",
    ["Europe/Lutece", "europe/paris", "../zones", "zones", "Europe", "/etc/localtime", "localtime",
     "CET-1CEST", "Europe/Paris\0", ""],
)  # fmt: skip
def test_local_day__zone_that_is_not_listed__is_unknown(name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        local_day("2026-06-15T12:00:00.000Z", name)
    assert caught.value.code == "time_zone.unknown"


def test_local_day__machine_with_other_rules__reads_the_packaged_ones(machine_zones: Path) -> None:
    tokyo = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo")
    (machine_zones / "Europe").mkdir()
    with tokyo.open("rb") as rules, (machine_zones / "Europe/Tallinn").open("wb") as false_rules:
        shutil.copyfileobj(rules, false_rules)
    winter = datetime(2026, 1, 15, tzinfo=zoneinfo.ZoneInfo("Europe/Tallinn"))
    assert winter.utcoffset() == timedelta(hours=9)
    assert start_of_day(_day("2026-01-15"), "Europe/Tallinn") == "2026-01-14T22:00:00.000Z"


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-01-31T22:59:59.999Z", PARIS, "2026-01-31"),
        ("2026-01-31T23:00:00.000Z", PARIS, "2026-02-01"),
        ("2026-07-31T21:59:59.999Z", PARIS, "2026-07-31"),
        ("2026-07-31T22:00:00.000Z", PARIS, "2026-08-01"),
        ("2026-01-31T09:59:59.999Z", "Pacific/Kiritimati", "2026-01-31"),
        ("2026-01-31T10:00:00.000Z", "Pacific/Kiritimati", "2026-02-01"),
        ("2026-01-31T03:29:59.999Z", "America/St_Johns", "2026-01-30"),
        ("2026-01-31T03:30:00.000Z", "America/St_Johns", "2026-01-31"),
    ],
)
def test_local_day__either_side_of_midnight__changes_there(
    instant: str, zone: str, day: str
) -> None:
    assert local_day(instant, zone) == _day(day)


@pytest.mark.parametrize(
    ("day", "zone", "start", "end"),
    [
        # Clocks of Paris: a day of 23 hours, one of 25.
        ("2026-03-29", PARIS, "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"),
        ("2026-10-25", PARIS, "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"),
        # Rules continue past the last change that is written out.
        ("2100-07-14", PARIS, "2100-07-13T22:00:00.000Z", "2100-07-14T22:00:00.000Z"),
        # No midnight: clocks jump from 00:00 to 01:00.
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"),
        # No midnight, inside the jump: from 23:30 to 00:30.
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00.000Z", "1919-04-01T04:00:00.000Z"),
        # Midnight twice in one day: from 01:00 back to 00:00.
        ("2024-11-03", "America/Havana", "2024-11-03T04:00:00.000Z", "2024-11-04T05:00:00.000Z"),
        # An evening twice: from 24:00 back to 23:00.
        ("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00.000Z", "2018-02-18T03:00:00.000Z"),
        # Midnight twice, a day apart: from 00:01 back to 23:01.
        ("2010-11-06", "America/St_Johns", "2010-11-06T02:30:00.000Z", "2010-11-07T03:30:00.000Z"),
        ("2010-11-07", "America/St_Johns", "2010-11-07T03:30:00.000Z", "2010-11-08T03:30:00.000Z"),
        # A day that never was, and the days around it.
        ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z"),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"),
        ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31T10:00:00.000Z"),
    ],
)
def test_start_and_end_of_day__unusual_clocks__enclose_the_day(
    day: str, zone: str, start: str, end: str
) -> None:
    assert start_of_day(_day(day), zone) == start
    assert end_of_day(_day(day), zone) == end


def test_local_day__clock_set_back_across_midnight__waits_for_the_second_midnight() -> None:
    zone = "America/St_Johns"
    assert local_day("2010-11-07T02:30:30.000Z", zone) == _day("2010-11-06")
    assert local_day("2010-11-07T03:29:59.999Z", zone) == _day("2010-11-06")
    assert local_day("2010-11-07T03:30:00.000Z", zone) == _day("2010-11-07")


def test_local_day__clock_beyond_the_calendar__is_out_of_range() -> None:
    with pytest.raises(InvalidInputError) as caught:
        local_day("9999-12-31T23:30:00.000Z", PARIS)
    assert caught.value.code == "day.out_of_range"
    with pytest.raises(InvalidInputError):
        local_day("1582-12-31T12:00:00.000Z", PARIS)
    with pytest.raises(InvalidInputError):
        end_of_day(date.max, PARIS)
    with pytest.raises(InvalidInputError):
        start_of_day(_day("1582-12-31"), PARIS)
    assert start_of_day(date.max, PARIS) == "9999-12-30T23:00:00.000Z"
    assert start_of_day(date.max, "Pacific/Honolulu") == "9999-12-31T10:00:00.000Z"


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (Duration(years=4), "P4Y"),
        (Duration(months=3), "P3M"),
        (Duration(days=15), "P15D"),
        (Duration(years=1, months=2, days=10), "P1Y2M10D"),
        (Duration(years=10, days=1), "P10Y1D"),
    ],
)
def test_duration__text__is_iso_8601(duration: Duration, text: str) -> None:
    assert str(duration) == text


@pytest.mark.parametrize(
    "document",
    [b"{}", b'{"years":0}', b'{"years":-1}', b'{"years":1,"days":-1}', b'{"days":1.5}',
     b'{"days":true}', b'{"days":"1"}', b'{"weeks":2}', b'{"years":101}', b'{"months":1201}',
     b'{"days":36526}'],
)  # fmt: skip
def test_duration__document_that_states_none__is_refused(document: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(document, type=Duration)


def test_duration__bounds__are_accepted_and_no_more() -> None:
    longest = Duration(years=MAX_YEARS, months=MAX_MONTHS, days=MAX_DAYS)
    assert msgspec.json.decode(msgspec.json.encode(longest), type=Duration) == longest
    for years, months, days in ((MAX_YEARS + 1, 0, 0), (0, MAX_MONTHS + 1, 0), (0, 0, -1)):
        with pytest.raises(ValueError, match="a century at most"):
            Duration(years=years, months=months, days=days)


@pytest.mark.parametrize(
    ("day", "duration", "end"),
    [
        ("2026-01-31", Duration(months=1), "2026-02-28"),
        ("2024-01-31", Duration(months=1), "2024-02-29"),
        ("2026-02-28", Duration(months=1), "2026-03-28"),
        ("2025-11-30", Duration(months=3), "2026-02-28"),
        ("2023-11-30", Duration(months=3), "2024-02-29"),
        ("2024-02-29", Duration(years=1), "2025-02-28"),
        ("2024-02-29", Duration(years=4), "2028-02-29"),
        ("2022-06-10", Duration(years=4), "2026-06-10"),
        ("2026-12-31", Duration(months=2), "2027-02-28"),
        ("2026-12-31", Duration(days=1), "2027-01-01"),
        ("2024-02-28", Duration(days=1), "2024-02-29"),
        # Cut once: 29 February 2024 plus thirteen months is in March, and keeps its number.
        ("2024-02-29", Duration(years=1, months=1), "2025-03-29"),
        # Months first, then days.
        ("2026-01-31", Duration(months=1, days=1), "2026-03-01"),
        ("2026-02-12", Duration(months=1, days=15), "2026-03-27"),
    ],
)
def test_add__periods_of_statutes__end_where_article_641_says(
    day: str, duration: Duration, end: str
) -> None:
    assert add(_day(day), duration) == _day(end)
    assert within(_day(day), _day(end), duration)
    assert not within(_day(day), date.fromordinal(_day(end).toordinal() + 1), duration)


def test_add__period_that_ends_on_a_sunday__is_not_prolonged() -> None:
    sunday = _day("2026-03-01")
    assert sunday.isoweekday() == 7
    assert add(_day("2026-02-01"), Duration(months=1)) == sunday


@pytest.mark.parametrize("duration", [Duration(days=1), Duration(months=1), Duration(years=1)])
def test_add__past_the_last_year__is_out_of_range(duration: Duration) -> None:
    with pytest.raises(InvalidInputError) as caught:
        add(date.max, duration)
    assert caught.value.code == "day.out_of_range"


@pytest.mark.parametrize(
    ("sent", "meeting", "days", "zone", "given"),
    [
        ("2026-03-01T09:00:00.000Z", "2026-03-16T09:00:00.000Z", 15, PARIS, True),
        ("2026-03-01T09:00:00.000Z", "2026-03-15T23:00:00.000Z", 15, PARIS, True),
        ("2026-03-01T09:00:00.000Z", "2026-03-15T22:59:00.000Z", 15, PARIS, False),
        # Late in the evening, a meeting in the morning: days count, hours do not.
        ("2026-03-01T22:59:59.999Z", "2026-03-16T07:00:00.000Z", 15, PARIS, True),
        ("2026-03-01T23:00:00.000Z", "2026-03-16T07:00:00.000Z", 15, PARIS, False),
        # 30 days across the spring change of clocks.
        ("2026-03-15T22:30:00.000Z", "2026-04-13T22:00:00.000Z", 30, PARIS, True),
        ("2026-03-15T23:00:00.000Z", "2026-04-14T21:59:00.000Z", 30, PARIS, False),
        # The same two instants lie on other days elsewhere.
        ("2026-03-01T09:59:00.000Z", "2026-03-15T10:00:00.000Z", 15, "Pacific/Kiritimati", True),
        ("2026-03-01T09:59:00.000Z", "2026-03-15T10:00:00.000Z", 15, "America/St_Johns", False),
        ("2026-03-01T09:00:00.000Z", "2026-03-01T08:00:00.000Z", 1, PARIS, False),
    ],
)
def test_notice_given__local_days__decide(
    sent: str, meeting: str, days: int, zone: str, *, given: bool
) -> None:
    assert notice_given(sent, meeting, days, zone) is given


def test_days_between__leap_day__counts() -> None:
    assert days_between(_day("2024-02-28"), _day("2024-03-01")) == 2
    assert days_between(_day("2026-03-01"), _day("2026-02-28")) == -1


@pytest.mark.parametrize(
    ("year", "months", "window"),
    [
        (2026, (1, 3), ("2026-01-01", "2026-03-31")),
        (2024, (1, 2), ("2024-01-01", "2024-02-29")),
        (2026, (2, 2), ("2026-02-01", "2026-02-28")),
        (9999, (1, 12), ("9999-01-01", "9999-12-31")),
    ],
)
def test_calendar_window__run_of_months__has_its_first_and_last_day(
    year: int, months: tuple[int, int], window: tuple[str, str]
) -> None:
    assert calendar_window(year, *months) == (_day(window[0]), _day(window[1]))


@pytest.mark.parametrize(
    ("year", "months", "code"),
    [
        (2026, (0, 3), "calendar.months"),
        (2026, (4, 3), "calendar.months"),
        (2026, (1, 13), "calendar.months"),
        (1582, (1, 3), "day.out_of_range"),
        (10_000, (1, 3), "day.out_of_range"),
    ],
)
def test_calendar_window__no_such_months__is_refused(
    year: int, months: tuple[int, int], code: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        calendar_window(year, *months)
    assert caught.value.code == code
    assert caught.value.expected
    if code == "calendar.months":
        assert caught.value.found == f"{months[0]} to {months[1]}"
