"""Contract accounts as keys, C1 to C4: forms, holders, confirmations, and what owners of a Safe sign."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.contract_signatures import (
    CALL_GAS,
    MAGIC_SUFFIX,
    MAX_SIGNATURE_BYTES,
    PROGRAM,
    FactoryCall,
    StateBlock,
    wrap,
)
from anchoring.core.errors import MalformedError
from anchoring.core.types import Address, BlockHash, BlockNumber, ChainId
from backend.domain.authorship import MAX_STATEMENT_AGE_S
from backend.domain.contract_accounts import (
    MAX_RECORD_BYTES,
    SAFE_DOMAIN_TYPE_HASH,
    SAFE_MESSAGE_TYPE_HASH,
    ContractAccount,
    ContractSignature,
    is_contract_account,
    safe_message_digest,
)
from backend.domain.detached import format_keys, format_signatures, parse_keys, parse_signatures
from backend.domain.quantities import MAX_INTEGER
from backend.domain.sources import KeyOpening, SignatureOpening
from tests.support.contract_actors import BLOCK, ContractActor, partner_at
from tests.support.governance import CHAIR, founded, refused
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation

PARTNER = partner_at(Address(b"\x5a" * 20))
ACCOUNT = PARTNER.account
RECORD = ContractSignature(ACCOUNT.chain_id, BLOCK, b"\x01\x02")
WRAPPED = wrap(b"\x01", FactoryCall(Address(b"\xfa" * 20), b"make"))
accounts = st.builds(
    ContractAccount,
    st.integers(1, MAX_INTEGER).map(ChainId),
    st.binary(min_size=20, max_size=20).map(Address),
)
blocks = st.builds(
    StateBlock,
    st.integers(0, MAX_INTEGER).map(BlockNumber),
    st.binary(min_size=32, max_size=32).map(BlockHash),
)


@given(accounts)
def test_c1__any_account__has_one_form(account: ContractAccount) -> None:
    key = account.to_bytes()
    assert is_contract_account(key)
    assert ContractAccount.from_bytes(key) == account
    keys = {"11" * 32: KeyOpening(key, bytes(32))}
    assert parse_keys(format_keys(keys)) == keys


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(20),
        b"eip155:0:0x" + b"11" * 20,
        b"eip155:01:0x" + b"11" * 20,
        b"eip155:9007199254740992:0x" + b"11" * 20,
        b"eip155:1:0x" + b"AA" * 20,
        b"eip155:1:0x" + b"11" * 19,
        b"eip155:1:0x" + b"11" * 21,
        b"eip155:1:" + b"11" * 20,
        b"eip155:1:0x" + b"11" * 20 + b"\n",
        b" eip155:1:0x" + b"11" * 20,
        b"EIP155:1:0x" + b"11" * 20,
        b"cosmos:1:0x" + b"11" * 20,
        b"eip155:+1:0x" + b"11" * 20,
        b"eip155:\xd9\xa1:0x" + b"11" * 20,
    ],
)
def test_c1__another_form__is_no_account(key: bytes) -> None:
    assert not is_contract_account(key)
    with refused("key.malformed"):
        ContractAccount.from_bytes(key)


@given(chain_id=st.integers(1, MAX_INTEGER).map(ChainId), block=blocks, signature=st.binary())
def test_c3__any_record__has_one_form(
    chain_id: ChainId, block: StateBlock, signature: bytes
) -> None:
    record = ContractSignature(chain_id, block, signature)
    assert ContractSignature.from_bytes(record.to_bytes()) == record
    assert record.scheme == "erc1271"


def test_c3__record_of_a_wrapped_signature__says_so() -> None:
    record = replace(RECORD, signature=WRAPPED)
    assert ContractSignature.from_bytes(record.to_bytes()) == record
    assert record.scheme == "erc6492"


def test_c3__longest_record__fits() -> None:
    block = StateBlock(BlockNumber(MAX_INTEGER), BlockHash(bytes(32)))
    record = ContractSignature(ChainId(MAX_INTEGER), block, bytes(MAX_SIGNATURE_BYTES))
    encoded = record.to_bytes()
    assert MAX_SIGNATURE_BYTES * 2 < len(encoded) <= MAX_RECORD_BYTES
    assert ContractSignature.from_bytes(encoded) == record
    kept = {3: (SignatureOpening(ACCOUNT.to_bytes(), encoded, bytes(32)),)}
    assert parse_signatures(format_signatures(kept)) == kept


def altered(**fields: object) -> bytes:
    members: Any = parse_canonical(RECORD.to_bytes(), what="record")
    changed = {**members, **fields}
    return canonical_json({name: value for name, value in changed.items() if value != ...})


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"{}",
        b"\x00" * 65,
        RECORD.to_bytes() + b"\n",
        RECORD.to_bytes().replace(b",", b", ", 1),
        RECORD.to_bytes().replace(b'"erc1271"', b'"erc1271","scheme":"erc1271"'),
        altered(format="psephos-contract-signature/2"),
        altered(scheme="erc6492"),
        altered(scheme="ecrecover"),
        altered(scheme=...),
        altered(chain_id=0),
        altered(chain_id=True),
        altered(chain_id="1"),
        altered(signature="0x0"),
        altered(signature="0xAB"),
        altered(signature="01"),
        altered(signature=f"0x{MAGIC_SUFFIX.hex()}", scheme="erc6492"),
        altered(signature=f"0x{WRAPPED.hex()}"),
        altered(signature="0x" + "00" * (MAX_SIGNATURE_BYTES + 1)),
        altered(owner="0x"),
        altered(block={"hash": "05" * 32}),
        altered(block={"hash": "05" * 32, "number": -1}),
        altered(block={"hash": "05" * 31, "number": 5}),
        bytes(MAX_RECORD_BYTES + 1),
    ],
)
def test_c3__another_form__is_malformed(encoded: bytes) -> None:
    with refused("signature.malformed"):
        ContractSignature.from_bytes(encoded)


def with_chain(*, answer: bool | None) -> tuple[Simulation, MemoryLedger]:
    """Return a founded organisation whose chains give one answer to everything."""
    simulation, ledger = founded()
    ledger.sources.chain = lambda *_: answer
    return simulation, ledger


def test_c4__confirmed_by_its_chain__is_recorded() -> None:
    simulation, ledger = with_chain(answer=True)
    simulation.apply(PARTNER)
    simulation.admit(PARTNER, officer=CHAIR)
    assert ledger.state.member(PARTNER.id).status == "active"


@pytest.mark.parametrize(
    ("answer", "code"), [(False, "signature.contract"), (None, "proof.missing")]
)
def test_c4__not_confirmed_or_not_asked__is_not_recorded(
    answer: bool | None,  # noqa: FBT001 - parametrised
    code: str,
) -> None:
    simulation, _ = with_chain(answer=answer)
    with refused(code):
        simulation.apply(PARTNER)


def test_c4__the_chain__is_asked_about_key_digest_and_record() -> None:
    simulation, ledger = founded()
    asked: list[tuple[bytes, bytes, bytes]] = []

    def answer(key: bytes, digest: bytes, signature: bytes) -> bool:
        asked.append((key, digest, signature))
        return True

    digests: list[bytes] = []

    def sign(digest: bytes) -> bytes:
        digests.append(digest)
        return b"\x07"

    ledger.sources.chain = answer
    simulation.apply(replace(PARTNER, answer_of=sign))
    record = ContractSignature(ACCOUNT.chain_id, BLOCK, b"\x07").to_bytes()
    assert asked == [(ACCOUNT.to_bytes(), digests[0], record)]


def test_c3__record_of_another_chain_than_the_account__is_malformed() -> None:
    simulation, _ = with_chain(answer=True)
    with refused("signature.malformed"):
        simulation.apply(OtherChain("partner", "collective", account=ACCOUNT))


class OtherChain(ContractActor):
    """Hands in a record of another chain than its account's."""

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        del typed_data
        return replace(RECORD, chain_id=ChainId(ACCOUNT.chain_id + 1)).to_bytes()


