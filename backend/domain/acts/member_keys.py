"""Acts on the keys of members: another one, one that ends, the first one, all anew, a representative's."""

from typing import ClassVar

from backend.domain.acts.vocabulary import Act, MemberId
from backend.domain.commitments import Hex32


class KeyBound(Act, frozen=True):
    """A member binds another key; signed with a key in force, then with the new one."""

    act: ClassVar[str] = "key.bound"
    member: MemberId
    """Whose, and who acts."""
    key: Hex32
    """Commitment to the new key."""


class KeyRevoked(Act, frozen=True):
    """A member ends a key; signed with any key in force, the one that ends included."""

    act: ClassVar[str] = "key.revoked"
    member: MemberId
    """Whose, and who acts."""
    key: Hex32
    """Commitment to the key that ends."""


class KeyEnrolled(Act, frozen=True):
    """A member without a key gets the first; signed with it, then by who keeps the registers."""

    act: ClassVar[str] = "key.enrolled"
    member: MemberId
    """Whose."""
    key: Hex32
    """Commitment to the key."""


class KeysRecovered(Act, frozen=True):
    """One key replaces all of a member's; signed by two who keep the registers, then with the new key."""

    act: ClassVar[str] = "keys.recovered"
    member: MemberId
    """Whose."""
    key: Hex32
    """Commitment to the new key."""
    second: MemberId
    """Who keeps the registers and signs beside the author."""


class RepresentativeNamed(Act, frozen=True):
    """An organisation names who acts for it; signed with a key in force, then with the representative's."""

    act: ClassVar[str] = "representative.named"
    member: MemberId
    """The organisation, and who acts."""
    key: Hex32
    """Commitment to the representative's key, from here on the organisation's only one."""
    person: Hex32
    """Commitment to the facts that the representative declared."""


MemberKeyAct = KeyBound | KeyRevoked | KeyEnrolled | KeysRecovered | RepresentativeNamed
"""Every act on the keys of members."""
