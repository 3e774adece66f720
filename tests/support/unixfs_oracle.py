"""A literal, slow importer of ``unixfs-v1-2025``, written from the specifications as nested lists.

Sources: https://ipld.io/specs/codecs/dag-pb/spec/ and https://specs.ipfs.tech/unixfs/.
"""

from base64 import b32encode
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

Node = tuple[bytes, bytes, int, int]
"""Binary CID, block, cumulative size, content size."""


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([128 + value % 128]) + varint(value // 128)


def message(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + varint(len(content)) + content


def leaf(chunk: bytes) -> Node:
    cid = bytes.fromhex("01551220") + sha256(chunk).digest()
    return cid, chunk, len(chunk), len(chunk)


def parent(children: list[Node]) -> Node:
    block = b""
    for cid, _, cumulative, _ in children:
        block += message(
            0x12, message(0x0A, cid) + message(0x12, b"") + b"\x18" + varint(cumulative)
        )
    data = b"\x08\x02\x18" + varint(sum(child[3] for child in children))
    for child in children:
        data += b"\x20" + varint(child[3])
    block += message(0x0A, data)
    cid = bytes.fromhex("01701220") + sha256(block).digest()
    return cid, block, len(block) + sum(child[2] for child in children), sum(c[3] for c in children)


def cid_of(content: bytes, *, length: int, width: int) -> str:
    """Return the CID of ``content`` in chunks of ``length`` under nodes of ``width`` links."""
    level = [leaf(content[i : i + length]) for i in range(0, len(content), length)] or [leaf(b"")]
    while len(level) > 1:
        level = [parent(level[i : i + width]) for i in range(0, len(level), width)]
    return "b" + b32encode(level[0][0]).decode().rstrip("=").lower()


def keystream(seed: str, length: int) -> bytes:
    """Return the bytes of a published fixture: ChaCha20 under SHA-256 of the seed, zero nonce."""
    cipher = Cipher(ChaCha20(sha256(seed.encode()).digest(), bytes(16)), mode=None)
    return cipher.encryptor().update(bytes(length))
