"""Rules on bodies: their seats, how seats are filled, how long, and how they are lost."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import Slug, Title
from backend.domain.deadlines import Duration
from backend.domain.rulebook.rule import AssemblyParty, BodyParty, Founders, Rule

Designator = Founders | BodyParty | AssemblyParty
"""Who fills a seat."""


class Seat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of seat in a body."""

    seat: Slug
    """Its id: ``president``, ``member``."""
    title: Title
    """What the statutes call it."""
    minimum: Annotated[int, Meta(ge=0, le=1000)]
    """Holders there must be."""
    maximum: Annotated[int, Meta(ge=1, le=1000)] | None = None
    """Holders there may be; None for no bound."""


class Body(Rule, frozen=True, kw_only=True, tag="body"):
    """A body exists, with these seats."""

    body: Slug
    """Its id."""
    title: Title
    """What the statutes call it."""
    seats: Annotated[tuple[Seat, ...], Meta(min_length=1, max_length=50)]
    """Its kinds of seat; one is enough."""
    within: Slug | None = None
    """The body among whose members it is chosen; None for all members with a vote."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.body,)


class _OfBodies(Rule, frozen=True, kw_only=True):
    """Root of rules about bodies."""

    bodies: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The bodies."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.bodies


class Term(_OfBodies, frozen=True, kw_only=True, tag="term"):
    """How long a mandate lasts."""

    duration: Duration
    """From the day it is given."""
    holds_over: bool = False
    """Whether holders stay until they are replaced; otherwise the seats are vacant when the term ends."""


class Renewal(_OfBodies, frozen=True, kw_only=True, tag="renewal"):
    """Holders may be chosen again, or must not."""


class Designation(Rule, frozen=True, kw_only=True, tag="designation"):
    """Who fills the seats of bodies, and when this way of filling them is open."""

    bodies: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The bodies."""
    phase: Literal["first", "later"]
    """The first holders, or every one after them."""
    by: Designator
    """Who fills them."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return tuple(f"{body}/{self.phase}" for body in self.bodies)


class CoOption(_OfBodies, frozen=True, kw_only=True, tag="co_option"):
    """Further holders may be taken in for a time after the founding."""

    by: AssemblyParty | BodyParty
    """Who decides."""
    within: Duration
    """How long after the day of the founding."""


class Revocation(_OfBodies, frozen=True, kw_only=True, tag="revocation"):
    """A mandate may be ended before its term by a revocatory motion, or must not be."""

    heard: bool
    """Whether the holder is heard first, as ``DueProcess`` on revocation says."""


class Incompatibility(Rule, frozen=True, kw_only=True, tag="incompatibility"):
    """Seats one person cannot hold together."""

    seats: Annotated[tuple[tuple[Slug, Slug], ...], Meta(min_length=2, max_length=20)]
    """(body, seat) pairs, of which a person holds one at most."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.id,)


class CastingVote(_OfBodies, frozen=True, kw_only=True, tag="casting_vote"):
    """The holder of a seat decides a tie in the body's meetings."""

    seat_body: Slug
    """Body of the seat."""
    seat: Slug
    """The seat."""


class Absence(_OfBodies, frozen=True, kw_only=True, tag="absence"):
    """Missing meetings in a row without excuse may count as leaving (``may``) or does (``must``)."""

    meetings: Annotated[int, Meta(ge=1, le=20)]
    """How many in a row."""


class MinimumAge(_OfBodies, frozen=True, kw_only=True, tag="minimum_age"):
    """Holders have reached an age; the officer who records a mandate attests it."""

    years: Annotated[int, Meta(ge=1, le=120)]
    """Full years."""
