"""The register, R1 to R4: its lines, its fingerprint, its attestation, and itself at any past instant."""

import hashlib

import msgspec
import orjson
import pytest

from backend.domain.acts import RegisterAttested
from backend.domain.fold import evolve
from backend.domain.register import (
    Register,
    RegisterLine,
    attestation,
    fingerprint,
    format_register,
    moment_of,
    register_after,
    register_of,
)
from backend.domain.rulebook.membership import Dues
from backend.domain.state import State
from tests.support.eventful_life import play_drawn_year
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    changed,
    founded,
    joined,
    refused,
    rules_with,
)
from tests.support.literal_register import literal_register
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS, ORIGIN, Actor, mandate_of
from tests.support.model_rules import BUREAU
from tests.support.organisations import Simulation
from tests.support.people_world import altered
from tests.support.territory_world import territory

DUES = Dues(id="dues", article="24", modality="must", by=BUREAU, suspends_vote=True, grace_days=10)


def now(simulation: Simulation, ledger: MemoryLedger) -> Register:
    """Return the register as it stands."""
    return register_of(ledger.state, entry=ledger.state.size - 1, at=simulation.at())


def line(register: Register, who: Actor) -> RegisterLine:
    (found,) = (each for each in register.lines if each.member == who.id)
    return found


def test_r1__everyone_who_ever_applied__has_one_line_by_pseudonym() -> None:
    simulation, ledger = joined()
    simulation.apply(STRANGER)
    simulation.resign(GARDENER)
    simulation.end_membership(CHAIR, PARTNER)
    found = now(simulation, ledger)
    assert [each.member for each in found.lines] == sorted(
        actor.id for actor in (*FOUNDERS, GARDENER, PARTNER, STRANGER)
    )
    assert found.members() == 3
    assert (found.origin, found.entry) == (ORIGIN, ledger.state.size - 1)
    stranger, gardener, partner = (line(found, who) for who in (STRANGER, GARDENER, PARTNER))
    assert (stranger.status, stranger.since, stranger.entry) == ("applied", None, 5)
    assert (gardener.status, gardener.since, gardener.ended_by) == ("resigned", 2, "resignation")
    assert (partner.status, partner.ended_by) == ("ended", "death")
    assert line(found, CHAIR) == RegisterLine(
        member=CHAIR.id, member_class="individual", status="active", entry=0, since=0
    )


def test_r1__place__is_told() -> None:
    simulation, ledger = territory()
    assert line(now(simulation, ledger), GARDENER).place == "weir-end"


def test_r1__suspension_and_arrears__are_read_on_the_day_of_the_instant() -> None:
    simulation, ledger = founded(
        rules_with(DUES, altered("due-process", by=BUREAU), altered("sanctions", skips=True))
    )
    simulation.owe(CHAIR, GARDENER)
    simulation.accuse(CHAIR, "weir", GARDENER, measure="sanction", sanction="suspension")
    simulation.serve(CHAIR, "weir")
    simulation.reply(GARDENER, "weir")
    simulation.take_measure(CHAIR, "weir", until="2026-01-20")
    expected = {
        "2026-01-20T22:59:59.999Z": ("suspended", 4),
        "2026-01-20T23:00:00.000Z": ("in_arrears", 4),
    }
    for at, (status, members) in expected.items():
        found = register_of(ledger.state, entry=ledger.state.size - 1, at=at)
        gardener = line(found, GARDENER)
        assert (gardener.status, found.members()) == (status, members)
        assert (gardener.suspended_until, gardener.arrears_since) == ("2026-01-20", "2026-01-05")


@pytest.mark.parametrize(
    ("at", "status"),
    [("2026-01-15T12:00:00.000Z", "active"), ("2026-01-16T12:00:00.000Z", "in_arrears")],
)
def test_r1__arrears__are_a_status_once_the_days_of_grace_are_over(at: str, status: str) -> None:
    simulation, ledger = founded(rules_with(DUES))
    simulation.owe(CHAIR, GARDENER)
    assert line(register_of(ledger.state, entry=5, at=at), GARDENER).status == status


def test_r2__document__is_this_text_and_the_fingerprint_is_its_hash() -> None:
    register = Register(
        format="psephos-register/1",
        origin="example.org/river",
        entry=7,
        at="2026-01-05T09:00:00.000Z",
        lines=(
            RegisterLine(
                member="m" + "0" * 32, member_class="individual", status="ended", entry=1, since=2,
                place="mill", ended_by="merged",
            ),
        ),
    )  # fmt: skip
    content = format_register(register)
    assert content == (
        b'{"at":"2026-01-05T09:00:00.000Z","entry":7,"format":"psephos-register/1","lines":[{'
        b'"ended_by":"merged","entry":1,"member":"m00000000000000000000000000000000",'
        b'"member_class":"individual","place":"mill","since":2,"status":"ended"}],'
        b'"origin":"example.org/river"}'
    )
    assert fingerprint(register) == hashlib.sha256(content).hexdigest()


def test_r2__any_field_changed__is_another_fingerprint() -> None:
    simulation, ledger = territory()
    found = now(simulation, ledger)
    first = found.lines[0]
    others = [
        msgspec.structs.replace(found, entry=found.entry - 1),
        msgspec.structs.replace(found, at="2026-01-05T09:00:00.001Z"),
        msgspec.structs.replace(found, origin="example.org/other"),
        msgspec.structs.replace(found, lines=found.lines[1:]),
        msgspec.structs.replace(
            found, lines=(msgspec.structs.replace(first, status="suspended"), *found.lines[1:])
        ),
    ]
    assert len({fingerprint(each) for each in (found, *others)}) == len(others) + 1


