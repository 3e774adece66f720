"""What several commands share: options, exit codes, the way to the server's packages."""

import os
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

import typer

WRONG_USAGE = 2
"""Exit code of a command that could not begin: a wrong call, no bundle, no server installed."""

DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the server's data [default: var/psephos]."),
]
"""Folder of the server's data; the setting PSEPHOS_DATA when not given."""

Lang = Literal["en", "fr"]
"""Languages in which commands speak."""

LangOption = Annotated[
    Lang | None, typer.Option(help="Language of what is said [default: the environment's].")
]
"""Language."""


def environment_language() -> Lang:
    """Return the language that the environment names, English where it names none of ours."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fr" if next(filter(None, named), "").startswith("fr") else "en"


def serving() -> ModuleType:
    """Return the module that runs servers; without the server's packages, say so and exit."""
    return _server_module("backend.serving")


def operating() -> ModuleType:
    """Return the module of an operator's commands about networks; as ``serving``."""
    return _server_module("backend.operating")


def importing() -> ModuleType:
    """Return the module of an operator's commands that import a register; as ``serving``."""
    return _server_module("backend.importing")


def safekeeping() -> ModuleType:
    """Return the module of an operator's commands about personal data; as ``serving``."""
    return _server_module("backend.safekeeping")


def _server_module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = f"{error.name} is not installed: this command needs psephos[server]"
        typer.echo(missing, err=True)
        raise typer.Exit(WRONG_USAGE) from error
