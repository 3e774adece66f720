"""Logging in with a link sent by mail: it shows that somebody reads the member's mail, and no more.

A session of this kind opens no office and signs nothing. The answer to a request is the same whether a member
has the address or not, and is given before that is looked up.
"""

from collections.abc import Callable
from typing import Final

from backend.domain.acts import Slug
from backend.domain.login import LIFETIMES
from backend.services.login import (
    Caller,
    LoggedIn,
    ask,
    attempt,
    begin_session,
    hashed,
    may_enter,
    redeem,
)
from backend.services.login_addresses import address_hash
from backend.services.login_ports import Login

LINK_TEMPLATE: Final = "login_link"
"""Name of the mail that carries a link."""

MAX_SHARING: Final = 5
"""Most members that one address stands for: a household, not a mailing list."""


def ask_link(login: Login, slug: Slug, caller: Caller, address: str) -> Callable[[], None]:
    """Return what sends links to the members who declared an address, for after the answer was given.

    Args:
        login: What is touched.
        slug: The organisation.
        caller: Who asks; only that browser can open the links.
        address: As somebody wrote it.

    Raises:
        NotFoundError: No such organisation.
    """
    login.reads.organisation(slug)
    return lambda: _send_links(login, slug, caller, address)


def enter_by_link(login: Login, slug: Slug, caller: Caller, *, token: str) -> LoggedIn:
    """Log in the member to whom a link was sent, in the browser that asked for it, once.

    Raises:
        NotFoundError: No such organisation.
        LoginRefusedError: ``login.challenge``: no such link waits for this browser; ``login.refused``: the
            member left since.
        TooSoonError: ``login.locked``.
    """

    def entering() -> LoggedIn:
        # A token that nobody was given tells of no member, so the network stands for the name.
        challenge = redeem(login, slug, caller, kind="link", nonce=hashed(token))
        return begin_session(login, slug, caller, challenge.subject, "low")

    login.reads.organisation(slug)
    return attempt(login, slug, caller, identifier=f"link {caller.network}", action=entering)


def _send_links(login: Login, slug: Slug, caller: Caller, address: str) -> None:
    known = address_hash(address, login.ports.identities)
    for member in login.addresses.members(slug, known)[:MAX_SHARING]:
        if not may_enter(login, slug, member):
            continue
        token = login.ports.randomness.salt().hex()
        ask(login, slug, caller, kind="link", nonce=hashed(token), subject=member)
        minutes = int(LIFETIMES["link"].total_seconds()) // 60
        values = {
            # After the number sign, the token is sent to no server and stands in no log.
            "link": f"{login.place.origin}/organisations/{slug}/login#{token}",
            "minutes": str(minutes),
        }
        login.post.queue(slug, member, LINK_TEMPLATE, values, now=login.ports.clock.now())
