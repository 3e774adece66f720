"""The play of an organisation over HTTP: what a simulation writes into a book is sent to a server."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from anchoring.core.cid import document_cid
from backend.domain.acts import Call
from backend.domain.rulebook.book import Rulebook
from backend.domain.sources import Sources
from backend.domain.state import State
from tests.support.http_world import RefusedError, World, signature
from tests.support.key_requests import offered, representative, signed_body
from tests.support.model_organisation import SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.plays import Made


class RequestBook:
    """What an act is made from: the committed state of a server, and a place for documents to send.

    Args:
        world: The server.
    """

    def __init__(self, world: World) -> None:
        self._reads = world.container.archive.reads
        self.documents: list[str] = []

    @property
    def state(self) -> State:
        """The state the server would show."""
        return self._reads.state(SLUG)

    @property
    def sources(self) -> Sources:
        """What the server keeps."""
        return self._reads.sources(SLUG)

    def put_document(self, content: bytes) -> str:
        """Keep a document for the request; returns its CID."""
        self.documents.append(content.decode())
        return document_cid(content)


class HttpPlay(Simulation):
    """Plays acts over HTTP; each method is one request and returns the index of its first entry.

    Args:
        world: The server; its clock is moved.
    """

    def __init__(self, world: World) -> None:
        super().__init__(_nothing_to_write)
        self._world = world

    def advance(self, **duration: int) -> None:
        """Move the clocks, with the arguments of ``timedelta``."""
        before = self.now
        super().advance(**duration)
        self._world.clock.advance(int((self.now - before).total_seconds()))

    def write(self, author: Actor, make: Made, *, signers: Sequence[Actor] | None = None) -> int:
        """Send an act by the route of all acts that are whole as signed."""
        book = RequestBook(self._world)
        data = make(book)  # type: ignore[arg-type]  # of a book, acts need no more than this
        path = f"{self._world.root}/acts/{data.act}"
        body = {
            "author": author.id,
            "issued_at": self._world.seconds(),
            "data": msgspec.to_builtins(data),
        }
        prepared = self._world.client.post(f"{path}/typed-data", json=body)
        if prepared.status_code != 200:
            raise RefusedError(prepared.text)
        signatures = [
            {"member": signer.id, "signature": signature(signer, prepared.json())}
            for signer in signers or (author,)
        ]
        request = {**body, "documents": book.documents, "signatures": signatures}
        return self._sent(path, request)

    def found(self, *, rulebook: Rulebook | None = None, **_: object) -> int:
        """Found the organisation."""
        return _first(self._world.found(rulebook))

    def apply(self, actor: Actor) -> int:
        """Ask to join; admission by right follows in the same request."""
        return _first(self._world.act(actor, "members", self._world.application(actor)))

    def admit(self, actor: Actor, *, officer: Actor | None = None) -> int:
        """Have an officer admit; by right the server did."""
        if officer is None:
            return -1
        body = self._world.authored(officer)
        return _first(self._world.act(officer, f"members/{actor.id}/admission", body))

    def hand_in(self, actor: Actor, call: Call) -> int:
        """Post a call; the server answers it."""
        body = self._world.authored(actor, **msgspec.to_builtins(call))
        return _first(self._world.act(actor, "assemblies", body))

    def cast(self, actor: Actor, motion: str, choice: str, *, hand: Actor | None = None) -> int:
        """Vote, by another's hand under a proxy."""
        return _first(self._world.cast(actor, motion, choice, hand=hand))

    def settle(self, assembly: str) -> None:
        """Close an assembly; the server decides and carries out."""
        self._sent(f"{self._world.root}/assemblies/{assembly}/close", {})

    def value(self, valuation: str, *, of: str, framework: str = "river-health") -> int:
        """Publish a valuation."""
        body = {"valuation": valuation, "framework": framework}
        return self._sent(f"{self._world.root}/commons/{of}/valuations", body)

    def bind(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """Bind the key of another device."""
        draft = offered(self._world, device)
        signers = {"signature": hand or member, "key_signature": device}
        return self._changed(f"members/{member.id}/keys", draft, signers)

    def revoke(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """End the key of a device."""
        draft = {"issued_at": self._world.seconds(), "key": device.applicant.key}
        path = f"members/{member.id}/keys/revocation"
        return self._changed(path, draft, {"signature": hand or member})

    def recover(self, first: Actor, second: Actor, member: Actor, device: Actor) -> int:
        """Replace all keys of a member by that of a device."""
        draft = offered(self._world, device, author=first.id, second=second.id)
        signers = {"signature": first, "second_signature": second, "key_signature": device}
        return self._changed(f"members/{member.id}/keys/recovery", draft, signers)

    def represent(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """Name who acts for an organisation."""
        draft = representative(self._world, device)
        signers = {"signature": hand or member, "key_signature": device}
        return self._changed(f"members/{member.id}/representative", draft, signers)

    def _changed(self, path: str, draft: Mapping[str, object], signers: Mapping[str, Actor]) -> int:
        body = signed_body(self._world, path, draft, signers)
        return self._sent(f"{self._world.root}/{path}", body)

    def _sent(self, path: str, body: object) -> int:
        response = self._world.post(path, body)
        if response.status_code != 201:
            raise RefusedError(response.text)
        return _first(response.json())


def _first(answer: Any) -> int:  # noqa: ANN401 - parsed JSON
    index: int = answer["entries"][0]
    return index


def _nothing_to_write() -> Any:  # noqa: ANN401 - never returns
    message = "a play over HTTP writes nothing by itself"
    raise AssertionError(message)
