"""Reading what scenarios write: every scalar is a text, every key is known, nothing is guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from backend.domain.deadlines import Duration, add
from backend.domain.rulebook.source import Source

_PERIOD = re.compile(r"(?P<number>\d+) (?P<unit>minute|hour|day|week|month|year)s?")
_RANGE = re.compile(r"(?P<name>[a-z][a-z-]*) (?P<first>\d+)-(?P<last>\d+)")
_UNTIL = re.compile(r"\d{4}-\d{2}-\d{2}")


class ScenarioError(Exception):
    """A scenario that says something no reader can take."""


class Fields:
    """What one step, or one expectation, is given; ``done`` refuses what nobody asked for.

    Args:
        where: The verb, for errors.
        source: What is written after it.
    """

    def __init__(self, where: str, source: Source) -> None:
        if not isinstance(source, Mapping):
            message = f"{where}: a mapping is expected, not {source!r}"
            raise ScenarioError(message)
        self.where = where
        self._left: dict[str, Source] = dict(source)

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def peek(self, name: str) -> Source:
        """Return a field as written, still to be taken."""
        return self._left[name]

    def take(self, name: str) -> Source:
        """Return a field as written."""
        if name not in self._left:
            message = f"{self.where}: {name} is missing"
            raise ScenarioError(message)
        return self._left.pop(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; the default where the field is left out."""
        if name not in self._left and default is not None:
            return default
        found = self.take(name)
        if not isinstance(found, str):
            message = f"{self.where}: {name} is a text, not {found!r}"
            raise ScenarioError(message)
        return found

    def maybe(self, name: str) -> str | None:
        """Return a text, or None where the field is left out."""
        return self.text(name) if name in self._left else None

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number; the default where the field is left out."""
        return int(self.text(name, None if default is None else str(default)))

    def truth(self, name: str, *, default: bool) -> bool:
        """Return whether a field says yes or no."""
        return {"yes": True, "no": False}[self.text(name, "yes" if default else "no")]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return one text or a list of texts; nothing where the field is left out."""
        return texts_of(self.where, self.take(name)) if name in self._left else ()

    def fields(self, name: str) -> "Fields":
        """Return a field that has fields of its own."""
        return Fields(f"{self.where}, {name}", self.take(name))

    def several(self, name: str) -> "list[Fields]":
        """Return a list of fields that have fields of their own; one may stand without the list."""
        found = self.take(name)
        listed = found if isinstance(found, Sequence) and not isinstance(found, str) else [found]
        return [Fields(f"{self.where}, {name}", each) for each in listed]

    def rest(self) -> dict[str, Source]:
        """Return everything that is left."""
        left, self._left = self._left, {}
        return left

    def done(self) -> None:
        """Refuse fields that nothing reads."""
        if self._left:
            message = f"{self.where}: nothing reads {', '.join(self._left)}"
            raise ScenarioError(message)


def texts_of(where: str, source: Source) -> tuple[str, ...]:
    """Return one text or a list of texts."""
    listed = [source] if isinstance(source, str) else source
    if isinstance(listed, Mapping) or not all(isinstance(each, str) for each in listed):
        message = f"{where}: texts are expected, not {source!r}"
        raise ScenarioError(message)
    return tuple(str(each) for each in listed)


def names_of(group: Sequence[str]) -> Iterator[str]:
    """Yield the names of a group: ``individual 3-24`` stands for ``individual-3`` to ``individual-24``."""
    for each in group:
        found = _RANGE.fullmatch(each)
        if found is None:
            yield each
            continue
        for number in range(int(found["first"]), int(found["last"]) + 1):
            yield f"{found['name']}-{number}"


def later(now: datetime, period: str) -> datetime:
    """Return the same time of day after a period such as ``15 days`` or ``3 months``, or on a day."""
    if _UNTIL.fullmatch(period):
        year, month, day = map(int, period.split("-"))
        return now.replace(year=year, month=month, day=day)
    found = _PERIOD.fullmatch(period)
    if found is None:
        message = f"a period such as 15 days is expected, not {period!r}"
        raise ScenarioError(message)
    number, unit = int(found["number"]), found["unit"]
    if unit in ("month", "year"):
        months = number * (12 if unit == "year" else 1)
        reached = add(now.date(), Duration(months=months))
        return now.replace(year=reached.year, month=reached.month, day=reached.day)
    return now + timedelta(**{f"{unit}s": number})
