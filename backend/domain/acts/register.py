"""Acts on the account of the members: arrears, two records of one person, attested registers."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.domain.acts.vocabulary import Act, Count, MemberId
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day
from backend.domain.quantities import MAX_INTEGER


class ArrearsRecorded(Act, frozen=True):
    """A member owes dues."""

    act: ClassVar[str] = "arrears.recorded"
    member: MemberId
    """Who."""
    since: Day
    """Day on which they fell due; not after the act."""


class ArrearsCleared(Act, frozen=True):
    """A member owes no dues any more."""

    act: ClassVar[str] = "arrears.cleared"
    member: MemberId
    """Who."""


class MembersMerged(Act, frozen=True):
    """Two records are of one person: one of them ends. Signed by its author, then by ``second``."""

    act: ClassVar[str] = "members.merged"
    kept: MemberId
    """The record that stays."""
    dropped: MemberId
    """The record that ends."""
    second: MemberId
    """The other officer who answers for it."""


class RegisterAttested(Act, frozen=True):
    """Those who keep the registers put the fingerprint of the register in the ledger."""

    act: ClassVar[str] = "register.attested"
    at_entry: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
    """Index of the entry after which the register is meant: the last one that changed it."""
    members: Count
    """Members in it: everyone who is active, suspended or in arrears."""
    fingerprint: Hex32
    """SHA-256 of the ``psephos-register/1`` document."""


RegisterAct = ArrearsRecorded | ArrearsCleared | MembersMerged | RegisterAttested
"""Every act on the account of the members."""
