"""Ballots of those who are represented, B4, B6 and B10: whose hand cast them, and which counts."""

import msgspec
import pytest

from backend.domain.acts import BallotCast
from backend.domain.ballots.hands import Hand, cast_by_proxy, hand_of
from backend.domain.entry import Entry
from backend.domain.lawfulness import check
from backend.services.ports import ChoiceOpening
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    append,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.vote_world import ballot_with, held, proxies_with

YES = ChoiceOpening("yes", bytes(32))
ONCE = ballot_with(replaceable=False)


def _represented(*rules: object, there: bool = True) -> tuple[Simulation, MemoryLedger]:
    """Return the vote in which the gardener is represented by the treasurer."""
    simulation, ledger = held(rules_with(*rules))  # type: ignore[arg-type]  # rules, whatever their topic
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    if there:
        simulation.attend(TREASURER, "spring")
    return simulation, ledger


def _tally(simulation: Simulation, ledger: MemoryLedger) -> dict[str, int]:
    simulation.advance(days=2)
    simulation.close("spring")
    result = ledger.state.poll("bridge").result
    assert result is not None
    return result.tally


def test_holder__votes_for_the_represented__and_for_themselves() -> None:
    simulation, ledger = _represented()
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.cast(TREASURER, "bridge", "yes")
    assert _tally(simulation, ledger) == {"yes": 1, "no": 1, "abstain": 0}


def test_holder__without_a_proxy_or_not_there__signs_for_nobody_else() -> None:
    simulation, _ = held()
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation, _ = _represented(there=False)
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.attend(TREASURER, "spring")
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)


def test_holder__of_a_proxy_taken_back__signs_no_more() -> None:
    simulation, _ = _represented()
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.revoke_proxy(GARDENER, "garden")
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)


@pytest.mark.parametrize("hand", [SECRETARY, CHAIR])
def test_proxy__lets_nobody_but_its_holder_sign(hand: Actor) -> None:
    simulation, _ = _represented()
    simulation.attend(hand, "spring")
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "no", hand=hand)


def test_represented__who_is_there__is_represented_no_more() -> None:
    simulation, _ = _represented()
    simulation.attend(GARDENER, "spring")
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.cast(GARDENER, "bridge", "no")


def test_represented__votes_in_person__replaces_the_holder_even_where_ballots_are_final() -> None:
    simulation, ledger = _represented(ONCE)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.cast(GARDENER, "bridge", "yes")
    assert _tally(simulation, ledger) == {"yes": 1, "no": 0, "abstain": 0}


def test_represented__votes_twice_in_person__refuses_where_ballots_are_final() -> None:
    simulation, _ = _represented(ONCE)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.cast(GARDENER, "bridge", "yes")
    with refused("ballot.replacement", article="12", rule="ballot"):
        simulation.cast(GARDENER, "bridge", "no")


def test_represented__where_the_statutes_let_the_holder_prevail__refuses() -> None:
    simulation, _ = _represented(proxies_with(principal_overrides=False))
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    with refused("ballot.represented", article="20", rule="proxies"):
        simulation.cast(GARDENER, "bridge", "yes")
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)


@pytest.mark.parametrize("overrides", [True, False])
def test_holder__after_the_represented_member__refuses(*, overrides: bool) -> None:
    simulation, ledger = _represented(proxies_with(principal_overrides=overrides))
    simulation.cast(GARDENER, "bridge", "yes")
    with refused("ballot.overridden", article="20", rule="proxies"):
        simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    assert _tally(simulation, ledger) == {"yes": 1, "no": 0, "abstain": 0}


def test_holder__votes_again__as_the_statutes_let_voters() -> None:
    simulation, ledger = _represented()
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    assert _tally(simulation, ledger) == {"yes": 0, "no": 1, "abstain": 0}
    simulation, _ = _represented(ONCE)
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)
    with refused("ballot.replacement"):
        simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)


def test_represented__after_taking_the_proxy_back__replaces_the_holder() -> None:
    simulation, ledger = _represented(ONCE)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.revoke_proxy(GARDENER, "garden")
    simulation.cast(GARDENER, "bridge", "yes")
    assert _tally(simulation, ledger) == {"yes": 1, "no": 0, "abstain": 0}


def _redacted(simulation: Simulation, ledger: MemoryLedger, *, hand: Actor = GARDENER) -> int:
    """Return how many checks of one more ballot of the gardener an auditor could not make."""
    entry, openings = simulation.ballot(ledger, GARDENER, "bridge", opening=YES, hand=hand)
    ledger.sources.signatures_by_entry[ledger.state.size] = openings
    return check(ledger.state, entry, ledger.sources)


def test_roll_erased__leaves_signature_and_voter_unchecked() -> None:
    simulation, ledger = _represented()
    assert _redacted(simulation, ledger) == 0
    entry, _ = simulation.ballot(ledger, GARDENER, "bridge", opening=YES)
    ledger.sources.rolls.clear()
    assert check(ledger.state, entry, ledger.sources) == 2


