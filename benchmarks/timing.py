"""Timing of several cases in turn, so that what disturbs the machine disturbs all of them alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds per call of each case, one mean per round, in the order of the rounds."""

    seconds: Mapping[str, tuple[float, ...]]
    """By case; all of one length."""

    def median(self, case: str) -> float:
        """Return the median over the rounds, in seconds per call."""
        return median(self.seconds[case])

    def rate(self, case: str, per_call: int = 1) -> float:
        """Return how many things a case does in a second, ``per_call`` of them in one call."""
        return per_call / self.median(case)

    def speed_up(self, case: str, over: str) -> float:
        """Return how many times faster a case is than another: the median of the rounds' ratios."""
        pairs = zip(self.seconds[over], self.seconds[case], strict=True)
        return median(slow / fast for slow, fast in pairs)


def time_in_turn(cases: Mapping[str, Callable[[], object]], *, rounds: int, calls: int) -> Timings:
    """Time every case in every round, each round beginning with another one.

    Args:
        cases: What to call, by name.
        rounds: Number of rounds, 1 or more.
        calls: Calls of each case in a round, 1 or more.
    """
    names = list(cases)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            case = cases[name]
            started = perf_counter()
            for _ in range(calls):
                case()
            seconds[name].append((perf_counter() - started) / calls)
    return Timings({name: tuple(values) for name, values in seconds.items()})
