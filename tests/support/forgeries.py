"""A forger who holds the log key: changes what a bundle says, rebuilds its log and signs it again."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import read_log, write_log
from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import leaf_hash, root
from anchoring.core.note import NoteSigner
from anchoring.core.trust import parse_trust
from anchoring.core.types import Head, TreeSize
from backend.domain.acts import Act
from backend.domain.entry import Entry
from backend.storage.keys import KeyFiles


@dataclass
class Forger:
    """Works on a copy of a bundle."""

    bundle: Path
    """The copy."""
    signer: NoteSigner
    """The log key."""

    @classmethod
    def of_demo(cls, demo: Path, copy: Path) -> "Forger":
        """Copy the public files of a demo, and take the log key from its server."""
        shutil.copytree(demo, copy, ignore=shutil.ignore_patterns("server"))
        origin = parse_trust((demo / "trust.json").read_bytes()).origin
        folder = demo / "server" / "keys"
        slug = next(folder.glob("*.log")).stem
        return cls(copy, KeyFiles(folder).log_signer(slug, origin=origin))

    def entries(self) -> list[Entry]:
        trust = parse_trust((self.bundle / "trust.json").read_bytes())
        log = read_log(self.bundle / "ledger", trust.log_key, trust.origin)
        return [Entry.from_bytes(entry) for entry in log.entries]

    def document(self, cid: str) -> object:
        content = DirectoryDocuments(self.bundle / "documents").get(cid)
        return parse_canonical(content, what="document")

    def put_document(self, value: object) -> str:
        content = canonical_json(value)  # type: ignore[arg-type] # what parse_canonical returned
        return DirectoryDocuments(self.bundle / "documents").put(content)

    def replace(self, change: Callable[[Act], Act | None]) -> list[int]:
        """Change every act for which ``change`` returns another; return the entries changed."""
        entries, changed = self.entries(), []
        for index, entry in enumerate(entries):
            data = change(entry.data)
            if data is not None:
                entries[index] = msgspec.structs.replace(entry, data=data)
                changed.append(index)
        self._write(entries)
        return changed

    def _write(self, entries: list[Entry]) -> None:
        encoded = [entry.to_bytes() for entry in entries]
        head = Head(TreeSize(len(encoded)), root([leaf_hash(entry) for entry in encoded]))
        shutil.rmtree(self.bundle / "ledger")
        note = sign_checkpoint(Checkpoint(self.signer.name, head), self.signer)
        write_log(self.bundle / "ledger", encoded, {head.size: note})
