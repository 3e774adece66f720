"""Who may be erased, who signs it, and what the ledger is told."""

import msgspec
import pytest

from backend.domain.acts import SYSTEM, FactsRectified, MemberResigned, PersonErased
from backend.domain.entry import Entry
from backend.domain.erasure import check_erasable, keep_days, kept_until, subject_of
from backend.domain.errors import GovernanceError
from backend.domain.rulebook.membership import DataRights
from tests.support.governance import CHAIR, GARDENER, TREASURER, founded, refused, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.organisations import Simulation

KEPT = DataRights(id="data", article="3", modality="must", rights=("erasure",), keep_days=30)
SUBJECT = subject_of(GARDENER.id, salt=bytes(32))
ASKED = PersonErased("request", TREASURER.id, SUBJECT)


def _left(*rules: DataRights) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = founded(rules_with(*rules))
    simulation.act(GARDENER, MemberResigned(GARDENER.id))
    return simulation, ledger


def test_subject__under_another_salt_or_of_another__is_another() -> None:
    others = {subject_of(CHAIR.id, salt=bytes(32)), subject_of(GARDENER.id, salt=b"\1" * 32)}
    assert SUBJECT not in others
    with pytest.raises(GovernanceError):
        subject_of(GARDENER.id, salt=b"")


@pytest.mark.parametrize("cause", ["request", "retention", "order"])
def test_erasable__who_left__is_and_a_member_is_not(cause: str) -> None:
    simulation, ledger = _left()
    at = simulation.at()
    name = msgspec.convert(cause, type=PersonErased.__annotations__["cause"])
    check_erasable(ledger.state, GARDENER.id, name, at)
    with refused("erasure.member"):
        check_erasable(ledger.state, CHAIR.id, name, at)
    with refused("member.unknown"):
        check_erasable(ledger.state, "m" + "0" * 32, name, at)


def test_kept_until__counts_days_from_the_end_and_is_silent_with_the_statutes() -> None:
    simulation, ledger = _left(KEPT)
    assert keep_days(ledger.state) == 30
    assert kept_until(ledger.state, "2026-01-05T09:00:00.000Z") == "2026-02-04"
    _, silent = _left()
    assert (keep_days(silent.state), kept_until(silent.state, simulation.at())) == (None, None)
    _, unsaid = _left(msgspec.structs.replace(KEPT, keep_days=None))
    assert keep_days(unsaid.state) is None


def test_erasure__by_the_system__needs_statutes_that_say_so() -> None:
    simulation, ledger = _left(KEPT)
    ledger.append(Entry(simulation.at(), SYSTEM, PersonErased("retention")))
    simulation, ledger = _left()
    with refused("erasure.kept"):
        ledger.append(Entry(simulation.at(), SYSTEM, PersonErased("retention")))


@pytest.mark.parametrize(
    "data",
    [
        PersonErased("request"),
        PersonErased("retention", TREASURER.id),
        PersonErased("retention", None, SUBJECT),
    ],
)
def test_erasure__by_the_system__says_nothing_else(data: PersonErased) -> None:
    simulation, ledger = _left(KEPT)
    with refused("erasure.shape"):
        ledger.append(Entry(simulation.at(), SYSTEM, data))


def test_erasure__by_two_officers__changes_nothing_that_rules_rest_on() -> None:
    simulation, ledger = _left()
    before = ledger.state
    simulation.act(CHAIR, ASKED, signers=(CHAIR, TREASURER))
    after = ledger.state
    assert (after.members, after.keys, after.mandates) == (
        before.members,
        before.keys,
        before.mandates,
    )
    assert after.size == before.size + 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (msgspec.structs.replace(ASKED, cause="retention"), "erasure.shape"),
        (msgspec.structs.replace(ASKED, second=None), "erasure.shape"),
        (msgspec.structs.replace(ASKED, subject=None), "erasure.shape"),
        (msgspec.structs.replace(ASKED, second=CHAIR.id), "erasure.second"),
        (msgspec.structs.replace(ASKED, second=GARDENER.id), "member.inactive"),
    ],
)
def test_erasure__without_two_officers_or_a_cause__is_refused(
    data: PersonErased, code: str
) -> None:
    simulation, _ = _left()
    with refused(code):
        simulation.act(CHAIR, data, signers=(CHAIR, TREASURER))


def test_erasure__signed_once__is_refused() -> None:
    simulation, _ = _left()
    with refused("signature.missing"):
        simulation.act(CHAIR, ASKED)


def test_rectification__by_a_member__is_theirs_alone() -> None:
    simulation, ledger = founded()
    before = ledger.state.members
    simulation.act(GARDENER, FactsRectified(GARDENER.id, "d0" * 32))
    assert ledger.state.members == before
    with refused("author.self"):
        simulation.act(CHAIR, FactsRectified(GARDENER.id, "d0" * 32))


def test_rectification__after_leaving__is_refused() -> None:
    simulation, _ = _left()
    with refused("facts.left"):
        simulation.act(GARDENER, FactsRectified(GARDENER.id, "d0" * 32))
