"""Passkeys in an audit: verified offline from the bundle, betrayed when changed, counted when erased."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from backend.audit.directory import audit_directory
from backend.domain.acts import BallotCast
from backend.domain.passkeys import Assertion
from backend.domain.sources import SignatureOpening
from tests.support.bundles import write_bundle
from tests.support.governance import CHAIR, TREASURER, founded
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import PASSKEY_DOMAIN, RELYING_PARTY, Actor
from tests.support.organisations import commitment

KEEPER = Actor("keeper", device="ES256")
WALKER = Actor("walker", device="EdDSA")


@pytest.fixture
def ledger() -> MemoryLedger:
    """A ledger in which two wallets and two passkeys voted."""
    simulation, ledger = founded(signing=PASSKEY_DOMAIN)
    for actor in (KEEPER, WALKER):
        simulation.apply(actor)
        simulation.admit(actor)
    simulation.propose(KEEPER, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=15)
    for voter in (CHAIR, TREASURER, KEEPER, WALKER):
        simulation.cast(voter, "bridge", "yes")
    simulation.cast(WALKER, "bridge", "no")
    simulation.advance(days=2)
    simulation.settle("spring")
    return ledger


def _ballot_of(ledger: MemoryLedger, actor: Actor) -> int:
    return next(
        index
        for index, entry in enumerate(ledger.entries)
        if isinstance(entry.data, BallotCast)
        and ledger.sources.signatures_by_entry[index][0].key == actor.key
    )


def _forged(ledger: MemoryLedger, index: int, opening: SignatureOpening) -> None:
    """Put another signature in the place of one, its commitment too, as who holds the log key can."""
    entry = ledger.entries[index]
    proof = msgspec.structs.replace(entry.proof, signatures=(commitment(opening),))
    ledger.entries[index] = msgspec.structs.replace(entry, proof=proof)
    ledger.sources.signatures_by_entry[index] = (opening,)


def test_audit__of_passkeys__verifies_each_assertion(tmp_path: Path, ledger: MemoryLedger) -> None:
    write_bundle(tmp_path, ledger)
    report = audit_directory(tmp_path)
    assert report.disagreements == ()
    assert report.redacted == 0
    text = (tmp_path / "detached" / "signatures.ndjson").read_text("utf-8")
    assert text.count(KEEPER.key.hex()) == 3
    assert text.count(WALKER.key.hex()) == 3


def test_audit__of_erased_passkeys__counts_them_as_redacted(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    del ledger.sources.keys[KEEPER.applicant.key]
    del ledger.sources.signatures_by_entry[_ballot_of(ledger, WALKER)]
    write_bundle(tmp_path, ledger)
    report = audit_directory(tmp_path)
    assert report.lawful
    assert report.redacted == 4


def _answer_of(ledger: MemoryLedger, actor: Actor) -> Assertion:
    (opening,) = ledger.sources.signatures_by_entry[_ballot_of(ledger, actor)]
    return Assertion.from_bytes(opening.signature)


def _other_ballot(_: MemoryLedger) -> Assertion:
    return KEEPER.answer(bytes(32))


def _other_passkey(ledger: MemoryLedger) -> Assertion:
    return replace(_answer_of(ledger, KEEPER), signature=WALKER.answer(bytes(32)).signature)


def _other_voter(ledger: MemoryLedger) -> Assertion:
    return _answer_of(ledger, WALKER)


@pytest.mark.parametrize("forge", [_other_ballot, _other_passkey, _other_voter])
def test_audit__of_a_forged_assertion__names_the_ballot(
    tmp_path: Path, ledger: MemoryLedger, forge: Callable[[MemoryLedger], Assertion]
) -> None:
    index = _ballot_of(ledger, KEEPER)
    (opening,) = ledger.sources.signatures_by_entry[index]
    _forged(ledger, index, replace(opening, signature=forge(ledger).to_bytes()))
    write_bundle(tmp_path, ledger)
    found = [(each.entry, each.code) for each in audit_directory(tmp_path).disagreements]
    assert (index, "signature.signer") in found


def test_audit__of_a_founding_with_other_pages__refuses_every_passkey(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    entry = ledger.entries[0]
    party = msgspec.structs.replace(RELYING_PARTY, origins=("https://evil.river.example",))
    signing = msgspec.structs.replace(PASSKEY_DOMAIN, passkeys=party)
    data = msgspec.structs.replace(entry.data, signing=signing)
    ledger.entries[0] = msgspec.structs.replace(entry, data=data)
    write_bundle(tmp_path, ledger)
    codes = [each.code for each in audit_directory(tmp_path).disagreements]
    assert codes.count("signature.origin") == 6
    assert codes.count("signature.signer") == 1
