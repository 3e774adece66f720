"""Messages of EIP-4361: published examples, round trips, and whatever is one character away."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import InvalidInputError
from backend.domain.instants import format_instant
from backend.domain.signing import check_signature
from backend.domain.siwe import (
    MAX_MESSAGE_BYTES,
    MAX_RESOURCES,
    SiweMessage,
    checksum_address,
    format_siwe,
    parse_siwe,
    personal_digest,
)

EXAMPLE = """service.org wants you to sign in with your Ethereum account:
0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

I accept the ServiceOrg Terms of Service: https://service.org/tos

URI: https://service.org/login
Version: 1
Chain ID: 1
Nonce: 32891757
Issued At: 2021-09-30T16:25:24.000Z
Resources:
- ipfs://Qme7ss3ARVgxv6rXqVPiikMJ8u2NLgmgszg13pYrDKEoiu
- https://example.com/my-web2-claim.json"""
"""Example of EIP-4361, https://eips.ethereum.org/EIPS/eip-4361#example-message, with other times."""

FULL = SiweMessage(
    domain="vote.river.example:8443",
    address="0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
    uri="https://vote.river.example:8443/v1/organisations/river/session",
    chain_id=20_260,
    nonce="0123456789abcdef",
    issued_at="2026-01-05T09:00:00.000Z",
    scheme="https",
    statement="Log in to river.",
    expiration_time="2026-01-05T09:05:00.000Z",
    not_before="2026-01-05T10:00:00+01:00",
    request_id="login-7",
    resources=("https://vote.river.example:8443/v1/organisations/river",),
)

ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PATHS = st.text(ALPHANUMERIC + "-._~!$&'()*+,;=:@/", max_size=20)
URIS = st.builds(
    "{}:{}".format, st.sampled_from(("https", "ipfs", "urn", "a+b-c.d")), PATHS
).filter(lambda uri: ":/" not in uri)
FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
TIMES = st.datetimes(FIRST, timezones=st.just(UTC)).map(format_instant)
MESSAGES = st.builds(
    SiweMessage,
    domain=st.sampled_from(("service.org", "127.0.0.1:8080", "[2001:db8::1]:443", "a@b")),
    address=st.binary(min_size=20, max_size=20).map(checksum_address),
    uri=URIS,
    chain_id=st.integers(0, 2**53 - 1),
    nonce=st.text(ALPHANUMERIC, min_size=8, max_size=40),
    issued_at=TIMES,
    scheme=st.none() | st.sampled_from(("https", "http")),
    statement=st.none() | st.text(ALPHANUMERIC + "-._~:/?#[]@!$&'()*+,;= ", min_size=1),
    expiration_time=st.none() | TIMES,
    not_before=st.none() | TIMES,
    request_id=st.none() | st.text(ALPHANUMERIC + ":@", max_size=8),
    resources=st.none() | st.lists(URIS, max_size=3).map(tuple),
)


@given(MESSAGES)
def test_parse__of_what_was_composed__gives_every_field_back(message: SiweMessage) -> None:
    assert parse_siwe(format_siwe(message)) == message


@given(MESSAGES, st.data())
def test_parse__of_a_changed_message__refuses_it_or_reads_other_fields(
    message: SiweMessage, data: st.DataObject
) -> None:
    text = format_siwe(message)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(max_codepoint=0x250).filter(lambda drawn: drawn != text[at]))
    changed = text[:at] + other + text[at + 1 :]
    with suppress(InvalidInputError):
        found = parse_siwe(changed)
        assert found != message
        assert format_siwe(found) == changed


def test_parse__of_the_example_of_the_standard__gives_its_fields() -> None:
    assert parse_siwe(EXAMPLE) == SiweMessage(
        domain="service.org",
        address="0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
        uri="https://service.org/login",
        chain_id=1,
        nonce="32891757",
        issued_at="2021-09-30T16:25:24.000Z",
        statement="I accept the ServiceOrg Terms of Service: https://service.org/tos",
        resources=(
            "ipfs://Qme7ss3ARVgxv6rXqVPiikMJ8u2NLgmgszg13pYrDKEoiu",
            "https://example.com/my-web2-claim.json",
        ),
    )
    assert format_siwe(parse_siwe(EXAMPLE)) == EXAMPLE


def test_format__of_every_field__puts_each_in_its_place() -> None:
    assert format_siwe(FULL).split("\n") == [
        "https://vote.river.example:8443 wants you to sign in with your Ethereum account:",
        "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
        "",
        "Log in to river.",
        "",
        "URI: https://vote.river.example:8443/v1/organisations/river/session",
        "Version: 1",
        "Chain ID: 20260",
        "Nonce: 0123456789abcdef",
        "Issued At: 2026-01-05T09:00:00.000Z",
        "Expiration Time: 2026-01-05T09:05:00.000Z",
        "Not Before: 2026-01-05T10:00:00+01:00",
        "Request ID: login-7",
        "Resources:",
        "- https://vote.river.example:8443/v1/organisations/river",
    ]


