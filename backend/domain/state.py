"""The state of an organisation: a fold over its ledger.

``evolve`` believes the entry it is given; whether the entry is lawful is asked first, of
``backend.domain.lawfulness``. Maps are persistent (structure shared between states), so a state can be
kept while later ones are made from it.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal

from immutables import Map

from backend.domain.acts import (
    AgendaItem,
    AssemblyClosed,
    AssemblyConvened,
    BallotCast,
    CommonsRegistered,
    DecisionMade,
    FrameworkAdopted,
    LogKeyRotated,
    LogKeyText,
    MemberAdmitted,
    MemberApplied,
    MemberClass,
    MemberId,
    MemberResigned,
    MotionProposed,
    MotionResult,
    ObservationRecorded,
    OrganisationFounded,
    Outcome,
    PublisherRotated,
    Slug,
    StatutesAdopted,
    StatutesReference,
    ValuationPublished,
    VoterId,
)
from backend.domain.commitments import Hex32
from backend.domain.entry import Entry, statement_content
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.framework import Framework, parse_framework
from backend.domain.instants import Instant
from backend.domain.publishers import PublisherRotation
from backend.domain.rulebook import Rulebook, parse_rulebook
from backend.domain.sources import Sources


@dataclass(frozen=True, slots=True)
class Member:
    """Someone on the register, or asking to be."""

    id: MemberId
    """Pseudonym."""
    member_class: MemberClass
    """Natural person or organisation."""
    key: Hex32
    """Commitment to the signing key."""
    status: Literal["applied", "active", "resigned"]
    """Where they stand."""
    founder: bool
    """Whether they signed the founding; founders form the first bureau."""


@dataclass(frozen=True, slots=True)
class StatutesVersion:
    """One version of the statutes."""

    number: int
    """1 for the founding version."""
    statutes: StatutesReference
    """Its documents."""
    rulebook: Rulebook
    """Its rules, parsed."""
    adopted_at: Instant
    """When it came into force."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion and how far it has come."""

    data: MotionProposed
    """As proposed."""
    proposer: MemberId
    """Who proposed."""
    digest: Hex32
    """SHA-256 of what the proposer signed: binds author and whole content."""
    status: Literal["proposed", "convened", "closed"] | Outcome
    """Where it stands."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A convened session."""

    data: AssemblyConvened
    """As convened."""
    convened_at: Instant
    """When it was called."""
    closed: bool
    """Whether voting is over."""


@dataclass(frozen=True, slots=True)
class Poll:
    """The vote on one motion of one assembly."""

    assembly: Slug
    """The assembly."""
    item: AgendaItem
    """Decision id and electorate."""
    ballots: Map[int, BallotCast] = field(default_factory=Map)
    """Every ballot by entry index."""
    last: Map[VoterId, int] = field(default_factory=Map)
    """Entry index of each voter's last ballot."""
    counts: Map[VoterId, int] = field(default_factory=Map)
    """Number of ballots of each voter."""
    result: MotionResult | None = None
    """What closing established."""


