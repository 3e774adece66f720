"""What a benchmark says: one figure, what it is compared with, and the bound it is held to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Unit = Literal["entries/s", "leaves/s", "acts/s", "ballots/s", "s", "ms", "µs", "gas", "bytes"]
"""Units of figures; of those that end in /s more is better, of the others less."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A peer or a limit, measured in the same run or published."""

    name: str
    """What it is."""
    value: float
    """Its value, in the unit of the figure."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that the figure is held to."""

    subject: Literal["ratio", "value"]
    """What is bounded: the ratio to the reference, always from below, or the value itself."""
    bound: float
    """The bound."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    name: str
    """What was measured."""
    value: float
    """Median, or the exact value where it does not vary."""
    unit: Unit
    """Its unit."""
    against: Reference | None = None
    """What it is compared with; None where there is nothing, or the peer is not installed."""
    target: Target | None = None
    """What it is held to."""
    paired: float | None = None
    """Median of the ratios of single rounds, where both sides were timed in turn."""

    @property
    def more_is_better(self) -> bool:
        """Whether a greater value is the better one."""
        return self.unit.endswith("/s")

    @property
    def ratio(self) -> float | None:
        """How many times better than the reference; None without one."""
        if self.paired is not None or self.against is None:
            return self.paired
        theirs = self.against.value
        return self.value / theirs if self.more_is_better else theirs / self.value

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target, or without what it compares."""
        if self.target is None:
            return None
        if self.target.subject == "ratio":
            return None if self.ratio is None else self.ratio >= self.target.bound
        if self.more_is_better:
            return self.value >= self.target.bound
        return self.value <= self.target.bound

    def to_json(self) -> dict[str, object]:
        """Return the fields and what follows from them, as JSON values."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def format_table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table, columns aligned, one line each."""
    header = ("what", "measured", "beside", "ratio", "target", "met")
    rows = [header, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, _line(["-" * width for width in widths], widths))
    return "\n".join(lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    against = figure.against
    ratio = figure.ratio
    return (
        figure.name,
        f"{format_number(figure.value)} {figure.unit}",
        "" if against is None else f"{against.name}: {format_number(against.value)}",
        "" if ratio is None else f"{format_number(ratio)}x",
        _bound(figure),
        {None: "", True: "yes", False: "NO"}[figure.met],
    )


def _bound(figure: Figure) -> str:
    if figure.target is None:
        return ""
    if figure.target.subject == "ratio":
        return f"at least {format_number(figure.target.bound)}x"
    word = "at least" if figure.more_is_better else "at most"
    return f"{word} {format_number(figure.target.bound)}"


def format_number(value: float) -> str:
    """Return a number with three digits that count, or all of them above a hundred."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
