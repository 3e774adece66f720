"""An operator who destroys what can still be contested, or says more than was destroyed, is found out."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from backend.audit.directory import audit_directory
from backend.audit.report import Report
from backend.domain.acts import BallotsRedacted
from backend.domain.entry import Entry
from backend.domain.retention import redaction
from backend.domain.rulebook.voting import Contestation
from tests.support.bundles import write_bundle
from tests.support.governance import CHAIR, TREASURER, closed, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.organisations import Simulation

TEN_DAYS = Contestation(id="contests", article="15", modality="must", days=10)


@pytest.fixture
def play() -> tuple[Simulation, MemoryLedger]:
    """A decision on "bridge", which can be contested for ten days."""
    simulation, ledger = closed({CHAIR: "yes", TREASURER: "no"}, rulebook=rules_with(TEN_DAYS))
    simulation.decide("bridge")
    return simulation, ledger


def _destroy(ledger: MemoryLedger) -> BallotsRedacted:
    """Destroy what is kept of the vote, whether it may be or not; return the act that says so."""
    poll = ledger.state.poll("bridge")
    data = redaction(ledger.state, [poll.item.decision])
    del ledger.sources.rolls[poll.item.decision]
    for index in poll.ballots:
        del ledger.sources.signatures_by_entry[index]
    return data


def _audit(directory: Path, ledger: MemoryLedger, entries: Sequence[Entry]) -> Report:
    write_bundle(directory, ledger, entries=entries, anchored=[len(entries)])
    return audit_directory(directory)


def _codes(report: Report) -> list[tuple[int | None, str]]:
    return [(each.entry, each.code) for each in report.disagreements]


@pytest.mark.parametrize(("days", "lawful"), [(10, False), (11, True)])
def test_audit__of_a_destruction__is_lawful_from_the_day_after_the_last_one_only(
    tmp_path: Path,
    play: tuple[Simulation, MemoryLedger],
    days: int,
    lawful: bool,  # noqa: FBT001 - a case
) -> None:
    simulation, ledger = play
    simulation.advance(days=days)
    entries = [*ledger.entries, Entry(simulation.at(), "system", _destroy(ledger))]
    report = _audit(tmp_path, ledger, entries)
    assert _codes(report) == ([] if lawful else [(len(ledger.entries), "redaction.early")])
    assert (report.destroyed, report.redacted) == (2, 5)
    if not lawful:
        assert report.disagreements[0].rule.article == "15"


def test_audit__of_destroyed_proofs_that_no_act_tells_of__counts_them_as_redacted_only(
    tmp_path: Path, play: tuple[Simulation, MemoryLedger]
) -> None:
    _, ledger = play
    _destroy(ledger)
    report = _audit(tmp_path, ledger, ledger.entries)
    assert (report.lawful, report.destroyed, report.redacted) == (True, 0, 5)


def test_audit__of_a_destruction_that_did_not_happen__says_what_is_kept(
    tmp_path: Path, play: tuple[Simulation, MemoryLedger]
) -> None:
    simulation, ledger = play
    simulation.advance(days=11)
    decision = ledger.state.poll("bridge").item.decision
    simulation.system_act(lambda book: redaction(book.state, [decision]))
    report = _audit(tmp_path, ledger, ledger.entries)
    index = len(ledger.entries) - 1
    assert _codes(report) == [(index, "redaction.kept")]
    assert report.disagreements[0].found == "2 signatures"


def test_audit__of_a_decision_that_was_never_taken__goes_on(
    tmp_path: Path, play: tuple[Simulation, MemoryLedger]
) -> None:
    simulation, ledger = play
    simulation.advance(days=11)
    data = msgspec.structs.replace(_destroy(ledger), decisions=("0" * 64,))
    report = _audit(tmp_path, ledger, [*ledger.entries, Entry(simulation.at(), "system", data)])
    assert _codes(report) == [(len(ledger.entries), "decision.unknown")]
    assert report.destroyed == 0
