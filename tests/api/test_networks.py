"""A server on two chains at once: deployment, anchors, receipts, health, and one chain that is down."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from anchoring.adapters.deployments_file import DeploymentsFile
from anchoring.adapters.signer_keystore import MIN_ROUNDS, seal_keystore
from anchoring.core.anchors_file import parse_anchors
from anchoring.core.evidence import verify_evidence
from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import (
    Outcome,
    check_block_hashes,
    verify_receipt,
)
from anchoring.core.trust import parse_trust
from anchoring.core.types import Address, TreeSize
from backend.audit.directory import audit_directory
from backend.cli import app
from backend.main import create_app
from backend.services.anchoring import POLL_S, RETRY_S
from backend.settings import EMBEDDED_CHAIN_ID, NetworkSettings, Settings
from backend.wiring import Container
from backend.worker import Worker
from tests.support.chain_world import FixedClock
from tests.support.http_world import HOST, CountingRandomness, World, opened
from tests.support.json_rpc_node import serving
from tests.support.model_organisation import FOUNDERS, SLUG, START
from tests.support.served_chain import ServedChain, served_chain
from tests.support.signer_contract import ACCOUNT, ADDRESS, OTHER_ACCOUNT, sign_as_asked

CHAIR = FOUNDERS[0]
LOCAL_ID = 31_337
CONTRACT = "0x" + "c0" * 20


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def local(tmp_path: Path, clock: FixedClock) -> Iterator[ServedChain]:
    with served_chain(tmp_path / "local.sqlite", LOCAL_ID, clock) as served:
        yield served


@pytest.fixture
def data(tmp_path: Path, clock: FixedClock) -> Path:
    """An organisation founded and anchored on the embedded chain alone."""
    with opened(tmp_path / "data", clock) as world:
        world.found()
        world.worker.step_all()
    return tmp_path / "data"


@pytest.fixture
def variables(
    data: Path, local: ServedChain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of an operator who set the second network, on data that was there before."""
    assert data.exists()
    for name, value in {
        "DEPLOYMENTS": str(tmp_path / "deployments.json"),
        "NETWORKS__LOCAL__RPC": local.url,
        "NETWORKS__LOCAL__CHAIN_ID": str(LOCAL_ID),
        "NETWORKS__LOCAL__GENESIS": f"0x{local.chain.genesis_hash.hex()}",
    }.items():
        monkeypatch.setenv(f"PSEPHOS_{name}", value)


def psephos(*arguments: str, data: Path) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(data)])


@contextmanager
def server(data: Path, clock: FixedClock, **network: object) -> Iterator[World]:
    """Open the server of the environment, with other settings of the second network."""
    settings = Settings(data=data, origin_host=HOST)
    networks = {
        name: NetworkSettings.model_validate({**found.model_dump(), **network})
        for name, found in settings.networks.items()
    }
    settings = settings.model_copy(update={"networks": networks})
    with (
        Container(settings, clock, CountingRandomness()) as container,
        TestClient(create_app(container)) as client,
    ):
        yield World(container, client, Worker(container), clock)


def deployed(data: Path, local: ServedChain) -> Result:
    """Deploy on the second network as the publisher, which has funds there."""
    with opened(data) as world:
        publisher = world.container.archive.keys.publisher_address(SLUG)
    local.chain.fund(publisher)
    return psephos("deploy", "--network", "local", "--publisher", SLUG, data=data)


def places(world: World) -> list[tuple[int, int]]:
    items = world.get("anchors")["items"]
    return [(item["size"], item["chain_id"]) for item in items if item["block_number"] is not None]


def health(world: World) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = world.client.get("/health").json()
    return answer


def propose(world: World, motion: str) -> None:
    world.act(CHAIR, "motions", world.motion(CHAIR, motion))


@pytest.mark.usefixtures("variables")
def test_deploy__then_again__records_once_and_refuses(
    data: Path, local: ServedChain, tmp_path: Path
) -> None:
    first = deployed(data, local)
    second = deployed(data, local)
    (record,) = DeploymentsFile(tmp_path / "deployments.json").read()
    assert (first.exit_code, second.exit_code) == (0, 1), first.output
    assert f"0x{record.contract.hex()}" in first.output
    assert f"the same code is deployed at 0x{record.contract.hex()}" in second.output
    assert (record.network, record.chain_id) == ("local", LOCAL_ID)


