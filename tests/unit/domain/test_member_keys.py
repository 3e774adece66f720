"""The keys of members, J1 to J7, and the rule S4 for members with several."""

from dataclasses import replace

import pytest

from backend.domain.acts import (
    CommonsRegistered,
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MandateResigned,
    RepresentativeNamed,
)
from backend.domain.errors import GovernanceError
from backend.domain.fold.members import put_member
from backend.domain.lawfulness import check
from backend.domain.member_keys import MAX_MEMBER_KEYS
from backend.domain.messages import LANGUAGES, message
from backend.domain.rulebook.rule import SeatParty
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
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import PASSKEY_DOMAIN, Actor, mandate_of
from tests.support.organisations import Simulation
from tests.support.people_world import altered

PHONE, LAPTOP, TABLET = Actor("phone"), Actor("laptop"), Actor("tablet")
"""Devices that are bound to members."""

PASSKEY = Actor("passkey", device="ES256")
"""A device of another kind."""

CUSTODY = {"article": "6", "rule": "custody"}
"""The rule on who keeps the registers."""


def key_of(device: Actor) -> str:
    return device.applicant.key


def act_with(simulation: Simulation, member: Actor, device: Actor, name: str = "weir") -> int:
    """Have a member act with a device."""
    return simulation.write(
        member,
        lambda book: CommonsRegistered(name, "The weir", book.put_document(b"About.\n")),
        signers=(device,),
    )


def without_keys(ledger: MemoryLedger, member: Actor) -> None:
    """Make a member one who came without a key, as on paper."""
    found = ledger.state.member(member.id)
    ledger.states[-1] = put_member(ledger.state, replace(found, keys=()))


def test_j1__somebody_who_is_no_member__refuses() -> None:
    simulation, _ = founded()
    simulation.apply(PARTNER)
    with refused("member.inactive"):
        simulation.bind(PARTNER, PHONE)
    with refused("member.unknown"):
        simulation.bind(STRANGER, PHONE)


@pytest.mark.parametrize("taken", [GARDENER, CHAIR], ids=["own", "another's"])
def test_j1__commitment_that_was_bound_before__refuses(taken: Actor) -> None:
    simulation, _ = founded()
    with refused("key.in_use"):
        simulation.bind(GARDENER, taken)


def test_j1__commitment_that_was_revoked__does_not_come_again() -> None:
    simulation, _ = founded()
    simulation.bind(GARDENER, PHONE)
    simulation.revoke(GARDENER, PHONE)
    with refused("key.in_use"):
        simulation.bind(GARDENER, PHONE)
    with refused("key.in_use"):
        simulation.bind(CHAIR, PHONE)


def test_j2__second_key__signs_as_the_first_does() -> None:
    simulation, ledger = founded()
    index = simulation.bind(GARDENER, PHONE)
    member = ledger.state.member(GARDENER.id)
    assert member.keys == (key_of(GARDENER), key_of(PHONE))
    assert ledger.state.key_entries[key_of(PHONE)] == index
    assert ledger.state.keys[key_of(PHONE)] == GARDENER.id
    act_with(simulation, GARDENER, PHONE, "by-phone")
    act_with(simulation, GARDENER, GARDENER, "by-wallet")
    simulation.bind(GARDENER, LAPTOP, hand=PHONE)


def test_j2__passkey_beside_a_wallet__signs_too() -> None:
    simulation, _ = founded(signing=PASSKEY_DOMAIN)
    simulation.bind(GARDENER, PASSKEY)
    act_with(simulation, GARDENER, PASSKEY, "by-passkey")
    act_with(simulation, GARDENER, GARDENER, "by-wallet")


def test_j2__without_a_signature_of_the_new_key__refuses() -> None:
    simulation, ledger = founded()
    ledger.keep_key(GARDENER.id, PHONE.key_opening)
    data = KeyBound(GARDENER.id, key_of(PHONE))
    with refused("signature.missing"):
        simulation.act(GARDENER, data)
    for signers in ((GARDENER, GARDENER), (GARDENER, LAPTOP), (PHONE, GARDENER), (PHONE, PHONE)):
        with refused("signature.signer"):
            simulation.act(GARDENER, data, signers=signers)
    simulation.act(GARDENER, data, signers=(GARDENER, PHONE))


def test_j2__key_of_somebody_else__neither_acts_nor_binds() -> None:
    simulation, _ = founded()
    with refused("signature.signer"):
        simulation.bind(GARDENER, PHONE, hand=CHAIR)
    with refused("signature.signer"):
        act_with(simulation, GARDENER, CHAIR)


