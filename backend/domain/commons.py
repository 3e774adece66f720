"""Commons and their valuation: what is measured, and the exact result of an adopted framework.

V1 members of a permitted class register commons and record observations. V2 a framework, and every revision
of its indicators, weights or criteria, is in force only by an adopted motion of a kind to which the statutes
give that effect, once for each. V3 an observation names a commons, an indicator of the framework in
force and its unit. V4 a valuation is the weighted arithmetic mean of the indicators' scores over the latest
observations, as an exact fraction, rounded once as the framework declares; a missing observation means
no valuation. V5 a valuation that would repeat an earlier one is not published.
"""

from datetime import date
from fractions import Fraction

import msgspec

from backend.domain.acts import (
    CommonsAct,
    CommonsRegistered,
    FrameworkAdopted,
    FrameworkEffect,
    IndicatorScore,
    ObservationRecorded,
    Slug,
    ValuationPublished,
    differing_fields,
)
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RuleReference,
    RuleViolation,
)
from backend.domain.framework import Indicator
from backend.domain.quantities import exact_ratio, parse_decimal, round_half_even
from backend.domain.rulebook.order import ValuationRule
from backend.domain.sources import Sources
from backend.domain.standing import active, check_unsigned
from backend.domain.state import State
from backend.domain.statutes import read_text

VALUATION_RULE = RuleReference("psephos.valuation", "")
"""Built-in rule: a valuation is what the adopted framework makes of the observations."""


