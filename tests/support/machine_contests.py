"""Votes on several options in random histories: what is proposed, and what members say of it."""

from collections.abc import Mapping
from typing import Final

from backend.domain.acts import (
    Effect,
    ElectionEffect,
    MotionKind,
    ResolutionEffect,
    SelectionEffect,
    SelectionOption,
    puts_several,
)

CROSSINGS: Final = ("ford", "bridge", "ferry")
"""Options of a selection; by the first nothing changes, where anything is said to."""


def crossing(number: int) -> Effect:
    """Return a selection, by an odd number, or a resolution."""
    if number % 2 == 0:
        return ResolutionEffect()
    options = tuple(SelectionOption(each, f"The {each}") for each in CROSSINGS)
    return SelectionEffect(options, status_quo=CROSSINGS[0] if number > 1 else None)


def words_of(kind: MotionKind, effect: Effect, *, members: int) -> Mapping[str, str]:
    """Return what a yes, a no and an abstention are on the ballot of a motion.

    Args:
        kind: Kind of the motion.
        effect: What it would change.
        members: How many vote; where several options are voted on, they abstain in even numbers only.
    """
    if puts_several(effect):
        if isinstance(effect, ElectionEffect):
            options = [given.mandate for given in effect.seats]
        else:
            assert isinstance(effect, SelectionEffect)
            options = [each.option for each in effect.options]
        abstain = options[-1] if members % 2 else "blank"
        return {"yes": options[1 % len(options)], "no": options[0], "abstain": abstain}
    if kind == "affiliation":
        return {"yes": "consent", "no": "abstain", "abstain": "abstain"}
    return {choice: choice for choice in ("yes", "no", "abstain")}
