"""Papers of an urn in a document of their own, where an entry is too short for all that they say."""

from collections.abc import Callable, Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.types import MAX_ENTRY_BYTES
from backend.domain.acts import UrnCounted
from backend.domain.ballots.papers import format_papers, parse_papers
from backend.domain.methods.choices import BLANK, format_ranking
from backend.domain.methods.tally import parse_tally
from tests.support.contest_world import (
    MOTION,
    paper_contest_rules,
    put_to_vote,
    result_of,
    selection,
)
from tests.support.governance import CHAIR, GARDENER, SECRETARY, TREASURER, refused
from tests.support.memory_ledger import Book
from tests.support.organisations import Simulation, put_text
from tests.support.vote_world import paper_rules, seated

VOTERS = (CHAIR, TREASURER, SECRETARY, GARDENER)
TELLERS = (CHAIR, TREASURER)
RANKED = {'[["bridge"],["weir"]]': 2, '[["weir"],["bridge"]]': 1}


def counted(
    simulation: Simulation,
    content: bytes,
    *,
    papers: int = 4,
    tally: Mapping[str, int] | None = None,
    motion: str = MOTION,
) -> int:
    """Record an urn whose papers stand in a document."""

    def urn(book: Book) -> UrnCounted:
        return UrnCounted(
            "spring",
            motion,
            tuple(teller.id for teller in TELLERS),
            papers,
            dict(tally or {}),
            put_text(book, "Counted twice."),
            book.put_document(content),
        )

    return simulation.write(CHAIR, urn, signers=TELLERS)


def test_papers__in_a_document__count_as_in_the_entry() -> None:
    found = []
    for in_document in (True, False):
        simulation, ledger = put_to_vote(
            paper_contest_rules(method="instant_runoff"),
            selection("bridge", "weir"),
            present=VOTERS,
        )
        if in_document:
            counted(simulation, format_papers(RANKED))
        else:
            simulation.count_urn(TELLERS, "spring", MOTION, RANKED, papers=4)
        simulation.advance(days=2)
        simulation.settle("spring")
        tally = parse_tally(ledger.sources.document(ledger.state.decisions[MOTION].count or ""))
        found.append((result_of(ledger), ledger.state.decisions[MOTION].chosen, tally.void))
    assert found[0] == found[1]
    assert found[0][1:] == (("bridge",), 1)


def test_papers__more_than_an_entry_holds__fit_into_a_document() -> None:
    options = [f"a-long-way-across-the-river-{number}" for number in range(6)]
    papers = {
        format_ranking(tuple((option,) for option in order)): 1 for order in permutations(options)
    }
    content = format_papers(papers)
    assert len(content) > MAX_ENTRY_BYTES
    assert parse_papers(content) == papers


def test_papers__in_both_places__are_refused() -> None:
    simulation, _ = put_to_vote(paper_contest_rules(), selection("bridge", "weir"), present=VOTERS)
    content = format_papers({"bridge": 1})
    with refused("urn.document"):
        counted(simulation, content, tally={"bridge": 1})
    counted(simulation, content)


def test_papers__of_one_proposal__stand_in_the_entry_only() -> None:
    simulation, _ = seated(paper_rules(), *VOTERS)
    with refused("urn.document"):
        counted(simulation, format_papers({"yes": 1}), motion="bridge")
    simulation.count_urn(TELLERS, "spring", "bridge", {"yes": 1, "no": 0, "abstain": 0})


@pytest.mark.parametrize(
    ("papers", "code"),
    [({"ferry": 1}, "choice.unknown"), ({"bridge": 3, BLANK: 2}, "urn.votes")],
)
def test_papers__that_no_urn_could_hold__refuse(papers: dict[str, int], code: str) -> None:
    simulation, _ = put_to_vote(paper_contest_rules(), selection("bridge", "weir"), present=VOTERS)
    with refused(code):
        counted(simulation, format_papers(papers))
    counted(simulation, format_papers({"bridge": 3, BLANK: 1}))


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.integers(1, 99)))
def test_papers__written__read_back(papers: dict[str, int]) -> None:
    assert parse_papers(format_papers(papers)) == papers


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content + b"\n",
        lambda content: content.replace(b"papers/1", b"papers/2"),
        lambda content: content.replace(b":2", b":0"),
        lambda content: content.replace(b":2", b":-2"),
        lambda content: content.replace(b":2", b":2.0"),
        lambda content: content.replace(b'{"format"', b'{"also":1,"format"'),
        lambda content: content.replace(b'"a":2', b'"a":2,"a":2'),
        lambda _: b"",
    ],
)
def test_papers__spoilt__are_refused(spoil: Callable[[bytes], bytes]) -> None:
    content = format_papers({"a": 2, "b": 1})
    assert parse_papers(content)
    with refused("papers.malformed"):
        parse_papers(spoil(content))
