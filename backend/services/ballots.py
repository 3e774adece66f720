"""Casting ballots."""

from dataclasses import dataclass

from backend.domain.acts import BallotCast, MemberId, Slug, VoterId
from backend.domain.ballots import BALLOT_RULE, cast_by_proxy, check_choice, digest_of
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.errors import RuleViolation
from backend.domain.instants import Instant
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Elector
from backend.domain.state import State
from backend.services.commands import append_signed, perform, signed_by
from backend.services.ports import ChoiceOpening, Command, Ports, Recorded, UnitOfWork
from backend.services.view_types import PollView
from backend.services.views import Reads


@dataclass(frozen=True, slots=True)
class Vote:
    """What a member hands in."""

    motion: Slug
    """The motion."""
    member: MemberId
    """Whose vote it is; the ledger will only know the voter pseudonym."""
    choice: str
    """The choice."""
    choice_salt: bytes
    """32 bytes, the voter's own."""
    cast_at: int
    """Claimed time of signature, seconds since the epoch."""
    nonce: int
    """Number of ballots cast on this motion before."""
    holder: MemberId | None = None
    """Who votes and signs for the member under a proxy; None where the member does."""

    def commitment(self) -> Hex32:
        """Return the commitment to the choice.

        Raises:
            InvalidInputError: The salt is not 32 bytes.
        """
        return commit(Tag.CHOICE, salt=self.choice_salt, payload=self.choice.encode())

    @property
    def signer(self) -> MemberId:
        """Who signs."""
        return self.holder or self.member


@dataclass(frozen=True, slots=True)
class CastRecord:
    """What the voter gets back."""

    recorded: Recorded
    """Where the ballot stands in the ledger."""
    voter: VoterId
    """Pseudonym for this decision."""
    elector_salt: bytes
    """Salt of the voter's leaf, which proves membership in the electorate."""
    choice: Hex32
    """Commitment to the choice, as the entry states it."""


def ballot_of(state: State, vote: Vote, voter: VoterId) -> BallotCast:
    """Return the act of a vote.

    Raises:
        NotFoundError: No such motion.
        RuleViolation: ``ballot.agenda``: the motion is put to no vote.
        InvalidInputError: The choice is not on the ballot, or its salt is not 32 bytes.
    """
    state.motion(vote.motion)
    poll = state.polls.get(vote.motion)
    if poll is None:
        raise RuleViolation(
            "ballot.agenda", BALLOT_RULE, expected="a motion on the agenda", found=vote.motion
        )
    check_choice(state, vote.motion, vote.choice)
    return BallotCast(
        vote.motion,
        poll.item.decision,
        voter,
        vote.commitment(),
        vote.cast_at,
        vote.nonce,
    )


def cast(ports: Ports, slug: Slug, command: Command, vote: Vote, *, signature: bytes) -> CastRecord:
    """Record a ballot; a later one by the same voter replaces it in the count.

    Raises:
        GovernanceError: What forbids it.
    """
    electors: list[Elector] = []

    def action(unit: UnitOfWork, at: Instant) -> None:
        elector = elector_of(unit, vote)
        electors[:] = [elector]
        data = ballot_of(unit.state, vote, elector.voter)
        signed = signed_by(
            unit.state,
            unit.sources,
            vote.signer,
            signature,
            lambda: digest_of(unit.state, data),
        )
        index = append_signed(
            unit,
            ports,
            data,
            at=at,
            author=data.voter,
            issued_at=vote.cast_at,
            signatures=[signed],
        )
        unit.keep_choice(index, ChoiceOpening(vote.choice, vote.choice_salt))

    recorded = perform(ports, slug, command, action)
    if not electors:
        with ports.ledgers.unit(slug) as unit:
            electors.append(elector_of(unit, vote))
    return CastRecord(recorded, electors[0].voter, electors[0].salt, vote.commitment())


def ballots_by_proxy(reads: Reads, slug: Slug, poll: PollView) -> int | None:
    """Return how many of the ballots that count were cast under a proxy.

    Args:
        reads: Committed facts.
        slug: The organisation.
        poll: The vote.

    Returns:
        The number; None before the close, since it would show how things go, and where what would tell was
        erased.

    Raises:
        NotFoundError: No such organisation.
    """
    if not poll.closed:
        return None
    return cast_by_proxy(reads.state(slug), poll.motion, reads.sources(slug))


def elector_of(unit: UnitOfWork, vote: Vote) -> Elector:
    """Return the voter's line on the roll.

    Raises:
        NotFoundError: No such motion or member.
        RuleViolation: The motion is put to no vote, or the member has none on it.
    """
    unit.state.motion(vote.motion)
    member = unit.state.member(vote.member)
    poll = unit.state.polls.get(vote.motion)
    if poll is None or unit.sources.roll(poll.item.decision) is None:
        raise RuleViolation(
            "ballot.agenda", BALLOT_RULE, expected="a motion on the agenda", found=vote.motion
        )
    elector = unit.elector(poll.item.decision, member.id)
    if elector is not None:
        return elector
    rulebook = unit.state.governing(poll.assembly)
    session = rulebook.one(Session, unit.state.assembly(poll.assembly).data.call.session)
    right = session if session.body else rulebook.voting_right(member.member_class)
    raise RuleViolation(
        "ballot.voter",
        right.reference(),
        expected="a member with a vote when the assembly was called",
        found=f"{member.member_class} {member.id}",
    )
