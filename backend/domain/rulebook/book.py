"""A rulebook: the machine-readable side of the statutes, closed and hashable; every rule names its article.

Where the statutes say nothing the rulebook says so with a ``Silent`` rule: the engine then refuses, names
the article and says what would settle the matter; no default ever stands in. A topic without any rule is
treated the same way.

R1 ids are unique. R2 within a topic a subject has one rule that holds: one that another overrides, or that
was abrogated, does not. R3 the special rule prevails over the general one: a rule on a session over one on
all sessions, then one on a kind of motion over one on all kinds, then one on a round over one on both.
R4 internal rules and interpretations speak where the statutes are silent or say nothing, never against
them. R5 only topics that mean something when denied are denied.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import (
    CidText,
    Effect,
    MemberClass,
    MotionKind,
    SessionRound,
    Slug,
    Title,
    puts_several,
)
from backend.domain.deadlines import TimeZoneName
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.rulebook.membership import (
    Admission,
    VotingRight,
)
from backend.domain.rulebook.rule import Rule
from backend.domain.rulebook.sessions import (
    Quorum,
)
from backend.domain.rulebook.topics import (
    DENIABLE,
    AnyRule,
    FirmRule,
    Silent,
    crossings,
    generalised,
    places,
    topic_of,
)
from backend.domain.rulebook.voting import (
    BallotRule,
    EffectRule,
    Initiative,
    Majority,
    Tie,
    TieBreak,
    several_options,
)

FORMAT = "psephos-rulebook/1"
"""Value of the key ``format``."""

MAX_RULEBOOK_BYTES = 1 << 20
"""Longest rulebook, in bytes: one block of the document profile, so that its CID is its SHA-256."""

MAX_RULES = 1000
"""Most rules of a rulebook: statutes of 300 articles with three rules each."""

R = TypeVar("R", bound=Rule)


class Supplement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that a decision put beside the statutes: internal rules, or an interpretation of an article."""

    kind: Literal["internal_rules", "interpretation"]
    """Which of the two."""
    motion: Slug
    """The motion that was adopted."""
    text: CidText
    """What was adopted, in words."""
    rules: Annotated[tuple[FirmRule, ...], Meta(max_length=100)]
    """What it adds; the articles are those it settles, or its own."""


