"""Taking over a register that was kept elsewhere: its document, and who may do it.

I1 whoever keeps the registers signs, once for all; where the statutes let a body or a seat admit to a
class, the signer acts for that too, and where an assembly admits or nobody is admitted, no member of the
class is imported. I2 the document lists each pseudonym once, in order, none of them on the register; it
says how many there are. I3 those imported are members from the act on, without a key: nobody acts for
them until one is bound. The time to object to applications does not run: nobody applies.
"""

from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import MAX_IMPORTED, MemberClass, MemberId, RegisterImported
from backend.domain.admission import decider_of
from backend.domain.authorship import check_signed
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.prerequisites import admission_rule
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import check_officer
from backend.domain.state import State

FORMAT: Literal["psephos-import/1"] = "psephos-import/1"
"""Name and version of the document."""

MAX_IMPORT_BYTES = MAX_IMPORTED * 256
"""Longest document, in bytes: a line takes fewer than 256, the longest name of a class included."""


class ImportedMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the ledger knows of someone who is taken over."""

    member: MemberId
    """Pseudonym, drawn at random."""
    member_class: MemberClass
    """Class, as the rulebook names it."""
    person: Hex32
    """Commitment to the facts."""


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["psephos-import/1"]
    members: Annotated[tuple[ImportedMember, ...], Meta(min_length=1, max_length=MAX_IMPORTED)]


_DOCUMENTS = msgspec.json.Decoder(_Document)


def format_import(members: tuple[ImportedMember, ...]) -> bytes:
    """Return the document of an import, canonical JSON, by pseudonym."""
    ordered = tuple(sorted(members, key=lambda each: each.member))
    return canonical_json(msgspec.to_builtins(_Document(FORMAT, ordered)))


def parse_import(content: bytes) -> tuple[ImportedMember, ...]:
    """Read the document of an import.

    Args:
        content: Canonical JSON.

    Returns:
        Who is imported, each once, by pseudonym.

    Raises:
        InvalidInputError: ``import.document``: too long, outside the schema, not canonical, or not in order.
    """
    if len(content) > MAX_IMPORT_BYTES:
        raise _malformed(f"{len(content)} bytes")
    try:
        parse_canonical(content, what="import")
        members = _DOCUMENTS.decode(content).members
    except (MalformedError, msgspec.DecodeError) as error:
        raise _malformed(str(error)[:200]) from error
    for before, after in pairwise(members):
        if before.member >= after.member:
            raise _malformed(f"{after.member} after {before.member}")
    return members


def check_imported(state: State, entry: Entry, data: RegisterImported, sources: Sources) -> int:
    """Check an import (I1, I2); returns the number of redacted signatures.

    Raises:
        NotFoundError: The document is not held, or no such author.
        InvalidInputError: The document is not one.
        ConflictError: ``member.exists``: a pseudonym is on the register.
        RuleViolation: ``import.count``: another number of members; ``officer.required``, or the class may not
            be imported, or no rule says how it is admitted, or the signature is wrong.
    """
    members = parse_import(sources.document(data.members))
    custody = state.in_force().rulebook.one(Custody)
    if len(members) != data.count:
        raise RuleViolation(
            "import.count",
            custody.reference(),
            expected=str(len(members)),
            found=str(data.count),
        )
    known = next((each.member for each in members if each.member in state.members), None)
    if known is not None:
        raise ConflictError("member.exists", expected="a new pseudonym", found=known)
    classes = {each.member_class for each in members}
    _check_importer(state, entry.by, classes, state.day_of(entry.at))
    return check_signed(state, entry, sources)


def _check_importer(state: State, author: MemberId, classes: set[MemberClass], day: Day) -> None:
    """Check that someone may take over members of some classes (I1).

    Args:
        state: Before the act.
        author: Who signs.
        classes: Classes of those taken over.
        day: The day of the act.

    Raises:
        NotFoundError: No such author.
        RuleViolation: ``officer.required``, ``member.inactive``, ``admission.forbidden``,
            ``admission.assembly``, or no rule says how a class is admitted.
    """
    custody = state.in_force().rulebook.one(Custody)
    check_officer(state, author, custody.by, day, custody.reference())
    for member_class in sorted(classes):
        rule = admission_rule(state, member_class)
        if rule.by is not None:
            check_officer(state, author, decider_of(rule), day, rule.reference())


def _malformed(found: str) -> InvalidInputError:
    return InvalidInputError("import.document", expected=f"a document {FORMAT}", found=found)
