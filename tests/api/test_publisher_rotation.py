"""Changing the account that anchors: the server goes on, trust files follow, forgeries do not pass."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from typer.testing import CliRunner

from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import read_log
from anchoring.adapters.signer_local import LocalSigner
from anchoring.core.anchor_chain import verify_anchors
from anchoring.core.anchors_file import format_anchors, parse_anchors
from anchoring.core.errors import UnavailableError
from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import EarlierPublisher, Trust, format_trust, parse_trust
from anchoring.core.types import Address, ChainId, TransactionHash, TreeSize
from backend.audit.directory import FileSources, audit_directory
from backend.audit.replay import Bundle, audit
from backend.cli import app
from backend.domain.detached import parse_keys, parse_signatures
from backend.domain.publishers import address_of
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR = FOUNDERS[0]
PATH = "keys/publisher"


def prepare(world: World) -> dict[str, Any]:
    """Make the next account as ``psephos key rotate SLUG publisher`` does."""
    data = world.container.settings.data
    made = CliRunner().invoke(app, ["key", "rotate", SLUG, "publisher", "--data", str(data)])
    assert made.exit_code == 0, made.output
    change: dict[str, Any] = json.loads(made.stdout)
    return change


def rotate(world: World) -> dict[str, Any]:
    change = prepare(world)
    world.act(CHAIR, PATH, world.authored(CHAIR, **change))
    return change


def publishers(world: World) -> dict[int, Address]:
    """Who made each recorded anchor, by size."""
    reads = world.container.archive.reads
    return {
        view.size: reads.anchor_evidence(SLUG, view.chain_id, TreeSize(view.size))[0].publisher
        for view in reads.anchors(SLUG)
        if view.block_number is not None
    }


@contextmanager
def unreachable_for(publisher: Address) -> Iterator[None]:
    """Have the chain take no transaction of an account."""
    original = Web3Chain.broadcast

    def broadcast(self: Web3Chain, signed: bytes) -> TransactionHash:
        if self.publisher == publisher:
            raise UnavailableError("node", "no answer")
        return original(self, signed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Web3Chain, "broadcast", broadcast)
        yield


@pytest.fixture
def rotated(world: World) -> World:
    """A server whose publisher was changed twice, anchored before, between and after."""
    world.found()
    world.worker.step_all()
    world.act_as_chair("bridge")
    world.worker.step_all()
    for motion in ("mill", "weir"):
        rotate(world)
        world.worker.step_all()
        world.act_as_chair(motion)
        world.worker.step_all()
    return world


@pytest.fixture
def bundle(rotated: World, tmp_path: Path) -> Path:
    """The bundle of that server, with trust files of its beginnings beside it."""
    folder = tmp_path / "bundle"
    rotated.container.archive.export(SLUG, folder)
    new = parse_trust((folder / "trust.json").read_bytes())
    (tmp_path / "old.json").write_bytes(format_trust(before(new, 0)))
    (tmp_path / "middle.json").write_bytes(format_trust(before(new, 1)))
    return folder


def before(trust: Trust, number: int) -> Trust:
    """Return the trust file of the time before change ``number``, from 0, of its only network."""
    (network,) = trust.networks
    earlier = network.earlier_publishers
    past = replace(
        network, publisher=earlier[number].publisher, earlier_publishers=earlier[:number]
    )
    return replace(trust, networks=(past,))


def test_rotation__anchors__are_each_of_the_account_of_their_size(rotated: World) -> None:
    first, second = rotated.container.archive.reads.state(SLUG).publisher_rotations
    assert (first.entry, second.entry) == (2, 4)
    old, middle, new = map(address_of, (first.previous, first.publisher, second.publisher))
    assert publishers(rotated) == {1: old, 2: old, 3: middle, 4: middle, 5: new, 6: new}
    (network,) = rotated.container.archive.trust(SLUG).networks
    assert network.publisher == new
    assert network.earlier_publishers == (
        EarlierPublisher(old, TreeSize(2)),
        EarlierPublisher(middle, TreeSize(4)),
    )
    assert rotated.container.health() == {SLUG: ""}


@pytest.mark.parametrize("trust", [None, "old.json", "middle.json"])
def test_audit__after_changes__follows_from_any_account(
    bundle: Path, tmp_path: Path, trust: str | None
) -> None:
    report = audit_directory(bundle, None if trust is None else tmp_path / trust)
    assert report.disagreements == ()
    assert (report.entries, report.anchors) == (6, 6)


def test_anchors_and_receipts__of_before_and_after__verify(bundle: Path, tmp_path: Path) -> None:
    trust = parse_trust((bundle / "trust.json").read_bytes())
    old = parse_trust((tmp_path / "old.json").read_bytes())
    anchors = parse_anchors((bundle / "anchors.json").read_bytes())
    assert verify_anchors(anchors, trust).outcome is Outcome.VERIFIED
    outcomes = []
    for path in sorted((bundle / "receipts").iterdir()):
        receipt = parse_receipt(path.read_bytes())
        verdict = verify_receipt(receipt, trust)
        assert {step.outcome for step in verdict.steps} == {Outcome.VERIFIED}, path
        outcomes.append(verify_receipt(receipt, old).outcome)
    # The old trust file opens what its own account anchored.
    assert outcomes == [Outcome.VERIFIED] * 2 + [Outcome.FALSE] * 4


@pytest.mark.parametrize(("until", "wrong"), [(1, {2}), (3, {3})])
def test_audit__under_trust_in_an_account_for_a_size_too_many_or_few__disagrees(
    bundle: Path, until: int, wrong: set[int]
) -> None:
    """The anchor of size E by the new account is refused, and that of E + 1 by the old one."""
    trust = parse_trust((bundle / "trust.json").read_bytes())
    (network,) = trust.networks
    first, second = network.earlier_publishers
    shifted = (replace(first, until=TreeSize(until)), second)
    forged = replace(trust, networks=(replace(network, earlier_publishers=shifted),))
    anchors = parse_anchors((bundle / "anchors.json").read_bytes())
    steps = verify_anchors(anchors, forged).steps
    refused = {step.anchor for step in steps if step.outcome is not Outcome.VERIFIED}
    assert refused == {size - 1 for size in wrong}
    (bundle / "trust.json").write_bytes(format_trust(forged))
    codes = {each.code for each in audit_directory(bundle).disagreements}
    assert codes == {"ledger.publisher", "anchor.network"}


def test_audit__of_an_anchor_said_to_be_of_the_other_account__disagrees(bundle: Path) -> None:
    trust = parse_trust((bundle / "trust.json").read_bytes())
    file = bundle / "anchors.json"
    anchors = parse_anchors(file.read_bytes())
    for number in (1, 2):
        other = anchors[3 - number].anchor.publisher
        forged = replace(anchors[number], anchor=replace(anchors[number].anchor, publisher=other))
        items = (*anchors[:number], forged, *anchors[number + 1 :])
        assert other != anchors[number].anchor.publisher
        file.write_bytes(format_anchors(items))
        assert "anchor.network" in {each.code for each in audit_directory(bundle).disagreements}
        assert verify_anchors(items, trust).outcome is Outcome.FALSE


def replayed(bundle: Path, trust: Trust, forge: dict[bytes, bytes] | None) -> set[str]:
    """Audit the entries of a bundle, as if signed anew with some text changed or, if None, left out."""
    entries = list(read_log(bundle / "ledger", trust.log_key, trust.origin).entries)
    if forge is None:
        del entries[2]
    else:
        for old, new in forge.items():
            entries[2] = entries[2].replace(old, new)
    anchors = parse_anchors((bundle / "anchors.json").read_bytes())
    report = audit(Bundle(trust, entries, anchors, sources_of(bundle)))
    return {each.code for each in report.disagreements}


def sources_of(bundle: Path) -> FileSources:
    detached = bundle / "detached"
    return FileSources(
        DirectoryDocuments(bundle / "documents"),
        parse_signatures((detached / "signatures.ndjson").read_bytes()),
        parse_keys((detached / "keys.ndjson").read_bytes()),
        {},
    )


def test_audit__of_a_ledger_without_the_act__disagrees(bundle: Path, tmp_path: Path) -> None:
    new = parse_trust((bundle / "trust.json").read_bytes())
    old = parse_trust((tmp_path / "old.json").read_bytes())
    assert replayed(bundle, new, {}) == replayed(bundle, old, {}) == set()
    assert "ledger.publisher" in replayed(bundle, new, None)
    assert {"ledger.publisher", "anchor.network"} <= replayed(bundle, old, None)


def test_audit__of_an_act_that_names_another_account_before__disagrees(
    bundle: Path, tmp_path: Path
) -> None:
    new = parse_trust((bundle / "trust.json").read_bytes())
    old = parse_trust((tmp_path / "old.json").read_bytes())
    previous = new.networks[0].earlier_publishers[0].publisher.hex().encode()
    for trust in (new, old):
        assert "ledger.publisher" in replayed(bundle, trust, {previous: b"ab" * 20})


def test_rotation__with_a_transaction_of_the_old_account_on_its_way__settles_it_after_a_restart(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        world.worker.step_all()
        old = world.container.archive.trust(SLUG)
        with unreachable_for(old.networks[0].publisher):
            world.act_as_chair("bridge")
            world.worker.step_all()
            assert set(publishers(world)) == {1}
            change = rotate(world)
            assert change["previous"] == f"0x{old.networks[0].publisher.hex()}"
            world.worker.step_all()
            world.clock.advance(5 * 3600)
            world.act_as_chair("mill")
            world.worker.step_all()
            # The new account anchors whatever becomes of the old one's transaction.
            assert set(publishers(world)) == {1, 3, 4}
            health = world.container.health()[SLUG]
            assert "earlier publisher" in health
        clock = world.clock
    clock.advance(5 * 3600)
    with opened(tmp_path / "data", clock) as world:
        world.worker.step_all()
        new = address_of(change["publisher"])
        first = old.networks[0].publisher
        assert publishers(world) == {1: first, 2: first, 3: new, 4: new}
        assert world.container.health() == {SLUG: ""}
        assert world.container.archive.publishers.is_settled(SLUG, ChainId(20260), first)
        folder = tmp_path / "bundle"
        world.container.archive.export(SLUG, folder)
    (tmp_path / "old.json").write_bytes(format_trust(old))
    for trust in (None, tmp_path / "old.json"):
        assert audit_directory(folder, trust).disagreements == ()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_rotation__whose_old_key_is_a_thief_s__goes_on_and_tells(tmp_path: Path, size: int) -> None:
    """The thief anchors a head that was signed, one that never was, or one of the new account's."""
    with opened(tmp_path / "data") as world:
        world.found()
        container = world.container
        first = container.archive.keys.publisher_address(SLUG)
        with unreachable_for(first):
            world.worker.step_all()
            world.act_as_chair("bridge")
            rotate(world)
            world.worker.step_all()
        signer = LocalSigner(Account.from_key(container.archive.keys.publisher_key(SLUG)))
        chain = Web3Chain(container.chain.provider(), signer=signer, location=container.registry)
        chain.broadcast(chain.sign_anchor(container.archive.ledgers.head(SLUG, TreeSize(size))))
        world.worker.step_all()
        told = container.health()[SLUG]
        assert ("earlier publisher" in told) == (size != 1), told
        world.act_as_chair("mill")
        world.worker.step_all()
        found = publishers(world)
        assert {each for each in found if found[each] != first} == {3, 4}
        assert [each for each in found if found[each] == first] == ([1] if size == 1 else [])
        container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").lawful


