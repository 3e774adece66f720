"""Who acts for the convener of an assembly.

Built-in rule ``psephos.assembly``: what calling an assembly freezes is the truth at that moment, and its
acts come in their order. An act that the convener owes the assembly may be made by the convener, by anyone
else who holds a seat that may call such a session, or by the custodians of the registers.
"""

from collections.abc import Sequence

from backend.domain.acts import MemberId
from backend.domain.deadlines import Day
from backend.domain.errors import RuleReference, RuleViolation
from backend.domain.facts import Assembly, Member
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import BodyParty, Party, SeatParty, ShareParty
from backend.domain.rulebook.sessions import Convocation
from backend.domain.standing import active, may_act_as, party_name
from backend.domain.state import State

ASSEMBLY_RULE = RuleReference("psephos.assembly", "")
"""Built-in rule: what calling an assembly freezes is the truth, and its acts come in their order."""


def check_assembly_officer(state: State, assembly: Assembly, member: MemberId, day: Day) -> Member:
    """Check that someone may act for the convener of an assembly; returns them.

    Args:
        state: What is known.
        assembly: The assembly.
        member: Who acts.
        day: The day of the act.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: ``member.inactive``, or ``assembly.officer``.
    """
    found = active(state, member)
    if found.id == assembly.convener:
        return found
    call = assembly.data.call
    rulebook = state.governing(call.assembly)
    rule = rulebook.one(Convocation, call.session)
    seated = [party for party in rule.by if isinstance(party, BodyParty | SeatParty)]
    seated += [custody.by for custody in rulebook.every(Custody)]
    if not may_act_as(state, member, seated, day):
        raise RuleViolation(
            "assembly.officer",
            rule.reference(),
            expected=" or ".join(["convener", *map(party_name, seated)]),
            found=member,
        )
    return found


def callers(parties: Sequence[Party]) -> str:
    """Return how refusals name those who may call a session.

    Where any member may, nobody who asks is refused, so that this needs no name.
    """
    seated = [party_name(party) for party in parties if isinstance(party, BodyParty | SeatParty)]
    shares = [
        f"{party.threshold} of {party.body or 'voters'}"
        for party in parties
        if isinstance(party, ShareParty)
    ]
    return " or ".join([*seated, *shares])