@dataclass(frozen=True, slots=True)
class FrameworkVersion:
    """A framework in force."""

    version: int
    """1 for the first adopted."""
    document: Framework
    """Its content, parsed."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of the key that signs checkpoints."""

    entry: int
    """Index of the act: checkpoints of more entries are signed by the new key, others by the one before."""
    log_key: LogKeyText
    """The new key."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules need to know; empty before the founding."""

    size: int = 0
    """Number of entries folded in."""
    at: Instant = "0000-00-00T00:00:00.000Z"
    """Time of the last entry."""
    organisation: OrganisationFounded | None = None
    """The founding act."""
    statutes: tuple[StatutesVersion, ...] = ()
    """Versions, oldest first."""
    members: Map[MemberId, Member] = field(default_factory=Map)
    """Members and applicants."""
    keys: Map[Hex32, MemberId] = field(default_factory=Map)
    """Key commitments in use."""
    motions: Map[Slug, Motion] = field(default_factory=Map)
    """Motions."""
    assemblies: Map[Slug, Assembly] = field(default_factory=Map)
    """Assemblies."""
    polls: Map[Slug, Poll] = field(default_factory=Map)
    """Votes by motion."""
    decisions: Map[Slug, DecisionMade] = field(default_factory=Map)
    """Decisions by motion."""
    frameworks: Map[Slug, FrameworkVersion] = field(default_factory=Map)
    """Frameworks in force, last version."""
    commons: Map[Slug, CommonsRegistered] = field(default_factory=Map)
    """Commons."""
    observations: Map[Slug, ObservationRecorded] = field(default_factory=Map)
    """Observations."""
    latest: Map[tuple[Slug, Slug, Slug], Slug] = field(default_factory=Map)
    """Latest observation by (commons, framework, indicator)."""
    valuations: Map[Slug, ValuationPublished] = field(default_factory=Map)
    """Valuations."""
    enacted: Map[Slug, int] = field(default_factory=Map)
    """Entry index of the act that carried out an adopted motion, by motion."""
    rotations: tuple[Rotation, ...] = ()
    """Changes of the key that signs checkpoints, oldest first."""
    publisher_rotations: tuple[PublisherRotation, ...] = ()
    """Changes of the accounts that anchor, of all chains, oldest first."""

    def founded(self) -> OrganisationFounded:
        """Return the founding act.

        Raises:
            NotFoundError: The ledger does not begin with one.
        """
        if self.organisation is None:
            raise NotFoundError("organisation", "this ledger")
        return self.organisation

    def in_force(self) -> StatutesVersion:
        """Return the statutes in force.

        Raises:
            NotFoundError: Nothing is founded yet.
        """
        if not self.statutes:
            raise NotFoundError("statutes", "version 1")
        return self.statutes[-1]

    def version(self, number: int) -> StatutesVersion:
        """Return a statutes version.

        Raises:
            NotFoundError: No such version.
        """
        if not 1 <= number <= len(self.statutes):
            raise NotFoundError("statutes", f"version {number}")
        return self.statutes[number - 1]

    def member(self, member: MemberId) -> Member:
        """Return a member or applicant.

        Raises:
            NotFoundError: No such pseudonym.
        """
        found = self.members.get(member)
        if found is None:
            raise NotFoundError("member", member)
        return found

    def motion(self, motion: Slug) -> Motion:
        """Return a motion.

        Raises:
            NotFoundError: No such motion.
        """
        found = self.motions.get(motion)
        if found is None:
            raise NotFoundError("motion", motion)
        return found

    def assembly(self, assembly: Slug) -> Assembly:
        """Return an assembly.

        Raises:
            NotFoundError: No such assembly.
        """
        found = self.assemblies.get(assembly)
        if found is None:
            raise NotFoundError("assembly", assembly)
        return found

    def framework(self, framework: Slug) -> FrameworkVersion:
        """Return the version of a framework in force.

        Raises:
            NotFoundError: No such framework was adopted.
        """
        found = self.frameworks.get(framework)
        if found is None:
            raise NotFoundError("framework", framework)
        return found

    def poll(self, motion: Slug) -> Poll:
        """Return the vote on a motion.

        Raises:
            NotFoundError: The motion is on no agenda.
        """
        found = self.polls.get(motion)
        if found is None:
            raise NotFoundError("poll", motion)
        return found


def evolve(state: State, entry: Entry, sources: Sources) -> State:
    """Return the state after one more entry.

    Args:
        state: State after the entries before it.
        entry: The next entry; believed.
        sources: Where rulebooks and frameworks are looked up.

    Raises:
        NotFoundError: The entry refers to something that does not exist.
        ConflictError: A second founding.
        InvalidInputError: A rulebook or framework it puts in force does not parse.
    """
    return replace(_apply(state, entry, sources), size=state.size + 1, at=entry.at)


