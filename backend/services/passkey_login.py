"""Logging in with a passkey: its user is verified, on a page that the founders named."""

from dataclasses import dataclass
from typing import Final

from backend.domain.acts import MemberId, RelyingParty, Slug
from backend.domain.instants import Instant
from backend.domain.login import passkey_challenge
from backend.domain.passkeys import Assertion, check_assertion, is_passkey, sign_count
from backend.services.login import (
    Caller,
    LoggedIn,
    ask,
    attempt,
    begin_session,
    in_force,
    new_nonce,
    redeem,
    refusal,
    unless_signed_otherwise,
)
from backend.services.login_ports import Login

_NOBODYS_KEY: Final = bytes.fromhex(
    "a5010203262001215820"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "225820"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
"""The base point of P-256: what an assertion is checked against where the member has no passkey, or there is
no such member, so that the answer comes by the same way. Whoever signs under it is refused too."""


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """What a passkey is asked to sign."""

    nonce: str
    """Names the challenge."""
    digest: bytes
    """``passkey_challenge`` of the ledger's origin and the nonce, 32 bytes."""
    relying_party: RelyingParty | None
    """Where passkeys of the organisation sign; None where it takes none."""
    expires_at: Instant
    """Last moment to answer."""


def ask_passkey(login: Login, slug: Slug, caller: Caller) -> PasskeyChallenge:
    """Return what a passkey signs to log in.

    Raises:
        NotFoundError: No such organisation.
    """
    organisation = login.reads.state(slug).founded()
    asked = ask(login, slug, caller, kind="passkey", nonce=new_nonce(login))
    digest = passkey_challenge(organisation.origin, asked.id)
    return PasskeyChallenge(asked.id, digest, organisation.signing.passkeys, asked.expires_at)


def enter_by_passkey(
    login: Login, slug: Slug, caller: Caller, *, nonce: str, member: MemberId, assertion: bytes
) -> LoggedIn:
    """Log in the member one of whose passkeys signed what this browser was given.

    Args:
        login: What is touched.
        slug: The organisation.
        caller: Who answers.
        nonce: From the challenge.
        member: The user handle of the passkey: a pseudonym.
        assertion: In the form of ``Assertion.to_bytes``.

    Raises:
        NotFoundError: No such organisation.
        LoginRefusedError: ``login.challenge``; ``login.refused``: another signer, no such member, or a
            counter that did not advance.
        TooSoonError: ``login.locked``.
        InvalidInputError: ``signature.malformed``.
        RuleViolation: ``signature.passkeys``, ``signature.origin``, ``signature.unverified``, whoever the
            member is.
    """
    organisation = login.reads.state(slug).founded()
    redeem(login, slug, caller, kind="passkey", nonce=nonce)
    digest, party = passkey_challenge(organisation.origin, nonce), organisation.signing.passkeys

    def signed_by(key: bytes) -> bool:
        return unless_signed_otherwise(
            lambda: check_assertion(party, digest, key=key, signature=assertion)
        )

    def entering() -> LoggedIn:
        keys = _passkeys(login, slug, member)
        signer = next((key for key in keys or (_NOBODYS_KEY,) if signed_by(key)), None)
        if signer is None or signer not in keys:
            raise refusal()
        count = sign_count(Assertion.from_bytes(assertion))
        if not login.counters.advance(slug, member, signer, count):
            raise refusal()
        return begin_session(login, slug, caller, member, "substantial")

    return attempt(login, slug, caller, identifier=member, action=entering)


def _passkeys(login: Login, slug: Slug, member: MemberId) -> tuple[bytes, ...]:
    return tuple(
        opening.key
        for opening in login.keys.held_by(slug, member)
        if is_passkey(opening.key) and in_force(login, slug, member, opening)
    )
