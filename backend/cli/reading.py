"""Reading a bundle, with nothing of the server; what an unlawful ledger tells is never shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anchoring.core.errors import AnchoringError
from backend.cli.options import WRONG_USAGE, LangOption, environment_language
from backend.domain.errors import GovernanceError
from backend.domain.messages import Language, message
from backend.domain.state import State

if TYPE_CHECKING:
    from backend.audit.directory import Reading

read = typer.Typer(
    help="Read a bundle offline: decisions explained, bodies and members on a day, what is due.",
    no_args_is_help=True,
)
"""Commands that read a bundle."""

BundleFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A bundle, as ``psephos export`` writes it.")
]
"""The bundle."""

TrustOption = Annotated[
    Path | None,
    typer.Option(help="What you believe, got by another way [default: the bundle's own]."),
]
"""The trust file."""

DayOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DAY", help="YYYY-MM-DD [default: the day of the last entry]."),
]
"""The day of a question."""


@read.command()
def explanation(
    directory: BundleFolder,
    motion: Annotated[str, typer.Argument(metavar="MOTION", help="Id of the motion.")],
    trust: TrustOption = None,
    lang: LangOption = None,
) -> None:
    """Print why the latest decision on a motion is valid, article by article."""
    from backend.audit.reading import explanation_lines  # noqa: PLC0415 - see backend.cli

    language = lang or environment_language()
    _print(
        directory,
        trust,
        language,
        lambda state, reading: explanation_lines(state, reading.sources, motion, language),
    )


@read.command()
def bodies(
    directory: BundleFolder,
    day: DayOption = None,
    trust: TrustOption = None,
    lang: LangOption = None,
) -> None:
    """Print who sat in each body on a day."""
    from backend.audit.reading import body_lines  # noqa: PLC0415 - see backend.cli

    language = lang or environment_language()
    _print(directory, trust, language, lambda state, _: body_lines(state, day, language))


@read.command()
def obligations(
    directory: BundleFolder,
    day: DayOption = None,
    trust: TrustOption = None,
    lang: LangOption = None,
) -> None:
    """Print what must happen by when, as it stands on a day."""
    from backend.audit.reading import obligation_lines  # noqa: PLC0415 - see backend.cli

    language = lang or environment_language()
    _print(directory, trust, language, lambda state, _: obligation_lines(state, day, language))


@read.command()
def elector(
    directory: BundleFolder,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Your elector file, as the server gave it to you."),
    ],
    trust: TrustOption = None,
    lang: LangOption = None,
) -> None:
    """Check that a voter is in the electorate of a decision, and print where: exit 1 if not."""
    from backend.audit.reading import elector_lines  # noqa: PLC0415 - see backend.cli
    from backend.domain.electorate import MAX_ELECTOR_BYTES  # noqa: PLC0415 - see backend.cli

    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_ELECTOR_BYTES + 1)
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(WRONG_USAGE) from error
    language = lang or environment_language()
    _print(directory, trust, language, lambda state, _: elector_lines(state, content, language))


@read.command()
def register(
    directory: BundleFolder,
    at: Annotated[
        str | None,
        typer.Option(help="Instant or day (YYYY-MM-DD) [default: the instant of the last entry]."),
    ] = None,
    entry: Annotated[
        int | None,
        typer.Option(min=0, help="Index of the last entry it tells of, instead of --at."),
    ] = None,
    trust: TrustOption = None,
    lang: LangOption = None,
) -> None:
    """Print the register of members at a past instant or after an entry, with its fingerprint."""
    from backend.audit.registers import register_lines  # noqa: PLC0415 - see backend.cli

    if at is not None and entry is not None:
        typer.echo("--at, --entry", err=True)
        raise typer.Exit(WRONG_USAGE)
    language, until = lang or environment_language(), entry if at is None else at
    _print(
        directory,
        trust,
        language,
        lambda state, reading: register_lines(
            state, reading.entries, reading.sources, until, language
        ),
    )


def _print(
    directory: Path,
    trust: Path | None,
    language: Language,
    lines: Callable[[State, "Reading"], Iterator[str]],
) -> None:
    """Audit first: exit 0 read, 1 unlawful or nothing such in it, 2 no bundle."""
    from backend.audit.account import account  # noqa: PLC0415 - see backend.cli
    from backend.audit.directory import read_directory  # noqa: PLC0415 - see backend.cli

    try:
        reading = read_directory(directory, trust)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from error
    if reading.state is None:
        for line in account(reading.report, language):
            typer.echo(line, err=True)
        raise typer.Exit(1)
    try:
        for line in lines(reading.state, reading):
            typer.echo(line)
    except GovernanceError as error:
        said = message(error, language)
        typer.echo(f"{said.detail} {said.remedy}", err=True)
        raise typer.Exit(1) from error
