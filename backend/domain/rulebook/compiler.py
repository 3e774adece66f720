"""From what a secretary writes to the rulebook the engine reads: spans instead of quotations, checked.

A source is a mapping with ``title``, ``language``, ``time_zone`` and ``rules``; each rule is a mapping with
``topic``, ``id``, ``article``, ``modality``, the parameters of its topic, and ``quote``: the words of the
statutes that state it. ``backend.domain.rulebook.source`` gives the forms of values.

C1 the article of every rule is in the text. C2 a quotation stands in its article, exactly once.
C3 a rule with modality ``silent`` says what is left open by the subjects of its topic, and what settles it.
C4 what ``Rulebook`` requires holds, and refusals name both rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast, get_args

import msgspec
from msgspec import inspect

from anchoring.core.canonical import Json
from anchoring.core.cid import document_cid
from backend.domain.errors import InvalidInputError
from backend.domain.rulebook.articles import ArticleText, article_key, find_quote, read_articles
from backend.domain.rulebook.book import FORMAT, Rulebook
from backend.domain.rulebook.rule import Rule
from backend.domain.rulebook.source import (
    Source,
    closest,
    is_list,
    read_fields,
    read_text,
    read_value,
)
from backend.domain.rulebook.topics import DENIABLE, AnyRule, FirmRule, Silent, places, topic_of

SILENT = "silent"
"""The modality of a rule that says what the statutes leave open."""

TOPICS: Mapping[str, type[Rule]] = {topic_of(schema): schema for schema in get_args(FirmRule)}
"""Schema of each topic, in the order of the schema."""

_HEAD = ("title", "language", "time_zone")
_KEYS = (*_HEAD, "rules")
_QUOTE = "quote"
_COMMON = frozenset({"id", "article", "modality", "topic", "settled_by", "about", _QUOTE})


@dataclass(frozen=True, slots=True)
class _Text:
    """The statutes as rules quote them."""

    text: str
    articles: Mapping[str, ArticleText]


def compile_rulebook(source: Source, statutes: bytes) -> Rulebook:
    """Return the rulebook that a source describes for a statutes text.

    Args:
        source: The source: texts, lists and mappings only.
        statutes: The text, UTF-8.

    Raises:
        InvalidInputError: ``rulebook.source.*``; the first of ``problems``.
    """
    rulebook, found = _compile(source, statutes)
    if rulebook is None:
        raise found[0]
    return rulebook


def problems(source: Source, statutes: bytes) -> tuple[InvalidInputError, ...]:
    """Return everything that keeps a source from compiling, at most one problem for each rule.

    Args:
        source: The source.
        statutes: The text, UTF-8.
    """
    return _compile(source, statutes)[1]


def _compile(
    source: Source, statutes: bytes
) -> tuple[Rulebook | None, tuple[InvalidInputError, ...]]:
    try:
        head, written = _document(source)
        text = _read_statutes(statutes)
    except InvalidInputError as error:
        return None, (error,)
    rules: list[AnyRule] = []
    found: list[InvalidInputError] = []
    for number, each in enumerate(written, start=1):
        try:
            rules.append(_rule(each, number, text))
        except InvalidInputError as error:
            found.append(error)
    found.extend(_conflicts(rules) if not found else ())
    if found:
        return None, tuple(found)
    content = {
        **head,
        "format": FORMAT,
        "text": document_cid(statutes),
        "rules": msgspec.to_builtins(rules),
    }
    try:
        return msgspec.convert(content, Rulebook), ()
    except msgspec.ValidationError as error:
        return None, (_refused("value", "a rulebook", str(error)),)


def _document(source: Source) -> tuple[dict[str, Json], Sequence[Source]]:
    """Return the head and the rules, still as written."""
    if not isinstance(source, Mapping):
        raise _refused("form", "a mapping", "the file")
    for name in source:
        if name not in _KEYS:
            raise _refused("key_unknown", closest(name, _KEYS), name)
    for name in _KEYS:
        if name not in source:
            raise _refused("key_missing", name, ", ".join(source))
    rules = source["rules"]
    if not is_list(rules) or not rules:
        raise _refused("form", "a list", "rules")
    schema = cast("inspect.StructType", inspect.type_info(Rulebook))
    fields = {field.name: field.type for field in schema.fields}
    return {name: read_value(fields[name], source[name], name) for name in _HEAD}, rules


def _read_statutes(statutes: bytes) -> _Text:
    try:
        text = statutes.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("text", "UTF-8", str(error)) from error
    return _Text(text, read_articles(text))


def _rule(source: Source, number: int, text: _Text) -> AnyRule:
    if not isinstance(source, Mapping):
        raise _refused("form", "a mapping", f"rule {number}")
    name = source.get("id", "")
    where = name if isinstance(name, str) and name else f"rule {number}"
    for key in ("topic", "id", "article", "modality"):
        if key not in source:
            raise _refused("key_missing", key, where)
    topic = read_text(source["topic"], f"{where}, topic")
    if topic not in TOPICS:
        raise _refused("topic", closest(topic, list(TOPICS)), f"{where}: {topic}")
    article = _article(read_text(source["article"], f"{where}, article"), where, text)
    fields = {key: value for key, value in source.items() if key not in ("topic", _QUOTE)}
    schema: type[Rule | Silent] = TOPICS[topic]
    if source["modality"] == SILENT:
        schema = Silent
        fields = {**_silent(topic, fields, where), "matter": topic}
    converted = read_fields(_schema(schema), {**fields, "article": article.number}, where)
    if _QUOTE in source:
        quote = read_text(source[_QUOTE], f"{where}, {_QUOTE}")
        converted["span"] = _span(quote, article, where, text)
    tag = SILENT if schema is Silent else topic
    try:
        rule: AnyRule = msgspec.convert({**converted, "topic": tag}, AnyRule)
    except msgspec.ValidationError as error:
        raise _refused("value", "docs/formats/rulebook.md", f"{where}: {error}") from error
    return rule


def _article(number: str, where: str, text: _Text) -> ArticleText:
    article = text.articles.get(article_key(number))
    if article is None:
        known = ", ".join(each.number for each in text.articles.values())
        raise _refused("article", known, f"{where}: {number}")
    return article


def _span(quote: str, article: ArticleText, where: str, text: _Text) -> dict[str, Json]:
    spans = find_quote(text.text, article, quote)
    if len(spans) == 1:
        return {"start": spans[0].start, "end": spans[0].end}
    if spans:
        raise _refused(
            "quote_repeated", f"Article {article.number}", f"{where}: {len(spans)} \u00d7 {quote}"
        )
    for other in text.articles.values():
        if find_quote(text.text, other, quote):
            raise _refused("quote_elsewhere", f"Article {other.number}", f"{where}: {quote}")
    raise _refused("quote_missing", f"Article {article.number}", f"{where}: {quote}")


def _schema(schema: type[Rule | Silent]) -> inspect.StructType:
    described = cast("inspect.StructType", inspect.type_info(schema))
    shown = tuple(field for field in described.fields if field.name != "span")
    return msgspec.structs.replace(described, fields=shown)


_CROSSED = ("sessions", "motions")
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "voting_right": ("member_class",),
    "admission": ("member_class",),
    "loss": ("cause", "classes"),
    "due_process": ("measures",),
    "appeal": ("measures",),
    "body": ("body",),
    "designation": ("bodies", "phase"),
    "session": ("session",),
    "competence": ("motions",),
    "quorum": (*_CROSSED, "round"),
    "majority": _CROSSED,
    "tie": _CROSSED,
    "tie_break": _CROSSED,
    "contestation": _CROSSED,
    **dict.fromkeys(
        ("term", "renewal", "co_option", "revocation", "casting_vote", "absence", "minimum_age"),
        ("bodies",),
    ),
    **dict.fromkeys(
        (
            "periodicity", "agenda_duty", "convocation", "on_request", "notice", "agenda_binding",
            "channels", "early_close", "second_convocation", "proxies", "adjournment", "minutes",
        ),
        ("sessions",),
    ),
    **dict.fromkeys(("initiative", "effect", "deliberation", "ballot"), ("motions",)),
}  # fmt: skip
"""Fields that make up the subjects of each topic, in their order; none where a topic has one subject only."""


def _silent(topic: str, fields: Mapping[str, Source], where: str) -> dict[str, Source]:
    """Return the fields of a silence: what it leaves open, written as the topic's own subjects (C3)."""
    names = SUBJECTS.get(topic, ())
    types = {field.name: field.type for field in _schema(TOPICS[topic]).fields}
    kept: dict[str, Source] = {}
    parts: dict[str, list[str]] = {}
    for name, value in fields.items():
        if name in names:
            read = read_value(types[name], value, f"{where}, {name}")
            parts[name] = [str(each) for each in (read if isinstance(read, list) else [read])]
        elif name not in _COMMON:
            raise _refused("key_unknown", closest(name, [*names, "settled_by"]), f"{where}: {name}")
        elif name != "modality":
            kept[name] = value
    if parts:
        crossed = product(*(parts.get(name) or ["*"] for name in names))
        kept["about"] = ["/".join(each) for each in crossed]
    return kept


