"""Letters: both languages alike, filled with exactly their places, no value breaks out of its own."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Channel, LossCause
from backend.domain.announcements import KEY_CHANGES
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.letters import (
    NEWS,
    SERVICE,
    WIPED,
    check_values,
    kind_of,
    places_of,
    wiped,
    word_letter,
)
from backend.domain.letters_en import FOOTERS_EN, LETTER_WORDS_EN, LETTERS_EN
from backend.domain.letters_fr import FOOTERS_FR, LETTER_WORDS_FR, LETTERS_FR
from backend.domain.messages import LANGUAGES, Language
from backend.domain.purposes import PURPOSES

NO_BREAK_SPACE = "\u00a0"
CONVOCATION = {
    "assembly": "Spring",
    "opens": "2026-01-20 10:00",
    "closes": "2026-01-22 10:00",
    "zone": "Europe/Paris",
    "channel": "remote",
    "agenda": "1. The bridge\n2. The weir",
    "address": "https://river.example",
    "voting": "remote",
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def worded(template: str, language: Language, **values: str) -> str:
    found = word_letter(
        template, values, language, organisation="River", unsubscribe="https://river.example/u"
    )
    return f"{found.subject}\n{found.text}"


def test_letters__both_languages__have_the_same_names_places_and_words() -> None:
    assert set(LETTERS_FR) == set(LETTERS_EN)
    for name, texts in LETTERS_EN.items():
        for french, english in zip(LETTERS_FR[name], texts, strict=True):
            assert places(french) == places(english), name
    assert {kind: places(text) for kind, text in FOOTERS_FR.items()} == {
        kind: places(text) for kind, text in FOOTERS_EN.items()
    }
    assert {place: set(words) for place, words in LETTER_WORDS_FR.items()} == {
        place: set(words) for place, words in LETTER_WORDS_EN.items()
    }


def test_words__of_channels_and_causes__are_all_there() -> None:
    assert set(LETTER_WORDS_EN["channel"]) == set(Channel.__args__)  # type: ignore[attr-defined]  # of a Literal
    assert set(LETTER_WORDS_EN["voting"]) == set(Channel.__args__)  # type: ignore[attr-defined]  # of a Literal
    assert set(LETTER_WORDS_EN["cause"]) == set(LossCause.__args__)  # type: ignore[attr-defined]  # of a Literal
    assert set(LETTER_WORDS_EN["change"]) == set(KEY_CHANGES.values())
    assert set(LETTER_WORDS_EN["purpose"]) == set(PURPOSES)


def test_kind_of__whatever_is_not_declared_lighter__is_legal() -> None:
    assert set(LETTERS_EN) >= SERVICE | NEWS
    for legal in (
        "convocation",
        "second_convocation",
        "proceeding_served",
        "key_changed",
        "breach",
    ):
        assert kind_of(legal) == "legal"
    assert (kind_of("results"), kind_of("login_link")) == ("news", "service")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(LETTERS_EN))
def test_word_letter__every_template__is_whole(template: str, language: Language) -> None:
    values = {place: f"<{place}>" for place in places_of(template)}
    text = worded(template, language, **values)
    assert "{" not in text
    assert "'" not in text
    assert all(f"<{place}>" in text for place in values)
    assert ("https://river.example/u" in text) == (kind_of(template) == "news")


def test_word_letter__convocation__says_when_where_and_how() -> None:
    french = worded("convocation", "fr", **CONVOCATION)
    assert f"Ouverture{NO_BREAK_SPACE}: 20/01/2026 à 10:00 (Europe/Paris)" in french
    assert "en ligne" in french
    assert "\n1. The bridge\n2. The weir\n" in french
    assert "signez avec votre clé" in french
    assert "Opens: 2026-01-20 at 10:00 (Europe/Paris)" in worded("convocation", "en", **CONVOCATION)


@pytest.mark.parametrize("template", ["convocations", "", "{0}"])
def test_places_of__no_such_template__is_refused(template: str) -> None:
    with pytest.raises(NotFoundError, match=r"template\.unknown"):
        places_of(template)


@pytest.mark.parametrize(
    "values", [{}, {"minutes": "15"}, {"link": "a", "minutes": "15", "more": "b"}]
)
def test_check_values__other_places__are_refused(values: dict[str, str]) -> None:
    check_values("login_link", {"link": "a", "minutes": "15"})
    with pytest.raises(InvalidInputError, match=r"letter\.values"):
        check_values("login_link", values)


def test_check_values__one_too_long__is_refused() -> None:
    check_values("login_link", {"link": "a" * 30_000, "minutes": "15"})
    with pytest.raises(InvalidInputError, match=r"letter\.values"):
        check_values("login_link", {"link": "a" * 30_001, "minutes": "15"})


@given(title=st.text(max_size=40), language=st.sampled_from(LANGUAGES))
def test_word_letter__whatever_the_title__stays_on_its_line(title: str, language: Language) -> None:
    plain = word_letter(
        "results",
        {"assembly": "x", "address": "y"},
        language,
        organisation="River",
        unsubscribe="z",
    )
    filled = word_letter(
        "results",
        {"assembly": title, "address": "y"},
        language,
        organisation=title,
        unsubscribe="z",
    )
    assert len(filled.subject.splitlines()) == 1
    assert len(filled.text.splitlines()) == len(plain.text.splitlines())


def test_wiped__secret_places_only() -> None:
    assert wiped({"link": "https://secret", "minutes": "15"}) == {"link": WIPED, "minutes": "15"}
