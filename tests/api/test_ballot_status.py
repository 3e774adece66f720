"""How far a ballot has come: every rung with its facts, and whether the ballot is the one that counts."""

from functools import partial

import pytest

from anchoring.core.anchor_states import AnchorState, Seconds
from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.note import parse_note
from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import parse_trust
from anchoring.core.types import TreeSize
from backend.domain.acts import BallotCast
from backend.domain.commitments import Tag, opens
from backend.domain.entry import Entry
from backend.services.ballot_status import Rung, rung_of
from backend.services.checkpoints import sign_head
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.http_play import HttpPlay
from tests.support.http_world import Answer, World, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, _ = FOUNDERS


@pytest.fixture
def voting(founded: World) -> World:
    """A vote that is open."""
    founded.act(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.worker.step_all()
    founded.clock.advance(15 * 86_400 + 60)
    return founded


def _status(world: World, entry: int) -> Answer:
    return world.get(f"motions/bridge/ballots/{entry}")


def _sign_head(world: World) -> None:
    container = world.container
    archive = container.archive
    sign_head(
        archive.ledgers,
        archive.reads,
        container.checkpoints,
        SLUG,
        partial(archive.log_signers, SLUG),
        None,
    )


def test_ballot__answered__holds_what_checking_it_later_takes(voting: World) -> None:
    body = voting.ballot(CHAIR, "bridge", "yes")
    answer = voting.act(CHAIR, "motions/bridge/ballots", body)
    (entry,) = answer["entries"]
    data = Entry.from_bytes(voting.client.get(f"{voting.root}/entries/{entry}").content).data
    assert isinstance(data, BallotCast)
    assert (data.choice, data.voter) == (answer["choice"], answer["voter"])
    salt = bytes.fromhex(str(body["choice_salt"]))
    assert opens(answer["choice"], Tag.CHOICE, salt=salt, payload=b"yes")
    assert not opens(answer["choice"], Tag.CHOICE, salt=salt, payload=b"no")


def test_ballot__cast_twice_with_one_key__is_answered_the_same(voting: World) -> None:
    body = voting.signed(CHAIR, "motions/bridge/ballots", voting.ballot(CHAIR, "bridge", "yes"))
    path = f"{voting.root}/motions/bridge/ballots"
    first = voting.post(path, body, key="once")
    assert first.status_code == 201
    assert voting.post(path, body, key="once").json() == first.json()


def test_status__just_answered__is_logged_and_no_more(voting: World) -> None:
    answer = voting.cast(CHAIR, "bridge", "yes")
    (entry,) = answer["entries"]
    found = _status(voting, entry)
    assert found["status"] == "logged"
    assert (found["entry"], found["logged_size"]) == (entry, answer["size"])
    assert found["received_at"] == voting.get("entries", start=entry)["items"][0]["at"]
    assert (found["checkpoint_size"], found["anchors"], found["final"]) == (None, [], [])
    assert (found["voter"], found["choice"]) == (answer["voter"], answer["choice"])
    assert (found["counts"], found["replaced_by"], found["closed"]) == (True, None, False)


def test_status__covered_by_a_signed_checkpoint__is_checkpointed(voting: World) -> None:
    (entry,) = voting.cast(CHAIR, "bridge", "yes")["entries"]
    _sign_head(voting)
    found = _status(voting, entry)
    assert found["status"] == "checkpointed"
    reads = voting.container.archive.reads
    head = parse_checkpoint(parse_note(reads.checkpoint(SLUG)).text).head
    assert found["checkpoint_size"] == head.size > entry
    assert found["anchors"] == []


def test_status__in_a_final_block__is_final_with_the_block_that_its_receipt_proves(
    voting: World,
) -> None:
    (entry,) = voting.cast(CHAIR, "bridge", "yes")["entries"]
    voting.worker.step_all()
    found = _status(voting, entry)
    assert found["status"] == "final"
    (anchor,) = found["anchors"]
    assert found["final"] == [anchor]
    trust = parse_trust(voting.client.get(f"{voting.root}/trust").content)
    receipt = parse_receipt(voting.client.get(f"{voting.root}/entries/{entry}/receipt").content)
    assert verify_receipt(receipt, trust).outcome is Outcome.VERIFIED
    proven = receipt.anchors[0]
    assert anchor["block_number"] == proven.block_number
    assert anchor["block_hash"] == f"0x{proven.block_hash.hex()}"
    assert anchor["chain_id"] == EMBEDDED_CHAIN_ID
    assert abs(anchor["block_time"] - voting.seconds()) <= 2


def test_status__in_a_block_that_is_not_final__is_anchored(voting: World) -> None:
    (entry,) = voting.cast(CHAIR, "bridge", "yes")["entries"]
    voting.worker.step_all()
    reads = voting.container.archive.reads
    size = TreeSize(_status(voting, entry)["anchors"][0]["size"])
    anchor, evidence = reads.anchor_evidence(SLUG, EMBEDDED_CHAIN_ID, size)
    publishers = voting.container.archive.publishers
    journal = publishers.journal(SLUG, anchor.chain_id, anchor.publisher)
    now = Seconds(voting.seconds() + 86_400)
    journal.claim("this test", now=now, until=Seconds(now + 9))
    journal.withdraw(anchor, at=now)
    journal.record(anchor, evidence, state=AnchorState.INCLUDED, at=now)
    found = _status(voting, entry)
    assert (found["status"], found["final"]) == ("anchored", [])
    assert found["anchors"][0]["state"] == "included"


def test_status__of_a_replaced_ballot__names_the_one_that_replaced_it(voting: World) -> None:
    entries = [voting.cast(CHAIR, "bridge", choice)["entries"][0] for choice in ("no", "yes", "no")]
    other = voting.cast(TREASURER, "bridge", "yes")["entries"][0]
    found = [_status(voting, entry) for entry in (*entries, other)]
    assert [each["replaced_by"] for each in found] == [entries[1], entries[2], None, None]
    assert [each["counts"] for each in found] == [False, False, True, True]
    assert [each["nonce"] for each in found] == [0, 1, 2, 0]
    poll = voting.get("motions/bridge/poll")
    assert (poll["ballots"], poll["voters"], poll["replaced"]) == (4, 2, 2)


def test_status__after_the_close__says_so(voting: World) -> None:
    (entry,) = voting.cast(CHAIR, "bridge", "yes")["entries"]
    voting.clock.advance(3 * 86_400)
    voting.worker.step_all()
    found = _status(voting, entry)
    assert (found["closed"], found["counts"]) == (True, True)
    assert voting.get("motions/bridge/poll")["replaced"] == 0


@pytest.mark.parametrize("entry", [0, 10_000])
def test_status__of_no_ballot__is_unknown(voting: World, entry: int) -> None:
    voting.cast(CHAIR, "bridge", "yes")
    response = voting.client.get(f"{voting.root}/motions/bridge/ballots/{entry}")
    code = "ballot.unknown" if entry == 0 else "entry.unknown"
    assert (response.status_code, response.json()["code"]) == (404, code)


def test_status__of_a_ballot_on_another_motion__is_unknown(voting: World) -> None:
    (entry,) = voting.cast(CHAIR, "bridge", "yes")["entries"]
    response = voting.client.get(f"{voting.root}/motions/weir/ballots/{entry}")
    assert response.json()["code"] == "ballot.unknown"


def test_rung__without_anything__is_logged() -> None:
    assert rung_of(None, [], []) is Rung.LOGGED
    assert rung_of(7, [], []) is Rung.CHECKPOINTED


def test_ballot__signed_for_another_choice__is_refused(voting: World) -> None:
    body = voting.ballot(CHAIR, "bridge", "yes")
    prepared = voting.client.post(f"{voting.root}/motions/bridge/ballots/typed-data", json=body)
    signed = {**body, "choice": "no", "signature": signature(CHAIR, prepared.json())}
    response = voting.post(f"{voting.root}/motions/bridge/ballots", signed)
    assert (response.status_code, response.json()["code"]) == (403, "signature.signer")


@pytest.mark.parametrize("hand", [TREASURER, None], ids=["by_proxy", "in_person"])
def test_poll__after_the_close__tells_how_many_ballots_were_cast_by_proxy(
    voting: World, hand: Actor | None
) -> None:
    play = HttpPlay(voting)
    play.give_proxy(CHAIR, "first", "spring", TREASURER, motions=("bridge",))
    play.attend(TREASURER, "spring")
    voting.cast(CHAIR, "bridge", "yes", hand=hand)
    voting.cast(TREASURER, "bridge", "yes")
    assert voting.get("motions/bridge/poll")["by_proxy"] is None
    voting.clock.advance(3 * 86_400)
    voting.worker.step_all()
    assert voting.get("motions/bridge/poll")["by_proxy"] == (hand is not None)
    (shown,) = voting.get("assemblies/spring/attendance")["proxies"]
    assert (shown["motions"], shown["until"]) == (["bridge"], None)
