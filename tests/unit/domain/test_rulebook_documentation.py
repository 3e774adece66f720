"""The guide and the published schema are what this release does."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from anchoring.core.canonical import Json
from backend.domain.methods import METHODS
from backend.domain.methods.contest import OptionMethodName
from backend.domain.rulebook.compiler import compile_rulebook, problems
from backend.domain.rulebook.json_schema import rulebook_schema
from backend.domain.rulebook.linter import lint
from backend.domain.rulebook.source import Source
from backend.domain.rulebook.topics import Topic
from backend.domain.rulebook.voting import TieMeans
from backend.rulebook_files import parse_source
from tests.support.rulebook_sources import MODELS, model_rules

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = DOCS / "rulebook.md"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )


def guide() -> tuple[Source, bytes]:
    (text,) = blocks("text")
    return parse_source("".join(blocks("yaml")).encode()), text.encode()


def test_guide__its_examples_together__compile_for_its_statutes() -> None:
    assert problems(*guide()) == ()


def test_guide__every_topic__has_an_example_and_is_explained() -> None:
    rules = guide()[0]
    assert isinstance(rules, dict)

    shown = {rule["topic"] for rule in rules["rules"]}

    assert shown == set(get_args(Topic))
    for topic in shown:
        assert f"`{topic}`" in GUIDE.read_text("utf-8")


@pytest.mark.parametrize("name", [*METHODS, *get_args(OptionMethodName), *get_args(TieMeans)])
def test_guide__every_method_and_means_of_breaking_ties__is_named(name: str) -> None:
    assert f"`{name}`" in GUIDE.read_text("utf-8")


def test_guide__what_it_says_of_the_report__is_in_the_report() -> None:
    source, text = guide()

    found = lint(compile_rulebook(source, text), text)

    codes = [each.code for each in found]
    assert {"silent.quorum", "session.uncallable", "silent.point", "kind.blocked"} <= set(codes)
    assert not [each for each in found if each.severity in ("contradiction", "arithmetic")]


def test_schema__as_published__is_the_one_of_the_code() -> None:
    published = json.loads((DOCS / "formats" / "rulebook.schema.json").read_text("utf-8"))

    assert published == rulebook_schema()


@pytest.mark.parametrize("missing", ["format", "rules", "text"])
def test_schema__head_of_a_rulebook__is_required(missing: str) -> None:
    definitions = rulebook_schema()["$defs"]
    assert isinstance(definitions, dict)
    rulebook = definitions["Rulebook"]
    assert isinstance(rulebook, dict)

    required: Json = rulebook["required"]

    assert isinstance(required, list)
    assert missing in required


@pytest.mark.parametrize(("folder", "version"), MODELS)
def test_schema__topics_of_every_model__are_in_it(folder: str, version: int) -> None:
    known = json.dumps(rulebook_schema())

    for rule in model_rules(folder, version).rulebook.rules:
        assert f'"{type(rule).__name__}"' in known
