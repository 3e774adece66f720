"""The chains besides the embedded one, as the settings name them: registries, publishers, nodes.

Nothing here asks a node before it has to, so that a server starts, and exports, while nodes are down.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from eth_account import Account
from eth_hash.auto import keccak
from web3.providers.base import BaseProvider

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.contract_accounts import NO_CODE, AccountChain
from anchoring.adapters.deployments_file import DeploymentsFile
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.signer_remote import RemoteSigner
from anchoring.adapters.web3_node import NodeBlocks, check_network, node_provider
from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.anchor_states import Seconds, Wei
from anchoring.core.deployments import find_deployment
from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.networks import (
    EMBEDDED_NETWORK,
    NetworkPreset,
    WrongNetworkError,
    name_of_chain,
)
from anchoring.core.trust import MAX_NETWORKS, Network
from anchoring.core.types import Address, Anchor, BlockNumber, ChainId, RegistryLocation
from anchoring.ports import BlockSource, TransactionSigner
from backend.domain.acts import Slug
from backend.domain.contract_accounts import (
    CONTRACT_ACCOUNT_RULE,
    ContractAccount,
    ContractSignature,
)
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.settings import NetworkSettings, Settings
from backend.storage.keys import KeyFiles

WEI_PER_GWEI: Final = 10**9
"""Wei in one gwei."""


class Networks:
    """The networks of the settings.

    Args:
        settings: The settings.
        keys: The sealed keys of publishers.
    """

    def __init__(self, settings: Settings, keys: KeyFiles) -> None:
        self._settings: Final = settings
        self._keys: Final = keys

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the networks, in alphabetical order; the embedded one is not among them."""
        return tuple(sorted(self._settings.networks))

    def named(self, name: str) -> NetworkPreset:
        """Return what recognises a network.

        Raises:
            RejectedError: No such network is set.
        """
        return self._of(name).preset(name)

    def set_on(self, chain_id: ChainId) -> str | None:
        """Return the name under which a chain is set, None where it is not; the embedded one is not."""
        return next((name for name in self.names if self.named(name).chain_id == chain_id), None)

    def name_of(self, chain_id: ChainId) -> str:
        """Return the name of a chain: the one that is set, a preset's, or ``chain <id>``."""
        if chain_id == self._settings.chain_id:
            return EMBEDDED_NETWORK
        return self.set_on(chain_id) or name_of_chain(chain_id)

    def registry(self, name: str) -> RegistryLocation:
        """Return where the registry of a network is.

        Raises:
            MalformedError: The file of deployments is of another form.
            RejectedError: No such network is set.
            UnavailableError: Neither the settings nor the file of deployments name one.
        """
        settings, network = self._of(name), self.named(name)
        recorded = find_deployment(
            deployments_file(self._settings).read(), network, code_hash=registry_code_hash()
        )
        contract = settings.contract_address
        if recorded is not None and contract in {None, recorded.contract}:
            return recorded.location
        if contract is None:
            raise UnavailableError(
                f"network {name}",
                f"no registry is known there; run psephos deploy --network {name}",
            )
        return RegistryLocation(
            network.chain_id, network.genesis_hash, contract, BlockNumber(settings.start_block)
        )

    def publisher(self, name: str, slug: Slug) -> Address:
        """Return the account that anchors a ledger on a network unless the ledger names another.

        It has 20 bytes; no key is opened.

        Raises:
            RejectedError: No such network is set.
            UnavailableError: The settings name no publisher of that ledger, or its key cannot be read.
        """
        settings = self._of(name)
        if settings.remote is None:
            return self._keys.publisher_address(slug)
        address = settings.publisher_address(slug)
        if address is None:
            raise UnavailableError(f"network {name}", f"no publisher is set for {slug}")
        return address

    def next_publisher(self, name: str, slug: Slug) -> Address:
        """Return an account that may take over as publisher of a ledger: a new key, or the one that is set.

        Raises:
            RejectedError: No such network is set, or the ledger has no account to take over from.
            UnavailableError: The key cannot be made, or the remote signer's next account is not set.
        """
        settings = self._of(name)
        if settings.remote is None:
            return self._keys.next_publisher(slug)
        text = settings.next_publishers.get(slug)
        if text is None:
            raise UnavailableError(
                f"network {name}", f"no account to take over for {slug} is set in next_publishers"
            )
        return Address(bytes.fromhex(text[2:]))

    def can_sign(self, name: str, slug: Slug, publisher: Address) -> bool:
        """Tell whether an account of a ledger has its key here, or is set for the remote signer.

        Raises:
            RejectedError: No such network is set.
        """
        settings = self._of(name)
        if settings.remote is None:
            return self._keys.holds_publisher(slug, publisher)
        return settings.names_publisher(slug, publisher)

    def signer(self, name: str, slug: Slug, publisher: Address) -> TransactionSigner:
        """Return the holder of the key of an account of a ledger, and open the key.

        Raises:
            RejectedError: No such network is set, or the key is not there.
            UnavailableError: The key cannot be read.
        """
        settings = self._of(name)
        if settings.remote is None:
            return LocalSigner(Account.from_key(self._keys.publisher_key_of(slug, publisher)))
        return RemoteSigner(settings.remote, publisher)

    def policy(self, name: str) -> AnchorPolicy:
        """Return when to anchor on a network, and what to pay at most.

        Raises:
            RejectedError: No such network is set.
        """
        settings = self._of(name)
        return AnchorPolicy(
            entries=settings.entries,
            interval=None if settings.interval_s is None else Seconds(settings.interval_s),
            max_fee_cap=Wei(settings.max_fee_gwei * WEI_PER_GWEI),
        )

    def provider(self, name: str) -> BaseProvider:
        """Return the way to the node of a network, which proved that it serves that network.

        Raises:
            RejectedError: No such network is set.
            UnavailableError: The node did not answer.
            WrongNetworkError: It serves another chain.
        """
        provider = node_provider(self._of(name).rpc)
        check_network(provider, self.named(name))
        return provider

    def others(self, name: str) -> tuple[BlockSource, ...]:
        """Return the second opinions on a network's blocks, in the order of the settings; asks no node.

        Raises:
            RejectedError: No such network is set.
        """
        network = self.named(name)
        return tuple(NodeBlocks(node_provider(url), network) for url in self._of(name).others)

    def chain(self, name: str, signer: TransactionSigner) -> Web3Chain:
        """Return an account's view of its registry on a network.

        Raises:
            RejectedError: No such network is set.
            UnavailableError: As ``provider`` and ``registry``.
            VerificationError: The node serves another chain, or has other code at the registry.
        """
        return Web3Chain(self.provider(name), signer=signer, location=self.registry(name))

    def trusted(
        self, slug: Slug, embedded: Network, anchored: Iterable[Anchor]
    ) -> tuple[Network, ...]:
        """Return every network on which anchors of a ledger are believed.

        Those are the embedded chain, every network that is set and has a registry, and every other chain
        that holds an anchor of the ledger: evidence outlives the network it is from.

        Args:
            slug: The ledger.
            embedded: The embedded chain, or whatever chain the organisation was founded on.
            anchored: One recorded anchor of each chain.
        """
        found = {embedded.chain_id: embedded}
        for name in self.names:
            try:
                registry, publisher = self.registry(name), self.publisher(name, slug)
            except UnavailableError:
                continue
            found.setdefault(
                registry.chain_id, _network(name, registry.chain_id, registry.contract, publisher)
            )
        for anchor in anchored:
            name = self.name_of(anchor.chain_id)
            found.setdefault(
                anchor.chain_id, _network(name, anchor.chain_id, anchor.contract, anchor.publisher)
            )
        return tuple(found.values())[:MAX_NETWORKS]

    def _of(self, name: str) -> NetworkSettings:
        try:
            return self._settings.networks[name]
        except KeyError as error:
            known = ", ".join((EMBEDDED_NETWORK, *self.names))
            raise RejectedError("settings", f"no network {name}; there are: {known}") from error


