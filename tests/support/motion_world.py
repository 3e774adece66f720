"""Motions carried through sessions of the model organisation, and rulebooks that leave matters open."""

from collections.abc import Sequence

import msgspec

from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.order import Custody, InternalRules
from backend.domain.rulebook.topics import FirmRule, Silent
from tests.support.governance import CHAIR, rule_of, rules_with
from tests.support.model_organisation import FOUNDERS, Actor
from tests.support.organisations import Simulation

OPEN_TIES = Silent(id="open", article="15", matter="tie", settled_by="A decision.")
"""A silence on every tie."""


def voted(
    simulation: Simulation,
    assembly: str,
    *motions: str,
    session: str = "assembly",
    yes: Sequence[Actor] = FOUNDERS,
    no: Sequence[Actor] = (),
) -> None:
    """Carry pending motions through a session up to its closing; nothing is decided yet."""
    simulation.convene(CHAIR, assembly, *motions, session=session)
    simulation.advance(days=15)
    for motion in motions:
        for choice, voters in (("yes", yes), ("no", no)):
            for voter in voters:
                simulation.cast(voter, motion, choice)
    simulation.advance(days=2)
    simulation.close(assembly)


def carried(
    simulation: Simulation,
    assembly: str,
    *motions: str,
    session: str = "assembly",
    yes: Sequence[Actor] = FOUNDERS,
    no: Sequence[Actor] = (),
) -> None:
    """Carry pending motions through a session, and carry out what follows."""
    voted(simulation, assembly, *motions, session=session, yes=yes, no=no)
    for motion in motions:
        simulation.decide(motion)
        simulation.enact()


def internal_rules(**fields: object) -> InternalRules:
    """Return the model's rule on internal rules, with some fields changed."""
    return msgspec.structs.replace(rule_of("internal-rules"), **fields)  # type: ignore[return-value]


def without_custody(*changed: FirmRule | Silent, without: Sequence[str] = ()) -> Rulebook:
    """Return the model rulebook with room for internal rules on custody."""
    return rules_with(*changed, without=("custody", *without))


def made_custody(name: str = "made-custody", **fields: object) -> Custody:
    """Return an internal rule on custody."""
    made = msgspec.structs.replace(rule_of("custody"), id=name, article="R1")
    return msgspec.structs.replace(made, **fields)  # type: ignore[return-value]
