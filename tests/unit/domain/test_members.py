"""The register, M1 to M4, and who the bureau is."""

import msgspec
import pytest

from backend.domain.acts import MemberAdmitted, MemberApplied, MemberResigned
from backend.domain.entry import Entry, Proof
from backend.domain.members import active, check_bureau, eligible
from backend.domain.rulebook import Admission, Resignation, Silent, VotingRight
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
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation


def test_m1__new_pseudonym_and_key__is_entered() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    member = ledger.state.member(STRANGER.id)
    assert (member.status, member.founder) == ("applied", False)


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


def test_m2__admitted_by_right__needs_nobody() -> None:
    _, ledger = founded()
    assert ledger.state.member(GARDENER.id).status == "active"
    assert ledger.entries[-1].by == "system"


def test_m2__class_decided_by_the_bureau__needs_the_bureau() -> None:
    simulation, ledger = founded()
    simulation.apply(PARTNER)
    with refused("admission.bureau", article="7", rule="admission-collective"):
        simulation.admit(PARTNER)
    with refused("bureau.required", article="6", rule="bureau"):
        simulation.admit(PARTNER, officer=GARDENER)
    simulation.admit(PARTNER, officer=CHAIR)
    assert ledger.state.member(PARTNER.id).status == "active"


def test_m2__class_that_is_not_admitted__refuses_application_and_admission() -> None:
    denied = Admission("admission-collective", "7", "must_not", "collective", "bureau")
    simulation, _ = founded(rules_with(denied))
    with refused("admission.forbidden", article="7", rule="admission-collective"):
        simulation.apply(PARTNER)


@pytest.mark.parametrize("silent", [True, False])
def test_m2__rulebook_that_does_not_say__refuses(silent: bool) -> None:  # noqa: FBT001 - parametrised
    rules = [Silent("open", "20", "admission", "The internal rules.")] if silent else []
    simulation, _ = Simulation.in_memory()
    simulation.found(rulebook=rules_with(*rules, without=["admission-collective"]))
    if silent:
        with refused("rule.silent", article="20") as caught:
            simulation.apply(PARTNER)
        assert caught.value.expected == "The internal rules."
    else:
        with refused("rule.missing"):
            simulation.apply(PARTNER)


@pytest.mark.parametrize("actor", [GARDENER, CHAIR])
def test_m3__admitting_a_member__refuses(actor: Actor) -> None:
    simulation, _ = founded()
    with refused("member.not_applicant"):
        simulation.admit(actor)


def test_m3__admitting_someone_unknown__refuses() -> None:
    simulation, _ = founded()
    with refused("member.unknown"):
        simulation.admit(STRANGER)


def test_m3__member_resigns__once() -> None:
    simulation, ledger = founded()
    simulation.resign(GARDENER)
    assert ledger.state.member(GARDENER.id).status == "resigned"
    with refused("member.inactive"):
        simulation.resign(GARDENER)


def test_m3__applicant_or_stranger_resigns__refuses() -> None:
    simulation, _ = founded()
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.resign(STRANGER)
    with refused("member.unknown"):
        simulation.resign(Actor("nobody"))


def test_m3__resignation_in_anothers_name__refuses() -> None:
    simulation, ledger = founded()
    signed = simulation.signed(ledger, CHAIR, MemberResigned(GARDENER.id))
    with refused("author.self"):
        append(ledger, signed)


def test_m3__statutes_without_a_right_to_leave__refuses() -> None:
    simulation, _ = founded(rules_with(Resignation("resignation", "8", "must_not")))
    with refused("resignation.forbidden", article="8", rule="resignation"):
        simulation.resign(GARDENER)
    simulation, _ = founded(rules_with(without=["resignation"]))
    with refused("rule.missing"):
        simulation.resign(GARDENER)


def test_m4__class_without_vote__is_not_eligible() -> None:
    _, ledger = joined()
    rulebook = ledger.state.in_force().rulebook
    expected = sorted(actor.id for actor in (CHAIR, TREASURER, SECRETARY, GARDENER))
    assert [member.id for member in eligible(ledger.state, rulebook)] == expected
    everyone = rules_with(VotingRight("vote-collective", "5", "may", "collective"))
    assert PARTNER.id in [member.id for member in eligible(ledger.state, everyone)]


def test_m4__applicants_and_former_members__are_not_eligible() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    simulation.resign(GARDENER)
    voters = {member.id for member in eligible(ledger.state, ledger.state.in_force().rulebook)}
    assert voters == {CHAIR.id, TREASURER.id, SECRETARY.id}


def test_m4__no_rule_on_a_class_that_has_members__refuses() -> None:
    _, ledger = joined()
    rulebook = rules_with(without=["vote-collective"])
    with refused("rule.missing"):
        eligible(ledger.state, rulebook)
    _, alone = founded(rulebook)
    assert len(eligible(alone.state, rulebook)) == 4


def test_active__applicant__refuses() -> None:
    simulation, ledger = founded()
    assert active(ledger.state, GARDENER.id).id == GARDENER.id
    simulation.apply(STRANGER)
    with refused("member.inactive", rule="psephos.membership") as caught:
        active(ledger.state, STRANGER.id)
    assert caught.value.found == "applied"


def test_bureau__founder_who_left__is_out() -> None:
    simulation, ledger = founded()
    assert check_bureau(ledger.state, TREASURER.id).founder
    simulation.resign(TREASURER)
    with refused("member.inactive"):
        check_bureau(ledger.state, TREASURER.id)


def test_bureau__founder_without_vote__is_out() -> None:
    simulation, ledger = Simulation.in_memory()
    simulation.found(founders=(CHAIR, PARTNER))
    assert check_bureau(ledger.state, CHAIR.id).id == CHAIR.id
    with refused("bureau.required", article="6"):
        check_bureau(ledger.state, PARTNER.id)


def test_bureau__no_rule__refuses() -> None:
    silence = Silent("open", "21", "bureau", "An election.")
    _, ledger = founded(rules_with(silence, without=["bureau"]))
    with refused("rule.silent", article="21"):
        check_bureau(ledger.state, CHAIR.id)


@pytest.mark.parametrize("proof", [Proof(("0" * 64,)), Proof(issued_at=1)])
def test_system_act__with_a_signature_or_its_time__refuses(proof: Proof) -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    entry = Entry(simulation.at(), "system", MemberAdmitted(STRANGER.id))
    with refused("author.system"):
        ledger.append(msgspec.structs.replace(entry, proof=proof))
    ledger.append(entry)


def test_application__one_field_changed_after_signing__refuses() -> None:
    simulation, ledger = founded()
    ledger.keep_key(STRANGER.id, STRANGER.key_opening)
    entry, openings = simulation.signed(ledger, STRANGER, MemberApplied(STRANGER.applicant))
    other = msgspec.structs.replace(STRANGER.applicant, person="0" * 64)
    with refused("signature.signer"):
        append(ledger, (changed(entry, applicant=other), openings))
    append(ledger, (entry, openings))
