"""AnchorRegistry in titanoboa: the invariants of contracts/SPEC.md, one by one."""

import re

import boa
import pytest

from anchoring.core.evidence import EVENT_SIGNATURE, EVENT_TOPIC, event_data, event_topics
from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.chain_compiler import ARTEFACT, CONTRACTS, compile_registry, registry_abi
from tests.support.chain_registry import BoaRegistry
from tests.support.merkle_oracle import mth, path

ENTRIES = [b"entry %d" % n for n in range(7)]
NOT_GREATER = "AnchorRegistry: size not greater"


@pytest.fixture
def registry() -> BoaRegistry:
    return BoaRegistry()


def root(fill: int) -> RootHash:
    return RootHash(bytes([fill]) * 32)


def leaf_of(entry: bytes) -> bytes:
    return mth([entry])


def test_head__before_the_first_anchor__is_zero(registry: BoaRegistry) -> None:
    """I1."""
    assert registry.contract.head(registry.publisher) == (0, b"\0" * 24)


def test_anchor__of_a_greater_size__replaces_the_head(registry: BoaRegistry) -> None:
    """I1."""
    for size in (1, 2, 2**40, 2**64 - 1):
        head = Head(TreeSize(size), RootHash(bytes(range(32))))
        registry.anchor(head)
        assert registry.contract.head(registry.publisher) == (size, head.root[:24])


@pytest.mark.parametrize("size", [0, 1, 4, 5])
def test_anchor__of_a_size_not_greater__reverts_and_changes_nothing(
    registry: BoaRegistry, size: int
) -> None:
    """I2."""
    registry.anchor(Head(TreeSize(5), root(1)))
    with boa.reverts(NOT_GREATER):
        registry.anchor(Head(TreeSize(size), root(2)))
    assert registry.contract.head(registry.publisher) == (5, root(1)[:24])
    registry.anchor(Head(TreeSize(6), root(2)))


def test_anchor__of_the_first_size_zero__reverts(registry: BoaRegistry) -> None:
    """I2."""
    with boa.reverts(NOT_GREATER):
        registry.anchor(Head(TreeSize(0), root(1)))


def test_anchor__of_one_publisher__leaves_the_others_alone(registry: BoaRegistry) -> None:
    """I3."""
    other = boa.env.generate_address()
    registry.anchor(Head(TreeSize(5), root(1)))
    registry.contract.anchor(3, root(2), sender=other)
    assert registry.contract.head(registry.publisher) == (5, root(1)[:24])
    assert registry.contract.head(other) == (3, root(2)[:24])


def test_event__of_each_anchor__is_exactly_what_evidence_expects(registry: BoaRegistry) -> None:
    """I4."""
    previous = TreeSize(0)
    for size in (1, 2**33, 2**64 - 1):
        head = Head(TreeSize(size), root(size & 0xFF))
        registry.anchor(head)
        ((_, _, topics, data),) = registry.contract._computation.get_raw_log_entries()  # noqa: SLF001  # boa shows raw logs nowhere else
        publisher = bytes.fromhex(registry.publisher[2:])
        assert [topic.to_bytes(32, "big") for topic in topics] == event_topics(publisher)
        assert data == event_data(head, previous_size=previous)
        previous = head.size


def test_event__in_the_abi__has_the_signature_that_evidence_hashes() -> None:
    """I4."""
    (event,) = [item for item in registry_abi() if item["type"] == "event"]
    inputs = event["inputs"]
    assert isinstance(inputs, list)
    types = ",".join(field["type"] for field in inputs)
    assert f"{event['name']}({types})" == EVENT_SIGNATURE
    assert boa.eval("keccak256('Anchored(address,uint64,bytes32,uint64)')") == EVENT_TOPIC


def test_verify_inclusion__of_every_leaf__is_true(registry: BoaRegistry) -> None:
    """I5."""
    for size in range(1, len(ENTRIES) + 1):
        registry.anchor(Head(TreeSize(size), RootHash(mth(ENTRIES[:size]))))
        for index in range(size):
            assert registry.verify_inclusion(
                leaf_of(ENTRIES[index]), index=index, size=size, path=path(index, ENTRIES[:size])
            )


