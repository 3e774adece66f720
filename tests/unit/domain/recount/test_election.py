"""Files as bytes, kinds of files, and ids of options."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.errors import InvalidInputError
from backend.domain.methods.choices import BLANK
from backend.domain.recount.election import option_ids
from backend.domain.recount.formats import PARSERS, parse_election
from backend.domain.recount.lines import MAX_FILE_BYTES
from tests.support.ballot_files import BLT, MARKS, RANKINGS, SCOTTISH, SOI, rankings, read, refusal

FILES = [(BLT, "blt"), (SOI, "soi"), (SCOTTISH, "csv"), (RANKINGS, "csv"), (MARKS, "csv")]


@pytest.mark.parametrize(("text", "ending"), FILES)
@pytest.mark.parametrize(("mark", "end"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n")])
def test_file__with_byte_order_mark_or_other_line_ends__means_the_same(
    text: str, ending: str, mark: str, end: str
) -> None:
    assert read(mark + text.replace("\n", end), ending) == read(text, ending)


@pytest.mark.parametrize(("text", "ending"), FILES)
def test_file__with_empty_lines__means_the_same_with_other_line_numbers(
    text: str, ending: str
) -> None:
    spaced = read("\n" + text.replace("\n", "\n  \n"), ending)
    assert [each.voters for each in spaced.ballots] == [
        each.voters for each in read(text, ending).ballots
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (RANKINGS.encode("utf-16"), "1: 0xff"),
        (RANKINGS.encode("utf-16-le"), r"1: 'r\x00a\x00n"),
        (RANKINGS.replace("Ada = Cleo", "Adé").encode("latin-1"), "3: 0xe9"),
        (RANKINGS.replace("\n", "\r").encode(), r"1: 'rankings,Ada,Bede,Cleo\r40,"),
        (RANKINGS.encode() + b"1,Ada\x00\n", "6: '1,Ada\\x00'"),
    ],
)  # fmt: skip
def test_file__not_plain_utf8__is_refused_with_its_line(content: bytes, found: str) -> None:
    code, line = refusal(content, "csv")
    assert code == "recount.encoding"
    assert line.startswith(found)


@pytest.mark.parametrize("content", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", sorted(PARSERS))
def test_file__empty__is_refused(content: bytes, ending: str) -> None:
    assert refusal(content, ending) == ("recount.empty", "an empty file")


def test_file__too_long__is_refused_before_it_is_read() -> None:
    content = b"\xff" * (MAX_FILE_BYTES + 1)
    assert refusal(content, "csv") == ("recount.size", str(len(content)))
    assert refusal(content[:-1], "csv") == ("recount.encoding", "1: 0xff")


@pytest.mark.parametrize("ending", ["", "txt", "xlsx", "bltx"])
def test_file__of_another_ending__is_refused(ending: str) -> None:
    assert refusal(BLT, ending) == ("recount.format", ending)


def test_file__ending_in_capitals__is_read() -> None:
    assert rankings(read(BLT, "BLT")) == rankings(read(BLT, "blt"))


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("Éloïse d'Arc", "ELOISE D ARC"), ("eloise-d-arc", "eloise-d-arc-2")),
        (("Blank", "Χάρης", "李"), ("blank-2", "option", "option-2")),
        (("a", "a-2", "A"), ("a", "a-2", "a-3")),
        (("  --x--  ", "9/10"), ("x", "9-10")),
    ],
)
def test_option_ids__of_names_alike__differ(names: tuple[str, ...], ids: tuple[str, ...]) -> None:
    assert option_ids(names) == ids


@given(st.lists(st.text(max_size=80), max_size=12))
@example(["x" * 80, "x" * 81])
def test_option_ids__of_any_names__are_different_slugs(names: list[str]) -> None:
    ids = option_ids(names)
    assert len(set(ids)) == len(names)
    assert BLANK not in ids
    for each in ids:
        assert msgspec.convert(each, Slug) == each


@given(st.binary(max_size=200), st.sampled_from(sorted(PARSERS)))
def test_parse_election__of_any_bytes__reads_or_refuses(content: bytes, ending: str) -> None:
    check(content, ending)


@given(st.text("0123456789 =-,;:{}#\"'\nabc", max_size=60), st.sampled_from(sorted(PARSERS)))
@example('2 1\n1 1 0\n0\n"a"\n"b"\n', "blt")
@example("rankings,a\n1,a\n", "csv")
def test_parse_election__of_any_text_of_such_files__reads_or_refuses(
    text: str, ending: str
) -> None:
    check(text.encode(), ending)


def check(content: bytes, ending: str) -> None:
    """No other error escapes, and what is read is whole."""
    with suppress(InvalidInputError):
        election = parse_election(content, ending)
        assert election.names
        assert all(each.voters > 0 for each in election.ballots)
