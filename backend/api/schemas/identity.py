"""Checks of electronic identity."""

from typing import Literal

from backend.api.schemas.fields import AnswerModel, RequestModel, SaltHex


class IdentityStartRequest(RequestModel):
    """What shows that an application is one's own."""

    facts_salt: SaltHex
    """Salt of the commitment to the facts of the application, which only its author and the server have."""


class IdentityStartAnswer(AnswerModel):
    """Where to go on."""

    location: str
    """Address of the provider, to open in this browser."""


class IdentityCheckAnswer(AnswerModel):
    """What came of a check."""

    provider: str
    """Name of the provider."""
    assurance: Literal["low", "substantial", "high"]
    """How surely it identified the person (eIDAS)."""
    agrees: bool
    """Whether names and day of birth are those declared, spelling and single errors aside."""
    checked_at: str
    """When."""
