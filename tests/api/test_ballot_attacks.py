"""Attacks on ballots over HTTP: each is refused with its reason and writes nothing."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response

from backend.domain.errors import RuleViolation
from backend.domain.signing import TypedData, typed_data_digest
from backend.services import ballots
from backend.services.ballots import Vote
from backend.services.commands import command_of
from backend.settings import PasskeySettings
from tests.support.http_world import World, applicant, join, opened, signature
from tests.support.model_organisation import FOUNDERS, RELYING_PARTY, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
KEEPER = Actor("keeper", device="ES256")
BALLOTS = "motions/bridge/ballots"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
OPENING_S = 15 * 86_400
"""Seconds from the call to the opening."""

OPEN_S = 2 * 86_400
"""Seconds from the opening to the close."""


def called(data: Path) -> Iterator[World]:
    """A server on which a vote on a bridge and a weir was called and is not open yet."""
    settings = PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins)
    with opened(data, passkeys=settings) as world:
        world.found()
        join(world, KEEPER)
        for motion in ("bridge", "weir"):
            world.act(CHAIR, "motions", world.motion(CHAIR, motion))
        world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge", "weir"))
        yield world


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[World]:
    """A server on which a vote was called and is not open yet."""
    yield from called(tmp_path / "data")


@pytest.fixture
def voting(waiting: World) -> World:
    """The server a minute after the opening."""
    waiting.clock.advance(OPENING_S + 60)
    return waiting


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The server a minute after the opening, for attacks that write nothing."""
    for world in called(tmp_path_factory.mktemp("ground") / "data"):
        world.clock.advance(OPENING_S + 60)
        yield world


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[World]:
    """The same organisation on another server: same acts, other pseudonyms on the roll."""
    for world in called(tmp_path / "elsewhere"):
        world.clock.advance(OPENING_S + 60)
        yield world


def prepared(world: World, body: dict[str, object], motion: str = "bridge") -> TypedData:
    """Return what the server asks to be signed."""
    path = f"{world.root}/motions/{motion}/ballots/typed-data"
    asked: TypedData = world.client.post(path, json=body).json()
    return asked


def sent(world: World, body: dict[str, object], signed: object, path: str = BALLOTS) -> Response:
    """Hand in a ballot."""
    return world.post(f"{world.root}/{path}", {**body, "signature": signed})


def size(world: World) -> int:
    found: int = world.client.get(world.root).json()["size"]
    return found


def refused(response: Response, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("voter", [CHAIR, KEEPER], ids=["wallet", "passkey"])
def test_ballot__as_it_was_signed__is_recorded(voting: World, voter: Actor) -> None:
    body = voting.ballot(voter, "bridge", "yes")
    before = size(voting)
    assert sent(voting, body, signature(voter, prepared(voting, body))).status_code == 201
    assert size(voting) == before + 1


def _change(place: str, name: str, value: object) -> Callable[[TypedData], TypedData]:
    def change(asked: TypedData) -> TypedData:
        altered = {**asked, place: {**asked[place], name: value}}
        return {**altered, "digest": f"0x{typed_data_digest(altered).hex()}"}

    return change


REPLAYS = {
    "organisation": _change("domain", "salt", "0x" + "11" * 32),
    "chain": _change("domain", "chainId", 1),
    "contract": _change("domain", "verifyingContract", "0x" + "11" * 20),
    "name": _change("domain", "name", "psephos"),
    "version": _change("domain", "version", "2"),
    "decision": _change("message", "decision", "0x" + "11" * 32),
    "rules": _change("message", "rules", "0x" + "11" * 32),
    "roll": _change("message", "electorate", "0x" + "11" * 32),
    "choice": _change("message", "choice", "0x" + "11" * 32),
    "time": _change("message", "castAt", 7),
    "nonce": _change("message", "nonce", 7),
}


@pytest.mark.parametrize("voter", [CHAIR, KEEPER], ids=["wallet", "passkey"])
@pytest.mark.parametrize("other", REPLAYS)
def test_replay__of_a_signature_for_another_place__is_refused(
    ground: World, voter: Actor, other: str
) -> None:
    body = ground.ballot(voter, "bridge", "yes")
    asked, before = prepared(ground, body), size(ground)
    refused(sent(ground, body, signature(voter, REPLAYS[other](asked))), 403, "signature.signer")
    assert size(ground) == before


def test_replay__on_another_motion__is_refused(voting: World) -> None:
    body = voting.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(voting, body))
    refused(sent(voting, body, signed, "motions/weir/ballots"), 403, "signature.signer")
    assert sent(voting, body, signed).status_code == 201


