"""Dates of sessions: S1 to S3 and the other rules of their module, and the day on either side of each."""

import pytest

from backend.domain.deadlines import Day, Duration
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.obligations import ObligationDue, ObligationKind, Status, obligations
from backend.domain.quantities import Ratio
from backend.domain.rulebook.rule import AnyMember, SeatParty, Threshold
from backend.domain.rulebook.sessions import (
    AgendaDuty,
    Convocation,
    Minutes,
    OnRequest,
    Periodicity,
    SecondConvocation,
)
from backend.domain.rulebook.topics import Silent
from backend.domain.state import State
from tests.support.calendar_world import (
    ORIGIN,
    adopted,
    attended,
    called,
    dissolved,
    draft,
    founded,
    held,
    minuted,
)

YEARLY = Periodicity(
    id="yearly", article="14", modality="must", sessions=("annual",), every_years=1, last_month=3
)
EVERY_THIRD = Periodicity(
    id="congress", article="15", modality="must", sessions=("annual",), every_years=3, last_month=3
)
DUTY = AgendaDuty(
    id="agenda",
    article="14",
    modality="must",
    sessions=("annual",),
    motions=("approval", "election"),
)
SECOND = SecondConvocation(
    id="second", article="9", modality="may", notice_days=15, within=Duration(months=3)
)
REQUEST = OnRequest(
    id="request",
    article="10",
    modality="may",
    threshold=Threshold(Ratio(1, 2), strict=True),
    within_days=30,
)
MINUTES = Minutes(
    id="minutes",
    article="12",
    modality="must",
    by=(SeatParty("board", "president"),),
    within_days=30,
)


def of(state: State, day: Day, kind: ObligationKind) -> list[ObligationDue]:
    return [each for each in obligations(state, day) if each.kind == kind]


def statuses(state: State, day: Day, kind: ObligationKind = "session") -> dict[str, Status]:
    return {each.subject: each.status for each in of(state, day, kind)}


def test_obligations__when_nothing_is_founded__then_refused() -> None:
    with pytest.raises(NotFoundError):
        obligations(State(), "2026-01-01")


def test_obligations__when_the_day_does_not_exist__then_refused() -> None:
    with pytest.raises(InvalidInputError):
        obligations(founded(), "2026-02-30")


def test_obligations__when_no_rule_sets_a_date__then_none() -> None:
    assert obligations(founded(), "2026-01-01") == ()


def test_session__when_due_in_the_first_quarter__then_rule_article_window_and_uid_are_named() -> (
    None
):
    (found,) = of(founded(YEARLY, DUTY), "2026-02-01", "session")
    assert found == ObligationDue(
        kind="session",
        subject="annual.2026",
        rule="yearly",
        article="14",
        first="2026-01-01",
        last="2026-03-31",
        status="due",
        duty=True,
        uid=f"session.annual.2026@{ORIGIN}",
        title="Assembly",
        motions=("approval", "election"),
        alarm_days=60,
    )


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-12-31", "upcoming"),
        ("2026-01-01", "due"),
        ("2026-03-31", "due"),
        ("2026-04-01", "overdue"),
        ("2026-12-31", "overdue"),
    ],
)
def test_session__when_the_window_passes__then_status_changes_on_its_bounds(
    day: Day, status: Status
) -> None:
    assert statuses(founded(YEARLY), day)["annual.2026"] == status


@pytest.mark.parametrize(
    ("on", "first_year"), [("2026-01-01", 2026), ("2026-01-02", 2027), ("2026-06-01", 2027)]
)
def test_session__when_founded__then_first_due_in_months_that_begin_from_that_day(
    on: Day, first_year: int
) -> None:
    assert next(iter(statuses(founded(YEARLY, on=on), "2026-06-01"))) == f"annual.{first_year}"


