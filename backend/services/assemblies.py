"""Calling an assembly, and closing it: counting, deciding, putting decisions into effect."""

from backend.domain.acts import (
    Act,
    AssemblyConvened,
    Call,
    CidText,
    FrameworkAdopted,
    Slug,
    StatutesAdopted,
)
from backend.domain.assemblies import convene, decision_of
from backend.domain.ballots import (
    BallotOpening,
    Openings,
    ballot_rule,
    close,
    format_openings,
    parse_openings,
)
from backend.domain.commons import adopt_framework
from backend.domain.decisions import count_document, decide, lots_awaited
from backend.domain.electorate import electorate_leaves, format_leaves
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.instants import Instant
from backend.domain.rule_changes import (
    PendingEnactment,
    change_rules,
    pending_enactments,
    rules_changed,
)
from backend.domain.rulebook.book import format_rulebook
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Elector
from backend.domain.standing import electors
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
        data = _freeze(unit, ports, call, at)
        append_by_member(unit, ports, data, statement, at=at)

    return perform(ports, slug, command, action)


def close_assembly(ports: Ports, slug: Slug, command: Command, assembly: Slug) -> Recorded:
    """Close an assembly whose time is over, open and count its ballots, decide, and take effect.

    What follows from a decision is carried out before the next one is recorded. A motion whose tie waits for
    lots is decided when they are drawn.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        if unit.state.assembly(assembly).closed:
            raise ConflictError("assembly.closed", expected="an open assembly", found=assembly)
        agenda = [item.motion for item in unit.state.assembly(assembly).data.agenda]
        openings = {
            motion: _open(unit, motion)
            for motion in agenda
            if ballot_rule(unit.state, motion).secrecy != "secret"
        }
        closing, tallies = close(unit.state, assembly, openings, unit.sources)
        for tally in tallies:
            unit.put_document(tally)
        append_derived(unit, closing, at=at)
        for motion in agenda:
            if not lots_awaited(unit.state, motion, unit.sources):
                decide_motion(unit, motion, at)

    return perform(ports, slug, command, action)


def decide_motion(unit: UnitOfWork, motion: Slug, at: Instant) -> None:
    """Record the decision on a motion whose assembly has closed, and what follows from it.

    Raises:
        GovernanceError: What forbids it.
    """
    decision = decide(unit.state, motion, unit.sources)
    if decision.count is not None:
        unit.put_document(count_document(unit.state, motion, unit.sources))
    append_derived(unit, decision, at=at)
    while pending := pending_enactments(unit.state):
        append_derived(unit, _enactment(unit, pending[0]), at=at)


def _freeze(unit: UnitOfWork, ports: Ports, call: Call, at: Instant) -> AssemblyConvened:
    state = unit.state
    rulebook = state.in_force().rulebook
    session = rulebook.one(Session, call.session)
    entitled = electors(state, session, rulebook, state.day_of(at), place=call.place)
    rolls, leaves = {}, {}
    for motion in call.motions:
        roll = [
            Elector(member.id, ports.randomness.voter(), ports.randomness.salt())
            for member in entitled
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
    # Both are asked for as a whole: one question a ballot would take as long as all the rest.
    choices, salts = unit.choices(poll.ballots), {each.voter: each.salt for each in roll.values()}
    ballots = []
    for index in sorted(poll.ballots):
        choice, salt = choices[index], salts[poll.ballots[index].voter]
        ballots.append(BallotOpening(index, choice.choice, choice.salt.hex(), salt.hex()))
    content = format_openings(poll.item.decision, tuple(ballots))
    return unit.put_document(content), parse_openings(content)


def _enactment(unit: UnitOfWork, pending: PendingEnactment) -> Act:
    state, motion = unit.state, pending.motion
    if pending.act == StatutesAdopted.act:
        diff = unit.put_document(difference_of(state, motion, unit.sources))
        return adopt(state, motion, diff)
    if pending.act == FrameworkAdopted.act:
        return adopt_framework(state, motion)
    rulebook = unit.put_document(format_rulebook(change_rules(state, motion, unit.sources)))
    return rules_changed(state, motion, rulebook, unit.sources)
