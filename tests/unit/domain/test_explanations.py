"""Why a decision is valid, in words: every step that a derivation can have, in French and English."""

import string
from collections.abc import Iterator, Mapping
from typing import get_args

import msgspec
import pytest

from backend.domain.acts import DecisionMade, DerivationStep, EffectType, MotionKind, Outcome
from backend.domain.deadlines import Duration
from backend.domain.explanation_words import Vocabulary
from backend.domain.explanations import STEP_KINDS, VOCABULARIES, explain, kind_of
from backend.domain.messages import LANGUAGES, Language
from backend.domain.methods import METHODS
from backend.domain.methods.contest import OptionMethodName
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import (
    AnyMember,
    AssemblyParty,
    BodyParty,
    SeatParty,
    ShareParty,
    Span,
)
from backend.domain.rulebook.sessions import Convocation
from backend.domain.rulebook.topics import AnyRule, FirmRule, Silent
from backend.domain.rulebook.voting import EarlyClose, TieBreak, TieMeans
from tests.support.governance import CHAIR, founded, refused, rule_of, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import MODEL_TEXT
from tests.support.model_rules import share
from tests.support.vote_world import ballot_with, derived, held, quorum_of, voted, votes_of

DAYS = {"called_on": "2026-01-05", "opens_on": "2026-01-20", "days": "1", "required_days": "15"}
ROLL = {"electorate": "ab" * 32, "electors": "4"}
COUNT = {"base": "valid", "least": "2", "required": "more than 1/2", "whole": "3"}
SEATS = {"body": "bureau", "seats": "1", "session": "assembly"}
PRESENCE = {
    "base": "present", "entitled": "101", "least": "26", "required": "at least 1/4", "round": "1",
    "taking_part": "25",
}  # fmt: skip

CHOICE = {"blank": "1", "places": "2", "valid": "7", "void": "0"}
TIED = {"chain": "status_quo, casting_vote, sortition", "tied": "ash, elm"}
EARLY = EarlyClose(id="early", article="12", modality="may")
TIES = TieBreak(
    id="options-tie", article="15", modality="must",
    chain=("status_quo", "casting_vote", "seniority", "sortition"),
)  # fmt: skip


def _changed(name: str, **fields: object) -> FirmRule:
    changed = msgspec.structs.replace(rule_of(name), **fields)
    assert not isinstance(changed, Silent)
    return changed


