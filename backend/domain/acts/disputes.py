"""Acts on disputes between parties to an agreement, which climb a ladder of remedies."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts.vocabulary import Act, CidText, MemberId, Slug, Title

EscalationStep = Literal["crisis_meeting", "mediation", "exit_plan"]
"""Steps that a ladder of remedies may have."""


class DisputeOpened(Act, frozen=True):
    """A party puts a dispute on the first step."""

    act: ClassVar[str] = "dispute.opened"
    dispute: Slug
    """Id of the dispute."""
    parties: Annotated[tuple[MemberId, ...], Meta(min_length=2, max_length=100)]
    """Those concerned, the one who opens it among them."""
    grounds: CidText
    """What it is about, UTF-8."""


class ExitAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an exit plan meets one of the goals that the agreement sets."""

    goal: Title
    """The goal, as the agreement words it."""
    answer: Title
    """What the plan does about it."""


class DisputeAdvanced(Act, frozen=True):
    """The step before did not settle the dispute: the next one begins."""

    act: ClassVar[str] = "dispute.advanced"
    dispute: Slug
    """The dispute."""
    step: EscalationStep
    """The step that begins."""
    text: CidText
    """What was tried, and what is asked for now, UTF-8."""
    plan: Annotated[tuple[ExitAnswer, ...], Meta(max_length=20)] = ()
    """An answer to every goal, where the step is the exit plan; empty otherwise."""


class DisputeSettled(Act, frozen=True):
    """The parties agree that it is over; each signs."""

    act: ClassVar[str] = "dispute.settled"
    dispute: Slug
    """The dispute."""
    text: CidText
    """How, UTF-8."""


DisputeAct = DisputeOpened | DisputeAdvanced | DisputeSettled
"""Every act on disputes."""
