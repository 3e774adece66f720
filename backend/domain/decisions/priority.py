"""In which order options that figures leave equal are taken: the chain of the rule on breaking ties.

T1 means are asked in the order of the rule, each only between options that those before it leave equal. T2
the status quo comes before every change. T3 a casting vote prefers as the last ballot of who holds the seat
does; on a secret vote nobody declares it, and it says nothing where no seat has one. T4 seniority prefers the
candidate whose membership is older; it says nothing of options that are no persons, nor between founders. T5
lots order all options by the SHA-256 of seed, decision and option: the seed is the hash of the block that
first anchors the closing, so it was not known while anyone could vote.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import ElectionEffect, LotsDrawn, MotionResult, SelectionEffect, Slug
from backend.domain.commitments import Hex32
from backend.domain.contests import contest_of
from backend.domain.decisions.case import Case
from backend.domain.decisions.verdict import casting_vote
from backend.domain.methods import OPTION_METHODS
from backend.domain.methods.choices import (
    BLANK,
    UNDECLARED,
    Approved,
    Marks,
    Ranking,
)
from backend.domain.methods.contest import Contest, Order
from backend.domain.quantities import MAX_INTEGER
from backend.domain.rulebook.bodies import CastingVote
from backend.domain.rulebook.voting import TieBreak
from backend.domain.sources import Sources

Places = Mapping[Slug, int]
"""Places of options by one means, lowest first; those left out come last and are equal."""

_LAST = MAX_INTEGER
"""Place after every other."""


@dataclass(frozen=True, slots=True)
class Priority:
    """An order of options, and what it was drawn from."""

    order: Order
    """All options, preferred first; those that no means tells apart share a tier."""
    inputs: dict[str, str]
    """What a step says of it."""


def lots(options: tuple[Slug, ...], *, seed: Hex32, decision: Hex32) -> tuple[Slug, ...]:
    """Return options in the order of lots (T5).

    Args:
        options: The options, in any order.
        seed: Hash of a block.
        decision: Id of the decision, so that one block gives each vote lots of its own.
    """
    drawn = b"psephos/lots/v1" + bytes.fromhex(seed) + bytes.fromhex(decision)
    return tuple(
        sorted(options, key=lambda option: hashlib.sha256(drawn + option.encode()).digest())
    )


def priority(
    case: Case,
    rule: TieBreak,
    result: MotionResult,
    sources: Sources,
    *,
    declared: str | None,
    drawn: LotsDrawn | None,
) -> Priority:
    """Return the order of options by a rule on ties.

    Args:
        case: The case.
        rule: The rule.
        result: What closing established.
        sources: Where a casting vote is looked up.
        declared: The casting vote to believe where the roll was erased.
        drawn: The lots; None to follow the chain up to them.

    Raises:
        NotFoundError: The openings are not held.
    """
    contest = contest_of(case.motion.data.effect, case.ballot)
    asked: list[Places] = []
    inputs: dict[str, str] = {}
    for means in rule.chain:
        if means != "sortition":
            places, told = _means(case, means, contest, result, sources, declared)
        elif drawn is not None:
            places, told = _lots(case, contest, drawn)
        else:
            break
        asked.append(places)
        inputs.update(told)
    tiers: dict[tuple[int, ...], list[Slug]] = {}
    for option in contest.options:
        found = tuple(places.get(option, _LAST) for places in asked)
        tiers.setdefault(found, []).append(option)
    order = tuple(tuple(tiers[place]) for place in sorted(tiers))
    return Priority(order, inputs)


def _means(
    case: Case,
    means: Literal["status_quo", "casting_vote", "seniority"],
    contest: Contest,
    result: MotionResult,
    sources: Sources,
    declared: str | None,
) -> tuple[Places, dict[str, str]]:
    """Return the places by a means, and what a step says of it."""
    effect = case.motion.data.effect
    match means:
        case "status_quo":
            stays = effect.status_quo if isinstance(effect, SelectionEffect) else None
            return ({} if stays is None else {stays: 0}), {}
        case "seniority":
            seats = effect.seats if isinstance(effect, ElectionEffect) else ()
            since = {given.mandate: case.state.member(given.holder).since for given in seats}
            return {option: entry for option, entry in since.items() if entry is not None}, {}
        case _:
            choice = _casting_choice(case, result, sources, declared)
            if choice is None:
                return {}, {}
            tiers = preference(case.ballot.method, choice, contest)
            return _places(tiers), {"casting_vote": choice}


def _lots(case: Case, contest: Contest, drawn: LotsDrawn) -> tuple[Places, dict[str, str]]:
    order = lots(contest.options, seed=drawn.seed, decision=case.poll.item.decision)
    places = {option: place for place, option in enumerate(order)}
    return places, {"block": str(drawn.block), "seed": drawn.seed}


def _casting_choice(
    case: Case, result: MotionResult, sources: Sources, declared: str | None
) -> str | None:
    body = case.session.body
    rule = None if body is None else case.stated(CastingVote, body)
    if rule is None:
        return None
    return casting_vote(case, rule, result, sources) or declared or UNDECLARED


def preference(method: str, choice: str, contest: Contest) -> Order:
    """Return how one ballot orders options; options it leaves out come last.

    Args:
        method: The method, which says what a ballot looks like.
        choice: The text of a choice; ``blank`` and ``UNDECLARED`` order nothing.
        contest: The options.

    Raises:
        InvalidInputError: The text is no choice of this contest.
    """
    if choice in (BLANK, UNDECLARED):
        return ()
    known = OPTION_METHODS[method]
    ballot = known.parse_choice(choice, contest)
    if known.SCHEMA == "ranking":
        ranking: Ranking = ballot
        return ranking
    if known.SCHEMA == "marks":
        return _by_marks(ballot, contest)
    approved: Approved = (ballot,) if known.SCHEMA == "single" else ballot
    return (approved,)


def _by_marks(marks: Marks, contest: Contest) -> Order:
    given, tiers = dict(marks), dict[int, list[Slug]]()
    for option in contest.options:
        tiers.setdefault(given.get(option, 0), []).append(option)
    return tuple(tuple(tiers[mark]) for mark in sorted(tiers, reverse=True))


def _places(order: Order) -> Places:
    return {option: place for place, tier in enumerate(order) for option in tier}
