"""Rulebooks, R1 to R5: a closed schema, strict in reading, silent only where it says so."""

from collections.abc import Callable

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import SessionRound
from backend.domain.quantities import Ratio
from backend.domain.rulebook.book import (
    MAX_RULEBOOK_BYTES,
    Abrogation,
    Rulebook,
    Supplement,
    format_rulebook,
    parse_rulebook,
)
from backend.domain.rulebook.membership import Admission, VotingRight
from backend.domain.rulebook.order import Custody, InternalRules, ValuationRule
from backend.domain.rulebook.rule import Rule, Span, Threshold, crossed
from backend.domain.rulebook.sessions import Channels, Notice, Proxies, Quorum
from backend.domain.rulebook.topics import (
    AnyRule,
    FirmRule,
    Silent,
    crossings,
    generalised,
    places,
    topic_of,
)
from backend.domain.rulebook.voting import EffectRule, Majority, Tie
from tests.support.governance import refused, rule_of, rules_with
from tests.support.model_organisation import model_rulebook
from tests.support.model_rules import model_rules, share

TEXT = model_rulebook().text
DENIABLE = {
    "voting_right", "admission", "loss", "appeal", "renewal", "co_option", "revocation", "proxies",
    "adjournment", "on_request", "second_convocation",
}  # fmt: skip


def _document(rules: list[dict[str, object]], **fields: object) -> bytes:
    content = {
        "format": "psephos-rulebook/1",
        "language": "en",
        "rules": rules,
        "text": TEXT,
        "time_zone": "Europe/Paris",
        "title": "Rules",
    }
    return orjson.dumps(content | fields, option=orjson.OPT_SORT_KEYS)


def _plain(rule: AnyRule) -> dict[str, object]:
    return dict(msgspec.to_builtins(rule))


QUORUM = _plain(rule_of("quorum-second"))


def _silent(matter: str, *about: str, name: str = "open", article: str = "30") -> Silent:
    return msgspec.convert(
        {
            "topic": "silent",
            "id": name,
            "article": article,
            "matter": matter,
            "about": about,
            "settled_by": "An interpretation.",
        },
        Silent,
    )


def _quorum(
    name: str,
    *,
    sessions: tuple[str, ...] = (),
    motions: tuple[str, ...] = (),
    round_: SessionRound | None = None,
    overrides: tuple[str, ...] = (),
) -> Quorum:
    return Quorum(
        id=name,
        article="13",
        modality="must",
        sessions=sessions,
        motions=motions,  # type: ignore[arg-type]  # kinds of the tests are kinds
        round=round_,
        threshold=share(1, 4),
        base="voters",
        overrides=overrides,
    )


def _with(*rules: FirmRule, book: Rulebook | None = None, name: str = "made") -> Rulebook:
    """Return a rulebook with internal rules beside it."""
    base = book or model_rulebook()
    added = Supplement("internal_rules", name, TEXT, rules)
    return msgspec.structs.replace(base, supplements=(*base.supplements, added))


def test_parse_rulebook__of_its_own_text__gives_it_back() -> None:
    rulebook = rules_with(_silent("tie", "*/legislative"), without=["tie"])
    assert parse_rulebook(format_rulebook(rulebook)) == rulebook


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "astrology"},
        {"modality": "should"},
        {"article": ""},
        {"id": "Quorum"},
        {"extra": 1},
        {"motions": ["astrology"]},
        {"sessions": ["Assembly"]},
        {"round": 3},
        {"base": "everyone"},
        {"threshold": {"fraction": {"den": 0, "num": 1}}},
        {"threshold": {"fraction": {"den": 2, "num": -1}}},
        {"threshold": {"fraction": {"den": 4, "num": 5}}},
        {"threshold": "1/4"},
        {"span": {"start": 3, "end": 3}},
        {"span": {"start": -1, "end": 3}},
        {"overrides": ["nothing"]},
        {"modality": "must_not"},
    ],
)
def test_parse_rulebook__one_field_wrong__refuses(change: dict[str, object]) -> None:
    assert parse_rulebook(_document([QUORUM])).rules[0] == rule_of("quorum-second")
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
        _document([QUORUM], format="psephos-rulebook/2"),
        _document([QUORUM], language="en\n"),
        _document([QUORUM], text="bafy"),
        _document([QUORUM], abrogations=[{"motion": "m", "rule": "nothing"}]),
        _document([QUORUM], time_zone="Europe Paris"),
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


