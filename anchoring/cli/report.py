"""Turns verdicts into lines for people and objects for programs."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from anchoring.cli.messages import Messages
from anchoring.core.receipt_verification import BelievedAnchor, Outcome, Step, Verdict

MAX_PRINTED: Final = 300
"""Longest piece of a file that is printed, in characters; the rest is cut."""

_LAST_YEAR: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


def printable(text: str) -> str:
    """Return ``text`` with nothing in it that could steer a terminal: controls, bidi marks, surrogates."""
    shown = text if len(text) <= MAX_PRINTED else f"{text[:MAX_PRINTED]}…"
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in shown)


def lines(file: str, verdict: Verdict, messages: Messages) -> Iterator[str]:
    """Yield what a person reads about one file: its name, one line per check, the verdict, the blocks.

    Args:
        file: Name of the file, as given.
        verdict: What was checked.
        messages: The language.
    """
    yield printable(file)
    for step in verdict.steps:
        yield _step_line(step, messages)
    yield f"  => {messages.conclusions[verdict.outcome]}"
    if verdict.outcome in (Outcome.VERIFIED, Outcome.PENDING):
        for believed in verdict.believed:
            yield from _block_lines(believed, verdict, messages)


def json_line(file: str, verdict: Verdict) -> str:
    """Return what a program reads about one file: one JSON object on one line, in ASCII.

    Args:
        file: Name of the file, as given.
        verdict: What was checked.
    """
    failed = verdict.failed
    members = {
        "file": file,
        "verdict": verdict.outcome.value,
        "failed_step": failed.name if failed else None,
        "expected": failed.expected if failed else None,
        "found": failed.found if failed else None,
        "steps": [_step_object(step) for step in verdict.steps],
        "blocks": [_block_object(believed) for believed in verdict.believed],
    }
    return json.dumps(members)


def _step_line(step: Step, messages: Messages) -> str:
    about = "" if step.anchor is None else messages.anchor.format(number=step.anchor + 1)
    names = (step.name, step.name.partition(".")[0])
    check = next(messages.checks[name] for name in names if name in messages.checks)
    if step.outcome is Outcome.VERIFIED:
        detail = printable(step.found)
    else:
        detail = messages.mismatch.format(
            expected=printable(step.expected), found=printable(step.found)
        )
    remedy = messages.remedies.get(step.name)
    if remedy is not None and step.outcome is not Outcome.VERIFIED:
        detail = f"{detail} ({remedy})"
    return f"  {messages.outcomes[step.outcome]:<13}{about}{check}{messages.separator}{detail}"


def _block_lines(believed: BelievedAnchor, verdict: Verdict, messages: Messages) -> Iterator[str]:
    fields = _block_fields(believed)
    yield f"  {messages.rests_on.format_map(fields)}"
    confirmed = any(
        step.name == "node.finality"
        and step.anchor == believed.position
        and step.outcome is Outcome.VERIFIED
        for step in verdict.steps
    )
    look_up = messages.node_agrees if confirmed else messages.look_up.format_map(fields)
    yield f"  {look_up}"
    if believed.finality is not None:
        final = believed.finality
        also = messages.also_final.format(
            number=final.block_number, hash=f"0x{final.block_hash.hex()}"
        )
        yield f"  {also}"


def _block_fields(believed: BelievedAnchor) -> Mapping[str, object]:
    anchor = believed.proven.anchor
    seconds = believed.proven.block_time
    time = f"{seconds} s"
    if seconds <= _LAST_YEAR:
        time = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return {
        "network": believed.network.name,
        "chain": anchor.chain_id,
        "number": anchor.block_number,
        "hash": f"0x{anchor.block_hash.hex()}",
        "time": time,
    }


def _step_object(step: Step) -> Mapping[str, object]:
    members: dict[str, object] = {
        "name": step.name,
        "verdict": step.outcome.value,
        "expected": step.expected,
        "found": step.found,
    }
    if step.anchor is not None:
        members["anchor"] = step.anchor
    return members


def _block_object(believed: BelievedAnchor) -> Mapping[str, object]:
    anchor = believed.proven.anchor
    members: dict[str, object] = {
        "anchor": believed.position,
        "chainId": anchor.chain_id,
        "number": anchor.block_number,
        "hash": f"0x{anchor.block_hash.hex()}",
        "time": believed.proven.block_time,
    }
    final = believed.finality
    if final is not None:
        members["finalized"] = {
            "number": final.block_number,
            "hash": f"0x{final.block_hash.hex()}",
        }
    return members
