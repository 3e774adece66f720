"""Wraps a port so that one call of one operation dies, before or after it took effect."""

from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

Port = TypeVar("Port")

Moment = Literal["before", "after"]
"""When the process dies: before the operation, or after it and before its answer arrives."""


class Killed(Exception):  # noqa: N818  # not an error of the code under test: the process is gone
    """The process died here."""


@dataclass
class Fault:
    """Which call dies."""

    operation: str
    moment: Moment
    call: int = 1
    """1 for the first call of that operation."""
    seen: int = 0
    """Calls so far."""


class Faulty:
    """Passes every attribute through, and dies once where the fault says."""

    def __init__(self, inner: object, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # stands in for any port
        value = getattr(self._inner, name)
        if name != self._fault.operation:
            return value

        def faulty(*arguments: object, **named: object) -> object:
            self._fault.seen += 1
            dies = self._fault.seen == self._fault.call
            if dies and self._fault.moment == "before":
                raise Killed
            answer = value(*arguments, **named)
            if dies:
                raise Killed
            return answer

        return faulty


def with_fault(port: Port, fault: Fault) -> Port:
    """Return the port with that fault."""
    return cast("Port", Faulty(port, fault))
