"""Admission over HTTP: who sees what, who may do what, and what is refused before it is recorded."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from backend.domain.acts import Act, AdmissionRefused, IdentityChecked, MemberVouched
from backend.domain.rulebook.membership import Centres
from tests.support.admission_world import CENTRES, careful_rules
from tests.support.governance import CHAIR, GARDENER, SECRETARY, TREASURER, rules_with
from tests.support.http_play import HttpPlay
from tests.support.http_sessions import session_headers
from tests.support.http_world import RefusedError, World, opened, presented
from tests.support.model_organisation import SLUG, Actor, mandate_of
from tests.support.people_world import altered

NO_BOUND: Centres = msgspec.structs.replace(CENTRES, at_most=None)
OWN = Actor("chair~2")


class ServedPlay(HttpPlay):
    """A play that also lets tests ask its server by hand."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.world = world


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPlay]:
    """A careful organisation whose gardener registers for a centre; each test has applicants of its own."""
    slow = altered("admission-collective", objection_days=3)
    rulebook = rules_with(*careful_rules(vouchers=1).rules, NO_BOUND, slow)
    with opened(tmp_path_factory.mktemp("admission") / "data") as world:
        world.found(rulebook)
        play = ServedPlay(world)
        play.apply(GARDENER)
        play.check_identity(CHAIR, GARDENER)
        play.vouch(TREASURER, GARDENER)
        play.admit(GARDENER, officer=CHAIR)
        play.open_centre(CHAIR, "harbour", GARDENER)
        yield play


def read(play: ServedPlay, path: str, actor: Actor, assurance: Any = "substantial") -> Any:  # noqa: ANN401 - JSON
    """Return the status and the answer to somebody who is logged in."""
    headers = session_headers(play.world, actor.id, assurance)
    response = play.world.client.get(f"{play.world.root}/{path}", headers=headers)
    return response.status_code, response.json()


