"""Deploying the registry: the creation, its record, and the nodes and code that are refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from web3 import HTTPProvider, Web3
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.deployments_file import DeploymentsFile
from anchoring.adapters.registry_deployer import RegistryDeployer
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.web3_node import check_network, node_provider, transaction_cost
from anchoring.core.deployments import AlreadyDeployedError, Deployment
from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.networks import HOODI, NetworkPreset, WrongNetworkError, custom_network
from anchoring.core.types import Address, BlockHash, TransactionHash
from tests.support.chain_world import FAUCET, FixedClock, address_of
from tests.support.json_rpc_node import serving

SIGNER = LocalSigner(FAUCET)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedChain]:
    chain = EmbeddedChain(tmp_path / "chain.sqlite", clock=FixedClock(), faucet=FAUCET)
    yield chain
    chain.close()


@pytest.fixture
def network(embedded: EmbeddedChain) -> NetworkPreset:
    return custom_network("local", chain_id=embedded.chain_id, genesis_hash=embedded.genesis_hash)


class Changing(JSONBaseProvider):
    """Answers some methods otherwise than the chain."""

    def __init__(self, embedded: EmbeddedChain, **answers: object) -> None:
        super().__init__()
        self.inner = embedded.provider()
        self.answers = answers
        self.asked: list[str] = []

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        self.asked.append(method)
        if method in self.answers:
            return {"jsonrpc": "2.0", "id": 1, "result": self.answers[method]}
        return self.inner.make_request(method, params)


def never() -> None:
    pytest.fail("nothing to wait for")


def deployed(embedded: EmbeddedChain, network: NetworkPreset) -> Deployment:
    deployer = RegistryDeployer(embedded.provider(), network)
    return deployer.confirm(deployer.send(SIGNER), attempts=1, wait=never)


def test_deploy__on_a_chain__leaves_the_artefact_and_says_where(
    embedded: EmbeddedChain, network: NetworkPreset
) -> None:
    record = deployed(embedded, network)
    web3 = Web3(embedded.provider())
    code = bytes(web3.eth.get_code(Web3.to_checksum_address(record.contract)))
    deployer = RegistryDeployer(embedded.provider(), network)
    assert (record.network, record.block, record.deployer) == ("local", 1, address_of(FAUCET))
    assert record.code_hash == deployer.code_hash == bytes(Web3.keccak(code))
    assert deployer.check(record.contract) == record.code_hash
    assert (record.chain_id, record.genesis_hash) == (network.chain_id, network.genesis_hash)
    # The chain's own deployment finds nothing to share: the address is of another nonce.
    assert embedded.deploy_registry().contract != record.contract


def test_deploy__a_second_time__is_a_second_contract_that_the_record_refuses(
    embedded: EmbeddedChain, network: NetworkPreset, tmp_path: Path
) -> None:
    file = DeploymentsFile(tmp_path / "deployments.json")
    first, second = deployed(embedded, network), deployed(embedded, network)
    assert first.contract != second.contract
    file.add(first)
    with pytest.raises(AlreadyDeployedError) as caught:
        file.add(second)
    assert caught.value.deployment == first
    assert DeploymentsFile(tmp_path / "deployments.json").read() == (first,)
    assert [path.name for path in tmp_path.glob("*deploy*")] == ["deployments.json"]


def test_deployments_file__missing_folder__cannot_be_written(
    embedded: EmbeddedChain, network: NetworkPreset, tmp_path: Path
) -> None:
    file = DeploymentsFile(tmp_path / "none" / "deployments.json")
    assert file.read() == ()
    with pytest.raises(UnavailableError):
        file.check_writable()
    with pytest.raises(UnavailableError):
        file.add(deployed(embedded, network))
    DeploymentsFile(tmp_path / "deployments.json").check_writable()


def test_deployments_file__of_another_form__is_malformed(tmp_path: Path) -> None:
    (tmp_path / "deployments.json").write_text("[]")
    with pytest.raises(MalformedError):
        DeploymentsFile(tmp_path / "deployments.json").read()


def test_deploy__when_the_chain_has_other_code__is_refused(
    embedded: EmbeddedChain, network: NetworkPreset
) -> None:
    provider = Changing(embedded, eth_getCode="0x6001")
    deployer = RegistryDeployer(provider, network)
    sent = deployer.send(SIGNER)
    with pytest.raises(VerificationError) as caught:
        deployer.confirm(sent, attempts=1, wait=never)
    assert caught.value.step == "deployment.code"


@pytest.mark.parametrize("field", ["chain_id", "genesis_hash"])
def test_deploy__on_another_network__sends_nothing(
    embedded: EmbeddedChain, network: NetworkPreset, field: str
) -> None:
    other = replace(network, **{field: getattr(HOODI, field)})
    provider = Changing(embedded)
    with pytest.raises(WrongNetworkError) as caught:
        RegistryDeployer(provider, other)
    assert caught.value.network == "local"
    assert set(provider.asked) == {"eth_chainId", "eth_getBlockByNumber"}


def test_confirm__while_no_block_includes_it__waits_with_a_bound(
    embedded: EmbeddedChain, network: NetworkPreset
) -> None:
    deployer = RegistryDeployer(embedded.provider(), network)
    waits: list[int] = []
    with pytest.raises(UnavailableError) as caught:
        deployer.confirm(TransactionHash(b"\1" * 32), attempts=3, wait=lambda: waits.append(1))
    assert len(waits) == 2
    assert "0x" + "01" * 32 in caught.value.reason


def test_confirm__of_a_transaction_that_creates_nothing__is_refused(
    embedded: EmbeddedChain, network: NetworkPreset
) -> None:
    sent = embedded.fund(Address(b"\1" * 20))
    assert sent is not None
    deployer = RegistryDeployer(embedded.provider(), network)
    with pytest.raises(RejectedError):
        deployer.confirm(sent, attempts=1, wait=never)


def test_transaction_cost__of_a_creation__is_what_the_block_says(
    embedded: EmbeddedChain, network: NetworkPreset
) -> None:
    record = deployed(embedded, network)
    cost = transaction_cost(embedded.provider(), "local", record.transaction_hash)
    assert cost is not None
    block = Web3(embedded.provider()).eth.get_block(1)
    assert cost.gas_used == block["gasUsed"] == 287_174
    assert cost.gas_price_wei == block["baseFeePerGas"] + 10**9
    unknown = TransactionHash(b"\1" * 32)
    assert transaction_cost(embedded.provider(), "local", unknown) is None


def test_node_provider__of_another_scheme__is_malformed() -> None:
    with pytest.raises(MalformedError):
        node_provider("ws://127.0.0.1")


def test_check_network__over_http__compares_both(network: NetworkPreset) -> None:
    genesis = {"number": "0x0", "hash": f"0x{HOODI.genesis_hash.hex()}"}

    def answer(method: str, params: list[object]) -> object:
        assert (method, params) in [
            ("eth_chainId", []),
            ("eth_getBlockByNumber", ["0x0", False]),
        ]
        return hex(HOODI.chain_id) if method == "eth_chainId" else genesis

    with serving(answer) as url:
        check_network(node_provider(url), HOODI)
        with pytest.raises(WrongNetworkError):
            check_network(node_provider(url), network)
        with pytest.raises(WrongNetworkError) as caught:
            check_network(node_provider(url), replace(HOODI, genesis_hash=BlockHash(b"\1" * 32)))
        assert caught.value.step == "network.genesis"


def test_check_network__of_a_silent_node__shows_no_address() -> None:
    with serving(lambda *_: None) as url:
        silent = f"{url}secret-access-key"
    provider = node_provider(silent)
    assert isinstance(provider, HTTPProvider)
    with pytest.raises(UnavailableError) as caught:
        check_network(provider, HOODI)
    assert "hoodi" in str(caught.value)
    assert "secret" not in str(caught.value)
