"""What decisions put beside the statutes, G1 to G4."""

from collections.abc import Callable

import msgspec
import pytest

from backend.domain.acts import InternalRulesEffect, InterpretationEffect
from backend.domain.errors import RuleViolation
from backend.domain.rulebook.book import Abrogation, Rulebook, Supplement
from backend.domain.rulebook.order import Custody, InternalRules
from backend.domain.rulebook.rule import AssemblyParty, Span
from backend.domain.rulebook.topics import FirmRule, Silent, Topic
from backend.domain.rulebook.voting import Tie
from backend.domain.supplements import (
    MAX_SUPPLEMENT_BYTES,
    SupplementDocument,
    abrogate,
    check_abrogation,
    check_internal_rules,
    check_interpretation,
    format_supplement,
    parse_supplement,
    sound,
    supplement,
    withdraw,
)
from tests.support.governance import refused, rule_of, rules_with
from tests.support.memory_ledger import MemorySources
from tests.support.model_organisation import model_rulebook
from tests.support.model_rules import BUREAU

TEXT = model_rulebook().text
SILENCE = (
    b'{"format":"psephos-supplement/1","rules":[{"article":"1","id":"a","matter":"tie",'
    b'"settled_by":"x","topic":"silent"}]}'
)


def custody(name: str = "custody", **fields: object) -> Custody:
    """Return a rule that the rulebooks of these tests leave out."""
    rule = Custody(id=name, article="6", modality="must", by=BUREAU)
    return msgspec.structs.replace(rule, **fields)


def tie(name: str = "tie-made", **fields: object) -> Tie:
    """Return a rule on ties in elections."""
    rule = Tie(
        id=name, article="15", modality="must", motions=("election",), resolution="status_quo"
    )
    return msgspec.structs.replace(rule, **fields)


def silent(matter: Topic = "tie", *about: str, name: str = "open") -> Silent:
    """Return a silence of article 15."""
    return Silent(id=name, article="15", matter=matter, about=about, settled_by="A decision.")


def open_ties(*about: str) -> Rulebook:
    """Return the model rulebook, silent on ties."""
    return rules_with(silent("tie", *about), without=["tie", "tie-council"])


def _stored(*rules: FirmRule) -> tuple[MemorySources, str]:
    sources = MemorySources()
    content = format_supplement(SupplementDocument("psephos-supplement/1", rules))
    return sources, sources.documents.put(content)


def _interpret(rulebook: Rulebook, *rules: FirmRule, settles: str = "open") -> None:
    sources, cid = _stored(*rules)
    effect = InterpretationEffect(settles, cid)
    check_interpretation(effect, "motion", TEXT, rulebook, sources)


def _make(rulebook: Rulebook, *rules: FirmRule, session: str | None = None) -> None:
    sources, cid = _stored(*rules)
    effect = InternalRulesEffect(TEXT, cid)
    check_internal_rules(effect, "motion", rulebook, sources, session=session)


def _beside(rulebook: Rulebook, name: str, *rules: FirmRule) -> Rulebook:
    return supplement(rulebook, Supplement("internal_rules", name, TEXT, rules))


def test_parse_supplement__of_its_own_text__gives_it_back() -> None:
    document = SupplementDocument("psephos-supplement/1", (custody(), tie()))
    assert parse_supplement(format_supplement(document)) == document


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format":"psephos-supplement/1","rules":[]}',
        format_supplement(SupplementDocument("psephos-supplement/1", (custody(),))) + b"\n",
        format_supplement(SupplementDocument("psephos-supplement/1", (custody(),))).replace(
            b"/1", b"/2"
        ),
        format_supplement(SupplementDocument("psephos-supplement/1", (tie(span=Span(0, 1)),))),
        SILENCE,
        b" " * (MAX_SUPPLEMENT_BYTES + 1),
    ],
)
def test_parse_supplement__not_a_supplement__refuses(content: bytes) -> None:
    with refused("supplement.malformed"):
        parse_supplement(content)


def test_parse_supplement__longest__is_read_before_it_is_refused() -> None:
    with refused("supplement.malformed") as caught:
        parse_supplement(b" " * MAX_SUPPLEMENT_BYTES)
    assert "bytes" not in caught.value.found
    with refused("supplement.malformed") as caught:
        parse_supplement(b" " * (MAX_SUPPLEMENT_BYTES + 1))
    assert caught.value.found == f"{MAX_SUPPLEMENT_BYTES + 1} bytes"


