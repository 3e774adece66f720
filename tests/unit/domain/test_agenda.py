"""Agenda, G1 to G8: which motions a session may be called for."""

import pytest

from backend.domain.acts import (
    AssemblyDrafted,
    DraftSupported,
    ElectionEffect,
    MotionProposed,
    MotionWithdrawn,
    SeatGiven,
)
from backend.domain.deadlines import Duration
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import Designation, Renewal
from backend.domain.rulebook.rule import AssemblyParty, Threshold
from backend.domain.rulebook.sessions import AgendaDuty, Competence, SecondConvocation
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.rulebook.voting import (
    BallotRule,
    Deliberation,
    EffectRule,
    Initiative,
    Majority,
    Tie,
)
from tests.support.assembly_world import (
    KINDS,
    OTHER,
    PRESIDENT,
    VOTER,
    World,
    altered,
    refused,
    rules_with,
)


def _pending(*changed: AnyRule, without: tuple[str, ...] = ()) -> World:
    world = World(rules_with(*changed, without=without))
    world.propose("bridge", "weir")
    return world


def test_g1__motion_twice__refuses() -> None:
    world = _pending()
    with refused("motion.on_agenda") as caught:
        world.convene("bridge", "weir", "bridge")
    assert caught.value.found == "bridge, weir, bridge"
    world.convene("bridge", "weir")


def test_g1__motion_on_another_agenda__refuses() -> None:
    world = _pending()
    world.convene("bridge")
    with refused("motion.on_agenda") as caught:
        world.convene("weir", "bridge", assembly="summer")
    assert caught.value.expected == "bridge: a pending motion"
    assert caught.value.found == "convened"
    world.convene("weir", assembly="summer")


def test_g1__motion_withdrawn_or_unknown__refuses() -> None:
    world = _pending()
    data = world.answer(world.call("bridge", "weir"))
    world.record(MotionWithdrawn("weir"), VOTER)
    with refused("motion.on_agenda"):
        world.check(world.signed(PRESIDENT, data))
    world.convene("bridge")


def test_g1__motion_left_without_quorum__needs_the_second_round() -> None:
    world = World()
    world.ready("bridge", session="extraordinary")
    world.advance(days=2)
    world.end("extraordinary", "no_quorum")
    again = {"session": "extraordinary", "assembly": "again"}
    with refused("motion.on_agenda"):
        world.convene("bridge", **again)
    world.convene("bridge", **again, round=2, previous="extraordinary")


def test_g2__kind_of_another_session__refuses() -> None:
    rule = Competence(
        id="competence",
        article="30",
        modality="must",
        sessions=("extraordinary",),
        motions=("legislative",),
    )
    world = _pending(rule)
    with refused("competence.session", rule="competence", article="30") as caught:
        world.convene("bridge", session="annual")
    assert (caught.value.expected, caught.value.found) == ("legislative: extraordinary", "annual")
    world.convene("bridge", session="extraordinary")
    world.propose("accounts", kind="approval")
    world.convene("accounts", session="annual")


@pytest.mark.parametrize(
    ("missing", "topic"),
    [("ballot", "ballot"), ("quorum", "quorum"), ("majority", "majority"), ("tie", "tie")],
)
def test_g3__statutes_do_not_say_how_it_is_voted__refuses(missing: str, topic: str) -> None:
    world = _pending(without=(missing,))
    with refused("rule.missing") as caught:
        world.convene("bridge")
    assert caught.value.found.startswith(topic)


def test_g3__silent_on_the_majority__refuses_and_names_the_article() -> None:
    silent = Silent(
        id="majority", article="20", matter="majority", settled_by="Une décision de l'assemblée."
    )
    world = _pending(silent)
    with refused("rule.silent", rule="majority", article="20"):
        world.convene("bridge")


def test_g3__consent__needs_no_majority_and_no_tie() -> None:
    consent = altered(BallotRule, "ballot", method="consent")
    world = _pending(consent, without=("majority", "tie"))
    world.convene("bridge")
    world = _pending(without=("majority", "tie"))
    with refused("rule.missing"):
        world.convene("bridge")


def test_g3__majority_and_tie_of_other_kinds__do_not_serve() -> None:
    for schema, name in ((Majority, "majority"), (Tie, "tie")):
        world = _pending(altered(schema, name, motions=("dissolution",)))
        with refused("rule.missing"):
            world.convene("bridge")


