"""The linter's report: findings in plain French and English, for people who write statutes.

Words of the statutes and names of rules are shown as they are; everything else is in the language asked for.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from backend.domain.messages import Language, typeset
from backend.domain.messages_findings_en import (
    FINDINGS_EN,
    FRAMES_EN,
    SEVERITIES_EN,
)
from backend.domain.messages_findings_fr import (
    FINDINGS_FR,
    FRAMES_FR,
    SEVERITIES_FR,
)
from backend.domain.messages_silences_en import BLOCKED_EN, QUESTIONS_EN
from backend.domain.messages_silences_fr import BLOCKED_FR, QUESTIONS_FR
from backend.domain.messages_terms_en import WORDS_EN
from backend.domain.messages_terms_fr import WORDS_FR
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.checklist import Review, review
from backend.domain.rulebook.findings import NOWHERE, Finding, Severity, Table, Value, Word

WIDTH = 96
"""Longest line of a report, in characters."""

_INDENT = "   "
_SCOPES: tuple[Table, ...] = ("kind", "session", "body", "class", "measure", "phase")
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a report says in one language."""

    words: Mapping[Table, Mapping[str, str]]
    """Terms."""
    questions: Mapping[str, str]
    """What an article does not say, by topic."""
    blocked: Mapping[str, str]
    """What a silence blocks, by topic."""
    frames: Mapping[str, str]
    """Sentences that hold words together."""
    severities: Mapping[Severity, tuple[str, str]]
    """Headings."""
    findings: Mapping[str, str]
    """What is said of each finding."""


WORDINGS: Mapping[Language, Wording] = {
    "fr": Wording(WORDS_FR, QUESTIONS_FR, BLOCKED_FR, FRAMES_FR, SEVERITIES_FR, FINDINGS_FR),
    "en": Wording(WORDS_EN, QUESTIONS_EN, BLOCKED_EN, FRAMES_EN, SEVERITIES_EN, FINDINGS_EN),
}
"""The wording of each language."""


def report(rulebook: Rulebook, findings: Sequence[Finding], language: Language) -> str:
    """Return the report on a rulebook, lines of ``WIDTH`` characters at most, ending with a line break.

    Args:
        rulebook: The rules.
        findings: What the linter found in them, in its order.
        language: Language of the report.
    """
    return "\n".join(_lines(rulebook, findings, language)) + "\n"


def finding_text(found: Finding, language: Language) -> str:
    """Return what is said of a finding, one or a few sentences."""
    wording = WORDINGS[language]
    if found.code.startswith("silent."):
        return _silence(found, language)
    values = {name: _values(values, language) for name, values in found.values}
    text = typeset(wording.findings[found.code], language).format_map(values)
    return text[:1].upper() + text[1:]


def _lines(rulebook: Rulebook, findings: Sequence[Finding], language: Language) -> Iterator[str]:
    frames = WORDINGS[language].frames
    yield _set(frames["heading"], language, title=rulebook.title)
    yield _set(
        frames["summary"],
        language,
        rules=str(len(rulebook.rules)),
        silent=str(len(rulebook.silences())),
        findings=str(len(findings)),
    )
    if not findings:
        yield ""
        yield _set(frames["none"], language)
    number = 0
    for severity, group in groupby(findings, key=lambda each: each.severity):
        heading, explanation = WORDINGS[language].severities[severity]
        yield ""
        yield typeset(heading, language).upper()
        yield from textwrap.wrap(typeset(explanation, language), WIDTH)
        for found in group:
            number += 1
            yield ""
            yield from _numbered(number, found, language)
    yield ""
    yield _set(frames["checklist"], language).upper()
    for each in review(rulebook):
        yield ""
        yield typeset(WORDINGS[language].words["item"][each.item.heading], language)
        yield _INDENT + _answer(each, language)


def _numbered(number: int, found: Finding, language: Language) -> Iterator[str]:
    text = finding_text(found, language)
    head = f"{number}. "
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=head, subsequent_indent=_INDENT, break_long_words=False
    )
    if found.rules:
        names = _set(WORDINGS[language].frames["rules"], language, names=", ".join(found.rules))
        yield from textwrap.wrap(
            names, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False
        )


def _answer(each: Review, language: Language) -> str:
    key = "silent_answer" if each.answer == "silent" else each.answer
    return _set(WORDINGS[language].frames[key], language, names=", ".join(each.articles))


def _silence(found: Finding, language: Language) -> str:
    wording = WORDINGS[language]
    values = dict(found.values)
    topic = found.code.removeprefix("silent.")
    filled = {name: _values(values[name], language) for name in ("article", "words", "settled_by")}
    settled = filled["settled_by"]
    filled["settled_by"] = settled[:1].lower() + settled[1:]
    if topic == "point":
        frame = "silent.point" if filled["words"] else "silent.unquoted"
        return _set(wording.frames[frame], language, **filled)
    scope = [each for each in values["scope"] if isinstance(each, Word)]
    causes = [each.key for each in scope if each.table == "cause"]
    question = wording.words["cause"][causes[0]] if causes else wording.questions[topic]
    question = question if "{scope}" in question else question + "{scope}"
    blocked = wording.blocked.get(topic, wording.frames["blocked"])
    if causes:
        blocked = wording.blocked.get(f"loss.{causes[0]}", blocked)
    return _set(
        wording.frames["silent"],
        language,
        question=_set(question, language, scope=_scope(scope, language)),
        blocked=typeset(blocked, language),
        **filled,
    )


def _scope(scope: Sequence[Word], language: Language) -> str:
    wording = WORDINGS[language]
    text = ""
    for table in _SCOPES:
        names = [_word(each, language) for each in scope if each.table == table]
        every_phase = table == "phase" and len(names) == len(wording.words["phase"])
        if names and not every_phase:
            text += _set(wording.frames[f"for_{table}"], language, names=_joined(names, language))
    return text


def _values(values: Sequence[Value], language: Language) -> str:
    return _joined([_word(each, language) for each in values], language)


def _joined(names: Sequence[str], language: Language) -> str:
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + WORDINGS[language].frames["and"] + names[-1]


def _word(value: Value, language: Language) -> str:
    if isinstance(value, str):
        decimal = _DECIMAL.fullmatch(value) if language == "fr" else None
        return value if decimal is None else f"{decimal[1]},{decimal[2]}"
    wording = WORDINGS[language]
    if value.table in ("session", "body"):
        return _set(wording.frames["quoted"], language, word=value.key)
    word = typeset(wording.words.get(value.table, {}).get(value.key, value.key), language)
    if value.article is None:
        return word
    frame = wording.frames["nowhere" if value.article == NOWHERE else "in_article"]
    return _set(frame, language, word=word, article=value.article)


def _set(template: str, language: Language, **values: str) -> str:
    return typeset(template, language).format_map(values)
