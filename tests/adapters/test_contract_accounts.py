"""Contract accounts asked over JSON-RPC, Q1 to Q5: what counts as signed, and on which block."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from web3 import Web3

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.contract_accounts import NO_CODE, OTHER_BLOCK, REFUSED, AccountChain
from anchoring.adapters.rpc_reader import RpcReader
from anchoring.core.contract_signatures import (
    MAGIC_SUFFIX,
    MAGIC_VALUE,
    MAX_SIGNATURE_BYTES,
    PROGRAM,
    FactoryCall,
    StateBlock,
    question,
    wrap,
)
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.types import Address, BlockHash, BlockNumber
from tests.support.chain_world import FixedClock, address_of, open_embedded
from tests.support.contract_accounts import OWNER, STRANGER, Accounts, Manner, sign_digest
from tests.support.served_chain import served_chain

DIGEST = b"\xd1" * 32
SIGNATURE = sign_digest(OWNER, DIGEST)
NOBODY = Address(b"\x77" * 20)
PAIRING = Address(bytes(19) + b"\x08")
"""The precompiled contract whose run is the dearest in pure Python."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedChain]:
    embedded = open_embedded(tmp_path_factory.mktemp("chain") / "chain.sqlite")
    yield embedded
    embedded.close()


@pytest.fixture(scope="module")
def accounts(chain: EmbeddedChain) -> Accounts:
    return Accounts.on(chain)


@pytest.fixture(scope="module")
def asked(chain: EmbeddedChain) -> AccountChain:
    return AccountChain(ChainNode(chain.provider()))


@pytest.fixture(scope="module")
def account(accounts: Accounts) -> Address:
    """An account of the owner that is deployed; no test changes it."""
    return accounts.deployed(salt=1)


def newest(accounts: Accounts) -> StateBlock:
    block = accounts.web3.eth.get_block("latest")
    return StateBlock(BlockNumber(block["number"]), BlockHash(bytes(block["hash"])))


def refusal(asked: AccountChain, account: Address, signature: bytes) -> str:
    with pytest.raises(VerificationError) as caught:
        asked.confirm(account, digest=DIGEST, signature=signature)
    return caught.value.step


def test_q3__deployed_account_that_signed__tells_the_newest_block(
    asked: AccountChain, accounts: Accounts, account: Address
) -> None:
    found = asked.confirm(account, digest=DIGEST, signature=SIGNATURE)
    assert found == newest(accounts)


def test_q3__signature_of_another_digest_account_or_owner__is_refused(
    asked: AccountChain, accounts: Accounts, account: Address
) -> None:
    with pytest.raises(VerificationError, match=REFUSED):
        asked.confirm(account, digest=bytes(32), signature=SIGNATURE)
    assert refusal(asked, account, sign_digest(STRANGER, DIGEST)) == REFUSED
    assert refusal(asked, accounts.deployed(salt=2, owner=STRANGER), SIGNATURE) == REFUSED
    assert refusal(asked, account, b"") == REFUSED


@pytest.mark.parametrize("manner", [each for each in Manner if each is not Manner.OWNER])
def test_q3__account_that_answers_otherwise__is_refused(
    asked: AccountChain, accounts: Accounts, manner: Manner
) -> None:
    account = accounts.deployed(salt=100 + manner, manner=manner)
    assert refusal(asked, account, SIGNATURE) == REFUSED
    _, call = accounts.creation(salt=200 + manner, manner=manner)
    assert refusal(asked, account, wrap(SIGNATURE, call)) == REFUSED


def test_q2__account_not_deployed_yet__is_asked_after_its_creation(
    asked: AccountChain, accounts: Accounts
) -> None:
    account, call = accounts.creation(salt=3)
    assert asked.confirm(account, digest=DIGEST, signature=wrap(SIGNATURE, call)) == newest(
        accounts
    )
    assert accounts.web3.eth.get_code(Web3.to_checksum_address(account)) == b""
    assert refusal(asked, account, wrap(sign_digest(STRANGER, DIGEST), call)) == REFUSED


