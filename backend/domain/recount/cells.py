"""Lines of a table, cell by cell: RFC 4180 with commas or semicolons, no cell over two lines."""

import csv

from backend.domain.recount.lines import Line, at_line


def cells(line: Line, *, separator: str) -> list[str]:
    """Return the cells of a line, spaces around each removed, empty ones at the end left out.

    Args:
        line: The line.
        separator: What stands between cells, one character.

    Raises:
        InvalidInputError: ``recount.line``: quotation marks that do not match.
    """
    try:
        (row,) = csv.reader([line[1]], delimiter=separator, strict=True)
    except csv.Error as error:
        raise at_line("recount.line", line, expected="quotation marks in pairs") from error
    found = [cell.strip() for cell in row]
    while found and not found[-1]:
        found.pop()
    return found
