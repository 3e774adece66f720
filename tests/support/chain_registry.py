"""The registry contract in titanoboa and through web3 on a py-evm chain, behind one face."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

with warnings.catch_warnings():
    # titanoboa's own imports are not under our control.
    warnings.simplefilter("ignore")
    import boa

from web3 import Web3
from web3.contract import Contract

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.core.types import Head
from tests.support.chain_compiler import CONTRACTS, registry_abi
from tests.support.chain_world import PUBLISHER, open_embedded, publish_on

DEPLOYER = boa.load_partial(str(CONTRACTS / "AnchorRegistry.vy"))
"""Compiled once per test run."""


class Registry(Protocol):
    """What both sides offer to the shared tests; the caller is one fixed publisher."""

    publisher: str

    def anchor(self, head: Head) -> None: ...

    def verify_inclusion(
        self, leaf: bytes, *, index: int, size: int, path: list[bytes]
    ) -> bool: ...


class BoaRegistry:
    """A fresh contract in titanoboa's own environment."""

    def __init__(self) -> None:
        self.publisher = str(boa.env.generate_address())
        self.contract = DEPLOYER.deploy()

    def anchor(self, head: Head) -> None:
        self.contract.anchor(head.size, head.root, sender=self.publisher)

    def verify_inclusion(self, leaf: bytes, *, index: int, size: int, path: list[bytes]) -> bool:
        answer: bool = self.contract.verify_inclusion(self.publisher, leaf, index, size, path)
        return answer


@dataclass(slots=True)
class Web3Registry:
    """The deployed artefact on an embedded chain, called through web3."""

    embedded: EmbeddedChain
    chain: Web3Chain
    contract: Contract
    publisher: str = PUBLISHER.address

    def anchor(self, head: Head) -> None:
        self.chain.broadcast(self.chain.sign_anchor(head))

    def verify_inclusion(self, leaf: bytes, *, index: int, size: int, path: list[bytes]) -> bool:
        call = self.contract.functions.verify_inclusion(self.publisher, leaf, index, size, path)
        answer: bool = call.call()
        return answer

    def gas_used(self) -> int:
        """Gas of the newest transaction."""
        web3 = Web3(self.embedded.provider())
        return web3.eth.get_block("latest")["gasUsed"]


def open_web3_registry(path: Path) -> Web3Registry:
    embedded = open_embedded(path)
    chain = publish_on(embedded)
    contract = Web3(embedded.provider()).eth.contract(
        address=Web3.to_checksum_address(chain.contract), abi=registry_abi()
    )
    return Web3Registry(embedded=embedded, chain=chain, contract=contract)
