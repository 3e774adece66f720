"""Merging two records of one person, J1 to J4: each act one change away from a lawful one."""

import pytest

from backend.domain.acts import MembersMerged
from backend.domain.rulebook.membership import Dues, VotingRight
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, mandate_of
from tests.support.model_rules import BUREAU
from tests.support.organisations import Simulation
from tests.support.people_world import altered

TWIN = Actor("gardener-again")
"""The gardener, registered a second time in another place."""


def twins(*changed: object) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation in which the gardener has two records."""
    simulation, ledger = joined(rules_with(*changed))  # type: ignore[arg-type]  # rules
    simulation.apply(TWIN)
    simulation.admit(TWIN)
    return simulation, ledger


def test_merging__lawful__ends_one_record_and_its_keys() -> None:
    simulation, ledger = twins()
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    kept, dropped = (ledger.state.member(each.id) for each in (GARDENER, TWIN))
    assert (kept.status, kept.keys) == ("active", (GARDENER.applicant.key,))
    assert (dropped.status, dropped.lost_by) == ("ended", "merged")
    assert (dropped.keys, dropped.former_keys) == ((), (TWIN.applicant.key,))


def test_merging__record_that_ended__neither_acts_nor_comes_back() -> None:
    simulation, _ = twins()
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    with refused("member.inactive"):
        simulation.propose(TWIN, "bridge")
    with refused("member.exists"):
        simulation.apply(TWIN)
    with refused("member.merged"):
        simulation.reapply(TWIN)
    with refused("member.inactive"):
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)


def test_merging__record_with_a_seat__the_mandate_ends() -> None:
    simulation, ledger = twins()
    simulation.merge(CHAIR, SECRETARY, kept=TWIN, dropped=TREASURER)
    mandate = ledger.state.mandate(mandate_of(TREASURER))
    assert (mandate.cause, mandate.ended_on) == ("loss", "2026-01-05")


def test_j1__one_record_twice__refuses() -> None:
    simulation, _ = twins()
    with refused("merge.same"):
        simulation.merge(CHAIR, SECRETARY, kept=TWIN, dropped=TWIN)


def test_j1__person_and_organisation__refuse() -> None:
    simulation, _ = twins()
    with refused("merge.persons") as caught:
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=PARTNER)
    assert (caught.value.expected, caught.value.found) == ("natural", "legal")


def test_j1__classes_of_one_kind_of_person__merge() -> None:
    collective = altered("vote-collective", persons="natural")
    assert isinstance(collective, VotingRight)
    simulation, ledger = twins(collective)
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=PARTNER)
    assert ledger.state.member(PARTNER.id).lost_by == "merged"


@pytest.mark.parametrize("concerned", ["kept", "dropped"])
def test_j1__applicant__refuses(concerned: str) -> None:
    simulation, _ = twins()
    simulation.apply(STRANGER)
    records = {"kept": GARDENER, "dropped": TWIN, concerned: STRANGER}
    with refused("member.inactive"):
        simulation.merge(CHAIR, SECRETARY, **records)


def test_j2__two_officers_who_are_one__refuse() -> None:
    simulation, _ = twins()
    with refused("merge.second", rule="custody", article="6"):
        simulation.merge(CHAIR, CHAIR, kept=GARDENER, dropped=TWIN)
    simulation.merge(CHAIR, TREASURER, kept=GARDENER, dropped=TWIN)


@pytest.mark.parametrize(("first", "second"), [(GARDENER, CHAIR), (CHAIR, PARTNER)])
def test_j2__somebody_who_does_not_keep_the_registers__refuses(first: Actor, second: Actor) -> None:
    simulation, _ = twins()
    with refused("officer.required", rule="custody"):
        simulation.merge(first, second, kept=GARDENER, dropped=TWIN)


@pytest.mark.parametrize(("first", "second"), [(SECRETARY, CHAIR), (CHAIR, SECRETARY)])
@pytest.mark.parametrize("concerned", ["kept", "dropped"])
def test_j2__officer_concerned__refuses(first: Actor, second: Actor, concerned: str) -> None:
    simulation, _ = twins()
    records = {"kept": GARDENER, "dropped": TWIN, concerned: SECRETARY}
    with refused("merge.own", rule="custody") as caught:
        simulation.merge(first, second, **records)
    assert caught.value.found == SECRETARY.id


def test_j2__second_whose_mandate_ended__refuses() -> None:
    simulation, _ = twins()
    simulation.resign_mandate(SECRETARY, mandate_of(SECRETARY))
    with refused("officer.required", rule="custody"):
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)


def test_j2__one_signature_or_another_second__refuses() -> None:
    simulation, _ = twins()
    data = MembersMerged(GARDENER.id, TWIN.id, SECRETARY.id)
    with refused("signature.missing"):
        simulation.act(CHAIR, data)
    with refused("signature.signer"):
        simulation.act(CHAIR, data, signers=(CHAIR, TREASURER))
    simulation.act(CHAIR, data, signers=(CHAIR, SECRETARY))


def test_j3__proceeding_against_the_record_that_would_end__refuses() -> None:
    simulation, _ = twins()
    simulation.accuse(CHAIR, "weir", TWIN)
    with refused("merge.pending") as caught:
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    assert caught.value.found == "weir"
    simulation.merge(CHAIR, SECRETARY, kept=TWIN, dropped=GARDENER)


def test_j3__suspension_and_arrears__refuse_while_they_last() -> None:
    dues = Dues(
        id="dues", article="24", modality="must", by=BUREAU, suspends_vote=True, grace_days=0
    )
    steps = altered("sanctions", skips=True)
    simulation, _ = twins(dues, steps, altered("due-process", by=BUREAU))
    simulation.accuse(CHAIR, "weir", TWIN, measure="sanction", sanction="suspension")
    simulation.serve(CHAIR, "weir")
    simulation.reply(TWIN, "weir")
    simulation.take_measure(CHAIR, "weir", until="2026-01-06")
    simulation.owe(CHAIR, TWIN)
    with refused("merge.pending") as caught:
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    assert caught.value.found == "until 2026-01-06, arrears since 2026-01-05"
    simulation.pay(CHAIR, TWIN)
    simulation.advance(days=1)
    with refused("merge.pending"):
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    simulation.advance(days=1)
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)


def test_j4__open_vote_that_counts_both__refuses_until_it_is_closed() -> None:
    simulation, ledger = twins()
    for motion, assembly in (("bridge", "spring"), ("weir", "may")):
        simulation.propose(CHAIR, motion)
        simulation.convene(CHAIR, assembly, motion)
    with refused("merge.vote") as caught:
        simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    assert caught.value.found == "may, spring"
    simulation.advance(days=17)
    for assembly in ("spring", "may"):
        with refused("merge.vote"):
            simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
        simulation.settle(assembly)
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    assert ledger.state.member(TWIN.id).lost_by == "merged"


def test_j4__record_that_joined_after_the_call__can_end() -> None:
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.apply(TWIN)
    simulation.admit(TWIN)
    with refused("merge.vote"):
        simulation.merge(CHAIR, SECRETARY, kept=TWIN, dropped=GARDENER)
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    assert ledger.state.member(TWIN.id).lost_by == "merged"
