"""What decisions put beside the statutes, or end: internal rules, interpretations, abrogations.

G1 a supplement speaks where the statutes leave room: against a firm rule nothing is added. G2 an
interpretation settles one open silence, under its article, and nothing beyond what that silence leaves open.
G3 internal rules are made by whom the statutes name. G4 an abrogation ends a rule that says something and
holds, if the others still agree with each other.

A motion names its supplement by CID: a ``psephos-supplement/1`` document (``SupplementDocument``).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import CidText, InternalRulesEffect, InterpretationEffect, Slug
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.rulebook.book import (
    Abrogation,
    Rulebook,
    Supplement,
    format_rulebook,
    parse_rulebook,
)
from backend.domain.rulebook.order import InternalRules
from backend.domain.rulebook.rule import AssemblyParty, Rule
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import AnyRule, FirmRule, Silent, generalised, places
from backend.domain.sources import Sources

MAX_SUPPLEMENT_BYTES = 1 << 20
"""Longest supplement, in bytes: one block of the document profile."""


class SupplementDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules that a motion asks to put beside the statutes."""

    format: Literal["psephos-supplement/1"]
    """Format and version of this schema."""
    rules: Annotated[tuple[FirmRule, ...], Meta(min_length=1, max_length=100)]
    """The rules, without spans: they do not quote the statutes."""


def parse_supplement(content: bytes) -> SupplementDocument:
    """Read a supplement.

    Args:
        content: Canonical JSON, at most ``MAX_SUPPLEMENT_BYTES``.

    Raises:
        InvalidInputError: ``supplement.malformed``: too long, not canonical, outside the schema, or a
            rule quotes the statutes.
    """
    if len(content) > MAX_SUPPLEMENT_BYTES:
        raise _malformed(f"{len(content)} bytes")
    try:
        parse_canonical(content, what="supplement")
        document = _SUPPLEMENTS.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise _malformed(str(error)[:200]) from error
    for rule in document.rules:
        if rule.span is not None:
            raise _malformed(f"a span in {rule.id}")
    return document


def format_supplement(document: SupplementDocument) -> bytes:
    """Return the canonical bytes of a supplement; ``parse_supplement`` reads them back."""
    return canonical_json(msgspec.to_builtins(document))


def check_interpretation(
    effect: InterpretationEffect, motion: Slug, text: CidText, rulebook: Rulebook, sources: Sources
) -> None:
    """Check that an interpretation would settle an open silence and nothing else (G1, G2).

    Args:
        effect: What the motion asks for.
        motion: Its id.
        text: Its text.
        rulebook: The rules in force.
        sources: Where the supplement is looked up.

    Raises:
        NotFoundError: The supplement is not held.
        InvalidInputError: ``supplement.malformed``.
        RuleViolation: ``rule.missing`` where there is no such rule; ``interpretation.settled``,
            ``interpretation.article``, ``interpretation.beyond``; as ``_check_room``.
    """
    silence = rulebook.rule(effect.settles)
    if not isinstance(silence, Silent) or silence not in rulebook.silences():
        raise RuleViolation(
            "interpretation.settled",
            silence.reference(),
            expected="a matter that the statutes leave open",
            found=effect.settles,
        )
    rules = parse_supplement(sources.document(effect.rules)).rules
    for rule in rules:
        if rule.article != silence.article:
            raise RuleViolation(
                "interpretation.article",
                silence.reference(),
                expected=silence.article,
                found=f"{rule.id}: {rule.article}",
            )
        _check_within(rule, silence)
    _check_room(rulebook, Supplement("interpretation", motion, text, rules))


def check_internal_rules(
    effect: InternalRulesEffect,
    motion: Slug,
    rulebook: Rulebook,
    sources: Sources,
    *,
    session: Slug | None,
) -> None:
    """Check that internal rules may be made, here, and leave the statutes as they are (G1, G3).

    Args:
        effect: What the motion asks for.
        motion: Its id.
        rulebook: The rules in force.
        sources: Where the supplement is looked up.
        session: The session that would decide; None before it is called.

    Raises:
        NotFoundError: The supplement is not held.
        InvalidInputError: ``supplement.malformed``.
        RuleViolation: ``internal_rules.session``; the rulebook is silent on who makes internal rules;
            as ``_check_room``.
    """
    rule = rulebook.one(InternalRules)
    if session is not None:
        if isinstance(rule.by, AssemblyParty):
            wanted, deciding = rule.by.session, session
        else:
            wanted, deciding = rule.by.body, rulebook.one(Session, session).body or session
        if deciding != wanted:
            raise RuleViolation(
                "internal_rules.session", rule.reference(), expected=wanted, found=session
            )
    rules = parse_supplement(sources.document(effect.rules)).rules
    _check_room(rulebook, Supplement("internal_rules", motion, effect.text, rules))


