"""The machine-readable side of a statutes version: a closed schema in which every rule names its article.

A rule has an id, an article and a modality. Where the statutes say nothing the rulebook says so with a
``Silent`` rule: the engine then refuses, names the article and says what would settle the matter; no
default ever stands in. A topic without any rule at all is treated the same way.
"""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import MemberClass, MotionKind, Slug, Title
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.quantities import Ratio

FORMAT = "psephos-rulebook/1"
"""Value of the key ``format``."""

MAX_RULEBOOK_BYTES = 1 << 20
"""Longest rulebook, in bytes: one block of the document profile, so that its CID is its SHA-256."""

Article = Annotated[str, Meta(min_length=1, max_length=40)]
"""Number of an article as the statutes print it."""

Modality = Literal["must", "may", "must_not"]
"""Whether the rule obliges, permits or forbids."""

Topic = Literal[
    "voting_right",
    "bureau",
    "admission",
    "resignation",
    "initiative",
    "effect",
    "convocation",
    "ballot",
    "quorum",
    "majority",
    "tie",
    "valuation",
]
"""Matters on which statutes may be silent."""

Motions = Annotated[tuple[MotionKind, ...], Meta(min_length=1)]
"""Kinds of motion a rule governs."""


class Rule(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="topic", omit_defaults=True
):
    """Root of every rule."""

    id: Slug
    """Id, unique in the rulebook."""
    article: Article
    """Article that states it."""
    modality: Modality
    """Whether it obliges, permits or forbids."""

    def reference(self) -> RuleReference:
        """Return how refusals and derivations name this rule."""
        return RuleReference(self.id, self.article)


class VotingRight(Rule, frozen=True, tag="voting_right"):
    """A class of members votes (``may``) or never does (``must_not``)."""

    member_class: MemberClass
    """The class."""


class BureauRule(Rule, frozen=True, tag="bureau"):
    """Who forms the bureau."""

    composition: Literal["founders"]
    """The founders who are still members with a vote."""


class Admission(Rule, frozen=True, tag="admission"):
    """How an applicant of the class becomes a member, or that none does (``must_not``)."""

    member_class: MemberClass
    """The class."""
    by: Literal["right", "bureau"]
    """Whether applying suffices, or the bureau decides."""


class Resignation(Rule, frozen=True, tag="resignation"):
    """A member may leave, or may not (``must_not``)."""


class Initiative(Rule, frozen=True, tag="initiative"):
    """Who may propose motions of the kinds."""

    motions: Motions
    """Kinds governed."""
    classes: Annotated[tuple[MemberClass, ...], Meta(min_length=1)]
    """Classes whose members may propose."""


class EffectRule(Rule, frozen=True, tag="effect"):
    """What motions of the kinds may change."""

    motions: Motions
    """Kinds governed."""
    effects: Annotated[
        tuple[Literal["statutes", "framework", "resolution"], ...], Meta(min_length=1)
    ]
    """Permitted effects."""


class Convocation(Rule, frozen=True, tag="convocation"):
    """Who calls an assembly, how long before, and by which channels it may vote."""

    by: Literal["bureau", "any_member"]
    """Who may call."""
    notice_days: Annotated[int, Meta(ge=0, le=366)]
    """Whole days between convocation and opening, at least."""
    channels: Annotated[tuple[Literal["remote", "room", "correspondence"], ...], Meta(min_length=1)]
    """Permitted channels."""


class BallotRule(Rule, frozen=True, tag="ballot"):
    """How votes on motions of the kinds are cast and counted."""

    motions: Motions
    """Kinds governed."""
    method: Literal["yes_no_abstain"]
    """Counting method."""
    minimum_hours: Annotated[int, Meta(ge=1, le=8784)]
    """Hours the ballot stays open, at least."""
    replaceable: bool
    """Whether a voter may vote again while the ballot is open."""


class Quorum(Rule, frozen=True, tag="quorum"):
    """Share of the electorate that must vote for a decision to be valid."""

    motions: Motions
    """Kinds governed."""
    fraction: Ratio
    """Least share of electors who voted."""


class Majority(Rule, frozen=True, tag="majority"):
    """Share of votes for adoption."""

    motions: Motions
    """Kinds governed."""
    fraction: Ratio
    """Threshold."""
    strict: bool
    """Whether the share must exceed the threshold, or may equal it."""
    base: Literal["valid", "cast", "entitled"]
    """Votes that form the whole: yes and no; those and abstentions; every elector."""


class Tie(Rule, frozen=True, tag="tie"):
    """What equal yes and no votes mean."""

    motions: Motions
    """Kinds governed."""
    resolution: Literal["status_quo"]
    """Nothing changes."""


class ValuationRule(Rule, frozen=True, tag="valuation"):
    """Who may register commons and record observations."""

    classes: Annotated[tuple[MemberClass, ...], Meta(min_length=1)]
    """Classes whose members may."""


