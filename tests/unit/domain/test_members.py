"""The register, M1 to M5: who joins and who leaves."""

import msgspec
import pytest

from backend.domain.acts import LossCause, MemberAdmitted, MemberApplied, MemberResigned
from backend.domain.entry import Entry, Proof
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Loss
from backend.domain.rulebook.rule import AssemblyParty, BodyParty
from backend.domain.rulebook.topics import Silent
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
from tests.support.model_organisation import Actor, mandate_of
from tests.support.organisations import Simulation
from tests.support.people_world import altered


def test_m1__new_pseudonym_and_key__is_entered() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    member = ledger.state.member(STRANGER.id)
    assert (member.status, member.founder, member.applied_at) == (
        "applied",
        False,
        simulation.at(),
    )
    assert ledger.state.keys[STRANGER.applicant.key] == STRANGER.id


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"member": GARDENER.id}, "member.exists"),
        ({"key": GARDENER.applicant.key}, "key.in_use"),
    ],
)
def test_m1__pseudonym_or_key_in_use__refuses(fields: dict[str, str], code: str) -> None:
    simulation, ledger = founded()
    applicant = msgspec.structs.replace(STRANGER.applicant, **fields)
    signed = simulation.signed(ledger, STRANGER, MemberApplied(applicant))
    with refused(code):
        append(ledger, signed)


def test_m1__left_and_back_with_the_old_key__refuses() -> None:
    simulation, _ = founded()
    simulation.resign(GARDENER)
    with refused("member.exists"):
        simulation.apply(GARDENER)


def test_m1__application_in_anothers_name__refuses() -> None:
    simulation, ledger = founded()
    signed = simulation.signed(ledger, GARDENER, MemberApplied(STRANGER.applicant))
    with refused("author.self", rule="psephos.membership"):
        append(ledger, signed)


def test_m1__one_field_changed_after_signing__refuses() -> None:
    simulation, ledger = founded()
    ledger.keep_key(STRANGER.id, STRANGER.key_opening)
    entry, openings = simulation.signed(ledger, STRANGER, MemberApplied(STRANGER.applicant))
    other = msgspec.structs.replace(STRANGER.applicant, person="0" * 64)
    with refused("signature.signer"):
        append(ledger, (changed(entry, applicant=other), openings))
    append(ledger, (entry, openings))


def test_m2__admitted_by_right__needs_nobody() -> None:
    _, ledger = founded()
    assert ledger.state.member(GARDENER.id).status == "active"
    assert ledger.entries[-1].by == "system"


def test_m2__admitted_by_right__takes_only_who_keeps_the_register() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    with refused("officer.required", article="6", rule="custody"):
        simulation.admit(STRANGER, officer=GARDENER)
    simulation.admit(STRANGER, officer=CHAIR)
    assert ledger.state.member(STRANGER.id).status == "active"


def test_m2__class_decided_by_the_bureau__needs_the_bureau() -> None:
    simulation, ledger = founded()
    simulation.apply(PARTNER)
    with refused("officer.required", article="7", rule="admission-collective") as caught:
        simulation.admit(PARTNER)
    assert (caught.value.expected, caught.value.found) == ("bureau", "system")
    with refused("officer.required", article="7", rule="admission-collective"):
        simulation.admit(PARTNER, officer=GARDENER)
    simulation.admit(PARTNER, officer=CHAIR)
    assert ledger.state.member(PARTNER.id).status == "active"


def test_m2__class_decided_by_an_assembly__refuses() -> None:
    rule = altered("admission-collective", by=AssemblyParty("assembly"))
    simulation, _ = founded(rules_with(rule))
    simulation.apply(PARTNER)
    with refused("admission.assembly", article="7", rule="admission-collective") as caught:
        simulation.admit(PARTNER, officer=CHAIR)
    assert caught.value.found == "assembly"


def test_m2__class_that_is_not_admitted__refuses() -> None:
    simulation, _ = founded(rules_with(altered("admission-collective", modality="must_not")))
    with refused("admission.forbidden", article="7", rule="admission-collective"):
        simulation.apply(PARTNER)