def test_r1__two_rules_share_an_id__refuses() -> None:
    twice = msgspec.structs.replace(rule_of("tie-council"), id="tie")
    with pytest.raises(ValueError, match="share an id"):
        model_rulebook((rule_of("tie"), twice))
    assert model_rulebook((rule_of("tie"), rule_of("tie-council"))).rules


def test_r1__internal_rule_with_the_id_of_a_stated_one__refuses() -> None:
    book = rules_with(without=["custody", "valuation"])
    custody = rule_of("custody")
    assert isinstance(custody, Custody)
    assert _with(custody, book=book).one(Custody) == custody
    with pytest.raises(ValueError, match="share an id"):
        _with(msgspec.structs.replace(custody, id="tie"), book=book)


def test_r2__two_rules_on_one_matter__refuse_unless_one_overrides() -> None:
    first, second = _quorum("first", sessions=("a",)), _quorum("second", sessions=("a", "b"))
    with pytest.raises(ValueError, match="same matter"):
        model_rulebook((first, second))
    stronger = msgspec.structs.replace(second, overrides=("first",))
    book = model_rulebook((first, stronger))
    assert book.quorum("a", "legislative", 1) == stronger
    assert book.every(Quorum) == (stronger,)
    assert book.rule("first") == first


def test_r2__overridden_rule_that_is_not_there__refuses() -> None:
    with pytest.raises(ValueError, match="overrides one that is not there"):
        model_rulebook((_quorum("one", overrides=("gone",)),))


def test_r2__abrogated_rule__holds_no_more_and_what_it_overrode_holds_again() -> None:
    first = _quorum("first", sessions=("a",))
    second = _quorum("second", sessions=("a",), overrides=("first",))
    book = model_rulebook((first, second))
    ended = msgspec.structs.replace(book, abrogations=(Abrogation("second", "motion"),))
    assert ended.quorum("a", "legislative", 1) == first
    with pytest.raises(ValueError, match="abrogation ends a rule that is not there"):
        msgspec.structs.replace(book, abrogations=(Abrogation("third", "motion"),))


def test_r2__two_silences_on_one_matter__refuses() -> None:
    one = _silent("tie", "*/legislative", name="one")
    two = _silent("tie", "*/legislative", "*/constituent", name="two")
    rules_with(one, without=["tie"])
    with pytest.raises(ValueError, match="same matter"):
        rules_with(one, two, without=["tie"])
    with pytest.raises(ValueError, match="same matter"):
        rules_with(one)


def test_r3__special_prevails_over_general__in_this_order() -> None:
    rules = (
        _quorum("all"),
        _quorum("round", round_=2),
        _quorum("kind", motions=("election",)),
        _quorum("kind-round", motions=("election",), round_=2),
        _quorum("session", sessions=("a",)),
        _quorum("session-round", sessions=("a",), round_=2),
        _quorum("session-kind", sessions=("a",), motions=("election",)),
        _quorum("exact", sessions=("a",), motions=("election",), round_=2),
    )
    left = list(rules)
    for expected in reversed(rules):
        assert model_rulebook(tuple(left)).quorum("a", "election", 2) == expected
        left.remove(expected)
        if not left:
            break


