"""Names beside votes: shown where they may be, from the register, and nowhere else."""

from pathlib import Path
from typing import Literal

import pytest

from backend.audit.directory import audit_directory
from backend.domain.acts import NamingAnswered
from backend.storage.private_tables import PersonRow, RollLineRow, RollRow
from tests.support.governance import rules_with
from tests.support.http_play import HttpPlay
from tests.support.http_world import Answer, World, facts
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.vote_world import named_ballot

CHAIR, TREASURER, SECRETARY = FOUNDERS


def _vote(world: World, modality: Literal["must", "may"] | None) -> str:
    """Vote on a motion, named where a modality is given; return the decision."""
    world.found(rules_with(named_ballot(modality)) if modality else None)
    world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
    world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
    world.clock.advance(15 * 86_400 + 60)
    for voter, choice in ((CHAIR, "no"), (TREASURER, "no"), (CHAIR, "yes")):
        world.cast(voter, "bridge", choice)
    decision: str = world.get("motions/bridge/poll")["decision"]
    return decision


def _close(world: World) -> None:
    world.clock.advance(2 * 86_400)
    world.worker.step_all()


def _votes(world: World) -> list[tuple[str, str, str | None]]:
    return [
        (vote["choice"], vote["naming"], vote["name"])
        for vote in world.get("motions/bridge/votes")["items"]
    ]


def _refused(world: World) -> Answer:
    response = world.client.get(f"{world.root}/motions/bridge/votes")
    return response.status_code, response.json()["code"]


def test_votes__where_the_statutes_demand_names__show_everyones(world: World) -> None:
    _vote(world, "must")
    assert _refused(world) == (409, "votes.open")
    _close(world)
    assert _votes(world) == [("no", "named", "The treasurer"), ("yes", "named", "The chair")]
    votes = world.get("motions/bridge/votes")["items"]
    members = {founder.id for founder in FOUNDERS}
    assert members.isdisjoint(str(value) for vote in votes for value in vote.values())


def test_votes__page_by_page__are_the_same(world: World) -> None:
    _vote(world, "must")
    _close(world)
    whole = world.get("motions/bridge/votes")
    first = world.get("motions/bridge/votes", limit=1)
    second = world.get("motions/bridge/votes", limit=1, after=first["next"])
    assert [*first["items"], *second["items"]] == whole["items"]
    assert world.get("motions/bridge/votes", after=second["next"])["items"] == []


def test_votes__where_members_have_to_consent__show_those_who_did_as_long_as_they_do(
    world: World,
) -> None:
    decision = _vote(world, "may")
    play = HttpPlay(world)
    play.act(CHAIR, NamingAnswered(decision, "consents"))
    _close(world)
    assert _votes(world) == [("no", "withheld", None), ("yes", "named", "The chair")]
    play.act(CHAIR, NamingAnswered(decision, "declines"))
    assert _votes(world) == [("no", "withheld", None), ("yes", "withheld", None)]


def test_votes__that_are_not_named__are_refused(world: World) -> None:
    _vote(world, None)
    assert _refused(world) == (422, "naming.unnamed")
    _close(world)
    assert _refused(world) == (422, "naming.unnamed")


def test_votes__on_a_motion_on_no_agenda__are_unknown(founded: World) -> None:
    founded.act_as_chair("bridge")
    assert _refused(founded) == (404, "poll.unknown")


def test_votes__of_an_erased_member__say_so(world: World) -> None:
    _vote(world, "must")
    _close(world)
    with world.container.archive.database.writing() as session:
        session.delete(session.get_one(PersonRow, (SLUG, TREASURER.id)))
    assert _votes(world) == [("no", "erased", None), ("yes", "named", "The chair")]


def test_votes__whose_roll_was_destroyed__are_nobodys(world: World) -> None:
    decision = _vote(world, "must")
    _close(world)
    reads = world.container.archive.reads
    with world.container.archive.database.writing() as session:
        for voter in reads.sources(SLUG).roll(decision) or ():
            session.delete(session.get_one(RollLineRow, (SLUG, decision, voter)))
        session.flush()
        session.delete(session.get_one(RollRow, (SLUG, decision)))
    assert _votes(world) == [("no", "redacted", None), ("yes", "redacted", None)]


@pytest.mark.parametrize("modality", ["must", "may"])
def test_bundle__of_a_named_vote__holds_no_name(
    world: World, tmp_path: Path, modality: Literal["must", "may"]
) -> None:
    decision = _vote(world, modality)
    if modality == "may":
        HttpPlay(world).act(CHAIR, NamingAnswered(decision, "consents"))
    _close(world)
    assert "The chair" in [name for _, _, name in _votes(world)]
    world.container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").lawful
    files = [path for path in (tmp_path / "bundle").rglob("*") if path.is_file()]
    content = b"\0".join(path.read_bytes() for path in files)
    # What is searched for would be found: a pseudonym is there.
    assert CHAIR.id.encode() in content
    names = [facts(Actor(founder.role))["name"].encode() for founder in FOUNDERS]
    assert [name for name in names if name in content] == []
