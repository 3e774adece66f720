"""The keys of members: binding, revoking, enrolling, recovering, and the representatives of organisations.

J1 acts on keys concern members; a commitment to a key comes once in a ledger. J2 a member binds another key,
signed with a key in force and with the new one, up to ``MAX_MEMBER_KEYS``. J3 a member revokes a key in
force with any key in force, that one included, but never the last. J4 a member without a key gets the first
from somebody else who keeps the registers; the new key signs too. J5 two different people who keep the
registers, neither of them the member, replace all keys by one that signs too. J6 an organisation names its
representative with a key in force; the representative's key signs too and is from then on its only one. J7
whoever is suspended does not act on the keys of others. J8 C2 of ``contract_accounts`` holds for every new
key.

What was signed with a key stays signed when the key ends: which keys are in force is asked of the state
before each act. Two commitments may hide one key; that one key is bound once is up to who keeps the openings.
"""

from typing import Final

from backend.domain.acts import (
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MemberId,
    MemberKeyAct,
    RepresentativeNamed,
)
from backend.domain.authorship import Signer, check_statement
from backend.domain.commitments import Hex32
from backend.domain.contract_accounts import check_holder
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.facts import Member
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import SeatParty
from backend.domain.sources import Sources
from backend.domain.standing import (
    active,
    check_author,
    check_officer,
    holders,
    party_name,
    suspended,
)
from backend.domain.state import State

MEMBER_KEYS_RULE: Final = RuleReference("psephos.member_keys", "")
"""Built-in rule: members have keys of their own, and lose none without two who answer for it."""

MAX_MEMBER_KEYS: Final = 10
"""Most keys of a member at a time: a few devices; each is tried when a signature comes without its key."""


def check_member_key_act(state: State, entry: Entry, data: MemberKeyAct, sources: Sources) -> int:
    """Check an act on the keys of a member (J1 to J8); returns the number of redacted signatures.

    Raises:
        GovernanceError: What the act breaks; the checks below say.
    """
    match data:
        case KeyBound():
            signers = _bound(state, entry, data)
        case KeyRevoked():
            signers = _revoked(state, entry, data)
        case KeyEnrolled():
            signers = _enrolled(state, entry, data)
        case KeysRecovered():
            signers = _recovered(state, entry, data)
        case _:
            signers = _represented(state, entry, data)
    redacted = check_statement(state.founded(), entry, state.size, sources, signers=signers)
    if not isinstance(data, KeyRevoked):
        holder = state.member(data.member)
        check_holder(state.in_force().rulebook, holder.member_class, sources.key(data.key))
    return redacted


def _bound(state: State, entry: Entry, data: KeyBound) -> list[Signer]:
    """Return who signs another key (J1, J2).

    Raises:
        NotFoundError: No such member.
        ConflictError: ``key.in_use``, or ``key.limit``: there are as many as there may be.
        RuleViolation: ``member.inactive``, or ``author.self``: not the member's own act.
    """
    member = _own(state, entry, data.member)
    _check_new(state, data.key)
    if len(member.keys) >= MAX_MEMBER_KEYS:
        raise ConflictError(
            "key.limit", expected=f"at most {MAX_MEMBER_KEYS} keys", found=f"{len(member.keys) + 1}"
        )
    return [(member.id, member.keys), (member.id, (data.key,))]


def _revoked(state: State, entry: Entry, data: KeyRevoked) -> list[Signer]:
    """Return who signs the end of a key (J1, J3).

    Raises:
        NotFoundError: No such member.
        ConflictError: ``key.not_in_force``: not a key of the member, or over already.
        RuleViolation: ``member.inactive``; ``author.self``; ``key.last``: no other key would remain.
    """
    member = _own(state, entry, data.member)
    if data.key not in member.keys:
        raise ConflictError(
            "key.not_in_force", expected="a key in force of the member", found=data.key
        )
    if len(member.keys) == 1:
        raise RuleViolation(
            "key.last", MEMBER_KEYS_RULE, expected="another key in force", found="the last key"
        )
    return [(member.id, member.keys)]


