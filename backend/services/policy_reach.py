"""From which size on the published checkpoints of a ledger satisfy the policy of its cosigners.

A policy may be younger than the ledger: what was published before it stays as it was. A trust file that names
the policy therefore says from which size on it demands it (``policyFrom``, docs/formats/trust.md).
"""

from typing import Final, Protocol

from anchoring.core.errors import VerificationError
from anchoring.core.policy import Policy, check_policy
from anchoring.core.types import TreeSize
from backend.domain.acts import Slug
from backend.services.receipts import signed_size


class PublishedCheckpoints(Protocol):
    """Where published checkpoints are read: ``Reads`` is one."""

    def checkpoint_below(self, slug: Slug, size: TreeSize | None) -> bytes | None:
        """Return the largest signed checkpoint, of fewer than ``size`` entries if given; None for none.

        Raises:
            NotFoundError: No such organisation.
        """
        ...


class PolicyReach:
    """How far back a policy is satisfied; may be shared by threads.

    A published checkpoint never loses a cosignature and may gain some. So one that satisfied the policy is
    not looked at again while this object lives, but for the newest; the newest that did not is, each time.

    Args:
        policy: The policy.
        published: Where checkpoints are read.
    """

    def __init__(self, policy: Policy, published: PublishedCheckpoints) -> None:
        self.policy: Final = policy
        """The policy."""
        self._published: Final = published
        self._satisfied: Final[dict[Slug, tuple[TreeSize, TreeSize]]] = {}

    def policy_from(self, slug: Slug) -> TreeSize:
        """Return the smallest size such that every published checkpoint of it or more satisfies the policy.

        Returns:
            0 where all do, or none was published; the size after the newest where that does not.

        Raises:
            NotFoundError: No such organisation.
        """
        known_from, known_to = self._satisfied.get(slug, (TreeSize(0), TreeSize(0)))
        newest = start = TreeSize(0)
        note = self._published.checkpoint_below(slug, None)
        while note is not None:
            size = signed_size(note)
            if not self._is_satisfied_by(note):
                start = TreeSize(size + 1)
                break
            newest = max(newest, size)
            below = known_from if known_from <= size <= known_to else size
            note = self._published.checkpoint_below(slug, below)
        if newest:
            self._satisfied[slug] = (start, newest)
        return start

    def _is_satisfied_by(self, note: bytes) -> bool:
        try:
            check_policy(self.policy, note)
        except VerificationError:
            return False
        return True
