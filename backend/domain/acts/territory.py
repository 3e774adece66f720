"""Acts on the places of a territory, from the smallest to the largest, and on who belongs to which."""

from typing import ClassVar

from backend.domain.acts.vocabulary import Act, MemberId, Slug, Title


class PlaceRegistered(Act, frozen=True):
    """A place is entered, at one of the levels that the statutes name."""

    act: ClassVar[str] = "place.registered"
    place: Slug
    """Id of the place."""
    name: Title
    """Its name in the language of the statutes."""
    level: Slug
    """Its level."""
    within: Slug | None = None
    """The place of a higher level in which it lies; None for a place of the highest level."""


class MemberPlaced(Act, frozen=True):
    """A member belongs to a place from here on, and to everything in which that lies."""

    act: ClassVar[str] = "member.placed"
    member: MemberId
    """Who."""
    place: Slug
    """The place."""


TerritoryAct = PlaceRegistered | MemberPlaced
"""Every act on places."""
