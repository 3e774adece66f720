"""The register of members after an entry, as a document with a fingerprint.

R1 the register holds one line for everyone who ever applied, by pseudonym; where each stands is read under
the rules in force, on the day of its instant. R2 its fingerprint is the SHA-256 of its canonical JSON,
which docs/formats/register.md describes. R3 those who keep the registers may put in the ledger the
fingerprint of the register as the last entry that changed it left it, read at the instant of that entry. R4
the register at an instant is that after the last entry not later.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec

from anchoring.core.canonical import canonical_json
from backend.domain.acts import Count, MemberClass, MemberId, RegisterAttested, Slug
from backend.domain.authorship import check_signed
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day, TimeZoneName, end_of_day, local_day, parse_day
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.facts import Member, MemberEnd
from backend.domain.fold import evolve
from backend.domain.instants import Instant, format_instant, parse_instant
from backend.domain.rulebook.membership import Dues
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import check_officer, dues_rule, in_arrears, suspended
from backend.domain.state import State

RegisterStatus = Literal[
    "applied", "refused", "active", "suspended", "in_arrears", "resigned", "ended"
]
"""Where somebody stands; who is suspended or in arrears is a member."""

MEMBERS: frozenset[RegisterStatus] = frozenset({"active", "suspended", "in_arrears"})
"""Of these, who is a member."""


_DAY_LENGTH = len("2026-02-28")


class RegisterLine(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One member, applicant or former member."""

    member: MemberId
    """Pseudonym."""
    member_class: MemberClass
    """Class, as the rulebook names it."""
    status: RegisterStatus
    """Where they stand; a suspension is named before arrears."""
    entry: Count
    """Index of the application or the founding."""
    since: Count | None = None
    """Index of the admission or the founding; None for who was never admitted."""
    place: Slug | None = None
    """The place to which they belong."""
    suspended_until: Day | None = None
    """Last day of the latest suspension, over or not."""
    arrears_since: Day | None = None
    """Day on which dues fell due that they owe."""
    ended_by: MemberEnd | None = None
    """Why the membership ended."""


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The register of an organisation after an entry, read at an instant."""

    format: Literal["psephos-register/1"]
    """Format and version."""
    origin: str
    """Origin of the ledger."""
    entry: Count
    """Index of the last entry told."""
    at: Instant
    """Instant at which suspensions and arrears are read."""
    lines: tuple[RegisterLine, ...]
    """Everyone, by pseudonym."""

    def members(self) -> int:
        """Return how many are members."""
        return sum(line.status in MEMBERS for line in self.lines)


def register_of(state: State, *, entry: int, at: Instant) -> Register:
    """Return the register that a state tells (R1).

    Args:
        state: What is known.
        entry: Index of the last entry that the register tells of.
        at: The instant at which it is read.

    Raises:
        NotFoundError: Nothing is founded.
        InvalidInputError: Not an instant.
    """
    day, rule = state.day_of(at), dues_rule(state.in_force().rulebook)
    ordered = sorted(state.members.values(), key=lambda member: member.id)
    return Register(
        format="psephos-register/1",
        origin=state.founded().origin,
        entry=entry,
        at=at,
        lines=tuple(_line(member, rule, day) for member in ordered),
    )


def register_after(entries: Iterable[Entry], sources: Sources, *, until: int | Instant) -> Register:
    """Return the register at some point of a ledger that is believed (R4).

    Args:
        entries: The ledger from its beginning.
        sources: Where rulebooks are looked up.
        until: Index of the last entry, at whose instant the register is read; or the instant.

    Raises:
        NotFoundError: No such entry, or the organisation was founded later.
        InvalidInputError: Not an instant.
    """
    state = State()
    for entry in entries:
        if state.size > until if isinstance(until, int) else entry.at > until:
            break
        state = evolve(state, entry, sources)
    if isinstance(until, int) and state.size != until + 1:
        raise NotFoundError("entry", str(until))
    if state.organisation is None:
        raise NotFoundError("register", str(until))
    at = state.at if isinstance(until, int) else until
    return register_of(state, entry=state.size - 1, at=at)


def moment_of(text: Instant | Day, *, zone: TimeZoneName, latest: Instant) -> Instant:
    """Return the instant at which a register is asked for: as given, or the last one of a day.

    Of the day that is not over, it is the latest instant.

    Args:
        text: An instant, or a day where the organisation is at home.
        zone: Its time zone.
        latest: The last instant of which anything is known.

    Raises:
        InvalidInputError: Neither an instant nor a day, or ``register.future`` for a later one.
    """
    if len(text) == _DAY_LENGTH:
        day = parse_day(text)
        over = parse_instant(end_of_day(day, zone)) - timedelta(milliseconds=1)
        moment = latest if day == local_day(latest, zone) else format_instant(over)
    else:
        moment = format_instant(parse_instant(text))
    if moment > latest:
        raise InvalidInputError("register.future", expected=f"by {latest}", found=text)
    return moment


def format_register(register: Register) -> bytes:
    """Return the document of a register, canonical JSON (R2)."""
    return canonical_json(msgspec.to_builtins(register))


def fingerprint(register: Register) -> Hex32:
    """Return the fingerprint of a register (R2)."""
    return hashlib.sha256(format_register(register)).hexdigest()


def attestation(state: State) -> RegisterAttested:
    """Return the act that attests the register as it stands (R3); its author has yet to sign it.

    Raises:
        NotFoundError: Nothing is founded.
    """
    register = register_of(state, entry=state.register_entry, at=state.register_at)
    return RegisterAttested(register.entry, register.members(), fingerprint(register))


def check_attested(state: State, entry: Entry, data: RegisterAttested, sources: Sources) -> int:
    """Check that a register is attested as it stands (R3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such author.
        InvalidInputError: ``register.entry`` where another entry changed the register last,
            ``register.fingerprint`` where it is another register.
        RuleViolation: The author does not keep the registers, or did not sign.
    """
    custody = state.in_force().rulebook.one(Custody)
    check_officer(state, entry.by, custody.by, state.day_of(entry.at), custody.reference())
    if data.at_entry != state.register_entry:
        raise InvalidInputError(
            "register.entry", expected=str(state.register_entry), found=str(data.at_entry)
        )
    expected = attestation(state)
    if data != expected:
        raise InvalidInputError(
            "register.fingerprint",
            expected=f"{expected.members} members, {expected.fingerprint}",
            found=f"{data.members} members, {data.fingerprint}",
        )
    return check_signed(state, entry, sources)


def _line(member: Member, rule: Dues | None, day: Day) -> RegisterLine:
    status: RegisterStatus = member.status
    if status == "active" and suspended(member, day):
        status = "suspended"
    elif status == "active" and rule is not None and in_arrears(member, rule, day):
        status = "in_arrears"
    return RegisterLine(
        member=member.id,
        member_class=member.member_class,
        status=status,
        entry=member.entry,
        since=member.since,
        place=member.place,
        suspended_until=member.suspended_until,
        arrears_since=member.arrears_since,
        ended_by=member.lost_by,
    )
