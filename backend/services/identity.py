"""Finding one person behind two applications without keeping an index of names.

The identity hash is HMAC-SHA-256 under a key held apart from the database, over a few declared facts,
normalised so that case, accents, spaces and hyphens do not matter. A hit never refuses anyone by itself:
it withholds admission by right until the bureau has looked.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping

from anchoring.core.canonical import canonical_json
from backend.domain.acts import MemberClass
from backend.domain.errors import InvalidInputError

MAX_FACTS = 20
"""Most facts an applicant may declare."""

MAX_FACT_LENGTH = 500
"""Longest fact, in characters."""

_IDENTIFYING: dict[str, tuple[str, ...]] = {
    "individual": ("name", "born"),
    "collective": ("name", "registration"),
}


def identity_hash(facts: Mapping[str, str], member_class: MemberClass, *, key: bytes) -> bytes:
    """Return the identity hash of an applicant, 32 bytes.

    Args:
        facts: Declared facts; individuals need ``name`` and ``born``, collectives ``name`` and
            ``registration``.
        member_class: The class applied for; not part of the hash, so that one person applying in both
            classes under the same facts is seen.
        key: 32 bytes.

    Raises:
        InvalidInputError: A needed fact is missing, or there are too many or too long ones.
    """
    too_long = [name for name, value in facts.items() if len(value) + len(name) > MAX_FACT_LENGTH]
    if len(facts) > MAX_FACTS or too_long:
        raise InvalidInputError(
            "facts.length",
            expected=f"at most {MAX_FACTS} facts of {MAX_FACT_LENGTH} characters",
            found=", ".join(too_long)[:64] or f"{len(facts)} facts",
        )
    needed = _IDENTIFYING[member_class]
    missing = [name for name in needed if not facts.get(name, "").strip()]
    if missing:
        raise InvalidInputError(
            "facts.missing", expected=", ".join(needed), found=", ".join(missing)
        )
    payload = "\x1f".join(_normalised(facts[name]) for name in needed)
    return hmac.digest(key, payload.encode(), hashlib.sha256)


def facts_payload(facts: Mapping[str, str]) -> bytes:
    """Return the bytes to which the ledger's ``person`` commitment commits.

    Raises:
        MalformedError: A name outside ASCII, or text that is no text.
    """
    return canonical_json(dict(facts))


def _normalised(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())
