"""Verification in other processes, which are given the published files and nothing else."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Verified:
    """What the two processes counted."""

    entries: int
    """Entries replayed by the audit."""
    receipts: int
    """Receipts verified."""
    documents: int
    """Documents that are what their CIDs say."""
    anchors: int
    """Anchors proven."""
    redacted: int
    """Checks the audit could not make."""
    failures: tuple[str, ...]
    """What did not hold; empty when all does."""


def verification_commands(out: Path) -> tuple[list[str], list[str]]:
    """Return the command that verifies every receipt and the one that audits the bundle.

    Args:
        out: Folder of the bundle.
    """
    receipts = sorted(str(path) for path in (out / "receipts").glob("*.receipt.json"))
    trust = ["--trust", str(out / "trust.json"), "--offline", "--json"]
    return (
        [*program("psephos-verify", "anchoring.cli"), "receipt", *receipts, *trust],
        [*program("psephos", "backend.cli"), "audit", str(out), "--json"],
    )


def program(name: str, module: str) -> list[str]:
    """Return how to start one of our commands.

    Args:
        name: Its script, beside this interpreter where the project is installed.
        module: The module that does the same.
    """
    script = Path(sys.executable).with_name(name)
    return [str(script)] if script.exists() else [sys.executable, "-m", module]


def verify(out: Path) -> Verified:
    """Verify a bundle with ``psephos-verify`` and ``psephos audit``, side by side.

    Args:
        out: Folder of the bundle.
    """
    verifying, auditing = (_start(command) for command in verification_commands(out))
    receipts, failures = _read_receipts(verifying)
    audited, more = _read_audit(auditing)
    failures += more
    entries = int(audited.get("entries", 0))
    if entries != receipts:
        failures.append(f"{entries} entries, {receipts} receipts")
    if int(audited.get("anchored", entries)) != entries:
        failures.append(f"{entries} entries, {audited['anchored']} anchored")
    if not entries:
        failures.append("no entry")
    return Verified(
        entries=entries,
        receipts=receipts,
        documents=int(audited.get("documents", 0)),
        anchors=int(audited.get("anchors", 0)),
        redacted=int(audited.get("redacted", 0)),
        failures=tuple(failures),
    )


def _start(command: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own programs, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _read_receipts(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    output, errors = process.communicate(timeout=_TIMEOUT_S)
    verdicts = [json.loads(line) for line in output.splitlines()]
    failures = [
        f"{verdict['file']}: {verdict['verdict']} {verdict['failed_step'] or ''}"
        for verdict in verdicts
        if verdict["verdict"] != "verified"
    ]
    if process.returncode and not failures:
        failures.append(f"psephos-verify: exit {process.returncode} {errors.strip()[-500:]}")
    return len(verdicts) - len(failures) if verdicts else 0, failures


def _read_audit(process: "subprocess.Popen[str]") -> tuple[dict[str, Any], list[str]]:
    output, errors = process.communicate(timeout=_TIMEOUT_S)
    try:
        audited: dict[str, Any] = json.loads(output)
    except ValueError:
        return {}, [f"psephos audit: exit {process.returncode} {errors.strip()[-500:]}"]
    failures = [f"psephos audit: {each}" for each in audited.get("disagreements", [])]
    if process.returncode or audited.get("verdict") != "lawful":
        failures.append(f"psephos audit: {audited.get('verdict')}, exit {process.returncode}")
    return audited, failures
