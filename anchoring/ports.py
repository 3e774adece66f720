"""What the anchoring shell needs from the world; each docstring is the contract of the port.

Every implementation, fakes included, passes the contract suite of its port in ``tests/adapters``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from anchoring.core.anchor_states import Fees, Finality, Nonce, Plan, TransactionStatus
from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.note import NoteSignature
from anchoring.core.types import (
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    PublishedHead,
    RootHash,
    TransactionHash,
    TreeSize,
)


class Clock(Protocol):
    """Source of the current time. Never goes backwards within one process."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        ...


class TransactionSigner(Protocol):
    """Holder of one publisher's key; the key never leaves it.

    Trust: what it returns is checked by the caller, that the sender is ``address`` and the fields are
    those asked for. Retries: asking again after ``UnavailableError`` is safe, signing sends nothing.
    """

    @property
    def address(self) -> Address:
        """Account of the key, 20 bytes."""
        ...

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:
        """Return the signed EIP-1559 transaction.

        Args:
            fields: ``chainId``, ``nonce``, ``maxPriorityFeePerGas``, ``maxFeePerGas``, ``gas``,
                ``value`` (integers), ``to`` (20 bytes), ``data`` (bytes).

        Raises:
            RejectedError: The holder refuses to sign it.
            UnavailableError: The holder did not answer.
        """
        ...


class BlockSource(Protocol):
    """A node that is asked for block hashes only: a second opinion.

    Trust: answers are claims of the node. Retries: asking again after ``UnavailableError`` is safe.
    """

    def block_hash(self, number: BlockNumber) -> BlockHash | None:
        """Return the hash of the canonical block at that height, None if there is no such block yet.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...


class Chain(BlockSource, Protocol):
    """One publisher's view of the registry contract on one chain.

    Trust: answers are claims of the node; only ``core.evidence`` turns them into proof.
    Consistency: two answers may come from different blocks; each is of one block.
    Retries: every method may be called again after ``UnavailableError``; ``broadcast`` of the same
    bytes is idempotent.
    """

    @property
    def chain_id(self) -> ChainId:
        """EIP-155 id of the chain."""
        ...

    @property
    def contract(self) -> Address:
        """Address of the registry contract."""
        ...

    @property
    def publisher(self) -> Address:
        """Account whose heads are read and written."""
        ...

    def check_identity(self) -> None:
        """Check that this is still the chain, and the contract, that it was configured for.

        Raises:
            ChainChangedError: Another genesis, or other code at the contract's address.
            UnavailableError: The node did not answer, or has not reached the contract's block.
        """
        ...

    def finality(self) -> Finality:
        """Return the safe and final heights; 0 where the node names none.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def next_nonce(self) -> Nonce:
        """Return how many transactions of the publisher blocks include, waiting ones not counted.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def suggested_fees(self) -> Fees:
        """Return fees that the next blocks would accept.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def transaction_status(self, transaction_hash: TransactionHash) -> TransactionStatus:
        """Return what became of a transaction, as far as the node knows.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def published_head(self) -> PublishedHead:
        """Return the publisher's last anchored head in the latest block.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def sign_anchor(self, head: Head, plan: Plan | None = None) -> bytes:
        """Return a signed transaction that anchors ``head``; sends nothing.

        Args:
            head: What to anchor.
            plan: Nonce and fees; None for ``next_nonce`` and ``suggested_fees``.

        Raises:
            RejectedError: The contract would refuse it (size not greater than the last), or the
                holder of the key refuses to sign it.
            UnavailableError: The node or the holder of the key did not answer.
            VerificationError: The holder of the key signed something else.
        """
        ...

    def broadcast(self, signed_transaction: bytes) -> TransactionHash:
        """Hand the transaction to the network; the same bytes may be handed over again.

        Raises:
            RejectedError: These bytes can never anchor anything: the contract refuses them (size not
                greater than the last), or another transaction took their nonce.
            UnavailableError: The node did not answer, or does not take the transaction now; it may
                or may not have taken the transaction.
        """
        ...

    def find_anchor(self, size: TreeSize) -> Anchor | None:
        """Return the publisher's anchor of exactly ``size`` if a block includes it, else None.

        Raises:
            UnavailableError: The node did not answer.
        """
        ...

    def capture_finality(self, anchor: Anchor) -> FinalityStatement | None:
        """Return a final block and its link to the anchor's, None while the node gives none.

        Raises:
            UnavailableError: The node did not answer.
            VerificationError: The final block does not descend from the anchor's.
        """
        ...

    def capture_evidence(self, anchor: Anchor) -> Evidence:
        """Return what proves ``anchor`` offline.

        Raises:
            UnavailableError: The node no longer has the block, or did not answer.
            VerificationError: What the node answered does not prove the anchor.
        """
        ...


