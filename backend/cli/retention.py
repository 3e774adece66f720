"""Retention: destroying what the statutes let be kept for a time only."""

from typing import Annotated

import typer

from backend.cli.options import DataFolder, serving

retention = typer.Typer(
    help="What is kept beside the ledger for as long as decisions can be contested.",
    no_args_is_help=True,
)
"""Commands about retention."""


@retention.callback()
def _group() -> None:
    """Keep ``run`` a command of its own, although it is the only one."""


@retention.command()
def run(
    organisation: Annotated[
        str | None, typer.Argument(metavar="SLUG", help="The organisation [default: every one].")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Destroy rolls and signatures of ballots that nobody can contest any more, as a running server does."""
    server = serving()
    raise typer.Exit(server.run_retention(server.settings_for(data), organisation))
