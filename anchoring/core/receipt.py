"""The receipt: one file that proves one entry, without any server (docs/formats/receipt.md).

This module reads and writes the file; ``receipt_verification`` says whether it is true. Reading
checks form and bounds only, and no hash is computed on the way.
"""

from dataclasses import dataclass, replace
from typing import Final

from anchoring.core.block_header import MAX_HEADER_BYTES
from anchoring.core.errors import MalformedError
from anchoring.core.evidence import (
    ADDRESS_BYTES,
    MAX_INDEX,
    MAX_PROOF_NODES,
    Evidence,
)
from anchoring.core.finality import (
    MAX_LINK_HEADERS,
    MAX_STATE_PROOF_NODES,
    FinalityLink,
    FinalityStatement,
    HeaderChain,
    HistoryProof,
)
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.merkle_patricia import MAX_NODE_BYTES
from anchoring.core.text import format_base64
from anchoring.core.types import (
    HASH_BYTES,
    MAX_ENTRY_BYTES,
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    LeafIndex,
    TransactionHash,
)

RECEIPT_FORMAT: Final = "psephos-receipt"
"""Name of the format; the field ``format`` adds a slash and the version."""

RECEIPT_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_RECEIPT_BYTES: Final = 2 << 20
"""Longest receipt in bytes: an entry takes 86 KiB, an anchor 6 KiB, its link to a final block 9 KiB, a
trie leaf at most 128 KiB."""

MAX_RECEIPT_JSON: Final = 12 << 10
"""Longest receipt file, in bytes, that is given with its links to final blocks: such a link is the
anchor's, the same for every entry under it, and of 3 to 9 kB. Readers accept longer files."""

MAX_INCLUSION_HASHES: Final = 64
"""Most hashes of an inclusion proof: the depth of a tree of 2**64 leaves."""

MAX_CHECKPOINT_LENGTH: Final = 64 << 10
"""Longest checkpoint, in characters: a hundred signature lines take about 20 KiB."""

MAX_ANCHORS: Final = 16
"""Most anchors of one receipt, as many as networks in a trust file."""