def test_rotation__when_the_old_key_is_gone__goes_on_and_when_the_new_one_is__says_so(
    world: World,
) -> None:
    world.found()
    world.worker.step_all()
    change = rotate(world)
    keys = world.container.settings.data / "keys"
    (keys / f"{SLUG}.publisher").rename(keys / "elsewhere")
    world.worker.step_all()
    assert set(publishers(world)) == {1, 2}
    new = keys / f"{SLUG}.publisher.{change['publisher'][2:]}"
    new.rename(keys / "elsewhere, too")
    world.act_as_chair("bridge")
    world.worker.step_all()
    assert change["publisher"] in world.container.health()[SLUG]
    (keys / "elsewhere, too").rename(new)
    world.worker.step_all()
    assert set(publishers(world)) == {1, 2, 3}


def test_publisher__whose_key_was_lost__is_replaced_by_act_and_not_without(world: World) -> None:
    world.found()
    world.worker.step_all()
    first = world.container.archive.keys.publisher_address(SLUG)
    keys = world.container.settings.data / "keys"
    clock, data = world.clock, world.container.settings.data
    (keys / f"{SLUG}.publisher").rename(keys / "lost")
    world.container.close()
    with opened(data, clock) as again:
        again.act_as_chair("bridge")
        again.worker.step_all()
        assert "is anchored there through" in again.container.health()[SLUG]
        assert set(publishers(again)) == {1}
        change = rotate(again)
        assert change["previous"] == f"0x{first.hex()}"
        again.worker.step_all()
        assert publishers(again) == {1: first, 3: address_of(change["publisher"])}
        assert again.container.health() == {SLUG: ""}


