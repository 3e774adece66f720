"""From a source to a rulebook: spans, friendly forms, and refusals that name the rule and the way out."""

from collections.abc import Mapping
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.cid import document_cid
from backend.domain.deadlines import Duration
from backend.domain.errors import InvalidInputError
from backend.domain.messages import LANGUAGES, WORDING, message
from backend.domain.methods.contest import OptionMethodName
from backend.domain.rulebook.articles import find_quote, read_articles
from backend.domain.rulebook.bodies import Term
from backend.domain.rulebook.book import MAX_RULES, format_rulebook, parse_rulebook
from backend.domain.rulebook.compiler import TOPICS, compile_rulebook, problems
from backend.domain.rulebook.rule import BodyParty, ShareParty
from backend.domain.rulebook.sessions import Convocation, Quorum
from backend.domain.rulebook.source import Source
from backend.domain.rulebook.topics import Silent, Topic
from backend.domain.rulebook.voting import BallotRule, Majority
from backend.rulebook_files import compile_files, parse_source
from tests.support.rulebook_sources import (
    MODELS,
    STATUTES,
    changed,
    model_rules,
    small_rules,
    source_of,
    without,
)

TEXT = STATUTES.encode()


def refused(source: Source, text: bytes = TEXT) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refusal:
        compile_rulebook(source, text)
    return refusal.value


def test_compile__small_source__names_its_text_and_reads_back() -> None:
    rulebook = compile_rulebook(source_of(small_rules()), TEXT)

    assert rulebook.text == document_cid(TEXT)
    assert parse_rulebook(format_rulebook(rulebook)) == rulebook
    assert len(rulebook.rules) == len(small_rules())


def test_compile__quote_over_a_line_break__spans_the_bytes_of_the_text() -> None:
    rulebook = compile_rulebook(source_of(small_rules()), TEXT)

    (term,) = rulebook.every(Term)

    assert term.span is not None
    assert TEXT[term.span.start : term.span.end] == b"The council lasts\none year."


def test_compile__quote_after_letters_of_two_bytes__counts_bytes_not_characters() -> None:
    source = changed("propose", quote="It\u2019s \u00ab enough \u00bb.")

    rule = compile_rulebook(source, TEXT).rule("propose")

    assert rule.span is not None
    assert TEXT[rule.span.start : rule.span.end].decode() == "It's \u00ab enough \u00bb."


def test_compile__article_premier__is_article_1_and_is_stored_as_printed() -> None:
    rulebook = compile_rulebook(source_of(small_rules()), TEXT)

    assert rulebook.rule("vote").article == rulebook.rule("join").article == "premier"


def test_compile__friendly_forms__mean_what_they_say() -> None:
    source = changed("call", by=[{"body": "council"}, {"share": "at least 1/4", "of": "council"}])
    rulebook = compile_rulebook(source, TEXT)

    (call,) = rulebook.every(Convocation)
    (quorum,) = rulebook.every(Quorum)
    (majority,) = rulebook.every(Majority)
    assert call.by[0] == BodyParty("council")
    assert isinstance(call.by[1], ShareParty)
    assert (str(call.by[1].threshold), call.by[1].body) == ("at least 1/4", "council")
    assert (str(quorum.threshold), str(majority.threshold)) == ("at least 1/4", "more than 1/2")
    assert rulebook.every(Term)[0].duration == Duration(years=1)
    assert len(rulebook.every(BallotRule)[0].motions) == 15


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3 months", Duration(months=3)),
        ("15 days", Duration(days=15)),
        ("1 year and 6 months", Duration(years=1, months=6)),
    ],
)
def test_compile__durations__are_read_in_words(written: str, meant: Duration) -> None:
    rulebook = compile_rulebook(changed("year", duration=written), TEXT)

    assert rulebook.every(Term)[0].duration == meant


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"topic": "quorum", "motions": ["election", "approval"], "sessions": "assembly"},
         ("assembly/election/*", "assembly/approval/*")),
        ({"topic": "designation", "bodies": "council", "phase": "later"}, ("council/later",)),
        ({"topic": "loss", "cause": "exclusion"}, ("exclusion/*",)),
        ({"topic": "revocation", "bodies": ["council"]}, ("council",)),
        ({"topic": "internal_rules"}, ()),
        ({"topic": "body", "about": "council/number"}, ("council/number",)),
    ],
)  # fmt: skip
def test_compile__silence__is_about_the_subjects_of_its_topic(
    fields: Mapping[str, Source], about: tuple[str, ...]
) -> None:
    rules = small_rules()
    del rules["later"]
    rules["open"] = {
        "id": "open", "article": "2", "modality": "silent", "settled_by": "internal rules", **fields,
    }  # fmt: skip

    rule = compile_rulebook(source_of(rules), TEXT).rule("open")

    assert isinstance(rule, Silent)
    assert (rule.matter, rule.about) == (fields["topic"], about)


