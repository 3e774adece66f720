"""Finding one person behind two applications without keeping an index of names.

The identity hash is HMAC-SHA-256 under a key held apart from the database, over a few declared facts,
normalised so that case, accents, spaces and hyphens do not matter. A hit never refuses anyone by itself:
it withholds admission by right until somebody has looked.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from typing import Literal

from anchoring.core.canonical import canonical_json
from backend.domain.errors import InvalidInputError

MAX_FACTS = 20
"""Most facts an applicant may declare."""

MAX_FACT_LENGTH = 500
"""Longest fact, in characters."""

Persons = Literal["natural", "legal"]
"""What stands behind a class of members: natural persons, or organisations."""

_IDENTIFYING: dict[Persons, tuple[str, ...]] = {
    "natural": ("name", "born"),
    "legal": ("name", "registration"),
}


def identity_hash(facts: Mapping[str, str], persons: Persons, *, key: bytes) -> bytes:
    """Return the identity hash of an applicant, 32 bytes.

    Args:
        facts: Declared facts; natural persons need ``name`` and ``born``, organisations ``name`` and
            ``registration``.
        persons: Which of the two the class applied for is of; neither it nor the class is part of the
            hash, so that one person applying in two classes under the same facts is seen.
        key: 32 bytes.

    Raises:
        InvalidInputError: A needed fact is missing, or there are too many or too long ones.
    """
    too_long = [name for name, value in facts.items() if len(value) + len(name) > MAX_FACT_LENGTH]
    if len(facts) > MAX_FACTS or too_long:
        raise InvalidInputError(
            "facts.length",
            expected=f"at most {MAX_FACTS} facts of {MAX_FACT_LENGTH} characters",
            found=f"{len(facts)} facts, {len(too_long)} of them too long",
        )
    needed = _IDENTIFYING[persons]
    missing = [name for name in needed if not facts.get(name, "").strip()]
    if missing:
        raise InvalidInputError(
            "facts.missing", expected=", ".join(needed), found=", ".join(missing)
        )
    payload = "\x1f".join(_normalised(facts[name]) for name in needed)
    return hmac.digest(key, payload.encode(), hashlib.sha256)


def declaration_payload(facts: Mapping[str, str], consents: Mapping[str, int]) -> bytes:
    """Return the bytes to which the ledger's ``person`` commitment commits.

    Args:
        facts: Declared facts by name.
        consents: Purposes that were given, each with the version of its words.

    Raises:
        MalformedError: A name outside ASCII, or text that is no text.
    """
    return canonical_json({"consents": dict(consents), "facts": dict(facts)})


def _normalised(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())