def test_j2__for_another_member__refuses() -> None:
    simulation, ledger = founded()
    ledger.keep_key(GARDENER.id, PHONE.key_opening)
    data = KeyBound(GARDENER.id, key_of(PHONE))
    with refused("author.self"):
        simulation.act(CHAIR, data, signers=(CHAIR, PHONE))


def test_j2__one_key_more_than_there_may_be__refuses() -> None:
    simulation, ledger = founded()
    devices = [Actor(f"device-{number}") for number in range(MAX_MEMBER_KEYS)]
    for device in devices[:-1]:
        simulation.bind(GARDENER, device)
    assert len(ledger.state.member(GARDENER.id).keys) == MAX_MEMBER_KEYS
    with refused("key.limit"):
        simulation.bind(GARDENER, devices[-1])
    simulation.revoke(GARDENER, devices[0])
    simulation.bind(GARDENER, devices[-1])


@pytest.mark.parametrize("hand", [GARDENER, PHONE], ids=["another key", "the key that ends"])
def test_j3__revoked_key__signs_no_more(hand: Actor) -> None:
    simulation, ledger = founded()
    simulation.bind(GARDENER, PHONE)
    act_with(simulation, GARDENER, PHONE, "before")
    simulation.revoke(GARDENER, PHONE, hand=hand)
    member = ledger.state.member(GARDENER.id)
    assert (member.keys, member.former_keys) == ((key_of(GARDENER),), (key_of(PHONE),))
    with refused("signature.signer"):
        act_with(simulation, GARDENER, PHONE, "after")
    with refused("signature.signer"):
        simulation.bind(GARDENER, LAPTOP, hand=PHONE)
    act_with(simulation, GARDENER, GARDENER, "after")


def test_j3__last_key__is_never_revoked() -> None:
    simulation, _ = founded()
    with refused("key.last", rule="psephos.member_keys"):
        simulation.revoke(GARDENER, GARDENER)
    simulation.bind(GARDENER, PHONE)
    simulation.revoke(GARDENER, GARDENER)
    with refused("key.last"):
        simulation.revoke(GARDENER, PHONE, hand=PHONE)


@pytest.mark.parametrize("device", [LAPTOP, CHAIR, PHONE], ids=["unknown", "another's", "ended"])
def test_j3__key_that_is_not_in_force__refuses(device: Actor) -> None:
    simulation, _ = founded()
    simulation.bind(GARDENER, PHONE)
    simulation.bind(GARDENER, TABLET)
    simulation.revoke(GARDENER, PHONE)
    with refused("key.not_in_force"):
        simulation.revoke(GARDENER, device)


def test_j3__by_somebody_else__refuses() -> None:
    simulation, _ = founded()
    simulation.bind(GARDENER, PHONE)
    with refused("signature.signer"):
        simulation.revoke(GARDENER, PHONE, hand=CHAIR)
    with refused("author.self"):
        simulation.act(CHAIR, KeyRevoked(GARDENER.id, key_of(PHONE)))


def test_j4__member_without_a_key__gets_the_first_and_acts() -> None:
    simulation, ledger = founded()
    without_keys(ledger, GARDENER)
    with refused("key.none"):
        act_with(simulation, GARDENER, GARDENER)
    simulation.enrol(CHAIR, GARDENER, PHONE)
    assert ledger.state.member(GARDENER.id).keys == (key_of(PHONE),)
    act_with(simulation, GARDENER, PHONE)


def test_j4__second_enrolment_of_a_member__refuses() -> None:
    simulation, ledger = founded()
    without_keys(ledger, GARDENER)
    simulation.enrol(CHAIR, GARDENER, PHONE)
    with refused("key.present"):
        simulation.enrol(TREASURER, GARDENER, LAPTOP)


def test_j4__officer_enrols_a_key_of_their_own__refuses() -> None:
    simulation, ledger = founded()
    without_keys(ledger, CHAIR)
    with refused("officer.oneself", **CUSTODY):
        simulation.enrol(CHAIR, CHAIR, PHONE)
    simulation.enrol(TREASURER, CHAIR, PHONE)


def test_j4__who_keeps_no_registers__refuses() -> None:
    simulation, ledger = joined()
    without_keys(ledger, PARTNER)
    with refused("officer.required", **CUSTODY):
        simulation.enrol(GARDENER, PARTNER, PHONE)


