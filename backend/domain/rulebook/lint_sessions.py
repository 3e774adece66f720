"""Sessions: times, channels, rounds and notices that do not fit together (L2, L3)."""

from collections.abc import Iterator

from backend.domain.rulebook.bodies import Designation, Term
from backend.domain.rulebook.findings import NOWHERE, Finding, Inquiry, Word, finding
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.rulebook.sessions import (
    Adjournment,
    AgendaDuty,
    Channels,
    Competence,
    Minutes,
    Notice,
    Periodicity,
    Proxies,
    Quorum,
    SecondConvocation,
    Session,
)
from backend.domain.rulebook.topics import Silent, crossings

_SHORTEST_MONTH = 28
_SHORTEST_YEAR = 365


def lint_sessions(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about sessions, in the order of the statutes."""
    for session in inquiry.sessions.values():
        yield from _calendar(inquiry, session)
        yield from _unsaid(inquiry, session)
        yield from _rounds(inquiry, session)
        yield from _duty(inquiry, session)
        yield from _level(inquiry, session)
    yield from _notices(inquiry)
    yield from _correspondence(inquiry)
    yield from _gaps(inquiry)


def _calendar(inquiry: Inquiry, session: Session) -> Iterator[Finding]:
    rule = inquiry.ask(Periodicity, session.session)
    if rule is None and session.form == "ordinary":
        yield finding("session.no_period", "incomplete", session, values={"session": session.title})
    if isinstance(rule, Periodicity) and rule.first_month > rule.last_month:
        yield finding("session.months", "contradiction", rule, values={"session": session.title})


def _level(inquiry: Inquiry, session: Session) -> Iterator[Finding]:
    """What the few of one place might decide for all, because nothing says which session decides it."""
    if session.level is None:
        return
    if session.body is not None:
        yield finding(
            "session.level_body", "contradiction", session, values={"session": session.title}
        )
    kinds = [kind for kind in inquiry.kinds if inquiry.ask(Competence, kind) is None]
    if kinds:
        yield finding(
            "session.level_reach",
            "incomplete",
            session,
            values={
                "session": session.title,
                "kinds": tuple(Word("kind", kind) for kind in kinds),
            },
        )


def _unsaid(inquiry: Inquiry, session: Session) -> Iterator[Finding]:
    """What members ask about an assembly, and nothing says; the engine refuses it."""
    name = session.session
    gaps = [inquiry.gap(schema, name) for schema in (Minutes, Proxies, Adjournment)]
    unsaid = tuple(Word("topic", gap.key) for gap in gaps if gap and gap.article == NOWHERE)
    if unsaid and session.body is None:
        yield finding(
            "session.unsaid",
            "incomplete",
            session,
            values={"session": session.title, "gaps": unsaid},
        )


def _notices(inquiry: Inquiry) -> Iterator[Finding]:
    for rule in inquiry.rulebook.every(Notice):
        if rule.days and not rule.proven:
            yield finding("notice.unproven", "incomplete", rule, values={"article": rule.article})


def _rounds(inquiry: Inquiry, session: Session) -> Iterator[Finding]:
    name, second = session.session, inquiry.firm(SecondConvocation, session.session)
    rounds = [
        rule
        for rule in inquiry.rulebook.every(Quorum)
        if rule.round == 2 and (name in rule.sessions or not rule.sessions)
    ]
    if second is None:
        if rounds and not isinstance(inquiry.ask(SecondConvocation, name), Silent):
            yield finding(
                "round.no_second", "contradiction", *rounds, values={"session": session.title}
            )
        return
    longest = (
        (second.within.years * _SHORTEST_YEAR)
        + (second.within.months * _SHORTEST_MONTH)
        + second.within.days
    )
    if second.notice_days > longest:
        yield finding("round.window", "contradiction", second, values={"session": session.title})
    kinds = [kind for kind in inquiry.kinds if session in inquiry.deciding(kind)]
    without = [
        Word("kind", kind)
        for kind in kinds
        if inquiry.firm(Quorum, *crossings(name, kind, 2)) is None
    ]
    if without:
        yield finding(
            "round.no_quorum",
            "unreachable",
            second,
            values={"session": session.title, "kinds": tuple(without)},
        )


def _duty(inquiry: Inquiry, session: Session) -> Iterator[Finding]:
    """A duty to decide what the session is not competent for can never be met."""
    duty = inquiry.firm(AgendaDuty, session.session)
    for kind in duty.motions if duty is not None else ():
        competence = inquiry.firm(Competence, kind)
        if duty is not None and competence and session.session not in competence.sessions:
            yield finding(
                "duty.not_competent",
                "contradiction",
                duty,
                competence,
                values={"session": session.title, "kind": Word("kind", kind)},
            )


def _correspondence(inquiry: Inquiry) -> Iterator[Finding]:
    """Voting by post in some assemblies only; and voters by post whom the quorum does not count."""
    assemblies = [each for each in inquiry.sessions.values() if each.body is None]
    rules = {each.session: inquiry.firm(Channels, each.session) for each in assemblies}
    by_post = [
        each
        for each in assemblies
        if (rule := rules[each.session]) is not None and "correspondence" in rule.channels
    ]
    others = [each for each in assemblies if each not in by_post]
    if by_post and others:
        named = [rule for each in by_post if (rule := rules[each.session]) is not None]
        yield finding(
            "channels.correspondence",
            "incomplete",
            *named,
            values={
                "sessions": tuple(Word("session", each.title) for each in by_post),
                "others": tuple(Word("session", each.title) for each in others),
                "article": tuple(dict.fromkeys(rule.article for rule in named)),
            },
        )
    for session in by_post:
        for quorum in inquiry.rulebook.every(Quorum):
            counts = quorum.base != "voters" and quorum.threshold.fraction.num > 0
            if counts and (session.session in quorum.sessions or not quorum.sessions):
                yield finding(
                    "quorum.correspondence",
                    "incomplete",
                    quorum,
                    values={"session": session.title, "article": quorum.article},
                )


def _gaps(inquiry: Inquiry) -> Iterator[Finding]:
    """Terms that may end before the session that fills the seats again is held."""
    for term in inquiry.rulebook.every(Term):
        for body in term.bodies:
            way = inquiry.firm(Designation, f"{body}/later")
            if way is None or not isinstance(way.by, AssemblyParty) or term.holds_over:
                continue
            period = inquiry.firm(Periodicity, way.by.session)
            months = term.duration.years * 12 + term.duration.months
            if period is not None and months <= period.every_years * 12:
                yield finding(
                    "term.gap",
                    "incomplete",
                    term,
                    period,
                    values={
                        "body": inquiry.body_title(body),
                        "session": inquiry.session_title(way.by.session),
                        "article": term.article,
                    },
                )
