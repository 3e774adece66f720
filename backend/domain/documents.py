"""Which documents an act refers to: what a bundle must hold for the act to be checked."""

from backend.domain.acts import (
    Act,
    AssemblyClosed,
    AssemblyConvened,
    CidText,
    CommonsRegistered,
    Effect,
    FrameworkAdopted,
    FrameworkEffect,
    MotionProposed,
    ObservationRecorded,
    OrganisationFounded,
    StatutesAdopted,
    StatutesEffect,
    StatutesReference,
)


def documents_of(data: Act) -> tuple[CidText, ...]:  # noqa: PLR0911 - one return per act
    """Return the CIDs an act refers to, in the order of its fields."""
    match data:
        case OrganisationFounded(statutes=statutes):
            return _of_statutes(statutes)
        case MotionProposed(text=text, effect=effect):
            return (text, *_of_effect(effect))
        case AssemblyConvened(agenda=agenda):
            return tuple(item.electorate.leaves for item in agenda)
        case AssemblyClosed(results=results):
            return tuple(result.openings for result in results)
        case StatutesAdopted(statutes=statutes, diff=diff):
            return (*_of_statutes(statutes), diff)
        case FrameworkAdopted(document=cid):
            return (cid,)
        case CommonsRegistered(description=cid):
            return (cid,)
        case ObservationRecorded(method=cid):
            return (cid,)
    return ()


def _of_effect(effect: Effect) -> tuple[CidText, ...]:
    match effect:
        case StatutesEffect(statutes=statutes):
            return _of_statutes(statutes)
        case FrameworkEffect(document=cid):
            return (cid,)
    return ()


def _of_statutes(statutes: StatutesReference) -> tuple[CidText, ...]:
    return (statutes.text, statutes.rulebook)
