"""Refusals carry fields and build their own text."""

from backend.domain.errors import ConflictError, NotFoundError, RuleReference, RuleViolation


def test_refusal__as_text__says_code_expected_and_found() -> None:
    error = ConflictError("motion.exists", expected="a new id", found="bridge")
    assert str(error) == "motion.exists: expected a new id, found bridge"


def test_not_found__names_its_noun() -> None:
    error = NotFoundError("motion", "bridge")
    assert (error.code, error.noun, error.identifier) == ("motion.unknown", "motion", "bridge")
    assert str(error) == "motion.unknown: expected an existing motion, found bridge"


def test_rule_violation__of_the_statutes__names_the_article() -> None:
    article = RuleViolation("a.b", RuleReference("quorum", "13"), expected="4", found="3")
    built_in = RuleViolation("a.b", RuleReference("psephos.order", ""), expected="4", found="3")
    assert str(article) == "quorum (article 13): expected 4, found 3"
    assert str(built_in) == "psephos.order: expected 4, found 3"
    assert built_in.entry is None
