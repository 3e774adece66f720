"""Taking over a register from a table: first a report, then everything or nothing.

P1 the report names every row that cannot be a member, and every row that may be of a person who stands in an
earlier row or on the register. P2 whoever imports says of each row that the report names whether it is
left out, and of a possible duplicate whether it is taken in all the same; a row that is not told about
stops the import, and no other row can be left out. P3 what is taken in is one act, signed once, in one
transaction. P4 duplicates that are taken in are shown to a person, as those of applications are. P5
pseudonyms and salts follow from a secret seed that the importer draws, so that what is signed is what is
recorded, with nothing stored in between.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from anchoring.core.cid import document_cid
from backend.domain.acts import MemberClass, MemberId, RegisterImported, Slug
from backend.domain.commitments import Tag, commit
from backend.domain.errors import ConflictError, GovernanceError, InvalidInputError
from backend.domain.identity.attributes import Facts, Persons, attributes_of
from backend.domain.identity.resemblance import Resemblance, compare
from backend.domain.imports import ImportedMember, format_import
from backend.domain.instants import Instant
from backend.domain.prerequisites import admission_rule
from backend.domain.state import State
from backend.services.commands import Statement, append_by_member, perform
from backend.services.duplicates import MAX_COMPARED, Candidate, IdentityIndex, nearest
from backend.services.identity import (
    IdentityDigest,
    IdentityHashes,
    declaration_payload,
    identity_digests,
)
from backend.services.import_rows import BrokenRow, ImportRow, read_table
from backend.services.login_addresses import declared_address
from backend.services.ports import Command, PersonRecord, Ports, Recorded, UnitOfWork

SEED_BYTES: Final = 32
"""Length of the seed of an import."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A row that may be of a person who is there already."""

    number: int
    """The row."""
    other: int | MemberId
    """An earlier row, or a record on the register."""
    resemblance: Resemblance
    """Why."""

    @property
    def error(self) -> GovernanceError:
        """What is said of it."""
        place = f"row {self.other}" if isinstance(self.other, int) else self.other
        if self.resemblance.exact:
            return ConflictError("import.same_person", expected="another person", found=place)
        return ConflictError("import.similar_person", expected="another person", found=place)


@dataclass(frozen=True, slots=True)
class Report:
    """What a table would bring (P1)."""

    total: int
    """Rows of the table."""
    rows: tuple[ImportRow, ...]
    """Those that can be members, in order."""
    broken: tuple[BrokenRow, ...]
    """Those that cannot, in order."""
    likenesses: tuple[Likeness, ...]
    """Those that may be of one person, by row and then in the order found."""
    digests: Mapping[int, tuple[IdentityDigest, ...]] = field(repr=False)
    """Identity hashes of the rows that can be members."""

    def broken_rows(self) -> frozenset[int]:
        """Return the rows that must be left out."""
        return frozenset(each.number for each in self.broken)

    def alike_rows(self) -> frozenset[int]:
        """Return the rows that are left out or taken in by choice."""
        return frozenset(each.number for each in self.likenesses)


@dataclass(frozen=True, slots=True)
class Choice:
    """What whoever imports says of the rows that the report names (P2)."""

    left_out: frozenset[int] = frozenset()
    """Rows that are left out."""
    taken_in: frozenset[int] = frozenset()
    """Possible duplicates that are taken in, to be looked at."""


@dataclass(frozen=True, slots=True)
class Import:
    """A table, and what is decided of its rows."""

    table: bytes
    """The file."""
    seed: bytes
    """``SEED_BYTES`` secret random bytes, drawn for this import."""
    choice: Choice
    """What is decided."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that may be recorded."""

    act: RegisterImported
    """What is signed."""
    document: bytes
    """Who is imported, as the ledger knows them."""
    persons: Mapping[MemberId, PersonRecord] = field(repr=False)
    """Facts and hashes by pseudonym."""
    candidates: tuple[Candidate, ...]
    """Whom somebody has to look at."""


def report(
    state: State, index: IdentityIndex, hashes: IdentityHashes, slug: Slug, table: bytes
) -> Report:
    """Return what a table would bring; nothing is stored.

    Args:
        state: The register, for its classes.
        index: Who is on it.
        hashes: Who holds the key of the identity hashes.
        slug: The organisation.
        table: The file.

    Raises:
        InvalidInputError: The file is no such table.
        UnavailableError: Whoever holds the key did not answer.
    """
    read = list(read_table(table, _persons_of(state)))
    rows = tuple(each for each in read if isinstance(each, ImportRow))
    digests = {
        row.number: identity_digests(hashes, slug, attributes_of(row.facts, row.persons))
        for row in rows
    }
    return Report(
        len(read),
        rows,
        tuple(each for each in read if isinstance(each, BrokenRow)),
        tuple(_likenesses(rows, digests, index)),
        digests,
    )


