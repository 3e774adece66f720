"""Electorates by place, over any tree and any homes, told by walking the tree down instead of up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from backend.domain.acts import MemberId, PlaceRegistered
from backend.domain.rulebook.membership import Levels
from backend.domain.rulebook.sessions import Session
from backend.domain.standing import belongs, electors, surroundings, voters
from backend.domain.state import State
from tests.support.governance import CHAIR, GARDENER, PARTNER, SECRETARY, TREASURER, joined, refused
from tests.support.territory_world import territorial_rules

MEMBERS = (CHAIR, TREASURER, SECRETARY, GARDENER, PARTNER)
DAY = "2026-01-05"
_, LEDGER = joined(territorial_rules())
RULES = LEDGER.state.in_force().rulebook


@st.composite
def territories(draw: st.DrawFn) -> State:
    """Return the organisation with a tree of places, each within one before it, and homes in some."""
    levels = RULES.one(Levels).levels
    places: dict[str, PlaceRegistered] = {}
    for number in range(draw(st.integers(1, 8))):
        level = draw(st.sampled_from(levels)) if places else levels[-1]
        above = [
            name
            for name, place in places.items()
            if levels.index(place.level) > levels.index(level)
        ]
        around = draw(st.sampled_from(above)) if above else None
        name = f"place-{number}"
        places[name] = PlaceRegistered(
            name, "Somewhere", level if around or not places else levels[-1], around
        )
    state = LEDGER.state
    members = state.members
    for actor in MEMBERS:
        home = draw(st.sampled_from([None, *places]))
        members = members.set(actor.id, replace(members[actor.id], place=home))
    return replace(state, places=Map(places), members=members)


def literally_in(state: State, place: str) -> set[MemberId]:
    """Return who lives in a place or in anything that lies in it, walking the tree down."""
    found = {member.id for member in state.members.values() if member.place == place}
    for name, each in state.places.items():
        if each.within == place:
            found |= literally_in(state, name)
    return found


@given(territories())
def test_electors__of_any_place__are_the_voters_who_live_in_it(state: State) -> None:
    session = RULES.one(Session, "village")
    entitled = {member.id for member in voters(state, RULES, DAY)}
    for place in state.places:
        inside = literally_in(state, place)
        assert {m.id for m in state.members.values() if belongs(state, m, place)} == inside
        found = [member.id for member in electors(state, session, RULES, DAY, place=place)]
        assert found == sorted(entitled & inside)


@given(territories())
def test_surroundings__of_any_place__climb_the_levels_and_end(state: State) -> None:
    levels = RULES.one(Levels).levels
    for place in state.places:
        ranks = [levels.index(state.place(each).level) for each in surroundings(state, place)]
        assert ranks == sorted(set(ranks))
        assert ranks[-1] == len(levels) - 1


def test_surroundings__of_an_unknown_place__refuse() -> None:
    with refused("place.unknown"):
        surroundings(LEDGER.state, "nowhere")
