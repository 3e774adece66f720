"""From which size on published checkpoints satisfy a policy, whatever was asked before."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.cosignature import attach
from anchoring.core.note import NoteSignature, format_signature
from anchoring.core.policy import parse_policy
from anchoring.core.types import Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.services.policy_reach import PolicyReach
from tests.support.receipts import ORIGIN, SIGNER
from tests.support.witnesses import WITNESS_KEY, cosigned_by, witness

POLICY = parse_policy(f"witness w1 {WITNESS_KEY}\nquorum w1\n")
RIVER, HILL = "river", "hill"


@dataclass
class Shelf:
    """Checkpoints of some ledgers, and how often one was read."""

    notes: dict[Slug, dict[int, bytes]] = field(default_factory=dict)
    reads: int = 0

    def publish(self, slug: Slug, size: int, *cosigners: int) -> None:
        head = Head(TreeSize(size), RootHash(bytes([size % 256]) * 32))
        note = sign_checkpoint(Checkpoint(ORIGIN, head), SIGNER)
        self.notes.setdefault(slug, {})[size] = cosigned_by(*cosigners, note=note)

    def checkpoint_below(self, slug: Slug, size: TreeSize | None) -> bytes | None:
        self.reads += 1
        notes = self.notes.get(slug, {})
        sizes = [each for each in notes if size is None or each < size]
        return notes[max(sizes)] if sizes else None


def test_policy_from__around_a_change_of_policy__is_the_size_after_the_last_without() -> None:
    shelf = Shelf()
    for size, cosigners in ((3, ()), (5, (1,)), (6, ()), (9, (1,)), (12, (1, 2))):
        shelf.publish(RIVER, size, *cosigners)
    reach = PolicyReach(POLICY, shelf)
    assert reach.policy_from(RIVER) == 7
    shelf.publish(RIVER, 6, 1)
    assert reach.policy_from(RIVER) == 4
    shelf.publish(RIVER, 3, 1)
    assert reach.policy_from(RIVER) == 0
    shelf.publish(RIVER, 13, 2)
    assert reach.policy_from(RIVER) == 14
    assert reach.policy_from(HILL) == 0


def test_policy_from__of_a_bad_cosignature__does_not_satisfy() -> None:
    shelf = Shelf()
    shelf.publish(RIVER, 4)
    key = witness(1).verifier
    line = format_signature(NoteSignature(key.name, key.key_id, bytes(72))).encode()
    shelf.notes[RIVER][4] = attach(shelf.notes[RIVER][4], [line])
    assert PolicyReach(POLICY, shelf).policy_from(RIVER) == 5


def test_policy_from__asked_again__reads_no_more_than_the_ends() -> None:
    shelf = Shelf()
    shelf.publish(RIVER, 1)
    for size in range(2, 40):
        shelf.publish(RIVER, size, 1)
    reach = PolicyReach(POLICY, shelf)
    assert reach.policy_from(RIVER) == 2
    shelf.publish(RIVER, 40, 1)
    before = shelf.reads
    assert reach.policy_from(RIVER) == 2
    assert shelf.reads - before == 3


@given(
    st.lists(
        st.tuples(st.sampled_from([RIVER, HILL]), st.integers(1, 12), st.booleans()), max_size=16
    )
)
def test_policy_from__whatever_is_published_in_whatever_order__is_that_of_all_read_anew(
    steps: list[tuple[Slug, int, bool]],
) -> None:
    shelf = Shelf()
    reach = PolicyReach(POLICY, shelf)
    met: dict[Slug, dict[int, bool]] = {RIVER: {}, HILL: {}}
    for slug, number, cosigned in steps:
        # New checkpoints are larger than all before; those of earlier sizes only gain cosignatures.
        newest = max(met[slug], default=0)
        size = number if number in met[slug] else newest + 1
        met[slug][size] = cosigned or met[slug].get(size, False)
        shelf.publish(slug, size, *((1,) if met[slug][size] else (2,)))
        for each, sizes in met.items():
            short = [one for one, enough in sizes.items() if not enough]
            assert reach.policy_from(each) == max(short, default=-1) + 1
