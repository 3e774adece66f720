"""Wording of refusals: every code has it, in both languages, typeset, with every field it names."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.domain.acts import MotionKind
from backend.domain.errors import ConflictError, NotFoundError, RuleReference, RuleViolation
from backend.domain.messages import LANGUAGES, UNWORDED, WORDING, Language, Message, message
from backend.domain.messages_fr import TERMS_FR
from backend.domain.messages_people import PEOPLE_TERMS_FR
from backend.domain.rulebook.topics import Silent, Topic
from tests.support.governance import CHAIR, GARDENER, founded, refused, rules_with, voting

BACKEND = Path(__file__).parents[3] / "backend"
ERRORS = {
    "ConflictError",
    "GovernanceError",
    "InvalidInputError",
    "NotFoundError",
    "NotPermittedError",
    "RuleViolation",
}
INDIRECT = {
    "member.exists", "key.in_use", "decision.unknown", "valuation.unknown",
    "choice.malformed", "choice.too_many", "choice.range", "choice.equal_ranks",
}  # fmt: skip
"""Codes raised from a table, by the founding and by reads of one row, or in one place for a module."""

FROM_THE_EDGES = {
    "command.reused", "proof.missing", "identity.review", "operator.required", "request.malformed",
    "choice.unknown", "document.unknown",
}  # fmt: skip
"""Codes that services, storage and interfaces raise."""

COMPOSED = "rulebook.source."
"""Beginning of the codes that are put together from it and a word."""

FIELDS = {
    "expected", "found", "expected_terms", "found_terms", "expected_figure", "found_figure",
    "article", "rule",
}  # fmt: skip


def _raised(folder: Path) -> Iterator[str]:
    """Yield the codes raised in the source files of a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            first = node.args[0]
            if node.func.id in ERRORS and isinstance(first, ast.Constant):
                name = str(first.value)
                yield f"{name}.unknown" if node.func.id == "NotFoundError" else name


def _named(folder: Path) -> Iterator[str]:
    """Yield every text in the source files of a folder that could be a code, wording apart."""
    for path in sorted(folder.rglob("*.py")):
        if path.name.startswith("messages"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_wording__both_languages__have_the_same_codes() -> None:
    assert set(WORDING["fr"]) == set(WORDING["en"])


def test_wording__every_code_raised_in_the_backend__has_it() -> None:
    raised = set(_raised(BACKEND)) | INDIRECT | FROM_THE_EDGES
    assert len(raised) > 100
    assert sorted(raised - set(WORDING["fr"])) == []


def test_wording__every_code_with_wording__is_raised() -> None:
    named = {*_named(BACKEND), *_raised(BACKEND), *INDIRECT, *FROM_THE_EDGES, UNWORDED}
    unnamed = set(WORDING["fr"]) - named
    assert sorted(code for code in unnamed if code.removeprefix(COMPOSED) not in named) == []


@pytest.mark.parametrize("code", sorted(WORDING["fr"]))
@pytest.mark.parametrize("language", LANGUAGES)
def test_wording__every_template__is_whole_and_fills(code: str, language: Language) -> None:
    templates = WORDING[language][code]
    assert len(templates) == 3
    for template in templates:
        assert template
        assert template == template.strip()
        names = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        assert names <= FIELDS
    rule = RuleReference("quorum", "13")
    filled = message(RuleViolation(code, rule, expected="4 <{x}>", found="3 {y}"), language)
    assert filled.detail.startswith("Article 13\u00a0: " if language == "fr" else "Article 13: ")
    assert "'" not in f"{filled.title}{filled.detail}{filled.remedy}"


def test_wording__french__has_its_spaces_and_no_loose_ones() -> None:
    for code in WORDING["fr"]:
        filled = message(ConflictError(code, expected="X", found="Y"), "fr")
        for text in (filled.title, filled.detail, filled.remedy):
            assert not re.search(r" [:;!?»]|« |  ", text), text


def test_terms__every_word_of_kinds_classes_and_topics__is_translated() -> None:
    for literal in (MotionKind, Topic):
        assert set(literal.__args__) <= {*TERMS_FR, *PEOPLE_TERMS_FR}  # type: ignore[attr-defined]  # of a Literal


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        (
            "fr",
            "Article 11\u00a0: Au moins 15 jours doivent séparer la convocation de l\u2019ouverture.",
        ),
        ("en", "Article 11: At least 15 days must pass between the call and the opening."),
    ],
)
def test_message__short_notice__names_article_and_days(language: Language, detail: str) -> None:
    simulation, _ = founded()
    simulation.propose(CHAIR, "bridge")
    with refused("assembly.notice") as caught:
        simulation.convene(CHAIR, "spring", "bridge", days=14)
    assert message(caught.value, language).detail == detail


def test_message__silent_statutes__say_what_would_settle_it() -> None:
    silence = Silent(
        id="open", article="15", matter="tie", settled_by="Une décision de l'assemblée."
    )
    simulation, _ = founded(rules_with(silence, without=["tie", "tie-council"]))
    simulation.propose(GARDENER, "bridge")
    with refused("rule.silent") as caught:
        simulation.convene(CHAIR, "spring", "bridge")
    assert message(caught.value, "fr") == Message(
        "Les statuts ne le disent pas",
        "Article 15\u00a0: Les statuts laissent cette question ouverte\u00a0:"
        " égalité des voix (assembly/législative).",
        "Ce qui la trancherait\u00a0: Une décision de l'assemblée.",
    )


def test_message__built_in_rule__names_no_article_and_writes_the_time() -> None:
    simulation, _ = voting()
    simulation.advance(days=2)
    with refused("assembly.over") as caught:
        simulation.cast(CHAIR, "bridge", "yes")
    assert message(caught.value, "fr").detail == (
        "C\u2019était possible jusqu\u2019au 22/01/2026 à 09:00 UTC."
    )
    assert message(caught.value, "en").detail == (
        "This was possible until 2026-01-22 at 09:00 UTC."
    )


def test_message__something_unknown__names_it_as_it_is() -> None:
    error = NotFoundError("motion", "it's {weird} : « so »")
    assert message(error, "fr").detail == "Il n\u2019existe pas de motion it's {weird} : « so »."


def test_message__code_without_wording__still_says_what_was_met() -> None:
    error = ConflictError("moon.full", expected="a new moon", found="a full moon")
    assert message(error, "en") == Message(
        "Refused",
        "Required: a new moon. Found: a full moon.",
        "Correct your request, or write to the bureau.",
    )
    assert message(error, "fr").title == "Demande refusée"
