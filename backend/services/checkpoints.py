"""Signing checkpoints, and the heads that may be anchored: only those a signed checkpoint states."""

from typing import Protocol

from anchoring.core.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from anchoring.core.merkle import EMPTY_ROOT
from anchoring.core.note import NoteSigner, parse_note
from anchoring.core.types import Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
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


def sign_head(
    ledgers: Ledgers, reads: Reads, checkpoints: Checkpoints, slug: Slug, signer: NoteSigner
) -> Head:
    """Sign and store a checkpoint of the committed head unless that is done, and return the head.

    Args:
        ledgers: The ledgers.
        reads: Committed facts.
        checkpoints: Where checkpoints are kept.
        slug: The organisation.
        signer: Key of its ledger, named after its origin.

    Raises:
        NotFoundError: No such organisation.
    """
    head = ledgers.head(slug)
    try:
        reads.checkpoint_at(slug, head.size)
    except NotFoundError:
        origin = reads.organisation(slug).origin
        checkpoints.save(slug, head.size, sign_checkpoint(Checkpoint(origin, head), signer))
    return head


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
        return parse_checkpoint(parse_note(note).text).head

    def root_at(self, size: TreeSize) -> RootHash:
        """Return the root of the first ``size`` entries, from the nodes of the ledger.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
        """
        return self._ledgers.head(self._slug, size).root
