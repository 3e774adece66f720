"""Members: votes, joining, leaving and protection against measures that are missing (L2)."""

from collections.abc import Iterator

from backend.domain.applications import reaches
from backend.domain.rulebook.findings import Finding, Inquiry, Value, Word, finding
from backend.domain.rulebook.membership import (
    Admission,
    Appeal,
    DueProcess,
    Loss,
    Measure,
    Sanctions,
    VotingRight,
)
from backend.domain.rulebook.rule import AssemblyParty


def lint_members(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about members."""
    rights = inquiry.rulebook.every(VotingRight)
    if not any(rule.modality != "must_not" for rule in rights):
        yield finding("votes.nobody", "contradiction", *rights, values={})
    for right in rights:
        if inquiry.ask(Admission, right.member_class) is None:
            yield finding(
                "admission.missing", "incomplete", right, values={"class": right.member_class}
            )
        if inquiry.ask(Loss, f"resignation/{right.member_class}", "resignation/*") is None:
            yield finding(
                "resignation.missing", "incomplete", right, values={"class": right.member_class}
            )
    yield from _assurance(inquiry)
    for admission in inquiry.rulebook.every(Admission):
        yield from _admission(inquiry, admission)
    yield from _protection(inquiry)


def _assurance(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about votes that need an identity check."""
    for right in inquiry.rulebook.every(VotingRight):
        if right.assurance is None:
            continue
        if right.modality == "must_not":
            yield finding(
                "votes.assurance", "contradiction", right, values={"class": right.member_class}
            )
            continue
        admission = inquiry.firm(Admission, right.member_class)
        if admission is None or admission.modality == "must_not":
            continue
        asked = None if admission.checks is None else admission.checks.assurance
        if not reaches(asked, right.assurance):
            yield finding(
                "votes.unchecked",
                "incomplete",
                right,
                admission,
                values={"article": right.article, "class": right.member_class},
            )


def _admission(inquiry: Inquiry, admission: Admission) -> Iterator[Finding]:
    """Yield findings about vouching, and about appeals against a refusal."""
    article: dict[str, Value] = {"article": admission.article}
    voting = [
        right for right in inquiry.rulebook.every(VotingRight) if right.modality != "must_not"
    ]
    if admission.vouchers and not voting:
        yield finding("admission.unvouched", "contradiction", admission, values=article)
    if (admission.appeal_to is None) != (admission.appeal_days == 0):
        yield finding("admission.days", "contradiction", admission, values=article)
    if admission.appeal_to is not None and admission.by is None:
        yield finding("admission.unrefused", "contradiction", admission, values=article)
    if isinstance(admission.appeal_to, AssemblyParty):
        session = inquiry.session_title(admission.appeal_to.session)
        yield finding(
            "admission.unanswered", "unreachable", admission, values={**article, "session": session}
        )


def _protection(inquiry: Inquiry) -> Iterator[Finding]:
    exclusions = [
        rule
        for rule in inquiry.rulebook.every(Loss)
        if rule.cause == "exclusion" and rule.modality != "must_not"
    ]
    left_open = any(
        each.matter == "loss" and "exclusion/*" in each.about
        for each in inquiry.rulebook.silences()
    )
    ladders = inquiry.rulebook.every(Sanctions)
    measures: list[Measure] = []
    if exclusions or left_open:
        measures.append("exclusion")
    if ladders:
        measures.append("sanction")
    for measure in measures:
        rules = exclusions if measure == "exclusion" else ladders
        word = Word("measure", measure)
        if inquiry.ask(DueProcess, measure) is None:
            yield finding("due_process.missing", "unreachable", *rules, values={"measure": word})
        if inquiry.ask(Appeal, measure) is None:
            yield finding("appeal.missing", "incomplete", *rules, values={"measure": word})
    for exclusion in exclusions:
        if exclusion.by is None:
            yield finding(
                "exclusion.nobody", "unreachable", exclusion, values={"article": exclusion.article}
            )
