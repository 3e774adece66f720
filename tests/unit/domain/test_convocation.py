"""Convocation, A1 to A7: each call one change away from a lawful one."""

from datetime import timedelta

import msgspec
import pytest

from backend.domain.acts import (
    AssemblyDrafted,
    DraftSupported,
    Electorate,
    MemberResigned,
)
from backend.domain.electorate import electorate_leaves, electorate_root, format_leaves
from backend.domain.instants import format_instant
from backend.domain.rulebook.rule import AnyMember, SeatParty, ShareParty, Threshold
from backend.domain.rulebook.sessions import Channels, Convocation, Notice
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.sources import Elector
from tests.support.assembly_world import (
    COUNCILLOR,
    OTHER,
    PARTNER,
    PRESIDENT,
    SECRETARY,
    STRANGER,
    THIRD,
    VOTER,
    Person,
    World,
    altered,
    quarter,
    refused,
    rules_with,
)


def _pending(*changed: AnyRule, without: tuple[str, ...] = ()) -> World:
    world = World(rules_with(*changed, without=without))
    world.propose("bridge", "weir")
    return world


def test_convocation__lawful__freezes_rules_electorates_and_electors() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", "weir"))
    world.act(PRESIDENT, data)
    assert data.statutes == 1
    assert [item.electorate.size for item in data.agenda] == [6, 6]
    assert data.agenda[0].decision != data.agenda[1].decision
    assert data.agenda[0].electorate.root != data.agenda[1].electorate.root
    assembly = world.state.assembly("annual")
    assert PARTNER.id not in assembly.electors
    assert len(assembly.electors) == 6
    assert world.state.motion("weir").status == "convened"


def test_convocation__someone_leaves_later__stays_an_elector() -> None:
    world = World()
    world.convene("bridge")
    world.record(MemberResigned(THIRD.id), THIRD)
    assert THIRD.id in world.state.assembly("annual").electors


def test_convocation__meeting_of_a_body__electorate_is_its_holders() -> None:
    world = World()
    world.convene("bridge", session="meeting")
    assert world.state.assembly("meeting").electors == {PRESIDENT.id, SECRETARY.id, COUNCILLOR.id}


def test_convocation__id_in_use__refuses() -> None:
    world = _pending()
    world.convene("bridge")
    with refused("assembly.exists"):
        world.convene("weir")
    world.convene("weir", assembly="summer")


def test_convocation__session_the_statutes_do_not_know__refuses() -> None:
    world = _pending()
    data = world.answer(world.call("bridge"))
    call = msgspec.structs.replace(data.call, session="carnival")
    with refused("rule.missing") as caught:
        world.act(PRESIDENT, msgspec.structs.replace(data, call=call))
    assert caught.value.found == "session (carnival)"
    world.act(PRESIDENT, data)


@pytest.mark.parametrize("by", [VOTER, SECRETARY])
def test_a1__not_the_convener_of_the_statutes__refuses(by: Person) -> None:
    world = _pending()
    with refused("assembly.convener", rule="convocation", article="8") as caught:
        world.convene("bridge", by=by)
    assert caught.value.expected == "council (president)"
    world.convene("bridge", by=PRESIDENT)


def test_a1__stranger_and_member_who_left__refuse() -> None:
    world = _pending(altered(Convocation, "convocation", by=(AnyMember(),)))
    with refused("member.unknown"):
        world.convene("bridge", by=STRANGER)
    world.record(MemberResigned(OTHER.id), OTHER)
    with refused("member.inactive"):
        world.convene("bridge", by=OTHER)
    world.convene("bridge", by=THIRD)


def test_a1__names_everyone_who_may_call() -> None:
    parties = (SeatParty("council", "president"), ShareParty(quarter()))
    world = _pending(altered(Convocation, "convocation", by=parties))
    with refused("assembly.convener") as caught:
        world.convene("bridge", by=VOTER)
    assert caught.value.expected == "council (president) or at least 1/4 of voters"


def test_a1__silent_on_who_calls__refuses_and_names_the_article() -> None:
    silent = Silent(id="open", article="8", matter="convocation", settled_by="A decision.")
    world = _pending(silent, without=("convocation", "convocation-meeting"))
    with refused("rule.silent", rule="open", article="8") as caught:
        world.convene("bridge")
    assert caught.value.expected == "A decision."