def _enrolled(state: State, entry: Entry, data: KeyEnrolled) -> list[Signer]:
    """Return who signs a first key (J1, J4, J7).

    Raises:
        NotFoundError: No such member or author.
        ConflictError: ``key.in_use``, or ``key.present``: the member has a key.
        RuleViolation: ``member.inactive``, ``officer.required``, ``officer.oneself``, ``officer.suspended``,
            or the rulebook does not say who keeps the registers.
    """
    member = active(state, data.member)
    officer = _keeper(state, entry.by, member, state.day_of(entry.at))
    _check_new(state, data.key)
    if member.keys:
        raise ConflictError(
            "key.present", expected="a member without a key", found=f"{len(member.keys)} in force"
        )
    return [(member.id, (data.key,)), (officer.id, officer.keys)]


def _recovered(state: State, entry: Entry, data: KeysRecovered) -> list[Signer]:
    """Return who signs a recovery (J1, J5, J7).

    Raises:
        NotFoundError: No such member or officer.
        ConflictError: ``key.in_use``.
        RuleViolation: ``member.inactive``; ``recovery.keepers``: fewer than two others keep the registers;
            ``officer.required``, ``officer.oneself``, ``officer.suspended``, ``officer.twice``; or the
            rulebook does not say who keeps the registers.
    """
    member = active(state, data.member)
    day = state.day_of(entry.at)
    _check_two_keep(state, member, day)
    first = _keeper(state, entry.by, member, day)
    second = _keeper(state, data.second, member, day)
    if first.id == second.id:
        raise RuleViolation(
            "officer.twice",
            _custody(state).reference(),
            expected="two different people",
            found=first.id,
        )
    _check_new(state, data.key)
    return [(first.id, first.keys), (second.id, second.keys), (member.id, (data.key,))]


def _represented(state: State, entry: Entry, data: RepresentativeNamed) -> list[Signer]:
    """Return who signs the naming of a representative (J1, J6).

    Raises:
        NotFoundError: No such member.
        ConflictError: ``key.in_use``.
        RuleViolation: ``member.inactive``; ``author.self``; ``representative.natural``: the member is no
            organisation; or the rulebook does not know its class.
    """
    member = _own(state, entry, data.member)
    right = state.in_force().rulebook.voting_right(member.member_class)
    if right.persons != "legal":
        raise RuleViolation(
            "representative.natural",
            right.reference(),
            expected="an organisation",
            found=member.member_class,
        )
    _check_new(state, data.key)
    return [(member.id, member.keys), (member.id, (data.key,))]


def _own(state: State, entry: Entry, member: MemberId) -> Member:
    found = active(state, member)
    check_author(entry, member)
    return found


def _check_new(state: State, key: Hex32) -> None:
    if key in state.keys:
        raise ConflictError("key.in_use", expected="a key bound to nobody", found=key)


def _custody(state: State) -> Custody:
    return state.in_force().rulebook.one(Custody)


def _keeper(state: State, officer: MemberId, member: Member, day: Day) -> Member:
    """Return somebody else than the member who keeps the registers on a day (J4, J5, J7)."""
    custody = _custody(state)
    found = check_officer(state, officer, custody.by, day, custody.reference())
    if found.id == member.id:
        raise RuleViolation(
            "officer.oneself",
            custody.reference(),
            expected="somebody else who keeps the registers",
            found=found.id,
        )
    if suspended(found, day):
        raise RuleViolation(
            "officer.suspended",
            custody.reference(),
            expected="somebody who is not suspended",
            found=str(found.suspended_until),
        )
    return found


def _check_two_keep(state: State, member: Member, day: Day) -> None:
    """Check that somebody could recover the member's keys at all, and say what is missing (J5)."""
    custody = _custody(state)
    seat = custody.by.seat if isinstance(custody.by, SeatParty) else None
    held = {each.holder for each in holders(state, custody.by.body, day, seat=seat)}
    others = held - {member.id}
    if len(others) < 2:
        raise RuleViolation(
            "recovery.keepers",
            custody.reference(),
            expected=f"two others who keep the registers: {party_name(custody.by)}",
            found=f"{len(others)}",
        )
