"""Bodies: seats, terms, ways of filling and emptying them that are missing or do not fit (L2)."""

from collections.abc import Iterator

from backend.domain.rulebook.bodies import (
    Body,
    CoOption,
    Designation,
    Renewal,
    Revocation,
    Term,
)
from backend.domain.rulebook.findings import Finding, Inquiry, Word, finding
from backend.domain.rulebook.membership import DueProcess
from backend.domain.rulebook.rule import AssemblyParty, BodyParty
from backend.domain.rulebook.sessions import Competence


def lint_bodies(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about bodies, in the order of the statutes."""
    for body in inquiry.bodies.values():
        yield from _seats(body)
        yield from _unsaid(inquiry, body)
        yield from _ways(inquiry, body)
        yield from _hearing(inquiry, body)


def _seats(body: Body) -> Iterator[Finding]:
    for seat in body.seats:
        if seat.maximum is not None and seat.maximum < seat.minimum:
            yield finding(
                "seats.bounds",
                "contradiction",
                body,
                values={"body": body.title, "seat": seat.title},
            )


def _unsaid(inquiry: Inquiry, body: Body) -> Iterator[Finding]:
    """A term is needed before a mandate can be given; renewal and revocation are doubts otherwise."""
    if inquiry.ask(Term, body.body) is None:
        yield finding("body.no_term", "unreachable", body, values={"body": body.title})
    unsaid = [
        Word("topic", topic)
        for topic, found in (
            ("designation", inquiry.ask(Designation, f"{body.body}/later")),
            ("renewal", inquiry.ask(Renewal, body.body)),
            ("revocation", inquiry.ask(Revocation, body.body)),
        )
        if found is None
    ]
    if unsaid:
        yield finding(
            "body.unsaid", "incomplete", body, values={"body": body.title, "gaps": tuple(unsaid)}
        )


def _ways(inquiry: Inquiry, body: Body) -> Iterator[Finding]:
    competence = inquiry.firm(Competence, "election")
    ways: tuple[Designation | CoOption | None, ...] = (
        inquiry.firm(Designation, f"{body.body}/first"),
        inquiry.firm(Designation, f"{body.body}/later"),
        inquiry.firm(CoOption, body.body),
    )
    for way in (each for each in ways if each is not None):
        match way.by:
            case AssemblyParty(session=session):
                if competence is not None and session not in competence.sessions:
                    yield finding(
                        "designation.not_competent",
                        "contradiction",
                        way,
                        competence,
                        values={"body": body.title, "session": inquiry.session_title(session)},
                    )
            case BodyParty(body=electing):
                meetings = [each for each in inquiry.sessions.values() if each.body == electing]
                if not meetings:
                    yield finding(
                        "designation.no_meeting",
                        "unreachable",
                        way,
                        values={"body": body.title, "electing": inquiry.body_title(electing)},
                    )
            case _:
                continue


def _hearing(inquiry: Inquiry, body: Body) -> Iterator[Finding]:
    rule = inquiry.firm(Revocation, body.body)
    if rule is None or rule.modality == "must_not":
        return
    if rule.heard and inquiry.ask(DueProcess, "revocation") is None:
        yield finding("revocation.no_hearing", "unreachable", rule, values={"body": body.title})
    if not rule.heard:
        yield finding(
            "revocation.unheard",
            "incomplete",
            rule,
            values={"body": body.title, "article": rule.article},
        )
