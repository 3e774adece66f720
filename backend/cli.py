"""The command ``psephos``; each command imports what it needs, so that an auditor needs no server."""

import os
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

import typer

from anchoring.core.canonical import canonical_json
from anchoring.core.errors import AnchoringError

WRONG_USAGE = 2
"""Exit code of a command that could not begin: a wrong call, no bundle, no server installed."""

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
    serving = _serving()
    serving.run_server(serving.settings_for(data), host=host, port=port)


@app.command()
def export(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Empty, or an earlier bundle of the same ledger.")
    ],
    data: DataFolder = None,
) -> None:
    """Write the bundle from which auditors recompute everything; the server may run meanwhile."""
    serving = _serving()
    raise typer.Exit(serving.export_to(serving.settings_for(data), organisation, directory))


@app.command()
def audit(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A bundle, as ``psephos export`` writes it.")
    ],
    trust: Annotated[
        Path | None,
        typer.Option(help="What you believe, got by another way [default: the bundle's own]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[
        Literal["en", "fr"] | None,
        typer.Option(help="Language of the account [default: the environment's]."),
    ] = None,
) -> None:
    """Recompute everything in a ledger and report what disagrees: exit 0 lawful, 1 unlawful, 2 no bundle."""
    from backend.audit.account import account, report_members  # noqa: PLC0415 - see the module
    from backend.audit.directory import audit_directory  # noqa: PLC0415 - see the module

    try:
        report = audit_directory(directory, trust)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from error
    if as_json:
        typer.echo(canonical_json(report_members(report)))
    else:
        for line in account(report, lang or _environment_language()):
            typer.echo(line)
    raise typer.Exit(0 if report.lawful else 1)


def _serving() -> ModuleType:
    try:
        return import_module("backend.serving")
    except ModuleNotFoundError as error:
        missing = f"{error.name} is not installed: this command needs psephos[server]"
        typer.echo(missing, err=True)
        raise typer.Exit(WRONG_USAGE) from error


def _environment_language() -> Literal["en", "fr"]:
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fr" if next(filter(None, named), "").startswith("fr") else "en"


def main() -> None:
    """Run the command of the process."""
    app()


if __name__ == "__main__":
    main()
