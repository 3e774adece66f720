"""What a report on a table says of each row, in French or English."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import MemberId
from backend.domain.errors import GovernanceError
from backend.domain.identity.resemblance import Reason
from backend.domain.messages import Language, message
from backend.services.imports import Report

FindingKind = Literal["broken", "same_person", "similar_person"]
"""A row that cannot be taken in, or that is, or may be, of somebody who is there already."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be said of a row."""

    row: int
    """The row."""
    kind: FindingKind
    """What kind of thing."""
    code: str
    """Code of its wording."""
    other_row: int | None
    """An earlier row that may be of the same person."""
    member: MemberId | None
    """A record of the register that may be."""
    reasons: tuple[Reason, ...]
    """What is alike."""
    title: str
    """A few words."""
    detail: str
    """Why."""
    remedy: str
    """What to do next."""


def findings(report: Report, language: Language) -> Iterator[Finding]:
    """Yield what has to be decided on a report, broken rows first, then by row.

    Args:
        report: The report.
        language: Language of the words.
    """
    for broken in report.broken:
        yield _finding(broken.number, "broken", broken.error, language)
    for each in report.likenesses:
        kind: FindingKind = "same_person" if each.resemblance.exact else "similar_person"
        other = each.other
        yield _finding(
            each.number,
            kind,
            each.error,
            language,
            other_row=other if isinstance(other, int) else None,
            member=None if isinstance(other, int) else other,
            reasons=each.resemblance.reasons,
        )


def _finding(
    row: int,
    kind: FindingKind,
    error: GovernanceError,
    language: Language,
    *,
    other_row: int | None = None,
    member: MemberId | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Finding:
    words = message(error, language)
    return Finding(
        row,
        kind,
        error.code,
        other_row,
        member,
        reasons,
        words.title,
        words.detail,
        words.remedy,
    )
