"""Members: votes, joining, leaving and protection against measures that are missing (L2)."""

from collections.abc import Iterator

from backend.domain.rulebook.findings import Finding, Inquiry, Word, finding
from backend.domain.rulebook.membership import (
    Admission,
    Appeal,
    DueProcess,
    Loss,
    Measure,
    Sanctions,
    VotingRight,
)


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
    yield from _protection(inquiry)


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
