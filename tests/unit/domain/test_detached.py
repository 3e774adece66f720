"""Detached proofs survive their files, and files that are not theirs are refused."""

from collections.abc import Callable

import pytest

from anchoring.core.errors import MalformedError
from backend.domain.detached import (
    format_keys,
    format_rolls,
    format_signatures,
    parse_keys,
    parse_rolls,
    parse_signatures,
)
from tests.support.bundles import whole_life


def test_detached_files__when_read_back__then_they_say_the_same() -> None:
    sources = whole_life().sources
    assert parse_signatures(format_signatures(sources.signatures_by_entry)) == (
        sources.signatures_by_entry
    )
    assert parse_keys(format_keys(sources.keys)) == sources.keys
    rolls = {decision: list(roll.values()) for decision, roll in sources.rolls.items()}
    assert parse_rolls(format_rolls(rolls)) == sources.rolls


@pytest.mark.parametrize("parse", [parse_signatures, parse_keys, parse_rolls])
def test_detached_files__when_empty__then_everything_is_redacted(
    parse: Callable[[bytes], dict[object, object]],
) -> None:
    assert parse(b"") == {}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"address":"0x', id="cut short"),
        pytest.param(b"{}\n", id="fields missing"),
        pytest.param(b'{ "address": 1 }\n', id="not canonical"),
        pytest.param(b"\n", id="empty line"),
        pytest.param(b"\xff\n", id="not UTF-8"),
    ],
)
@pytest.mark.parametrize("parse", [parse_signatures, parse_keys, parse_rolls])
def test_detached_files__when_malformed__then_the_line_is_named(
    parse: Callable[[bytes], dict[object, object]], content: bytes
) -> None:
    with pytest.raises(MalformedError) as refusal:
        parse(content)
    assert refusal.value.what in {"signatures", "keys", "rolls"} or "line 1" in refusal.value.what


def test_detached_files__when_a_line_is_repeated__then_they_are_refused() -> None:
    sources = whole_life().sources
    for content, parse in (
        (format_signatures(sources.signatures_by_entry), parse_signatures),
        (format_keys(sources.keys), parse_keys),
        (
            format_rolls({name: list(roll.values()) for name, roll in sources.rolls.items()}),
            parse_rolls,
        ),
    ):
        first = content.split(b"\n")[0] + b"\n"
        with pytest.raises(MalformedError):
            parse(first + content)