def test_c2__class_of_natural_persons__has_no_contract_account() -> None:
    simulation, _ = with_chain(answer=True)
    with refused("key.contract", rule="psephos.contract_account"):
        simulation.apply(replace(PARTNER, member_class="individual"))
    simulation.apply(Actor("visitor"))


@pytest.mark.parametrize(
    "alter",
    [
        lambda key: key.replace("65697031", "65697032"),
        lambda key: key + "30",
        lambda key: key.replace("3a3078", "3a3058"),
        lambda key: key.replace("6569703135353a", "6569703135353a30"),
    ],
    ids=["namespace", "longer", "prefix", "leading zero"],
)
def test_detached_keys__of_another_form__are_refused(alter: Callable[[str], str]) -> None:
    keys = format_keys({"11" * 32: KeyOpening(ACCOUNT.to_bytes(), bytes(32))})
    key = ACCOUNT.to_bytes().hex()
    with pytest.raises(MalformedError):
        parse_keys(keys.decode().replace(key, alter(key)).encode())


def test_safe__type_hashes__are_those_of_the_type_strings() -> None:
    assert keccak(b"SafeMessage(bytes message)") == SAFE_MESSAGE_TYPE_HASH
    domain = b"EIP712Domain(uint256 chainId,address verifyingContract)"
    assert keccak(domain) == SAFE_DOMAIN_TYPE_HASH


@given(account=accounts, digest=st.binary(min_size=32, max_size=32))
def test_safe_message_digest__of_any_account__is_what_wallets_sign(
    account: ContractAccount, digest: bytes
) -> None:
    typed_data = {
        "types": {
            "EIP712Domain": [
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "SafeMessage": [{"name": "message", "type": "bytes"}],
        },
        "primaryType": "SafeMessage",
        "domain": {
            "chainId": account.chain_id,
            "verifyingContract": f"0x{account.address.hex()}",
        },
        "message": {"message": digest},
    }
    expected = _hash_eip191_message(encode_typed_data(full_message=typed_data))
    assert safe_message_digest(account, digest) == bytes(expected)


def test_documentation__of_bounds_and_names__says_what_the_code_does() -> None:
    folder = Path(__file__).parents[3] / "docs"
    page = (folder / "contract-accounts.md").read_text("utf-8")
    entry = (folder / "formats" / "entry.md").read_text("utf-8")
    bundle = (folder / "formats" / "bundle.md").read_text("utf-8")
    for bound in (
        f"at most {MAX_SIGNATURE_BYTES} bytes",
        f"{len(PROGRAM)} bytes of creation code",
        f"{CALL_GAS:,} gas",
        f"within {MAX_STATEMENT_AGE_S} seconds",
    ):
        assert bound in page
    assert f"at most {MAX_RECORD_BYTES:,} bytes" in entry
    assert f"a record of at most {MAX_RECORD_BYTES:,}" in bundle
    for code in ("key.contract", "signature.chain", "signature.no_code", "signature.contract"):
        assert f"`{code}`" in page
