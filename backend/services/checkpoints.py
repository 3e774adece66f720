"""Signing checkpoints, and the heads that may be anchored: only those a signed checkpoint states."""

from collections.abc import Callable, Sequence
from typing import Protocol

from anchoring.core.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from anchoring.core.merkle import EMPTY_ROOT, consistency_proof
from anchoring.core.note import NoteSigner, parse_note, sign_note
from anchoring.core.types import Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.domain.facts import Rotation
from backend.services.cosigning import Cosigners
from backend.services.ports import Ledgers
from backend.services.views import Reads


class Checkpoints(Protocol):
    """Where signed checkpoints are kept.

    Durability: ``save`` returns after the note is on stable storage. Idempotence: saving the same note
    again changes nothing.
    """

    def save(self, organisation: Slug, size: TreeSize, note: bytes) -> None:
        """Store the signed checkpoint of ``size`` entries.

        Raises:
            NotFoundError: No such organisation, or its ledger is smaller than that.
        """
        ...

    def hold(self, organisation: Slug, size: TreeSize, note: bytes) -> None:
        """Keep a signed checkpoint that lacks cosignatures, until a ``save`` of that size or more.

        Raises:
            NotFoundError: No such organisation, or its ledger is smaller than that.
        """
        ...

    def held(self, organisation: Slug) -> bytes | None:
        """Return the checkpoint that is kept back, None if there is none.

        Raises:
            NotFoundError: No such organisation.
        """
        ...


def sign_head(
    ledgers: Ledgers,
    reads: Reads,
    checkpoints: Checkpoints,
    slug: Slug,
    signers: Callable[[TreeSize, TreeSize], Sequence[NoteSigner]],
    cosigners: Cosigners | None = None,
) -> Head:
    """Sign and publish a checkpoint of the committed head unless that is done.

    With cosigners it is published once their policy is met, and kept back until then; cosignatures
    that come later are added to the published one.

    Args:
        ledgers: The ledgers.
        reads: Committed facts.
        checkpoints: Where checkpoints are kept.
        slug: The organisation.
        signers: Gives the keys that sign the checkpoint of a size, its own first, from the size of the one
            published before it and its own.
        cosigners: Who must cosign, None where nobody need.

    Returns:
        The head of the latest published checkpoint.

    Raises:
        NotFoundError: No such organisation.
    """
    head = ledgers.head(slug)
    published = _published(reads, slug, head.size)
    latest = CheckpointedHeads(ledgers, reads, slug).head()

    def signed() -> bytes:
        text = format_checkpoint(Checkpoint(reads.organisation(slug).origin, head))
        return sign_note(text, *signers(latest.size, head.size))

    if cosigners is None:
        if published is None:
            checkpoints.save(slug, head.size, signed())
        return head
    note = published or _resumed(checkpoints.held(slug), signed())

    def prove(old_size: TreeSize) -> tuple[bytes, ...]:
        return consistency_proof(old_size, head.size, reads.node(slug)) if old_size else ()

    cosigned = cosigners.gather(slug, head.size, note, prove)
    sufficient = cosigners.suffice(slug, cosigned)
    # What was published under an earlier policy stays so.
    if sufficient or published is not None:
        if cosigned != published:
            checkpoints.save(slug, head.size, cosigned)
        return head
    if cosigned != checkpoints.held(slug):
        checkpoints.hold(slug, head.size, cosigned)
    return latest


def signing_periods(
    rotations: Sequence[Rotation], *, before: TreeSize, size: TreeSize
) -> tuple[int, ...]:
    """Return whose signatures the checkpoint of ``size`` entries needs, its own key's first (K4).

    The keys before it sign too that signed the checkpoint published last, or came in between: so each
    checkpoint is signed by the key of the one before it.

    Args:
        rotations: Changes of key, oldest first.
        before: Size of the checkpoint published last, 0 before the first.
        size: Size of the new one, ``before`` or more.

    Returns:
        Numbers of rotations after which the key came, descending; 0 is the first key.
    """
    earliest = sum(rotation.entry < before for rotation in rotations)
    own = sum(rotation.entry < size for rotation in rotations)
    return tuple(range(own, earliest - 1, -1))


class CheckpointedHeads:
    """Implements ``LedgerHeads``: the newest head is that of the latest signed checkpoint.

    So every anchor has its checkpoint, whatever is appended meanwhile.

    Args:
        ledgers: The ledgers.
        reads: Committed facts.
        slug: The organisation.
    """

    def __init__(self, ledgers: Ledgers, reads: Reads, slug: Slug) -> None:
        self._ledgers = ledgers
        self._reads = reads
        self._slug = slug

    def head(self) -> Head:
        """Return the head that the latest signed checkpoint states; the empty head before the first.

        Raises:
            NotFoundError: No such organisation.
        """
        try:
            note = self._reads.checkpoint(self._slug)
        except NotFoundError as error:
            if error.noun != "checkpoint":
                raise
            return Head(TreeSize(0), EMPTY_ROOT)
        return checkpointed_head(note)

    def root_at(self, size: TreeSize) -> RootHash:
        """Return the root of the first ``size`` entries, from the nodes of the ledger.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
        """
        return self._ledgers.head(self._slug, size).root


def checkpointed_head(note: bytes) -> Head:
    """Return the head that a stored checkpoint states."""
    return parse_checkpoint(parse_note(note).text).head


def _published(reads: Reads, slug: Slug, size: TreeSize) -> bytes | None:
    try:
        return reads.checkpoint_at(slug, size)
    except NotFoundError as error:
        if error.noun != "checkpoint":
            raise
        return None


def _resumed(held: bytes | None, signed: bytes) -> bytes:
    """Return the held note if it is that of this head and key; a signature is the same every time."""
    if held is None or not held.startswith(signed):
        return signed
    return held
