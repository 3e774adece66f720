"""Content identifiers of documents under the profile ``unixfs-v1-2025``, and their blocks.

A document is cut into chunks of 1 MiB; each chunk is a raw block. One chunk is the whole document;
several hang under UnixFS file nodes of at most 1,024 links each, all chunks at the same depth. The
bytes alone decide the identifier: same bytes, same CID, on every machine.

Sources: CIDv1, https://github.com/multiformats/cid; dag-pb,
https://ipld.io/specs/codecs/dag-pb/spec/; UnixFS, https://specs.ipfs.tech/unixfs/; the profile,
https://specs.ipfs.tech/ipips/ipip-0499/.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.types import HASH_BYTES

PROFILE: Final = "unixfs-v1-2025"
"""Name of the profile, recorded beside a CID: under another one the same bytes have another CID."""

CHUNK_BYTES: Final = 1 << 20
"""Length of every chunk but the last, in bytes (IPIP-0499)."""

NODE_WIDTH: Final = 1024
"""Most links of one file node (IPIP-0499)."""

MAX_DOCUMENT_BYTES: Final = 1 << 30
"""Longest document read or written whole, in bytes: it passes through memory."""

MAX_BLOCK_BYTES: Final = 2 << 20
"""Longest block accepted, in bytes: what IPFS nodes exchange at most
(https://specs.ipfs.tech/bitswap-protocol/)."""

CID_TEXT_LENGTH: Final = 59
"""Characters of a CID in text: ``b`` and 36 bytes in base32 without padding."""

_MULTIBASE_BASE32: Final = "b"
_MULTIHASH_PREFIX: Final = b"\x12\x20"
_FILE_TYPE: Final = 2


class Codec(IntEnum):
    """What a block holds (https://github.com/multiformats/multicodec)."""

    RAW = 0x55
    """Bytes of the document."""
    DAG_PB = 0x70
    """A UnixFS node that links to further blocks."""


@dataclass(frozen=True, slots=True)
class Cid:
    """A parsed content identifier; version 1 and SHA-256 are implied."""

    codec: Codec
    """What the block holds."""
    digest: bytes
    """SHA-256 of the block, 32 bytes."""


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes with the name they hash to."""

    cid: str
    """CIDv1 in base32."""
    content: bytes
    """The block, at most ``MAX_BLOCK_BYTES``."""


@dataclass(frozen=True, slots=True)
class Link:
    """One child of a file node."""

    cid: str
    """CIDv1 of the child in base32."""
    tree_size: int
    """Bytes of the child block and of every block below it, in bytes (dag-pb ``Tsize``)."""
    content_size: int
    """Bytes of the document under the child (UnixFS ``blocksizes``)."""


def document_cid(content: bytes) -> str:
    """Return the CID of a document.

    Raises:
        MalformedError: The document exceeds ``MAX_DOCUMENT_BYTES``.
    """
    cid = ""
    for block in document_blocks(content):
        cid = block.cid
    return cid


def document_blocks(content: bytes) -> Iterator[Block]:
    """Yield the blocks of a document: chunks in order, then nodes level by level, the root last.

    Every child comes before the nodes that link to it; equal chunks come as often as they occur.

    Raises:
        MalformedError: The document exceeds ``MAX_DOCUMENT_BYTES``.
    """
    if len(content) > MAX_DOCUMENT_BYTES:
        raise MalformedError("document", f"{len(content)} bytes, more than {MAX_DOCUMENT_BYTES}")
    yield from tree_blocks(split_chunks(content, length=CHUNK_BYTES), width=NODE_WIDTH)


def split_chunks(content: bytes, *, length: int) -> Iterator[bytes]:
    """Yield the chunks of a document, ``length`` bytes each but the last; at least one chunk."""
    yield content[:length]
    for start in range(length, len(content), length):
        yield content[start : start + length]


def tree_blocks(chunks: Iterable[bytes], *, width: int) -> Iterator[Block]:
    """Yield the blocks of the balanced tree over ``chunks``, children first, the root last.

    Memory is bounded by the links, so a document of any length can be streamed through.

    Args:
        chunks: At least one chunk, in order.
        width: Most links of one node, at least 2.
    """
    level: list[Link] = []
    for chunk in chunks:
        block = Block(_format_digest(Codec.RAW, sha256(chunk).digest()), chunk)
        level.append(Link(block.cid, tree_size=len(chunk), content_size=len(chunk)))
        yield block
    while len(level) > 1:
        parents: list[Link] = []
        for start in range(0, len(level), width):
            links = level[start : start + width]
            node = format_node(links)
            cid = _format_digest(Codec.DAG_PB, sha256(node).digest())
            yield Block(cid, node)
            parents.append(
                Link(
                    cid,
                    tree_size=len(node) + sum(link.tree_size for link in links),
                    content_size=sum(link.content_size for link in links),
                )
            )
        level = parents


def format_cid(cid: Cid) -> str:
    """Return the text of a CID: ``b``, then base32 in lowercase of version, codec and multihash."""
    return _format_digest(cid.codec, cid.digest)


def parse_cid(text: str) -> Cid:
    """Return the CID that ``text`` names.

    Raises:
        MalformedError: Not CIDv1 in lowercase base32 without padding, not SHA-256, or a codec other
            than raw and dag-pb.
    """
    if len(text) != CID_TEXT_LENGTH or not text.startswith(_MULTIBASE_BASE32):
        raise MalformedError("CID", f"not {_MULTIBASE_BASE32} and {CID_TEXT_LENGTH - 1} characters")
    # 58 characters carry 36 bytes and two bits, which re-encoding below requires to be zero.
    try:
        decoded = base64.b32decode(text[1:].upper() + "=" * 6)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("CID", "not base32") from error
    if decoded[0] != 1:
        raise MalformedError("CID", f"version {decoded[0]}, not 1")
    if decoded[1] not in (Codec.RAW, Codec.DAG_PB):
        raise MalformedError("CID", f"codec {decoded[1]:#x}, neither raw nor dag-pb")
    if decoded[2:4] != _MULTIHASH_PREFIX:
        raise MalformedError("CID", "the hash is not SHA-256 of 32 bytes")
    cid = Cid(Codec(decoded[1]), decoded[4:])
    if format_cid(cid) != text:
        raise MalformedError("CID", "not the one lowercase spelling")
    return cid


def raw_digest(cid: str) -> bytes:
    """Return the SHA-256 of a document of one chunk, 32 bytes, from its CID.

    Raises:
        MalformedError: Not a CID of the profile, or the CID of a document of several chunks.
    """
    parsed = parse_cid(cid)
    if parsed.codec is not Codec.RAW:
        raise MalformedError("CID", "names a tree of blocks, not one raw block")
    return parsed.digest


def verify_block(block: Block) -> None:
    """Check that a block hashes to its CID.

    Raises:
        MalformedError: The CID is not one of the profile, or the block exceeds ``MAX_BLOCK_BYTES``.
        VerificationError: The block hashes to something else.
    """
    cid = parse_cid(block.cid)
    if len(block.content) > MAX_BLOCK_BYTES:
        raise MalformedError("block", f"{len(block.content)} bytes, more than {MAX_BLOCK_BYTES}")
    found = _format_digest(cid.codec, sha256(block.content).digest())
    if found != block.cid:
        raise VerificationError("document.block", expected=block.cid, found=found)


def format_node(links: Iterable[Link]) -> bytes:
    """Return the dag-pb bytes of a UnixFS file node over ``links``, in order.

    Links are written before the data, as dag-pb requires; link names are present and empty.
    """
    written: list[bytes] = []
    sizes: list[int] = []
    for link in links:
        cid = parse_cid(link.cid)
        binary = _binary_cid(cid.codec, cid.digest)
        fields = _field(b"\x0a", binary) + b"\x12\x00" + b"\x18" + _varint(link.tree_size)
        written.append(_field(b"\x12", fields))
        sizes.append(link.content_size)
    data = bytes((0x08, _FILE_TYPE, 0x18)) + _varint(sum(sizes))
    data += b"".join(b"\x20" + _varint(size) for size in sizes)
    return b"".join(written) + _field(b"\x0a", data)


def block_links(content: bytes) -> tuple[Link, ...]:
    """Return the links of a file node, in order: the inverse of ``format_node``.

    Args:
        content: A dag-pb block.

    Raises:
        MalformedError: Not byte for byte what ``format_node`` writes for 1 to ``NODE_WIDTH`` links.
    """
    reader = _NodeReader(content)
    cids: list[str] = []
    tree_sizes: list[int] = []
    while reader.next_byte() == 0x12:
        link = _NodeReader(reader.field(0x12))
        binary = link.field(0x0A)
        if len(binary) != 4 + HASH_BYTES:
            raise MalformedError("dag-pb node", "link to something other than a CIDv1")
        cids.append(_MULTIBASE_BASE32 + _base32(binary))
        if link.field(0x12):
            raise MalformedError("dag-pb node", "named link")
        tree_sizes.append(link.number(0x18))
        if len(cids) > NODE_WIDTH:
            raise MalformedError("dag-pb node", f"more than {NODE_WIDTH} links")
    data = _NodeReader(reader.field(0x0A))
    if data.number(0x08) != _FILE_TYPE:
        raise MalformedError("dag-pb node", "not a file")
    data.number(0x18)
    sizes = [data.number(0x20) for _ in cids]
    links = tuple(Link(*fields) for fields in zip(cids, tree_sizes, sizes, strict=True))
    # Re-encoding refuses what is left: trailing bytes, loose integers, a total that is no sum.
    if not links or format_node(links) != content:
        raise MalformedError("dag-pb node", "not written as the profile writes it")
    return links


def join_document(cid: str, load: Callable[[str], bytes]) -> bytes:
    """Return a whole document from its blocks.

    Args:
        cid: CID of the document.
        load: Gives the claimed bytes of a block by its CID; is asked for CIDs of the profile only,
            and its own errors pass through.

    Raises:
        MalformedError: ``cid`` is not a CID of the profile; a node is not one of the profile; the
            document would exceed ``MAX_DOCUMENT_BYTES``.
        VerificationError: A block does not hash to its CID, a size is not the one its parent names,
            or the blocks are not how the profile cuts this document.
    """
    chunks: list[bytes] = []
    pending = [(cid, -1)]
    total = 0
    while pending:
        current, expected_size = pending.pop()
        codec = parse_cid(current).codec
        content = load(current)
        verify_block(Block(current, content))
        if codec is Codec.DAG_PB:
            links = block_links(content)
            size = sum(link.content_size for link in links)
            pending.extend((link.cid, link.content_size) for link in reversed(links))
        else:
            size = len(content)
            total += size
            chunks.append(content)
        if expected_size not in (-1, size):
            raise VerificationError(
                "document.size", expected=f"{expected_size} bytes", found=f"{size} bytes"
            )
        if max(size, total) > MAX_DOCUMENT_BYTES or len(chunks) > MAX_DOCUMENT_BYTES // CHUNK_BYTES:
            raise MalformedError("document", f"more than {MAX_DOCUMENT_BYTES} bytes or its chunks")
    document = b"".join(chunks)
    found = document_cid(document)
    if found != cid:
        raise VerificationError("document.profile", expected=cid, found=found)
    return document


class _NodeReader:
    """Cursor over protobuf fields that must come in a fixed order."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def next_byte(self) -> int:
        return self._content[self._at] if self._at < len(self._content) else -1

    def field(self, tag: int) -> bytes:
        length = self.number(tag)
        end = self._at + length
        if end > len(self._content):
            raise MalformedError("dag-pb node", "a field runs past the end")
        start, self._at = self._at, end
        return self._content[start:end]

    def number(self, tag: int) -> int:
        if self.next_byte() != tag:
            raise MalformedError("dag-pb node", f"no field {tag:#x} where it belongs")
        self._at += 1
        value = 0
        for shift in range(0, 63, 7):
            byte = self.next_byte()
            if byte < 0:
                break
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise MalformedError("dag-pb node", "an integer does not end")


def _binary_cid(codec: Codec, digest: bytes) -> bytes:
    return bytes((1, codec)) + _MULTIHASH_PREFIX + digest


def _format_digest(codec: Codec, digest: bytes) -> str:
    return _MULTIBASE_BASE32 + _base32(_binary_cid(codec, digest))


def _base32(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").rstrip("=").lower()


def _field(tag: bytes, content: bytes) -> bytes:
    return tag + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
