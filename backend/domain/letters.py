"""Letters to members: which there are, what fills their places, and their wording.

L1 a letter is of one kind: *legal* ones cannot be unsubscribed, *service* ones answer a step of the
member, *news* can be unsubscribed. L2 a letter is filled with exactly its places. L3 no value breaks a line,
except in the agenda: a name cannot end a header or add a paragraph. L4 a secret place opens something; it
is wiped once the letter left.
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.letters_en import FOOTERS_EN, LETTER_WORDS_EN, LETTERS_EN
from backend.domain.letters_fr import FOOTERS_FR, LETTER_WORDS_FR, LETTERS_FR
from backend.domain.messages import Language, typeset, write_time

LetterKind = Literal["legal", "service", "news"]
"""What a letter is for (L1)."""

SERVICE = frozenset(
    {"login_link", "enrolment_link", "welcome", "application_received", "consent_withdrawn"}
)
"""Templates that answer a step of whoever receives them."""

NEWS = frozenset({"results"})
"""Templates that members may do without."""

SECRET_PLACES = frozenset({"link"})
"""Places whose values open something (L4)."""

WIPED = "…"
"""What stands in a secret place once it is wiped."""

MAX_VALUE_LENGTH = 30_000
"""Longest value, in characters: an agenda of 100 titles of 200 characters, with room."""

_AGENDA = "agenda"
_TEMPLATES: Mapping[Language, Mapping[str, tuple[str, str]]] = {"fr": LETTERS_FR, "en": LETTERS_EN}
_FOOTERS: Mapping[Language, Mapping[str, str]] = {"fr": FOOTERS_FR, "en": FOOTERS_EN}
_WORDS: Mapping[Language, Mapping[str, Mapping[str, str]]] = {
    "fr": LETTER_WORDS_FR,
    "en": LETTER_WORDS_EN,
}
_CLOCK = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}:\d{2})")
_CLOCK_TIME: Mapping[Language, str] = {"fr": r"\3/\2/\1 à \4", "en": r"\1-\2-\3 at \4"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROLS_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class WordedLetter:
    """A letter in words."""

    subject: str
    """One line."""
    text: str
    """Lines that end in a line feed."""


def kind_of(template: str) -> LetterKind:
    """Return the kind of a template (L1); whatever is not declared lighter is legal.

    Raises:
        NotFoundError: No such template.
    """
    places_of(template)
    if template in NEWS:
        return "news"
    return "service" if template in SERVICE else "legal"


def places_of(template: str) -> frozenset[str]:
    """Return the places of a template.

    Raises:
        NotFoundError: No such template.
    """
    texts = LETTERS_EN.get(template)
    if texts is None:
        raise NotFoundError("template", template[:64])
    return frozenset(_places("".join(texts)))


def check_values(template: str, values: Mapping[str, str]) -> None:
    """Check that values fill exactly the places of a template (L2).

    Raises:
        NotFoundError: No such template.
        InvalidInputError: ``letter.values``: one is missing, unknown or too long.
    """
    places = places_of(template)
    long = [name for name, value in values.items() if len(value) > MAX_VALUE_LENGTH]
    if set(values) != places or long:
        raise InvalidInputError(
            "letter.values",
            expected=", ".join(sorted(places)) or "no value",
            found=", ".join(long or sorted(values)) or "none",
        )


def word_letter(
    template: str,
    values: Mapping[str, str],
    language: Language,
    *,
    organisation: str,
    unsubscribe: str,
) -> WordedLetter:
    """Return a letter in words.

    Args:
        template: Its name.
        values: What fills its places; days and times as ``YYYY-MM-DD`` and ``YYYY-MM-DD HH:MM``.
        language: Language of the reader.
        organisation: Name of the organisation.
        unsubscribe: Address at which news are unsubscribed; only news name it.

    Raises:
        NotFoundError: No such template.
        InvalidInputError: ``letter.values``: they are not its places.
    """
    check_values(template, values)
    subject, text = _TEMPLATES[language][template]
    words = _WORDS[language]
    filled = {
        name: words.get(name, {}).get(value, _said(name, value, language))
        for name, value in values.items()
    }
    filled["organisation"] = one_line(organisation)
    filled["unsubscribe"] = unsubscribe
    footer = _FOOTERS[language][kind_of(template)]
    return WordedLetter(
        _fill(subject, filled, language), _fill(f"{text}\n\n-- \n{footer}\n", filled, language)
    )


def wiped(values: Mapping[str, str]) -> dict[str, str]:
    """Return values without what opens something (L4)."""
    return {name: WIPED if name in SECRET_PLACES else value for name, value in values.items()}


def one_line(text: str) -> str:
    """Return text on one line: what could end a header, or a line, becomes a space (L3)."""
    return _CONTROLS.sub(" ", text).strip()


def _said(place: str, value: str, language: Language) -> str:
    if place == _AGENDA:
        return _CONTROLS_IN_LINES.sub(" ", value)
    clock = _CLOCK.fullmatch(value)
    return clock.expand(_CLOCK_TIME[language]) if clock else write_time(one_line(value), language)


def _fill(template: str, values: Mapping[str, str], language: Language) -> str:
    return typeset(template, language).format_map(values)


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
