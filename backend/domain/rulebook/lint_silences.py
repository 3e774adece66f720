"""Silences: what the statutes leave open, with what that blocks and what would settle it (L1).

Where what is left open is a subject that a rule could govern, the engine refuses everything that needs it;
where it is a point beside them (how many, how soon), nothing is blocked and people are reminded.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, get_args

from backend.domain.acts import LossCause, MotionKind
from backend.domain.rulebook.compiler import SUBJECTS
from backend.domain.rulebook.findings import Finding, Inquiry, Value, Word, finding
from backend.domain.rulebook.membership import Measure, VotingRight
from backend.domain.rulebook.topics import Silent
from backend.domain.rulebook.voting import several_options

_WILDCARD = "*"
_PHASES = ("first", "later")
_ROUNDS = ("1", "2")
_Table = Literal["kind", "cause", "measure", "phase"]
_TABLES: Mapping[str, tuple[_Table, Sequence[str]]] = {
    "motions": ("kind", get_args(MotionKind)),
    "cause": ("cause", get_args(LossCause)),
    "measures": ("measure", get_args(Measure)),
    "phase": ("phase", _PHASES),
}
_KINDS_OF_SEVERAL = {several_options(kind): kind for kind in get_args(MotionKind)}


def lint_silences(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield one finding for each silence, in the order of the statutes."""
    for silence in inquiry.rulebook.silences():
        question, about = _asked(silence)
        subjects = [_read(inquiry, silence.matter, each) for each in about]
        scope = tuple(dict.fromkeys(chain.from_iterable(each or () for each in subjects)))
        point = any(each is None for each in subjects)
        code = "point" if point else question
        yield finding(f"silent.{code}", "silent", silence, values=_values(inquiry, silence, scope))


def _asked(silence: Silent) -> tuple[str, Sequence[str]]:
    """Return the question left open, and for what; how to vote on several options is a question apart."""
    about = [_KINDS_OF_SEVERAL.get(each, each) for each in silence.about]
    if silence.matter != "ballot" or not set(silence.about) & set(_KINDS_OF_SEVERAL):
        return silence.matter, silence.about
    return ("ballot.several" if set(silence.about) <= set(_KINDS_OF_SEVERAL) else "ballot"), about


def _values(
    inquiry: Inquiry, silence: Silent, scope: tuple[Value, ...]
) -> Mapping[str, Value | tuple[Value, ...]]:
    return {
        "article": silence.article,
        "scope": scope,
        "words": inquiry.words(silence),
        "settled_by": silence.settled_by,
        "topic": Word("topic", silence.matter),
    }


def _read(inquiry: Inquiry, topic: str, subject: str) -> tuple[Value, ...] | None:
    """Return what a subject names, or None where no rule could govern it."""
    names, parts = SUBJECTS.get(topic, ()), subject.split("/")
    if len(parts) != len(names):
        return None
    read = [_part(inquiry, name, part) for name, part in zip(names, parts, strict=True)]
    if any(each is None for each in read):
        return None
    return tuple(each for each in read if isinstance(each, Word))


def _part(inquiry: Inquiry, name: str, part: str) -> Value | None:
    if part == _WILDCARD:
        return part
    if name in _TABLES:
        table, known = _TABLES[name]
        return Word(table, part) if part in known else None
    classes = [rule.member_class for rule in inquiry.rulebook.every(VotingRight)]
    if name in ("sessions", "session") and part in inquiry.sessions:
        return Word("session", inquiry.session_title(part))
    if name == "bodies" and part in inquiry.bodies:
        return Word("body", inquiry.body_title(part))
    if name in ("member_class", "classes") and part in classes:
        return Word("class", part)
    return part if name == "round" and part in _ROUNDS else None
