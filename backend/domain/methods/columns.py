"""Rankings as columns of bytes, so that all ballots are compared at once on two options.

A duel asks of every ballot whether one option stands above another. Asked ballot by ballot, twenty options
need 380 questions for each. Here one ballot is one byte in a column, and a column is one long integer, so
that one subtraction asks all ballots:

1. A ballot becomes a row: byte number ``i`` is the place of option ``i``, 0 for the best tier; options left
   out share the place ``_LAST``.
2. The rows are laid end to end; every n-th byte, from byte ``i``, is the column of option ``i``.
3. Places are below 128, so the highest bit of each byte is free. Set it in the column of the first option and
   subtract the column of the second: no byte borrows from its neighbour, and the bit survives exactly where
   the first option is placed no better than the second. The number of ballots less the number of bits left
   is the number of ballots that prefer the first.
4. The voters of equal ballots are counted in binary: a ballot of 6 voters has a row in the group that counts
   4 and one in the group that counts 2. Each group has columns of its own.

Step 3 is the comparison of bytes within a word of L. Lamport, "Multiple Byte Processing with Full-Word
Instructions", Communications of the ACM 18 (1975), 471-475, with a word as long as the electorate.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking

Duels = dict[Slug, dict[Slug, int]]
"""Voters who prefer the first option to the second, for every two options."""

_LAST = 127
_HIGHEST_BIT = 0x80

_CODE = 128
"""Byte of option number 0 before a row has its places: options and places never share a byte."""

_UNRANKED_LAST = bytes([*range(_CODE), *([_LAST] * (256 - _CODE))])


def count_duels(ballots: Mapping[Ranking, int], options: Sequence[Slug]) -> Duels:
    """Count, for every two options, the voters who prefer the first.

    Args:
        ballots: Rankings and how many voters cast each; none names an option that is not among the options.
        options: Up to 127 options, each once.
    """
    duels: Duels = {first: {each: 0 for each in options if each != first} for first in options}
    for worth, rows in _rows_by_worth(ballots, options).items():
        voters = len(rows)
        columns = _columns(rows, len(options))
        free_bits = int.from_bytes(bytes([_HIGHEST_BIT]) * voters)
        for first, column in zip(options, columns, strict=True):
            marked = column | free_bits
            row = duels[first]
            for second, other in zip(options, columns, strict=True):
                if second != first:
                    no_better = ((marked - other) & free_bits).bit_count()
                    row[second] += (voters - no_better) * worth
    return duels


def _rows_by_worth(
    ballots: Mapping[Ranking, int], options: Sequence[Slug]
) -> dict[int, list[bytes]]:
    """Return rows by the power of two that each counts."""
    codes = {option: _CODE + number for number, option in enumerate(options)}
    code = codes.__getitem__
    groups: dict[int, list[bytes]] = {}
    end = _CODE + len(options)
    for ranking, voters in ballots.items():
        named = bytes(map(code, chain.from_iterable(ranking)))
        strict = len(named) == len(ranking)
        places = _strict_places(len(named)) if strict else _places(map(len, ranking))
        row = bytes.maketrans(named, places)[_CODE:end]
        for worth in _powers_of_two(voters):
            groups.setdefault(worth, []).append(row)
    return groups


def _columns(rows: Sequence[bytes], options: int) -> list[int]:
    joined = b"".join(rows).translate(_UNRANKED_LAST)
    return [int.from_bytes(joined[number::options]) for number in range(options)]


@lru_cache
def _strict_places(tiers: int) -> bytes:
    return bytes(range(tiers))


def _places(sizes: Iterable[int]) -> bytes:
    """Return the place of each option of a ranking with tiers of these sizes."""
    return b"".join(bytes([place]) * size for place, size in enumerate(sizes))


@lru_cache(maxsize=4096)
def _powers_of_two(number: int) -> tuple[int, ...]:
    return tuple(1 << bit for bit in range(number.bit_length()) if number >> bit & 1)
