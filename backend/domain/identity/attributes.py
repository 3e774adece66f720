"""What identifies somebody among the facts they declare, and what is likely to be alike in their duplicates.

A1 natural persons are identified by names and day of birth, organisations by their name and registration
number; each attribute is a payload of its own, so that a hit tells which one is shared. A2 a document
number, an electronic identity, an e-mail address and a telephone number identify too, where they were
declared. A3 names are one ``name``, or ``family_name`` with ``given_names``. A4 blocks are coarser
payloads: whoever shares one is compared, which is no finding yet. Payloads of natural persons never
equal those of organisations. The place of birth is in no payload: spelled in another way it would hide a
duplicate; it is there for whoever compares.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

from backend.domain.errors import InvalidInputError
from backend.domain.identity.sounds import sound_of, sounds_of
from backend.domain.identity.spelling import bearing, letters_of, words_of

MAX_FACTS: Final = 20
"""Most facts an applicant may declare."""

MAX_FACT_LENGTH: Final = 500
"""Longest fact with its name, in characters."""

MAX_WORDS: Final = 12
"""Words of a name that are looked at: more never told two people apart."""

Persons = Literal["natural", "legal"]
"""What stands behind a class of members: natural persons, or organisations."""

AttributeKind = Literal[
    "names", "letters", "registration", "document", "electronic_identity", "email", "phone", "block"
]
"""What a payload is made of: words of the name in any order, its letters, numbers, addresses; or a block."""

Facts = Mapping[str, str]
"""Declared facts by name."""

_NEEDED: Final[Mapping[Persons, str]] = {"natural": "born", "legal": "registration"}
_BORN: Final = re.compile(r"[0-9]{4}-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])")
_DIGITS_COMPARED: Final = 9
"""Digits of a telephone number that are the same with and without its country's prefix, E.164."""

_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that identifies somebody, in one spelling: personal data, to be hashed under a key."""

    kind: AttributeKind
    """What it is made of."""
    payload: bytes
    """The bytes to be hashed, UTF-8."""


def full_name(facts: Facts) -> str:
    """Return the whole name: ``name``, else given names before the family name; empty where there is none."""
    split = f"{facts.get('given_names', '')} {facts.get('family_name', '')}".strip()
    return facts.get("name", "").strip() or split


def check_facts(facts: Facts, persons: Persons) -> None:
    """Check that facts can identify somebody (A1, A3).

    Args:
        facts: As declared; the errors name facts and never quote them.
        persons: What stands behind the class applied for.

    Raises:
        InvalidInputError: ``facts.length``: too many, or one too long. ``facts.missing``: no name, no day of
            birth or registration number. ``facts.born``: no day as ``YYYY-MM-DD``; what is not known of
            it is 00.
    """
    too_long = [name for name, value in facts.items() if len(value) + len(name) > MAX_FACT_LENGTH]
    if len(facts) > MAX_FACTS or too_long:
        raise InvalidInputError(
            "facts.length",
            expected=f"at most {MAX_FACTS} facts of {MAX_FACT_LENGTH} characters",
            found=", ".join(too_long)[:64] or f"{len(facts)} facts",
        )
    needed = _NEEDED[persons]
    missing = [] if words_of(full_name(facts)) else ["name"]
    missing += [] if letters_of(facts.get(needed, "")) else [needed]
    if missing:
        raise InvalidInputError(
            "facts.missing", expected=f"name, {needed}", found=", ".join(missing)
        )
    if persons == "natural" and not _BORN.fullmatch(facts["born"]):
        raise InvalidInputError("facts.born", expected="YYYY-MM-DD", found="another form")


def attributes_of(facts: Facts, persons: Persons) -> tuple[Attribute, ...]:
    """Return what identifies somebody (A1 to A4), each once.

    Args:
        facts: Checked by ``check_facts``.
        persons: What stands behind the class applied for.
    """
    words = words_of(full_name(facts))[:MAX_WORDS]
    own = _of_person(facts, words) if persons == "natural" else _of_organisation(facts, words)
    found = chain(own, _of_numbers(facts))
    return tuple(
        dict.fromkeys(
            Attribute(kind, _SEPARATOR.join((persons, *parts)).encode()) for kind, parts in found
        )
    )


def electronic_identity(*, issuer: str, subject: str) -> Attribute:
    """Return what identifies somebody whom an issuer of electronic identities knows.

    Args:
        issuer: Identifier of the issuer, as its discovery document has it.
        subject: Claim ``sub``, OpenID Connect Core 1.0 section 2; opaque, so compared as it is.
    """
    payload = _SEPARATOR.join(("natural", issuer, subject)).encode()
    return Attribute("electronic_identity", payload)


_Parts = tuple[AttributeKind, tuple[str, ...]]


def _of_person(facts: Facts, words: tuple[str, ...]) -> list[_Parts]:
    born, kept = facts["born"], bearing(words)
    year, month, day = born.split("-")
    said = " ".join(sounds_of(kept))
    return [
        ("names", (" ".join(sorted(words)), born)),
        ("letters", ("".join(words), born)),
        ("block", ("year", said, year)),
        # The smaller number first, so that a day and a month that changed places fall together.
        ("block", ("day", said, *sorted((month, day)))),
        *(("block", ("word", sound_of(word), born)) for word in kept),
    ]


def _of_organisation(facts: Facts, words: tuple[str, ...]) -> list[_Parts]:
    return [
        ("names", (" ".join(sorted(words)),)),
        ("letters", ("".join(words),)),
        ("registration", (letters_of(facts["registration"]),)),
        ("block", (" ".join(sounds_of(bearing(words))),)),
    ]


def _of_numbers(facts: Facts) -> list[_Parts]:
    found: list[_Parts] = []
    document = letters_of(facts.get("document", ""))
    if document:
        found.append(("document", (document,)))
    email = facts.get("email", "").strip().casefold()
    if email:
        found.append(("email", (email,)))
    digits = re.sub(r"[^0-9]", "", facts.get("phone", ""))
    if digits:
        found.append(("phone", (digits[-_DIGITS_COMPARED:],)))
    return found
