"""The key of the ledger, K1 to K4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.note import NoteSigner
from anchoring.core.trust import MAX_EARLIER_KEYS
from anchoring.core.types import TreeSize
from backend.domain.acts import LogKeyRotated
from backend.domain.facts import Rotation
from backend.domain.rulebook.rule import SeatParty
from backend.services.checkpoints import signing_periods
from tests.support.governance import (
    CHAIR,
    GARDENER,
    TREASURER,
    founded,
    joined,
    refused,
    rules_with,
)
from tests.support.model_organisation import ORIGIN
from tests.support.people_world import altered


def key(number: int, *, origin: str = ORIGIN) -> str:
    return NoteSigner.from_seed(origin, bytes([number]) * 32).verifier.to_text()


def test_k1__bureau_rotates__state_names_entry_and_key() -> None:
    simulation, ledger = founded()
    first = simulation.act(CHAIR, LogKeyRotated(key(1)))
    second = simulation.act(CHAIR, LogKeyRotated(key(2)))
    assert ledger.state.rotations == (Rotation(first, key(1)), Rotation(second, key(2)))


def test_k1__member_outside_the_bureau__refuses() -> None:
    simulation, ledger = joined()
    with refused("officer.required", article="6", rule="custody"):
        simulation.act(GARDENER, LogKeyRotated(key(1)))
    assert ledger.state.rotations == ()


def test_k1__nobody_signs__refuses() -> None:
    simulation, _ = founded()
    with refused("officer.required", article="6", rule="custody"):
        simulation.system_act(lambda _: LogKeyRotated(key(1)))


def test_k1__statutes_that_name_no_keeper__refuse() -> None:
    simulation, _ = founded(rules_with(without=["custody"]))
    with refused("rule.missing"):
        simulation.act(CHAIR, LogKeyRotated(key(1)))


def test_k1__seat_that_keeps_the_registers__excludes_the_rest_of_the_body() -> None:
    custody = altered("custody", by=SeatParty("bureau", "chair"))
    simulation, ledger = founded(rules_with(custody))
    with refused("officer.required", article="6", rule="custody") as caught:
        simulation.act(TREASURER, LogKeyRotated(key(1)))
    assert caught.value.expected == "bureau (chair)"
    simulation.act(CHAIR, LogKeyRotated(key(1)))
    assert len(ledger.state.rotations) == 1


def test_k2__key_of_another_origin__refuses() -> None:
    simulation, _ = founded()
    with refused("log_key.origin"):
        simulation.act(CHAIR, LogKeyRotated(key(1, origin="ledger.example/other")))


@pytest.mark.parametrize(
    "text", [f"{ORIGIN}+00000000+A{'A' * 43}", f"{ORIGIN}+00000000+{key(1).rpartition('+')[2]}"]
)
def test_k2__what_is_no_ed25519_key__refuses(text: str) -> None:
    simulation, _ = founded()
    with refused("log_key.malformed"):
        simulation.act(CHAIR, LogKeyRotated(text))


def test_k3__key_that_was_replaced_or_is_in_use__refuses() -> None:
    simulation, _ = founded()
    simulation.act(CHAIR, LogKeyRotated(key(1)))
    with refused("log_key.used"):
        simulation.act(CHAIR, LogKeyRotated(key(1)))
    simulation.act(CHAIR, LogKeyRotated(key(2)))
    with refused("log_key.used"):
        simulation.act(CHAIR, LogKeyRotated(key(1)))


def test_k3__more_rotations_than_a_trust_file_holds__refuses() -> None:
    simulation, ledger = founded()
    for number in range(MAX_EARLIER_KEYS):
        simulation.act(CHAIR, LogKeyRotated(key(number)))
    with refused("log_key.limit"):
        simulation.act(CHAIR, LogKeyRotated(key(99)))
    assert len(ledger.state.rotations) == MAX_EARLIER_KEYS


@pytest.mark.parametrize(
    ("before", "size", "periods"),
    [
        (0, 5, (0,)),
        (0, 6, (1, 0)),
        (5, 6, (1, 0)),
        (6, 7, (1,)),
        (6, 9, (1,)),
        (6, 10, (2, 1)),
        (5, 12, (2, 1, 0)),
        (10, 12, (2,)),
    ],
)
def test_k4__checkpoint__is_signed_by_its_key_and_those_since_the_last(
    before: int, size: int, periods: tuple[int, ...]
) -> None:
    rotations = (Rotation(5, key(1)), Rotation(9, key(2)))
    found = signing_periods(rotations, before=TreeSize(before), size=TreeSize(size))
    assert found == periods


@given(
    entries=st.lists(st.integers(1, 40), unique=True, max_size=5),
    sizes=st.lists(st.integers(1, 41), unique=True, min_size=2, max_size=8),
)
def test_k4__consecutive_checkpoints__always_share_a_key(
    entries: list[int], sizes: list[int]
) -> None:
    rotations = tuple(Rotation(entry, key(entry)) for entry in sorted(entries))
    before, last = 0, 0
    for size in sorted(sizes):
        periods = signing_periods(rotations, before=TreeSize(before), size=TreeSize(size))
        assert last in periods
        assert periods[0] == len([entry for entry in entries if entry < size])
        before, last = size, periods[0]
