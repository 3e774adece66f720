"""Under which rules a vote is held."""

from backend.domain.acts import Slug
from backend.domain.errors import RuleReference
from backend.domain.rulebook.voting import BallotRule
from backend.domain.state import State

BALLOT_RULE = RuleReference("psephos.ballot", "")
"""Built-in rule: one ballot per elector, the last one, within the voting period, as committed."""


def ballot_rule(state: State, motion: Slug) -> BallotRule:
    """Return how a motion that is on an agenda is voted: by the rules in force when its assembly was called.

    Raises:
        NotFoundError: No such motion, or it is on no agenda.
        RuleViolation: Those rules do not say.
    """
    rulebook = state.governing(state.poll(motion).assembly)
    return rulebook.ballot(state.motion(motion).data.kind)