def check_abrogation(name: Slug, motion: Slug, rulebook: Rulebook) -> None:
    """Check that a rule may be ended by a decision (G4).

    Args:
        name: Id of the rule.
        motion: The motion that asks for it.
        rulebook: The rules in force.

    Raises:
        RuleViolation: ``rule.missing`` where there is no such rule; ``abrogation.not_in_force`` where
            it leaves a matter open, is overridden or has ended; ``abrogation.conflict`` where rules
            that it overrides would then contradict each other.
    """
    rule = rulebook.rule(name)
    if rule not in rulebook.every(Rule):
        raise RuleViolation(
            "abrogation.not_in_force",
            rule.reference(),
            expected="a rule that says something and holds",
            found=name,
        )
    try:
        sound(abrogate(rulebook, name, motion))
    except ValueError as error:
        raise RuleViolation(
            "abrogation.conflict",
            rule.reference(),
            expected="rules that still agree with each other",
            found=str(error),
        ) from error


def supplement(rulebook: Rulebook, added: Supplement) -> Rulebook:
    """Return the rules with a supplement put beside them.

    Raises:
        ValueError: It contradicts a firm rule, or itself.
    """
    return msgspec.structs.replace(rulebook, supplements=(*rulebook.supplements, added))


def withdraw(rulebook: Rulebook, motion: Slug) -> Rulebook:
    """Return the rules without the supplement of a motion, and without what rested on it.

    What a rule of that supplement overrode is from here on overridden by whatever overrode that rule.

    Raises:
        ValueError: Rules that it overrode would contradict each other.
    """
    gone = {
        rule.id: rule.overrides
        for each in rulebook.supplements
        if each.motion == motion
        for rule in each.rules
    }
    kept = tuple(
        msgspec.structs.replace(each, rules=tuple(_inherit(rule, gone) for rule in each.rules))
        for each in rulebook.supplements
        if each.motion != motion
    )
    abrogations = tuple(each for each in rulebook.abrogations if each.rule not in gone)
    return msgspec.structs.replace(rulebook, supplements=kept, abrogations=abrogations)


def abrogate(rulebook: Rulebook, rule: Slug, motion: Slug) -> Rulebook:
    """Return the rules without one that a decision ends.

    Raises:
        ValueError: There is no such rule, or rules that it overrides would contradict each other.
    """
    ended = (*rulebook.abrogations, Abrogation(rule, motion))
    return msgspec.structs.replace(rulebook, abrogations=ended)


def sound(rulebook: Rulebook) -> Rulebook:
    """Return the rules as they will be read back.

    Raises:
        ValueError: They would not be read: there are too many, or the document is too long.
    """
    try:
        return parse_rulebook(format_rulebook(rulebook))
    except InvalidInputError as error:
        raise ValueError(str(error)) from error


def _inherit(rule: FirmRule, gone: dict[Slug, tuple[Slug, ...]]) -> FirmRule:
    overrides: list[Slug] = []
    waiting = list(rule.overrides)
    while waiting:
        name = waiting.pop(0)
        if name in gone:
            waiting.extend(gone[name])
        else:
            overrides.append(name)
    return msgspec.structs.replace(rule, overrides=tuple(dict.fromkeys(overrides)))


def _check_within(rule: FirmRule, silence: Silent) -> None:
    left_open = set(places(silence))
    for topic, subject in places(rule):
        wider = {(topic, general) for general in (*generalised(subject), "*")}
        if not wider & left_open:
            raise RuleViolation(
                "interpretation.beyond",
                silence.reference(),
                expected=f"{silence.matter}: {' or '.join(silence.subjects())}",
                found=f"{rule.id}: {topic}: {subject or '*'}",
            )


def _check_room(rulebook: Rulebook, added: Supplement) -> None:
    """Check that a supplement stands against no rule (G1).

    Raises:
        InvalidInputError: ``supplement.malformed`` where its own rules contradict each other.
        RuleViolation: ``supplement.id`` where an id is in use; ``supplement.firm``.
    """
    stated = {rule.id: rule for rule in rulebook.rules}
    earlier = {rule.id: rule for each in rulebook.supplements for rule in each.rules}
    firm: dict[tuple[str, str], Rule] = {
        place: rule for rule in rulebook.every(Rule) for place in places(rule)
    }
    replaced = {name for rule in added.rules for name in rule.overrides}
    for rule in added.rules:
        known = stated.get(rule.id, earlier.get(rule.id))
        if known is not None:
            raise RuleViolation(
                "supplement.id", known.reference(), expected="a new id", found=rule.id
            )
        against: list[AnyRule | Rule] = [stated[name] for name in rule.overrides if name in stated]
        against += [
            firm[topic, general]
            for topic, subject in places(rule)
            for general in generalised(subject)
            if (topic, general) in firm and firm[topic, general].id not in replaced
        ]
        if against:
            raise RuleViolation(
                "supplement.firm",
                against[0].reference(),
                expected="rules where the statutes leave room",
                found=rule.id,
            )
    try:
        sound(supplement(rulebook, added))
    except ValueError as error:
        raise _malformed(str(error)[:200]) from error


def _malformed(found: str) -> InvalidInputError:
    return InvalidInputError(
        "supplement.malformed",
        expected=f"a canonical supplement of at most {MAX_SUPPLEMENT_BYTES} bytes",
        found=found,
    )


_SUPPLEMENTS = msgspec.json.Decoder(SupplementDocument)
