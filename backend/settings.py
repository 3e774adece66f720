"""Settings of a server, from environment variables that start with ``PSEPHOS_``.

Nested ones are joined by two underscores: ``PSEPHOS_NETWORKS__HOODI__RPC`` is the node of network ``hoodi``.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

import limits
import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from anchoring.core.errors import MalformedError
from anchoring.core.networks import EMBEDDED_NETWORK, PRESETS, NetworkPreset, custom_network
from anchoring.core.trust import MAX_NETWORKS
from anchoring.core.types import Address
from backend.api.throttle import Limited
from backend.domain.acts import RelyingParty
from backend.domain.errors import InvalidInputError
from backend.domain.founding import check_relying_party
from backend.domain.mail_addresses import usable_address
from backend.identity_providers.oidc import ProviderTerms

EMBEDDED_CHAIN_ID = 20_260
"""EIP-155 id of the embedded chain; no public chain had registered it in 2026."""

_THIS_MACHINE = re.compile(r"(localhost|127\.0\.0\.1)(:[0-9]+)?")


def _readable_limit(text: str) -> str:
    limits.parse(text)
    return text


AddressText = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
"""Account or contract, ``0x`` and 40 hexadecimal digits."""

HashText = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{64}$")]
"""32 bytes, ``0x`` and 64 hexadecimal digits."""

LimitText = Annotated[str, AfterValidator(_readable_limit)]
"""A number in a time, as ``limits`` reads it."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

HttpAddress = Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=2048)]
"""Address of a node or a signer."""


class NetworkSettings(BaseModel):
    """One chain, besides the embedded one, on which every ledger of the server is anchored."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    rpc: Annotated[HttpAddress, Field(repr=False)]
    """JSON-RPC of a node. It may carry an access key, so it is shown nowhere."""
    others: Annotated[tuple[HttpAddress, ...], Field(max_length=8)] = ()
    """Other nodes of the same network, run by someone else: one that shows another block where ``rpc`` calls
    an anchor's block final stops the anchoring there."""
    chain_id: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = None
    """EIP-155 id; needed for a chain that no preset names."""
    genesis: HashText | None = None
    """Hash of block 0; needed for a chain that no preset names."""
    contract: AddressText | None = None
    """The registry contract; by default the one that the file of deployments names."""
    start_block: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0
    """Block that created ``contract``: searches for events end there."""
    signer: Literal["keystore", "remote"] = "keystore"
    """Who holds the publishers' keys: the sealed keystores among the server's data, or a web3signer."""
    remote: HttpAddress | None = None
    """With ``remote``: address of the web3signer."""
    entries: Annotated[int, Field(ge=1, le=2**53 - 1)] = 1
    """New entries after which the head is anchored. The closing of an assembly never waits."""
    interval_s: Annotated[int, Field(ge=0, le=2**31)] | None = None
    """Seconds after the last anchor when the head is anchored though it has fewer new entries."""
    max_fee_gwei: Annotated[int, Field(ge=1, le=10**6)] = 500
    """Most that is ever offered for one gas."""
    publishers: dict[str, AddressText] = {}
    """With ``remote``: publisher of each organisation, by slug; once its ledger names another, that one."""
    next_publishers: dict[str, AddressText] = {}
    """With ``remote``: account that may take over as publisher of an organisation, by slug."""

    @model_validator(mode="after")
    def _has_what_the_signer_needs(self) -> Self:
        if self.signer == "remote" and (self.remote is None or not self.publishers):
            raise ValueError("signer remote needs remote and publishers")
        return self

    @property
    def contract_address(self) -> Address | None:
        """The registry contract, 20 bytes, None where the file of deployments names it."""
        return None if self.contract is None else Address(bytes.fromhex(self.contract[2:]))

    def publisher_address(self, organisation: str) -> Address | None:
        """Return the publisher that is set for an organisation, 20 bytes, None where none is."""
        text = self.publishers.get(organisation)
        return None if text is None else Address(bytes.fromhex(text[2:]))

    def names_publisher(self, organisation: str, publisher: Address) -> bool:
        """Tell whether an account, 20 bytes, is set for an organisation, now or to take over."""
        named = (self.publishers.get(organisation), self.next_publishers.get(organisation))
        return f"0x{publisher.hex()}" in {text.lower() for text in named if text is not None}

    def preset(self, name: str) -> NetworkPreset:
        """Return what recognises the network of that name.

        Raises:
            MalformedError: No preset has the name and ``chain_id`` or ``genesis`` is not set, or the name
                belongs to another network.
        """
        known = PRESETS.get(name)
        chain_id = self.chain_id or (known and known.chain_id)
        genesis = bytes.fromhex(self.genesis[2:]) if self.genesis else known and known.genesis_hash
        if not chain_id or not genesis:
            raise MalformedError(f"network {name}", "no preset: set its chain_id and genesis")
        return custom_network(name, chain_id=chain_id, genesis_hash=genesis)


