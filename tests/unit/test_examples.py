"""The model organisations: their files parse, agree with each other, and are in our own words."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from backend.demo.model import Model, load_model
from backend.demo.plot import KINDS
from backend.domain.acts import MotionKind, Slug
from backend.domain.deadlines import Duration
from backend.domain.errors import RuleViolation
from backend.domain.framework import parse_framework
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import Revocation, Seat
from backend.domain.rulebook.book import Rulebook, parse_rulebook
from backend.domain.rulebook.membership import Sanctions
from backend.domain.rulebook.order import Escalation
from backend.domain.rulebook.rule import (
    AnyMember,
    AssemblyParty,
    BodyParty,
    SeatParty,
    ShareParty,
    Threshold,
)
from backend.domain.rulebook.sessions import Notice
from tests.support.rulebook_sources import model_rules

RUN = 8
"""Words in a row that two texts never share by chance."""

VERSIONS = (1, 2)

FOLDERS = ("conference-citoyenne", "cooperation", "plateforme-cooperative", "registre-citoyens")

SETTLED: tuple[tuple[Slug, MotionKind], ...] = (
    ("permanent", "constituent"),
    ("permanent", "abrogative"),
    ("permanent", "legislative"),
    ("permanent", "election"),
    ("annual", "approval"),
    ("annual", "valuation"),
    ("annual", "affiliation"),
    ("annual", "appeal"),
    ("extraordinary", "dissolution"),
)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def rulebook_of(model: Model, version: int) -> Rulebook:
    return parse_rulebook((model.first, model.second)[version - 1].rulebook)


def articles(text: str) -> list[str]:
    return re.findall(r"^Article (\d+)\.", text, re.MULTILINE)


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def own_files() -> Iterator[tuple[str, str]]:
    for name in FOLDERS:
        yield from files_of(name)


def files_of(name: str) -> Iterator[tuple[str, str]]:
    folder = Path(str(files("examples") / name))
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_text("utf-8")


@pytest.mark.parametrize("version", VERSIONS)
def test_statutes__both_versions__number_their_articles_without_gap(
    model: Model, version: int
) -> None:
    text = (model.first, model.second)[version - 1].text

    assert articles(text) == [str(number) for number in range(1, 22)]


@pytest.mark.parametrize("version", VERSIONS)
def test_rulebook__revocation__is_left_open_by_article_19(model: Model, version: int) -> None:
    rulebook = rulebook_of(model, version)

    for ask in (
        lambda: rulebook.quorum("permanent", "revocatory", 1),
        lambda: rulebook.majority("permanent", "revocatory"),
        lambda: rulebook.one(Revocation, "learning"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            ask()
        assert (refusal.value.code, refusal.value.rule.article) == ("rule.silent", "19")


@pytest.mark.parametrize("version", VERSIONS)
def test_rulebook__other_kinds__settles_all_a_vote_needs(model: Model, version: int) -> None:
    rulebook = rulebook_of(model, version)

    for session, kind in SETTLED:
        assert rulebook.initiative(kind).article
        assert rulebook.effect(kind).article
        assert rulebook.ballot(kind).article
        assert rulebook.quorum(session, kind, 1).article
        assert rulebook.majority(session, kind).article
        assert rulebook.tie(session, kind).article


def test_amendment__second_version__changes_notice_and_quorums_of_article_20_only(
    model: Model,
) -> None:
    first, second = rulebook_of(model, 1), rulebook_of(model, 2)

    changed = {
        old.id
        for old, new in zip(first.rules, second.rules, strict=True)
        if msgspec.structs.replace(old, span=None) != msgspec.structs.replace(new, span=None)
    }

    assert changed == {"delai-convocation", "quorum-constituant", "quorum-dissolution"}
    notices = [rulebook.one(Notice, "permanent").days for rulebook in (first, second)]
    quorums = [
        str(rulebook.quorum("permanent", "constituent", 1).threshold)
        for rulebook in (first, second)
    ]
    assert (notices, quorums) == ([15, 21], ["at least 1/4", "at least 1/3"])


@dataclass(frozen=True)
class Row:
    """One demand of the documents that inspired the models, and the rule that carries it."""

    demand: str
    folder: str
    rule: str
    article: str
    expected: Mapping[str, object]


def row(demand: str, folder: str, rule: str, article: str, **expected: object) -> Row:
    return Row(demand, folder, rule, article, expected)


CONFERENCE, REGISTER = "conference-citoyenne", "registre-citoyens"
AGREEMENT, PLATFORM = "cooperation", "plateforme-cooperative"

ROWS = (
    row("natural persons vote", CONFERENCE, "voix-individuelle", "8", modality="may"),
    row("collective members never do", CONFERENCE, "voix-collective", "8", modality="must_not"),
    row("invited to explain by post, e-mail or text message", CONFERENCE,
        "invitation-a-s-expliquer", "11", measures=("exclusion",), reply_days=30,
        channels=("post", "email", "text_message")),
    row("an appeal against exclusion", CONFERENCE, "recours-exclusion", "11", days=30,
        to=AssemblyParty("annual")),
    row("annual assembly in the first quarter", CONFERENCE, "premier-trimestre", "14",
        every_years=1, first_month=1, last_month=3),
    row("reports, renewal of the bureaus, indicators on its agenda", CONFERENCE,
        "ordre-du-jour-annuel", "14", motions=("approval", "election", "valuation")),
    row("only the assembly revises indicators, weights and criteria", CONFERENCE,
        "competence-cadre", "14", sessions=("annual",), motions=("valuation",)),
    row("permanent process", CONFERENCE, "processus-permanent", "15", form="permanent"),
    row("decisions mainly online", CONFERENCE, "processus-en-ligne", "15", channels=("remote",)),
    row("constituent: statutes", CONFERENCE, "effet-constituant", "20",
        effects=("statutes", "interpretation")),
    row("abrogative: a decision ends", CONFERENCE, "effet-abrogatif", "15",
        effects=("abrogation",)),
    row("revocatory: a mandate ends", CONFERENCE, "effet-revocatoire", "15",
        effects=("revocation",)),
    row("legislative: a resolution", CONFERENCE, "effet-legislatif", "15",
        effects=("resolution", "framework")),
    row("one year", CONFERENCE, "mandat-assemblees", "19", duration=Duration(years=1)),
    row("co-option in the first year", CONFERENCE, "cooptation-moyens", "19",
        within=Duration(years=1), by=AssemblyParty("permanent")),
    row("at least president and treasurer", CONFERENCE, "bureau-assemblees", "19",
        seats=(Seat("president", "pr\u00e9sidence", 1), Seat("treasurer", "tr\u00e9sorerie", 1),
               Seat("member", "charge", 0))),
    row("revocable: said for one bureau", CONFERENCE, "revocation-assemblees", "19",
        bodies=("assemblies",), heard=True),
    row("revocable: silent for the others", CONFERENCE, "revocation-autres-bureaux", "19",
        matter="revocation", about=("learning", "solutions", "means")),
    row("who designates the others later: silent", CONFERENCE, "designation-autres-bureaux", "19",
        matter="designation"),
    row("recall: no quorum stated", CONFERENCE, "quorum-revocatoire", "19", matter="quorum",
        about=("*/revocatory/*",)),
    row("recall: no majority stated", CONFERENCE, "majorite-revocatoire", "19", matter="majority",
        about=("*/revocatory",)),
    row("any member proposes to change the statutes", CONFERENCE, "initiative-constituante", "20",
        classes=("individual",), support=None),
    row("dissolution by an extraordinary assembly", CONFERENCE, "competence-dissolution", "21",
        sessions=("extraordinary",)),
    row("liquidators", CONFERENCE, "liquidation", "21", liquidators=1),
    row("called by the bureau", CONFERENCE, "convocation", "16", by=(BodyParty("assemblies"),)),
    row("30 days of notice", REGISTER, "delai-ordinaire", "11", days=30, proven=True),
    row("only agenda items", REGISTER, "ordre-du-jour-ordinaire", "11", modality="must"),
    row("a quarter present or represented", REGISTER, "quorum-ordinaire", "11", round=1,
        threshold=Threshold(Ratio(1, 4)), base="present_or_represented"),
    row("second convocation, 15 days, 3 months", REGISTER, "seconde-convocation-ordinaire", "11",
        notice_days=15, within=Duration(months=3)),
    row("then no quorum", REGISTER, "sans-quorum-ordinaire", "11", round=2,
        threshold=Threshold(Ratio(0, 1))),
    row("the same for extraordinary assemblies", REGISTER, "seconde-convocation-extraordinaire",
        "12", notice_days=15, within=Duration(months=3)),
    row("secret ballot", REGISTER, "scrutin-secret", "9", secrecy="secret", motions=("election",)),
    row("four years", REGISTER, "mandat-du-conseil", "9", duration=Duration(years=4)),
    row("bureau chosen by the council from its members", REGISTER, "bureau", "9", within="council"),
    row("chosen by the council", REGISTER, "choix-du-bureau", "9", by=BodyParty("council")),
    row("majority of those present", REGISTER, "majorite-du-conseil", "10", sessions=("council",),
        threshold=Threshold(Ratio(1, 2), strict=True), base="present_or_represented"),
    row("casting vote of the president", REGISTER, "voix-du-president", "10", seat="president",
        seat_body="bureau", bodies=("council",)),
    row("three absences", REGISTER, "absences", "10", meetings=3, modality="may"),
    row("called by a quarter of the council", REGISTER, "convocation-du-conseil", "10",
        by=(SeatParty("bureau", "president"), ShareParty(Threshold(Ratio(1, 4)), "council"))),
    row("extraordinary on request of half plus one", REGISTER, "demande-des-membres", "12",
        threshold=Threshold(Ratio(1, 2), strict=True)),
    row("which alone changes the statutes", REGISTER, "competence-statuts", "12",
        sessions=("extraordinary",), motions=("constituent",)),
    row("dissolution by two thirds of present or represented", REGISTER, "majorite-dissolution",
        "14", threshold=Threshold(Ratio(2, 3)), base="present_or_represented"),
    row("internal rules at once, confirmed by the next assembly", REGISTER, "reglement-interieur",
        "13", by=BodyParty("council"), effective="at_once", ratified_by="ordinary", lapse=False),
    row("proxies, their number left open", REGISTER, "procurations-ordinaires", "11",
        matter="proxies", about=("ordinary",)),
    row("voting by post for ordinary assemblies", REGISTER, "salle-ordinaire", "11",
        channels=("room", "correspondence")),
    row("not for extraordinary ones", REGISTER, "salle-extraordinaire", "12", channels=("room",)),
    row("a term of one year", AGREEMENT, "duree", "4", starts="2026-01-01", ends="2026-12-31"),
    row("shares", AGREEMENT, "repartition", "5", total="8272"),
    row("roles", AGREEMENT, "equipe", "6", body="team"),
    row("revision on request of one signatory", AGREEMENT, "ouverture-de-la-revision", "10",
        by=(AnyMember(),)),
    row("each change by consent", AGREEMENT, "consentement", "10", method="consent"),
    row("crisis meeting, mediation, exit plan", AGREEMENT, "differends", "7",
        steps=("crisis_meeting", "mediation", "exit_plan")),
    row("CC BY-SA outputs", AGREEMENT, "licence", "8", spdx="CC-BY-SA-4.0"),
    row("consent, limitation, portability, erasure", PLATFORM, "droits-sur-les-donnees", "10",
        rights=("consent", "limitation", "portability", "erasure")),
    row("territorial levels", PLATFORM, "niveaux", "6",
        levels=("local", "regional", "national", "european", "international", "world")),
    row("graduated sanctions", PLATFORM, "degres", "13", skips=True),
    row("jurisprudence attached to articles", PLATFORM, "effet-jurisprudence", "14",
        effects=("interpretation",)),
    row("no quorum or majority to amend", PLATFORM, "majorite-extraordinaire", "8",
        matter="majority", about=("extraordinary/*",)),
)  # fmt: skip
"""Every demand listed for the documents that inspired the models."""


@pytest.mark.parametrize("demand", ROWS, ids=lambda each: f"{each.folder}: {each.demand}")
def test_models__each_demand__has_its_rule(demand: Row) -> None:
    rule = model_rules(demand.folder).rulebook.rule(demand.rule)

    assert rule.article == demand.article
    assert {name: getattr(rule, name) for name in demand.expected} == demand.expected


def test_models__exit_plan_and_ladder__have_every_goal_and_rung() -> None:
    escalation = model_rules(AGREEMENT).rulebook.one(Escalation)
    sanctions = model_rules(PLATFORM).rulebook.one(Sanctions)

    assert len(escalation.exit_goals) == 6
    assert [step.effect for step in sanctions.steps] == [
        "none", "suspension", "exclusion", "referral",
    ]  # fmt: skip


def test_observations__each__measures_an_indicator_in_its_unit(model: Model) -> None:
    framework = parse_framework(model.framework)

    measured = [(item.indicator, item.unit) for item in model.observations.observations]

    assert measured == [(indicator.id, indicator.unit) for indicator in framework.indicators]
    assert {indicator.direction for indicator in framework.indicators} == {
        "more_is_better",
        "less_is_better",
    }
    assert sum(indicator.weight.fraction() for indicator in framework.indicators) == 1


def test_members__all__are_distinct_and_counted_as_the_summary_says(model: Model) -> None:
    classes = [member.member_class for member in model.members]
    founders = [member for member in model.members if member.founder]

    assert (classes.count("individual"), classes.count("collective")) == (25, 2)
    assert len({member.name for member in model.members}) == 27
    assert len(founders) == 3
    assert all(member.member_class == "individual" for member in founders)


def test_motions__each__begins_with_a_title(model: Model) -> None:
    assert set(KINDS) <= set(model.motions)
    for text in model.motions.values():
        title, blank, *rest = text.splitlines()
        assert 0 < len(title) <= 200
        assert not blank
        assert rest


@pytest.mark.parametrize("folder", FOLDERS)
def test_summary__readme__is_in_english_and_names_every_file(folder: str) -> None:
    texts = dict(files_of(folder))

    summary = texts.pop("README.md")

    assert "## Summary in English" in summary
    for name in texts:
        assert name in summary or (name.startswith("motions/") and "motions/*.txt" in summary)


def test_texts__against_the_public_documents_that_inspired_them__share_no_run_of_words() -> None:
    folder = Path(os.environ.get("PSEPHOS_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip("set PSEPHOS_SEEDS to the folder of the documents that inspired the model")
    seeds = {path.name: runs(path.read_text("utf-8")) for path in sorted(folder.glob("*.txt"))}
    assert seeds
    for name, text in own_files():
        for seed, known in seeds.items():
            assert not runs(text) & known, f"{name} shares words with {seed}"


def test_run_of_words__when_shared__is_seen() -> None:
    sentence = "one two three four five six seven eight"

    assert runs(f"And {sentence}, nine.") & runs(sentence.upper())
    assert not runs(f"And {sentence}, nine.") & runs(sentence.replace("four", "4"))
