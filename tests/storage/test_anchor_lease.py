"""Only one anchorer at a time takes the lease of a stored journal, whoever asks at once."""

import threading

from anchoring.adapters.memory_chain import CHAIN_ID, PUBLISHER
from anchoring.core.anchor_states import LeaseHeldError, Seconds
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.database import Database
from tests.support.model_organisation import SLUG
from tests.support.organisations import Simulation


def test_claim__by_many_at_once__is_granted_to_one(
    simulation: Simulation, database: Database
) -> None:
    simulation.found()
    barrier = threading.Barrier(8)
    granted: list[str] = []
    refused: list[LeaseHeldError] = []

    def ask(owner: str) -> None:
        journal = SqlAnchorJournal(database, SLUG, CHAIN_ID, PUBLISHER)
        barrier.wait()
        try:
            journal.claim(owner, now=Seconds(0), until=Seconds(60))
        except LeaseHeldError as error:
            refused.append(error)
        else:
            granted.append(owner)

    threads = [threading.Thread(target=ask, args=(f"server {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 1
    assert [error.owner for error in refused] == granted * 7
