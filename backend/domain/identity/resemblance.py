"""Whether two people may be one, and why somebody should look.

R1 names are alike when every word of the shorter one, particles aside, has a word of its own in the
other: equal, the beginning of it or the reverse, said the same, or one typing error away (two in words
of eight letters); words with digits have to be equal. R2 days of birth are alike when equal, when day
and month changed places, when one digit is wrong or two neighbours changed places, or when only the year
is known of one and it is the same. R3 people are worth a look when names and days of birth are alike,
organisations when names are, and both when they share a number or an address. R4 what is found is never
more than a reason to look.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from backend.domain.identity.attributes import (
    MAX_WORDS,
    AttributeKind,
    Facts,
    Persons,
    full_name,
)
from backend.domain.identity.distance import edits_between
from backend.domain.identity.sounds import sound_of
from backend.domain.identity.spelling import bearing, words_of

Reason = Literal[
    "names",
    "names_near",
    "born",
    "born_swapped",
    "born_near",
    "registration",
    "document",
    "electronic_identity",
    "email",
    "phone",
]
"""What is alike. ``names`` and ``born`` are equal, the others of their kind nearly so."""

LEAST_LETTERS: Final = 4
"""Letters of a word from which sound and typing errors are looked at: Léa and Léo are two people."""

LONG_WORD: Final = 8
"""Letters of a word from which two typing errors are looked past."""

_SHARED: Final[tuple[Reason, ...]] = (
    "registration",
    "document",
    "electronic_identity",
    "email",
    "phone",
)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Why two people may be one."""

    reasons: tuple[Reason, ...]
    """What is alike, in the order of ``Reason``; not empty."""
    edits: int
    """Typing errors between the names, words matched at best; a word without partner counts as one."""

    @property
    def exact(self) -> bool:
        """Whether names and day of birth are equal, or a number that only one has is shared."""
        held = set(self.reasons)
        return {"names", "born"} <= held or bool(
            held & {"registration", "document", "electronic_identity"}
        )


def compare(
    first: Facts, second: Facts, persons: Persons, shared: Collection[AttributeKind]
) -> Resemblance | None:
    """Return why two people may be one (R1 to R3), None where nothing speaks for it.

    Args:
        first: Facts of one; both are of ``persons``.
        second: Facts of the other.
        persons: What they are.
        shared: Kinds of attributes that are equal.
    """
    by_kind = [kind for kind in _SHARED if kind in shared]
    same = "names" in shared or "letters" in shared
    edits = _edits_between_names(full_name(first), full_name(second))
    born = _born_alike(first.get("born", ""), second.get("born", ""))
    reasons: list[Reason] = []
    if same or edits is not None:
        reasons.append("names" if same or edits == 0 else "names_near")
    if persons == "natural" and born is not None:
        reasons.append(born)
    alike = len(reasons) == (2 if persons == "natural" else 1)
    if not alike and not by_kind:
        return None
    return Resemblance((*reasons, *by_kind), 0 if same or edits is None else edits)


def _edits_between_names(first: str, second: str) -> int | None:
    """Return the edits between two names whose words all find a partner (R1), None where one does not."""
    shorter, longer = sorted(
        (list(bearing(words_of(text)[:MAX_WORDS])) for text in (first, second)),
        key=lambda words: (len(words), words),
    )
    if not shorter:
        return None
    total, free = len(longer) - len(shorter), longer
    for word in shorter:
        partners = [
            (edits, each) for each in free if (edits := _word_edits(word, each)) is not None
        ]
        if not partners:
            return None
        edits, partner = min(partners)
        free.remove(partner)
        total += edits
    return total


def _word_edits(word: str, other: str) -> int | None:
    edits = edits_between(word, other)
    if edits == 0:
        return edits
    if not (word.isalpha() and other.isalpha()):
        # A number that is nearly another one is another one.
        return None
    if word.startswith(other) or other.startswith(word):
        return edits
    least = min(len(word), len(other))
    if least < LEAST_LETTERS:
        return None
    near = edits <= (2 if least >= LONG_WORD else 1)
    return edits if near or sound_of(word) == sound_of(other) else None


def _born_alike(first: str, second: str) -> Reason | None:
    if first == second:
        return "born" if first else None
    if not first or not second:
        return None
    if (first[:4], first[5:7], first[8:]) == (second[:4], second[8:], second[5:7]):
        return "born_swapped"
    unknown = any(text.endswith("-00-00") for text in (first, second))
    if unknown and first[:4] == second[:4]:
        return "born_near"
    digits = [text.replace("-", "") for text in (first, second)]
    return "born_near" if edits_between(digits[0], digits[1]) == 1 else None