@pytest.mark.parametrize("silent", [True, False])
def test_m2__rulebook_that_does_not_say__refuses(silent: bool) -> None:  # noqa: FBT001 - parametrised
    silence = Silent(id="open", article="20", matter="admission", settled_by="The internal rules.")
    rules = [silence] if silent else []
    simulation, _ = Simulation.in_memory()
    simulation.found(rulebook=rules_with(*rules, without=["admission-collective"]))
    with refused("rule.silent" if silent else "rule.missing") as caught:
        simulation.apply(PARTNER)
    if silent:
        assert caught.value.expected == "The internal rules."


def with_objections(**fields: object) -> Rulebook:
    """Return rules under which members may object to individuals for 10 days."""
    return rules_with(altered("admission-individual", objection_days=10, **fields))


def applied(rulebook: Rulebook) -> Simulation:
    """Return the founders, and a gardener who has just applied."""
    simulation, _ = Simulation.in_memory()
    simulation.found(rulebook=rulebook)
    simulation.apply(GARDENER)
    return simulation


@pytest.mark.parametrize("days", [0, 10])
def test_m3__time_to_object_runs__refuses_admission(days: int) -> None:
    simulation = applied(with_objections())
    simulation.advance(days=days)
    with refused("admission.early", article="7", rule="admission-individual") as caught:
        simulation.admit(GARDENER)
    assert caught.value.expected == "a day after 2026-01-15"
    simulation.advance(days=11 - days)
    simulation.admit(GARDENER)


def test_m3__time_to_object_runs__refuses_a_body_too() -> None:
    simulation = applied(with_objections(by=BodyParty("bureau")))
    with refused("admission.early"):
        simulation.admit(GARDENER, officer=CHAIR)
    simulation.advance(days=11)
    simulation.admit(GARDENER, officer=CHAIR)


def test_m3__somebody_objected__right_is_not_enough() -> None:
    simulation = applied(with_objections())
    simulation.object_to(SECRETARY, GARDENER)
    simulation.advance(days=11)
    with refused("admission.objected", article="7", rule="admission-individual"):
        simulation.admit(GARDENER)


def test_m3__somebody_objected__a_body_decides() -> None:
    simulation = applied(with_objections(by=BodyParty("bureau")))
    simulation.object_to(SECRETARY, GARDENER)
    simulation.advance(days=11)
    simulation.admit(GARDENER, officer=CHAIR)


@pytest.mark.parametrize(("days", "late"), [(10, False), (11, True)])
def test_m3__objection__is_in_time_until_the_last_day(days: int, late: bool) -> None:  # noqa: FBT001 - parametrised
    simulation = applied(with_objections())
    simulation.advance(days=days)
    if late:
        with refused("admission.objection_late", article="7") as caught:
            simulation.object_to(SECRETARY, GARDENER)
        assert caught.value.expected == "by 2026-01-15"
    else:
        simulation.object_to(SECRETARY, GARDENER)


def test_m3__no_time_to_object__refuses_objections() -> None:
    simulation, _ = founded()
    simulation.apply(STRANGER)
    with refused("admission.no_objection", article="7", rule="admission-individual"):
        simulation.object_to(SECRETARY, STRANGER)


def test_m3__objection_by_an_applicant_or_to_a_member__refuses() -> None:
    simulation = applied(with_objections())
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.object_to(STRANGER, GARDENER)
    with refused("member.not_applicant"):
        simulation.object_to(SECRETARY, CHAIR)


@pytest.mark.parametrize("actor", [GARDENER, CHAIR])
def test_m4__admitting_a_member__refuses(actor: Actor) -> None:
    simulation, _ = founded()
    with refused("member.not_applicant"):
        simulation.admit(actor)


def test_m4__admitting_someone_unknown__refuses() -> None:
    simulation, _ = founded()
    with refused("member.unknown"):
        simulation.admit(STRANGER)