def test_q2__factory_that_deploys_something_else_or_fails__is_refused(
    asked: AccountChain, accounts: Accounts
) -> None:
    account, call = accounts.creation(salt=4)
    _, other = accounts.creation(salt=5)
    for wrong in (
        other,
        FactoryCall(call.factory, call.data[:-1]),
        FactoryCall(call.factory, b""),
        FactoryCall(NOBODY, call.data),
        FactoryCall(PAIRING, b""),
    ):
        assert refusal(asked, account, wrap(SIGNATURE, wrong)) == REFUSED


def test_q2__factory_that_burns_all_gas__is_refused_and_leaves_an_answer(
    asked: AccountChain, accounts: Accounts, account: Address
) -> None:
    burning = accounts.deployed(salt=10, manner=Manner.BURNS_ALL_GAS)
    burn = FactoryCall(burning, MAGIC_VALUE + DIGEST + (64).to_bytes(32) + bytes(32))
    planned, _ = accounts.creation(salt=11)
    assert refusal(asked, planned, wrap(SIGNATURE, burn)) == REFUSED
    wrong = sign_digest(STRANGER, DIGEST)
    assert refusal(asked, account, wrap(wrong, burn)) == REFUSED
    found = asked.confirm(account, digest=DIGEST, signature=wrap(SIGNATURE, burn))
    assert found == newest(accounts)


def test_q3__deployed_account_and_wrapped_signature__needs_no_factory(
    asked: AccountChain, accounts: Accounts
) -> None:
    account, call = accounts.creation(salt=6)
    accounts.deployed(salt=6)
    found = asked.confirm(account, digest=DIGEST, signature=wrap(SIGNATURE, call))
    assert found == newest(accounts)


def test_q4__deployed_account_that_must_be_prepared__is_asked_again(
    asked: AccountChain, accounts: Accounts
) -> None:
    account = accounts.deployed(salt=7, owner=STRANGER)
    prepared = wrap(SIGNATURE, accounts.replacement(account, OWNER))
    found = asked.confirm(account, digest=DIGEST, signature=prepared)
    assert found == newest(accounts)
    assert refusal(asked, account, SIGNATURE) == REFUSED


def test_q5__address_without_code__is_refused_even_with_its_own_key(asked: AccountChain) -> None:
    assert refusal(asked, address_of(OWNER), SIGNATURE) == NO_CODE
    assert refusal(asked, PAIRING, SIGNATURE) == NO_CODE


def test_q5__key_of_an_address_with_code__is_never_recovered() -> None:
    refusing = bytes(127) + b"\x01"
    node = ScriptedNode({"eth_getCode": "0xef0100", "eth_call": f"0x{refusing.hex()}"})
    assert refusal(AccountChain(node), address_of(OWNER), SIGNATURE) == REFUSED


def test_q1__owner_replaced_after_the_signature__was_lawful_at_its_block(
    asked: AccountChain, accounts: Accounts
) -> None:
    account = accounts.deployed(salt=8)
    block = asked.confirm(account, digest=DIGEST, signature=SIGNATURE)
    accounts.replace_owner(account, STRANGER)
    assert refusal(asked, account, SIGNATURE) == REFUSED
    again = asked.confirm(account, digest=DIGEST, signature=SIGNATURE, block=block)
    assert again == block


def test_q1__block_that_the_node_does_not_have__is_told(
    asked: AccountChain, accounts: Accounts, account: Address
) -> None:
    block = newest(accounts)
    for other in (
        StateBlock(block.number, BlockHash(bytes(32))),
        StateBlock(BlockNumber(block.number + 1000), block.hash),
    ):
        with pytest.raises(VerificationError, match=OTHER_BLOCK):
            asked.confirm(account, digest=DIGEST, signature=SIGNATURE, block=other)


def test_signature__too_long_or_badly_wrapped__is_malformed(
    asked: AccountChain, accounts: Accounts, account: Address
) -> None:
    _, call = accounts.creation(salt=9)
    good = wrap(SIGNATURE, call)
    for bad in (
        bytes(MAX_SIGNATURE_BYTES + 1),
        MAGIC_SUFFIX,
        b"\x01" + good[1:],
        bytes(32) + good,
        good[:-32] + bytes(32) + MAGIC_SUFFIX,
        good[:32] + b"\xff" * 32 + good[64:],
        good[:96] + b"\xff" * 32 + good[128:],
    ):
        with pytest.raises(MalformedError):
            asked.confirm(account, digest=DIGEST, signature=bad)


