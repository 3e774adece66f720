"""Organisations with contract accounts over HTTP: joining, acting, being refused, being audited."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from typer.testing import CliRunner

from anchoring.core.contract_signatures import MAGIC_SUFFIX, MAX_SIGNATURE_BYTES
from anchoring.core.errors import UnavailableError
from anchoring.core.types import Address
from backend.audit.account import account
from backend.audit.directory import audit_directory, open_chains
from backend.cli import app as psephos
from backend.domain.contract_accounts import (
    ContractAccount,
    ContractSignature,
    safe_message_digest,
)
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.chain_world import address_of
from tests.support.contract_accounts import OWNER, STRANGER, Accounts, sign_digest
from tests.support.contract_actors import ContractActor, partner_at
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, join, opened, signature
from tests.support.key_requests import offered, representative, send
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.served_chain import served_chain, serving

CHAIR = FOUNDERS[0]


@dataclass
class Partnered:
    """A server with contract accounts on its chain, and the partner that has one."""

    world: World
    accounts: Accounts
    partner: ContractActor
    numbers: Iterator[int]

    def account(self) -> Address:
        """Deploy one more account of the owner."""
        return self.accounts.deployed(salt=next(self.numbers))

    def application(self, actor: ContractActor, handed_in: object = None) -> Response:
        """Apply, with another signature than the actor's where one is given."""
        body = self.world.application(actor)
        prepared = self.world.client.post(f"{self.world.root}/members/typed-data", json=body)
        signed = signature(actor, prepared.json()) if handed_in is None else handed_in
        return self.world.post(f"{self.world.root}/members", {**body, "signature": signed})

    def registration(self, commons: str) -> dict[str, object]:
        """Return a commons that the partner registers, signed."""
        body = self.world.authored(
            self.partner, commons=commons, title="The weir", description="About the weir.\n"
        )
        return self.world.signed(self.partner, "commons", body)


@pytest.fixture(scope="module")
def partnered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partnered]:
    """A server whose partner joined with an account that is deployed."""
    with opened(tmp_path_factory.mktemp("partnered") / "data") as world:
        accounts = Accounts.on(world.container.chain)
        world.found()
        partner = partner_at(accounts.deployed(salt=1))
        join(world, partner, officer=CHAIR)
        yield Partnered(world, accounts, partner, iter(range(100, 1000)))


