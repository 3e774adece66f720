"""What may stand on a ballot with several options: closed schemas, one canonical text for every choice.

A choice is committed to, signed and published as text, so each choice has exactly one: ``blank``, or

- single: the id of an option;
- approval: a JSON array of the options approved, ascending, at least one;
- marks: a JSON object from options to integers, keys ascending, without spaces;
- ranking: a JSON array of tiers, best first, each an array of options, ascending; options left out are
  unranked. Where a method knows no equal ranks every tier has one option.

Every other spelling is refused, look-alikes included: ids are ASCII and must be on the ballot.
"""

from typing import Literal

from anchoring.core.canonical import Json, canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import Slug
from backend.domain.errors import InvalidInputError
from backend.domain.methods.contest import Contest

BLANK = "blank"
"""Choice of a voter who chooses nothing on purpose; no option may have this id."""

UNDECLARED = "none"
"""What a derivation says of a casting vote that nobody gave, or that nobody can read; no option may have this
id, or a ballot that names it alone could not be told from no ballot."""

MAX_CHOICE_BYTES = 4096
"""Longest choice: ``MAX_OPTIONS`` ids of full length in any of the schemas."""

Approved = tuple[Slug, ...]
"""Options approved, ascending."""

Marks = tuple[tuple[Slug, int], ...]
"""Options with an integer each, ascending by option."""

Ranking = tuple[tuple[Slug, ...], ...]
"""Tiers of options, best first."""

BallotSchema = Literal["single", "approval", "marks", "ranking"]
"""What a ballot looks like."""


def parse_single(text: str, contest: Contest) -> Slug:
    """Read the choice of one option.

    Raises:
        InvalidInputError: ``choice.unknown``.
    """
    if text not in contest.options:
        raise _refused("choice.unknown", f"{_listed(contest.options)} or {BLANK}", text)
    return text


def parse_approved(text: str, contest: Contest) -> Approved:
    """Read the options approved.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown`` or ``choice.too_many``.
    """
    names = tuple(_option(each, contest) for each in _array(text))
    if not names or list(names) != sorted(set(names)):
        raise _refused("choice.malformed", "at least one option, ascending, each once", text)
    if contest.approvals and len(names) > contest.approvals:
        raise _refused("choice.too_many", f"at most {contest.approvals} options", str(len(names)))
    return names


def parse_marks(text: str, contest: Contest, *, lowest: int, highest: int) -> Marks:
    """Read integers for options; options left out have none.

    Args:
        text: The choice.
        contest: The options.
        lowest: Least integer.
        highest: Greatest integer.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown`` or ``choice.range``.
    """
    marks = []
    for option, mark in _object(text).items():
        if type(mark) is not int or not lowest <= mark <= highest:
            raise _refused("choice.range", f"an integer from {lowest} to {highest}", repr(mark))
        marks.append((_option(option, contest), mark))
    if not marks:
        raise _refused("choice.malformed", f"a mark for some option, or {BLANK}", text)
    return tuple(marks)


def parse_ranking(text: str, contest: Contest, *, equal: bool) -> Ranking:
    """Read a ranking; options left out are unranked.

    Args:
        text: The choice.
        contest: The options.
        equal: Whether several options may share a rank.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown`` or ``choice.equal_ranks``.
    """
    ranking = []
    for tier in _array(text):
        if not isinstance(tier, list) or not tier:
            raise _refused("choice.malformed", "tiers of at least one option", repr(tier))
        names = tuple(_option(each, contest) for each in tier)
        if list(names) != sorted(names):
            raise _refused("choice.malformed", "equal options in ascending order", repr(tier))
        if len(names) > 1 and not equal:
            raise _refused("choice.equal_ranks", "one option at each rank", ", ".join(names))
        ranking.append(names)
    ranked = [option for tier in ranking for option in tier]
    if not ranked or len(set(ranked)) != len(ranked):
        raise _refused("choice.malformed", "at least one option, each once", text)
    return tuple(ranking)


def parse_strict_ranking(text: str, contest: Contest) -> Ranking:
    """Read a ranking in which no two options share a rank; see ``parse_ranking``."""
    return parse_ranking(text, contest, equal=False)


def parse_weak_ranking(text: str, contest: Contest) -> Ranking:
    """Read a ranking in which options may share a rank; see ``parse_ranking``."""
    return parse_ranking(text, contest, equal=True)


def format_approved(approved: Approved) -> str:
    """Write the options approved."""
    return canonical_json(tuple(sorted(approved))).decode()


def format_marks(marks: Marks) -> str:
    """Write integers for options."""
    return canonical_json(dict(marks)).decode()


def format_ranking(ranking: Ranking) -> str:
    """Write a ranking."""
    return canonical_json([tuple(sorted(tier)) for tier in ranking]).decode()


def _array(text: str) -> list[Json]:
    value = _canonical(text)
    if not isinstance(value, list):
        raise _refused("choice.malformed", "a JSON array", text)
    return value


def _object(text: str) -> dict[str, Json]:
    value = _canonical(text)
    if not isinstance(value, dict):
        raise _refused("choice.malformed", "a JSON object", text)
    return value


def _canonical(text: str) -> Json:
    if len(text) > MAX_CHOICE_BYTES or not text.isascii():
        raise _refused("choice.malformed", f"at most {MAX_CHOICE_BYTES} ASCII characters", text)
    try:
        return parse_canonical(text.encode(), what="choice")
    except MalformedError as error:
        raise _refused("choice.malformed", f"a canonical choice, or {BLANK}", text) from error


def _option(value: object, contest: Contest) -> Slug:
    if not isinstance(value, str) or value not in contest.options:
        raise _refused("choice.unknown", _listed(contest.options), repr(value))
    return value


def _listed(options: tuple[Slug, ...]) -> str:
    shown = ", ".join(options[:10])
    return shown if len(options) <= 10 else f"{shown}…"


def _refused(code: str, expected: str, found: str) -> InvalidInputError:
    return InvalidInputError(code, expected=expected, found=found[:64])