class LimitSettings(BaseModel):
    """How often may be asked, each as a number in a time: ``30/minute``, ``5 per 15 minutes``."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    challenges: LimitText = "300/minute"
    """By client: challenges to sign, to log in. Members who meet in one hall may share one address."""
    logins: LimitText = "300/minute"
    """By client: attempts to log in."""
    failures: LimitText = "60 per 10 minutes"
    """By wallet or pseudonym: failed attempts to log in, from anywhere."""
    links: LimitText = "100 per 15 minutes"
    """By client: links asked for by mail."""
    addresses: LimitText = "3 per 15 minutes"
    """By e-mail address: links sent to it."""
    applications: LimitText = "600/minute"
    """By client: applications to join or to come back, keys that founders hand in, and checks of electronic
    identity begun. A registration centre hands in applications of many people."""

    def by_name(self) -> dict[Limited, str]:
        """Return every limit by its name."""
        return {
            "challenges": self.challenges,
            "logins": self.logins,
            "failures": self.failures,
            "links": self.links,
            "addresses": self.addresses,
            "applications": self.applications,
        }


class LoginSettings(BaseModel):
    """Where members log in, and how often may be tried."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    origin: Annotated[str, Field(pattern=r"^https?://[a-z0-9.:\[\]-]{1,253}$")] | None = None
    """Origin of the pages on which members log in; by default the host of ``origin_host``, over TLS unless it
    is this machine. Only an origin over TLS makes cookies demand it."""
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """Proxies of the operator's before the server, each of which appends to ``X-Forwarded-For`` who asked it.
    Without them that header is not believed."""
    limits: LimitSettings = LimitSettings()
    """How often may be asked."""


class PasskeySettings(BaseModel):
    """Where passkeys sign for organisations founded here; their founders sign it with the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: str
    """Relying party id: the domain to which browsers bind the passkeys."""
    origins: tuple[str, ...]
    """Origins of the pages on which they sign, at that domain or below it: 1 to 5."""

    @model_validator(mode="after")
    def _is_what_founders_may_sign(self) -> Self:
        try:
            check_relying_party(self.relying_party)
        except (InvalidInputError, msgspec.ValidationError) as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def relying_party(self) -> RelyingParty:
        """What stands in the founding act."""
        return msgspec.convert({"id": self.id, "origins": self.origins}, RelyingParty)


class IdentityProviderSettings(BaseModel):
    """One provider of electronic identities, by OpenID Connect."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    issuer: HttpAddress
    """Its identifier: the address below which its discovery document is."""
    client_id: Annotated[str, Field(pattern=r"^[!-~]+$", max_length=200)]
    """Its name for this server."""
    client_secret: Annotated[str, Field(repr=False, pattern=r"^[!-~]+$", max_length=500)]
    """Secret of this server."""
    redirect_uri: HttpAddress
    """Where it sends browsers back to, as it was told: ``<this server>/v1/identity/<name>/callback``."""
    scope: Annotated[str, Field(pattern=r"^openid( [!-~]+)*$", max_length=200)] = (
        "openid given_name family_name birthdate birthplace"
    )
    """What is asked for, words joined by spaces; by default claims of FranceConnect."""
    least: Literal["low", "substantial", "high"] = "substantial"
    """Least level (eIDAS) that is taken."""

    @model_validator(mode="after")
    def _is_not_in_the_clear(self) -> Self:
        try:
            self.terms("")
        except InvalidInputError as error:
            raise ValueError(str(error)) from error
        return self

    def terms(self, name: str) -> ProviderTerms:
        """Return what was agreed with the provider of that name."""
        return ProviderTerms(
            name,
            self.issuer,
            self.client_id,
            self.client_secret,
            self.redirect_uri,
            self.scope,
            self.least,
        )


