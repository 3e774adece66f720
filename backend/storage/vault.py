"""Personal data at rest: sealed under a key of its person, which is wrapped under a master key.

E1 every person has a random key of 256 bits; what is sealed under it is AES-256-GCM with a random nonce of
96 bits (NIST SP 800-38D). E2 organisation, pseudonym, column and version are bound as associated data, so
that a value opens only where it was put. E3 the person's key is wrapped under a master key that lies apart
from the database, bound to organisation and pseudonym. E4 destroying the person's key makes every value
sealed under it unreadable; a copy of the database holds the key as it was. E5 a new master key takes over
in batches, each a transaction of its own; the old one is destroyed when it wraps nothing more.

Source: https://doi.org/10.6028/NIST.SP.800-38D
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, col, select

from anchoring.core.errors import MalformedError, RejectedError, VerificationError
from backend.domain.acts import MemberId, Slug
from backend.storage.database import Database
from backend.storage.private_tables import PersonKeyRow
from backend.storage.statements import Row, insert_rows

PERSON_KEY_BYTES: Final = 32
"""Length of a person's key, in bytes."""

NONCE_BYTES: Final = 12
"""Length of a nonce, in bytes: random, so a key seals fewer than 2**32 values (SP 800-38D, section 8.3)."""

TAG_BYTES: Final = 16
"""Length of an authentication tag, in bytes."""

BATCH: Final = 500
"""Keys that one transaction of a rotation wraps anew."""

_VERSION: Final = b"\x01"
_DOMAIN: Final = b"psephos/vault/v1"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A person's key under a master key."""

    master: int
    """Number of the master key."""
    content: bytes
    """What that master key opens."""


