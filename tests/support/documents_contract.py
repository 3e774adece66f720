"""Contract suite of ``DocumentStore``: every implementation runs it by subclassing."""

import pytest

from anchoring.core.cid import document_blocks, document_cid
from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.ports import DocumentStore
from tests.support.unixfs_oracle import keystream

SMALL = b"statutes, first version"
LARGE = keystream("statutes with annexes", (2 << 20) + 5)


class DocumentStoreContract:
    """What ``anchoring.ports.DocumentStore`` promises; subclasses give the fixture ``store``."""

    @pytest.mark.parametrize("content", [b"", SMALL, LARGE], ids=["empty", "small", "large"])
    def test_put__then_get__gives_the_document_back(
        self, store: DocumentStore, content: bytes
    ) -> None:
        cid = store.put(content)
        assert cid == document_cid(content)
        assert store.has(cid)
        assert store.get(cid) == content

    def test_put__twice__changes_nothing(self, store: DocumentStore) -> None:
        assert store.put(LARGE) == store.put(LARGE)
        assert store.get(document_cid(LARGE)) == LARGE

    def test_put__of_another_document__leaves_the_first(self, store: DocumentStore) -> None:
        first = store.put(SMALL)
        store.put(LARGE)
        assert store.get(first) == SMALL

    def test_get__of_a_document_not_held__is_unavailable(self, store: DocumentStore) -> None:
        store.put(SMALL)
        cid = document_cid(b"statutes, second version")
        assert not store.has(cid)
        with pytest.raises(UnavailableError):
            store.get(cid)

    def test_get__of_one_chunk__gives_that_chunk(self, store: DocumentStore) -> None:
        store.put(LARGE)
        chunk = next(iter(document_blocks(LARGE)))
        assert store.get(chunk.cid) == chunk.content

    @pytest.mark.parametrize("cid", ["", "../etc/passwd", document_cid(SMALL).upper()])
    def test_any__with_what_is_no_cid__is_malformed(self, store: DocumentStore, cid: str) -> None:
        with pytest.raises(MalformedError):
            store.get(cid)
        with pytest.raises(MalformedError):
            store.has(cid)
