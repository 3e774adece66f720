"""Ways to damage a JSON file, shared by the tests of every format made of ``json_fields``."""

import json
from collections.abc import Iterator

Json = dict[str, "Json"] | list["Json"] | str | int | None
Keys = tuple[str | int, ...]


def leaves(data: bytes) -> list[tuple[Keys, str | int]]:
    """Return every string and integer of the file, with the keys that lead to it."""
    return list(_leaves(json.loads(data), ()))


def changed(data: bytes, keys: Keys, value: Json) -> bytes:
    """Return the file with another value, or a new one, at ``keys``."""
    whole, parent = _opened(data, keys)
    parent[keys[-1]] = value  # type: ignore[index]  # a key fits its parent
    return json.dumps(whole).encode()


def without(data: bytes, keys: Keys) -> bytes:
    """Return the file without the member at ``keys``."""
    whole, parent = _opened(data, keys)
    del parent[keys[-1]]  # type: ignore[arg-type]  # a key fits its parent
    return json.dumps(whole).encode()


def _opened(data: bytes, keys: Keys) -> tuple[Json, dict[str, Json] | list[Json]]:
    whole = parent = json.loads(data)
    for key in keys[:-1]:
        parent = parent[key]
    return whole, parent


def _leaves(value: Json, keys: Keys) -> Iterator[tuple[Keys, str | int]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _leaves(member, (*keys, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _leaves(item, (*keys, position))
    elif value is not None:
        yield keys, value
