"""Properties of the calendar over organisations of any history: bounds, order, and time that only runs on."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.deadlines import Duration, format_day, parse_day
from backend.domain.obligations import KEPT_DAYS, SETTLED, ObligationDue, Status, obligations
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import Body, CoOption, Seat, Term
from backend.domain.rulebook.membership import Appeal, DueProcess
from backend.domain.rulebook.order import Engagement, InternalRules
from backend.domain.rulebook.rule import AssemblyParty, BodyParty, SeatParty, Threshold
from backend.domain.rulebook.sessions import (
    AgendaDuty,
    Minutes,
    OnRequest,
    Periodicity,
    SecondConvocation,
)
from backend.domain.state import State
from backend.services.calendars import calendar_feed
from tests.support import calendar_world as world
from tests.support.icalendar_lines import read_calendar

RANK: dict[Status, int] = {"upcoming": 0, "due": 1, "overdue": 2, "done": 3, "lapsed": 3}
"""Order in which statuses follow one another while nothing is recorded."""

FIRST, LAST = date(2025, 1, 1), date(2031, 12, 31)
DAYS = st.dates(FIRST, LAST).map(format_day)


@st.composite
def states(draw: st.DrawFn) -> State:
    """Organisations with assemblies, mandates, drafts, proceedings, resolutions and internal rules."""
    months = sorted(draw(st.tuples(st.integers(1, 12), st.integers(1, 12))))
    state = world.founded(
        Periodicity(
            id="yearly",
            article="1",
            modality="must",
            every_years=draw(st.integers(1, 3)),
            first_month=months[0],
            last_month=months[1],
        ),
        AgendaDuty(id="duty", article="1", modality="must", motions=("approval",)),
        SecondConvocation(
            id="second",
            article="2",
            modality=draw(st.sampled_from(("may", "must"))),
            notice_days=draw(st.integers(0, 40)),
            within=Duration(months=1),
        ),
        OnRequest(
            id="request",
            article="3",
            modality="may",
            threshold=Threshold(Ratio(1, 2)),
            within_days=30,
        ),
        Minutes(
            id="minutes",
            article="4",
            modality="must",
            by=(SeatParty("board", "president"),),
            within_days=draw(st.integers(0, 60)),
        ),
        Body(
            id="board",
            article="5",
            modality="must",
            body="board",
            title="Board",
            seats=(
                Seat("president", "President", draw(st.integers(0, 1)), 1),
                Seat("member", "Member", draw(st.integers(0, 3))),
            ),
        ),
        Term(
            id="term", article="6", modality="must", bodies=("board",), duration=Duration(years=1)
        ),
        CoOption(
            id="co-option",
            article="7",
            modality="may",
            bodies=("board",),
            by=AssemblyParty("annual"),
            within=Duration(years=1),
        ),
        InternalRules(
            id="internal",
            article="8",
            modality="may",
            by=BodyParty("board"),
            effective="at_once",
            ratified_by="annual",
        ),
        DueProcess(
            id="heard",
            article="9",
            modality="must",
            measures=("exclusion",),
            channels=("post",),
            reply_days=15,
        ),
        Appeal(
            id="appeal",
            article="10",
            modality="may",
            measures=("exclusion",),
            to=AssemblyParty("annual"),
            days=30,
        ),
        Engagement(
            id="agreement", article="11", modality="must", starts="2026-01-01", ends="2027-12-31"
        ),
        on=draw(DAYS),
    )
    for number in range(draw(st.integers(0, 4))):
        state = world.held(
            state,
            f"a{number}",
            opens=draw(DAYS),
            kinds=draw(st.sampled_from((("approval",), ("legislative",)))),
            outcome=draw(st.sampled_from(("adopted", "rejected", "no_quorum"))),
        )
    for number in range(draw(st.integers(0, 5))):
        starts, length = draw(DAYS), draw(st.integers(0, 800))
        end = st.none() | st.integers(0, 800)
        early = draw(end)
        state = world.mandate(
            state,
            f"m{number}",
            starts=starts,
            ends=_after(starts, length),
            ended_on=None if early is None else _after(starts, early),
            cause=None if early is None else "resignation",
            seat=draw(st.sampled_from(("president", "member"))),
            holds_over=draw(st.booleans()),
        )
    state = world.draft(state, "d", complete=draw(st.none() | DAYS))
    state = world.proceeding(
        state, "p", served=draw(st.none() | DAYS), taken=draw(st.none() | DAYS)
    )
    state = world.charged(state, "r", due=draw(DAYS), on=draw(DAYS))
    if draw(st.booleans()):
        state = world.ruled(state, "i", on=draw(DAYS))
    return world.called(state, "open", opens=draw(DAYS)) if draw(st.booleans()) else state


def _after(day: str, days: int) -> str:
    return format_day(parse_day(day) + timedelta(days=days))


def _by_uid(found: tuple[ObligationDue, ...]) -> dict[str, ObligationDue]:
    return {each.uid: each for each in found}


@given(state=states(), day=DAYS)
def test_obligations__when_asked_on_any_day__then_each_status_fits_its_window(
    state: State, day: str
) -> None:
    for each in obligations(state, day):
        assert each.first <= each.last
        if each.status == "upcoming":
            assert day < each.first
        if each.status == "due":
            assert each.first <= day <= each.last
        if each.status in ("overdue", "lapsed"):
            assert each.last < day
            assert each.duty == (each.status == "overdue")
        if each.status in SETTLED:
            assert parse_day(each.last) >= parse_day(day) - timedelta(days=KEPT_DAYS)


@given(state=states(), day=DAYS)
def test_obligations__when_asked_on_any_day__then_in_order_and_named_once(
    state: State, day: str
) -> None:
    found = obligations(state, day)
    assert [each.last for each in found] == sorted(each.last for each in found)
    assert len(_by_uid(found)) == len(found)
    assert found == obligations(state, day)
    assert all(each.rule for each in found)


@given(state=states(), days=st.tuples(DAYS, DAYS))
def test_obligations__when_time_runs_on__then_no_status_goes_back(
    state: State, days: tuple[str, str]
) -> None:
    earlier, later = sorted(days)
    before, after = _by_uid(obligations(state, earlier)), _by_uid(obligations(state, later))
    for uid in before.keys() & after.keys():
        first, second = before[uid], after[uid]
        assert RANK[first.status] <= RANK[second.status], (first, second)
        if "done" in (first.status, second.status):
            continue
        assert (first.first, first.last) == (second.first, second.last)
    for uid in before.keys() - after.keys():
        lost = before[uid]
        overdue = lost.status == "overdue" or (lost.duty and lost.last < later)
        # What is missed stays, save sessions, of which the next miss takes the place, and filled seats.
        if overdue and lost.status != "done":
            assert lost.kind in ("session", "vacancy", "mandate"), lost


@given(state=states(), day=DAYS)
def test_feed__when_given_for_any_organisation__then_well_formed_and_complete(
    state: State, day: str
) -> None:
    found = obligations(state, day)
    calendar = read_calendar(calendar_feed(found, "Riverside", "fr", state.at))
    assert [each.properties["UID"][1] for each in calendar.children] == [each.uid for each in found]
