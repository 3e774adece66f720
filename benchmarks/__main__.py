"""Entry point of ``python -m benchmarks``, which ``scripts/bench`` calls."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Generic, TypeVar

from benchmarks.ballots import measure_ballots
from benchmarks.ballots.oracles import ORACLES
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.figures import Figure, format_table
from benchmarks.log import measure_log
from benchmarks.machine import Machine
from benchmarks.peer import PEER
from benchmarks.register import RegisterSizes, measure_register
from benchmarks.sizes import Sizes

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Benchmark(Generic[S]):
    """Figures that are measured together."""

    subject: str
    """What they are about."""
    sizes: type[S]
    """How much is measured: a dataclass of integers with defaults, each an option of the command."""
    measure: Callable[[Path, S], list[Figure]]
    """Measures, in an empty folder."""
    peers: tuple[str, ...]
    """Packages that are measured beside."""


BENCHMARKS: Final[Mapping[str, Benchmark[Any]]] = {
    "log": Benchmark("the ledger, its tiles and its anchors", Sizes, measure_log, (PEER,)),
    "ballots": Benchmark(
        "counting, verifying and taking in ballots", BallotSizes, measure_ballots, ORACLES
    ),
    "register": Benchmark("importing a register", RegisterSizes, measure_register, ()),
}
"""Benchmarks by name."""


def main(arguments: list[str]) -> int:
    """Run a benchmark and print its figures.

    Returns:
        0 if every target is met, 1 if one is missed, 3 if a peer is missing and nothing was missed.
    """
    options = _parser().parse_args(arguments)
    benchmark = BENCHMARKS[options.benchmark]
    sizes = benchmark.sizes(
        **{field.name: getattr(options, field.name) for field in fields(benchmark.sizes)}
    )
    machine = Machine.this()
    missing = [peer for peer in benchmark.peers if find_spec(peer) is None]
    # What a server tells in its log is no part of the output.
    with (
        TemporaryDirectory(prefix="psephos-bench-", dir=options.folder) as folder,
        redirect_stdout(sys.stderr),
    ):
        figures = benchmark.measure(Path(folder), sizes)
    sys.stdout.write(_output(options, machine, sizes, figures, missing))
    if any(figure.met is False for figure in figures):
        return 1
    return 3 if missing else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="scripts/bench", description="Measures Psephos beside its peers.")
    commands = parser.add_subparsers(dest="benchmark", required=True)
    for name, benchmark in BENCHMARKS.items():
        command = commands.add_parser(name, help=benchmark.subject, description=benchmark.subject)
        command.add_argument("--json", action="store_true", help="print JSON instead of a table")
        command.add_argument(
            "--folder",
            type=Path,
            help="folder on the disk to measure; the system's temporary one",
        )
        for field in fields(benchmark.sizes):
            command.add_argument(
                f"--{field.name.replace('_', '-')}",
                type=_positive,
                default=field.default,
                metavar="N",
                help=f"default {field.default}",
            )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _output(
    options: Namespace,
    machine: Machine,
    sizes: Any,  # noqa: ANN401 - whichever the benchmark has
    figures: list[Figure],
    missing: Sequence[str],
) -> str:
    if options.json:
        report = {
            "machine": asdict(machine),
            "sizes": asdict(sizes),
            "figures": [figure.to_json() for figure in figures],
        }
        return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    unmeasured = "".join(f"\n{peer} is not installed: nothing beside it.\n" for peer in missing)
    return f"{machine}\n\n{format_table(figures)}\n{unmeasured}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