def test_r3__register_as_it_stands__is_attested() -> None:
    simulation, ledger = founded()
    index = simulation.attest_register(CHAIR)
    data = ledger.entries[index].data
    assert isinstance(data, RegisterAttested)
    assert (data.at_entry, data.members) == (index - 1, 4)
    again = register_after(ledger.entries, ledger.sources, until=data.at_entry)
    assert fingerprint(again) == data.fingerprint


def test_r3__entries_that_leave_the_register_alone__do_not_make_it_stale() -> None:
    simulation, ledger = founded()
    data = attestation(ledger.state)
    simulation.propose(CHAIR, "bridge")
    simulation.advance(days=1)
    assert attestation(ledger.state) == data
    simulation.act(SECRETARY, data)
    simulation.act(CHAIR, data)


def test_r3__somebody_joined_meanwhile__refuses() -> None:
    simulation, ledger = founded()
    data = attestation(ledger.state)
    simulation.apply(STRANGER)
    with refused("register.entry") as caught:
        simulation.act(CHAIR, data)
    assert (caught.value.expected, caught.value.found) == ("3", "2")


@pytest.mark.parametrize(
    "fields", [{"members": 5}, {"fingerprint": "0" * 64}], ids=["members", "fingerprint"]
)
def test_r3__another_register__refuses(fields: dict[str, object]) -> None:
    simulation, ledger = founded()
    data = attestation(ledger.state)
    with refused("register.fingerprint") as caught:
        simulation.act(CHAIR, msgspec.structs.replace(data, **fields))
    assert caught.value.expected == f"4 members, {data.fingerprint}"
    simulation.act(CHAIR, data)


def test_r3__somebody_who_does_not_keep_the_registers__refuses() -> None:
    simulation, _ = founded()
    with refused("officer.required", rule="custody"):
        simulation.attest_register(GARDENER)
    simulation.resign_mandate(TREASURER, mandate_of(TREASURER))
    with refused("officer.required", rule="custody"):
        simulation.attest_register(TREASURER)


def test_r3__changed_after_signing__refuses() -> None:
    simulation, ledger = founded()
    signed = simulation.signed(ledger, CHAIR, attestation(ledger.state))
    with refused("register.fingerprint"):
        append(ledger, (changed(signed[0], members=3), signed[1]))
    append(ledger, signed)


@pytest.fixture(scope="module")
def year() -> MemoryLedger:
    """A year in which every act happens."""
    simulation, ledger = Simulation.in_memory()
    play_drawn_year(simulation)
    return ledger


def test_r4__at_every_entry_of_a_year__is_the_register_told_literally(year: MemoryLedger) -> None:
    state, literal = State(), literal_register(year.entries)
    for index, entry in enumerate(year.entries):
        state = evolve(state, entry, year.sources)
        found = register_of(state, entry=index, at=entry.at)
        assert {each.member: each.status for each in found.lines} == next(literal), index


@pytest.mark.parametrize("share", [0, 1, 2, 3, 4])
def test_r4__at_an_instant__is_after_the_last_entry_not_later(
    year: MemoryLedger, share: int
) -> None:
    index = (len(year.entries) - 1) * share // 4
    at = year.entries[index].at
    last = max(each for each, entry in enumerate(year.entries) if entry.at <= at)
    found = register_after(year.entries, year.sources, until=at)
    assert found == register_after(year.entries, year.sources, until=last)
    assert found.entry == last


def test_r4__before_the_founding_and_after_the_end__is_unknown(year: MemoryLedger) -> None:
    with refused("register.unknown"):
        register_after(year.entries, year.sources, until="2020-01-01T00:00:00.000Z")
    with refused("entry.unknown"):
        register_after(year.entries, year.sources, until=len(year.entries))
    assert register_after(year.entries, year.sources, until=0).members() == 3


def test_r4__attested_fingerprint_of_the_year__is_that_of_the_register_then(
    year: MemoryLedger,
) -> None:
    (data,) = (each.data for each in year.entries if isinstance(each.data, RegisterAttested))
    found = register_after(year.entries, year.sources, until=data.at_entry)
    assert (fingerprint(found), found.members()) == (data.fingerprint, data.members)


LATEST = "2026-03-29T10:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05", "2026-01-05T22:59:59.999Z"),
        ("2026-03-28", "2026-03-28T22:59:59.999Z"),
        ("2026-03-29", LATEST),
        (LATEST, LATEST),
        ("2026-03-29T09:59:59.999Z", "2026-03-29T09:59:59.999Z"),
    ],
)
def test_moment__day_or_instant__is_its_last_instant(text: str, moment: str) -> None:
    assert moment_of(text, zone="Europe/Paris", latest=LATEST) == moment


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-03-30", "register.future"),
        ("2026-03-29T10:00:00.001Z", "register.future"),
        ("2026-02-29", "day.malformed"),
        ("2026-2-28 ", "day.malformed"),
        ("2026-03-29T10:00:00Z", "instant.malformed"),
        ("", "instant.malformed"),
    ],
)
def test_moment__later_or_no_moment__refuses(text: str, code: str) -> None:
    with refused(code):
        moment_of(text, zone="Europe/Paris", latest=LATEST)


def test_document__of_a_year__is_canonical(year: MemoryLedger) -> None:
    found = register_after(year.entries, year.sources, until=len(year.entries) - 1)
    content = format_register(found)
    assert orjson.dumps(orjson.loads(content), option=orjson.OPT_SORT_KEYS) == content
    assert msgspec.json.decode(content, type=Register) == found