def test_m4__member_resigns__once_and_from_every_seat() -> None:
    simulation, ledger = founded()
    simulation.resign(TREASURER)
    assert ledger.state.member(TREASURER.id).status == "resigned"
    mandate = ledger.state.mandate(mandate_of(TREASURER))
    assert (mandate.ended_on, mandate.cause) == ("2026-01-05", "loss")
    assert ledger.state.mandate(mandate_of(CHAIR)).ended_on is None
    with refused("member.inactive"):
        simulation.resign(TREASURER)


def test_m4__applicant_or_stranger_resigns__refuses() -> None:
    simulation, _ = founded()
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.resign(STRANGER)
    with refused("member.unknown"):
        simulation.resign(Actor("nobody"))


def test_m4__resignation_in_anothers_name__refuses() -> None:
    simulation, ledger = founded()
    signed = simulation.signed(ledger, CHAIR, MemberResigned(GARDENER.id))
    with refused("author.self"):
        append(ledger, signed)


def test_m4__statutes_without_a_right_to_leave__refuses() -> None:
    simulation, _ = founded(rules_with(altered("resignation", modality="must_not")))
    with refused("loss.forbidden", article="8", rule="resignation"):
        simulation.resign(GARDENER)
    simulation, _ = founded(rules_with(without=["resignation"]))
    with refused("rule.missing"):
        simulation.resign(GARDENER)


def test_m5__death_established_by_the_bureau__ends_membership() -> None:
    simulation, ledger = founded()
    with refused("officer.required", article="8", rule="loss-death"):
        simulation.end_membership(GARDENER, SECRETARY)
    simulation.end_membership(CHAIR, SECRETARY)
    member = ledger.state.member(SECRETARY.id)
    assert (member.status, member.lost_by) == ("ended", "death")
    with refused("member.inactive"):
        simulation.end_membership(CHAIR, SECRETARY)


@pytest.mark.parametrize("cause", ["resignation", "exclusion"])
def test_m5__cause_with_an_act_of_its_own__refuses(cause: LossCause) -> None:
    simulation, _ = founded()
    with refused("loss.own_act", rule="psephos.membership"):
        simulation.end_membership(CHAIR, GARDENER, cause)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"modality": "must_not"}, "loss.forbidden"),
        ({"by": None}, "loss.nobody"),
        ({"by": AssemblyParty("assembly")}, "loss.assembly"),
        ({}, None),
    ],
)
def test_m5__rule_on_the_cause__decides_who(fields: dict[str, object], code: str | None) -> None:
    rule = Loss(
        id="arrears", article="8 bis", modality="may", cause="arrears", by=BodyParty("bureau")
    )
    simulation, _ = founded(rules_with(msgspec.structs.replace(rule, **fields)))
    if code is None:
        simulation.end_membership(CHAIR, GARDENER, "arrears")
        return
    with refused(code, article="8 bis", rule="arrears"):
        simulation.end_membership(CHAIR, GARDENER, "arrears")


def test_m5__cause_the_statutes_do_not_know__refuses() -> None:
    simulation, _ = founded()
    with refused("rule.missing") as caught:
        simulation.end_membership(CHAIR, GARDENER, "accreditation_withdrawn")
    assert caught.value.found == "loss (accreditation_withdrawn/individual)"


def test_m5__rule_of_the_class__comes_before_that_of_all() -> None:
    rule = Loss(
        id="death-partner", article="8 ter", modality="must", cause="death",
        classes=("collective",), by=AssemblyParty("assembly"),
    )  # fmt: skip
    simulation, _ = joined(rules_with(rule))
    with refused("loss.assembly", article="8 ter"):
        simulation.end_membership(CHAIR, PARTNER)
    simulation.end_membership(CHAIR, GARDENER)


@pytest.mark.parametrize("proof", [Proof(("0" * 64,)), Proof(issued_at=1)])
def test_system_act__with_a_signature_or_its_time__refuses(proof: Proof) -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    entry = Entry(simulation.at(), "system", MemberAdmitted(STRANGER.id))
    with refused("author.system"):
        ledger.append(msgspec.structs.replace(entry, proof=proof))
    ledger.append(entry)
