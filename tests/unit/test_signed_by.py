"""Which key of a member made a signature that comes without its key."""

import pytest

from backend.domain.acts import MemberResigned
from backend.domain.contract_accounts import ContractSignature
from backend.domain.errors import NotFoundError
from backend.domain.signing import statement_typed_data, typed_data_digest
from backend.services.commands import Signed, signed_by
from backend.services.contract_accounts import Unconfirmed, UnconfirmedError
from tests.support.governance import GARDENER, STRANGER, founded
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import PASSKEY_DOMAIN, Actor

PHONE, PASSKEY = Actor("phone"), Actor("passkey", device="ES256")
TABLET = Actor("tablet", device="EdDSA")


def ledger_with(*devices: Actor) -> MemoryLedger:
    """Return a ledger whose gardener has bound some devices beside the first key."""
    simulation, ledger = founded(signing=PASSKEY_DOMAIN)
    for device in devices:
        simulation.bind(GARDENER, device)
    return ledger


TYPED = statement_typed_data(
    ledger_with().state.founded(),
    author=GARDENER.id,
    data=MemberResigned(GARDENER.id),
    issued_at=1,
)
"""What was to be signed."""


def no_chain(asked: Unconfirmed) -> ContractSignature:
    """Ask nobody: no key here is a contract account."""
    raise UnconfirmedError(asked)


def found(ledger: MemoryLedger, signature: bytes, member: str = GARDENER.id) -> Signed:
    digest = typed_data_digest(TYPED)
    return signed_by(
        ledger.state, ledger.sources, member, signature, lambda: digest, confirmed=no_chain
    )


@pytest.mark.parametrize("device", [GARDENER, PHONE, PASSKEY, TABLET], ids=lambda each: each.role)
def test_signed_by__each_of_several_keys__is_found(device: Actor) -> None:
    ledger = ledger_with(PHONE, PASSKEY, TABLET)
    signature = device.sign(TYPED)
    assert found(ledger, signature) == Signed(device.key, signature)


def test_signed_by__the_only_key__is_not_tried() -> None:
    def nothing_to_sign() -> bytes:
        raise AssertionError

    ledger = ledger_with()
    told = signed_by(
        ledger.state, ledger.sources, GARDENER.id, b"", nothing_to_sign, confirmed=no_chain
    )
    assert told == Signed(GARDENER.key, b"")


@pytest.mark.parametrize(
    ("signature", "wanted"),
    [
        (STRANGER.sign(TYPED), PHONE),
        (Actor("another", device="ES256").sign(TYPED), PASSKEY),
        (b"", PASSKEY),
    ],
    ids=["wallet", "passkey", "malformed"],
)
def test_signed_by__none_of_them__is_one_of_the_right_kind(signature: bytes, wanted: Actor) -> None:
    simulation, ledger = founded(signing=PASSKEY_DOMAIN)
    simulation.bind(GARDENER, PASSKEY)
    simulation.bind(GARDENER, PHONE)
    simulation.revoke(GARDENER, GARDENER)
    assert found(ledger, signature) == Signed(wanted.key, signature)


def test_signed_by__erased_keys__are_passed_over() -> None:
    ledger = ledger_with(PHONE)
    del ledger.sources.keys[GARDENER.applicant.key]
    assert found(ledger, PHONE.sign(TYPED)).key == PHONE.key
    del ledger.sources.keys[PHONE.applicant.key]
    with pytest.raises(NotFoundError) as caught:
        found(ledger, PHONE.sign(TYPED))
    assert (caught.value.code, caught.value.found) == ("key.unknown", GARDENER.id)


def test_signed_by__somebody_on_no_register__is_not_found() -> None:
    with pytest.raises(NotFoundError):
        found(ledger_with(), b"", STRANGER.id)