class Abrogation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that a decision ended."""

    rule: Slug
    """Id of the rule."""
    motion: Slug
    """The motion that was adopted."""


class Rulebook(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True, omit_defaults=True
):
    """The rules of one statutes version, with what decisions added to them since."""

    format: Literal["psephos-rulebook/1"]
    """Format and version of this schema."""
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    """Language of the statutes and of the texts in it."""
    title: Title
    """Name of the rulebook."""
    time_zone: TimeZoneName
    """Time zone in which its days are counted."""
    text: CidText
    """The statutes whose bytes the spans count."""
    rules: Annotated[tuple[AnyRule, ...], Meta(min_length=1, max_length=MAX_RULES)]
    """The rules of the statutes, in the order of the articles."""
    supplements: Annotated[tuple[Supplement, ...], Meta(max_length=MAX_RULES)] = ()
    """What decisions added, oldest first."""
    abrogations: Annotated[tuple[Abrogation, ...], Meta(max_length=MAX_RULES)] = ()
    """What decisions ended, oldest first."""

    def __post_init__(self) -> None:
        every = [*self.rules, *(rule for each in self.supplements for rule in each.rules)]
        ids = {rule.id for rule in every}
        ended = {each.rule for each in self.abrogations}
        overridden = [name for rule in every if isinstance(rule, Rule) for name in rule.overrides]
        firm = [rule for rule in every if not isinstance(rule, Silent | DENIABLE)]
        for broken, message in (
            (len(ids) != len(every), "two rules share an id"),
            (not ids.issuperset(overridden), "a rule overrides one that is not there"),
            (not ids.issuperset(ended), "an abrogation ends a rule that is not there"),
            (any(rule.modality == "must_not" for rule in firm), "this topic cannot be denied"),
            (self._holding is None, "two rules govern the same matter"),
        ):
            if broken:
                raise ValueError(message)

    @cached_property
    def _holding(self) -> dict[tuple[str, str], AnyRule] | None:
        """The rule that holds by topic and subject (R2, R4), or None if two do."""
        ended = {each.rule for each in self.abrogations}
        stated = [rule for rule in self.rules if rule.id not in ended]
        added = [rule for each in self.supplements for rule in each.rules if rule.id not in ended]
        # What decisions add may replace what decisions added, never what the statutes state.
        overridden = {name for rule in stated if isinstance(rule, Rule) for name in rule.overrides}
        replaced = {name for rule in added for name in rule.overrides}
        holding: dict[tuple[str, str], AnyRule] = {}
        for rule in (rule for rule in stated if rule.id not in overridden):
            for place in places(rule):
                if place in holding:
                    return None
                holding[place] = rule
        firm = {place for place, rule in holding.items() if isinstance(rule, Rule)}
        for rule in (rule for rule in added if rule.id not in replaced):
            for topic, subject in places(rule):
                if any((topic, general) in firm for general in generalised(subject)):
                    return None
                holding[topic, subject] = rule
                # A rule without bounds settles what was left open without bounds.
                if not subject.strip("*/") and isinstance(holding.get((topic, "*")), Silent):
                    del holding[topic, "*"]
            firm.update(places(rule))
        return holding

    def every(self, schema: type[R]) -> tuple[R, ...]:
        """Return the rules of a kind that hold, in the order of the statutes, then of the decisions."""
        found = (rule for rule in (self._holding or {}).values() if isinstance(rule, schema))
        return tuple(dict.fromkeys(found))

    def silences(self) -> tuple[Silent, ...]:
        """Return the matters that are still open, in the order of the statutes."""
        found = (rule for rule in (self._holding or {}).values() if isinstance(rule, Silent))
        return tuple(dict.fromkeys(found))

    def rule(self, rule: Slug) -> AnyRule:
        """Return a rule by its id, whether it still holds or not.

        Raises:
            RuleViolation: ``rule.missing`` when there is none.
        """
        for each in (*self.rules, *(one for more in self.supplements for one in more.rules)):
            if each.id == rule:
                return each
        raise _missing(rule)

    def one(self, schema: type[R], *subjects: str) -> R:
        """Return the rule of a kind that holds for the first of some subjects that has one.

        Args:
            schema: The kind.
            subjects: Subjects from the most special to the most general; none for the topic as a whole.

        Raises:
            RuleViolation: ``rule.silent`` where the statutes leave the first subject that is mentioned
                open, ``rule.missing`` where none is mentioned.
        """
        found = self._find(schema, subjects)
        if found is None:
            raise _missing(_asked(schema, subjects))
        if isinstance(found, Silent):
            raise RuleViolation(
                "rule.silent",
                found.reference(),
                expected=found.settled_by,
                found=_asked(schema, subjects),
            )
        return found

    def maybe(self, schema: type[R], *subjects: str) -> R | None:
        """Return the rule as ``one`` does, or None where nothing is said, for rules that add a demand.

        Raises:
            RuleViolation: ``rule.silent`` where the statutes leave the matter open.
        """
        return self.one(schema, *subjects) if self._find(schema, subjects) is not None else None

    def _find(self, schema: type[R], subjects: Sequence[str]) -> R | Silent | None:
        topic = topic_of(schema)
        holding = self._holding or {}
        for subject in subjects or ("",):
            found = holding.get((topic, subject))
            if isinstance(found, schema | Silent):
                return found
        found = holding.get((topic, "*"))
        return found if isinstance(found, schema | Silent) else None

    def voting_right(self, member_class: MemberClass) -> VotingRight:
        """Return the rule that gives or denies the class its vote; see ``one``."""
        return self.one(VotingRight, member_class)

    def admission(self, member_class: MemberClass) -> Admission:
        """Return how the class is admitted; see ``one``."""
        return self.one(Admission, member_class)

    def initiative(self, kind: MotionKind) -> Initiative:
        """Return who may propose the kind; see ``one``."""
        return self.one(Initiative, kind)

    def effect(self, kind: MotionKind) -> EffectRule:
        """Return what the kind may change; see ``one``."""
        return self.one(EffectRule, kind)

    def ballot(self, kind: MotionKind, effect: Effect | None = None) -> BallotRule:
        """Return how the kind is voted; see ``one``.

        Args:
            kind: The kind.
            effect: What the motion would change; None for a motion that is one proposal.
        """
        subject = several_options(kind) if effect and puts_several(effect) else kind
        return self.one(BallotRule, subject)

    def quorum(self, session: Slug, kind: MotionKind, round_: SessionRound) -> Quorum:
        """Return the quorum of a kind in a session on first or second convocation; see ``one``."""
        return self.one(Quorum, *crossings(session, kind, round_))

    def majority(self, session: Slug, kind: MotionKind) -> Majority:
        """Return the majority of a kind in a session; see ``one``."""
        return self.one(Majority, *crossings(session, kind))

    def tie_break(self, session: Slug, kind: MotionKind) -> TieBreak:
        """Return how equal options of a kind are put in order in a session; see ``one``."""
        return self.one(TieBreak, *crossings(session, kind))

    def tie(self, session: Slug, kind: MotionKind) -> Tie:
        """Return what a tie means for a kind in a session; see ``one``."""
        return self.one(Tie, *crossings(session, kind))


def parse_rulebook(content: bytes) -> Rulebook:
    """Read a rulebook document.

    Args:
        content: Canonical JSON, at most ``MAX_RULEBOOK_BYTES``.

    Raises:
        InvalidInputError: Too long, not canonical, or outside the schema.
    """
    if len(content) > MAX_RULEBOOK_BYTES:
        raise InvalidInputError(
            "rulebook.too_long",
            expected=f"at most {MAX_RULEBOOK_BYTES} bytes",
            found=f"{len(content)} bytes",
        )
    try:
        parse_canonical(content, what="rulebook")
        return _RULEBOOKS.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "rulebook.malformed", expected="a canonical rulebook", found=str(error)[:200]
        ) from error


def format_rulebook(rulebook: Rulebook) -> bytes:
    """Return the canonical bytes of a rulebook; ``parse_rulebook`` reads them back."""
    return canonical_json(msgspec.to_builtins(rulebook))


def _asked(schema: type[Rule], subjects: Sequence[str]) -> str:
    topic = topic_of(schema)
    return f"{topic} ({subjects[0]})" if subjects and subjects[0] else topic


def _missing(asked: str) -> RuleViolation:
    return RuleViolation(
        "rule.missing",
        RuleReference("psephos.rulebook", ""),
        expected="a rule, or a rule marked silent",
        found=asked,
    )


_RULEBOOKS = msgspec.json.Decoder(Rulebook)
