"""How acts on places change the state."""

from dataclasses import replace

from backend.domain.acts import PlaceRegistered, TerritoryAct
from backend.domain.fold.members import put_member
from backend.domain.state import State


def fold_territory_act(state: State, data: TerritoryAct) -> State:
    """Return the state after an act on places.

    Raises:
        NotFoundError: No such member.
    """
    if isinstance(data, PlaceRegistered):
        return replace(state, places=state.places.set(data.place, data))
    return put_member(state, replace(state.member(data.member), place=data.place))