def _apply(state: State, entry: Entry, sources: Sources) -> State:  # noqa: C901, PLR0911, PLR0912 - one branch per act
    match entry.data:
        case OrganisationFounded() as data:
            return _found(state, data, entry.at, sources)
        case MemberApplied(applicant=who):
            member = Member(who.member, who.member_class, who.key, "applied", founder=False)
            return _put_member(state, member)
        case MemberAdmitted(member=member_id):
            return _put_member(state, replace(state.member(member_id), status="active"))
        case MemberResigned(member=member_id):
            return _put_member(state, replace(state.member(member_id), status="resigned"))
        case MotionProposed() as data:
            digest = hashlib.sha256(statement_content(author=entry.by, data=data)).hexdigest()
            motion = Motion(data, entry.by, digest, "proposed")
            return replace(state, motions=state.motions.set(data.motion, motion))
        case AssemblyConvened() as data:
            return _convene(state, data, entry.at)
        case BallotCast() as data:
            return _cast(state, data)
        case AssemblyClosed() as data:
            return _close(state, data)
        case DecisionMade() as data:
            decided = replace(state, decisions=state.decisions.set(data.motion, data))
            return _put_motion(decided, data.motion, data.outcome)
        case StatutesAdopted() as data:
            return _adopt(_enact(state, data.motion), data.statutes, entry.at, sources)
        case FrameworkAdopted() as data:
            document = parse_framework(sources.document(data.document))
            adopted = FrameworkVersion(data.version, document)
            frameworks = state.frameworks.set(data.framework, adopted)
            return replace(_enact(state, data.motion), frameworks=frameworks)
        case CommonsRegistered() as data:
            return replace(state, commons=state.commons.set(data.commons, data))
        case ObservationRecorded() as data:
            place = (data.commons, data.framework, data.indicator)
            return replace(
                state,
                observations=state.observations.set(data.observation, data),
                latest=state.latest.set(place, data.observation),
            )
        case ValuationPublished() as data:
            return replace(state, valuations=state.valuations.set(data.valuation, data))
        case LogKeyRotated(log_key=log_key):
            return replace(state, rotations=(*state.rotations, Rotation(state.size, log_key)))
        case PublisherRotated(chain_id=chain_id, previous=previous, publisher=publisher):
            change = PublisherRotation(state.size, chain_id, previous, publisher)
            return replace(state, publisher_rotations=(*state.publisher_rotations, change))
    raise NotFoundError("act", type(entry.data).__name__)


def _found(state: State, data: OrganisationFounded, at: Instant, sources: Sources) -> State:
    if state.organisation is not None:
        raise ConflictError("organisation.founded_twice", expected="one founding", found=data.slug)
    state = _adopt(replace(state, organisation=data), data.statutes, at, sources)
    for founder in data.founders:
        member = Member(founder.member, founder.member_class, founder.key, "active", founder=True)
        state = _put_member(state, member)
    return state


def _adopt(state: State, statutes: StatutesReference, at: Instant, sources: Sources) -> State:
    rulebook = parse_rulebook(sources.document(statutes.rulebook))
    version = StatutesVersion(len(state.statutes) + 1, statutes, rulebook, at)
    return replace(state, statutes=(*state.statutes, version))


def _enact(state: State, motion: Slug) -> State:
    return replace(state, enacted=state.enacted.set(motion, state.size))


def _put_member(state: State, member: Member) -> State:
    return replace(
        state,
        members=state.members.set(member.id, member),
        keys=state.keys.set(member.key, member.id),
    )


def _put_motion(
    state: State, motion: Slug, status: Literal["proposed", "convened", "closed"] | Outcome
) -> State:
    changed = replace(state.motion(motion), status=status)
    return replace(state, motions=state.motions.set(motion, changed))


def _convene(state: State, data: AssemblyConvened, at: Instant) -> State:
    assembly = Assembly(data, at, closed=False)
    state = replace(state, assemblies=state.assemblies.set(data.call.assembly, assembly))
    for item in data.agenda:
        state = _put_motion(state, item.motion, "convened")
        state = replace(state, polls=state.polls.set(item.motion, Poll(data.call.assembly, item)))
    return state


def _cast(state: State, data: BallotCast) -> State:
    poll = state.poll(data.motion)
    changed = replace(
        poll,
        ballots=poll.ballots.set(state.size, data),
        last=poll.last.set(data.voter, state.size),
        counts=poll.counts.set(data.voter, poll.counts.get(data.voter, 0) + 1),
    )
    return replace(state, polls=state.polls.set(data.motion, changed))


def _close(state: State, data: AssemblyClosed) -> State:
    assembly = replace(state.assembly(data.assembly), closed=True)
    state = replace(state, assemblies=state.assemblies.set(data.assembly, assembly))
    for result in data.results:
        poll = replace(state.poll(result.motion), result=result)
        state = _put_motion(state, result.motion, "closed")
        state = replace(state, polls=state.polls.set(result.motion, poll))
    return state
