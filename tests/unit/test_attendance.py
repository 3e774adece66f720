"""How a session went, as it is shown: from the call to the quorum."""

import pytest

from backend.domain.acts import PresenceRecorded, ProxyGiven
from backend.domain.assemblies import opening_of
from backend.domain.errors import NotFoundError
from backend.services.attendance import attendance_of
from tests.support.assembly_world import OTHER, PRESIDENT, THIRD, VOTER, VOTERS, Person, World

HELD = "extraordinary"
"""A session whose quorum is half of those with a vote, present or represented."""


def _held(*there: Person) -> World:
    world = World()
    world.ready("bridge", session=HELD)
    for person in there:
        world.act(PRESIDENT, PresenceRecorded(HELD, person.id, "room"))
    return world


def test_attendance__before_the_opening__counts_and_does_not_judge() -> None:
    shown = attendance_of(_held(PRESIDENT, OTHER).state, HELD)
    assert (shown.electors, len(shown.presence)) == (len(VOTERS), 2)
    assert (shown.must_open, shown.opened, shown.quorate) == (True, None, {})
    assert shown.notice_entry is not None


@pytest.mark.parametrize(("proxies", "quorate"), [((VOTER,), True), ((), False)])
def test_attendance__opened__tells_whether_it_was_enough(
    proxies: tuple[Person, ...],
    quorate: bool,  # noqa: FBT001 - a case
) -> None:
    world = _held(PRESIDENT, OTHER)
    for person in proxies:
        world.act(person, ProxyGiven(f"proxy-{person.role}", HELD, OTHER.id))
    opening = world.act(PRESIDENT, opening_of(world.state, HELD))
    shown = attendance_of(world.state, HELD)
    assert (shown.opened_entry, shown.quorate) == (opening, {"bridge": quorate})
    assert shown.represented == {person.id: OTHER.id for person in proxies}


def test_attendance__proxy_whose_holder_is_away__represents_nobody() -> None:
    world = _held(PRESIDENT)
    world.act(VOTER, ProxyGiven("proxy", HELD, THIRD.id))
    shown = attendance_of(world.state, HELD)
    assert ([proxy.holder for proxy in shown.proxies], shown.represented) == ([THIRD.id], {})


def test_attendance__of_no_session__is_unknown() -> None:
    with pytest.raises(NotFoundError):
        attendance_of(World().state, "never")
