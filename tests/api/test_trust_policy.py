"""The trust file of a server names whose cosignatures it needs, and from which size on."""

import io
import json
from pathlib import Path

import pytest

from anchoring.cli.verify import run
from anchoring.core.trust import Trust, parse_trust
from anchoring.core.types import TreeSize
from backend.audit.directory import audit_directory
from tests.support.http_world import World, opened
from tests.support.model_organisation import SLUG
from tests.support.partners import Partner, log_key, partner, write_policy
from tests.support.witnesses import witness


def trust_of(world: World) -> Trust:
    return parse_trust(world.client.get(f"{world.root}/trust").content)


def stripped(checkpoint: str) -> str:
    """Return the checkpoint with its first signature, that of the log, alone."""
    text, _, lines = checkpoint.rpartition("\n\n")
    assert len(lines.splitlines()) == 2
    return f"{text}\n\n{lines.splitlines()[0]}\n"


def verified(*arguments: object) -> tuple[int, list[str]]:
    """Return the exit code and what the step ``policy`` of each item found."""
    output = io.StringIO()
    code = run([*map(str, arguments), "--json"], environ={}, output=output)
    steps = json.loads(output.getvalue())["steps"]
    return code, [step["found"] for step in steps if step["name"] == "policy"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of two checkpoints from before the policy, and one that a partner cosigned."""
    data, folder = tmp_path / "data", tmp_path / "bundle"
    data.mkdir()
    with partner(tmp_path / "p", "first", trusted=log_key(data)) as first:
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            world.act_as_chair("bridge")
            world.worker.step_all()
            assert trust_of(world).policy is None
        policy = write_policy(data, "all", first)
        with opened(data) as world:
            world.act_as_chair("weir")
            world.worker.step_all()
            trust = trust_of(world)
            assert (trust.policy, trust.policy_from) == (policy, 3)
            world.container.archive.export(SLUG, folder)
            proof = world.client.get(f"{world.root}/entries/2/proof").content
            (folder / "proof").write_bytes(proof)
            (folder / "entry").write_bytes(world.client.get(f"{world.root}/entries/2").content)
    return folder


def test_trust__policy_after_two_checkpoints__covers_old_and_new_receipts(bundle: Path) -> None:
    trust = bundle / "trust.json"
    assert parse_trust(trust.read_bytes()).policy_from == 3
    for index in (0, 1):
        receipt = bundle / "receipts" / f"{index:06d}.receipt.json"
        expected = (0, ["no cosignature demanded below size 3"])
        assert verified("receipt", receipt, "--trust", trust) == expected
    code, found = verified("receipt", bundle / "receipts" / "000002.receipt.json", "--trust", trust)
    assert (code, len(found)) == (0, 1)
    assert found[0].startswith("first at ")
    assert verified("anchors", bundle / "anchors.json", "--trust", trust)[0] == 0
    assert audit_directory(bundle).lawful


def test_trust__new_receipt_without_its_cosignature__is_not_covered(bundle: Path) -> None:
    trust = bundle / "trust.json"
    file = bundle / "receipts" / "000002.receipt.json"
    receipt = json.loads(file.read_text())
    file.write_text(json.dumps({**receipt, "checkpoint": stripped(receipt["checkpoint"])}))
    assert verified("receipt", file, "--trust", trust) == (5, ["no cosignature"])


def test_trust__new_proof__needs_its_cosignature(bundle: Path) -> None:
    trust, proof = bundle / "trust.json", bundle / "proof"
    options = ("--entry", bundle / "entry", "--trust", trust)
    assert verified("proof", proof, *options)[0] == 0
    proof.write_text(stripped(proof.read_text()))
    assert verified("proof", proof, *options) == (5, ["no cosignature"])


def test_trust__new_anchor_without_its_cosignature__is_not_covered_and_an_audit_says_so(
    bundle: Path,
) -> None:
    file = bundle / "anchors.json"
    anchors = json.loads(file.read_text())
    newest = anchors["anchors"][-1]
    newest["checkpoint"] = stripped(newest["checkpoint"])
    file.write_text(json.dumps(anchors))
    code, found = verified("anchors", file, "--trust", bundle / "trust.json")
    assert (code, found[-1]) == (5, "no cosignature")
    report = audit_directory(bundle)
    assert [(each.code, each.found) for each in report.disagreements] == [
        ("anchor.policy", "no cosignature")
    ]


def test_audit__newest_checkpoint_without_its_cosignature__says_so(bundle: Path) -> None:
    file = bundle / "ledger" / "checkpoint"
    file.write_text(stripped(file.read_text()))
    report = audit_directory(bundle)
    assert [each.code for each in report.disagreements] == ["policy"]


def test_trust__policy_that_nobody_meets_yet__is_demanded_after_the_newest(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with opened(data) as world:
        world.found()
        world.worker.step_all()
    silent = Partner("first", witness(1).verifier.to_text(), "http://127.0.0.1:9")
    policy = write_policy(data, "all", silent)
    with opened(data) as world:
        world.act_as_chair("bridge")
        world.worker.step_all()
        assert trust_of(world).policy_for(TreeSize(2)) == policy
        assert trust_of(world).policy_from == 2


def test_trust__checkpoint_cosigned_after_it_was_published__is_demanded_too(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with partner(tmp_path / "p", "first", trusted=log_key(data)) as first:
        with opened(data) as world:
            world.found()
            world.worker.step_all()
        write_policy(data, "all", first)
        with opened(data) as world:
            assert trust_of(world).policy_from == 2
            world.worker.step_all()
            assert trust_of(world).policy_from == 0


def test_trust__policy_without_quorum__is_demanded_of_all(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    silent = Partner("first", witness(1).verifier.to_text(), "http://127.0.0.1:9")
    policy = write_policy(data, "none", silent)
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        assert (trust_of(world).policy, trust_of(world).policy_from) == (policy, 0)
