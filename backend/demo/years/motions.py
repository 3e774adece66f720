"""Motions of a year, with the documents their effects refer to."""

import hashlib
from collections.abc import Sequence
from typing import Literal

import msgspec

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.cid import document_cid
from backend.demo.client import Answer
from backend.demo.years.year import Year
from backend.domain.acts import (
    ApprovalEffect,
    DissolutionEffect,
    Effect,
    ElectionEffect,
    FrameworkEffect,
    InternalRulesEffect,
    InterpretationEffect,
    MotionKind,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    ObjectionRaised,
    ObjectionResolved,
    ResolutionEffect,
    SeatGiven,
    Slug,
    StatutesEffect,
    StatutesReference,
)
from backend.domain.framework import parse_framework
from backend.domain.rulebook.book import Rulebook, format_rulebook, parse_rulebook
from backend.domain.rulebook.topics import FirmRule
from backend.domain.supplements import SupplementDocument, format_supplement

RESOLUTION = ResolutionEffect()
"""Adoption records the text, and charges nobody."""


def propose(
    year: Year, by: str, motion: Slug, kind: MotionKind, effect: Effect, *documents: object
) -> Answer:
    """Propose a motion; title and text are those of the motions' folder.

    Args:
        year: The year.
        by: Who proposes.
        motion: Its id, and the name of its file.
        kind: Its kind.
        effect: What adoption changes.
        documents: Documents that the effect refers to.

    Raises:
        RefusedError: The server refused.
    """
    text = year.texts.motions[motion]
    data = MotionProposed(motion, kind, year.title(motion), document_cid(text.encode()), effect)
    answer = year.act(by, data, text, *documents)
    year.motions[motion] = data
    return answer


def elect(
    year: Year,
    by: str,
    motion: Slug,
    body: Slug,
    seats: Sequence[tuple[Slug, str]],
    *,
    starts: str,
    co_opted: bool = False,
) -> Answer:
    """Propose to fill seats.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        body: The body.
        seats: Kind of seat and first name, for each.
        starts: First day.
        co_opted: Whether holders are co-opted.

    Raises:
        RefusedError: The server refused.
    """
    way: Literal["co_option", "designation"] = "co_option" if co_opted else "designation"
    given = _given(year, motion, seats)
    effect = ElectionEffect(body, way, starts, attested=True, seats=given)
    return propose(year, by, motion, "election", effect)


def elect_among(
    year: Year,
    by: str,
    motion: Slug,
    body: Slug,
    candidates: Sequence[tuple[Slug, str]],
    *,
    starts: str,
    places: int,
) -> Answer:
    """Propose to let the vote choose among candidates.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        body: The body.
        candidates: Kind of seat and first name, for each.
        starts: First day.
        places: How many the vote chooses.

    Raises:
        RefusedError: The server refused.
    """
    given = _given(year, motion, candidates)
    effect = ElectionEffect(body, "designation", starts, attested=True, seats=given, elects=places)
    return propose(year, by, motion, "election", effect)


def _given(year: Year, motion: Slug, seats: Sequence[tuple[Slug, str]]) -> tuple[SeatGiven, ...]:
    return tuple(
        SeatGiven(f"{motion}-{number}", seat, year.who(name).member)
        for number, (seat, name) in enumerate(seats, start=1)
    )


def report(year: Year, by: str, motion: Slug, what: str, of: int, content: str) -> Answer:
    """Propose to approve a report.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        what: ``accounts`` or ``activities``.
        of: Calendar year.
        content: The report.

    Raises:
        RefusedError: The server refused.
    """
    effect = ApprovalEffect(
        "accounts" if what == "accounts" else "activities", of, document_cid(content.encode())
    )
    return propose(year, by, motion, "approval", effect, content)


def interpret(
    year: Year, by: str, motion: Slug, kind: MotionKind, settles: Slug, *rules: Slug
) -> Answer:
    """Propose what a silent rule is to mean.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        kind: Kind of motion in which the statutes let it be said.
        settles: Id of the silent rule.
        rules: Ids of the rules, in ``interpretations.yaml``.

    Raises:
        RefusedError: The server refused.
    """
    content = _supplement([year.texts.interpretations[each] for each in rules])
    effect = InterpretationEffect(settles, document_cid(content))
    return propose(year, by, motion, kind, effect, msgspec.json.decode(content))


