"""Importing a register: a table with broken rows and planted duplicates, from bytes to a committed act."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from backend.domain.acts import RegisterImported
from backend.services import imports
from backend.services.commands import Statement
from backend.services.imports import Choice, Import
from backend.services.signing_requests import statement_request
from benchmarks.figures import Figure, Target
from tests.support.http_world import World, opened
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.stored_organisations import command_of

WITHIN_S: Final = Target("value", 60)
"""Reading, comparing, signing and recording the whole table."""

_SYLLABLES: Final = tuple(map("".join, product("bdfgklmnprstv", "aeiou")))
_GIVEN: Final = (
    "Adèle", "Alice", "Anaïs", "André", "Antoine", "Bruno", "Camille", "Cécile", "Denis", "Élise", "Éric",
    "Fanny", "Félix", "Gérard", "Hélène", "Inès", "Jacques", "Julien", "Laure", "Louis", "Lucie", "Manon",
    "Marie", "Nadia", "Olga", "Paul", "Rémi", "Sami", "Simon", "Théo", "Victor", "Yann", "Zoé",
)  # fmt: skip


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RegisterSizes:
    """How much a run measures; the defaults are those of the published figures."""

    rows: int = 10_000
    """Rows of the table, those below included."""
    duplicates: int = 200
    """Rows of somebody who stands in an earlier one, half of them spelled in another way."""
    broken: int = 100
    """Rows that can be no member."""
    seed: int = 2026
    """Seed of the drawn names."""


class MissedDuplicateError(Exception):
    """A planted row was not found."""


def measure_register(folder: Path, sizes: RegisterSizes) -> list[Figure]:
    """Return how long a table takes.

    Args:
        folder: Empty folder on the disk to measure.
        sizes: How much to measure.

    Raises:
        MissedDuplicateError: The report does not name a row that was planted.
    """
    table, broken, duplicates = drawn_table(sizes)
    with opened(folder / "data") as world:
        world.found()
        archive, ports = world.container.archive, world.container.ports
        index = archive.identities(SLUG)
        state = archive.reads.state(SLUG)
        found, report_s = _timed(
            lambda: imports.report(state, index, ports.identities, SLUG, table)
        )
        missed = (broken - found.broken_rows()) | (duplicates - found.alike_rows())
        if missed:
            raise MissedDuplicateError(f"{len(missed)} rows")
        choice = Choice(found.broken_rows(), found.alike_rows())
        asked = Import(table, bytes(32), choice)
        prepared, prepare_s = _timed(
            lambda: imports.prepare(state, index, ports.identities, SLUG, asked)
        )
        statement = _signed(world, prepared.act)
        _, record_s = _timed(
            lambda: imports.record(ports, SLUG, command_of("import"), asked, statement)
        )
    others = len(found.alike_rows()) - len(duplicates)
    steps = {
        f"report on {sizes.rows:,} rows, {others} more alike by chance": report_s,
        "what is signed made ready": prepare_s,
        f"{prepared.act.count:,} members recorded in one act, durable": record_s,
    }
    figures = [Figure(name, seconds, "s") for name, seconds in steps.items()]
    return [*figures, Figure("all of it", sum(steps.values()), "s", target=WITHIN_S)]


def drawn_table(sizes: RegisterSizes) -> tuple[bytes, frozenset[int], frozenset[int]]:
    """Return a table, the numbers of its broken rows, and those of its planted duplicates."""
    draw = random.Random(sizes.seed)  # noqa: S311 - names, not secrets
    plain = sizes.rows - sizes.duplicates - sizes.broken
    people = [_person(draw) for _ in range(plain)]
    rows = [f"individual,{given} {family},{born}" for given, family, born in people]
    for number in range(sizes.duplicates):
        given, family, born = people[number * plain // sizes.duplicates]
        again = f"{family.upper()} {given}" if number % 2 else f"{given} {_misspelled(family)}"
        rows.append(f"individual,{again},{born}")
    rows += [f"individual,Sans Date {number},n/a" for number in range(sizes.broken)]
    table = "\r\n".join(("member_class,name,born", *rows)).encode()
    first, last = plain + 1, plain + sizes.duplicates
    return (
        table,
        frozenset(range(last + 1, sizes.rows + 1)),
        frozenset(range(first, last + 1)),
    )


def _signed(world: World, act: RegisterImported) -> Statement:
    author, issued_at = FOUNDERS[0], world.seconds()
    reads = world.container.archive.reads
    typed = statement_request(reads, SLUG, act, author=author.id, issued_at=issued_at)
    return Statement(author.id, issued_at, author.sign(typed))


def _timed(step: Callable[[], T]) -> tuple[T, float]:
    started = perf_counter()
    result = step()
    return result, perf_counter() - started


def _person(draw: random.Random) -> tuple[str, str, str]:
    family = "".join(draw.choices(_SYLLABLES, k=3)).capitalize() + draw.choice(("r", "n", "l", ""))
    born = f"{draw.randint(1940, 2007)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    return draw.choice(_GIVEN), family, born


def _misspelled(family: str) -> str:
    return f"{family[:3]}{family[2]}{family[3:]}"
