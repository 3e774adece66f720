"""Grades as stacked bars, and totals as bars, options best first."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from backend.domain.acts import Slug
from backend.domain.methods.tally import Tally
from backend.domain.recount.labels import Labels, decimal
from backend.recount_charts.sheet import (
    NEITHER,
    SMALL,
    WON,
    best_first,
    place_of,
    sheet,
    shortened,
)

_GRADE_COLOURS = "RdYlBu"
_LEGEND_COLUMNS = 5


def draw_grades(tally: Tally, grades: Mapping[Slug, Sequence[int]], labels: Labels) -> Figure:
    """Draw the share of each grade; the line at one half crosses the median grade."""
    options = best_first(tally, labels)
    words = labels.grade_words(tally)
    figure, axes = sheet(tally, labels, width=9, height=1.4 + 0.42 * len(options))
    colours = mpl.colormaps[_GRADE_COLOURS]
    before = [0.0] * len(options)
    # Best grades to the left: where the line falls between two grades, the median is the one to its right.
    for grade in reversed(range(len(words))):
        shares = [100 * grades[each][grade] / max(sum(grades[each]), 1) for each in options]
        axes.barh(
            range(len(options)),
            shares,
            left=before,
            color=colours(0.1 + 0.8 * grade / (len(words) - 1)),
            edgecolor="white",
            label=shortened(words[grade]),
        )
        before = [start + share for start, share in zip(before, shares, strict=True)]
    axes.axvline(50, color="black", linewidth=1)
    names = [
        f"{shortened(labels.names[each])} ({labels.shown(tally, tally.totals[each])})"
        for each in options
    ]
    axes.set_yticks(range(len(options)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("%", fontsize=SMALL)
    columns = min(len(words), _LEGEND_COLUMNS)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.18),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
    )
    return figure


def draw_totals(tally: Tally, labels: Labels) -> Figure:
    """Draw totals, those of the options chosen in another colour."""
    options = best_first(tally, labels)
    figure, axes = sheet(tally, labels, width=8, height=0.8 + 0.38 * len(options))
    bars = axes.barh(
        range(len(options)),
        [place_of(tally.totals[each]) for each in options],
        color=[WON if each in tally.elected else NEITHER for each in options],
    )
    exact = [decimal(tally.totals[each]) for each in options]
    axes.bar_label(bars, exact, padding=3, fontsize=SMALL)
    axes.set_yticks(range(len(options)), [shortened(labels.names[each]) for each in options])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xticks([])
    axes.set_xlabel(labels.word("totals"), fontsize=SMALL)
    return figure
