"""Convocation: how an assembly is called, and what calling it freezes.

A1 whoever calls it may: the convener whom the statutes name, or a supporter of a draft that a large enough
share of a group asks for. A2 there are enough days between the call and the opening. A3 the channel is
permitted. A4 the motions may be put to the vote there (``agenda``). A5 a second convocation follows a first
one (``rounds``). A6 the rules are those in force at the call. A7 the electorate of every motion is exactly
those who have a vote in the session at the call. A8 a session that meets at a territorial level is called for
a place of that level, and only voters who belong there have a vote in it; no other session is.
"""

from collections.abc import Mapping, Sequence

from backend.domain.acts import AgendaItem, AssemblyConvened, Call, Electorate, Slug
from backend.domain.assemblies.agenda import check_agenda
from backend.domain.assemblies.drafts import check_answer, check_shared_call
from backend.domain.assemblies.officers import ASSEMBLY_RULE, callers
from backend.domain.assemblies.rounds import check_round, second_convocation
from backend.domain.authorship import check_statement
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day, days_between, local_day, notice_given
from backend.domain.electorate import (
    decision_id,
    electorate_leaves,
    electorate_root,
    parse_leaves,
)
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleReference, RuleViolation
from backend.domain.instants import Instant, parse_instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import ShareParty
from backend.domain.rulebook.sessions import Channels, Convocation, Notice, Session
from backend.domain.sources import Elector, Sources
from backend.domain.standing import active, electors, franchise, may_act_as
from backend.domain.state import State
from backend.domain.territory import check_place


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


def check_convened(state: State, entry: Entry, data: AssemblyConvened, sources: Sources) -> int:
    """Check a convocation (A1 to A8); returns the number of redacted checks.

    Raises:
        ConflictError: The id is in use, or a motion or the draft is not pending.
        NotFoundError: Unknown convener, motion, draft, place, session before or document.
        InvalidInputError: Times that are no times, or in the wrong order.
        RuleViolation: One of A1 to A8, or the signature.
    """
    call = data.call
    if call.assembly in state.assemblies:
        raise ConflictError("assembly.exists", expected="a new id", found=call.assembly)
    current = state.in_force()
    session = current.rulebook.one(Session, call.session)
    check_place(state, session, call.place)
    convener = active(state, entry.by)
    day = state.day_of(entry.at)
    _check_convener(state, entry, call, day)
    check_times(call.opens_at, call.closes_at)
    check_round(state, call, current.rulebook)
    _check_notice(call, entry.at, current.rulebook)
    _check_channel(call, current.rulebook)
    check_agenda(state, call, sources, day)
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
    entitled = electors(state, session, current.rulebook, day, place=call.place)
    named = [member.id for member in entitled]
    right = franchise(session, current.rulebook).reference()
    redacted = sum(
        _check_electorate(state, call, item, named, right, sources) for item in data.agenda
    )
    signers = [(convener.id, convener.keys)]
    return redacted + check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_times(opens_at: Instant, closes_at: Instant) -> None:
    """Check that a vote closes after it opens.

    Raises:
        InvalidInputError: Times that are no times, or in the wrong order.
    """
    if parse_instant(closes_at) <= parse_instant(opens_at):
        raise InvalidInputError(
            "assembly.times",
            expected="closing after opening",
            found=f"{opens_at} to {closes_at}",
        )


def notice_days(rulebook: Rulebook, call: Call) -> tuple[int, RuleReference]:
    """Return the days of notice a call needs, and the rule that says so.

    Raises:
        RuleViolation: The rulebook says nothing of notice, or of a second convocation.
    """
    if call.round == 2:
        second = second_convocation(rulebook, call.session)
        return second.notice_days, second.reference()
    notice = rulebook.one(Notice, call.session)
    return notice.days, notice.reference()


def _check_convener(state: State, entry: Entry, call: Call, day: Day) -> None:
    rule = state.in_force().rulebook.one(Convocation, call.session)
    draft = None if call.draft is None else state.draft(call.draft)
    if draft is not None:
        check_answer(state, call, draft, day)
    if may_act_as(state, entry.by, rule.by, day):
        return
    shared = any(isinstance(party, ShareParty) for party in rule.by)
    if not shared or draft is None or entry.by not in draft.supporters:
        raise RuleViolation(
            "assembly.convener",
            rule.reference(),
            expected=callers(rule.by),
            found=entry.by,
        )
    check_shared_call(state, call, draft, day)


def _check_notice(call: Call, at: Instant, rulebook: Rulebook) -> None:
    days, rule = notice_days(rulebook, call)
    zone = rulebook.time_zone
    if at > call.opens_at or not notice_given(at, call.opens_at, days, zone):
        between = days_between(local_day(at, zone), local_day(call.opens_at, zone))
        raise RuleViolation(
            "assembly.notice",
            rule,
            expected=f"{days} days between call and opening",
            found=f"{between} days",
        )


def _check_channel(call: Call, rulebook: Rulebook) -> None:
    rule = rulebook.one(Channels, call.session)
    if call.channel not in rule.channels:
        raise RuleViolation(
            "assembly.channel",
            rule.reference(),
            expected=" or ".join(rule.channels),
            found=call.channel,
        )


def _check_electorate(
    state: State,
    call: Call,
    item: AgendaItem,
    named: Sequence[str],
    right: RuleReference,
    sources: Sources,
) -> int:
    decision = decision_of(state, call.assembly, item.motion)
    if item.decision != decision:
        raise RuleViolation("decision.id", ASSEMBLY_RULE, expected=decision, found=item.decision)
    leaves = parse_leaves(sources.document(item.electorate.leaves))
    frozen = Electorate(electorate_root(leaves), len(leaves), item.electorate.leaves)
    if item.electorate != frozen:
        raise RuleViolation(
            "electorate.root", ASSEMBLY_RULE, expected=frozen.root, found=item.electorate.root
        )
    if len(leaves) != len(named):
        raise RuleViolation(
            "electorate.size", right, expected=f"{len(named)} electors", found=str(len(leaves))
        )
    roll = sources.roll(item.decision)
    if roll is None:
        return 1
    # Lines of those who were erased are gone; the others must be what was frozen.
    erased = len(roll) < len(leaves)
    shown = electorate_leaves(roll.values())
    if shown != leaves and not (erased and set(shown) < set(leaves)):
        raise RuleViolation(
            "electorate.roll",
            ASSEMBLY_RULE,
            expected="the roll of the leaves",
            found="another roll",
        )
    listed = sorted(elector.member for elector in roll.values())
    strangers = sorted(set(listed) - set(named) if erased else set(listed) ^ set(named))
    if strangers or len(set(listed)) != len(listed):
        raise RuleViolation(
            "electorate.members",
            right,
            expected="exactly those who have a vote in the session",
            found=f"differing on {', '.join(strangers[:5]) or 'a repeated member'}",
        )
    return int(erased)
