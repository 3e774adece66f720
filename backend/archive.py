"""What a server keeps, and the anchorers that need nothing else: enough to read, to export, to anchor."""

import hashlib
import platform
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Self

from web3.providers.base import BaseProvider

from anchoring.adapters.bundle_directory import BundleDirectory
from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import write_log
from anchoring.adapters.web3_node import transaction_cost
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_states import Wei
from anchoring.core.errors import MalformedError, RejectedError, UnsupportedError
from anchoring.core.note import NoteSigner, NoteVerifier
from anchoring.core.trust import EarlierKey, Network, Trust
from anchoring.core.types import Address, Anchor, ChainId, RegistryLocation, TreeSize
from anchoring.ports import Clock
from backend.domain.acts import LogKeyText, Slug
from backend.mail.folder import FolderMailer
from backend.networks import Networks, registry_code_hash
from backend.publishers import Publishers
from backend.services.checkpoints import CheckpointedHeads, signing_periods
from backend.services.exports import Exported, export_bundle, export_log
from backend.services.policy_reach import PolicyReach
from backend.services.succession import PublisherHeads
from backend.settings import Settings
from backend.storage.anchor_costs import SqlAnchorCosts
from backend.storage.backups import LETTERS_FOLDER
from backend.storage.database import Database
from backend.storage.identities import SqlIdentityIndex
from backend.storage.keys import KeyFiles
from backend.storage.ledgers import SqlLedgers
from backend.storage.master_keys import FileMasterKeys
from backend.storage.passphrases import person_at_terminal
from backend.storage.persons import SealedPersons
from backend.storage.policy_files import read_policy
from backend.storage.private_data import SqlPrivateData
from backend.storage.reads import SqlReads
from backend.storage.schema import migrate
from backend.storage.vault import Vault

NETWORK_NAME: Final = "embedded chain"
"""Name of the embedded chain in trust files."""

ERASURES_FILE: Final = "erasures"
"""Name of the list, in the data folder, by which restored backups are cleared of those who were erased."""

COSIGNERS_POLICY: Final = "cosigners.policy"
"""Name of the policy, in the data folder, of those who must cosign our checkpoints."""


def key_files(settings: Settings, *, may_draw: bool) -> KeyFiles:
    """Return the folder of secrets of a server.

    Args:
        settings: Where it is, and where its passphrase is.
        may_draw: Whether a passphrase may be drawn for a folder without keys.

    Raises:
        UnavailableError: The folder cannot be made.
    """
    return KeyFiles(
        settings.data / "keys",
        passphrase_file=settings.passphrase_file,
        may_draw=may_draw,
        ask=person_at_terminal(),
    )


