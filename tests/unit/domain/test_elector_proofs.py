"""A voter proves to be in an electorate, and nobody proves it for anybody else."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import AgendaItem, Electorate, VoterId
from backend.domain.electorate import (
    MAX_ELECTOR_BYTES,
    ElectorProof,
    electorate_leaves,
    electorate_root,
    format_elector,
    parse_elector,
    prove_elector,
    verify_elector,
)
from backend.domain.sources import Elector
from tests.support.governance import refused
from tests.support.merkle_oracle import path
from tests.support.model_organisation import digest

DECISION = "d0" * 32
CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


def _roll(size: int, name: str = "roll") -> list[Elector]:
    return [
        Elector(
            f"m{number:032x}",
            f"v{digest(name, 'voter', str(number)).hex()[:32]}",
            digest(name, "salt", str(number)),
        )
        for number in range(size)
    ]


def _item(roll: list[Elector], decision: str = DECISION) -> tuple[AgendaItem, tuple[str, ...]]:
    leaves = electorate_leaves(roll)
    frozen = Electorate(electorate_root(leaves), len(leaves), CID)
    return AgendaItem("bridge", decision, frozen), leaves


def _proof(roll: list[Elector], number: int) -> tuple[ElectorProof, AgendaItem]:
    item, leaves = _item(roll)
    elector = roll[number]
    return prove_elector(item, leaves, voter=elector.voter, salt=elector.salt), item


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33])
def test_elector_proof__of_everyone_on_the_roll__verifies_and_is_the_literal_one(size: int) -> None:
    roll = _roll(size)
    item, leaves = _item(roll)
    for elector in roll:
        proof = prove_elector(item, leaves, voter=elector.voter, salt=elector.salt)
        verify_elector(proof, item)
        expected = path(proof.index, [bytes.fromhex(leaf) for leaf in leaves])
        assert [bytes.fromhex(sibling) for sibling in proof.path] == expected
        assert (proof.size, proof.root) == (size, item.electorate.root)


def test_elector_proof__of_nobody_on_the_roll__is_not_given() -> None:
    roll = _roll(4)
    item, leaves = _item(roll)
    for voter, salt in (
        (roll[0].voter, roll[1].salt),
        (_roll(1, "other")[0].voter, roll[0].salt),
        ("v" + "f" * 32, bytes(32)),
    ):
        with refused("elector.unknown"):
            prove_elector(item, leaves, voter=voter, salt=salt)


def test_elector_proof__of_an_electorate_of_nobody__is_not_given() -> None:
    item, leaves = _item([])
    with refused("elector.unknown"):
        prove_elector(item, leaves, voter="v" + "0" * 32, salt=bytes(32))


def test_elector_proof__salt_of_31_bytes__refuses() -> None:
    item, leaves = _item(_roll(2))
    with refused("salt.length"):
        prove_elector(item, leaves, voter="v" + "0" * 32, salt=bytes(31))


@pytest.mark.parametrize(
    "changed",
    [{"decision": "d1" * 32}, {"size": 4}, {"size": 6}, {"root": "00" * 32}],
    ids=["decision", "smaller", "larger", "root"],
)
def test_verify_elector__of_another_electorate__refuses(changed: dict[str, object]) -> None:
    proof, item = _proof(_roll(5), 2)
    verify_elector(proof, item)
    with refused("elector.electorate"):
        verify_elector(msgspec.structs.replace(proof, **changed), item)


def test_verify_elector__of_the_same_people_in_another_decision__refuses() -> None:
    proof, _ = _proof(_roll(5), 2)
    other, _ = _item(_roll(5), "d1" * 32)
    with refused("elector.electorate"):
        verify_elector(proof, other)


def test_verify_elector__index_or_length_outside_the_electorate__refuses_before_hashing() -> None:
    proof, item = _proof(_roll(5), 2)
    for changed in (
        {"index": 5},
        {"path": proof.path[:-1]},
        {"path": (*proof.path, "00" * 32)},
        {"path": ()},
    ):
        with refused("elector.shape"):
            verify_elector(msgspec.structs.replace(proof, **changed), item)


def test_verify_elector__one_thing_changed__leads_to_another_root() -> None:
    proof, item = _proof(_roll(4), 1)
    for changed in (
        {"index": (proof.index + 1) % 4},
        {"salt": "00" * 32},
        {"voter": "v" + "0" * 32},
        {"path": (proof.path[1], proof.path[0])},
        {"path": ("00" * 32, *proof.path[1:])},
    ):
        with refused("elector.proof"):
            verify_elector(msgspec.structs.replace(proof, **changed), item)


@given(size=st.integers(1, 40), data=st.data())
def test_verify_elector__any_flipped_bit_of_the_file__fails(size: int, data: st.DataObject) -> None:
    roll = _roll(size)
    proof, item = _proof(roll, data.draw(st.integers(0, size - 1)))
    content = format_elector(proof)
    assert parse_elector(content) == proof
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    flipped = bytearray(content)
    flipped[place // 8] ^= 1 << place % 8
    with pytest.raises(Exception, match=r"elector\."):
        verify_elector(parse_elector(bytes(flipped)), item)


def test_elector_file__of_the_largest_electorate__is_within_the_bound() -> None:
    proof, _ = _proof(_roll(1), 0)
    largest = msgspec.structs.replace(proof, index=999_999, size=1_000_000, path=("ff" * 32,) * 20)
    content = format_elector(largest)
    assert parse_elector(content) == largest
    assert len(content) < MAX_ELECTOR_BYTES


def test_elector_file__not_the_format__refuses() -> None:
    content = format_elector(_proof(_roll(3), 1)[0])
    members = msgspec.json.decode(content)
    longer = {**members, "path": ["00" * 32] * 21}
    for broken in (
        b"",
        content + b"\n",
        content.replace(b"elector/1", b"elector/2"),
        content.replace(b'"index":', b'"extra":1,"index":'),
        content.replace(b'"format":"psephos-elector/1",', b""),
        msgspec.json.encode(longer, order="sorted"),
        content.replace(members["salt"].encode(), members["salt"].upper().encode()),
        b" " * (MAX_ELECTOR_BYTES + 1),
    ):
        with refused("elector.malformed"):
            parse_elector(broken)


def test_elector_file__has_members_in_canonical_order() -> None:
    names = list(msgspec.json.decode(format_elector(_proof(_roll(3), 1)[0])))
    assert names == sorted(field.name for field in msgspec.structs.fields(ElectorProof))


def test_prove_elector__finds_by_leaf__whatever_the_order_of_the_roll() -> None:
    roll = _roll(9)
    item, leaves = _item(roll)
    places: dict[VoterId, int] = {
        elector.voter: prove_elector(item, leaves, voter=elector.voter, salt=elector.salt).index
        for elector in reversed(roll)
    }
    assert sorted(places.values()) == list(range(9))
