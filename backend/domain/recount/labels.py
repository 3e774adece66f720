"""What stands for the ids and figures of a tally when people read it, in text and in charts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from backend.domain.acts import Slug
from backend.domain.messages import Language, typeset
from backend.domain.methods.contest import OptionMethodName
from backend.domain.methods.tally import Figure, Tally
from backend.domain.recount.words import METHOD_WORDS, WORDS, Word

DECIMALS = 5
"""Decimals shown at most: as many as the Scottish rules count with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Names, words and language of one account."""

    title: str
    """What was decided; empty where nobody says."""
    names: Mapping[Slug, str]
    """Names of the options, in the order in which they are shown."""
    withdrawn: tuple[str, ...] = ()
    """Names of options that withdrew."""
    grades: tuple[str, ...] = ()
    """Words for the grades of majority judgement, worst first; empty for their numbers."""
    language: Language
    """Language of everything else."""

    def word(self, word: Word) -> str:
        """Return a word in the language."""
        return typeset(WORDS[self.language][word], self.language)

    def method(self, method: OptionMethodName) -> str:
        """Return the name of a method in the language."""
        return typeset(METHOD_WORDS[self.language][method], self.language)

    def line(self, word: Word, text: str) -> str:
        """Return a word, a colon and a text."""
        return f"{self.word(word)}{typeset(' :', self.language).removeprefix(' ')} {text}"

    def listed(self, options: Iterable[Slug]) -> str:
        """Return names with commas between."""
        return ", ".join(self.names[option] for option in options)

    def grade_words(self, tally: Tally) -> tuple[str, ...]:
        """Return the words for the grades of a tally, worst first; nothing where it has none."""
        if self.grades or not tally.grades:
            return self.grades
        return tuple(map(str, range(len(next(iter(tally.grades.values()))))))

    def shown(self, tally: Tally, figure: Figure) -> str:
        """Return what an option has in a tally: a grade in its word, anything else in decimals."""
        words = self.grade_words(tally)
        return words[int(figure)] if words else decimal(figure)


def decimal(figure: Figure) -> str:
    """Return a figure in decimals: exact, or cut after ``DECIMALS`` of them and followed by an ellipsis."""
    value = Fraction(figure)
    scaled = abs(value) * 10**DECIMALS
    whole, cut = divmod(scaled.numerator, scaled.denominator)
    units, rest = divmod(whole, 10**DECIMALS)
    digits = f"{rest:0{DECIMALS}}"
    decimals = f"{digits}…" if cut else digits.rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{units}.{decimals}" if decimals else f"{sign}{units}"
