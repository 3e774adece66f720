"""Contract accounts in Vyper, one that behaves as it is told and its factory, on an embedded chain."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import Hash32
from vyper.compiler import compile_code
from web3 import Web3
from web3.contract.contract import Contract, ContractFunction

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.core.contract_signatures import FactoryCall
from anchoring.core.types import Address

_ACCOUNT = """
# pragma version 0.4.3

owner: public(address)
manner: public(uint256)

@external
def initialize(owner: address, manner: uint256):
    assert self.owner == empty(address)
    self.owner = owner
    self.manner = manner

@external
def replace_owner(owner: address):
    self.owner = owner

@external
@view
@raw_return
def isValidSignature(digest: bytes32, signature: Bytes[8192]) -> Bytes[96]:
    if self.manner == 1:
        raise "account: no"
    if self.manner == 2:
        raise UNREACHABLE
    if self.manner == 3:
        return b""
    if self.manner == 4:
        return slice(concat(0x1626ba7e, empty(bytes32)), 0, 4)
    if self.manner == 5:
        return slice(concat(0x1626ba7e, empty(bytes32)), 0, 31)
    if self.manner == 6:
        return concat(0x1626ba7e, empty(bytes28), empty(bytes32))
    if self.manner == 7:
        return concat(0x1626ba7e, convert(max_value(uint224), bytes28))
    if self.manner == 8:
        return concat(empty(bytes28), 0x1626ba7e)
    if len(signature) != 65:
        return concat(0xffffffff, empty(bytes28))
    r: uint256 = convert(slice(signature, 0, 32), uint256)
    s: uint256 = convert(slice(signature, 32, 32), uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if ecrecover(digest, v, r, s) != self.owner:
        return concat(0xffffffff, empty(bytes28))
    return concat(0x1626ba7e, empty(bytes28))
"""

_FACTORY = """
# pragma version 0.4.3

interface Account:
    def initialize(owner: address, manner: uint256): nonpayable

template: address

@deploy
def __init__(template: address):
    self.template = template

@external
def make(owner: address, manner: uint256, salt: bytes32) -> address:
    made: address = create_copy_of(self.template, salt=salt)
    extcall Account(made).initialize(owner, manner)
    return made
"""


class Manner(IntEnum):
    """How an account answers when it is asked for a signature."""

    OWNER = 0
    """It recovers its owner's key."""
    REVERTS = 1
    BURNS_ALL_GAS = 2
    RETURNS_NOTHING = 3
    RETURNS_FOUR_BYTES = 4
    RETURNS_A_BYTE_LESS = 5
    RETURNS_TWO_WORDS = 6
    RETURNS_MORE_THAN_THE_MAGIC = 7
    RETURNS_THE_MAGIC_ON_THE_RIGHT = 8


OWNER: LocalAccount = Account.from_key(b"\x0f" * 32)
"""Owns the accounts."""

_POLL_S = 0.05

STRANGER: LocalAccount = Account.from_key(b"\x0e" * 32)
"""Owns nothing, and pays for everything."""


@cache
def _compiled(source: str) -> dict[str, Any]:
    output: dict[str, Any] = compile_code(source, output_formats=["abi", "bytecode"])
    return output


@dataclass(frozen=True)
class Accounts:
    """Deploys contract accounts on a chain and changes them, by transactions of the stranger."""

    web3: Web3
    factory: Contract

    @classmethod
    def on(cls, chain: EmbeddedChain) -> "Accounts":
        """Deploy the template and the factory on an embedded chain."""
        chain.fund(contract_address(STRANGER.address))
        return cls.at(Web3(chain.provider()))

    @classmethod
    def at(cls, web3: Web3) -> "Accounts":
        """Deploy the template and the factory on a chain where the stranger has funds."""
        account, factory = _compiled(_ACCOUNT), _compiled(_FACTORY)
        template = deploy(web3, account["abi"], account["bytecode"])
        made = deploy(web3, factory["abi"], factory["bytecode"], template.address)
        return cls(web3, made)

    def creation(
        self, *, salt: int, manner: Manner = Manner.OWNER, owner: LocalAccount = OWNER
    ) -> tuple[Address, FactoryCall]:
        """Return the address that an account will have, and the call that deploys it there."""
        call = self.factory.functions.make(owner.address, int(manner), salt.to_bytes(32, "big"))
        address = call.call({"from": STRANGER.address})
        return contract_address(address), FactoryCall(
            contract_address(self.factory.address), data_of(call)
        )

    def deployed(
        self, *, salt: int, manner: Manner = Manner.OWNER, owner: LocalAccount = OWNER
    ) -> Address:
        """Deploy an account."""
        address, call = self.creation(salt=salt, manner=manner, owner=owner)
        send(self.web3, call.factory, call.data)
        return address

    def replacement(self, account: Address, owner: LocalAccount) -> FactoryCall:
        """Return the call that gives an account another owner."""
        contract = self.web3.eth.contract(
            Web3.to_checksum_address(account), abi=_compiled(_ACCOUNT)["abi"]
        )
        return FactoryCall(account, data_of(contract.functions.replace_owner(owner.address)))

    def replace_owner(self, account: Address, owner: LocalAccount) -> None:
        """Give an account another owner."""
        call = self.replacement(account, owner)
        send(self.web3, call.factory, call.data)


def deploy(web3: Web3, abi: Any, bytecode: str, *arguments: object) -> Contract:  # noqa: ANN401 - JSON of a compiler
    """Deploy a contract by a transaction of the stranger."""
    creation = web3.eth.contract(abi=abi, bytecode=bytecode).constructor(*arguments)
    address = send(web3, None, bytes.fromhex(creation.data_in_transaction[2:]))
    return web3.eth.contract(Web3.to_checksum_address(address), abi=abi)


def send(web3: Web3, to: Address | None, data: bytes) -> Address:
    """Send a transaction of the stranger, which must succeed; return the contract that it created."""
    fields: dict[str, Any] = {
        "chainId": web3.eth.chain_id,
        "nonce": web3.eth.get_transaction_count(STRANGER.address),
        "maxFeePerGas": 10**10,
        "maxPriorityFeePerGas": 10**9,
        "gas": 8_000_000,
        "value": 0,
        "data": data,
    }
    signed = STRANGER.sign_transaction(fields if to is None else {**fields, "to": to})
    sent = web3.eth.send_raw_transaction(signed.raw_transaction)
    receipt = web3.eth.wait_for_transaction_receipt(sent, poll_latency=_POLL_S)
    assert receipt["status"] == 1
    created = receipt["contractAddress"]
    return Address(b"") if created is None else contract_address(created)


def data_of(call: ContractFunction) -> bytes:
    """Return the data of a call."""
    return bytes.fromhex(call._encode_transaction_data()[2:])  # noqa: SLF001  # web3 has no public name for it


def sign_digest(signer: LocalAccount, digest: bytes) -> bytes:
    """Return the 65 bytes with which an owner signs a digest."""
    return bytes(signer.unsafe_sign_hash(Hash32(digest)).signature)


def contract_address(text: str) -> Address:
    """Return the 20 bytes of an address in text."""
    return Address(bytes.fromhex(text[2:]))
