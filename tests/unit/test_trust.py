import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.note import (
    ALGORITHM_COSIGNATURE,
    NoteSigner,
    NoteVerifier,
    VerifierKey,
    format_verifier_key,
)
from anchoring.core.trust import MAX_NETWORKS, Network, Trust, format_trust, parse_trust
from anchoring.core.types import Address, ChainId
from tests.support.json_files import Json, changed, without

LOG_KEY = NoteSigner.from_seed("ledger.example/coop", bytes(range(32))).verifier
EMBEDDED = Network(
    name="embedded",
    chain_id=ChainId(20260),
    contract=Address(b"\x11" * 20),
    publisher=Address(b"\x22" * 20),
)
HOODI = Network(
    name="Hoodi testnet",
    chain_id=ChainId(560048),
    contract=Address(b"\x33" * 20),
    publisher=Address(b"\x22" * 20),
    registry_code_hash=b"\x44" * 32,
)
TRUST = Trust("ledger.example/coop", LOG_KEY, (EMBEDDED, HOODI))
FILE = format_trust(TRUST)


def networks() -> st.SearchStrategy[Network]:
    return st.builds(
        Network,
        name=st.from_regex(r"[!-~]{1,20}( [!-~]{1,20}){0,2}", fullmatch=True),
        chain_id=st.integers(1, 2**53 - 1).map(ChainId),
        contract=st.binary(min_size=20, max_size=20).map(Address),
        publisher=st.binary(min_size=20, max_size=20).map(Address),
        registry_code_hash=st.none() | st.binary(min_size=32, max_size=32),
    )


@given(
    trust=st.builds(
        Trust,
        origin=st.from_regex(r"[a-z0-9.:-]{1,40}(/[a-z0-9-]{1,20}){1,3}", fullmatch=True),
        log_key=st.builds(
            NoteVerifier,
            name=st.sampled_from(["ledger.example/coop", "é/ü"]),
            public_key=st.binary(min_size=32, max_size=32),
        ),
        networks=st.lists(networks(), max_size=4, unique_by=lambda n: n.chain_id).map(tuple),
    )
)
def test_parse_trust__of_a_formatted_file__gives_the_trust_back(trust: Trust) -> None:
    assert parse_trust(format_trust(trust)) == trust


def test_format_trust__writes_sorted_keys_and_a_final_newline() -> None:
    assert (json.dumps(json.loads(FILE), indent=2, sort_keys=True) + "\n").encode() == FILE


def test_network__of_a_named_chain__is_found_and_no_other() -> None:
    assert TRUST.network(ChainId(560048)) == HOODI
    assert TRUST.network(ChainId(1)) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "psephos-receipt/1"),
        ("format", "psephos-trust/01"),
        ("format", "psephos-trust"),
        ("format", 1),
        ("origin", ""),
        ("origin", "ledger.example"),
        ("origin", "ledger.example/"),
        ("origin", "/coop"),
        ("origin", "ledger.example/co op"),
        ("origin", "ledger.example/co+op"),
        ("origin", "ledger.example/coop\n"),
        ("origin", "ledger.example/" + "a" * 241),
        ("origin", "ledger.example/\ud800"),
        ("logKey", LOG_KEY.to_text()[:-1]),
        ("logKey", LOG_KEY.to_text().replace("coop", "coup")),
        ("networks", {}),
        ("networks", ["embedded"]),
    ],
)
def test_parse_trust__with_a_wrong_field__is_malformed(key: str, value: Json) -> None:
    with pytest.raises(MalformedError):
        parse_trust(changed(FILE, (key,), value))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", ""),
        ("name", " embedded"),
        ("name", "a  b"),
        ("name", "é"),
        ("name", "a" * 65),
        ("chainId", 0),
        ("chainId", 2**53),
        ("chainId", "20260"),
        ("chainId", True),
        ("chainId", None),
        ("chainId", 560048),
        ("contract", "0x" + "11" * 19),
        ("contract", "0x" + "AA" * 20),
        ("contract", "11" * 20),
        ("contract", "0x" + "1" * 39),
        ("publisher", "0X" + "22" * 20),
        ("publisher", []),
        ("registryCodeHash", "0x" + "22" * 20),
        ("registryCodeHash", None),
        ("RegistryCodeHash", "0x" + "22" * 32),
    ],
)
def test_parse_trust__with_a_wrong_network__is_malformed(key: str, value: Json) -> None:
    with pytest.raises(MalformedError):
        parse_trust(changed(FILE, ("networks", 0, key), value))


@pytest.mark.parametrize("key", ["format", "origin", "logKey", "networks"])
def test_parse_trust__without_a_field__is_malformed(key: str) -> None:
    with pytest.raises(MalformedError):
        parse_trust(without(FILE, (key,)))


@pytest.mark.parametrize("key", ["name", "chainId", "contract", "publisher"])
def test_parse_trust__with_a_network_without_a_field__is_malformed(key: str) -> None:
    with pytest.raises(MalformedError):
        parse_trust(without(FILE, ("networks", 1, key)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        FILE + b"x",
        FILE + FILE,
        b"\xef\xbb\xbf" + FILE,
        FILE.replace(b"coop", b"co\xffop"),
        FILE.replace(b'"chainId": 20260', b'"chainId": 20260, "chainId": 20260'),
        FILE.replace(b"20260", b"20260.0"),
        FILE.replace(b"20260", b"2026e1"),
        FILE.replace(b"20260", b"-20260"),
        FILE.replace(b"20260", b"NaN"),
        FILE.replace(b"20260", b"0" * 3 + b"1"),
        FILE.replace(b"20260", b"9" * 5000),
        FILE.replace(b'"networks"', b'"note": "", "networks"'),
        FILE.replace(b"{", b" " * 65536 + b"{", 1),
        b"[" * 60_000,
        b'{"a":' * 12_000,
    ],
)
def test_parse_trust__of_a_file_that_is_not_strict_json__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_trust(data)


def test_parse_trust__of_another_version__is_unsupported_whatever_else_it_holds() -> None:
    data = changed(FILE, ("format",), "psephos-trust/2").replace(b'"origin"', b'"source"')
    with pytest.raises(UnsupportedError) as caught:
        parse_trust(data)
    assert caught.value.found == "psephos-trust/2"


def test_parse_trust__with_a_key_of_another_algorithm__is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        parse_trust(FILE.replace(LOG_KEY.to_text().encode(), cosigner_key().encode()))


def cosigner_key() -> str:
    return format_verifier_key(VerifierKey(LOG_KEY.name, ALGORITHM_COSIGNATURE, LOG_KEY.public_key))


def test_format_trust__of_two_networks_on_one_chain__is_refused() -> None:
    with pytest.raises(MalformedError):
        format_trust(Trust("ledger.example/coop", LOG_KEY, (EMBEDDED, EMBEDDED)))


def test_format_trust__of_more_networks_than_allowed__is_refused() -> None:
    def numbered(count: int) -> tuple[Network, ...]:
        return tuple(
            Network(f"n{n}", ChainId(n), EMBEDDED.contract, EMBEDDED.publisher)
            for n in range(1, count + 1)
        )

    format_trust(Trust("ledger.example/coop", LOG_KEY, numbered(MAX_NETWORKS)))
    with pytest.raises(MalformedError):
        format_trust(Trust("ledger.example/coop", LOG_KEY, numbered(MAX_NETWORKS + 1)))
