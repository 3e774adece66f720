"""Ballots: casting, replacing, opening and counting them.

B1 a ballot is cast while voting is open. B2 the motion is on the agenda. B3 the voter is on the roll.
B4 the nonce is the number of earlier ballots of that voter, and where the rulebook forbids replacement it
is 0. B5 the claimed time is not before the opening, nor ahead of the server by more than clocks differ.
B6 the elector's bound key signed exactly this ballot under these rules and this electorate. B7 after the
close every choice opens its commitment and is on the ballot. B8 every voter is in the published
electorate. B9 the last ballot of each voter counts.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import (
    AssemblyClosed,
    BallotCast,
    CidText,
    Count,
    MotionResult,
    Slug,
    VoterId,
)
from backend.domain.authorship import check_signature_count, check_signatures
from backend.domain.commitments import Hex32, Tag, opens
from backend.domain.electorate import elector_leaf, parse_leaves
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    RuleReference,
    RuleViolation,
)
from backend.domain.instants import epoch_seconds
from backend.domain.members import check_unsigned
from backend.domain.methods import yes_no_abstain
from backend.domain.rulebook import Rulebook
from backend.domain.signing import ballot_typed_data
from backend.domain.sources import Sources
from backend.domain.state import Poll, State

BALLOT_RULE = RuleReference("psephos.ballot", "")
"""Built-in rule: one ballot per elector, the last one, within the voting period, as committed."""

MAX_CLOCK_SKEW_S = 120
"""Seconds by which a voter's clock may run ahead of the server's."""


class BallotOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens one ballot after the close."""

    entry: Count
    """Index of the ballot's entry."""
    choice: Annotated[str, Meta(max_length=64)]
    """The choice."""
    salt: Hex32
    """Salt of the choice's commitment."""
    elector_salt: Hex32
    """Salt of the voter's leaf in the electorate."""


