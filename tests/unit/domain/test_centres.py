"""Registration centres, C1 to C4: who opens them, who registers for them, whom they present."""

import msgspec
import pytest

from backend.domain.acts import ACTS, CentreOpened, MemberPresented
from backend.domain.offices import offices_of
from backend.domain.rulebook.topics import Silent
from tests.support.admission_world import CENTRES, WALKER, assembled, careful, careful_rules
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation

RUNNER, RIDER = Actor("runner"), Actor("rider")


def harbour(**fields: object) -> tuple[Simulation, MemoryLedger]:
    """Return the careful organisation with a centre for which the gardener registers."""
    simulation, ledger = careful(**fields)
    simulation.open_centre(CHAIR, "harbour", GARDENER)
    return simulation, ledger


def test_c1__centre_opened_by_who_may__is_open() -> None:
    simulation, ledger = careful()
    with refused("officer.required", article="25", rule="centres"):
        simulation.open_centre(GARDENER, "harbour", GARDENER)
    index = simulation.open_centre(CHAIR, "harbour", GARDENER)
    centre = ledger.state.centre("harbour")
    assert (centre.open, centre.correspondents, centre.entry) == (True, (GARDENER.id,), index)


@pytest.mark.parametrize("silent", [True, False])
def test_c1__statutes_that_know_no_centres__refuse(silent: bool) -> None:  # noqa: FBT001 - parametrised
    gap = Silent(id="gap", article="25", matter="centres", settled_by="The internal rules.")
    simulation, _ = assembled(rules_with(*([gap] if silent else [])))
    with refused("rule.silent" if silent else "rule.missing"):
        simulation.open_centre(CHAIR, "harbour", GARDENER)


def test_c1__id_in_use__refuses_also_after_the_closing() -> None:
    simulation, _ = harbour()
    with refused("centre.exists"):
        simulation.open_centre(CHAIR, "harbour", GARDENER)
    simulation.close_centre(CHAIR, "harbour")
    with refused("centre.exists"):
        simulation.open_centre(CHAIR, "harbour", GARDENER)


def test_c1__closed_centre__is_neither_changed_nor_closed_nor_used() -> None:
    simulation, _ = harbour()
    simulation.close_centre(CHAIR, "harbour")
    with refused("centre.closed"):
        simulation.close_centre(CHAIR, "harbour")
    with refused("centre.closed"):
        simulation.change_centre(CHAIR, "harbour", SECRETARY)
    with refused("centre.closed"):
        simulation.present(GARDENER, "harbour", WALKER)


def test_c1__unknown_centre__refuses() -> None:
    simulation, _ = careful()
    with refused("centre.unknown"):
        simulation.close_centre(CHAIR, "harbour")


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ((GARDENER, GARDENER), "centre.correspondents"),
        ((STRANGER,), "member.inactive"),
        ((WALKER,), "member.unknown"),
    ],
)
def test_c2__correspondents__are_members_named_once(listed: tuple[Actor, ...], code: str) -> None:
    simulation, _ = harbour()
    with refused(code):
        simulation.open_centre(CHAIR, "quay", *listed)
    with refused(code):
        simulation.change_centre(CHAIR, "harbour", *listed)


def test_c3__correspondent__presents_somebody_without_a_key() -> None:
    simulation, ledger = harbour()
    index = simulation.present(GARDENER, "harbour", WALKER)
    member = ledger.state.member(WALKER.id)
    assert (member.status, member.keys, member.entry) == ("applied", (), index)
    assert ledger.state.application(WALKER.id).centre == "harbour"
    assert ledger.state.centre("harbour").presented == (WALKER.id,)


def test_c3__presented__signs_nothing_without_a_key() -> None:
    simulation, _ = harbour()
    simulation.present(GARDENER, "harbour", WALKER)
    simulation.refuse(CHAIR, WALKER)
    with refused("key.none"):
        simulation.contest_refusal(WALKER)


@pytest.mark.parametrize("actor", [CHAIR, SECRETARY])
def test_c3__member_who_is_not_listed__refuses(actor: Actor) -> None:
    simulation, _ = harbour()
    with refused("centre.correspondent", article="25", rule="centres"):
        simulation.present(actor, "harbour", WALKER)


def test_c3__correspondent_of_another_centre_or_of_before__refuses() -> None:
    simulation, _ = harbour()
    simulation.open_centre(CHAIR, "quay", SECRETARY)
    with refused("centre.correspondent"):
        simulation.present(SECRETARY, "harbour", WALKER)
    simulation.change_centre(CHAIR, "harbour", SECRETARY)
    with refused("centre.correspondent"):
        simulation.present(GARDENER, "harbour", WALKER)
    simulation.present(SECRETARY, "harbour", WALKER)


