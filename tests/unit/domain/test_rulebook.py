"""Rulebooks: a closed schema, strict in reading, silent only where it says so."""

from collections.abc import Callable

import msgspec
import orjson
import pytest

from backend.domain.quantities import Ratio
from backend.domain.rulebook import (
    MAX_RULEBOOK_BYTES,
    Admission,
    AnyRule,
    Quorum,
    Rulebook,
    Silent,
    Topic,
    VotingRight,
    format_rulebook,
    parse_rulebook,
)
from tests.support.governance import refused, rule_of, rules_with
from tests.support.model_organisation import model_rulebook, model_rules


def _document(rules: list[dict[str, object]]) -> bytes:
    content = {"format": "psephos-rulebook/1", "language": "en", "rules": rules, "title": "Rules"}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _plain(rule: AnyRule) -> dict[str, object]:
    return dict(msgspec.to_builtins(rule))


QUORUM = _plain(rule_of("quorum-ordinary"))


def test_parse_rulebook__of_its_own_text__gives_it_back() -> None:
    rulebook = rules_with(
        Silent("open", "17", "tie", "Internal rules.", ("legislative",)), without=["tie"]
    )
    assert parse_rulebook(format_rulebook(rulebook)) == rulebook


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "astrology"},
        {"modality": "should"},
        {"article": ""},
        {"id": "Quorum"},
        {"extra": 1},
        {"motions": []},
        {"motions": ["election"]},
        {"fraction": {"den": 0, "num": 1}},
        {"fraction": {"den": 2, "num": -1}},
        {"fraction": {"den": 4, "num": 5}},
        {"fraction": "1/4"},
        {"modality": "must_not"},
    ],
)
def test_parse_rulebook__one_field_wrong__refuses(change: dict[str, object]) -> None:
    assert parse_rulebook(_document([QUORUM])).rules[0] == rule_of("quorum-ordinary")
    with refused("rulebook.malformed"):
        parse_rulebook(_document([QUORUM | change]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        _document([]),
        _document([QUORUM]) + b"\n",
        _document([QUORUM, QUORUM]),
        _document([QUORUM, QUORUM | {"id": "other"}]),
        _document([QUORUM, QUORUM | {"motions": ["constituent"]}]),
        _document([QUORUM]).replace(b"rulebook/1", b"rulebook/2"),
        _document([QUORUM]).replace(b'"en"', b'"en\\n"'),
    ],
)
def test_parse_rulebook__not_a_rulebook__refuses(content: bytes) -> None:
    with refused("rulebook.malformed"):
        parse_rulebook(content)


def test_parse_rulebook__longer_than_a_block__refuses() -> None:
    with refused("rulebook.too_long"):
        parse_rulebook(b" " * (MAX_RULEBOOK_BYTES + 1))
    with refused("rulebook.malformed"):
        parse_rulebook(b" " * MAX_RULEBOOK_BYTES)


def test_rulebook__two_silences_on_one_matter__refuses() -> None:
    one = Silent("one", "17", "tie", "A decision.", ("legislative",))
    two = Silent("two", "17", "tie", "A decision.", ("legislative", "constituent"))
    rules_with(one, without=["tie"])
    with pytest.raises(ValueError, match="same matter"):
        rules_with(one, two, without=["tie"])
    with pytest.raises(ValueError, match="same matter"):
        rules_with(one)


@pytest.mark.parametrize("share", [0, 1])
def test_rulebook__share_of_nothing_or_everything__passes(share: int) -> None:
    rule = Quorum("q", "1", "must", ("legislative",), Ratio(share, 1))
    assert model_rulebook((rule,)).quorum("legislative") == rule


@pytest.mark.parametrize("identifier", [rule.id for rule in model_rules()])
def test_rulebook__must_not__only_where_it_means_something(identifier: str) -> None:
    rule = rule_of(identifier)
    denied = msgspec.structs.replace(rule, modality="must_not")
    if isinstance(rule, VotingRight | Admission) or identifier == "resignation":
        assert model_rulebook((denied,)).rules == (denied,)
    else:
        with pytest.raises(ValueError, match="denied"):
            model_rulebook((denied,))


LOOK_UPS: dict[Topic, Callable[[Rulebook], AnyRule]] = {
    "voting_right": lambda rulebook: rulebook.voting_right("collective"),
    "bureau": lambda rulebook: rulebook.bureau(),
    "admission": lambda rulebook: rulebook.admission("collective"),
    "resignation": lambda rulebook: rulebook.resignation(),
    "initiative": lambda rulebook: rulebook.initiative("constituent"),
    "effect": lambda rulebook: rulebook.effect("constituent"),
    "convocation": lambda rulebook: rulebook.convocation(),
    "ballot": lambda rulebook: rulebook.ballot("constituent"),
    "quorum": lambda rulebook: rulebook.quorum("constituent"),
    "majority": lambda rulebook: rulebook.majority("constituent"),
    "tie": lambda rulebook: rulebook.tie("constituent"),
    "valuation": lambda rulebook: rulebook.valuation(),
}


@pytest.mark.parametrize("topic", sorted(LOOK_UPS))
def test_rulebook__rule_present_silent_or_missing__is_told_apart(topic: Topic) -> None:
    look_up = LOOK_UPS[topic]
    rule = look_up(model_rulebook())
    assert rule in model_rules()
    rest = tuple(other for other in model_rules() if other.id != rule.id)
    silent = Silent("open", "99", topic, "A decision of the assembly.")
    with refused("rule.silent", article="99", rule="open") as caught:
        look_up(model_rulebook((*rest, silent)))
    assert caught.value.expected == "A decision of the assembly."
    assert caught.value.found.startswith(topic)
    with refused("rule.missing", article="", rule="psephos.rulebook"):
        look_up(model_rulebook(rest))


def test_rulebook__silent_on_another_kind__is_missing() -> None:
    silent = Silent("open", "99", "tie", "A decision.", ("legislative",))
    rulebook = rules_with(silent, without=["tie"])
    with refused("rule.silent", article="99"):
        rulebook.tie("legislative")
    with refused("rule.missing"):
        rulebook.tie("constituent")


def test_rulebook__silent_on_all_kinds__yields_to_a_rule() -> None:
    silent = Silent("open", "99", "quorum", "A decision.")
    rulebook = rules_with(silent, without=["quorum-ordinary"])
    assert rulebook.quorum("constituent") == rule_of("quorum-constituent")
    with refused("rule.silent", article="99"):
        rulebook.quorum("legislative")