def test_a1__quarter_of_the_council__calls_by_a_draft_and_not_without() -> None:
    world = _pending()
    world.act(COUNCILLOR, AssemblyDrafted("urgent", "meeting", "Urgent", ("bridge",)))
    with refused("assembly.convener", rule="convocation-meeting"):
        world.convene("bridge", by=COUNCILLOR, session="meeting")
    with refused("assembly.convener", rule="convocation-meeting"):
        world.convene("bridge", by=SECRETARY, session="meeting", draft="urgent")
    world.convene("bridge", by=COUNCILLOR, session="meeting", draft="urgent")
    assert world.state.draft("urgent").assembly == "meeting"


def test_a1__usual_convener_answers_a_draft() -> None:
    world = _pending()
    world.act(VOTER, AssemblyDrafted("asked", "annual", "Asked", ("bridge",)))
    world.act(OTHER, DraftSupported("asked"))
    world.convene("bridge", "weir", draft="asked")
    assert world.state.draft("asked").assembly == "annual"


def test_a2__day_15__passes_and_day_14_is_refused() -> None:
    world = _pending()
    with refused("assembly.notice", rule="notice", article="9") as caught:
        world.convene("bridge", opens_at=world.at(days=14, hours=10))
    assert (caught.value.expected, caught.value.found) == (
        "15 days between call and opening",
        "14 days",
    )
    world.convene("bridge", opens_at=world.at(days=14, hours=14))


def test_a2__no_days_of_notice__still_calls_before_the_opening() -> None:
    world = _pending(altered(Notice, "notice", days=0))
    now = world.at()
    with refused("assembly.notice"):
        world.convene("bridge", opens_at=format_instant(world.now - timedelta(milliseconds=1)))
    world.convene("bridge", opens_at=now)


def test_a2__statutes_say_nothing_of_notice__refuses() -> None:
    world = _pending(without=("notice",))
    with refused("rule.missing", rule="psephos.rulebook"):
        world.convene("bridge")


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (15, 15, "assembly.times"),
        (16, 15, "assembly.times"),
        (15, 17, None),
    ],
)
def test_times__closing_is_after_opening(opens: int, closes: int, code: str | None) -> None:
    world = _pending()
    fields = {"opens_at": world.at(days=opens), "closes_at": world.at(days=closes)}
    if code is not None:
        with refused(code):
            world.convene("bridge", **fields)
    else:
        world.convene("bridge", **fields)


def test_times__no_such_day__refuses() -> None:
    world = _pending()
    with refused("instant.malformed"):
        world.convene("bridge", closes_at="2026-02-30T09:00:00.000Z")


def test_a3__by_post_where_only_the_annual_one_allows_it__refuses() -> None:
    world = _pending()
    with refused("assembly.channel", rule="channels", article="10") as caught:
        world.convene("bridge", session="extraordinary", channel="correspondence")
    assert (caught.value.expected, caught.value.found) == ("remote or room", "correspondence")
    world.convene("bridge", session="extraordinary", channel="remote")
    world.convene("weir", session="annual", channel="correspondence")


def test_a3__statutes_say_nothing_of_channels__refuses() -> None:
    world = _pending(altered(Channels, "channels", sessions=("meeting",)))
    with refused("rule.missing"):
        world.convene("bridge", session="extraordinary")
    world.convene("bridge", session="annual")


@pytest.mark.parametrize("fields", [{"statutes": 2}, {"rules": "0" * 64}])
def test_a6__other_rules_than_those_in_force__refuse(fields: dict[str, object]) -> None:
    world = _pending()
    data = world.answer(world.call("bridge"))
    with refused("assembly.rules", rule="psephos.assembly"):
        world.act(PRESIDENT, msgspec.structs.replace(data, **fields))
    world.act(PRESIDENT, data)


def test_agenda__in_another_order_than_the_call__refuses() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", "weir"))
    with refused("assembly.agenda"):
        world.act(PRESIDENT, msgspec.structs.replace(data, agenda=data.agenda[::-1]))
    world.act(PRESIDENT, data)


def test_a7__decision_of_another_motion__refuses() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", "weir"))
    wrong = msgspec.structs.replace(data.agenda[0], decision=data.agenda[1].decision)
    with refused("decision.id"):
        world.act(PRESIDENT, msgspec.structs.replace(data, agenda=(wrong, data.agenda[1])))
    world.act(PRESIDENT, data)


