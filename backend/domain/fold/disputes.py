"""How acts on disputes change the state."""

from dataclasses import replace

from backend.domain.acts import DisputeAct, DisputeAdvanced, DisputeOpened
from backend.domain.facts import Dispute
from backend.domain.rulebook.order import Escalation
from backend.domain.state import State


def fold_dispute_act(state: State, data: DisputeAct) -> State:
    """Return the state after an act on a dispute.

    Raises:
        NotFoundError: No such dispute.
    """
    match data:
        case DisputeOpened():
            first = state.in_force().rulebook.one(Escalation).steps[0]
            dispute = Dispute(data, first)
        case DisputeAdvanced():
            dispute = replace(state.dispute(data.dispute), step=data.step)
        case _:
            dispute = replace(state.dispute(data.dispute), settled=True)
    return replace(state, disputes=state.disputes.set(data.dispute, dispute))
