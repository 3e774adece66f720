"""Auditing a bundle, with nothing of the server."""

from pathlib import Path
from typing import Annotated

import typer

from anchoring.core.canonical import canonical_json
from anchoring.core.errors import AnchoringError
from backend.cli.options import WRONG_USAGE, LangOption, environment_language


def audit(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A bundle, as ``psephos export`` writes it.")
    ],
    trust: Annotated[
        Path | None,
        typer.Option(help="What you believe, got by another way [default: the bundle's own]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: LangOption = None,
    rpc: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="A node to ask about signatures of contract accounts; once for each chain.",
        ),
    ] = None,
) -> None:
    """Recompute everything in a ledger and report what disagrees: exit 0 lawful, 1 unlawful, 2 no bundle."""
    from backend.audit.account import account, report_members  # noqa: PLC0415 - see the module
    from backend.audit.directory import audit_directory, open_chains  # noqa: PLC0415 - as above

    try:
        report = audit_directory(directory, trust, chains=open_chains(rpc or []))
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from error
    if as_json:
        typer.echo(canonical_json(report_members(report)))
    else:
        for line in account(report, lang or environment_language()):
            typer.echo(line)
    raise typer.Exit(0 if report.lawful else 1)