def test_r3__neighbours_of_a_special_rule__fall_under_the_general_one() -> None:
    general = _quorum("all")
    book = model_rulebook(
        (general, _quorum("exact", sessions=("a",), motions=("election",), round_=2))
    )
    for session, kind, round_ in (("b", "election", 2), ("a", "approval", 2), ("a", "election", 1)):
        assert book.quorum(session, kind, round_) == general  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", ""]),
            st.sampled_from(["election", "approval", ""]),
            st.sampled_from([1, 2, None]),
        ),
        unique=True,
        min_size=1,
        max_size=8,
    )
)
def test_r3__any_rules__the_lookup_is_the_first_in_a_written_out_order(
    subjects: list[tuple[str, str, SessionRound | None]],
) -> None:
    rules = tuple(
        _quorum(
            f"q{place}",
            sessions=(session,) if session else (),
            motions=(kind,) if kind else (),
            round_=round_,
        )
        for place, (session, kind, round_) in enumerate(subjects)
    )
    book = model_rulebook(rules)
    order = [
        ("a", "election", 2), ("a", "election", None), ("a", "", 2), ("a", "", None),
        ("", "election", 2), ("", "election", None), ("", "", 2), ("", "", None),
    ]  # fmt: skip
    wanted = next((subjects.index(each) for each in order if each in subjects), None)
    if wanted is None:
        with refused("rule.missing"):
            book.quorum("a", "election", 2)
    else:
        assert book.quorum("a", "election", 2) == rules[wanted]


def test_r4__internal_rule_where_the_statutes_say_nothing__holds() -> None:
    book = rules_with(without=["valuation"])
    rule = rule_of("valuation")
    assert isinstance(rule, ValuationRule)
    assert _with(rule, book=book).every(ValuationRule) == (rule,)


def test_r4__internal_rule_where_the_statutes_are_silent__settles_it() -> None:
    book = rules_with(_silent("custody"), without=["custody"])
    custody = rule_of("custody")
    assert isinstance(custody, Custody)
    with refused("rule.silent", article="30"):
        book.one(Custody)
    settled = _with(custody, book=book)
    assert settled.one(Custody) == custody
    assert settled.silences() == ()


def test_r4__internal_rule_on_part_of_a_silence__leaves_the_rest_open() -> None:
    book = rules_with(_silent("tie"), without=["tie", "tie-council"])
    tie = Tie(
        id="made-tie", article="30", modality="must", motions=("election",), resolution="status_quo"
    )
    settled = _with(tie, book=book)
    assert settled.tie("assembly", "election") == tie
    assert [each.id for each in settled.silences()] == ["open"]
    with refused("rule.silent"):
        settled.tie("assembly", "approval")


@pytest.mark.parametrize(
    "rule",
    [
        _quorum("made", sessions=("assembly",), motions=("election",)),
        _quorum("made", motions=("election",), round_=1),
        _quorum("made", sessions=("council",), motions=("approval",), round_=2),
    ],
)
def test_r4__internal_rule_more_special_than_a_firm_one__refuses(rule: Quorum) -> None:
    with pytest.raises(ValueError, match="same matter"):
        _with(rule)


def test_r4__internal_rule_more_general_than_firm_ones__holds_for_the_rest() -> None:
    book = rules_with(without=["quorum-ordinary"])
    general = _quorum("made")
    settled = _with(general, book=book)
    assert settled.quorum("assembly", "election", 1) == general
    assert settled.quorum("assembly", "constituent", 1) == rule_of("quorum-constituent")


def test_r4__internal_rule_that_overrides_a_stated_one__refuses() -> None:
    custody = rule_of("custody")
    other = msgspec.structs.replace(custody, id="made", overrides=("custody",))
    with pytest.raises(ValueError, match="same matter"):
        _with(other)  # type: ignore[arg-type]


