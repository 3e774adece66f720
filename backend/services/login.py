"""Logging in: what is asked and answered once, who failed too often, and the session that follows.

Whatever is wrong with an answer, it is refused in the same words, before and after the register is asked: the
refusal tells nobody whether there is such a member. Nothing here is an act; the ledger does not learn of it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final, TypeVar

from backend.domain.acts import MemberId, Slug
from backend.domain.commitments import Tag, commit
from backend.domain.errors import (
    GovernanceError,
    NotFoundError,
    NotPermittedError,
    RuleViolation,
    TooSoonError,
)
from backend.domain.instants import format_instant, parse_instant
from backend.domain.login import LIFETIMES, ChallengeKind, may_log_in, wait_after
from backend.domain.sources import KeyOpening
from backend.services.login_ports import Challenge, Login
from backend.services.sessions import Assurance, Principal

T = TypeVar("T")

NONCE_DIGITS: Final = 32
"""Hexadecimal digits of a nonce: 128 bits."""

_NOT_SIGNED: Final = frozenset({"signature.signer", "signature.no_code", "signature.contract"})


class LoginRefusedError(NotPermittedError):
    """Nobody was logged in; why is told to nobody."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The browser that asks or answers."""

    browser: str
    """Value of its login cookie, 64 hexadecimal digits."""
    network: str
    """Where its requests come from: an IPv4 address, or an IPv6 network of 64 bits."""
    session: str | None = None
    """Token of the session that it holds already, which ends when another begins."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session."""

    principal: Principal
    """Who."""
    token: str
    """Token of the session, for the cookie alone."""


def ask(
    login: Login,
    slug: Slug,
    caller: Caller,
    *,
    kind: ChallengeKind,
    nonce: str,
    subject: str = "",
    text: str = "",
) -> Challenge:
    """Keep a new challenge and return it.

    Args:
        login: What is touched.
        slug: An existing organisation.
        caller: Who asks.
        kind: What answers it.
        nonce: Its id, never used before.
        subject: Whom it is for.
        text: What is to be signed, where it is a text.
    """
    now = login.ports.clock.now()
    challenge = Challenge(
        organisation=slug,
        kind=kind,
        id=nonce,
        browser=hashed(caller.browser),
        subject=subject,
        text=text,
        expires_at=format_instant(now + LIFETIMES[kind]),
    )
    login.challenges.put(challenge, now=now)
    return challenge


def redeem(
    login: Login, slug: Slug, caller: Caller, *, kind: ChallengeKind, nonce: str
) -> Challenge:
    """Return the challenge that is answered, which can be answered no more.

    Raises:
        LoginRefusedError: ``login.challenge``: none of that kind and nonce waits for an answer of this
            browser: it was used, it expired, or another browser asked.
    """
    now = login.ports.clock.now()
    found = login.challenges.take(
        slug, kind, challenge=nonce, browser=hashed(caller.browser), now=now
    )
    if found is None:
        raise LoginRefusedError(
            "login.challenge",
            expected="an answer, once and in time, to what this browser asked",
            found="another one",
        )
    return found


def attempt(
    login: Login, slug: Slug, caller: Caller, *, identifier: str, action: Callable[[], T]
) -> T:
    """Run an attempt to log in, unless too many failed before; counts it if it fails.

    Waits grow by identifier and network: by identifier alone, anybody could keep a member out. Only many
    failures from many networks do, until the window has moved on.

    Args:
        login: What is touched.
        slug: An existing organisation.
        caller: Who tries.
        identifier: As whom: known to the register or not.
        action: The attempt.

    Raises:
        TooSoonError: ``login.locked``, or ``rate.limited``.
        GovernanceError: What ``action`` raises.
    """
    now = login.ports.clock.now()
    subject = _subject(login, slug, identifier, caller.network)
    until = login.lockouts.locked_until(slug, subject, now=now)
    if until is not None:
        raise TooSoonError(
            "login.locked",
            expected="an attempt after the wait",
            found="too many failed attempts",
            wait_s=max(1, ceil((until - now).total_seconds())),
        )
    login.window.check_failures(slug, identifier)
    try:
        done = action()
    except GovernanceError:
        login.lockouts.fail(slug, subject, wait_after, now=now)
        login.window.count_failure(slug, identifier)
        raise
    login.lockouts.forget(slug, subject)
    return done


def begin_session(
    login: Login, slug: Slug, caller: Caller, member: MemberId | None, assurance: Assurance
) -> LoggedIn:
    """Open a session; the one that the browser held before ends, so that none is fixed on anybody.

    Args:
        login: What is touched.
        slug: An existing organisation.
        caller: Who logs in.
        member: As whom; None where nobody was found.
        assurance: How surely.

    Raises:
        LoginRefusedError: ``login.refused``: nobody was found, or who was may not log in.
    """
    now = login.ports.clock.now()
    if member is None or not may_enter(login, slug, member):
        raise refusal()
    if caller.session is not None:
        login.sessions.close(slug, caller.session)
    principal = Principal(slug, member, assurance)
    return LoggedIn(principal, login.sessions.open(principal, now=now))


def may_enter(login: Login, slug: Slug, member: MemberId) -> bool:
    """Tell whether someone may log in now."""
    try:
        found = login.reads.state(slug).member(member)
        since = parse_instant(login.reads.member(slug, member).since)
    except NotFoundError:
        return False
    return may_log_in(found, since=since, now=login.ports.clock.now())


def in_force(login: Login, slug: Slug, member: MemberId, opening: KeyOpening) -> bool:
    """Tell whether a key that is kept is one that the ledger binds to its holder, and not a revoked one."""
    found = login.reads.state(slug).members.get(member)
    commitment = commit(Tag.KEY, salt=opening.salt, payload=opening.key)
    return found is not None and commitment in found.keys


def refusal() -> LoginRefusedError:
    """Return the refusal of whatever does not log anybody in."""
    return LoginRefusedError(
        "login.refused", expected="a key or a link of somebody who may log in", found="another one"
    )


def unless_signed_otherwise(check: Callable[[], object]) -> bool:
    """Tell whether a check of a signature finds the signer; its other refusals are raised.

    Raises:
        GovernanceError: What ``check`` raises for another reason than another signer.
    """
    try:
        check()
    except RuleViolation as error:
        if error.code not in _NOT_SIGNED:
            raise
        return False
    return True


def hashed(secret: str) -> str:
    """Return the SHA-256 of a secret of 128 random bits or more, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_nonce(login: Login) -> str:
    """Return a fresh nonce, ``NONCE_DIGITS`` hexadecimal digits."""
    return login.ports.randomness.salt().hex()[:NONCE_DIGITS]


def _subject(login: Login, slug: Slug, identifier: str, network: str) -> str:
    """Return under what failures are counted: a keyed hash, so that no address of anybody is kept."""
    content = f"{slug}\x1f{identifier}\x1f{network}"
    return login.ports.identities.digest("login-failure", content.encode()).hex()