def _conflicts(rules: Sequence[AnyRule]) -> Iterator[InvalidInputError]:
    """Yield what ``Rulebook`` would refuse, with the rules at fault (C4)."""
    ids: dict[str, AnyRule] = {}
    for rule in rules:
        if rule.id in ids:
            yield _refused("id_twice", "each id once", rule.id)
        ids[rule.id] = rule
    firm = [rule for rule in rules if isinstance(rule, Rule)]
    for rule in firm:
        for name in rule.overrides:
            if name not in ids:
                yield _refused("override_unknown", closest(name, list(ids)), f"{rule.id}: {name}")
    yield from _same_matter(rules, {name for rule in firm for name in rule.overrides})
    for rule in firm:
        if rule.modality == "must_not" and not isinstance(rule, DENIABLE):
            yield _refused("denied", "must, may", rule.id)


def _same_matter(rules: Sequence[AnyRule], weaker: set[str]) -> Iterator[InvalidInputError]:
    holding: dict[tuple[str, str], AnyRule] = {}
    for rule in (rule for rule in rules if rule.id not in weaker):
        for place in places(rule):
            other = holding.setdefault(place, rule)
            if other is not rule:
                topic, subject = place
                yield _refused(
                    "same_matter",
                    f"overrides: {other.id}",
                    f"{other.id}, {rule.id}: {topic} {subject}".strip(),
                )
                break


def _refused(code: str, expected: str, found: str) -> InvalidInputError:
    return InvalidInputError(f"rulebook.source.{code}", expected=expected, found=found[:400])
