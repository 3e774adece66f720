"""Entry point of ``python -m benchmarks``, which ``scripts/bench`` calls."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, format_table
from benchmarks.log import measure_log
from benchmarks.machine import Machine
from benchmarks.peer import PEER, peer_is_installed
from benchmarks.sizes import Sizes


def main(arguments: list[str]) -> int:
    """Run a benchmark and print its figures.

    Returns:
        0 if every target is met, 1 if one is missed, 3 if a peer is missing and nothing was missed.
    """
    options = _parser().parse_args(arguments)
    sizes = Sizes(**{field.name: getattr(options, field.name) for field in fields(Sizes)})
    machine = Machine.this()
    with TemporaryDirectory(prefix="psephos-bench-", dir=options.folder) as folder:
        figures = measure_log(Path(folder), sizes)
    sys.stdout.write(_output(options, machine, sizes, figures))
    if any(figure.met is False for figure in figures):
        return 1
    return 0 if peer_is_installed() else 3


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="scripts/bench", description="Measures Psephos beside its peers.")
    parser.add_argument("benchmark", choices=["log"], help="the ledger, its tiles and its anchors")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--folder", type=Path, help="folder on the disk to measure; the system's temporary one"
    )
    for field in fields(Sizes):
        parser.add_argument(
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


def _output(options: Namespace, machine: Machine, sizes: Sizes, figures: list[Figure]) -> str:
    if options.json:
        report = {
            "machine": asdict(machine),
            "sizes": asdict(sizes),
            "figures": [figure.to_json() for figure in figures],
        }
        return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    missing = "" if peer_is_installed() else f"\n{PEER} is not installed: nothing beside it.\n"
    return f"{machine}\n\n{format_table(figures)}\n{missing}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
