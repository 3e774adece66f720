"""Hypothesis strategies for acts, made from their schemas, so that a new field is covered at once."""

from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from backend.domain.acts import ACTS, Act
from backend.domain.commitments import Hex32
from backend.domain.entry import Entry, Proof
from backend.domain.instants import Instant
from backend.domain.quantities import MAX_INTEGER

MOST_ITEMS = 3
"""Longest sequence generated: longer ones only cost time."""


def values_of(schema: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any type that msgspec knows
    """Return the strategy of all values a schema admits."""
    return _values(inspect.type_info(schema))


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911 - one branch per kind of schema
    match kind:
        case inspect.Metadata(type=inner):
            return _values(inner)
        case inspect.StrType(pattern=None):
            return st.text(min_size=kind.min_length or 0, max_size=kind.max_length)
        case inspect.StrType(pattern=str(pattern)):
            texts = st.from_regex(pattern)
            longest = kind.max_length
            return texts if longest is None else texts.filter(lambda text: len(text) <= longest)
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            lowest = -MAX_INTEGER if kind.ge is None else kind.ge
            return st.integers(lowest, MAX_INTEGER if kind.le is None else kind.le)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.VarTupleType(item_type=item):
            return st.lists(_values(item), min_size=kind.min_length or 0, max_size=MOST_ITEMS).map(
                tuple
            )
        case inspect.TupleType(item_types=items):
            return st.tuples(*map(_values, items))
        case inspect.DictType(value_type=value):
            return st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), _values(value), max_size=3)
        case inspect.UnionType(types=types):
            return st.one_of(*map(_values, types))
        case inspect.StructType():
            fields = {field.name: _values(field.type) for field in kind.fields}
            return st.builds(kind.cls, **fields)
    message = f"no strategy for {kind}"
    raise TypeError(message)


def acts() -> st.SearchStrategy[Act]:
    """Return the strategy of acts of every kind."""
    return st.sampled_from(sorted(ACTS)).flatmap(lambda name: values_of(ACTS[name]))


def entries() -> st.SearchStrategy[Entry]:
    """Return the strategy of entries: well formed, seldom lawful."""
    return st.builds(
        Entry,
        at=values_of(Instant),
        by=st.from_regex(r"\A(system|[mv][0-9a-f]{32})\Z"),
        data=acts(),
        proof=st.builds(
            Proof,
            signatures=st.lists(values_of(Hex32), max_size=2).map(tuple),
            issued_at=st.integers(0, MAX_INTEGER),
        ),
    )