STEPS: tuple[tuple[str, FirmRule, Mapping[str, str]], ...] = (
    ("initiative", _changed("initiative"), {"kind": "election", "proposer_class": "individual"}),
    (
        "initiative",
        _changed("initiative", bodies=("bureau",)),
        {"kind": "election", "proposer_class": "individual", "proposer_body": "bureau"},
    ),
    (
        "support",
        _changed("initiative", support=share(1, 4)),
        {"least": "26", "members": "101", "required": "at least 1/4", "supporters": "25"},
    ),
    ("effect", _changed("effect-ordinary"), {"effect": "framework", "kind": "legislative"}),
    (
        "revocation",
        _changed("revocation"),
        {"body": "bureau", "mandate": "bureau-chair", "seat": "chair"},
    ),
    (
        "revocation",
        _changed("revocation", modality="must_not"),
        {"body": "bureau", "mandate": "bureau-chair", "seat": "unknown-seat"},
    ),
    ("designation", _changed("bureau-later"), SEATS),
    ("designation", _changed("bureau-first"), {**SEATS, "body": "unknown-body"}),
    ("designation", _changed("bureau-later", by=BodyParty("audit")), SEATS),
    ("co_option", _changed("co-option"), SEATS),
    ("co_option", _changed("co-option", within=Duration(years=1, months=2, days=1)), SEATS),
    ("co_option", _changed("co-option", modality="must_not"), SEATS),
    ("internal_rules", _changed("internal-rules"), {"session": "council"}),
    ("dissolution", _changed("dissolution"), {"liquidators": "1", "required": "2"}),
    ("competence", _changed("competence"), {"kind": "election", "session": "council"}),
    (
        "due_process",
        _changed("due-process"),
        {
            "measure": "exclusion", "replied": "yes", "required_days": "8",
            "served_at": "2026-01-05T09:00:00.000Z",
        },
    ),
    (
        "due_process",
        _changed("due-process"),
        {
            "measure": "sanction", "replied": "no", "required_days": "8",
            "served_at": "2026-01-05T09:00:00.000Z",
        },
    ),
    (
        "due_process",
        _changed("due-process"),
        {"measure": "revocation", "replied": "no", "required_days": "8"},
    ),
    *(
        (
            "due_process",
            _changed("due-process", hearing=True),
            {
                "hearing": heard, "measure": "sanction", "replied": "no", "required_days": "8",
                "served_at": "2026-01-05T09:00:00.000Z",
            },
        )
        for heard in ("yes", "no")
    ),
    (
        "convocation",
        _changed("convocation"),
        {"called_by": "body bureau", "session": "assembly"},
    ),
    ("convocation", _changed("convocation"), {"session": "unknown-session"}),
    (
        "convocation",
        Convocation(
            id="convocation", article="11", modality="must",
            by=(AnyMember(), SeatParty("bureau", "chair"), ShareParty(share(1, 4), "bureau"),
                ShareParty(share(1, 2, strict=True))),
        ),
        {
            "called_by": "share more than 1/2 members", "draft": "ask", "session": "assembly",
        },
    ),
    ("notice", _changed("notice"), {**DAYS, "recorded": "no"}),
    ("notice", _changed("notice", proven=True), {**DAYS, "recorded": "yes"}),
    (
        "second_convocation",
        _changed("second-convocation"),
        {
            "first_on": "2026-01-20", "latest": "2026-04-20", "opens_on": "2026-02-06",
            "previous": "spring", "round": "2",
        },
    ),
    (
        "second_convocation",
        _changed("second-convocation", modality="must_not"),
        {
            "first_on": "2026-01-20", "latest": "2026-04-20", "opens_on": "2026-02-06",
            "previous": "spring", "round": "2",
        },
    ),
    ("channels", _changed("channels-council"), {"channel": "correspondence"}),
    ("agenda_binding", _changed("agenda"), {"place": "1"}),
    (
        "deliberation",
        _changed("deliberation"),
        {"changed_on": "2026-01-05", "days": "2", "opens_on": "2026-01-07", "required_days": "3"},
    ),
    *(
        (
            "ballot",
            _changed("ballot", secrecy=secrecy),
            {
                "closes_at": "2026-01-22T09:00:00.000Z", "method": method,
                "opens_at": "2026-01-20T09:00:00.000Z", "required_hours": "1", "secrecy": secrecy,
            },
        )
        for secrecy, method in (("secret", "consent"), ("until_close", "yes_no_abstain"),
                                ("named", "consent"))
    ),
    (
        "consent",
        ballot_with(method="consent"),
        {"abstain": "1", "consent": "2", "objections": "1", "standing": "0"},
    ),
    ("voting_right", _changed("vote-individual"), ROLL),
    ("voting_right", _changed("vote-individual"), {**ROLL, "territory": "weir-end"}),
    ("voting_right", _changed("vote-individual", modality="must_not"), ROLL),
    *(
        ("voting_right", _changed("vote-individual", assurance=level), ROLL)
        for level in ("low", "substantial", "high")
    ),
    ("session", _changed("council"), ROLL),
    ("session", _changed("assembly"), ROLL),
    *(
        ("quorum", quorum_of(1, 4), {**PRESENCE, "base": base})
        for base in ("voters", "present", "present_or_represented")
    ),
    ("quorum", quorum_of(0, 1), PRESENCE),
    ("quorum", quorum_of(0, 1, strict=True), PRESENCE),
    *(
        (
            "majority",
            _changed("majority-ordinary"),
            {**COUNT, "yes": "2", "no": "1", "abstain": "0", "base": base},
        )
        for base in ("valid", "cast", "entitled", "present_or_represented")
    ),
    ("tie", _changed("tie"), {"each": "1", "resolution": "status_quo"}),
    ("tie", _changed("tie-council"), {"each": "1", "resolution": "casting_vote"}),
    *(
        ("casting_vote", _changed("casting-vote"), {"casting_vote": vote, "seat": "bureau/chair"})
        for vote in ("yes", "no", "abstain", "none")
    ),
    (
        "early_close",
        EARLY,
        {
            "closed_at": "2026-01-21T09:00:00.000Z", "closes_at": "2026-01-22T09:00:00.000Z",
            "electors": "4", "remaining": "1",
        },
    ),
    *(
        ("count", ballot_with(method=method), {**CHOICE, "chosen": chosen, "method": method})
        for method, chosen in (("plurality", "elm"), ("schulze", ""), ("stv_scottish", "elm, ash"))
    ),
    ("tie_break", TIES, {**TIED, "order": "elm > ash = oak"}),
    *(
        ("tie_break", TIES, {**TIED, "casting_vote": vote, "order": "elm > ash > oak"})
        for vote in ("elm", "blank", "none", '[["elm"],["ash"]]')
    ),
    (
        "tie_break",
        TIES,
        {
            **TIED, "block": "1204", "casting_vote": "none", "order": "oak > elm > ash",
            "seed": "ab" * 32,
        },
    ),
)  # fmt: skip
"""Steps of every kind and variant."""


