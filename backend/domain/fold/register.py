"""How acts on the account of the members change the state."""

from dataclasses import replace

from backend.domain.acts import (
    ArrearsCleared,
    ArrearsRecorded,
    MemberId,
    MembersMerged,
    RegisterAct,
)
from backend.domain.entry import Entry
from backend.domain.fold.members import end_membership, put_member
from backend.domain.instants import Instant
from backend.domain.state import State


def fold_register_act(state: State, entry: Entry, data: RegisterAct) -> State:
    """Return the state after an act on the account of the members; attesting a register changes nothing.

    Raises:
        NotFoundError: No such member.
    """
    match data:
        case ArrearsRecorded(member=member, since=since):
            return put_member(state, replace(state.member(member), arrears_since=since))
        case ArrearsCleared(member=member):
            return put_member(state, replace(state.member(member), arrears_since=None))
        case MembersMerged(dropped=dropped):
            return _drop(state, dropped, entry.at)
        case _:
            return state


def _drop(state: State, member: MemberId, at: Instant) -> State:
    """End a record of which another is kept; nobody signs with its keys any more."""
    ended = end_membership(state, member, "merged", at)
    found = ended.member(member)
    return put_member(ended, replace(found, keys=(), former_keys=(*found.former_keys, *found.keys)))


def mark_register(before: State, after: State, entry: Entry) -> State:
    """Return the state after an entry with the place in the ledger of the last change of the register noted.

    What a register says changes with the members, and with the rules by which their standing is read.

    Args:
        before: The state before the entry.
        after: The state after it.
        entry: The entry.
    """
    if after.members is before.members and after.statutes is before.statutes:
        return after
    return replace(after, register_entry=before.size, register_at=entry.at)
