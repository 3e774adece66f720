"""Having somebody erased over HTTP, as two officers do."""

from typing import Any

from httpx2 import Response

from tests.support.http_sessions import session_headers
from tests.support.http_world import World, signature
from tests.support.model_organisation import FOUNDERS, Actor, digest

CHAIR, TREASURER, _ = FOUNDERS


def erasure_body(world: World, cause: str = "request", second: Actor = TREASURER) -> dict[str, Any]:
    """Return what the first founder and a second officer sign."""
    salt = digest("erasure", world.key()).hex()
    return world.authored(CHAIR, second=second.id, cause=cause, salt=salt)


def erase(
    world: World,
    member: str,
    cause: str = "request",
    *,
    second: Actor = TREASURER,
    keeper: Actor = CHAIR,
    key: str | None = None,
) -> Response:
    """Have two officers sign and hand in an erasure, whatever comes of it.

    Args:
        world: The server.
        member: Pseudonym of who is erased.
        cause: Why.
        second: Who signs besides the first founder.
        keeper: Who is logged in.
        key: Idempotency key.
    """
    path = f"{world.root}/members/{member}/erasure"
    body, headers = erasure_body(world, cause, second), session_headers(world, keeper.id)
    prepared = world.client.post(f"{path}/typed-data", json=body, headers=headers)
    if prepared.status_code != 200:
        return prepared
    signatures = [signature(officer, prepared.json()) for officer in (CHAIR, second)]
    return world.post(path, {**body, "signatures": signatures}, key=key, **headers)
