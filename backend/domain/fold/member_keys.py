"""How acts on the keys of members change the state."""

from dataclasses import replace

from backend.domain.acts import KeyBound, KeyEnrolled, KeyRevoked, MemberKeyAct
from backend.domain.fold.members import put_member
from backend.domain.state import State


def fold_member_key_act(state: State, data: MemberKeyAct) -> State:
    """Return the state after an act on the keys of a member.

    Raises:
        NotFoundError: No such member.
    """
    member = state.member(data.member)
    match data:
        case KeyBound() | KeyEnrolled():
            kept = (*member.keys, data.key)
        case KeyRevoked():
            kept = tuple(key for key in member.keys if key != data.key)
        case _:
            kept = (data.key,)
    ended = tuple(key for key in member.keys if key not in kept)
    return put_member(state, replace(member, keys=kept, former_keys=(*member.former_keys, *ended)))