CASES: Mapping[str, tuple[Source, str]] = {
    "article": (changed("vote", article="9"), "premier, 2, 3"),
    "choice": (changed("quorum", base="voter"), "voters"),
    "denied": (changed("quorum", modality="must_not"), "must"),
    "duration": (changed("year", duration="a year"), "1 year"),
    "form": (changed("call", by=""), "list"),
    "id_twice": (changed("vote2", **{**small_rules()["vote"], "member_class": "b"}), "once"),
    "key_missing": (changed("more", topic="tie", article="3", modality="must"), "resolution"),
    "key_unknown": (changed("tie", resolved="x"), "resolution"),
    "number": (changed("notice", days="400"), "366"),
    "override_unknown": (changed("tie", overrides="quorom"), "quorum"),
    "pair": (
        changed("both", topic="incompatibility", article="2", modality="must", seats=["a", "b/c"]),
        "BODY/SEAT",
    ),
    "party": (changed("call", by={"assembly": "assembly"}), "any member"),
    "pattern": (changed("deal", topic="shares", article="3", modality="must", currency="euro",
        lines=[{"title": "a", "amount": "1"}], total="1"), "[A-Z]"),
    "quote_elsewhere": (changed("vote", quote="The council keeps the registers."), "Article 2"),
    "quote_missing": (changed("vote", quote="Each member has two votes."), "Article premier"),
    "quote_repeated": (changed("vote", quote="Anyone may"), "Article premier"),
    "same_matter": (changed("tie2", **{**small_rules()["tie"], "id": "tie2"}), "overrides: tie"),
    "slug": (changed("vote", member_class="Membre actif"), "conseil-local"),
    "threshold": (changed("quorum", threshold="1/4"), "at least 1/4"),
    "too_long": (changed("council", title="x" * 201), "200"),
    "topic": (changed("tie", topic="ties"), "tie"),
    "truth": (changed("notice", proven="maybe"), "yes, no"),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_compile__what_is_wrong__is_refused_with_what_to_write(code: str) -> None:
    source, expected = CASES[code]

    refusal = refused(source)

    assert refusal.code == f"rulebook.source.{code}"
    assert expected in refusal.expected


def test_compile__fraction_of_a_share_line__is_two_numbers() -> None:
    lines = [{"title": "a", "amount": "1", "share": "10 %"}]
    source = changed("deal", topic="shares", article="3", modality="must", currency="EUR",
                     lines=lines, total="1")  # fmt: skip

    assert refused(source).code == "rulebook.source.fraction"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"No article here.\n", "articles"),
        (b"Article 1. A\nArticle 1. B\n", "article_twice"),
        (b"\xff", "text"),
    ],
)
def test_compile__text_without_sound_articles__is_refused(text: bytes, code: str) -> None:
    assert refused(source_of(small_rules()), text).code == f"rulebook.source.{code}"


@pytest.mark.parametrize(
    "source", [[], {"title": "x"}, {**without(), "rules": []}, {"headline": "x"}]
)
def test_compile__what_is_no_source__is_refused(source: Source) -> None:
    assert refused(source).code.startswith("rulebook.source.")


def test_compile__all_for_something_else_than_kinds__is_no_word_it_knows() -> None:
    assert refused(changed("where", channels="all")).code == "rulebook.source.choice"


def test_compile__silence_with_a_parameter_that_is_no_subject__is_refused() -> None:
    source = changed(
        "open", topic="term", article="2", modality="silent", settled_by="x", duration="1 year"
    )

    refusal = refused(source)

    assert (refusal.code, "bodies" in refusal.expected) == ("rulebook.source.key_unknown", True)


def test_compile__more_rules_than_a_rulebook_holds__is_refused() -> None:
    rules = small_rules()
    for number in range(MAX_RULES):
        name = f"open-{number}"
        rules[name] = {
            "id": name, "topic": "shares", "article": "3", "modality": "silent",
            "about": name, "settled_by": "x",
        }  # fmt: skip

    assert refused(source_of(rules)).code == "rulebook.source.value"


def test_problems__several_rules_wrong__names_each() -> None:
    rules = small_rules()
    rules["tie"]["resolution"] = "dice"
    rules["vote"]["article"] = "12"

    found = problems(source_of(rules), TEXT)

    assert [error.code for error in found] == ["rulebook.source.article", "rulebook.source.choice"]
    assert ["vote" in found[0].found, "tie" in found[1].found] == [True, True]


def test_override__stronger_rule_on_the_same_matter__compiles() -> None:
    stronger: dict[str, Source] = {**small_rules()["tie"], "id": "tie2", "overrides": "tie"}

    rulebook = compile_rulebook(changed("tie2", **stronger), TEXT)

    assert rulebook.tie("assembly", "legislative").id == "tie2"


