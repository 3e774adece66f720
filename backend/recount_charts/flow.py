"""Rounds as a flow: a column a round, a band for the votes that stay, a knot for those that move.

The tally says what each option has in each round, not which ballot went where. So what options lose between
two rounds runs together in one knot, and what others gain runs out of it: where one option alone loses, these
are its votes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from backend.domain.acts import Slug
from backend.domain.methods.tally import Round, Tally
from backend.domain.recount.labels import Labels, decimal
from backend.recount_charts.sheet import (
    COLOURS,
    DARK,
    NEITHER,
    SMALL,
    best_first,
    place_of,
    sheet,
    shortened,
)

EXHAUSTED: Final = ""
"""Stands for the votes that count for no option any more; no option has this id."""

_COLUMN: Final = 0.3
_NAME_AT: Final = 0.18
_GAP: Final = 0.02
_READABLE: Final = 0.03
_STAYING: Final = 0.45
_MOVING: Final = 0.3
_CHOSEN: Final = " ✓"
_LEAVING: Final = " ✗"


@dataclass(frozen=True, slots=True)
class _Segment:
    """Votes of one option in one round, as a piece of a column."""

    low: float
    votes: float

    @property
    def high(self) -> float:
        return self.low + self.votes


_Column = Mapping[Slug, _Segment]


def draw_flow(tally: Tally, labels: Labels) -> Figure:
    """Draw the votes of every option through the rounds, those of the options chosen below."""
    order = [*best_first(tally, labels), EXHAUSTED]
    columns = _columns(tally.rounds, order)
    figure, axes = sheet(tally, labels, width=4 + 1.9 * len(columns), height=2 + 0.32 * len(order))
    colours = {option: COLOURS[nth % len(COLOURS)] for nth, option in enumerate(order)}
    colours[EXHAUSTED] = NEITHER
    for nth, column in enumerate(columns):
        _draw_column(axes, nth, column, tally.rounds[nth], colours)
        if nth:
            _draw_moves(axes, nth - 1, columns[nth - 1], column, colours)
    _name(axes, columns[0], labels, at=-_NAME_AT, align="right")
    _name(axes, columns[-1], labels, at=len(columns) - 1 + _NAME_AT, align="left")
    axes.set_xticks(
        range(len(columns)), [_title(nth, each, labels) for nth, each in enumerate(tally.rounds)]
    )
    axes.set_yticks([])
    axes.autoscale_view()
    return figure


def _columns(rounds: Sequence[Round], order: Sequence[Slug]) -> list[_Column]:
    whole = max(
        sum(map(place_of, each.votes.values())) + place_of(each.exhausted) for each in rounds
    )
    columns: list[_Column] = []
    for each in rounds:
        votes = {option: place_of(figure) for option, figure in each.votes.items()}
        votes[EXHAUSTED] = place_of(each.exhausted)
        low = 0.0
        column = {}
        for option in order:
            if votes.get(option):
                column[option] = _Segment(low, votes[option])
                low += votes[option] + _GAP * whole
        columns.append(column)
    return columns


def _draw_column(
    axes: Axes, nth: int, column: _Column, each: Round, colours: Mapping[Slug, str]
) -> None:
    whole = sum(segment.votes for segment in column.values())
    for option, segment in column.items():
        corner = (nth - _COLUMN / 2, segment.low)
        axes.add_patch(
            Rectangle(corner, _COLUMN, segment.votes, color=colours[option], linewidth=0)
        )
        if segment.votes >= _READABLE * whole:
            figure = each.exhausted if option == EXHAUSTED else each.votes[option]
            mark = _CHOSEN * (option in each.elected) + _LEAVING * (option in each.excluded)
            middle = (segment.low + segment.high) / 2
            axes.text(
                nth,
                middle,
                f"{decimal(figure)}{mark}",
                color="white" if colours[option] in DARK else "black",
                ha="center",
                va="center",
                fontsize=SMALL,
            )


def _draw_moves(
    axes: Axes, nth: int, before: _Column, after: _Column, colours: Mapping[Slug, str]
) -> None:
    """Bands from one column to the next: what stays runs straight, the rest through the knot."""
    left, right = nth + _COLUMN / 2, nth + 1 - _COLUMN / 2
    none = _Segment(0.0, 0.0)
    lost: list[tuple[Slug, _Segment]] = []
    gained: list[tuple[Slug, _Segment]] = []
    for option in dict.fromkeys([*before, *after]):
        old, new = before.get(option, none), after.get(option, none)
        stays = min(old.votes, new.votes)
        _band(
            axes,
            left,
            _Segment(old.low, stays),
            right,
            _Segment(new.low, stays),
            colours[option],
            _STAYING,
        )
        if old.votes > stays:
            lost.append((option, _Segment(old.low + stays, old.votes - stays)))
        if new.votes > stays:
            gained.append((option, _Segment(new.low + stays, new.votes - stays)))
    middle = (left + right) / 2
    ends = [segment for _, segment in (*lost, *gained)]
    knot = sum((each.low + each.high) / 2 for each in ends) / max(len(ends), 1)
    for sides, edge in ((lost, left), (gained, right)):
        low = knot - sum(segment.votes for _, segment in sides) / 2
        for option, segment in sides:
            _band(
                axes, edge, segment, middle, _Segment(low, segment.votes), colours[option], _MOVING
            )
            low += segment.votes


def _band(
    axes: Axes,
    start: float,
    first: _Segment,
    end: float,
    last: _Segment,
    colour: str,
    strength: float,
) -> None:
    corners = [(start, first.low), (start, first.high), (end, last.high), (end, last.low)]
    if first.votes:
        axes.add_patch(Polygon(corners, color=colour, alpha=strength, linewidth=0))


def _name(axes: Axes, column: _Column, labels: Labels, *, at: float, align: str) -> None:
    for option, segment in column.items():
        name = labels.names[option] if option else labels.word("exhausted")
        middle = (segment.low + segment.high) / 2
        axes.text(at, middle, shortened(name), ha=align, va="center", fontsize=SMALL)


def _title(nth: int, each: Round, labels: Labels) -> str:
    title = f"{labels.word('round')} {nth + 1}"
    return title if each.quota is None else f"{title}\n({decimal(each.quota)})"
