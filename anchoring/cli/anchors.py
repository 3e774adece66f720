"""Arguments and lines of ``psephos-verify anchors``: the anchors of a ledger, without its entries.

Exit codes are those of ``psephos-verify receipt``.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from anchoring.cli.files import read_file
from anchoring.cli.messages import LANGUAGES, Messages
from anchoring.cli.report import lines
from anchoring.core.anchor_chain import verify_anchors
from anchoring.core.anchors_file import MAX_ANCHORS_BYTES, parse_anchors
from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.receipt_verification import Outcome, Step, Verdict, refuse
from anchoring.core.trust import Trust


def add_anchors_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``psephos-verify``.

    Args:
        commands: Where sub-commands are added; the options get ``verify`` and ``lines``, which the
            program calls for each file.
    """
    parser = commands.add_parser(
        "anchors",
        help="check that the anchors of a ledger are one history",
        description="Checks anchors.json of a bundle: every anchor is on its chain, each head extends"
        " the one before, none is left out. Needs no entry and opens no connection.",
        epilog="Exit: 0 verified, 1 false, 2 malformed or wrong usage, 3 no anchor yet, 5 not covered"
        " by the trust file or by this release. With several files the worst decides.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="anchors file")
    parser.add_argument("--trust", metavar="FILE", type=Path, help="what you believe: a trust file")
    parser.add_argument("--json", action="store_true", help="one JSON object per file and line")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help="language of the lines")
    parser.set_defaults(verify=_verify_file, lines=_lines)


def _verify_file(file: Path, trust: Trust | None, _: argparse.Namespace) -> Verdict:
    try:
        anchors = parse_anchors(read_file(file, MAX_ANCHORS_BYTES))
    except (MalformedError, UnsupportedError) as error:
        return Verdict((refuse("file", error),))
    return verify_anchors(anchors, trust)


def _lines(file: str, verdict: Verdict, messages: Messages) -> Iterator[str]:
    """Yield what is wrong, or one line for all that is right, and the newest block of each chain."""
    wrong = tuple(step for step in verdict.steps if step.outcome is not Outcome.VERIFIED)
    newest = {each.network.chain_id: each for each in verdict.believed}
    steps = wrong or (_summary(verdict),)
    shown = replace(verdict, steps=steps, believed=tuple(newest.values()))
    wording = replace(
        messages, conclusions=messages.anchors_conclusions, look_up=messages.anchors_look_up
    )
    return lines(file, shown, wording)


def _summary(verdict: Verdict) -> Step:
    sizes = [each.proven.anchor.head.size for each in verdict.believed]
    found = f"{len(sizes)}, size {sizes[0]} to {sizes[-1]}"
    return Step("chain", Outcome.VERIFIED, "", found)