class MasterKeys(Protocol):
    """Keeps master keys apart from the database: files, or a service that never gives them out.

    Durability: a master key is on stable storage before anything is wrapped under it. Trust: what wraps and
    unwraps sees keys of persons, never their data.
    """

    def current(self) -> int:
        """Return the number of the master key that wraps; one is made where there is none."""
        ...

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the master keys that are there, ascending."""
        ...

    def renew(self) -> int:
        """Make a master key that wraps from now on, and return its number, greater than any before."""
        ...

    def wrap(self, key: bytes, *, bound: bytes) -> Wrapped:
        """Return a key wrapped under the current master key.

        Args:
            key: ``PERSON_KEY_BYTES`` bytes.
            bound: What it is bound to; unwrapping needs the same.
        """
        ...

    def unwrap(self, wrapped: Wrapped, *, bound: bytes) -> bytes:
        """Return a wrapped key.

        Raises:
            RejectedError: That master key is not there.
            VerificationError: It was wrapped under another key, changed, or bound to something else.
        """
        ...

    def destroy(self, number: int) -> None:
        """Destroy a master key; harmless to repeat."""
        ...

    def mark(self, content: bytes) -> bytes:
        """Return a keyed hash, 32 bytes, that is the same for ever, rotations included."""
        ...


class Vault:
    """Seals and opens personal data in a session of the database.

    Args:
        masters: Master keys.
        draw: Gives random bytes of a length.
    """

    def __init__(
        self, masters: MasterKeys, draw: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._masters: Final = masters
        self._draw: Final = draw

    def seal(
        self, session: Session, organisation: Slug, member: MemberId, *, column: str, content: bytes
    ) -> bytes:
        """Return content sealed for a place; a person without a key is given one.

        Args:
            session: In a writing transaction.
            organisation: The ledger.
            member: Whose data it is.
            column: Table and column, and what tells its rows apart, such as ``person.facts``.
            content: What is sealed.
        """
        key = self._key(session, organisation, member)
        if key is None:
            key, row = self.new_key(organisation, member)
            insert_rows(session.connection(), PersonKeyRow, [row])
        return self.seal_under(key, organisation, member, column=column, content=content)

    def new_key(self, organisation: Slug, member: MemberId) -> tuple[bytes, Row]:
        """Return a key for a person who has none, and the row that keeps it, which the caller inserts."""
        key = self._draw(PERSON_KEY_BYTES)
        wrapped = self._masters.wrap(key, bound=_bound(organisation, member, "key"))
        return key, {
            "organisation": organisation,
            "member": member,
            "master": wrapped.master,
            "wrapped": wrapped.content,
        }

    def seal_under(
        self, key: bytes, organisation: Slug, member: MemberId, *, column: str, content: bytes
    ) -> bytes:
        """Return content sealed for a place under the key of its person; as ``seal``."""
        nonce = self._draw(NONCE_BYTES)
        bound = _bound(organisation, member, column)
        return _VERSION + nonce + AESGCM(key).encrypt(nonce, content, bound)

    def open(
        self, session: Session, organisation: Slug, member: MemberId, *, column: str, sealed: bytes
    ) -> bytes:
        """Return what was sealed for a place.

        Raises:
            MalformedError: Of another version, or shorter than anything sealed.
            RejectedError: The person's key, or the master key over it, is not there.
            VerificationError: It was changed, or sealed for another place or person.
        """
        if sealed[:1] != _VERSION or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            raise MalformedError(column, "not sealed, or of another version")
        key = self._key(session, organisation, member)
        if key is None:
            raise VerificationError(column, expected="the key of its person", found="no key")
        return opened(key, sealed[1:], bound=_bound(organisation, member, column), what=column)

    def mark(self, organisation: Slug, member: MemberId) -> bytes:
        """Return the mark that someone erased leaves, 32 bytes; without its key it says nothing."""
        return self._masters.mark(_bound(organisation, member, "erasure"))

    def own_mark(self) -> bytes:
        """Return the mark by which a list of erasures shows under which key it was made, 32 bytes."""
        return self._masters.mark(_DOMAIN)

    def _key(self, session: Session, organisation: Slug, member: MemberId) -> bytes | None:
        row = session.get(PersonKeyRow, (organisation, member))
        if row is None:
            return None
        wrapped = Wrapped(row.master, row.wrapped)
        return self._masters.unwrap(wrapped, bound=_bound(organisation, member, "key"))


def opened(key: bytes, content: bytes, *, bound: bytes, what: str) -> bytes:
    """Return the plain text of a nonce and what was encrypted under it.

    Raises:
        VerificationError: Another key, another place, or changed.
    """
    try:
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise VerificationError(
            what, expected="what was sealed for this place", found="something else"
        ) from error


def rotate_master(database: Database, masters: MasterKeys, *, batch: int = BATCH) -> int:
    """Wrap every person's key under a new master key, then destroy the older ones (E5).

    Harmless to interrupt and to repeat: a rotation that was interrupted is finished first, with the master
    key that it had made, and no other one is made.

    Args:
        database: Where the wrapped keys are.
        masters: Master keys.
        batch: Keys of one transaction.

    Returns:
        How many keys were wrapped anew.

    Raises:
        RejectedError: A master key is not there.
        UnavailableError: The database or a master key did not answer; repeat it.
        VerificationError: A wrapped key was changed.
    """
    current = masters.renew() if len(masters.numbers()) < 2 else masters.current()
    done = 0
    while moved := _rewrap(database, masters, current, batch):
        done += moved
    # The old wraps stand in the write-ahead log until it is emptied.
    database.truncate_log()
    for number in masters.numbers():
        if number != current:
            masters.destroy(number)
    return done


def check_masters(session: Session, masters: MasterKeys) -> None:
    """Check that every person's key lies under a master key that is there.

    Raises:
        RejectedError: A master key is not there: what it is over opens no more.
    """
    wrapping = set(session.exec(select(PersonKeyRow.master).distinct()))
    missing = wrapping - set(masters.numbers())
    if missing:
        raise RejectedError(
            "vault", f"data lies under master key {min(missing)}, which is not among the secrets"
        )


def _rewrap(database: Database, masters: MasterKeys, current: int, batch: int) -> int:
    query = select(PersonKeyRow).where(col(PersonKeyRow.master) != current).limit(batch)
    with database.writing() as session:
        database.overwrite_deleted(session)
        rows = session.exec(query).all()
        for row in rows:
            bound = _bound(row.organisation, row.member, "key")
            key = masters.unwrap(Wrapped(row.master, row.wrapped), bound=bound)
            wrapped = masters.wrap(key, bound=bound)
            row.master, row.wrapped = wrapped.master, wrapped.content
            session.add(row)
    return len(rows)


def _bound(organisation: Slug, member: MemberId, column: str) -> bytes:
    """Return associated data; each part goes with its length, so that no two places have the same."""
    parts = (organisation.encode(), member.encode(), column.encode())
    return _DOMAIN + b"".join(len(part).to_bytes(2, "big") + part for part in parts)
