"""What every play of an organisation needs: a clock, keys, salts, and something to write into."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from backend.domain.acts import SYSTEM, Act, OrganisationFounded
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.instants import format_instant
from backend.domain.signing import TypedData, statement_typed_data
from backend.domain.sources import SignatureOpening
from tests.support.memory_ledger import Book
from tests.support.model_organisation import START, Actor, digest

Made = Callable[[Book], Act]
"""Makes an act from the book, storing the documents that it names."""


class Play:
    """Writes acts, each at the time of the play's clock.

    Args:
        writing: Opens what the next act is written into; leaving it without error commits.
    """

    def __init__(self, writing: Callable[[], AbstractContextManager[Book]]) -> None:
        self._writing = writing
        self._salts = 0
        self.now = START

    def advance(self, **duration: int) -> None:
        """Move the clock, with the arguments of ``timedelta``."""
        self.now += timedelta(**duration)

    def at(self) -> str:
        """Return the time as an instant."""
        return format_instant(self.now)

    def salt(self) -> bytes:
        """Return the next salt."""
        self._salts += 1
        return digest("salt", str(self._salts))

    def signed(
        self, book: Book, author: Actor, data: Act, *, signers: Sequence[Actor] | None = None
    ) -> tuple[Entry, tuple[SignatureOpening, ...]]:
        """Return a signed entry that is not appended, and the openings of its signatures."""
        founded = data if isinstance(data, OrganisationFounded) else book.state.founded()
        issued_at = int(self.now.timestamp())
        typed_data = statement_typed_data(founded, author=author.id, data=data, issued_at=issued_at)
        openings = tuple(self.opening(actor, typed_data) for actor in (signers or (author,)))
        proof = Proof(tuple(map(commitment, openings)), issued_at)
        return Entry(self.at(), author.id, data, proof), openings

    def opening(self, actor: Actor, typed_data: TypedData) -> SignatureOpening:
        """Return a signature with a fresh salt."""
        return SignatureOpening(actor.key, actor.sign(typed_data), self.salt())

    def act(self, author: Actor, data: Act, *, signers: Sequence[Actor] | None = None) -> int:
        """Append any act signed by its author, or by several."""
        return self.write(author, lambda _: data, signers=signers)

    def write(self, author: Actor, make: Made, *, signers: Sequence[Actor] | None = None) -> int:
        """Append an act made from the book, signed by its author or by several; returns its index."""
        with self._writing() as book:
            entry, openings = self.signed(book, author, make(book), signers=signers)
            return book.append(entry, signatures=openings)

    def system_act(self, make: Made) -> int:
        """Append an act of the system, made from the book."""
        with self._writing() as book:
            return book.append(Entry(self.at(), SYSTEM, make(book)))


def commitment(opening: SignatureOpening) -> Hex32:
    """Return what an entry says of a signature."""
    payload = opening.key + opening.signature
    return commit(Tag.SIGNATURE, salt=opening.salt, payload=payload)


def put_text(book: Book, text: str) -> str:
    """Store a text with a line end; returns its CID."""
    return book.put_document(f"{text}\n".encode())