@pytest.mark.parametrize(
    ("closes_at", "status"),
    [
        ("2026-03-31T21:59:59.999Z", "done"),
        ("2026-03-31T22:00:00.000Z", "done"),  # midnight in Paris: ended on 31 March
        ("2025-12-31T23:00:00.001Z", "done"),  # first millisecond of 2026 in Paris
        ("2025-12-31T23:00:00.000Z", "due"),
    ],
)
def test_session__when_it_ended_in_its_months_by_local_clock__then_done(
    closes_at: str, status: Status
) -> None:
    state = held(founded(YEARLY), "ag", opens="2025-12-30", closes_at=closes_at)
    assert statuses(state, "2026-03-31")["annual.2026"] == status


def test_session__when_only_called__then_not_done() -> None:
    state = called(founded(YEARLY), "ag", opens="2026-02-01")
    assert statuses(state, "2026-03-01") == {"annual.2026": "due"}


def test_session__when_not_quorate__then_not_done() -> None:
    state = held(founded(YEARLY), "ag", opens="2026-02-01", outcome="no_quorum")
    assert statuses(state, "2026-04-01")["annual.2026"] == "overdue"


def test_session__when_every_motion_was_rejected__then_done_all_the_same() -> None:
    state = held(founded(YEARLY), "ag", opens="2026-02-01", outcome="rejected")
    assert statuses(state, "2026-04-01")["annual.2026"] == "done"


def test_session__when_another_session_was_held__then_not_done() -> None:
    state = held(founded(YEARLY), "council", opens="2026-02-01", session="council")
    assert statuses(state, "2026-02-02") == {"annual.2026": "due"}


def test_session__when_the_agenda_lacked_a_duty__then_not_done() -> None:
    state = held(founded(YEARLY, DUTY), "ag", opens="2026-02-01", kinds=("approval",))
    assert statuses(state, "2026-02-02") == {"annual.2026": "due"}


def test_session__when_two_holdings_cover_the_duties__then_done() -> None:
    state = held(founded(YEARLY, DUTY), "ag", opens="2026-02-01", kinds=("approval",))
    state = held(state, "ag-2", opens="2026-03-01", kinds=("election", "legislative"))
    assert statuses(state, "2026-03-02")["annual.2026"] == "done"


def test_session__when_a_duty_is_added_after_it_was_held__then_still_done() -> None:
    state = held(founded(YEARLY), "ag", opens="2026-02-01")
    state = adopted(state, YEARLY, DUTY, on="2026-03-01")
    assert statuses(state, "2026-03-02")["annual.2026"] == "done"


def test_session__when_held_late__then_done_and_the_next_is_shown() -> None:
    state = held(founded(YEARLY), "ag", opens="2026-06-01")
    assert statuses(state, "2026-06-02") == {"annual.2026": "done", "annual.2027": "upcoming"}


def test_session__when_held_in_the_next_months__then_counts_for_these_alone() -> None:
    state = held(founded(YEARLY), "ag", opens="2027-01-01")
    assert statuses(state, "2027-01-02") == {
        "annual.2026": "overdue",
        "annual.2027": "done",
        "annual.2028": "upcoming",
    }


def test_session__when_missed_two_years_ago__then_only_the_last_miss_is_shown() -> None:
    assert statuses(founded(YEARLY), "2028-02-01") == {
        "annual.2027": "overdue",
        "annual.2028": "due",
    }


def test_session__when_the_duty_came_with_later_statutes__then_nobody_was_late_before() -> None:
    state = adopted(founded(), YEARLY, on="2026-02-01")
    assert statuses(state, "2026-12-01") == {"annual.2027": "upcoming"}


def test_session__when_the_duty_went_on_through_new_statutes__then_the_miss_stays() -> None:
    state = adopted(founded(YEARLY), YEARLY, on="2026-05-01")
    assert statuses(state, "2026-12-01")["annual.2026"] == "overdue"


def test_session__when_the_statutes_are_silent__then_no_date() -> None:
    silent = Silent(id="gap", article="14", matter="periodicity", settled_by="a rule")
    assert obligations(founded(silent), "2026-02-01") == ()


