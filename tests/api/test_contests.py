"""Votes on several options over HTTP, from the proposal to a decision that an auditor derives again."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from backend.audit.directory import audit_directory
from backend.domain.acts import (
    ElectionEffect,
    MotionKind,
    SeatGiven,
    SelectionEffect,
    SelectionOption,
)
from backend.domain.methods import OPTION_METHODS
from backend.domain.methods.choices import format_approved, format_marks, format_ranking
from backend.domain.methods.contest import OptionMethodName
from tests.support.http_play import HttpPlay
from tests.support.http_world import World
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.selection_rules import selection_rulebook

CHAIR = FOUNDERS[0]
VOTERS = (*FOUNDERS, Actor("gardener"), Actor("miller"))
METHODS = get_args(OptionMethodName)
OPTIONS = ("bridge", "ferry", "tunnel")
PREFERENCES = (
    ("bridge", "ferry", "tunnel"),
    ("bridge", "tunnel", "ferry"),
    ("ferry", "bridge", "tunnel"),
    ("tunnel", "bridge", "ferry"),
    ("bridge", "ferry", "tunnel"),
)


def choice_of(method: str, preference: tuple[str, ...]) -> str:
    """Return a ballot that prefers options in an order, in the schema of a method."""
    first = preference[0]
    match OPTION_METHODS[method].SCHEMA:
        case "single":
            return first
        case "approval":
            return format_approved((first,))
        case "marks":
            return format_marks(tuple(sorted(zip(preference, (3, 2, 1), strict=True))))
        case _:
            return format_ranking(tuple((option,) for option in preference))


def crossing(method: str, **fields: Any) -> SelectionEffect:  # noqa: ANN401 - of the effect
    """Return a choice between three ways to cross the river."""
    cost, budget = (60, 100) if method == "equal_shares" else (0, 0)
    options = tuple(SelectionOption(each, f"The {each}", cost=cost) for each in OPTIONS)
    return SelectionEffect(options, budget=budget, **fields)


def play_vote(
    play: HttpPlay,
    method: str,
    choices: dict[Actor, str],
    effect: SelectionEffect | ElectionEffect,
    **rules: Any,  # noqa: ANN401 - of the ballot rule
) -> None:
    """Found, admit, propose, call, vote and close."""
    play.found(rulebook=selection_rulebook(method, **rules))
    for actor in VOTERS[3:]:
        play.apply(actor)
    kind: MotionKind = "election" if isinstance(effect, ElectionEffect) else "legislative"
    play.propose_effect(CHAIR, "crossing", kind, effect)
    play.convene(CHAIR, "spring", "crossing")
    play.advance(days=15)
    for actor, choice in choices.items():
        play.cast(actor, "crossing", choice)
    play.advance(days=2)
    play.settle("spring")


@pytest.mark.parametrize("method", METHODS)
def test_selection__by_every_method__is_decided_and_audited(
    world: World, tmp_path: Path, method: str
) -> None:
    choices = [choice_of(method, preference) for preference in PREFERENCES]
    play_vote(HttpPlay(world), method, dict(zip(VOTERS, choices, strict=True)), crossing(method))
    decision = world.get("decisions/crossing")
    assert decision["outcome"] == "adopted"
    assert decision["chosen"] == ["bridge"]
    told = world.get("motions/crossing/tally")["tally"]
    assert (told["method"], told["valid"], told["elected"]) == (method, 5, ["bridge"])
    world.worker.step_all()
    world.container.archive.export(SLUG, tmp_path / "bundle")
    report = audit_directory(tmp_path / "bundle")
    assert report.disagreements == ()
    assert report.redacted == 0


@pytest.mark.parametrize("method", METHODS)
def test_ballot_form__before_the_vote__tells_what_a_choice_may_say(
    world: World, method: str
) -> None:
    play = HttpPlay(world)
    play.found(rulebook=selection_rulebook(method))
    play.propose_effect(CHAIR, "crossing", "legislative", crossing(method))
    form = world.get("motions/crossing/ballot")
    assert form["method"] == method
    assert form["ballot"] == OPTION_METHODS[method].SCHEMA
    assert [each["option"] for each in form["options"]] == list(OPTIONS)
    assert form["choices"] == ["blank"]


def test_ballot_form__of_one_proposal__lists_the_choices(founded: World) -> None:
    HttpPlay(founded).propose(CHAIR, "bridge")
    form = founded.get("motions/bridge/ballot")
    assert (form["ballot"], form["choices"]) == ("choice", ["yes", "no", "abstain"])
    assert form["options"] == []


def test_election__among_candidates__gives_the_mandate_to_the_winner(world: World) -> None:
    seats = tuple(SeatGiven(f"auditor-{each.role}", "member", each.id) for each in VOTERS[3:])
    effect = ElectionEffect("bureau", "designation", "2026-03-01", True, seats, 1)  # noqa: FBT003
    rankings = {
        actor: format_ranking((("auditor-gardener",), ("auditor-miller",))) for actor in VOTERS
    }
    play_vote(HttpPlay(world), "instant_runoff", rankings, effect)
    assert world.get("decisions/crossing")["chosen"] == ["auditor-gardener"]
    mandates = {each["mandate"]: each["holder"] for each in world.get("mandates")["items"]}
    assert mandates["auditor-gardener"] == VOTERS[3].id
    assert "auditor-miller" not in mandates


def test_status_quo__first__rejects_the_motion(world: World) -> None:
    choices = dict.fromkeys(VOTERS, "tunnel")
    effect = crossing("plurality", status_quo="tunnel")
    play_vote(HttpPlay(world), "plurality", choices, effect)
    decision = world.get("decisions/crossing")
    assert (decision["outcome"], decision["chosen"]) == ("rejected", [])


def test_blank_ballots__are_counted_apart(world: World) -> None:
    choices = {**dict.fromkeys(VOTERS, "blank"), CHAIR: "ferry"}
    play_vote(HttpPlay(world), "plurality", choices, crossing("plurality"))
    told = world.get("motions/crossing/tally")["tally"]
    assert (told["blank"], told["valid"]) == (4, 1)
    assert world.get("decisions/crossing")["chosen"] == ["ferry"]


def test_tie__broken_by_lots__waits_for_the_final_anchor_and_is_audited(
    world: World, tmp_path: Path
) -> None:
    choices = dict(zip(VOTERS, ("ferry", "ferry", "bridge", "bridge", "blank"), strict=True))
    play_vote(HttpPlay(world), "plurality", choices, crossing("plurality"))
    assert world.get("motions/crossing")["status"] == "closed"
    early = world.post(f"{world.root}/motions/crossing/lots", {})
    assert (early.status_code, early.json()["code"]) == (409, "lots.unanchored")
    for _ in range(3):
        world.worker.step_all()
    decision = world.get("decisions/crossing")
    assert decision["outcome"] == "adopted"
    assert decision["chosen"][0] in {"bridge", "ferry"}
    drawn = [
        each for each in world.get("entries", limit=500)["items"] if each["act"] == "lots.drawn"
    ]
    assert len(drawn) == 1
    again = world.post(f"{world.root}/motions/crossing/lots", {})
    assert (again.status_code, again.json()["code"]) == (409, "lots.none")
    world.worker.step_all()
    world.container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").disagreements == ()


def test_bundle__exported_while_lots_are_awaited__omits_nothing(
    world: World, tmp_path: Path
) -> None:
    choices = dict(zip(VOTERS, ("ferry", "ferry", "bridge", "bridge", "blank"), strict=True))
    play_vote(HttpPlay(world), "plurality", choices, crossing("plurality"))
    world.worker.step(SLUG)
    world.container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").disagreements == ()


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ("boat", "choice.unknown"),
        ("bridge\u200b", "choice.unknown"),
        ("br\u0456dge", "choice.unknown"),
        ('["bridge"]', "choice.unknown"),
    ],
)
def test_choice__not_on_the_ballot__is_refused_and_loses_nothing(
    world: World, choice: str, code: str
) -> None:
    play = HttpPlay(world)
    play_vote(play, "plurality", {CHAIR: "ferry"}, crossing("plurality"))
    body = {
        "member": CHAIR.id,
        "choice": choice,
        "choice_salt": "00" * 32,
        "cast_at": world.seconds(),
        "nonce": 1,
    }
    answer = world.client.post(f"{world.root}/motions/crossing/ballots/typed-data", json=body)
    assert answer.json()["code"] == code, json.dumps(answer.json())
