"""What an operator does about networks: deploys the registry, looks at anchors, re-anchors a ledger."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import typer
from eth_account import Account

from anchoring.adapters.registry_deployer import RegistryDeployer
from anchoring.adapters.signer_keystore import MAX_KEYSTORE_BYTES, KeystoreSigner
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.signer_remote import RemoteSigner
from anchoring.adapters.web3_node import node_provider
from anchoring.core.anchor_states import AnchorState, Seconds
from anchoring.core.deployments import AlreadyDeployedError, find_deployment
from anchoring.core.errors import AnchoringError, MalformedError, RejectedError, UnavailableError
from anchoring.core.networks import EMBEDDED_NETWORK, PRESETS, NetworkPreset, custom_network
from anchoring.core.types import Address, TransactionHash
from anchoring.ports import TransactionSigner
from backend.archive import Archive, key_files, network_anchorer, server_name, settle_costs
from backend.domain.errors import GovernanceError
from backend.machine import SystemClock
from backend.networks import deployments_file
from backend.services.anchor_status import age_text, standing_members
from backend.settings import Settings

WAIT_S: Final = 5
"""Seconds between two questions whether a block includes a transaction."""

ATTEMPTS: Final = 60
"""How often that is asked: five minutes, 25 blocks of Ethereum."""

INCLUDED_STATES: Final = (AnchorState.INCLUDED, AnchorState.SAFE, AnchorState.FINALIZED)
"""States of a head that a block includes, with its evidence recorded."""


@dataclass(frozen=True, slots=True)
class DeploymentRequest:
    """What ``psephos deploy`` was asked."""

    network: str
    """Name of the network."""
    rpc: str | None = None
    """Address of the node; None for the one of the settings."""
    chain_id: int | None = None
    """Chain id of a network that neither a preset nor the settings know."""
    genesis: bytes | None = None
    """Its genesis hash, 32 bytes."""
    publisher: str | None = None
    """Organisation whose publisher deploys."""
    keystore: Path | None = None
    """Keystore of the deployer."""
    remote: str | None = None
    """web3signer of the deployer."""
    address: Address | None = None
    """Account of the deployer, 20 bytes; with ``remote``."""
    transaction: TransactionHash | None = None
    """A creation that was sent before, to be recorded now: nothing is sent."""


def deploy(
    settings: Settings, request: DeploymentRequest, *, wait: Callable[[float], None] = time.sleep
) -> int:
    """Deploy the registry, check its code, record it, and return the exit code: 0 done, 1 refused.

    Args:
        settings: Where the record, the keys and the nodes are.
        request: What to do.
        wait: Passes the given seconds.
    """
    try:
        network = _network(settings, request)
        set_node = settings.networks.get(request.network)
        rpc = request.rpc or (set_node and set_node.rpc)
        if not rpc:
            raise MalformedError("command", "no node: give --rpc or set the network's")
        deployer = RegistryDeployer(node_provider(rpc), network)
        file = deployments_file(settings)
        file.check_writable()
        known = find_deployment(file.read(), network, code_hash=deployer.code_hash)
        if known is not None:
            deployer.check(known.contract)
            raise AlreadyDeployedError(known)
        sent = request.transaction or deployer.send(_signer(settings, request))
        typer.echo(f"Transaction  0x{sent.hex()}")
        deployment = deployer.confirm(sent, attempts=ATTEMPTS, wait=lambda: wait(WAIT_S))
        file.add(deployment)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"Network      {deployment.network} (chain id {deployment.chain_id})")
    typer.echo(f"Contract     0x{deployment.contract.hex()}")
    typer.echo(f"Block        {deployment.block}")
    typer.echo(f"Code hash    0x{deployment.code_hash.hex()}")
    return 0


def show_anchors(settings: Settings, organisation: str | None, *, as_json: bool) -> int:
    """Print how anchors stand and return the exit code: 0 printed, 1 no such organisation.

    Args:
        settings: Where the data is; no node is asked.
        organisation: Slug of an organisation, None for every one.
        as_json: Print one JSON object instead of lines.
    """
    now = Seconds(int(SystemClock().now().timestamp()))
    try:
        with Archive(settings) as archive:
            slugs = archive.ledgers.slugs() if organisation is None else (organisation,)
            found = {
                slug: [
                    standing_members(each, name_of=archive.networks.name_of, now=now)
                    for each in archive.costs.standings(slug)
                ]
                for slug in slugs
            }
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    if as_json:
        typer.echo(json.dumps({"ledgers": found}, indent=2, sort_keys=True))
        return 0
    for slug, anchors in found.items():
        typer.echo(f"{slug}: {len(anchors)} anchors")
        for anchor in anchors:
            cost = (
                ""
                if anchor["costWei"] is None
                else f", {anchor['gasUsed']} gas, {anchor['costWei']} wei"
            )
            typer.echo(
                f"  size {anchor['size']}  {anchor['network']}  {anchor['state']}"
                f"  {age_text(cast('int', anchor['ageSeconds']))}  {anchor['transactionHash']}{cost}"
            )
    return 0


def reanchor(
    settings: Settings,
    organisation: str,
    network: str,
    *,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Anchor the newest signed head on a network now, and return the exit code: 0 anchored, 1 refused.

    What was anchored before stays where it is, evidence included.

    Args:
        settings: Where the ledger and the network are.
        organisation: Slug of the organisation.
        network: Name of a network of the settings.
        wait: Passes the given seconds.
    """
    if network == EMBEDDED_NETWORK:
        typer.echo("a running server anchors on its embedded chain by itself", err=True)
        return 1
    try:
        with Archive(settings) as archive:
            _reanchor(archive, settings, organisation, network, wait)
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    return 0