def test_replay__on_the_same_decision_under_another_roll__is_refused(
    voting: World, elsewhere: World
) -> None:
    body = voting.ballot(CHAIR, "bridge", "yes")
    here, there = prepared(voting, body), prepared(elsewhere, body)
    different = {
        name for name in here["message"] if here["message"][name] != there["message"][name]
    }
    assert different == {"electorate"}
    signed = signature(CHAIR, here)
    refused(sent(elsewhere, body, signed), 403, "signature.signer")
    assert sent(voting, body, signed).status_code == 201


def test_replay__of_a_ballot_that_is_in_the_ledger__is_refused(voting: World) -> None:
    first = voting.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(voting, first))
    assert sent(voting, first, signed).status_code == 201
    refused(sent(voting, first, signed), 422, "ballot.nonce")
    second = {**voting.ballot(CHAIR, "bridge", "no"), "nonce": 1}
    assert sent(voting, second, signature(CHAIR, prepared(voting, second))).status_code == 201
    refused(sent(voting, first, signed), 422, "ballot.nonce")


def test_replay__in_the_name_of_another_member__is_refused(ground: World) -> None:
    body = ground.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(ground, body))
    refused(sent(ground, {**body, "member": TREASURER.id}, signed), 403, "signature.signer")


def test_secret__of_another_choice_under_the_same_signature__is_refused(ground: World) -> None:
    body = ground.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(ground, body))
    for change in ({"choice": "no"}, {"choice_salt": "00" * 32}):
        refused(sent(ground, {**body, **change}, signed), 403, "signature.signer")


def _malleated(text: str) -> str:
    r, s, v = text[2:66], int(text[66:130], 16), int(text[130:], 16)
    return f"0x{r}{ORDER - s:064x}{55 - v:02x}"


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        (_malleated, "signature.malformed"),
        *((lambda text, v=v: f"{text[:-2]}{v:02x}", "signature.malformed") for v in (0, 1, 26, 29, 37, 255)),
        (lambda text: f"{text[:-2]}{55 - int(text[-2:], 16):02x}", "signature.signer"),
        (lambda _: "0x" + "00" * 65, "signature.malformed"),
        (lambda text: f"0x{'00' * 32}{text[66:]}", "signature.malformed"),
        (lambda text: f"{text[:66]}{'00' * 32}{text[130:]}", "signature.malformed"),
        (lambda text: f"0x{ORDER:064x}{text[66:]}", "signature.malformed"),
        (lambda text: text[:-2], "request.invalid"),
        (lambda text: f"{text}00", "request.invalid"),
        (lambda text: text[2:], "request.invalid"),
        (lambda text: text.upper(), "request.invalid"),
        (lambda text: f"{text}\n", "request.invalid"),
        (lambda _: "", "request.invalid"),
        (lambda _: None, "request.malformed"),
        (lambda _: {}, "request.invalid"),
        (lambda text: [text], "request.invalid"),
    ],
    ids=["high s", *(f"v {v}" for v in (0, 1, 26, 29, 37, 255)), "other v", "zeros", "zero r", "zero s",
         "r too large", "short", "long", "no prefix", "capitals", "line end", "empty", "null", "object",
         "list"],
)  # fmt: skip
def test_signature__in_another_form__is_refused(
    ground: World, alter: Callable[[str], object], code: str
) -> None:
    body = ground.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(ground, body))
    assert isinstance(signed, str)
    before = size(ground)
    refused(sent(ground, body, alter(signed)), 403 if code == "signature.signer" else 422, code)
    assert size(ground) == before


