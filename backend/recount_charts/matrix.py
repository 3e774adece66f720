"""Duels as a matrix: who prefers the row to the column, options best first."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from backend.domain.acts import Slug
from backend.domain.methods.tally import Tally
from backend.domain.recount.labels import Labels
from backend.recount_charts.sheet import LOST, NEITHER, SMALL, WON, best_first, sheet, shortened

_SIDE = 0.94
_FAINTEST = 0.15
_STRONGEST = 0.75


def draw_matrix(tally: Tally, duels: Mapping[Slug, Mapping[Slug, int]], labels: Labels) -> Figure:
    """Draw duels: blue where the row wins, orange where it loses, the greater the lead the stronger."""
    options = best_first(tally, labels)
    size = len(options)
    figure, axes = sheet(tally, labels, width=3.5 + 0.6 * size, height=1 + 0.45 * size)
    for row, first in enumerate(options):
        for column, second in enumerate(options):
            if first != second:
                _draw_duel(axes, column, row, duels[first][second], duels[second][first])
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(size), [str(place) for place in range(1, size + 1)])
    names = (f"{place} {shortened(labels.names[each])}" for place, each in enumerate(options, 1))
    axes.set_yticks(range(size), list(names))
    axes.set_xlabel(labels.word("duels"), fontsize=SMALL)
    return figure


def _draw_duel(axes: Axes, column: int, row: int, ours: int, theirs: int) -> None:
    lead = abs(ours - theirs) / max(ours + theirs, 1)
    colour = NEITHER if ours == theirs else WON if ours > theirs else LOST
    corner = (column - _SIDE / 2, row - _SIDE / 2)
    strength = _FAINTEST + (_STRONGEST - _FAINTEST) * lead
    axes.add_patch(Rectangle(corner, _SIDE, _SIDE, color=colour, alpha=strength, linewidth=0))
    axes.text(column, row, str(ours), ha="center", va="center", fontsize=SMALL)