@pytest.mark.parametrize("channel", ["remote", "correspondence"])
def test_g4__secret_vote_outside_a_room__refuses(channel: str) -> None:
    world = _pending(altered(BallotRule, "ballot", secrecy="secret"))
    with refused("ballot.secret", rule="ballot", article="19") as caught:
        world.convene("bridge", channel=channel)
    assert (caught.value.expected, caught.value.found) == ("room", channel)
    world.convene("bridge", channel="room")


def test_g5__initiative_denied_since__refuses_at_the_call() -> None:
    world = _pending(altered(Initiative, "initiative", classes=("organisation",)))
    with refused("initiative.class", rule="initiative", article="16"):
        world.convene("bridge")


def test_g5__effect_the_kind_may_not_have__refuses() -> None:
    world = _pending(altered(EffectRule, "effect", effects=("statutes",)))
    with refused("effect.kind", rule="effect", article="17"):
        world.convene("bridge")


def test_g5__too_little_support__refuses_at_the_call() -> None:
    third = Threshold(Ratio(1, 3))
    world = _pending(altered(Initiative, "initiative", support=third))
    with refused("motion.support", rule="initiative", article="16"):
        world.convene("bridge")


@pytest.mark.parametrize(("days", "lawful"), [(16, False), (15, True)])
def test_g6__discussed_until_the_opening__in_days(days: int, lawful: bool) -> None:  # noqa: FBT001 - a case
    world = _pending(altered(Deliberation, "deliberation", days=days))
    if lawful:
        world.convene("bridge")
        return
    with refused("motion.deliberation", rule="deliberation", article="18") as caught:
        world.convene("bridge")
    assert (caught.value.expected, caught.value.found) == ("16 days", "15 days")


def test_g6__statutes_ask_for_no_discussion__passes() -> None:
    world = _pending(without=("deliberation",))
    world.convene("bridge")


def test_g7__vote_an_hour_too_short__refuses() -> None:
    world = _pending()
    with refused("ballot.hours", rule="ballot", article="19") as caught:
        world.convene("bridge", closes_at=world.at(days=15, hours=23))
    assert (caught.value.expected, caught.value.found) == ("24 hours of voting", "23:00:00")
    world.convene("bridge", closes_at=world.at(days=16))


def _election(world: World, starts: str) -> None:
    seats = (SeatGiven("next", "member", OTHER.id),)
    effect = ElectionEffect("council", "designation", starts, attested=False, seats=seats)
    text = world.put(b"election")
    world.record(MotionProposed("election", "election", "Election", text, effect), VOTER)


@pytest.mark.parametrize(("starts", "lawful"), [("2026-01-21", False), ("2026-01-22", True)])
def test_g5__mandates_that_begin_before_the_vote_is_over__refuse(
    starts: str,
    lawful: bool,  # noqa: FBT001 - a case
) -> None:
    every = (*KINDS, "election")
    designation = Designation(
        id="designation",
        article="31",
        modality="must",
        bodies=("council",),
        phase="later",
        by=AssemblyParty("annual"),
    )
    world = _pending(
        designation,
        Renewal(id="renewal", article="31", modality="may", bodies=("council",)),
        altered(Initiative, "initiative", motions=every),
        altered(EffectRule, "effect", motions=every, effects=("resolution", "election")),
        altered(BallotRule, "ballot", motions=every),
    )
    _election(world, starts)
    if lawful:
        world.convene("election")
        return
    with refused("election.starts"):
        world.convene("election")


DUTY = AgendaDuty(
    id="duty", article="32", modality="must", sessions=("annual",), motions=("approval",)
)


def test_g8__annual_assembly_without_the_accounts__refuses() -> None:
    world = _pending(DUTY)
    with refused("agenda.duty", rule="duty", article="32") as caught:
        world.convene("bridge")
    assert (caught.value.expected, caught.value.found) == ("approval", "without approval")
    world.propose("accounts", kind="approval")
    world.convene("bridge", "accounts")


def test_g8__session_without_the_duty__passes() -> None:
    world = _pending(DUTY)
    world.convene("bridge", session="extraordinary")


def test_g8__second_convocation__need_not_repeat_it() -> None:
    second = altered(SecondConvocation, "second", sessions=("annual",), within=Duration(months=3))
    world = World(rules_with(DUTY, second))
    world.propose("accounts", kind="approval")
    world.ready("bridge", "accounts")
    world.advance(days=2)
    world.end("annual", "no_quorum")
    world.convene("bridge", assembly="again", round=2, previous="annual")


def test_g8__call_that_answers_a_draft__need_not_have_it() -> None:
    world = _pending(DUTY)
    world.act(VOTER, AssemblyDrafted("asked", "annual", "Asked", ("bridge",)))
    world.act(OTHER, DraftSupported("asked"))
    world.convene("bridge", draft="asked")