@pytest.mark.parametrize(
    "choice",
    ["Yes", "YES", " yes", "yes ", "yes\n", "y\u0435s", "\u0443es", "\uff59\uff45\uff53", "yes\u200b",
     "ye\u0073\u0301", "yes\0", "\u202eyes", "oui", "1", "yes" * 21],
    ids=ascii,
)  # fmt: skip
def test_choice__that_looks_like_another__is_none(ground: World, choice: str) -> None:
    body = ground.ballot(CHAIR, "bridge", "yes")
    signed = signature(CHAIR, prepared(ground, body))
    before = size(ground)
    refused(sent(ground, {**body, "choice": choice}, signed), 422, "choice.unknown")
    assert size(ground) == before


def _raw(world: World, content: bytes) -> Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": world.key()}
    return world.client.post(f"{world.root}/{BALLOTS}", content=content, headers=headers)


@pytest.mark.parametrize("field", ["choice", "member", "nonce", "signature"])
def test_body__with_a_key_twice__is_unreadable(voting: World, field: str) -> None:
    body: dict[str, Any] = {**voting.ballot(CHAIR, "bridge", "yes")}
    body["signature"] = signature(CHAIR, prepared(voting, body))
    whole = json.dumps(body)
    twice = f"{whole[:-1]}, {json.dumps(field)}: {json.dumps(body[field])}}}"
    refused(_raw(voting, twice.encode()), 400, "request.unreadable")
    assert _raw(voting, whole.encode()).status_code == 201


@pytest.mark.parametrize(
    ("alter", "status", "code"),
    [
        (lambda body: {**body, "choice": "y" * 65_536}, 422, "request.invalid"),
        (lambda body: {**body, "signature": "0x" + "00" * 65_536}, 422, "request.invalid"),
        (lambda body: {**body, "extra": "x" * 65_536}, 422, "request.invalid"),
        (lambda body: {**body, **{f"k{n}": n for n in range(6_000)}}, 422, "request.invalid"),
        (lambda body: {**body, "nonce": 10**4000}, 400, "request.unreadable"),
        (lambda body: {**body, "nonce": 2**53}, 422, "request.malformed"),
        (lambda body: {**body, "nonce": -1}, 422, "request.invalid"),
        (lambda body: {**body, "nonce": True}, 422, "request.invalid"),
        (lambda body: {**body, "cast_at": "now"}, 422, "request.invalid"),
    ],
    ids=[
        "choice",
        "signature",
        "field",
        "fields",
        "number",
        "integer",
        "negative",
        "boolean",
        "time",
    ],
)
def test_body__of_65_kilobytes_or_of_other_types__is_refused(
    ground: World, alter: Callable[[dict[str, Any]], object], status: int, code: str
) -> None:
    body: dict[str, Any] = {**ground.ballot(CHAIR, "bridge", "yes"), "signature": "0x" + "00" * 65}
    before = size(ground)
    refused(ground.post(f"{ground.root}/{BALLOTS}", alter(body)), status, code)
    assert size(ground) == before


@pytest.mark.parametrize("content", [b"[" * 65_536, b'{"a":' * 10_922, b'"' + b"\\" * 65_536])
def test_body__of_65_kilobytes_of_no_json__is_unreadable(ground: World, content: bytes) -> None:
    refused(_raw(ground, content), 400, "request.unreadable")


def test_two_devices__in_one_second_with_one_nonce__one_wins_and_the_other_is_told(
    voting: World,
) -> None:
    first, second = (voting.ballot(CHAIR, "bridge", choice) for choice in ("yes", "no"))
    assert (first["nonce"], first["cast_at"]) == (second["nonce"], second["cast_at"])
    signed = [signature(CHAIR, prepared(voting, body)) for body in (first, second)]
    assert sent(voting, first, signed[0]).status_code == 201
    response = sent(voting, second, signed[1])
    refused(response, 422, "ballot.nonce")
    assert (response.json()["expected"], response.json()["found"]) == ("nonce 1", "nonce 0")