@dataclass(frozen=True, slots=True)
class ReceiptAnchor:
    """Where a receipt says its checkpoint is anchored; size and root are the checkpoint's."""

    chain_id: ChainId
    """EIP-155 chain id, 1 or more."""
    contract: Address
    """The registry contract, 20 bytes."""
    publisher: Address
    """The account that anchored, 20 bytes."""
    transaction_hash: TransactionHash
    """The transaction, 32 bytes."""
    block_number: BlockNumber
    """Height of the block."""
    block_hash: BlockHash
    """Hash of the block, 32 bytes: what everything rests on."""
    evidence: Evidence
    """What proves the anchor, given the block hash."""
    finality: FinalityStatement | None = None
    """A later block that a node called final, and its link to this one; None while there is none."""

    @classmethod
    def of(
        cls, anchor: Anchor, evidence: Evidence, finality: FinalityStatement | None = None
    ) -> "ReceiptAnchor":
        """Return the receipt's form of an anchor; its head is left to the checkpoint."""
        return cls(
            chain_id=anchor.chain_id,
            contract=anchor.contract,
            publisher=anchor.publisher,
            transaction_hash=anchor.transaction_hash,
            block_number=anchor.block_number,
            block_hash=anchor.block_hash,
            evidence=evidence,
            finality=finality,
        )

    def claim(self, head: Head) -> Anchor:
        """Return the anchor this one claims to be, for the head of the checkpoint."""
        return Anchor(
            chain_id=self.chain_id,
            contract=self.contract,
            publisher=self.publisher,
            head=head,
            transaction_hash=self.transaction_hash,
            block_number=self.block_number,
            block_hash=self.block_hash,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one receipt file says; nothing of it is verified."""

    entry: bytes
    """The entry, exactly as the ledger hashed it."""
    index: LeafIndex
    """Its position in the ledger."""
    inclusion: tuple[bytes, ...]
    """Sibling hashes, 32 bytes each, from the leaf to the root."""
    checkpoint: bytes
    """The signed note over origin, size and root, UTF-8."""
    anchors: tuple[ReceiptAnchor, ...] = ()
    """Where the checkpoint is anchored, in file order; empty until it is."""


def parse_receipt(data: bytes) -> Receipt:
    """Return what a receipt file says; verifies nothing.

    Args:
        data: The file, at most ``MAX_RECEIPT_BYTES``.

    Raises:
        MalformedError: Not the format: see docs/formats/receipt.md.
        UnsupportedError: Another version of it.
    """
    fields = read_object(data, what="receipt", max_bytes=MAX_RECEIPT_BYTES)
    fields.version(RECEIPT_FORMAT, supported=RECEIPT_VERSION)
    receipt = Receipt(
        entry=fields.base64("entry", max_length=MAX_ENTRY_BYTES),
        index=LeafIndex(fields.integer("index")),
        inclusion=fields.base64_list(
            "inclusion", max_items=MAX_INCLUSION_HASHES, max_length=HASH_BYTES
        ),
        checkpoint=fields.text("checkpoint", max_length=MAX_CHECKPOINT_LENGTH).encode("utf-8"),
        anchors=tuple(map(parse_anchor, fields.objects("anchors", max_items=MAX_ANCHORS))),
    )
    fields.end()
    if any(len(sibling) != HASH_BYTES for sibling in receipt.inclusion):
        raise MalformedError("receipt.inclusion", f"a hash is not {HASH_BYTES} bytes")
    return receipt


def format_receipt(receipt: Receipt) -> bytes:
    """Return the bytes of a receipt file; ``parse_receipt`` gives ``receipt`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    try:
        checkpoint = receipt.checkpoint.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("receipt.checkpoint", "not UTF-8") from error
    data = write_object(
        {
            "format": f"{RECEIPT_FORMAT}/{RECEIPT_VERSION}",
            "entry": format_base64(receipt.entry),
            "index": receipt.index,
            "inclusion": [format_base64(sibling) for sibling in receipt.inclusion],
            "checkpoint": checkpoint,
            "anchors": [format_anchor(anchor) for anchor in receipt.anchors],
        }
    )
    # What parsing refuses is never written.
    parse_receipt(data)
    return data


def keep_short_links(receipt: Receipt) -> Receipt:
    """Return the receipt with those of its finality statements that fit into ``MAX_RECEIPT_JSON``.

    The shorter come first, and of two as long that of the earlier anchor, until one does not fit. An
    anchor without its statement rests on its own block; a file of its own brings the statement back
    (``finality_file``). Nothing else is left out: what is longer without any statement stays so.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    anchors = receipt.anchors
    kept = replace(receipt, anchors=tuple(replace(anchor, finality=None) for anchor in anchors))
    lengths = {
        position: len(format_receipt(_with_anchor(kept, position, anchor)))
        for position, anchor in enumerate(anchors)
        if anchor.finality is not None
    }
    for position in sorted(lengths, key=lambda place: (lengths[place], place)):
        longer = _with_anchor(kept, position, anchors[position])
        if len(format_receipt(longer)) > MAX_RECEIPT_JSON:
            break
        kept = longer
    return kept


def _with_anchor(receipt: Receipt, position: int, anchor: ReceiptAnchor) -> Receipt:
    before, after = receipt.anchors[:position], receipt.anchors[position + 1 :]
    return replace(receipt, anchors=(*before, anchor, *after))


def parse_anchor(fields: Fields) -> ReceiptAnchor:
    """Return the anchor that an object of the format says; verifies nothing.

    Raises:
        MalformedError: Not the format: see docs/formats/receipt.md.
    """
    anchor = ReceiptAnchor(
        chain_id=ChainId(fields.integer("chainId", minimum=1)),
        contract=Address(fields.hex("contract", length=ADDRESS_BYTES)),
        publisher=Address(fields.hex("publisher", length=ADDRESS_BYTES)),
        transaction_hash=TransactionHash(fields.hex("transactionHash", length=HASH_BYTES)),
        block_number=BlockNumber(fields.integer("blockNumber")),
        block_hash=BlockHash(fields.hex("blockHash", length=HASH_BYTES)),
        evidence=_parse_evidence(fields.object("evidence")),
        finality=parse_finality(fields.object("finality")) if "finality" in fields else None,
    )
    fields.end()
    return anchor


def _parse_evidence(fields: Fields) -> Evidence:
    evidence = Evidence(
        header=fields.base64("header", max_length=MAX_HEADER_BYTES),
        transaction_index=fields.integer("transactionIndex", maximum=MAX_INDEX),
        transaction_proof=_parse_proof(fields, "transactionProof"),
        receipt_proof=_parse_proof(fields, "receiptProof"),
        log_index=fields.integer("logIndex", maximum=MAX_INDEX),
    )
    fields.end()
    return evidence


def _parse_proof(fields: Fields, key: str) -> tuple[bytes, ...]:
    return fields.base64_list(key, max_items=MAX_PROOF_NODES, max_length=MAX_RECEIPT_BYTES)


def parse_finality(fields: Fields) -> FinalityStatement:
    """Return the finality statement that an object of the format says; verifies nothing.

    Raises:
        MalformedError: Not the format: see docs/formats/receipt.md.
    """
    number = BlockNumber(fields.integer("blockNumber"))
    block_hash = BlockHash(fields.hex("blockHash", length=HASH_BYTES))
    link: FinalityLink
    if "history" in fields:
        link = _parse_history(fields.object("history"))
    else:
        link = HeaderChain(
            fields.base64_list("headers", max_items=MAX_LINK_HEADERS, max_length=MAX_HEADER_BYTES)
        )
    fields.end()
    return FinalityStatement(number, block_hash, link)


def _parse_history(fields: Fields) -> HistoryProof:
    history = HistoryProof(
        header=fields.base64("header", max_length=MAX_HEADER_BYTES),
        account_proof=_parse_state_proof(fields, "accountProof"),
        storage_proof=_parse_state_proof(fields, "storageProof"),
    )
    fields.end()
    return history


def _parse_state_proof(fields: Fields, key: str) -> tuple[bytes, ...]:
    return fields.base64_list(key, max_items=MAX_STATE_PROOF_NODES, max_length=MAX_NODE_BYTES)


def format_anchor(anchor: ReceiptAnchor) -> dict[str, object]:
    """Return the object that ``parse_anchor`` reads back."""
    evidence = anchor.evidence
    members: dict[str, object] = {
        "chainId": anchor.chain_id,
        "contract": f"0x{anchor.contract.hex()}",
        "publisher": f"0x{anchor.publisher.hex()}",
        "transactionHash": f"0x{anchor.transaction_hash.hex()}",
        "blockNumber": anchor.block_number,
        "blockHash": f"0x{anchor.block_hash.hex()}",
        "evidence": {
            "header": format_base64(evidence.header),
            "transactionIndex": evidence.transaction_index,
            "transactionProof": [format_base64(node) for node in evidence.transaction_proof],
            "receiptProof": [format_base64(node) for node in evidence.receipt_proof],
            "logIndex": evidence.log_index,
        },
    }
    if anchor.finality is not None:
        members["finality"] = format_finality(anchor.finality)
    return members


def format_finality(statement: FinalityStatement) -> dict[str, object]:
    """Return the object that ``parse_finality`` reads back."""
    members: dict[str, object] = {
        "blockNumber": statement.block_number,
        "blockHash": f"0x{statement.block_hash.hex()}",
    }
    link = statement.link
    if isinstance(link, HeaderChain):
        return {**members, "headers": [format_base64(header) for header in link.headers]}
    history = {
        "header": format_base64(link.header),
        "accountProof": [format_base64(node) for node in link.account_proof],
        "storageProof": [format_base64(node) for node in link.storage_proof],
    }
    return {**members, "history": history}
