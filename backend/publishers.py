"""The accounts that anchor the ledgers of a server: what entries name, what keys and settings allow."""

from typing import Final

from eth_account import Account

from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.signer_retired import RetiredSigner
from anchoring.core.errors import RejectedError
from anchoring.core.networks import EMBEDDED_NETWORK
from anchoring.core.trust import EarlierPublisher, Network
from anchoring.core.types import Address, ChainId, TreeSize
from anchoring.ports import TransactionSigner
from backend.domain.acts import PublisherRotated, Slug
from backend.domain.publishers import Term, address_text, terms_on
from backend.networks import Networks
from backend.services.views import Reads
from backend.settings import Settings
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.database import Database
from backend.storage.keys import KeyFiles


class Publishers:
    """The accounts that anchor; implements ``PublisherKeys``.

    Args:
        settings: The embedded chain.
        keys: The sealed keys of accounts.
        networks: The other chains.
        reads: Committed facts.
        database: Where the journals are.
    """

    def __init__(
        self,
        settings: Settings,
        keys: KeyFiles,
        networks: Networks,
        reads: Reads,
        database: Database,
    ) -> None:
        self._embedded: Final = ChainId(settings.chain_id)
        self._keys: Final = keys
        self._networks: Final = networks
        self._reads: Final = reads
        self._database: Final = database

    def places(self) -> str:
        """Return in words the chains on which this server anchors."""
        chains = {EMBEDDED_NETWORK: self._embedded} | {
            name: self._networks.named(name).chain_id for name in self._networks.names
        }
        return ", ".join(f"{name} ({chain_id})" for name, chain_id in chains.items())

    def before_any_act(self, slug: Slug, chain_id: ChainId) -> Address | None:
        """Return who anchors a ledger while it names nobody; see ``PublisherKeys.before_any_act``.

        Raises:
            NotFoundError: No such organisation.
            AnchoringError: As ``configured``.
        """
        configured = self.configured(slug, chain_id)
        sizes = [
            view.size
            for view in self._reads.anchors(slug)
            if view.chain_id == chain_id and view.block_number is not None
        ]
        if configured is None or not sizes:
            return configured
        anchor, _ = self._reads.anchor_evidence(slug, chain_id, TreeSize(max(sizes)))
        return anchor.publisher

    def configured(self, slug: Slug, chain_id: ChainId) -> Address | None:
        """Return the account that keys and settings name for a ledger on a chain, 20 bytes.

        Returns:
            None where this server does not anchor on that chain.

        Raises:
            MalformedError: The file of its key holds no sealed key.
            UnavailableError: The settings name no publisher of that ledger, or its key cannot be read.
        """
        if chain_id == self._embedded:
            return self._keys.publisher_address(slug)
        name = self._networks.set_on(chain_id)
        return None if name is None else self._networks.publisher(name, slug)

    def can_sign(self, slug: Slug, chain_id: ChainId, publisher: Address) -> bool:
        """Tell whether this server can sign for an account; see ``PublisherKeys.can_sign``."""
        if chain_id == self._embedded:
            return self._keys.holds_publisher(slug, publisher)
        name = self._networks.set_on(chain_id)
        return name is not None and self._networks.can_sign(name, slug, publisher)

    def terms(self, slug: Slug, chain_id: ChainId) -> tuple[Term, ...]:
        """Return who anchors which sizes of a ledger on a chain, oldest first, the one in use last.

        Raises:
            NotFoundError: No such organisation.
            RejectedError: This server does not anchor there, or is set to anchor through an account that the
                ledger does not name.
            UnavailableError: As ``configured``.
        """
        named = terms_on(self._reads.state(slug).publisher_rotations, chain_id)
        if not named:
            configured = self.configured(slug, chain_id)
            if configured is None:
                raise RejectedError(f"ledger {slug}", f"it is not anchored on chain {chain_id}")
            return (Term(configured, TreeSize(0), None),)
        current = named[-1].publisher
        if not self.can_sign(slug, chain_id, current):
            raise RejectedError(
                f"ledger {slug}",
                f"its entries name {address_text(current)} as publisher on chain {chain_id}, and its key"
                " is not there, nor is it set",
            )
        return named

    def next_rotation(self, slug: Slug, network: str) -> PublisherRotated:
        """Make an account that may take over on a network, and return the act that names it.

        Raises:
            NotFoundError: No such organisation.
            RejectedError: No such network is set, or there is no account to take over from.
            UnavailableError: The key cannot be made, or the settings name no account to take over.
        """
        embedded = network == EMBEDDED_NETWORK
        chain_id = self._embedded if embedded else self._networks.named(network).chain_id
        named = terms_on(self._reads.state(slug).publisher_rotations, chain_id)
        previous = named[-1].publisher if named else self.before_any_act(slug, chain_id)
        if previous is None:
            raise RejectedError(f"ledger {slug}", f"it is not anchored on chain {chain_id}")
        publisher = (
            self._keys.next_publisher(slug)
            if embedded
            else self._networks.next_publisher(network, slug)
        )
        return PublisherRotated(chain_id, address_text(previous), address_text(publisher))

    def signer(self, slug: Slug, chain_id: ChainId, publisher: Address) -> TransactionSigner:
        """Return the holder of an account's key; opens the key.

        Raises:
            RejectedError: The key is not there, or this server does not anchor on that chain.
            UnavailableError: The key cannot be read, or nobody tells the passphrase.
        """
        if chain_id != self._embedded:
            return self._networks.signer(self._networks.name_of(chain_id), slug, publisher)
        return LocalSigner(Account.from_key(self._keys.publisher_key_of(slug, publisher)))

    def signer_of(
        self, slug: Slug, chain_id: ChainId, publisher: Address, *, settles: bool
    ) -> TransactionSigner:
        """Return ``signer``, or what signs nothing for an account that only settles."""
        return RetiredSigner(publisher) if settles else self.signer(slug, chain_id, publisher)

    def journal(self, slug: Slug, chain_id: ChainId, publisher: Address) -> SqlAnchorJournal:
        """Return the journal of an account."""
        return SqlAnchorJournal(self._database, slug, chain_id, publisher)

    def is_settled(self, slug: Slug, chain_id: ChainId, publisher: Address) -> bool:
        """Tell whether nothing of an account is on its way or may still be reorganised."""
        return self.journal(slug, chain_id, publisher).is_settled()

    def trusted(self, slug: Slug, network: Network) -> Network:
        """Return a network of a trust file with the accounts that the ledger names for its chain."""
        named = terms_on(self._reads.state(slug).publisher_rotations, network.chain_id)
        if not named:
            return network
        earlier = tuple(
            EarlierPublisher(term.publisher, term.until) for term in named if term.until is not None
        )
        return Network(
            network.name,
            network.chain_id,
            network.contract,
            named[-1].publisher,
            network.registry_code_hash,
            earlier,
        )
