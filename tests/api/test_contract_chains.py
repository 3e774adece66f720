"""The chains that a server asks about contract accounts, over HTTP: which node is believed, and for what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from web3.providers.base import BaseProvider

from anchoring.adapters.web3_node import check_network, node_provider
from anchoring.core.contract_signatures import MAGIC_SUFFIX
from anchoring.core.errors import UnavailableError
from anchoring.core.networks import custom_network
from anchoring.core.types import Address, BlockHash, ChainId
from backend.domain.contract_accounts import ContractAccount
from backend.domain.errors import RuleViolation
from backend.networks import ContractChains
from tests.support.chain_world import FixedClock
from tests.support.contract_accounts import OWNER, STRANGER, Accounts, sign_digest
from tests.support.governance import refused
from tests.support.served_chain import ServedChain, served_chain

CHAIN_ID = 31_337
DIGEST = b"\xd1" * 32
SIGNATURE = sign_digest(OWNER, DIGEST)


@dataclass
class Served:
    """A chain over HTTP, and an account of the owner on it."""

    node: ServedChain
    account: ContractAccount

    def provider(self, genesis_hash: BlockHash | None = None) -> Callable[[], BaseProvider]:
        """Return what opens the node where it serves the network that has this first block."""
        genesis = genesis_hash or self.node.chain.genesis_hash

        def opened() -> BaseProvider:
            provider = node_provider(self.node.url)
            network = custom_network("local", chain_id=CHAIN_ID, genesis_hash=genesis)
            check_network(provider, network)
            return provider

        return opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("served") / "chain.sqlite"
    with served_chain(path, CHAIN_ID, FixedClock()) as node:
        address = Accounts.on(node.chain).deployed(salt=1)
        yield Served(node, ContractAccount(ChainId(CHAIN_ID), address))


def test_verify__on_a_chain_that_is_known__names_its_block(served: Served) -> None:
    kept = ContractChains({CHAIN_ID: served.provider()}).verify(served.account, DIGEST, SIGNATURE)
    assert (kept.chain_id, kept.signature, kept.scheme) == (CHAIN_ID, SIGNATURE, "erc1271")
    assert kept.block.number > 0


def test_verify__on_a_chain_that_is_not_known__is_refused(served: Served) -> None:
    with pytest.raises(RuleViolation) as caught:
        ContractChains({1: served.provider()}).verify(served.account, DIGEST, SIGNATURE)
    assert (caught.value.code, caught.value.expected) == ("signature.chain", "1")


def test_verify__refused_by_the_account__says_why(served: Served) -> None:
    chains = ContractChains({CHAIN_ID: served.provider()})
    nobody = ContractAccount(ChainId(CHAIN_ID), Address(b"\x77" * 20))
    for account, signature, code in (
        (served.account, sign_digest(STRANGER, DIGEST), "signature.contract"),
        (nobody, SIGNATURE, "signature.no_code"),
        (served.account, MAGIC_SUFFIX, "signature.malformed"),
    ):
        with refused(code):
            chains.verify(account, DIGEST, signature)


def test_verify__by_a_node_of_another_network__is_no_answer(served: Served) -> None:
    chains = ContractChains({CHAIN_ID: served.provider(BlockHash(b"\x99" * 32))})
    with pytest.raises(UnavailableError):
        chains.verify(served.account, DIGEST, SIGNATURE)


def test_verify__by_a_node_that_is_down__is_no_answer(served: Served) -> None:
    opened = served.provider()()
    served.node.down.set()
    try:
        for provider in (served.provider(), lambda: opened):
            with pytest.raises(UnavailableError):
                ContractChains({CHAIN_ID: provider}).verify(served.account, DIGEST, SIGNATURE)
    finally:
        served.node.down.clear()