class Archive:
    """What a server keeps, without its chain: enough to read and to export, while it runs or not.

    Args:
        settings: Where it is kept.

    Raises:
        UnavailableError: The database, the folder of keys or ``cosigners.policy`` cannot be opened.
        MalformedError: ``cosigners.policy`` is no policy.
        UnsupportedError: It names a key of an algorithm that is not known here.
    """

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self.cosigners_policy: Final = read_policy(settings.data / COSIGNERS_POLICY)
        """Who must cosign our checkpoints, None where nobody need."""
        # A passphrase beside the keys it opens is for data whose loss costs nothing.
        self.keys: Final = key_files(settings, may_draw=not settings.networks)
        """Secrets."""
        self.database: Final = Database(settings.database_url)
        """The database, migrated to this version."""
        migrate(self.database)
        self.documents: Final = DirectoryDocuments(settings.data / "documents")
        """Documents by CID."""
        self.masters: Final = FileMasterKeys(self.keys)
        """Master keys over the keys of persons."""
        self.vault: Final = Vault(self.masters)
        """Seals and opens personal data."""
        self.ledgers: Final = SqlLedgers(self.database, self.documents, self.vault)
        """The ledgers."""
        self.reads: Final = SqlReads(self.database, self.ledgers.folds, self.vault)
        """Committed facts."""
        self.letter_folder: Final = FolderMailer(
            settings.data / LETTERS_FOLDER, sender=settings.mail.sender
        )
        """Letters as files, where there is no mail server."""
        self.private: Final = SqlPrivateData(
            self.database,
            self.vault,
            settings.data / ERASURES_FILE,
            self.letter_folder.discard_others,
        )
        """What lies beside the ledgers on persons."""
        self.costs: Final = SqlAnchorCosts(self.database)
        """What anchors cost, and how each stands."""
        self.networks: Final = Networks(settings, self.keys)
        """The chains besides the embedded one."""
        self.publishers: Final = Publishers(
            settings, self.keys, self.networks, self.reads, self.database
        )
        """The accounts that anchor."""
        self._reach: Final = (
            None
            if self.cosigners_policy is None
            else PolicyReach(self.cosigners_policy, self.reads)
        )
        self._settings: Final = settings

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the database; the same data may be opened again."""
        self.database.close()

    def log_signers(self, slug: Slug, before: TreeSize, size: TreeSize) -> tuple[NoteSigner, ...]:
        """Return the keys that sign the checkpoint of ``size`` entries, its own first.

        Args:
            slug: The organisation; its first key is made when first needed.
            before: Size of the checkpoint published last.
            size: Size of the new one.

        Raises:
            NotFoundError: No such organisation.
            RejectedError: A key that the ledger names is not among the secrets.
        """
        rotations = self.reads.state(slug).rotations
        return tuple(
            self.keys.rotated_log_signer(
                slug, NoteVerifier.from_text(rotations[number - 1].log_key)
            )
            if number
            else self.keys.log_signer(slug, origin=self.reads.organisation(slug).origin)
            for number in signing_periods(rotations, before=before, size=size)
        )

    def holds_log_key(self, slug: Slug, log_key: LogKeyText) -> bool:
        """Tell whether a key that may take over from the ledger's is among the secrets."""
        try:
            verifier = NoteVerifier.from_text(log_key)
        except (MalformedError, UnsupportedError):
            return False
        return self.keys.holds_log_key(slug, verifier)

    def identities(self, slug: Slug) -> SqlIdentityIndex:
        """Return who is on the register of an organisation, by keyed hashes."""
        return SqlIdentityIndex(slug, self.database.reading, SealedPersons(self.vault))

    def heads(self, slug: Slug, chain_id: ChainId, publisher: Address) -> PublisherHeads:
        """Return the heads that an account may anchor on a chain."""
        return PublisherHeads(
            CheckpointedHeads(self.ledgers, self.reads, slug),
            self.reads,
            slug,
            terms=partial(self.publishers.terms, slug, chain_id),
            publisher=publisher,
        )

    def trust(self, slug: Slug) -> Trust:
        """Return the trust file of an organisation.

        It names the chain the organisation was founded on, every network that is set, and every other chain
        that holds an anchor of the ledger; and the policy of its cosigners, from the size on that meets it.

        Raises:
            NotFoundError: No such organisation.
        """
        organisation = self.reads.organisation(slug)
        chain_id = ChainId(organisation.chain_id)
        founded = Network(
            name=NETWORK_NAME
            if chain_id == self._settings.chain_id
            else self.networks.name_of(chain_id),
            chain_id=chain_id,
            contract=Address(bytes.fromhex(organisation.contract[2:])),
            publisher=self._publisher_on(chain_id, slug),
            registry_code_hash=registry_code_hash(),
        )
        known = self.networks.trusted(slug, founded, self._newest_anchors(slug).values())
        networks = tuple(self.publishers.trusted(slug, network) for network in known)
        rotations = self.reads.state(slug).rotations
        keys = [
            self.keys.log_verifier(slug, origin=organisation.origin),
            *(NoteVerifier.from_text(rotation.log_key) for rotation in rotations),
        ]
        earlier = tuple(
            EarlierKey(key, TreeSize(rotation.entry))
            for key, rotation in zip(keys[:-1], rotations, strict=True)
        )
        return Trust(
            organisation.origin,
            keys[-1],
            networks,
            self.cosigners_policy,
            earlier,
            TreeSize(0) if self._reach is None else self._reach.policy_from(slug),
        )

    def check_place(self, slug: Slug, location: RegistryLocation) -> None:
        """Check that a ledger keeps its registry on a chain, and its publisher unless an entry names another.

        Raises:
            RejectedError: Anchors of the ledger on that chain stand elsewhere; or as ``Publishers.terms``.
        """
        newest = self._newest_anchors(slug).get(location.chain_id)
        if newest is None:
            return
        publisher = next(
            term.publisher
            for term in self.publishers.terms(slug, location.chain_id)
            if term.until is None or newest.head.size <= term.until
        )
        found = f"0x{location.contract.hex()} by 0x{publisher.hex()}"
        known = f"0x{newest.contract.hex()} by 0x{newest.publisher.hex()}"
        if found != known:
            name = self.networks.name_of(location.chain_id)
            raise RejectedError(
                f"network {name}", f"{slug} is anchored there through {known}, not through {found}"
            )

    def export(self, slug: Slug, directory: Path) -> Exported:
        """Write or update the bundle of an organisation; see ``services.exports``."""
        return export_bundle(self.reads, slug, self.trust(slug), BundleDirectory(directory))

    def _publisher_on(self, chain_id: ChainId, slug: Slug) -> Address:
        name = self.networks.name_of(chain_id)
        if name in self.networks.names:
            return self.networks.publisher(name, slug)
        return self.keys.publisher_address(slug)

    def _newest_anchors(self, slug: Slug) -> dict[ChainId, Anchor]:
        """Return the newest recorded anchor of each chain."""
        sizes = {
            ChainId(view.chain_id): TreeSize(view.size)
            for view in self.reads.anchors(slug)
            if view.block_number is not None
        }
        return {
            chain_id: self.reads.anchor_evidence(slug, chain_id, size)[0]
            for chain_id, size in sizes.items()
        }

    def export_log(self, slug: Slug, directory: Path) -> TreeSize:
        """Write or update the log of an organisation; see ``services.exports``."""
        return export_log(self.reads, slug, partial(write_log, directory))


