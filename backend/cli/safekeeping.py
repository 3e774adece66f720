"""Personal data: master keys, backups, breaches, the record of processing."""

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.options import (
    DataFolder,
    LangOption,
    environment_language,
    safekeeping,
    serving,
)

vault = typer.Typer(help="Keys under which personal data is sealed.", no_args_is_help=True)
"""Commands about the vault."""

breach = typer.Typer(help="The log of breaches of personal data.", no_args_is_help=True)
"""Commands about breaches."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
"""A backup."""


@vault.callback()
def _group() -> None:
    """Keep ``rotate`` a command of its own, although it is the only one."""


@vault.command()
def rotate(data: DataFolder = None) -> None:
    """Put a new master key in the place of the one in use; safe to interrupt, and to repeat."""
    settings = serving().settings_for(data)
    raise typer.Exit(safekeeping().rotate_vault(settings))


def backup(
    file: File,
    with_keys: Annotated[
        Path | None,
        typer.Option(metavar="FILE2", help="Write the secrets too, to be kept elsewhere."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Write a backup, secrets left out, with the list of erasures beside it; the server may run meanwhile."""
    settings = serving().settings_for(data)
    raise typer.Exit(safekeeping().back_up(settings, file, with_keys=with_keys))


def restore(
    file: File,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the data: empty but for keys/.")
    ],
    with_keys: Annotated[
        Path | None, typer.Option(metavar="FILE2", help="The backup of the secrets.")
    ] = None,
    erasures: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE3", help="A newer list of erasures; may be repeated."),
    ] = None,
) -> None:
    """Unpack a backup, and erase again everyone who was erased since it was written."""
    settings = serving().settings_for(directory)
    code = safekeeping().restore(settings, file, with_keys=with_keys, erasures=erasures or [])
    raise typer.Exit(code)


@breach.command()
def record(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="JSON object; docs/data-protection.md has its fields."),
    ],
    number: Annotated[
        int | None, typer.Option(metavar="N", help="Add to this breach instead.", min=1)
    ] = None,
    data: DataFolder = None,
) -> None:
    """Write a breach down, or add to one: what happened, to how many, with what effect, what was done."""
    settings = serving().settings_for(data)
    raise typer.Exit(safekeeping().record_breach(settings, file, number))


@breach.command("list")
def list_all(data: DataFolder = None) -> None:
    """Print each breach, and by when the authority must be told of it."""
    settings = serving().settings_for(data)
    raise typer.Exit(safekeeping().list_breaches(settings))


@breach.command("export")
def export_all(data: DataFolder = None) -> None:
    """Print the whole log as JSON, additions one by one."""
    settings = serving().settings_for(data)
    raise typer.Exit(safekeeping().export_breaches(settings))


def record_of_processing(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The organisation.")],
    data: DataFolder = None,
    lang: LangOption = None,
) -> None:
    """Print the record of processing activities (GDPR, article 30), made from the software's own data map."""
    settings = serving().settings_for(data)
    language = lang or environment_language()
    raise typer.Exit(safekeeping().print_processing(settings, organisation, language))