def outcome(response: Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


def handed_in(signed: bytes) -> dict[str, str]:
    return {"type": "contract", "signature": f"0x{signed.hex()}"}


def test_partner__with_a_deployed_account__joins_and_acts(partnered: Partnered) -> None:
    member = partnered.world.get(f"members/{partnered.partner.id}")
    assert member["status"] == "active"
    body = partnered.registration("weir")
    assert outcome(partnered.world.post(f"{partnered.world.root}/commons", body)) == (201, "")


def test_partner__with_an_account_not_deployed_yet__joins(partnered: Partnered) -> None:
    address, creation = partnered.accounts.creation(salt=2)
    actor = partner_at(address, role="early partner", preparation=creation)
    assert outcome(partnered.application(actor)) == (201, "")


def test_partner__signing_any_act_as_its_author__is_recorded(partnered: Partnered) -> None:
    world, partner = partnered.world, partner_at(partnered.account(), role="leaving partner")
    join(world, partner, officer=CHAIR)
    path = f"{world.root}/acts/member.resigned"
    body = {**world.authored(partner), "data": {"member": partner.id}}
    safe = f"eip155:{EMBEDDED_CHAIN_ID}:0x{partner.account.address.hex()}"
    prepared = world.client.post(f"{path}/typed-data", json=body, params={"safe": safe}).json()
    digest = bytes.fromhex(prepared["digest"][2:])
    expected = safe_message_digest(partner.account, digest)
    assert prepared["safe_digest"] == f"0x{expected.hex()}"
    signed = [{"member": partner.id, "signature": signature(partner, prepared)}]
    assert outcome(world.post(path, {**body, "signatures": signed})) == (201, "")


def test_founder__with_a_contract_account__signs_the_founding(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        partner = partner_at(Accounts.on(world.container.chain).deployed(salt=1))
        person = replace(partner, member_class="individual")
        answers = [
            outcome(world.post("/v1/organisations", world.founding(founders), **world.operator()))
            for founders in ((*FOUNDERS, person), (*FOUNDERS, partner))
        ]
    assert answers == [(422, "key.contract"), (201, "")]


def test_application__in_a_class_of_natural_persons__is_refused(partnered: Partnered) -> None:
    person = partner_at(partnered.account(), role="person", member_class="individual")
    assert outcome(partnered.application(person)) == (422, "key.contract")


def test_application__refused__says_why(partnered: Partnered) -> None:
    accounts, address = partnered.accounts, partnered.account()
    actor = partner_at(address, role="newcomer")
    undeployed, creation = accounts.creation(salt=3)
    digest = bytes(32)
    expected: dict[str, tuple[ContractActor, object, tuple[int, str]]] = {
        "another digest": (
            actor,
            handed_in(sign_digest(OWNER, digest)),
            (403, "signature.contract"),
        ),
        "another owner": (
            replace(actor, answer_of=lambda asked: sign_digest(STRANGER, asked)),
            None,
            (403, "signature.contract"),
        ),
        "nothing approved": (actor, handed_in(b""), (403, "signature.contract")),
        "not deployed": (partner_at(undeployed, role="newcomer"), None, (403, "signature.no_code")),
        "an account that is a wallet": (
            partner_at(address_of(OWNER), role="newcomer"),
            None,
            (403, "signature.no_code"),
        ),
        "deployed elsewhere": (
            partner_at(Address(b"\x99" * 20), role="newcomer", preparation=creation),
            None,
            (403, "signature.contract"),
        ),
        "another chain": (
            partner_at(address, role="newcomer", chain_id=1),
            None,
            (403, "signature.chain"),
        ),
        "badly wrapped": (actor, handed_in(MAGIC_SUFFIX), (422, "signature.malformed")),
        "too long": (actor, handed_in(bytes(MAX_SIGNATURE_BYTES + 1)), (422, "request.invalid")),
        "odd": (actor, {"type": "contract", "signature": "0x0"}, (422, "request.invalid")),
        "capitals": (actor, {"type": "contract", "signature": "0xAA"}, (422, "request.invalid")),
        "more fields": (
            actor,
            {**handed_in(b""), "block": 1},
            (422, "request.invalid"),
        ),
    }
    for name, (applicant, signed, answer) in expected.items():
        assert outcome(partnered.application(applicant, signed)) == answer, name


def test_signature__of_one_account__is_worth_nothing_for_another(partnered: Partnered) -> None:
    """A signature is over the applicant's statement, which holds the commitment to the account."""
    one, two = (partner_at(partnered.account(), role="twin") for _ in range(2))
    body = partnered.world.application(one)
    path = f"{partnered.world.root}/members"
    prepared = partnered.world.client.post(f"{path}/typed-data", json=body).json()
    replayed = {**partnered.world.application(two), "signature": signature(one, prepared)}
    assert outcome(partnered.world.post(path, replayed)) == (403, "signature.contract")


@pytest.mark.parametrize(
    "key",
    [
        {"type": "contract", "chain_id": 0, "address": f"0x{'11' * 20}"},
        {"type": "contract", "chain_id": 2**53, "address": f"0x{'11' * 20}"},
        {"type": "contract", "chain_id": "1", "address": f"0x{'11' * 20}"},
        {"type": "contract", "chain_id": 1, "address": f"0x{'AA' * 20}"},
        {"type": "contract", "address": f"0x{'11' * 20}"},
        {"type": "wallet", "chain_id": 1, "address": f"0x{'11' * 20}"},
    ],
    ids=["zero", "too large", "text", "capitals", "no chain", "wallet"],
)
def test_application__with_another_key__is_no_application(
    partnered: Partnered, key: dict[str, object]
) -> None:
    body = {**partnered.world.application(partnered.partner), "key": key}
    response = partnered.world.client.post(f"{partnered.world.root}/members/typed-data", json=body)
    assert outcome(response) == (422, "request.invalid")


def test_typed_data__for_a_safe__tells_owners_what_they_sign(partnered: Partnered) -> None:
    world, partner = partnered.world, partnered.partner
    prepared = world.client.post(
        f"{world.root}/members/typed-data", json=world.application(partner)
    ).json()
    digest = bytes.fromhex(prepared["digest"][2:])
    assert prepared["safe_digest"] == f"0x{safe_message_digest(partner.account, digest).hex()}"
    wallet = world.client.post(
        f"{world.root}/members/typed-data", json=world.application(Actor("walker"))
    ).json()
    assert wallet["safe_digest"] is None


def test_typed_data__for_a_safe_in_another_form__is_refused(partnered: Partnered) -> None:
    world = partnered.world
    body = {**world.authored(partnered.partner), "data": {"member": partnered.partner.id}}
    path = f"{world.root}/acts/member.resigned/typed-data"
    for safe, code in (
        ("eip155:01:0x" + "11" * 20, "request.invalid"),
        ("eip155:9999999999999999:0x" + "11" * 20, "key.malformed"),
    ):
        assert outcome(world.client.post(path, json=body, params={"safe": safe})) == (422, code)


def test_account__bound_beside_a_wallet__acts_for_the_organisation(partnered: Partnered) -> None:
    world, wallet = partnered.world, Actor("keyed partner", "collective")
    join(world, wallet, officer=CHAIR)
    safe = partner_at(partnered.account(), role="safe of keyed partner")
    path = f"members/{wallet.id}/keys"
    forged = replace(safe, answer_of=lambda digest: sign_digest(STRANGER, digest))
    refused = send(world, path, offered(world, safe), signature=wallet, key_signature=forged)
    assert outcome(refused) == (403, "signature.contract")
    bound = send(world, path, offered(world, safe), signature=wallet, key_signature=safe)
    assert outcome(bound) == (201, "")
    for number, hand in enumerate((wallet, safe)):
        body = world.authored(wallet, commons=f"bay-{number}", title="A bay", description="Bay.\n")
        assert outcome(send(world, "commons", body, signature=hand)) == (201, "")
    shown = world.client.get(
        f"{world.root}/{path}", headers=session_headers(world, wallet.id)
    ).json()
    assert [item["kind"] for item in shown["items"]] == ["wallet", "contract"]


def test_representative__with_a_safe__is_the_only_key_from_then_on(partnered: Partnered) -> None:
    world, wallet = partnered.world, Actor("represented partner", "collective")
    join(world, wallet, officer=CHAIR)
    safe = partner_at(partnered.account(), role="its safe")
    draft, path = representative(world, safe), f"members/{wallet.id}/representative"
    prepared = world.client.post(f"{world.root}/{path}/typed-data", json=draft).json()
    digest = bytes.fromhex(prepared["digest"][2:])
    assert prepared["safe_digest"] == f"0x{safe_message_digest(safe.account, digest).hex()}"
    assert outcome(send(world, path, draft, signature=wallet, key_signature=safe)) == (201, "")
    body = world.authored(wallet, commons="cove", title="A cove", description="Cove.\n")
    assert outcome(send(world, "commons", body, signature=wallet))[0] == 403
    assert outcome(send(world, "commons", body, signature=safe)) == (201, "")


def test_account__bound_to_a_natural_person__is_refused(partnered: Partnered) -> None:
    world, safe = partnered.world, partner_at(partnered.account(), role="safe of the chair")
    path = f"members/{CHAIR.id}/keys"
    response = send(world, path, offered(world, safe), signature=CHAIR, key_signature=safe)
    assert outcome(response) == (422, "key.contract")


class SilentNode:
    """Contract accounts whose node does not answer."""

    def verify(
        self, account: ContractAccount, digest: bytes, signature: bytes
    ) -> ContractSignature:
        raise UnavailableError(f"node of {account.chain_id}", f"{len(digest) + len(signature)}")


def test_node__that_is_silent__has_nothing_recorded(partnered: Partnered) -> None:
    world = partnered.world
    app = world.client.app
    assert isinstance(app, Starlette)
    body, context = partnered.registration("silence"), app.state.context
    size = world.get("entries", limit=500)["items"][-1]["index"]
    ports = replace(context.ports, contract_accounts=SilentNode())
    app.state.context = replace(context, ports=ports)
    try:
        response = world.post(f"{world.root}/commons", body, key="silence")
    finally:
        app.state.context = context
    assert outcome(response) == (503, "service.unavailable")
    assert world.get("entries", limit=500)["items"][-1]["index"] == size
    assert world.post(f"{world.root}/commons", body, key="silence").status_code == 201


def test_command__repeated_after_the_owner_changed__is_told_what_it_wrote(
    partnered: Partnered,
) -> None:
    world, partner = partnered.world, partner_at(partnered.account(), role="changing partner")
    join(world, partner, officer=CHAIR)
    body = world.signed(
        partner,
        "commons",
        world.authored(partner, commons="mill", title="The mill", description="A mill.\n"),
    )
    first = world.post(f"{world.root}/commons", body, key="mill")
    partnered.accounts.replace_owner(partner.account.address, STRANGER)
    assert world.post(f"{world.root}/commons", body, key="mill").json() == first.json()
    assert outcome(world.post(f"{world.root}/commons", {**body, "commons": "dam"})) == (
        403,
        "signature.contract",
    )


def test_elector__asking_with_what_would_be_kept__is_not_believed(partnered: Partnered) -> None:
    world, partner = partnered.world, partnered.partner
    world.act_as_chair("ford")
    world.act(CHAIR, "assemblies", world.call(CHAIR, "summer", "ford"))
    path = f"{world.root}/motions/ford/electorate"
    body = world.authored(partner)
    prepared = world.client.post(f"{path}/typed-data", json=body).json()
    block = partnered.accounts.web3.eth.get_block("latest")
    forged = (
        b'{"block":{"hash":"%s","number":%d},"chain_id":%d,"format":"psephos-contract-signature/1",'
        b'"scheme":"erc1271","signature":"0x"}'
        % (bytes(block["hash"]).hex().encode(), block["number"], EMBEDDED_CHAIN_ID)
    )
    attempts = {
        handed_in(forged)["signature"]: (403, "signature.contract"),
        signature(partner, prepared)["signature"]: (404, "elector.unknown"),  # type: ignore[index]  # a contract's
    }
    for signed, answer in attempts.items():
        asked = {**body, "signature": {"type": "contract", "signature": signed}}
        assert outcome(world.client.post(f"{path}/proof", json=asked)) == answer


def test_audit__of_contract_accounts__needs_a_node_of_their_chain(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        accounts = Accounts.on(world.container.chain)
        world.found()
        address, creation = accounts.creation(salt=1)
        partner = partner_at(address, preparation=creation)
        join(world, partner, officer=CHAIR)
        accounts.deployed(salt=1)
        accounts.replace_owner(address, STRANGER)
        world.worker.step_all()
        bundle = tmp_path / "bundle"
        world.container.archive.export(SLUG, bundle)
        offline = audit_directory(bundle)
        assert (offline.disagreements, offline.redacted) == ((), 0)
        assert (offline.unasked, offline.confirmed) == (1, 0)
        assert any("--rpc" in line for line in account(offline, "en"))
        with serving(world.container.chain) as served:
            asked = audit_directory(bundle, chains=open_chains([served.url]))
            command = CliRunner().invoke(
                psephos, ["audit", str(bundle), "--lang", "fr", "--rpc", served.url]
            )
            twice = CliRunner().invoke(
                psephos, ["audit", str(bundle), "--rpc", served.url, "--rpc", served.url]
            )
        with served_chain(tmp_path / "other.sqlite", EMBEDDED_CHAIN_ID, world.clock) as other:
            elsewhere = audit_directory(bundle, chains=open_chains([other.url]))
        silent = CliRunner().invoke(psephos, ["audit", str(bundle), "--rpc", served.url])
    assert (asked.disagreements, asked.unasked, asked.confirmed) == ((), 0, 1)
    found = [(each.code, each.rule.id) for each in elsewhere.disagreements]
    assert found == [("signature.contract", "psephos.contract_account")]
    assert (elsewhere.confirmed, elsewhere.unasked, elsewhere.redacted) == (0, 0, 0)
    assert command.exit_code == 0
    assert "1 signatures de comptes de contrat confirmées" in command.output
    assert (twice.exit_code, silent.exit_code) == (2, 2)