def network_anchorer(
    archive: Archive,
    slug: Slug,
    network: str,
    clock: Clock,
    *,
    owner: str,
    publisher: Address | None = None,
    settles: bool = False,
) -> Anchorer:
    """Return the anchorer of a ledger on a chain besides the embedded one.

    Args:
        archive: Where the ledger is.
        slug: The ledger.
        network: Name of a network of the settings.
        clock: Current time.
        owner: Name that no other anchorer of that ledger, chain and publisher has.
        publisher: The account, 20 bytes; None for the one in use.
        settles: Whether another account took over from it.

    Raises:
        NotFoundError: No such organisation.
        RejectedError: No such network, the ledger is anchored there through another registry or
            publisher, or the publisher's key is not there.
        UnavailableError: The node did not answer, or its registry is not known.
        VerificationError: The node serves another chain, or has other code at the registry.
    """
    archive.reads.organisation(slug)
    location = archive.networks.registry(network)
    chain_id = location.chain_id
    archive.check_place(slug, location)
    account = publisher or archive.publishers.terms(slug, chain_id)[-1].publisher
    signer = archive.publishers.signer_of(slug, chain_id, account, settles=settles)
    return Anchorer(
        ledger=archive.heads(slug, chain_id, account),
        journal=archive.publishers.journal(slug, chain_id, account),
        chain=archive.networks.chain(network, signer),
        clock=clock,
        policy=replace(archive.networks.policy(network), settles_only=settles),
        owner=owner,
        others=archive.networks.others(network),
    )


def server_name(settings: Settings) -> str:
    """Return the name under which a server claims its anchors: that of its machine and data folder.

    It is the same after a restart, so that no lease of its own keeps a server waiting.
    """
    place = f"{platform.node()}:{settings.data.resolve()}"
    return f"server {hashlib.sha256(place.encode()).hexdigest()[:32]}"


def settle_costs(
    archive: Archive, slug: Slug, network: str, chain_id: ChainId, provider: BaseProvider
) -> None:
    """Ask what the recorded anchors of a ledger cost, where that is not known, and store it.

    Args:
        archive: Where the ledger is.
        slug: The ledger.
        network: Name of the chain, for errors.
        chain_id: The chain.
        provider: A node of that chain.

    Raises:
        UnavailableError: The node did not answer.
    """
    for transaction_hash in archive.costs.missing(slug, chain_id):
        cost = transaction_cost(provider, network, transaction_hash)
        if cost is not None:
            archive.costs.save(
                slug,
                chain_id,
                transaction_hash,
                gas_used=cost.gas_used,
                gas_price=Wei(cost.gas_price_wei),
            )