class ContractChains:
    """Implements ``ContractAccounts``: the chains whose contract accounts can be asked.

    Args:
        providers: Opens the way to a node of each chain, by EIP-155 id; the node proved whose it is.
    """

    def __init__(self, providers: Mapping[int, Callable[[], BaseProvider]]) -> None:
        self._providers: Final = providers

    def verify(
        self, account: ContractAccount, digest: bytes, signature: bytes
    ) -> ContractSignature:
        """Have an account's chain confirm that it signed a digest, on its newest block.

        Raises:
            InvalidInputError: ``signature.malformed``: too long, or wrapped in another form.
            RuleViolation: ``signature.chain``, ``signature.no_code`` or ``signature.contract``.
            UnavailableError: No node answered, or it serves another chain.
        """
        provider = self._providers.get(account.chain_id)
        if provider is None:
            raise RuleViolation(
                "signature.chain",
                CONTRACT_ACCOUNT_RULE,
                expected=", ".join(map(str, sorted(self._providers))),
                found=f"{account.chain_id}",
            )
        try:
            chain = AccountChain(ChainNode(provider()))
        except WrongNetworkError as error:
            raise UnavailableError(f"chain {account.chain_id}", str(error)) from error
        try:
            block = chain.confirm(account.address, digest=digest, signature=signature)
        except MalformedError as error:
            raise InvalidInputError(
                "signature.malformed",
                expected="a signature of ERC-1271 or ERC-6492",
                found=error.reason,
            ) from error
        except VerificationError as error:
            code = "signature.no_code" if error.step == NO_CODE else "signature.contract"
            raise RuleViolation(
                code, CONTRACT_ACCOUNT_RULE, expected=error.expected, found=error.found
            ) from error
        return ContractSignature(account.chain_id, block, signature)


def deployments_file(settings: Settings) -> DeploymentsFile:
    """Return the file of deployed registries."""
    return DeploymentsFile(
        settings.deployments or Path(str(files("contracts") / "deployments.json"))
    )


def registry_code_hash() -> bytes:
    """Return the Keccak-256 of the registry's runtime code, 32 bytes."""
    artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
    return bytes(keccak(bytes.fromhex(artefact["runtimeBytecode"].removeprefix("0x"))))


def _network(name: str, chain_id: ChainId, contract: Address, publisher: Address) -> Network:
    return Network(name, chain_id, contract, publisher, registry_code_hash())
