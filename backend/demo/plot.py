"""The plot: when the year begins, what is put to the vote, and who votes how."""

from datetime import UTC, datetime, timedelta
from typing import Final

from backend.domain.acts import MotionKind, Slug

START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When the play begins."""

WINTER: Final = "vote-d-hiver-2026"
"""Id of the first session."""

SPRING: Final = "vote-de-printemps-2026"
"""Id of the second session."""

SHOWN: Final = "changement-statuts"
"""Motion whose derivation the account shows."""

VOTES: Final[dict[Slug, str]] = {
    "changement-statuts": "yyyyyyyayyynyyyyynay",
    "cadre-mesure": "yyynyyyyynyayyy",
    "cuve-de-pluie": "yyyyayyyyynyyyyayy",
    "vente-semences": "nynnynannyynnnyannn",
    "fete-des-graines": "yyyy",
}
"""Choices on each motion, one letter per voter in the order of the members: yes, no, abstain."""

REPLACED: Final = ("cadre-mesure", 3, "yes")
"""Motion, voter and choice of the one replaced ballot."""

CHOICES: Final = {"y": "yes", "n": "no", "a": "abstain"}
"""What the letters mean."""

KINDS: Final[dict[Slug, MotionKind]] = {
    "changement-statuts": "constituent",
    "cadre-mesure": "legislative",
    "cuve-de-pluie": "legislative",
    "vente-semences": "legislative",
    "fin-de-charge": "revocatory",
    "fete-des-graines": "legislative",
}
"""Kind of each motion."""

WINTER_MOTIONS: Final = ("changement-statuts", "cadre-mesure", "cuve-de-pluie", "vente-semences")
"""Agenda of the first session, in order."""

SPRING_MOTION: Final = "fete-des-graines"
"""Agenda of the second session."""

OPEN_QUESTION: Final = "fin-de-charge"
"""Motion that the model's statutes leave without a quorum."""

PREPARATION: Final = timedelta(days=3)
"""Time between the end of the notice and the opening."""

MINIMUM_NOTICE: Final = timedelta(days=15)
"""Notice given where the rulebook asks for less."""

MINIMUM_VOTING: Final = timedelta(hours=72)
"""Voting time where the rulebook asks for less; the play has two days of voting."""

MARGIN: Final = timedelta(hours=3)
"""Voting time beyond what the rulebook asks for."""

FAR: Final = timedelta(days=2000)
"""Ahead of any notice and of any repetition of the play."""

AS_BEFORE_DAYS: Final = 15
"""Notice of version 1 of the model."""
