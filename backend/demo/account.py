"""The account on the terminal: what happens, when, and which rule it rests on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from backend.demo.client import RefusedError
from backend.demo.model import ModelObservations
from backend.demo.words import WORDS, Language
from backend.demo.years.words import YEAR_WORDS
from backend.domain.acts import DecisionMade, DerivationStep, ValuationPublished

MAX_DIFF_LINES = 40
"""Most lines of a difference that are shown; the document has them all."""


class Account:
    """Writes the account of a demonstration.

    Args:
        console: Where it goes.
        language: Its language.
    """

    def __init__(self, console: Console, language: Language) -> None:
        self._console = console
        self.language: Final = language
        """Language of the account."""
        self._words = {**WORDS[language], **YEAR_WORDS[language]}
        self._progress: Progress | None = None

    def word(self, key: str, **fields: object) -> str:
        """Return a sentence."""
        return self._words[key].format(**fields)

    def say(self, key: str, **fields: object) -> None:
        """Write a sentence."""
        self.write(f"  {self.word(key, **fields)}")

    def write(self, text: str, *, style: str = "") -> None:
        """Write a line as it is, never read as markup."""
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def fail(self, key: str, **fields: object) -> None:
        """Write what went wrong."""
        self.write(f"  {self.word(key, **fields)}", style="red")

    @contextmanager
    def steps(self, number: int) -> Iterator[None]:
        """Show progress over ``number`` steps, on terminals only."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:.0f} %"),
        )
        with Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        ) as progress:
            progress.add_task("", total=number)
            self._progress = progress
            yield
        self._progress = None

    def begin(self, key: str, at: datetime) -> None:
        """Write the heading of a step."""
        self.chapter(self.word(key), at)

    def chapter(self, heading: str, at: datetime) -> None:
        """Write a heading as it is given."""
        self.write(f"\n{at:%Y-%m-%d}  {heading}", style="bold")
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], description=heading)

    def end(self, size: int) -> None:
        """Write that a step is anchored."""
        self.write(f"  ⚓ {self.word('anchored', size=size)}", style="dim")
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0])

    def refusal(self, key: str, refused: RefusedError, **fields: object) -> None:
        """Write that something was refused, by which rule, and what would help."""
        self.refused(self.word(key, **fields), refused)

    def refused(self, attempt: str, refused: RefusedError) -> None:
        """Write of an attempt, as it is given, that it was refused, by which rule, and what would help."""
        self.write(f"  ✋ {attempt}", style="yellow")
        self.write(f"     {self.word('refused', detail=refused.detail)}")
        by = "by_rule" if refused.article else "by_builtin"
        self.write(f"     {self.word(by, rule=refused.rule, article=refused.article)}")
        if refused.remedy:
            self.write(f"     {self.word('remedy', remedy=refused.remedy)}")

    def decision(self, title: str, act: DecisionMade) -> None:
        """Write a decision with its count."""
        votes = next(step.inputs for step in act.derivation if "abstain" in step.inputs)
        counted = {choice: votes[choice] for choice in ("yes", "no", "abstain")}
        outcome = self.word(f"outcome.{act.outcome}")
        self.say("decided", title=title, outcome=outcome, **counted)

    def valuation(self, measured: ModelObservations, act: ValuationPublished) -> None:
        """Write a valuation with the observations it rests on."""
        for item, part in zip(measured.observations, act.scores, strict=True):
            self.say(
                "observed",
                indicator=item.indicator,
                value=item.value,
                unit=item.unit,
                score="/".join(part.score),
            )
        numerator, denominator = act.result
        self.say(
            "valued",
            title=measured.title,
            rounded=act.rounded,
            numerator=numerator,
            denominator=denominator,
        )

    def derivation(self, title: str, outcome: str, steps: Sequence[DerivationStep]) -> None:
        """Write a derivation as a table, one row for each rule applied."""
        table = Table(title=escape(self.word("derivation", title=title, outcome=outcome)))
        for column in ("article", "rule", "inputs", "verdict"):
            table.add_column(self.word(column), overflow="fold")
        for step in steps:
            inputs = ", ".join(f"{name} {_short(value)}" for name, value in step.inputs.items())
            row = (step.article, step.rule, inputs, self.word(f"verdict.{step.verdict}"))
            table.add_row(*map(escape, row))
        self._console.print(table)

    def difference(self, diff: str) -> None:
        """Write a difference, coloured by line."""
        lines = diff.splitlines()
        styles = {"+": "green", "-": "red", "@": "cyan"}
        for line in lines[:MAX_DIFF_LINES]:
            self.write(f"    {line}", style=styles.get(line[:1], "dim"))
        if len(lines) > MAX_DIFF_LINES:
            self.write("    …", style="dim")


def _short(value: str) -> str:
    return f"{value[:12]}…" if len(value) == 64 else value
