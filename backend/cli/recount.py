"""Counting the ballots of elections held elsewhere, with nothing of the server."""

from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from backend.cli.options import WRONG_USAGE, Lang, environment_language
from backend.domain.errors import InvalidInputError
from backend.domain.messages import message
from backend.domain.methods.contest import OptionMethodName
from backend.domain.methods.tally import Tally
from backend.domain.recount.election import Election
from backend.domain.recount.labels import Labels

BallotFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Ballots: .blt .soc .soi .toc .toi .csv")
]
"""The ballots."""

MethodOption = Annotated[OptionMethodName, typer.Option(help="How to count.")]
"""The method."""

SeatsOption = Annotated[
    int | None, typer.Option(min=1, help="Options to choose [default: the file's, or 1].")
]
"""Seats; those of the file, or one."""

GradesOption = Annotated[
    str, typer.Option(metavar="WORDS", help="Majority judgement: grades a,b,c, worst first.")
]
"""Words for grades."""

HighestOption = Annotated[int, typer.Option(min=0, help="Score: highest score.")]
"""Highest score."""

CreditsOption = Annotated[
    int, typer.Option("--credits", min=0, help="Quadratic: credits of each voter.")
]
"""Voice credits."""

BudgetOption = Annotated[
    int, typer.Option(min=0, help="Equal shares: what may be spent, in the unit of the costs.")
]
"""Budget."""

PriorityOption = Annotated[
    str, typer.Option(metavar="IDS", help="Options a,b,c that go first where figures are equal.")
]
"""Order for ties."""

OutputFormat = Literal["text", "json"]
"""How a count is printed."""

FormatOption = Annotated[OutputFormat, typer.Option("--format", help="What to print.")]
"""What to print."""

ChartOption = Annotated[
    Path | None, typer.Option(metavar="OUT", help="Draw the count: a file .svg or .png.")
]
"""Where to draw."""

LanguageOption = Annotated[
    Lang | None,
    typer.Option(
        "--lang", "--language", help="Language of what is said [default: the environment's]."
    ),
]
"""Language."""


def recount(  # noqa: PLR0913 - typer takes each option of a command as an argument
    file: BallotFile,
    *,
    method: MethodOption,
    seats: SeatsOption = None,
    grades: GradesOption = "",
    highest: HighestOption = 0,
    credit_limit: CreditsOption = 0,
    budget: BudgetOption = 0,
    priority: PriorityOption = "",
    output: FormatOption = "text",
    chart: ChartOption = None,
    lang: LanguageOption = None,
) -> None:
    """Count the ballots of a file by any method: exit 0 counted, 1 refused, 2 no such file."""
    from backend.domain.recount.counting import Terms  # noqa: PLC0415 - see backend.cli
    from backend.domain.recount.counting import recount as count  # noqa: PLC0415 - see above
    from backend.domain.recount.formats import parse_election  # noqa: PLC0415 - see above

    language = lang or environment_language()
    terms = Terms(
        seats=seats,
        grades=len(_listed(grades)),
        highest=highest,
        credits=credit_limit,
        budget=budget,
        priority=_listed(priority),
    )
    content = _read(file)
    try:
        election = parse_election(content, file.suffix.removeprefix("."))
        tally = count(election, method, terms)
        labels = _label(election, _listed(grades), language)
        if chart is not None:
            _write(chart, _draw(tally, labels, chart.suffix.removeprefix(".")))
    except InvalidInputError as error:
        _refuse(error, language)
    _print(tally, labels, output)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",")) if text else ()


def _label(election: Election, grades: tuple[str, ...], language: Lang) -> Labels:
    return Labels(
        title=election.title,
        names=election.names,
        withdrawn=election.withdrawn,
        grades=grades,
        language=language,
    )


def _refuse(error: InvalidInputError, language: Lang) -> NoReturn:
    said = message(error, language)
    typer.echo(f"{said.title}\n{said.detail}\n{said.remedy}", err=True)
    raise typer.Exit(1) from error


def _draw(tally: Tally, labels: Labels, ending: str) -> bytes:
    try:
        from backend.recount_charts import draw_chart  # noqa: PLC0415 - in the extra "charts"
    except ModuleNotFoundError as error:
        raise InvalidInputError(
            "recount.charts", expected="psephos[charts]", found=str(error.name)
        ) from error
    return draw_chart(tally, labels, ending)


def _print(tally: Tally, labels: Labels, output: OutputFormat) -> None:
    from backend.domain.recount.account import account  # noqa: PLC0415 - see backend.cli
    from backend.domain.recount.document import format_recount  # noqa: PLC0415 - see above

    if output == "json":
        typer.echo(format_recount(tally, labels))
        return
    for line in account(tally, labels):
        typer.echo(line)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _stop(path, error)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        _stop(path, error)


def _stop(path: Path, error: OSError) -> NoReturn:
    typer.echo(f"{path}: {error.strerror}", err=True)
    raise typer.Exit(WRONG_USAGE) from error