def test_wording__every_code_of_the_compiler__exists_in_both_languages() -> None:
    codes = {f"rulebook.source.{code}" for code in CASES}

    for language in LANGUAGES:
        assert codes <= set(WORDING[language])
        for code in codes:
            said = message(InvalidInputError(code, expected="E", found="F"), language)
            assert "{" not in said.title + said.detail + said.remedy


@pytest.mark.parametrize(("folder", "version"), MODELS)
def test_models__every_rule__quotes_words_of_its_own_article(folder: str, version: int) -> None:
    model = model_rules(folder, version)
    articles = read_articles(model.text.decode())
    text = model.text.decode()

    for rule in model.rulebook.rules:
        if rule.span is None:
            assert isinstance(rule, Silent)
            continue
        quote = model.text[rule.span.start : rule.span.end].decode()
        assert find_quote(text, articles[rule.article], quote) == (rule.span,)


@pytest.mark.parametrize(
    "content",
    [
        b"a: 1\na: 2\n",
        b"a: &x 1\nb: *x\n",
        b"a: !!python/object:os.system x\n",
        b"a: 1\n---\nb: 2\n",
        b"? [a]\n: b\n",
        b"a: [",
        b"\xff",
        b"",
        b"[" * 200_000,
        b" " * (3 << 20),
    ],
)
def test_yaml__more_than_plain_texts_lists_and_mappings__is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_source(content)

    assert refusal.value.code == "rulebook.source.yaml"


def test_yaml__scalars__stay_the_texts_that_were_written() -> None:
    read = parse_source(b"a: no\nb: 2026-01-01\nc: 010\nd: 1.0\ne: null\nf: [yes, ~]\n")

    assert read == {
        "a": "no", "b": "2026-01-01", "c": "010", "d": "1.0", "e": "null", "f": ["yes", "~"],
    }  # fmt: skip


PARAMETERS: Mapping[str, dict[str, Source]] = {
    "majority_judgement": {"grades": ["poor", "fair", "good"]},
    "score": {"highest": "5"},
    "quadratic": {"credits": "100"},
}
"""What a ballot rule says besides its method, where the method asks for it."""


def choosing(method: str, **fields: Source) -> Source:
    ballot = {**small_rules()["ballot"], "id": "several", "motions": "legislative", **fields}
    return source_of({**small_rules(), "several": {**ballot, "method": method}})


@pytest.mark.parametrize("method", get_args(OptionMethodName))
def test_compile__ballot_on_several_options__stands_beside_the_one_on_one_proposal(
    method: str,
) -> None:
    rulebook = compile_rulebook(choosing(method, **PARAMETERS.get(method, {})), TEXT)

    found = {each.id: each for each in rulebook.every(BallotRule)}
    assert set(found) == {"ballot", "several"}
    assert found["several"].method == method
    assert found["several"].subjects() == ("legislative/several",)
    assert parse_rulebook(format_rulebook(rulebook)) == rulebook


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("majority_judgement", {}),
        ("majority_judgement", {"grades": ["good"]}),
        ("majority_judgement", {"grades": ["poor", "good", "poor"]}),
        ("plurality", {"grades": ["poor", "good"]}),
        ("score", {}),
        ("plurality", {"highest": "5"}),
        ("quadratic", {}),
        ("plurality", {"credits": "100"}),
        ("plurality", {"approvals": "2"}),
        ("plurality", {"blanks_cast": "yes"}),
        ("yes_no_abstain", {"approvals": "2", "motions": "election"}),
    ],
)
def test_compile__parameter_of_another_method_or_missing__is_refused(
    method: str, fields: dict[str, Source]
) -> None:
    assert refused(choosing(method, **fields)).code == "rulebook.source.value"


@pytest.mark.parametrize(
    ("method", "fields"), [("approval", {"approvals": "2"}), ("two_round", {"blanks_cast": "yes"})]
)
def test_compile__optional_parameter_of_a_method__is_read(
    method: str, fields: dict[str, Source]
) -> None:
    plain = compile_rulebook(choosing(method), TEXT)

    assert compile_rulebook(choosing(method, **fields), TEXT) != plain


def test_files__broken_yaml__is_a_problem_like_any_other() -> None:
    compiled, found = compile_files(b"a: [", TEXT)

    assert compiled is None
    assert [each.code for each in found] == ["rulebook.source.yaml"]


KEYS = st.sampled_from(["id", "topic", "article", "modality", "by", "seats"])


@given(
    st.recursive(
        st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    )
)
def test_compile__any_source__compiles_or_is_refused_as_typed(part: Source) -> None:
    rule: dict[str, Source] = {"id": "a", "article": "2", "modality": "must", "by": part}
    topics = ("quorum", "body", "convocation", "term")
    rules: list[Source] = [part, *({**rule, "topic": topic} for topic in topics)]

    found = problems({**source_of({}), "rules": rules}, TEXT)

    assert found
    assert all(each.code.startswith("rulebook.source.") for each in found)


def test_topics__all__are_those_of_the_schema() -> None:
    assert set(TOPICS) == set(get_args(Topic))
