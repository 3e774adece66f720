"""What is left when a process is killed: everything that was committed, nothing else."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_states import AnchorState
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.checkpoints import SqlCheckpoints
from tests.support.chain_world import FixedClock
from tests.support.killed_process import opened
from tests.support.model_organisation import SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_heads import StoredHeads
from tests.support.stored_organisations import StoredBook

SIZES = {"before commit": 1, "in a group": 1, "before anchoring": 2, "before broadcast": 2}
"""Size of the ledger that a process leaves when it is killed at the moment."""


@pytest.mark.parametrize("moment", SIZES)
def test_process__killed__leaves_what_it_committed(tmp_path: Path, moment: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_process", str(tmp_path), moment],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    size = SIZES[moment]
    database, ledgers = opened(tmp_path)
    assert ledgers.head(SLUG).size == size
    assert ledgers.folds.committed(SLUG).size == size
    assert SqlCheckpoints(database).pending(SLUG) == tuple(range(1, size + 1))
    chain = MemoryChain()
    journal = SqlAnchorJournal(database, SLUG, chain.chain_id, chain.publisher)
    assert (journal.intent() is not None) == (moment == "before broadcast")
    anchorer = Anchorer(
        ledger=StoredHeads(ledgers), journal=journal, chain=chain, clock=FixedClock()
    )
    assert anchorer.step().state is AnchorState.FINALIZED
    assert journal.recorded_size() == size
    Simulation(StoredBook(ledgers, prefix="after")).apply(Actor("late applicant"))
    assert ledgers.head(SLUG).size == size + 1
    database.close()
