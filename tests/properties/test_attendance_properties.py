"""Attendance and proxies, in any order: nobody counts twice, nobody counts who has no vote."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import PresenceRecorded, ProxyGiven
from backend.domain.assemblies import opening_of, present, represented
from backend.domain.errors import GovernanceError
from backend.domain.rulebook.sessions import Proxies
from tests.support.assembly_world import MEMBERS, VOTERS, Person, World, altered, rules_with

RULES = rules_with(altered(Proxies, "proxies", cap=None, holder="member"))
PLACES: st.SearchStrategy[Literal["room", "excused"]] = st.sampled_from(("room", "excused"))

attempts = st.lists(
    st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS), PLACES, st.booleans()),
    max_size=14,
)


@given(attempts)
def test_opening__any_attendance__adds_up_to_people(
    made: list[tuple[Person, Person, Literal["room", "excused"], bool]],
) -> None:
    world = World(RULES)
    world.ready("bridge")
    for number, (first, second, place, gives) in enumerate(made):
        try:
            if gives:
                world.act(first, ProxyGiven(f"proxy-{number}", "annual", second.id))
            else:
                world.act(first, PresenceRecorded("annual", first.id, place))
        except GovernanceError:
            continue
    opening = opening_of(world.state, "annual")
    there = present(world.state.assembly("annual"))
    stood_for = represented(world.state, "annual")
    assert opening.entitled == len(VOTERS)
    assert opening.present + opening.represented <= opening.entitled
    assert not there & set(stood_for)
    assert set(stood_for) <= {person.id for person in VOTERS}
    attendance = world.state.assembly("annual").presence
    assert all(attendance[holder] == "room" for holder in stood_for.values())