@pytest.mark.parametrize("fields", [{"root": "0" * 64}, {"size": 5}])
def test_a7__electorate_is_not_that_of_its_leaves__refuses(fields: dict[str, object]) -> None:
    world = _pending()
    data = world.answer(world.call("bridge"))
    electorate = msgspec.structs.replace(data.agenda[0].electorate, **fields)
    item = msgspec.structs.replace(data.agenda[0], electorate=electorate)
    with refused("electorate.root"):
        world.act(PRESIDENT, msgspec.structs.replace(data, agenda=(item,)))
    world.act(PRESIDENT, data)


def _with_roll(world: World, roll: tuple[Elector, ...], *, kept: tuple[Elector, ...]) -> None:
    """Call with the electorate of one roll while another is kept."""
    data = world.answer(world.call("bridge"))
    leaves = electorate_leaves(roll)
    electorate = Electorate(electorate_root(leaves), len(leaves), world.put(format_leaves(leaves)))
    item = msgspec.structs.replace(data.agenda[0], electorate=electorate)
    world.archive.rolls[item.decision] = {elector.voter: elector for elector in kept}
    world.act(PRESIDENT, msgspec.structs.replace(data, agenda=(item,)))


def test_a7__elector_missing__refuses_under_the_voting_right() -> None:
    world = _pending()
    roll = world.roll(world.call("bridge"), "bridge")
    with refused("electorate.size", rule="vote-person", article="3") as caught:
        _with_roll(world, roll[1:], kept=roll[1:])
    assert (caught.value.expected, caught.value.found) == ("6 electors", "5")
    _with_roll(world, roll, kept=roll)


def test_a7__other_roll_than_published__refuses() -> None:
    world = _pending()
    call = world.call("bridge")
    roll, other = world.roll(call, "bridge"), world.roll(call, "weir")
    with refused("electorate.roll"):
        _with_roll(world, roll, kept=other)


def test_a7__class_without_a_vote_on_the_roll__refuses() -> None:
    world = _pending()
    roll = world.roll(world.call("bridge"), "bridge")
    intruder = Elector(PARTNER.id, roll[0].voter, roll[0].salt)
    altered_roll = (intruder, *roll[1:])
    with refused("electorate.members", rule="vote-person") as caught:
        _with_roll(world, altered_roll, kept=altered_roll)
    assert PARTNER.id in caught.value.found


def test_a7__member_twice_on_the_roll__refuses() -> None:
    world = _pending()
    roll = world.roll(world.call("bridge"), "bridge")
    twice = (Elector(roll[1].member, roll[0].voter, roll[0].salt), *roll[1:])
    with refused("electorate.members"):
        _with_roll(world, twice, kept=twice)


def test_a7__meeting__electorate_rests_on_the_session() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", session="meeting"))
    leaves = electorate_leaves(world.roll(world.call("bridge"), "bridge"))
    electorate = Electorate(electorate_root(leaves), len(leaves), world.put(format_leaves(leaves)))
    item = msgspec.structs.replace(data.agenda[0], electorate=electorate)
    with refused("electorate.size", rule="meeting", article="7"):
        world.act(PRESIDENT, msgspec.structs.replace(data, agenda=(item,)))


def test_a7__roll_erased__counts_as_redacted() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", "weir"))
    entry = world.signed(PRESIDENT, data)
    assert world.check(entry) == 0
    del world.archive.rolls[data.agenda[0].decision]
    assert world.check(entry) == 1


def test_convocation__signed_by_another__refuses() -> None:
    world = _pending()
    data = world.answer(world.call("bridge"))
    with refused("signature.signer"):
        world.act(PRESIDENT, data, signers=[VOTER])
    world.act(PRESIDENT, data)


def test_a1__threshold_of_a_share__counts_only_its_group() -> None:
    party = ShareParty(Threshold(quarter().fraction, strict=True))
    world = _pending(altered(Convocation, "convocation", by=(party,)), without=("request",))
    world.act(VOTER, AssemblyDrafted("asked", "annual", "Asked", ("bridge",)))
    with refused("draft.support", rule="convocation") as caught:
        world.convene("bridge", by=VOTER, draft="asked")
    assert (caught.value.expected, caught.value.found) == ("more than 1/4", "1/6")
    world.act(OTHER, DraftSupported("asked"))
    world.convene("bridge", by=VOTER, draft="asked")
