"""py-evm under the embedded chain: genesis, restart and mining over a persistent store."""

from typing import Any, Final

from eth.abc import BlockHeaderAPI
from eth.chains.base import MiningChain
from eth.constants import (
    BLANK_ROOT_HASH,
    POST_MERGE_DIFFICULTY,
    POST_MERGE_MIX_HASH,
    POST_MERGE_NONCE,
    ZERO_ADDRESS,
)
from eth.db.atomic import AtomicDB
from eth.vm.forks.prague import PragueVM
from eth_hash.auto import keccak
from eth_tester import PyEVMBackend
from eth_typing import Address as EvmAddress

from anchoring.adapters.chain_embedded_store import SqliteStore
from anchoring.core.errors import VerificationError
from anchoring.core.types import Address, ChainId

GENESIS_TIMESTAMP: Final = 1_700_000_000
"""Seconds since the epoch in the genesis, fixed so that equal settings give an equal genesis."""

GAS_LIMIT: Final = 30_000_000
"""Gas limit of every block."""

FAUCET_WEI: Final = 10**27
"""Balance of the faucet in the genesis: it never runs dry."""

_IDENTITY_KEY: Final = b"psephos:identity"


class PersistentBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester carries no types
    """eth-tester's py-evm backend over a store that outlives the process.

    Args:
        store: Where the chain is, or will be.
        chain_id: EIP-155 id that transactions sign.
        faucet: Account that owns all wei of the genesis, 20 bytes.

    Raises:
        VerificationError: The store holds the chain of another faucet or chain id.
    """

    def __init__(self, store: SqliteStore, chain_id: ChainId, faucet: Address) -> None:
        self._store = store
        self._chain_class = _chain_class(chain_id)
        self._faucet = faucet
        self._identity = f"chain {chain_id}, faucet {faucet.hex()}".encode("ascii")
        super().__init__()

    def reset_to_genesis(self, *_arguments: object) -> None:
        """Continue the chain of the store, or begin it; a stored block is never discarded."""
        self.account_keys: tuple[object, ...] = ()
        if _IDENTITY_KEY not in self._store:
            with self._store.block():
                self._begin()
                self._store[_IDENTITY_KEY] = self._identity
        found = self._store[_IDENTITY_KEY]
        if found != self._identity:
            raise VerificationError(
                "chain.identity",
                expected=self._identity.decode("ascii"),
                found=found.decode("ascii", "replace"),
            )
        self.resume()

    def resume(self) -> None:
        """Read the head of the store again: forgets a block that was not committed."""
        self.chain: MiningChain = self._chain_class(AtomicDB(self._store))

    def mine_blocks(self, num_blocks: int, coinbase: bytes = ZERO_ADDRESS) -> tuple[bytes, ...]:
        """Mine blocks; ``prevrandao`` follows from the parent, so that a chain can be remade."""
        return tuple(
            self.chain.mine_block(
                coinbase=coinbase,
                mix_hash=keccak(self.chain.header.parent_hash),
                blob_gas_used=0,
            ).hash
            for _ in range(num_blocks)
        )

    def _begin(self) -> None:
        self._chain_class.from_genesis(
            AtomicDB(self._store),
            {
                "coinbase": ZERO_ADDRESS,
                "difficulty": POST_MERGE_DIFFICULTY,
                "extra_data": b"",
                "gas_limit": GAS_LIMIT,
                "mix_hash": POST_MERGE_MIX_HASH,
                "nonce": POST_MERGE_NONCE,
                "receipt_root": BLANK_ROOT_HASH,
                "timestamp": GENESIS_TIMESTAMP,
                "transaction_root": BLANK_ROOT_HASH,
            },
            {
                EvmAddress(self._faucet): {
                    "balance": FAUCET_WEI,
                    "nonce": 0,
                    "code": b"",
                    "storage": {},
                }
            },
        )


def _chain_class(chain: ChainId) -> type[MiningChain]:
    class EmbeddedMiningChain(MiningChain):
        chain_id = chain
        vm_configuration = ((0, PragueVM),)  # type: ignore[assignment]  # a BlockNumber is an int

        def create_header_from_parent(
            self,
            parent_header: BlockHeaderAPI,
            **header_params: Any,  # noqa: ANN401  # py-evm's signature
        ) -> BlockHeaderAPI:
            return super().create_header_from_parent(
                parent_header, **{**header_params, "gas_limit": parent_header.gas_limit}
            )

    return EmbeddedMiningChain
