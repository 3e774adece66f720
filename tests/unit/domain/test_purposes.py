"""Consents: to a closed list of purposes, in words that have a version, taken back as easily as given."""

import pytest

from backend.domain.errors import GovernanceError
from backend.domain.purposes import (
    MAX_ANSWERS,
    PURPOSES,
    Answer,
    answer,
    consents,
    given_on_joining,
    standing,
)

AT = "2026-02-01T09:00:00.000Z"
LATER = "2026-03-01T09:00:00.000Z"
GIVEN = Answer("mail_news", 1, "given", AT)
WITHDRAWN = Answer("mail_news", 1, "withdrawn", LATER)


def test_joining__with_what_is_needed__gives_in_the_order_of_the_list() -> None:
    answers = given_on_joining({"statistics": 1, "membership": 1}, at=AT)
    assert [each.purpose for each in answers] == ["membership", "statistics"]
    assert {(each.reply, each.at) for each in answers} == {("given", AT)}


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ({}, "consent.needed"),
        ({"directory": 1}, "consent.needed"),
        ({"membership": 1, "advertising": 1}, "consent.purpose"),
        ({"membership": 0}, "consent.version"),
    ],
)
def test_joining__without_what_is_needed_or_to_something_else__is_refused(
    versions: dict[str, int], code: str
) -> None:
    with pytest.raises(GovernanceError) as caught:
        given_on_joining(versions, at=AT)
    assert caught.value.code == code
    # What somebody else wrote is not repeated: it may be personal.
    assert "advertising" not in str(caught.value)


def test_consents__follow_the_last_answer_in_the_words_in_use() -> None:
    assert not consents((), "mail_news")
    assert consents((GIVEN,), "mail_news")
    assert not consents((GIVEN, WITHDRAWN), "mail_news")
    assert not consents((GIVEN,), "directory")
    other_words = Answer("mail_news", 2, "given", LATER)
    assert not consents((GIVEN, other_words), "mail_news")
    assert standing((GIVEN, WITHDRAWN)) == {"mail_news": WITHDRAWN}


def test_answer__that_changes_something__is_kept() -> None:
    assert answer((), "mail_news", 1, "given", at=AT) == GIVEN
    assert answer((GIVEN,), "mail_news", 1, "withdrawn", at=LATER) == WITHDRAWN


@pytest.mark.parametrize(
    ("before", "purpose", "reply", "code"),
    [
        ((GIVEN,), "mail_news", "given", "consent.answered"),
        ((), "mail_news", "withdrawn", "consent.answered"),
        ((), "membership", "withdrawn", "consent.kept"),
        ((), "advertising", "given", "consent.purpose"),
        ((WITHDRAWN,) * MAX_ANSWERS, "mail_news", "given", "consent.limit"),
    ],
)
def test_answer__that_changes_nothing_or_cannot_be__is_refused(
    before: tuple[Answer, ...], purpose: str, reply: str, code: str
) -> None:
    with pytest.raises(GovernanceError) as caught:
        answer(before, purpose, 1, "given" if reply == "given" else "withdrawn", at=AT)
    assert caught.value.code == code


def test_answer__taking_back__is_never_one_too_many() -> None:
    before = (*(WITHDRAWN,) * MAX_ANSWERS, GIVEN)
    assert answer(before, "mail_news", 1, "withdrawn", at=LATER) == WITHDRAWN


def test_purposes__are_a_closed_list_in_both_languages() -> None:
    assert [each.name for each in PURPOSES.values() if each.needed] == ["membership"]
    assert all(each.fr != each.en and each.version >= 1 for each in PURPOSES.values())