def prepare(
    state: State, index: IdentityIndex, hashes: IdentityHashes, slug: Slug, asked: Import
) -> Prepared:
    """Return what an import records once it is signed (P2, P5).

    Raises:
        InvalidInputError: As ``report``; ``import.seed``; ``import.undecided``: the report names rows of
            which nothing was said, or broken ones that are not left out; ``import.choice``: other rows
            are left out or taken in than the report names; ``import.rows``: no row is left.
    """
    if len(asked.seed) != SEED_BYTES:
        raise InvalidInputError(
            "import.seed", expected=f"{SEED_BYTES} bytes", found=f"{len(asked.seed)} bytes"
        )
    found = report(state, index, hashes, slug, asked.table)
    _check_choice(found, asked.choice)
    kept = [row for row in found.rows if row.number not in asked.choice.left_out]
    if not kept:
        raise InvalidInputError("import.rows", expected="a row that is taken in", found="none")
    names = {row.number: _pseudonym(asked.seed, row.number) for row in kept}
    persons = {
        names[row.number]: PersonRecord(
            row.facts,
            _drawn(asked.seed, "salt", row.number),
            found.digests[row.number],
            declared_address(row.facts, hashes),
        )
        for row in kept
    }
    document = format_import(
        tuple(_line(row, names[row.number], persons[names[row.number]].salt) for row in kept)
    )
    candidates = tuple(
        Candidate(names[each.number], other, each.resemblance.reasons, each.resemblance.edits)
        for each in found.likenesses
        if each.number in names
        and (other := names.get(each.other) if isinstance(each.other, int) else each.other)
    )
    act = RegisterImported(document_cid(document), len(kept))
    return Prepared(act, document, persons, candidates)


def record(
    ports: Ports, slug: Slug, command: Command, asked: Import, statement: Statement
) -> Recorded:
    """Record an import (P3, P4).

    Raises:
        GovernanceError: What forbids it; nothing of it is written.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        prepared = prepare(unit.state, unit.identities, ports.identities, slug, asked)
        unit.put_document(prepared.document)
        unit.keep_persons(prepared.persons)
        append_by_member(unit, ports, prepared.act, statement, at=at)
        unit.keep_candidates(prepared.candidates, at)

    return perform(ports, slug, command, action)


def _line(row: ImportRow, member: MemberId, salt: bytes) -> ImportedMember:
    person = commit(Tag.PERSON, salt=salt, payload=declaration_payload(row.facts, {}))
    return ImportedMember(member, row.member_class, person)


def _check_choice(found: Report, choice: Choice) -> None:
    broken, alike = found.broken_rows(), found.alike_rows()
    untold = (broken | alike) - choice.left_out - (choice.taken_in - broken)
    if untold:
        raise InvalidInputError(
            "import.undecided",
            expected="a choice for every row that the report names",
            found=_numbers(untold),
        )
    other = (choice.left_out - broken - alike) | (choice.taken_in - alike)
    other |= choice.left_out & choice.taken_in
    if other:
        raise InvalidInputError(
            "import.choice", expected="rows that the report names", found=_numbers(other)
        )


def _numbers(rows: Collection[int]) -> str:
    shown = ", ".join(map(str, sorted(rows)[:10]))
    return f"{len(rows)}: {shown}"


def _persons_of(state: State) -> Callable[[MemberClass], Persons]:
    known: dict[MemberClass, Persons | GovernanceError] = {}

    def persons_of(member_class: MemberClass) -> Persons:
        if member_class not in known:
            try:
                admission_rule(state, member_class)
                rulebook = state.in_force().rulebook
                known[member_class] = rulebook.voting_right(member_class).persons
            except GovernanceError:
                known[member_class] = InvalidInputError(
                    "import.class", expected="a class that people join", found="another"
                )
        found = known[member_class]
        if isinstance(found, GovernanceError):
            raise found
        return found

    return persons_of


def _likenesses(
    rows: tuple[ImportRow, ...],
    digests: Mapping[int, tuple[IdentityDigest, ...]],
    index: IdentityIndex,
) -> Iterator[Likeness]:
    sought = {each.digest for own in digests.values() for each in own}
    holders = index.holders(sought)
    facts = index.facts({member for members in holders.values() for member in members})
    seen: dict[bytes, list[ImportRow]] = {}
    for row in rows:
        shared: dict[int | MemberId, list[IdentityDigest]] = {}
        known: dict[int | MemberId, Facts] = {}
        for each in digests[row.number]:
            for member in holders.get(each.digest, ()):
                shared.setdefault(member, []).append(each)
                known[member] = facts.get(member, {})
            for earlier in seen.get(each.digest, ()):
                shared.setdefault(earlier.number, []).append(each)
                known[earlier.number] = earlier.facts
        for other in nearest(shared):
            kinds = [each.kind for each in shared[other]]
            alike = compare(row.facts, known[other], row.persons, kinds)
            if alike is not None:
                yield Likeness(row.number, other, alike)
        for each in digests[row.number]:
            place = seen.setdefault(each.digest, [])
            if len(place) < MAX_COMPARED:
                place.append(row)


def _pseudonym(seed: bytes, number: int) -> MemberId:
    return f"m{_drawn(seed, 'member', number)[:16].hex()}"


def _drawn(seed: bytes, purpose: str, number: int) -> bytes:
    """Return 32 bytes that nobody knows without the seed."""
    return hmac.digest(seed, f"psephos-import/1/{purpose}/{number}".encode(), hashlib.sha256)
