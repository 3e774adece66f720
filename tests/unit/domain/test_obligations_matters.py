"""Dates of single matters, and the day on either side of each."""

from dataclasses import replace

import pytest

from backend.domain.deadlines import Day
from backend.domain.facts import InternalRuleSet
from backend.domain.obligations import ObligationDue, ObligationKind, Status, obligations
from backend.domain.rulebook.membership import Appeal, DueProcess
from backend.domain.rulebook.order import Engagement, InternalRules
from backend.domain.rulebook.rule import AssemblyParty, BodyParty
from backend.domain.rulebook.sessions import Periodicity
from backend.domain.rulebook.voting import EffectRule
from backend.domain.state import State
from tests.support.calendar_world import (
    ORIGIN,
    adopted,
    called,
    charged,
    dissolved,
    founded,
    fulfilled,
    held,
    noon,
    proceeding,
    ratified,
    ruled,
)

YEARLY = Periodicity(
    id="yearly", article="14", modality="must", sessions=("annual",), every_years=1, last_month=3
)
RATIFIED = InternalRules(
    id="internal",
    article="22",
    modality="may",
    by=BodyParty("council"),
    effective="at_once",
    ratified_by="annual",
)
DUE_PROCESS = DueProcess(
    id="heard",
    article="11",
    modality="must",
    measures=("exclusion",),
    channels=("post",),
    reply_days=15,
)
APPEAL = Appeal(
    id="appeal",
    article="11",
    modality="may",
    measures=("exclusion",),
    to=AssemblyParty("annual"),
    days=30,
)
EFFECTS = EffectRule(
    id="resolutions",
    article="15",
    modality="may",
    motions=("legislative",),
    effects=("resolution",),
)
AGREEMENT = Engagement(
    id="term", article="2", modality="must", starts="2026-01-01", ends="2026-12-31"
)


def only(state: State, day: Day, kind: ObligationKind) -> ObligationDue | None:
    found = [each for each in obligations(state, day) if each.kind == kind]
    assert len(found) <= 1
    return found[0] if found else None


def status(state: State, day: Day, kind: ObligationKind) -> Status | None:
    found = only(state, day, kind)
    return None if found is None else found.status


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-31", "upcoming"),
        ("2027-01-01", "due"),
        ("2027-03-31", "due"),
        ("2027-04-01", "overdue"),
    ],
)
def test_ratification__when_nothing_is_called__then_due_in_the_next_months_of_the_session(
    day: Day, expected: Status
) -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    assert status(state, day, "ratification") == expected


def test_ratification__when_the_months_are_running__then_due_in_them() -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-03-31")
    found = only(state, "2026-03-31", "ratification")
    assert found is not None
    assert (found.first, found.last) == ("2026-01-01", "2026-03-31")


def test_ratification__when_later_months_were_kept_without_it__then_those_missed_stay() -> None:
    # The assembly of 2028 was called before the rules were made, so that it could not vote on them.
    state = held(founded(YEARLY, RATIFIED), "ag", opens="2028-02-01")
    state = ruled(state, "rules", on="2026-06-01")
    for day in ("2027-04-01", "2028-12-01"):
        assert status(state, day, "ratification") == "overdue"


def test_ratification__when_an_assembly_is_called_since__then_due_there() -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    state = called(state, "later", opens="2026-10-01")
    state = called(state, "ag", opens="2026-09-01")
    found = only(state, "2026-08-01", "ratification")
    assert found == ObligationDue(
        kind="ratification",
        subject="rules",
        rule="internal",
        article="22",
        first="2026-09-01",
        last="2026-09-01",
        status="upcoming",
        duty=True,
        uid=f"ratification.rules@{ORIGIN}",
        title="Motion rules",
    )


def test_ratification__when_the_assembly_was_called_before__then_not_there() -> None:
    state = called(founded(YEARLY, RATIFIED), "ag", opens="2026-09-01")
    state = ruled(state, "rules", on="2026-06-01")
    assert status(state, "2026-09-02", "ratification") == "upcoming"


@pytest.mark.parametrize(("day", "expected"), [("2026-09-01", "due"), ("2026-09-02", "overdue")])
def test_ratification__when_the_next_holding_did_not_vote_on_it__then_overdue(
    day: Day, expected: Status
) -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    state = held(state, "ag", opens="2026-09-01")
    state = held(state, "later", opens="2026-10-01")
    assert status(state, day, "ratification") == expected


def test_ratification__when_the_next_session_was_not_quorate__then_not_due_there() -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    state = held(state, "ag", opens="2026-09-01", outcome="no_quorum")
    assert status(state, "2026-09-02", "ratification") == "upcoming"


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_ratification__when_voted_on__then_done(outcome: str) -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    state = ruled(state, "other", on="2025-06-15")
    state = ratified(state, "other", on="2025-07-01")
    state = ratified(
        state, "rules", on="2026-09-01", outcome="adopted" if outcome == "adopted" else "rejected"
    )
    found = {each.subject: each for each in obligations(state, "2026-07-01")}
    assert (found["other"].last, found["other"].status) == ("2025-07-01", "done")
    window = (found["rules"].first, found["rules"].last)
    assert (window, found["rules"].status) == (("2026-09-01", "2026-09-01"), "done")


def test_ratification__when_the_session_has_no_date__then_none() -> None:
    state = ruled(founded(RATIFIED), "rules", on="2026-06-01")
    assert status(state, "2026-06-02", "ratification") is None


