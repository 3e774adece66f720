"""Second convocation, R1 to R4: day 14 and day 15, three months, and only what had no quorum."""

import pytest

from backend.domain.acts import Outcome, SessionRound
from backend.domain.rulebook.sessions import SecondConvocation
from backend.domain.rulebook.topics import AnyRule, Silent
from tests.support.assembly_world import World, altered, refused, rules_with

# First session on 20 January 2026, over on 22 January.
FIRST = "extraordinary"


def _missed(*changed: AnyRule, outcome: Outcome = "no_quorum", days: int = 0) -> World:
    """Return an organisation whose extraordinary assembly on "bridge" and "weir" ended so, and days on."""
    world = World(rules_with(*changed))
    world.ready("bridge", "weir", session=FIRST)
    world.advance(days=2)
    world.end(FIRST, outcome)
    world.advance(days=days)
    return world


def _second(world: World, *motions: str, **fields: object) -> str:
    again = {"assembly": "second", "session": FIRST, "round": 2, "previous": FIRST, **fields}
    return world.convene(*(motions or ("bridge",)), **again)


def test_second__lawful__freezes_the_second_round() -> None:
    world = _missed()
    _second(world, "bridge", "weir")
    assert world.state.poll("bridge").assembly == "second"
    assert world.state.motion("weir").status == "convened"


@pytest.mark.parametrize(("days", "lawful"), [(14, False), (15, True), (16, True)])
def test_second__15_days_of_notice__by_days_not_hours(days: int, lawful: bool) -> None:  # noqa: FBT001 - a case
    world = _missed()
    opens = world.at(days=days, hours=-8)
    if lawful:
        _second(world, opens_at=opens)
        return
    with refused("assembly.notice", rule="second", article="12") as caught:
        _second(world, opens_at=opens)
    assert caught.value.found == "14 days"


@pytest.mark.parametrize(
    ("opens", "closes", "lawful"),
    [
        ("2026-04-20T21:59:00.000Z", "2026-04-22T09:00:00.000Z", True),
        ("2026-04-20T22:00:00.000Z", "2026-04-22T09:00:00.000Z", False),
    ],
)
def test_r4__three_months_after_the_first_day__in_local_days(
    opens: str,
    closes: str,
    lawful: bool,  # noqa: FBT001 - a case
) -> None:
    world = _missed(days=60)
    fields = {"opens_at": opens, "closes_at": closes}
    if lawful:
        _second(world, **fields)
        return
    with refused("assembly.second_late", rule="second", article="12") as caught:
        _second(world, **fields)
    assert (caught.value.expected, caught.value.found) == ("2026-04-20 or earlier", "2026-04-21")


@pytest.mark.parametrize(
    ("round_", "previous"),
    [(2, None), (1, FIRST)],
)
def test_r1__round_and_session_before__go_together(
    round_: SessionRound, previous: str | None
) -> None:
    world = _missed()
    with refused("assembly.round") as caught:
        _second(world, round=round_, previous=previous)
    assert caught.value.found == f"round {round_}, {previous or 'none'}"
    _second(world, round=2, previous=FIRST)


def test_r1__first_round_needs_nothing_before() -> None:
    world = _missed()
    world.propose("dam")
    _second(world, "dam", round=1, previous=None)


def test_r2__unknown_session_before__refuses() -> None:
    world = _missed()
    with refused("assembly.unknown"):
        _second(world, previous="winter")


def test_r2__session_before_of_another_kind__refuses() -> None:
    world = _missed(altered(SecondConvocation, "second", sessions=()))
    with refused("assembly.second_previous", rule="second") as caught:
        _second(world, session="annual")
    assert caught.value.expected == "annual, round 1, closed"
    assert caught.value.found == "extraordinary, round 1, closed"


def test_r2__session_before_still_open__refuses() -> None:
    world = World()
    world.convene("bridge", session=FIRST)
    with refused("assembly.second_previous", rule="second") as caught:
        _second(world)
    assert caught.value.found == "extraordinary, round 1, open"


def test_r2__third_try__refuses() -> None:
    world = _missed()
    _second(world)
    world.advance(days=17)
    world.end("second", "no_quorum")
    with refused("assembly.second_previous", rule="second") as caught:
        _second(world, assembly="third", previous="second")
    assert caught.value.found == "extraordinary, round 2, closed"
    with refused("assembly.second_motion"):
        _second(world, assembly="third", previous=FIRST)


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_r3__first_round_was_quorate__refuses(outcome: Outcome) -> None:
    world = _missed(outcome=outcome)
    with refused("assembly.second_motion", rule="second", article="12") as caught:
        _second(world)
    assert caught.value.found == outcome
    assert caught.value.expected == "bridge: without quorum in extraordinary"


def test_r3__motion_that_was_not_there__refuses() -> None:
    world = _missed()
    world.propose("dam")
    with refused("assembly.second_motion") as caught:
        _second(world, "bridge", "dam")
    assert caught.value.found == "undecided"
    _second(world, "bridge")


def test_second__no_such_thing_in_the_statutes__refuses() -> None:
    world = _missed(altered(SecondConvocation, "second", sessions=("annual",)))
    with refused("rule.missing"):
        _second(world)


def test_second__silent_statutes__refuse_and_name_the_article() -> None:
    silent = Silent(id="second", article="12", matter="second_convocation", settled_by="Decide.")
    world = _missed(silent)
    with refused("rule.silent", rule="second", article="12"):
        _second(world)


def test_second__denied_by_the_statutes__refuses() -> None:
    world = _missed(altered(SecondConvocation, "second", modality="must_not"))
    with refused("assembly.second_forbidden", rule="second", article="12"):
        _second(world)