def changed(old: str, new: str) -> str:
    """Return the full message with one text replaced."""
    text = format_siwe(FULL)
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" wants you to", " wants you  to"),
        ("https://vote.river.example:8443 wants", " wants"),
        ("https://vote.river.example:8443 wants", "1https://vote.river.example wants"),
        ("vote.river.example:8443 wants", "vote.river.example:8443/ wants"),
        ("vote.river.example:8443 wants", "vote.river.example:84a3 wants"),
        ("vote.river.example:8443 wants", "[::1::2] wants"),
        ("0xC02a", "0xc02a"),
        ("0xC02a", "C02a"),
        ("Cc2\n\n", "Cc2\n"),
        ("Cc2\n\n", "Cc2\n\n\n"),
        ("river.\n\n", "river.\n"),
        ("Log in", "Log\nin"),
        ("Log in", 'Log "in"'),
        ("Log in", "Lög in"),
        ("Log in", "Log\rin"),
        ("URI: https", "URI: ht tps"),
        ("URI: https:", "URI: "),
        ("URI: https://vote.river.example:8443/", "URI: https://[1:2:3:4:5:6:7:8:9]/"),
        ("URI: https://vote.river.example:8443/v1/", "URI: https://vote.river.example/%zz/"),
        ("URI: ", "Uri: "),
        ("Version: 1", "Version: 2"),
        ("Version: 1\n", ""),
        ("Chain ID: 20260", "Chain ID: 020260"),
        ("Chain ID: 20260", "Chain ID: +20260"),
        ("Chain ID: 20260", "Chain ID: 9007199254740992"),
        ("Chain ID: 20260", "Chain ID: \uff11"),
        ("Nonce: 0123456789abcdef", "Nonce: 0123456"),
        ("Nonce: 0123456789abcdef", "Nonce: 0123456789abcde_"),
        ("09:00:00.000Z", "09:00:00.000"),
        ("09:00:00.000Z", "09:00:00.Z"),
        ("2026-01-05T09:00", "2026-02-30T09:00"),
        ("2026-01-05T09:00", "2026-01-05 09:00"),
        ("+01:00", "+99:00"),
        ("Request ID: login-7", "Request ID: login 7"),
        ("Not Before", "Not before"),
        ("Resources:\n- https", "Resources:\n-https"),
        ("Resources:\n- https:", "Resources:\n- "),
        ("Resources:", "Resources: "),
    ],
)
def test_parse__of_another_form__is_refused(old: str, new: str) -> None:
    parse_siwe(format_siwe(FULL))
    with pytest.raises(InvalidInputError) as refusal:
        parse_siwe(changed(old, new))
    assert refusal.value.code == "siwe.malformed"


@pytest.mark.parametrize("end", ["\n", " ", "\n- x:y\n", "\nRequest ID: again", "\n\n- x:y"])
def test_parse__of_anything_after_the_end__is_refused(end: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_siwe(format_siwe(FULL) + end)


def test_parse__of_fields_in_another_order__is_refused() -> None:
    lines = format_siwe(FULL).split("\n")
    for at in range(5, len(lines) - 2):
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        with pytest.raises(InvalidInputError):
            parse_siwe("\n".join(swapped))


def test_parse__beyond_its_bounds__is_refused() -> None:
    base = format_siwe(FULL)
    resources = base + "\n- a:b" * (MAX_RESOURCES - 1)
    assert len(parse_siwe(resources).resources or ()) == MAX_RESOURCES
    long = base.replace("Log in", "Log in" + "a" * (MAX_MESSAGE_BYTES - len(base)))
    parse_siwe(long)
    for beyond in (resources + "\n- a:b", long.replace("Log in", "Log ina")):
        with pytest.raises(InvalidInputError):
            parse_siwe(beyond)


def test_format__of_a_domain_that_is_none__is_refused() -> None:
    nowhere = SiweMessage("", FULL.address, FULL.uri, 1, FULL.nonce, FULL.issued_at)
    with pytest.raises(InvalidInputError):
        format_siwe(nowhere)


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
    ],
)
def test_checksum__of_the_examples_of_eip_55__is_theirs(address: str) -> None:
    """Source: https://eips.ethereum.org/EIPS/eip-55#test-cases."""
    assert checksum_address(bytes.fromhex(address[2:])) == address


def test_digest__of_a_published_message__is_what_its_wallet_signed() -> None:
    """Source: https://github.com/spruceid/siwe, test/verification_positive.json, "example message"."""
    message = SiweMessage(
        domain="login.xyz",
        address="0x9D85ca56217D2bb651b00f15e694EB7E713637D4",
        uri="https://login.xyz",
        chain_id=1,
        nonce="bTyXgcQxn2htgkjJn",
        issued_at="2022-01-27T17:09:38.578Z",
        statement="Sign-In With Ethereum Example Statement",
        expiration_time="2100-01-07T14:31:43.952Z",
    )
    signature = bytes.fromhex(
        "dc35c7f8ba2720df052e0092556456127f00f7707eaa8e3bbff7e56774e7f2e0"
        "5a093cfc9e02964c33d86e8e066e221b7d153d27e5a2e97ccd5ca7d3f2ce06cb1b"
    )
    check_signature(
        personal_digest(format_siwe(message)),
        address=bytes.fromhex(message.address[2:]),
        signature=signature,
    )


def test_digest__of_a_text__is_that_of_personal_messages() -> None:
    """Source: web3.js, ``web3.eth.accounts.sign("Some data")``, of which EIP-191 is the standard."""
    key = PrivateKey(
        bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")
    )
    digest = personal_digest("Some data")
    assert digest.hex() == "1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655"
    signature = key.sign_recoverable(digest, hasher=None)
    assert (
        signature[:32].hex() == "b91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
    )
