"""Whatever a log with several histories asks for, in any order, a witness follows one of them only."""

from datetime import UTC, datetime
from functools import cache

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from anchoring.core.cosignature import verify_cosignature
from anchoring.core.note import parse_note, parse_signature
from anchoring.core.types import Head, TreeSize
from anchoring.core.witness import AddCheckpoint, Refusal, format_add_checkpoint
from backend.services.witnessing import OwnWitness
from tests.support.chain_world import FixedClock
from tests.support.witness_store import MemoryWitnessStore
from tests.support.witnessed_log import ORIGIN, log_signer, numbered_log
from tests.support.witnesses import witness

SIZE = 12
BRANCHES = (numbered_log(SIZE), *(numbered_log(SIZE, fork=k) for k in (0, 1, 3, 4, 7, 8, 11)))
"""Histories of one log, all signed by its key, that leave the first one at some index."""

branches = st.integers(0, len(BRANCHES) - 1)
sizes = st.integers(0, SIZE)


@cache
def checkpoint(branch: int, size: int) -> bytes:
    return BRANCHES[branch].checkpoint(size)


@cache
def head(branch: int, size: int) -> Head:
    return BRANCHES[branch].head(size)


class ForkingLog(RuleBasedStateMachine):
    """A log that shows different histories to one witness."""

    def __init__(self) -> None:
        super().__init__()
        clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.store = MemoryWitnessStore()
        logs = (log_signer().verifier,)
        self.witness = OwnWitness(lambda: witness(1), logs, self.store, clock)
        self.cosigned: list[Head] = []

    def submit(self, branch: int, size: int, old: int, proof: tuple[bytes, ...]) -> None:
        note = checkpoint(branch, size)
        request = AddCheckpoint(TreeSize(old), proof, note)
        answer = self.witness.add_checkpoint(format_add_checkpoint(request))
        if isinstance(answer, Refusal):
            event(f"refused {int(answer.status)}")
            return
        event("cosigned")
        line = parse_signature(answer.decode())
        verify_cosignature(parse_note(note).text, line, witness(1).verifier)
        self.cosigned.append(head(branch, size))

    @property
    def known(self) -> int:
        stored = self.store.head(ORIGIN)
        return 0 if stored is None else stored.size

    @rule(branch=branches, growth=st.integers(0, 4))
    def follow(self, branch: int, growth: int) -> None:
        """Ask as a log does that knows the witness's size."""
        old = self.known
        size = min(SIZE, old + growth)
        self.submit(branch, size, old, BRANCHES[branch].proof(old, size))

    @rule(branch=branches, old=sizes, size=sizes)
    def guess(self, branch: int, old: int, size: int) -> None:
        """Ask from any size."""
        proof = BRANCHES[branch].proof(old, size) if old <= size else ()
        self.submit(branch, size, old, proof)

    @rule(shown=branches, proven=branches, size=sizes)
    def mix(self, shown: int, proven: int, size: int) -> None:
        """Show one history and prove another."""
        old = self.known
        proof = BRANCHES[proven].proof(old, size) if old <= size else ()
        self.submit(shown, size, old, proof)

    @invariant()
    def cosigned_heads_are_of_one_history(self) -> None:
        """Some history has every head that was ever cosigned, and none was taken back."""
        assert any(
            all(head(branch, each.size) == each for each in self.cosigned)
            for branch in range(len(BRANCHES))
        )
        grown = [each.size for each in self.cosigned]
        assert grown == sorted(grown)

    @invariant()
    def last_cosigned_head_is_stored(self) -> None:
        """What is stored is what was cosigned last."""
        assert self.store.head(ORIGIN) == (self.cosigned[-1] if self.cosigned else None)


TestForkingLog = ForkingLog.TestCase
