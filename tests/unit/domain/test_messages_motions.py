"""Wording of refusals on motions and rules: complete in both languages, and it says what to do."""

import re
from pathlib import Path

import pytest

from backend.domain import motions
from backend.domain.errors import RuleReference, RuleViolation
from backend.domain.messages import LANGUAGES, WORDING, Language, message
from backend.domain.messages_motions import MOTIONS_EN, MOTIONS_FR

FOLDER = Path(motions.__file__).parent
MODULES = (
    "commons", "effects", "founding", "lawfulness", "motions", "rule_changes", "statutes",
    "supplements",
)  # fmt: skip
CODE = re.compile(
    r"(?:RuleViolation|ConflictError|InvalidInputError)\(\s*\"([a-z_]+\.[a-z_]+)\"", re.MULTILINE
)


def _raised() -> set[str]:
    found = {code for name in MODULES for code in CODE.findall((FOLDER / f"{name}.py").read_text())}
    assert len(found) > 40
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_wording__of_every_refusal_raised_here__is_there(language: Language) -> None:
    assert _raised() - set(WORDING[language]) == set()


def test_wording__of_motions__is_raised_and_in_both_languages() -> None:
    assert set(MOTIONS_EN) == set(MOTIONS_FR)
    nouns = {"objection.unknown", "obligation.unknown"}
    assert set(MOTIONS_EN) - nouns <= _raised()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(MOTIONS_EN))
def test_wording__filled_in__names_the_article_and_the_remedy(
    code: str, language: Language
) -> None:
    error = RuleViolation(code, RuleReference("tie", "15"), expected="2 of 4", found="legislative")
    worded = message(error, language)
    assert worded.detail.startswith("Article 15")
    assert worded.title
    assert worded.remedy
    assert "{" not in worded.title + worded.detail + worded.remedy
