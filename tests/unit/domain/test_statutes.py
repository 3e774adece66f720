"""Statutes, T1 to T4, and the founding."""

import hashlib

import msgspec
import pytest

from backend.domain.acts import Applicant, OrganisationFounded, StatutesAdopted, StatutesEffect
from backend.domain.entry import Entry
from backend.domain.rulebook import format_rulebook
from backend.domain.statutes import NO_ADDRESS, adopt, difference, difference_of
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    TREASURER,
    append,
    decided,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS, Actor, model_rulebook, stricter_rulebook
from tests.support.organisations import Simulation

VOTERS = (CHAIR, TREASURER, SECRETARY, GARDENER)
SECOND = "Article 1. The river.\nArticle 2. Its members, who care.\n"


def _founding(**fields: object) -> tuple[Simulation, MemoryLedger, OrganisationFounded]:
    """Return a founding that is not appended, with some fields changed."""
    played, source = Simulation.in_memory()
    played.found()
    simulation, ledger = Simulation.in_memory()
    ledger.sources = source.sources
    data = msgspec.structs.replace(source.entries[0].data, **fields)
    assert isinstance(data, OrganisationFounded)
    return simulation, ledger, data


def _found(
    simulation: Simulation, ledger: MemoryLedger, data: OrganisationFounded, by: Actor = CHAIR
) -> int:
    return append(ledger, simulation.signed(ledger, by, data, signers=FOUNDERS))


def _adopted(**fields: object) -> tuple[Simulation, MemoryLedger, Entry]:
    """Return the adoption of version 2 that is not appended, with some fields changed."""
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    decided(simulation, "spring", "reform")
    diff = ledger.put_document(difference_of(ledger.state, "reform", ledger.sources))
    data = msgspec.structs.replace(adopt(ledger.state, "reform", diff), **fields)
    return simulation, ledger, Entry(simulation.at(), "system", data)


def test_founding__lawful__puts_version_1_in_force() -> None:
    simulation, ledger, data = _founding()
    _found(simulation, ledger, data)
    version = ledger.state.in_force()
    assert (version.number, version.rulebook, version.adopted_at) == (
        1,
        model_rulebook(),
        simulation.at(),
    )
    assert ledger.state.founded() == data
    assert all(member.founder for member in ledger.state.members.values())


def test_founding__twice__refuses() -> None:
    simulation, ledger, data = _founding()
    _found(simulation, ledger, data)
    with refused("organisation.founded_twice"):
        _found(simulation, ledger, data)


@pytest.mark.parametrize("fields", [{"slug": "lake-coop"}, {"origin": "ledger.example/lake-coop"}])
def test_founding__origin_that_does_not_end_in_the_slug__refuses(fields: dict[str, str]) -> None:
    simulation, ledger, data = _founding(**fields)
    with refused("organisation.origin"):
        _found(simulation, ledger, data)


def test_founding__no_registry_contract__refuses() -> None:
    simulation, ledger, data = _founding()
    nowhere = msgspec.structs.replace(data.signing, contract=NO_ADDRESS)
    with refused("organisation.contract"):
        _found(simulation, ledger, msgspec.structs.replace(data, signing=nowhere))


@pytest.mark.parametrize(("field", "code"), [("member", "member.exists"), ("key", "key.in_use")])
def test_founding__two_founders_share_pseudonym_or_key__refuses(field: str, code: str) -> None:
    simulation, ledger, data = _founding()
    first, second, third = data.founders
    double: Applicant = msgspec.structs.replace(second, **{field: getattr(first, field)})
    with refused(code):
        _found(simulation, ledger, msgspec.structs.replace(data, founders=(first, double, third)))


def test_founding__no_founder_with_a_vote__refuses() -> None:
    simulation, _ = Simulation.in_memory()
    with refused("founders.no_vote", article="5", rule="vote-collective"):
        simulation.found(founders=(PARTNER,))
    simulation.found(founders=(PARTNER, CHAIR))


def test_founding__statutes_silent_on_a_founders_vote__refuses() -> None:
    simulation, _ = Simulation.in_memory()
    with refused("rule.missing"):
        simulation.found(
            founders=(CHAIR, PARTNER), rulebook=rules_with(without=["vote-collective"])
        )


def test_founding__author_who_is_not_the_first_founder__refuses() -> None:
    simulation, ledger, data = _founding()
    with refused("author.self", rule="psephos.statutes"):
        _found(simulation, ledger, data, by=TREASURER)


@pytest.mark.parametrize("field", ["rules", "rulebook"])
def test_t1__rulebook_that_hashes_to_something_else__refuses(field: str) -> None:
    simulation, ledger, data = _founding()
    value = {"rules": "0" * 64, "rulebook": data.statutes.text}[field]
    statutes = msgspec.structs.replace(data.statutes, **{field: value})
    with refused("statutes.rules_hash"):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


