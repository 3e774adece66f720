"""Reach: decisions that no session can take, sessions that nobody can call, bodies that nobody can fill (L2).

Sessions and bodies depend on each other: a council chosen by an assembly that the council calls would never
begin. What can begin is found step by step from the founding; what is left over is out of reach.
"""

from collections.abc import Iterable, Iterator, Sequence

from backend.domain.acts import MotionKind, Slug
from backend.domain.rulebook.bodies import CoOption, Designation, Designator
from backend.domain.rulebook.findings import NOWHERE, Finding, Inquiry, Value, Word, finding
from backend.domain.rulebook.lint_contests import voting_gaps
from backend.domain.rulebook.order import Custody, Dissolution, InternalRules
from backend.domain.rulebook.rule import (
    AnyMember,
    AssemblyParty,
    BodyParty,
    Founders,
    Party,
    SeatParty,
    ShareParty,
)
from backend.domain.rulebook.sessions import (
    Channels,
    Competence,
    Convocation,
    Notice,
    Quorum,
    Session,
)
from backend.domain.rulebook.topics import Silent, crossings
from backend.domain.rulebook.voting import EffectRule, Initiative


def lint_reach(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about what can never happen as the rules stand."""
    yield from _decisions(inquiry)
    yield from _sessions(inquiry)
    yield from _beginnings(inquiry)
    yield from _remedies(inquiry)
    if inquiry.ask(Custody) is None:
        yield finding("custody.missing", "unreachable", values={})


def blockers(inquiry: Inquiry, kind: MotionKind, session: Session) -> tuple[Word, ...]:
    """Return what is missing for a session to decide a kind on first convocation, each with its article."""
    name = session.session
    found = [
        inquiry.gap(Initiative, kind),
        inquiry.gap(EffectRule, kind),
        inquiry.gap(Quorum, *crossings(name, kind, 1)),
        *calling(inquiry, session),
        *voting_gaps(inquiry, kind, session),
    ]
    competence = inquiry.ask(Competence, kind)
    if isinstance(competence, Silent):
        found.append(Word("topic", "competence", competence.article))
    if kind == "dissolution":
        found.append(inquiry.gap(Dissolution))
    if kind in ("internal_rules", "ratification"):
        found.append(inquiry.gap(InternalRules))
    return tuple(each for each in found if each is not None)


def calling(inquiry: Inquiry, session: Session) -> tuple[Word, ...]:
    """Return what is missing for a session to be called, each with its article."""
    name = session.session
    found = (inquiry.gap(schema, name) for schema in (Convocation, Notice, Channels))
    return tuple(each for each in found if each is not None)


def _decisions(inquiry: Inquiry) -> Iterator[Finding]:
    for kind in inquiry.kinds:
        options = [
            (session, blockers(inquiry, kind, session)) for session in inquiry.deciding(kind)
        ]
        if not options:
            competence = inquiry.firm(Competence, kind)
            rules = (competence,) if competence is not None else ()
            yield finding(
                "kind.no_session", "contradiction", *rules, values={"kind": Word("kind", kind)}
            )
        elif all(gaps for _, gaps in options):
            session, gaps = min(options, key=lambda option: len(option[1]))
            yield finding(
                "kind.blocked",
                "unreachable",
                values={"kind": Word("kind", kind), "session": session.title, "gaps": gaps},
            )


def _sessions(inquiry: Inquiry) -> Iterator[Finding]:
    for session in inquiry.sessions.values():
        gaps = calling(inquiry, session)
        if gaps:
            yield finding(
                "session.uncallable",
                "unreachable",
                session,
                values={"session": session.title, "gaps": gaps},
            )


def _beginnings(inquiry: Inquiry) -> Iterator[Finding]:
    filled, callable_sessions = _reachable(inquiry)
    for body in inquiry.bodies.values():
        if body.body not in filled:
            rules = _ways(inquiry, body.body)
            gaps: tuple[Value, ...] = tuple(
                Word("topic", "designation", way.article)
                for way in (inquiry.ask(Designation, f"{body.body}/first"),)
                if isinstance(way, Silent)
            ) or (Word("topic", "designation", NOWHERE),)
            code = "body.out_of_reach" if rules else "body.unfilled"
            yield finding(
                code, "unreachable", body, *rules, values={"body": body.title, "gaps": gaps}
            )
    for session in inquiry.sessions.values():
        rule = inquiry.firm(Convocation, session.session)
        if session.session not in callable_sessions and not calling(inquiry, session) and rule:
            yield finding(
                "session.out_of_reach",
                "unreachable",
                session,
                rule,
                values={"session": session.title},
            )


def _reachable(inquiry: Inquiry) -> tuple[set[Slug], set[Slug]]:
    """Return the bodies that can be filled and the sessions that can be called, from the founding on."""
    filled: set[Slug] = set()
    sessions: set[Slug] = set()
    while True:
        more_bodies = {body for body in inquiry.bodies if _fills(inquiry, body, filled, sessions)}
        more_sessions = {
            name for name, session in inquiry.sessions.items() if _calls(inquiry, session, filled)
        }
        if more_bodies <= filled and more_sessions <= sessions:
            return filled, sessions
        filled |= more_bodies
        sessions |= more_sessions


def _ways(inquiry: Inquiry, body: Slug) -> Sequence[Designation | CoOption]:
    found = (inquiry.firm(Designation, f"{body}/first"), inquiry.firm(CoOption, body))
    return [each for each in found if each is not None and each.modality != "must_not"]


def _fills(inquiry: Inquiry, body: Slug, filled: set[Slug], sessions: set[Slug]) -> bool:
    return any(_designates(inquiry, way.by, filled, sessions) for way in _ways(inquiry, body))


def _designates(inquiry: Inquiry, by: Designator, filled: set[Slug], sessions: set[Slug]) -> bool:
    match by:
        case Founders():
            return True
        case AssemblyParty(session=session):
            return session in sessions
        case BodyParty(body=body):
            meetings = [name for name, each in inquiry.sessions.items() if each.body == body]
            return body in filled and not sessions.isdisjoint(meetings)


def _calls(inquiry: Inquiry, session: Session, filled: set[Slug]) -> bool:
    rule = inquiry.firm(Convocation, session.session)
    if rule is None or calling(inquiry, session):
        return False
    if session.body is not None and session.body not in filled:
        return False
    return _any_acts(rule.by, filled)


def _any_acts(parties: Iterable[Party], filled: set[Slug]) -> bool:
    for party in parties:
        match party:
            case AnyMember() | ShareParty(body=None):
                return True
            case BodyParty(body=body) | SeatParty(body=body) | ShareParty(body=str(body)):
                if body in filled:
                    return True
    return False


def _remedies(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield a finding where nothing can ever settle what is open (L1)."""
    silences = inquiry.rulebook.silences()
    settling = [
        kind
        for rule in inquiry.rulebook.every(EffectRule)
        if {"interpretation", "internal_rules", "statutes"} & set(rule.effects)
        for kind in rule.motions
    ]
    for kind in settling:
        if any(not blockers(inquiry, kind, session) for session in inquiry.deciding(kind)):
            return
    if silences:
        yield finding("silence.without_remedy", "unreachable", values={"count": str(len(silences))})
