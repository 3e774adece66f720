"""Acts about what lies beside the ledger on persons: declared anew, or destroyed."""

from typing import ClassVar, Literal

from backend.domain.acts.vocabulary import Act, MemberId
from backend.domain.commitments import Hex32

ErasureCause = Literal["request", "retention", "order"]
"""Why someone is erased: they ask, the time that the statutes give is over, or an authority orders it."""


class FactsRectified(Act, frozen=True):
    """Someone on the register declares their facts anew; the commitment to the declaration before stays."""

    act: ClassVar[str] = "facts.rectified"
    member: MemberId
    """Who."""
    person: Hex32
    """Commitment to the new declaration."""


class PersonErased(Act, frozen=True):
    """What lay beside the ledger about someone who left is destroyed; it says that, and not about whom."""

    act: ClassVar[str] = "person.erased"
    cause: ErasureCause
    """Why."""
    second: MemberId | None = None
    """Who keeps the registers too and signs besides the author; None where the system acts."""
    subject: Hex32 | None = None
    """Commitment to the pseudonym, which binds both signatures to one person; its salt is kept by nobody.
    None where the system acts."""


PersonAct = FactsRectified | PersonErased
"""Every act about what lies beside the ledger on persons."""
