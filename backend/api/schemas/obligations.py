"""What is read of obligations, explanations and findings."""

from typing import Literal

from backend.api.schemas.fields import AnswerModel


class ObligationAnswer(AnswerModel):
    """Something with a last day, as it stands on the day it was asked about."""

    kind: str
    """What it is: ``session``, ``minutes``, ``mandate``, ``ratification``…"""
    subject: str
    """Id of what it is about."""
    title: str
    """What it is, in the language asked for."""
    detail: str
    """When and why, with the article, in the language asked for."""
    rule: str
    """Id of the rule it rests on."""
    article: str
    """Article of that rule; empty for a built-in rule."""
    first: str
    """First day of its window."""
    last: str
    """Last day of its window."""
    status: Literal["upcoming", "due", "overdue", "done", "lapsed"]
    """Where it stands."""
    duty: bool
    """Whether somebody has to do it; otherwise somebody may."""


class ExplanationAnswer(AnswerModel):
    """Why a decision is valid, in words."""

    motion: str
    """The motion decided."""
    language: Literal["fr", "en"]
    """Language of the sentences; quotes stay in that of the statutes."""
    headline: str
    """The outcome."""
    steps: list[str]
    """One sentence or more for each step of the derivation, in its order."""


class FindingAnswer(AnswerModel):
    """One thing a careful lawyer would say about a rulebook."""

    code: str
    """Stable machine name."""
    severity: Literal[
        "contradiction", "unreachable", "silent", "incomplete", "arithmetic", "documentary"
    ]
    """How it weighs."""
    articles: list[str]
    """Articles concerned."""
    rules: list[str]
    """Rules concerned."""
    text: str
    """What is to be said, in the language asked for."""
