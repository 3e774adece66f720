"""Opening, O1 to O5, quorum at the opening and the way to the vote, Q1 to Q3."""

import msgspec
import pytest

from backend.domain.acts import AssemblyOpened, PresenceRecorded, ProxyGiven
from backend.domain.assemblies import (
    check_voting_open,
    ends_at_opening,
    must_open,
    opening_of,
    quorate_at_opening,
    taking_part,
)
from backend.domain.assemblies.opening import opening_demand
from backend.domain.quantities import Ratio
from backend.domain.rulebook.rule import Threshold
from backend.domain.rulebook.sessions import Notice, Proxies, Quorum
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import BallotRule, Majority
from tests.support.assembly_world import (
    COUNCILLOR,
    OTHER,
    PARTNER,
    PRESIDENT,
    SECRETARY,
    THIRD,
    VOTER,
    VOTERS,
    Person,
    World,
    altered,
    refused,
    rules_with,
)

HELD = "extraordinary"
"""The assembly of these tests: half must be present or represented."""


def _held(*there: Person, rules: tuple[AnyRule, ...] = (), session: str = HELD) -> World:
    world = World(rules_with(*rules))
    world.ready("bridge", session=session)
    for person in there:
        world.act(PRESIDENT, PresenceRecorded(session, person.id, "room"))
    return world


def _opened(*there: Person, rules: tuple[AnyRule, ...] = ()) -> World:
    world = _held(*there, rules=rules)
    world.act(PRESIDENT, opening_of(world.state, HELD))
    return world


def _represent(world: World, by: Person, to: Person) -> None:
    world.act(by, ProxyGiven(f"proxy-{by.role}", HELD, to.id))


def test_opening__two_there_and_one_represented__counts_them() -> None:
    world = _held(PRESIDENT, OTHER)
    _represent(world, VOTER, OTHER)
    _represent(world, THIRD, SECRETARY)
    assert opening_of(world.state, HELD) == AssemblyOpened(HELD, 6, 2, 1)
    index = world.act(PRESIDENT, opening_of(world.state, HELD))
    assert world.state.assembly(HELD).opened_entry == index


def test_opening__holder_without_a_vote__represents_and_is_not_present() -> None:
    world = _held(PRESIDENT, rules=(altered(Proxies, "proxies", holder="member"),))
    _represent(world, VOTER, PARTNER)
    world.act(PARTNER, PresenceRecorded(HELD, PARTNER.id, "room"))
    assert opening_of(world.state, HELD) == AssemblyOpened(HELD, 6, 1, 1)


def test_o1__by_a_member__refuses() -> None:
    world = _held(*VOTERS)
    with refused("assembly.officer", rule="convocation", article="8"):
        world.act(VOTER, opening_of(world.state, HELD))
    world.act(PRESIDENT, opening_of(world.state, HELD))


def test_o2__opened_twice__refuses() -> None:
    world = _opened(*VOTERS)
    with refused("assembly.opened"):
        world.act(PRESIDENT, opening_of(world.state, HELD))


@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, "assembly.early"), (2 * 86400, "assembly.over")]
)
def test_o2__outside_its_time__refuses(seconds: int, code: str) -> None:
    world = _held()
    world.advance(seconds=seconds)
    with refused(code, rule="psephos.assembly"):
        world.act(PRESIDENT, opening_of(world.state, HELD))
    world.advance(seconds=-1 if seconds > 0 else 1)
    world.act(PRESIDENT, opening_of(world.state, HELD))


def test_o2__closed__refuses() -> None:
    world = _held()
    opening = opening_of(world.state, HELD)
    world.end(HELD)
    with refused("assembly.closed"):
        world.act(PRESIDENT, opening)


def test_o3__without_proof_of_notice__refuses_under_its_article() -> None:
    world = World()
    world.convene("bridge", session=HELD)
    world.advance(days=15)
    with refused("notice.missing", rule="notice", article="9"):
        world.act(PRESIDENT, opening_of(world.state, HELD))


def test_o3__proof_not_asked_for__opens_without() -> None:
    world = World(rules_with(altered(Notice, "notice", proven=False)))
    world.convene("bridge", session=HELD)
    world.advance(days=15)
    world.act(PRESIDENT, opening_of(world.state, HELD))


@pytest.mark.parametrize("field", ["entitled", "present", "represented"])
def test_o4__one_too_many__refuses(field: str) -> None:
    world = _held(PRESIDENT, OTHER)
    lawful = opening_of(world.state, HELD)
    number = getattr(lawful, field)
    with refused("opening.numbers", rule="psephos.assembly") as caught:
        world.act(PRESIDENT, msgspec.structs.replace(lawful, **{field: number + 1}))
    assert (caught.value.expected, caught.value.found) == (
        f"{field} {number}",
        f"{field} {number + 1}",
    )
    world.act(PRESIDENT, lawful)


def test_opening__signed_by_another__refuses() -> None:
    world = _held()
    with refused("signature.signer"):
        world.act(PRESIDENT, opening_of(world.state, HELD), signers=[VOTER])