def test_session__when_the_statutes_only_permit_it__then_no_duty() -> None:
    permitted = Periodicity(id="p", article="14", modality="may", every_years=1)
    assert obligations(founded(permitted), "2026-02-01") == ()


@pytest.mark.parametrize(
    ("day", "status"),
    [("2025-10-31", "upcoming"), ("2026-02-28", "due"), ("2026-03-01", "overdue")],
)
def test_session__when_its_months_run_over_new_year__then_the_window_does(
    day: Day, status: Status
) -> None:
    winter = Periodicity(
        id="w", article="14", modality="must", every_years=1, first_month=11, last_month=2
    )
    found = next(
        each for each in of(founded(winter), day, "session") if each.subject.endswith("2025")
    )
    assert (found.first, found.last, found.status) == ("2025-11-01", "2026-02-28", status)


def test_session__when_due_once_in_three_years__then_counted_from_the_last_holding() -> None:
    state = founded(EVERY_THIRD)
    (found,) = of(state, "2027-12-31", "session")
    assert (found.first, found.last, found.status) == ("2026-01-01", "2028-03-31", "due")
    state = held(state, "congress", opens="2027-02-01")
    assert statuses(state, "2027-12-31") == {"annual.2028": "done", "annual.2030": "upcoming"}
    assert statuses(state, "2030-03-31")["annual.2030"] == "due"
    assert statuses(state, "2030-04-01")["annual.2030"] == "overdue"


def test_session__when_due_once_in_three_years_and_held_out_of_season__then_not_done() -> None:
    state = held(founded(EVERY_THIRD), "congress", opens="2027-06-01")
    assert statuses(state, "2028-01-01") == {"annual.2028": "due"}


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-03-15", "upcoming"),
        ("2026-03-16", "due"),
        ("2026-06-01", "due"),
        ("2026-06-02", "lapsed"),
    ],
)
def test_second_convocation__when_not_quorate__then_open_from_notice_to_the_last_day(
    day: Day, status: Status
) -> None:
    state = held(founded(SECOND), "ag", opens="2026-03-01", outcome="no_quorum")
    assert statuses(state, day, "second_convocation") == {"ag": status}


def test_second_convocation__when_the_vote_ran_on__then_earliest_after_it_latest_from_its_opening() -> (
    None
):
    state = held(
        founded(SECOND),
        "ag",
        opens="2026-03-01",
        closes_at="2026-03-10T18:00:00.000Z",
        outcome="no_quorum",
    )
    (found,) = of(state, "2026-03-20", "second_convocation")
    assert (found.first, found.last) == ("2026-03-25", "2026-06-01")
    (found,) = of(attended(state, "ag"), "2026-03-20", "second_convocation")
    assert (found.first, found.last) == ("2026-03-16", "2026-06-01")


def test_second_convocation__when_the_statutes_oblige__then_overdue_after_the_last_day() -> None:
    rule = SecondConvocation(
        id="second", article="9", modality="must", notice_days=15, within=Duration(months=3)
    )
    state = held(founded(rule), "ag", opens="2026-03-01", outcome="no_quorum")
    assert statuses(state, "2026-06-02", "second_convocation") == {"ag": "overdue"}


def test_second_convocation__when_called__then_done_and_no_third() -> None:
    state = held(founded(SECOND), "ag", opens="2026-03-01", outcome="no_quorum")
    state = called(state, "ag-2", opens="2026-04-01", previous="ag")
    assert statuses(state, "2026-04-02", "second_convocation") == {"ag": "done"}


def test_second_convocation__when_quorate_open_or_forbidden__then_none() -> None:
    quorate = held(founded(SECOND), "ag", opens="2026-03-01")
    opened = called(founded(SECOND), "ag", opens="2026-03-01")
    denied = SecondConvocation(
        id="second", article="9", modality="must_not", notice_days=15, within=Duration(months=3)
    )
    forbidden = held(founded(denied), "ag", opens="2026-03-01", outcome="no_quorum")
    for state in (quorate, opened, forbidden):
        assert statuses(state, "2026-04-01", "second_convocation") == {}


