"""Canonical JSON against the rfc8785 package; round trips; one value has one form."""

import json
from random import Random

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from anchoring.core.canonical import INTEGER_LIMIT, Json, canonical_json, parse_canonical
from anchoring.core.errors import MalformedError

scalars = (
    st.booleans()
    | st.integers(1 - INTEGER_LIMIT, INTEGER_LIMIT - 1)
    | st.text(st.characters(codec="utf-8"))
)
keys = st.text(st.characters(max_codepoint=127))
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=30,
)


@given(values)
def test_canonical_json__any_value__equals_rfc8785_package(value: Json) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(values)
def test_parse_canonical__any_formatted_value__gives_it_back(value: Json) -> None:
    assert parse_canonical(canonical_json(value), what="value") == value


@given(st.dictionaries(keys, scalars), st.randoms(use_true_random=False))
def test_canonical_json__keys_in_any_order__gives_same_bytes(
    value: dict[str, Json], random: Random
) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)


@given(value=values, ascii_only=st.booleans())
def test_parse_canonical__other_spelling_of_a_value__is_refused(
    value: Json, *, ascii_only: bool
) -> None:
    spelling = json.dumps(value, ensure_ascii=ascii_only, indent=1).encode()
    assume(spelling != canonical_json(value))
    with pytest.raises(MalformedError):
        parse_canonical(spelling, what="value")


@given(st.binary(max_size=60))
def test_parse_canonical__any_bytes__are_refused_or_canonical(data: bytes) -> None:
    try:
        value = parse_canonical(data, what="value")
    except MalformedError:
        return
    assert canonical_json(value) == data
