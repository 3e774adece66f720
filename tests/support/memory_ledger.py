"""A ledger without storage: what acts are written into, and what lies beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.errors import UnavailableError
from backend.domain.acts import MemberId, VoterId
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError, RuleViolation
from backend.domain.fold import evolve
from backend.domain.lawfulness import check
from backend.domain.signing import SIGNATURE_RULE
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.domain.state import State
from backend.services.ports import ChoiceOpening, PersonRecord


class Book(Protocol):
    """What acts are written into: a unit of work, or a memory ledger."""

    @property
    def state(self) -> State: ...
    @property
    def sources(self) -> Sources: ...
    def append(self, entry: Entry, *, signatures: Sequence[SignatureOpening] = ()) -> int: ...
    def keep_key(self, member: MemberId, opening: KeyOpening) -> None: ...
    def keep_person(self, member: MemberId, record: PersonRecord) -> None: ...
    def keep_roll(self, decision: Hex32, roll: Sequence[Elector]) -> None: ...
    def keep_choice(self, index: int, opening: ChoiceOpening) -> None: ...
    def choices(self, indices: Collection[int]) -> Mapping[int, ChoiceOpening]: ...
    def put_document(self, content: bytes) -> str: ...


@dataclass
class MemorySources:
    """Sources in dictionaries; delete from them to redact."""

    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    signatures_by_entry: dict[int, tuple[SignatureOpening, ...]] = field(default_factory=dict)
    keys: dict[Hex32, KeyOpening] = field(default_factory=dict)
    rolls: dict[Hex32, dict[VoterId, Elector]] = field(default_factory=dict)

    def document(self, cid: str) -> bytes:
        try:
            return self.documents.get(cid)
        except UnavailableError as error:
            raise NotFoundError("document", cid) from error

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        return self.signatures_by_entry.get(index)

    def key(self, commitment: Hex32) -> KeyOpening | None:
        return self.keys.get(commitment)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        return self.rolls.get(decision)


class MemoryLedger:
    """A ledger without storage: checks, then folds; every state is kept."""

    def __init__(self) -> None:
        self.sources = MemorySources()
        self.entries: list[Entry] = []
        self.states: list[State] = [State()]
        self._choices: dict[int, ChoiceOpening] = {}
        self.persons: dict[MemberId, PersonRecord] = {}

    @property
    def state(self) -> State:
        return self.states[-1]

    def append(self, entry: Entry, *, signatures: Sequence[SignatureOpening] = ()) -> int:
        """Append a lawful entry; one that is refused leaves nothing behind."""
        index = len(self.entries)
        if signatures:
            self.sources.signatures_by_entry[index] = tuple(signatures)
        try:
            decoded = Entry.from_bytes(entry.to_bytes())
            redacted = check(self.state, decoded, self.sources)
            _refuse_redacted(redacted)
            evolved = evolve(self.state, decoded, self.sources)
        except Exception:
            self.sources.signatures_by_entry.pop(index, None)
            raise
        self.entries.append(decoded)
        self.states.append(evolved)
        return index

    def keep_key(self, member: MemberId, opening: KeyOpening) -> None:  # noqa: ARG002 - a unit keeps whose it is
        name = commit(Tag.KEY, salt=opening.salt, payload=opening.key)
        self.sources.keys[name] = opening

    def keep_person(self, member: MemberId, record: PersonRecord) -> None:
        self.persons[member] = record

    def keep_roll(self, decision: Hex32, roll: Sequence[Elector]) -> None:
        self.sources.rolls[decision] = {elector.voter: elector for elector in roll}

    def keep_choice(self, index: int, opening: ChoiceOpening) -> None:
        self._choices[index] = opening

    def choices(self, indices: Collection[int]) -> Mapping[int, ChoiceOpening]:
        missing = set(indices) - set(self._choices)
        if missing:
            raise NotFoundError("choice", str(min(missing)))
        return {index: self._choices[index] for index in indices}

    def put_document(self, content: bytes) -> str:
        return self.sources.documents.put(content)


def _refuse_redacted(redacted: int) -> None:
    if redacted:
        raise RuleViolation(
            "proof.missing",
            SIGNATURE_RULE,
            expected="every proof",
            found=f"{redacted} missing",
        )
