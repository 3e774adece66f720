"""Asks a chain whether a contract account signed, in the order that ERC-6492 demands.

Q1 everything is asked of one block, whose number and hash are told; whether the node still has it is asked
again at the end. Q2 a signature with the suffix of ERC-6492: an account without code is asked after the call
of the factory, in the same ``eth_call``. Q3 an account with code is asked as ERC-1271 says. Q4 if it refuses
a signature with the suffix, it is asked once more, after the call of the factory. Q5 an account without code,
and no factory to deploy it, refuses: the last step of ERC-6492, recovery of a key, is for wallets, whose keys
are of another kind and are checked without a chain.

Source: ERC-6492, "Signature Verification", https://eips.ethereum.org/EIPS/eip-6492
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from anchoring.adapters.json_rpc_values import hex_data, hex_quantity
from anchoring.core.contract_signatures import (
    CALL_GAS,
    FactoryCall,
    StateBlock,
    question,
    signed,
    unwrap,
)
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.types import HASH_BYTES, Address, BlockHash, BlockNumber

NO_CODE: Final = "contract.code"
"""Step that fails where the account has no code, and nothing that would deploy it was handed in."""

REFUSED: Final = "contract.signature"
"""Step that fails where the account does not say that it signed."""

OTHER_BLOCK: Final = "contract.block"
"""Step that fails where the node knows another block at the height, or none."""


class NodeQuestions(Protocol):
    """One node that answers JSON-RPC.

    Trust: answers are claims. Retries: asking again is safe.
    """

    def ask(self, method: str, *params: object) -> object:
        """Return the result of a method as the node gave it; None where it says null.

        Args:
            method: JSON-RPC name.
            params: Positional parameters, as JSON has them.

        Raises:
            UnavailableError: No answer came.
            UnsupportedError: The node answered with an error.
        """
        ...


class AccountChain:
    """The contract accounts of one chain, as one node knows them.

    Args:
        node: The node; that it serves the chain is for whoever opens it to check.
    """

    def __init__(self, node: NodeQuestions) -> None:
        self._node: Final = node

    def chain_id(self) -> int:
        """Return the EIP-155 id of the chain that the node serves.

        Raises:
            UnavailableError: The node did not answer, or not what it was asked.
        """
        answer = self._ask("eth_chainId")
        with _understood():
            return hex_quantity("chain id", answer)

    def confirm(
        self,
        account: Address,
        *,
        digest: bytes,
        signature: bytes,
        block: StateBlock | None = None,
    ) -> StateBlock:
        """Check that an account signed a digest (Q1 to Q5).

        Args:
            account: The account, 20 bytes.
            digest: What was to be signed, 32 bytes.
            signature: As it was handed in, with or without the suffix of ERC-6492; empty for what the account
                approved on the chain.
            block: The block whose state is asked, None for the newest one.

        Returns:
            The block whose state was asked.

        Raises:
            MalformedError: The signature is too long, or ends in the suffix and is no such encoding.
            VerificationError: ``contract.code``, ``contract.signature`` or ``contract.block``.
            UnavailableError: The node did not answer, does not keep the state of that block, or the block was
                replaced meanwhile.
        """
        parts = unwrap(signature)
        pinned = self._newest() if block is None else self._known(block)
        deployed = self._has_code(account, pinned)
        attempts: list[FactoryCall | None] = [None] if deployed else []
        if parts.preparation is not None:
            attempts.append(parts.preparation)
        if not attempts:
            raise VerificationError(NO_CODE, expected="an account with code", found="no code")
        confirmed = any(
            self._signed(question(account, digest, parts.signature, each), pinned)
            for each in attempts
        )
        if self._block_at(hex(pinned.number)) != pinned:
            raise UnavailableError("node", f"block {pinned.number} was replaced meanwhile")
        if not confirmed:
            raise VerificationError(
                REFUSED, expected="the magic value of ERC-1271", found="another answer, or none"
            )
        return pinned

    def _newest(self) -> StateBlock:
        found = self._block_at("latest")
        if found is None:
            raise UnavailableError("node", "it has no block")
        return found

    def _known(self, block: StateBlock) -> StateBlock:
        found = self._block_at(hex(block.number))
        if found != block:
            raise VerificationError(
                OTHER_BLOCK,
                expected=f"block {block.number} {block.hash.hex()}",
                found="no block" if found is None else f"block {found.number} {found.hash.hex()}",
            )
        return block

    def _block_at(self, tag: str) -> StateBlock | None:
        transactions_in_full = False
        block = self._ask("eth_getBlockByNumber", tag, transactions_in_full)
        if block is None:
            return None
        if not isinstance(block, dict):
            raise UnavailableError("node", "what it gives for a block is none")
        with _understood():
            number = hex_quantity("block number", block.get("number"))
            block_hash = hex_data("block hash", block.get("hash"))
        if len(block_hash) != HASH_BYTES:
            raise UnavailableError("node", f"a block hash of {len(block_hash)} bytes")
        return StateBlock(BlockNumber(number), BlockHash(block_hash))

    def _has_code(self, account: Address, block: StateBlock) -> bool:
        code = self._ask("eth_getCode", f"0x{account.hex()}", hex(block.number))
        with _understood():
            return bool(hex_data("code", code))

    def _signed(self, data: bytes, block: StateBlock) -> bool:
        call = {"data": f"0x{data.hex()}", "gas": hex(CALL_GAS)}
        answer = self._ask("eth_call", call, hex(block.number))
        with _understood():
            return signed(hex_data("answer", answer))

    def _ask(self, method: str, *params: object) -> object:
        """Ask; an error is the node's own, since no question lets an account fail the call."""
        try:
            return self._node.ask(method, *params)
        except UnsupportedError as error:
            raise UnavailableError("node", str(error)) from error


@contextmanager
def _understood() -> Iterator[None]:
    """A node that answers something else has not answered."""
    try:
        yield
    except MalformedError as error:
        raise UnavailableError("node", str(error)) from error
