"""The exact count of a contest, round by round, as a public document that anyone can make again."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import Count, Slug
from backend.domain.errors import InvalidInputError
from backend.domain.methods.contest import OptionMethodName, Order

Figure = Annotated[
    str, Meta(pattern=r"^(0|-?[1-9][0-9]*(/([2-9]|[1-9][0-9]+))?)\Z", max_length=2000)
]
"""An exact number: an integer, or a fraction ``num/den`` in lowest terms with a denominator above 1."""


_NOTHING: Final = "0"


class Round(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One step of a count."""

    votes: dict[Slug, Figure]
    """What each option still in the count has: votes, points or money, as the method says."""
    quota: Figure | None = None
    """What an option needs to be chosen in this round; None where the method asks for none."""
    exhausted: Figure = _NOTHING
    """Votes that count for no option any more; a document leaves it out where there are none."""
    elected: tuple[Slug, ...] = ()
    """Options chosen in this round, in the order of their choice."""
    excluded: tuple[Slug, ...] = ()
    """Options that leave the count in this round, ascending."""
    tied: tuple[Slug, ...] = ()
    """Options between which only the priority chose, ascending; empty where figures did."""


class Tally(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """The result of a count."""

    method: OptionMethodName
    """The method."""
    seats: Count
    """How many options could be chosen."""
    valid: Count
    """Valid ballots."""
    blank: Count = 0
    """Blank ballots, counted apart."""
    void: Count = 0
    """Void papers, counted apart."""
    totals: dict[Slug, Figure]
    """The first figure of every option that a result page shows; the method says which."""
    duels: dict[Slug, dict[Slug, Count]] | None = None
    """For methods of pairwise comparison: voters who prefer the first option to the second."""
    grades: dict[Slug, tuple[Count, ...]] | None = None
    """For majority judgement: number of ballots that give each grade, worst grade first."""
    rounds: tuple[Round, ...] = ()
    """Every step in order; empty where the totals say all."""
    ranking: Order = ()
    """All options, best first, equal ones in one tier; empty where the method ranks nothing."""
    elected: tuple[Slug, ...]
    """Options chosen, in the order of their choice."""
    undecided: tuple[Slug, ...] = ()
    """Options between which figures and priority decide nothing, ascending; empty where all is decided.
    The count then stops: nothing that would need the tie broken is in ``elected``."""


class TieUnresolvedError(Exception):
    """Figures and priority leave options equal where one of them has to be taken.

    Raised and caught within a method, which then returns what it counted so far.

    Args:
        tied: The options, ascending.
    """

    def __init__(self, tied: Iterable[Slug]) -> None:
        self.tied: tuple[Slug, ...] = tuple(sorted(tied))
        super().__init__(self.tied)


def figure(value: Fraction | int) -> Figure:
    """Write an exact number."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{exact.numerator}/{exact.denominator}"


def figures(values: Mapping[Slug, Fraction | int]) -> dict[Slug, Figure]:
    """Write exact numbers, options ascending."""
    return {option: figure(values[option]) for option in sorted(values)}


def format_tally(tally: Tally) -> bytes:
    """Return the canonical bytes of a ``psephos-tally/1`` document."""
    return canonical_json({"format": _FORMAT, "tally": tally_members(tally)})


def tally_members(tally: Tally) -> dict[str, Any]:
    """Return a tally as JSON, as its document says it: what is empty or nothing is left out."""
    members: dict[str, Any] = msgspec.to_builtins(tally)
    for each in members.get("rounds", ()):
        # Defaults are left out by identity, and equal texts need not be the same object.
        if each.get("exhausted") == _NOTHING:
            del each["exhausted"]
    return members


def parse_tally(content: bytes) -> Tally:
    """Read a ``psephos-tally/1`` document.

    Raises:
        InvalidInputError: ``tally.malformed``: not canonical, or outside the schema.
    """
    try:
        parse_canonical(content, what="tally")
        return _DOCUMENT.decode(content).tally
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "tally.malformed", expected="a canonical tally", found=str(error)[:200]
        ) from error


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["psephos-tally/1"]
    tally: Tally


_FORMAT = "psephos-tally/1"
_DOCUMENT = msgspec.json.Decoder(_Document)
