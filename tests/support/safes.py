"""Safes of the real contracts, deployed on an embedded chain by their own factory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3
from web3.contract.contract import Contract

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.core.contract_signatures import FactoryCall
from anchoring.core.types import ChainId
from backend.domain.contract_accounts import ContractAccount, safe_message_digest
from tests.support.chain_world import address_of
from tests.support.contract_accounts import (
    STRANGER,
    contract_address,
    data_of,
    deploy,
    send,
    sign_digest,
)
from tests.support.peer_process import peer_package

OWNERS: tuple[LocalAccount, ...] = tuple(
    sorted(
        (Account.from_key(bytes([number]) * 32) for number in (0x21, 0x22, 0x23)),
        key=address_of,
    )
)
"""Three owners in the order of their addresses, in which a Safe wants their signatures."""

NO_ADDRESS = "0x" + "00" * 20
SENTINEL = "0x" + "00" * 19 + "01"
"""What a Safe takes for the owner before the first one."""

DELEGATE_CALL = 1


@cache
def _artefact(path: str) -> dict[str, Any]:
    folder = peer_package("@safe-global/safe-contracts") / "build" / "artifacts" / "contracts"
    artefact: dict[str, Any] = json.loads((folder / Path(path)).read_text("utf-8"))
    return artefact


def _deployed(web3: Web3, path: str) -> Contract:
    artefact = _artefact(path)
    return deploy(web3, artefact["abi"], artefact["bytecode"])


@dataclass(frozen=True)
class Safe:
    """A Safe, deployed or not, of which two of three owners must sign."""

    account: ContractAccount
    contract: Contract
    creation: FactoryCall
    """The call that deploys it."""

    def signature(self, digest: bytes, owners: Sequence[LocalAccount] = OWNERS[:2]) -> bytes:
        """Return what owners sign so that the Safe signs a digest."""
        asked = safe_message_digest(self.account, digest)
        return b"".join(sign_digest(owner, asked) for owner in owners)


@dataclass(frozen=True)
class Safes:
    """The contracts of Safe 1.4.1 on a chain."""

    web3: Web3
    singleton: Contract
    factory: Contract
    handler: Contract
    sign_message: Contract

    @classmethod
    def on(cls, chain: EmbeddedChain) -> "Safes":
        """Deploy the singleton, its factory, the fallback handler and the library that signs messages."""
        chain.fund(address_of(STRANGER))
        web3 = Web3(chain.provider())
        return cls(
            web3,
            _deployed(web3, "Safe.sol/Safe.json"),
            _deployed(web3, "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"),
            _deployed(
                web3, "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"
            ),
            _deployed(web3, "libraries/SignMessageLib.sol/SignMessageLib.json"),
        )

    def planned(self, *, salt: int) -> Safe:
        """Return a Safe that is not deployed yet."""
        owners, threshold = [owner.address for owner in OWNERS], 2
        setup = self.singleton.functions.setup(
            owners, threshold, NO_ADDRESS, b"", self.handler.address, NO_ADDRESS, 0, NO_ADDRESS
        )
        creation = self.factory.functions.createProxyWithNonce(
            self.singleton.address, data_of(setup), salt
        )
        address = contract_address(creation.call({"from": STRANGER.address}))
        return Safe(
            ContractAccount(ChainId(self.web3.eth.chain_id), address),
            self.web3.eth.contract(Web3.to_checksum_address(address), abi=self.singleton.abi),
            FactoryCall(contract_address(self.factory.address), data_of(creation)),
        )

    def deployed(self, *, salt: int) -> Safe:
        """Return a Safe that is deployed."""
        safe = self.planned(salt=salt)
        send(self.web3, safe.creation.factory, safe.creation.data)
        return safe

    def approve(self, safe: Safe, digest: bytes) -> None:
        """Have two owners approve a digest on the chain, through the library that signs messages."""
        data = data_of(self.sign_message.functions.signMessage(digest))
        self._execute(safe, self.sign_message.address, data, operation=DELEGATE_CALL)

    def replace_first_owner(self, safe: Safe, owner: LocalAccount) -> None:
        """Have two owners put another one in the place of the first."""
        first, *_ = safe.contract.functions.getOwners().call()
        swap = safe.contract.functions.swapOwner(SENTINEL, first, owner.address)
        self._execute(safe, safe.contract.address, data_of(swap), operation=0)

    def _execute(self, safe: Safe, to: str, data: bytes, *, operation: int) -> None:
        fields = (to, 0, data, operation, 0, 0, 0, NO_ADDRESS, NO_ADDRESS)
        nonce = safe.contract.functions.nonce().call()
        digest = bytes(safe.contract.functions.getTransactionHash(*fields, nonce).call())
        signatures = b"".join(sign_digest(owner, digest) for owner in OWNERS[:2])
        call = safe.contract.functions.execTransaction(*fields, signatures)
        send(self.web3, safe.account.address, data_of(call))