def test_r4__later_internal_rule__replaces_an_earlier_one_only_by_overriding_it() -> None:
    book = rules_with(without=["custody"])
    first = rule_of("custody")
    assert isinstance(first, Custody)
    made = _with(first, book=book, name="first")
    second = msgspec.structs.replace(first, id="second", article="31")
    with pytest.raises(ValueError, match="same matter"):
        _with(second, book=made, name="second")
    stronger = msgspec.structs.replace(second, overrides=("custody",))
    assert _with(stronger, book=made, name="second").one(Custody) == stronger


def test_r4__abrogated_internal_rule__opens_the_silence_again() -> None:
    book = rules_with(_silent("custody"), without=["custody"])
    custody = rule_of("custody")
    assert isinstance(custody, Custody)
    settled = _with(custody, book=book)
    ended = msgspec.structs.replace(settled, abrogations=(Abrogation("custody", "motion"),))
    with refused("rule.silent"):
        ended.one(Custody)


@pytest.mark.parametrize("identifier", [rule.id for rule in model_rules()])
def test_r5__must_not__only_where_it_means_something(identifier: str) -> None:
    rule = rule_of(identifier)
    assert isinstance(rule, Rule)
    denied = msgspec.structs.replace(rule, modality="must_not")
    if topic_of(type(rule)) in DENIABLE:
        assert model_rulebook((denied,)).rules == (denied,)
    else:
        with pytest.raises(ValueError, match="denied"):
            model_rulebook((denied,))


@pytest.mark.parametrize(
    "ask",
    [
        lambda book: book.voting_right("ghost"),
        lambda book: book.admission("ghost"),
        lambda book: book.rule("ghost"),
        lambda book: book.one(Notice, "ghost"),
        lambda book: book.ballot("election"),
        lambda book: book.initiative("election"),
        lambda book: book.effect("election"),
        lambda book: book.majority("assembly", "election"),
        lambda book: book.tie("assembly", "election"),
    ],
)
def test_lookup__nothing_said__refuses(ask: Callable[[Rulebook], object]) -> None:
    with refused("rule.missing", rule="psephos.rulebook"):
        ask(model_rulebook((rule_of("quorum-council"),)))


def test_lookup__by_name__finds_the_rule_of_the_subject() -> None:
    book = model_rulebook()
    assert book.voting_right("individual") == rule_of("vote-individual")
    assert book.admission("collective") == rule_of("admission-collective")
    assert book.initiative("election") == rule_of("initiative")
    assert book.effect("election") == rule_of("effect-election")
    assert book.ballot("election") == rule_of("ballot")
    assert book.majority("assembly", "dissolution") == rule_of("majority-constituent")
    assert book.tie("council", "legislative") == rule_of("tie-council")
    assert book.tie("assembly", "legislative") == rule_of("tie")


def test_one__silence_of_everything__answers_for_every_subject() -> None:
    book = rules_with(_silent("proxies"), without=["proxies", "proxies-council"])
    for subject in ("assembly", "anything"):
        with refused("rule.silent", article="30") as caught:
            book.one(Proxies, subject)
        assert (caught.value.expected, caught.value.found) == (
            "An interpretation.",
            f"proxies ({subject})",
        )


def test_one__silence_of_one_subject__leaves_the_others_alone() -> None:
    book = rules_with(_silent("channels", "other"))
    with refused("rule.silent"):
        book.one(Channels, "other")
    assert book.one(Channels, "assembly") == rule_of("channels")


def test_one__rule_of_all_sessions__answers_for_every_session() -> None:
    assert model_rulebook().one(type(rule_of("minutes")), "council") == rule_of("minutes")  # type: ignore[type-var]


def test_maybe__nothing_said__is_none_but_silence_refuses() -> None:
    assert rules_with(without=["custody"]).maybe(Custody) is None
    assert model_rulebook().maybe(Custody) == rule_of("custody")
    with refused("rule.silent"):
        rules_with(_silent("custody"), without=["custody"]).maybe(Custody)


