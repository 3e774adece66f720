"""The worker: admits, closes, draws lots, redacts ballots when that is due; signs checkpoints, anchors them.

Every step reads what is the case and does what is missing, so it may be stopped anywhere and started again.
"""

import threading
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

import structlog

from anchoring.anchorer import STOPPING
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import AnchoringError, UnavailableError
from anchoring.core.types import TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import GovernanceError
from backend.domain.instants import Instant, format_instant
from backend.services.anchoring import Steps
from backend.services.assemblies import close_assembly
from backend.services.checkpoints import sign_head
from backend.services.commands import command_of
from backend.services.contests import draw_lots, due_lots
from backend.services.data_rights import due_erasures, erase_due
from backend.services.members import admit_due, due_admissions
from backend.services.retention import redact_due
from backend.wiring import Container

_Place: TypeAlias = tuple[str, Slug]

_log = structlog.get_logger(__name__)


class Worker:
    """Does for every ledger of a server what nobody asks for.

    Args:
        container: The server.
    """

    def __init__(self, container: Container) -> None:
        self._container: Final = container
        self._anchorers: Final[dict[Slug, Mapping[str, Steps]]] = {}
        self._settled: Final[dict[_Place, TreeSize]] = {}
        self._stopped: Final[set[_Place]] = set()
        self._undone: Final[dict[Slug, str]] = {}
        self._unscrubbed: bool = False
        # What a stopped server left unsettled is settled by the next one.
        self._unsettled: bool = container.archive.private.has_unsettled()

    def step(self, slug: Slug) -> None:
        """Admit, close and draw what is due, sign the head, anchor it on every network.

        What the rules do not let it do is told in the health of the server and stops nothing.
        Every network has its turn, whatever goes wrong on another.

        Raises:
            NotFoundError: No such organisation.
            UnavailableError: Something did not answer; the next step goes on.
            AnchoringError: As ``Anchorer.step``, what went wrong first; after one of ``STOPPING`` this
                ledger is anchored on that network no more until the server starts again.
        """
        container = self._container
        self._do_due(slug)
        head = sign_head(
            container.archive.ledgers,
            container.archive.reads,
            container.checkpoints,
            slug,
            partial(container.archive.log_signers, slug),
            container.cosigners,
        )
        if slug not in self._anchorers:
            self._anchorers[slug] = container.anchorers(slug)
        failures: list[Exception] = []
        for network, anchorer in self._anchorers[slug].items():
            try:
                self._anchor((network, slug), anchorer, head.size)
            except Exception as error:  # noqa: BLE001 - raised below, once no network waits for it
                failures.append(error)
        if failures:
            raise failures[0]

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
            networks = [
                (f"{name}: {text}", text)
                for name, ledgers in self._container.network_troubles.items()
                if (text := ledgers.get(slug, ""))
            ]
            # What a network told needs no second telling.
            other = "" if failure in {text for _, text in networks} else failure
            known = (
                *(text for text, _ in networks),
                self._undone.get(slug, ""),
                uncosigned,
                other,
            )
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

    def _anchor(self, place: _Place, anchorer: Steps, size: TreeSize) -> None:
        if place in self._stopped or self._settled.get(place) == size:
            return
        network, slug = place
        try:
            report = anchorer.step(self._container.last_closing(slug))
        except STOPPING:
            self._stopped.add(place)
            raise
        # Until its block is final an anchor may still be reorganised, also while nothing is appended.
        if report.state is AnchorState.FINALIZED:
            self._settled[place] = report.ledger_head.size
        for anchor in report.withdrawn:
            _log.warning("anchor.reorganised", ledger=slug, network=network, size=anchor.head.size)
        for anchor in report.recorded:
            _log.info("anchor.recorded", ledger=slug, network=network, size=anchor.head.size)

    def _do_due(self, slug: Slug) -> None:
        now = format_instant(self._container.ports.clock.now())
        undone = "; ".join(
            (
                *self._admit_due(slug, now),
                *self._close_due(slug, now),
                *self._draw_due(slug),
                *self._redact_due(slug),
                *self._erase_due(slug, now),
            )
        )
        if undone != self._undone.get(slug, ""):
            _log.warning("worker.undone", ledger=slug, reason=undone)
        self._undone[slug] = undone

    def _admit_due(self, slug: Slug, now: Instant) -> Iterator[str]:
        """Admit by right whom nobody objected to; yield what was refused."""
        container = self._container
        state = container.archive.reads.state(slug)
        for member in due_admissions(state, now):
            # Whoever comes back is admitted again: each application is a command of its own.
            key = f"admit/{member}/{state.member(member).entry}"
            command = command_of(key, member.encode())
            try:
                admit_due(container.ports, slug, command, member)
            except GovernanceError as error:
                # Somebody has to look at two of one identity; somebody else may have admitted already.
                if error.code not in ("identity.review", "member.not_applicant"):
                    yield f"member {member}: {error}"

    def _redact_due(self, slug: Slug) -> Iterator[str]:
        """Destroy what is kept for contests that are over; yield what was refused."""
        ports = self._container.ports
        try:
            while (done := redact_due(ports, self._container.archive.reads, slug)) is not None:
                _log.info("ballots.redacted", ledger=slug, decisions=len(done.decisions))
                self._unscrubbed = True
        except GovernanceError as error:
            # Someone else may have done it, of these or of other decisions, since the state was read.
            if error.code not in ("redaction.done", "command.reused"):
                yield f"retention: {error}"
        if self._unscrubbed:
            try:
                ports.ledgers.scrub()
                self._unscrubbed = False
            except UnavailableError as error:
                yield f"retention: {error}"

    def _erase_due(self, slug: Slug, now: Instant) -> Iterator[str]:
        """Erase former members whose data is kept no longer; yield what was refused."""
        container = self._container
        private = container.archive.private
        for member in due_erasures(container.archive.reads, private, slug, now):
            try:
                erase_due(container.ports, slug, member)
                self._unsettled = True
            except GovernanceError as error:
                # Officers may have done it since it was read.
                if error.code != "person.unknown":
                    yield f"erasure: {error.code}"
        if self._unsettled:
            try:
                private.settle_erasures()
                self._unsettled = False
                _log.info("persons.erased", ledger=slug)
            except UnavailableError as error:
                yield f"erasure: {error}"

    def _close_due(self, slug: Slug, now: Instant) -> Iterator[str]:
        """Close assemblies whose time is over; yield what was refused."""
        container = self._container
        for view in container.archive.reads.due_assemblies(slug, now):
            command = command_of(f"close/{view.assembly}", view.assembly.encode())
            try:
                close_assembly(container.ports, slug, command, view.assembly)
            except GovernanceError as error:
                # Someone else may have closed it since it was read.
                if error.code != "assembly.closed":
                    yield f"assembly {view.assembly}: {error}"

    def _draw_due(self, slug: Slug) -> Iterator[str]:
        """Draw lots on ties whose closing is under a final anchor; yield what was refused."""
        container = self._container
        reads = container.archive.reads
        for motion in due_lots(reads, slug):
            command = command_of(f"lots/{motion}", motion.encode())
            try:
                draw_lots(container.ports, reads, slug, command, motion)
            except GovernanceError as error:
                # Someone else may have drawn them since they were read.
                if error.code != "lots.none":
                    yield f"motion {motion}: {error}"
