"""What a linter finds in a rulebook, and how it asks the rulebook.

A finding is typed: a code, how grave it is, the rules and articles concerned, and words still without a
language; ``backend.domain.rulebook.report`` puts it into French or English.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from backend.domain.acts import MotionKind, Slug
from backend.domain.errors import RuleViolation
from backend.domain.rulebook.articles import ArticleText, read_articles
from backend.domain.rulebook.bodies import Body
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.order import InternalRules
from backend.domain.rulebook.rule import AssemblyParty, Rule
from backend.domain.rulebook.sessions import Competence, Session
from backend.domain.rulebook.topics import Silent, topic_of
from backend.domain.rulebook.voting import BallotRule, EffectRule, Initiative, several_options

Severity = Literal[
    "contradiction", "unreachable", "silent", "incomplete", "arithmetic", "documentary"
]
"""How a finding weighs: a contradiction; a rule that can never apply; a matter left open, or forgotten;
numbers that do not add up; what is kept for readers, and the software does not enforce."""

SEVERITIES: tuple[Severity, ...] = (
    "contradiction", "arithmetic", "unreachable", "silent", "incomplete", "documentary",
)  # fmt: skip
"""Every severity, in the order of a report."""

NOWHERE = ""
"""Article of a matter that no article mentions."""

Table = Literal[
    "kind", "topic", "effect", "cause", "measure", "phase", "item", "session", "body", "class",
]  # fmt: skip
"""Tables of terms; the last three hold names that the statutes give."""

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Word:
    """A term of the domain, still without a language."""

    table: Table
    """Which terms it belongs to."""
    key: str
    """Its machine name; for names that the statutes give, the name."""
    article: str | None = None
    """Article that leaves it open, ``NOWHERE`` where none mentions it; None where no article is meant."""


Value = str | Word
"""A text as it stands, or a word to be put into a language."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a careful lawyer would say about a rulebook."""

    code: str
    """Stable machine name, key of its wording."""
    severity: Severity
    """How it weighs."""
    rules: tuple[Slug, ...] = ()
    """Ids of the rules concerned, in the order of the rulebook."""
    articles: tuple[str, ...] = ()
    """Articles concerned, in the order of the rulebook."""
    values: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    """What the wording names, by field."""


def finding(
    code: str,
    severity: Severity,
    *rules: Rule | Silent,
    values: Mapping[str, Value | tuple[Value, ...]],
) -> Finding:
    """Return a finding about rules; their articles are named once each."""
    listed = tuple(
        (name, value if isinstance(value, tuple) else (value,)) for name, value in values.items()
    )
    return Finding(
        code,
        severity,
        rules=tuple(dict.fromkeys(rule.id for rule in rules)),
        articles=tuple(dict.fromkeys(rule.article for rule in rules)),
        values=listed,
    )


@dataclass(frozen=True)
class Inquiry:
    """A rulebook and its text, with the questions every check asks."""

    rulebook: Rulebook
    """The rules."""
    statutes: bytes
    """The text, UTF-8."""

    @cached_property
    def sessions(self) -> Mapping[Slug, Session]:
        """Sessions by id, in the order of the statutes."""
        return {rule.session: rule for rule in self.rulebook.every(Session)}

    @cached_property
    def bodies(self) -> Mapping[Slug, Body]:
        """Bodies by id, in the order of the statutes."""
        return {rule.body: rule for rule in self.rulebook.every(Body)}

    @cached_property
    def articles(self) -> Mapping[str, ArticleText]:
        """Articles of the text by ``article_key``."""
        return read_articles(self.statutes.decode("utf-8"))

    @cached_property
    def kinds(self) -> tuple[MotionKind, ...]:
        """Kinds of motion that the rules give an effect or someone to propose them, or leave open."""
        named: list[MotionKind] = []
        for rule in (*self.rulebook.every(EffectRule), *self.rulebook.every(Initiative)):
            named.extend(rule.motions)
        return tuple(dict.fromkeys(named))

    def ask(self, schema: type[R], *subjects: str) -> R | Silent | None:
        """Return the rule, the silence, or None where nothing is said; as ``Rulebook.one`` looks it up."""
        try:
            return self.rulebook.maybe(schema, *subjects)
        except RuleViolation as refusal:
            found = self.rulebook.rule(refusal.rule.id)
            return found if isinstance(found, Silent) else None

    def firm(self, schema: type[R], *subjects: str) -> R | None:
        """Return the rule, or None where nothing is said or the matter is left open."""
        found = self.ask(schema, *subjects)
        return None if isinstance(found, Silent) else found

    def gap(self, schema: type[R], *subjects: str) -> Word | None:
        """Return the topic as a word where no rule speaks, with the article that leaves it open."""
        found = self.ask(schema, *subjects)
        if isinstance(found, Silent):
            return Word("topic", topic_of(schema), found.article)
        return Word("topic", topic_of(schema), NOWHERE) if found is None else None

    def ballots(self, kind: MotionKind) -> tuple[BallotRule, ...]:
        """Return how a kind is voted, as far as rules say: as one proposal, then on several options."""
        found = (self.firm(BallotRule, subject) for subject in (kind, several_options(kind)))
        return tuple(each for each in found if each is not None)

    def deciding(self, kind: MotionKind) -> Iterator[Session]:
        """Yield the sessions that may decide a kind, as far as competence goes."""
        competence = self.firm(Competence, kind)
        for session in self.sessions.values():
            competent = competence is None or session.session in competence.sessions
            if competent and self._makes(kind, session):
                yield session

    def _makes(self, kind: MotionKind, session: Session) -> bool:
        """Tell whether a session is the one that makes internal rules, for motions that do."""
        rule = self.firm(InternalRules) if kind == "internal_rules" else None
        if rule is None:
            return True
        if isinstance(rule.by, AssemblyParty):
            return rule.by.session == session.session
        return rule.by.body == session.body

    def session_title(self, name: Slug) -> str:
        """Return what the statutes call a session; its id where they have none such."""
        return self.sessions[name].title if name in self.sessions else name

    def body_title(self, name: Slug) -> str:
        """Return what the statutes call a body; its id where they have none such."""
        return self.bodies[name].title if name in self.bodies else name

    def words(self, rule: Rule | Silent) -> str:
        """Return the words of the statutes that a rule quotes, on one line; empty where it quotes none."""
        if rule.span is None:
            return ""
        quoted = self.statutes[rule.span.start : rule.span.end]
        return " ".join(quoted.decode("utf-8", "replace").split())
