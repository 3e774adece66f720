"""Decisions: quorums, majorities, ties, secrecy, proxies and competences that do not fit (L2, L3)."""

from collections.abc import Iterator
from itertools import combinations, product

from backend.domain.acts import MotionKind
from backend.domain.rulebook.bodies import CastingVote
from backend.domain.rulebook.findings import NOWHERE, Finding, Inquiry, Value, Word, finding
from backend.domain.rulebook.lint_contests import casting_votes
from backend.domain.rulebook.order import InternalRules
from backend.domain.rulebook.rule import AssemblyParty, Rule, ShareParty, Threshold
from backend.domain.rulebook.sessions import (
    Channels,
    Competence,
    Convocation,
    OnRequest,
    Proxies,
    Quorum,
    Session,
)
from backend.domain.rulebook.topics import crossings, topic_of
from backend.domain.rulebook.voting import (
    BallotRule,
    Contestation,
    EffectRule,
    Initiative,
    Majority,
    Tie,
    TieBreak,
)

_Crossed = Majority | Quorum | Tie | TieBreak
"""Rules that govern kinds of motion in sessions."""


def lint_decisions(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about how decisions are taken."""
    yield from _thresholds(inquiry)
    yield from _overlaps(inquiry)
    yield from _bases(inquiry)
    yield from _ties(inquiry)
    yield from _ballots(inquiry)
    yield from _proxies(inquiry)
    yield from _bypasses(inquiry)
    yield from _hierarchy(inquiry)
    yield from _contests(inquiry)


def _thresholds(inquiry: Inquiry) -> Iterator[Finding]:
    for rule, threshold in _stated(inquiry):
        if threshold.strict and threshold.fraction.num == threshold.fraction.den:
            yield finding("threshold.impossible", "contradiction", rule, values={"rule": rule.id})
    for session in inquiry.sessions.values():
        size = _size(inquiry, session.body)
        for rule in inquiry.rulebook.every(Majority):
            if size is not None and session.session in rule.sessions:
                yield from _small(rule, rule.threshold, size, session.title)
    for call in inquiry.rulebook.every(Convocation):
        for party in call.by:
            size = _size(inquiry, party.body) if isinstance(party, ShareParty) else None
            if isinstance(party, ShareParty) and party.body is not None and size is not None:
                yield from _small(call, party.threshold, size, inquiry.body_title(party.body))


def _stated(inquiry: Inquiry) -> Iterator[tuple[Rule, Threshold]]:
    stated: list[Quorum | Majority | OnRequest] = [
        *inquiry.rulebook.every(Quorum),
        *inquiry.rulebook.every(Majority),
        *inquiry.rulebook.every(OnRequest),
    ]
    for rule in stated:
        yield rule, rule.threshold
    for initiative in inquiry.rulebook.every(Initiative):
        if initiative.support is not None:
            yield initiative, initiative.support
    for call in inquiry.rulebook.every(Convocation):
        for party in call.by:
            if isinstance(party, ShareParty):
                yield call, party.threshold


def _size(inquiry: Inquiry, body: str | None) -> int | None:
    """Return how many holders a body has at most, or None where there is no bound."""
    known = inquiry.bodies.get(body) if body is not None else None
    maxima = [seat.maximum for seat in known.seats] if known is not None else [None]
    bounds = [each for each in maxima if each is not None]
    return sum(bounds) if len(bounds) == len(maxima) else None


def _small(rule: Rule, threshold: Threshold, size: int, group: str) -> Iterator[Finding]:
    """A share of so few that it means all of them, though it says less."""
    least, fraction = threshold.least(size), threshold.fraction
    if least >= size and fraction.num < fraction.den:
        yield finding(
            "threshold.unanimity",
            "unreachable" if least > size else "incomplete",
            rule,
            values={"article": rule.article, "group": group, "size": str(size)},
        )


def _overlaps(inquiry: Inquiry) -> Iterator[Finding]:
    """Two rules of which neither is the special one: one on a session, one on a kind (R3)."""
    for schema in (Majority, Quorum, Tie, TieBreak):
        rules: tuple[_Crossed, ...] = inquiry.rulebook.every(schema)
        for one, other in combinations(rules, 2):
            for first, second in ((one, other), (other, one)):
                if not (first.sessions and not first.motions and second.motions):
                    continue
                if second.sessions or _apart(first, second):
                    continue
                yield finding(
                    "overlap",
                    "incomplete",
                    first,
                    second,
                    values={
                        "rule": first.id,
                        "other": second.id,
                        "topic": Word("topic", topic_of(schema)),
                        "sessions": tuple(
                            Word("session", inquiry.session_title(each)) for each in first.sessions
                        ),
                        "kinds": tuple(Word("kind", each) for each in second.motions),
                    },
                )


def _apart(first: _Crossed, second: _Crossed) -> bool:
    """Tell whether two quorums are for different rounds."""
    if not (isinstance(first, Quorum) and isinstance(second, Quorum)):
        return False
    return None not in (first.round, second.round) and first.round != second.round


def _bases(inquiry: Inquiry) -> Iterator[Finding]:
    """Bases that count who is there, where nobody is; and quorums of nobody."""
    for session in inquiry.sessions.values():
        channels = inquiry.firm(Channels, session.session)
        for rule in inquiry.rulebook.every(Quorum):
            if session.session not in rule.sessions and rule.sessions:
                continue
            none = rule.threshold.fraction.num == 0
            if rule.base != "voters" and not none and channels and "room" not in channels.channels:
                yield finding(
                    "quorum.presence",
                    "incomplete",
                    rule,
                    channels,
                    values={"session": session.title, "article": rule.article},
                )
            if none and rule.round != 2:
                yield finding(
                    "quorum.none",
                    "incomplete",
                    rule,
                    values={"session": session.title, "article": rule.article},
                )


def _ties(inquiry: Inquiry) -> Iterator[Finding]:
    used = {vote.id for vote in casting_votes(inquiry)}
    for session in inquiry.sessions.values():
        kinds = [kind for kind in inquiry.kinds if session in inquiry.deciding(kind)]
        ties = (inquiry.firm(Tie, *crossings(session.session, kind)) for kind in kinds)
        casting = [tie for tie in dict.fromkeys(ties) if tie and tie.resolution == "casting_vote"]
        vote = inquiry.firm(CastingVote, session.body) if session.body is not None else None
        if casting and vote is None:
            yield finding(
                "tie.no_casting_vote", "contradiction", *casting, values={"session": session.title}
            )
        if casting and vote is not None:
            used.add(vote.id)
            secret = [kind for kind in kinds if _secret(inquiry, kind)]
            if secret:
                yield finding(
                    "casting_vote.secret",
                    "incomplete",
                    vote,
                    values={
                        "session": session.title,
                        "article": vote.article,
                        "kinds": tuple(Word("kind", kind) for kind in secret),
                    },
                )
    for vote in inquiry.rulebook.every(CastingVote):
        if vote.id not in used:
            yield finding("casting_vote.unused", "unreachable", vote, values={"rule": vote.id})


def _secret(inquiry: Inquiry, kind: MotionKind) -> bool:
    ballot = inquiry.firm(BallotRule, kind)
    return ballot is not None and ballot.secrecy == "secret"


def _ballots(inquiry: Inquiry) -> Iterator[Finding]:
    hasty: dict[str, tuple[BallotRule, list[Value]]] = {}
    voted = [(kind, ballot) for kind in inquiry.kinds for ballot in inquiry.ballots(kind)]
    for (kind, ballot), session in product(voted, inquiry.sessions.values()):
        channels = inquiry.firm(Channels, session.session)
        if channels is None or session not in inquiry.deciding(kind):
            continue
        if ballot.secrecy == "secret" and "room" not in channels.channels:
            yield finding(
                "ballot.secret_remote",
                "contradiction",
                ballot,
                channels,
                values={"kind": Word("kind", kind), "session": session.title},
            )
        if ballot.minimum_hours == 0 and {"remote", "correspondence"} & set(channels.channels):
            _, titles = hasty.setdefault(ballot.id, (ballot, []))
            if Word("session", session.title) not in titles:
                titles.append(Word("session", session.title))
    for ballot, titles in hasty.values():
        yield finding(
            "ballot.no_time",
            "incomplete",
            ballot,
            values={"article": ballot.article, "sessions": tuple(titles)},
        )


def _proxies(inquiry: Inquiry) -> Iterator[Finding]:
    for rule in inquiry.rulebook.every(Proxies):
        if rule.modality == "must_not" and rule.cap:
            yield finding("proxies.denied_cap", "contradiction", rule, values={"rule": rule.id})
        elif rule.modality != "must_not" and rule.cap == 0:
            yield finding("proxies.cap_zero", "contradiction", rule, values={"rule": rule.id})
        elif rule.modality != "must_not" and rule.cap is None:
            yield finding("proxies.no_cap", "incomplete", rule, values={"article": rule.article})
    for session in inquiry.sessions.values():
        stated: list[Quorum | Majority] = [
            *inquiry.rulebook.every(Quorum),
            *inquiry.rulebook.every(Majority),
        ]
        counted = [
            rule
            for rule in stated
            if rule.base == "present_or_represented" and session.session in rule.sessions
        ]
        proxies = inquiry.firm(Proxies, session.session)
        if counted and session.body is None and (proxies is None or proxies.modality == "must_not"):
            yield finding(
                "represented.nobody",
                "incomplete",
                *counted,
                values={
                    "session": session.title,
                    "gap": inquiry.gap(Proxies, session.session) or Word("topic", "proxies"),
                },
            )


def _bypasses(inquiry: Inquiry) -> Iterator[Finding]:
    """An effect reserved to a session by one kind of motion, and within reach of another kind elsewhere."""
    effects = {kind: inquiry.firm(EffectRule, kind) for kind in inquiry.kinds}
    for reserved, free in product(inquiry.kinds, inquiry.kinds):
        competence, mine, other = (
            inquiry.firm(Competence, reserved),
            effects[reserved],
            effects[free],
        )
        if reserved == free or competence is None or mine is None or other is None:
            continue
        beyond = [
            session
            for session in inquiry.deciding(free)
            if session.session not in competence.sessions
        ]
        for effect in mine.effects:
            if effect in other.effects and beyond:
                yield finding(
                    "competence.bypass",
                    "incomplete",
                    competence,
                    other,
                    values={
                        "effect": Word("effect", effect),
                        "kind": Word("kind", reserved),
                        "free": Word("kind", free),
                        "sessions": tuple(
                            Word("session", inquiry.session_title(each))
                            for each in competence.sessions
                        ),
                        "beyond": tuple(Word("session", each.title) for each in beyond),
                    },
                )


def _hierarchy(inquiry: Inquiry) -> Iterator[Finding]:
    """Internal rules that would settle how the statutes change, or how they are themselves confirmed."""
    rules = inquiry.firm(InternalRules)
    if rules is None:
        return
    assembly = rules.by.session if isinstance(rules.by, AssemblyParty) else None
    maker = (
        inquiry.session_title(rules.by.session)
        if isinstance(rules.by, AssemblyParty)
        else inquiry.body_title(rules.by.body)
    )
    questions: tuple[tuple[MotionKind, str], ...] = (
        ("constituent", "internal_rules.over_statutes"),
        ("ratification", "internal_rules.self_confirmed"),
    )
    for kind, code in questions:
        for session in _sessions_for(inquiry, kind):
            gaps = [
                gap
                for gap in (
                    inquiry.gap(Quorum, *crossings(session.session, kind, 1)),
                    inquiry.gap(Majority, *crossings(session.session, kind)),
                )
                if gap is not None
            ]
            if gaps and assembly != session.session:
                yield finding(
                    code,
                    "incomplete",
                    rules,
                    values={
                        "gaps": tuple(gaps),
                        "maker": maker,
                        "session": session.title,
                    },
                )


def _contests(inquiry: Inquiry) -> Iterator[Finding]:
    """Decisions that nobody knows how long to contest: what shows who voted how is then never destroyed."""
    rules = inquiry.rulebook.every(Contestation)
    unsaid = tuple(
        kind
        for kind in inquiry.kinds
        if any(
            (gap := inquiry.gap(Contestation, *crossings(session.session, kind)))
            and gap.article == NOWHERE
            for session in inquiry.deciding(kind)
        )
    )
    if unsaid and rules:
        kinds = tuple(Word("kind", kind) for kind in unsaid)
        yield finding("contestation.partial", "incomplete", *rules, values={"kinds": kinds})
    elif unsaid:
        yield finding("contestation.missing", "incomplete", values={})


def _sessions_for(inquiry: Inquiry, kind: MotionKind) -> tuple[Session, ...]:
    if inquiry.firm(Competence, kind) is None:
        return ()
    return tuple(inquiry.deciding(kind))
