"""Signatures of statements, S1 to S5, and what an EIP-712 signature is worth."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    AgendaItem,
    BallotCast,
    CommonsRegistered,
    Electorate,
    MemberResigned,
    SigningDomain,
)
from backend.domain.authorship import MAX_STATEMENT_AGE_S
from backend.domain.commitments import Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.facts import Poll
from backend.domain.quantities import MAX_INTEGER
from backend.domain.signing import (
    ballot_digest,
    ballot_typed_data,
    check_signature,
    sign,
    statement_digest,
    statement_typed_data,
    typed_data_digest,
)
from backend.domain.sources import KeyOpening, SignatureOpening
from tests.support.governance import (
    CHAIR,
    GARDENER,
    STRANGER,
    TREASURER,
    Signed,
    append,
    founded,
    refused,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import PASSKEY_DOMAIN, Actor
from tests.support.organisations import Simulation, commitment

KEEPER = Actor("keeper", device="ES256")
WALKER = Actor("walker", device="EdDSA")
FOUNDING = founded()[1].state.founded()
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def _signed(simulation: Simulation, ledger: MemoryLedger) -> Signed:
    description = ledger.put_document(b"A weir.")
    return simulation.signed(ledger, GARDENER, CommonsRegistered("weir", "Weir", description))


def test_statement__signed_by_its_author__passes() -> None:
    simulation, ledger = founded()
    append(ledger, _signed(simulation, ledger))


@pytest.mark.parametrize("number", [0, 2])
def test_s1__not_as_many_commitments_as_signers__refuses(number: int) -> None:
    simulation, ledger = founded()
    entry, openings = _signed(simulation, ledger)
    proof = Proof(entry.proof.signatures * number, entry.proof.issued_at)
    with refused("signature.missing", rule="psephos.signature"):
        append(ledger, (msgspec.structs.replace(entry, proof=proof), openings))


def test_s1__not_as_many_openings_as_signers__refuses() -> None:
    simulation, ledger = founded()
    entry, openings = _signed(simulation, ledger)
    with refused("signature.missing"):
        append(ledger, (entry, openings * 2))
    with refused("proof.missing"):
        append(ledger, (entry, ()))


def test_s1__founding_without_one_founder__refuses() -> None:
    simulation, ledger = Simulation.in_memory()
    simulation.found()
    again, other = Simulation.in_memory()
    other.sources = ledger.sources
    entry, openings = again.signed(other, CHAIR, ledger.entries[0].data, signers=(CHAIR, TREASURER))
    with refused("signature.missing"):
        append(other, (entry, openings))


def test_s1__founders_in_another_order__refuses() -> None:
    simulation, ledger = Simulation.in_memory()
    simulation.found()
    entry = ledger.entries[0]
    first, *rest = ledger.sources.signatures_by_entry[0]
    other = Simulation.in_memory()[1]
    other.sources = ledger.sources
    shuffled = (*rest, first)
    proof = Proof(tuple(map(commitment, shuffled)), entry.proof.issued_at)
    with refused("signature.signer"):
        append(other, (msgspec.structs.replace(entry, proof=proof), shuffled))


@pytest.mark.parametrize("field", ["key", "signature", "salt"])
def test_s2__opening_that_does_not_match__refuses(field: str) -> None:
    simulation, ledger = founded()
    entry, (opening,) = _signed(simulation, ledger)
    values = {name: getattr(opening, name) for name in ("key", "signature", "salt")}
    values[field] = bytes([values[field][0] ^ 1]) + values[field][1:]
    with refused("signature.commitment"):
        append(ledger, (entry, (SignatureOpening(**values),)))


def test_s2__salt_of_another_length__refuses() -> None:
    simulation, ledger = founded()
    entry, (opening,) = _signed(simulation, ledger)
    with refused("salt.length"):
        append(ledger, (entry, (SignatureOpening(opening.key, opening.signature, b""),)))


def _recommitted(entry: Entry, opening: SignatureOpening) -> Signed:
    proof = Proof((commitment(opening),), entry.proof.issued_at)
    return msgspec.structs.replace(entry, proof=proof), (opening,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "psephos"),
        ("version", "2"),
        ("chainId", 1),
        ("verifyingContract", "0x" + "11" * 20),
        ("salt", "0x" + "11" * 32),
    ],
)
def test_s3__signature_for_another_domain__refuses(name: str, value: object) -> None:
    simulation, ledger = founded()
    entry, _ = _signed(simulation, ledger)
    typed_data = _typed_data(ledger, entry)
    typed_data["domain"][name] = value
    with refused("signature.signer"):
        append(ledger, _recommitted(entry, simulation.opening(GARDENER, typed_data)))


def _typed_data(ledger: MemoryLedger, entry: Entry, author: str = GARDENER.id) -> dict[str, Any]:
    return statement_typed_data(
        ledger.state.founded(), author=author, data=entry.data, issued_at=entry.proof.issued_at
    )


def test_s3__signature_for_another_author_or_time__refuses() -> None:
    simulation, ledger = founded()
    entry, _ = _signed(simulation, ledger)
    other_author = _typed_data(ledger, entry, author=CHAIR.id)
    with refused("signature.signer"):
        append(ledger, _recommitted(entry, simulation.opening(GARDENER, other_author)))
    earlier = Proof(entry.proof.signatures, entry.proof.issued_at - 1)
    shifted = msgspec.structs.replace(entry, proof=earlier)
    same = simulation.opening(GARDENER, _typed_data(ledger, entry))
    with refused("signature.signer"):
        append(ledger, _recommitted(shifted, same))


@pytest.mark.parametrize("signer", [CHAIR, STRANGER])
def test_s4__signature_by_another_key__refuses(signer: Actor) -> None:
    simulation, ledger = founded()
    entry, _ = _signed(simulation, ledger)
    opening = simulation.opening(signer, _typed_data(ledger, entry))
    with refused("signature.signer") as caught:
        append(ledger, _recommitted(entry, opening))
    assert caught.value.found == f"0x{signer.address.hex()}"
    assert GARDENER.address.hex() not in caught.value.expected
    claimed = SignatureOpening(GARDENER.address, opening.signature, opening.salt)
    with refused("signature.signer"):
        append(ledger, _recommitted(entry, claimed))


def test_s4__key_opening_of_another_key__refuses() -> None:
    simulation, ledger = founded()
    signed = _signed(simulation, ledger)
    wrong = KeyOpening(CHAIR.address, GARDENER.key_opening.salt)
    ledger.sources.keys[GARDENER.applicant.key] = wrong
    with refused("key.commitment"):
        append(ledger, signed)


def test_s4__erased_key__counts_as_redacted() -> None:
    simulation, ledger = founded()
    signed = _signed(simulation, ledger)
    del ledger.sources.keys[GARDENER.applicant.key]
    with refused("proof.missing") as caught:
        append(ledger, signed)
    assert caught.value.found == "1 missing"


@pytest.mark.parametrize(
    ("seconds", "passes"),
    [
        (MAX_STATEMENT_AGE_S, True),
        (MAX_STATEMENT_AGE_S + 1, False),
        (-MAX_STATEMENT_AGE_S, True),
        (-MAX_STATEMENT_AGE_S - 1, False),
    ],
)
def test_s5__age_of_a_statement__is_bounded_both_ways(seconds: int, passes: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = founded()
    simulation.advance(hours=2)
    entry, openings = _signed(simulation, ledger)
    simulation.advance(seconds=seconds)
    late = msgspec.structs.replace(entry, at=simulation.at())
    if passes:
        append(ledger, (late, openings))
        return
    with refused("statement.stale"):
        append(ledger, (late, openings))


def _sample(ledger: MemoryLedger) -> tuple[dict[str, Any], bytes]:
    data = MemberResigned(GARDENER.id)
    typed_data = statement_typed_data(
        ledger.state.founded(), author=GARDENER.id, data=data, issued_at=5
    )
    return typed_data, sign(typed_data, private_key=GARDENER.private_key)


def _v(signature: bytes, value: int) -> bytes:
    return signature[:64] + bytes([value])


def _high_s(signature: bytes) -> bytes:
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    "alter",
    [
        lambda signature: signature[:-1],
        lambda signature: signature + b"\0",
        lambda signature: _v(signature, signature[64] - 27),
        lambda signature: _v(signature, 29),
        _high_s,
        lambda signature: bytes(32) + signature[32:],
        lambda signature: b"\xff" * 32 + signature[32:],
        lambda signature: signature[:32] + bytes(32) + signature[64:],
    ],
    ids=["short", "long", "v of 0 or 1", "v of 29", "high s", "zero r", "r too large", "zero s"],
)
def test_check_signature__not_in_the_one_form__refuses(alter: Callable[[bytes], bytes]) -> None:
    typed_data, signature = _sample(founded()[1])
    check_signature(typed_data_digest(typed_data), address=GARDENER.address, signature=signature)
    with refused("signature.malformed"):
        check_signature(
            typed_data_digest(typed_data), address=GARDENER.address, signature=alter(signature)
        )


def test_check_signature__s_of_half_the_order__is_the_greatest() -> None:
    typed_data, signature = _sample(founded()[1])
    for s, code in ((ORDER // 2, "signature.signer"), (ORDER // 2 + 1, "signature.malformed")):
        other = signature[:32] + s.to_bytes(32, "big") + signature[64:]
        with refused(code):
            check_signature(
                typed_data_digest(typed_data), address=GARDENER.address, signature=other
            )


def test_check_signature__high_s__is_what_the_curve_would_accept() -> None:
    typed_data, signature = _sample(founded()[1])
    encoded = encode_typed_data(full_message=typed_data)
    recovered = Account.recover_message(encoded, signature=_high_s(signature))
    assert recovered.lower() == f"0x{GARDENER.address.hex()}"


def test_check_signature__address_of_another_length__refuses() -> None:
    typed_data, signature = _sample(founded()[1])
    with refused("signature.malformed"):
        check_signature(
            typed_data_digest(typed_data), address=GARDENER.address[1:], signature=signature
        )


def test_sign__same_data__same_bytes() -> None:
    ledger = founded()[1]
    assert _sample(ledger)[1] == _sample(ledger)[1]


def _passkeys() -> tuple[Simulation, MemoryLedger]:
    """Return the organisation, which takes passkeys, with a member for each algorithm."""
    simulation, ledger = founded(signing=PASSKEY_DOMAIN)
    for actor in (KEEPER, WALKER):
        simulation.apply(actor)
        simulation.admit(actor)
    return simulation, ledger


@pytest.mark.parametrize("actor", [KEEPER, WALKER])
def test_passkey__of_a_member__signs_what_a_wallet_signs(actor: Actor) -> None:
    simulation, ledger = _passkeys()
    description = ledger.put_document(b"A weir.")
    entry, openings = simulation.signed(
        ledger, actor, CommonsRegistered("weir", "Weir", description)
    )
    append(ledger, (entry, openings))
    assert actor.key.hex().encode() not in ledger.entries[-1].to_bytes()


def test_passkey__where_the_founders_named_no_page__is_refused() -> None:
    simulation, ledger = founded()
    with refused("signature.passkeys", rule="psephos.passkey"):
        simulation.apply(KEEPER)
    assert KEEPER.id not in ledger.state.members


@pytest.mark.parametrize(
    ("author", "signer"), [(KEEPER, WALKER), (KEEPER, GARDENER), (GARDENER, KEEPER)]
)
def test_s4__signature_of_another_members_device__refuses(author: Actor, signer: Actor) -> None:
    simulation, ledger = _passkeys()
    data = CommonsRegistered("weir", "Weir", ledger.put_document(b"A weir."))
    entry, _ = simulation.signed(ledger, author, data)
    opening = simulation.opening(signer, _typed_data(ledger, entry, author.id))
    with refused("signature.signer"):
        append(ledger, _recommitted(entry, opening))


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (GARDENER.address[1:], "key.malformed"),
        (GARDENER.address + b"\0", "key.malformed"),
        (b"", "key.malformed"),
        (KEEPER.key[:-1], "key.malformed"),
        (bytes.fromhex("a401030339010020590100") + bytes(256) + bytes.fromhex("2143010001"), "key.malformed"),
        (KEEPER.key, "signature.malformed"),
        (GARDENER.address, "signature.malformed"),
    ],
    ids=["short", "long", "none", "cut", "RSA", "passkey with another's form", "wallet with another's form"],
)  # fmt: skip
def test_s3__key_and_signature_of_no_kind_or_of_two__refuse(key: bytes, code: str) -> None:
    simulation, ledger = _passkeys()
    entry, (wallets,) = _signed(simulation, ledger)
    passkeys = simulation.opening(KEEPER, _typed_data(ledger, entry))
    signature = wallets.signature if key == KEEPER.key else passkeys.signature
    with refused(code):
        append(ledger, _recommitted(entry, SignatureOpening(key, signature, wallets.salt)))


def test_s2__wallets_commitment__is_to_address_and_signature_only() -> None:
    simulation, ledger = founded()
    entry, (opening,) = _signed(simulation, ledger)
    payload = GARDENER.address + opening.signature
    assert len(payload) == 85
    expected = commit(Tag.SIGNATURE, salt=opening.salt, payload=payload)
    assert entry.proof.signatures == (expected,)


@given(
    origin=st.from_regex(r"\A[a-z0-9.:-]{1,30}/[a-z0-9-]{1,20}\Z"),
    chain_id=st.integers(1, MAX_INTEGER),
    contract=st.binary(min_size=20, max_size=20),
    words=st.lists(st.binary(min_size=32, max_size=32), min_size=4, max_size=4),
    numbers=st.tuples(st.integers(0, MAX_INTEGER), st.integers(0, MAX_INTEGER)),
    key=st.integers(1, ORDER - 1),
)
def test_ballot__any__has_digest_and_signature_that_wallets_give_it(
    origin: str,
    chain_id: int,
    contract: bytes,
    words: list[bytes],
    numbers: tuple[int, int],
    key: int,
) -> None:
    """The oracle hashes the typed data by the types they list, the fast way by the fields of the code."""
    signing = SigningDomain(chain_id, f"0x{contract.hex()}")
    organisation = msgspec.structs.replace(FOUNDING, origin=origin, signing=signing)
    decision, rules, root, choice = (word.hex() for word in words)
    item = AgendaItem("bridge", decision, Electorate(root, 1, document_cid(b"")))
    ballot = BallotCast("bridge", decision, "v" + "0" * 32, choice, *numbers)
    poll = Poll("spring", item)
    typed_data = ballot_typed_data(organisation, poll, rules=rules, ballot=ballot)
    _check_like_a_wallet(typed_data, key.to_bytes(32, "big"))
    found = ballot_digest(organisation, poll, rules=rules, ballot=ballot)
    assert found == typed_data_digest(typed_data)


@given(st.integers(0, MAX_INTEGER), st.integers(1, ORDER - 1))
def test_statement__any__has_digest_and_signature_that_wallets_give_it(
    issued_at: int, key: int
) -> None:
    data = MemberResigned(GARDENER.id)
    typed_data = statement_typed_data(FOUNDING, author=GARDENER.id, data=data, issued_at=issued_at)
    found = statement_digest(FOUNDING, author=GARDENER.id, data=data, issued_at=issued_at)
    assert found == typed_data_digest(typed_data)
    _check_like_a_wallet(typed_data, key.to_bytes(32, "big"))


def _check_like_a_wallet(typed_data: dict[str, Any], private_key: bytes) -> None:
    encoded = encode_typed_data(full_message=typed_data)
    signed = Account.sign_message(encoded, private_key=private_key)
    assert typed_data_digest(typed_data) == signed.message_hash
    assert sign(typed_data, private_key=private_key) == signed.signature
    address = bytes.fromhex(Account.from_key(private_key).address[2:])
    check_signature(
        typed_data_digest(typed_data), address=address, signature=bytes(signed.signature)
    )
    with refused("signature.signer"):
        check_signature(bytes(32), address=address, signature=bytes(signed.signature))
