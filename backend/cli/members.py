"""The register: importing one that was kept elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.options import DataFolder, LangOption, environment_language, importing, serving

members = typer.Typer(help="The register of members.", no_args_is_help=True)
"""Commands about members."""

TableFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A table, CSV in UTF-8; docs/import.md names its columns."),
]
"""The table."""

Organisation = Annotated[
    str, typer.Option("--organisation", metavar="SLUG", help="The organisation.")
]
"""Slug of an organisation."""

Rows = Annotated[
    str,
    typer.Option(
        metavar="ROWS", help="Numbers joined by commas, ``broken``, ``alike``, or both words."
    ),
]
"""Rows of the table."""


@members.command()
def report(
    table: TableFile, organisation: Organisation, lang: LangOption = None, data: DataFolder = None
) -> None:
    """Print what has to be decided before a table can be imported; nothing is stored.

    Exit 0 where nothing is to be decided, 1 where something is or the file is no such table.
    """
    settings, language = serving().settings_for(data), lang or environment_language()
    raise typer.Exit(importing().report_import(settings, organisation, table, language))


@members.command(name="import")
def import_(  # noqa: PLR0913, PLR0917 - options of a command
    table: TableFile,
    organisation: Organisation,
    author: Annotated[str, typer.Option(metavar="MEMBER", help="Pseudonym of who signs.")],
    seed: Annotated[
        Path,
        typer.Option(help="File of the seed of this import, secret; drawn if missing."),
    ],
    left_out: Rows = "",
    taken_in: Rows = "",
    signature: Annotated[
        Path | None,
        typer.Option(help="File of the author's signature, as the HTTP API takes it, JSON."),
    ] = None,
    issued_at: Annotated[
        int | None, typer.Option(help="With a signature: the time of signing that was signed.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Print what is to be signed to import a table; with the signature of it, import.

    Rows that the report calls broken must be left out, those alike left out or taken in; else nothing is
    imported. Exit 0 where it is done, 1 where it was refused.
    """
    settings, commands = serving().settings_for(data), importing()
    order = commands.ImportOrder(organisation, table, author, seed, left_out, taken_in)
    if signature is None or issued_at is None:
        raise typer.Exit(commands.prepare_import(settings, order))
    raise typer.Exit(commands.record_import(settings, order, signature, issued_at=issued_at))
