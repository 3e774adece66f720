"""Instants: one text per moment."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.domain.instants import epoch_seconds, format_instant, parse_instant
from tests.support.governance import refused


def test_format_instant__other_zone__is_utc_cut_to_the_millisecond() -> None:
    moment = datetime(2026, 2, 1, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert format_instant(moment) == "2026-02-01T09:00:00.999Z"


def test_format_instant__no_zone__refuses() -> None:
    with refused("instant.naive"):
        format_instant(datetime(2026, 2, 1))  # noqa: DTZ001 - the missing zone is what is tested


def test_parse_instant__its_own_text__gives_the_moment() -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, 1000, tzinfo=UTC)
    assert parse_instant("2024-02-29T23:59:59.001Z") == moment


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29T23:59:59.001Z",
        "2024-02-29T23:59:60.000Z",
        "2024-02-29T24:00:00.000Z",
        "2024-02-29T23:59:59.01Z",
        "2024-02-29T23:59:59.001000Z",
        "2024-02-29T23:59:59.001",
        "2024-02-29T23:59:59.001+00:00",
        "2024-2-29T23:59:59.001Z",
        "2024-02-29T23:59:59.001Z ",
        "2024-02-29T23:59:59.001Z\n",
        "0000-00-00T00:00:00.000Z",
    ],
)
def test_parse_instant__one_thing_off__refuses(text: str) -> None:
    with refused("instant.malformed"):
        parse_instant(text)


def test_epoch_seconds__with_milliseconds__rounds_down() -> None:
    assert epoch_seconds("1970-01-01T00:00:01.999Z") == 1
    assert epoch_seconds("1969-12-31T23:59:59.999Z") == -1
    assert epoch_seconds("2026-02-01T09:00:00.000Z") == 1_769_936_400
