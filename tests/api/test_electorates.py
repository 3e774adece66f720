"""What is public of an electorate, and how its electors, and only they, get the proof of their place."""

import json
from itertools import combinations

import pytest
from httpx2 import Response

from backend.domain.acts import AssemblyConvened, BallotCast
from backend.domain.electorate import electorate_root, parse_elector, parse_leaves, verify_elector
from backend.domain.entry import Entry
from tests.support.http_world import World, join, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, _ = FOUNDERS
PARTNER = Actor("partner", "collective")


@pytest.fixture
def voting(founded: World) -> World:
    """Two motions of the agenda of one assembly that is open."""
    join(founded, PARTNER, officer=CHAIR)
    for motion in ("bridge", "weir"):
        founded.act(CHAIR, "motions", founded.motion(CHAIR, motion))
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge", "weir"))
    founded.clock.advance(15 * 86_400 + 60)
    return founded


def _asked(world: World, body: object) -> Response:
    return world.client.post(f"{world.root}/motions/bridge/electorate/proof", json=body)


def _request(world: World, actor: Actor, **changes: object) -> dict[str, object]:
    body = {"author": actor.id, "issued_at": world.seconds()}
    path = f"{world.root}/motions/bridge/electorate/typed-data"
    prepared = world.client.post(path, json=body)
    assert prepared.status_code == 200, prepared.text
    return {**body, "signature": signature(actor, prepared.json()), **changes}


def _verified(world: World, response: Response) -> str:
    """Check a proof against the ledger alone; return its voter."""
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    electorate = world.get("motions/bridge/electorate")
    entry = world.client.get(f"{world.root}/entries/{electorate['entry']}").content
    convened = Entry.from_bytes(entry).data
    assert isinstance(convened, AssemblyConvened)
    proof = parse_elector(response.content)
    verify_elector(proof, convened.agenda[0])
    return proof.voter


def test_electorate__of_a_motion_on_an_agenda__is_that_of_its_leaves(voting: World) -> None:
    electorate = voting.get("motions/bridge/electorate")
    document = voting.client.get(f"/v1/documents/{electorate['leaves']}").content
    leaves = parse_leaves(document)
    assert electorate["size"] == len(leaves) == len(FOUNDERS)
    assert electorate["root"] == electorate_root(leaves)
    assert electorate["decision"] == voting.get("motions/bridge/poll")["decision"]
    assert electorate["assembly"] == "spring"


def test_electorate__of_a_motion_on_no_agenda__is_unknown(founded: World) -> None:
    founded.act_as_chair("bridge")
    response = founded.client.get(f"{founded.root}/motions/bridge/electorate")
    assert (response.status_code, response.json()["code"]) == (404, "poll.unknown")


def test_proof__by_what_the_ballot_answered__verifies(voting: World) -> None:
    answer = voting.cast(CHAIR, "bridge", "yes")
    opening = {"voter": answer["voter"], "elector_salt": answer["elector_salt"]}
    assert _verified(voting, _asked(voting, opening)) == answer["voter"]


def test_proof__by_an_opening_with_one_digit_changed__is_unknown_either_way(voting: World) -> None:
    answer = voting.cast(CHAIR, "bridge", "yes")
    other = voting.cast(TREASURER, "bridge", "yes")
    for voter, salt in (
        (answer["voter"], other["elector_salt"]),
        ("v" + "0" * 32, answer["elector_salt"]),
    ):
        response = _asked(voting, {"voter": voter, "elector_salt": salt})
        assert (response.status_code, response.json()["code"]) == (404, "elector.unknown")


def test_proof__before_voting__is_given_to_the_member_who_signs(voting: World) -> None:
    voter = _verified(voting, _asked(voting, _request(voting, CHAIR)))
    assert voting.cast(CHAIR, "bridge", "yes")["voter"] == voter


def test_proof__of_one_member_asked_by_another__is_refused(voting: World) -> None:
    body = _request(voting, CHAIR)
    response = _asked(voting, {**body, "author": TREASURER.id})
    assert (response.status_code, response.json()["code"]) == (403, "signature.signer")


def test_proof__asked_with_a_signature_for_another_motion__is_refused(voting: World) -> None:
    body = _request(voting, CHAIR)
    response = voting.client.post(f"{voting.root}/motions/weir/electorate/proof", json=body)
    assert (response.status_code, response.json()["code"]) == (403, "signature.signer")


def test_proof__asked_with_a_signature_of_16_minutes_ago__is_refused(voting: World) -> None:
    body = _request(voting, CHAIR)
    voting.clock.advance(15 * 60)
    assert _asked(voting, body).status_code == 200
    voting.clock.advance(1)
    response = _asked(voting, body)
    assert (response.status_code, response.json()["code"]) == (422, "statement.stale")


def test_proof__of_a_member_without_a_vote__is_unknown(voting: World) -> None:
    response = _asked(voting, _request(voting, PARTNER))
    assert (response.status_code, response.json()["code"]) == (404, "elector.unknown")


def test_proof__of_someone_on_no_register__is_unknown(voting: World) -> None:
    response = _asked(voting, _request(voting, Actor("stranger")))
    assert (response.status_code, response.json()["code"]) == (404, "member.unknown")


def test_proof__asked__writes_nothing(voting: World) -> None:
    before = voting.client.get(voting.root).json()["size"]
    _asked(voting, _request(voting, CHAIR))
    assert voting.client.get(voting.root).json()["size"] == before


def test_votes__of_one_person_on_two_motions__share_nothing_that_is_public(voting: World) -> None:
    for motion in ("bridge", "weir"):
        voting.cast(CHAIR, motion, "yes")
    voting.clock.advance(3 * 86_400)
    voting.worker.step_all()
    entries = voting.client.get(f"{voting.root}/entries", params={"limit": 500}).json()["items"]
    cast = [entry["index"] for entry in entries if entry["act"] == BallotCast.act]
    found = [
        Entry.from_bytes(voting.client.get(f"{voting.root}/entries/{index}").content)
        for index in cast
    ]
    for one, other in combinations(found, 2):
        assert isinstance(one.data, BallotCast)
        assert isinstance(other.data, BallotCast)
        assert one.by != other.by
        assert one.data.voter != other.data.voter
        assert set(one.proof.signatures).isdisjoint(other.proof.signatures)
    public = [_public(voting, motion) for motion in ("bridge", "weir")]
    assert all(public)
    assert public[0].isdisjoint(public[1])


def _public(world: World, motion: str) -> set[str]:
    """Return every pseudonym, salt, leaf and commitment of a decision that all can see after the close."""
    electorate = world.get(f"motions/{motion}/electorate")
    leaves = parse_leaves(world.client.get(f"/v1/documents/{electorate['leaves']}").content)
    poll = world.get(f"motions/{motion}/poll")
    openings = json.loads(world.client.get(f"/v1/documents/{poll['openings']}").content)
    state = world.container.archive.reads.state(SLUG)
    cast = state.poll(motion).ballots.values()
    secrets = {ballot[name] for ballot in openings["ballots"] for name in ("salt", "elector_salt")}
    return {
        *leaves,
        *secrets,
        *(ballot.voter for ballot in cast),
        *(ballot.choice for ballot in cast),
    }
