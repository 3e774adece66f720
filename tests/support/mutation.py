"""What ``scripts/mutate`` needs beside mutmut: its settings, and the survivors without a written reason.

A reason belongs to a change, not to a number: ``docs/mutation.md`` names the function and quotes the line
before and after, so that it lasts until that line is rewritten.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

REASONS = "docs/mutation.md"
"""Where accepted survivors are listed."""

_PLUGINS = ("randomly", "cacheprovider", "schemathesis", "boa_test", "xdist", "cov")
_SETTINGS = """
[tool.mutmut]
source_paths = ["backend"]
only_mutate = [{modules}]
also_copy = ["anchoring", "contracts", "docs", "examples"]
use_git_change_detection = false
pytest_add_cli_args = [{plugins}]
# Whether every code has wording is read from the source, which mutants fill with copies.
pytest_add_cli_args_test_selection = ["tests/unit/domain", "--ignore", "tests/unit/domain/test_messages.py"]
"""
_NAME = re.compile(r"(?P<module>.+)\.x(?:_|ǁ)(?P<function>.+)__mutmut_\d+")
_ENTRY = re.compile(
    r"^### `(?P<function>[^`]+)`\n\n```diff\n(?P<diff>.*?)```\n\n(?P<reason>\S.*)",
    re.MULTILINE | re.DOTALL,
)
_REFUSAL_TEXT = re.compile(r"(?:expected|found|message) ?=.*")
_LITERAL = re.compile(r'(f?)"[^"]*"')

Change = tuple[str, str, str]
"""Function, line or lines before, line or lines after."""


def settings(modules: Sequence[str]) -> str:
    """Return the section of ``pyproject.toml`` that changes these modules and runs the unit tests."""
    plugins = [argument for name in _PLUGINS for argument in ("-p", f"no:{name}")]
    return _SETTINGS.format(modules=_listed(modules), plugins=_listed(plugins))


def accepted(document: str) -> set[Change]:
    """Return the changes for which a document gives a reason."""
    found = set()
    for part in re.split(r"^(?=### )", document, flags=re.MULTILINE):
        entry = _ENTRY.match(part)
        if entry is not None:
            found.add(change(entry["function"], entry["diff"]))
    return found


def change(function: str, diff: str) -> Change:
    """Return what a diff changes in a function, without context and indentation."""
    removed, added = (
        "\n".join(
            line[1:].strip()
            for line in diff.splitlines()
            if line.startswith(sign) and not line.startswith(sign * 3)
        )
        for sign in "-+"
    )
    return function, removed, added


def is_prose(changed: Change) -> bool:
    """Tell whether a change only touches fixed words of a refusal, which logs show and members never read."""
    _, before, after = changed
    without = [
        _REFUSAL_TEXT.sub(lambda found: _LITERAL.sub(_without_words, found[0]), text)
        for text in (before, after)
    ]
    return before != after and without[0] == without[1]


def _without_words(literal: re.Match[str]) -> str:
    """Return nothing for plain words, and what has values in it as it is."""
    return literal[0] if literal[1] else ""


def report() -> int:
    """Print the survivors without a reason; return 1 if there are any."""
    # mutmut reads its settings when it is imported, and they exist in the copy only.
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415

    listed = re.findall(r"^\s*(\S+): (.+)$", _results(), flags=re.MULTILINE)
    known, counts, open_ = accepted(Path(REASONS).read_text("utf-8")), Counter[str](), 0
    for mutant, status in listed:
        name = _NAME.fullmatch(mutant)
        if name is None:
            continue
        counts[status] += 1
        if status in {"killed", "timeout"}:
            continue
        diff = get_diff_for_mutant(mutant)
        function = f"{name['module']}.{name['function'].replace('ǁ', '.')}"
        changed = change(function, diff)
        reason = "prose" if is_prose(changed) else "a reason" if changed in known else ""
        counts[f"{status}, with {reason or 'no reason'}"] += 1
        if not reason:
            open_ += 1
            sys.stdout.write(f"\n{status}: {function}\n{diff}\n")
    for status, number in sorted(counts.items()):
        sys.stdout.write(f"{number:6} {status}\n")
    return int(open_ > 0 or not counts)


def _results() -> str:
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


if __name__ == "__main__":
    if sys.argv[1] == "settings":
        sys.stdout.write(settings(sys.argv[2:]))
    else:
        sys.exit(report())
