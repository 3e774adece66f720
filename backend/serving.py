"""Running a server in one process, and exporting from one."""

import json
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import typer
import uvicorn
from pydantic import ValidationError

from anchoring.core.errors import AnchoringError, MalformedError
from anchoring.core.types import Address
from anchoring.ports import Clock
from backend.archive import Archive, key_files
from backend.domain.errors import GovernanceError
from backend.machine import SecretRandomness, SystemClock
from backend.main import create_app
from backend.networks import ContractChains
from backend.postman import Postman
from backend.services.identity import KeyedHashes
from backend.services.ports import Ports
from backend.services.retention import redact_due
from backend.settings import Settings
from backend.wiring import Container
from backend.worker import Worker

SLUG: Final = re.compile(r"(?=.{1,63}\Z)[a-z0-9](-?[a-z0-9])*\Z")
"""Name of an organisation; anything else is no name of a file of ours."""

STOP_TIMEOUT_S: Final = 30
"""Seconds that requests and the worker have to finish."""


def settings_for(data: Path | None) -> Settings:
    """Return the settings of the environment, with another data folder where one is named.

    Raises:
        typer.Exit: With code 2, what does not fit together having been told.
    """
    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def run_server(settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, then finish what was begun.

    Args:
        settings: Where the data is.
        host: Address to listen on.
        port: Port to listen on.
    """
    # uvicorn hands the signal on after it stopped: it must not end the process before the data is closed.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped_already)
    with Container(settings, SystemClock()) as container:
        stop = threading.Event()
        worker = threading.Thread(
            target=Worker(container).run, args=(stop, settings.interval_ms / 1000), name="worker"
        )
        postman = threading.Thread(
            target=Postman(container).run, args=(stop, settings.interval_ms / 1000), name="postman"
        )
        config = uvicorn.Config(
            create_app(container),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            # Whom a proxy names is believed by an explicit setting only (api.throttle).
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_TIMEOUT_S,
        )
        url = f"http://{host}:{port}"
        typer.echo(f"Psephos          {url}")
        typer.echo(f"API              {url}/docs")
        typer.echo(f"Embedded chain   {url}/chain (chain id {container.chain.chain_id})")
        for name in container.archive.networks.names:
            network = container.archive.networks.named(name)
            typer.echo(f"Network          {name} (chain id {network.chain_id})")
        typer.echo(f"Data             {settings.data.resolve()}")
        typer.echo(f"Operator token   {container.archive.keys.operator_path.resolve()}")
        worker.start()
        postman.start()
        try:
            uvicorn.Server(config).run()
        finally:
            stop.set()
            container.wake()
            worker.join(STOP_TIMEOUT_S)
            postman.join(STOP_TIMEOUT_S)


def export_to(settings: Settings, organisation: str, directory: Path) -> int:
    """Write the bundle of an organisation and return the exit code: 0 written, 1 refused."""
    try:
        with Archive(settings) as archive:
            exported = archive.export(organisation, directory)
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(
        f"{directory}: {exported.size} entries, {exported.anchors} anchors,"
        f" {exported.documents} documents"
    )
    return 0


def run_retention(
    settings: Settings, organisation: str | None, *, clock: Callable[[], Clock] = SystemClock
) -> int:
    """Destroy what is kept for contests that are over, and return the exit code: 0 done, 1 refused.

    Args:
        settings: Where the data is; a server may run on it meanwhile.
        organisation: Slug of an organisation, None for every one.
        clock: Gives the clock.
    """
    try:
        with Archive(settings) as archive:
            ledgers = archive.ledgers
            hashes = KeyedHashes(archive.keys.identity_key())
            # Nobody signs what follows from the rules.
            ports = Ports(ledgers, clock(), SecretRandomness(), ContractChains({}), hashes)
            for slug in ledgers.slugs() if organisation is None else (organisation,):
                while (done := redact_due(ports, archive.reads, slug)) is not None:
                    typer.echo(
                        f"{slug}: {len(done.decisions)} decisions, {done.signatures} signatures"
                        f" and {done.lines} lines of rolls destroyed"
                    )
            ledgers.scrub()
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    return 0


def make_key(settings: Settings, kind: str, organisation: str) -> int:
    """Make a key of a ledger and return the exit code: 0 made, 1 refused.

    Args:
        settings: Where the keys are, and what the origin of the ledger begins with.
        kind: ``log`` or ``publisher``.
        organisation: Slug of the organisation, founded or not.
    """
    try:
        _check_slug(organisation)
        # A person who makes keys chooses their passphrase.
        keys = key_files(settings, may_draw=False)
        if kind == "log":
            origin = f"{settings.origin_host}/{organisation}"
            public = keys.make_log_key(organisation, origin=origin).to_text()
        else:
            public = _address_text(keys.make_publisher_key(organisation))
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(public)
    return 0


def make_next_log_key(settings: Settings, organisation: str) -> int:
    """Make a log key that may take over from the one in use; return the exit code: 0 made, 1 refused."""
    try:
        _check_slug(organisation)
        keys = key_files(settings, may_draw=False)
        first = keys.public_log_key(organisation)
        origin = f"{settings.origin_host}/{organisation}" if first is None else first.name
        verifier = keys.next_log_key(organisation, origin=origin)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(verifier.to_text())
    return 0


def make_next_publisher(settings: Settings, organisation: str, network: str) -> int:
    """Make an account that may take over as publisher, and print the change that is then signed.

    Where a remote signer holds the keys nothing is made: the account is the one that the settings name.

    Args:
        settings: Where the ledger and the keys are.
        organisation: Slug of the organisation.
        network: Name of the network on which the account is to anchor.

    Returns:
        The exit code: 0 made, 1 refused.
    """
    try:
        _check_slug(organisation)
        with Archive(settings) as archive:
            change = archive.publishers.next_rotation(organisation, network)
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(json.dumps(msgspec.to_builtins(change), sort_keys=True))
    return 0


def show_keys(settings: Settings, organisation: str) -> int:
    """Print the public side of a ledger's keys and return the exit code: 0 shown, 1 none or unreadable."""
    try:
        _check_slug(organisation)
        keys = key_files(settings, may_draw=False)
        log_key, publisher = keys.public_log_key(organisation), keys.public_publisher(organisation)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"log        {'none' if log_key is None else log_key.to_text()}")
    typer.echo(f"publisher  {'none' if publisher is None else _address_text(publisher)}")
    return 1 if log_key is None and publisher is None else 0


def _check_slug(organisation: str) -> None:
    if not SLUG.fullmatch(organisation):
        raise MalformedError("organisation", "not lowercase letters, digits and single hyphens")


def _address_text(address: Address) -> str:
    return f"0x{address.hex()}"


def export_log_to(settings: Settings, organisation: str, directory: Path) -> int:
    """Write the log of an organisation and return the exit code: 0 written, 1 refused."""
    try:
        with Archive(settings) as archive:
            size = archive.export_log(organisation, directory)
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{directory}: {size} entries")
    return 0


def _stopped_already(number: int, frame: object) -> None:
    """Do nothing: uvicorn has acted on the signal."""
