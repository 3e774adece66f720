"""Proof files over HTTP: C2SP tlog-proofs that any verifier of that format accepts."""

import pytest

from anchoring.core.checkpoint import open_checkpoint
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import leaf_hash
from anchoring.core.policy import Policy, PolicyLog
from anchoring.core.tlog_proof import parse_tlog_proof, verify_tlog_proof
from anchoring.core.trust import parse_trust
from tests.support.http_world import World
from tests.support.model_organisation import SLUG


def policy_of(world: World) -> Policy:
    trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    return Policy((PolicyLog(trust.log_key),), (), (), "none")


def test_proof__of_every_entry__verifies_without_the_server(lived: World) -> None:
    policy = policy_of(lived)
    latest = lived.client.get(f"/log/{SLUG}/checkpoint").content
    size = lived.client.get(lived.root).json()["size"]
    for index in range(0, size, 7):
        response = lived.client.get(f"{lived.root}/entries/{index}/proof")
        proof = parse_tlog_proof(response.content)
        assert (proof.index, proof.checkpoint, proof.extra) == (index, latest, None)
        entry = lived.client.get(f"{lived.root}/entries/{index}").content
        satisfied = verify_tlog_proof(proof, leaf=leaf_hash(entry), policy=policy)
        assert satisfied.checkpoint.head.size == size
        with pytest.raises((VerificationError, MalformedError)):
            verify_tlog_proof(proof, leaf=leaf_hash(entry + b" "), policy=policy)


def test_proof__response__is_a_text_file_named_after_the_entry(lived: World) -> None:
    response = lived.client.get(f"{lived.root}/entries/3/proof")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    name = f'attachment; filename="{SLUG}-000003.tlog-proof"'
    assert response.headers["content-disposition"] == name


def test_proof__of_no_entry_or_organisation__is_not_found(lived: World) -> None:
    assert lived.client.get(f"{lived.root}/entries/100000/proof").status_code == 404
    assert lived.client.get("/v1/organisations/none/entries/0/proof").status_code == 404


def test_proof__before_a_checkpoint_covers_the_entry__is_pending(founded: World) -> None:
    response = founded.client.get(f"{founded.root}/entries/0/proof")
    assert (response.status_code, response.json()["code"]) == (409, "receipt.pending")
    founded.worker.step(SLUG)
    proof = parse_tlog_proof(founded.client.get(f"{founded.root}/entries/0/proof").content)
    key = policy_of(founded).logs[0].verifier
    assert open_checkpoint(proof.checkpoint, key, origin=key.name).head.size == 1
