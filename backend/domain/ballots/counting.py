"""Closing a vote: opening the ballots, or taking what tellers counted, and adding up (B7 to B9, B11)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from anchoring.core.cid import document_cid
from backend.domain.acts import AssemblyClosed, BallotCast, CidText, MotionResult, Slug, VoterId
from backend.domain.assemblies import quorate_at_opening
from backend.domain.ballots.early import check_settled, check_time
from backend.domain.ballots.openings import BallotOpening, Openings, parse_openings
from backend.domain.ballots.papers import papers_of
from backend.domain.ballots.rules import BALLOT_RULE, ballot_rule, check_choice
from backend.domain.commitments import Hex32, Tag, opens
from backend.domain.contests import contest_of
from backend.domain.electorate import elector_leaf, parse_leaves
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.methods import METHODS, count_choices
from backend.domain.methods.tally import format_tally
from backend.domain.rulebook.voting import BallotRule
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Counted:
    """What closing establishes for one motion."""

    result: MotionResult
    """For the ledger."""
    document: bytes | None = None
    """The tally the result names, where the vote is on several options."""


def close(
    state: State,
    assembly: Slug,
    openings: Mapping[Slug, tuple[CidText, Openings]],
    sources: Sources,
) -> tuple[AssemblyClosed, tuple[bytes, ...]]:
    """Return the act that closes an assembly, with every motion counted, and the documents it names.

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
    counted = [
        count(state, item.motion, openings.get(item.motion), sources)
        for item in state.assembly(assembly).data.agenda
    ]
    documents = tuple(each.document for each in counted if each.document is not None)
    return AssemblyClosed(assembly, tuple(each.result for each in counted)), documents


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
    early = check_time(state, data.assembly, entry.at)
    agenda = [item.motion for item in assembly.data.agenda]
    published = [result.motion for result in data.results]
    if published != agenda:
        raise RuleViolation(
            "assembly.agenda", BALLOT_RULE, expected=", ".join(agenda), found=", ".join(published)
        )
    for result in data.results:
        _check_result(state, result, sources)
    if early is not None:
        check_settled(state, early, data, sources)
    return check_unsigned(entry)


def count(
    state: State, motion: Slug, openings: tuple[CidText, Openings] | None, sources: Sources
) -> Counted:
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
    if rule.secrecy == "secret":
        return _count_paper(state, motion, rule, sources)
    if openings is None:
        raise RuleViolation(
            "openings.ballots",
            BALLOT_RULE,
            expected=f"openings of the ballots on {motion}",
            found="none",
        )
    return _count_ballots(state, motion, *openings, sources=sources)


def choices_cast(state: State, motion: Slug, sources: Sources) -> tuple[Mapping[str, int], int]:
    """Return how often each choice was made on a motion whose vote is closed, and how many papers were void.

    Last ballots only.

    Raises:
        NotFoundError: No such vote, or its openings are not held.
    """
    poll = state.poll(motion)
    if poll.result is None or poll.result.openings is None:
        if poll.urn is None or poll.result is None:
            return {}, 0
        return papers_of(poll.urn, sources), poll.result.void
    openings = parse_openings(sources.document(poll.result.openings))
    counting = frozenset(poll.last.values())
    return Counter(each.choice for each in openings.ballots if each.entry in counting), 0


def _check_result(state: State, result: MotionResult, sources: Sources) -> None:
    openings = None
    if result.openings is not None:
        openings = result.openings, parse_openings(sources.document(result.openings))
    counted = count(state, result.motion, openings, sources).result
    if counted != result:
        raise RuleViolation(
            "tally.differs",
            ballot_rule(state, result.motion).reference(),
            expected=_describe(counted),
            found=_describe(result),
        )


def _count_paper(state: State, motion: Slug, rule: BallotRule, sources: Sources) -> Counted:
    poll = state.poll(motion)
    if poll.urn is not None:
        papers, votes = poll.urn.ballots, papers_of(poll.urn, sources)
        void = papers - sum(votes.values())
        return _counted(
            state,
            motion,
            votes,
            MotionResult(motion=motion, ballots=papers, voters=papers, tally={}, void=void),
        )
    opened = state.assembly(poll.assembly).opened is not None
    if opened and quorate_at_opening(state, poll.assembly, motion) is not False:
        raise RuleViolation(
            "urn.missing",
            rule.reference(),
            expected=f"the tellers' count of the urn on {motion}",
            found="none",
        )
    return _counted(state, motion, {}, MotionResult(motion=motion, ballots=0, voters=0, tally={}))


def _counted(state: State, motion: Slug, votes: Mapping[str, int], result: MotionResult) -> Counted:
    """Complete a result with what the choices add up to."""
    rule = ballot_rule(state, motion)
    if not rule.several:
        tally = METHODS[rule.method].tally(votes)
        return Counted(msgspec.structs.replace(result, tally=tally))
    contest = contest_of(state.motion(motion).data.effect, rule)
    document = format_tally(count_choices(rule.method, votes, contest, void=result.void))
    return Counted(msgspec.structs.replace(result, count=document_cid(document)), document)


def _count_ballots(
    state: State,
    motion: Slug,
    cid: CidText,
    openings: Openings,
    *,
    sources: Sources,
) -> Counted:
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
    known: set[str] = set()
    for opening in openings.ballots:
        ballot = poll.ballots[opening.entry]
        _check_opening(ballot, opening, leaves)
        if opening.choice not in known:
            _check_on_ballot(state, motion, opening)
            known.add(opening.choice)
        choices[ballot.voter] = opening.choice
    result = MotionResult(
        motion=motion, openings=cid, ballots=len(indices), voters=len(choices), tally={}
    )
    return _counted(state, motion, Counter(choices.values()), result)


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


def _check_on_ballot(state: State, motion: Slug, opening: BallotOpening) -> None:
    try:
        check_choice(state, motion, opening.choice)
    except InvalidInputError as error:
        raise RuleViolation(
            error.code, BALLOT_RULE, expected=error.expected, found=error.found, entry=opening.entry
        ) from error


def _describe(result: MotionResult) -> str:
    votes = ", ".join(f"{choice} {number}" for choice, number in sorted(result.tally.items()))
    counted = votes if result.count is None else f"tally {result.count}"
    void = f", {result.void} void" if result.void else ""
    return f"{result.motion}: {result.voters} voters in {result.ballots} ballots, {counted}{void}"
