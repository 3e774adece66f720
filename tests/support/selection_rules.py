"""Rules of the model organisation for votes on several options, by any method and any chain of ties."""

import msgspec

from backend.domain.acts import MotionKind
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import BallotRule, EffectRule, TieBreak, TieMeans
from tests.support.model_organisation import model_rulebook
from tests.support.model_rules import model_rules

PARAMETERS: dict[str, dict[str, object]] = {
    "majority_judgement": {"grades": ("reject", "poor", "fair", "good", "excellent")},
    "score": {"highest": 5},
    "quadratic": {"credits": 16},
}
"""What the ballot rule of a method needs beside its name."""


def selection_rules(
    method: str,
    *,
    chain: tuple[TieMeans, ...] = ("sortition",),
    kinds: tuple[MotionKind, ...] = ("legislative", "election"),
    **fields: object,
) -> tuple[AnyRule, ...]:
    """Return the model rules with a ballot on several options for some kinds.

    Args:
        method: The method.
        chain: How ties are broken.
        kinds: Kinds of motion that may put several options to the vote.
        fields: Other fields of the ballot rule.
    """
    ballot = {
        "id": "ballot-several",
        "article": "12",
        "modality": "must",
        "motions": kinds,
        "method": method,
        "minimum_hours": 48,
        "replaceable": True,
        **PARAMETERS.get(method, {}),
        **fields,
    }
    return (
        *(_permitting(rule) for rule in model_rules()),
        msgspec.convert({**ballot, "topic": "ballot"}, BallotRule),
        TieBreak(id="tie-break", article="12", modality="must", chain=chain),
    )


def selection_rulebook(
    method: str, *, chain: tuple[TieMeans, ...] = ("sortition",), **fields: object
) -> Rulebook:
    """Return the rulebook of ``selection_rules``."""
    return model_rulebook(selection_rules(method, chain=chain, **fields))  # type: ignore[arg-type]  # of the rule


def _permitting(rule: AnyRule) -> AnyRule:
    if isinstance(rule, EffectRule) and "legislative" in rule.motions:
        return msgspec.structs.replace(rule, effects=(*rule.effects, "selection"))
    return rule
