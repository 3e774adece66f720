"""Who is compared with a newcomer, where many share something."""

from collections.abc import Collection, Mapping

from backend.domain.acts import MemberId
from backend.domain.identity.attributes import Facts, attributes_of
from backend.services.duplicates import MAX_COMPARED, candidates_of, nearest
from backend.services.identity import IdentityDigest, KeyedHashes, identity_digests

HASHES = KeyedHashes(bytes(32))


class MemoryIndex:
    """Implements ``IdentityIndex`` over facts in memory."""

    def __init__(self, people: Mapping[MemberId, Facts]) -> None:
        self._people = people
        self._digests = {member: digests(facts) for member, facts in people.items()}

    def holders(self, digests: Collection[bytes]) -> Mapping[bytes, tuple[MemberId, ...]]:
        return {
            digest: tuple(holding)
            for digest in digests
            if (
                holding := [
                    member
                    for member, own in self._digests.items()
                    if digest in {each.digest for each in own}
                ]
            )
        }

    def facts(self, members: Collection[MemberId]) -> Mapping[MemberId, Facts]:
        return {member: self._people[member] for member in members}


def digests(facts: Facts) -> tuple[IdentityDigest, ...]:
    return identity_digests(HASHES, "river", attributes_of(facts, "natural"))


def person(name: str, **others: str) -> dict[str, str]:
    return {"name": name, "born": "1987-03-12", **others}


def test_candidates__among_a_crowd_of_one_birthday__are_those_who_share_an_attribute() -> None:
    crowd = {f"m{number:032x}": person(f"Rose Nom{number}") for number in range(MAX_COMPARED * 2)}
    shared = f"m{'f' * 32}"
    index = MemoryIndex({**crowd, shared: person("Paul Petit", email="rose@example.org")})
    newcomer = person("Rose Bonheur", email="rose@example.org")
    found = candidates_of(index, f"m{'e' * 32}", newcomer, "natural", digests(newcomer))
    assert [(each.other, each.reasons) for each in found] == [(shared, ("born", "email"))]


def test_candidates__of_a_record_that_is_there__are_not_itself() -> None:
    rose = person("Rose Bonheur")
    index = MemoryIndex({"m0": rose})
    assert candidates_of(index, "m0", rose, "natural", digests(rose)) == ()
    assert [each.other for each in candidates_of(index, "m1", rose, "natural", digests(rose))] == [
        "m0"
    ]


def test_nearest__of_more_than_are_compared__is_bounded() -> None:
    block = IdentityDigest("block", bytes(32))
    crowd = {str(number): [block] for number in range(MAX_COMPARED + 1)}
    assert len(nearest(crowd)) == MAX_COMPARED
    assert nearest({**crowd, "far": [block, block]})[0] == "far"
    assert nearest({**crowd, "one": [IdentityDigest("phone", bytes(32))]})[0] == "one"
