"""Organisations that sign with a contract account."""

from collections.abc import Callable
from dataclasses import dataclass

from anchoring.core.contract_signatures import FactoryCall, StateBlock, wrap
from anchoring.core.types import Address, BlockHash, BlockNumber, ChainId
from backend.domain.contract_accounts import ContractAccount, ContractSignature
from backend.domain.signing import TypedData, typed_data_digest
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.contract_accounts import OWNER, sign_digest
from tests.support.model_organisation import Actor

NOBODYS = ContractAccount(ChainId(1), Address(bytes(20)))
"""An account that no one has."""


BLOCK = StateBlock(BlockNumber(5), BlockHash(b"\x05" * 32))
"""A block that no chain has."""


@dataclass(frozen=True, slots=True)
class ContractActor(Actor):
    """An actor whose key is a contract account; it answers a digest as it is told."""

    account: ContractAccount = NOBODYS
    answer_of: Callable[[bytes], bytes] = lambda _: b""

    @property
    def key(self) -> bytes:
        """The CAIP-10 account."""
        return self.account.to_bytes()

    def sign(self, typed_data: TypedData) -> bytes:
        """Sign typed data, as the ledger commits to it, confirmed at ``BLOCK``."""
        answer = self.answer_of(typed_data_digest(typed_data))
        return ContractSignature(self.account.chain_id, BLOCK, answer).to_bytes()


def partner_at(
    address: Address,
    *,
    role: str = "partner",
    member_class: str = "collective",
    chain_id: int = EMBEDDED_CHAIN_ID,
    preparation: FactoryCall | None = None,
) -> ContractActor:
    """Return an organisation that signs with an account of the owner.

    Args:
        address: The account.
        role: Who it is.
        member_class: Class it applies for.
        chain_id: Chain of the account.
        preparation: The call that deploys the account, sent with every signature.
    """

    def answer(digest: bytes) -> bytes:
        signature = sign_digest(OWNER, digest)
        return signature if preparation is None else wrap(signature, preparation)

    account = ContractAccount(ChainId(chain_id), address)
    return ContractActor(role, member_class, account=account, answer_of=answer)
