"""Wording of the calendar: every kind, status and kind of motion, in both languages."""

from dataclasses import replace
from typing import get_args

import pytest

from backend.domain.acts import MotionKind
from backend.domain.messages import LANGUAGES, Language
from backend.domain.obligation_texts import (
    KINDS,
    OBLIGATIONS,
    STATUSES,
    day_text,
    obligation_detail,
    obligation_title,
)
from backend.domain.obligations import ObligationDue, ObligationKind, Status

MANDATE = ObligationDue(
    kind="mandate",
    subject="m1",
    rule="term",
    article="17",
    first="2026-04-16",
    last="2026-06-15",
    status="due",
    duty=True,
    uid="mandate.m1@ledger.example/riverside",
    title="Présidente",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts__when_anything_can_come__then_each_has_words(language: Language) -> None:
    assert set(OBLIGATIONS[language]) == set(get_args(ObligationKind))
    assert set(STATUSES[language]) == set(get_args(Status))
    assert set(KINDS[language]) == set(get_args(MotionKind))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(ObligationKind))
def test_texts__when_filled_in__then_title_article_and_last_day_are_said(
    kind: ObligationKind, language: Language
) -> None:
    obligation = replace(MANDATE, kind=kind, title="{title}")
    title, detail = (say(obligation, language) for say in (obligation_title, obligation_detail))
    assert "{title}" in title
    assert detail.startswith("Article 17")
    assert day_text("2026-06-15", language) in detail
    assert "{" not in detail


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Fin d\u2019un mandat\u00a0: Présidente"),
        ("en", "End of a mandate: Présidente"),
    ],
)
def test_title__when_the_matter_is_open__then_no_status(language: Language, words: str) -> None:
    assert obligation_title(MANDATE, language) == words
    assert obligation_title(replace(MANDATE, status="upcoming"), language) == words
    late = obligation_title(replace(MANDATE, status="overdue"), language)
    assert late == f"{STATUSES[language]['overdue']} \u2013 {words}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            (
                "Article 17\u00a0: Dernier jour du mandat\u00a0: 15 juin 2026. Le siège n\u2019a plus assez "
                "de titulaires dont le mandat court. Qui\u00a0: le conseil. En retard."
            ),
        ),
        (
            "en",
            (
                "Article 17: Last day of the mandate: 15 June 2026. The seat no longer has enough holders in "
                "their term. Who: le conseil. Overdue."
            ),
        ),
    ],
)
def test_detail__when_a_mandate_is_overdue__then_the_vacancy_and_the_bearer_are_said(
    language: Language, words: str
) -> None:
    overdue = replace(MANDATE, status="overdue", bearer="le conseil")
    assert obligation_detail(overdue, language) == words


def test_detail__when_no_article_states_it__then_none_is_named() -> None:
    built_in = replace(MANDATE, rule="psephos.obligations", article="")
    assert obligation_detail(built_in, "en") == "Last day of the mandate: 15 June 2026. Due."


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        ("2027-03-01", "fr", "1er mars 2027"),
        ("2027-03-01", "en", "1 March 2027"),
        ("2027-08-11", "fr", "11 août 2027"),
    ],
)
def test_day__when_worded__then_as_people_write_it(
    day: str, language: Language, words: str
) -> None:
    assert day_text(day, language) == words