class Silent(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="topic", tag="silent"
):
    """The statutes leave a matter open."""

    id: Slug
    """Id, unique in the rulebook."""
    article: Article
    """Article that should have said."""
    matter: Topic
    """The matter left open."""
    settled_by: Title
    """What would settle it, in the language of the statutes."""
    motions: tuple[MotionKind, ...] = ()
    """Kinds of motion concerned; empty for all."""

    def reference(self) -> RuleReference:
        """Return how refusals name this silence."""
        return RuleReference(self.id, self.article)


AnyRule = (
    VotingRight | BureauRule | Admission | Resignation | Initiative | EffectRule | Convocation | BallotRule
    | Quorum | Majority | Tie | ValuationRule | Silent
)  # fmt: skip
"""Every kind of rule."""

_DENIABLE = VotingRight | Admission | Resignation
"""Rules that mean something with ``must_not``; any other would grant what it claims to forbid."""

_R = TypeVar("_R", bound=Rule)


def _governed(rule: AnyRule) -> list[tuple[str, str]]:
    if isinstance(rule, Silent):
        return [(rule.matter, kind) for kind in rule.motions or ("",)]
    topic = str(type(rule).__struct_config__.tag)
    if isinstance(rule, VotingRight | Admission):
        return [(topic, rule.member_class)]
    if isinstance(rule, Initiative | EffectRule | BallotRule | Quorum | Majority | Tie):
        return [(topic, kind) for kind in rule.motions]
    return [(topic, "")]


class Rulebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one statutes version."""

    format: Literal["psephos-rulebook/1"]
    """Format and version of this schema."""
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    """Language of the texts in it."""
    title: Title
    """Name of the rulebook."""
    rules: Annotated[tuple[AnyRule, ...], Meta(min_length=1, max_length=1000)]
    """The rules, in the order of the articles."""

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        governed = [matter for rule in self.rules for matter in _governed(rule)]
        shares = [rule.fraction for rule in self.rules if isinstance(rule, Quorum | Majority)]
        firm = [rule for rule in self.rules if not isinstance(rule, Silent | _DENIABLE)]
        for broken, message in (
            (len(set(ids)) != len(ids), "two rules share an id"),
            (len(set(governed)) != len(governed), "two rules govern the same matter"),
            (any(not 0 <= share.num <= share.den for share in shares), "a share lies in 0 to 1"),
            (any(rule.modality == "must_not" for rule in firm), "this topic cannot be denied"),
        ):
            if broken:
                raise ValueError(message)

    def voting_right(self, member_class: MemberClass) -> VotingRight:
        """Return the rule that gives or denies the class its vote.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(
            VotingRight, lambda rule: rule.member_class == member_class, "voting_right"
        )

    def bureau(self) -> BureauRule:
        """Return the rule on the bureau.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(BureauRule, lambda _: True, "bureau")

    def admission(self, member_class: MemberClass) -> Admission:
        """Return how the class is admitted.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Admission, lambda rule: rule.member_class == member_class, "admission")

    def resignation(self) -> Resignation:
        """Return the rule on leaving.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Resignation, lambda _: True, "resignation")

    def initiative(self, kind: MotionKind) -> Initiative:
        """Return who may propose the kind.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Initiative, lambda rule: kind in rule.motions, "initiative", kind)

    def effect(self, kind: MotionKind) -> EffectRule:
        """Return what the kind may change.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(EffectRule, lambda rule: kind in rule.motions, "effect", kind)

    def convocation(self) -> Convocation:
        """Return the rule on calling assemblies.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Convocation, lambda _: True, "convocation")

    def ballot(self, kind: MotionKind) -> BallotRule:
        """Return how the kind is voted.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(BallotRule, lambda rule: kind in rule.motions, "ballot", kind)

    def quorum(self, kind: MotionKind) -> Quorum:
        """Return the quorum of the kind.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Quorum, lambda rule: kind in rule.motions, "quorum", kind)

    def majority(self, kind: MotionKind) -> Majority:
        """Return the majority of the kind.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Majority, lambda rule: kind in rule.motions, "majority", kind)

    def tie(self, kind: MotionKind) -> Tie:
        """Return what a tie means for the kind.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(Tie, lambda rule: kind in rule.motions, "tie", kind)

    def valuation(self) -> ValuationRule:
        """Return who may register commons and record observations.

        Raises:
            RuleViolation: ``rule.silent`` when no rule says.
        """
        return self._one(ValuationRule, lambda _: True, "valuation")

    def _one(
        self,
        schema: type[_R],
        applies: Callable[[_R], bool],
        matter: Topic,
        kind: MotionKind | None = None,
    ) -> _R:
        for rule in self.rules:
            if isinstance(rule, schema) and applies(rule):
                return rule
        asked = matter if kind is None else f"{matter} ({kind})"
        silences = [rule for rule in self.rules if isinstance(rule, Silent)]
        for silence in (silence for silence in silences if silence.matter == matter):
            if kind is None or not silence.motions or kind in silence.motions:
                raise RuleViolation(
                    "rule.silent", silence.reference(), expected=silence.settled_by, found=asked
                )
        raise RuleViolation(
            "rule.missing",
            RuleReference("psephos.rulebook", ""),
            expected="a rule, or a rule marked silent",
            found=asked,
        )


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


_RULEBOOKS = msgspec.json.Decoder(Rulebook)
