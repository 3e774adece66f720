"""Arguments and lines of ``psephos-verify proof``: one entry of any transparency log.

Exit codes are those of ``psephos-verify receipt``.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from anchoring.cli.files import read_file
from anchoring.cli.messages import LANGUAGES, Messages
from anchoring.cli.report import lines
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.policy import MAX_POLICY_LENGTH, Policy, parse_policy
from anchoring.core.proof_verification import verify_ledger_proof, verify_proof
from anchoring.core.receipt_verification import Verdict, refuse
from anchoring.core.tlog_proof import MAX_PROOF_BYTES, parse_tlog_proof
from anchoring.core.trust import Trust
from anchoring.core.types import MAX_ENTRY_BYTES

MAX_POLICY_BYTES: Final = 4 * MAX_POLICY_LENGTH
"""Longest policy file, in bytes: a character takes at most 4 in UTF-8."""


def add_proof_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``psephos-verify``.

    Args:
        commands: Where sub-commands are added; the options get ``verify`` and ``lines``, which the
            program calls for the file.
    """
    parser = commands.add_parser(
        "proof",
        help="check a proof file of any transparency log",
        description="Checks a C2SP tlog-proof: that a log you believe holds an entry. Opens no"
        " connection.",
        epilog="Exit: 0 verified, 1 false, 2 malformed or wrong usage, 5 the policy asks for more or"
        " this release does not support it.",
    )
    parser.add_argument("files", metavar="FILE", nargs=1, help="proof file")
    parser.add_argument(
        "--entry", metavar="FILE", type=Path, required=True, help="exact bytes of the entry"
    )
    believed = parser.add_mutually_exclusive_group(required=True)
    believed.add_argument(
        "--policy",
        metavar="FILE",
        type=Path,
        help="what you believe: logs and witnesses (C2SP tlog-policy)",
    )
    believed.add_argument(
        "--trust", metavar="FILE", type=Path, help="what you believe: a trust file"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help="language of the lines")
    parser.set_defaults(verify=_verify_file, lines=_lines)


def _verify_file(file: Path, trust: Trust | None, options: argparse.Namespace) -> Verdict:
    try:
        believed = trust or _read_policy(options.policy)
    except (MalformedError, UnsupportedError) as error:
        return Verdict((refuse("policy-file", error),))
    try:
        data = read_file(file, MAX_PROOF_BYTES)
        entry = read_file(options.entry, MAX_ENTRY_BYTES)
    except MalformedError as error:
        return Verdict((refuse("file", error),))
    try:
        proof = parse_tlog_proof(data)
    except (MalformedError, VerificationError) as error:
        return Verdict((refuse("format", error),))
    if isinstance(believed, Trust):
        return verify_ledger_proof(proof, entry, believed)
    return verify_proof(proof, entry, believed)


def _read_policy(file: Path) -> Policy:
    data = read_file(file, MAX_POLICY_BYTES)
    try:
        return parse_policy(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedError("policy", "not UTF-8") from error


def _lines(file: str, verdict: Verdict, messages: Messages) -> Iterator[str]:
    return lines(file, verdict, replace(messages, conclusions=messages.proof_conclusions))
