"""The completeness list: every topic is under a heading, and answers are told from silences."""

from typing import get_args

from backend.domain.messages_terms_en import WORDS_EN
from backend.domain.rulebook.checklist import CHECKLIST, Heading, review
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.topics import Topic
from tests.support.rulebook_sources import (
    STATUTES,
    model_rules,
    rule,
    small_rules,
    source_of,
    without,
)

TEXT = STATUTES.encode()

WITHOUT_HEADING = {"co_option", "competence", "second_convocation", "adjournment"}
"""Topics that refine others; no heading asks for them by themselves."""


def test_checklist__headings__are_those_of_the_questionnaire_in_its_order() -> None:
    assert tuple(item.heading for item in CHECKLIST) == get_args(Heading)
    assert set(WORDS_EN["item"]) == set(get_args(Heading))


def test_checklist__every_topic__is_under_a_heading() -> None:
    listed = {topic for item in CHECKLIST for topic in item.topics}

    assert listed == set(get_args(Topic)) - WITHOUT_HEADING


def test_review__rule_silence_and_nothing__are_told_apart() -> None:
    rules = {key: each for key, each in small_rules().items() if key != "leave"}
    rules["open"] = rule("open", "loss", "1", "silent", settled_by="x", cause="exclusion")

    answers = {
        each.item.heading: (each.answer, each.articles)
        for each in review(compile_rulebook(source_of(rules), TEXT))
    }

    assert answers["membership"] == ("answered", ("premier",))
    assert answers["removal"] == ("silent", ("premier",))
    assert answers["economics"] == ("missing", ())
    assert answers["mission"] == ("text", ())


def test_review__effects_that_leave_the_statutes_alone__do_not_answer_modification() -> None:
    rulebook = compile_rulebook(without(), TEXT)

    answers = {each.item.heading: each.answer for each in review(rulebook)}

    assert (answers["modification"], answers["implementation"]) == ("missing", "answered")


def test_review__model_conference__answers_all_that_rules_can() -> None:
    answers = {each.answer for each in review(model_rules("conference-citoyenne").rulebook)}

    assert answers == {"answered", "text"}
