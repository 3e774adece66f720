"""Drafts, T1 to T5, and the groups that may ask for a session."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.acts import AssemblyDrafted, DraftSupported, MemberResigned
from backend.domain.quantities import Ratio
from backend.domain.requests import askings, request_met
from backend.domain.rulebook.rule import ShareParty, Threshold
from backend.domain.rulebook.sessions import Convocation, OnRequest
from backend.domain.rulebook.topics import AnyRule, Silent
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

DRAFT = AssemblyDrafted("asked", "annual", "Asked", ("bridge",))


def _pending(*changed: AnyRule, without: tuple[str, ...] = ()) -> World:
    world = World(rules_with(*changed, without=without))
    world.propose("bridge", "weir")
    return world


def _drafted(*changed: AnyRule) -> World:
    world = _pending(*changed)
    world.act(VOTER, DRAFT)
    return world


def test_t1__id_in_use__refuses() -> None:
    world = _drafted()
    with refused("draft.exists"):
        world.act(OTHER, DRAFT)
    world.act(OTHER, msgspec.structs.replace(DRAFT, draft="other"))
    assert world.state.draft("other").supporters == {OTHER.id}


def test_t2__unknown_session__refuses() -> None:
    world = _pending()
    with refused("rule.missing"):
        world.act(VOTER, msgspec.structs.replace(DRAFT, session="carnival"))
    world.act(VOTER, DRAFT)


@pytest.mark.parametrize(
    ("motions", "code"),
    [(("nothing",), "motion.unknown"), (("bridge", "bridge"), "motion.on_agenda")],
)
def test_t2__motion_unknown_or_twice__refuses(motions: tuple[str, ...], code: str) -> None:
    world = _pending()
    with refused(code):
        world.act(VOTER, msgspec.structs.replace(DRAFT, motions=motions))
    world.act(VOTER, msgspec.structs.replace(DRAFT, motions=("bridge", "weir")))


def test_t2__motion_on_an_agenda__refuses() -> None:
    world = _pending()
    world.convene("bridge")
    with refused("motion.on_agenda") as caught:
        world.act(VOTER, DRAFT)
    assert caught.value.found == "convened"
    world.act(VOTER, msgspec.structs.replace(DRAFT, motions=("weir",)))


def test_t3__nobody_asks_for_the_session__refuses_under_the_convocation() -> None:
    world = _pending(without=("request",))
    with refused("draft.closed", rule="convocation", article="8"):
        world.act(VOTER, DRAFT)
    world.act(SECRETARY, msgspec.structs.replace(DRAFT, session="meeting"))


def test_t3__requests_denied__refuses() -> None:
    world = _pending(altered(OnRequest, "request", modality="must_not"))
    with refused("draft.closed"):
        world.act(VOTER, DRAFT)


def test_t3__silent_on_requests__refuses_and_names_the_article() -> None:
    silent = Silent(id="open", article="8", matter="on_request", settled_by="A decision.")
    world = _pending(silent, without=("request",))
    with refused("rule.silent", rule="open", article="8"):
        world.act(VOTER, DRAFT)


def test_t3__silent_on_requests_where_a_share_calls__lets_the_share_draft() -> None:
    silent = Silent(id="open", article="8", matter="on_request", settled_by="A decision.")
    world = _pending(silent, without=("request",))
    world.act(COUNCILLOR, msgspec.structs.replace(DRAFT, session="meeting"))
    assert len(askings(world.state.in_force().rulebook, "meeting")) == 1


@pytest.mark.parametrize(
    ("by", "session", "code"),
    [
        (PARTNER, "annual", "draft.group"),
        (VOTER, "meeting", "draft.group"),
        (STRANGER, "annual", "member.unknown"),
        (VOTER, "annual", None),
        (COUNCILLOR, "meeting", None),
    ],
)
def test_t3__outside_the_group__refuses(by: Person, session: str, code: str | None) -> None:
    world = _pending()
    draft = msgspec.structs.replace(DRAFT, session=session)
    if code is None:
        world.act(by, draft)
        return
    with refused(code):
        world.act(by, draft)


def test_t3__names_the_group() -> None:
    world = _pending()
    with refused("draft.group", rule="convocation-meeting", article="8") as caught:
        world.act(VOTER, msgspec.structs.replace(DRAFT, session="meeting"))
    assert caught.value.expected == "council"
    with refused("draft.group", rule="request") as caught:
        world.act(PARTNER, DRAFT)
    assert caught.value.expected == "voters"


def test_t3__supporter_outside_the_group__refuses() -> None:
    world = _drafted()
    with refused("draft.group", rule="request"):
        world.act(PARTNER, DraftSupported("asked"))
    world.act(OTHER, DraftSupported("asked"))


def test_t4__support_twice_or_by_the_author__refuses() -> None:
    world = _drafted()
    world.act(OTHER, DraftSupported("asked"))
    for by in (VOTER, OTHER):
        with refused("draft.supported"):
            world.act(by, DraftSupported("asked"))
    world.act(THIRD, DraftSupported("asked"))


def test_t4__unknown_draft__refuses() -> None:
    with refused("draft.unknown"):
        World().act(VOTER, DraftSupported("asked"))


def test_t4__answered_draft__takes_no_support_and_no_second_answer() -> None:
    world = _drafted()
    world.act(OTHER, DraftSupported("asked"))
    world.convene("bridge", draft="asked")
    with refused("draft.answered") as caught:
        world.act(THIRD, DraftSupported("asked"))
    assert caught.value.found == "annual"
    with refused("draft.answered"):
        world.convene("weir", assembly="summer", draft="asked")


def test_t5__another_session_than_asked_for__refuses() -> None:
    world = _drafted()
    world.act(OTHER, DraftSupported("asked"))
    with refused("draft.session", rule="convocation") as caught:
        world.convene("bridge", session="extraordinary", draft="asked")
    assert (caught.value.expected, caught.value.found) == ("annual", "extraordinary")
    world.convene("bridge", session="annual", draft="asked")


def test_t5__motion_left_out__refuses() -> None:
    world = _drafted()
    world.act(OTHER, DraftSupported("asked"))
    with refused("draft.motions", rule="convocation") as caught:
        world.convene("weir", draft="asked")
    assert (caught.value.expected, caught.value.found) == ("bridge", "weir")
    world.convene("weir", "bridge", draft="asked")


def test_t5__one_of_six_is_no_quarter__two_are() -> None:
    world = _drafted()
    with refused("draft.support", rule="request", article="8") as caught:
        world.convene("bridge", draft="asked")
    assert (caught.value.expected, caught.value.found) == ("at least 1/4", "1/6")
    world.act(OTHER, DraftSupported("asked"))
    world.convene("bridge", draft="asked")


def test_t5__no_rule_lets_anyone_ask_any_more__refuses() -> None:
    world = _drafted()
    rulebook = world.state.in_force().rulebook
    without = msgspec.structs.replace(
        rulebook, rules=tuple(rule for rule in rulebook.rules if rule.id != "request")
    )
    world.put_in_force(without)
    with refused("draft.support", rule="convocation") as caught:
        world.convene("bridge", draft="asked")
    assert caught.value.expected == "no draft"


def test_request__complete_when_reached__stays_so() -> None:
    world = _drafted(altered(OnRequest, "request", threshold=Threshold(Ratio(1, 3))))
    assert world.state.draft("asked").complete_at is None
    world.advance(hours=1)
    reached = world.at()
    world.act(OTHER, DraftSupported("asked"))
    assert world.state.draft("asked").complete_at == reached
    world.advance(hours=1)
    world.act(THIRD, DraftSupported("asked"))
    assert world.state.draft("asked").complete_at == reached
    for person in (OTHER, THIRD):
        world.record(MemberResigned(person.id), person)
    world.convene("bridge", draft="asked")


def test_request__supporter_who_left__does_not_count() -> None:
    world = _drafted(altered(OnRequest, "request", threshold=Threshold(Ratio(1, 2))))
    world.act(OTHER, DraftSupported("asked"))
    world.record(MemberResigned(OTHER.id), OTHER)
    world.act(THIRD, DraftSupported("asked"))
    assert world.state.draft("asked").complete_at is None
    world.act(PRESIDENT, DraftSupported("asked"))
    assert world.state.draft("asked").complete_at is not None


def test_request__share_of_a_body__counts_its_holders_only() -> None:
    world = _pending()
    day = world.state.day_of(world.at())
    assert request_met(world.state, "meeting", {VOTER.id, OTHER.id}, day) is None
    met = request_met(world.state, "meeting", {COUNCILLOR.id}, day)
    assert met is not None
    assert met.rule.id == "convocation-meeting"


def test_request__share_that_calls__comes_before_the_request() -> None:
    half = ShareParty(Threshold(Ratio(1, 2)))
    world = _pending(altered(Convocation, "convocation", by=(half,)))
    found = askings(world.state.in_force().rulebook, "annual")
    assert [asking.rule.id for asking in found] == ["convocation", "request"]
    assert found[0].party == half
    assert found[1].party == ShareParty(quarter())


@pytest.mark.parametrize(("day", "counted"), [("2026-06-30", False), ("2026-07-01", True)])
def test_request__suspended_member__is_of_no_group_until_the_last_day_is_over(
    day: str,
    counted: bool,  # noqa: FBT001 - a case
) -> None:
    state = _pending().state
    suspended = replace(state.member(OTHER.id), suspended_until="2026-06-30")
    state = replace(state, members=state.members.set(OTHER.id, suspended))
    (asking,) = askings(state.in_force().rulebook, "annual")
    assert (OTHER.id in asking.group(state, day)) is counted


def test_draft__signed_by_another__refuses() -> None:
    world = _pending()
    with refused("signature.signer"):
        world.act(VOTER, DRAFT, signers=[OTHER])
    world.act(VOTER, DRAFT)
    with refused("signature.signer"):
        world.act(OTHER, DraftSupported("asked"), signers=[VOTER])


def test_t5__request_of_a_quarter__is_no_call_by_a_half() -> None:
    half = ShareParty(Threshold(Ratio(1, 2)))
    world = _drafted(altered(Convocation, "convocation", by=(half,)))
    world.act(OTHER, DraftSupported("asked"))
    with refused("draft.support", rule="convocation", article="8") as caught:
        world.convene("bridge", by=VOTER, draft="asked")
    assert (caught.value.expected, caught.value.found) == ("at least 1/2", "2/6")
    world.act(THIRD, DraftSupported("asked"))
    world.convene("bridge", by=VOTER, draft="asked")


def test_t5__call_by_a_share__needs_it_on_the_day_of_the_call() -> None:
    half = ShareParty(Threshold(Ratio(1, 2)))
    world = _drafted(altered(Convocation, "convocation", by=(half,)))
    for person in (OTHER, THIRD):
        world.act(person, DraftSupported("asked"))
    assert world.state.draft("asked").complete_at is not None
    world.record(MemberResigned(THIRD.id), THIRD)
    with refused("draft.support", rule="convocation") as caught:
        world.convene("bridge", by=VOTER, draft="asked")
    assert caught.value.found == "2/5"
    world.act(SECRETARY, DraftSupported("asked"))
    world.convene("bridge", by=VOTER, draft="asked")
