"""What rules are about: every topic, the silence on a topic, and the subjects within it.

A rule governs subjects of its topic (``Rule.subjects``); ``*`` stands for all. A silence holds its
subjects as a rule does.
"""

from collections.abc import Iterator
from itertools import product
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import MotionKind, SessionRound, Slug, Title
from backend.domain.errors import RuleReference
from backend.domain.rulebook.bodies import (
    Absence,
    Body,
    CastingVote,
    CoOption,
    Designation,
    Incompatibility,
    MinimumAge,
    Renewal,
    Revocation,
    Term,
)
from backend.domain.rulebook.membership import (
    Admission,
    Appeal,
    Centres,
    DataRights,
    DueProcess,
    Dues,
    Levels,
    Loss,
    Sanctions,
    VotingRight,
)
from backend.domain.rulebook.order import (
    Custody,
    Dissolution,
    Engagement,
    Escalation,
    InternalRules,
    Licence,
    Shares,
    ValuationRule,
)
from backend.domain.rulebook.rule import Article, Rule, Span
from backend.domain.rulebook.sessions import (
    Adjournment,
    AgendaBinding,
    AgendaDuty,
    Channels,
    Competence,
    Convocation,
    Minutes,
    Notice,
    OnRequest,
    Periodicity,
    Proxies,
    Quorum,
    SecondConvocation,
    Session,
)
from backend.domain.rulebook.voting import (
    BallotRule,
    Contestation,
    Deliberation,
    EarlyClose,
    EffectRule,
    Initiative,
    Majority,
    Tie,
    TieBreak,
)

Topic = Literal[
    "voting_right", "admission", "loss", "due_process", "appeal", "sanctions", "levels", "data_rights",
    "centres",
    "dues",
    "body", "term", "renewal", "designation", "co_option", "revocation", "incompatibility", "casting_vote",
    "absence", "minimum_age",
    "session", "periodicity", "agenda_duty", "convocation", "on_request", "notice", "agenda_binding",
    "channels", "competence", "quorum", "second_convocation", "proxies", "adjournment", "minutes",
    "initiative", "effect", "deliberation", "ballot", "majority", "tie",
    "tie_break", "early_close", "contestation",
    "custody", "internal_rules", "shares", "engagement", "escalation", "licence", "dissolution", "valuation",
]  # fmt: skip
"""Matters a rule is about, and on which statutes may be silent."""


class Silent(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="topic",
    tag="silent",
    omit_defaults=True,
):
    """The statutes leave a matter open."""

    id: Slug
    """Id, unique in the rulebook."""
    article: Article
    """Article that should have said."""
    span: Span | None = None
    """The words nearest to the gap, in the text the rulebook names; None where nothing is quoted."""
    matter: Topic
    """The matter left open."""
    about: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    """Subjects left open, as ``Rule.subjects`` writes them for the topic; empty for all."""
    settled_by: Title
    """What would settle it, in the language of the statutes."""

    def reference(self) -> RuleReference:
        """Return how refusals name this silence."""
        return RuleReference(self.id, self.article)

    def subjects(self) -> tuple[str, ...]:
        """Return the subjects left open; ``*`` for all."""
        return self.about or ("*",)


FirmRule = (
    VotingRight | Admission | Loss | DueProcess | Appeal | Sanctions | Levels | DataRights
    | Centres
    | Dues
    | Body | Term | Renewal | Designation | CoOption | Revocation | Incompatibility | CastingVote | Absence
    | MinimumAge
    | Session | Periodicity | AgendaDuty | Convocation | OnRequest | Notice | AgendaBinding | Channels
    | Competence | Quorum | SecondConvocation | Proxies | Adjournment | Minutes
    | Initiative | EffectRule | Deliberation | BallotRule | Majority | Tie
    | TieBreak | EarlyClose | Contestation
    | Custody | InternalRules | Shares | Engagement | Escalation | Licence | Dissolution | ValuationRule
)  # fmt: skip
"""Every kind of rule that says something."""

AnyRule = FirmRule | Silent
"""Every kind of rule."""

DENIABLE = (
    VotingRight | Admission | Loss | Appeal | Renewal | CoOption | Revocation | Proxies | Adjournment
    | OnRequest | SecondConvocation | EarlyClose
)  # fmt: skip
"""Rules that mean something with ``must_not``; any other would grant what it claims to forbid."""


def topic_of(schema: type[Rule]) -> str:
    """Return the topic of a kind of rule."""
    return str(schema.__struct_config__.tag)


def places(rule: Rule | Silent) -> Iterator[tuple[str, str]]:
    """Yield topic and subject of everything a rule governs, or leaves open."""
    topic = rule.matter if isinstance(rule, Silent) else topic_of(type(rule))
    for subject in rule.subjects():
        yield topic, subject


def crossings(
    session: Slug, kind: MotionKind, round_: SessionRound | None = None
) -> tuple[str, ...]:
    """Return the subjects under which a rule may govern a kind in a session, special before general (R3).

    Args:
        session: The session.
        kind: The kind of motion.
        round_: First or second convocation, for topics that distinguish them; None for others.
    """
    if round_ is None:
        return tuple(f"{s}/{k}" for s, k in product((session, "*"), (kind, "*")))
    return tuple(
        f"{s}/{k}/{r}" for s, k, r in product((session, "*"), (kind, "*"), (str(round_), "*"))
    )


def generalised(subject: str) -> Iterator[str]:
    """Yield a subject and everything more general, as ``Rule.subjects`` writes them."""
    for parts in product(*((part, "*") for part in subject.split("/"))):
        yield "/".join(parts)
