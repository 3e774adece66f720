"""Strategies of ballots with several options, for every kind of ballot that is not a ranking."""

from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.choices import Approved, Marks
from tests.support.contests import OPTIONS

NAMED: st.SearchStrategy[Slug] = st.sampled_from(OPTIONS)
"""Ballots that name one option."""

APPROVED: st.SearchStrategy[Approved] = st.sets(st.sampled_from(OPTIONS), min_size=1).map(
    lambda drawn: tuple(sorted(drawn))
)
"""Ballots that approve some options."""


def marks(*, lowest: int, highest: int) -> st.SearchStrategy[Marks]:
    """Return a strategy of ballots that give some options integers in a range."""
    drawn = st.dictionaries(
        st.sampled_from(OPTIONS), st.integers(lowest, highest), min_size=1, max_size=len(OPTIONS)
    )
    return drawn.map(lambda marked: tuple(sorted(marked.items())))
