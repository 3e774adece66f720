"""Passkeys over HTTP: from the application to the counted ballot, and what is refused on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.demo.passkeys import authenticator_data, client_data
from backend.domain.passkeys import Assertion
from backend.domain.signing import typed_data_digest
from backend.settings import PasskeySettings
from tests.support.http_world import World, assertion_fields, opened
from tests.support.model_organisation import FOUNDERS, RELYING_PARTY, Actor

CHAIR = FOUNDERS[0]
KEEPER = Actor("keeper", device="ES256")
WALKER = Actor("walker", device="EdDSA")
BALLOTS = "motions/bridge/ballots"


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[World]:
    """A server that takes passkeys, with an organisation whose vote on a bridge is open."""
    settings = PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins)
    with opened(tmp_path / "data", passkeys=settings) as world:
        world.found()
        for actor in (KEEPER, WALKER):
            answer = world.act(actor, "members", world.application(actor))
            assert answer["status"] == "active"
        world.act(KEEPER, "motions", world.motion(KEEPER, "bridge"))
        world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
        world.clock.advance(15 * 86_400 + 60)
        yield world


def digest_asked(world: World, body: dict[str, object]) -> bytes:
    """Return what the server says is the challenge of a ballot."""
    prepared = world.client.post(f"{world.root}/{BALLOTS}/typed-data", json=body).json()
    assert prepared["digest"] == f"0x{typed_data_digest(prepared).hex()}"
    return bytes.fromhex(prepared["digest"][2:])


def test_passkeys__of_members__vote_and_are_counted_beside_wallets(keyed: World) -> None:
    for voter in (CHAIR, KEEPER, WALKER):
        keyed.cast(voter, "bridge", "yes")
    keyed.cast(KEEPER, "bridge", "no")
    keyed.clock.advance(2 * 86_400)
    keyed.worker.step_all()
    decision = keyed.get("decisions/bridge")
    assert decision["outcome"] == "adopted"
    assert keyed.get("motions/bridge/poll")["tally"] == {"abstain": 0, "no": 1, "yes": 2}


def test_passkeys__where_they_sign__is_told_before_and_after_the_founding(keyed: World) -> None:
    party = {"id": RELYING_PARTY.id, "origins": list(RELYING_PARTY.origins)}
    assert keyed.client.get("/v1/signing").json()["passkeys"] == party
    assert keyed.get("signing-domain")["passkeys"] == party


def test_passkeys__where_the_server_takes_none__are_refused(founded: World) -> None:
    assert founded.client.get("/v1/signing").json()["passkeys"] is None
    body = founded.signed(KEEPER, "members", founded.application(KEEPER))
    response = founded.post(f"{founded.root}/members", body)
    assert (response.status_code, response.json()["code"]) == (403, "signature.passkeys")


def test_passkey__of_a_founder__signs_the_founding(tmp_path: Path) -> None:
    settings = PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins)
    with opened(tmp_path / "data", passkeys=settings) as world:
        body = world.founding((CHAIR, FOUNDERS[1], KEEPER))
        response = world.post("/v1/organisations", body, **world.operator())
    assert response.status_code == 201, response.text


def _with(assertion: Assertion, **changes: str) -> dict[str, Any]:
    return {**assertion_fields(assertion), **changes}


def test_passkey__ballot_signed_otherwise__is_refused_with_its_reason(keyed: World) -> None:
    body = keyed.ballot(KEEPER, "bridge", "yes")
    digest = digest_asked(keyed, body)
    good = KEEPER.answer(digest)
    other = digest_asked(keyed, {**body, "choice": "no"})
    page = client_data(digest, "https://evil.example")
    attempts: dict[str, tuple[object, int, str]] = {
        "another ballot": (_with(KEEPER.answer(other)), 403, "signature.signer"),
        "another passkey": (_with(WALKER.answer(digest)), 403, "signature.signer"),
        "another page": (_with(good, clientDataJSON=f"0x{page.hex()}"), 403, "signature.origin"),
        "nobody verified": (
            _with(
                good, authenticatorData=f"0x{authenticator_data('river.example', flags=1).hex()}"
            ),
            403,
            "signature.unverified",
        ),
        "a wallet's form": ("0x" + "00" * 65, 422, "signature.malformed"),
        "empty": ("", 422, "request.invalid"),
        "no parts": ({"type": "webauthn"}, 422, "request.invalid"),
        "another type": (_with(good, type="fido"), 422, "request.invalid"),
        "more parts": (_with(good, userHandle="0x00"), 422, "request.invalid"),
        "empty parts": (
            _with(good, authenticatorData="0x", clientDataJSON="0x", signature="0x"),
            422,
            "signature.malformed",
        ),
        "long data": (_with(good, authenticatorData="0x" + "00" * 1025), 422, "request.invalid"),
        "long client data": (
            _with(good, clientDataJSON="0x" + "00" * 2049),
            422,
            "request.invalid",
        ),
        "long signature": (_with(good, signature="0x" + "00" * 73), 422, "request.invalid"),
        "base64": (_with(good, signature="MEUCIQ"), 422, "request.invalid"),
    }
    for name, (signature, status, code) in attempts.items():
        response = keyed.post(f"{keyed.root}/{BALLOTS}", {**body, "signature": signature})
        assert (response.status_code, response.json()["code"]) == (status, code), name
    assert keyed.post(f"{keyed.root}/{BALLOTS}", {**body, "signature": _with(good)}).is_success


def test_wallet__that_signs_like_a_passkey__is_refused(keyed: World) -> None:
    body = keyed.ballot(CHAIR, "bridge", "yes")
    signature = _with(KEEPER.answer(digest_asked(keyed, body)))
    response = keyed.post(f"{keyed.root}/{BALLOTS}", {**body, "signature": signature})
    assert (response.status_code, response.json()["code"]) == (422, "signature.malformed")


@pytest.mark.parametrize(
    "key",
    [
        {"type": "passkey", "publicKey": "0x"},
        {"type": "passkey", "publicKey": f"0x{KEEPER.key.hex()}00"},
        {"type": "passkey", "publicKey": f"0x{KEEPER.key.hex().replace('0326', '0338')}"},
        {"type": "passkey", "publicKey": f"0x{KEEPER.key.hex()}", "address": "0x" + "00" * 20},
        {"type": "passkey", "address": "0x" + "00" * 20},
        {"type": "wallet", "publicKey": f"0x{KEEPER.key.hex()}"},
        {"type": "phone", "address": "0x" + "00" * 20},
        f"0x{KEEPER.key.hex()}",
    ],
    ids=["empty", "longer", "RS256", "two keys", "address", "wallet", "type", "text"],
)
def test_application__with_another_key__is_no_application(keyed: World, key: object) -> None:
    body = {**keyed.application(Actor("visitor", device="ES256")), "key": key}
    response = keyed.client.post(f"{keyed.root}/members/typed-data", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "request.invalid")


def test_application__with_the_key_of_another__is_refused(keyed: World) -> None:
    visitor = Actor("visitor", device="ES256")
    body = keyed.application(visitor)
    body["key"] = {"type": "passkey", "publicKey": f"0x{KEEPER.key.hex()}"}
    prepared = keyed.client.post(f"{keyed.root}/members/typed-data", json=body).json()
    digest = bytes.fromhex(prepared["digest"][2:])
    # Only who holds a key learns that somebody bound it.
    for signer, refusal in ((visitor, (403, "signature.signer")), (KEEPER, (409, "key.in_use"))):
        signed = {**body, "signature": assertion_fields(signer.answer(digest))}
        response = keyed.post(f"{keyed.root}/members", signed)
        assert (response.status_code, response.json()["code"]) == refusal


def test_application__not_signed_with_its_own_key__is_refused(keyed: World) -> None:
    visitor = Actor("visitor", device="ES256")
    body = keyed.application(visitor)
    prepared = keyed.client.post(f"{keyed.root}/members/typed-data", json=body).json()
    signature = assertion_fields(KEEPER.answer(bytes.fromhex(prepared["digest"][2:])))
    response = keyed.post(f"{keyed.root}/members", {**body, "signature": signature})
    assert (response.status_code, response.json()["code"]) == (403, "signature.signer")