def _line(
    rule: FirmRule,
    inputs: Mapping[str, str],
    language: Language,
    *,
    verdict: str = "met",
    entries: tuple[int, ...] = (3,),
    statutes: bytes | None = None,
) -> str:
    step = DerivationStep(
        rule=rule.id, article=rule.article, inputs=dict(inputs), verdict=verdict,  # type: ignore[arg-type]  # of the tests
        entries=entries,
    )  # fmt: skip
    decision = DecisionMade("bridge", "spring", "0" * 64, "adopted", (step,))
    return explain(decision, rules_with(rule), statutes, language)[1]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_steps_of_the_table__are_of_every_kind() -> None:
    assert {kind for kind, _, _ in STEPS} == set(STEP_KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["met", "not_met", "not_applicable"])
@pytest.mark.parametrize(("kind", "rule", "inputs"), STEPS)
def test_step__of_any_kind__is_worded_whole(
    kind: str, rule: FirmRule, inputs: Mapping[str, str], verdict: str, language: Language
) -> None:
    words = VOCABULARIES[language]
    step = DerivationStep(rule=rule.id, article=rule.article, inputs=dict(inputs), verdict="met")
    assert kind_of(step, rules_with(rule)) == kind
    line = _line(rule, inputs, language, verdict=verdict)
    assert line.startswith(f"1. Article {rule.article}, ")
    assert "{" not in line
    assert "_" not in line
    assert "  " not in line
    assert "'" not in line
    wording = words.verdicts.get(f"{kind}.{verdict}", words.verdicts[verdict])
    assert wording.replace("'", "\u2019") in line
    assert line.endswith(" 3.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates__of_every_variant__are_used_by_a_step_of_the_table(language: Language) -> None:
    words = VOCABULARIES[language]
    lines = [_line(rule, inputs, language) for _, rule, inputs in STEPS]
    for template in (*words.asks.values(), *words.finds.values()):
        parts = string.Formatter().parse(template.replace("'", "\u2019"))
        longest = max((text for text, *_ in parts), key=len)
        plain = longest.strip().split(" :")[0].split(" ;")[0]
        assert any(plain in line for line in lines), template


def test_vocabularies__both_languages__have_the_same_templates_and_fields() -> None:
    french, english = VOCABULARIES["fr"], VOCABULARIES["en"]
    for name in ("headlines", "titles", "asks", "finds", "verdicts", "units", "terms", "parties"):
        assert set(getattr(french, name)) == set(getattr(english, name)), name
    for name in ("headlines", "asks", "finds", "parties"):
        for key, template in getattr(french, name).items():
            assert _fields(template) == _fields(getattr(english, name)[key]), key
    assert _fields(french.line) == _fields(english.line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_vocabulary__every_kind_effect_outcome_and_step__has_its_words(language: Language) -> None:
    words: Vocabulary = VOCABULARIES[language]
    assert set(words.headlines) == set(get_args(Outcome))
    assert set(words.titles) == set(STEP_KINDS)
    assert set(get_args(MotionKind)) | set(get_args(EffectType)) <= set(words.terms)
    methods = (*METHODS, *get_args(OptionMethodName))
    assert {f"method.{method}" for method in methods} <= set(words.terms)
    assert set(get_args(TieMeans)) <= set(words.terms)


def _council(votes: str) -> MemoryLedger:
    simulation, ledger = held(session="council")
    voted(simulation, votes_of(votes))
    return ledger


QUORUM_FR = (
    "10. Article 13, quorum. Règle\u00a0: au moins 1/2 des personnes qui ont le droit de vote"
    " doivent voter. Constat\u00a0: ont pris part\u00a0: 2 sur 3\u202f; il en fallait 2."
    " Condition remplie. Voir les écritures 4, 7."
)
QUORUM_EN = (
    "10. Article 13, quorum. Rule: at least 1/2 of those with a vote must vote. Found:"
    " taking part: 2 of 3; it took 2. Condition met. See entries 4, 7."
)


@pytest.mark.parametrize(("language", "expected"), [("fr", QUORUM_FR), ("en", QUORUM_EN)])
def test_explain__quorum__says_what_was_asked_and_found(language: Language, expected: str) -> None:
    ledger = _council("yn-")
    decision = derived(ledger)
    lines = explain(decision, ledger.state.governing("spring"), None, language)
    assert lines[10] == expected
    assert len(lines) == len(decision.derivation) + 1


@pytest.mark.parametrize(
    ("votes", "language", "headline"),
    [
        (
            "yn-",
            "fr",
            "«\u00a0bridge\u00a0» est adoptée\u00a0: chaque règle ci-dessous est respectée.",
        ),
        (
            "ny-",
            "fr",
            "est rejetée\u00a0: au moins une condition ci-dessous n\u2019est pas remplie.",
        ),
        ("---", "fr", "n\u2019est pas décidée\u00a0: trop peu de personnes ont pris part."),
        ("yn-", "en", "The motion \u201cbridge\u201d is adopted: every rule below is kept."),
        ("ny-", "en", "\u201cbridge\u201d is rejected: at least one condition below is not met."),
        ("---", "en", "\u201cbridge\u201d is not decided: too few took part."),
    ],
)
def test_explain__outcome__is_the_headline(votes: str, language: Language, headline: str) -> None:
    ledger = _council(votes)
    rulebook = ledger.state.governing("spring")
    assert explain(derived(ledger), rulebook, None, language)[0].endswith(headline)


def _quoting(start: int, end: int) -> FirmRule:
    return _changed("tie", span=Span(start, end))


@pytest.mark.parametrize(
    ("language", "quote"),
    [
        ("fr", "voix. «\u00a0Its members.\u00a0» Règle"),
        ("en", "tie. \u201cIts members.\u201d Rule"),
    ],
)
def test_explain__statutes_at_hand__quotes_their_words(language: Language, quote: str) -> None:
    start = MODEL_TEXT.index("Its members")
    inputs = {"each": "1", "resolution": "status_quo"}
    statutes = MODEL_TEXT.encode()
    rule = _quoting(start, start + len("Its members."))
    assert quote in _line(rule, inputs, language, statutes=statutes)
    assert quote not in _line(rule, inputs, language)
    assert quote not in _line(_changed("tie"), inputs, language, statutes=statutes)


def test_explain__span_over_lines_or_outside__quotes_one_line_or_nothing() -> None:
    inputs = {"each": "1", "resolution": "status_quo"}
    statutes = "Art. 1\nÉgalité :\n rien.".encode()
    whole = _line(_quoting(0, len(statutes)), inputs, "en", statutes=statutes)
    assert "\u201cArt. 1 Égalité : rien.\u201d" in whole
    cut = _line(_quoting(8, len(statutes)), inputs, "en", statutes=statutes)
    assert "\u201cgalité : rien.\u201d" in cut
    beyond = _line(_quoting(1000, 1001), inputs, "en", statutes=statutes)
    assert "tie. Rule:" in beyond


def test_explain__entries__one_several_or_none() -> None:
    inputs = {"each": "1", "resolution": "status_quo"}
    rule = _changed("tie")
    assert _line(rule, inputs, "en", entries=()).endswith("The casting vote is asked.")
    assert _line(rule, inputs, "en", entries=(7,)).endswith(" See entry 7.")
    assert _line(rule, inputs, "fr", entries=(7, 9)).endswith(" Voir les écritures 7, 9.")


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("fr", "0", "soit 0 jour\u202f;"),
        ("fr", "1", "soit 1 jour\u202f;"),
        ("fr", "2", "soit 2 jours\u202f;"),
        ("en", "0", "which is 0 days;"),
        ("en", "1", "which is 1 day;"),
        ("en", "2", "which is 2 days;"),
    ],
)
def test_explain__numbers__agree_with_their_units(
    language: Language, days: str, words: str
) -> None:
    line = _line(_changed("notice"), {**DAYS, "days": days, "recorded": "no"}, language)
    assert words in line


