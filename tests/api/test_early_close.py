"""Closing before the time of the call, where the statutes let it and nothing can change any more."""

from pathlib import Path

import msgspec
import pytest

from backend.audit.directory import audit_directory
from backend.domain.rulebook.rule import Modality
from backend.domain.rulebook.voting import BallotRule, EarlyClose
from tests.support.http_play import HttpPlay
from tests.support.http_world import World
from tests.support.model_organisation import FOUNDERS, SLUG, Actor, model_rulebook
from tests.support.model_rules import model_rules

CHAIR = FOUNDERS[0]
VOTERS = (*FOUNDERS, Actor("gardener"), Actor("miller"))


def voted(
    world: World, choices: str, *, modality: Modality = "may", replaceable: bool = False
) -> None:
    """Play a vote of five members up to the moment after these choices, one letter a voter."""
    rules = tuple(
        msgspec.structs.replace(rule, replaceable=replaceable)
        if isinstance(rule, BallotRule)
        else rule
        for rule in model_rules()
    )
    early = EarlyClose(id="early-close", article="12", modality=modality)
    play = HttpPlay(world)
    play.found(rulebook=model_rulebook((*rules, early)))
    for actor in VOTERS[3:]:
        play.apply(actor)
    play.propose(CHAIR, "bridge")
    play.convene(CHAIR, "spring", "bridge")
    play.advance(days=15)
    words = {"y": "yes", "n": "no", "a": "abstain"}
    for actor, letter in zip(VOTERS, choices, strict=False):
        play.cast(actor, "bridge", words[letter])


def closed(world: World) -> tuple[int, str]:
    """Ask to close; returns the status and the code of a refusal."""
    answer = world.post(f"{world.root}/assemblies/spring/close", {})
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(("choices", "outcome"), [("yyy", "adopted"), ("nnn", "rejected")])
def test_close__outcome_settled__closes_early_and_says_why(
    world: World, tmp_path: Path, choices: str, outcome: str
) -> None:
    voted(world, choices)
    assert closed(world) == (201, "")
    decision = world.get("decisions/bridge")
    assert decision["outcome"] == outcome
    step = next(each for each in decision["derivation"] if each["rule"] == "early-close")
    assert (step["verdict"], step["inputs"]["remaining"]) == ("met", "2")
    world.worker.step_all()
    world.container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").disagreements == ()


def test_close__two_votes_could_change_it__is_refused(world: World) -> None:
    voted(world, "yyn")
    assert closed(world) == (422, "assembly.open_outcome")


def test_close__ballots_could_be_replaced__is_refused(world: World) -> None:
    voted(world, "yyyyy", replaceable=True)
    assert closed(world) == (422, "assembly.open_outcome")


def test_close__statutes_forbid_it__is_refused(world: World) -> None:
    voted(world, "yyyyy", modality="must_not")
    assert closed(world) == (422, "assembly.too_early")
