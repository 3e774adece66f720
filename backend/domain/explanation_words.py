"""What the explanation of a decision is worded with, whatever the language: the shape of a vocabulary.

Steps of a derivation come in kinds (``StepKind``). Templates are keyed by kind, or by kind and variant where
one kind is worded in several ways (``tie.status_quo``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

StepKind = Literal[
    "initiative", "support", "effect", "revocation", "designation", "co_option", "internal_rules",
    "dissolution", "competence", "due_process", "convocation", "notice", "second_convocation", "channels",
    "agenda_binding", "deliberation", "ballot", "consent", "voting_right", "session", "quorum", "majority",
    "tie", "casting_vote", "early_close", "count", "tie_break",
]  # fmt: skip
"""Kinds of step: the topic of the rule, save ``support`` (of an initiative rule), and ``consent`` and
``count`` (of a ballot rule)."""

Unit = Literal["years", "months", "days", "hours"]
"""What periods are counted in."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language, with plain spaces and straight apostrophes."""

    headlines: Mapping[str, str]
    """First line by outcome; field ``motion``."""
    titles: Mapping[StepKind, str]
    """What a step is about."""
    asks: Mapping[str, str]
    """What the rule asks, by kind or ``kind.variant``."""
    finds: Mapping[str, str]
    """What was found, by kind or ``kind.variant``."""
    verdicts: Mapping[str, str]
    """What follows, by verdict or ``kind.verdict``."""
    line: str
    """One step; fields ``number``, ``source``, ``title``, ``quote``, ``ask``, ``find``, ``verdict``,
    ``entries``."""
    article: str
    """The source of a rule; field ``article``."""
    quote: str
    """Words of the statutes; field ``words``."""
    entries: tuple[str, str]
    """Where to look, for one entry and for several; field ``entries``."""
    units: Mapping[Unit, tuple[str, str]]
    """Singular and plural."""
    singular: frozenset[int]
    """Numbers that take the singular."""
    terms: Mapping[str, str]
    """Words for the names that formats use; a name without one is quoted."""
    quoted: str
    """A name as it is; field ``name``."""
    parties: Mapping[str, str]
    """Those who act, by kind; fields ``body``, ``seat``, ``share``, ``session``."""
    share: tuple[str, str]
    """A share to be reached, and one to be exceeded; field ``share``."""
    either: str
    """What stands between the last two of several."""
