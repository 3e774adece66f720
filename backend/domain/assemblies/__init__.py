"""Assemblies as a state machine: drafted, convened, opened, voting, closed, minutes; a noun per file.

``workflow`` says which check each act asks; it knows votes and decisions, which know what is exported here.
"""

from backend.domain.assemblies.attendance import attending, attends, present, represented
from backend.domain.assemblies.convocation import convene, decision_of
from backend.domain.assemblies.notices import Notice, format_notices, parse_notices
from backend.domain.assemblies.opening import must_open, opening_demand, opening_of
from backend.domain.assemblies.proxies import proxies_in_force
from backend.domain.assemblies.quorum import (
    check_voting_open,
    ends_at_opening,
    quorate_at_opening,
    quorum_of,
    taking_part,
)

__all__ = [
    "Notice",
    "attending",
    "attends",
    "check_voting_open",
    "convene",
    "decision_of",
    "ends_at_opening",
    "format_notices",
    "must_open",
    "opening_demand",
    "opening_of",
    "parse_notices",
    "present",
    "proxies_in_force",
    "quorate_at_opening",
    "quorum_of",
    "represented",
    "taking_part",
]
