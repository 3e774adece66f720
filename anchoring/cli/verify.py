"""Arguments and exit codes of ``psephos-verify``, and its command ``receipt``.

| exit | verdict | meaning |
|---|---|---|
| 0 | verified | every check passed |
| 1 | false | damaged or forged |
| 2 | malformed | does not parse, cannot be read, or wrong usage |
| 3 | pending | true so far, not anchored or not final yet |
| 4 | unreachable | something that was asked did not answer |
| 5 | policy | the trust file does not cover it, or this release does not support it |

With several files the worst verdict decides: 1, then 2, 5, 4, 3.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from anchoring.adapters.rpc_reader import RpcReader
from anchoring.cli.anchors import add_anchors_command
from anchoring.cli.files import read_file
from anchoring.cli.messages import LANGUAGES, choose_language
from anchoring.cli.proof import add_proof_command
from anchoring.cli.report import json_line, lines
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.finality_file import (
    MAX_FINALITY_BYTES,
    AnchorFinality,
    join_finality,
    parse_finality_file,
)
from anchoring.core.node_verification import check_node
from anchoring.core.receipt import MAX_RECEIPT_BYTES, Receipt, parse_receipt
from anchoring.core.receipt_verification import (
    Outcome,
    Step,
    Verdict,
    check_block_hashes,
    refuse,
    verify_receipt,
    worst,
)
from anchoring.core.trust import MAX_TRUST_BYTES, Trust, parse_trust
from anchoring.core.types import BlockHash

EXIT_CODES: Final[Mapping[Outcome, int]] = {
    Outcome.VERIFIED: 0,
    Outcome.FALSE: 1,
    Outcome.MALFORMED: 2,
    Outcome.PENDING: 3,
    Outcome.UNREACHABLE: 4,
    Outcome.POLICY: 5,
}
"""Exit code of each verdict; ``argparse`` exits with 2 by itself on wrong usage."""

_BLOCK_HASH: Final = re.compile(r"(0x)?([0-9a-fA-F]{64})")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: Command line without the program's name; None for that of the process.

    Raises:
        SystemExit: With 2 on wrong usage, with 0 after ``--help``.
    """
    return run(arguments, environ=os.environ, output=sys.stdout)


def run(arguments: Sequence[str] | None, *, environ: Mapping[str, str], output: TextIO) -> int:
    """Run the command with its environment as arguments; see ``main``.

    Args:
        arguments: Command line without the program's name; None for that of the process.
        environ: Environment, for the language only.
        output: Where the lines go.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if isinstance(output, io.TextIOWrapper):
        # A terminal that cannot show an accent must still show the verdict.
        output.reconfigure(errors="backslashreplace")
    messages = LANGUAGES[options.lang or choose_language(environ)]
    trust, refused = _believe(options.trust)
    outcomes: list[Outcome] = []
    for file in options.files:
        verdict = refused or options.verify(Path(file), trust, options)
        outcomes.append(verdict.outcome)
        shown = (
            [json_line(file, verdict)] if options.json else options.lines(file, verdict, messages)
        )
        output.writelines(f"{line}\n" for line in shown)
    return EXIT_CODES[worst(outcomes)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="psephos-verify",
        description="Checks what a Psephos ledger gave you, without asking its server.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    receipt = commands.add_parser(
        "receipt",
        help="check receipts",
        description="Checks receipts. Opens no connection unless --rpc is given.",
        epilog="Exit: 0 verified, 1 false, 2 malformed or wrong usage, 3 not anchored or not final"
        " yet, 4 something did not answer, 5 not covered by the trust file or by this release."
        " With several files the worst decides: 1, 2, 5, 4, 3.",
    )
    receipt.add_argument("files", metavar="FILE", nargs="+", help="receipt file")
    receipt.add_argument(
        "--trust", metavar="FILE", type=Path, help="what you believe: a trust file"
    )
    sources = receipt.add_mutually_exclusive_group()
    sources.add_argument(
        "--rpc", metavar="URL", type=_node, help="node to ask whether the block stands and is final"
    )
    sources.add_argument("--offline", action="store_true", help="refuse --rpc: open no connection")
    receipt.add_argument(
        "--block-hash",
        metavar="HEX",
        type=_block_hash,
        action="append",
        default=[],
        help="block hash you got elsewhere and believe; may be repeated",
    )
    receipt.add_argument(
        "--finality",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="what ties an anchor of the receipts to a final block, where they leave it out; may be"
        " repeated",
    )
    receipt.add_argument("--json", action="store_true", help="one JSON object per file and line")
    receipt.add_argument("--lang", choices=sorted(LANGUAGES), help="language of the lines")
    receipt.set_defaults(verify=_verify_file, lines=lines)
    add_anchors_command(commands)
    add_proof_command(commands)
    return parser


def _node(url: str) -> RpcReader:
    try:
        return RpcReader(url)
    except MalformedError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _block_hash(text: str) -> BlockHash:
    match = _BLOCK_HASH.fullmatch(text)
    if match is None:
        message = "a block hash is 64 hexadecimal digits"
        raise argparse.ArgumentTypeError(message)
    return BlockHash(bytes.fromhex(match[2]))


def _believe(file: Path | None) -> tuple[Trust | None, Verdict | None]:
    """What the trust file says, or the verdict on every receipt when it cannot be used."""
    if file is None:
        return None, None
    try:
        return parse_trust(read_file(file, MAX_TRUST_BYTES)), None
    except (MalformedError, UnsupportedError) as error:
        return None, Verdict((refuse("trust", error),))


def _verify_file(file: Path, trust: Trust | None, options: argparse.Namespace) -> Verdict:
    try:
        data = read_file(file, MAX_RECEIPT_BYTES)
    except MalformedError as error:
        return Verdict((refuse("file", error),))
    try:
        receipt = parse_receipt(data)
    except (MalformedError, UnsupportedError) as error:
        return Verdict((refuse("format", error),))
    try:
        links = [_read_link(each) for each in options.finality]
    except (MalformedError, UnsupportedError) as error:
        return Verdict((refuse("finality-file", error),))
    verdict = check_block_hashes(_verify_joined(receipt, links, trust), options.block_hash)
    if options.rpc is None:
        return verdict
    return verdict.followed_by(_ask_node(verdict, options.rpc))


def _read_link(file: Path) -> AnchorFinality:
    return parse_finality_file(read_file(file, MAX_FINALITY_BYTES))


def _verify_joined(
    receipt: Receipt, links: Sequence[AnchorFinality], trust: Trust | None
) -> Verdict:
    """Join each link to its anchor, then verify; a link of no anchor is refused beside the checks."""
    refused: list[Step] = []
    for link in links:
        try:
            receipt = join_finality(receipt, link)
        except VerificationError as error:
            refused.append(refuse("finality", error))
    return verify_receipt(receipt, trust).followed_by(refused)


def _ask_node(verdict: Verdict, node: RpcReader) -> Iterator[Step]:
    for believed in verdict.believed:
        anchor = believed.proven.anchor
        wants_code = believed.network.registry_code_hash is not None
        try:
            view = node.view(anchor.block_number, contract=anchor.contract if wants_code else None)
        except UnavailableError as error:
            yield refuse("node", error, anchor=believed.position)
            continue
        yield from check_node(believed, view)
