"""When a network is asked, when it is left alone, and what is told of it (rules W1 to W4)."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from anchoring.anchorer import Anchorer, StepReport
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.types import PublishedHead, TreeSize
from backend.services.anchoring import (
    POLL_S,
    RETRY_S,
    Costed,
    NetworkAnchorer,
    Silences,
    Steps,
    Told,
)
from tests.support.chain_contract import proof_of
from tests.support.chain_world import FixedClock, head_of

CLOSED = TreeSize(1)
SILENT = UnavailableError("node of local", "no answer")


@dataclass
class Scripted:
    """Steps as told: a state to report, or an error to raise; counts how often it was asked."""

    outcome: AnchorState | Exception = AnchorState.INCLUDED
    asked: list[TreeSize] = field(default_factory=list)
    opened: int = 0

    def open(self) -> Anchorer:
        self.opened += 1
        return cast("Anchorer", self)

    def step(self, closed_size: TreeSize) -> StepReport:
        self.asked.append(closed_size)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        anchor, _ = proof_of(1)
        published = PublishedHead(TreeSize(1), bytes(24))
        return StepReport(self.outcome, head_of(1), published, recorded=(anchor,))


@dataclass
class Ledger:
    """A ledger of some size."""

    size: int = 1

    def __call__(self) -> TreeSize:
        return TreeSize(self.size)


@dataclass
class Scene:
    """One network that two ledgers share, under one clock."""

    clock: FixedClock
    silences: Silences

    def anchorer(self, scripted: Scripted, ledger: Ledger | None = None) -> NetworkAnchorer:
        return NetworkAnchorer(
            "local",
            scripted.open,
            size=ledger or Ledger(),
            silences=self.silences,
            clock=self.clock,
        )


@pytest.fixture
def scene() -> Scene:
    clock = FixedClock()
    return Scene(clock, Silences(clock))


def test_network_anchorer__before_its_first_step__opens_nothing(scene: Scene) -> None:
    scripted = Scripted()
    anchorer = scene.anchorer(scripted)
    assert scripted.opened == 0
    anchorer.step(CLOSED)
    scene.clock.advance(POLL_S)
    anchorer.step(CLOSED)
    assert (scripted.opened, scripted.asked) == (1, [CLOSED, CLOSED])


def test_network_anchorer__nothing_new__asks_after_a_slot_and_tells_no_news(scene: Scene) -> None:
    scripted = Scripted()
    anchorer = scene.anchorer(scripted)
    first = anchorer.step(CLOSED)
    scene.clock.advance(POLL_S - 1)
    again = anchorer.step(CLOSED)
    assert (len(first.recorded), again.recorded, again.state) == (1, (), AnchorState.INCLUDED)
    assert len(scripted.asked) == 1
    scene.clock.advance(1)
    assert len(anchorer.step(CLOSED).recorded) == 1


def test_network_anchorer__ledger_that_grew__is_asked_at_once(scene: Scene) -> None:
    scripted, ledger = Scripted(), Ledger()
    anchorer = scene.anchorer(scripted, ledger)
    anchorer.step(CLOSED)
    ledger.size = 2
    anchorer.step(CLOSED)
    assert len(scripted.asked) == 2


def test_network_anchorer__silent_network__is_left_alone_for_every_ledger(scene: Scene) -> None:
    first, second = Scripted(SILENT), Scripted()
    anchorers = [scene.anchorer(first), scene.anchorer(second)]
    for _ in range(3):
        for anchorer in anchorers:
            with pytest.raises(UnavailableError) as caught:
                anchorer.step(CLOSED)
            assert caught.value.reason == "no answer"
        scene.clock.advance(1)
    assert (len(first.asked), len(second.asked)) == (1, 0)
    scene.clock.advance(RETRY_S)
    anchorers[1].step(CLOSED)
    assert len(second.asked) == 1


def test_network_anchorer__node_that_cannot_be_opened__is_opened_again_later(scene: Scene) -> None:
    scripted, failures = Scripted(), [SILENT]

    def open_anchorer() -> Anchorer:
        if failures:
            raise failures.pop()
        return scripted.open()

    anchorer = NetworkAnchorer(
        "local",
        open_anchorer,
        size=Ledger(),
        silences=scene.silences,
        clock=scene.clock,
    )
    with pytest.raises(UnavailableError):
        anchorer.step(CLOSED)
    scene.clock.advance(RETRY_S)
    anchorer.step(CLOSED)
    assert scripted.opened == 1


def test_network_anchorer__refusal__begins_no_silence(scene: Scene) -> None:
    scripted = Scripted(RejectedError("node of local", "no"))
    anchorer = scene.anchorer(scripted)
    for _ in range(2):
        with pytest.raises(RejectedError):
            anchorer.step(CLOSED)
    assert len(scripted.asked) == 2


def test_network_anchorer__of_the_embedded_chain__is_asked_at_every_step() -> None:
    scripted = Scripted(SILENT)
    anchorer = NetworkAnchorer(
        "embedded", scripted.open, size=Ledger(), silences=None, clock=FixedClock()
    )
    with pytest.raises(UnavailableError):
        anchorer.step(CLOSED)
    scripted.outcome = AnchorState.FINALIZED
    anchorer.step(CLOSED)
    anchorer.step(CLOSED)
    assert len(scripted.asked) == 3


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (AnchorState.FINALIZED, ""),
        (AnchorState.STALLED, "anchoring is stalled"),
        (AnchorState.FAILED, "anchoring is failed"),
        (SILENT, str(SILENT)),
    ],
)
def test_told__whatever_comes_of_a_step__is_told(
    outcome: AnchorState | Exception, words: str
) -> None:
    told: list[str] = []
    anchorer: Steps = Told(Scripted(outcome), told.append)
    try:
        anchorer.step(CLOSED)
    except UnavailableError as error:
        assert error is outcome  # noqa: PT017 - one of the cases raises
    assert told == [words]


def test_costed__node_that_does_not_tell__is_asked_again_with_the_next_step() -> None:
    asked: list[int] = []
    inner = Scripted()

    def settle() -> None:
        asked.append(len(inner.asked))
        if len(asked) == 1:
            raise SILENT

    anchorer = Costed(inner, settle)
    with pytest.raises(UnavailableError):
        anchorer.step(CLOSED)
    anchorer.step(CLOSED)
    assert asked == [1, 2]
