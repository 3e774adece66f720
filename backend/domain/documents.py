"""Which documents an act refers to: what a bundle must hold for the act to be checked."""

from collections.abc import Iterator
from functools import cache
from typing import get_args, get_type_hints

import msgspec

from backend.domain.acts import Act, CidText


def documents_of(data: Act) -> tuple[CidText, ...]:
    """Return the CIDs an act refers to, in the order of its fields, at any depth."""
    return tuple(_documents(data))


def _documents(value: msgspec.Struct) -> Iterator[CidText]:
    referring = _referring_fields(type(value))
    for name in value.__struct_fields__:
        found = getattr(value, name)
        if name in referring and isinstance(found, str):
            yield found
        for part in found if isinstance(found, tuple) else (found,):
            if isinstance(part, msgspec.Struct):
                yield from _documents(part)


@cache
def _referring_fields(schema: type[msgspec.Struct]) -> frozenset[str]:
    hints = get_type_hints(schema, include_extras=True)
    return frozenset(
        name for name, hint in hints.items() if hint == CidText or CidText in get_args(hint)
    )