def _again_without_roll(simulation: Simulation, ledger: MemoryLedger) -> Entry:
    simulation.cast(GARDENER, "bridge", "no")
    entry, _ = simulation.ballot(ledger, GARDENER, "bridge", opening=YES)
    assert isinstance(entry.data, BallotCast)
    ledger.sources.rolls.clear()
    return entry


def test_roll_erased__another_ballot__cannot_be_told_from_an_override() -> None:
    simulation, ledger = _represented(ONCE)
    entry = _again_without_roll(simulation, ledger)
    assert check(ledger.state, entry, ledger.sources) == 3


def test_roll_erased__another_ballot_where_nobody_is_represented__is_judged() -> None:
    simulation, ledger = held(rules_with(ONCE))
    entry = _again_without_roll(simulation, ledger)
    with refused("ballot.replacement"):
        check(ledger.state, entry, ledger.sources)
    simulation, ledger = held()
    entry = _again_without_roll(simulation, ledger)
    assert check(ledger.state, entry, ledger.sources) == 2


def test_signature_of_the_earlier_ballot_erased__cannot_tell_whose_it_was() -> None:
    simulation, ledger = _represented(ONCE)
    earlier = simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    del ledger.sources.signatures_by_entry[earlier]
    assert _redacted(simulation, ledger) == 1


def test_key_of_the_holder_erased__cannot_tell_whose_the_earlier_ballot_was() -> None:
    simulation, ledger = _represented(ONCE)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    del ledger.sources.keys[TREASURER.applicant.key]
    assert _redacted(simulation, ledger) == 1
    # The holder's own ballot then counts one erased key and one ballot that cannot be compared.
    assert _redacted(simulation, ledger, hand=TREASURER) == 2


def test_erased_signatures_without_proxies__are_counted_and_replacement_is_judged() -> None:
    simulation, ledger = held(rules_with(ONCE))
    earlier = simulation.cast(GARDENER, "bridge", "no")
    del ledger.sources.signatures_by_entry[earlier]
    with refused("ballot.replacement"):
        _redacted(simulation, ledger)


@pytest.mark.parametrize("kept", [GARDENER, TREASURER])
def test_hand__one_key_erased__is_the_one_that_is_not_known(kept: Actor) -> None:
    simulation, ledger = _represented()
    index = simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    candidates = (GARDENER.id, TREASURER.id)
    assert hand_of(ledger.state, index, candidates, ledger.sources) == Hand(
        TREASURER.id, certain=True
    )
    for actor in (GARDENER, TREASURER):
        if actor != kept:
            del ledger.sources.keys[actor.applicant.key]
    wanted = Hand(TREASURER.id, certain=kept == TREASURER)
    assert hand_of(ledger.state, index, candidates, ledger.sources) == wanted


def test_hand__nothing_known__is_the_elector_and_only_certain_if_nobody_else_could() -> None:
    _, ledger = _represented()
    nothing = ledger.state.size
    both = hand_of(ledger.state, nothing, (GARDENER.id, TREASURER.id), ledger.sources)
    alone = hand_of(ledger.state, nothing, (GARDENER.id,), ledger.sources)
    assert (both, alone) == (Hand(GARDENER.id, certain=False), Hand(GARDENER.id, certain=True))
    simulation, ledger = held()
    index = simulation.cast(GARDENER, "bridge", "no")
    ledger.sources.keys.clear()
    assert hand_of(ledger.state, index, (GARDENER.id,), ledger.sources) == Hand(
        GARDENER.id, certain=True
    )
    assert hand_of(ledger.state, index, (CHAIR.id, GARDENER.id), ledger.sources) == Hand(
        CHAIR.id, certain=False
    )


def test_hand__of_nobody_who_could__is_the_elector() -> None:
    simulation, ledger = _represented()
    index = simulation.cast(CHAIR, "bridge", "no")
    candidates = (GARDENER.id, TREASURER.id)
    assert hand_of(ledger.state, index, candidates, ledger.sources) == Hand(
        GARDENER.id, certain=True
    )


def test_ballot__altered_after_the_holder_signed__refuses() -> None:
    simulation, ledger = _represented()
    entry, openings = simulation.ballot(ledger, GARDENER, "bridge", opening=YES, hand=TREASURER)
    assert isinstance(entry.data, BallotCast)
    data = msgspec.structs.replace(entry.data, cast_at=entry.data.cast_at + 1)
    with refused("signature.signer"):
        append(ledger, (msgspec.structs.replace(entry, data=data), openings))
    append(ledger, (entry, openings))


@pytest.mark.parametrize("ended", [GARDENER, TREASURER], ids=["elector", "holder"])
def test_hand__of_a_key_that_was_revoked_since__is_still_whose_it_was(ended: Actor) -> None:
    simulation, ledger = _represented()
    phone = Actor("phone")
    simulation.bind(ended, phone)
    index = simulation.cast(GARDENER, "bridge", "no", hand=phone)
    simulation.revoke(ended, phone)
    candidates = (GARDENER.id, TREASURER.id)
    assert hand_of(ledger.state, index, candidates, ledger.sources) == Hand(ended.id, certain=True)
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == int(ended == TREASURER)
    with refused("signature.signer"):
        simulation.cast(GARDENER, "bridge", "yes", hand=phone)
