"""The package siwe reads and writes the same messages of EIP-4361: ours parse there, its own parse here."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from backend.domain.errors import InvalidInputError
from backend.domain.login import STATEMENTS, statement_of
from backend.domain.siwe import SiweMessage, checksum_address, format_siwe, parse_siwe
from tests.support.http_browser import Browser
from tests.support.http_world import opened
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.peer_process import PEERS

pytestmark = pytest.mark.interop

PACKAGES = PEERS.parent / "npm"
"""Where `scripts/interop` puts packages of npm."""

TIMEOUT_S = 60
"""Bound on one run."""

SCRIPT = """
const {SiweMessage} = require("siwe")
const {parse, prepare} = JSON.parse(require("fs").readFileSync(0, "utf8"))
const tried = (action) => { try { return action() } catch (error) { return null } }
process.stdout.write(JSON.stringify({
  parse: parse.map((text) => tried(() => new SiweMessage(text))),
  prepare: prepare.map((fields) => new SiweMessage(fields).prepareMessage()),
}))
"""

NAMES = {
    "domain": "domain",
    "address": "address",
    "uri": "uri",
    "chain_id": "chainId",
    "nonce": "nonce",
    "issued_at": "issuedAt",
    "scheme": "scheme",
    "statement": "statement",
    "expiration_time": "expirationTime",
    "not_before": "notBefore",
    "request_id": "requestId",
    "resources": "resources",
}
"""Our fields by the names that the package gives them."""


def siwe(*, parse: Sequence[str] = (), prepare: Sequence[Mapping[str, object]] = ()) -> Any:  # noqa: ANN401 - JSON
    """Have the package parse texts, null where it refuses, and prepare messages."""
    folders = [PACKAGES / name / "node_modules" for name in ("siwe", "ethers")]
    for folder in folders:
        if not folder.exists():
            pytest.fail(f"{folder} is missing: `scripts/interop` fetches it and runs these tests")
    run = subprocess.run(
        ["node", "-e", SCRIPT],
        input=json.dumps({"parse": list(parse), "prepare": list(prepare)}),
        env={**os.environ, "NODE_PATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    return json.loads(run.stdout)


def messages() -> Iterator[SiweMessage]:
    """Yield messages with and without each field that may be missing."""
    for number, (scheme, statement, until, since, request, resources) in enumerate(
        product(*[(False, True)] * 6)
    ):
        yield SiweMessage(
            domain=("river.example", "127.0.0.1:8080", "[2001:db8::1]:443")[number % 3],
            address=checksum_address(bytes([number] * 20)),
            uri=("https://river.example/login?a=b#c", "did:key:z6Mk", "ipfs://bafy/x")[number % 3],
            chain_id=(1, 20_260, 11_155_111)[number % 3],
            nonce=f"{number:032x}",
            issued_at="2026-01-05T09:00:00.000Z",
            scheme="https" if scheme else None,
            statement="Hello, river." if statement else None,
            expiration_time="2026-01-05T10:05:00+01:00" if until else None,
            not_before="2026-01-05T08:00:00Z" if since else None,
            request_id="login-7" if request else None,
            resources=("https://river.example/a", "ipfs://bafy") if resources else None,
        )
    for language in STATEMENTS:
        yield SiweMessage(
            "river.example",
            checksum_address(bytes(20)),
            "https://river.example/v1/organisations/river-coop/session",
            1,
            "0123456789abcdef",
            "2026-01-05T09:00:00.000Z",
            statement=statement_of(SLUG, language),
        )


def fields(message: SiweMessage) -> dict[str, object]:
    """Return the fields of a message that are there, as the package names them."""
    values = {theirs: getattr(message, ours) for ours, theirs in NAMES.items()}
    found = {name: value for name, value in values.items() if value is not None}
    if message.resources is not None:
        found["resources"] = list(message.resources)
    return {**found, "version": "1"}


def told(parsed: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a message that the package parsed, those that are there."""
    return {name: value for name, value in parsed.items() if value is not None}


def test_messages__composed_here__are_read_by_the_package_as_the_same_fields() -> None:
    composed = list(messages())
    parsed = siwe(parse=[format_siwe(message) for message in composed])["parse"]
    assert len(parsed) == 66
    assert [told(each) for each in parsed] == [fields(message) for message in composed]


def test_messages__prepared_by_the_package__are_read_here_as_the_same_fields() -> None:
    composed = list(messages())
    prepared = siwe(prepare=[fields(message) for message in composed])["prepare"]
    assert [parse_siwe(text) for text in prepared] == composed
    assert prepared == [format_siwe(message) for message in composed]


def test_message__of_a_server__is_read_by_the_package(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        text = Browser(world).ask_wallet(FOUNDERS[0])["message"]
    [parsed] = siwe(parse=[text])["parse"]
    assert told(parsed) == fields(parse_siwe(text))
    assert (parsed["scheme"], parsed["domain"]) == ("https", "ledger.example")


CORRUPTIONS = [
    ("Version: 1", "Version: 2"),
    ("Version: 1\n", ""),
    ("URI: ", "URL: "),
    ("URI: https:", "URI: "),
    ("Chain ID: 1", "Chain ID: ?"),
    ("Nonce: 0123456789abcdef", "Nonce: 0123456"),
    ("Nonce: 0123456789abcdef", "Nonce: 0123456789abcde!"),
    ("Issued At: 2026-01-05T", "Issued At: 2026-13-05T"),
    ("Issued At: 2026-01-05T", "Issued At: 5 January 2026 "),
    ("river.example wants", " wants"),
    ("river.example wants", "river example wants"),
    ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ""),
    ("Hello.", "Good\nday."),
    ("Hello.", 'Hel"lo.'),
    ("Hello.", "Héllo."),
    ("\n\nHello.", "\nHello."),
    ("Hello.\n\n", "Hello.\n"),
    ("- https://river.example/a", "- https://river.example/a - b"),
    ("- https://river.example/a", "- nowhere"),
    ("- https://river.example/a", "- https://river.example/a\n"),
]
"""What is changed in a message, and into what."""


def test_messages__in_another_form__are_refused_by_both() -> None:
    message = SiweMessage(
        "river.example",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "https://river.example/login",
        1,
        "0123456789abcdef",
        "2026-01-05T09:00:00.000Z",
        statement="Hello.",
        resources=("https://river.example/a",),
    )
    texts = [format_siwe(message).replace(old, new) for old, new in CORRUPTIONS]
    assert format_siwe(message) not in texts
    assert siwe(parse=texts)["parse"] == [None] * len(CORRUPTIONS)
    for text in texts:
        with pytest.raises(InvalidInputError):
            parse_siwe(text)