@pytest.mark.parametrize(
    ("changed", "session", "rule"),
    [
        ((), "annual", None),
        ((), "extraordinary", "quorum-there"),
        ((altered(Quorum, "quorum", base="present"),), "annual", "quorum"),
        ((altered(BallotRule, "ballot", secrecy="secret"),), "annual", "ballot"),
        ((altered(BallotRule, "ballot", method="consent"),), "annual", None),
        ((altered(Majority, "majority", base="present_or_represented"),), "annual", "majority"),
        ((altered(Majority, "majority", base="entitled"),), "annual", None),
        (
            (
                altered(BallotRule, "ballot", method="consent"),
                altered(Majority, "majority", base="present_or_represented"),
            ),
            "annual",
            None,
        ),
    ],
)
def test_o5__what_counts_those_there__must_be_opened(
    changed: tuple[AnyRule, ...], session: str, rule: str | None
) -> None:
    world = World(rules_with(*changed))
    world.convene("bridge", session=session)
    demand = opening_demand(world.state, session)
    assert (demand.id if demand else None) == rule
    assert must_open(world.state, session) == (rule is not None)


def test_q1__counts_voters__is_not_judged_at_the_opening() -> None:
    world = _held(session="annual")
    assert quorate_at_opening(world.state, "annual", "bridge") is None
    assert taking_part(world.state, "annual", "bridge") is None
    check_voting_open(world.state, "annual", world.at())


def test_q1__not_opened__nobody_takes_part() -> None:
    world = _held(*VOTERS)
    assert quorate_at_opening(world.state, HELD, "bridge") is False
    assert taking_part(world.state, HELD, "bridge") == 0


@pytest.mark.parametrize(
    ("base", "proxies", "quorate"),
    [
        ("present", (VOTER,), False),
        ("present_or_represented", (VOTER,), True),
        ("present_or_represented", (), False),
    ],
)
def test_q1__half_of_six__by_who_counts(
    base: str,
    proxies: tuple[Person, ...],
    quorate: bool,  # noqa: FBT001 - a case
) -> None:
    world = _held(PRESIDENT, OTHER, rules=(altered(Quorum, "quorum-there", base=base),))
    for person in proxies:
        _represent(world, person, OTHER)
    world.act(PRESIDENT, opening_of(world.state, HELD))
    assert quorate_at_opening(world.state, HELD, "bridge") is quorate
    assert ends_at_opening(world.state, HELD) is not quorate


@pytest.mark.parametrize(("there", "quorate"), [(2, True), (1, False)])
def test_q1__a_quarter_of_six__is_two(there: int, quorate: bool) -> None:  # noqa: FBT001 - a case
    quarter = altered(Quorum, "quorum-there", threshold=Threshold(Ratio(1, 4)))
    world = _opened(*VOTERS[:there], rules=(quarter,))
    assert quorate_at_opening(world.state, HELD, "bridge") is quorate


def test_q1__those_who_come_later__do_not_count() -> None:
    world = _opened(PRESIDENT, OTHER)
    for person in (VOTER, THIRD, COUNCILLOR):
        world.act(person, PresenceRecorded(HELD, person.id, "room"))
    assert quorate_at_opening(world.state, HELD, "bridge") is False


def test_q2__without_quorum__no_vote_is_taken() -> None:
    world = _opened(PRESIDENT, OTHER)
    for motion in (None, "bridge"):
        with refused("assembly.inquorate", rule="quorum-there", article="11") as caught:
            check_voting_open(world.state, HELD, world.at(), motion)
        assert (caught.value.expected, caught.value.found) == ("at least 1/2", "2/6")
    world = _opened(PRESIDENT, OTHER, VOTER)
    check_voting_open(world.state, HELD, world.at(), "bridge")


def test_q2__one_motion_is_quorate_another_is_not__only_that_one_is_voted() -> None:
    low = Quorum(
        id="low", article="34", modality="must", sessions=(HELD,), motions=("approval",),
        threshold=Threshold(Ratio(1, 6)), base="present",
    )  # fmt: skip
    world = World(rules_with(low))
    world.propose("accounts", kind="approval")
    world.ready("bridge", "accounts", session=HELD)
    world.act(PRESIDENT, PresenceRecorded(HELD, PRESIDENT.id, "room"))
    world.act(PRESIDENT, opening_of(world.state, HELD))
    check_voting_open(world.state, HELD, world.at())
    check_voting_open(world.state, HELD, world.at(), "accounts")
    with refused("assembly.inquorate", rule="quorum-there"):
        check_voting_open(world.state, HELD, world.at(), "bridge")
    assert not ends_at_opening(world.state, HELD)


def test_q2__not_opened__is_not_ended_by_its_quorum() -> None:
    assert not ends_at_opening(_held().state, HELD)


def test_q3__not_opened__refuses_under_the_rule_that_counts_those_there() -> None:
    world = _held(*VOTERS)
    with refused("assembly.unopened", rule="quorum-there", article="11"):
        check_voting_open(world.state, HELD, world.at(), "bridge")
    world.act(PRESIDENT, opening_of(world.state, HELD))
    check_voting_open(world.state, HELD, world.at(), "bridge")


def test_q3__no_proof_of_notice__refuses() -> None:
    world = World()
    world.convene("bridge")
    world.advance(days=15)
    with refused("notice.missing", rule="notice", article="9"):
        check_voting_open(world.state, "annual", world.at(), "bridge")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, "assembly.early"), (0, None), (2 * 86400 - 1, None), (2 * 86400, "assembly.over")],
)
def test_q3__only_in_its_time(seconds: int, code: str | None) -> None:
    world = _held(session="annual")
    at = world.at(seconds=seconds)
    if code is None:
        check_voting_open(world.state, "annual", at, "bridge")
        return
    with refused(code):
        check_voting_open(world.state, "annual", at, "bridge")


def test_q3__closed__refuses() -> None:
    world = _held(session="annual")
    world.end("annual")
    with refused("assembly.closed"):
        check_voting_open(world.state, "annual", world.at(), "bridge")
