"""Statutes versions: their documents, their replacement, the difference between two, article by article.

T1 the rulebook of a version parses and hashes to what the act says. T2 the text is UTF-8 and not empty.
T3 the rulebook names that text, and every span it quotes lies in it, from character to character. T4 what
decisions put beside the statutes is in force already, or absent: nothing else can pose as a decision.
T5 only an adopted motion whose effect is these very documents makes a new version, and once. T6 the published
difference is the one between the two texts. T7 a text drafted before the version in force is not put to the
vote: it would silently undo what was decided since.

The published difference (``difference``) is a text of its own: two lines name the versions, then each article
that differs has a line ``@@ Article 20 changed @@`` and its lines, where ``-`` marks what goes and ``+`` what
comes. Articles are told apart by their heading, ``Article N.`` at the start of a line; what stands before the
first one is ``the preamble``.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import (
    CidText,
    StatutesAdopted,
    StatutesEffect,
    StatutesReference,
    differing_fields,
)
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleReference, RuleViolation
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Abrogation, Rulebook, Supplement, parse_rulebook
from backend.domain.rulebook.rule import Span
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State

STATUTES_RULE = RuleReference("psephos.statutes", "")
"""Built-in rule: statutes versions follow from adopted motions and are what their documents say."""

PREAMBLE = "the preamble"
"""Name of the lines before the first article."""

_HEADING = re.compile(r"Article ([0-9A-Za-z][0-9A-Za-z -]{0,38})\.(\s|$)")
_CONTINUATION = 0b1000_0000
_CONTINUATION_MASK = 0b1100_0000


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What became of one article between two versions."""

    article: str
    """``Article 20``, or ``PREAMBLE``."""
    kind: Literal["added", "removed", "changed", "moved"]
    """What happened to it; one that moved may have changed too."""
    lines: tuple[str, ...]
    """Its lines, each after ``-`` for gone, ``+`` for new, a space for kept; none if it only moved."""


def check_documents(
    statutes: StatutesReference, sources: Sources, *, in_force: Rulebook | None
) -> Rulebook:
    """Check a version's documents (T1 to T4) and return its rules.

    Args:
        statutes: The documents.
        sources: Where they are looked up.
        in_force: The rules this version would replace; None at the founding.

    Raises:
        NotFoundError: A document is not held.
        InvalidInputError: A document does not parse, the rulebook hashes to something else or is of
            another text, a span leaves the text, or a supplement or abrogation is not in force.
    """
    text = read_text(statutes.text, sources).encode()
    rules = sources.document(statutes.rulebook)
    digest = hashlib.sha256(rules).hexdigest()
    if digest != statutes.rules:
        raise InvalidInputError("statutes.rules_hash", expected=digest, found=statutes.rules)
    rulebook = parse_rulebook(rules)
    if rulebook.text != statutes.text:
        raise InvalidInputError(
            "statutes.text_named", expected=statutes.text, found=f"a rulebook of {rulebook.text}"
        )
    for rule in rulebook.rules:
        if rule.span is not None and not _lies_in(rule.span, text):
            raise InvalidInputError(
                "statutes.span",
                expected=f"{rule.id}: whole characters of a text of {len(text)} bytes",
                found=f"{rule.span.start} to {rule.span.end}",
            )
    _check_decided(rulebook, in_force)
    return rulebook


def read_text(cid: CidText, sources: Sources) -> str:
    """Return a text document.

    Raises:
        NotFoundError: The document is not held.
        InvalidInputError: Empty, or not UTF-8.
    """
    content = sources.document(cid)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "text.encoding", expected="UTF-8", found=str(error)[:100]
        ) from error
    if not text.strip():
        raise InvalidInputError("text.empty", expected="a text", found="nothing")
    return text


def article_changes(old: str, new: str) -> tuple[ArticleChange, ...]:
    """Return what differs between two texts, article by article, in the order of the new text.

    An article that is gone stands where the old text had it.
    """
    before, after = _articles(old), _articles(new)
    return tuple(_changes(before, after))


def difference(old: str, new: str, *, old_name: str, new_name: str) -> bytes:
    """Return the difference of two texts by article, as this module describes it, UTF-8.

    Args:
        old: Earlier text.
        new: Later text.
        old_name: Label of the earlier text in the header.
        new_name: Label of the later text in the header.
    """
    lines = [f"--- {old_name}", f"+++ {new_name}"]
    for change in article_changes(old, new):
        lines.append(f"@@ {change.article} {change.kind} @@")
        lines.extend(change.lines)
    return ("\n".join(lines) + "\n").encode()


def check_replaces(effect: StatutesEffect, state: State, *, drafted_at: Instant) -> None:
    """Check that a proposed version is another than the one in force, and was drafted on its ground (T7).

    Args:
        effect: What is proposed.
        state: What is known.
        drafted_at: When the motion was proposed or last amended.

    Raises:
        RuleViolation: ``statutes.in_force``, or ``statutes.outdated``.
    """
    current = state.in_force()
    if current.statutes == effect.statutes:
        raise RuleViolation(
            "statutes.in_force", STATUTES_RULE, expected="a new version", found=effect.statutes.text
        )
    if drafted_at < current.adopted_at:
        raise RuleViolation(
            "statutes.outdated",
            STATUTES_RULE,
            expected=f"a text drafted since version {current.number}, {current.adopted_at}",
            found=drafted_at,
        )


