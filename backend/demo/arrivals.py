"""How people arrive: founders by links that the operator sends, members by logging in with their key.

Nothing is taken from the server's word here either: founders sign the founding that their own software made,
and whoever logs in checks that the message names this server and their own key.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx

from anchoring.core.errors import VerificationError
from backend.demo.client import Answer, Client, RefusedError
from backend.demo.request_bodies import application_fields
from backend.demo.wallets import Wallet
from backend.domain.acts import FirstMandate, OrganisationFounded
from backend.domain.signing import statement_typed_data
from backend.domain.siwe import parse_siwe

FOUNDINGS = "/v1/foundings"
"""Where foundings are prepared."""


def found_by_links(
    client: Client,
    founders: Sequence[Wallet],
    act: OrganisationFounded,
    *,
    plan: Mapping[str, object],
    operator: str,
) -> Answer:
    """Have the operator invite the founders, who hand in their keys and sign; the last one founds.

    A draft that an interrupted run left behind is withdrawn: its links were told once and are lost.

    Args:
        client: The server.
        founders: In the order of their signatures.
        act: The founding, made by the founders' own software.
        plan: Slug, name, language, statutes and rulebook, as the API takes them.
        operator: Token of the operator.

    Raises:
        RefusedError: The server refused.
    """
    asked = {**plan, "mandates": _seats(act.mandates, founders), "founders": _invited(founders)}
    with client.browser() as browser:
        drafted = _drafted(client, browser, asked, operator)
        place = f"{FOUNDINGS}/{drafted['draft']}"
        links = [{"Authorization": f"Bearer {link['token']}"} for link in drafted["links"]]
        for founder, link in zip(founders, links, strict=True):
            body = application_fields(founder.application)
            client.checked(browser.post(f"{place}/enrolment", json=body, headers=link))
        opened = client.checked(browser.post(f"{place}/signing", headers=links[0])).json()
        issued_at = opened["issued_at"]
        typed_data = statement_typed_data(
            act, author=founders[0].member, data=act, issued_at=issued_at
        )
        for founder, link in zip(founders, links, strict=True):
            signed = {"issued_at": issued_at, "signature": founder.sign(typed_data)}
            told = client.checked(browser.post(f"{place}/signature", json=signed, headers=link))
        recorded = told.json()["recorded"]
    return Answer(tuple(recorded["entries"]), recorded["size"], recorded)


def log_in(client: Client, wallet: Wallet) -> None:
    """Log in with the only key of a member, see that it is the only one bound to them, and log out.

    Args:
        client: The server.
        wallet: Who logs in.

    Raises:
        RefusedError: The server refused.
        InvalidInputError: The message to sign is none of EIP-4361.
        VerificationError: The server knows other keys of theirs.
    """
    with _session(client, wallet) as (browser, _):
        keys = client.checked(browser.get(client.place(f"members/{wallet.member}/keys"))).json()
    if len(keys["items"]) != 1:
        raise VerificationError("keys", expected="1", found=str(len(keys["items"])))


def review(client: Client, officer: Wallet) -> int:
    """Decide that every two records which wait for a look are of one person; returns how many there were.

    Args:
        client: The server.
        officer: Who keeps the registers.

    Raises:
        RefusedError: The server refused.
    """
    with _session(client, officer) as (browser, headers):
        pairs = client.checked(browser.get(client.place("duplicates"))).json()["items"]
        for pair in pairs:
            place = client.place(f"duplicates/{pair['id']}")
            client.checked(browser.post(place, json={"verdict": "same"}, headers=headers))
    return len(pairs)


@contextmanager
def _session(client: Client, wallet: Wallet) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """Log in, give the browser and what its requests carry, and log out when the block ends well."""
    with client.browser() as browser:
        enter = _enter_by_passkey if wallet.device == "passkey" else _enter_by_wallet
        headers = {"X-CSRF-Token": enter(client, browser, wallet)["csrf_token"]}
        yield browser, headers
        client.checked(browser.delete(client.place("session"), headers=headers))


def _drafted(
    client: Client, browser: httpx.Client, plan: Mapping[str, object], operator: str
) -> dict[str, list[dict[str, str]]]:
    headers = {"Authorization": f"Bearer {operator}"}
    try:
        answer = client.checked(browser.post(FOUNDINGS, json=plan, headers=headers))
    except RefusedError as refused:
        if refused.code != "founding.drafted":
            raise
        left = f"{FOUNDINGS}/{refused.problem['found']}"
        client.checked(browser.delete(left, headers=headers))
        answer = client.checked(browser.post(FOUNDINGS, json=plan, headers=headers))
    drafted: dict[str, list[dict[str, str]]] = answer.json()
    return drafted


def _invited(founders: Sequence[Wallet]) -> list[dict[str, str]]:
    return [
        {
            "label": founder.name,
            "member_class": founder.member_class,
            "email": founder.facts["email"],
        }
        for founder in founders
    ]


def _seats(mandates: Sequence[FirstMandate], founders: Sequence[Wallet]) -> list[dict[str, object]]:
    places = {founder.member: place for place, founder in enumerate(founders)}
    return [
        {
            "mandate": given.mandate,
            "body": given.body,
            "seat": given.seat,
            "founder": places[given.holder],
        }
        for given in mandates
    ]


def _enter_by_wallet(client: Client, browser: httpx.Client, wallet: Wallet) -> dict[str, str]:
    body = {"address": f"0x{wallet.key.hex()}"}
    asked = browser.post(client.place("session/challenges/wallet"), json=body)
    challenge = client.checked(asked).json()
    message = parse_siwe(challenge["message"])
    if bytes.fromhex(message.address[2:]) != wallet.key:
        raise RefusedError(0, {"code": "demo.message", "title": challenge["message"]})
    answer = {
        "nonce": challenge["nonce"],
        "message": challenge["message"],
        "signature": wallet.sign_text(challenge["message"]),
    }
    entered: dict[str, str] = client.checked(
        browser.post(client.place("session/wallet"), json=answer)
    ).json()
    return entered


def _enter_by_passkey(client: Client, browser: httpx.Client, wallet: Wallet) -> dict[str, str]:
    asked = browser.post(client.place("session/challenges/passkey"))
    challenge = client.checked(asked).json()
    answer = {
        "nonce": challenge["nonce"],
        "member": wallet.member,
        "assertion": wallet.answer(bytes.fromhex(challenge["digest"][2:])),
    }
    entered: dict[str, str] = client.checked(
        browser.post(client.place("session/passkey"), json=answer)
    ).json()
    return entered