class LedgerHeads(Protocol):
    """Heads of one ledger. Consistency: a root, once returned for a size, never changes."""

    def head(self) -> Head:
        """Return the newest head; size 0 with the empty root for an empty ledger."""
        ...

    def root_at(self, size: TreeSize) -> RootHash:
        """Return the root of the first ``size`` entries, 32 bytes, ``0 <= size <= head().size``."""
        ...


class DocumentStore(Protocol):
    """Content-addressed documents under profile ``unixfs-v1-2025``.

    Durability: ``put`` returns after the bytes are on stable storage. Idempotence: putting the same
    bytes again changes nothing. Trust: ``get`` re-hashes every block, so a store cannot lie.
    """

    def put(self, content: bytes) -> str:
        """Store a document and return its CID (CIDv1, base32).

        Raises:
            UnavailableError: The store could not write.
        """
        ...

    def get(self, cid: str) -> bytes:
        """Return the whole document.

        Raises:
            MalformedError: ``cid`` is not a CID of the profile.
            UnavailableError: The store does not hold every block of it.
            VerificationError: A block does not hash to its CID.
        """
        ...

    def has(self, cid: str) -> bool:
        """Tell whether the store holds the root block of ``cid``."""
        ...


class WitnessStore(Protocol):
    """What a witness remembers of the logs it cosigns.

    Durability: ``advance`` returns True after the new head is on stable storage. Consistency: of two
    calls that saw the same head at most one moves it, whatever processes make them.
    """

    def head(self, origin: str) -> Head | None:
        """Return the head last cosigned for an origin, None before the first.

        Raises:
            UnavailableError: The store did not answer.
        """
        ...

    def advance(self, origin: str, *, seen: Head | None, head: Head, note: bytes) -> bool:
        """Put a head in the place of the one that was seen, unless that is no longer the stored one.

        Args:
            origin: Origin of the log.
            seen: What ``head`` returned when the new head was checked against it.
            head: The new head.
            note: Its checkpoint with our cosignature.

        Returns:
            Whether the head was stored; False means that another request moved it meanwhile.

        Raises:
            UnavailableError: The store did not answer; it may or may not have stored the head.
        """
        ...

    def note(self, origin_hash: str) -> bytes | None:
        """Return the checkpoint last cosigned for a log, None before the first.

        Args:
            origin_hash: SHA-256 of the origin, 64 lower-case hexadecimal digits.

        Raises:
            UnavailableError: The store did not answer.
        """
        ...


class Witness(Protocol):
    """Someone who cosigns our checkpoints.

    Trust: what it returns is unverified; the caller keeps only what verifies. Retries: asking again
    for the same checkpoint is safe, a witness cosigns an unchanged head again.
    """

    def cosign(
        self,
        checkpoint: bytes,
        *,
        since: TreeSize,
        prove: Callable[[TreeSize], tuple[bytes, ...]],
    ) -> tuple[NoteSignature, ...]:
        """Ask for a cosignature.

        Args:
            checkpoint: The signed note.
            since: Size that the witness is believed to have cosigned last, 0 for none.
            prove: Gives the consistency proof from a size, not greater than the checkpoint's, to the
                checkpoint: hashes of 32 bytes, none from size 0.

        Returns:
            Signature lines, at least one.

        Raises:
            RejectedError: The witness refuses; asking the same again is refused again.
            UnavailableError: The witness did not answer in time, or not as the protocol says.
        """
        ...