def sent(play: ServedPlay, actor: Actor, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    """Return the status and the answer to a signed request, whatever comes of it."""
    response = play.world.post(f"{play.world.root}/{path}", play.world.signed(actor, path, body))
    return response.status_code, response.json()


def size(play: ServedPlay) -> int:
    """Return how many entries are recorded."""
    count: int = play.world.container.archive.reads.state(SLUG).size
    return count


def applied(play: ServedPlay, role: str) -> Actor:
    """Return somebody who has just applied."""
    actor = Actor(role)
    play.apply(actor)
    return actor


def missing(play: ServedPlay, actor: Actor) -> list[str]:
    """Return what officers are told that an application waits for; nothing where it is not listed."""
    status, page = read(play, "applications?limit=500", TREASURER)
    assert status == 200
    found = [each["missing"] for each in page["items"] if each["member"] == actor.id]
    return found[0] if found else ["not listed"]


def test_application__on_its_way__says_what_is_missing(play: ServedPlay) -> None:
    actor = applied(play, "walker")
    assert missing(play, actor) == ["identity_check", "vouching", "decision"]
    play.check_identity(CHAIR, actor, evidence="known")
    assert missing(play, actor) == ["identity_check", "vouching", "decision"]
    play.check_identity(CHAIR, actor)
    play.vouch(GARDENER, actor)
    assert missing(play, actor) == ["decision"]
    path = f"members/{actor.id}/application"
    assert read(play, path, actor, "low")[0] == 403
    status, own = read(play, path, actor)
    assert status == 200
    assert own["facts"] == {"name": "The walker", "born": "1980-01-01"}
    assert [check["evidence"] for check in own["checks"]] == ["known", "document"]
    assert (own["vouchers"], own["vouchers_needed"]) == ([GARDENER.id], 1)
    assert (own["assurance_needed"], own["evidence_accepted"]) == (
        "substantial", ["document", "in_person"],
    )  # fmt: skip
    play.admit(actor, officer=CHAIR)
    assert missing(play, actor) == ["not listed"]
    assert play.world.get(f"members/{actor.id}")["status"] == "active"
    assert read(play, path, actor)[1]["missing"] == []


def test_application__while_members_may_object__says_until_when(play: ServedPlay) -> None:
    actor = Actor("mill", "collective")
    play.apply(actor)
    assert missing(play, actor) == ["objections", "decision"]
    _, own = read(play, f"members/{actor.id}/application", actor)
    assert (own["objections_until"], own["objected"]) == ("2026-01-08", False)


def test_refusal__contested__waits_for_an_answer(play: ServedPlay) -> None:
    actor = applied(play, "runner")
    index = play.refuse(CHAIR, actor)
    assert missing(play, actor) == ["not listed"]
    assert play.world.get(f"members/{actor.id}")["status"] == "refused"
    appeal = play.contest_refusal(actor)
    assert missing(play, actor) == ["answer"]
    play.answer_refusal(TREASURER, actor, upheld=False)
    _, own = read(play, f"members/{actor.id}/application", actor)
    (refusal,) = own["refusals"]
    assert (refusal["entry"], refusal["appeal_entry"], refusal["upheld"]) == (index, appeal, False)
    assert refusal["appeal_until"] == "2026-01-15"
    assert own["missing"] == ["identity_check", "vouching", "decision"]


def test_reapplication__is_on_the_register_as_a_new_one(play: ServedPlay) -> None:
    actor = applied(play, "rider")
    play.refuse(CHAIR, actor)
    index = play.reapply(actor)
    view = play.world.get(f"members/{actor.id}")
    assert (view["status"], view["entry"]) == ("applied", index)


@pytest.mark.parametrize("path", ["applications", f"members/{CHAIR.id}/application"])
def test_private_routes__without_a_session__refuse(play: ServedPlay, path: str) -> None:
    response = play.world.client.get(f"{play.world.root}/{path}")
    assert (response.status_code, response.json()["code"]) == (401, "session.required")


@pytest.mark.parametrize(
    ("actor", "assurance"),
    [(GARDENER, "substantial"), (CHAIR, "low"), (Actor("no"), "substantial")],
)
@pytest.mark.parametrize("path", ["applications", f"members/{TREASURER.id}/application"])
def test_private_routes__without_an_office__refuse(
    play: ServedPlay, path: str, actor: Actor, assurance: str
) -> None:
    status, problem = read(play, path, actor, assurance)
    assert (status, problem["code"]) == (403, "office.required")


def test_private_routes__after_the_mandate__are_closed(play: ServedPlay) -> None:
    headers = session_headers(play.world, SECRETARY.id)
    path = f"{play.world.root}/applications"
    assert play.world.client.get(path, headers=headers).status_code == 200
    play.resign_mandate(SECRETARY, mandate_of(SECRETARY))
    assert play.world.client.get(path, headers=headers).status_code == 403
    actor = applied(play, "sailor")
    for deed in (play.check_identity, play.refuse):
        with pytest.raises(RefusedError):
            deed(SECRETARY, actor)
    play.check_identity(CHAIR, actor)
    play.vouch(CHAIR, actor)
    with pytest.raises(RefusedError, match=r"officer\.required"):
        play.admit(actor, officer=SECRETARY)


def test_presentation__by_a_correspondent__registers_somebody_without_a_key(
    play: ServedPlay,
) -> None:
    actor = Actor("miller")
    path = "centres/harbour/presentations"
    body = play.world.authored(GARDENER, **presented(actor))
    request = play.world.signed(GARDENER, path, body)
    first, again = (
        play.world.post(f"{play.world.root}/{path}", request, key="present-miller")
        for _ in range(2)
    )
    assert (first.status_code, first.json()["status"]) == (201, "applied")
    assert again.json() == first.json()
    status, view = read(play, f"members/{actor.id}/application", CHAIR)
    assert (status, view["centre"], view["facts"]["name"]) == (200, "harbour", "The miller")
    status, consents = read(play, "me/consents", actor, "low")
    assert [each["name"] for each in consents["purposes"] if each["consents"]] == ["membership"]
    play.check_identity(GARDENER, actor)
    play.vouch(GARDENER, actor)
    play.admit(actor, officer=CHAIR)
    (harbour,) = play.world.get("centres")["items"]
    assert (harbour["centre"], harbour["open"]) == ("harbour", True)
    assert harbour["presented"] >= 1
    assert play.world.get("centres", after="harbour")["items"] == []


def test_presentation__without_the_needed_consent__is_refused(play: ServedPlay) -> None:
    body = {
        **play.world.authored(GARDENER, **presented(Actor("baker"))),
        "consents": {"directory": 1},
    }
    before = size(play)
    _, problem = sent(play, GARDENER, "centres/harbour/presentations", body)
    assert problem["code"] == "consent.needed"
    assert size(play) == before


@pytest.mark.parametrize(
    ("centre", "correspondent", "code"),
    [("quay", GARDENER, "centre.unknown"), ("harbour", CHAIR, "centre.correspondent")],
)
def test_presentation__elsewhere_or_by_another__is_refused(
    play: ServedPlay, centre: str, correspondent: Actor, code: str
) -> None:
    body = play.world.authored(correspondent, **presented(Actor("smith")))
    before = size(play)
    _, problem = sent(play, correspondent, f"centres/{centre}/presentations", body)
    assert problem["code"] == code
    assert size(play) == before


def test_attack__correspondent_presents_themselves__is_refused_each_time(play: ServedPlay) -> None:
    before = size(play)
    for pseudonym in ("gardener~2", "gardener~3"):
        body = play.world.authored(GARDENER, **presented(Actor(pseudonym)))
        status, problem = sent(play, GARDENER, "centres/harbour/presentations", body)
        assert (status, problem["code"]) == (403, "admission.own")
        assert (
            play.world.client.get(f"{play.world.root}/members/{Actor(pseudonym).id}").status_code
            == 404
        )
    assert size(play) == before


def test_attack__officer_handles_their_own_application__is_refused(play: ServedPlay) -> None:
    own = OWN
    play.apply(own)
    acts: tuple[Act, ...] = (
        IdentityChecked(own.id, "document", "high", "2026-01-05"),
        MemberVouched(own.id),
    )
    for data in acts:
        with pytest.raises(RefusedError, match=r"admission\.own"):
            play.act(CHAIR, data)
        play.act(TREASURER, data)
    before = size(play)
    status, problem = sent(play, CHAIR, f"members/{own.id}/admission", play.world.authored(CHAIR))
    assert (status, problem["code"], size(play)) == (403, "admission.own", before)
    with pytest.raises(RefusedError, match=r"admission\.own"):
        play.refuse(CHAIR, own)
    play.refuse(TREASURER, own)
    play.contest_refusal(own)
    with pytest.raises(RefusedError, match=r"admission\.own"):
        play.answer_refusal(CHAIR, own, upheld=False)


def test_attack__stranger_asks_whose_identity_it_is__learns_nothing(play: ServedPlay) -> None:
    """The rule on one's own application is asked last: whoever may not act anyway is told only that."""
    own = Actor("gardener~9")
    play.apply(own)
    status, problem = sent(
        play, GARDENER, f"members/{own.id}/admission", play.world.authored(GARDENER)
    )
    assert (status, problem["code"]) == (422, "admission.unchecked")


LONE = "\ud800"
"""Half of a character: no text at all."""

HIDDEN = (
    "Robert\x00", "Ro\x1bbert", "Robert\r\nSet-Cookie: a=b", "\u202etreboR", "Ro\u200bbert",
    "\u2066Robert", "\ufeffRobert", "Robert\u2028", "R" * 501, LONE,
)  # fmt: skip
"""Names that are not what they look like, or too long, or no text."""

PLAIN = (
    "Robert'); DROP TABLE person; --", "<script>alert(1)</script>", "{{7*7}} ${7*7} %s %n", "=1+1",
    "../../etc/passwd", "Zoë O'Brien-Łuczak", "نورا", "می\u200cرود",
)  # fmt: skip
"""Names that are kept as they are: nothing interprets them."""


@pytest.mark.parametrize("route", ["members", "centres/harbour/presentations"])
@pytest.mark.parametrize("name", HIDDEN)
def test_injection__name_that_hides_what_it_is__is_refused(
    play: ServedPlay, name: str, route: str
) -> None:
    actor, world = Actor(f"hidden-{HIDDEN.index(name)}"), play.world
    body = world.application(actor)
    if route != "members":
        body = world.authored(GARDENER, **presented(actor))
    facts = {"name": name, "born": "1980-01-01"}
    # The standard library writes lone surrogates as escapes, as a hostile client would.
    content = json.dumps({**body, "facts": facts, "signature": "0x" + "00" * 65})
    response = world.client.post(
        f"{world.root}/{route}",
        content=content.encode(),
        headers={"Idempotency-Key": world.key(), "Content-Type": "application/json"},
    )
    assert response.status_code == (422 if name != LONE else 400)
    assert "treboR" not in response.text
    assert "Robert" not in response.text


@pytest.mark.parametrize("name", PLAIN)
def test_injection__name_of_any_spelling__is_kept_beside_the_ledger_only(
    play: ServedPlay, name: str
) -> None:
    actor, world = Actor(f"plain-{PLAIN.index(name)}"), play.world
    body = {**world.application(actor), "facts": {"name": name, "born": "1980-01-01"}}
    world.act(actor, "members", body)
    _, view = read(play, f"members/{actor.id}/application", CHAIR)
    assert view["facts"]["name"] == name
    entry = world.client.get(f"{world.root}/entries/{view['entry']}").text
    assert name not in entry


@pytest.mark.parametrize("field", ["member", "member_class", "facts_salt", "centre"])
@pytest.mark.parametrize("value", ["' OR 1=1 --", "<b>", "a\x00b", "\u202e", "x" * 5000, ""])
def test_injection__ids_and_salts__have_one_form(play: ServedPlay, field: str, value: str) -> None:
    body = play.world.authored(GARDENER, **presented(Actor("nobody")))
    body["signature"] = "0x" + "00" * 65
    path = "centres/harbour/presentations"
    if field == "centre":
        place = quote(value, safe="")
        response = play.world.post(f"{play.world.root}/centres/{place}/presentations", body)
        assert response.status_code in (404, 405, 422)
    else:
        response = play.world.post(f"{play.world.root}/{path}", {**body, field: value})
        assert (response.status_code, response.json()["code"]) == (422, "request.invalid")


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "'; --", "\u202edesufer", "a\x00b"]
)
def test_injection__reasons__are_a_document_and_no_part_of_the_entry(
    play: ServedPlay, text: str
) -> None:
    actor = applied(play, f"reason-{text.encode().hex()[:8]}")
    index = play.write(
        CHAIR,
        lambda book: AdmissionRefused(actor.id, book.put_document(text.encode())),
    )
    entry = play.world.get(f"entries/{index}")
    assert text not in str(entry)
    document = play.world.client.get(f"/v1/documents/{entry['data']['reasons']}")
    assert document.content == text.encode()
    assert document.headers["content-type"] == "application/octet-stream"


