# ruff: noqa: RUF001 - the tables are of letters that look like Latin ones
"""One spelling for names that were typed in different ways.

S1 text is folded to lower case without accents (Unicode NFKD, full case folding). S2 Cyrillic is written
as in ICAO Doc 9303 part 3 section 6 (https://www.icao.int/publications/doc-series/doc-9303) without its
signs, Greek as in ELOT 743 as far as single letters and ``ou`` go, and Latin letters that do not
decompose by their usual replacement. S3 whatever is neither letter nor digit separates words. Scripts
without vowels, such as Arabic, are left as they are: one spelling of them has several readings, and a
wrong one would hide a likeness.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

PARTICLES: Final = frozenset({
    "af", "al", "ap", "av", "ben", "bin", "d", "da", "dal", "das", "de", "del", "della", "den", "der", "des",
    "di", "do", "dos", "du", "e", "el", "ibn", "l", "la", "las", "le", "les", "lo", "los", "of", "ou", "st",
    "ter", "ten", "the", "und", "van", "vom", "von", "y", "zu", "zum", "zur",
})  # fmt: skip
"""Words of names that are left out as often as not; dropped where names are compared, never where hashed."""

_LATIN: Final = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n",
    "ŧ": "t", "ĸ": "k", "ƒ": "f",
}  # fmt: skip
_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia", "і": "i", "є": "ie", "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
    "ѕ": "dz",
}  # fmt: skip
_GREEK: Final = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "y",
    "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_LETTERS: Final = str.maketrans({**_LATIN, **_CYRILLIC, **_GREEK})
_APART: Final = re.compile(r"[\W_]+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name in one spelling (S1 to S3), in the order they were written."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Casefolding again: some letters have capitals only in their compatibility form.
    plain = "".join(each for each in decomposed.casefold() if not unicodedata.combining(each))
    written = plain.replace("ου", "ou").translate(_LETTERS)
    return tuple(word for word in _APART.split(written) if word)


def letters_of(text: str) -> str:
    """Return letters and digits of a text in one spelling, without anything between them."""
    return "".join(words_of(text))


def bearing(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that tell people apart: without particles, unless a name is made of nothing else."""
    return tuple(word for word in words if word not in PARTICLES) or tuple(words)
