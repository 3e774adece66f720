"""Every receipt that differs from a genuine one in one place of its file."""

import json
from collections.abc import Iterator, Sequence

from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.receipt import Receipt, format_receipt, parse_receipt
from anchoring.core.receipt_verification import Outcome, check_block_hashes, verify_receipt
from anchoring.core.trust import Trust
from anchoring.core.types import BlockHash

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file to a value."""


def is_verified(receipt: Receipt | bytes, trust: Trust, block_hash: BlockHash) -> bool:
    """Whether the file is accepted by someone who believes that block hash."""
    data = receipt if isinstance(receipt, bytes) else format_receipt(receipt)
    try:
        verdict = verify_receipt(parse_receipt(data), trust)
    except (MalformedError, UnsupportedError):
        return False
    return check_block_hashes(verdict, [block_hash]).outcome is Outcome.VERIFIED


def forgeries(receipt: Receipt) -> Iterator[tuple[str, bytes]]:
    """Yield where the change is, and the file with it."""
    genuine = json.loads(format_receipt(receipt))
    for place, value in _leaves(genuine, ()):
        for name, changed in _changes(value):
            document = json.loads(json.dumps(genuine))
            parent = document
            for key in place[:-1]:
                parent = parent[key]
            parent[place[-1]] = changed
            yield f"{place} {name}", json.dumps(document).encode()


def _leaves(value: object, place: Place) -> Iterator[tuple[Place, str | int]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _leaves(member, (*place, key))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from _leaves(member, (*place, position))
    elif isinstance(value, str | int):
        yield place, value


def _changes(value: str | int) -> Sequence[tuple[str, str | int]]:
    if isinstance(value, int):
        return [("plus one", value + 1), ("as text", str(value))]
    changed = [
        (f"character {at}", value[:at] + chr(ord(character) ^ 1) + value[at + 1 :])
        for at, character in enumerate(value)
    ]
    return [*changed, ("cut", value[:-1]), ("longer", f"{value}0")]