def test_j4__signatures_in_another_order_or_of_others__refuse() -> None:
    simulation, ledger = founded()
    without_keys(ledger, GARDENER)
    ledger.keep_key(GARDENER.id, PHONE.key_opening)
    data = KeyEnrolled(GARDENER.id, key_of(PHONE))
    for signers in ((CHAIR, PHONE), (LAPTOP, CHAIR), (PHONE, TREASURER)):
        with refused("signature.signer"):
            simulation.act(CHAIR, data, signers=signers)
    simulation.act(CHAIR, data, signers=(PHONE, CHAIR))


def test_j5__recovered_member__has_the_new_key_alone() -> None:
    simulation, ledger = founded()
    simulation.bind(GARDENER, PHONE)
    simulation.recover(CHAIR, SECRETARY, GARDENER, LAPTOP)
    member = ledger.state.member(GARDENER.id)
    assert member.keys == (key_of(LAPTOP),)
    assert member.former_keys == (key_of(GARDENER), key_of(PHONE))
    for lost in (GARDENER, PHONE):
        with refused("signature.signer"):
            act_with(simulation, GARDENER, lost)
    act_with(simulation, GARDENER, LAPTOP)


def test_j5__one_officer_twice__refuses() -> None:
    simulation, _ = founded()
    with refused("officer.twice", **CUSTODY):
        simulation.recover(CHAIR, CHAIR, GARDENER, LAPTOP)


@pytest.mark.parametrize("officers", [(CHAIR, TREASURER), (TREASURER, CHAIR)])
def test_j5__officer_recovers_their_own_keys__refuses(officers: tuple[Actor, Actor]) -> None:
    simulation, _ = founded()
    with refused("officer.oneself", **CUSTODY):
        simulation.recover(*officers, CHAIR, LAPTOP)
    simulation.recover(TREASURER, SECRETARY, CHAIR, LAPTOP)


@pytest.mark.parametrize("officers", [(CHAIR, GARDENER), (GARDENER, CHAIR)])
def test_j5__somebody_outside_the_body__refuses(officers: tuple[Actor, Actor]) -> None:
    simulation, _ = joined()
    with refused("officer.required", **CUSTODY):
        simulation.recover(*officers, PARTNER, LAPTOP)


def test_j5__mandate_that_ended_yesterday__refuses() -> None:
    simulation, _ = founded()
    simulation.recover(CHAIR, SECRETARY, GARDENER, LAPTOP)
    simulation.act(SECRETARY, MandateResigned(mandate_of(SECRETARY)))
    simulation.advance(days=1)
    with refused("officer.required", **CUSTODY) as caught:
        simulation.recover(CHAIR, SECRETARY, GARDENER, PHONE)
    assert caught.value.found == SECRETARY.id
    simulation.recover(CHAIR, TREASURER, GARDENER, PHONE)


def test_j5__signatures_of_others__refuse() -> None:
    simulation, ledger = founded()
    ledger.keep_key(GARDENER.id, LAPTOP.key_opening)
    data = KeysRecovered(GARDENER.id, key_of(LAPTOP), SECRETARY.id)
    for signers in (
        (CHAIR, TREASURER, LAPTOP),
        (CHAIR, CHAIR, LAPTOP),
        (SECRETARY, CHAIR, LAPTOP),
        (CHAIR, SECRETARY, GARDENER),
    ):
        with refused("signature.signer"):
            simulation.act(CHAIR, data, signers=signers)
    with refused("signature.missing"):
        simulation.act(CHAIR, data, signers=(CHAIR, LAPTOP))
    simulation.act(CHAIR, data, signers=(CHAIR, SECRETARY, LAPTOP))


def test_j5__custody_of_a_single_seat__says_who_is_missing() -> None:
    custody = altered("custody", by=SeatParty("bureau", "chair"))
    simulation, ledger = founded(rules_with(custody))
    with refused("recovery.keepers", **CUSTODY) as caught:
        simulation.recover(CHAIR, SECRETARY, GARDENER, LAPTOP)
    assert (caught.value.expected, caught.value.found) == (
        "two others who keep the registers: bureau (chair)",
        "1",
    )
    for language in LANGUAGES:
        assert "1" in message(caught.value, language).detail
    with refused("recovery.keepers") as caught:
        simulation.recover(TREASURER, SECRETARY, CHAIR, LAPTOP)
    assert caught.value.found == "0"
    without_keys(ledger, GARDENER)
    simulation.enrol(CHAIR, GARDENER, PHONE)


def test_j5__seat_with_two_holders__recovers_through_both() -> None:
    custody = altered("custody", by=SeatParty("bureau", "member"))
    simulation, _ = founded(rules_with(custody))
    with refused("officer.required", **CUSTODY):
        simulation.recover(CHAIR, SECRETARY, GARDENER, LAPTOP)
    simulation.recover(TREASURER, SECRETARY, GARDENER, LAPTOP)


