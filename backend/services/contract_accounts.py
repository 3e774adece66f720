"""Having a chain confirm signatures of contract accounts, outside the transactions that record them.

A node may take seconds to answer, and a transaction holds the ledger for everyone. So a command that meets a
signature which nobody confirmed yet stops there and is undone; the chain is asked; then the command is
carried out again, and is told what was confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backend.domain.contract_accounts import (
    ContractAccount,
    ContractSignature,
    is_contract_account,
)
from backend.domain.errors import GovernanceError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A signature of a contract account, as it was handed in."""

    account: ContractAccount
    """The account."""
    digest: bytes
    """What was to be signed, 32 bytes."""
    signature: bytes
    """What the account is to be asked about; may be empty."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a chain said of a signature in this request."""

    asked: Unconfirmed
    """The signature."""
    answer: ContractSignature | GovernanceError
    """What is kept of it, or why the account was not believed."""


class UnconfirmedError(Exception):
    """A command needs a confirmation that it was not given; nothing of it is written.

    Args:
        asked: The signature to have confirmed.
    """

    def __init__(self, asked: Unconfirmed) -> None:
        super().__init__(asked)
        self.asked = asked


class ContractAccounts(Protocol):
    """The contract accounts of every chain that this server can ask.

    Trust: the answer is the word of one node, about one block that it names. Retries: asking again is safe.
    """

    def verify(
        self, account: ContractAccount, digest: bytes, signature: bytes
    ) -> ContractSignature:
        """Have an account's chain confirm that it signed a digest.

        Args:
            account: The account.
            digest: What was to be signed, 32 bytes.
            signature: As it was handed in, with or without the suffix of ERC-6492; may be empty.

        Returns:
            What is to be kept: it names the block on whose state the account was asked.

        Raises:
            InvalidInputError: ``signature.malformed``: too long, or wrapped in another form.
            RuleViolation: ``signature.chain``: the chain is not known here; ``signature.no_code``: the
                account is not deployed, and nothing that would deploy it was handed in;
                ``signature.contract``: it did not sign.
            UnavailableError: No node answered.
        """
        ...


Confirmed = Callable[[Unconfirmed], ContractSignature]
"""Tells what is kept of a signature: raises ``UnconfirmedError`` where that is not known yet, and what the
chain refused where it did not confirm it."""


def kept_signature(
    key: bytes, signature: bytes, digest: Callable[[], bytes], confirmed: Confirmed
) -> bytes:
    """Return a signature in the form in which it is committed to.

    Args:
        key: Key of any kind.
        signature: As it was handed in.
        digest: Makes what was to be signed, 32 bytes; asked for contract accounts only.
        confirmed: Tells what is kept of a signature of a contract account.

    Raises:
        UnconfirmedError: The account has to be asked first.
        GovernanceError: Its chain does not confirm it.
    """
    if not is_contract_account(key):
        return signature
    asked = Unconfirmed(ContractAccount.from_bytes(key), digest(), signature)
    return confirmed(asked).to_bytes()


def confirming(accounts: ContractAccounts, attempt: Callable[[tuple[Confirmation, ...]], T]) -> T:
    """Carry something out, and again as long as it needs one more confirmation.

    It ends: each attempt meets the signatures of one request, and is told of those that were met before.

    Args:
        accounts: Who is asked.
        attempt: What is carried out, given the confirmations so far.

    Raises:
        GovernanceError: What the attempt refuses, or the chain.
        UnavailableError: No node answered.
    """
    confirmed: tuple[Confirmation, ...] = ()
    while True:
        try:
            return attempt(confirmed)
        except UnconfirmedError as needed:
            asked = needed.asked
        confirmed = (*confirmed, Confirmation(asked, _answer(accounts, asked)))


def _answer(accounts: ContractAccounts, asked: Unconfirmed) -> ContractSignature | GovernanceError:
    """Return also why an account is not believed: another key of the member may have signed."""
    try:
        return accounts.verify(asked.account, asked.digest, asked.signature)
    except GovernanceError as error:
        return error
