"""What tests of people begin from: changed rules, meetings of the bureau, elections."""

import msgspec

from backend.domain.acts import ElectionEffect, SeatGiven
from backend.domain.deadlines import Day
from backend.domain.rulebook.topics import AnyRule
from tests.support.governance import CHAIR, rule_of
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation


def altered(rule: str, **fields: object) -> AnyRule:
    """Return a rule of the model rulebook with other fields."""
    return msgspec.structs.replace(rule_of(rule), **fields)


def meet(simulation: Simulation, meeting: str, *present: Actor) -> None:
    """Hold a meeting of the bureau; it decides nothing, but notes who is there."""
    simulation.propose(CHAIR, f"{meeting}-motion")
    simulation.convene(CHAIR, meeting, f"{meeting}-motion", days=4, session="council")
    simulation.advance(days=4)
    for member in present:
        simulation.attend(member, meeting)
    simulation.advance(days=2)
    simulation.settle(meeting)


def election(
    *seats: tuple[str, Actor],
    body: str = "bureau",
    starts: Day = "2026-03-01",
    attested: bool = True,
    co_option: bool = False,
) -> ElectionEffect:
    """Return an election of holders; a mandate is named after body and role."""
    return ElectionEffect(
        body,
        "co_option" if co_option else "designation",
        starts,
        attested,
        tuple(SeatGiven(f"new-{body}-{who.role}", seat, who.id) for seat, who in seats),
    )