def test_j6__representative__alone_acts_for_the_organisation() -> None:
    simulation, ledger = joined()
    simulation.represent(PARTNER, PHONE)
    assert ledger.state.member(PARTNER.id).keys == (key_of(PHONE),)
    with refused("signature.signer"):
        act_with(simulation, PARTNER, PARTNER)
    act_with(simulation, PARTNER, PHONE)
    simulation.represent(PARTNER, LAPTOP, hand=PHONE)
    with refused("signature.signer"):
        simulation.represent(PARTNER, TABLET, hand=PHONE)


def test_j6__natural_person__has_no_representative() -> None:
    simulation, _ = founded()
    with refused("representative.natural") as caught:
        simulation.represent(GARDENER, PHONE)
    assert caught.value.found == "individual"


def test_j6__by_somebody_else_or_without_the_representative__refuses() -> None:
    simulation, ledger = joined()
    with refused("signature.signer"):
        simulation.represent(PARTNER, PHONE, hand=CHAIR)
    ledger.keep_key(PARTNER.id, PHONE.key_opening)
    data = RepresentativeNamed(PARTNER.id, key_of(PHONE), PHONE.applicant.person)
    with refused("author.self"):
        simulation.act(CHAIR, data, signers=(CHAIR, PHONE))
    with refused("signature.missing"):
        simulation.act(PARTNER, data)
    with refused("signature.signer"):
        simulation.act(PARTNER, data, signers=(PARTNER, PARTNER))


def test_j7__officer_who_is_suspended__refuses_until_it_is_over() -> None:
    simulation, ledger = founded()
    chair = ledger.state.member(CHAIR.id)
    until = replace(chair, suspended_until=f"{simulation.now:%Y-%m-%d}")
    ledger.states[-1] = put_member(ledger.state, until)
    for officers in ((CHAIR, SECRETARY), (SECRETARY, CHAIR)):
        with refused("officer.suspended", **CUSTODY):
            simulation.recover(*officers, GARDENER, LAPTOP)
    simulation.advance(days=1)
    simulation.recover(CHAIR, SECRETARY, GARDENER, LAPTOP)


@pytest.mark.parametrize("field", ["member", "key", "second"])
def test_recovery__any_field_changed_after_signing__refuses(field: str) -> None:
    simulation, ledger = founded()
    for device in (LAPTOP, PHONE):
        ledger.keep_key(GARDENER.id, device.key_opening)
    data = KeysRecovered(GARDENER.id, key_of(LAPTOP), SECRETARY.id)
    entry, openings = simulation.signed(ledger, CHAIR, data, signers=(CHAIR, SECRETARY, LAPTOP))
    other = {"member": SECRETARY.id, "key": key_of(PHONE), "second": TREASURER.id}
    with pytest.raises(GovernanceError):
        append(ledger, (changed(entry, **{field: other[field]}), openings))
    append(ledger, (entry, openings))


def test_s4__one_of_two_keys_erased__tells_what_it_can() -> None:
    simulation, ledger = founded()
    simulation.bind(GARDENER, PHONE)
    by_phone = act_with(simulation, GARDENER, PHONE, "by-phone")
    by_wallet = act_with(simulation, GARDENER, GARDENER, "by-wallet")
    del ledger.sources.keys[key_of(GARDENER)]
    told = [
        check(ledger.states[index], ledger.entries[index], ledger.sources)
        for index in (by_phone, by_wallet)
    ]
    assert told == [0, 1]


def test_s4__after_a_revocation__earlier_entries_stay_signed() -> None:
    simulation, ledger = founded()
    simulation.bind(GARDENER, PHONE)
    before = act_with(simulation, GARDENER, PHONE, "before")
    simulation.revoke(GARDENER, PHONE)
    assert check(ledger.states[before], ledger.entries[before], ledger.sources) == 0


def test_s4__revoked_key_erased__its_entries_count_as_redacted_and_new_ones_as_signed() -> None:
    simulation, ledger = founded()
    bound = simulation.bind(GARDENER, PHONE)
    before = act_with(simulation, GARDENER, PHONE, "before")
    simulation.revoke(GARDENER, PHONE)
    after = act_with(simulation, GARDENER, GARDENER, "after")
    del ledger.sources.keys[key_of(PHONE)]
    told = [
        check(ledger.states[index], ledger.entries[index], ledger.sources)
        for index in (bound, before, after)
    ]
    assert told == [1, 1, 0]
