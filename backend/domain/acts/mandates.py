"""Acts of those who hold seats; how seats are filled and taken back is decided by motions."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.domain.acts.vocabulary import Act, Slug


class MandateResigned(Act, frozen=True):
    """A holder gives a seat back."""

    act: ClassVar[str] = "mandate.resigned"
    mandate: Slug
    """The mandate."""


class MandateForfeited(Act, frozen=True):
    """A holder who missed meetings in a row without excuse is deemed to have resigned."""

    act: ClassVar[str] = "mandate.forfeited"
    mandate: Slug
    """The mandate."""
    meetings: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The meetings missed, in the order in which they were held."""


MandateAct = MandateResigned | MandateForfeited
"""Every act of holders of seats."""
