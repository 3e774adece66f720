"""What members read when they are refused: a title, what is wrong, what to do next; French and English.

The wording of each refusal is in ``messages_fr``, ``messages_en`` and modules named after a noun, keyed by
``code``; this module fills it in. A refusal under a rule of the statutes names the article first.

Templates may use ``{expected}`` and ``{found}`` as the error has them, ``{expected_terms}`` and
``{found_terms}`` with the domain's own words translated, ``{expected_figure}`` and ``{found_figure}`` for
the first date or number in them, ``{article}`` and ``{rule}``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.errors import GovernanceError, RuleViolation
from backend.domain.messages_access import ACCESS_EN, ACCESS_FR
from backend.domain.messages_admission import ADMISSION_EN, ADMISSION_FR, ADMISSION_TERMS_FR
from backend.domain.messages_assemblies import (
    ASSEMBLIES_EN,
    ASSEMBLIES_FR,
    ASSEMBLIES_TERMS_FR,
)
from backend.domain.messages_contests import CONTESTS_EN, CONTESTS_FR
from backend.domain.messages_contract_accounts import CONTRACT_ACCOUNTS_EN, CONTRACT_ACCOUNTS_FR
from backend.domain.messages_data import DATA_EN, DATA_FR
from backend.domain.messages_en import WORDING_EN
from backend.domain.messages_fr import TERMS_FR, WORDING_FR
from backend.domain.messages_identity import IDENTITY_EN, IDENTITY_FR
from backend.domain.messages_ledger import LEDGER_EN, LEDGER_FR
from backend.domain.messages_letters import LETTERS_REFUSED_EN, LETTERS_REFUSED_FR
from backend.domain.messages_login import LOGIN_EN, LOGIN_FR
from backend.domain.messages_member_keys import MEMBER_KEYS_EN, MEMBER_KEYS_FR
from backend.domain.messages_motions import MOTIONS_EN, MOTIONS_FR
from backend.domain.messages_people import PEOPLE_EN, PEOPLE_FR, PEOPLE_TERMS_FR
from backend.domain.messages_proxies import PROXIES_EN, PROXIES_FR
from backend.domain.messages_recount import RECOUNT_EN, RECOUNT_FR
from backend.domain.messages_rulebook import RULEBOOK_EN, RULEBOOK_FR
from backend.domain.messages_seats import SEATS_EN, SEATS_FR, SEATS_TERMS_FR
from backend.domain.messages_standing import STANDING_EN, STANDING_FR
from backend.domain.messages_votes import VOTES_EN, VOTES_FR

Language = Literal["fr", "en"]
"""Languages in which refusals are worded."""

LANGUAGES: tuple[Language, ...] = ("fr", "en")
"""Every language, the one of the first statutes first."""

UNWORDED = "refusal"
"""Key of the wording for a code that has none of its own."""

WORDING: Mapping[Language, Mapping[str, tuple[str, str, str]]] = {
    "fr": {
        **WORDING_FR,
        **LEDGER_FR,
        **LETTERS_REFUSED_FR,
        **ACCESS_FR,
        **LOGIN_FR,
        **IDENTITY_FR,
        **DATA_FR,
        **ASSEMBLIES_FR,
        **MEMBER_KEYS_FR,
        **MOTIONS_FR,
        **PEOPLE_FR,
        **ADMISSION_FR,
        **PROXIES_FR,
        **SEATS_FR,
        **VOTES_FR,
        **CONTESTS_FR,
        **CONTRACT_ACCOUNTS_FR,
        **RECOUNT_FR,
        **RULEBOOK_FR,
        **STANDING_FR,
    },
    "en": {
        **WORDING_EN,
        **LEDGER_EN,
        **LETTERS_REFUSED_EN,
        **ACCESS_EN,
        **LOGIN_EN,
        **IDENTITY_EN,
        **DATA_EN,
        **ASSEMBLIES_EN,
        **MEMBER_KEYS_EN,
        **MOTIONS_EN,
        **PEOPLE_EN,
        **ADMISSION_EN,
        **PROXIES_EN,
        **SEATS_EN,
        **VOTES_EN,
        **CONTESTS_EN,
        **CONTRACT_ACCOUNTS_EN,
        **RECOUNT_EN,
        **RULEBOOK_EN,
        **STANDING_EN,
    },
}
"""Title, detail and remedy by language and code."""

_TERMS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        **TERMS_FR,
        **ASSEMBLIES_TERMS_FR,
        **PEOPLE_TERMS_FR,
        **SEATS_TERMS_FR,
        **ADMISSION_TERMS_FR,
    },
    "en": {},
}
_ARTICLE: Mapping[Language, str] = {
    "fr": "Article {article} : {detail}",
    "en": "Article {article}: {detail}",
}
_INSTANT = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):\d{2}\.\d{3}Z")
_DATE_TIME: Mapping[Language, str] = {
    "fr": r"\3/\2/\1 à \4:\5 UTC",
    "en": r"\1-\2-\3 at \4:\5 UTC",
}
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATE: Mapping[Language, str] = {"fr": r"\3/\2/\1", "en": r"\1-\2-\3"}
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z_]+")

_APOSTROPHE = "\u2019"
_NO_BREAK_SPACE = "\u00a0"
_NARROW_NO_BREAK_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Message:
    """A refusal in words."""

    title: str
    """What was refused, a few words."""
    detail: str
    """Why, one or two sentences; begins with the article where there is one."""
    remedy: str
    """What to do next."""


def message(error: GovernanceError, language: Language) -> Message:
    """Return the wording of a refusal.

    Args:
        error: The refusal.
        language: Language to word it in.
    """
    wording = WORDING[language]
    title, detail, remedy = wording.get(error.code, wording[UNWORDED])
    values = _values(error, language)
    detail = _fill(detail, values, language)
    if values["article"]:
        frame = typeset(_ARTICLE[language], language)
        detail = frame.format(article=values["article"], detail=detail)
    return Message(
        title=_fill(title, values, language), detail=detail, remedy=_fill(remedy, values, language)
    )


def _values(error: GovernanceError, language: Language) -> dict[str, str]:
    rule = error.rule if isinstance(error, RuleViolation) else None
    return {
        "article": rule.article if rule else "",
        "rule": rule.id if rule else "",
        "expected": error.expected,
        "found": error.found,
        "expected_terms": _terms(error.expected, language),
        "found_terms": _terms(error.found, language),
        "expected_figure": _figure(error.expected, language),
        "found_figure": _figure(error.found, language),
    }


def _fill(template: str, values: Mapping[str, str], language: Language) -> str:
    """Typeset the template, not the values: they are quoted as they are."""
    return typeset(template, language).format_map(values)


def _terms(text: str, language: Language) -> str:
    terms = _TERMS[language]
    return _WORD.sub(lambda match: terms.get(match[0], match[0]), text)


def _figure(text: str, language: Language) -> str:
    instant = _INSTANT.search(text)
    if instant:
        return instant.expand(_DATE_TIME[language])
    day = _DAY.search(text)
    if day:
        return day.expand(_DATE[language])
    number = _NUMBER.search(text)
    return number[0] if number else text


def write_time(text: str, language: Language) -> str:
    """Return a day or an instant of a document as people write it; other text as it is."""
    instant = _INSTANT.fullmatch(text)
    if instant:
        return instant.expand(_DATE_TIME[language])
    day = _DAY.fullmatch(text)
    return day.expand(_DATE[language]) if day else text


def typeset(text: str, language: Language) -> str:
    """Return text with the apostrophes and, in French, the spaces that print asks for."""
    text = text.replace("'", _APOSTROPHE)
    if language == "en":
        return text
    text = text.replace(" :", f"{_NO_BREAK_SPACE}:")
    text = text.replace("« ", f"«{_NO_BREAK_SPACE}").replace(" »", f"{_NO_BREAK_SPACE}»")
    return re.sub(r" ([;!?])", rf"{_NARROW_NO_BREAK_SPACE}\1", text)