@pytest.mark.usefixtures("variables")
def test_deploy__whose_record_was_lost__is_recorded_without_sending(
    data: Path, local: ServedChain, tmp_path: Path
) -> None:
    deployed(data, local)
    (record,) = DeploymentsFile(tmp_path / "deployments.json").read()
    (tmp_path / "deployments.json").unlink()
    sent = f"0x{record.transaction_hash.hex()}"
    again = psephos("deploy", "--network", "local", "--transaction", sent, data=data)
    assert again.exit_code == 0, again.output
    assert DeploymentsFile(tmp_path / "deployments.json").read() == (record,)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--network", "embedded"], 1, "itself"),
        (["--network", "elsewhere"], 1, "--chain-id and --genesis"),
        (["--network", "hoodi"], 1, "no node"),
        (["--network", "local"], 1, "one of --publisher"),
        (["--network", "local", "--remote", "http://127.0.0.1:9"], 1, "needs --address"),
        (["--network", "local", "--keystore", "none.json"], 1, "none.json"),
        (["--network", "local", "--genesis", "0x00"], 2, "64 hexadecimal digits"),
        (["--network", "local", "--address", "zz"], 2, "40 hexadecimal digits"),
    ],
)
@pytest.mark.usefixtures("variables")
def test_deploy__of_a_wrong_call__sends_nothing(
    data: Path, local: ServedChain, arguments: list[str], code: int, words: str
) -> None:
    before = local.chain.answer({"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber"})
    result = psephos("deploy", *arguments, data=data)
    assert (result.exit_code, words in result.output) == (code, True), result.output
    after = local.chain.answer({"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber"})
    assert after == before


def remote_answer(method: str, params: list[object]) -> object:
    """Answer as a web3signer that holds one key."""
    assert method == "eth_signTransaction"
    return f"0x{sign_as_asked(cast('dict[str, str]', params[0])).hex()}"


