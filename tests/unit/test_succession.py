"""Publishers of one ledger on one chain, one after the other (S1 to S4 of services.succession)."""

from dataclasses import dataclass, field

import pytest

from anchoring.anchorer import StepReport
from anchoring.core.anchor_states import AnchorState
from anchoring.core.errors import DivergedError, RejectedError, UnavailableError
from anchoring.core.types import Address, PublishedHead, TreeSize
from backend.domain.publishers import Term
from backend.services.anchoring import Told
from backend.services.succession import Succession
from tests.support.chain_contract import proof_of
from tests.support.chain_world import head_of

OLD, NEW = Address(b"\x0a" * 20), Address(b"\x0b" * 20)
FIRST = (Term(OLD, TreeSize(0), None),)
CHANGED = (Term(OLD, TreeSize(0), TreeSize(4)), Term(NEW, TreeSize(4), None))
DIVERGED = DivergedError(expected="ours", found="theirs")


@dataclass
class Scripted:
    """Steps as told; an outcome of the account before may settle it."""

    outcome: AnchorState | Exception = AnchorState.FINALIZED
    steps: int = 0

    def step(self, closed_size: TreeSize) -> StepReport:
        assert closed_size == 0
        self.steps += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        anchor, _ = proof_of(1)
        published = PublishedHead(TreeSize(1), bytes(24))
        return StepReport(self.outcome, head_of(1), published, recorded=(anchor,))


@dataclass
class Scene:
    """A succession over scripted anchorers."""

    terms: tuple[Term, ...] = CHANGED
    settled: bool = False
    opened: dict[tuple[Address, bool], Scripted] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.succession = Succession(lambda: self.terms, self._open, lambda _: self.settled)

    def _open(self, publisher: Address, settles: bool) -> Scripted:  # noqa: FBT001 - as Succession asks
        return self.opened.setdefault((publisher, settles), Scripted())

    def script(self, publisher: Address, outcome: AnchorState | Exception) -> Scripted:
        steps = Scripted(outcome)
        self.opened[publisher, publisher == OLD and len(self.terms) > 1] = steps
        return steps

    def step(self) -> StepReport:
        told = Told(self.succession, self.told.append, beside=self.succession.trouble)
        return told.step(TreeSize(0))


def test_step__of_one_account__is_its_own() -> None:
    scene = Scene(FIRST)
    assert scene.step().state is AnchorState.FINALIZED
    assert set(scene.opened) == {(OLD, False)}


def test_step__after_a_change__opens_the_new_account_and_settles_the_old() -> None:
    scene = Scene(FIRST)
    scene.step()
    scene.terms = CHANGED
    scene.script(OLD, AnchorState.BROADCAST)
    report = scene.step()
    assert set(scene.opened) == {(OLD, False), (OLD, True), (NEW, False)}
    assert report.state is AnchorState.SAFE, "the old account is still to be settled"
    assert len(report.recorded) == 2
    assert scene.told[-1] == ""


def test_step__once_the_old_account_is_settled__looks_at_it_no_more() -> None:
    scene = Scene(settled=True)
    old = scene.script(OLD, DIVERGED)
    assert scene.step().state is AnchorState.FINALIZED
    assert old.steps == 0


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (DIVERGED, 1),
        (UnavailableError("node", "no answer"), 2),
        (RejectedError("node", "no funds"), 2),
        (AnchorState.STALLED, 2),
    ],
)
def test_step__with_trouble_of_the_old_account__tells_and_goes_on(
    outcome: AnchorState | Exception, again: int
) -> None:
    """S4: what must stop an anchorer stops that of the old account alone."""
    scene = Scene()
    old, new = scene.script(OLD, outcome), scene.script(NEW, AnchorState.FINALIZED)
    states = [scene.step().state for _ in range(2)]
    assert (old.steps, new.steps) == (again, 2)
    assert all(f"earlier publisher 0x{OLD.hex()}: " in told for told in scene.told)
    # A stopped one keeps nobody waiting.
    waits = AnchorState.FINALIZED if again == 1 else AnchorState.SAFE
    assert states[-1] is waits


def test_step__with_trouble_of_the_new_account__raises_it_and_settles_the_old() -> None:
    scene = Scene()
    old = scene.script(OLD, AnchorState.INCLUDED)
    scene.script(NEW, DIVERGED)
    with pytest.raises(DivergedError):
        scene.step()
    assert old.steps == 1


def test_step__that_unsettled_nothing__reports_the_state_of_the_new_account() -> None:
    scene = Scene()
    scene.script(NEW, AnchorState.BROADCAST)
    scene.script(OLD, AnchorState.INCLUDED)
    assert scene.step().state is AnchorState.BROADCAST
