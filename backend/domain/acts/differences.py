"""What differs between an act that follows from the rules and the one that stands in the ledger."""

import msgspec

from backend.domain.acts.vocabulary import Act


def differing_fields(expected: Act, found: Act) -> tuple[str, str]:
    """Return in words what differs between two acts of one kind: the first's values, the second's.

    Args:
        expected: What follows from the rules.
        found: What the ledger says.
    """
    names = [
        name
        for name in expected.__struct_fields__
        if getattr(expected, name) != getattr(found, name)
    ]
    return _fields_text(expected, names), _fields_text(found, names)


def _fields_text(data: Act, names: list[str]) -> str:
    values = msgspec.to_builtins(data)
    return ", ".join(f"{name} {values[name]}" for name in names)
