"""How acts of an assembly change the state."""

from dataclasses import replace

from backend.domain.acts import (
    AssemblyAct,
    AssemblyAdjourned,
    AssemblyClosed,
    AssemblyConvened,
    AssemblyDrafted,
    AssemblyOpened,
    BallotCast,
    BallotsRedacted,
    DecisionMade,
    DraftSupported,
    LotsDrawn,
    MinutesPublished,
    NamingAnswered,
    NoticeRecorded,
    PresenceRecorded,
    ProxyGiven,
    ProxyRevoked,
    Slug,
    UrnCounted,
)
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.facts import Assembly, DecidedVote, Draft, Motion, Poll, Proxy
from backend.domain.fold.effects import carry_out
from backend.domain.fold.motions import put_motion
from backend.domain.requests import request_met
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Session
from backend.domain.standing import electors, voters
from backend.domain.state import State


def fold_assembly_act(state: State, entry: Entry, data: AssemblyAct) -> State:  # noqa: C901, PLR0911, PLR0912 - one branch per act
    """Return the state after an act of an assembly.

    Raises:
        NotFoundError: It refers to something that does not exist.
    """
    match data:
        case AssemblyDrafted():
            return _ask(state, entry, Draft(data, entry.by, state.size))
        case DraftSupported(draft=name):
            return _ask(state, entry, state.draft(name))
        case AssemblyConvened():
            return _convene(state, entry, data)
        case NoticeRecorded(assembly=name):
            return _put(state, replace(state.assembly(name), notice_entry=state.size))
        case ProxyGiven():
            assembly = state.assembly(data.assembly)
            proxy = Proxy(
                data.proxy,
                entry.by,
                data.holder,
                state.size,
                motions=data.motions,
                until=data.until,
            )
            return _put(state, replace(assembly, proxies=assembly.proxies.set(data.proxy, proxy)))
        case ProxyRevoked(proxy=name):
            assembly = assembly_of_proxy(state, name)
            revoked = replace(assembly.proxies[name], revoked=True)
            return _put(state, replace(assembly, proxies=assembly.proxies.set(name, revoked)))
        case PresenceRecorded():
            assembly = state.assembly(data.assembly)
            presence = assembly.presence.set(data.member, data.presence)
            return _put(state, replace(assembly, presence=presence))
        case AssemblyOpened(assembly=name):
            opened = replace(state.assembly(name), opened=data, opened_entry=state.size)
            return _put(state, opened)
        case AssemblyAdjourned(assembly=name):
            adjourned = replace(
                state.assembly(name), opens_at=data.opens_at, closes_at=data.closes_at
            )
            return _put(state, adjourned)
        case BallotCast():
            return _cast(state, data)
        case NamingAnswered():
            return _answer(state, entry, data)
        case UrnCounted(motion=name):
            return _put_poll(state, name, replace(state.poll(name), urn=data, urn_entry=state.size))
        case AssemblyClosed():
            return _close(state, entry, data)
        case LotsDrawn(motion=name):
            drawn = replace(state.poll(name), lots=data, lots_entry=state.size)
            return _put_poll(state, name, drawn)
        case BallotsRedacted():
            return _redact(state, data)
        case MinutesPublished(assembly=name):
            return _put(state, replace(state.assembly(name), minutes_entry=state.size))
        case _:
            return _decide(state, entry, data)


def assembly_of_proxy(state: State, proxy: Slug) -> Assembly:
    """Return the assembly for which a proxy was given.

    Raises:
        NotFoundError: No such proxy.
    """
    for assembly in state.assemblies.values():
        if proxy in assembly.proxies:
            return assembly
    raise NotFoundError("proxy", proxy)


def _put(state: State, assembly: Assembly) -> State:
    name = assembly.data.call.assembly
    return replace(state, assemblies=state.assemblies.set(name, assembly))


def _put_poll(state: State, motion: Slug, poll: Poll) -> State:
    return replace(state, polls=state.polls.set(motion, poll))


def _ask(state: State, entry: Entry, draft: Draft) -> State:
    asked = replace(draft, supporters=draft.supporters | {entry.by})
    day = state.day_of(entry.at)
    session, place = asked.data.session, asked.data.place
    if asked.complete_at is None and request_met(
        state, session, asked.supporters, day, place=place
    ):
        asked = replace(asked, complete_at=entry.at)
    return replace(state, drafts=state.drafts.set(draft.data.draft, asked))


def _convene(state: State, entry: Entry, data: AssemblyConvened) -> State:
    call = data.call
    rulebook = state.in_force().rulebook
    session = rulebook.one(Session, call.session)
    entitled = electors(state, session, rulebook, state.day_of(entry.at), place=call.place)
    assembly = Assembly(
        data,
        entry.by,
        entry.at,
        state.size,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        electors=frozenset(member.id for member in entitled),
    )
    state = _put(state, assembly)
    if call.draft is not None:
        answered = replace(state.draft(call.draft), assembly=call.assembly)
        state = replace(state, drafts=state.drafts.set(call.draft, answered))
    for item in data.agenda:
        motion = state.motion(item.motion)
        support = _support(state, motion, rulebook, state.day_of(entry.at))
        state = put_motion(state, replace(motion, status="convened"))
        state = _put_poll(state, item.motion, Poll(call.assembly, item, support))
    return state


def _support(state: State, motion: Motion, rulebook: Rulebook, day: Day) -> tuple[int, int] | None:
    """Count the support a motion has when it is put to the vote: who leaves later does not undo it."""
    if rulebook.initiative(motion.data.kind).support is None:
        return None
    entitled = {member.id for member in voters(state, rulebook, day)}
    return len(entitled & {*motion.supporters, motion.proposer}), len(entitled)


def _cast(state: State, data: BallotCast) -> State:
    poll = state.poll(data.motion)
    changed = replace(
        poll,
        ballots=poll.ballots.set(state.size, data),
        last=poll.last.set(data.voter, state.size),
        counts=poll.counts.set(data.voter, poll.counts.get(data.voter, 0) + 1),
    )
    return _put_poll(state, data.motion, changed)


def _answer(state: State, entry: Entry, data: NamingAnswered) -> State:
    before = state.consents.get(data.decision, frozenset())
    after = before | {entry.by} if data.answer == "consents" else before - {entry.by}
    return replace(state, consents=state.consents.set(data.decision, after))


def _close(state: State, entry: Entry, data: AssemblyClosed) -> State:
    state = _put(state, replace(state.assembly(data.assembly), closed_at=entry.at))
    for result in data.results:
        poll = replace(state.poll(result.motion), result=result, closed_entry=state.size)
        state = put_motion(state, replace(state.motion(result.motion), status="closed"))
        state = _put_poll(state, result.motion, poll)
    return state


def _redact(state: State, data: BallotsRedacted) -> State:
    votes = state.decided_votes
    for decision in data.decisions:
        vote = replace(state.decided_vote(decision), redacted_entry=state.size)
        votes = votes.set(decision, vote)
    return replace(state, decided_votes=votes)


def _decide(state: State, entry: Entry, data: DecisionMade) -> State:
    decided = replace(
        state,
        decisions=state.decisions.set(data.motion, data),
        decided=state.decided.set(data.motion, state.size),
        decided_votes=state.decided_votes.set(
            data.decision, DecidedVote(state.poll(data.motion), entry.at)
        ),
    )
    decided = put_motion(decided, replace(state.motion(data.motion), status=data.outcome))
    return carry_out(decided, data, entry.at)
