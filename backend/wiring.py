"""The composition root: the only place that knows which adapter stands behind which port."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from typing import Final, Self

from eth_account import Account

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.witness_http import HttpWitness
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.cosignature import Cosigner
from anchoring.core.networks import EMBEDDED_NETWORK
from anchoring.core.types import Address, ChainId, TreeSize
from anchoring.ports import Clock
from backend.api.afterwards import Afterwards
from backend.api.deps import ApiContext
from backend.api.throttle import Throttle
from backend.archive import Archive, network_anchorer, server_name, settle_costs
from backend.domain.acts import SigningDomain, Slug
from backend.identity_providers.oidc import OidcProvider
from backend.machine import SecretRandomness
from backend.mailroom import Mailroom
from backend.networks import ContractChains
from backend.services.anchoring import Costed, NetworkAnchorer, Silences, Steps, Told
from backend.services.consent_desk import ConsentDesk
from backend.services.cosigning import Cosigners
from backend.services.identity import KeyedHashes
from backend.services.login_ports import Login, LoginPlace
from backend.services.ports import Ports, Randomness
from backend.services.succession import Succession
from backend.services.witnessing import OwnWitness
from backend.settings import Settings
from backend.storage.checkpoints import SqlCheckpoints
from backend.storage.identities import SqlDuplicates
from backend.storage.identity_checks import SqlIdentityChecks
from backend.storage.login import (
    SqlChallenges,
    SqlHeldKeys,
    SqlLockouts,
    SqlLoginAddresses,
    SqlSignCounters,
)
from backend.storage.persons import SqlPersons
from backend.storage.policy_files import read_policy
from backend.storage.sessions import SqlSessions
from backend.storage.witnesses import SqlCosignedSizes, SqlWitnessStore

CLOSING: Final = "assembly.closed"
"""The act after which a ledger is anchored at once."""

WITNESS_POLICY: Final = "witness.policy"
"""File among the data that lists the logs this server cosigns for."""


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
                self._contract_accounts(),
                KeyedHashes(self.archive.keys.identity_key()),
            )
            """What use cases may touch."""
            self.checkpoints: Final = SqlCheckpoints(self.archive.database)
            """Signed checkpoints."""
            self.witness: Final = _own_witness(self.archive, settings, clock)
            """This server as a witness."""
            self.cosigners: Final = _cosigners(self.archive, clock, opened)
            """Who must cosign our checkpoints, None where nobody need."""
            self.networks: Final = (EMBEDDED_NETWORK, *self.archive.networks.names)
            """Names of the chains on which every ledger is anchored."""
            self.network_troubles: Final[dict[str, dict[Slug, str]]] = {
                name: {} for name in self.networks
            }
            """What is wrong with a ledger on a network, in words; kept by its anchorer."""
            self._silences: Final = Silences(clock)
            self._claims: Final = opened.enter_context(ExitStack())
            self.afterwards: Final = Afterwards()
            """Does what clients do not wait for."""
            opened.callback(self.afterwards.close)
            self.appended: Final = threading.Event()
            """Set after every write; the worker waits for it."""
            self.posted: Final = threading.Event()
            """Set after every write; the postman waits for it."""
            self._persons: Final = SqlPersons(self.archive.database, self.archive.vault)
            self.mailroom: Final = Mailroom(settings, self.archive, self._persons, clock)
            """Letters to members, and foundings that are being prepared."""
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

    def _contract_accounts(self) -> ContractChains:
        """Return the contract accounts of the embedded chain and of every network that is set."""
        networks = self.archive.networks
        return ContractChains(
            {
                self.chain.chain_id: self.chain.provider,
                **{
                    networks.named(name).chain_id: partial(networks.provider, name)
                    for name in networks.names
                },
            }
        )

    def signing_domain(self) -> SigningDomain:
        """Return where signatures of organisations founded here are valid.

        Raises:
            UnavailableError: The registry of the primary network is not known.
        """
        primary = self.settings.primary
        registry = (
            self.registry
            if primary == EMBEDDED_NETWORK
            else self.archive.networks.registry(primary)
        )
        passkeys = self.settings.passkeys
        return SigningDomain(
            registry.chain_id,
            f"0x{registry.contract.hex()}",
            None if passkeys is None else passkeys.relying_party,
        )

    def anchorer(
        self,
        slug: Slug,
        network: str = EMBEDDED_NETWORK,
        publisher: Address | None = None,
        *,
        settles: bool = False,
    ) -> Anchorer:
        """Return the anchorer of a ledger on a network; on the embedded chain its publisher is funded.

        Args:
            slug: The ledger.
            network: Name of the network.
            publisher: The account, 20 bytes; None for the one in use.
            settles: Whether another account took over from it.

        Raises:
            NotFoundError: No such organisation.
            RejectedError: The ledger is anchored on that chain through another registry or publisher, or the
                publisher's key is not there.
            UnavailableError: The chain did not answer, or its registry is not known.
            VerificationError: The node serves another chain, or has other code at the registry.
        """
        archive, clock, owner = self.archive, self.ports.clock, server_name(self.settings)
        if network != EMBEDDED_NETWORK:
            return self._claiming(
                network_anchorer(
                    archive,
                    slug,
                    network,
                    clock,
                    owner=owner,
                    publisher=publisher,
                    settles=settles,
                )
            )
        archive.reads.organisation(slug)
        archive.check_place(slug, self.registry)
        chain_id = self.chain.chain_id
        account = publisher or archive.publishers.terms(slug, chain_id)[-1].publisher
        signer = archive.publishers.signer_of(slug, chain_id, account, settles=settles)
        self.chain.fund(account)
        anchorer = Anchorer(
            ledger=archive.heads(slug, chain_id, account),
            journal=archive.publishers.journal(slug, chain_id, account),
            chain=Web3Chain(self.chain.provider(), signer=signer, location=self.registry),
            clock=clock,
            policy=AnchorPolicy(settles_only=settles),
            owner=owner,
        )
        return self._claiming(anchorer)

    def anchorers(self, slug: Slug) -> Mapping[str, Steps]:
        """Return the anchorers of a ledger by name of network; asks no node.

        Raises:
            NotFoundError: No such organisation.
        """
        self.archive.reads.organisation(slug)
        found: dict[str, Steps] = {}
        for name in self.networks:
            embedded = name == EMBEDDED_NETWORK
            chain_id = (
                self.registry.chain_id if embedded else self.archive.networks.named(name).chain_id
            )
            succession = self._succession(slug, name, chain_id)
            costed = Costed(succession, partial(self._settle_costs, slug, name, chain_id))
            tell = partial(self.network_troubles[name].__setitem__, slug)
            found[name] = Told(costed, tell, beside=succession.trouble)
        return found

    def _succession(self, slug: Slug, network: str, chain_id: ChainId) -> Succession:
        publishers = self.archive.publishers

        def open_steps(publisher: Address, settles: bool) -> Steps:  # noqa: FBT001 - as Succession asks
            heads = self.archive.heads(slug, chain_id, publisher)
            return NetworkAnchorer(
                network,
                partial(self.anchorer, slug, network, publisher, settles=settles),
                size=lambda: heads.head().size,
                silences=None if network == EMBEDDED_NETWORK else self._silences,
                clock=self.ports.clock,
            )

        return Succession(
            partial(publishers.terms, slug, chain_id),
            open_steps,
            partial(publishers.is_settled, slug, chain_id),
        )

    def last_closing(self, slug: Slug) -> TreeSize:
        """Return the size of a ledger right after the last closing of an assembly, 0 before the first."""
        return self.archive.reads.size_after(slug, CLOSING)

    def health(self) -> Mapping[Slug, str]:
        """Return for each ledger what is wrong with its anchoring, empty text when nothing is."""
        return {slug: self.troubles.get(slug, "") for slug in self.archive.ledgers.slugs()}

    def network_health(self) -> Mapping[str, Mapping[Slug, str]]:
        """Return the same for each network and ledger."""
        return {
            name: {slug: found.get(slug, "") for slug in self.archive.ledgers.slugs()}
            for name, found in self.network_troubles.items()
        }

    def api_context(self) -> ApiContext:
        """Return what the API may touch."""
        sessions = SqlSessions(self.archive.database)
        settings = self.settings.login
        throttle = Throttle(settings.limits.by_name(), proxies=settings.proxies)
        return ApiContext(
            ports=self.ports,
            reads=self.archive.reads,
            documents=self.archive.documents,
            host=self.settings.origin_host,
            signing=self.signing_domain(),
            operator_token=self.archive.keys.operator_token(),
            trust=self.archive.trust,
            holds_log_key=self.archive.holds_log_key,
            publishers=self.archive.publishers,
            chain=self.chain.answer,
            appended=self.wake,
            health=self.health,
            network_health=self.network_health,
            witness=self.witness,
            sessions=sessions,
            persons=self._persons,
            login=self._login(sessions, throttle),
            throttle=throttle,
            afterwards=self.afterwards,
            duplicates=SqlDuplicates(self.archive.database),
            identities=self.archive.identities,
            letters=self.mailroom.letters,
            consent_desk=ConsentDesk(
                self.ports, self.archive.private, self.mailroom.letters, self.mailroom.letters
            ),
            message_id=self.mailroom.office.mailer.message_id,
            letter_of=self.mailroom.letter_of,
            founding_desk=self.mailroom.founding_desk(self.ports, self.signing_domain()),
            identity_checks=SqlIdentityChecks(self.archive.database, self.archive.vault),
            identity_providers={
                name: OidcProvider(provider.terms(name), self.ports.clock)
                for name, provider in self.settings.identity_providers.items()
            },
            private=self.archive.private,
        )

    def _login(self, sessions: SqlSessions, throttle: Throttle) -> Login:
        settings, database = self.settings, self.archive.database
        passkeys = () if settings.passkeys is None else settings.passkeys.origins
        origin = settings.login_origin
        return Login(
            ports=self.ports,
            reads=self.archive.reads,
            sessions=sessions,
            challenges=SqlChallenges(database),
            keys=SqlHeldKeys(database),
            counters=SqlSignCounters(database),
            lockouts=SqlLockouts(database),
            window=throttle,
            addresses=SqlLoginAddresses(database),
            post=self.mailroom.letters,
            place=LoginPlace(origin, frozenset((origin, *passkeys))),
        )

    def wake(self) -> None:
        """Have the worker and the postman look for what was written."""
        self.appended.set()
        self.posted.set()

    def _settle_costs(self, slug: Slug, network: str, chain_id: ChainId) -> None:
        if network == EMBEDDED_NETWORK:
            settle_costs(self.archive, slug, network, chain_id, self.chain.provider())
        else:
            provider = self.archive.networks.provider(network)
            settle_costs(self.archive, slug, network, chain_id, provider)

    def _claiming(self, anchorer: Anchorer) -> Anchorer:
        """Return the anchorer, whose lease is given up when the server closes."""
        self._claims.callback(anchorer.release)
        return anchorer


def _own_witness(archive: Archive, settings: Settings, clock: Clock) -> OwnWitness:
    policy = read_policy(settings.data / WITNESS_POLICY)
    logs = () if policy is None else tuple(log.verifier for log in policy.logs)

    def cosigner() -> Cosigner:
        return Cosigner.from_seed(f"{settings.origin_host}/witness", archive.keys.witness_key())

    if logs:
        # A key that does not open is told at the start, not to the first partner who asks.
        cosigner()
    return OwnWitness(cosigner, logs, SqlWitnessStore(archive.database), clock)


def _cosigners(archive: Archive, clock: Clock, opened: ExitStack) -> Cosigners | None:
    policy = archive.cosigners_policy
    if policy is None:
        return None
    witnesses = {
        each.name: opened.enter_context(HttpWitness(each.name, each.url))
        for each in policy.witnesses
        if each.url is not None
    }
    return Cosigners(policy, witnesses, SqlCosignedSizes(archive.database), clock)
