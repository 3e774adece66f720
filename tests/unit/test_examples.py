"""The model organisation: its files parse, agree with each other, and are in our own words."""

import os
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from backend.demo.model import MODEL, Model, load_model
from backend.domain.errors import RuleViolation
from backend.domain.framework import parse_framework
from backend.domain.rulebook import Quorum, Rulebook, Silent, parse_rulebook

RUN = 8
"""Words in a row that two texts never share by chance."""

VERSIONS = (1, 2)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def rulebook_of(model: Model, version: int) -> Rulebook:
    return parse_rulebook((model.first, model.second)[version - 1].rulebook)


def articles(text: str) -> list[str]:
    return re.findall(r"^Article (\d+)\.", text, re.MULTILINE)


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def own_files() -> Iterator[tuple[str, str]]:
    folder = Path(str(files("examples") / MODEL))
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_text("utf-8")


@pytest.mark.parametrize("version", VERSIONS)
def test_statutes__both_versions__number_their_articles_without_gap(
    model: Model, version: int
) -> None:
    text = (model.first, model.second)[version - 1].text

    assert articles(text) == [str(number) for number in range(1, 22)]


@pytest.mark.parametrize("version", VERSIONS)
def test_rulebook__every_rule__names_an_article_of_the_text(model: Model, version: int) -> None:
    text = (model.first, model.second)[version - 1].text

    named = {rule.article for rule in rulebook_of(model, version).rules}

    assert named <= set(articles(text))


@pytest.mark.parametrize("version", VERSIONS)
def test_rulebook__revocation__is_left_open_by_article_19(model: Model, version: int) -> None:
    rulebook = rulebook_of(model, version)

    assert {rule.matter for rule in rulebook.rules if isinstance(rule, Silent)} == {
        "quorum",
        "majority",
    }
    for ask in (rulebook.quorum, rulebook.majority):
        with pytest.raises(RuleViolation) as refusal:
            ask("revocatory")
        assert (refusal.value.code, refusal.value.rule.article) == ("rule.silent", "19")


@pytest.mark.parametrize("version", VERSIONS)
def test_rulebook__other_kinds__settles_all_a_vote_needs(model: Model, version: int) -> None:
    rulebook = rulebook_of(model, version)

    for kind in ("constituent", "abrogative", "legislative"):
        for ask in (
            rulebook.initiative,
            rulebook.effect,
            rulebook.ballot,
            rulebook.quorum,
            rulebook.majority,
            rulebook.tie,
        ):
            assert ask(kind).article
    assert rulebook.voting_right("individual").modality == "may"
    assert rulebook.voting_right("collective").modality == "must_not"


def test_amendment__second_version__changes_notice_and_constituent_quorum_only(
    model: Model,
) -> None:
    first, second = rulebook_of(model, 1), rulebook_of(model, 2)

    changed = {
        old.id: (old, new) for old, new in zip(first.rules, second.rules, strict=True) if old != new
    }

    assert set(changed) == {"convocation", "quorum-constituant"}
    assert (first.convocation().notice_days, second.convocation().notice_days) == (15, 21)
    quorums = changed["quorum-constituant"]
    assert [str(rule.fraction) for rule in quorums if isinstance(rule, Quorum)] == ["1/4", "1/3"]


def test_observations__each__measures_an_indicator_in_its_unit(model: Model) -> None:
    framework = parse_framework(model.framework)

    measured = [(item.indicator, item.unit) for item in model.observations.observations]

    assert measured == [(indicator.id, indicator.unit) for indicator in framework.indicators]
    assert {indicator.direction for indicator in framework.indicators} == {
        "more_is_better",
        "less_is_better",
    }
    assert sum(indicator.weight.fraction() for indicator in framework.indicators) == 1


def test_members__all__are_distinct_and_counted_as_the_summary_says(model: Model) -> None:
    classes = [member.member_class for member in model.members]
    founders = [member for member in model.members if member.founder]

    assert (classes.count("individual"), classes.count("collective")) == (25, 2)
    assert len({member.name for member in model.members}) == 27
    assert len(founders) == 3
    assert all(member.member_class == "individual" for member in founders)


def test_motions__each__begins_with_a_title(model: Model) -> None:
    assert len(model.motions) == 6
    for text in model.motions.values():
        title, blank, *rest = text.splitlines()
        assert 0 < len(title) <= 200
        assert not blank
        assert rest


def test_summary__readme__is_in_english_and_names_every_file() -> None:
    texts = dict(own_files())

    summary = texts.pop("README.md")

    assert "## Summary in English" in summary
    for name in texts:
        assert name in summary or (name.startswith("motions/") and "motions/*.txt" in summary)


def test_texts__against_the_public_documents_that_inspired_them__share_no_run_of_words() -> None:
    folder = Path(os.environ.get("PSEPHOS_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip("set PSEPHOS_SEEDS to the folder of the documents that inspired the model")
    seeds = {path.name: runs(path.read_text("utf-8")) for path in sorted(folder.glob("*.txt"))}
    assert seeds
    for name, text in own_files():
        for seed, known in seeds.items():
            assert not runs(text) & known, f"{name} shares words with {seed}"


def test_run_of_words__when_shared__is_seen() -> None:
    sentence = "one two three four five six seven eight"

    assert runs(f"And {sentence}, nine.") & runs(sentence.upper())
    assert not runs(f"And {sentence}, nine.") & runs(sentence.replace("four", "4"))
