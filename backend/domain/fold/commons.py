"""How acts on commons change the state."""

from dataclasses import replace

from backend.domain.acts import (
    CommonsAct,
    CommonsRegistered,
    ObservationRecorded,
    ValuationPublished,
)
from backend.domain.state import State


def fold_commons_act(state: State, data: CommonsAct) -> State:
    """Return the state after an act on commons."""
    match data:
        case CommonsRegistered():
            return replace(state, commons=state.commons.set(data.commons, data))
        case ObservationRecorded():
            place = (data.commons, data.framework, data.indicator)
            return replace(
                state,
                observations=state.observations.set(data.observation, data),
                latest=state.latest.set(place, data.observation),
            )
        case ValuationPublished():
            return replace(state, valuations=state.valuations.set(data.valuation, data))
