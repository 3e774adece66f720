from collections.abc import Iterator
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.cid import (
    CHUNK_BYTES,
    MAX_BLOCK_BYTES,
    MAX_DOCUMENT_BYTES,
    NODE_WIDTH,
    Block,
    Cid,
    Codec,
    Link,
    block_links,
    document_blocks,
    document_cid,
    format_cid,
    format_node,
    join_document,
    parse_cid,
    raw_digest,
    split_chunks,
    tree_blocks,
    verify_block,
)
from anchoring.core.errors import MalformedError, VerificationError
from tests.support.unixfs_oracle import cid_of, keystream

HELLO = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
TWO_CHUNKS = "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64"
EMPTY_FOLDER = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"


def streamed(seed: str, length: int) -> Iterator[bytes]:
    encryptor = Cipher(ChaCha20(sha256(seed.encode()).digest(), bytes(16)), mode=None).encryptor()
    for start in range(0, length, CHUNK_BYTES):
        yield encryptor.update(bytes(min(CHUNK_BYTES, length - start)))


@pytest.mark.parametrize(
    ("content", "cid"),
    [
        (b"hello world", HELLO),
        (b"", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"),
        (
            keystream("chunk-v1-seed", CHUNK_BYTES),
            "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta",
        ),
        (keystream("chunk-v1-seed", CHUNK_BYTES + 1), TWO_CHUNKS),
    ],
    ids=["hello", "empty", "one chunk", "one chunk and a byte"],
)
def test_document_cid__of_published_fixture__is_the_published_one(content: bytes, cid: str) -> None:
    assert document_cid(content) == cid


@pytest.mark.parametrize(
    ("length", "cid"),
    [
        (1 << 30, "bafybeihmf37wcuvtx4hpu7he5zl5qaf2ineo2lqlfrapokkm5zzw7zyhvm"),
        ((1 << 30) + 1, "bafybeibdsi225ugbkmpbdohnxioyab6jsqrmkts3twhpvfnzp77xtzpyhe"),
    ],
    ids=["full node", "second level"],
)
@pytest.mark.slow
def test_tree_blocks__of_published_fixture_of_a_gibibyte__ends_at_the_published_cid(
    length: int, cid: str
) -> None:
    found = ""
    for block in tree_blocks(streamed("v1-2025-seed", length), width=NODE_WIDTH):
        found = block.cid
    assert found == cid


@given(content=st.binary(max_size=60), length=st.integers(1, 4), width=st.integers(2, 4))
def test_tree_blocks__of_any_shape__agree_with_the_literal_importer(
    content: bytes, length: int, width: int
) -> None:
    blocks = list(tree_blocks(split_chunks(content, length=length), width=width))
    assert blocks[-1].cid == cid_of(content, length=length, width=width)
    seen: set[str] = set()
    for block in blocks:
        verify_block(block)
        if parse_cid(block.cid).codec is Codec.DAG_PB:
            assert {link.cid for link in block_links(block.content)} <= seen
        seen.add(block.cid)


@given(
    links=st.lists(
        st.builds(
            Link,
            cid=st.builds(
                Cid, codec=st.sampled_from(Codec), digest=st.binary(min_size=32, max_size=32)
            ).map(format_cid),
            tree_size=st.integers(0, 2**40),
            content_size=st.integers(0, 2**40),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_block_links__of_a_written_node__gives_its_links(links: list[Link]) -> None:
    assert block_links(format_node(links)) == tuple(links)


@given(data=st.data())
def test_block_links__of_a_damaged_node__is_refused_or_another_node(data: st.DataObject) -> None:
    content = document_node()
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    damaged = bytearray(content)
    damaged[bit // 8] ^= 1 << bit % 8
    try:
        links = block_links(bytes(damaged))
    except MalformedError:
        return
    assert format_node(links) == bytes(damaged)


def document_node() -> bytes:
    return list(tree_blocks([b"one", b"two"], width=2))[-1].content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        document_node() + b"\0",
        document_node()[:-1],
        b"\x0a\x04\x08\x01\x18\x00",
        b"\x0a\x02\x08\x01",
        b"\x12\xff",
        b"\x12" + b"\xff" * 10,
        document_node().replace(b"\x12\x00\x18", b"\x12\x01a\x18"),
        document_node().replace(b"\x08\x02\x18\x06", b"\x08\x02\x18\x07"),
        document_node().replace(b"\x08\x02\x18\x06", b"\x08\x01\x18\x06"),
        document_node().replace(b"\x0a\x24\x01\x55", b"\x0a\x24\x00\x55"),
        document_node().replace(b"\x0a\x24\x01\x55", b"\x0a\x23\x01\x55"),
        format_node([Link(HELLO, 1, 1)] * (NODE_WIDTH + 1)),
    ],
)
def test_block_links__of_anything_but_a_profile_node__is_refused(content: bytes) -> None:
    with pytest.raises(MalformedError):
        block_links(content)


def test_document_cid__of_more_than_fits_memory__is_refused() -> None:
    with pytest.raises(MalformedError):
        document_cid(bytes(MAX_DOCUMENT_BYTES + 1))


def test_parse_cid__of_published_cids__gives_codec_and_digest() -> None:
    assert parse_cid(HELLO) == Cid(Codec.RAW, sha256(b"hello world").digest())
    assert parse_cid(EMPTY_FOLDER) == Cid(Codec.DAG_PB, sha256(b"\x0a\x02\x08\x01").digest())
    assert format_cid(parse_cid(TWO_CHUNKS)) == TWO_CHUNKS


def spelled(prefix: str) -> str:
    text = format_cid(Cid(Codec.RAW, bytes(32)))
    return prefix + text[len(prefix) :]


@pytest.mark.parametrize(
    "text",
    [
        "",
        HELLO.upper(),
        "B" + HELLO[1:],
        HELLO[:-1],
        HELLO + "a",
        HELLO[:-1] + "f",
        HELLO[:-1] + "1",
        HELLO[:-1] + "é",
        "../" + HELLO[3:],
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
        spelled("bai"),
        spelled("bafy"),
        spelled("bafkrm"),
    ],
)
def test_parse_cid__of_anything_else__is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_cid(text)


def test_raw_digest__of_a_small_document__is_its_sha256() -> None:
    assert raw_digest(HELLO) == sha256(b"hello world").digest()


def test_raw_digest__of_a_document_of_several_chunks__is_refused() -> None:
    with pytest.raises(MalformedError):
        raw_digest(TWO_CHUNKS)


def test_verify_block__of_other_bytes__fails() -> None:
    verify_block(Block(HELLO, b"hello world"))
    with pytest.raises(VerificationError) as caught:
        verify_block(Block(HELLO, b"hello worle"))
    assert caught.value.expected == HELLO
    with pytest.raises(MalformedError):
        verify_block(Block(HELLO, bytes(MAX_BLOCK_BYTES + 1)))


def stored(content: bytes) -> dict[str, bytes]:
    return {block.cid: block.content for block in document_blocks(content)}


def test_join_document__of_every_block__gives_the_document_back() -> None:
    content = keystream("chunk-v1-seed", CHUNK_BYTES + 1)
    assert join_document(TWO_CHUNKS, stored(content).__getitem__) == content


def test_join_document__cut_another_way__is_refused() -> None:
    blocks = list(tree_blocks([b"one", b"two"], width=2))
    held = {block.cid: block.content for block in blocks}
    with pytest.raises(VerificationError) as caught:
        join_document(blocks[-1].cid, held.__getitem__)
    assert caught.value.step == "document.profile"


def test_join_document__with_a_node_that_lies_about_sizes__is_refused() -> None:
    (chunk,) = tree_blocks([b"one"], width=2)
    node = format_node([Link(chunk.cid, 3, 4), Link(chunk.cid, 3, 3)])
    cid = format_cid(Cid(Codec.DAG_PB, sha256(node).digest()))
    with pytest.raises(VerificationError) as caught:
        join_document(cid, {cid: node, chunk.cid: chunk.content}.__getitem__)
    assert caught.value.step == "document.size"


def test_join_document__that_would_not_fit_memory__is_refused_before_its_chunks() -> None:
    node = format_node([Link(HELLO, 1 << 30, 1 << 30), Link(HELLO, 1, 1)])
    cid = format_cid(Cid(Codec.DAG_PB, sha256(node).digest()))
    with pytest.raises(MalformedError):
        join_document(cid, {cid: node}.__getitem__)


def test_join_document__of_endless_empty_chunks__is_refused() -> None:
    (empty,) = tree_blocks([b""], width=2)
    node = format_node([Link(empty.cid, 0, 0)] * NODE_WIDTH)
    cid = format_cid(Cid(Codec.DAG_PB, sha256(node).digest()))
    top = format_node([Link(cid, len(node), 0)] * 2)
    top_cid = format_cid(Cid(Codec.DAG_PB, sha256(top).digest()))
    held = {cid: node, top_cid: top, empty.cid: b""}
    with pytest.raises(MalformedError):
        join_document(top_cid, held.__getitem__)