def test_explain__built_in_rule__names_no_article() -> None:
    rule = _changed("tie")
    step = DerivationStep(
        rule=rule.id, article="", inputs={"each": "1", "resolution": "status_quo"}, verdict="met"
    )
    decision = DecisionMade("bridge", "spring", "0" * 64, "adopted", (step,))
    assert explain(decision, rules_with(), None, "en")[1].startswith("1. tie. Rule:")


def _foreign(rule: str) -> DecisionMade:
    step = DerivationStep(rule=rule, article="1", inputs={}, verdict="met")
    return DecisionMade("bridge", "spring", "0" * 64, "adopted", (step,))


def _others() -> Iterator[tuple[str, AnyRule | None, str]]:
    silence = Silent(id="open", article="15", matter="tie", settled_by="Ask.", about=("x/y",))
    yield "open", silence, "explanation.step"
    yield "yearly", None, "explanation.step"
    yield "nothing", None, "rule.missing"


@pytest.mark.parametrize(("name", "rule", "code"), list(_others()))
def test_explain__step_that_no_derivation_has__refuses(
    name: str, rule: AnyRule | None, code: str
) -> None:
    rulebook: Rulebook = rules_with(*([rule] if rule else []))
    with refused(code):
        explain(_foreign(name), rulebook, None, "en")
    with refused(code):
        kind_of(_foreign(name).derivation[0], rulebook)


