"""Votes of the model organisation on several options, by any method, chain of ties and kind of session."""

from collections.abc import Sequence
from typing import Literal

from backend.domain.acts import (
    ElectionEffect,
    LotsDrawn,
    MotionResult,
    SeatGiven,
    SelectionEffect,
    SelectionOption,
)
from backend.domain.methods import OPTION_METHODS
from backend.domain.methods.choices import format_approved, format_marks, format_ranking
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Channels
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import TieMeans
from tests.support.governance import CHAIR, founded
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, model_rulebook
from tests.support.organisations import Simulation
from tests.support.selection_rules import selection_rules
from tests.support.vote_world import VOTERS

MOTION = "crossing"
"""The motion put to the vote."""

SEED = "5e" * 32
"""Hash of the block from which lots are drawn."""


def contest_rules(
    *changed: AnyRule,
    method: str = "plurality",
    chain: tuple[TieMeans, ...] = ("sortition",),
    **fields: object,
) -> Rulebook:
    """Return the model rulebook with a ballot on several options; rules of a known id are replaced.

    Args:
        changed: Other rules.
        method: The method.
        chain: How ties are broken.
        fields: Other fields of the ballot rule.
    """
    rules = (*selection_rules(method, chain=chain, **fields), *changed)  # type: ignore[arg-type]  # of the ballot rule
    return model_rulebook(tuple({rule.id: rule for rule in rules}.values()))


def paper_contest_rules(*changed: AnyRule, **fields: object) -> Rulebook:
    """Return rules under which the assembly votes in a room, on several options by papers in an urn."""
    channels = Channels(
        id="channels", article="11", modality="must", sessions=("assembly",), channels=("room",)
    )
    return contest_rules(channels, *changed, secrecy="secret", **fields)  # type: ignore[arg-type]  # of the ballot rule


def selection(
    *options: str, chosen: int = 1, status_quo: str | None = None, budget: int = 0, cost: int = 0
) -> SelectionEffect:
    """Return a choice between options that all cost the same."""
    given = tuple(SelectionOption(each, f"The {each}", cost=cost) for each in options)
    return SelectionEffect(given, chosen=chosen, status_quo=status_quo, budget=budget)


def candidacy(*candidates: Actor, elects: int = 1) -> ElectionEffect:
    """Return an election of auditors among candidates, each under a mandate of their role."""
    seats = tuple(SeatGiven(f"to-{each.role}", "auditor", each.id) for each in candidates)
    return ElectionEffect("audit", "designation", "2026-03-01", True, seats, elects)  # noqa: FBT003 - field of the act


def choice_of(method: str, *preference: str) -> str:
    """Return a ballot that prefers options in an order, in the schema of a method."""
    match OPTION_METHODS[method].SCHEMA:
        case "single":
            return preference[0]
        case "approval":
            return format_approved(preference[:1])
        case "marks":
            marks = range(len(preference), 0, -1)
            return format_marks(tuple(zip(preference, marks, strict=True)))
        case _:
            return format_ranking(tuple((option,) for option in preference))


def put_to_vote(
    rulebook: Rulebook,
    effect: SelectionEffect | ElectionEffect,
    *,
    session: Literal["assembly", "council"] = "assembly",
    present: Sequence[Actor] | None = None,
) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation at the opening time of "spring", which votes on one motion.

    Args:
        rulebook: Its rules.
        effect: What is put to the vote.
        session: Which session votes.
        present: Who is in the room, opened with them if there is anyone; None for a remote session.
    """
    simulation, ledger = founded(rulebook)
    kind: Literal["election", "legislative"] = (
        "election" if isinstance(effect, ElectionEffect) else "legislative"
    )
    simulation.propose_effect(CHAIR, MOTION, kind, effect)
    channel: Literal["room", "remote"] = "remote" if present is None else "room"
    simulation.convene(CHAIR, "spring", MOTION, session=session, channel=channel)
    simulation.advance(days=15)
    for member in present or ():
        simulation.attend(member, "spring", "room")
    if present:
        simulation.open(CHAIR, "spring")
    return simulation, ledger


def cast_all(simulation: Simulation, choices: Sequence[str | None]) -> None:
    """Let the voters cast these choices in their order; None for one who does not vote."""
    for voter, choice in zip(VOTERS, choices, strict=False):
        if choice is not None:
            simulation.cast(voter, MOTION, choice)


def polled(
    rulebook: Rulebook,
    effect: SelectionEffect | ElectionEffect,
    choices: Sequence[str | None],
    *,
    session: Literal["assembly", "council"] = "assembly",
) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after a remote vote that was closed at its time."""
    simulation, ledger = put_to_vote(rulebook, effect, session=session)
    cast_all(simulation, choices)
    simulation.advance(days=2)
    simulation.close("spring")
    return simulation, ledger


def result_of(ledger: MemoryLedger) -> MotionResult:
    """Return what closing established."""
    result = ledger.state.poll(MOTION).result
    assert result is not None
    return result


def seed_of(ledger: MemoryLedger, **fields: object) -> LotsDrawn:
    """Return the lots that an anchor of the whole ledger would give, some fields changed."""
    drawn: dict[str, object] = {
        "motion": MOTION,
        "chain_id": 1337,
        "size": ledger.state.size,
        "block": 77,
        "seed": SEED,
        **fields,
    }
    return LotsDrawn(**drawn)  # type: ignore[arg-type]  # fields of the act


def draw(simulation: Simulation, ledger: MemoryLedger, **fields: object) -> int:
    """Record lots."""
    return simulation.system_act(lambda _: seed_of(ledger, **fields))
