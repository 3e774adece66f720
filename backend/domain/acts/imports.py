"""Taking over a register that was kept elsewhere."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.domain.acts.vocabulary import Act, CidText

MAX_IMPORTED = 50_000
"""Most members of one import: what is read, compared and committed at once."""


class RegisterImported(Act, frozen=True):
    """Members of a register that was kept elsewhere are members here from now on, without keys."""

    act: ClassVar[str] = "register.imported"
    members: CidText
    """Who: a document ``psephos-import/1``."""
    count: Annotated[int, Meta(ge=1, le=MAX_IMPORTED)]
    """How many."""