@pytest.mark.usefixtures("variables")
def test_deploy__signed_by_a_keystore_or_a_remote_signer__is_the_same(
    data: Path, local: ServedChain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.chain.fund(Address(ADDRESS))
    record = DeploymentsFile(tmp_path / "deployments.json")
    (tmp_path / "passphrase").write_text("river\n")
    (tmp_path / "key.json").write_bytes(
        seal_keystore(bytes(ACCOUNT.key), b"river", rounds=MIN_ROUNDS)
    )
    monkeypatch.setenv("PSEPHOS_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    keystore = str(tmp_path / "key.json")
    by_file = psephos("deploy", "--network", "local", "--keystore", keystore, data=data)
    assert by_file.exit_code == 0, by_file.output
    (first,) = record.read()
    (tmp_path / "deployments.json").unlink()
    with serving(remote_answer) as url:
        options = ("--remote", url, "--address", ACCOUNT.address)
        by_signer = psephos("deploy", "--network", "local", *options, data=data)
    assert by_signer.exit_code == 0, by_signer.output
    (second,) = record.read()
    assert (first.deployer, second.deployer) == (ADDRESS, ADDRESS)
    assert first.code_hash == second.code_hash


@pytest.mark.usefixtures("variables")
def test_network__with_a_remote_signer__has_a_publisher_of_its_own(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    local.chain.fund(Address(ADDRESS))
    with serving(remote_answer) as url:
        remote = {"signer": "remote", "remote": url, "publishers": {SLUG: ACCOUNT.address}}
        with server(data, clock, **remote) as world:
            world.worker.step_all()
            trust = parse_trust(world.client.get(f"{world.root}/trust").content)
            receipt = parse_receipt(world.client.get(f"{world.root}/entries/0/receipt").content)
            assert health(world)["status"] == "ok"
        with server(data, clock, **{**remote, "publishers": {"other": CONTRACT}}) as world:
            propose(world, "bridge")
            world.worker.step_all()
            told = health(world)["networks"]["local"][SLUG]
        with server(data, clock) as world:
            world.worker.step_all()
            assert f"by 0x{ADDRESS.hex()}, not" in health(world)["networks"]["local"][SLUG]
            assert (2, LOCAL_ID) not in places(world)
    assert [network.publisher == ADDRESS for network in trust.networks] == [False, True]
    assert receipt.anchors[1].publisher == ADDRESS
    assert verify_receipt(receipt, trust).outcome is Outcome.VERIFIED
    assert f"no publisher is set for {SLUG}" in told


def change_publisher(world: World, data: Path, local: ServedChain) -> tuple[Address, Address]:
    """Have the bureau change the account of the second network, and return the old and the new one."""
    made = psephos("key", "rotate", SLUG, "publisher", "--network", "local", data=data)
    assert made.exit_code == 0, made.output
    change = json.loads(made.stdout)
    world.act(CHAIR, "keys/publisher", world.authored(CHAIR, **change))
    old, new = (Address(bytes.fromhex(change[name][2:])) for name in ("previous", "publisher"))
    local.chain.fund(new)
    return old, new


@pytest.mark.usefixtures("variables")
def test_network__whose_publisher_was_changed_by_act__goes_on_and_the_other_chain_stays(
    data: Path, local: ServedChain, clock: FixedClock, tmp_path: Path
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
        old, new = change_publisher(world, data, local)
        world.worker.step_all()
        assert health(world)["status"] == "ok"
    clock.advance(POLL_S)
    with server(data, clock) as world:
        propose(world, "bridge")
        world.worker.step_all()
        assert health(world)["status"] == "ok"
        trust = parse_trust(world.client.get(f"{world.root}/trust").content)
        world.container.archive.export(SLUG, tmp_path / "bundle")
    embedded, named = trust.networks
    assert (embedded.publisher, embedded.earlier_publishers) == (old, ())
    assert (named.publisher, named.publisher_for(TreeSize(1))) == (new, old)
    assert audit_directory(tmp_path / "bundle").disagreements == ()
    anchors = parse_anchors((tmp_path / "bundle" / "anchors.json").read_bytes())
    found = [each.anchor.publisher for each in anchors if each.anchor.chain_id == LOCAL_ID]
    assert found == [old, new, new]


@pytest.mark.usefixtures("variables")
def test_network__whose_publisher_was_changed_without_an_act__is_refused(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
    kept = data / "keys" / f"{SLUG}.publisher"
    kept.rename(data / "elsewhere")
    with server(data, clock) as world:
        other = world.container.archive.keys.publisher_address(SLUG)
        local.chain.fund(other)
        propose(world, "bridge")
        world.worker.step_all()
        assert f"by 0x{other.hex()}" in health(world)["networks"]["local"][SLUG]
        assert (2, LOCAL_ID) not in places(world)


@pytest.mark.usefixtures("variables")
def test_network__with_a_remote_signer__changes_to_the_account_that_is_set_to_follow(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    follower = Address(bytes.fromhex(OTHER_ACCOUNT.address[2:]))
    local.chain.fund(Address(ADDRESS))
    accounts = {account.address.lower(): account for account in (ACCOUNT, OTHER_ACCOUNT)}

    def answer(_: str, params: list[object]) -> object:
        asked = cast("dict[str, str]", params[0])
        return f"0x{sign_as_asked(asked, accounts[asked['from'].lower()]).hex()}"

    with serving(answer) as url, pytest.MonkeyPatch.context() as patch:
        first = {"signer": "remote", "remote": url, "publishers": {SLUG: ACCOUNT.address}}
        for name in ("SIGNER", "REMOTE"):
            patch.setenv(f"PSEPHOS_NETWORKS__LOCAL__{name}", str(first[name.lower()]))
        patch.setenv("PSEPHOS_NETWORKS__LOCAL__PUBLISHERS", json.dumps(first["publishers"]))
        refused = psephos("key", "rotate", SLUG, "publisher", "--network", "local", data=data)
        assert (refused.exit_code, "next_publishers" in refused.stderr) == (1, True)
        following = {SLUG: OTHER_ACCOUNT.address}
        patch.setenv("PSEPHOS_NETWORKS__LOCAL__NEXT_PUBLISHERS", json.dumps(following))
        with server(data, clock, **first, next_publishers=following) as world:
            world.worker.step_all()
            assert change_publisher(world, data, local) == (ADDRESS, follower)
            world.worker.step_all()
            assert health(world)["status"] == "ok"
        clock.advance(POLL_S)
        for publishers, told in (
            ({SLUG: OTHER_ACCOUNT.address}, ""),
            ({SLUG: ACCOUNT.address}, "its entries name"),
        ):
            named = {"publishers": publishers, "next_publishers": {}}
            with server(data, clock, **{**first, **named}) as world:
                propose(world, f"motion-{len(told)}")
                world.worker.step_all()
                assert told in health(world)["networks"]["local"][SLUG]
                assert bool(health(world)["networks"]["local"][SLUG]) == bool(told)
                trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    assert [network.publisher == follower for network in trust.networks] == [False, True]
    assert trust.networks[1].publisher_for(TreeSize(1)) == ADDRESS


@pytest.mark.usefixtures("variables")
def test_deploy__over_a_node_of_another_network__is_refused(data: Path, local: ServedChain) -> None:
    result = psephos("deploy", "--network", "hoodi", "--rpc", local.url, data=data)
    assert result.exit_code == 1
    assert "expected 560048, found 31337" in result.output


@pytest.mark.usefixtures("variables")
def test_two_networks__at_once__anchor_and_prove_everything(
    data: Path, local: ServedChain, clock: FixedClock, tmp_path: Path
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
        propose(world, "bridge")
        world.worker.step_all()
        assert places(world) == [
            (1, EMBEDDED_CHAIN_ID),
            (1, LOCAL_ID),
            (2, EMBEDDED_CHAIN_ID),
            (2, LOCAL_ID),
        ]
        assert health(world) == {
            "status": "ok",
            "ledgers": {SLUG: ""},
            "networks": {"embedded": {SLUG: ""}, "local": {SLUG: ""}},
        }
        trust = parse_trust(world.client.get(f"{world.root}/trust").content)
        receipt = parse_receipt(world.client.get(f"{world.root}/entries/1/receipt").content)
    assert [network.name for network in trust.networks] == ["embedded chain", "local"]
    assert [anchor.chain_id for anchor in receipt.anchors] == [EMBEDDED_CHAIN_ID, LOCAL_ID]
    assert all(anchor.finality is not None for anchor in receipt.anchors)
    verdict = verify_receipt(receipt, trust)
    assert verdict.outcome is Outcome.VERIFIED
    for believed in verdict.believed:
        known = {believed.proven.anchor.block_hash}
        assert check_block_hashes(verdict, known).outcome is Outcome.VERIFIED
    swapped = (replace(receipt.anchors[0], evidence=receipt.anchors[1].evidence),)
    assert verify_receipt(replace(receipt, anchors=swapped), trust).outcome is Outcome.FALSE
    exported = psephos("export", SLUG, str(tmp_path / "bundle"), data=data)
    anchors = parse_anchors((tmp_path / "bundle" / "anchors.json").read_bytes())
    assert all(anchored.anchor.finality is not None for anchored in anchors)
    report = audit_directory(tmp_path / "bundle")
    assert (exported.exit_code, report.disagreements) == (0, ()), exported.output


@pytest.mark.usefixtures("variables")
def test_network__that_is_down__stops_no_other_and_is_told(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        local.down.set()
        propose(world, "bridge")
        world.worker.step_all()
        world.worker.step_all()
        assert places(world) == [(1, EMBEDDED_CHAIN_ID), (2, EMBEDDED_CHAIN_ID)]
        told = health(world)
        assert told["status"] == "degraded"
        assert told["networks"]["embedded"] == {SLUG: ""}
        assert "local" in told["networks"]["local"][SLUG]
        local.down.clear()
        world.worker.step_all()
        assert (2, LOCAL_ID) not in places(world), "a silent network is left alone for a while"
        clock.advance(RETRY_S)
        world.worker.step_all()
        assert (2, LOCAL_ID) in places(world)
        assert health(world)["status"] == "ok"


@pytest.mark.usefixtures("variables")
def test_network__receipt_while_one_lags__is_the_first_anchor_there_is(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        first = parse_receipt(world.client.get(f"{world.root}/entries/0/receipt").content)
        propose(world, "bridge")
        world.worker.step_all()
        later = parse_receipt(world.client.get(f"{world.root}/entries/0/receipt").content)
        trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    assert [anchor.chain_id for anchor in first.anchors] == [EMBEDDED_CHAIN_ID]
    assert [anchor.chain_id for anchor in later.anchors] == [EMBEDDED_CHAIN_ID, LOCAL_ID]
    for receipt in (first, later):
        assert verify_receipt(receipt, trust).outcome is Outcome.VERIFIED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"genesis": "0x" + "01" * 32}, "network.genesis"),
        ({"chain_id": 5}, "expected 5, found 31337"),
        ({"contract": "0x" + "01" * 20}, "chain.contract"),
    ],
)
@pytest.mark.usefixtures("variables")
def test_network__of_another_chain_or_code__is_refused_and_told(
    data: Path, local: ServedChain, clock: FixedClock, wrong: Mapping[str, object], words: str
) -> None:
    deployed(data, local)
    contract = f"0x{DeploymentsFile(data.parent / 'deployments.json').read()[0].contract.hex()}"
    with server(data, clock, **{"contract": contract, **wrong}) as world:
        propose(world, "bridge")
        world.worker.step_all()
        assert places(world) == [(1, EMBEDDED_CHAIN_ID), (2, EMBEDDED_CHAIN_ID)]
        assert words in health(world)["networks"]["local"][SLUG]
        assert health(world)["networks"]["embedded"] == {SLUG: ""}


@pytest.mark.usefixtures("variables", "local")
def test_network__without_a_registry__says_what_to_run(data: Path, clock: FixedClock) -> None:
    with server(data, clock) as world:
        world.worker.step_all()
        assert "psephos deploy --network local" in health(world)["networks"]["local"][SLUG]
        trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    assert [network.chain_id for network in trust.networks] == [EMBEDDED_CHAIN_ID]


@pytest.mark.usefixtures("variables")
def test_network__that_died__stays_in_trust_files_and_receipts(
    data: Path, local: ServedChain, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
    for name in ("RPC", "CHAIN_ID", "GENESIS"):
        monkeypatch.delenv(f"PSEPHOS_NETWORKS__LOCAL__{name}")
    with server(data, clock) as world:
        trust = parse_trust(world.client.get(f"{world.root}/trust").content)
        receipt = parse_receipt(world.client.get(f"{world.root}/entries/0/receipt").content)
    assert [network.name for network in trust.networks] == ["embedded chain", f"chain {LOCAL_ID}"]
    verdict = verify_receipt(receipt, trust)
    assert (verdict.outcome, len(verdict.believed)) == (Outcome.VERIFIED, 2)


@pytest.mark.usefixtures("variables")
def test_network__with_another_registry_than_before__is_refused(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
    other = local.chain.deploy_registry().contract
    with server(data, clock, contract=f"0x{other.hex()}") as world:
        propose(world, "bridge")
        world.worker.step_all()
        assert "is anchored there through" in health(world)["networks"]["local"][SLUG]
        assert (2, LOCAL_ID) not in places(world)


@pytest.mark.usefixtures("variables")
def test_status__of_two_networks__tells_state_age_and_cost(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock) as world:
        world.worker.step_all()
        evidence = world.container.archive.reads.anchor_evidence
        anchors = [evidence(SLUG, chain_id, 1) for chain_id in (EMBEDDED_CHAIN_ID, LOCAL_ID)]  # type: ignore[arg-type]  # a NewType of int
    shown = json.loads(psephos("anchor", "status", SLUG, "--json", data=data).output)
    lines = psephos("anchor", "status", data=data).output
    assert list(shown["ledgers"]) == [SLUG]
    for item, name, (anchor, proof) in zip(
        shown["ledgers"][SLUG], ("embedded", "local"), anchors, strict=True
    ):
        base_fee = int(item["gasPriceWei"]) - 10**9
        assert (item["network"], item["size"], item["state"]) == (name, 1, "finalized")
        assert item["transactionHash"] == f"0x{anchor.transaction_hash.hex()}"
        assert item["blockNumber"] == anchor.block_number
        assert 46_000 < item["gasUsed"] < 46_400
        assert int(item["costWei"]) == item["gasUsed"] * int(item["gasPriceWei"])
        assert base_fee > 0
        assert item["ageSeconds"] > 0
        assert verify_evidence(proof, anchor).anchor == anchor
        assert item["costWei"] in lines


def test_status__of_nobody__is_refused(data: Path) -> None:
    result = psephos("anchor", "status", "nobody", data=data)
    assert result.exit_code == 1
    assert "organisation" in result.output


@pytest.mark.usefixtures("variables")
def test_reanchor__of_an_old_ledger__adds_the_newest_head_on_the_new_chain(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    done = psephos("anchor", "reanchor", SLUG, "--network", "local", data=data)
    again = psephos("anchor", "reanchor", SLUG, "--network", "local", data=data)
    assert (done.exit_code, again.exit_code) == (0, 0), done.output + again.output
    assert f"{SLUG}: size 1 is finalized on local" in done.output
    with server(data, clock) as world:
        assert places(world) == [(1, EMBEDDED_CHAIN_ID), (1, LOCAL_ID)]


@pytest.mark.parametrize(
    ("slug", "network", "words"),
    [
        (SLUG, "embedded", "by itself"),
        (SLUG, "hoodi", "no network hoodi"),
        ("nobody", "local", "nobody"),
        (SLUG, "local", "psephos deploy"),
    ],
)
@pytest.mark.usefixtures("variables", "local")
def test_reanchor__that_cannot_be__is_refused(
    data: Path, slug: str, network: str, words: str
) -> None:
    result = psephos("anchor", "reanchor", slug, "--network", network, data=data)
    assert result.exit_code == 1
    assert words in result.output


@pytest.mark.usefixtures("variables")
def test_primary_network__of_new_organisations__is_where_they_sign(
    data: Path, local: ServedChain, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(data, local)
    (record,) = DeploymentsFile(data.parent / "deployments.json").read()
    monkeypatch.setenv("PSEPHOS_PRIMARY", "local")
    with server(data, clock) as world:
        domain = world.container.signing_domain()
    assert (domain.chain_id, domain.contract) == (LOCAL_ID, f"0x{record.contract.hex()}")


def test_poll__of_a_network__is_slower_than_a_slot_and_faster_than_a_retry() -> None:
    assert 12 <= POLL_S < RETRY_S


@pytest.mark.usefixtures("variables")
def test_other_node__that_shows_the_same_blocks__changes_nothing(
    data: Path, local: ServedChain, clock: FixedClock
) -> None:
    deployed(data, local)
    with server(data, clock, others=(local.url,)) as world:
        world.worker.step_all()
        assert LOCAL_ID in {chain_id for _, chain_id in places(world)}
        assert health(world)["networks"]["local"] == {SLUG: ""}


@pytest.mark.usefixtures("variables")
def test_other_node__that_shows_another_final_block__stops_the_anchoring_there(
    data: Path, local: ServedChain, clock: FixedClock, tmp_path: Path
) -> None:
    """A fork from the same first block: chain id and genesis alone do not tell the nodes apart."""
    deployed(data, local)
    with served_chain(tmp_path / "fork.sqlite", LOCAL_ID, clock) as fork:
        for number in range(1, 20):
            fork.chain.fund(Address(bytes([number]) * 20))
        with server(data, clock, others=(fork.url,)) as world:
            world.worker.step_all()
            trouble = health(world)["networks"]["local"][SLUG]
            assert trouble.startswith("two nodes disagree on final block")
            assert health(world)["networks"]["embedded"] == {SLUG: ""}
