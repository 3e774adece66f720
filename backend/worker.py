"""The worker: closes assemblies that are due, signs checkpoints, anchors them.

Every step reads what is the case and does what is missing, so it may be stopped anywhere and started again.
"""

import threading
from functools import partial
from typing import Final

import structlog

from anchoring.anchorer import STOPPING, Anchorer
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import AnchoringError, UnavailableError
from anchoring.core.types import TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import GovernanceError
from backend.domain.instants import format_instant
from backend.services.assemblies import close_assembly
from backend.services.checkpoints import sign_head
from backend.services.commands import command_of
from backend.wiring import Container

_log = structlog.get_logger(__name__)


class Worker:
    """Does for every ledger of a server what nobody asks for.

    Args:
        container: The server.
    """

    def __init__(self, container: Container) -> None:
        self._container: Final = container
        self._anchorers: Final[dict[Slug, Anchorer]] = {}
        self._settled: Final[dict[Slug, TreeSize]] = {}
        self._stopped: Final[dict[Slug, str]] = {}
        self._unclosed: Final[dict[Slug, str]] = {}

    def step(self, slug: Slug) -> None:
        """Close what is due, sign the head, anchor it.

        An assembly that the rules do not let close is told in the health of the server and stops nothing.

        Raises:
            NotFoundError: No such organisation.
            UnavailableError: Something did not answer; the next step goes on.
            AnchoringError: As ``Anchorer.step``; after one of ``STOPPING`` this ledger is anchored no
                more until the server starts again.
        """
        container = self._container
        self._close_due(slug)
        head = sign_head(
            container.archive.ledgers,
            container.archive.reads,
            container.checkpoints,
            slug,
            partial(container.archive.log_signers, slug),
            container.cosigners,
        )
        if slug in self._stopped or self._settled.get(slug) == head.size:
            return
        if slug not in self._anchorers:
            self._anchorers[slug] = container.anchorer(slug)
        try:
            report = self._anchorers[slug].step()
        except STOPPING as error:
            self._stopped[slug] = str(error)
            raise
        # Until its block is final an anchor may still be reorganised, also while nothing is appended.
        if report.state is AnchorState.FINALIZED:
            self._settled[slug] = report.ledger_head.size
        for anchor in report.withdrawn:
            _log.warning("anchor.reorganised", ledger=slug, size=anchor.head.size)
        for anchor in report.recorded:
            _log.info("anchor.recorded", ledger=slug, size=anchor.head.size)

    def step_all(self) -> None:
        """Make one step for every ledger; what goes wrong with one is told and stops no other."""
        for slug in self._container.archive.ledgers.slugs():
            failure = ""
            try:
                self.step(slug)
            except STOPPING as error:
                _log.error("anchoring.stopped", ledger=slug, reason=str(error))
            except UnavailableError as error:
                failure = str(error)
                _log.warning("anchoring.unavailable", ledger=slug, reason=failure)
            except (AnchoringError, GovernanceError) as error:
                failure = str(error)
                _log.exception("worker.refused", ledger=slug)
            except Exception as error:  # noqa: BLE001 - the worker outlives every defect of one ledger
                failure = type(error).__name__
                _log.exception("worker.failed", ledger=slug)
            cosigners = self._container.cosigners
            uncosigned = "" if cosigners is None else cosigners.trouble(slug)
            stopped = self._stopped.get(slug, "")
            known = (stopped, self._unclosed.get(slug, ""), uncosigned, failure)
            self._container.troubles[slug] = "; ".join(filter(None, known))

    def run(self, stop: threading.Event, interval_s: float) -> None:
        """Step whenever something was appended, and after every interval, until told to stop.

        Args:
            stop: Set to stop; set ``container.appended`` too, so that it is noticed at once.
            interval_s: Longest wait between two steps, in seconds.
        """
        appended = self._container.appended
        while not stop.is_set():
            # Cleared first: what is appended during the step wakes the next one.
            appended.clear()
            self.step_all()
            if not stop.is_set():
                appended.wait(interval_s)

    def _close_due(self, slug: Slug) -> None:
        container = self._container
        now = format_instant(container.ports.clock.now())
        refused: list[str] = []
        for view in container.archive.reads.due_assemblies(slug, now):
            command = command_of(f"close/{view.assembly}", view.assembly.encode())
            try:
                close_assembly(container.ports, slug, command, view.assembly)
            except GovernanceError as error:
                # Someone else may have closed it since it was read.
                if error.code != "assembly.closed":
                    refused.append(f"assembly {view.assembly}: {error}")
        unclosed = "; ".join(refused)
        if unclosed != self._unclosed.get(slug, ""):
            _log.warning("assemblies.unclosed", ledger=slug, reason=unclosed)
        self._unclosed[slug] = unclosed
