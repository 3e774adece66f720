"""Logging in with a wallet: the server composes a message of EIP-4361, the wallet signs exactly that."""

from dataclasses import dataclass

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import Instant, format_instant
from backend.domain.login import LIFETIMES, statement_of
from backend.domain.messages import Language
from backend.domain.signing import check_signature
from backend.domain.siwe import SiweMessage, checksum_address, format_siwe, personal_digest
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


@dataclass(frozen=True, slots=True)
class WalletChallenge:
    """What a wallet is asked to sign."""

    nonce: str
    """Names the challenge."""
    message: str
    """The text, to be signed with ``personal_sign``."""
    expires_at: Instant
    """Last moment to answer."""


def ask_wallet(
    login: Login, slug: Slug, caller: Caller, *, address: bytes, language: Language
) -> WalletChallenge:
    """Compose what a wallet signs to log in; nothing is looked up on the register.

    Args:
        login: What is touched.
        slug: The organisation.
        caller: Who asks.
        address: Of the wallet, 20 bytes.
        language: Language of the statement that the wallet shows.

    Raises:
        NotFoundError: No such organisation.
    """
    organisation = login.reads.state(slug).founded()
    now, nonce, place = login.ports.clock.now(), new_nonce(login), login.place
    message = SiweMessage(
        domain=place.domain,
        address=checksum_address(address),
        uri=f"{place.origin}/v1/organisations/{slug}/session",
        chain_id=organisation.signing.chain_id,
        nonce=nonce,
        issued_at=format_instant(now),
        scheme=place.origin.partition("://")[0],
        statement=statement_of(slug, language),
        expiration_time=format_instant(now + LIFETIMES["wallet"]),
        resources=(f"{place.origin}/v1/organisations/{slug}",),
    )
    text = format_siwe(message)
    asked = ask(
        login, slug, caller, kind="wallet", nonce=nonce, subject=f"0x{address.hex()}", text=text
    )
    return WalletChallenge(nonce, text, asked.expires_at)


def enter_by_wallet(
    login: Login, slug: Slug, caller: Caller, *, nonce: str, message: str, signature: bytes
) -> LoggedIn:
    """Log in the member whose key signed the message that this browser was given.

    The message is compared with the one that was composed, byte for byte: another domain, chain, address or
    time makes another message.

    Args:
        login: What is touched.
        slug: The organisation.
        caller: Who answers.
        nonce: From the challenge.
        message: As it was signed.
        signature: Of ``personal_sign``, 65 bytes.

    Raises:
        NotFoundError: No such organisation.
        LoginRefusedError: ``login.challenge``; ``login.refused``: another message, another signer, or
            nobody's key.
        TooSoonError: ``login.locked``.
        InvalidInputError: ``signature.malformed``.
    """
    login.reads.organisation(slug)
    challenge = redeem(login, slug, caller, kind="wallet", nonce=nonce)
    address = bytes.fromhex(challenge.subject[2:])

    def entering() -> LoggedIn:
        signed = _signed_by(address, personal_digest(challenge.text), signature)
        if message != challenge.text or not signed:
            raise refusal()
        return begin_session(login, slug, caller, _holder(login, slug, address), "substantial")

    return attempt(login, slug, caller, identifier=challenge.subject, action=entering)


def _signed_by(address: bytes, digest: bytes, signature: bytes) -> bool:
    """Tell whether an account signed; the one place where accounts that are contracts have to be asked.

    Raises:
        InvalidInputError: ``signature.malformed``.
    """
    return unless_signed_otherwise(
        lambda: check_signature(digest, address=address, signature=signature)
    )


def _holder(login: Login, slug: Slug, key: bytes) -> MemberId | None:
    held = login.keys.holder(slug, key)
    if held is None or not in_force(login, slug, held[0], held[1]):
        return None
    return held[0]
