"""Safes of the real contracts as keys of organisations: who must sign, and what an audit can ask again.

Singleton, proxy factory, fallback handler and message library are the published bytecode of Safe 1.4.1
(https://github.com/safe-global/safe-smart-account/tree/v1.4.1), fetched by ``scripts/interop``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from httpx2 import Response

from anchoring.core.contract_signatures import wrap
from backend.audit.directory import audit_directory, open_chains
from backend.domain.contract_accounts import safe_message_digest
from tests.support.contract_accounts import STRANGER
from tests.support.contract_actors import ContractActor
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.safes import OWNERS, Safe, Safes
from tests.support.served_chain import serving

pytestmark = pytest.mark.interop


@dataclass
class Town:
    """A server, and the contracts of Safe on its chain."""

    world: World
    safes: Safes

    def apply(self, actor: ContractActor) -> Response:
        """Ask to join."""
        body = self.world.signed(actor, "members", self.world.application(actor))
        return self.world.post(f"{self.world.root}/members", body)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with opened(tmp_path / "data") as world:
        world.found()
        yield Town(world, Safes.on(world.container.chain))


def partner(safe: Safe, answer: Callable[[bytes], bytes]) -> ContractActor:
    return ContractActor("partner", "collective", account=safe.account, answer_of=answer)


def outcome(response: Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


def test_safe__digest_for_its_owners__is_what_its_handler_says(town: Town) -> None:
    safe, digest = town.safes.deployed(salt=1), b"\xd1" * 32
    asked = town.safes.handler.functions.getMessageHashForSafe(safe.contract.address, digest)
    assert bytes(asked.call()) == safe_message_digest(safe.account, digest)


@pytest.mark.parametrize(
    ("owners", "answer"),
    [
        (OWNERS[:2], (201, "")),
        (OWNERS[1:], (201, "")),
        (OWNERS, (201, "")),
        (OWNERS[:1], (403, "signature.contract")),
        ((OWNERS[0], OWNERS[0]), (403, "signature.contract")),
        ((OWNERS[1], OWNERS[0]), (403, "signature.contract")),
        ((OWNERS[0], STRANGER), (403, "signature.contract")),
    ],
    ids=["two", "two others", "three", "one", "one twice", "out of order", "a stranger"],
)
def test_safe__signed_by_some_owners__joins_when_they_are_enough(
    town: Town, owners: tuple[object, ...], answer: tuple[int, str]
) -> None:
    safe = town.safes.deployed(salt=1)
    actor = partner(safe, lambda digest: safe.signature(digest, owners))  # type: ignore[arg-type]  # accounts
    assert outcome(town.apply(actor)) == answer


def test_safe__not_deployed_yet__joins_with_the_call_of_its_factory(town: Town) -> None:
    safe = town.safes.planned(salt=1)
    bare = partner(safe, safe.signature)
    assert outcome(town.apply(bare)) == (403, "signature.no_code")
    wrapped = partner(safe, lambda digest: wrap(safe.signature(digest), safe.creation))
    assert outcome(town.apply(wrapped)) == (201, "")
    assert town.safes.web3.eth.get_code(safe.contract.address) == b""


def test_safe__that_approved_on_its_chain__needs_no_signature(town: Town) -> None:
    safe = town.safes.deployed(salt=1)
    asked: list[bytes] = []

    def nothing(digest: bytes) -> bytes:
        asked.append(digest)
        return b""

    actor = partner(safe, nothing)
    assert outcome(town.apply(actor)) == (403, "signature.contract")
    town.safes.approve(safe, asked[0])
    assert outcome(town.apply(actor)) == (201, "")


def test_safe__that_acts_and_changes_owners__is_audited_at_its_blocks(
    town: Town, tmp_path: Path
) -> None:
    world, safe = town.world, town.safes.deployed(salt=1)
    actor = partner(safe, safe.signature)
    join(world, actor, officer=FOUNDERS[0])
    weir = world.authored(actor, commons="weir", title="The weir", description="A weir.\n")
    world.act(actor, "commons", weir)
    town.safes.replace_first_owner(safe, STRANGER)
    mill = world.authored(actor, commons="mill", title="The mill", description="A mill.\n")
    body = world.signed(actor, "commons", mill)
    assert outcome(world.post(f"{world.root}/commons", body)) == (403, "signature.contract")
    world.worker.step_all()
    world.container.archive.export(SLUG, tmp_path / "bundle")
    with serving(world.container.chain) as served:
        report = audit_directory(tmp_path / "bundle", chains=open_chains([served.url]))
    assert (report.disagreements, report.confirmed, report.unasked) == ((), 2, 0)
