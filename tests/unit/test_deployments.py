"""The record of deployments: round trip, strictness, and one record per code and chain."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.deployments import (
    AlreadyDeployedError,
    Deployment,
    add_deployment,
    check_code,
    find_deployment,
    format_deployments,
    parse_deployments,
)
from anchoring.core.errors import AnchoringError, MalformedError, VerificationError
from anchoring.core.networks import HOODI, SEPOLIA
from anchoring.core.types import (
    Address,
    BlockHash,
    BlockNumber,
    ChainId,
    RegistryLocation,
    TransactionHash,
)
from tests.support.json_files import changed, without

ON_HOODI = Deployment(
    network="hoodi",
    chain_id=HOODI.chain_id,
    genesis_hash=HOODI.genesis_hash,
    contract=Address(b"\x11" * 20),
    transaction_hash=TransactionHash(b"\x22" * 32),
    block=BlockNumber(1_234),
    deployer=Address(b"\x33" * 20),
    code_hash=b"\x44" * 32,
    compiler="vyper 0.4.3+commit.bff19ea2",
)
ON_SEPOLIA = replace(
    ON_HOODI, network="sepolia", chain_id=SEPOLIA.chain_id, genesis_hash=SEPOLIA.genesis_hash
)
FILE = format_deployments((ON_HOODI,))


def _hash() -> st.SearchStrategy[bytes]:
    return st.binary(min_size=32, max_size=32)


def deployments() -> st.SearchStrategy[Deployment]:
    return st.builds(
        Deployment,
        network=st.from_regex(r"local-[a-z0-9_-]{0,20}", fullmatch=True),
        chain_id=st.integers(1, 2**53 - 1).map(ChainId),
        genesis_hash=_hash().map(BlockHash),
        contract=st.binary(min_size=20, max_size=20).map(Address),
        transaction_hash=_hash().map(TransactionHash),
        block=st.integers(0, 2**53 - 1).map(BlockNumber),
        deployer=st.binary(min_size=20, max_size=20).map(Address),
        code_hash=_hash(),
        compiler=st.from_regex(r"[!-~]{1,40}( [!-~]{1,40}){0,2}", fullmatch=True),
    )


@given(st.lists(deployments(), max_size=4, unique_by=lambda each: each.genesis_hash).map(tuple))
def test_parse_deployments__of_a_formatted_file__gives_them_back(
    found: tuple[Deployment, ...],
) -> None:
    assert parse_deployments(format_deployments(found)) == found


def test_deployments__of_this_repository__parse() -> None:
    data = (files("contracts") / "deployments.json").read_bytes()
    assert format_deployments(parse_deployments(data)) == data


@pytest.mark.parametrize("field", sorted(json.loads(FILE)["deployments"][0]))
def test_parse_deployments__without_a_field__is_malformed(field: str) -> None:
    with pytest.raises(MalformedError):
        parse_deployments(without(FILE, ("deployments", 0, field)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "HOODI"),
        ("network", "embedded"),
        ("network", "sepolia"),
        ("chainId", 0),
        ("genesisHash", "0x00"),
        ("contract", "0x" + "11" * 21),
        ("block", -1),
        ("codeHash", "44" * 32),
        ("compiler", "vyper  0.4.3"),
        ("compiler", "x" * 129),
        ("other", 1),
    ],
)
def test_parse_deployments__with_a_field_of_another_form__is_malformed(
    field: str, value: str | int
) -> None:
    with pytest.raises(AnchoringError):
        parse_deployments(changed(FILE, ("deployments", 0, field), value))


def test_parse_deployments__same_code_twice_on_one_chain__is_malformed() -> None:
    first = json.loads(FILE)["deployments"][0]
    with pytest.raises(MalformedError):
        parse_deployments(changed(FILE, ("deployments",), [first, first]))


def test_add_deployment__on_another_chain__keeps_both_in_order() -> None:
    assert add_deployment((ON_SEPOLIA,), ON_HOODI) == (ON_HOODI, ON_SEPOLIA)


def test_add_deployment__of_other_code__keeps_both() -> None:
    newer = replace(ON_HOODI, code_hash=b"\x55" * 32, block=BlockNumber(9_999))
    assert add_deployment((ON_HOODI,), newer) == (ON_HOODI, newer)


def test_add_deployment__of_the_same_code__is_refused_with_the_record() -> None:
    again = replace(ON_HOODI, contract=Address(b"\x66" * 20))
    with pytest.raises(AlreadyDeployedError) as caught:
        add_deployment((ON_HOODI,), again)
    assert caught.value.deployment == ON_HOODI
    assert f"0x{ON_HOODI.contract.hex()}" in str(caught.value)


def test_find_deployment__on_a_chain_that_was_started_anew__finds_none() -> None:
    wiped = replace(HOODI, genesis_hash=BlockHash(b"\7" * 32))
    assert find_deployment((ON_HOODI,), wiped, code_hash=ON_HOODI.code_hash) is None
    assert find_deployment((ON_HOODI,), HOODI, code_hash=b"\7" * 32) is None
    assert find_deployment((ON_HOODI,), HOODI, code_hash=ON_HOODI.code_hash) == ON_HOODI


def test_location__of_a_deployment__is_where_events_begin() -> None:
    assert ON_HOODI.location == RegistryLocation(
        HOODI.chain_id, HOODI.genesis_hash, ON_HOODI.contract, BlockNumber(1_234)
    )


def test_check_code__the_same__gives_its_hash() -> None:
    assert check_code(b"code", expected=b"code", contract=ON_HOODI.contract) == keccak(b"code")


@pytest.mark.parametrize("code", [b"", b"codf", b"code\0"])
def test_check_code__changed__is_refused(code: bytes) -> None:
    with pytest.raises(VerificationError) as caught:
        check_code(code, expected=b"code", contract=ON_HOODI.contract)
    assert caught.value.step == "deployment.code"
    assert f"0x{keccak(code).hex()} at 0x{ON_HOODI.contract.hex()}" in caught.value.found
