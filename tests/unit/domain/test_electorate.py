"""Electorates: salted leaves, sorted, under one root."""

import hashlib

import pytest

from anchoring.core.canonical import canonical_json
from backend.domain.electorate import (
    decision_id,
    elector_leaf,
    electorate_leaves,
    electorate_root,
    format_leaves,
    parse_leaves,
)
from backend.domain.sources import Elector
from tests.support.governance import refused

ROLL = tuple(
    Elector(f"m{number:032x}", f"v{number:032x}", bytes([number] * 32)) for number in range(5)
)
LEAVES = electorate_leaves(ROLL)


def test_elector_leaf__is_the_commitment_to_the_pseudonym() -> None:
    tag = b"psephos/elector/v1"
    preimage = bytes([len(tag)]) + tag + bytes(32) + b"v" + b"0" * 32
    assert elector_leaf("v" + "0" * 32, bytes(32)) == hashlib.sha256(preimage).hexdigest()


def test_electorate_leaves__any_order_of_the_roll__is_the_same() -> None:
    assert electorate_leaves(reversed(ROLL)) == LEAVES == tuple(sorted(LEAVES))


def test_electorate_root__three_leaves__is_the_rfc_9162_root() -> None:
    hashed = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in LEAVES[:3]]
    left = hashlib.sha256(b"\1" + hashed[0] + hashed[1]).digest()
    expected = hashlib.sha256(b"\1" + left + hashed[2]).hexdigest()
    assert electorate_root(LEAVES[:3]) == expected


def test_electorate_root__nobody__is_the_empty_root() -> None:
    assert electorate_root(()) == hashlib.sha256(b"").hexdigest()


def test_parse_leaves__of_their_own_text__gives_them_back() -> None:
    assert parse_leaves(format_leaves(LEAVES)) == LEAVES
    assert parse_leaves(format_leaves(())) == ()


@pytest.mark.parametrize("leaves", [LEAVES[::-1], (LEAVES[0], LEAVES[0]), (*LEAVES, LEAVES[0])])
def test_parse_leaves__not_strictly_ascending__refuses(leaves: tuple[str, ...]) -> None:
    with refused("electorate.order"):
        parse_leaves(format_leaves(leaves))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        format_leaves(LEAVES) + b"\n",
        format_leaves(LEAVES).replace(b"electorate/1", b"electorate/2"),
        format_leaves((LEAVES[0].upper(),)),
        format_leaves((LEAVES[0] + "\n",)),
        format_leaves((LEAVES[0][:-1],)),
        b'{"leaves":[]}',
    ],
)
def test_parse_leaves__not_the_document__refuses(content: bytes) -> None:
    with refused("electorate.malformed"):
        parse_leaves(content)


PLACE = {"origin": "ledger.example/a", "assembly": "spring", "motion": "bridge", "digest": "0" * 64}


def test_decision_id__is_the_hash_the_docstring_states() -> None:
    text = canonical_json(
        {
            "assembly": "spring",
            "content": "0" * 64,
            "motion": "bridge",
            "origin": "ledger.example/a",
        }
    )
    assert decision_id(**PLACE) == hashlib.sha256(b"psephos/decision/v1" + text).hexdigest()


@pytest.mark.parametrize("name", sorted(PLACE))
def test_decision_id__one_part_changed__differs(name: str) -> None:
    assert decision_id(**PLACE) != decision_id(**(PLACE | {name: "1" * 64}))