def internal_rules(year: Year, by: str, motion: Slug) -> Answer:
    """Propose the internal rules of the organisation's folder.

    Raises:
        RefusedError: The server refused.
    """
    text = year.texts.internal_text
    content = _supplement(year.texts.internal_rules)
    effect = InternalRulesEffect(document_cid(text.encode()), document_cid(content))
    return propose(year, by, motion, "internal_rules", effect, text, msgspec.json.decode(content))


def amend_statutes(year: Year, by: str, motion: Slug, *, addition: str = "") -> Answer:
    """Propose the second version of the folder, or the statutes with a further article.

    What decisions put beside the statutes stays in force.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        addition: The article; empty for that of the folder.

    Raises:
        RefusedError: The server refused.
    """
    if year.texts.second is not None:
        text, content = year.texts.second
        rulebook = parse_rulebook(content)
    else:
        text, rulebook = f"{year.texts.text}\n{addition or year.texts.addition}", year.rules
    second: Rulebook = msgspec.structs.replace(
        rulebook,
        text=document_cid(text.encode()),
        supplements=year.rules.supplements,
        abrogations=year.rules.abrogations,
    )
    document = format_rulebook(second)
    reference = StatutesReference(
        document_cid(text.encode()), document_cid(document), hashlib.sha256(document).hexdigest()
    )
    rules = parse_canonical(document, what="rulebook")
    return propose(year, by, motion, "constituent", StatutesEffect(reference), text, rules)


def frame(year: Year, by: str, motion: Slug, kind: MotionKind, *, high: str = "") -> Answer:
    """Propose the valuation framework, or a revision of its first indicator's upper bound.

    Args:
        year: The year.
        by: Who proposes.
        motion: Id of the motion.
        kind: Kind of motion.
        high: The bound; empty for the framework as it stands in the folder.

    Raises:
        RefusedError: The server refused.
    """
    framework = parse_framework(year.texts.framework)
    if high:
        first, *others = framework.indicators
        revised = msgspec.structs.replace(first, high=high)
        framework = msgspec.structs.replace(framework, indicators=(revised, *others))
    content = canonical_json(msgspec.to_builtins(framework))
    effect = FrameworkEffect(framework.id, document_cid(content))
    return propose(year, by, motion, kind, effect, msgspec.json.decode(content))


def dissolve(year: Year, by: str, motion: Slug, *liquidators: str) -> Answer:
    """Propose to dissolve the organisation.

    Raises:
        RefusedError: The server refused.
    """
    devolution = "Les biens restants vont à une organisation au but voisin.\n"
    effect = DissolutionEffect(year.ids(*liquidators), document_cid(devolution.encode()))
    return propose(year, by, motion, "dissolution", effect, devolution)


def support(year: Year, motion: Slug, *names: str) -> None:
    """Let members support a motion.

    Raises:
        RefusedError: The server refused.
    """
    for name in names:
        year.act(name, MotionSupported(motion))
    year.say("supported", title=year.title(motion), names=", ".join(names))


def withdraw(year: Year, by: str, motion: Slug) -> None:
    """Let a proposer take a motion back.

    Raises:
        RefusedError: The server refused.
    """
    year.act(by, MotionWithdrawn(motion))
    year.say("withdrawn", title=year.title(motion), name=by)


def object_to(year: Year, by: str, motion: Slug, objection: Slug, grounds: str) -> None:
    """Raise a reasoned objection.

    Raises:
        RefusedError: The server refused.
    """
    year.act(by, ObjectionRaised(objection, motion, document_cid(grounds.encode())), grounds)
    year.say("objected", name=by, title=year.title(motion))


def resolve(year: Year, by: str, objection: Slug, text: str) -> None:
    """Say that one's objection is met.

    Raises:
        RefusedError: The server refused.
    """
    year.act(by, ObjectionResolved(objection, "met", document_cid(text.encode())), text)
    year.say("resolved", name=by)


def _supplement(rules: Sequence[FirmRule]) -> bytes:
    return format_supplement(SupplementDocument("psephos-supplement/1", tuple(rules)))