def test_two_devices__at_once__one_wins_and_the_other_is_told(voting: World) -> None:
    ports, barrier = voting.container.ports, Barrier(2)

    def hand_in(choice: str) -> str:
        body = voting.ballot(CHAIR, "bridge", choice)
        signed = CHAIR.sign(prepared(voting, body))
        salt = bytes.fromhex(str(body["choice_salt"]))
        vote = Vote("bridge", CHAIR.id, choice, salt, voting.seconds(), 0)
        barrier.wait()
        try:
            ballots.cast(ports, SLUG, command_of(choice, b""), vote, signature=signed)
        except RuleViolation as error:
            return error.code
        return "cast"

    before = size(voting)
    with ThreadPoolExecutor(2) as devices:
        outcomes = sorted(devices.map(hand_in, ("yes", "no")))
    assert outcomes == ["ballot.nonce", "cast"]
    assert size(voting) == before + 1


def test_two_devices__in_one_second_with_successive_nonces__both_stay_and_the_last_counts(
    voting: World,
) -> None:
    bodies = [voting.ballot(CHAIR, "bridge", choice) for choice in ("yes", "no")]
    bodies[1]["nonce"] = 1
    for body in bodies:
        assert sent(voting, body, signature(CHAIR, prepared(voting, body))).status_code == 201
    voting.clock.advance(OPEN_S)
    voting.worker.step_all()
    poll = voting.get("motions/bridge/poll")
    assert (poll["ballots"], poll["voters"]) == (2, 1)
    assert poll["tally"] == {"abstain": 0, "no": 1, "yes": 0}


@pytest.mark.parametrize(
    ("milliseconds", "code"),
    [(-1, "assembly.early"), (0, ""), (OPEN_S * 1000 - 1, ""), (OPEN_S * 1000, "assembly.over")],
    ids=["before the opening", "at the opening", "before the close", "at the close"],
)
@pytest.mark.parametrize("voter", [CHAIR, KEEPER], ids=["wallet", "passkey"])
def test_instant__of_a_ballot__is_from_the_opening_to_before_the_close(
    waiting: World, voter: Actor, milliseconds: int, code: str
) -> None:
    waiting.clock.advance(OPENING_S, milliseconds=milliseconds)
    body = waiting.ballot(voter, "bridge", "yes")
    response = sent(waiting, body, signature(voter, prepared(waiting, body)))
    if code:
        refused(response, 422, code)
        return
    assert response.status_code == 201


def test_instant__claimed_before_the_opening__is_refused_though_it_is_handed_in_later(
    voting: World,
) -> None:
    body = {**voting.ballot(CHAIR, "bridge", "yes"), "cast_at": voting.seconds() - 61}
    refused(sent(voting, body, signature(CHAIR, prepared(voting, body))), 422, "ballot.cast_at")
    body["cast_at"] = voting.seconds() - 60
    assert sent(voting, body, signature(CHAIR, prepared(voting, body))).status_code == 201


@pytest.mark.parametrize("victim", [CHAIR, KEEPER], ids=["wallet", "passkey"])
def test_key__of_a_member__is_not_told_to_who_signs_in_their_name(
    ground: World, victim: Actor
) -> None:
    body = ground.ballot(victim, "bridge", "yes")
    asked = prepared(ground, body)
    stranger = Actor("stranger", device=victim.device)
    response = sent(ground, body, signature(stranger, asked))
    refused(response, 403, "signature.signer")
    assert victim.key.hex() not in response.text


def test_key__of_a_member_who_votes__is_in_no_entry(voting: World) -> None:
    for voter in (CHAIR, KEEPER):
        voting.cast(voter, "bridge", "yes")
    entries = b"".join(
        voting.client.get(f"{voting.root}/entries/{index}").content for index in range(size(voting))
    )
    for voter in (CHAIR, KEEPER):
        assert voter.id.encode() in entries
        assert voter.key.hex().encode() not in entries
        assert applicant(voter)["key_salt"].encode() not in entries
