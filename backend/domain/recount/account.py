"""A count in plain text, every step of it, in the language of the reader."""

from collections.abc import Iterator, Mapping, Sequence

from backend.domain.acts import Slug
from backend.domain.methods.contest import OptionMethodName
from backend.domain.methods.tally import Round, Tally
from backend.domain.recount.labels import Labels, decimal
from backend.domain.recount.words import Word

_INDENT = "  "
_QUOTA_WORDS: Mapping[OptionMethodName, Word] = {
    "two_round": "majority",
    "instant_runoff": "majority",
    "equal_shares": "price",
}
_EXHAUSTED_WORDS: Mapping[OptionMethodName, Word] = {
    "majority_judgement": "taken",
    "equal_shares": "money_left",
}


def account(tally: Tally, labels: Labels) -> Iterator[str]:
    """Yield the lines of a count: what was counted, the figures, each round, who is chosen.

    Args:
        tally: The count.
        labels: Names and language.
    """
    yield from _heading(tally, labels)
    yield from _figures(tally, labels)
    for number, each in enumerate(tally.rounds, start=1):
        yield from _round(number, each, tally, labels)
    if tally.ranking:
        yield labels.word("ranking")
        place = 1
        for tier in tally.ranking:
            yield f"{_INDENT}{place}. {labels.listed(tier)}"
            place += len(tier)
        yield ""
    yield labels.line("elected", labels.listed(tally.elected) or labels.word("nobody"))
    if tally.undecided:
        yield labels.line("undecided", labels.listed(tally.undecided))


def _heading(tally: Tally, labels: Labels) -> Iterator[str]:
    if labels.title:
        yield labels.title
    yield labels.line("method", labels.method(tally.method))
    counted: tuple[tuple[Word, int], ...] = (
        ("seats", tally.seats),
        ("valid", tally.valid),
        ("blank", tally.blank),
        ("void", tally.void),
    )
    yield ", ".join(labels.line(word, str(number)) for word, number in counted)
    if labels.withdrawn:
        yield labels.line("withdrawn", ", ".join(labels.withdrawn))
    yield ""


def _figures(tally: Tally, labels: Labels) -> Iterator[str]:
    """Totals, or the table they follow from."""
    if tally.duels is not None:
        yield labels.word("duels")
        yield from _duels(tally.duels, labels)
    elif tally.grades is not None:
        yield labels.word("grades")
        header = ["", *labels.grade_words(tally), labels.word("median")]
        rows = [
            [name, *map(str, tally.grades[option]), labels.shown(tally, tally.totals[option])]
            for option, name in labels.names.items()
        ]
        yield from _table([header, *rows])
    else:
        yield labels.word("totals")
        yield from _table(
            [
                [name, labels.shown(tally, tally.totals[option])]
                for option, name in labels.names.items()
            ]
        )
    yield ""


def _duels(duels: Mapping[Slug, Mapping[Slug, int]], labels: Labels) -> Iterator[str]:
    options = list(labels.names)
    header = ["", *(str(place) for place in range(1, len(options) + 1))]
    rows = [
        [
            f"{place} {labels.names[row]}",
            *("-" if row == column else str(duels[row][column]) for column in options),
        ]
        for place, row in enumerate(options, start=1)
    ]
    return _table([header, *rows])


def _round(number: int, each: Round, tally: Tally, labels: Labels) -> Iterator[str]:
    title = f"{labels.word('round')} {number}"
    if each.quota is not None:
        title += f" ({labels.word(_QUOTA_WORDS.get(tally.method, 'quota'))} {decimal(each.quota)})"
    yield title
    yield from _table(
        [
            [name, labels.shown(tally, each.votes[option]), _fate(option, each, labels)]
            for option, name in labels.names.items()
            if option in each.votes
        ]
    )
    if each.exhausted != "0":
        word = _EXHAUSTED_WORDS.get(tally.method, "exhausted")
        yield _INDENT + labels.line(word, decimal(each.exhausted))
    if each.tied:
        yield _INDENT + labels.line("tied", labels.listed(each.tied))
    yield ""


def _fate(option: Slug, each: Round, labels: Labels) -> str:
    if option in each.elected:
        return labels.word("chosen")
    return labels.word("excluded") if option in each.excluded else ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns aligned, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield (_INDENT + _INDENT.join([first.ljust(widths[0]), *cells])).rstrip()