def test_t1__rulebook_that_does_not_parse__refuses() -> None:
    simulation, ledger, data = _founding()
    content = format_rulebook(model_rulebook()) + b"\n"
    statutes = msgspec.structs.replace(
        data.statutes,
        rulebook=ledger.put_document(content),
        rules=hashlib.sha256(content).hexdigest(),
    )
    with refused("rulebook.malformed"):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


@pytest.mark.parametrize(("text", "code"), [(b" \n", "text.empty"), (b"\xc3", "text.encoding")])
def test_t2__text_that_is_none__refuses(text: bytes, code: str) -> None:
    simulation, ledger, data = _founding()
    statutes = msgspec.structs.replace(data.statutes, text=ledger.put_document(text))
    with refused(code):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


def test_t3__adopted_motion__makes_version_2() -> None:
    simulation, ledger, entry = _adopted()
    index = ledger.append(entry)
    assert [version.number for version in ledger.state.statutes] == [1, 2]
    assert ledger.state.version(1).rulebook == model_rulebook()
    assert ledger.state.in_force().rulebook == stricter_rulebook()
    assert ledger.state.in_force().adopted_at == simulation.at()
    assert ledger.state.enacted["reform"] == index


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_t3__motion_that_was_not_adopted__refuses(status: str) -> None:
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    if status == "rejected":
        decided(simulation, "spring", "reform", voters=())
    with refused("statutes.not_adopted", rule="psephos.statutes"):
        simulation.adopt_statutes("reform")
    assert len(ledger.state.statutes) == 1


def test_t3__adopted_motion_of_another_effect__refuses() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    decided(simulation, "spring", "bridge")
    assert ledger.state.motion("bridge").status == "adopted"
    with refused("statutes.not_adopted"):
        simulation.adopt_statutes("bridge")


def test_t3__same_motion_again__refuses() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    with refused("motion.enacted"):
        simulation.adopt_statutes("reform")
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    with refused("motion.enacted"):
        ledger.append(msgspec.structs.replace(entry, data=msgspec.structs.replace(data, version=3)))


def test_t3__version_in_force_proposed_again__refuses() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    simulation.propose_statutes(CHAIR, "again", text=SECOND, rulebook=stricter_rulebook())
    decided(simulation, "summer", "again", voters=VOTERS)
    with refused("statutes.in_force"):
        simulation.adopt_statutes("again")


def test_t3__earlier_version_by_a_new_motion__is_version_3() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    first = ledger.state.version(1).statutes
    simulation.propose(CHAIR, "restore", kind="constituent", effect=lambda _: StatutesEffect(first))
    decided(simulation, "summer", "restore", voters=VOTERS)
    simulation.adopt_statutes("restore")
    assert ledger.state.in_force().statutes == first
    assert ledger.state.in_force().number == 3


@pytest.mark.parametrize("version", [3, 4])
def test_t3__version_that_is_not_the_next__refuses(version: int) -> None:
    _, ledger, entry = _adopted(version=version)
    with refused("statutes.differ"):
        ledger.append(entry)


@pytest.mark.parametrize("field", ["text", "rulebook", "rules"])
def test_t3__documents_of_another_version__refuses(field: str) -> None:
    _, ledger, entry = _adopted()
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    first = ledger.state.version(1).statutes
    other = msgspec.structs.replace(data.statutes, **{field: getattr(first, field)})
    wrong = msgspec.structs.replace(data, statutes=other)
    with refused("statutes.differ"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))


def test_t4__difference_of_other_texts__refuses() -> None:
    _, ledger, entry = _adopted()
    other = ledger.put_document(difference("a", "b", old_name="v1", new_name="v2"))
    wrong = msgspec.structs.replace(entry.data, diff=other)
    with refused("statutes.diff"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))
    nowhere = msgspec.structs.replace(entry.data, diff="bafkrei" + "a" * 52)
    with refused("document.unknown"):
        ledger.append(msgspec.structs.replace(entry, data=nowhere))


def test_t4__difference__is_this_text() -> None:
    _, ledger, entry = _adopted()
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    assert ledger.sources.document(data.diff) == (
        b"--- v1\n+++ v2\n@@ -1,2 +1,2 @@\n Article 1. The river.\n-Article 2. Its members.\n"
        b"+Article 2. Its members, who care.\n"
    )


def test_adoption__signed_by_someone__refuses() -> None:
    simulation, ledger, entry = _adopted()
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, entry.data))
    ledger.append(entry)
