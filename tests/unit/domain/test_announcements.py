"""Which letters entries give rise to, played through the acts themselves."""

from dataclasses import replace

import pytest

from backend.domain.announcements import KEY_CHANGES, Announcement, announcements
from backend.domain.letters import check_values
from backend.domain.rulebook.topics import Silent
from tests.support.admission_world import careful
from tests.support.eventful_life import play_eventful_year
from tests.support.governance import CHAIR, GARDENER, STRANGER, TREASURER, founded, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS, Actor
from tests.support.organisations import Simulation

ADDRESS = "https://river.example"
EVERYBODY = tuple(sorted(elector.id for elector in (*FOUNDERS, GARDENER)))


def told(ledger: MemoryLedger, index: int = -1) -> tuple[Announcement, ...]:
    return announcements(ledger.state, ledger.entries[index], address=ADDRESS)


@pytest.fixture
def play() -> tuple[Simulation, MemoryLedger]:
    return founded()


def test_announcements__of_a_founding__welcome_every_founder(
    play: tuple[Simulation, MemoryLedger],
) -> None:
    _, ledger = play
    found = told(ledger, 0)
    assert [each.member for each in found] == [founder.id for founder in FOUNDERS]
    assert {(each.template, each.about) for each in found} == {("welcome", "")}
    assert found[0].values == {"address": ADDRESS}


def test_announcements__of_a_call__tell_every_elector_when_what_and_how(
    play: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = play
    simulation.propose(CHAIR, "bridge")
    assert told(ledger) == ()
    simulation.propose(CHAIR, "weir")
    simulation.convene(CHAIR, "spring", "bridge", "weir")
    found = told(ledger)
    assert tuple(each.member for each in found) == EVERYBODY
    values = found[0].values
    assert (found[0].template, found[0].about) == ("convocation", "spring")
    assert values["agenda"] == "1. Motion bridge\n2. Motion weir"
    assert (values["channel"], values["zone"]) == ("remote", "Europe/Paris")
    # Nine in the morning UTC is ten in Paris in winter.
    assert values["opens"].endswith(" 10:00")
    simulation.advance(days=17)
    simulation.settle("spring")
    (closed,) = [each for each in ledger.entries if each.data.act == "assembly.closed"]
    results = announcements(ledger.state, closed, address=ADDRESS)
    assert {(each.template, each.about) for each in results} == {("results", "spring")}
    assert tuple(each.member for each in results) == EVERYBODY


def test_announcements__of_joining_and_leaving__tell_whom_it_concerns(
    play: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = play
    assert [(each.member, each.template) for index in (1, 2) for each in told(ledger, index)] == [
        (GARDENER.id, "application_received"),
        (GARDENER.id, "welcome"),
    ]
    simulation.resign(GARDENER)
    assert told(ledger) == (
        Announcement(GARDENER.id, "membership_ended", {"cause": "resignation"}),
    )


@pytest.mark.parametrize(
    ("fields", "days"), [({}, "10"), ({"appeal_days": 0}, "0"), ({"appeal_to": None}, "none")]
)
def test_announcements__of_a_refusal__tell_why_and_how_long_one_may_appeal(
    fields: dict[str, object], days: str
) -> None:
    simulation, ledger = careful(**fields)
    simulation.refuse(CHAIR, STRANGER)
    (refused,) = told(ledger)
    assert (refused.member, refused.template) == (STRANGER.id, "application_refused")
    assert refused.values["appeal_days"] == days
    assert refused.values["reasons"].startswith(f"{ADDRESS}/v1/documents/b")
    assert told(ledger, 0)[0].template == "welcome"


def test_announcements__of_a_refusal__after_statutes_fell_silent__promise_no_appeal() -> None:
    simulation, ledger = careful()
    simulation.refuse(CHAIR, STRANGER)
    version = ledger.state.in_force()
    silent = Silent(
        id="admission-individual",
        article="7",
        matter="admission",
        about=("individual",),
        settled_by="A decision",
    )
    later = replace(version, rulebook=rules_with(silent))
    state = replace(ledger.state, statutes=(later,))
    (refused,) = announcements(state, ledger.entries[-1], address=ADDRESS)
    assert refused.values["appeal_days"] == "none"


def test_announcements__of_a_key_of_ones_own__tell_its_bearer_alone(
    play: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = play
    simulation.bind(GARDENER, Actor("phone"))
    assert told(ledger) == (Announcement(GARDENER.id, "key_changed", {"change": "enrolled"}),)
    simulation.recover(CHAIR, TREASURER, GARDENER, Actor("new-phone"))
    assert told(ledger) == (Announcement(GARDENER.id, "key_changed", {"change": "recovered"}),)


def test_announcements__of_a_proceeding__tell_the_member_at_every_step(
    play: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = play
    simulation.accuse(CHAIR, "noise", GARDENER)
    assert told(ledger) == ()
    simulation.serve(CHAIR, "noise")
    (served,) = told(ledger)
    assert (served.member, served.template, served.about) == (
        GARDENER.id,
        "proceeding_served",
        "noise",
    )
    assert served.values["measure"] == "exclusion"
    assert int(served.values["reply_days"]) > 0
    assert served.values["grounds"].startswith(f"{ADDRESS}/v1/documents/b")


def test_announcements__of_a_year_in_which_everything_happened__fill_their_letters() -> None:
    simulation, ledger = Simulation.in_memory()
    play_eventful_year(simulation)
    found = [
        each
        for entry in ledger.entries
        for each in announcements(ledger.state, entry, address=ADDRESS)
    ]
    for each in found:
        check_values(each.template, each.values)
        assert each.member in ledger.state.members
    assert {each.template for each in found} >= {
        "welcome",
        "application_received",
        "membership_ended",
        "convocation",
        "second_convocation",
        "postponed",
        "results",
        "proceeding_served",
        "measure_taken",
        "appeal_answered",
        "application_refused",
        "key_changed",
    }
    changes = {each.values["change"] for each in found if each.template == "key_changed"}
    assert changes == set(KEY_CHANGES.values())
