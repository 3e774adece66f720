"""Commands for those who write rulebooks: compile a source, read the linter's report, print the schema."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from backend.cli.options import WRONG_USAGE, Lang, LangOption, environment_language
from backend.domain.errors import InvalidInputError

rulebook = typer.Typer(
    help="Write the rules of your statutes for the machine, and see what they leave open.",
    no_args_is_help=True,
)
"""Commands on rulebooks."""

SourceFile = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="The rules, YAML; see docs/rulebook.md.")
]
"""The rulebook source."""

StatutesFile = Annotated[Path, typer.Argument(metavar="STATUTES", help="The statutes, UTF-8 text.")]
"""The statutes."""


@rulebook.command("lint")
def lint_source(source: SourceFile, statutes: StatutesFile, lang: LangOption = None) -> None:
    """Report what is silent, contradictory or out of reach: exit 0, or 1 where something is to correct."""
    from backend.domain.rulebook.linter import lint  # noqa: PLC0415 - see backend.cli
    from backend.domain.rulebook.report import report  # noqa: PLC0415 - see backend.cli
    from backend.rulebook_files import compile_files  # noqa: PLC0415 - see backend.cli

    language = lang or environment_language()
    text = _read(statutes)
    compiled, problems = compile_files(_read(source), text)
    if compiled is None:
        _refuse(problems, language)
    findings = lint(compiled, text)
    typer.echo(report(compiled, findings, language), nl=False)
    wrong = any(each.severity in ("contradiction", "arithmetic") for each in findings)
    raise typer.Exit(1 if wrong else 0)


@rulebook.command("compile")
def compile_source(
    source: SourceFile,
    statutes: StatutesFile,
    output: Annotated[
        Path | None, typer.Option(help="Where to write the rulebook [default: standard output].")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write the rulebook of a source as canonical JSON: exit 0, or 1 with what is wrong."""
    from backend.domain.rulebook.book import format_rulebook  # noqa: PLC0415 - see backend.cli
    from backend.rulebook_files import compile_files  # noqa: PLC0415 - see backend.cli

    compiled, problems = compile_files(_read(source), _read(statutes))
    if compiled is None:
        _refuse(problems, lang or environment_language())
    content = format_rulebook(compiled)
    if output is None:
        typer.echo(content.decode())
    else:
        output.write_bytes(content)


@rulebook.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of rulebooks."""
    import msgspec  # noqa: PLC0415 - see backend.cli

    from backend.domain.rulebook.json_schema import rulebook_schema  # noqa: PLC0415 - see above

    typer.echo(msgspec.json.format(msgspec.json.encode(rulebook_schema()), indent=2).decode())


def _refuse(problems: tuple[InvalidInputError, ...], language: Lang) -> NoReturn:
    from backend.domain.messages import message  # noqa: PLC0415 - see backend.cli

    for number, problem in enumerate(problems, start=1):
        said = message(problem, language)
        typer.echo(f"{number}. {said.title}\n   {said.detail}\n   {said.remedy}", err=True)
    raise typer.Exit(1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
        raise typer.Exit(WRONG_USAGE) from error
