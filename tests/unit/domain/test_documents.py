"""Documents that acts refer to."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from backend.domain.acts import CidText
from backend.domain.documents import documents_of
from tests.support.eventful_life import play_drawn_year
from tests.support.organisations import Simulation, play_whole_life


def _cids(value: object) -> Iterator[str]:
    """Yield whatever looks like a CID in plain data, wherever it stands."""
    if isinstance(value, dict):
        for member in value.values():
            yield from _cids(member)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _cids(item)
    else:
        try:
            yield msgspec.convert(value, CidText)
        except msgspec.ValidationError:
            return


@pytest.mark.parametrize("play", [play_whole_life, play_drawn_year])
def test_documents_of__every_act_of_a_play__are_all_it_names_and_held(
    play: Callable[[Simulation], None],
) -> None:
    simulation, ledger = Simulation.in_memory()
    play(simulation)
    named = 0
    for entry in ledger.entries:
        documents = documents_of(entry.data)
        assert sorted(documents) == sorted(_cids(msgspec.to_builtins(entry.data)))
        assert all(ledger.sources.document(cid) is not None for cid in documents)
        named += len(documents)
    assert named > 20
