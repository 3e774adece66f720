"""A short code of how a name is said in French, so that spellings of one sound fall together.

Our own code in the manner of Soundex for French, over words as ``spelling`` writes them. Its rules, in order:
F1 groups of letters are written as the sound they stand for (``ph`` f, ``ch`` and ``sh`` one sound, ``qu`` k,
``gn`` n, ``eau`` a vowel, soft ``c`` s, soft ``g`` j, ``bv`` v …). F2 ``m`` before a consonant is ``n``,
and the letters that only differ in writing are one (``z`` s, ``w`` v, ``c`` ``q`` k). F3 consonants that
French does not say at the end of a word are dropped, and so is a last ``e``, whose consonant is said;
``v`` there is ``f``. F4 ``h`` and every vowel but the first letter of the word is dropped, and a first
vowel is ``a``. F5 before that, letters that repeat the one before are dropped. Digits and letters of
other scripts stay. Gender is often lost (Michel, Michelle): whoever compares looks at the spelling too.
"""

import re
from collections.abc import Sequence
from typing import Final

_GROUPS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"au(l?)([tdxs]*)$", "o"),
        (r"ph|ff", "f"),
        (r"bv", "v"),
        (r"tch|sch|shch|ch|sh", "\u0283"),
        (r"\u0283(?=[rl])", "k"),
        (r"zh|dj|dzh|j", "j"),
        (r"kh|ck|cq|cc(?=[aou])", "k"),
        (r"qu|q", "k"),
        (r"gn", "n"),
        (r"ge(?=[aou])", "j"),
        (r"gu(?=[eiy])", "g\u0000"),
        (r"g(?=[eiy])", "j"),
        (r"s?c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"ts|z", "s"),
        (r"w", "v"),
        (r"th", "t"),
        (r"\u0000", ""),
        (r"m(?=[^aeiouym])", "n"),
    )
)
_SILENT_END: Final = re.compile(r"(?<=.)(?:es?|(?:(?<=n)p|ks|[tds])+)$")
_VOWELS: Final = re.compile(r"[aeiouyh]")
_REPEATED: Final = re.compile(r"(.)\1+")


def sound_of(word: str) -> str:
    """Return the code of one word (F1 to F5); the word itself where nothing else would be left.

    Args:
        word: Of ``spelling.words_of``.
    """
    said = word
    for pattern, sound in _GROUPS:
        said = pattern.sub(sound, said)
    said = _REPEATED.sub(r"\1", _SILENT_END.sub("", said.replace("h", "")))
    if said.endswith("v"):
        said = f"{said[:-1]}f"
    return _VOWELS.sub("a", said[:1]) + _VOWELS.sub("", said[1:]) or word


def sounds_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the words of a name, ascending: their order does not matter."""
    return tuple(sorted(map(sound_of, words)))
