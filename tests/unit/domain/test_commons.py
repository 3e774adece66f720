"""Commons and valuations, V1 to V5, against a literal computation written here."""

from fractions import Fraction

import msgspec
import pytest

from backend.domain.acts import (
    CommonsRegistered,
    FrameworkAdopted,
    FrameworkEffect,
    ObservationRecorded,
    ValuationPublished,
)
from backend.domain.commons import adopt_framework, valuate
from backend.domain.entry import Entry
from backend.domain.framework import Framework, format_framework
from backend.domain.quantities import Ratio
from backend.domain.rulebook.order import ValuationRule
from backend.domain.rulebook.topics import Silent
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    STRANGER,
    append,
    decided,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, model_framework
from tests.support.motion_world import carried
from tests.support.organisations import Simulation

FISH, NITRATE = model_framework().indicators
NOWHERE = "bafkrei" + "a" * 52
INDIVIDUALS = ValuationRule(id="valuation", article="16", modality="may", classes=("individual",))


def _framed(framework: Framework | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation with a framework in force and a commons registered."""
    simulation, ledger = joined()
    simulation.propose_framework(CHAIR, "value", framework or model_framework())
    decided(simulation, "spring", "value")
    simulation.adopt_framework("value")
    simulation.register(PARTNER, "weir")
    return simulation, ledger


def _observed(
    fish: str, nitrate: str, framework: Framework | None = None
) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = _framed(framework)
    simulation.observe(PARTNER, "fish-1", of="weir", indicator=FISH, value=fish)
    simulation.observe(GARDENER, "nitrate-1", of="weir", indicator=NITRATE, value=nitrate)
    return simulation, ledger


def _valuation(ledger: MemoryLedger, identifier: str = "weir-1") -> ValuationPublished:
    return valuate(ledger.state, valuation=identifier, commons="weir", framework="river-health")


def _observation(ledger: MemoryLedger, **fields: object) -> ObservationRecorded:
    data = ObservationRecorded(
        observation="fish-9",
        commons="weir",
        framework="river-health",
        indicator="fish",
        value="120.5",
        unit="fish/km",
        period_from="2026-01-01",
        period_to="2026-01-31",
        method=ledger.put_document(b"Counted."),
    )
    return msgspec.structs.replace(data, **fields)


@pytest.mark.parametrize("actor", [PARTNER, GARDENER])
def test_v1__member_of_a_permitted_class__registers(actor: Actor) -> None:
    simulation, ledger = joined()
    simulation.register(actor, "weir")
    assert ledger.state.commons["weir"].title == "The weir"


def test_v1__class_that_is_not_permitted__refuses() -> None:
    simulation, _ = joined(rules_with(INDIVIDUALS))
    with refused("valuation.class", article="16", rule="valuation"):
        simulation.register(PARTNER, "weir")
    simulation.register(GARDENER, "weir")


def test_v1__not_a_member__refuses() -> None:
    simulation, _ = joined()
    with refused("member.unknown"):
        simulation.register(STRANGER, "weir")
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.register(STRANGER, "weir")


def test_v1__statutes_silent__refuses() -> None:
    silence = Silent(id="open", article="50", matter="valuation", settled_by="The internal rules.")
    simulation, _ = joined(rules_with(silence, without=["valuation"]))
    with refused("rule.silent", article="50"):
        simulation.register(GARDENER, "weir")


def test_v1__commons_registered_twice_or_without_description__refuses() -> None:
    simulation, ledger = joined()
    simulation.register(GARDENER, "weir")
    with refused("commons.exists"):
        simulation.register(PARTNER, "weir")
    data = CommonsRegistered("mill", "Mill", NOWHERE)
    with refused("document.unknown"):
        append(ledger, simulation.signed(ledger, GARDENER, data))


def test_v2__adopted_motion__puts_version_1_then_2_in_force() -> None:
    simulation, ledger = _framed()
    assert ledger.state.framework("river-health").version == 1
    finer = model_framework(digits=5)
    simulation.propose_framework(GARDENER, "finer", finer)
    decided(simulation, "summer", "finer")
    simulation.adopt_framework("finer")
    assert ledger.state.framework("river-health").version == 2
    assert ledger.state.framework("river-health").document == finer


def test_v2__motion_that_was_not_adopted_or_does_something_else__refuses() -> None:
    simulation, _ = joined()
    simulation.propose_framework(CHAIR, "value", model_framework())
    simulation.propose(CHAIR, "bridge")
    with refused("framework.not_adopted", rule="psephos.valuation"):
        simulation.adopt_framework("value")
    decided(simulation, "spring", "bridge")
    with refused("framework.not_adopted"):
        simulation.adopt_framework("bridge")
    with refused("motion.unknown"):
        simulation.adopt_framework("tunnel")


def test_v2__same_motion_again__cannot_bring_an_old_version_back() -> None:
    simulation, ledger = _framed()
    with refused("motion.enacted"):
        simulation.adopt_framework("value")
    simulation.propose_framework(GARDENER, "finer", model_framework(digits=5))
    decided(simulation, "summer", "finer")
    simulation.adopt_framework("finer")
    with refused("motion.enacted"):
        simulation.adopt_framework("value")
    assert ledger.state.framework("river-health").version == 2


@pytest.mark.parametrize(
    "fields", [{"version": 2}, {"framework": "lake-health"}, {"document": NOWHERE}]
)
def test_v2__one_field_wrong__refuses(fields: dict[str, object]) -> None:
    simulation, ledger = joined()
    simulation.propose_framework(CHAIR, "value", model_framework())
    decided(simulation, "spring", "value")
    data = adopt_framework(ledger.state, "value")
    entry = Entry(simulation.at(), "system", data)
    wrong: FrameworkAdopted = msgspec.structs.replace(data, **fields)
    with refused("framework.differs"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))
    ledger.append(entry)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"commons": "mill"}, "commons.unknown"),
        ({"framework": "lake-health"}, "framework.unknown"),
        ({"indicator": "frogs"}, "indicator.unknown"),
        ({"unit": "fish/mile"}, "observation.unit"),
        ({"value": "a dozen"}, "decimal.malformed"),
        ({"value": "1e3"}, "decimal.malformed"),
        ({"period_from": "2026-02-30"}, "observation.period"),
        ({"period_to": "2025-12-31"}, "observation.period"),
        ({"method": NOWHERE}, "document.unknown"),
    ],
)
def test_v3__one_field_wrong__refuses(fields: dict[str, object], code: str) -> None:
    simulation, ledger = _framed()
    with refused(code):
        append(ledger, simulation.signed(ledger, PARTNER, _observation(ledger, **fields)))
    append(ledger, simulation.signed(ledger, PARTNER, _observation(ledger)))


def test_v3__one_day__is_a_period() -> None:
    simulation, ledger = _framed()
    data = _observation(ledger, period_to="2026-01-01")
    append(ledger, simulation.signed(ledger, PARTNER, data))


def test_v3__id_in_use__refuses() -> None:
    simulation, _ = _framed()
    simulation.observe(PARTNER, "fish-1", of="weir", indicator=FISH, value="1")
    with refused("observation.exists"):
        simulation.observe(PARTNER, "fish-1", of="weir", indicator=FISH, value="2")


def _literal(rows: list[tuple[str, str, str, str, int, int]]) -> Fraction:
    """Compute the weighted mean as a person would with a pencil.

    Args:
        rows: Value, low, high, direction, weight's numerator and denominator of each indicator.
    """
    above, below = Fraction(0), Fraction(0)
    for value, low, high, direction, num, den in rows:
        at, bottom, top = Fraction(value), Fraction(low), Fraction(high)
        at = bottom if at < bottom else min(at, top)
        reached = at - bottom if direction == "more_is_better" else top - at
        above += reached / (top - bottom) * Fraction(num, den)
        below += Fraction(num, den)
    return above / below


@pytest.mark.parametrize(
    ("fish", "nitrate", "result", "rounded"),
    [
        ("120.5", "12.5", Fraction(233, 450), "0.518"),
        ("0", "50", Fraction(0), "0.000"),
        ("300", "0", Fraction(1), "1.000"),
        ("301", "-1", Fraction(1), "1.000"),
        ("-5", "50.1", Fraction(0), "0.000"),
        ("100", "25", Fraction(7, 18), "0.389"),
        ("150", "0", Fraction(2, 3), "0.667"),
    ],
)
def test_v4__valuation__is_the_exact_weighted_mean(
    fish: str, nitrate: str, result: Fraction, rounded: str
) -> None:
    simulation, ledger = _observed(fish, nitrate)
    literal = _literal(
        [(fish, "0", "300", "more_is_better", 2, 1), (nitrate, "0", "50", "less_is_better", 1, 1)]
    )
    valuation = _valuation(ledger)
    assert Fraction(int(valuation.result[0]), int(valuation.result[1])) == literal == result
    assert valuation.rounded == rounded
    assert [(score.indicator, score.observation) for score in valuation.scores] == [
        ("fish", "fish-1"),
        ("nitrate", "nitrate-1"),
    ]
    simulation.value("weir-1", of="weir")
    assert ledger.state.valuations["weir-1"] == valuation


@pytest.mark.parametrize(("digits", "rounded"), [(0, "0"), (1, "0.2"), (2, "0.25"), (3, "0.250")])
def test_v4__halves__round_to_even_at_the_declared_digits(digits: int, rounded: str) -> None:
    # Fish 0 and nitrate 12.5 score 0 and 3/4, weighted 2 to 1: exactly one quarter.
    _, ledger = _observed("0", "12.5", model_framework(digits=digits))
    assert _valuation(ledger).result == ("1", "4")
    assert _valuation(ledger).rounded == rounded


def test_v4__indicator_of_weight_zero__must_be_observed_and_counts_for_nothing() -> None:
    weightless = msgspec.structs.replace(NITRATE, weight=Ratio(0, 1))
    framework = msgspec.structs.replace(model_framework(), indicators=(FISH, weightless))
    _, ledger = _observed("150", "50", framework)
    assert _valuation(ledger).result == ("1", "2")


def test_v4__missing_observation__refuses_and_names_the_indicator() -> None:
    simulation, ledger = _framed()
    simulation.observe(PARTNER, "fish-1", of="weir", indicator=FISH, value="120")
    with refused("observation.missing", rule="psephos.valuation") as caught:
        _valuation(ledger)
    assert caught.value.expected == "an observation of nitrate"
    simulation.register(PARTNER, "mill")
    simulation.observe(PARTNER, "nitrate-2", of="mill", indicator=NITRATE, value="10")
    with refused("observation.missing"):
        _valuation(ledger)


@pytest.mark.parametrize(
    ("of", "framework", "code"),
    [("mill", "river-health", "commons.unknown"), ("weir", "lake-health", "framework.unknown")],
)
def test_v4__unknown_commons_or_framework__refuses(of: str, framework: str, code: str) -> None:
    simulation, _ = _framed()
    with refused(code):
        simulation.value("weir-1", of=of, framework=framework)


def test_v4__latest_observation__counts() -> None:
    simulation, ledger = _observed("100", "25")
    simulation.observe(PARTNER, "fish-2", of="weir", indicator=FISH, value="150")
    assert _valuation(ledger).scores[0].observation == "fish-2"
    assert _valuation(ledger).scores[0].score == ("1", "2")


def test_v4__observation_in_the_unit_of_an_earlier_version__refuses() -> None:
    simulation, ledger = _observed("100", "25")
    other = msgspec.structs.replace(FISH, unit="fish/mile")
    framework = msgspec.structs.replace(model_framework(), indicators=(other, NITRATE))
    simulation.propose_framework(CHAIR, "miles", framework)
    decided(simulation, "summer", "miles")
    simulation.adopt_framework("miles")
    with refused("observation.unit") as caught:
        _valuation(ledger)
    assert (caught.value.expected, caught.value.found) == ("fish/mile", "fish/km")
    simulation.observe(PARTNER, "fish-2", of="weir", indicator=other, value="150")
    assert _valuation(ledger).version == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"result": ("7", "19")},
        {"result": ("14", "36")},
        {"rounded": "0.388"},
        {"rounded": "0.39"},
        {"version": 2},
        {"scores": None},
    ],
)
def test_v4__published_figure_that_is_not_the_computed_one__refuses(
    fields: dict[str, object],
) -> None:
    simulation, ledger = _observed("100", "25")
    data = _valuation(ledger)
    change = fields if fields.get("scores", 1) else {"scores": data.scores[::-1]}
    entry = Entry(simulation.at(), "system", data)
    wrong: ValuationPublished = msgspec.structs.replace(data, **change)
    with refused("valuation.differs"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))
    ledger.append(entry)


def test_valuation__id_in_use__refuses() -> None:
    simulation, _ = _observed("100", "25")
    simulation.value("weir-1", of="weir")
    simulation.observe(PARTNER, "fish-2", of="weir", indicator=FISH, value="150")
    with refused("valuation.exists"):
        simulation.value("weir-1", of="weir")
    simulation.value("weir-2", of="weir")


def test_v5__nothing_changed_since__refuses() -> None:
    simulation, _ = _observed("100", "25")
    simulation.value("weir-1", of="weir")
    with refused("valuation.unchanged") as caught:
        simulation.value("weir-2", of="weir")
    assert caught.value.found == "weir-1"
    simulation.observe(PARTNER, "fish-2", of="weir", indicator=FISH, value="100")
    simulation.value("weir-2", of="weir")


def test_valuation__signed_by_someone__refuses() -> None:
    simulation, ledger = _observed("100", "25")
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, _valuation(ledger)))


def test_framework_adoption__signed_by_someone__refuses() -> None:
    simulation, ledger = joined()
    simulation.propose_framework(CHAIR, "value", model_framework())
    decided(simulation, "spring", "value")
    with refused("author.system"):
        data = adopt_framework(ledger.state, "value")
        append(ledger, simulation.signed(ledger, CHAIR, data))


def test_v2__revision_by_the_kind_that_the_statutes_name__is_the_next_version() -> None:
    simulation, ledger = _observed("100", "25")
    revised = model_framework(digits=1)
    content = ledger.put_document(format_framework(revised))
    simulation.propose_effect(
        CHAIR, "revise", "valuation", FrameworkEffect("river-health", content)
    )
    with refused("competence.session", article="11"):
        simulation.convene(CHAIR, "council-1", "revise", session="council")
    carried(simulation, "summer", "revise")
    assert ledger.state.framework("river-health").version == 2
    assert _valuation(ledger).rounded == "0.4"
