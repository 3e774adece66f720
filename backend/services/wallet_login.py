"""Logging in with a wallet: the server composes a message of EIP-4361, the wallet signs exactly that.

The wallet may be a contract account, such as a Safe: then its chain is asked whether it signed, as EIP-4361
demands of the chain that the message names.
"""

from dataclasses import dataclass

from backend.domain.acts import MemberId, Slug
from backend.domain.contract_accounts import ContractAccount, is_contract_account
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
    login: Login, slug: Slug, caller: Caller, *, key: bytes, language: Language
) -> WalletChallenge:
    """Compose what a wallet signs to log in; nothing is looked up on the register.

    Args:
        login: What is touched.
        slug: The organisation.
        caller: Who asks.
        key: Address of the wallet, 20 bytes, or a contract account in its form as a key.
        language: Language of the statement that the wallet shows.

    Raises:
        NotFoundError: No such organisation.
        InvalidInputError: ``key.malformed``.
    """
    founded = login.reads.state(slug).founded()
    account = ContractAccount.from_bytes(key) if is_contract_account(key) else None
    now, nonce, place = login.ports.clock.now(), new_nonce(login), login.place
    message = SiweMessage(
        domain=place.domain,
        address=checksum_address(key if account is None else account.address),
        uri=f"{place.origin}/v1/organisations/{slug}/session",
        chain_id=founded.signing.chain_id if account is None else account.chain_id,
        nonce=nonce,
        issued_at=format_instant(now),
        scheme=place.origin.partition("://")[0],
        statement=statement_of(slug, language),
        expiration_time=format_instant(now + LIFETIMES["wallet"]),
        resources=(f"{place.origin}/v1/organisations/{slug}",),
    )
    text = format_siwe(message)
    subject = f"0x{key.hex()}" if account is None else key.decode("ascii")
    asked = ask(login, slug, caller, kind="wallet", nonce=nonce, subject=subject, text=text)
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
        signature: Of ``personal_sign``, 65 bytes; of a contract account, what its chain is asked about.

    Raises:
        NotFoundError: No such organisation.
        LoginRefusedError: ``login.challenge``; ``login.refused``: another message, another signer, or
            nobody's key.
        TooSoonError: ``login.locked``.
        InvalidInputError: ``signature.malformed``.
        RuleViolation: ``signature.chain``: this server cannot ask the chain of the contract account.
        UnavailableError: No node of that chain answered.
    """
    login.reads.organisation(slug)
    challenge = redeem(login, slug, caller, kind="wallet", nonce=nonce)
    key = _key_of(challenge.subject)

    def entering() -> LoggedIn:
        signed = _signed_by(login, key, personal_digest(challenge.text), signature)
        if message != challenge.text or not signed:
            raise refusal()
        return begin_session(login, slug, caller, _holder(login, slug, key), "substantial")

    return attempt(login, slug, caller, identifier=challenge.subject, action=entering)


def _key_of(subject: str) -> bytes:
    """Return the key for which a challenge was composed."""
    return bytes.fromhex(subject[2:]) if subject.startswith("0x") else subject.encode("ascii")


def _signed_by(login: Login, key: bytes, digest: bytes, signature: bytes) -> bool:
    """Tell whether a key signed; the chain of a contract account is asked whether or not it is a member's.

    Raises:
        GovernanceError: What forbids to tell.
        UnavailableError: No node answered.
    """
    if not is_contract_account(key):
        return unless_signed_otherwise(
            lambda: check_signature(digest, address=key, signature=signature)
        )
    account, accounts = ContractAccount.from_bytes(key), login.ports.contract_accounts
    return unless_signed_otherwise(lambda: accounts.verify(account, digest, signature))


def _holder(login: Login, slug: Slug, key: bytes) -> MemberId | None:
    held = login.keys.holder(slug, key)
    if held is None or not in_force(login, slug, held[0], held[1]):
        return None
    return held[0]
