"""What a closed session brought: told, and taken note of (Y1 of ``year``)."""

from backend.demo.client import Answer
from backend.demo.years.year import Place, Year
from backend.domain.acts import (
    Act,
    AssemblyClosed,
    DecisionMade,
    ElectionEffect,
    FrameworkAdopted,
    MeasureEffect,
    MotionResult,
    ReversalEffect,
    RevocationEffect,
    RulesChanged,
    SelectionEffect,
    Slug,
    StatutesAdopted,
)

CHOICES = ("yes", "consent", "no", "abstain")
"""Choices of every method, in the order in which counts are told."""


def tell(year: Year, answer: Answer) -> None:
    """Tell what closing a session brought.

    Args:
        year: The year.
        answer: Of the close.

    Raises:
        VerificationError: A document is not what its name says.
    """
    results: dict[Slug, MotionResult] = {}
    changes = 0
    for act in year.acts(answer):
        match act:
            case AssemblyClosed():
                results = {result.motion: result for result in act.results}
            case DecisionMade():
                year.decisions[act.motion] = act
                _tell_decision(year, act, results[act.motion])
                if act.outcome == "adopted":
                    _take_effect(year, act)
            case _:
                changes += _enact(year, act)
    if changes:
        year.say("rules", changes=changes, open=len(year.rules.silences()))


def _tell_decision(year: Year, act: DecisionMade, result: MotionResult) -> None:
    word = year.account.word
    counted = ", ".join(
        f"{result.tally[choice]} {word(f'year.choice.{choice}')}"
        for choice in CHOICES
        if choice in result.tally
    )
    if result.count is not None:
        counted = _chosen(year, act)
    year.say(
        "decided",
        kind=word(f"year.kind.{year.motions[act.motion].kind}").capitalize(),
        title=year.title(act.motion),
        outcome=word(f"outcome.{act.outcome}"),
        counted=counted,
    )


def _chosen(year: Year, act: DecisionMade) -> str:
    """Return in words what was chosen of several options, by which method, and how a tie was broken."""
    effect, word = year.motions[act.motion].effect, year.account.word
    if isinstance(effect, ElectionEffect):
        titles = {given.mandate: year.name_of(given.holder) for given in effect.seats}
    elif isinstance(effect, SelectionEffect):
        titles = {each.option: each.title for each in effect.options}
    else:
        titles = {}
    count = next(each for each in act.derivation if "chosen" in each.inputs)
    told = [word(f"year.method.{count.inputs['method']}"), *map(titles.__getitem__, act.chosen)]
    if any("tied" in each.inputs for each in act.derivation):
        told.append(word("year.tie_broken"))
    return ", ".join(told)


def _enact(year: Year, act: Act) -> int:
    """Take over what follows from a decision; returns how many changes beside the text it makes."""
    match act:
        case StatutesAdopted():
            year.adopt_rules(act.statutes.rulebook)
            year.say("statutes", version=act.version)
        case RulesChanged():
            year.adopt_rules(act.rulebook)
            return 1
        case FrameworkAdopted():
            year.say("framework", framework=act.framework, version=act.version)
        case _:
            pass
    return 0


def _take_effect(year: Year, act: DecisionMade) -> None:
    effect = year.motions[act.motion].effect
    match effect:
        case ElectionEffect():
            for given in effect.seats:
                if effect.elects and given.mandate not in act.chosen:
                    continue
                holder = year.name_of(given.holder)
                year.seats[given.mandate] = Place(effect.body, given.seat, holder)
        case RevocationEffect():
            del year.seats[effect.mandate]
        case MeasureEffect(proceeding=proceeding):
            year.expel(proceeding)
        case ReversalEffect(proceeding=proceeding):
            year.readmit(proceeding)
        case _:
            pass