def test_c3__correspondent_who_left__refuses() -> None:
    simulation, _ = harbour()
    simulation.resign(GARDENER)
    with refused("member.inactive"):
        simulation.present(GARDENER, "harbour", WALKER)


@pytest.mark.parametrize("actor", [GARDENER, STRANGER])
def test_c3__pseudonym_on_the_register__refuses(actor: Actor) -> None:
    simulation, _ = harbour()
    with refused("member.exists"):
        simulation.present(GARDENER, "harbour", actor)


def test_c3__class_that_is_not_admitted__refuses() -> None:
    simulation, _ = assembled(careful_rules(modality="must_not"))
    simulation.open_centre(CHAIR, "harbour", GARDENER)
    with refused("admission.forbidden"):
        simulation.present(GARDENER, "harbour", WALKER)


def test_c3__another_signs__refuses() -> None:
    simulation, ledger = harbour()
    data = MemberPresented(WALKER.id, "individual", WALKER.applicant.person, "harbour")
    signed = simulation.signed(ledger, GARDENER, data, signers=(SECRETARY,))
    with refused("signature.signer"):
        append(ledger, signed)


def test_c4__centre__presents_as_many_as_it_may_whatever_became_of_them() -> None:
    simulation, _ = harbour()
    simulation.present(GARDENER, "harbour", WALKER)
    simulation.present(GARDENER, "harbour", RUNNER)
    simulation.refuse(CHAIR, WALKER)
    with refused("centre.full", article="25", rule="centres") as caught:
        simulation.present(GARDENER, "harbour", RIDER)
    assert (caught.value.expected, caught.value.found) == ("2", "3")
    simulation.open_centre(CHAIR, "quay", GARDENER)
    simulation.present(GARDENER, "quay", RIDER)


def test_c4__rule_without_bound__sets_none() -> None:
    bare = msgspec.structs.replace(CENTRES, at_most=None)
    simulation, _ = assembled(rules_with(*careful_rules().rules, bare))
    simulation.open_centre(CHAIR, "harbour", GARDENER)
    for actor in (WALKER, RUNNER, RIDER):
        simulation.present(GARDENER, "harbour", actor)


def test_j1__correspondent__checks_whom_their_open_centre_presented() -> None:
    simulation, _ = harbour()
    simulation.present(GARDENER, "harbour", WALKER)
    with refused("identity.checker"):
        simulation.check_identity(GARDENER, STRANGER)
    simulation.check_identity(GARDENER, WALKER)
    simulation.close_centre(CHAIR, "harbour")
    with refused("identity.checker"):
        simulation.check_identity(GARDENER, WALKER)


def test_offices__correspondent__is_one_while_listed_open_and_a_member() -> None:
    simulation, ledger = harbour()
    day = "2026-01-05"
    assert offices_of(ledger.state, GARDENER.id, day) == {"correspondent"}
    assert offices_of(ledger.state, CHAIR.id, day) == {"keeper", "admitter"}
    assert offices_of(ledger.state, STRANGER.id, day) == frozenset()
    simulation.change_centre(CHAIR, "harbour", TREASURER)
    assert offices_of(ledger.state, GARDENER.id, day) == frozenset()
    assert "correspondent" in offices_of(ledger.state, TREASURER.id, day)
    simulation.close_centre(CHAIR, "harbour")
    assert "correspondent" not in offices_of(ledger.state, TREASURER.id, day)


def test_offices__correspondent_who_left__is_none() -> None:
    simulation, ledger = harbour()
    simulation.resign(GARDENER)
    assert offices_of(ledger.state, GARDENER.id, "2026-01-05") == frozenset()


@pytest.mark.parametrize(
    "name",
    [
        "", "x" * 201, "Harbour\nclosed", "Harbour\x00", "\u202eruobraH", "Har\u200bbour", "A\u2066B",
        "\ufeffHarbour", "Harbour\x7f", "\x1b[31mHarbour", "Harbour\u2028",
    ],
)  # fmt: skip
def test_name_of_a_centre__that_hides_what_it_is__is_no_act(name: str) -> None:
    fields = {"centre": "harbour", "name": name, "correspondents": [GARDENER.id]}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, CentreOpened)


@pytest.mark.parametrize(
    "name",
    ["Port-Exemple", "مرکز می\u200cرود", "<b>Quay</b>", "'; DROP TABLE member; --", "👩\u200d🌾"],
)
def test_name_of_a_centre__of_any_language_and_spelling__is_kept_as_it_is(name: str) -> None:
    fields = {"centre": "harbour", "name": name, "correspondents": [GARDENER.id]}
    assert msgspec.convert(fields, ACTS["centre.opened"]).name == name  # type: ignore[attr-defined]  # of this act
