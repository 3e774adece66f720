"""What the linter finds in the models, and reports on them, word for word."""

import os
from pathlib import Path

import pytest

from backend.domain.messages import LANGUAGES, Language
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.findings import SEVERITIES
from backend.domain.rulebook.linter import lint
from backend.domain.rulebook.report import report
from tests.support.rulebook_sources import MODELS, STATUTES, model_rules, small_rules, source_of

GOLDEN = Path(__file__).parent / "rulebook_reports"
REWRITE = "PSEPHOS_REWRITE_REPORTS"
"""Environment variable that, when set, writes the reports instead of comparing them."""


def test_findings__of_every_model__come_gravest_first_and_name_rules_that_exist() -> None:
    for folder, version in MODELS:
        model = model_rules(folder, version)
        findings = lint(model.rulebook, model.text)
        weights = [SEVERITIES.index(each.severity) for each in findings]
        assert weights == sorted(weights)
        for each in findings:
            assert all(model.rulebook.rule(name).article in each.articles for name in each.rules)


def test_models__contradict_themselves__only_where_meant() -> None:
    wrong = {
        (folder, each.code)
        for folder, version in MODELS
        for each in lint(model_rules(folder, version).rulebook, model_rules(folder, version).text)
        if each.severity in ("contradiction", "arithmetic")
    }

    assert wrong == {("cooperation", "shares.line")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("folder", "version"), [each for each in MODELS if each[1] == 1])
def test_report__on_a_model__reads_as_recorded(
    folder: str, version: int, language: Language
) -> None:
    model = model_rules(folder, version)
    golden = GOLDEN / f"{folder}.{language}.txt"

    said = report(model.rulebook, lint(model.rulebook, model.text), language)

    if os.environ.get(REWRITE):
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8"), f"set {REWRITE} to record a change that is meant"


def test_report__nothing_found__says_so() -> None:
    sound = compile_rulebook(source_of(small_rules()), STATUTES.encode())

    said = report(sound, (), "en")

    assert "Nothing to report." in said