def adopt(state: State, motion: str, diff: CidText) -> StatutesAdopted:
    """Return the act by which an adopted motion replaces the statutes (T5).

    Args:
        state: After the decision.
        motion: The adopted motion.
        diff: CID of the difference, see ``difference_of``.

    Raises:
        NotFoundError: No such motion.
        ConflictError: As ``adopted_effect``.
        RuleViolation: As ``adopted_effect``.
    """
    effect = adopted_effect(state, motion)
    return StatutesAdopted(len(state.statutes) + 1, motion, effect.statutes, diff)


def adopted_effect(state: State, motion: str) -> StatutesEffect:
    """Return the effect of a motion that may change the statutes now.

    Raises:
        NotFoundError: No such motion.
        ConflictError: It has changed them already.
        RuleViolation: Not adopted, or another effect.
    """
    found = state.motion(motion)
    effect = found.data.effect
    if found.status != "adopted" or not isinstance(effect, StatutesEffect):
        raise RuleViolation(
            "statutes.not_adopted",
            STATUTES_RULE,
            expected="an adopted motion that changes the statutes",
            found=f"{motion}: {found.status}",
        )
    if motion in state.enacted:
        raise ConflictError("motion.enacted", expected="a motion not carried out", found=motion)
    return effect


def difference_of(state: State, motion: str, sources: Sources) -> bytes:
    """Return the difference between the statutes in force and those a motion proposes.

    Raises:
        NotFoundError: No such motion, or a text is not held.
        RuleViolation: As ``adopted_effect``.
    """
    current = state.in_force()
    return difference(
        read_text(current.statutes.text, sources),
        read_text(adopted_effect(state, motion).statutes.text, sources),
        old_name=f"v{current.number}",
        new_name=f"v{current.number + 1}",
    )


def check_adopted(state: State, entry: Entry, data: StatutesAdopted, sources: Sources) -> int:
    """Check that a new version follows from its motion (T5, T6); returns 0 redacted checks.

    The documents themselves were checked when the motion was proposed and again when it was put to the
    vote; what changed since does not keep a decision from being carried out.

    Raises:
        NotFoundError: No such motion or document.
        RuleViolation: Something differs from what follows.
    """
    expected = adopt(state, data.motion, data.diff)
    if data != expected:
        follows, stands = differing_fields(expected, data)
        raise RuleViolation("statutes.differ", STATUTES_RULE, expected=follows, found=stands)
    if sources.document(data.diff) != difference_of(state, data.motion, sources):
        raise RuleViolation(
            "statutes.diff",
            STATUTES_RULE,
            expected="the difference between the two texts",
            found=data.diff,
        )
    return check_unsigned(entry)


def _lies_in(span: Span, text: bytes) -> bool:
    if span.end > len(text):
        return False
    return all(
        offset == len(text) or text[offset] & _CONTINUATION_MASK != _CONTINUATION
        for offset in (span.start, span.end)
    )


def _check_decided(rulebook: Rulebook, in_force: Rulebook | None) -> None:
    known: Sequence[Supplement | Abrogation] = ()
    if in_force is not None:
        known = (*in_force.supplements, *in_force.abrogations)
    named: Sequence[Supplement | Abrogation] = (*rulebook.supplements, *rulebook.abrogations)
    for decided in named:
        if decided not in known:
            raise InvalidInputError(
                "statutes.decided",
                expected="supplements and abrogations that are in force",
                found=decided.motion,
            )


def _articles(text: str) -> dict[str, list[str]]:
    """Return the lines of each article by its name, in order; a number that returns is counted on."""
    articles: dict[str, list[str]] = {}
    lines = articles.setdefault(PREAMBLE, [])
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading is not None:
            name = f"Article {heading[1]}"
            repeated = sum(known == name or known.startswith(f"{name} (") for known in articles)
            lines = articles.setdefault(f"{name} ({repeated + 1})" if repeated else name, [])
        lines.append(line)
    return {name: lines for name, lines in articles.items() if lines}


def _changes(before: dict[str, list[str]], after: dict[str, list[str]]) -> Iterator[ArticleChange]:
    old, new = list(before), list(after)
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step, old_from, old_to, new_from, new_to in steps:
        for name in old[old_from:old_to]:
            if step != "equal" and name not in after:
                yield ArticleChange(name, "removed", tuple(f"-{line}" for line in before[name]))
        for name in new[new_from:new_to]:
            lines = _compared(before.get(name, []), after[name])
            if name not in before:
                yield ArticleChange(name, "added", lines)
            elif step != "equal":
                yield ArticleChange(name, "moved", lines)
            elif lines:
                yield ArticleChange(name, "changed", lines)


def _compared(old: list[str], new: list[str]) -> tuple[str, ...]:
    """Return the lines of an article with their marks, all of them kept; none where nothing differs."""
    marked = difflib.unified_diff(old, new, lineterm="", n=len(old) + len(new))
    return tuple(marked)[3:]
