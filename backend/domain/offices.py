"""Offices: what someone may see and do beside the ledger, because of the mandates they hold on a day.

An office is never given by itself: it follows from a seat, through the rules that name who keeps the
registers and who admits, or from the list of a centre's correspondents, and it ends with them. Acts need no
office: the rules on each act say who may sign it.
"""

from typing import Literal

from backend.domain.acts import MemberId
from backend.domain.centres import registers_for
from backend.domain.deadlines import Day
from backend.domain.rulebook.membership import Admission
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import BodyParty, Decider, SeatParty
from backend.domain.standing import may_act_as, suspended
from backend.domain.state import State

Office = Literal["keeper", "admitter", "correspondent"]
"""What the software knows: those who keep the registers, those who decide on applications or appeals, and
those who register for a centre that is open."""


def offices_of(state: State, member: MemberId, day: Day) -> frozenset[Office]:
    """Return the offices that someone holds on a day; none for whoever is no member, or is suspended.

    Args:
        state: What is known.
        member: Who.
        day: The day.
    """
    found = state.members.get(member)
    if found is None or found.status != "active" or suspended(found, day):
        return frozenset()
    rulebook = state.in_force().rulebook
    offices: set[Office] = set()
    custody = rulebook.maybe(Custody)
    if custody is not None and _holds(state, member, custody.by, day):
        offices.add("keeper")
    deciders = [each for rule in rulebook.every(Admission) for each in (rule.by, rule.appeal_to)]
    if any(_holds(state, member, each, day) for each in deciders):
        offices.add("admitter")
    if any(registers_for(state, member, centre) for centre in state.centres):
        offices.add("correspondent")
    return frozenset(offices)


def _holds(state: State, member: MemberId, party: Decider | None, day: Day) -> bool:
    return isinstance(party, BodyParty | SeatParty) and may_act_as(state, member, (party,), day)
