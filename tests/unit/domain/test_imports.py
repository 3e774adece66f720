"""Taking over a register, I1 to I3."""

import msgspec
import pytest

from anchoring.core.cid import document_cid
from backend.domain.acts import RegisterImported
from backend.domain.entry import Entry
from backend.domain.imports import MAX_IMPORT_BYTES, ImportedMember, format_import, parse_import
from backend.domain.rulebook.rule import AssemblyParty, SeatParty
from backend.domain.sources import SignatureOpening
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    append,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.people_world import altered

Signed = tuple[Entry, tuple[SignatureOpening, ...]]
PEOPLE = (Actor("oak"), Actor("elm"), Actor("ash"))


def lines(*people: Actor) -> tuple[ImportedMember, ...]:
    return tuple(
        ImportedMember(actor.id, actor.member_class, actor.applicant.person) for actor in people
    )


def signed(
    simulation: Simulation,
    ledger: MemoryLedger,
    author: Actor,
    *people: Actor,
    count: int | None = None,
) -> Signed:
    cid = ledger.put_document(format_import(lines(*people)))
    return simulation.signed(ledger, author, RegisterImported(cid, count or len(people)))


def test_i1__by_who_keeps_the_register__makes_members_without_keys() -> None:
    simulation, ledger = founded()
    index = append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE))
    for actor in PEOPLE:
        member = ledger.state.member(actor.id)
        assert (member.status, member.keys, member.founder) == ("active", (), False)
        assert member.entry == member.since == index
    assert set(ledger.state.keys.values()).isdisjoint(actor.id for actor in PEOPLE)


def test_i1__by_another_member__refuses() -> None:
    simulation, ledger = founded()
    with refused("officer.required", rule="custody"):
        append(ledger, signed(simulation, ledger, GARDENER, *PEOPLE))


def test_i1__class_that_a_seat_admits__takes_that_seat() -> None:
    admission = altered("admission-collective", by=SeatParty("bureau", "chair"))
    simulation, ledger = founded(rulebook=rules_with(admission))
    with refused("officer.required", rule="admission-collective"):
        append(ledger, signed(simulation, ledger, SECRETARY, PARTNER))
    append(ledger, signed(simulation, ledger, CHAIR, PARTNER))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"by": AssemblyParty("assembly")}, "admission.assembly"),
        ({"modality": "must_not"}, "admission.forbidden"),
    ],
)
def test_i1__class_that_nobody_in_office_admits__refuses(
    fields: dict[str, object], code: str
) -> None:
    simulation, ledger = founded(rulebook=rules_with(altered("admission-collective", **fields)))
    with refused(code, rule="admission-collective"):
        append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE, PARTNER))
    append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE))


def test_i2__pseudonym_on_the_register__refuses() -> None:
    simulation, ledger = founded()
    with refused("member.exists"):
        append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE, SECRETARY))


def test_i2__imported_twice__refuses() -> None:
    simulation, ledger = founded()
    append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE))
    with refused("member.exists"):
        append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE))


@pytest.mark.parametrize("count", [2, 4])
def test_i2__another_count__refuses(count: int) -> None:
    simulation, ledger = founded()
    with refused("import.count", rule="custody"):
        append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE, count=count))


def test_i2__document_that_is_not_held__refuses() -> None:
    simulation, ledger = founded()
    act = RegisterImported(document_cid(format_import(lines(*PEOPLE))), 3)
    with refused("document.unknown"):
        append(ledger, simulation.signed(ledger, CHAIR, act))


def test_i3__member_without_a_key__signs_nothing() -> None:
    simulation, ledger = founded()
    append(ledger, signed(simulation, ledger, CHAIR, *PEOPLE))
    with refused("key.none"):
        simulation.resign(PEOPLE[0])


def test_document__formatted_and_parsed__is_in_the_order_of_pseudonyms() -> None:
    found = parse_import(format_import(lines(*PEOPLE)))
    assert found == tuple(sorted(lines(*PEOPLE), key=lambda each: each.member))


def _document(members: list[object], **others: object) -> bytes:
    body = {"format": "psephos-import/1", "members": members, **others}
    return msgspec.json.encode(body, order="sorted")


LINE = msgspec.to_builtins(lines(PEOPLE[0])[0])


def test_document__of_one_line__is_read() -> None:
    assert parse_import(_document([LINE])) == lines(PEOPLE[0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        _document([]),
        b" " * (MAX_IMPORT_BYTES + 1),
        _document([LINE, LINE]),
        _document([LINE])[:-1],
        _document([LINE]) + b"\n",
        _document([LINE], name="Rose"),
        _document([{**LINE, "name": "Rose"}]),
        _document([{**LINE, "member": "Rose"}]),
        _document([{**LINE, "person": "00"}]),
        _document([LINE]).replace(b"import/1", b"import/2"),
    ],
)
def test_document__in_another_form__refuses(content: bytes) -> None:
    with refused("import.document"):
        parse_import(content)


def test_document__out_of_order__refuses() -> None:
    members = [msgspec.to_builtins(each) for each in lines(*PEOPLE)]
    members.sort(key=lambda each: each["member"], reverse=True)
    with refused("import.document"):
        parse_import(_document(members))
