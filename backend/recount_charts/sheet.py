"""The sheet every chart is drawn on: title above, who is chosen below, no frame."""

from fractions import Fraction
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backend.domain.acts import Slug
from backend.domain.methods.tally import Figure as Exact
from backend.domain.methods.tally import Tally
from backend.domain.recount.labels import Labels

COLOURS: Final = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f6bb0",
)  # fmt: skip
"""Colours of options, told apart with any colour vision and used again where options are more; the last is
ours. Source: M. Okabe and K. Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/"""

DARK: Final = frozenset({COLOURS[0], COLOURS[2], COLOURS[5], COLOURS[7]})
"""Those on which white text is the more readable."""

WON: Final = COLOURS[0]
"""Colour of what wins."""

LOST: Final = COLOURS[5]
"""Colour of what loses."""

NEITHER: Final = "#c4ccd3"
"""Colour of what does neither."""

SMALL: Final = 8
"""Size of text within a chart, in points."""

_NAME_LENGTH: Final = 28
_RESULT_LENGTH: Final = 90
_MARGIN: Final = 1.4
_MOST_INCHES: Final = 60


def sheet(tally: Tally, labels: Labels, *, width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty chart.

    Args:
        tally: The count, for its method and result.
        labels: Names and language.
        width: Width in inches.
        height: Height in inches, title and result apart.
    """
    figure = Figure(
        figsize=(min(width, _MOST_INCHES), min(height, _MOST_INCHES) + _MARGIN),
        layout="constrained",
    )
    axes = figure.add_subplot()
    axes.set_title(f"{labels.title}\n{labels.method(tally.method)}".strip(), fontsize=12)
    chosen = shortened(labels.listed(tally.elected), _RESULT_LENGTH) or labels.word("nobody")
    figure.supxlabel(labels.line("elected", chosen), fontsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def best_first(tally: Tally, labels: Labels) -> list[Slug]:
    """Return all options: those chosen, then as ranked, then as named."""
    ranked = [option for tier in tally.ranking for option in tier]
    return list(dict.fromkeys([*tally.elected, *ranked, *labels.names]))


def shortened(text: str, length: int = _NAME_LENGTH) -> str:
    """Return a text of that length at most."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def place_of(figure: Exact) -> float:
    """Return where a figure stands on paper."""
    return float(Fraction(figure))
