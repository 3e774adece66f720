"""Genuine receipts and trust files, made by a ledger and chains in memory."""

from collections.abc import Sequence

from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import LeafNodes, inclusion_proof, leaf_hash, root
from anchoring.core.note import NoteSigner
from anchoring.core.receipt import Receipt, ReceiptAnchor
from anchoring.core.trust import Network, Trust
from anchoring.core.types import Address, ChainId, Head, LeafIndex, TreeSize

ORIGIN = "ledger.example/coop"
SIGNER = NoteSigner.from_seed(ORIGIN, bytes(range(32)))
CODE = bytes.fromhex("600160015500")
"""Code that the node of these tests has at every contract."""

NAMES = {20260: "embedded", 560048: "Hoodi"}
"""Names of the networks in trust files, by chain id."""

ENTRIES = tuple(
    b'{"act":"member.admitted","data":{"member":"m%d"},"v":1}' % number for number in range(5)
)


def embedded_chain() -> MemoryChain:
    return MemoryChain(chain_id=ChainId(20260))


def hoodi_chain() -> MemoryChain:
    return MemoryChain(chain_id=ChainId(560048), contract=Address(b"\xc1" * 20))


def ledger_head(entries: Sequence[bytes]) -> Head:
    leaves = [leaf_hash(entry) for entry in entries]
    return Head(TreeSize(len(leaves)), root(leaves))


def anchor_on(chain: MemoryChain, head: Head) -> ReceiptAnchor:
    """Anchor ``head`` on the chain, in a block after that of the first entry alone."""
    first = ledger_head(ENTRIES[:1])
    if chain.published_head().size == 0 and first.size < head.size:
        chain.broadcast(chain.sign_anchor(first))
    chain.broadcast(chain.sign_anchor(head))
    anchor = chain.find_anchor(head.size)
    if anchor is None:
        raise LookupError(head)
    return ReceiptAnchor.of(anchor, chain.capture_evidence(anchor))


def receipt(
    *chains: MemoryChain, entries: Sequence[bytes] = ENTRIES, index: int = 2, origin: str = ORIGIN
) -> Receipt:
    """Return the receipt of one entry, anchored on each of the chains."""
    head = ledger_head(entries)
    nodes = LeafNodes([leaf_hash(entry) for entry in entries])
    return Receipt(
        entry=entries[index],
        index=LeafIndex(index),
        inclusion=inclusion_proof(LeafIndex(index), head.size, nodes),
        checkpoint=sign_checkpoint(Checkpoint(origin, head), SIGNER),
        anchors=tuple(anchor_on(chain, head) for chain in chains),
    )


def trust(*chains: MemoryChain, code: bytes | None = None) -> Trust:
    """Return a trust file's content that believes the ledger and each of the chains."""
    networks = tuple(
        Network(
            name=NAMES[chain.chain_id],
            chain_id=chain.chain_id,
            contract=chain.contract,
            publisher=chain.publisher,
            registry_code_hash=None if code is None else keccak(code),
        )
        for chain in chains
    )
    return Trust(ORIGIN, SIGNER.verifier, networks)