def test_one_identity_presented_twice__waits_for_somebody_to_look(world: World) -> None:
    by_right = altered("admission-individual", vouchers=0)
    world.found(rules_with(by_right, NO_BOUND))
    play = ServedPlay(world)
    play.apply(GARDENER)
    play.open_centre(CHAIR, "harbour", GARDENER)
    play.open_centre(CHAIR, "quay", GARDENER)
    play.present(GARDENER, "harbour", Actor("walker"))
    play.present(GARDENER, "quay", Actor("walker~2"))
    world.worker.step_all()
    statuses = [world.get(f"members/{Actor(role).id}")["status"] for role in ("walker", "walker~2")]
    assert statuses == ["active", "applied"]
    (waiting,) = read(play, "applications", CHAIR)[1]["items"]
    assert (waiting["member"], waiting["missing"]) == (Actor("walker~2").id, ["review"])


def test_admission_by_right__waits_for_checks_and_vouchers__then_the_worker_admits(
    world: World,
) -> None:
    rules = careful_rules(by=None, vouchers=1, appeal_to=None, appeal_days=0)
    world.found(rules)
    play = HttpPlay(world)
    play.apply(GARDENER)
    world.worker.step_all()
    play.check_identity(CHAIR, GARDENER)
    world.worker.step_all()
    assert world.get(f"members/{GARDENER.id}")["status"] == "applied"
    play.vouch(CHAIR, GARDENER)
    world.worker.step_all()
    assert world.get(f"members/{GARDENER.id}")["status"] == "active"


def test_member_who_came_back__is_admitted_by_right_each_time(world: World) -> None:
    world.found()
    play = HttpPlay(world)
    play.apply(GARDENER)
    for _ in range(2):
        play.resign(GARDENER)
        play.reapply(GARDENER)
        world.worker.step_all()
        assert world.get(f"members/{GARDENER.id}")["status"] == "active"
