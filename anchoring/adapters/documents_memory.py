"""A document store in memory: the fake that passes the same contract suite as the real ones."""

from anchoring.core.cid import document_blocks, join_document, parse_cid
from anchoring.core.errors import UnavailableError


class MemoryDocuments:
    """Blocks in a dictionary; they last as long as the object."""

    def __init__(self) -> None:
        self._blocks: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Store a document and return its CID; see ``DocumentStore.put``."""
        cid = ""
        for block in document_blocks(content):
            self._blocks[block.cid] = block.content
            cid = block.cid
        return cid

    def get(self, cid: str) -> bytes:
        """Return the whole document; see ``DocumentStore.get``."""
        return join_document(cid, self._load)

    def has(self, cid: str) -> bool:
        """Tell whether the root block of ``cid`` is held; see ``DocumentStore.has``."""
        parse_cid(cid)
        return cid in self._blocks

    def _load(self, cid: str) -> bytes:
        if cid not in self._blocks:
            block = f"block {cid}"
            raise UnavailableError(block, "not held in memory")
        return self._blocks[cid]
