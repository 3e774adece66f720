"""Frameworks: read strictly, and able to value anything once read."""

from fractions import Fraction

import msgspec
import pytest

from backend.domain.framework import (
    MAX_FRAMEWORK_BYTES,
    Framework,
    Indicator,
    format_framework,
    parse_framework,
)
from backend.domain.quantities import Ratio
from tests.support.governance import refused
from tests.support.model_organisation import model_framework

FISH, NITRATE = model_framework().indicators


def _with(*indicators: Indicator) -> Framework:
    return msgspec.structs.replace(model_framework(), indicators=indicators)


def _fish(**fields: object) -> Indicator:
    return msgspec.structs.replace(FISH, **fields)


def test_parse_framework__of_its_own_text__gives_it_back() -> None:
    assert parse_framework(format_framework(model_framework())) == model_framework()


def test_parse_framework__one_weight_of_zero__passes() -> None:
    framework = _with(_fish(weight=Ratio(0, 1)), NITRATE)
    assert parse_framework(format_framework(framework)) == framework


@pytest.mark.parametrize(
    ("framework", "code"),
    [
        (_with(FISH, FISH), "framework.indicators"),
        (_with(_fish(weight=Ratio(-1, 1)), NITRATE), "framework.weight"),
        (_with(_fish(weight=Ratio(0, 1))), "framework.weights"),
        (_with(_fish(low="300")), "framework.scale"),
        (_with(_fish(low="300.1")), "framework.scale"),
        (_with(_fish(low="zero")), "decimal.malformed"),
        (_with(_fish(high="3e2")), "decimal.malformed"),
        (_with(), "framework.malformed"),
        (_with(_fish(unit="")), "framework.malformed"),
        (model_framework(identifier="River"), "framework.malformed"),
        (model_framework(digits=13), "framework.malformed"),
        (model_framework(digits=-1), "framework.malformed"),
    ],
)
def test_parse_framework__one_thing_wrong__refuses(framework: Framework, code: str) -> None:
    with refused(code):
        parse_framework(format_framework(framework))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"framework/1", b"framework/2"),
        (b"weighted_arithmetic_mean", b"median"),
        (b'"refuse"', b'"ignore"'),
        (b"more_is_better", b"blue_is_better"),
        (b'"den":1', b'"den":0'),
        (b'"digits":3', b'"digits":3.0'),
        (b'"digits":3', b'"digits": 3'),
    ],
)
def test_parse_framework__one_word_changed__refuses(old: bytes, new: bytes) -> None:
    content = format_framework(model_framework())
    assert old in content
    with refused("framework.malformed"):
        parse_framework(content.replace(old, new))


def test_parse_framework__longer_than_a_block__refuses() -> None:
    with refused("framework.malformed"):
        parse_framework(b" " * (MAX_FRAMEWORK_BYTES + 1))


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (0, Fraction(0)),
        (75, Fraction(1, 4)),
        (300, Fraction(1)),
        (301, Fraction(1)),
        (-1, Fraction(0)),
    ],
)
def test_score__value__is_its_share_clamped_and_turned_by_direction(
    value: int, share: Fraction
) -> None:
    assert FISH.score(Fraction(value)) == share
    assert _fish(direction="less_is_better").score(Fraction(value)) == 1 - share


def test_score__scale_off_zero__is_the_share_of_the_scale() -> None:
    assert _fish(low="-10", high="-2.5").score(Fraction(-5)) == Fraction(2, 3)
