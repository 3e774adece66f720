"""Assemblies: how one is called, and what calling it freezes.

A1 the convener may call. A2 notice is long enough. A3 the channel is permitted. A4 every motion is
pending and on no other agenda. A5 for every motion the rulebook says how it is voted, with which quorum,
majority and tie, and the ballot stays open long enough. A6 the rules are those in force at the call.
A7 the electorate of every motion is exactly the members who have a vote at the call. A8 under those
rules the motion may still be proposed by its proposer's class and have its effect (P2 and P3).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from backend.domain.acts import AgendaItem, AssemblyConvened, Call, Electorate, MotionKind, Slug
from backend.domain.authorship import check_statement
from backend.domain.commitments import Hex32
from backend.domain.electorate import (
    decision_id,
    electorate_leaves,
    electorate_root,
    parse_leaves,
)
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    RuleReference,
    RuleViolation,
)
from backend.domain.instants import Instant, parse_instant
from backend.domain.members import active, check_bureau, eligible, franchise
from backend.domain.motions import check_standing
from backend.domain.rulebook import Rulebook
from backend.domain.sources import Elector, Sources
from backend.domain.state import State

ASSEMBLY_RULE = RuleReference("psephos.assembly", "")
"""Built-in rule: what calling an assembly freezes is the truth at that moment."""


def convene(
    state: State, call: Call, rolls: Mapping[Slug, Sequence[Elector]], leaves: Mapping[Slug, str]
) -> AssemblyConvened:
    """Return the act that answers a call, with rules and electorates frozen.

    Args:
        state: At the call.
        call: What the convener signed.
        rolls: The roll drawn up for each motion.
        leaves: CID of the published leaves for each motion.

    Raises:
        NotFoundError: Unknown motion, or nothing is founded.
    """
    current = state.in_force()
    agenda = []
    for motion in call.motions:
        frozen = electorate_leaves(rolls[motion])
        electorate = Electorate(electorate_root(frozen), len(frozen), leaves[motion])
        agenda.append(AgendaItem(motion, decision_of(state, call.assembly, motion), electorate))
    return AssemblyConvened(call, current.number, current.statutes.rules, tuple(agenda))


def check_convened(state: State, entry: Entry, data: AssemblyConvened, sources: Sources) -> int:
    """Check a convocation (A1 to A8); returns the number of redacted checks.

    Raises:
        ConflictError: The id is in use, or a motion stands on another agenda or twice on this one.
        NotFoundError: Unknown convener, motion or document.
        InvalidInputError: Times that are no times, or in the wrong order.
        RuleViolation: One of A1 to A3, A5 to A8, or the signature.
    """
    call = data.call
    if call.assembly in state.assemblies:
        raise ConflictError("assembly.exists", expected="a new id", found=call.assembly)
    current = state.in_force()
    rulebook = current.rulebook
    convener = active(state, entry.by)
    if rulebook.convocation().by == "bureau":
        check_bureau(state, entry.by)
    _check_call(call, entry.at, rulebook)
    if (data.statutes, data.rules) != (current.number, current.statutes.rules):
        raise RuleViolation(
            "assembly.rules",
            ASSEMBLY_RULE,
            expected=f"the rules in force, version {current.number}",
            found=f"version {data.statutes}",
        )
    if tuple(item.motion for item in data.agenda) != call.motions:
        raise RuleViolation(
            "assembly.agenda",
            ASSEMBLY_RULE,
            expected=", ".join(call.motions),
            found=", ".join(item.motion for item in data.agenda),
        )
    redacted = 0
    for item in data.agenda:
        _check_motion(state, call, item.motion, rulebook)
        redacted += _check_electorate(state, call.assembly, item, rulebook, sources)
    signers = [(convener.id, convener.key)]
    return redacted + check_statement(state.founded(), entry, state.size, sources, signers=signers)


def decision_of(state: State, assembly: Slug, motion: Slug) -> Hex32:
    """Return the id of the decision that an assembly takes on a motion.

    Raises:
        NotFoundError: Unknown motion, or nothing is founded.
    """
    return decision_id(
        origin=state.founded().origin,
        assembly=assembly,
        motion=motion,
        digest=state.motion(motion).digest,
    )


def _check_call(call: Call, at: Instant, rulebook: Rulebook) -> None:
    rule = rulebook.convocation()
    opens, closes = parse_instant(call.opens_at), parse_instant(call.closes_at)
    if closes <= opens:
        raise InvalidInputError(
            "assembly.times",
            expected="closing after opening",
            found=f"{call.opens_at} to {call.closes_at}",
        )
    notice = opens - parse_instant(at)
    if notice < timedelta(days=rule.notice_days):
        raise RuleViolation(
            "assembly.notice",
            rule.reference(),
            expected=f"{rule.notice_days} days between call and opening",
            found=str(notice),
        )
    if call.channel not in rule.channels:
        raise RuleViolation(
            "assembly.channel",
            rule.reference(),
            expected=" or ".join(rule.channels),
            found=call.channel,
        )
    if len(set(call.motions)) != len(call.motions):
        raise ConflictError(
            "motion.on_agenda", expected="each motion once", found=", ".join(call.motions)
        )


def _check_motion(state: State, call: Call, motion: Slug, rulebook: Rulebook) -> None:
    found = state.motion(motion)
    if found.status != "proposed":
        raise ConflictError(
            "motion.on_agenda", expected=f"{motion}: a pending motion", found=found.status
        )
    check_standing(found.data, state.member(found.proposer), rulebook)
    kind: MotionKind = found.data.kind
    rule = rulebook.ballot(kind)
    open_for = parse_instant(call.closes_at) - parse_instant(call.opens_at)
    if open_for < timedelta(hours=rule.minimum_hours):
        raise RuleViolation(
            "ballot.hours",
            rule.reference(),
            expected=f"{rule.minimum_hours} hours of voting",
            found=str(open_for),
        )
    rulebook.quorum(kind)
    rulebook.majority(kind)
    rulebook.tie(kind)


def _check_electorate(
    state: State, assembly: Slug, item: AgendaItem, rulebook: Rulebook, sources: Sources
) -> int:
    decision = decision_of(state, assembly, item.motion)
    if item.decision != decision:
        raise RuleViolation("decision.id", ASSEMBLY_RULE, expected=decision, found=item.decision)
    electors = eligible(state, rulebook)
    right = franchise(rulebook).reference()
    leaves = parse_leaves(sources.document(item.electorate.leaves))
    frozen = Electorate(electorate_root(leaves), len(leaves), item.electorate.leaves)
    if item.electorate != frozen:
        raise RuleViolation(
            "electorate.root", ASSEMBLY_RULE, expected=frozen.root, found=item.electorate.root
        )
    if len(leaves) != len(electors):
        raise RuleViolation(
            "electorate.size", right, expected=f"{len(electors)} electors", found=str(len(leaves))
        )
    roll = sources.roll(item.decision)
    if roll is None:
        return 1
    if electorate_leaves(roll.values()) != leaves:
        raise RuleViolation(
            "electorate.roll",
            ASSEMBLY_RULE,
            expected="the roll of the leaves",
            found="another roll",
        )
    named = sorted(elector.member for elector in roll.values())
    if named != [member.id for member in electors]:
        strangers = sorted(set(named) ^ {member.id for member in electors})
        raise RuleViolation(
            "electorate.members",
            right,
            expected="exactly the members with a vote",
            found=f"differing on {', '.join(strangers[:5]) or 'a repeated member'}",
        )
    return 0