class Openings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public document that opens every ballot of one decision, so that anyone can count again."""

    format: Literal["psephos-openings/1"]
    """Format and version."""
    decision: Hex32
    """The decision."""
    ballots: Annotated[tuple[BallotOpening, ...], Meta(max_length=1_000_000)]
    """Openings in the order of the entries."""


def format_openings(decision: Hex32, ballots: tuple[BallotOpening, ...]) -> bytes:
    """Return the canonical bytes of an openings document."""
    return canonical_json(
        {
            "format": "psephos-openings/1",
            "decision": decision,
            "ballots": [msgspec.to_builtins(ballot) for ballot in ballots],
        }
    )


def parse_openings(content: bytes) -> Openings:
    """Read an openings document.

    Raises:
        InvalidInputError: Not canonical, or outside the schema.
    """
    try:
        parse_canonical(content, what="openings")
        return _OPENINGS.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "openings.malformed", expected="canonical openings", found=str(error)[:200]
        ) from error


def governing_rules(state: State, poll: Poll) -> Rulebook:
    """Return the rulebook that governs a vote: the one in force when its assembly was called."""
    return state.version(state.assembly(poll.assembly).data.statutes).rulebook


def check_cast(state: State, entry: Entry, data: BallotCast, sources: Sources) -> int:
    """Check a ballot (B1 to B6); returns the number of redacted checks.

    Raises:
        NotFoundError: No such motion.
        RuleViolation: One of B1 to B6.
    """
    state.motion(data.motion)
    poll = state.polls.get(data.motion)
    if poll is None or poll.item.decision != data.decision:
        raise RuleViolation(
            "ballot.agenda",
            BALLOT_RULE,
            expected="a motion on the agenda, under its decision id",
            found=f"{data.motion} {data.decision[:16]}",
        )
    _check_times(state, entry, poll, data)
    if entry.by != data.voter:
        raise RuleViolation("author.self", BALLOT_RULE, expected=data.voter, found=entry.by)
    rule = governing_rules(state, poll).ballot(state.motion(data.motion).data.kind)
    earlier = poll.counts.get(data.voter, 0)
    if data.nonce != earlier:
        raise RuleViolation(
            "ballot.nonce", BALLOT_RULE, expected=f"nonce {earlier}", found=f"nonce {data.nonce}"
        )
    if earlier and not rule.replaceable:
        raise RuleViolation(
            "ballot.replacement", rule.reference(), expected="one ballot", found="another ballot"
        )
    return _check_voter(state, entry, poll, data, sources)


def close(
    state: State,
    assembly: Slug,
    openings: Mapping[Slug, tuple[CidText, Openings]],
    sources: Sources,
) -> AssemblyClosed:
    """Return the act that closes an assembly, with every motion counted (B7 to B9).

    Args:
        state: At the close.
        assembly: The assembly.
        openings: For each motion of its agenda, the openings document and its CID.
        sources: Where the electorates' leaves are looked up.

    Raises:
        NotFoundError: No such assembly, or a document is not held.
        RuleViolation: A ballot does not open as committed, or is not an elector's.
    """
    results = [
        count(state, item.motion, *openings[item.motion], sources)
        for item in state.assembly(assembly).data.agenda
    ]
    return AssemblyClosed(assembly, tuple(results))


def check_closed(state: State, entry: Entry, data: AssemblyClosed, sources: Sources) -> int:
    """Check a closing: the time, then every count.

    Raises:
        ConflictError: Already closed.
        NotFoundError: No such assembly, or a document is not held.
        RuleViolation: Too early, a ballot does not open, or a figure differs.
    """
    assembly = state.assembly(data.assembly)
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=data.assembly)
    if entry.at < assembly.data.call.closes_at:
        raise RuleViolation(
            "assembly.too_early",
            BALLOT_RULE,
            expected=f"closing at {assembly.data.call.closes_at} or later",
            found=entry.at,
        )
    published = {result.motion: result for result in data.results}
    agenda = [item.motion for item in assembly.data.agenda]
    if [result.motion for result in data.results] != agenda:
        raise RuleViolation(
            "assembly.agenda", BALLOT_RULE, expected=", ".join(agenda), found=", ".join(published)
        )
    for motion in agenda:
        result = published[motion]
        document = parse_openings(sources.document(result.openings))
        counted = count(state, motion, result.openings, document, sources)
        if counted != result:
            rule = governing_rules(state, state.poll(motion)).ballot(state.motion(motion).data.kind)
            raise RuleViolation(
                "tally.differs",
                rule.reference(),
                expected=_describe(counted),
                found=_describe(result),
            )
    return check_unsigned(entry)


def count(
    state: State, motion: Slug, cid: CidText, openings: Openings, sources: Sources
) -> MotionResult:
    """Open and count the ballots on one motion.

    Args:
        state: At the close.
        motion: The motion.
        cid: CID of the openings document.
        openings: The document.
        sources: Where the electorate's leaves are looked up.

    Raises:
        NotFoundError: No such vote, or the leaves are not held.
        RuleViolation: B7 or B8; ``entry`` names the ballot at fault.
    """
    poll = state.poll(motion)
    indices = sorted(poll.ballots)
    opened = [ballot.entry for ballot in openings.ballots]
    if openings.decision != poll.item.decision or opened != indices:
        raise RuleViolation(
            "openings.ballots",
            BALLOT_RULE,
            expected=f"openings of the ballots {indices[:5]}… ({len(indices)})",
            found=f"{opened[:5]}… ({len(opened)})",
        )
    leaves = frozenset(parse_leaves(sources.document(poll.item.electorate.leaves)))
    choices: dict[VoterId, str] = {}
    for opening in openings.ballots:
        ballot = poll.ballots[opening.entry]
        _check_opening(ballot, opening, leaves)
        choices[ballot.voter] = opening.choice
    return MotionResult(
        motion, cid, len(indices), len(choices), yes_no_abstain.tally(choices.values())
    )


def _check_times(state: State, entry: Entry, poll: Poll, data: BallotCast) -> None:
    call = state.assembly(poll.assembly).data.call
    if entry.at < call.opens_at:
        raise RuleViolation(
            "ballot.too_early", BALLOT_RULE, expected=f"voting from {call.opens_at}", found=entry.at
        )
    if entry.at >= call.closes_at or state.assembly(poll.assembly).closed:
        raise RuleViolation(
            "ballot.too_late",
            BALLOT_RULE,
            expected=f"voting until {call.closes_at}",
            found=entry.at,
        )
    latest = epoch_seconds(entry.at) + MAX_CLOCK_SKEW_S
    if not epoch_seconds(call.opens_at) <= data.cast_at <= latest:
        raise RuleViolation(
            "ballot.cast_at",
            BALLOT_RULE,
            expected=f"signed between {epoch_seconds(call.opens_at)} and {latest}",
            found=str(data.cast_at),
        )


def _check_voter(state: State, entry: Entry, poll: Poll, data: BallotCast, sources: Sources) -> int:
    roll = sources.roll(data.decision)
    if roll is None:
        check_signature_count(entry, expected=1)
        return 2
    elector = roll.get(data.voter)
    if elector is None:
        raise RuleViolation(
            "ballot.voter", BALLOT_RULE, expected="a voter on the roll", found=data.voter
        )
    member = state.member(elector.member)
    typed_data = ballot_typed_data(
        state.founded(),
        poll,
        rules=state.assembly(poll.assembly).data.rules,
        ballot=data,
    )
    return check_signatures(
        entry, state.size, sources, typed_data=typed_data, signers=[(member.id, member.key)]
    )


def _check_opening(ballot: BallotCast, opening: BallotOpening, leaves: frozenset[Hex32]) -> None:
    salt, payload = bytes.fromhex(opening.salt), opening.choice.encode()
    if not opens(ballot.choice, Tag.CHOICE, salt=salt, payload=payload):
        raise RuleViolation(
            "ballot.opening",
            BALLOT_RULE,
            expected=f"an opening of {ballot.choice}",
            found=f"{opening.choice} does not open it",
            entry=opening.entry,
        )
    if elector_leaf(ballot.voter, bytes.fromhex(opening.elector_salt)) not in leaves:
        raise RuleViolation(
            "ballot.voter",
            BALLOT_RULE,
            expected="a voter in the published electorate",
            found=ballot.voter,
            entry=opening.entry,
        )
    try:
        yes_no_abstain.check_choice(opening.choice)
    except InvalidInputError as error:
        raise RuleViolation(
            error.code, BALLOT_RULE, expected=error.expected, found=error.found, entry=opening.entry
        ) from error


def _describe(result: MotionResult) -> str:
    votes = ", ".join(f"{choice} {number}" for choice, number in sorted(result.tally.items()))
    return f"{result.motion}: {result.voters} voters in {result.ballots} ballots, {votes}"


_OPENINGS = msgspec.json.Decoder(Openings)
