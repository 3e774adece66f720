"""Each refusal reaches the client with its status, its fields and its wording, and writes nothing."""

from collections.abc import Callable

import pytest
from httpx2 import Response

from anchoring.core.cid import document_cid
from tests.support.http_world import World, framework_change, join, signature, statutes_change
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
PROBLEM_FIELDS = {
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "expected",
    "found",
    "remedy",
}


@pytest.fixture
def convened(founded: World) -> World:
    """A motion on the agenda of an assembly that is open."""
    join(founded, Actor("partner", "collective"), officer=CHAIR)
    founded.act(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.clock.advance(15 * 86_400 + 60)
    return founded


def signed_post(world: World, actor: Actor, path: str, body: dict[str, object]) -> Response:
    """Sign and post, whatever comes of it."""
    return world.post(f"{world.root}/{path}", world.signed(actor, path, body))


def size(world: World) -> int:
    found: int = world.client.get(world.root).json()["size"]
    return found


def ballot(world: World, actor: Actor, choice: str = "yes", **changes: object) -> Response:
    path = "motions/bridge/ballots"
    return signed_post(world, actor, path, {**world.ballot(actor, "bridge", choice), **changes})


def early(world: World) -> Response:
    world.act(CHAIR, "motions", world.motion(CHAIR, "weir"))
    return signed_post(world, CHAIR, "assemblies", world.call(CHAIR, "summer", "weir", days=14))


def late_ballot(world: World) -> Response:
    world.clock.advance(3 * 86_400)
    return ballot(world, CHAIR)


def second_call(world: World) -> Response:
    return signed_post(world, CHAIR, "assemblies", world.call(CHAIR, "summer", "bridge"))


def close_too_early(world: World) -> Response:
    return world.post(f"{world.root}/assemblies/spring/close", {})


def silent_effect(world: World) -> Response:
    body = world.motion(CHAIR, "coup", effect=statutes_change())
    return signed_post(world, CHAIR, "motions", body)


def partner_proposes(world: World) -> Response:
    partner = Actor("partner", "collective")
    return signed_post(world, partner, "motions", world.motion(partner, "toll"))


def stranger_proposes(world: World) -> Response:
    stranger = Actor("stranger")
    return signed_post(world, stranger, "motions", world.motion(stranger, "toll"))


def another_signs(world: World) -> Response:
    body = world.motion(CHAIR, "toll")
    prepared = world.client.post(f"{world.root}/motions/typed-data", json=body).json()
    forged = {**body, "signature": signature(TREASURER, prepared)}
    return world.post(f"{world.root}/motions", forged)


def stale(world: World) -> Response:
    body = world.signed(CHAIR, "motions", world.motion(CHAIR, "toll"))
    world.clock.advance(901)
    return world.post(f"{world.root}/motions", body)


def same_motion(world: World) -> Response:
    return signed_post(world, CHAIR, "motions", world.motion(CHAIR, "bridge"))


def same_member(world: World) -> Response:
    return signed_post(world, CHAIR, "members", world.application(CHAIR))


def facts_missing(world: World) -> Response:
    visitor = Actor("visitor")
    body = {**world.application(visitor), "facts": {"name": "The visitor"}}
    return signed_post(world, visitor, "members", body)


def member_admits(world: World) -> Response:
    gardener, other = Actor("gardener"), Actor("mill", "collective")
    join(world, gardener)
    world.act(other, "members", world.application(other))
    return signed_post(world, gardener, f"members/{other.id}/admission", world.authored(gardener))


def framework_broken(world: World) -> Response:
    effect = framework_change()
    effect["document"] = {**effect["document"], "indicators": []}  # type: ignore[dict-item]
    body = world.authored(
        CHAIR, motion="fw", kind="legislative", title="Fw", text="Fw.\n", effect=effect
    )
    return world.post(f"{world.root}/motions", {**body, "signature": "0x" + "00" * 65})


def rulebook_with_float(world: World) -> Response:
    body = world.motion(CHAIR, "fl", effect={"type": "framework", "document": {"weight": 0.5}})
    return world.post(f"{world.root}/motions", {**body, "signature": "0x" + "00" * 65})


def unknown_motion(world: World) -> Response:
    return world.client.get(f"{world.root}/motions/none")


def unknown_document(world: World) -> Response:
    return world.client.get(f"/v1/documents/{document_cid(b'never stored')}")


def refounded(world: World) -> Response:
    return world.post("/v1/organisations", world.founding(), **world.operator())


def no_token(world: World) -> Response:
    return world.post("/v1/organisations", world.founding())


def wrong_token(world: World) -> Response:
    return world.post("/v1/organisations", world.founding(), Authorization="Bearer guess")


REFUSALS: dict[str, tuple[Callable[[World], Response], int, str, str | None]] = {
    "notice": (early, 422, "assembly.notice", "11"),
    "late ballot": (late_ballot, 422, "assembly.over", None),
    "agenda twice": (second_call, 409, "motion.on_agenda", None),
    "closed too early": (close_too_early, 422, "assembly.too_early", None),
    "effect not of the kind": (silent_effect, 422, "effect.kind", "10"),
    "class without initiative": (partner_proposes, 422, "initiative.class", "9"),
    "stranger": (stranger_proposes, 404, "member.unknown", None),
    "another signs": (another_signs, 403, "signature.signer", None),
    "stale statement": (stale, 422, "statement.stale", None),
    "id in use": (same_motion, 409, "motion.exists", None),
    "member exists": (same_member, 409, "member.exists", None),
    "facts missing": (facts_missing, 422, "facts.missing", None),
    "not of the bureau": (member_admits, 422, "officer.required", "7"),
    "broken framework": (framework_broken, 422, "framework.malformed", None),
    "float": (rulebook_with_float, 422, "request.malformed", None),
    "unknown motion": (unknown_motion, 404, "motion.unknown", None),
    "unknown document": (unknown_document, 404, "document.unknown", None),
    "founded twice": (refounded, 409, "organisation.founded_twice", None),
    "no token": (no_token, 401, "operator.required", None),
    "wrong token": (wrong_token, 403, "operator.required", None),
    "no vote": (
        lambda world: ballot(world, Actor("partner", "collective")),
        422,
        "ballot.voter",
        "5",
    ),
    "no such choice": (
        lambda world: world.client.post(
            f"{world.root}/motions/bridge/ballots/typed-data",
            json=world.ballot(CHAIR, "bridge", "maybe"),
        ),
        422,
        "choice.unknown",
        None,
    ),
    "nonce skipped": (lambda world: ballot(world, CHAIR, nonce=1), 422, "ballot.nonce", None),
    "signed tomorrow": (
        lambda world: ballot(world, CHAIR, cast_at=world.seconds() + 86_400),
        422,
        "ballot.cast_at",
        None,
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusal__whatever_is_wrong__is_a_problem_that_names_it(convened: World, case: str) -> None:
    attempt, status, code, article = REFUSALS[case]
    response = attempt(convened)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert set(problem) >= PROBLEM_FIELDS
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{code}"
    assert problem["remedy"]
    if article is not None:
        assert problem["rule"]["article"] == article
        assert article in problem["detail"]


@pytest.mark.parametrize("case", ["notice", "another signs", "nonce skipped", "id in use"])
def test_refusal__of_a_write__appends_nothing(founded: World, case: str) -> None:
    founded.act(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.clock.advance(15 * 86_400 + 60)
    before = size(founded) + (1 if case == "notice" else 0)
    assert REFUSALS[case][0](founded).status_code >= 400
    assert size(founded) == before


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de, fr;q=0.3, en;q=0.2", "fr"),
        ("de", "fr"),
        ("en;q=0", "fr"),
        ("en;q=nonsense", "fr"),
        ("*", "fr"),
    ],
)
def test_refusal__accept_language__decides_the_wording(
    founded: World, accepted: str | None, language: str
) -> None:
    headers = {} if accepted is None else {"Accept-Language": accepted}
    response = founded.client.get(f"{founded.root}/motions/none", headers=headers)
    expected = {"fr": "Motion inconnue", "en": "Unknown motion"}
    assert response.headers["content-language"] == language
    other = expected["en" if language == "fr" else "fr"]
    assert response.json()["title"] != other


def test_refusal__slug_of_another__is_not_found(world: World) -> None:
    response = world.client.get(f"/v1/organisations/{SLUG}")
    assert (response.status_code, response.json()["code"]) == (404, "organisation.unknown")


def test_identity__same_person_again__waits_for_the_bureau(founded: World) -> None:
    first = join(founded, Actor("gardener"))
    second = join(founded, Actor("gardener~2"))
    assert (first["status"], second["status"]) == ("active", "applied")
