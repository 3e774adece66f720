"""Casting a ballot, and casting it again (B1 to B6, B10 to B12)."""

from backend.domain.acts import BallotCast, MemberId, Slug
from backend.domain.assemblies import (
    attends,
    check_voting_open,
    opening_demand,
    represented,
)
from backend.domain.authorship import check_signature_count, check_signatures
from backend.domain.ballots.hands import Hand, hand_of, proxies_on
from backend.domain.ballots.rules import BALLOT_RULE, agenda_rule_of, ballot_rule, voter_rule
from backend.domain.entry import Entry
from backend.domain.errors import RuleViolation
from backend.domain.facts import Poll
from backend.domain.instants import Instant, epoch_seconds
from backend.domain.rulebook.sessions import Proxies
from backend.domain.signing import ballot_digest
from backend.domain.sources import Sources
from backend.domain.state import State

MAX_CLOCK_SKEW_S = 120
"""Seconds by which a voter's clock may run ahead of the server's."""


def check_cast(state: State, entry: Entry, data: BallotCast, sources: Sources) -> int:
    """Check a ballot; returns the number of redacted checks.

    Raises:
        NotFoundError: No such motion.
        RuleViolation: One of B1 to B6, or B10 to B12.
    """
    state.motion(data.motion)
    poll = state.polls.get(data.motion)
    if poll is None or poll.item.decision != data.decision:
        raise RuleViolation(
            "ballot.agenda",
            agenda_rule_of(state, data.decision),
            expected="a motion on the agenda, under its decision id",
            found=f"{data.motion} {data.decision[:16]}",
        )
    rule = ballot_rule(state, data.motion)
    if rule.secrecy == "secret":
        raise RuleViolation(
            "ballot.paper", rule.reference(), expected="a paper in the urn", found="a signed ballot"
        )
    check_voting_open(state, poll.assembly, entry.at, data.motion)
    _check_signed_at(state, entry, poll, data)
    if entry.by != data.voter:
        raise RuleViolation("author.self", BALLOT_RULE, expected=data.voter, found=entry.by)
    earlier = poll.counts.get(data.voter, 0)
    if data.nonce != earlier:
        raise RuleViolation(
            "ballot.nonce", BALLOT_RULE, expected=f"nonce {earlier}", found=f"nonce {data.nonce}"
        )
    return _check_voter(state, entry, poll, data, sources)


def digest_of(state: State, data: BallotCast) -> bytes:
    """Return the 32 bytes that whoever casts a ballot signs.

    Args:
        state: It knows the vote.
        data: The ballot.

    Raises:
        NotFoundError: The motion is on no agenda.
    """
    poll = state.poll(data.motion)
    rules = state.assembly(poll.assembly).data.rules
    return ballot_digest(state.founded(), poll, rules=rules, ballot=data)


def _check_signed_at(state: State, entry: Entry, poll: Poll, data: BallotCast) -> None:
    opens_at = epoch_seconds(state.assembly(poll.assembly).opens_at)
    latest = epoch_seconds(entry.at) + MAX_CLOCK_SKEW_S
    if not opens_at <= data.cast_at <= latest:
        raise RuleViolation(
            "ballot.cast_at",
            BALLOT_RULE,
            expected=f"signed between {opens_at} and {latest}",
            found=str(data.cast_at),
        )


def _check_voter(state: State, entry: Entry, poll: Poll, data: BallotCast, sources: Sources) -> int:
    roll = sources.roll(data.decision)
    elector = None if roll is None else roll.get(data.voter)
    # Where lines were erased, theirs may be one of them.
    if roll is None or (elector is None and len(roll) < poll.item.electorate.size):
        check_signature_count(entry, expected=1)
        return 2 + _check_again_redacted(state, poll, data)
    if elector is None:
        raise RuleViolation(
            "ballot.voter",
            voter_rule(state, poll.assembly),
            expected="a voter on the roll",
            found=data.voter,
        )
    _check_there(state, entry.at, poll.item.motion, elector.member)
    hand = _hand(state, entry.at, poll, elector.member, sources)
    redacted = _check_again(state, poll, data, hand, elector.member, sources)
    digest = digest_of(state, data)
    signers = [(hand.member, state.member(hand.member).keys)]
    return redacted + check_signatures(
        state.founded(), entry, state.size, sources, digest=digest, signers=signers
    )


def _check_there(state: State, at: Instant, motion: Slug, member: MemberId) -> None:
    """Check that whoever votes where attendance is counted is counted in it (B12)."""
    assembly = state.poll(motion).assembly
    demand = opening_demand(state, assembly)
    posted = state.assembly(assembly).data.call.channel == "correspondence"
    if demand is None or posted or attends(state, assembly, member, at=at, motion=motion):
        return
    raise RuleViolation(
        "ballot.absent",
        demand,
        expected="a member who is there, or represented by someone who is",
        found=member,
    )


def _hand(state: State, at: Instant, poll: Poll, principal: MemberId, sources: Sources) -> Hand:
    """Return who casts this ballot: the elector, or whoever stands for them now on this motion."""
    absent = represented(state, poll.assembly, at=at, motion=poll.item.motion)
    stands_for = absent.get(principal)
    candidates = (principal,) if stands_for is None else (principal, stands_for)
    return hand_of(state, state.size, candidates, sources)


def _check_again(
    state: State,
    poll: Poll,
    data: BallotCast,
    hand: Hand,
    principal: MemberId,
    sources: Sources,
) -> int:
    """Check a ballot against the one it would replace (B4, B10); returns the number of redacted checks."""
    if data.voter not in poll.last:
        return 0
    on_motion = proxies_on(state.assembly(poll.assembly), data.motion)
    given = [proxy.holder for proxy in on_motion if proxy.grantor == principal]
    candidates = (principal, *given)
    before = hand_of(state, poll.last[data.voter], candidates, sources)
    if given and not (hand.certain and before.certain):
        return 1
    if (hand.member == principal) == (before.member == principal):
        _check_replaceable(state, data)
        return 0
    rulebook = state.governing(poll.assembly)
    proxies = rulebook.one(Proxies, state.assembly(poll.assembly).data.call.session)
    if before.member == principal:
        raise RuleViolation(
            "ballot.overridden",
            proxies.reference(),
            expected="no ballot of a proxy after the member's own",
            found=f"a ballot of {hand.member}",
        )
    if not proxies.principal_overrides:
        raise RuleViolation(
            "ballot.represented",
            proxies.reference(),
            expected="the ballot that the proxy cast",
            found="another ballot of the represented member",
        )
    return 0


def _check_again_redacted(state: State, poll: Poll, data: BallotCast) -> int:
    """Check a ballot that replaces one, where nobody can tell whose they are any more (B4, B10)."""
    if data.voter not in poll.last:
        return 0
    if proxies_on(state.assembly(poll.assembly), data.motion):
        return 1
    _check_replaceable(state, data)
    return 0


def _check_replaceable(state: State, data: BallotCast) -> None:
    rule = ballot_rule(state, data.motion)
    if not rule.replaceable:
        raise RuleViolation(
            "ballot.replacement", rule.reference(), expected="one ballot", found="another ballot"
        )
