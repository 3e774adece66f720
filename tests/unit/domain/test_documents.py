"""Documents that acts refer to."""

from collections.abc import Iterator

import msgspec

from backend.domain.acts import CidText
from backend.domain.documents import documents_of
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


def test_documents_of__every_act_of_a_whole_life__are_all_it_names_and_held() -> None:
    simulation, ledger = Simulation.in_memory()
    play_whole_life(simulation)
    named = 0
    for entry in ledger.entries:
        documents = documents_of(entry.data)
        assert sorted(documents) == sorted(_cids(msgspec.to_builtins(entry.data)))
        assert all(ledger.sources.document(cid) is not None for cid in documents)
        named += len(documents)
    assert named > 20
