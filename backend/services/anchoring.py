"""Anchoring on networks whose nodes are elsewhere: opened late, asked seldom, each on its own.

W1. No node is asked before its first step, so that a server starts while nodes are down.
W2. A network whose node does not answer is left alone for ``RETRY_S``, whatever the ledger, so that its
    silence costs the other networks at most one timeout in that time.
W3. A network is asked again at once when the ledger grew, else every ``POLL_S``.
W4. The embedded chain answers in this process: W2 and W3 do not hold it back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from anchoring.anchorer import Anchorer, StepReport
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import AnchoringError, UnavailableError
from anchoring.core.types import TreeSize
from anchoring.ports import Clock

RETRY_S: Final = 30
"""Seconds for which a silent network is left alone; two blocks and a half of Ethereum."""

POLL_S: Final = 12
"""Seconds between two looks at a network for the same head: one slot of Ethereum."""

TROUBLED: Final = (AnchorState.STALLED, AnchorState.FAILED)
"""States that a person should look at."""


class Steps(Protocol):
    """Whatever anchors one ledger on one chain, step by step; see ``Anchorer``."""

    def step(self, closed_size: TreeSize) -> StepReport:
        """Do what can be done now; see ``Anchorer.step``."""
        ...


class Silences:
    """Which networks did not answer of late, shared by the anchorers of all ledgers.

    Args:
        clock: Current time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._until: Final[dict[str, tuple[datetime, UnavailableError]]] = {}

    def check(self, network: str) -> None:
        """Check that a network may be asked now.

        Raises:
            UnavailableError: It did not answer within the last ``RETRY_S``; as it was raised then.
        """
        if network in self._until:
            until, error = self._until[network]
            if self._clock.now() < until:
                raise UnavailableError(error.what, error.reason)

    def begin(self, network: str, error: UnavailableError) -> None:
        """Leave a network alone for ``RETRY_S``."""
        self._until[network] = (self._clock.now() + timedelta(seconds=RETRY_S), error)


class NetworkAnchorer:
    """The anchorer of one ledger on one network; implements ``Steps``.

    Args:
        network: Name of the network.
        open_anchorer: Makes the anchorer, asking the node; raises as ``Anchorer.step`` does.
        size: Size of the newest head that may be anchored.
        silences: Shared with the other ledgers; None for the embedded chain.
        clock: Current time.
    """

    def __init__(
        self,
        network: str,
        open_anchorer: Callable[[], Anchorer],
        *,
        size: Callable[[], TreeSize],
        silences: Silences | None,
        clock: Clock,
    ) -> None:
        self._network: Final = network
        self._open: Final = open_anchorer
        self._size: Final = size
        self._silences: Final = silences
        self._clock: Final = clock
        self._anchorer: Anchorer | None = None
        self._last: tuple[TreeSize, datetime, StepReport] | None = None

    def step(self, closed_size: TreeSize) -> StepReport:
        """Make a step, or return what the last one found while nothing can be new.

        Raises:
            AnchoringError: As ``Anchorer.step``, and what opening it raises.
        """
        now, size = self._clock.now(), self._size()
        if self._last is not None and self._silences is not None:
            looked_size, looked_at, report = self._last
            if size == looked_size and now < looked_at + timedelta(seconds=POLL_S):
                return _without_news(report)
        if self._silences is not None:
            self._silences.check(self._network)
        try:
            if self._anchorer is None:
                self._anchorer = self._open()
            report = self._anchorer.step(closed_size)
        except UnavailableError as error:
            self._last = None
            if self._silences is not None:
                self._silences.begin(self._network, error)
            raise
        self._last = (size, now, report)
        return report


class Costed:
    """An anchorer whose anchors have their cost stored; implements ``Steps``.

    Args:
        inner: What anchors.
        settle: Stores every cost that is not known; asks the node, and may be called again.
    """

    def __init__(self, inner: Steps, settle: Callable[[], None]) -> None:
        self._inner: Final = inner
        self._settle: Final = settle
        self._owed = True

    def step(self, closed_size: TreeSize) -> StepReport:
        """Make a step, then settle costs if something was recorded since that was done.

        Raises:
            AnchoringError: As ``inner.step``.
            UnavailableError: The node did not tell a cost; what was recorded stays recorded.
        """
        report = self._inner.step(closed_size)
        self._owed = self._owed or bool(report.recorded)
        if self._owed:
            self._settle()
            self._owed = False
        return report


class Told:
    """An anchorer whose trouble is told: keeps what its last step came to, in words.

    Args:
        inner: What anchors.
        tell: Given empty text when nothing is wrong.
        beside: Returns in words what else is wrong after a step, empty text when nothing is.
    """

    def __init__(
        self,
        inner: Steps,
        tell: Callable[[str], None],
        *,
        beside: Callable[[], str] = str,
    ) -> None:
        self._inner: Final = inner
        self._tell: Final = tell
        self._beside: Final = beside

    def step(self, closed_size: TreeSize) -> StepReport:
        """Make a step.

        Raises:
            AnchoringError: As ``inner.step``.
        """
        try:
            report = self._inner.step(closed_size)
        except AnchoringError as error:
            self._tell_all(str(error))
            raise
        self._tell_all(f"anchoring is {report.state}" if report.state in TROUBLED else "")
        return report

    def _tell_all(self, text: str) -> None:
        self._tell("; ".join(filter(None, (text, self._beside()))))


def _without_news(report: StepReport) -> StepReport:
    return StepReport(report.state, report.ledger_head, report.published)
