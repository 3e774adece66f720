"""Records that may be of one person."""

from typing import Literal

from backend.api.schemas.fields import AnswerModel, RequestModel


class DuplicateSideAnswer(AnswerModel):
    """One of two records."""

    member: str
    """Pseudonym."""
    status: str
    """``applied``, ``active``, ``resigned`` or ``ended``."""
    facts: dict[str, str]
    """Facts that were declared, empty where they were erased; personal data."""


class DuplicateAnswer(AnswerModel):
    """Two records that may be of one person."""

    id: str
    """Id of the pair."""
    newer: DuplicateSideAnswer
    """The record that was found to resemble the other when it was made."""
    earlier: DuplicateSideAnswer
    """The record that was there."""
    reasons: list[str]
    """What is alike: ``names``, ``names_near``, ``born``, ``born_swapped``, ``born_near``, ``registration``,
    ``document``, ``electronic_identity``, ``email``, ``phone``."""
    edits: int
    """Typing errors between the names."""
    found_at: str
    """When it was found."""
    verdict: Literal["different", "same"] | None
    """What was decided; null while nobody has."""
    decided_by: str | None
    """Pseudonym of who decided."""
    decided_at: str | None
    """When."""
    follow_up: Literal["", "refuse_application", "merge_records"]
    """What somebody has to do after the decision; empty where nothing."""


class VerdictRequest(RequestModel):
    """A decision on two records."""

    verdict: Literal["different", "same"]
    """``different`` for two people, ``same`` for one."""
