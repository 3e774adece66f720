"""Charts of a count: duels as a matrix, rounds as a flow, grades and totals as bars.

The same count gives the same bytes with the same release of matplotlib: an SVG has no date, and its ids come
from a fixed salt. Exact figures become floats here and only here, for places on paper.

Needs the extra ``charts``. Source: ``svg.hashsalt`` and ``svg.fonttype`` in
https://matplotlib.org/stable/users/explain/customizing.html
"""

import io
import warnings
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from backend.domain.errors import InvalidInputError
from backend.domain.methods.tally import Tally
from backend.domain.recount.labels import Labels
from backend.recount_charts.bars import draw_grades, draw_totals
from backend.recount_charts.flow import draw_flow
from backend.recount_charts.matrix import draw_matrix

ENDINGS: Final = ("svg", "png")
"""Endings of the names of chart files."""

DOTS_PER_INCH: Final = 120
"""Resolution of a PNG: text of 8 points stays readable on a screen."""

_FLOWING: Final = frozenset({"two_round", "instant_runoff", "stv_scottish", "stv_meek"})


def draw_chart(tally: Tally, labels: Labels, ending: str) -> bytes:
    """Draw a count.

    Args:
        tally: The count.
        labels: Names and language.
        ending: One of ``ENDINGS``.

    Raises:
        InvalidInputError: ``recount.chart_format`` for another ending.
    """
    if ending not in ENDINGS:
        raise InvalidInputError("recount.chart_format", expected=" ".join(ENDINGS), found=ending)
    written = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if ending == "svg" else {"Software": None}
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # whatever the reader's own settings are
        mpl.rcParams["svg.hashsalt"] = "psephos"
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["text.parse_math"] = False
        # A name in a script that the font lacks stays text in an SVG; in a PNG boxes stand for it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        _figure(tally, labels).savefig(written, format=ending, metadata=metadata, dpi=DOTS_PER_INCH)
    return written.getvalue()


def _figure(tally: Tally, labels: Labels) -> Figure:
    if tally.duels is not None:
        return draw_matrix(tally, tally.duels, labels)
    if tally.grades is not None:
        return draw_grades(tally, tally.grades, labels)
    if tally.method in _FLOWING and tally.rounds:
        return draw_flow(tally, labels)
    return draw_totals(tally, labels)