def check_commons_act(state: State, entry: Entry, data: CommonsAct, sources: Sources) -> int:
    """Check an act on commons; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    match data:
        case CommonsRegistered():
            return check_registered(state, entry, data, sources)
        case ObservationRecorded():
            return check_recorded(state, entry, data, sources)
        case _:
            return check_published(state, entry, data)


def check_registered(state: State, entry: Entry, data: CommonsRegistered, sources: Sources) -> int:
    """Check the registration of a commons (V1); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use.
        NotFoundError: Unknown author, or the description is not held.
        RuleViolation: The author's class may not, or the signature.
    """
    if data.commons in state.commons:
        raise ConflictError("commons.exists", expected="a new id", found=data.commons)
    read_text(data.description, sources)
    return _check_author(state, entry, sources)


def check_recorded(state: State, entry: Entry, data: ObservationRecorded, sources: Sources) -> int:
    """Check an observation (V1, V3); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use.
        NotFoundError: Unknown author, commons, framework or indicator, or the method is not held.
        InvalidInputError: The value is no decimal, or the period is none.
        RuleViolation: The unit is not the indicator's, the author's class may not, or the signature.
    """
    if data.observation in state.observations:
        raise ConflictError("observation.exists", expected="a new id", found=data.observation)
    if data.commons not in state.commons:
        raise NotFoundError("commons", data.commons)
    indicator = _indicator(state, data.framework, data.indicator)
    _check_unit(data, indicator)
    parse_decimal(data.value, what="value")
    _check_period(data)
    read_text(data.method, sources)
    return _check_author(state, entry, sources)


def adopt_framework(state: State, motion: Slug) -> FrameworkAdopted:
    """Return the act by which an adopted motion puts a framework in force (V2).

    Raises:
        NotFoundError: No such motion.
        ConflictError: The motion has put its framework in force already.
        RuleViolation: The motion was not adopted or has another effect.
    """
    found = state.motion(motion)
    effect = found.data.effect
    if found.status != "adopted" or not isinstance(effect, FrameworkEffect):
        raise RuleViolation(
            "framework.not_adopted",
            VALUATION_RULE,
            expected="an adopted motion that puts a framework in force",
            found=f"{motion}: {found.status}",
        )
    if motion in state.enacted:
        raise ConflictError("motion.enacted", expected="a motion not carried out", found=motion)
    earlier = state.frameworks.get(effect.framework)
    version = 1 if earlier is None else earlier.version + 1
    return FrameworkAdopted(effect.framework, version, motion, effect.document)


def check_framework_adopted(state: State, entry: Entry, data: FrameworkAdopted) -> int:
    """Check that a framework follows from its motion (V2).

    Raises:
        NotFoundError: No such motion.
        RuleViolation: Something differs from what follows.
    """
    expected = adopt_framework(state, data.motion)
    if data != expected:
        follows, stands = differing_fields(expected, data)
        raise RuleViolation("framework.differs", VALUATION_RULE, expected=follows, found=stands)
    return check_unsigned(entry)


def valuate(state: State, *, valuation: Slug, commons: Slug, framework: Slug) -> ValuationPublished:
    """Compute a valuation (V4).

    Args:
        state: With the observations.
        valuation: Id to give it.
        commons: What to value.
        framework: Framework in force.

    Raises:
        NotFoundError: Unknown commons or framework.
        RuleViolation: ``observation.missing`` for the first indicator without observation;
            ``observation.unit`` where an earlier version had it measured in another unit.
    """
    if commons not in state.commons:
        raise NotFoundError("commons", commons)
    current = state.framework(framework)
    total, weights, scores = Fraction(0), Fraction(0), []
    for indicator in current.document.indicators:
        observation = state.latest.get((commons, framework, indicator.id))
        if observation is None:
            raise RuleViolation(
                "observation.missing",
                VALUATION_RULE,
                expected=f"an observation of {indicator.id}",
                found="none",
            )
        observed = state.observations[observation]
        _check_unit(observed, indicator)
        value = parse_decimal(observed.value, what="value")
        score, weight = indicator.score(value), indicator.weight.fraction()
        total, weights = total + score * weight, weights + weight
        scores.append(IndicatorScore(indicator.id, observation, exact_ratio(score)))
    result = total / weights
    return ValuationPublished(
        valuation=valuation,
        commons=commons,
        framework=framework,
        version=current.version,
        scores=tuple(scores),
        result=exact_ratio(result),
        rounded=round_half_even(result, current.document.digits),
    )


def check_published(state: State, entry: Entry, data: ValuationPublished) -> int:
    """Check that a published valuation is the computed one.

    Raises:
        ConflictError: The id is in use, or nothing changed since an earlier valuation (V5).
        NotFoundError: Unknown commons or framework.
        RuleViolation: A score, the result or its rounding differs.
    """
    if data.valuation in state.valuations:
        raise ConflictError("valuation.exists", expected="a new id", found=data.valuation)
    computed = valuate(
        state, valuation=data.valuation, commons=data.commons, framework=data.framework
    )
    repeated = [
        earlier.valuation
        for earlier in state.valuations.values()
        if msgspec.structs.replace(earlier, valuation=data.valuation) == computed
    ]
    if repeated:
        raise ConflictError(
            "valuation.unchanged", expected="a new observation or framework", found=repeated[0]
        )
    if data != computed:
        raise RuleViolation(
            "valuation.differs",
            VALUATION_RULE,
            expected=_describe(computed),
            found=_describe(data),
        )
    return check_unsigned(entry)


def _indicator(state: State, framework: Slug, indicator: Slug) -> Indicator:
    for candidate in state.framework(framework).document.indicators:
        if candidate.id == indicator:
            return candidate
    raise NotFoundError("indicator", indicator)


def _check_unit(observed: ObservationRecorded, indicator: Indicator) -> None:
    if observed.unit != indicator.unit:
        raise RuleViolation(
            "observation.unit", VALUATION_RULE, expected=indicator.unit, found=observed.unit
        )


def _check_period(data: ObservationRecorded) -> None:
    try:
        ordered = date.fromisoformat(data.period_from) <= date.fromisoformat(data.period_to)
    except ValueError as error:
        raise InvalidInputError(
            "observation.period", expected="two days that exist", found=str(error)[:100]
        ) from error
    if not ordered:
        raise InvalidInputError(
            "observation.period",
            expected="a first day no later than the last",
            found=f"{data.period_from} to {data.period_to}",
        )


def _check_author(state: State, entry: Entry, sources: Sources) -> int:
    author = active(state, entry.by)
    rule = state.in_force().rulebook.one(ValuationRule)
    if author.member_class not in rule.classes:
        raise RuleViolation(
            "valuation.class",
            rule.reference(),
            expected=" or ".join(rule.classes),
            found=author.member_class,
        )
    signers = [(author.id, author.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _describe(valuation: ValuationPublished) -> str:
    scores = ", ".join(f"{part.indicator} {'/'.join(part.score)}" for part in valuation.scores)
    result = "/".join(valuation.result)
    return (
        f"{valuation.commons} under {valuation.framework} v{valuation.version}:"
        f" {result} = {valuation.rounded} ({scores})"
    )
