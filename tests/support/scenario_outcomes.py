"""What scenarios say must be so after their steps."""

from collections.abc import Callable, Mapping

from backend.domain import explanations
from backend.domain.errors import GovernanceError, RuleViolation
from backend.domain.mandates import composition
from backend.domain.messages import LANGUAGES, UNWORDED, WORDING, message
from backend.domain.obligations import obligations
from backend.domain.rulebook.linter import lint
from backend.domain.rulebook.rule import Rule
from tests.support.scenario_fields import Fields, ScenarioError, names_of, texts_of
from tests.support.scenario_world import World


def check_refusal(error: GovernanceError, fields: Fields, articles: frozenset[str]) -> None:
    """Check that a step was refused as it should: the code, the article, the rule, and words for members.

    Args:
        error: The refusal.
        fields: ``code``, and ``article`` and ``rule`` where the statutes are what refuses.
        articles: Articles that the scenario rests on.
    """
    code, article, rule = fields.text("code"), fields.maybe("article"), fields.maybe("rule")
    fields.done()
    assert error.code == code, f"refused as {error.code}: {error}"
    found = error.rule if isinstance(error, RuleViolation) else None
    named = found.article if found is not None else ""
    assert named == (article or ""), f"refused under article {named or 'none'}: {error}"
    if article is not None:
        assert article in articles, f"article {article} refuses, the scenario does not cite it"
    if rule is not None:
        assert found is not None, f"no rule is named: {error}"
        assert found.id == rule, f"refused under {found.id}: {error}"
    assert error.expected, "a refusal says what would be accepted"
    for language in LANGUAGES:
        _, words, remedy = _words(error, language)
        assert code in WORDING[language] or code == UNWORDED, f"{code} has no words ({language})"
        assert remedy, f"{code} has no remedy ({language})"
        assert not named or named in words, f"{code} does not name article {named} ({language})"


def check_outcomes(world: World, fields: Fields) -> None:
    """Check everything that must be so.

    Raises:
        ScenarioError: An expectation of no known kind.
    """
    for name, expected in fields.rest().items():
        if name not in _CHECKS:
            message_ = f"then: nothing is called {name}; known are {', '.join(_CHECKS)}"
            raise ScenarioError(message_)
        listed = expected if isinstance(expected, list) else [expected]
        for each in listed:
            part = Fields(f"then, {name}", each)
            _CHECKS[name](world, part)
            part.done()


def cited(world: World) -> frozenset[str]:
    """Return the articles that the derivations of all decisions name."""
    return frozenset(
        step.article
        for decision in world.state.decisions.values()
        for step in decision.derivation
        if step.article
    )


def explain_all(world: World) -> None:
    """Check that every decision can be explained in every language, naming what it rests on."""
    for decision in world.state.decisions.values():
        rulebook = world.state.governing(decision.assembly)
        for language in LANGUAGES:
            statutes = world.ledger.sources.document(rulebook.text)
            text = explanations.explain(decision, rulebook, statutes, language)
            assert text, f"{decision.motion}: no explanation ({language})"


def _words(error: GovernanceError, language: str) -> tuple[str, str, str]:
    worded = message(error, "fr" if language == "fr" else "en")
    return worded.title, worded.detail, worded.remedy


def _outcome(world: World, fields: Fields) -> None:
    for motion, expected in fields.rest().items():
        found = world.state.decisions[motion].outcome
        assert found == expected, f"{motion} is {found}"


def _tally(world: World, fields: Fields) -> None:
    for motion, expected in fields.rest().items():
        result = world.state.poll(motion).result
        assert result is not None, f"{motion} is not counted"
        wanted = Fields(motion, expected)
        for choice, number in result.tally.items():
            assert wanted.number(choice, 0) == number, f"{motion}: {number} {choice}"
        wanted.done()


def _step(world: World, fields: Fields) -> None:
    motion, rule = fields.text("decision"), fields.text("rule")
    steps = [each for each in world.state.decisions[motion].derivation if each.rule == rule]
    assert steps, f"{motion}: no step rests on {rule}"
    found = steps[-1]
    if "article" in fields:
        assert found.article == fields.text("article")
    if "verdict" in fields:
        verdict = fields.text("verdict")
        assert found.verdict == verdict, f"{motion}: {rule} is {found.verdict}: {found.inputs}"
    inputs = fields.fields("inputs").rest() if "inputs" in fields else {}
    for name, value in inputs.items():
        assert found.inputs.get(name) == value, f"{motion}: {rule}: {found.inputs}"


def _body(world: World, fields: Fields) -> None:
    body, day = fields.text("body"), fields.text("on", world.today)
    seats = {each.seat: each for each in composition(world.state, body, day)}
    for seat, expected in fields.fields("holders").rest().items():
        wanted = {world.who(name).id for name in names_of(texts_of(seat, expected)) if name}
        found = {mandate.holder for mandate in seats[seat].holders}
        names = ", ".join(world.role(member) for member in found) or "nobody"
        assert found == wanted, f"{body}, {seat} on {day}: {names}"
    missing = fields.fields("missing").rest() if "missing" in fields else {}
    for seat, number in missing.items():
        assert seats[seat].missing == int(str(number)), f"{seat}: {seats[seat].missing} missing"


