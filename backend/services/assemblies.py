"""Calling an assembly, and closing it: counting, deciding, putting decisions into effect."""

from backend.domain.acts import (
    AssemblyConvened,
    Call,
    CidText,
    FrameworkEffect,
    MotionProposed,
    Slug,
    StatutesEffect,
)
from backend.domain.assemblies import convene, decision_of
from backend.domain.ballots import BallotOpening, Openings, close, format_openings, parse_openings
from backend.domain.commons import adopt_framework
from backend.domain.decisions import decide
from backend.domain.electorate import electorate_leaves, format_leaves
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.instants import Instant
from backend.domain.members import eligible
from backend.domain.sources import Elector
from backend.domain.statutes import adopt, difference_of
from backend.services.commands import (
    Statement,
    append_by_member,
    append_derived,
    perform,
)
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


def call_assembly(
    ports: Ports, slug: Slug, command: Command, call: Call, statement: Statement
) -> Recorded:
    """Answer a call: draw up and freeze an electorate for every motion, and convene.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = _freeze(unit, ports, call)
        append_by_member(unit, ports, data, statement, at=at)

    return perform(ports, slug, command, action)


def close_assembly(ports: Ports, slug: Slug, command: Command, assembly: Slug) -> Recorded:
    """Close an assembly whose time is over, open and count its ballots, decide, and take effect.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        if unit.state.assembly(assembly).closed:
            raise ConflictError("assembly.closed", expected="an open assembly", found=assembly)
        agenda = [item.motion for item in unit.state.assembly(assembly).data.agenda]
        openings = {motion: _open(unit, motion) for motion in agenda}
        append_derived(unit, close(unit.state, assembly, openings, unit.sources), at=at)
        for motion in agenda:
            decision = decide(unit.state, motion)
            append_derived(unit, decision, at=at)
            if decision.outcome == "adopted":
                _take_effect(unit, unit.state.motion(motion).data, at)

    return perform(ports, slug, command, action)


def _freeze(unit: UnitOfWork, ports: Ports, call: Call) -> AssemblyConvened:
    state = unit.state
    electors = eligible(state, state.in_force().rulebook)
    rolls, leaves = {}, {}
    for motion in call.motions:
        roll = [
            Elector(member.id, ports.randomness.voter(), ports.randomness.salt())
            for member in electors
        ]
        unit.keep_roll(decision_of(state, call.assembly, motion), roll)
        rolls[motion] = roll
        leaves[motion] = unit.put_document(format_leaves(electorate_leaves(roll)))
    return convene(state, call, rolls, leaves)


def _open(unit: UnitOfWork, motion: Slug) -> tuple[CidText, Openings]:
    poll = unit.state.poll(motion)
    roll = unit.sources.roll(poll.item.decision)
    if roll is None:
        raise NotFoundError("roll", motion)
    ballots = []
    for index in sorted(poll.ballots):
        choice = unit.choice(index)
        elector = roll[poll.ballots[index].voter]
        ballots.append(BallotOpening(index, choice.choice, choice.salt.hex(), elector.salt.hex()))
    content = format_openings(poll.item.decision, tuple(ballots))
    return unit.put_document(content), parse_openings(content)


def _take_effect(unit: UnitOfWork, motion: MotionProposed, at: Instant) -> None:
    if isinstance(motion.effect, StatutesEffect):
        diff = unit.put_document(difference_of(unit.state, motion.motion, unit.sources))
        append_derived(unit, adopt(unit.state, motion.motion, diff), at=at)
    if isinstance(motion.effect, FrameworkEffect):
        append_derived(unit, adopt_framework(unit.state, motion.motion), at=at)