@dataclass
class ScriptedNode:
    """A node that gives one answer to each method, the last of them for ever."""

    answers: Mapping[str, object]
    blocks: list[object] = field(default_factory=list)

    def ask(self, method: str, *_params: object) -> object:
        if method == "eth_getBlockByNumber":
            block = {"number": "0x5", "hash": f"0x{'05' * 32}"}
            return self.blocks.pop(0) if self.blocks else block
        answer = self.answers.get(method)
        if isinstance(answer, Exception):
            raise answer
        return answer


YES = f"0x{(1).to_bytes(32).hex() * 2}{(32).to_bytes(32).hex()}{MAGIC_VALUE.ljust(32, bytes(1)).hex()}"
HONEST = {"eth_getCode": "0x60", "eth_call": YES}


def test_node__that_answers_as_expected__is_believed() -> None:
    found = AccountChain(ScriptedNode(HONEST)).confirm(NOBODY, digest=DIGEST, signature=b"")
    assert found == StateBlock(BlockNumber(5), BlockHash(b"\x05" * 32))


@pytest.mark.parametrize(
    "changed",
    [
        {"eth_call": UnsupportedError("eth_call", "out of gas")},
        {"eth_call": UnavailableError("node", "no answer")},
        {"eth_call": None},
        {"eth_call": "0x"},
        {"eth_call": YES + "00"},
        {"eth_call": "yes"},
        {"eth_getCode": None},
        {"eth_getCode": UnsupportedError("eth_getCode", "missing trie node")},
    ],
)
def test_node__that_fails_or_answers_something_else__has_not_answered(
    changed: dict[str, object],
) -> None:
    with pytest.raises(UnavailableError):
        AccountChain(ScriptedNode({**HONEST, **changed})).confirm(
            NOBODY, digest=DIGEST, signature=b""
        )


@pytest.mark.parametrize(
    "blocks",
    [
        [None],
        ["0x5"],
        [{}],
        [{"number": "5", "hash": f"0x{'05' * 32}"}],
        [{"number": "0x5", "hash": "0x05"}],
        [
            {"number": "0x5", "hash": f"0x{'05' * 32}"},
            {"number": "0x5", "hash": f"0x{'06' * 32}"},
        ],
    ],
    ids=["none", "text", "empty", "decimal", "short hash", "replaced meanwhile"],
)
def test_q1__node_without_a_steady_block__has_not_answered(blocks: list[object]) -> None:
    with pytest.raises(UnavailableError):
        AccountChain(ScriptedNode(HONEST, blocks)).confirm(NOBODY, digest=DIGEST, signature=b"")


def call_of(data: bytes, **fields: object) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "eth_call",
        "params": [{"data": f"0x{data.hex()}", **fields}],
    }


def test_embedded_chain__creation_code_of_anyone__is_not_run(
    chain: EmbeddedChain, account: Address
) -> None:
    asking = question(account, DIGEST, SIGNATURE, None)
    answer = chain.answer(call_of(asking))
    assert isinstance(answer, dict)
    assert answer["result"] == YES
    for data in (b"", b"\x5b" + asking, PROGRAM[:-1]):
        refused = chain.answer(call_of(data))
        assert isinstance(refused, dict)
        assert "error" in refused
    ordinary = chain.answer(call_of(asking, to=f"0x{NOBODY.hex()}"))
    assert isinstance(ordinary, dict)
    assert ordinary["result"] == "0x"


def test_reader__of_an_auditor__gets_the_same_answers(tmp_path: Path) -> None:
    with served_chain(tmp_path / "chain.sqlite", 77, FixedClock()) as served:
        accounts = Accounts.on(served.chain)
        account = accounts.deployed(salt=1)
        asked = AccountChain(RpcReader(served.url))
        assert asked.chain_id() == 77
        assert asked.confirm(account, digest=DIGEST, signature=SIGNATURE) == newest(accounts)