def test_ratification__when_nobody_has_to_confirm_or_the_rules_lapsed__then_none() -> None:
    alone = InternalRules(
        id="internal",
        article="22",
        modality="may",
        by=BodyParty("council"),
        effective="at_once",
    )
    assert (
        status(
            ruled(founded(YEARLY, alone), "rules", on="2026-06-01"), "2026-06-02", "ratification"
        )
        is None
    )
    lapsed = InternalRuleSet("rules", noon("2026-06-01"), "lapsed")
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01", made=lapsed)
    assert status(state, "2026-06-02", "ratification") is None


def test_ratification__when_the_rules_changed_since__then_those_that_made_them_count() -> None:
    state = ruled(founded(YEARLY, RATIFIED), "rules", on="2026-06-01")
    state = adopted(state, YEARLY, on="2026-06-02")
    assert status(state, "2026-06-03", "ratification") == "upcoming"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-02-01", "due"), ("2026-02-16", "due"), ("2026-02-17", "lapsed")],
)
def test_reply__when_grounds_were_served__then_open_so_many_days(
    day: Day, expected: Status
) -> None:
    state = proceeding(founded(DUE_PROCESS), "p", served="2026-02-01")
    assert status(state, day, "reply") == expected
    answered = proceeding(founded(DUE_PROCESS), "p", served="2026-02-01", replied=True)
    assert status(answered, day, "reply") == "done"


def test_reply__when_not_served_or_without_rule__then_none() -> None:
    assert status(proceeding(founded(DUE_PROCESS), "p"), "2026-02-02", "reply") is None
    served = proceeding(founded(), "p", served="2026-02-01")
    assert status(served, "2026-02-02", "reply") is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-01", "due"), ("2026-03-31", "due"), ("2026-04-01", "lapsed")],
)
def test_appeal__when_a_measure_was_taken__then_open_so_many_days(
    day: Day, expected: Status
) -> None:
    state = proceeding(founded(APPEAL), "p", taken="2026-03-01", status="taken")
    assert status(state, day, "appeal") == expected
    lodged = proceeding(founded(APPEAL), "p", taken="2026-03-01", status="appealed")
    assert status(lodged, day, "appeal") == "done"


def test_appeal__when_nothing_was_taken_or_none_is_open__then_none() -> None:
    assert status(proceeding(founded(APPEAL), "p"), "2026-03-02", "appeal") is None
    denied = Appeal(
        id="appeal",
        article="11",
        modality="must_not",
        measures=("exclusion",),
        to=AssemblyParty("annual"),
        days=30,
    )
    state = proceeding(founded(denied), "p", taken="2026-03-01", status="taken")
    assert status(state, "2026-03-02", "appeal") is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-05-01", "due"), ("2026-06-30", "due"), ("2026-07-01", "overdue")],
)
def test_resolution__when_it_charges_somebody__then_due_from_its_day(
    day: Day, expected: Status
) -> None:
    state = charged(founded(EFFECTS), "clean-river", due="2026-06-30", on="2026-05-01")
    found = only(state, day, "resolution")
    assert found == ObligationDue(
        kind="resolution",
        subject="clean-river.report",
        rule="resolutions",
        article="15",
        first="2026-05-01",
        last="2026-06-30",
        status=expected,
        duty=True,
        uid=f"resolution.clean-river.report@{ORIGIN}",
        title="Report on the river",
        bearer="the board",
    )
    assert status(fulfilled(state, "clean-river"), day, "resolution") == "done"
    assert status(dissolved(state), day, "resolution") == expected


def test_resolution__when_due_before_it_was_adopted__then_the_window_is_one_day() -> None:
    state = charged(founded(), "late", due="2026-04-30", on="2026-05-01")
    found = only(state, "2026-05-01", "resolution")
    assert found is not None
    assert (found.first, found.last, found.rule) == (
        "2026-04-30",
        "2026-04-30",
        "psephos.obligations",
    )


@pytest.mark.parametrize("end", ["abrogated", "rejected"])
def test_resolution__when_it_does_not_stand__then_none(end: str) -> None:
    state = charged(founded(EFFECTS), "clean-river", due="2026-06-30", on="2026-05-01")
    ended = replace(
        state.motion("clean-river"), status="abrogated" if end == "abrogated" else "rejected"
    )
    state = replace(state, motions=state.motions.set("clean-river", ended))
    assert status(state, "2026-05-02", "resolution") is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-31", "upcoming"),
        ("2026-11-01", "due"),
        ("2026-12-31", "due"),
        ("2027-01-01", "lapsed"),
    ],
)
def test_engagement__when_it_ends__then_worth_attention_sixty_days_before(
    day: Day, expected: Status
) -> None:
    found = only(founded(AGREEMENT), day, "engagement")
    assert found is not None
    assert (found.status, found.first, found.title) == (expected, "2026-11-01", "Riverside")


def test_engagement__when_shorter_than_the_alarm__then_from_its_first_day() -> None:
    short = Engagement(
        id="term", article="2", modality="must", starts="2026-12-01", ends="2026-12-31"
    )
    found = only(founded(short), "2026-12-01", "engagement")
    assert found is not None
    assert found.first == "2026-12-01"


def test_obligations__when_several__then_by_last_day() -> None:
    state = charged(founded(YEARLY, AGREEMENT), "r", due="2026-02-01", on="2026-01-15")
    kinds = [each.kind for each in obligations(state, "2026-01-20")]
    assert kinds == ["resolution", "session", "engagement"]
