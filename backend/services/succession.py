"""Anchoring one ledger on one chain through the publishers that its entries name, one after the other.

S1. Each publisher has an anchorer and a journal of its own; the registry keeps their heads apart.
S2. A publisher anchors heads of the sizes of its term only (``backend.domain.publishers``): the one in use
    greater ones than the index of the act that named it, the one before none greater than that.
S3. One that was replaced signs nothing. It settles what it had sent, until every anchor of it is final and
    nothing is on its way; then it is looked at no more.
S4. Whatever goes wrong with one that was replaced, or is done with its key, is told and stops it alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from anchoring.anchorer import STOPPING, StepReport
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import AnchoringError, DivergedError, RejectedError
from anchoring.core.merkle import EMPTY_ROOT
from anchoring.core.types import Address, Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.domain.publishers import Term, address_text
from backend.services.anchoring import TROUBLED, Steps
from backend.services.checkpoints import CheckpointedHeads, checkpointed_head
from backend.services.views import Reads

_NO_HEAD: Final = Head(TreeSize(0), EMPTY_ROOT)


class PublisherHeads:
    """Implements ``LedgerHeads`` for one publisher: the heads of its term that a signed checkpoint states.

    Args:
        heads: Heads of the ledger.
        reads: Committed facts.
        slug: The organisation.
        terms: Who anchors which sizes on the chain, oldest first; asked every time.
        publisher: The account, 20 bytes.
    """

    def __init__(
        self,
        heads: CheckpointedHeads,
        reads: Reads,
        slug: Slug,
        *,
        terms: Callable[[], Sequence[Term]],
        publisher: Address,
    ) -> None:
        self._heads: Final = heads
        self._reads: Final = reads
        self._slug: Final = slug
        self._terms: Final = terms
        self._publisher: Final = publisher

    def head(self) -> Head:
        """Return the newest signed head of the term; the empty head while there is none.

        Raises:
            NotFoundError: No such organisation.
            RejectedError: The account is none of the publishers.
        """
        # The checkpoint first: no term is older than a checkpoint that was read before it.
        newest = self._heads.head()
        term = self._term()
        if term.until is not None and newest.size > term.until:
            newest = self._last_until(term.until)
        return newest if newest.size > term.after else _NO_HEAD

    def root_at(self, size: TreeSize) -> RootHash:
        """Return the root of the first ``size`` entries.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
            DivergedError: The account anchored a size that is not of its term, or, having been replaced, one
                that was never signed: that is somebody else's work.
        """
        term = self._term()
        if size <= term.after:
            raise DivergedError(
                expected=f"sizes above {term.after} by {address_text(term.publisher)}",
                found=f"size {size}",
            )
        if term.until is not None and not self._is_signed(size):
            raise DivergedError(
                expected=f"signed sizes by {address_text(term.publisher)}", found=f"size {size}"
            )
        return self._heads.root_at(size)

    def _term(self) -> Term:
        for term in self._terms():
            if term.publisher == self._publisher:
                return term
        name = address_text(self._publisher)
        raise RejectedError(f"ledger {self._slug}", f"{name} is not its publisher")

    def _last_until(self, size: TreeSize) -> Head:
        try:
            return checkpointed_head(self._reads.checkpoint_up_to(self._slug, size))
        except NotFoundError as error:
            if error.noun != "checkpoint":
                raise
            return _NO_HEAD

    def _is_signed(self, size: TreeSize) -> bool:
        try:
            self._reads.checkpoint_at(self._slug, size)
        except NotFoundError as error:
            if error.noun != "checkpoint":
                raise
            return False
        return True


class Succession:
    """The anchorers of all publishers of one ledger on one chain; implements ``Steps``.

    Args:
        terms: Who anchors which sizes, oldest first, the one in use last; asked at every step.
        open_steps: Makes the anchorer of a publisher, given whether it only settles.
        is_settled: Tells whether a replaced publisher has nothing left on its way.
    """

    def __init__(
        self,
        terms: Callable[[], Sequence[Term]],
        open_steps: Callable[[Address, bool], Steps],
        is_settled: Callable[[Address], bool],
    ) -> None:
        self._terms: Final = terms
        self._open: Final = open_steps
        self._is_settled: Final = is_settled
        self._opened: Final[dict[tuple[Address, bool], Steps]] = {}
        self._stopped: Final[set[Address]] = set()
        self._troubles: Final[dict[Address, str]] = {}

    def trouble(self) -> str:
        """Return in words what is wrong with publishers that were replaced, empty text when nothing is."""
        return "; ".join(
            f"earlier publisher {address_text(publisher)}: {text}"
            for publisher, text in self._troubles.items()
            if text
        )

    def step(self, closed_size: TreeSize) -> StepReport:
        """Make a step as the publisher in use, then one as each that was replaced and is not settled.

        Returns:
            The report of the publisher in use, with what the others recorded. Its state is not ``FINALIZED``
            before they are settled or stopped.

        Raises:
            AnchoringError: As ``Anchorer.step``, for the publisher in use alone.
        """
        *earlier, current = self._terms()
        try:
            report = self._steps(current.publisher, settles=False).step(closed_size)
        finally:
            settled = [self._settle(each, closed_size) for each in self._unsettled(earlier)]
        for found in settled:
            if found is not None:
                report = _with_settled(report, found)
        if report.state is AnchorState.FINALIZED and self._unsettled(earlier):
            return replace(report, state=AnchorState.SAFE)
        return report

    def _unsettled(self, earlier: Sequence[Term]) -> list[Address]:
        return [
            term.publisher
            for term in earlier
            if term.publisher not in self._stopped and not self._is_settled(term.publisher)
        ]

    def _settle(self, publisher: Address, closed_size: TreeSize) -> StepReport | None:
        try:
            report = self._steps(publisher, settles=True).step(closed_size)
        except STOPPING as error:
            self._stopped.add(publisher)
            self._troubles[publisher] = str(error)
            return None
        except AnchoringError as error:
            self._troubles[publisher] = str(error)
            return None
        state = report.state
        self._troubles[publisher] = f"anchoring is {state}" if state in TROUBLED else ""
        return report

    def _steps(self, publisher: Address, *, settles: bool) -> Steps:
        key = (publisher, settles)
        if key not in self._opened:
            self._opened[key] = self._open(publisher, settles)
        return self._opened[key]


def _with_settled(report: StepReport, settled: StepReport) -> StepReport:
    return replace(
        report,
        recorded=(*report.recorded, *settled.recorded),
        withdrawn=(*report.withdrawn, *settled.withdrawn),
        replaced=(*report.replaced, *settled.replaced),
    )
