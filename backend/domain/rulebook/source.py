"""Reading what a person writes in a rulebook source: texts, lists and mappings, turned into what rules hold.

What is expected follows from the schema of the rule itself, so that a new parameter needs no new reader.

S1 every scalar is a text: what a number, a date or a truth value is, the schema decides and nothing guesses.
S2 a list of one may be written without the list.
S3 fractions are written ``1/4``; thresholds ``more than 1/2`` or ``at least 1/4``; durations ``1 year``,
``3 months``, ``15 days`` or such parts joined by ``and``; truth values ``yes`` and ``no``.
S4 who acts is written ``founders``, ``any member``, ``body: ID``, ``body: ID`` with ``seat: ID``,
``assembly: SESSION``, or ``share: at least 1/4`` with ``of: BODY`` where not all members with a vote count.
S5 ``motions: all`` means every kind of motion.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeGuard, get_args

from msgspec import inspect

from anchoring.core.canonical import Json
from backend.domain.acts import MotionKind
from backend.domain.deadlines import Duration
from backend.domain.errors import InvalidInputError
from backend.domain.quantities import MAX_INTEGER, Ratio
from backend.domain.rulebook.rule import Threshold

Source = str | Sequence["Source"] | Mapping[str, "Source"]
"""What a source is made of: texts, lists and mappings."""

ALL = "all"
"""What a source writes for every kind of motion."""

_FRACTION = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")
_THRESHOLD = re.compile(r"(more than|at least) +([0-9]+/[0-9]+)")
_PART = re.compile(r"([1-9][0-9]{0,4}) (year|month|day)s?")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_SLUG_PATTERN = "a-z0-9](-?["
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_PARTIES = {"founders": "founders", "any member": "any_member"}
_PARTY_KEYS: Mapping[frozenset[str], str] = {
    frozenset({"body"}): "body",
    frozenset({"body", "seat"}): "seat",
    frozenset({"assembly"}): "assembly",
    frozenset({"share"}): "share",
    frozenset({"share", "of"}): "share",
}
_PARTY_FORMS: Mapping[str, str] = {
    "founders": "founders",
    "any_member": "any member",
    "body": "body: ID",
    "seat": "body: ID, seat: ID",
    "assembly": "assembly: SESSION",
    "share": "share: at least 1/4",
}


def read_value(kind: inspect.Type, source: Source, where: str) -> Json:
    """Return what a source means for a schema, as plain values that msgspec converts.

    Args:
        kind: The schema, from ``msgspec.inspect``.
        source: What was written.
        where: Rule and field, for refusals.

    Raises:
        InvalidInputError: ``rulebook.source.*``, with where it is and what would be accepted.
    """
    if isinstance(kind, inspect.UnionType):
        if _parties(kind):
            return _party(kind, source, where)
        return read_value(_present(kind), source, where)
    if isinstance(kind, inspect.StructType):
        return _structure(kind, source, where)
    if isinstance(kind, inspect.VarTupleType):
        items = _items(kind.item_type, source, where)
        return [read_value(kind.item_type, each, where) for each in items]
    return _scalar(kind, source, where)


def _scalar(kind: inspect.Type, source: Source, where: str) -> Json:
    match kind:
        case inspect.TupleType():
            return _pair(kind, source, where)
        case inspect.BoolType():
            return _truth(source, where)
        case inspect.IntType():
            return _number(kind, source, where)
        case inspect.LiteralType():
            return _choice(kind, source, where)
        case inspect.StrType():
            return _text(kind, source, where)
    raise _refused("form", "a simpler value", where, source)  # pragma: no cover - no other type


def read_text(source: Source, where: str) -> str:
    """Return a text as it stands.

    Raises:
        InvalidInputError: ``rulebook.source.form``: it is a list or a mapping, or empty.
    """
    if isinstance(source, str) and source.strip():
        return source.strip()
    raise _refused("form", "a text", where, source)


def is_list(source: Source) -> TypeGuard[Sequence[Source]]:
    """Tell whether a source is a list."""
    return isinstance(source, Sequence) and not isinstance(source, str)


def closest(word: str, known: Sequence[str]) -> str:
    """Return what may be written, the nearest first where one is near."""
    near = get_close_matches(word, known, n=1)
    return ", ".join([*near, *(each for each in sorted(known) if each not in near)])


def _structure(kind: inspect.StructType, source: Source, where: str) -> Json:
    if kind.cls is Ratio:
        return _fraction(source, where)
    if kind.cls is Threshold:
        return _threshold(source, where)
    if kind.cls is Duration:
        return _duration(source, where)
    if kind.tag_field == "who":
        return _party(inspect.UnionType((kind,)), source, where)
    return read_fields(kind, _mapping(source, where), where)


def read_fields(
    kind: inspect.StructType, source: Mapping[str, Source], where: str
) -> dict[str, Json]:
    """Return the fields of a structure.

    Args:
        kind: Its schema.
        source: What was written, by field.
        where: The rule, and the field the structure is in, for refusals.

    Raises:
        InvalidInputError: As ``read_value``; ``rulebook.source.key_unknown`` and
            ``rulebook.source.key_missing`` for a field too many or too few.
    """
    fields = {field.name: field for field in kind.fields}
    for name in source:
        if name not in fields:
            raise _refused("key_unknown", closest(name, list(fields)), where, name)
    for name, field in fields.items():
        if field.required and name not in source:
            raise _refused("key_missing", name, where, ", ".join(source))
    return {
        name: read_value(fields[name].type, value, f"{where}, {name}")
        for name, value in source.items()
    }


def _mapping(source: Source, where: str) -> Mapping[str, Source]:
    if isinstance(source, Mapping):
        return source
    raise _refused("form", "a mapping", where, source)


def _items(item: inspect.Type, source: Source, where: str) -> Sequence[Source]:
    if source == ALL and isinstance(item, inspect.LiteralType) and _kinds(item):
        return [str(value) for value in item.values]
    if is_list(source):
        return source
    if isinstance(source, str) and not source.strip():
        raise _refused("form", "a list", where, source)
    return (source,)


def _kinds(item: inspect.LiteralType) -> bool:
    return set(item.values) == set(get_args(MotionKind))


def _parties(kind: inspect.UnionType) -> bool:
    return any(
        isinstance(each, inspect.StructType) and each.tag_field == "who" for each in kind.types
    )


def _party(kind: inspect.UnionType, source: Source, where: str) -> Json:
    structures = {
        str(each.tag): each for each in kind.types if isinstance(each, inspect.StructType)
    }
    if isinstance(source, str):
        tag, written = _PARTIES.get(source.strip().replace("_", " "), ""), {}
    else:
        written = dict(_mapping(source, where))
        tag = _PARTY_KEYS.get(frozenset(written), "")
    if tag not in structures:
        forms = " | ".join(_PARTY_FORMS[each] for each in structures)
        raise _refused("party", forms, where, source)
    renamed = {_party_field(tag, name): value for name, value in written.items()}
    return {"who": tag, **read_fields(structures[tag], renamed, where)}


def _party_field(tag: str, name: str) -> str:
    return {("share", "share"): "threshold", ("share", "of"): "body"}.get(
        (tag, name), "session" if tag == "assembly" else name
    )


def _present(kind: inspect.UnionType) -> inspect.Type:
    return next(each for each in kind.types if not isinstance(each, inspect.NoneType))


def _pair(kind: inspect.TupleType, source: Source, where: str) -> Json:
    parts: Sequence[Source] = source.split("/") if isinstance(source, str) else ()
    if len(parts) != len(kind.item_types):
        raise _refused("pair", "BODY/SEAT", where, source)
    return [
        read_value(each, part, where) for each, part in zip(kind.item_types, parts, strict=True)
    ]


def _truth(source: Source, where: str) -> bool:
    truth = _TRUTH.get(source) if isinstance(source, str) else None
    if truth is None:
        raise _refused("truth", "yes, no", where, source)
    return truth


def _number(kind: inspect.IntType, source: Source, where: str) -> int:
    low, high = kind.ge or 0, MAX_INTEGER if kind.le is None else kind.le
    written = source if isinstance(source, str) else ""
    if _NUMBER.fullmatch(written) is None or not low <= int(written) <= high:
        raise _refused("number", f"{low} \u2026 {high}", where, source)
    return int(written)


def _choice(kind: inspect.LiteralType, source: Source, where: str) -> Json:
    known = {str(value): value for value in kind.values if isinstance(value, str | int)}
    if not isinstance(source, str) or source not in known:
        raise _refused("choice", closest(str(source), list(known)), where, source)
    return known[source]


def _text(kind: inspect.StrType, source: Source, where: str) -> str:
    text = read_text(source, where)
    if kind.max_length is not None and len(text) > kind.max_length:
        raise _refused("too_long", str(kind.max_length), where, text)
    if kind.pattern is not None and re.search(kind.pattern, text) is None:
        code = "slug" if _SLUG_PATTERN in kind.pattern else "pattern"
        raise _refused(code, "conseil-local" if code == "slug" else kind.pattern, where, text)
    return text


def _fraction(source: Source, where: str) -> Json:
    found = _FRACTION.fullmatch(source) if isinstance(source, str) else None
    if found is None:
        raise _refused("fraction", "1/4", where, source)
    return {"num": int(found[1]), "den": int(found[2])}


def _threshold(source: Source, where: str) -> Json:
    found = _THRESHOLD.fullmatch(source.strip()) if isinstance(source, str) else None
    fraction = _FRACTION.fullmatch(found[2]) if found else None
    if found is None or fraction is None or int(fraction[1]) > int(fraction[2]):
        raise _refused("threshold", "more than 1/2 | at least 1/4", where, source)
    ratio: Json = {"num": int(fraction[1]), "den": int(fraction[2])}
    return {"fraction": ratio, "strict": found[1] == "more than"}


def _duration(source: Source, where: str) -> Json:
    parts = [
        _PART.fullmatch(part) for part in (source.split(" and ") if isinstance(source, str) else ())
    ]
    found = {f"{part[2]}s": int(part[1]) for part in parts if part is not None}
    if not parts or len(found) != len(parts):
        raise _refused("duration", "1 year | 3 months | 15 days", where, source)
    return dict[str, Json](found)


def _refused(code: str, expected: str, where: str, source: Source) -> InvalidInputError:
    written = source if isinstance(source, str) else "\u2026"
    return InvalidInputError(
        f"rulebook.source.{code}", expected=expected, found=f"{where}: {written[:120]}"
    )