def test_second_convocation__when_notice_exceeds_the_time__then_the_window_is_one_day() -> None:
    rule = SecondConvocation(
        id="second", article="9", modality="may", notice_days=40, within=Duration(months=1)
    )
    state = held(founded(rule), "ag", opens="2026-03-01", outcome="no_quorum")
    (found,) = of(state, "2026-03-02", "second_convocation")
    assert found.first == found.last == "2026-04-01"


@pytest.mark.parametrize(("day", "status"), [("2026-05-31", "due"), ("2026-06-01", "overdue")])
def test_convocation__when_demanded__then_due_so_many_days_after(day: Day, status: Status) -> None:
    state = draft(founded(REQUEST), "d", complete="2026-05-01")
    assert statuses(state, day, "convocation") == {"d": status}
    done = draft(founded(REQUEST), "d", complete="2026-05-01", answered_by="ag")
    assert statuses(done, day, "convocation") == {"d": "done"}


def test_convocation__when_not_enough_ask_or_nobody_may__then_none() -> None:
    assert not of(draft(founded(REQUEST), "d", complete=None), "2026-06-01", "convocation")
    assert not of(draft(founded(), "d", complete="2026-05-01"), "2026-06-01", "convocation")


def test_convocation__when_the_statutes_name_the_convener__then_the_bearer() -> None:
    rule = Convocation(id="c", article="10", modality="may", bearer="the board", by=(AnyMember(),))
    state = draft(founded(REQUEST, rule), "d", complete="2026-05-01")
    (found,) = of(state, "2026-05-02", "convocation")
    assert (found.bearer, found.title, found.article) == ("the board", "Session d", "10")


@pytest.mark.parametrize(
    ("day", "status"), [("2026-02-01", "due"), ("2026-03-03", "due"), ("2026-03-04", "overdue")]
)
def test_minutes__when_a_session_is_closed__then_due_so_many_days_after(
    day: Day, status: Status
) -> None:
    state = held(founded(MINUTES), "ag", opens="2026-02-01", outcome="no_quorum")
    assert statuses(state, day, "minutes") == {"ag": status}
    assert statuses(minuted(state, "ag"), day, "minutes") == {"ag": "done"}


def test_minutes__when_the_session_is_open_or_no_rule_governed_it__then_none() -> None:
    assert not of(called(founded(MINUTES), "ag", opens="2026-02-01"), "2026-03-04", "minutes")
    state = adopted(held(founded(), "ag", opens="2026-02-01"), MINUTES, on="2026-02-02")
    assert not of(state, "2026-03-04", "minutes")


def test_minutes__when_the_rules_ended_since__then_still_due_under_those_that_governed() -> None:
    state = adopted(held(founded(MINUTES), "ag", opens="2026-02-01"), on="2026-02-02")
    (found,) = of(state, "2026-02-03", "minutes")
    assert (found.rule, found.bearer) == ("minutes", "president (board)")


def test_obligations__when_dissolved__then_only_what_had_begun_goes_on() -> None:
    state = held(founded(YEARLY, MINUTES, SECOND), "ag", opens="2026-02-01", outcome="no_quorum")
    state = draft(state, "d", complete="2026-02-02")
    assert [each.kind for each in obligations(dissolved(state), "2026-02-03")] == ["minutes"]


@pytest.mark.parametrize(("day", "kept"), [("2027-06-02", True), ("2027-06-03", False)])
def test_obligations__when_settled_for_a_year__then_left_out(day: Day, kept: bool) -> None:  # noqa: FBT001
    state = held(founded(SECOND), "ag", opens="2026-03-01", outcome="no_quorum")
    assert bool(of(state, day, "second_convocation")) is kept