def _reanchor(
    archive: Archive,
    settings: Settings,
    organisation: str,
    network: str,
    wait: Callable[[float], None],
) -> None:
    owner = f"reanchor of {server_name(settings)}"
    anchorer = network_anchorer(archive, organisation, network, SystemClock(), owner=owner)
    newest = archive.ledgers.head(organisation).size
    try:
        report = anchorer.step(newest)
        for _ in range(ATTEMPTS - 1):
            if report.state in INCLUDED_STATES:
                break
            wait(WAIT_S)
            report = anchorer.step(newest)
    finally:
        anchorer.release()
    if report.state not in INCLUDED_STATES:
        raise UnavailableError(f"network {network}", f"the anchor is {report.state}; run again")
    chain_id = archive.networks.named(network).chain_id
    settle_costs(archive, organisation, network, chain_id, archive.networks.provider(network))
    typer.echo(f"{organisation}: size {report.ledger_head.size} is {report.state} on {network}")


def _network(settings: Settings, request: DeploymentRequest) -> NetworkPreset:
    name = request.network
    if name == EMBEDDED_NETWORK:
        raise RejectedError("deploy", "a server deploys the registry of its embedded chain itself")
    if name in settings.networks:
        return settings.networks[name].preset(name)
    if request.chain_id is not None and request.genesis is not None:
        return custom_network(name, chain_id=request.chain_id, genesis_hash=request.genesis)
    if name not in PRESETS:
        known = ", ".join(sorted({*PRESETS, *settings.networks}))
        raise MalformedError(
            "network", f"{name} is not among {known}: give --chain-id and --genesis"
        )
    return PRESETS[name]


def _signer(settings: Settings, request: DeploymentRequest) -> TransactionSigner:
    given = [each for each in (request.publisher, request.keystore, request.remote) if each]
    if len(given) != 1:
        raise MalformedError("command", "give one of --publisher, --keystore and --remote")
    if request.remote is not None:
        if request.address is None:
            raise MalformedError("command", "--remote needs --address")
        return RemoteSigner(request.remote, request.address)
    keys = key_files(settings, may_draw=False)
    if request.publisher is not None:
        return LocalSigner(Account.from_key(keys.publisher_key(request.publisher)))
    return KeystoreSigner(
        _read(request.keystore, MAX_KEYSTORE_BYTES), _first_line(settings.passphrase_file)
    )


def _first_line(path: Path | None) -> bytes:
    if path is None:
        raise MalformedError("command", "--keystore needs PSEPHOS_PASSPHRASE_FILE")
    return _read(path, MAX_KEYSTORE_BYTES).split(b"\n", 1)[0].rstrip(b"\r")


def _read(path: Path | None, limit: int) -> bytes:
    try:
        with Path(path or "").open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or "cannot be read") from error
