"""Networks: the registry's deployment, and the anchors of ledgers on every chain."""

from pathlib import Path
from typing import Annotated

import typer

from anchoring.core.types import Address, TransactionHash
from backend.cli.options import WRONG_USAGE, DataFolder, operating, serving

anchor = typer.Typer(help="Anchors of ledgers on every network.", no_args_is_help=True)
"""Commands about anchors."""

NetworkName = Annotated[str, typer.Option("--network", help="hoodi, sepolia, or one you set.")]
"""Name of a network."""


def deploy(  # noqa: PLR0913 - the options of one command
    *,
    network: NetworkName,
    rpc: Annotated[
        str | None, typer.Option(help="Node of the network [default: the one that is set].")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Sign as this organisation's publisher.")
    ] = None,
    keystore: Annotated[
        Path | None,
        typer.Option(help="Sign with this keystore, opened by PSEPHOS_PASSPHRASE_FILE."),
    ] = None,
    remote: Annotated[
        str | None, typer.Option(metavar="URL", help="Sign with this web3signer, and --address.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="Account of --remote.")] = None,
    chain_id: Annotated[int | None, typer.Option(help="Of a network of your own.")] = None,
    genesis: Annotated[str | None, typer.Option(help="Its genesis hash.")] = None,
    transaction: Annotated[
        str | None,
        typer.Option(help="Record a creation that was sent before; nothing is sent."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Deploy the registry, check the code on the chain, record it: exit 0 done, 1 refused, 2 wrong call."""
    operator = operating()
    request = operator.DeploymentRequest(
        network=network,
        rpc=rpc,
        chain_id=chain_id,
        genesis=_bytes(genesis, 32, "--genesis"),
        publisher=publisher,
        keystore=keystore,
        remote=remote,
        address=None if address is None else Address(_bytes(address, 20, "--address") or b""),
        transaction=(
            None
            if transaction is None
            else TransactionHash(_bytes(transaction, 32, "--transaction") or b"")
        ),
    )
    raise typer.Exit(operator.deploy(serving().settings_for(data), request))


@anchor.command()
def status(
    organisation: Annotated[
        str | None, typer.Argument(metavar="[SLUG]", help="The organisation [default: all].")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: DataFolder = None,
) -> None:
    """Print network, state, age, transaction and cost of each anchor; asks no node."""
    operator = operating()
    settings = serving().settings_for(data)
    raise typer.Exit(operator.show_anchors(settings, organisation, as_json=as_json))


@anchor.command()
def reanchor(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    network: NetworkName,
    data: DataFolder = None,
) -> None:
    """Anchor the newest signed head on a network now; earlier anchors keep their evidence."""
    raise typer.Exit(operating().reanchor(serving().settings_for(data), organisation, network))


def _bytes(text: str | None, length: int, option: str) -> bytes | None:
    if text is None:
        return None
    try:
        content = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        content = b""
    if len(content) != length:
        typer.echo(f"{option}: not 0x and {2 * length} hexadecimal digits", err=True)
        raise typer.Exit(WRONG_USAGE)
    return content
