"""Requests that change the keys of members, with every signature they need."""

from collections.abc import Mapping

from httpx2 import Response

from backend.demo.request_bodies import key_fields
from tests.support.http_world import RefusedError, World, facts, signature
from tests.support.model_organisation import Actor


def offered(world: World, device: Actor, **fields: object) -> dict[str, object]:
    """Return what offers the key of a device now."""
    return {
        "issued_at": world.seconds(),
        "key": key_fields(device.key),
        "key_salt": device.key_opening.salt.hex(),
        **fields,
    }


def representative(world: World, device: Actor) -> dict[str, object]:
    """Return what names the actor of a device as representative now."""
    salt = device.person.salt.hex()
    return offered(world, device, facts=facts(device), facts_salt=salt)


def signed_body(
    world: World, path: str, draft: Mapping[str, object], signers: Mapping[str, Actor]
) -> dict[str, object]:
    """Return a draft with signatures of what the server prepares, by the names of their fields."""
    prepared = world.client.post(f"{world.root}/{path}/typed-data", json=draft)
    if prepared.status_code != 200:
        raise RefusedError(prepared.text)
    signatures = {name: signature(actor, prepared.json()) for name, actor in signers.items()}
    return {**draft, **signatures}


def send(world: World, path: str, draft: Mapping[str, object], **signers: Actor) -> Response:
    """Sign and post a draft, whatever comes of it."""
    return world.post(f"{world.root}/{path}", signed_body(world, path, draft, signers))