def test_rotation__prepared_and_not_signed__changes_nothing(world: World) -> None:
    world.found()
    world.worker.step_all()
    trust = world.container.archive.trust(SLUG)
    prepare(world)
    world.act_as_chair("bridge")
    world.worker.step_all()
    assert world.container.archive.trust(SLUG) == trust
    assert set(publishers(world).values()) == {trust.networks[0].publisher}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("publisher", "0x" + "ab" * 20, "publisher.absent"),
        ("previous", "0x" + "ab" * 20, "publisher.previous"),
        ("chain_id", 1, "publisher.chain"),
    ],
)
def test_rotation__to_what_the_server_cannot_follow__is_refused(
    world: World, field: str, value: object, code: str
) -> None:
    world.found()
    world.worker.step_all()
    body = world.authored(CHAIR, **{**prepare(world), field: value})
    answer = world.post(f"{world.root}/{PATH}", world.signed(CHAIR, PATH, body))
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert world.container.archive.reads.state(SLUG).publisher_rotations == ()


def test_rotation__back_to_an_account_of_before__is_refused(rotated: World) -> None:
    _, second = rotated.container.archive.reads.state(SLUG).publisher_rotations
    body = rotated.authored(
        CHAIR, chain_id=second.chain_id, previous=second.publisher, publisher=second.previous
    )
    answer = rotated.post(f"{rotated.root}/{PATH}", rotated.signed(CHAIR, PATH, body))
    assert (answer.status_code, answer.json()["code"]) == (409, "publisher.used")


def test_rotation__sent_twice__is_recorded_once(world: World) -> None:
    world.found()
    world.worker.step_all()
    body = world.signed(CHAIR, PATH, world.authored(CHAIR, **prepare(world)))
    key = world.key()
    first, again = (world.post(f"{world.root}/{PATH}", body, key=key) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert len(world.container.archive.reads.state(SLUG).publisher_rotations) == 1


def test_rotation__by_who_keeps_no_register__is_refused(world: World) -> None:
    world.found()
    world.worker.step_all()
    gardener = Actor("gardener")
    join(world, gardener)
    body = world.authored(gardener, **prepare(world))
    answer = world.post(f"{world.root}/{PATH}", world.signed(gardener, PATH, body))
    assert answer.json()["code"] == "officer.required"


def test_key_rotate__of_a_publisher_that_is_not_there__is_refused(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["key", "rotate", SLUG, "publisher", "--data", str(tmp_path)])
    assert made.exit_code == 1
    assert SLUG in made.stderr
