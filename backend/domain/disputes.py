"""Disputes between parties to an agreement: a ladder of remedies, climbed one step at a time.

D1 an id is used once; the parties are different members and the one who opens a dispute is among them.
D2 a party moves a dispute that is not settled to the step after the one it is on, and to no other. D3 an
exit plan answers every goal of the agreement, each once; other steps have no plan. D4 a dispute is
settled when all parties sign, in the order in which it names them.
"""

from itertools import pairwise
from typing import Final

from backend.domain.acts import (
    DisputeAct,
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    EscalationStep,
)
from backend.domain.authorship import check_signed, check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Dispute
from backend.domain.rulebook.order import Escalation
from backend.domain.sources import Sources
from backend.domain.standing import active
from backend.domain.state import State
from backend.domain.statutes import read_text

EXIT_PLAN: Final = "exit_plan"
"""The step that answers the goals of an exit."""

NO_PLAN = "\N{EM DASH}"
"""How refusals write that there is no plan."""


def check_dispute_act(state: State, entry: Entry, data: DisputeAct, sources: Sources) -> int:
    """Check an act on a dispute; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    match data:
        case DisputeOpened():
            return check_opened(state, entry, data, sources)
        case DisputeAdvanced():
            return check_advanced(state, entry, data, sources)
        case _:
            return check_settled(state, entry, data, sources)


def check_opened(state: State, entry: Entry, data: DisputeOpened, sources: Sources) -> int:
    """Check the opening of a dispute (D1); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use.
        NotFoundError: Someone is unknown, or the grounds are not held.
        InvalidInputError: A party is named twice, or the grounds are no text.
        RuleViolation: A party is no member, the author is no party or did not sign, or the rulebook is
            silent on disputes.
    """
    if data.dispute in state.disputes:
        raise ConflictError("dispute.exists", expected="a new id", found=data.dispute)
    ladder = state.in_force().rulebook.one(Escalation)
    if len(set(data.parties)) != len(data.parties):
        raise InvalidInputError(
            "dispute.parties", expected="each party once", found="a repeated party"
        )
    for party in data.parties:
        active(state, party)
    _check_party(entry, data, ladder)
    read_text(data.grounds, sources)
    return check_signed(state, entry, sources)


def check_advanced(state: State, entry: Entry, data: DisputeAdvanced, sources: Sources) -> int:
    """Check a move to the next step (D2, D3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such dispute, or the text is not held.
        ConflictError: It is settled.
        InvalidInputError: The text is none.
        RuleViolation: The author is no party or did not sign, the step is not the next one, or the plan
            does not answer what it must.
    """
    dispute = _unsettled(state.dispute(data.dispute))
    ladder = state.in_force().rulebook.one(Escalation)
    _check_party(entry, dispute.data, ladder)
    active(state, entry.by)
    following = next_step(dispute, ladder)
    if data.step != following:
        raise RuleViolation(
            "dispute.step",
            ladder.reference(),
            expected=following or "settlement",
            found=data.step,
        )
    goals = sorted(ladder.exit_goals) if data.step == EXIT_PLAN else []
    answered = sorted(answer.goal for answer in data.plan)
    if answered != goals:
        raise RuleViolation(
            "dispute.plan",
            ladder.reference(),
            expected="; ".join(goals) or NO_PLAN,
            found="; ".join(answered) or NO_PLAN,
        )
    read_text(data.text, sources)
    return check_signed(state, entry, sources)


def check_settled(state: State, entry: Entry, data: DisputeSettled, sources: Sources) -> int:
    """Check a settlement (D4); returns the number of redacted signatures.

    Parties who left since sign all the same: they are bound by what they settle.

    Raises:
        NotFoundError: No such dispute, or the text is not held.
        ConflictError: It is settled already.
        InvalidInputError: The text is none.
        RuleViolation: The author is no party, or a party did not sign.
    """
    dispute = _unsettled(state.dispute(data.dispute))
    _check_party(entry, dispute.data, state.in_force().rulebook.one(Escalation))
    read_text(data.text, sources)
    parties = [state.member(party) for party in dispute.data.parties]
    signers = [(party.id, party.keys) for party in parties]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def next_step(dispute: Dispute, ladder: Escalation) -> EscalationStep | None:
    """Return the step after the one a dispute is on; None after the last, or where that step is gone.

    Args:
        dispute: The dispute.
        ladder: The steps in force.
    """
    following = dict(pairwise(ladder.steps))
    return following.get(dispute.step)


def _check_party(entry: Entry, dispute: DisputeOpened, ladder: Escalation) -> None:
    if entry.by not in dispute.parties:
        raise RuleViolation(
            "dispute.party", ladder.reference(), expected="one of its parties", found=entry.by
        )


def _unsettled(dispute: Dispute) -> Dispute:
    if dispute.settled:
        raise ConflictError(
            "dispute.settled", expected="a dispute that goes on", found=dispute.data.dispute
        )
    return dispute
