"""The composition root: the only place that knows which adapter stands behind which port."""

import hashlib
import json
import platform
import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Final, Self

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from anchoring.adapters.bundle_directory import BundleDirectory
from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import write_log
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.witness_http import HttpWitness
from anchoring.anchorer import Anchorer
from anchoring.core.cosignature import Cosigner
from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.note import NoteSigner, NoteVerifier
from anchoring.core.trust import EarlierKey, Network, Trust
from anchoring.core.types import Address, ChainId, TreeSize
from anchoring.ports import Clock
from backend.api.deps import ApiContext
from backend.domain.acts import LogKeyText, SigningDomain, Slug
from backend.services.checkpoints import CheckpointedHeads, signing_periods
from backend.services.cosigning import Cosigners
from backend.services.exports import Exported, export_bundle, export_log
from backend.services.ports import Ports, Randomness
from backend.services.witnessing import OwnWitness
from backend.settings import Settings
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.checkpoints import SqlCheckpoints
from backend.storage.database import Database
from backend.storage.keys import KeyFiles
from backend.storage.passphrases import person_at_terminal
from backend.storage.policy_files import read_policy
from backend.storage.reads import SqlReads
from backend.storage.schema import migrate
from backend.storage.unit_of_work import SqlLedgers
from backend.storage.witnesses import SqlCosignedSizes, SqlWitnessStore

NETWORK_NAME: Final = "embedded chain"
"""Name of the embedded chain in trust files."""

WITNESS_POLICY: Final = "witness.policy"
"""File among the data that lists the logs this server cosigns for."""

COSIGNERS_POLICY: Final = "cosigners.policy"
"""File among the data that says whose cosignatures our own checkpoints need."""


class SystemClock:
    """The clock of the machine; implements ``Clock``."""

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the current time in UTC; stands still while the machine's clock is set back."""
        with self._lock:
            self._latest = max(self._latest, datetime.now(UTC))  # noqa: TID251 - the one clock
            return self._latest


