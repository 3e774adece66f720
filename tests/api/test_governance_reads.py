"""Reading how an organisation stands: bodies, mandates, obligations, explanations, findings."""

import pytest
from icalendar import Calendar

from tests.support.http_world import World
from tests.support.model_organisation import FOUNDERS, Actor, mandate_of, model_rulebook


def test_bodies__after_the_founding__seat_the_founders(founded: World) -> None:
    bureau = founded.get("bodies/bureau")
    assert bureau in founded.get("bodies")["items"]
    held = {seat["seat"]: [each["holder"] for each in seat["holders"]] for seat in bureau["seats"]}
    assert held["chair"] == [FOUNDERS[0].id]
    assert set(held["member"]) == {founder.id for founder in FOUNDERS[1:]}


def test_bodies__on_the_day_before_the_founding__are_refused(founded: World) -> None:
    response = founded.client.get(f"{founded.root}/bodies", params={"on": "2026-01-04"})
    assert (response.status_code, response.json()["code"]) == (404, "statutes.unknown")


@pytest.mark.parametrize(("day", "status"), [("2026-02-29", 422), ("29 February", 422)])
def test_bodies__on_no_day__are_refused(founded: World, day: str, status: int) -> None:
    response = founded.client.get(f"{founded.root}/bodies", params={"on": day})
    assert response.status_code == status


def test_bodies__unknown__names_the_missing_rule(founded: World) -> None:
    response = founded.client.get(f"{founded.root}/bodies/senate")
    assert (response.status_code, response.json()["code"]) == (422, "rule.missing")


def test_mandates__of_founders__are_read_by_id(founded: World) -> None:
    listed = founded.get("mandates")["items"]
    assert [each["mandate"] for each in listed] == sorted(map(mandate_of, FOUNDERS))
    assert founded.get(f"mandates/{mandate_of(FOUNDERS[0])}")["seat"] == "chair"
    assert founded.client.get(f"{founded.root}/mandates/nobody").status_code == 404


def test_mandate__resigned_through_the_generic_route__ends_and_is_vacant(founded: World) -> None:
    leaver = FOUNDERS[1]
    body = founded.authored(leaver, data={"mandate": mandate_of(leaver)})
    signed = founded.signed(leaver, "acts/mandate.resigned", body)
    signatures = [{"member": leaver.id, "signature": signed.pop("signature")}]
    path = f"{founded.root}/acts/mandate.resigned"
    assert founded.post(path, {**signed, "signatures": signatures}).status_code == 201
    assert founded.get(f"mandates/{mandate_of(leaver)}")["cause"] == "resignation"
    holders = [
        each["holder"] for seat in founded.get("bodies/bureau")["seats"] for each in seat["holders"]
    ]
    assert leaver.id not in holders


@pytest.mark.parametrize("noun", ["proceedings", "drafts", "disputes"])
def test_lists__of_what_nobody_began__are_empty(founded: World, noun: str) -> None:
    assert founded.get(noun) == {"items": [], "next": None}


def test_obligations__of_the_founding_year__name_their_articles(founded: World) -> None:
    obligations = founded.get("obligations", on="2026-01-06")["items"]
    assert {each["kind"] for each in obligations} >= {"mandate"}
    mandate = next(each for each in obligations if each["kind"] == "mandate")
    assert mandate["article"] in mandate["detail"]


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Dernier jour du mandat"), ("en", "mandate")]
)
def test_obligations__speak_the_language_asked_for(
    founded: World, language: str, word: str
) -> None:
    response = founded.client.get(
        f"{founded.root}/obligations",
        params={"on": "2026-01-06"},
        headers={"Accept-Language": language},
    )
    assert word in response.text


def test_calendar__subscribed__holds_every_obligation_of_today(founded: World) -> None:
    response = founded.client.get(f"{founded.root}/calendar.ics", params={"lang": "en"})
    assert response.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert len(events) == len(founded.get("obligations")["items"])


def test_explanation__of_an_adopted_motion__cites_article_and_entries(lived: World) -> None:
    decision = lived.get("decisions/new-statutes")
    explained = lived.get("decisions/new-statutes/explanation")
    assert len(explained["steps"]) == len(decision["derivation"])
    for step, sentence in zip(decision["derivation"], explained["steps"], strict=True):
        assert step["article"] in sentence


def test_explanation__in_english__differs_from_french(lived: World) -> None:
    path = f"{lived.root}/decisions/new-bridge/explanation"
    texts = {
        language: lived.client.get(path, headers={"Accept-Language": language}).json()
        for language in ("fr", "en")
    }
    assert texts["fr"]["language"] == "fr"
    assert texts["en"]["headline"] != texts["fr"]["headline"]


def test_explanation__before_any_decision__is_unknown(founded: World) -> None:
    founded.act_as_chair("bridge")
    response = founded.client.get(f"{founded.root}/decisions/bridge/explanation")
    assert (response.status_code, response.json()["code"]) == (404, "decision.unknown")


def test_findings__of_the_rules_in_force__name_rules_they_have(founded: World) -> None:
    findings = founded.get("statutes/findings")["items"]
    known = {rule.id for rule in model_rulebook().rules}
    assert {rule for each in findings for rule in each["rules"]} <= known
    assert any(each["rules"] for each in findings)
    assert all(each["text"] for each in findings)


def test_acts__unknown_name__is_not_found(founded: World) -> None:
    author = Actor("chair")
    body = founded.authored(author, data={})
    response = founded.client.post(f"{founded.root}/acts/ballot.cast/typed-data", json=body)
    assert (response.status_code, response.json()["code"]) == (404, "act.unknown")


def test_acts__document_nothing_refers_to__is_refused(founded: World) -> None:
    author = FOUNDERS[0]
    body = founded.authored(author, data={"mandate": mandate_of(author)})
    signed = founded.signed(author, "acts/mandate.resigned", body)
    signatures = [{"member": author.id, "signature": signed.pop("signature")}]
    response = founded.post(
        f"{founded.root}/acts/mandate.resigned",
        {**signed, "signatures": signatures, "documents": ["A stray text.\n"]},
    )
    assert (response.status_code, response.json()["code"]) == (422, "document.unreferenced")


def test_acts__field_too_many__is_refused(founded: World) -> None:
    author = FOUNDERS[0]
    body = founded.authored(author, data={"mandate": mandate_of(author), "why": "tired"})
    response = founded.client.post(f"{founded.root}/acts/mandate.resigned/typed-data", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "act.malformed")


def test_attendance__of_every_session__agrees_with_its_opening(eventful: World) -> None:
    sessions = [
        eventful.get(f"assemblies/{each['assembly']}/attendance")
        for each in eventful.get("assemblies")["items"]
    ]
    opened = [each for each in sessions if each["opened"] is not None]
    assert opened
    for session in opened:
        assert session["must_open"]
        assert session["opened"]["entitled"] == session["electors"]
        assert session["opened"]["present"] <= len(session["presence"])
    assert any(each["notice_entry"] is not None for each in sessions)
    assert any(each["proxies"] for each in sessions)


def test_attendance__before_the_opening__judges_nothing(founded: World) -> None:
    founded.act_as_chair("bridge")
    founded.act(FOUNDERS[0], "assemblies", founded.call(FOUNDERS[0], "spring", "bridge"))
    session = founded.get("assemblies/spring/attendance")
    assert (session["opened"], session["quorate"], session["presence"]) == (None, {}, {})
    assert session["electors"] == len(FOUNDERS)


def test_attendance__of_no_session__is_unknown(founded: World) -> None:
    assert founded.client.get(f"{founded.root}/assemblies/never/attendance").status_code == 404
