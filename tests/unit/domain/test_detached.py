"""Detached proofs survive their files, and files that are not theirs are refused."""

from collections.abc import Callable

import pytest

from anchoring.core.canonical import Json, canonical_json
from anchoring.core.errors import MalformedError
from backend.demo.passkeys import Authenticator
from backend.domain.detached import (
    format_keys,
    format_rolls,
    format_signatures,
    parse_keys,
    parse_rolls,
    parse_signatures,
)
from backend.domain.sources import KeyOpening, SignatureOpening
from tests.support.bundles import whole_life
from tests.support.model_organisation import RELYING_PARTY


def test_detached_files__when_read_back__then_they_say_the_same() -> None:
    sources = whole_life().sources
    assert parse_signatures(format_signatures(sources.signatures_by_entry)) == (
        sources.signatures_by_entry
    )
    assert parse_keys(format_keys(sources.keys)) == sources.keys
    rolls = {decision: list(roll.values()) for decision, roll in sources.rolls.items()}
    assert parse_rolls(format_rolls(rolls)) == sources.rolls


@pytest.mark.parametrize("parse", [parse_signatures, parse_keys, parse_rolls])
def test_detached_files__when_empty__then_everything_is_redacted(
    parse: Callable[[bytes], dict[object, object]],
) -> None:
    assert parse(b"") == {}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"address":"0x', id="cut short"),
        pytest.param(b"{}\n", id="fields missing"),
        pytest.param(b'{ "address": 1 }\n', id="not canonical"),
        pytest.param(b"\n", id="empty line"),
        pytest.param(b"\xff\n", id="not UTF-8"),
    ],
)
@pytest.mark.parametrize("parse", [parse_signatures, parse_keys, parse_rolls])
def test_detached_files__when_malformed__then_the_line_is_named(
    parse: Callable[[bytes], dict[object, object]], content: bytes
) -> None:
    with pytest.raises(MalformedError) as refusal:
        parse(content)
    assert refusal.value.what in {"signatures", "keys", "rolls"} or "line 1" in refusal.value.what


PASSKEYS = (Authenticator(bytes(31) + b"\7"), Authenticator(bytes(32), "EdDSA"))


@pytest.mark.parametrize("passkey", PASSKEYS, ids=["ES256", "EdDSA"])
def test_detached_files__of_a_passkey__say_the_same_when_read_back(passkey: Authenticator) -> None:
    keys = {"11" * 32: KeyOpening(passkey.key, bytes(32))}
    assertion = passkey.answer(bytes(32), RELYING_PARTY).to_bytes()
    signatures = {3: (SignatureOpening(passkey.key, assertion, bytes(32)),)}
    assert parse_keys(format_keys(keys)) == keys
    assert parse_signatures(format_signatures(signatures)) == signatures


def test_detached_files__of_an_earlier_bundle__open_the_same_commitments() -> None:
    keys = whole_life().sources.keys
    earlier = b"".join(
        canonical_json(
            {
                "key": f"0x{opening.key.hex()}",
                "member": f"m{number:032x}",
                "salt": opening.salt.hex(),
            }
        )
        + b"\n"
        for number, opening in enumerate(keys.values())
    )
    assert parse_keys(earlier) == keys


@pytest.mark.parametrize(
    "whose", [{}, {"commitment": "11" * 32, "member": f"m{'1' * 32}"}], ids=["neither", "both"]
)
def test_detached_files__of_a_key_with_neither_or_both_names__are_refused(
    whose: dict[str, Json],
) -> None:
    fields: dict[str, Json] = {"key": f"0x{'00' * 20}", "salt": "00" * 32, **whose}
    with pytest.raises(MalformedError):
        parse_keys(canonical_json(fields) + b"\n")


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace("5820", "5821", 1),
        lambda text: text.replace("a501", "a601", 1),
        lambda text: text.replace("0326", "0327", 1),
        lambda text: text.replace('"key":"0x', '"key":"0x00', 1),
        lambda text: text.replace('"key":"0x', '"key":"', 1),
        lambda text: text.replace("5820", "5820".upper() + "AA", 1),
    ],
    ids=["length", "map", "algorithm", "longer", "no prefix", "capitals"],
)
def test_detached_files__of_another_key__are_refused(alter: Callable[[str], str]) -> None:
    keys = format_keys({"11" * 32: KeyOpening(PASSKEYS[0].key, bytes(32))})
    with pytest.raises(MalformedError):
        parse_keys(alter(keys.decode()).encode())


@pytest.mark.parametrize(
    ("signature", "passes"),
    [
        ("0x" + "00" * 3148, True),
        ("0x" + "00" * 3149, False),
        ("0x0", False),
        ("0x", False),
        ("00", False),
    ],
    ids=["longest", "longer", "half a byte", "empty", "no prefix"],
)
def test_detached_files__of_a_signature__have_its_limits(
    signature: str,
    passes: bool,  # noqa: FBT001 - parametrised
) -> None:
    opening: dict[str, Json] = {"key": f"0x{'00' * 20}", "salt": "00" * 32, "signature": signature}
    line = canonical_json({"entry": 3, "openings": [opening]}) + b"\n"
    if passes:
        assert parse_signatures(line)[3][0].signature == bytes(3148)
        return
    with pytest.raises(MalformedError):
        parse_signatures(line)


def test_detached_files__when_a_line_is_repeated__then_they_are_refused() -> None:
    sources = whole_life().sources
    for content, parse in (
        (format_signatures(sources.signatures_by_entry), parse_signatures),
        (format_keys(sources.keys), parse_keys),
        (
            format_rolls({name: list(roll.values()) for name, roll in sources.rolls.items()}),
            parse_rolls,
        ),
    ):
        first = content.split(b"\n")[0] + b"\n"
        with pytest.raises(MalformedError):
            parse(first + content)
