"""How many typing errors lie between two words.

The restricted Damerau-Levenshtein distance: insertions, deletions, substitutions and transpositions of
neighbours, no part being edited twice. Source: L. Boytsov, Indexing methods for approximate dictionary
searching, ACM JEA 16 (2011), section 2.2, https://doi.org/10.1145/1963190.1963191
"""


def edits_between(first: str, second: str) -> int:
    """Return the least number of edits that make one word of the other, 0 where they are equal."""
    if first == second:
        return 0
    before: list[int] = []
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, start=1):
        before, above, row = row, before, [place]
        for column, other in enumerate(second, start=1):
            cost = min(
                before[column] + 1,
                row[column - 1] + 1,
                before[column - 1] + (letter != other),
            )
            swapped = (
                place > 1
                and column > 1
                and letter == second[column - 2]
                and other == first[place - 2]
            )
            row.append(min(cost, above[column - 2] + 1) if swapped else cost)
    return row[-1]
