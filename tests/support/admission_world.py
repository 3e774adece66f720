"""What tests of admission begin from: statutes that ask for checks and vouching, and an applicant."""

import msgspec

from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Admission, Centres, IdentityDemand
from tests.support.governance import CHAIR, GARDENER, STRANGER, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS, Actor, first_mandates
from tests.support.model_rules import BUREAU
from tests.support.organisations import Simulation

CAREFUL = Admission(
    id="admission-individual",
    article="7",
    modality="may",
    member_class="individual",
    by=BUREAU,
    checks=IdentityDemand("substantial", ("document", "in_person")),
    vouchers=2,
    appeal_to=BUREAU,
    appeal_days=10,
)
"""The bureau admits individuals whose identity was checked, and for whom two members vouch."""

CENTRES = Centres(id="centres", article="25", modality="may", by=BUREAU, at_most=2)
"""The bureau opens centres, each of which presents two people at most."""

WALKER = Actor("walker")
"""Somebody without a key."""


def careful_rules(**fields: object) -> Rulebook:
    """Return rules with centres, and with other fields in the admission of individuals."""
    return rules_with(CENTRES, msgspec.structs.replace(CAREFUL, **fields))


def assembled(rulebook: Rulebook) -> tuple[Simulation, MemoryLedger]:
    """Return an organisation of four founders, the gardener without a seat."""
    simulation, ledger = Simulation.in_memory()
    simulation.found(
        founders=(*FOUNDERS, GARDENER),
        rulebook=rulebook,
        mandates=first_mandates(FOUNDERS, rulebook),
    )
    return simulation, ledger


def careful(**fields: object) -> tuple[Simulation, MemoryLedger]:
    """Return that organisation under the careful rules, or others, and a stranger who applied."""
    simulation, ledger = assembled(careful_rules(**fields))
    simulation.apply(STRANGER)
    return simulation, ledger


def ready(simulation: Simulation, applicant: Actor = STRANGER) -> None:
    """Give an application all that the careful rules ask for."""
    simulation.check_identity(CHAIR, applicant)
    simulation.vouch(GARDENER, applicant)
    simulation.vouch(CHAIR, applicant)