@pytest.mark.parametrize(
    ("vote", "language", "words"),
    [
        ("none", "fr", "Voix prépondérante\u00a0: non déclarée."),
        ("none", "en", "Casting vote: not declared."),
        ("blank", "fr", "Voix prépondérante\u00a0: blanc."),
        ("elm", "fr", "Voix prépondérante\u00a0: «\u00a0elm\u00a0»."),
        ('["ash"]', "en", 'Casting vote: \u201c["ash"]\u201d.'),
        ("sortition", "en", "Casting vote: \u201csortition\u201d."),
    ],
)
def test_explain__casting_vote_between_options__is_quoted_or_worded(
    vote: str, language: Language, words: str
) -> None:
    line = _line(TIES, {**TIED, "casting_vote": vote, "order": "elm > ash"}, language)
    assert f" {words} " in line


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            "vote unique transférable, règles écossaises\u202f; options retenues au plus\u00a0: 2.",
        ),
        ("en", "single transferable vote, Scottish rules; options chosen at most: 2."),
    ],
)
def test_explain__count__names_method_places_and_those_chosen(
    language: Language, words: str
) -> None:
    inputs = {**CHOICE, "chosen": "elm, ash", "method": "stv_scottish"}
    line = _line(ballot_with(method="stv_scottish"), inputs, language)
    assert words in line
    assert ": elm, ash." in line.replace("\u00a0", "")


def test_explain__party_of_a_session__is_the_assembly() -> None:
    rule = _changed("internal-rules", by=AssemblyParty("assembly"))
    line = _line(rule, {"session": "assembly"}, "en")
    assert "internal rules are made by the session \u201cAssembly\u201d." in line


def test_explain__a_real_motion_of_every_step__is_worded() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=17)
    simulation.settle("spring")
    simulation.convene(CHAIR, "again", "bridge", round_=2, previous="spring")
    simulation.advance(days=15)
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("again")
    decision = ledger.state.decisions["bridge"]
    rulebook = ledger.state.governing("again")
    for language in LANGUAGES:
        lines = explain(decision, rulebook, MODEL_TEXT.encode(), language)
        assert len(lines) == len(decision.derivation) + 1
        assert not any("{" in line or "_" in line for line in lines)
