"""HTTP itself: limits, headers, unknown addresses, what nobody expected."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from anchoring.core.errors import UnavailableError
from backend.api.application import create_api
from backend.api.middleware import MAX_BODY_BYTES
from tests.support.http_world import World


def test_transport__unknown_address__is_a_problem(world: World) -> None:
    response = world.client.get("/v2/organisations")
    assert (response.status_code, response.json()["code"]) == (404, "route.unknown")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/organisations", {"GET", "POST"}),
        ("/v1/organisations/river/members/x/resignation", {"POST"}),
        ("/log/river/tile/0/000", {"GET"}),
        ("/docs", {"GET"}),
    ],
)
def test_transport__unknown_method__names_those_allowed(
    world: World, path: str, allowed: set[str]
) -> None:
    response = world.client.delete(path)
    assert (response.status_code, response.json()["code"]) == (405, "method.unknown")
    assert set(response.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "request.unreadable"),
        (b"\xff", "request.unreadable"),
        (b"[" * 100_000, "request.unreadable"),
        (b"{}", "request.invalid"),
        (b"[]", "request.invalid"),
        (b'{"a": NaN}', "request.unreadable"),
        (b'{"a": 1, "a": 1}', "request.unreadable"),
        (b'{"a": {"b": 1, "c": 2, "\\u0062": 3}}', "request.unreadable"),
        (b'[{"a": 1}, {"a": 1, "a": 2}]', "request.unreadable"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "request.unreadable"),
        (b'{"a": ' + b"[" * 1000 + b"]" * 1000 + b"}", "request.malformed"),
        (b'{"a": "\\ud800"}', "request.unreadable"),
        (b'{"a": null}', "request.malformed"),
        (b'{"a": 1.5}', "request.malformed"),
        (b'{"a": 99999999999999999999999}', "request.malformed"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "request.malformed"),
    ],
)
def test_transport__body_that_is_no_request__is_a_problem(
    founded: World, content: bytes, code: str
) -> None:
    response = founded.client.post(
        f"{founded.root}/motions",
        content=content,
        headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
    )
    assert response.status_code in {400, 422}
    assert response.json()["code"] == code


def test_transport__unknown_field__is_named(founded: World) -> None:
    body = {"issued_at": 1, "extra": True}
    path = f"{founded.root}/members/m{'0' * 32}/resignation/typed-data"
    problem = founded.client.post(path, json=body).json()
    assert problem["found"] == "body/extra"


@pytest.mark.parametrize("declared", [True, False])
def test_transport__body_above_the_limit__is_refused(founded: World, *, declared: bool) -> None:
    content = json.dumps({"text": "x" * MAX_BODY_BYTES}).encode()

    def parts() -> Iterator[bytes]:
        yield content

    response = founded.client.post(
        f"{founded.root}/motions",
        content=content if declared else parts(),
        headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
    )
    assert (response.status_code, response.json()["code"]) == (413, "request.too_large")


def test_transport__every_answer__has_its_headers(lived: World) -> None:
    for path in ("/health", lived.root, "/v2"):
        headers = lived.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]


def test_transport__document__never_runs_as_a_page(lived: World) -> None:
    cid = lived.get("statutes")["items"][0]["text"]
    headers = lived.client.get(f"/v1/documents/{cid}").headers
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["content-disposition"] == f'attachment; filename="{cid}"'
    assert "immutable" in headers["cache-control"]


def test_transport__damaged_document__is_an_error_of_the_server(founded: World) -> None:
    cid = founded.get("statutes")["items"][0]["text"]
    (founded.container.settings.data / "documents" / cid).write_bytes(b"forged")
    response = founded.client.get(f"/v1/documents/{cid}")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert b"forged" not in response.content


def test_transport__part_that_does_not_answer__is_to_be_asked_again(world: World) -> None:
    def silent() -> dict[str, str]:
        raise UnavailableError("database", "locked")

    context = replace(world.container.api_context(), health=silent)
    with TestClient(create_api(context)) as client:
        response = client.get("/health", headers={"Accept-Language": "en"})
    assert (response.status_code, response.json()["code"]) == (503, "service.unavailable")


def test_transport__unexpected_error__tells_nothing_of_the_inside(world: World) -> None:
    def failing() -> dict[str, str]:
        raise RuntimeError("/etc/secret")

    context = replace(world.container.api_context(), health=failing)
    with TestClient(create_api(context), raise_server_exceptions=False) as client:
        response = client.get("/health")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text


def test_transport__openapi__describes_every_problem(world: World) -> None:
    document = world.client.get("/openapi.json").json()
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["tags"], (method, path)


def test_transport__docs__are_served(world: World) -> None:
    assert world.client.get("/docs").status_code == 200
