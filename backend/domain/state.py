"""The state of an organisation: everything its rules need to know, folded from its ledger.

``backend.domain.fold`` makes one state from another. Maps are persistent (structure shared between
states), so a state can be kept while later ones are made from it.
"""

from dataclasses import dataclass, field

from immutables import Map

from backend.domain.acts import (
    AgendaItem,
    CommonsRegistered,
    DecisionMade,
    MemberId,
    ObservationRecorded,
    OrganisationFounded,
    Slug,
    ValuationPublished,
)
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day, format_day, local_day
from backend.domain.errors import NotFoundError
from backend.domain.facts import (
    Assembly,
    DecidedVote,
    Dispute,
    Draft,
    FrameworkVersion,
    InternalRuleSet,
    Mandate,
    Member,
    Motion,
    Poll,
    Proceeding,
    Rotation,
    StatutesVersion,
)
from backend.domain.instants import Instant
from backend.domain.publishers import PublisherRotation
from backend.domain.rulebook.book import Rulebook


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
    rulebooks: Map[Hex32, Rulebook] = field(default_factory=Map)
    """Every rulebook that was ever in force, by the SHA-256 of its bytes."""
    internal_rules: Map[Slug, InternalRuleSet] = field(default_factory=Map)
    """Internal rules by the motion that made them."""
    members: Map[MemberId, Member] = field(default_factory=Map)
    """Members and applicants."""
    keys: Map[Hex32, MemberId] = field(default_factory=Map)
    """Key commitments, those no longer in force included, and whose they are."""
    proceedings: Map[Slug, Proceeding] = field(default_factory=Map)
    """Proceedings against members."""
    mandates: Map[Slug, Mandate] = field(default_factory=Map)
    """Mandates, ended ones included."""
    motions: Map[Slug, Motion] = field(default_factory=Map)
    """Motions."""
    drafts: Map[Slug, Draft] = field(default_factory=Map)
    """Sessions that members ask for."""
    assemblies: Map[Slug, Assembly] = field(default_factory=Map)
    """Assemblies."""
    polls: Map[Slug, Poll] = field(default_factory=Map)
    """Votes by motion."""
    decisions: Map[Slug, DecisionMade] = field(default_factory=Map)
    """Decisions by motion."""
    decided: Map[Slug, int] = field(default_factory=Map)
    """Entry index of the decision on each motion."""
    decided_votes: Map[Hex32, DecidedVote] = field(default_factory=Map)
    """Votes that were decided, by decision."""
    consents: Map[Hex32, frozenset[MemberId]] = field(default_factory=Map)
    """Electors who consent to their names beside their votes, by decision."""
    fulfilled: Map[tuple[Slug, Slug], int] = field(default_factory=Map)
    """Entry index of the report that an obligation is done, by (motion, obligation)."""
    affiliations: Map[str, Slug] = field(default_factory=Map)
    """Organisations this one belongs to, by name, with the motion that decided it."""
    dissolved_by: Slug | None = None
    """The motion that dissolved the organisation."""
    disputes: Map[Slug, Dispute] = field(default_factory=Map)
    """Disputes."""
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

    def governing(self, assembly: Slug) -> Rulebook:
        """Return the rules that govern an assembly: those in force when it was called.

        Raises:
            NotFoundError: No such assembly.
        """
        return self.rulebooks[self.assembly(assembly).data.rules]

    def day_of(self, at: Instant) -> Day:
        """Return the day of an instant where the organisation is at home.

        Raises:
            NotFoundError: Nothing is founded yet.
            InvalidInputError: Not an instant.
        """
        return format_day(local_day(at, self.in_force().rulebook.time_zone))

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

    def item_of(self, decision: Hex32) -> tuple[Assembly, AgendaItem]:
        """Return the assembly that takes a decision, and its item of the agenda.

        Raises:
            NotFoundError: No assembly takes such a decision.
        """
        for assembly in self.assemblies.values():
            for item in assembly.data.agenda:
                if item.decision == decision:
                    return assembly, item
        raise NotFoundError("decision", decision)

    def decided_vote(self, decision: Hex32) -> DecidedVote:
        """Return a vote that was decided.

        Raises:
            NotFoundError: No such decision was taken.
        """
        found = self.decided_votes.get(decision)
        if found is None:
            raise NotFoundError("decision", decision)
        return found

    def proceeding(self, proceeding: Slug) -> Proceeding:
        """Return a proceeding.

        Raises:
            NotFoundError: No such proceeding.
        """
        found = self.proceedings.get(proceeding)
        if found is None:
            raise NotFoundError("proceeding", proceeding)
        return found

    def mandate(self, mandate: Slug) -> Mandate:
        """Return a mandate.

        Raises:
            NotFoundError: No such mandate.
        """
        found = self.mandates.get(mandate)
        if found is None:
            raise NotFoundError("mandate", mandate)
        return found

    def draft(self, draft: Slug) -> Draft:
        """Return a draft.

        Raises:
            NotFoundError: No such draft.
        """
        found = self.drafts.get(draft)
        if found is None:
            raise NotFoundError("draft", draft)
        return found

    def dispute(self, dispute: Slug) -> Dispute:
        """Return a dispute.

        Raises:
            NotFoundError: No such dispute.
        """
        found = self.disputes.get(dispute)
        if found is None:
            raise NotFoundError("dispute", dispute)
        return found