def test_g1__internal_rules_where_nothing_is_said__pass() -> None:
    _make(rules_with(without=["custody"]), custody())


@pytest.mark.parametrize("rule", [custody("made"), tie(), custody("made", overrides=("custody",))])
def test_g1__internal_rules_against_a_firm_rule__refuse_naming_it(rule: FirmRule) -> None:
    with refused("supplement.firm") as caught:
        _make(model_rulebook(), rule)
    assert isinstance(caught.value, RuleViolation)
    assert (caught.value.rule.id, caught.value.rule.article) == (
        ("tie", "15") if isinstance(rule, Tie) else ("custody", "6")
    )


def test_g1__internal_rules_that_replace_earlier_ones__pass_only_if_they_say_so() -> None:
    made = _beside(rules_with(without=["custody"]), "first", custody())
    with refused("supplement.firm", rule="custody"):
        _make(made, custody("second"))
    _make(made, custody("second", overrides=("custody",)))


@pytest.mark.parametrize("name", ["tie-council", "custody"])
def test_g1__id_in_use__refuses_naming_the_rule(name: str) -> None:
    made = _beside(rules_with(without=["custody", "tie"]), "first", custody())
    with refused("supplement.id", rule=name):
        _make(made, tie(name))


@pytest.mark.parametrize(
    "rules",
    [
        (tie("one"), tie("two")),
        (tie("one"), tie("one", motions=("approval",))),
        (tie("one", overrides=("ghost",)),),
        (tie("one", modality="must_not"),),
    ],
)
def test_g1__supplement_against_itself__refuses(rules: tuple[FirmRule, ...]) -> None:
    with refused("supplement.malformed"):
        _make(rules_with(without=["tie"]), *rules)


def test_g2__interpretation_of_an_open_silence__passes() -> None:
    _interpret(open_ties(), tie())
    _interpret(open_ties("*/election"), tie())
    _interpret(open_ties("*/election"), tie(sessions=("assembly",)))


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        (("*/election",), tie(motions=())),
        (("*/election",), tie(motions=("approval",))),
        (("assembly/*",), tie()),
        (("assembly/*",), tie(sessions=("council",))),
        ((), custody("made", article="15")),
    ],
)
def test_g2__interpretation_beyond_the_silence__refuses(
    about: tuple[str, ...], rule: FirmRule
) -> None:
    book = msgspec.structs.replace(
        open_ties(*about),
        rules=tuple(each for each in open_ties(*about).rules if each.id != "custody"),
    )
    with refused("interpretation.beyond", rule="open", article="15") as caught:
        _interpret(book, rule)
    assert caught.value.expected == f"tie: {' or '.join(about or ('*',))}"


def test_g2__interpretation_under_another_article__refuses() -> None:
    with refused("interpretation.article", rule="open", article="15") as caught:
        _interpret(open_ties(), tie(article="16"))
    assert (caught.value.expected, caught.value.found) == ("15", "tie-made: 16")


def test_g2__interpretation_of_what_is_said__refuses() -> None:
    with refused("interpretation.settled", rule="tie", article="15"):
        _interpret(model_rulebook(), tie(), settles="tie")
    with refused("rule.missing"):
        _interpret(model_rulebook(), tie(), settles="ghost")


def test_g2__interpretation_of_what_was_settled__refuses() -> None:
    partly = _beside(open_ties(), "first", tie("tie-approval", motions=("approval",)))
    _interpret(partly, tie())
    wholly = _beside(open_ties(), "first", tie("tie-all", motions=()))
    with refused("interpretation.settled", rule="open"):
        _interpret(wholly, tie())
    settled = _beside(open_ties("*/election"), "first", tie("tie-all"))
    with refused("interpretation.settled", rule="open"):
        _interpret(settled, tie())


@pytest.mark.parametrize(("session", "accepted"), [("council", True), ("assembly", False)])
def test_g3__internal_rules_of_a_body__are_made_in_its_meeting(
    session: str,
    accepted: bool,  # noqa: FBT001
) -> None:
    book = rules_with(without=["custody"])
    if accepted:
        _make(book, custody(), session=session)
    else:
        with refused("internal_rules.session", article="21", rule="internal-rules"):
            _make(book, custody(), session=session)