def test_verify_inclusion__of_one_thing_changed__is_false(registry: BoaRegistry) -> None:
    """I6."""
    registry.anchor(Head(TreeSize(7), RootHash(mth(ENTRIES))))
    leaf, proof = leaf_of(ENTRIES[4]), path(4, ENTRIES)
    assert registry.verify_inclusion(leaf, index=4, size=7, path=proof)
    wrong: list[tuple[bytes, int, int, list[bytes]]] = [
        (leaf_of(ENTRIES[5]), 4, 7, proof),
        *((leaf, index, 7, proof) for index in (0, 1, 2, 3, 5, 6, 7, 2**64 - 1)),
        *((leaf, 4, size, proof) for size in (0, 5, 6, 8, 2**64 - 1)),
        (leaf, 4, 7, proof[:-1]),
        (leaf, 4, 7, [*proof, proof[0]]),
        (leaf, 4, 7, []),
        (leaf, 4, 7, [leaf] * 64),
        (leaf, 4, 7, [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]),
        (leaf, 4, 7, list(reversed(proof))),
    ]
    for claimed_leaf, index, size, nodes in wrong:
        assert not registry.verify_inclusion(claimed_leaf, index=index, size=size, path=nodes)


def test_verify_inclusion__for_a_publisher_without_anchor__is_false(registry: BoaRegistry) -> None:
    """I6."""
    assert not registry.verify_inclusion(leaf_of(b""), index=0, size=0, path=[])
    assert not registry.verify_inclusion(leaf_of(b""), index=0, size=1, path=[])


def test_verify_inclusion__of_an_older_size__is_false(registry: BoaRegistry) -> None:
    """I6."""
    for size in (4, 7):
        registry.anchor(Head(TreeSize(size), RootHash(mth(ENTRIES[:size]))))
    assert not registry.verify_inclusion(
        leaf_of(ENTRIES[1]), index=1, size=4, path=path(1, ENTRIES[:4])
    )


def test_verify_inclusion__with_another_low_64_bits_of_root__is_still_true(
    registry: BoaRegistry,
) -> None:
    """I7: the slot keeps 192 bits of the root."""
    whole = mth(ENTRIES)
    registry.anchor(Head(TreeSize(7), RootHash(whole[:24] + b"\0" * 8)))
    proof = path(0, ENTRIES)
    assert registry.verify_inclusion(leaf_of(ENTRIES[0]), index=0, size=7, path=proof)
    registry.anchor(Head(TreeSize(8), RootHash(whole[:23] + b"\0" * 9)))
    assert not registry.verify_inclusion(leaf_of(ENTRIES[0]), index=0, size=8, path=proof)


def test_storage__after_many_anchors__is_one_slot(registry: BoaRegistry) -> None:
    """I8: what one publisher writes never grows."""
    boa.env.sstore_trace.clear()
    for size in range(1, 6):
        registry.anchor(Head(TreeSize(size), root(size)))
    ((_, slots),) = boa.env.sstore_trace.items()
    assert len(slots) == 1


def test_abi__of_the_registry__offers_no_other_way_to_write() -> None:
    """I3: no owner, no administrator, no ether."""
    functions = {
        str(item["name"]): item["stateMutability"]
        for item in registry_abi()
        if item["type"] == "function"
    }
    assert functions == {"anchor": "nonpayable", "head": "view", "verify_inclusion": "view"}


def test_artefact__of_the_source__is_the_committed_one() -> None:
    assert compile_registry() == ARTEFACT.read_text("utf-8")


def test_spec__of_each_invariant__names_a_test_that_exists() -> None:
    spec = (CONTRACTS / "SPEC.md").read_text("utf-8")
    assert re.findall(r"^\| (I\d) ", spec, re.MULTILINE) == [f"I{n}" for n in range(1, 9)]
    tests = "".join(file.read_text("utf-8") for file in CONTRACTS.parent.glob("tests/*/*.py"))
    named = set(re.findall(r"`(test_\w+)`", spec))
    assert len(named) >= 8
    assert [name for name in sorted(named) if f"def {name}(" not in tests] == []