class SmtpSettings(BaseModel):
    """The mail server through which letters leave."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
    """Name or address of the server."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    """Its port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """Encrypted after STARTTLS, encrypted from the start (port 465 as a rule), or, for a server on this
    machine alone, not at all."""
    username: str | None = None
    """Name to log in with; without one, nobody logs in."""
    password_file: Path | None = None
    """File whose first line is the password."""
    ca_file: Path | None = None
    """File of certificates to trust besides the machine's."""
    timeout_s: Annotated[int, Field(ge=1, le=300)] = 30
    """Longest wait for each answer, in seconds."""

    @model_validator(mode="after")
    def _tells_nobody(self) -> Self:
        if self.security == "none" and self.host not in _LOOPBACK:
            raise ValueError("a mail server on another machine needs security starttls or tls")
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file go together")
        if self.security == "none" and self.username is not None:
            raise ValueError("a password is never sent without encryption")
        return self


class MailSettings(BaseModel):
    """How letters to members are written."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    sender: str = "psephos@localhost"
    """Address from which letters come; the host of Message-IDs too."""
    address: HttpAddress | None = None
    """Where members reach the server, without a slash at its end; by default the host of ``origin_host``,
    over TLS unless it is this machine."""

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if usable_address(self.sender) != self.sender:
            raise ValueError("sender is no address that every mail server takes")
        if self.address is not None and self.address.endswith("/"):
            raise ValueError("address ends with a slash")
        return self


class Settings(BaseSettings):
    """Where a server keeps its data, what it calls itself, and where it anchors."""

    model_config = SettingsConfigDict(
        env_prefix="PSEPHOS_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    data: Path = Path("var/psephos")
    """Folder of everything the server keeps; made if missing."""
    origin_host: Annotated[str, Field(pattern=r"^[a-z0-9.:-]{1,190}$")] = "localhost"
    """Host part of the origin of ledgers founded here. Existing ledgers keep theirs."""
    database: str | None = None
    """SQLAlchemy URL of the database; by default the file ``psephos.sqlite`` among the data."""
    chain_id: Annotated[int, Field(ge=1, le=2**53 - 1)] = EMBEDDED_CHAIN_ID
    """EIP-155 id of the embedded chain; fixed once the chain exists."""
    passphrase_file: Path | None = None
    """File whose first line opens the server's keys; without one, a passphrase is drawn for a server that
    has no other network than the embedded chain, else the person at the terminal is asked."""
    interval_ms: Annotated[int, Field(ge=10, le=3_600_000)] = 1000
    """Milliseconds after which the worker looks again when nothing wakes it."""
    networks: Annotated[dict[str, NetworkSettings], Field(max_length=MAX_NETWORKS - 1)] = {}
    """Chains besides the embedded one, by name: every ledger is anchored on each of them."""
    primary: str = EMBEDDED_NETWORK
    """Network whose registry stands in what members of organisations founded here sign."""
    identity_providers: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")], IdentityProviderSettings],
        Field(max_length=16),
    ] = {}
    """Who vouches for electronic identities of applicants, by name."""
    passkeys: PasskeySettings | None = None
    """Where passkeys sign for organisations founded here; without it only wallets do. Existing organisations
    keep what their founders signed."""
    login: LoginSettings = LoginSettings()
    """Where members log in, and how often may be tried."""
    smtp: SmtpSettings | None = None
    """Mail server; without one, letters are written into the folder ``mail`` among the data."""
    mail: MailSettings = MailSettings()
    """How letters are written."""
    deployments: Path | None = None
    """File of deployed registries; by default ``contracts/deployments.json`` of the installation."""

    @model_validator(mode="after")
    def _networks_differ(self) -> Self:
        chain_ids = [self.chain_id]
        for name, network in self.networks.items():
            try:
                chain_ids.append(network.preset(name).chain_id)
            except MalformedError as error:
                raise ValueError(str(error)) from error
        if len(set(chain_ids)) != len(chain_ids):
            raise ValueError("two networks have one chain id")
        if self.primary not in {EMBEDDED_NETWORK, *self.networks}:
            raise ValueError(f"primary network {self.primary} is not among the networks")
        return self

    @property
    def public_address(self) -> str:
        """Where members reach the server, without a slash at its end."""
        scheme = "http" if _THIS_MACHINE.fullmatch(self.origin_host) else "https"
        return self.mail.address or f"{scheme}://{self.origin_host}"

    @property
    def login_origin(self) -> str:
        """Origin of the pages on which members log in."""
        return self.login.origin or self.public_address

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database or f"sqlite:///{self.data / 'psephos.sqlite'}"
