"""The command ``psephos``; each command imports what it needs, so that an auditor needs no server."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Governance for associations and cooperatives: every decision proves its own legality.",
    no_args_is_help=True,
    add_completion=False,
)
"""Every command."""

DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the server's data [default: var/psephos]."),
]
"""Folder of the server's data; the setting PSEPHOS_DATA when not given."""


@app.callback()
def psephos() -> None:
    """Keep the commands apart, however few there are."""


@app.command()
def serve(
    data: DataFolder = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Run a whole server: API, worker and embedded chain in one process."""
    from backend.serving import run_server, settings_for  # noqa: PLC0415 - the server's extra

    run_server(settings_for(data), host=host, port=port)


@app.command()
def export(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Empty, or an earlier bundle of the same ledger.")
    ],
    data: DataFolder = None,
) -> None:
    """Write the bundle from which auditors recompute everything; the server may run meanwhile."""
    from backend.serving import export_to, settings_for  # noqa: PLC0415 - the server's extra

    raise typer.Exit(export_to(settings_for(data), organisation, directory))


def main() -> None:
    """Run the command of the process."""
    app()


if __name__ == "__main__":
    main()
