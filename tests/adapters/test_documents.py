from pathlib import Path

import pytest

from anchoring.adapters.documents_directory import TEMPORARY_PREFIX, DirectoryDocuments
from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.cid import document_blocks, document_cid
from anchoring.core.errors import MalformedError, UnavailableError, VerificationError
from anchoring.ports import DocumentStore
from tests.support.documents_contract import LARGE, SMALL, DocumentStoreContract


class TestMemoryDocuments(DocumentStoreContract):
    @pytest.fixture
    def store(self) -> DocumentStore:
        return MemoryDocuments()


class TestDirectoryDocuments(DocumentStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> DocumentStore:
        return DirectoryDocuments(tmp_path / "not yet" / "there")

    def test_put__then_reopened__still_holds_the_document(self, tmp_path: Path) -> None:
        cid = DirectoryDocuments(tmp_path).put(LARGE)
        assert DirectoryDocuments(tmp_path).get(cid) == LARGE

    def test_put__leaves_one_readable_file_per_block(self, tmp_path: Path) -> None:
        DirectoryDocuments(tmp_path).put(LARGE)
        blocks = {block.cid: block.content for block in document_blocks(LARGE)}
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == blocks
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o644}

    def test_get__of_a_damaged_block__fails_until_put_again(self, tmp_path: Path) -> None:
        store = DirectoryDocuments(tmp_path)
        cid = store.put(SMALL)
        (tmp_path / cid).write_bytes(SMALL + b"!")
        with pytest.raises(VerificationError):
            store.get(cid)
        assert store.put(SMALL) == cid
        assert store.get(cid) == SMALL

    def test_get__with_a_chunk_missing__is_unavailable(self, tmp_path: Path) -> None:
        store = DirectoryDocuments(tmp_path)
        cid = store.put(LARGE)
        (tmp_path / next(iter(document_blocks(LARGE))).cid).unlink()
        assert store.has(cid)
        with pytest.raises(UnavailableError):
            store.get(cid)

    def test_get__of_a_block_that_grew_without_end__reads_no_more_than_a_block(
        self, tmp_path: Path
    ) -> None:
        store = DirectoryDocuments(tmp_path)
        cid = store.put(SMALL)
        with (tmp_path / cid).open("r+b") as file:
            file.truncate(1 << 34)
        with pytest.raises(MalformedError):
            store.get(cid)

    def test_put__where_a_file_stands__is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "blocks").write_bytes(b"")
        with pytest.raises(UnavailableError):
            DirectoryDocuments(tmp_path / "blocks").put(SMALL)

    def test_put__that_cannot_be_renamed__is_unavailable_and_leaves_nothing_behind(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / document_cid(SMALL)).mkdir()
        with pytest.raises(UnavailableError):
            DirectoryDocuments(tmp_path).put(SMALL)
        assert not [p for p in tmp_path.iterdir() if p.name.startswith(TEMPORARY_PREFIX)]
