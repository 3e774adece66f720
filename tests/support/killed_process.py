"""A process that writes to a ledger and is killed at a named moment; run with ``-m``.

Arguments: the folder of the database and the documents, and the moment.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_hash.auto import keccak

from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.anchor_states import Attempt, Plan, Seconds
from anchoring.core.types import TransactionHash
from backend.domain.acts import CommonsRegistered
from backend.services.ports import UnitOfWork
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.database import Database
from backend.storage.groups import Asked, carry_out_together
from backend.storage.ledgers import SqlLedgers
from backend.storage.schema import migrate
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_organisations import command_of, simulation_on
from tests.support.vaults import memory_vault


def opened(folder: Path) -> tuple[Database, SqlLedgers]:
    """Open the database and the documents of a folder, as a server that starts does."""
    database = Database(f"sqlite:///{folder / 'psephos.sqlite'}")
    migrate(database)
    return database, SqlLedgers(database, DirectoryDocuments(folder / "documents"), memory_vault())


def die() -> None:
    """Die as if the power went."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_a_group(ledgers: SqlLedgers, simulation: Simulation) -> None:
    """Carry two commands out in one transaction and die in the second, the first having been recorded."""

    def register(unit: UnitOfWork) -> None:
        data = CommonsRegistered("weir", "The weir", unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, FOUNDERS[0], data)
        unit.append(entry, signatures=openings)

    group = [Asked(command_of("first"), register), Asked(command_of("last"), lambda _: die())]
    carry_out_together(lambda: ledgers.unit(SLUG), group)


def play(folder: Path, moment: str) -> None:
    """Found, apply, and die at the moment."""
    database, ledgers = opened(folder)
    simulation = simulation_on(ledgers)
    simulation.found()

    @contextmanager
    def dying() -> Iterator[UnitOfWork]:
        with ledgers.unit(SLUG) as unit:
            yield unit
            die()

    if moment == "before commit":
        Simulation(dying).apply(Actor("applicant"))
    if moment == "in a group":
        die_in_a_group(ledgers, simulation)
    simulation.apply(Actor("applicant"))
    if moment == "before anchoring":
        die()
    head, chain = ledgers.head(SLUG), MemoryChain()
    plan = Plan(chain.next_nonce(), chain.suggested_fees())
    signed = chain.sign_anchor(head, plan)
    transaction_hash = TransactionHash(keccak(signed))
    attempt = Attempt(head, plan.nonce, plan.fees, signed, transaction_hash, Seconds(0))
    SqlAnchorJournal(database, SLUG, chain.chain_id, chain.publisher).save_attempt(attempt)
    die()


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[2])
