"""The port through which committed facts are read; its answers are the views of ``view_types``."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.merkle import NodeReader
from anchoring.core.types import Anchor, TreeSize
from backend.domain.acts import MemberId, Slug, VoterId
from backend.domain.instants import Instant
from backend.domain.sources import Elector, Sources
from backend.domain.state import State
from backend.services.view_types import (
    AgendaItemView,
    AnchorView,
    AssemblyView,
    BallotView,
    CommonsView,
    CoveringAnchors,
    DecisionView,
    EntryView,
    FrameworkView,
    JsonValue,
    MemberView,
    MotionView,
    ObservationView,
    OrganisationView,
    PollView,
    StatutesView,
    ValuationView,
)

__all__ = [
    "DEFAULT_PAGE",
    "MAX_PAGE",
    "AgendaItemView",
    "AnchorView",
    "AssemblyView",
    "BallotView",
    "CommonsView",
    "CoveringAnchors",
    "DecisionView",
    "EntryView",
    "FrameworkView",
    "JsonValue",
    "MemberView",
    "MotionView",
    "ObservationView",
    "OrganisationView",
    "PollView",
    "Reads",
    "StatutesView",
    "ValuationView",
]

DEFAULT_PAGE = 100
"""Items of a page where the caller names no limit."""

MAX_PAGE = 1000
"""Most items of a page: bounds the memory of one request."""


class Reads(Protocol):
    """Committed facts of every ledger of the server.

    Consistency: an answer is one committed moment; two answers may be of two moments, the later never
    older. Nothing is written and no write lock is taken. Unless said otherwise every method raises
    ``NotFoundError`` for an unknown organisation or name, and a page is at most ``limit`` items,
    1 to ``MAX_PAGE``, else ``InvalidInputError`` ``page.limit``. Lists are in ledger order and continue
    after the item whose ``entry`` is ``after``; members are in the order of their pseudonyms.
    """

    def organisations(self) -> tuple[OrganisationView, ...]:
        """Return every organisation, by slug; empty on a new server."""
        ...

    def organisation(self, slug: Slug) -> OrganisationView:
        """Return one organisation."""
        ...

    def statutes(self, slug: Slug) -> tuple[StatutesView, ...]:
        """Return every version, oldest first."""
        ...

    def members(
        self, slug: Slug, after: str = "", limit: int = DEFAULT_PAGE
    ) -> tuple[MemberView, ...]:
        """Return members and applicants whose pseudonym is greater than ``after``."""
        ...

    def member(self, slug: Slug, member: MemberId) -> MemberView:
        """Return one member or applicant."""
        ...

    def member_of_key(self, slug: Slug, key: bytes) -> MemberView:
        """Return the member or applicant for whom a key is in force: a wallet's or a passkey's."""
        ...

    def motions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[MotionView, ...]:
        """Return motions."""
        ...

    def motion(self, slug: Slug, motion: Slug) -> MotionView:
        """Return one motion."""
        ...

    def assemblies(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[AssemblyView, ...]:
        """Return assemblies."""
        ...

    def assembly(self, slug: Slug, assembly: Slug) -> AssemblyView:
        """Return one assembly."""
        ...

    def due_assemblies(self, slug: Slug, now: Instant) -> tuple[AssemblyView, ...]:
        """Return assemblies not yet closed whose ``closes_at`` is ``now`` or earlier."""
        ...

    def poll(self, slug: Slug, motion: Slug) -> PollView:
        """Return the vote on a motion; ``NotFoundError`` ``poll`` if it is on no agenda."""
        ...

    def ballots(
        self, slug: Slug, motion: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[BallotView, ...]:
        """Return the ballots on a motion."""
        ...

    def ballots_of(self, slug: Slug, motion: Slug, voter: VoterId) -> tuple[BallotView, ...]:
        """Return the ballots of one voter on a motion; empty where they cast none."""
        ...

    def names(self, slug: Slug, members: Sequence[MemberId]) -> Mapping[MemberId, str]:
        """Return the names that some members declared; private: for showing named votes only.

        Args:
            slug: The organisation.
            members: Pseudonyms.

        Returns:
            Names by pseudonym; those that were erased, or never declared, are left out.
        """
        ...

    def elector(self, slug: Slug, motion: Slug, member: MemberId) -> Elector:
        """Return a member's line of the roll; private: for that member only.

        Raises:
            NotFoundError: The motion is on no agenda, the member is no elector, or the roll was erased.
        """
        ...

    def decisions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[DecisionView, ...]:
        """Return decisions."""
        ...

    def decision(self, slug: Slug, motion: Slug) -> DecisionView:
        """Return the decision on a motion."""
        ...

    def frameworks(self, slug: Slug) -> tuple[FrameworkView, ...]:
        """Return every version of every framework."""
        ...

    def framework(self, slug: Slug, framework: Slug) -> FrameworkView:
        """Return the version of a framework in force."""
        ...

    def commons(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[CommonsView, ...]:
        """Return the commons."""
        ...

    def commons_item(self, slug: Slug, commons: Slug) -> CommonsView:
        """Return one commons."""
        ...

    def observations(
        self, slug: Slug, commons: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[ObservationView, ...]:
        """Return the observations of a commons."""
        ...

    def valuations(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[ValuationView, ...]:
        """Return valuations."""
        ...

    def valuation(self, slug: Slug, valuation: Slug) -> ValuationView:
        """Return one valuation."""
        ...

    def entries(self, slug: Slug, start: int, limit: int = DEFAULT_PAGE) -> tuple[EntryView, ...]:
        """Return entries from index ``start`` on; empty at or past the end."""
        ...

    def entry(self, slug: Slug, index: int) -> EntryView:
        """Return one entry."""
        ...

    def size_after(self, slug: Slug, act: str) -> TreeSize:
        """Return the size right after the newest entry of an act, 0 before the first."""
        ...

    def anchors(self, slug: Slug) -> tuple[AnchorView, ...]:
        """Return anchors, recorded or not, by size, then chain id."""
        ...

    def checkpoint(self, slug: Slug) -> bytes:
        """Return the largest signed checkpoint; ``NotFoundError`` ``checkpoint`` before the first."""
        ...

    def checkpoint_at(self, slug: Slug, size: int) -> bytes:
        """Return the signed checkpoint of exactly ``size`` entries."""
        ...

    def checkpoint_below(self, slug: Slug, size: TreeSize | None) -> bytes | None:
        """Return the largest signed checkpoint, of fewer than ``size`` entries if given; None for none."""
        ...

    def covering_checkpoint(self, slug: Slug, index: int) -> bytes:
        """Return the smallest signed checkpoint that covers an entry; ``NotFoundError`` where none does."""
        ...

    def checkpoint_up_to(self, slug: Slug, size: int) -> bytes:
        """Return the largest signed checkpoint of at most ``size`` entries.

        Raises:
            NotFoundError: ``checkpoint``: there is none; or no such organisation.
        """
        ...

    def covering_anchors(self, slug: Slug, index: int) -> CoveringAnchors | None:
        """Return the anchors of the size that proves the entry best.

        Of the recorded sizes above ``index`` that have a signed checkpoint, that is the one anchored on
        the most chains; of several such, the smallest.

        Returns:
            None while no such size is recorded.
        """
        ...

    def anchor_finality(
        self, slug: Slug, chain_id: int, size: TreeSize
    ) -> FinalityStatement | None:
        """Return what ties a recorded anchor to a final block, None where nothing does yet.

        Raises:
            NotFoundError: No such organisation or anchor.
        """
        ...

    def anchor_evidence(self, slug: Slug, chain_id: int, size: TreeSize) -> tuple[Anchor, Evidence]:
        """Return a recorded anchor and what proves it."""
        ...

    def node(self, slug: Slug) -> NodeReader:
        """Return a reader of the ledger's perfect nodes, for ``anchoring.core.merkle``.

        The reader raises ``NotFoundError`` ``node`` for a node that is not complete.
        """
        ...

    def state(self, slug: Slug) -> State:
        """Return the folded state of the committed ledger, for preparing what members sign."""
        ...

    def sources(self, slug: Slug) -> Sources:
        """Return documents and detached proofs; private: for the domain and for authorised auditors."""
        ...
