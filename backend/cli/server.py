"""Running a server, and exporting from one."""

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.options import DataFolder, serving


def serve(
    data: DataFolder = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Run a whole server: API, worker and embedded chain in one process."""
    server = serving()
    server.run_server(server.settings_for(data), host=host, port=port)


def export(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Empty, or an earlier bundle of the same ledger.")
    ],
    data: DataFolder = None,
) -> None:
    """Write the bundle from which auditors recompute everything; the server may run meanwhile."""
    server = serving()
    raise typer.Exit(server.export_to(server.settings_for(data), organisation, directory))


def export_log(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Empty, or an earlier export of the same log.")
    ],
    data: DataFolder = None,
) -> None:
    """Write the log alone as static files, in the C2SP tlog-tiles layout that any web server can publish."""
    server = serving()
    raise typer.Exit(server.export_log_to(server.settings_for(data), organisation, directory))
