"""Votes on several options as members see them: what is on the ballot, how the count went, lots on a tie."""

from dataclasses import dataclass
from typing import Literal

from anchoring.core.types import ChainId, TreeSize
from anchoring.ports import DocumentStore
from backend.domain.acts import (
    CidText,
    ElectionEffect,
    LotsDrawn,
    MemberId,
    SelectionEffect,
    Slug,
    Title,
)
from backend.domain.contests import contest_of
from backend.domain.decisions import lots_awaited
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.instants import Instant
from backend.domain.methods import METHODS, OPTION_METHODS
from backend.domain.methods.choices import BLANK, BallotSchema
from backend.domain.methods.contest import Contest
from backend.domain.methods.tally import Tally, parse_tally
from backend.domain.rulebook.voting import BallotRule
from backend.domain.state import State
from backend.services.anchor_status import StandingState
from backend.services.assemblies import decide_motion
from backend.services.commands import append_derived, perform
from backend.services.ports import Command, Ports, Recorded, UnitOfWork
from backend.services.views import Reads


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option of a ballot."""

    option: Slug
    """Id, as ballots write it."""
    title: Title | None
    """What it is; None for a candidate, whose name the register holds."""
    candidate: MemberId | None
    """Pseudonym of the candidate; None for an option that is no person."""
    text: CidText | None
    """The option at length, None where the motion's text says all."""
    cost: int
    """What it costs, 0 where no budget is shared out."""


@dataclass(frozen=True, slots=True)
class BallotFormView:
    """What a voter may write on the ballot of a motion."""

    motion: Slug
    """The motion."""
    method: str
    """How it is counted."""
    ballot: Literal["choice"] | BallotSchema
    """``choice`` for one of the choices listed; else the schema of ballots on several options."""
    choices: tuple[str, ...]
    """Choices that are a word of their own: all of them for one proposal, ``blank`` for several options."""
    options: tuple[OptionView, ...]
    """Options, ascending by id; none for one proposal."""
    places: int
    """How many options are chosen at most; 0 for one proposal."""
    grades: tuple[Slug, ...]
    """Grades of majority judgement, worst first."""
    highest: int
    """Highest score, 0 where none are given."""
    approvals: int
    """How many options one ballot may approve, 0 for no bound."""
    credits: int
    """Credits of each voter, 0 where none are spent."""
    budget: int
    """What may be spent in all, 0 where no budget is shared out."""
    replaceable: bool
    """Whether a voter may vote again while voting is open."""
    secrecy: str
    """``secret``, ``until_close`` or ``named``."""


def ballot_form(state: State, motion: Slug) -> BallotFormView:
    """Return what is on the ballot of a motion: by the rules of its assembly, else by those in force.

    Args:
        state: What is known.
        motion: The motion.

    Raises:
        NotFoundError: No such motion.
        RuleViolation: The rules do not say how it is voted.
    """
    data, poll = state.motion(motion).data, state.polls.get(motion)
    rulebook = state.in_force().rulebook if poll is None else state.governing(poll.assembly)
    rule = rulebook.ballot(data.kind, data.effect)
    if rule.several:
        contest = contest_of(data.effect, rule)
        schema: Literal["choice"] | BallotSchema = OPTION_METHODS[rule.method].SCHEMA
        return _form(motion, rule, schema, (BLANK,), _options(data.effect), contest)
    return _form(motion, rule, "choice", METHODS[rule.method].CHOICES, (), None)


def _form(
    motion: Slug,
    rule: BallotRule,
    schema: Literal["choice"] | BallotSchema,
    choices: tuple[str, ...],
    options: tuple[OptionView, ...],
    contest: Contest | None,
) -> BallotFormView:
    return BallotFormView(
        motion=motion,
        method=rule.method,
        ballot=schema,
        choices=choices,
        options=options,
        places=0 if contest is None else contest.seats,
        grades=rule.grades,
        highest=rule.highest,
        approvals=rule.approvals,
        credits=rule.credits,
        budget=0 if contest is None else contest.budget,
        replaceable=rule.replaceable,
        secrecy=rule.secrecy,
    )


def _options(effect: object) -> tuple[OptionView, ...]:
    views = []
    if isinstance(effect, ElectionEffect):
        views = [OptionView(given.mandate, None, given.holder, None, 0) for given in effect.seats]
    if isinstance(effect, SelectionEffect):
        views = [
            OptionView(each.option, each.title, None, each.text, each.cost)
            for each in effect.options
        ]
    return tuple(sorted(views, key=lambda view: view.option))


def tally_of(state: State, documents: DocumentStore, motion: Slug) -> Tally:
    """Return the count of a vote on several options: that of the decision, else that of the closing.

    Args:
        state: What is known.
        documents: Where tallies are.
        motion: The motion.

    Raises:
        NotFoundError: No such motion, or ``tally``: it was not counted, or it is one proposal.
    """
    state.motion(motion)
    decision, poll = state.decisions.get(motion), state.polls.get(motion)
    count = None
    if decision is not None:
        count = decision.count
    elif poll is not None and poll.result is not None:
        count = poll.result.count
    if count is None:
        raise NotFoundError("tally", motion)
    return parse_tally(documents.get(count))


def draw_lots(ports: Ports, reads: Reads, slug: Slug, command: Command, motion: Slug) -> Recorded:
    """Record the seed of the lots on which a decision waits, then decide and put it into effect.

    Raises:
        GovernanceError: As ``seed_of``, or what forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        append_derived(unit, seed_of(reads, slug, motion), at=at)
        decide_motion(unit, motion, at)

    return perform(ports, slug, command, action)


def due_lots(reads: Reads, slug: Slug) -> tuple[Slug, ...]:
    """Return the motions whose lots can be drawn now: their closing is under a final anchor.

    Args:
        reads: Committed facts.
        slug: The organisation.

    Raises:
        NotFoundError: No such organisation.
    """
    state, sources = reads.state(slug), reads.sources(slug)
    waiting = sorted(name for name, motion in state.motions.items() if motion.status == "closed")
    return tuple(
        name
        for name in waiting
        if lots_awaited(state, name, sources) and _seed(reads, state, slug, name) is not None
    )


def seed_of(reads: Reads, slug: Slug, motion: Slug) -> LotsDrawn:
    """Return the seed of the lots on which a motion waits.

    Args:
        reads: Committed facts.
        slug: The organisation.
        motion: The motion.

    Raises:
        NotFoundError: No such organisation or motion.
        ConflictError: ``lots.none``: nothing waits for lots; ``lots.unanchored``: no final anchor covers the
            closing yet.
    """
    state = reads.state(slug)
    if not lots_awaited(state, motion, reads.sources(slug)):
        raise ConflictError("lots.none", expected="a tie that waits for lots", found=motion)
    seed = _seed(reads, state, slug, motion)
    if seed is None:
        raise ConflictError(
            "lots.unanchored", expected="a final anchor that covers the closing", found=motion
        )
    return seed


def _seed(reads: Reads, state: State, slug: Slug, motion: Slug) -> LotsDrawn | None:
    chain, closed = state.founded().signing.chain_id, state.poll(motion).closed_entry
    covering = sorted(
        (
            view
            for view in reads.anchors(slug)
            if view.chain_id == chain
            and closed is not None
            and view.size > closed
            and view.block_number is not None
        ),
        key=lambda view: view.size,
    )
    if not covering or covering[0].state is not StandingState.FINALIZED:
        return None
    anchor, _ = reads.anchor_evidence(slug, ChainId(chain), TreeSize(covering[0].size))
    return LotsDrawn(motion, chain, covering[0].size, anchor.block_number, anchor.block_hash.hex())