@pytest.mark.parametrize(("session", "accepted"), [("assembly", True), ("council", False)])
def test_g3__internal_rules_of_an_assembly__are_made_there(
    session: str,
    accepted: bool,  # noqa: FBT001
) -> None:
    rule = rule_of("internal-rules")
    assert isinstance(rule, InternalRules)
    by = msgspec.structs.replace(rule, by=AssemblyParty("assembly"))
    book = rules_with(by, without=["custody"])
    if accepted:
        _make(book, custody(), session=session)
    else:
        with refused("internal_rules.session") as caught:
            _make(book, custody(), session=session)
        assert (caught.value.expected, caught.value.found) == ("assembly", session)


def test_g3__statutes_silent_on_internal_rules__refuses_naming_the_article() -> None:
    book = rules_with(silent("internal_rules"), without=["internal-rules", "custody"])
    with refused("rule.silent", article="15"):
        _make(book, custody())


def test_g4__rule_that_holds__can_be_ended() -> None:
    check_abrogation("tie", "motion", model_rulebook())
    assert "tie" not in {rule.id for rule in abrogate(model_rulebook(), "tie", "m").every(Tie)}


def test_g4__silence__cannot_be_ended() -> None:
    with refused("abrogation.not_in_force", rule="open", article="15"):
        check_abrogation("open", "motion", open_ties())


def test_g4__rule_that_ended_or_is_overridden__cannot_be_ended() -> None:
    ended = abrogate(model_rulebook(), "tie", "before")
    with refused("abrogation.not_in_force", rule="tie"):
        check_abrogation("tie", "motion", ended)
    stronger = msgspec.structs.replace(custody("stronger"), overrides=("custody",))
    with refused("abrogation.not_in_force", rule="custody"):
        check_abrogation("custody", "motion", rules_with(stronger))


def test_g4__rule_that_keeps_two_apart__cannot_be_ended() -> None:
    one, two = custody("one"), custody("two")
    over = custody("over", overrides=("one", "two"))
    book = rules_with(one, two, over, without=["custody"])
    with refused("abrogation.conflict", rule="over", article="6"):
        check_abrogation("over", "motion", book)


def test_g4__rule_that_is_not_there__refuses() -> None:
    with refused("rule.missing"):
        check_abrogation("ghost", "motion", model_rulebook())


def test_withdraw__supplement__takes_its_rules_and_what_ended_them() -> None:
    base = rules_with(without=["custody", "tie"])
    made = abrogate(_beside(base, "first", custody(), tie()), "custody", "ending")
    assert made.abrogations == (Abrogation("custody", "ending"),)
    assert withdraw(made, "first") == base
    assert withdraw(made, "another") == made


def test_withdraw__supplement_that_was_replaced__leaves_the_later_one() -> None:
    base = rules_with(without=["custody"])
    first = _beside(base, "first", custody("one"))
    second = _beside(first, "second", custody("two", overrides=("one",)))
    third = _beside(second, "third", custody("three", overrides=("two",)))
    left = withdraw(third, "second")
    assert [each.motion for each in left.supplements] == ["first", "third"]
    assert left.one(Custody).id == "three"
    assert left.one(Custody).overrides == ("one",)
    assert withdraw(left, "third").one(Custody).id == "one"


def test_withdraw__supplement_that_replaced_another__brings_it_back() -> None:
    first = _beside(rules_with(without=["custody"]), "first", custody("one"))
    second = _beside(first, "second", custody("two", overrides=("one",)))
    assert withdraw(second, "second").one(Custody).id == "one"


@pytest.mark.parametrize(
    "change",
    [
        lambda book: supplement(book, Supplement("internal_rules", "m", TEXT, (custody("made"),))),
        lambda book: abrogate(book, "ghost", "m"),
    ],
)
def test_change__that_leaves_no_rulebook__raises(change: Callable[[Rulebook], Rulebook]) -> None:
    with pytest.raises(ValueError, match="rule"):
        change(model_rulebook())


def test_sound__rulebook_that_cannot_be_read_back__raises() -> None:
    assert sound(model_rulebook()) == model_rulebook()
    many = Supplement(
        "internal_rules",
        "m",
        TEXT,
        tuple(tie(f"tie-{place}", sessions=(f"s{place}",)) for place in range(101)),
    )
    beside = supplement(rules_with(without=["tie"]), many)
    with pytest.raises(ValueError, match="rulebook"):
        sound(beside)
