"""Under which rules a vote is held."""

from backend.domain.acts import Slug
from backend.domain.commitments import Hex32
from backend.domain.contests import contest_of
from backend.domain.errors import RuleReference
from backend.domain.methods import METHODS, OPTION_METHODS
from backend.domain.methods.choices import BLANK
from backend.domain.rulebook.sessions import AgendaBinding, Session
from backend.domain.rulebook.voting import BallotRule
from backend.domain.standing import franchise
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
    data = state.motion(motion).data
    return rulebook.ballot(data.kind, data.effect)


def check_choice(state: State, motion: Slug, choice: str) -> None:
    """Check that a choice is on the ballot of a motion that is on an agenda.

    Raises:
        NotFoundError: No such motion, or it is on no agenda.
        RuleViolation: The governing rules do not say how it is voted.
        InvalidInputError: The choice is not on the ballot, or not written as it must be.
    """
    rule = ballot_rule(state, motion)
    if not rule.several:
        METHODS[rule.method].check_choice(choice)
    elif choice != BLANK:
        contest = contest_of(state.motion(motion).data.effect, rule)
        OPTION_METHODS[rule.method].parse_choice(choice, contest)


def agenda_rule(state: State, assembly: Slug) -> RuleReference:
    """Return what binds the votes of an assembly to its agenda: its statutes, else ``BALLOT_RULE``.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: Its rules leave open whether the agenda binds.
    """
    session = state.assembly(assembly).data.call.session
    rule = state.governing(assembly).maybe(AgendaBinding, session)
    return BALLOT_RULE if rule is None else rule.reference()


def agenda_rule_of(state: State, decision: Hex32) -> RuleReference:
    """Return ``agenda_rule`` of the assembly that takes a decision; ``BALLOT_RULE`` where none does.

    Raises:
        RuleViolation: Its rules leave open whether the agenda binds.
    """
    for poll in state.polls.values():
        if poll.item.decision == decision:
            return agenda_rule(state, poll.assembly)
    return BALLOT_RULE


def voter_rule(state: State, assembly: Slug) -> RuleReference:
    """Return the rule that says who has a vote in an assembly.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: Its rules leave it open.
    """
    rulebook = state.governing(assembly)
    session = rulebook.one(Session, state.assembly(assembly).data.call.session)
    return franchise(session, rulebook).reference()
