"""All inclusion and consistency vectors of transparency-dev/merkle."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import verify_consistency, verify_inclusion
from anchoring.core.types import Head, LeafHash, LeafIndex, RootHash, TreeSize

# Accepted by the published verdict although its roots are placeholders of 12 bytes: that verifier
# compares equal-sized trees as opaque bytes, ours requires 32 bytes of every hash.
SHORT_ROOTS = "additional/sizes-are-equal-one-and-proof-is-empty.json"


def cases(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [
        (str(path.relative_to(folder)), json.loads(path.read_bytes()))
        for path in sorted(folder.rglob("*.json"))
    ]


def decode(text: str | None) -> bytes:
    return b64decode(text or "", validate=True)


def check_inclusion(case: dict[str, Any]) -> None:
    verify_inclusion(
        leaf=LeafHash(decode(case["leafHash"])),
        index=LeafIndex(case["leafIdx"]),
        size=TreeSize(case["treeSize"]),
        proof=[decode(each) for each in case["proof"] or ()],
        root=RootHash(decode(case["root"])),
    )


def check_consistency(case: dict[str, Any]) -> None:
    verify_consistency(
        old=Head(TreeSize(case["size1"]), RootHash(decode(case["root1"]))),
        new=Head(TreeSize(case["size2"]), RootHash(decode(case["root2"]))),
        proof=[decode(each) for each in case["proof"] or ()],
    )


@pytest.mark.parametrize(
    ("kind", "check", "refused_by_us_only"),
    [
        ("inclusion", check_inclusion, []),
        ("consistency", check_consistency, [SHORT_ROOTS]),
    ],
)
def test_verify__every_published_case__agrees_with_want_err(
    vectors: Path,
    kind: str,
    check: Callable[[dict[str, Any]], None],
    refused_by_us_only: list[str],
) -> None:
    all_cases = cases(vectors / "rfc9162-merkle" / kind)
    assert len(all_cases) == 98
    assert sum(case["wantErr"] for _, case in all_cases) == 92
    disagreeing: list[str] = []
    for name, case in all_cases:
        try:
            check(case)
        except (MalformedError, VerificationError):
            accepted = False
        else:
            accepted = True
        if accepted is case["wantErr"]:
            disagreeing.append(name)
    assert disagreeing == refused_by_us_only


def test_verify_consistency__equal_roots_of_12_bytes__differs_only_by_our_length_rule(
    vectors: Path,
) -> None:
    folder = vectors / "rfc9162-merkle" / "consistency"
    case = json.loads((folder / SHORT_ROOTS).read_bytes())
    assert case["wantErr"] is False
    with pytest.raises(MalformedError, match="old root: 12 bytes, not 32"):
        check_consistency(case)
    of_full_length = b64encode(bytes(32)).decode()
    check_consistency(case | {"root1": of_full_length, "root2": of_full_length})
