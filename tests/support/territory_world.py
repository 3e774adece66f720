"""A territory of three levels for the model organisation, and sessions that meet at two of them."""

from collections.abc import Mapping

from backend.domain.deadlines import Duration
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Levels
from backend.domain.rulebook.sessions import Channels, Notice, SecondConvocation, Session
from backend.domain.rulebook.topics import AnyRule
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    TREASURER,
    joined,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation

LEVELS = Levels(id="levels", article="24", modality="may", levels=("village", "region", "world"))
"""Three levels."""

WITHIN: Mapping[str, str | None] = {
    "earth": None, "valley": "earth", "coast": "earth", "weir-end": "valley", "mill": "valley",
    "harbour": "coast",
}  # fmt: skip
"""Each place with the one around it, larger ones first."""

LEVEL_OF: Mapping[str, str] = {
    "earth": "world", "valley": "region", "coast": "region", "weir-end": "village",
    "mill": "village", "harbour": "village",
}  # fmt: skip
"""The level of each place."""

HOMES: Mapping[Actor, str] = {
    CHAIR: "weir-end", GARDENER: "weir-end", PARTNER: "weir-end", TREASURER: "mill",
    SECRETARY: "harbour",
}  # fmt: skip
"""Where members belong; the partner has no vote."""


def territorial_rules(*changed: AnyRule) -> Rulebook:
    """Return the model rules with levels, and with meetings of villages and regions."""
    places = ("village", "region")
    return rules_with(
        LEVELS,
        *(
            Session(
                id=level, article="24", modality="may", session=level, title=f"Meeting of a {level}",
                form="extraordinary", level=level,
            )
            for level in places
        ),
        Notice(
            id="notice-places", article="24", modality="must", sessions=places, days=3,
            channels=("email",), proven=False,
        ),
        Channels(
            id="channels-places", article="24", modality="must", sessions=places,
            channels=("remote",),
        ),
        SecondConvocation(
            id="second-places", article="24", modality="may", sessions=places, notice_days=3,
            within=Duration(months=3),
        ),
        *changed,
    )  # fmt: skip


def territory(*changed: AnyRule) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation with its places, its members each in one of them."""
    simulation, ledger = joined(territorial_rules(*changed))
    for place, around in WITHIN.items():
        simulation.register_place(CHAIR, place, LEVEL_OF[place], within=around)
    for member, home in HOMES.items():
        simulation.place(member, home)
    return simulation, ledger
