"""Closing a vote: opening the ballots, or taking what tellers counted, and adding up (B7 to B9, B11)."""

from collections.abc import Mapping

from backend.domain.acts import AssemblyClosed, BallotCast, CidText, MotionResult, Slug, VoterId
from backend.domain.assemblies import ends_at_opening, quorate_at_opening
from backend.domain.ballots.openings import BallotOpening, Openings, parse_openings
from backend.domain.ballots.rules import BALLOT_RULE, ballot_rule
from backend.domain.commitments import Hex32, Tag, opens
from backend.domain.electorate import elector_leaf, parse_leaves
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.methods import METHODS, Method
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State


def close(
    state: State,
    assembly: Slug,
    openings: Mapping[Slug, tuple[CidText, Openings]],
    sources: Sources,
) -> AssemblyClosed:
    """Return the act that closes an assembly, with every motion counted.

    Args:
        state: At the close.
        assembly: The assembly.
        openings: For each motion of its agenda that is not voted on paper, the openings document and its
            CID.
        sources: Where the electorates' leaves are looked up.

    Raises:
        NotFoundError: No such assembly, or a document is not held.
        RuleViolation: A ballot does not open as committed, or is not an elector's; an urn was not counted.
    """
    results = [
        count(state, item.motion, openings.get(item.motion), sources)
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
    if entry.at < assembly.closes_at and not ends_at_opening(state, data.assembly):
        raise RuleViolation(
            "assembly.too_early",
            BALLOT_RULE,
            expected=f"closing at {assembly.closes_at} or later",
            found=entry.at,
        )
    agenda = [item.motion for item in assembly.data.agenda]
    published = [result.motion for result in data.results]
    if published != agenda:
        raise RuleViolation(
            "assembly.agenda", BALLOT_RULE, expected=", ".join(agenda), found=", ".join(published)
        )
    for result in data.results:
        _check_result(state, result, sources)
    return check_unsigned(entry)


def count(
    state: State, motion: Slug, openings: tuple[CidText, Openings] | None, sources: Sources
) -> MotionResult:
    """Count the votes on one motion.

    Args:
        state: At the close.
        motion: The motion.
        openings: CID and content of the openings document; None where the vote is held on paper.
        sources: Where the electorate's leaves are looked up.

    Raises:
        NotFoundError: No such vote, or the leaves are not held.
        RuleViolation: B7, B8 or B11; ``entry`` names the ballot at fault.
    """
    rule = ballot_rule(state, motion)
    method = METHODS[rule.method]
    if rule.secrecy == "secret":
        return _count_paper(state, motion, method)
    if openings is None:
        raise RuleViolation(
            "openings.ballots",
            BALLOT_RULE,
            expected=f"openings of the ballots on {motion}",
            found="none",
        )
    return _count_ballots(state, motion, *openings, method=method, sources=sources)


def _check_result(state: State, result: MotionResult, sources: Sources) -> None:
    openings = None
    if result.openings is not None:
        openings = result.openings, parse_openings(sources.document(result.openings))
    counted = count(state, result.motion, openings, sources)
    if counted != result:
        raise RuleViolation(
            "tally.differs",
            ballot_rule(state, result.motion).reference(),
            expected=_describe(counted),
            found=_describe(result),
        )


def _count_paper(state: State, motion: Slug, method: Method) -> MotionResult:
    poll = state.poll(motion)
    if poll.urn is not None:
        return MotionResult(
            motion=motion,
            ballots=poll.urn.ballots,
            voters=poll.urn.ballots,
            tally={choice: poll.urn.tally[choice] for choice in method.CHOICES},
        )
    opened = state.assembly(poll.assembly).opened is not None
    if opened and quorate_at_opening(state, poll.assembly, motion) is not False:
        raise RuleViolation(
            "urn.missing",
            ballot_rule(state, motion).reference(),
            expected=f"the tellers' count of the urn on {motion}",
            found="none",
        )
    return MotionResult(motion=motion, ballots=0, voters=0, tally=method.tally([]))


def _count_ballots(
    state: State,
    motion: Slug,
    cid: CidText,
    openings: Openings,
    *,
    method: Method,
    sources: Sources,
) -> MotionResult:
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
        _check_opening(ballot, opening, leaves, method)
        choices[ballot.voter] = opening.choice
    return MotionResult(
        motion=motion,
        openings=cid,
        ballots=len(indices),
        voters=len(choices),
        tally=method.tally(choices.values()),
    )


def _check_opening(
    ballot: BallotCast, opening: BallotOpening, leaves: frozenset[Hex32], method: Method
) -> None:
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
        method.check_choice(opening.choice)
    except InvalidInputError as error:
        raise RuleViolation(
            error.code, BALLOT_RULE, expected=error.expected, found=error.found, entry=opening.entry
        ) from error


def _describe(result: MotionResult) -> str:
    votes = ", ".join(f"{choice} {number}" for choice, number in sorted(result.tally.items()))
    return f"{result.motion}: {result.voters} voters in {result.ballots} ballots, {votes}"
