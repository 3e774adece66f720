"""Logging in with a contract account over HTTP: its chain is asked, of whoever's account it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from httpx2 import Response

from anchoring.core.contract_signatures import MAX_SIGNATURE_BYTES, wrap
from anchoring.core.types import Address
from backend.domain.siwe import parse_siwe, personal_digest
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.contract_accounts import OWNER, STRANGER, Accounts, Manner, sign_digest
from tests.support.contract_actors import ContractActor, partner_at
from tests.support.http_browser import UNLIMITED, Browser
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS

ELSEWHERE = 1
"""A chain that the server cannot ask."""


@dataclass
class Partnered:
    """A server with contract accounts on its chain, and members that have some."""

    world: World
    accounts: Accounts
    partner: ContractActor
    early: ContractActor
    stranger: Address

    def ask(self, address: Address, chain_id: int = EMBEDDED_CHAIN_ID) -> "Asked":
        """Ask for a message to sign, in a new browser."""
        browser = Browser(self.world)
        body = {"address": f"0x{address.hex()}", "chain_id": chain_id}
        asked = browser.post("session/challenges/wallet", body)
        assert asked.status_code == 201, asked.text
        return Asked(browser, asked.json())


@dataclass
class Asked:
    """A message to sign, and the browser that asked."""

    browser: Browser
    challenge: dict[str, Any]

    def signed(self, signer: LocalAccount = OWNER) -> bytes:
        """Return somebody's signature of the message."""
        return sign_digest(signer, personal_digest(self.challenge["message"]))

    def answer(self, signature: bytes, **changes: object) -> Response:
        """Answer with a signature."""
        given = {"type": "contract", "signature": f"0x{signature.hex()}"}
        answer = {name: self.challenge[name] for name in ("nonce", "message")}
        return self.browser.post("session/wallet", {**answer, "signature": given, **changes})


@pytest.fixture(scope="module")
def partnered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partnered]:
    """A server with one partner whose account is deployed, and one whose account is not."""
    with opened(tmp_path_factory.mktemp("partnered") / "data", login=UNLIMITED) as world:
        accounts = Accounts.on(world.container.chain)
        world.found()
        partner = partner_at(accounts.deployed(salt=1))
        address, creation = accounts.creation(salt=2)
        early = partner_at(address, role="early partner", preparation=creation)
        for member in (partner, early):
            join(world, member, officer=FOUNDERS[0])
        yield Partnered(world, accounts, partner, early, accounts.deployed(salt=3))


def outcome(response: Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


def test_login__of_an_account_whose_owner_signed__opens_a_session(partnered: Partnered) -> None:
    asked = partnered.ask(partnered.partner.account.address)
    assert parse_siwe(asked.challenge["message"]).chain_id == EMBEDDED_CHAIN_ID
    answer = asked.answer(asked.signed())
    assert answer.status_code == 201, answer.text
    known = asked.browser.get("session").json()
    assert (known["member"], known["assurance"]) == (partnered.partner.id, "substantial")
    assert outcome(asked.answer(asked.signed())) == (401, "login.challenge")


def test_login__of_an_account_not_deployed_yet__needs_what_would_deploy_it(
    partnered: Partnered,
) -> None:
    preparation = partnered.accounts.creation(salt=2)[1]
    asked = partnered.ask(partnered.early.account.address)
    assert asked.answer(wrap(asked.signed(), preparation)).status_code == 201
    bare = partnered.ask(partnered.early.account.address)
    assert outcome(bare.answer(bare.signed())) == (401, "login.refused")


def test_login__of_a_member_and_of_a_stranger__is_refused_in_the_same_words(
    partnered: Partnered,
) -> None:
    """The account of nobody's is asked too, and its own owner's signature tells nothing more."""
    member = partnered.ask(partnered.partner.account.address)
    stranger = partnered.ask(partnered.stranger)
    own = partnered.ask(partnered.stranger)
    told = [
        member.answer(member.signed(STRANGER)),
        stranger.answer(stranger.signed(STRANGER)),
        own.answer(own.signed()),
    ]
    assert told[0].json() == told[1].json() == told[2].json()
    assert [outcome(each) for each in told] == [(401, "login.refused")] * 3


def test_login__of_an_account_that_approves_of_nothing__is_refused(partnered: Partnered) -> None:
    address = partnered.accounts.deployed(salt=4, manner=Manner.BURNS_ALL_GAS)
    asked = partnered.ask(address)
    assert outcome(asked.answer(asked.signed())) == (401, "login.refused")


def test_login__on_a_chain_that_is_not_asked__is_refused_whoever_it_is(
    partnered: Partnered,
) -> None:
    for address in (partnered.partner.account.address, partnered.stranger):
        asked = partnered.ask(address, ELSEWHERE)
        assert parse_siwe(asked.challenge["message"]).chain_id == ELSEWHERE
        assert outcome(asked.answer(asked.signed())) == (403, "signature.chain")


def test_login__with_the_message_of_another_chain__is_refused(partnered: Partnered) -> None:
    asked = partnered.ask(partnered.partner.account.address)
    other = asked.challenge["message"].replace("Chain ID: ", "Chain ID: 1")
    answer = asked.answer(sign_digest(OWNER, personal_digest(other)), message=other)
    assert outcome(answer) == (401, "login.refused")


def test_login__of_an_account_named_as_a_wallet__is_refused(partnered: Partnered) -> None:
    """An account answers for its chain alone: its address is no key that anybody bound."""
    browser = Browser(partnered.world)
    body = {"address": f"0x{partnered.partner.account.address.hex()}"}
    asked = Asked(browser, browser.post("session/challenges/wallet", body).json())
    assert outcome(asked.answer(asked.signed())) == (401, "login.refused")


def test_login__with_a_signature_that_is_too_long__is_refused(partnered: Partnered) -> None:
    asked = partnered.ask(partnered.partner.account.address)
    assert asked.answer(b"\x01" * (MAX_SIGNATURE_BYTES + 1)).status_code == 422


def test_login__after_the_owner_changed__follows_the_chain(partnered: Partnered) -> None:
    address = partnered.accounts.deployed(salt=5)
    member = partner_at(address, role="sold partner")
    join(partnered.world, member, officer=FOUNDERS[0])
    partnered.accounts.replace_owner(address, STRANGER)
    before, after = partnered.ask(address), partnered.ask(address)
    assert outcome(before.answer(before.signed(OWNER))) == (401, "login.refused")
    assert after.answer(after.signed(STRANGER)).status_code == 201
