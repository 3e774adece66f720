"""Choices of ballots with several options: one text each, and nothing else gets through."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import InvalidInputError
from backend.domain.methods.choices import (
    MAX_CHOICE_BYTES,
    Approved,
    Marks,
    Ranking,
    format_approved,
    format_marks,
    format_ranking,
    parse_approved,
    parse_marks,
    parse_ranking,
    parse_single,
)
from backend.domain.methods.contest import MAX_CREDITS, MAX_OPTIONS, Contest
from tests.support.contests import OPTIONS
from tests.support.drawn_ballots import APPROVED, marks
from tests.support.governance import refused

CONTEST = Contest(options=OPTIONS)
Parse = Callable[[str], object]


def _single(text: str) -> str:
    return parse_single(text, CONTEST)


def _approved(text: str) -> Approved:
    return parse_approved(text, CONTEST)


def _marks(text: str) -> Marks:
    return parse_marks(text, CONTEST, lowest=-3, highest=5)


def _ranking(text: str) -> Ranking:
    return parse_ranking(text, CONTEST, equal=True)


@pytest.mark.parametrize(
    ("parse", "text", "choice"),
    [
        (_single, "birch", "birch"),
        (_approved, '["ash","elm"]', ("ash", "elm")),
        (_approved, '["cedar"]', ("cedar",)),
        (_marks, '{"ash":5,"elm":-3}', (("ash", 5), ("elm", -3))),
        (_marks, '{"ash":0}', (("ash", 0),)),
        (_ranking, '[["elm"],["ash","birch"]]', (("elm",), ("ash", "birch"))),
        (_ranking, '[["elm"]]', (("elm",),)),
    ],
)
def test_choice__canonical__is_read(parse: Parse, text: str, choice: object) -> None:
    assert parse(text) == choice


@pytest.mark.parametrize(
    "text",
    ["", "Birch", "birch ", " birch", "birch\n", "b\u0456rch", "\uff42irch", "birch\u200b", "oak",
     '"birch"', '["birch"]', "birch\0", "birch\u0301", "blank"],
)  # fmt: skip
def test_single__off_the_ballot__refuses(text: str) -> None:
    with refused("choice.unknown") as caught:
        _single(text)
    assert caught.value.expected == "ash, birch, cedar, elm or blank"
    assert caught.value.found == text


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse, text)
        for parse, texts in {
            _approved: [
                '["elm","ash"]', '["ash","ash"]', '["ash", "elm"]', '["ash","elm"] ', ' ["ash"]', "[]",
                '["ash",]', "['ash']", '["\\u0061sh"]', '["ash"]["elm"]', '["ash"', "ash", '"ash"', "null",
                '{"ash":1}', "1", "true", '\ufeff["ash"]', '["a\u0455h"]', '["ash"]\n', '["ash",null]',
                '["ash",1.5]', "",
            ],
            _marks: [
                '{"ash":1,"ash":1}', '{"ash":1,"ash":2}', '{"elm":1,"ash":2}', '{"ash": 1}', '{"ash":1} ',
                '{"ash":1.0}', '{"ash":1e0}', '{"ash":01}', '{"ash":+1}', '{"ash":-0}', '{"ash":0x1}',
                '{"ash":NaN}', '{"ash":Infinity}', '{"ash":null}', "{}", "[]", '[["ash",1]]', "5", '"ash"',
                '{"\\u0061sh":1}', '{"\u0430sh":1}', "{ash:1}", '{"ash":1,}', '{"ash":9007199254740992}',
                '{"ash":18446744073709551616}', "",
            ],
            _ranking: [
                "[]", "[[]]", '[["ash"],[]]', '[["ash"],["ash"]]', '[["ash","ash"]]', '[["elm","ash"]]',
                '[["ash"], ["elm"]]', '["ash"]', '[["ash"],"elm"]', '[["ash"]', '{"ash":1}', "1", "null",
                '[{"ash":1}]', '[["\\u0061sh"]]', '[["ash\u200b"]]', '[["ash"],1]', "",
            ],
        }.items()
        for text in texts
    ],
)  # fmt: skip
def test_choice__spelt_otherwise__refuses(parse: Parse, text: str) -> None:
    with refused("choice.malformed"):
        parse(text)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (_approved, '["oak"]'),
        (_approved, '["Ash"]'),
        (_approved, "[1]"),
        (_approved, "[true]"),
        (_approved, '[["ash"]]'),
        (_approved, '[{"ash":1}]'),
        (_approved, '["blank"]'),
        (_marks, '{"oak":1}'),
        (_marks, '{"Ash":1}'),
        (_marks, '{"":1}'),
        (_ranking, '[["oak"]]'),
        (_ranking, '[["ash"],["oak"]]'),
        (_ranking, "[[1]]"),
        (_ranking, '[[["ash"]]]'),
        (_ranking, '[[{"ash":1}]]'),
    ],
)
def test_choice__not_an_option__refuses(parse: Parse, text: str) -> None:
    with refused("choice.unknown") as caught:
        parse(text)
    assert caught.value.expected == "ash, birch, cedar, elm"


@pytest.mark.parametrize("mark", ["6", "-4", "true", "false", '"5"', "[5]", '{"ash":5}', "100000"])
def test_marks__not_an_integer_in_range__refuses(mark: str) -> None:
    with refused("choice.range") as caught:
        _marks(f'{{"ash":{mark}}}')
    assert caught.value.expected == "an integer from -3 to 5"
    assert caught.value.found == repr(json.loads(mark))


def test_approved__too_many__refuses_and_as_many_as_allowed_pass() -> None:
    contest = Contest(options=OPTIONS, approvals=2)
    assert parse_approved('["ash","elm"]', contest) == ("ash", "elm")
    with refused("choice.too_many") as caught:
        parse_approved('["ash","birch","elm"]', contest)
    assert (caught.value.expected, caught.value.found) == ("at most 2 options", "3")


def test_ranking__equal_ranks_where_none_are_known__refuses() -> None:
    assert parse_ranking('[["ash"],["elm"]]', CONTEST, equal=False) == (("ash",), ("elm",))
    with refused("choice.equal_ranks") as caught:
        parse_ranking('[["ash","elm"]]', CONTEST, equal=False)
    assert caught.value.found == "ash, elm"


@pytest.mark.parametrize("parse", [_approved, _marks, _ranking])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 65_536,
        '["' + "a" * 65_536 + '"]',
        '{"ash":' + "1" * 65_536 + "}",
        '{"ash":1' + ',"ash":1' * 8_000 + "}",
        '[["ash"]' + ',["ash"]' * 8_000 + "]",
        "[" * 2_000 + "]" * 2_000,
        " " * (MAX_CHOICE_BYTES + 1),
    ],
    ids=["open", "long", "digits", "keys", "tiers", "deep", "blank"],
)
def test_choice__huge__refuses_and_shows_little(parse: Parse, text: str) -> None:
    with refused("choice.malformed") as caught:
        parse(text)
    assert len(caught.value.found) <= 64


def test_single__huge__refuses_and_shows_little() -> None:
    with refused("choice.unknown") as caught:
        _single("birch" * 13_108)
    assert caught.value.found == ("birch" * 13)[:64]


@pytest.mark.parametrize("depth", [3, 63, 64, 65, 500, 1_500])
def test_choice__nested__refuses(depth: int) -> None:
    nested = "[" * depth + '"ash"' + "]" * depth
    for parse in (_approved, _ranking):
        with refused("choice.unknown" if depth <= 64 else "choice.malformed"):
            parse(nested)


def test_choice__longest_of_all__fits() -> None:
    names = tuple(sorted(f"{'x' * 60}-{nth:02}" for nth in range(MAX_OPTIONS)))
    contest = Contest(options=names)
    most = int(MAX_CREDITS**0.5)
    approved, marked = names, tuple((name, -most) for name in names)
    ranking = tuple((name,) for name in names)
    assert {len(name) for name in names} == {63}
    assert parse_approved(format_approved(approved), contest) == approved
    assert parse_marks(format_marks(marked), contest, lowest=-most, highest=most) == marked
    assert parse_ranking(format_ranking(ranking), contest, equal=False) == ranking
    with refused("choice.unknown") as caught:
        parse_single("oak", contest)
    assert caught.value.expected == f"{', '.join(names[:10])}… or blank"


MARKS = marks(lowest=-3, highest=5)


@st.composite
def _rankings(draw: st.DrawFn) -> Ranking:
    left = draw(st.permutations(OPTIONS))[: draw(st.integers(1, len(OPTIONS)))]
    tiers = []
    while left:
        size = draw(st.integers(1, len(left)))
        tiers.append(tuple(sorted(left[:size])))
        left = left[size:]
    return tuple(tiers)


@given(APPROVED, MARKS, _rankings())
def test_choice__any__has_one_text(approved: Approved, marked: Marks, ranking: Ranking) -> None:
    assert _approved(format_approved(approved)) == approved
    assert _approved(format_approved(approved[::-1])) == approved
    assert _marks(format_marks(marked)) == marked
    assert _marks(format_marks(marked[::-1])) == marked
    assert _ranking(format_ranking(ranking)) == ranking
    assert _ranking(format_ranking(tuple(tier[::-1] for tier in ranking))) == ranking


@given(st.text(max_size=30) | st.binary(max_size=30).map(lambda data: data.decode("latin-1")))
def test_choice__any_text__is_refused_or_the_text_of_what_was_read(text: str) -> None:
    _same_text_or_refused(_approved, format_approved, text)
    _same_text_or_refused(_marks, format_marks, text)
    _same_text_or_refused(_ranking, format_ranking, text)


@given(_rankings(), st.integers(0, 60), st.sampled_from(' ,"[]{}:0a\u0430\0'))
def test_choice__one_character_put_in__is_another_choice_or_none(
    ranking: Ranking, place: int, character: str
) -> None:
    text = format_ranking(ranking)
    _same_text_or_refused(_ranking, format_ranking, text[:place] + character + text[place:])


def _same_text_or_refused(
    parse: Callable[[str], object], write: Callable[..., str], text: str
) -> None:
    choice: object = None
    with suppress(InvalidInputError):
        choice = parse(text)
    assert choice is None or write(choice) == text