class SecretRandomness:
    """Salts and pseudonyms from the operating system; implements ``Randomness``."""

    def salt(self) -> bytes:
        """Return 32 fresh bytes."""
        return secrets.token_bytes(32)

    def voter(self) -> str:
        """Return a fresh voter pseudonym."""
        return f"v{secrets.token_hex(16)}"


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
        UnavailableError: The database or the folder of keys cannot be opened.
    """

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        # A passphrase beside the keys it opens is for data whose loss costs nothing.
        self.keys: Final = key_files(settings, may_draw=not settings.networks)
        """Secrets."""
        self.database: Final = Database(settings.database_url)
        """The database, migrated to this version."""
        migrate(self.database)
        self.documents: Final = DirectoryDocuments(settings.data / "documents")
        """Documents by CID."""
        self.ledgers: Final = SqlLedgers(self.database, self.documents)
        """The ledgers."""
        self.reads: Final = SqlReads(self.database, self.ledgers.folds)
        """Committed facts."""

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

    def publisher(self, slug: Slug) -> LocalAccount:
        """Return the account that anchors an organisation's ledger; made when first needed.

        Raises:
            NotFoundError: No such organisation.
        """
        self.reads.organisation(slug)
        account: LocalAccount = Account.from_key(self.keys.publisher_key(slug))
        return account

    def trust(self, slug: Slug) -> Trust:
        """Return the trust file of an organisation.

        Raises:
            NotFoundError: No such organisation.
        """
        organisation = self.reads.organisation(slug)
        network = Network(
            name=NETWORK_NAME,
            chain_id=ChainId(organisation.chain_id),
            contract=Address(bytes.fromhex(organisation.contract[2:])),
            publisher=self.keys.publisher_address(slug),
            registry_code_hash=_registry_code_hash(),
        )
        rotations = self.reads.state(slug).rotations
        keys = [
            self.keys.log_verifier(slug, origin=organisation.origin),
            *(NoteVerifier.from_text(rotation.log_key) for rotation in rotations),
        ]
        earlier = tuple(
            EarlierKey(key, TreeSize(rotation.entry))
            for key, rotation in zip(keys[:-1], rotations, strict=True)
        )
        return Trust(organisation.origin, keys[-1], (network,), earlier_keys=earlier)

    def export(self, slug: Slug, directory: Path) -> Exported:
        """Write or update the bundle of an organisation; see ``services.exports``."""
        return export_bundle(self.reads, slug, self.trust(slug), BundleDirectory(directory))

    def export_log(self, slug: Slug, directory: Path) -> TreeSize:
        """Write or update the log of an organisation; see ``services.exports``."""
        return export_log(self.reads, slug, partial(write_log, directory))


class Container:
    """A whole server: archive, embedded chain, and what the API and the worker share.

    Args:
        settings: Where it keeps its data.
        clock: Current time, for acts and blocks alike.
        randomness: Salts and pseudonyms.

    Raises:
        UnavailableError: A file cannot be opened, or another server runs on the same data.
        VerificationError: The chain file was made under another chain id or faucet key.
        MalformedError: ``witness.policy`` or ``cosigners.policy`` is no policy.
    """

    def __init__(
        self, settings: Settings, clock: Clock, randomness: Randomness | None = None
    ) -> None:
        with ExitStack() as opened:
            self.settings: Final = settings
            """Where it keeps its data."""
            self.archive: Final = opened.enter_context(Archive(settings))
            """What it keeps."""
            self.chain: Final = EmbeddedChain(
                settings.data / "chain.sqlite",
                clock=clock,
                faucet=Account.from_key(self.archive.keys.faucet_key()),
                chain_id=ChainId(settings.chain_id),
            )
            """The embedded chain."""
            opened.callback(self.chain.close)
            self.registry: Final = self.chain.deploy_registry()
            """Where the registry contract is."""
            self.ports: Final = Ports(
                self.archive.ledgers,
                clock,
                randomness or SecretRandomness(),
                self.archive.keys.identity_key(),
            )
            """What use cases may touch."""
            self.checkpoints: Final = SqlCheckpoints(self.archive.database)
            """Signed checkpoints."""
            self.witness: Final = _own_witness(self.archive, settings, clock)
            """This server as a witness."""
            self.cosigners: Final = _cosigners(self.archive, settings, clock, opened)
            """Who must cosign our checkpoints, None where nobody need."""
            self.appended: Final = threading.Event()
            """Set after every write; the worker waits for it."""
            self.troubles: Final[dict[Slug, str]] = {}
            """What is wrong with the anchoring of a ledger, in words; kept by the worker."""
            self._opened: Final = opened.pop_all()

    def __enter__(self) -> Self:
        """Return the container itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Release everything, so that the same process may open the data again; harmless to repeat."""
        self._opened.close()

    def signing_domain(self) -> SigningDomain:
        """Return where signatures of organisations founded here are valid."""
        return SigningDomain(self.registry.chain_id, f"0x{self.registry.contract.hex()}")

    def anchorer(self, slug: Slug) -> Anchorer:
        """Return the anchorer of a ledger, its publisher funded.

        Raises:
            NotFoundError: No such organisation.
            UnavailableError: The chain did not answer.
        """
        publisher = self.archive.publisher(slug)
        self.chain.fund(_address(publisher))
        anchorer = Anchorer(
            ledger=CheckpointedHeads(self.archive.ledgers, self.archive.reads, slug),
            journal=SqlAnchorJournal(self.archive.database, slug, self.chain.chain_id),
            chain=Web3Chain(
                self.chain.provider(), signer=LocalSigner(publisher), location=self.registry
            ),
            clock=self.ports.clock,
            owner=server_name(self.settings),
        )
        # So that a server that opens the same data elsewhere need not wait.
        self._opened.callback(anchorer.release)
        return anchorer

    def health(self) -> Mapping[Slug, str]:
        """Return for each ledger what is wrong with its anchoring, empty text when nothing is."""
        return {slug: self.troubles.get(slug, "") for slug in self.archive.ledgers.slugs()}

    def api_context(self) -> ApiContext:
        """Return what the API may touch."""
        return ApiContext(
            ports=self.ports,
            reads=self.archive.reads,
            documents=self.archive.documents,
            host=self.settings.origin_host,
            signing=self.signing_domain(),
            operator_token=self.archive.keys.operator_token(),
            trust=self.archive.trust,
            holds_log_key=self.archive.holds_log_key,
            chain=self.chain.answer,
            appended=self.appended.set,
            health=self.health,
            witness=self.witness,
        )


def server_name(settings: Settings) -> str:
    """Return the name under which a server claims its anchors: that of its machine and data folder.

    It is the same after a restart, so that no lease of its own keeps a server waiting.
    """
    place = f"{platform.node()}:{settings.data.resolve()}"
    return f"server {hashlib.sha256(place.encode()).hexdigest()[:32]}"


def _own_witness(archive: Archive, settings: Settings, clock: Clock) -> OwnWitness:
    policy = read_policy(settings.data / WITNESS_POLICY)
    logs = () if policy is None else tuple(log.verifier for log in policy.logs)

    def cosigner() -> Cosigner:
        return Cosigner.from_seed(f"{settings.origin_host}/witness", archive.keys.witness_key())

    if logs:
        # A key that does not open is told at the start, not to the first partner who asks.
        cosigner()
    return OwnWitness(cosigner, logs, SqlWitnessStore(archive.database), clock)


def _cosigners(
    archive: Archive, settings: Settings, clock: Clock, opened: ExitStack
) -> Cosigners | None:
    policy = read_policy(settings.data / COSIGNERS_POLICY)
    if policy is None:
        return None
    witnesses = {
        each.name: opened.enter_context(HttpWitness(each.name, each.url))
        for each in policy.witnesses
        if each.url is not None
    }
    return Cosigners(policy, witnesses, SqlCosignedSizes(archive.database), clock)


def _address(account: LocalAccount) -> Address:
    return Address(bytes.fromhex(account.address[2:]))


def _registry_code_hash() -> bytes:
    artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
    return bytes(keccak(bytes.fromhex(artefact["runtimeBytecode"].removeprefix("0x"))))
