"""Keys of a ledger: made before they are needed, shown without their passphrase."""

from enum import StrEnum
from typing import Annotated

import typer

from anchoring.core.networks import EMBEDDED_NETWORK
from backend.cli.options import DataFolder, serving

keys = typer.Typer(
    help="Keys of a ledger, sealed under the passphrase in the file that PSEPHOS_PASSPHRASE_FILE names.",
    no_args_is_help=True,
)
"""Commands about keys."""

Organisation = Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")]
"""Slug of an organisation."""


class KeyKind(StrEnum):
    """What a key of a ledger does."""

    LOG = "log"
    """It signs checkpoints (Ed25519)."""
    PUBLISHER = "publisher"
    """It anchors them (secp256k1)."""


Kind = Annotated[
    KeyKind,
    typer.Argument(metavar="KIND", help="``log`` signs checkpoints, ``publisher`` anchors them."),
]
"""Kind of key."""


@keys.command()
def new(kind: Kind, organisation: Organisation, data: DataFolder = None) -> None:
    """Make a key before the organisation is founded; a key that is there is never replaced."""
    server = serving()
    settings = server.settings_for(data)
    raise typer.Exit(server.make_key(settings, kind.value, organisation))


@keys.command()
def rotate(
    organisation: Organisation,
    kind: Annotated[
        KeyKind,
        typer.Argument(metavar="KIND", help="``log`` or ``publisher``; ``log`` by default."),
    ] = KeyKind.LOG,
    network: Annotated[
        str, typer.Option(metavar="NAME", help="With ``publisher``: where it is to anchor.")
    ] = EMBEDDED_NETWORK,
    data: DataFolder = None,
) -> None:
    """Make a key that may take over, and print what who keeps the registers then signs.

    For a log key that is the key. For a publisher it is the change of account, as JSON: chain_id, previous
    and publisher.
    """
    server = serving()
    settings = server.settings_for(data)
    if kind is KeyKind.LOG:
        raise typer.Exit(server.make_next_log_key(settings, organisation))
    raise typer.Exit(server.make_next_publisher(settings, organisation, network))


@keys.command()
def show(organisation: Organisation, data: DataFolder = None) -> None:
    """Print the public side of a ledger's keys; asks for no passphrase."""
    server = serving()
    raise typer.Exit(server.show_keys(server.settings_for(data), organisation))
