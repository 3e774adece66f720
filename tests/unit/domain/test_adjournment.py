"""Adjournment, D1 to D4."""

from collections.abc import Callable

import pytest

from backend.domain.acts import (
    AssemblyAdjourned,
    BallotCast,
    ElectionEffect,
    MotionProposed,
    SeatGiven,
    UrnCounted,
)
from backend.domain.deadlines import Duration
from backend.domain.rulebook.bodies import Designation, Renewal
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.rulebook.sessions import Adjournment
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.rulebook.voting import BallotRule, EffectRule, Initiative
from tests.support.assembly_world import (
    KINDS,
    OTHER,
    PRESIDENT,
    SECRETARY,
    VOTER,
    Person,
    World,
    altered,
    refused,
    rules_with,
)

HELD = "extraordinary"
OPENS = "2026-01-20T09:00:00.000Z"
CLOSES = "2026-01-22T09:00:00.000Z"


def _convened(*changed: AnyRule, session: str = HELD) -> World:
    world = World(rules_with(*changed))
    world.convene("bridge", session=session)
    return world


def _put_off(
    world: World, opens: str, closes: str, *, by: Person = PRESIDENT, assembly: str = HELD
) -> int:
    return world.act(by, AssemblyAdjourned(assembly, opens, closes))


def _later(world: World, days: int = 7, **options: object) -> int:
    by = options.get("by", PRESIDENT)
    assert isinstance(by, Person)
    return _put_off(
        world,
        world.at(days=15 + days),
        world.at(days=17 + days),
        by=by,
        assembly=str(options.get("assembly", HELD)),
    )


def test_adjournment__lawful__moves_the_times_and_keeps_the_rest() -> None:
    world = _convened()
    before = world.state.assembly(HELD)
    _later(world)
    after = world.state.assembly(HELD)
    assert (after.opens_at, after.closes_at) == (
        "2026-01-27T09:00:00.000Z",
        "2026-01-29T09:00:00.000Z",
    )
    assert after.data == before.data
    assert after.electors == before.electors


def test_d1__by_a_member__refuses() -> None:
    world = _convened()
    for by in (VOTER, SECRETARY):
        with refused("assembly.officer", rule="convocation", article="8"):
            _later(world, by=by)
    _later(world, by=PRESIDENT)


def test_d1__statutes_say_nothing__refuses() -> None:
    world = _convened(session="annual")
    with refused("rule.missing"):
        _later(world, assembly="annual")


def test_d1__silent_statutes__refuse_and_name_the_article() -> None:
    world = _convened(
        Silent(id="adjournment", article="14", matter="adjournment", settled_by="Decide.")
    )
    with refused("rule.silent", rule="adjournment", article="14"):
        _later(world)


def test_d1__denied_by_the_statutes__refuses() -> None:
    world = _convened(altered(Adjournment, "adjournment", modality="must_not"))
    with refused("adjournment.forbidden", rule="adjournment", article="14"):
        _later(world)


def test_d1__no_such_assembly__refuses() -> None:
    with refused("assembly.unknown"):
        _later(World())


def test_d2__up_to_the_closing_time__and_not_at_it() -> None:
    world = _convened()
    world.advance(days=17)
    fields = (world.at(days=3), world.at(days=5))
    with refused("assembly.over", rule="psephos.assembly"):
        _put_off(world, *fields)
    world.advance(seconds=-1)
    _put_off(world, *fields)


def test_d2__closed__refuses() -> None:
    world = _convened()
    world.end(HELD)
    with refused("assembly.closed"):
        _later(world)


def _ballot(decision: str) -> BallotCast:
    return BallotCast("bridge", decision, "v" + "1" * 32, "2" * 64, 0, 0)


def _urn(_: str) -> UrnCounted:
    tally = {"yes": 1, "no": 0, "abstain": 0}
    return UrnCounted(HELD, "bridge", (VOTER.id, OTHER.id), 1, tally, "bafkrei" + "a" * 52)


@pytest.mark.parametrize("vote", [_ballot, _urn])
def test_d2__vote_cast__refuses(vote: Callable[[str], BallotCast | UrnCounted]) -> None:
    world = _convened()
    lawful = world.state
    world.record(vote(world.state.poll("bridge").item.decision))
    with refused("adjournment.voted", rule="psephos.assembly") as caught:
        _later(world)
    assert caught.value.found == "bridge"
    world.state = lawful
    _later(world)


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (OPENS, "2026-01-23T09:00:00.000Z", "adjournment.earlier"),
        ("2026-01-20T09:00:00.001Z", CLOSES, "adjournment.earlier"),
        ("2026-01-24T09:00:00.000Z", "2026-01-24T09:00:00.000Z", "assembly.times"),
        ("2026-01-20T09:00:00.001Z", "2026-01-22T09:00:00.001Z", None),
    ],
)
def test_d3__both_times_are_later(opens: str, closes: str, code: str | None) -> None:
    world = _convened()
    if code is None:
        _put_off(world, opens, closes)
        return
    with refused(code):
        _put_off(world, opens, closes)


def test_d3__vote_too_short__refuses() -> None:
    world = _convened()
    with refused("ballot.hours", rule="ballot", article="19"):
        _put_off(world, world.at(days=20), world.at(days=20, hours=23))
    _put_off(world, world.at(days=20), world.at(days=21))


def test_d3__past_the_first_day_of_those_it_elects__refuses() -> None:
    every = (*KINDS, "election")
    world = World(
        rules_with(
            Designation(
                id="designation", article="31", modality="must", bodies=("council",), phase="later",
                by=AssemblyParty(HELD),
            ),
            Renewal(id="renewal", article="31", modality="may", bodies=("council",)),
            altered(Initiative, "initiative", motions=every),
            altered(EffectRule, "effect", motions=every, effects=("election",)),
            altered(BallotRule, "ballot", motions=every),
        )
    )  # fmt: skip
    seats = (SeatGiven("next", "member", OTHER.id),)
    effect = ElectionEffect("council", "designation", "2026-01-29", attested=False, seats=seats)
    text = world.put(b"election")
    world.record(MotionProposed("election", "election", "Election", text, effect), VOTER)
    world.convene("election", session=HELD)
    with refused("adjournment.election", rule="adjournment", article="14") as caught:
        _later(world, days=8)
    assert (caught.value.expected, caught.value.found) == ("over by 2026-01-29", "2026-01-30")
    _later(world, days=7)


@pytest.mark.parametrize(("days", "lawful"), [(30, True), (31, False)])
def test_d4__30_days_after_the_day_first_fixed(days: int, lawful: bool) -> None:  # noqa: FBT001 - a case
    world = _convened()
    if lawful:
        _later(world, days=days)
        return
    with refused("adjournment.late", rule="adjournment", article="14") as caught:
        _later(world, days=days)
    assert (caught.value.expected, caught.value.found) == ("2026-02-19 or earlier", "2026-02-20")


def test_d4__put_off_again__still_counts_from_the_day_first_fixed() -> None:
    world = _convened(altered(Adjournment, "adjournment", within=Duration(days=10)))
    _later(world, days=5)
    with refused("adjournment.late"):
        _later(world, days=11)
    _later(world, days=10)


def test_adjournment__signed_by_another__refuses() -> None:
    world = _convened()
    data = AssemblyAdjourned(HELD, world.at(days=20), world.at(days=22))
    with refused("signature.signer"):
        world.act(PRESIDENT, data, signers=[VOTER])
