"""The completeness list: what the rules of an association are expected to speak about.

The headings are those of CommunityRule, a questionnaire for communities that write their rules
(https://communityrule.info/); the questions are ours. Two headings are for the text alone: no rule of a
rulebook carries them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.findings import Finding, Inquiry, Word, finding
from backend.domain.rulebook.rule import Rule
from backend.domain.rulebook.topics import Silent, Topic, places

Heading = Literal[
    "structure", "mission", "values", "legal", "membership", "removal", "roles", "limits", "rights",
    "decision", "implementation", "oversight", "deliberation", "access", "economics", "grievances",
    "records", "modification",
]  # fmt: skip
"""Headings of CommunityRule."""

Answer = Literal["answered", "silent", "missing", "text"]
"""Rules answer; they say the matter is open; nothing is said; only the text can answer."""


@dataclass(frozen=True, slots=True)
class Item:
    """One heading of the list."""

    heading: Heading
    """The heading."""
    topics: tuple[Topic, ...]
    """Topics of which one at least answers it; none where only the text can."""


CHECKLIST: tuple[Item, ...] = (
    Item("structure", ("body", "session")),
    Item("mission", ()),
    Item("values", ()),
    Item("legal", ("dissolution", "licence", "engagement")),
    Item("membership", ("voting_right", "admission", "centres")),
    Item("removal", ("loss", "due_process", "appeal")),
    Item("roles", ("designation", "custody", "casting_vote")),
    Item("limits", ("term", "renewal", "revocation", "incompatibility", "absence", "minimum_age")),
    Item("rights", ("initiative", "data_rights", "proxies", "on_request")),
    Item("decision", ("ballot", "quorum", "majority", "tie", "tie_break", "early_close")),
    Item("implementation", ("effect", "internal_rules", "agenda_duty")),
    Item("oversight", ("revocation", "agenda_duty", "levels", "periodicity")),
    Item("deliberation", ("deliberation", "agenda_binding", "notice")),
    Item("access", ("channels", "convocation", "notice")),
    Item("economics", ("shares", "valuation", "dues")),
    Item("grievances", ("escalation", "sanctions", "due_process", "appeal", "contestation")),
    Item("records", ("custody", "minutes", "notice")),
    Item("modification", ("effect", "internal_rules")),
)
"""The list, in the order of CommunityRule."""


@dataclass(frozen=True, slots=True)
class Review:
    """How a rulebook answers a heading."""

    item: Item
    """The heading."""
    answer: Answer
    """How it is answered."""
    articles: tuple[str, ...]
    """Articles that answer it, or leave it open, in the order of the rulebook."""


def review(rulebook: Rulebook) -> tuple[Review, ...]:
    """Return how a rulebook answers the list, in its order."""
    return tuple(_review(rulebook, item) for item in CHECKLIST)


def lint_completeness(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield a finding for each heading about which neither a rule nor a silence says anything."""
    for each in review(inquiry.rulebook):
        if each.answer == "missing":
            yield finding(
                "checklist.missing",
                "incomplete",
                values={
                    "heading": Word("item", each.item.heading),
                    "topics": tuple(Word("topic", topic) for topic in each.item.topics),
                },
            )


def _review(rulebook: Rulebook, item: Item) -> Review:
    if not item.topics:
        return Review(item, "text", ())
    # What changes the statutes is an effect, and so is everything else: the heading asks for that one.
    special = item.heading == "modification"
    firm = [
        rule
        for rule in rulebook.every(Rule)
        if _topics(rule) & set(item.topics) and not (special and not _modifies(rule))
    ]
    if firm:
        return Review(item, "answered", tuple(dict.fromkeys(rule.article for rule in firm)))
    silent = [rule for rule in rulebook.silences() if rule.matter in item.topics]
    articles = tuple(dict.fromkeys(rule.article for rule in silent))
    return Review(item, "silent" if silent else "missing", articles)


def _topics(rule: Rule | Silent) -> set[str]:
    return {topic for topic, _ in places(rule)}


def _modifies(rule: Rule) -> bool:
    effects: tuple[str, ...] = getattr(rule, "effects", ("statutes",))
    return bool({"statutes", "interpretation"} & set(effects))
