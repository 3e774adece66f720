"""References: what a rule names exists, its words are in the text, and it prevails over something (L5)."""

from collections.abc import Iterable, Iterator, Mapping

from anchoring.core.cid import document_cid
from backend.domain.rulebook.articles import article_key
from backend.domain.rulebook.bodies import CastingVote, Incompatibility
from backend.domain.rulebook.findings import Finding, Inquiry, finding
from backend.domain.rulebook.membership import DueProcess, Levels, VotingRight
from backend.domain.rulebook.rule import (
    AssemblyParty,
    BodyParty,
    Rule,
    SeatParty,
    ShareParty,
)
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import AnyRule, places

_Reference = tuple[str, str]
"""What is named (``class``, ``body``, ``seat``, ``session``, ``level``), its id; a seat as ``body/seat``."""

_CLASS_FIELDS = ("classes", "member_class")
_BODY_FIELDS = ("bodies", "within")
_SESSION_FIELDS = ("sessions", "ratified_by")
_PARTY_FIELDS = ("by", "to", "appeal_to")


def lint_references(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about names, quotations and overrides."""
    yield from _text(inquiry)
    yield from _names(inquiry)
    yield from _overrides(inquiry)
    yield from _quotes(inquiry)


def _text(inquiry: Inquiry) -> Iterator[Finding]:
    if document_cid(inquiry.statutes) != inquiry.rulebook.text:
        yield finding("text.other", "contradiction", values={"expected": inquiry.rulebook.text})
    for rule in inquiry.rulebook.rules:
        if article_key(rule.article) not in inquiry.articles:
            yield finding("article.unknown", "contradiction", rule, values={"rule": rule.id})


def _names(inquiry: Inquiry) -> Iterator[Finding]:
    known: Mapping[str, set[str]] = {
        "class": {rule.member_class for rule in inquiry.rulebook.every(VotingRight)},
        "body": set(inquiry.bodies),
        "session": set(inquiry.sessions),
        "level": {level for rule in inquiry.rulebook.every(Levels) for level in rule.levels},
        "seat": {
            f"{body.body}/{seat.seat}" for body in inquiry.bodies.values() for seat in body.seats
        },
    }
    for rule in inquiry.rulebook.every(Rule):
        for what, name in dict.fromkeys(_references(rule)):
            if name not in known[what]:
                yield finding(
                    f"reference.{what}",
                    "contradiction",
                    rule,
                    values={"rule": rule.id, "name": name},
                )


def _references(rule: Rule) -> Iterator[_Reference]:
    for fields, what in (
        (_CLASS_FIELDS, "class"),
        (_BODY_FIELDS, "body"),
        (_SESSION_FIELDS, "session"),
    ):
        for name in fields:
            named = _listed(getattr(rule, name, None))
            yield from ((what, each) for each in named if isinstance(each, str))
    for name in _PARTY_FIELDS:
        for party in _listed(getattr(rule, name, None)):
            yield from _party(party)
    yield from _own(rule)


def _own(rule: Rule) -> Iterator[_Reference]:
    """Yield what only rules of one topic name."""
    match rule:
        case Session(body=body, level=level):
            yield from (("body", body),) if body is not None else ()
            yield from (("level", level),) if level is not None else ()
        case DueProcess(levels=levels):
            for each in levels:
                yield "level", each.level
                yield from _party(each.by)
        case CastingVote():
            yield "seat", f"{rule.seat_body}/{rule.seat}"
        case Incompatibility(seats=seats):
            yield from (("seat", "/".join(each)) for each in seats)
        case _:
            return


def _listed(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _party(party: object) -> Iterator[_Reference]:
    match party:
        case BodyParty(body=body):
            yield "body", body
        case SeatParty(body=body, seat=seat):
            yield "seat", f"{body}/{seat}"
        case AssemblyParty(session=session):
            yield "session", session
        case ShareParty(body=str(body)):
            yield "body", body
        case _:
            return


def _overrides(inquiry: Inquiry) -> Iterator[Finding]:
    rules = {rule.id: rule for rule in inquiry.rulebook.rules if isinstance(rule, Rule)}
    looped: set[str] = set()
    for rule in rules.values():
        if rule.id not in looped and rule.id in (chain := _below(rule.id, rules)):
            looped.update(chain)
            circle = [rules[name] for name in rules if name in chain]
            yield finding(
                "overrides.loop",
                "contradiction",
                *circle,
                values={"rules": tuple(each.id for each in circle)},
            )
        for name in rule.overrides:
            weaker = inquiry.rulebook.rule(name)
            if _topics(rule).isdisjoint(_topics(weaker)):
                yield finding(
                    "overrides.unrelated",
                    "contradiction",
                    rule,
                    weaker,
                    values={"rule": rule.id, "other": name},
                )


def _below(name: str, rules: Mapping[str, Rule]) -> set[str]:
    """Return every rule over which one prevails, directly or through others."""
    below: set[str] = set()
    waiting = [name]
    while waiting:
        rule = rules.get(waiting.pop())
        for each in rule.overrides if rule is not None else ():
            if each not in below:
                below.add(each)
                waiting.append(each)
    return below


def _topics(rule: AnyRule) -> set[str]:
    return {topic for topic, _ in places(rule)}


def _quotes(inquiry: Inquiry) -> Iterator[Finding]:
    length = len(inquiry.statutes)
    for rule in inquiry.rulebook.rules:
        if rule.span is not None and rule.span.end > length:
            yield finding("quote.outside", "contradiction", rule, values={"rule": rule.id})
    bare = [rule for rule in inquiry.rulebook.rules if isinstance(rule, Rule) and rule.span is None]
    if bare:
        yield finding(
            "quote.missing", "documentary", *bare, values={"rules": tuple(each.id for each in bare)}
        )
    used = {article_key(rule.article) for rule in inquiry.rulebook.rules}
    unused = [each.number for key, each in inquiry.articles.items() if key not in used]
    if unused:
        yield finding("article.unused", "documentary", values={"articles": tuple(unused)})