def test_every__kind_without_rules__is_empty() -> None:
    book = rules_with(without=["custody"])
    assert book.every(Custody) == ()
    assert [rule.id for rule in book.every(VotingRight)] == ["vote-individual", "vote-collective"]
    assert book.silences() == ()


def test_reference__of_a_rule_and_of_a_silence__names_id_and_article() -> None:
    for rule in (rule_of("tie"), _silent("tie")):
        assert (rule.reference().id, rule.reference().article) == (rule.id, rule.article)


def test_places__of_rules__are_topic_and_subjects() -> None:
    assert set(places(_quorum("q", sessions=("a", "b"), motions=("election",), round_=2))) == {
        ("quorum", "a/election/2"),
        ("quorum", "b/election/2"),
    }
    assert list(places(rule_of("custody"))) == [("custody", "")]
    assert list(places(_silent("tie"))) == [("tie", "*")]
    assert list(places(_silent("tie", "a/*"))) == [("tie", "a/*")]


def test_crossed__nothing_named__means_all() -> None:
    assert crossed((), ()) == ("*/*",)
    assert crossed(("a",), (), "/2") == ("a/*/2",)


def test_crossings__with_and_without_a_round__go_from_special_to_general() -> None:
    assert crossings("a", "election") == ("a/election", "a/*", "*/election", "*/*")
    assert crossings("a", "election", 2)[:3] == ("a/election/2", "a/election/*", "a/*/2")
    assert crossings("a", "election", 2)[-1] == "*/*/*"


def test_generalised__of_a_subject__is_everything_wider() -> None:
    assert set(generalised("a/b")) == {"a/b", "a/*", "*/b", "*/*"}
    assert set(generalised("")) == {"", "*"}


@pytest.mark.parametrize(
    ("threshold", "part", "whole", "met"),
    [
        (share(1, 4), 25, 101, False),
        (share(1, 4), 26, 101, True),
        (share(1, 2, strict=True), 50, 100, False),
        (share(1, 2, strict=True), 51, 100, True),
        (share(1, 2), 50, 100, True),
        (share(0, 1), 0, 1, True),
        (share(0, 1), 0, 0, False),
        (share(0, 1), 0, -1, False),
        (share(1, 1), 3, 3, True),
        (share(1, 1, strict=True), 3, 3, False),
    ],
)
def test_threshold__met__is_exact(threshold: Threshold, part: int, whole: int, met: bool) -> None:  # noqa: FBT001
    assert threshold.met(part, whole) is met


@given(
    st.integers(0, 12),
    st.integers(1, 12),
    st.booleans(),
    st.integers(1, 200),
)
def test_threshold__least__is_the_first_number_that_is_enough(
    num: int,
    den: int,
    strict: bool,  # noqa: FBT001
    whole: int,
) -> None:
    threshold = share(min(num, den), den, strict=strict)
    counted = next((part for part in range(whole + 1) if threshold.met(part, whole)), whole + 1)
    assert threshold.least(whole) == counted


@pytest.mark.parametrize("ratio", [(-1, 2), (3, 2)])
def test_threshold__share_beyond_the_whole__refuses(ratio: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        Threshold(Ratio(*ratio))


def test_threshold__in_words__says_whether_reaching_is_enough() -> None:
    assert str(share(2, 3)) == "at least 2/3"
    assert str(share(1, 2, strict=True)) == "more than 1/2"


def test_span__that_ends_where_it_starts__refuses() -> None:
    assert Span(0, 1).end == 1
    for start, end in ((1, 1), (2, 1)):
        with pytest.raises(ValueError, match="ends after"):
            Span(start, end)


@pytest.mark.parametrize("schema", [Admission, EffectRule, InternalRules, Majority])
def test_topic_of__a_kind__is_its_tag(schema: type[Rule]) -> None:
    assert topic_of(schema) in {
        _plain(rule)["topic"] for rule in model_rules() if isinstance(rule, schema)
    }
