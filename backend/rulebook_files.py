"""Rulebook sources as files: YAML read so that nothing is guessed.

Every scalar is the text that was written: no date, number, truth value or null comes about by itself, so that
``no`` names a word and ``2026-01-01`` a text, which the compiler reads as the schema says. Keys are unique;
anchors, aliases, tags and several documents in one file are refused, for a rulebook is read by people.

Source: YAML 1.1 as PyYAML reads it, https://yaml.org/spec/1.1/; the failsafe schema, 10.1 of
https://yaml.org/spec/1.2.2/.
"""

import yaml

from backend.domain.errors import InvalidInputError
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.compiler import compile_rulebook, problems
from backend.domain.rulebook.source import Source

MAX_SOURCE_BYTES = 2 << 20
"""Longest source, in bytes: twice the longest rulebook, for comments and quotations."""

MAX_DEPTH = 16
"""Deepest nesting; a rule needs five levels."""


def parse_source(content: bytes) -> Source:
    """Return what a YAML file says, as texts, lists and mappings.

    Args:
        content: The file, UTF-8, at most ``MAX_SOURCE_BYTES``.

    Raises:
        InvalidInputError: ``rulebook.source.yaml``: too long, not UTF-8, not YAML, or more than the plain
            YAML described above; with line and column where there is one.
    """
    if len(content) > MAX_SOURCE_BYTES:
        raise _refused(f"at most {MAX_SOURCE_BYTES} bytes", f"{len(content)} bytes")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("UTF-8", str(error)) from error
    try:
        # The safe loader's composer builds nodes only: no tag ever constructs an object.
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += _check_event(event, depth)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _refused("YAML", " ".join(str(error).split())) from error
    if node is None:
        raise _refused("title, language, time_zone, rules", "an empty file")
    return _plain(node)


def compile_files(
    source: bytes, statutes: bytes
) -> tuple[Rulebook | None, tuple[InvalidInputError, ...]]:
    """Return the rulebook of two files, or None and everything that is wrong.

    Args:
        source: The rulebook source, YAML.
        statutes: The statutes, UTF-8.
    """
    try:
        written = parse_source(source)
    except InvalidInputError as error:
        return None, (error,)
    found = problems(written, statutes)
    return (None, found) if found else (compile_rulebook(written, statutes), ())


def _check_event(event: yaml.Event, depth: int) -> int:
    """Check one event before anything is composed, which would recurse; returns how it changes the depth."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _refused("the text itself", f"an anchor or alias, {_place(event.start_mark)}")
    if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
        raise _refused("the text itself", f"a tag, {_place(event.start_mark)}")
    if isinstance(event, yaml.CollectionStartEvent):
        if depth == MAX_DEPTH:
            raise _refused(f"at most {MAX_DEPTH} levels", _place(event.start_mark))
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _plain(node: yaml.Node) -> Source:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    plain: dict[str, Source] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused("a word as key", _place(key.start_mark))
        if key.value in plain:
            raise _refused("each key once", f"{key.value}, {_place(key.start_mark)}")
        plain[str(key.value)] = _plain(value)
    return plain


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _refused(expected: str, found: str) -> InvalidInputError:
    return InvalidInputError("rulebook.source.yaml", expected=expected, found=found[:400])
