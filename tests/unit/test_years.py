"""What the years of the organisations are played from: their texts, and the refusals they keep."""

from pathlib import Path

import pytest

from backend.demo.client import RefusedError
from backend.demo.years.programmes import PROGRAMMES
from backend.demo.years.refusals import Refusals
from backend.demo.years.texts import load_year
from backend.domain.rulebook.book import parse_rulebook
from backend.domain.rulebook.topics import Silent


@pytest.mark.parametrize("slug", sorted(PROGRAMMES))
def test_texts__every_organisation__name_first_holders_and_what_is_explained(slug: str) -> None:
    programme, texts = PROGRAMMES[slug], load_year(slug)
    names = [member.facts.get("delegate", member.name).split()[0] for member in texts.members]

    assert len(set(names)) == len(names)
    assert {name for _, _, name in programme.mandates} <= set(names)
    assert programme.explained in texts.motions
    assert [chapter.day for chapter in programme.chapters] == sorted(
        chapter.day for chapter in programme.chapters
    )


@pytest.mark.parametrize("slug", sorted(PROGRAMMES))
def test_interpretations__every_one__stands_under_an_article_that_is_silent(slug: str) -> None:
    texts = load_year(slug)
    silent = {
        (rule.matter, rule.article)
        for rule in parse_rulebook(texts.rulebook).rules
        if isinstance(rule, Silent)
    }

    for rule in texts.interpretations.values():
        assert (str(type(rule).__struct_config__.tag), rule.article) in silent


def test_texts__one_word_changed__have_another_digest() -> None:
    digests = {load_year(slug).digest for slug in PROGRAMMES}

    assert len(digests) == len(PROGRAMMES)


def test_refusals__met_before__are_told_in_order_then_new_ones_are_awaited(tmp_path: Path) -> None:
    path = tmp_path / "refusals"
    first = Refusals(path)
    assert first.next() is None
    first.keep(RefusedError(422, {"code": "rule.silent", "detail": "one"}), 1.5)
    assert first.next() is None
    first.keep(RefusedError(403, {"code": "officer.required", "detail": "two"}), 2.5)

    again = Refusals(path)
    told = [again.next(), again.next()]

    assert [(each.error().code, each.now) for each in told if each is not None] == [
        ("rule.silent", 1.5),
        ("officer.required", 2.5),
    ]
    assert again.next() is None