def _motion(world: World, fields: Fields) -> None:
    for motion, expected in fields.rest().items():
        found = world.state.motion(motion).status
        assert found == expected, f"{motion} is {found}"


def _member(world: World, fields: Fields) -> None:
    for name, expected in fields.rest().items():
        found = world.state.member(world.who(name).id)
        if isinstance(expected, str):
            assert found.status == expected, f"{name} is {found.status}"
            continue
        wanted = Fields(name, expected)
        status, until = wanted.text("status"), wanted.maybe("suspended_until")
        lost_by = wanted.maybe("lost_by")
        wanted.done()
        assert (found.status, found.suspended_until, found.lost_by) == (status, until, lost_by)


def _proceeding(world: World, fields: Fields) -> None:
    for name, expected in fields.rest().items():
        found = world.state.proceeding(name).status
        assert found == expected, f"{name} is {found}"


def _mandate(world: World, fields: Fields) -> None:
    found = world.state.mandate(fields.text("mandate"))
    for name in ("starts", "ends", "ended_on", "cause", "way", "seat"):
        if name in fields:
            assert str(getattr(found, name)) == fields.text(name), f"{name}: {found}"


def _internal_rules(world: World, fields: Fields) -> None:
    for motion, expected in fields.rest().items():
        found = world.state.internal_rules[motion].status
        assert found == expected, f"{motion} is {found}"


def _statutes(world: World, fields: Fields) -> None:
    assert world.state.in_force().number == fields.number("version")
    for name in fields.texts("silent"):
        assert name in {each.id for each in world.state.in_force().rulebook.silences()}
    standing = {each.id for each in world.state.in_force().rulebook.every(Rule)}
    assert set(fields.texts("holds")) <= standing
    assert not set(fields.texts("absent")) & standing
    for name in fields.texts("settled"):
        assert name not in {each.id for each in world.state.in_force().rulebook.silences()}


def _assembly(world: World, fields: Fields) -> None:
    found = world.state.assembly(fields.text("assembly"))
    if "version" in fields:
        assert found.data.statutes == fields.number("version")
    if "electors" in fields:
        assert len(found.electors) == fields.number("electors")
    if "proxies" in fields:
        number = sum(not each.revoked for each in found.proxies.values())
        assert number == fields.number("proxies"), f"{number} proxies"
    for name in ("entitled", "present", "represented"):
        if name in fields:
            assert found.opened is not None, "it was not opened"
            number = getattr(found.opened, name)
            assert number == fields.number(name), f"{number} {name}"


def _draft(world: World, fields: Fields) -> None:
    found = world.state.draft(fields.text("draft"))
    complete = found.complete_at is not None
    assert complete == fields.truth("complete", default=True), f"complete: {complete}"


def _dispute(world: World, fields: Fields) -> None:
    found = world.state.disputes[fields.text("dispute", "dispute")]
    if "step" in fields:
        assert found.step == fields.text("step")
    if "settled" in fields:
        assert found.settled == fields.truth("settled", default=True)


def _obligation(world: World, fields: Fields) -> None:
    day = fields.text("on", world.today)
    kind, subject = fields.text("kind"), fields.text("subject")
    due = obligations(world.state, day)
    found = [each for each in due if (each.kind, each.subject) == (kind, subject)]
    if not fields.truth("there", default=True):
        assert not found, f"{kind} {subject} is {found[0].status}"
        return
    known = ", ".join(f"{each.kind} {each.subject}" for each in due)
    assert len(found) == 1, f"{kind} {subject} on {day}: {known or 'nothing'}"
    for name in ("status", "first", "last", "article", "rule", "bearer"):
        if name in fields:
            value = str(getattr(found[0], name))
            assert value == fields.text(name), f"{kind} {subject}: {name} is {value}"


def _finding(world: World, fields: Fields) -> None:
    code, article, rule = fields.text("code"), fields.maybe("article"), fields.maybe("rule")
    rulebook = world.state.in_force().rulebook
    found = lint(rulebook, world.ledger.sources.document(rulebook.text))
    matching = [
        each
        for each in found
        if each.code == code
        and (article is None or article in each.articles)
        and (rule is None or rule in each.rules)
    ]
    if fields.truth("there", default=True):
        known = sorted({f"{each.code} {','.join(each.rules)}" for each in found})
        assert matching, f"not found; found are {'; '.join(known)}"
    else:
        assert not matching, f"found: {matching}"


def _organisation(world: World, fields: Fields) -> None:
    if "dissolved_by" in fields:
        assert world.state.dissolved_by == fields.text("dissolved_by")
    if "affiliated_to" in fields:
        assert fields.text("affiliated_to") in world.state.affiliations
    if "left" in fields:
        assert fields.text("left") not in world.state.affiliations


_CHECKS: Mapping[str, Callable[[World, Fields], None]] = {
    "outcome": _outcome,
    "tally": _tally,
    "step": _step,
    "body": _body,
    "motion": _motion,
    "member": _member,
    "proceeding": _proceeding,
    "mandate": _mandate,
    "internal_rules": _internal_rules,
    "statutes": _statutes,
    "assembly": _assembly,
    "draft": _draft,
    "dispute": _dispute,
    "obligation": _obligation,
    "finding": _finding,
    "organisation": _organisation,
}
