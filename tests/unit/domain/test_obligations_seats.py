"""Dates of seats: T1 to T5 of ``backend.domain.obligations.seats``, and the day on either side of each."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.deadlines import Day, Duration
from backend.domain.obligations import ObligationDue, Status, obligations
from backend.domain.rulebook.bodies import Body, CoOption, Seat, Term
from backend.domain.rulebook.book import Supplement
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.state import State
from tests.support.calendar_world import CID, ORIGIN, adopted, dissolved, founded, mandate, ruled

BOARD = Body(
    id="board",
    article="16",
    modality="must",
    body="board",
    title="Board",
    seats=(Seat("president", "President", 1, 1), Seat("member", "Member", 2)),
)
TERM = Term(id="term", article="17", modality="must", bodies=("board",), duration=Duration(years=1))
CO_OPTION = CoOption(
    id="co-option",
    article="18",
    modality="may",
    bodies=("board",),
    by=AssemblyParty("annual"),
    within=Duration(years=1),
)


def statuses(state: State, day: Day) -> dict[str, Status]:
    return {each.subject: each.status for each in obligations(state, day)}


def president(state: State | None = None, name: str = "m1", **days: str) -> State:
    starts, ends = days.get("starts", "2025-06-15"), days.get("ends", "2026-06-15")
    return mandate(state or founded(TERM), name, starts=starts, ends=ends)


def in_office(state: State) -> State:
    """Fill the two seats of the board that the tests do not look at."""
    for name in ("x", "y"):
        state = mandate(state, name, starts="2025-06-15", ends="2035-06-15", seat="member")
    return state


def board(*extra: CoOption) -> State:
    return in_office(founded(TERM, BOARD, *extra))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-04-15", "upcoming"),
        ("2026-04-16", "due"),
        ("2026-06-15", "due"),
        ("2026-06-16", "overdue"),
    ],
)
def test_mandate__when_the_term_ends__then_alarm_sixty_days_before_and_vacancy_after(
    day: Day, status: Status
) -> None:
    assert statuses(president(board()), day)["m1"] == status


def test_mandate__when_ending__then_rule_article_window_and_uid_are_named() -> None:
    found = next(
        each for each in obligations(president(board()), "2026-06-01") if each.subject == "m1"
    )
    assert found == ObligationDue(
        kind="mandate",
        subject="m1",
        rule="term",
        article="17",
        first="2026-04-16",
        last="2026-06-15",
        status="due",
        duty=True,
        uid=f"mandate.m1@{ORIGIN}",
        title="President (Board)",
        alarm_days=60,
    )


def test_mandate__when_shorter_than_the_alarm__then_worth_attention_from_its_first_day() -> None:
    state = president(starts="2026-06-01", ends="2026-06-15")
    (found,) = obligations(state, "2026-06-01")
    assert (found.first, found.last) == ("2026-06-01", "2026-06-15")


@pytest.mark.parametrize(("starts", "status"), [("2026-06-16", "done"), ("2026-06-17", "due")])
def test_mandate__when_another_starts_the_day_after__then_done(starts: Day, status: Status) -> None:
    state = president(president(board()), "m2", starts=starts, ends="2027-06-15")
    assert statuses(state, "2026-06-15")["m1"] == status


def test_mandate__when_replaced__then_done_from_then_on() -> None:
    state = mandate(
        board(),
        "m1",
        starts="2025-06-15",
        ends="2026-06-15",
        ended_on="2026-06-01",
        cause="replacement",
    )
    state = president(state, "m2", starts="2026-06-01", ends="2027-06-01")
    assert statuses(state, "2026-05-31")["m1"] == "done"


def test_mandate__when_the_successor_starts_later__then_overdue_until_then() -> None:
    state = president(president(board()), "m2", starts="2026-07-01", ends="2027-07-01")
    assert statuses(state, "2026-06-30")["m1"] == "overdue"
    assert statuses(state, "2026-07-01")["m1"] == "done"


@pytest.mark.parametrize(("day", "status"), [("2026-06-15", "due"), ("2026-06-16", "lapsed")])
def test_mandate__when_enough_others_hold_the_seat__then_nobody_is_late(
    day: Day, status: Status
) -> None:
    state = mandate(board(), "z", starts="2025-06-15", ends="2026-06-15", seat="member")
    assert statuses(state, day)["z"] == status


def test_mandate__when_the_body_is_no_longer_known__then_nobody_is_late() -> None:
    state = adopted(president(board()), on="2026-06-01")
    found = {each.subject: each for each in obligations(state, "2026-06-16")}["m1"]
    assert (found.status, found.rule, found.title) == (
        "lapsed",
        "psephos.obligations",
        "president (board)",
    )


def test_mandate__when_the_term_is_not_stated__then_the_body_is_named() -> None:
    state = president(in_office(founded(BOARD)))
    found = {each.subject: each for each in obligations(state, "2026-06-01")}["m1"]
    assert (found.rule, found.article) == ("board", "16")


@pytest.mark.parametrize(("day", "status"), [("2026-02-28", "due"), ("2026-03-01", "overdue")])
def test_mandate__when_resigned_early__then_vacant_from_that_day(day: Day, status: Status) -> None:
    state = mandate(
        board(),
        "m1",
        starts="2025-06-15",
        ends="2026-06-15",
        ended_on="2026-03-01",
        cause="resignation",
    )
    found = {each.subject: each for each in obligations(state, day)}["m1"]
    assert (found.first, found.last, found.status) == ("2026-02-28", "2026-02-28", status)


def test_mandate__when_ended_before_it_began__then_it_never_counted() -> None:
    state = mandate(
        president(board()),
        "m2",
        starts="2026-06-16",
        ends="2027-06-16",
        ended_on="2026-06-16",
        cause="resignation",
    )
    found = statuses(state, "2026-06-20")
    assert "m2" not in found
    assert found["m1"] == "overdue"


def test_mandate__when_the_holder_stays_after_the_term__then_the_renewal_is_late() -> None:
    state = mandate(board(), "m1", starts="2025-06-15", ends="2026-06-15", holds_over=True)
    assert state.mandate("m1").held_on("2026-06-16")
    assert statuses(state, "2026-06-16")["m1"] == "overdue"


def test_mandate__when_two_of_three_end__then_as_many_are_overdue_as_are_missing() -> None:
    state = president(founded(TERM, BOARD), ends="2035-01-01")
    for number in (1, 2, 3):
        ends = f"2026-0{number}-15"
        state = mandate(state, f"n{number}", starts="2025-06-15", ends=ends, seat="member")
    # Two are the least: one may go, then the latest to leave are those to be replaced.
    assert statuses(state, "2026-01-16")["n1"] == "lapsed"
    assert statuses(state, "2026-02-16") == {
        "m1": "upcoming",
        "n1": "lapsed",
        "n2": "overdue",
        "n3": "due",
    }
    assert statuses(state, "2026-03-16") == {
        "m1": "upcoming",
        "n1": "lapsed",
        "n2": "overdue",
        "n3": "overdue",
    }


def test_mandate__when_the_same_seat_was_vacant_before__then_only_the_latest_is_overdue() -> None:
    state = president(board(), ends="2026-01-15")
    state = president(state, "m2", starts="2026-02-01", ends="2026-06-15")
    assert statuses(state, "2026-01-16")["m1"] == "overdue"
    found = statuses(state, "2026-06-16")
    assert (found["m1"], found["m2"]) == ("done", "overdue")


@pytest.mark.parametrize(("day", "status"), [("2025-06-15", "due"), ("2025-06-16", "overdue")])
def test_vacancy__when_a_seat_was_never_filled__then_overdue_from_the_next_day(
    day: Day, status: Status
) -> None:
    assert statuses(board(), day)["board.president"] == status
    assert "board.president" not in statuses(president(board()), day)
    assert "board.member" not in statuses(board(), day)


def test_vacancy__when_one_of_two_was_never_filled__then_the_seat_is_named_beside_who_left() -> (
    None
):
    state = mandate(
        president(founded(TERM, BOARD)),
        "n1",
        starts="2025-06-15",
        ends="2026-01-15",
        seat="member",
    )
    found = statuses(state, "2026-01-16")
    assert (found["board.member"], found["n1"]) == ("overdue", "overdue")
    state = mandate(state, "n2", starts="2026-01-20", ends="2027-01-20", seat="member")
    assert "board.member" not in statuses(state, "2026-01-20")
    assert statuses(state, "2026-01-20")["n1"] == "overdue"


def test_vacancy__when_new_statutes_ask_for_the_seat__then_counted_from_them() -> None:
    (found,) = (
        each
        for each in obligations(adopted(founded(), BOARD, on="2026-02-01"), "2026-02-01")
        if each.subject == "board.president"
    )
    assert (found.first, found.last, found.rule) == ("2026-02-01", "2026-02-01", "board")


def test_vacancy__when_a_decision_beside_the_statutes_asks_for_the_seat__then_counted_from_it() -> (
    None
):
    state = ruled(founded(), "house", on="2026-03-01")
    version = state.in_force()
    added = Supplement("internal_rules", "house", CID, (BOARD,))
    rulebook = msgspec.structs.replace(version.rulebook, supplements=(added,))
    state = replace(state, statutes=(replace(version, rulebook=rulebook),))
    (found,) = (
        each for each in obligations(state, "2026-03-01") if each.subject == "board.president"
    )
    assert (found.first, found.last, found.status) == ("2026-03-01", "2026-03-01", "due")


@pytest.mark.parametrize(
    ("day", "status"), [("2025-06-15", "due"), ("2026-06-15", "due"), ("2026-06-16", "lapsed")]
)
def test_co_option__when_its_time_ends__then_it_lapses(day: Day, status: Status) -> None:
    found = {each.kind: each for each in obligations(board(CO_OPTION), day)}["co_option"]
    assert (found.subject, found.first, found.last, found.status, found.duty) == (
        "board",
        "2025-06-15",
        "2026-06-15",
        status,
        False,
    )


def test_co_option__when_the_statutes_forbid_it__then_no_date() -> None:
    denied = CoOption(
        id="co-option",
        article="18",
        modality="must_not",
        bodies=("board",),
        by=AssemblyParty("annual"),
        within=Duration(years=1),
    )
    kinds = {each.kind for each in obligations(board(denied), "2025-06-15")}
    assert "co_option" not in kinds


def test_seats__when_dissolved__then_no_date() -> None:
    assert obligations(dissolved(president(board(CO_OPTION))), "2026-06-20") == ()
