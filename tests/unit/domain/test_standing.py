"""Who stands where on a day: members, voters, holders, electors, and who acts for whom."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from backend.domain.acts import AssuranceLevel, MemberAdmitted
from backend.domain.applications import ASSURANCE_LEVELS
from backend.domain.entry import Entry, Proof
from backend.domain.errors import RuleReference
from backend.domain.facts import Mandate, Member
from backend.domain.rulebook.rule import (
    AnyMember,
    BodyParty,
    Party,
    SeatParty,
    ShareParty,
)
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import Silent
from backend.domain.standing import (
    active,
    check_author,
    check_officer,
    check_unsigned,
    electors,
    franchise,
    has_vote,
    holders,
    may_act_as,
    sits_in,
    voters,
)
from backend.domain.state import State
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    founded,
    joined,
    refused,
    rule_of,
    rules_with,
)
from tests.support.model_organisation import Actor, mandate_of, model_rulebook
from tests.support.model_rules import share
from tests.support.people_world import altered

DAY = "2026-01-05"
RULE = RuleReference("some-rule", "4")


def suspended(state: State, actor: Actor, until: str) -> State:
    """Return the state with a member suspended."""
    member = replace(state.member(actor.id), suspended_until=until)
    return replace(state, members=state.members.set(actor.id, member))


def names(found: Sequence[Member | Mandate]) -> list[str]:
    """Return the ids in the order found."""
    return [each.id for each in found]


def test_active__applicant_or_former_member__refuses() -> None:
    simulation, ledger = founded()
    assert active(ledger.state, GARDENER.id).id == GARDENER.id
    simulation.apply(STRANGER)
    with refused("member.inactive", rule="psephos.membership") as caught:
        active(ledger.state, STRANGER.id)
    assert caught.value.found == "applied"
    simulation.resign(GARDENER)
    with refused("member.inactive"):
        active(ledger.state, GARDENER.id)
    with refused("member.unknown"):
        active(ledger.state, PARTNER.id)


def test_voters__class_without_vote__is_left_out() -> None:
    _, ledger = joined()
    expected = sorted(actor.id for actor in (CHAIR, TREASURER, SECRETARY, GARDENER))
    assert names(voters(ledger.state, model_rulebook(), DAY)) == expected
    everyone = rules_with(altered("vote-collective", modality="may"))
    assert PARTNER.id in names(voters(ledger.state, everyone, DAY))


def test_voters__applicants_and_former_members__are_left_out() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    simulation.resign(GARDENER)
    found = voters(ledger.state, model_rulebook(), DAY)
    assert set(names(found)) == {CHAIR.id, TREASURER.id, SECRETARY.id}


def test_voters__no_rule_on_a_class_that_has_members__refuses() -> None:
    _, ledger = joined()
    rulebook = rules_with(without=["vote-collective"])
    with refused("rule.missing"):
        voters(ledger.state, rulebook, DAY)
    _, alone = founded(rulebook)
    assert len(voters(alone.state, rulebook, DAY)) == 4


@pytest.mark.parametrize(("day", "votes"), [("2026-02-28", False), ("2026-03-01", True)])
def test_has_vote__suspended__until_the_end_of_the_last_day(day: str, votes: bool) -> None:  # noqa: FBT001 - parametrised
    _, ledger = founded()
    state = suspended(ledger.state, GARDENER, "2026-02-28")
    assert has_vote(state.member(GARDENER.id), model_rulebook(), day) is votes
    assert active(state, GARDENER.id).status == "active"


def test_voters__suspended__are_left_out_until_the_end_of_the_last_day() -> None:
    _, ledger = founded()
    state, assembly = suspended(ledger.state, GARDENER, "2026-02-28"), rule_of("assembly")
    assert isinstance(assembly, Session)
    for day, votes in (("2026-02-28", False), ("2026-03-01", True)):
        assert (GARDENER.id in names(voters(state, model_rulebook(), day))) is votes
        assert (GARDENER.id in names(electors(state, assembly, model_rulebook(), day))) is votes


def test_holders__on_a_day__oldest_first_and_by_seat() -> None:
    _, ledger = founded()
    state = ledger.state
    everyone = sorted(mandate_of(actor) for actor in (CHAIR, TREASURER, SECRETARY))
    assert names(holders(state, "bureau", DAY)) == everyone
    assert names(holders(state, "bureau", DAY, seat="chair")) == [mandate_of(CHAIR)]
    assert holders(state, "bureau", "2026-01-04") == ()
    assert holders(state, "audit", DAY) == ()
    later = replace(state.mandate(mandate_of(CHAIR)), starts="2026-01-06")
    state = replace(state, mandates=state.mandates.set(later.id, later))
    assert names(holders(state, "bureau", "2026-01-06"))[-1] == mandate_of(CHAIR)


@pytest.mark.parametrize(
    ("holds_over", "day", "held"),
    [
        (True, "2028-01-06", True),
        (False, "2028-01-05", True),
        (False, "2028-01-06", False),
        (False, "2026-01-04", False),
    ],
)
def test_holders__after_the_term__only_those_who_stay(
    holds_over: bool,  # noqa: FBT001 - parametrised
    day: str,
    held: bool,  # noqa: FBT001 - parametrised
) -> None:
    _, ledger = founded(rules_with(altered("term", holds_over=holds_over)))
    assert bool(holders(ledger.state, "bureau", day)) is held


def test_electors__of_a_meeting__are_those_who_sit_in_the_body() -> None:
    _, ledger = joined()
    rulebook = model_rulebook()
    council, assembly = rule_of("council"), rule_of("assembly")
    assert isinstance(council, Session)
    assert isinstance(assembly, Session)
    seated = sorted(actor.id for actor in (CHAIR, TREASURER, SECRETARY))
    assert names(electors(ledger.state, council, rulebook, DAY)) == seated
    assert len(electors(ledger.state, assembly, rulebook, DAY)) == 4


@pytest.mark.parametrize(("until", "votes"), [("2026-01-04", True), (DAY, False)])
def test_electors__of_a_meeting__suspended_holder_has_no_vote(until: str, votes: bool) -> None:  # noqa: FBT001 - parametrised
    _, ledger = joined()
    council = rule_of("council")
    assert isinstance(council, Session)
    state = suspended(ledger.state, TREASURER, until)
    assert (TREASURER.id in names(electors(state, council, model_rulebook(), DAY))) is votes


def test_franchise__rests_on_the_session_of_a_body_or_the_first_class_that_votes() -> None:
    council, assembly = rule_of("council"), rule_of("assembly")
    assert isinstance(council, Session)
    assert isinstance(assembly, Session)
    assert franchise(council, model_rulebook()) == council
    assert franchise(assembly, model_rulebook()).id == "vote-individual"
    nobody = rules_with(altered("vote-individual", modality="must_not"))
    assert franchise(assembly, nobody).id == "vote-individual"


def test_franchise__no_class_at_all__refuses() -> None:
    assembly = rule_of("assembly")
    assert isinstance(assembly, Session)
    silence = Silent(id="open", article="5", matter="voting_right", settled_by="A decision.")
    silent = rules_with(silence, without=["vote-individual", "vote-collective"])
    with refused("rule.silent", article="5") as caught:
        franchise(assembly, silent)
    assert caught.value.found == "voting_right"


def test_sits_in__by_body_and_by_seat() -> None:
    _, ledger = founded()
    assert sits_in(ledger.state, TREASURER.id, "bureau", DAY)
    assert not sits_in(ledger.state, TREASURER.id, "bureau", DAY, seat="chair")
    assert not sits_in(ledger.state, GARDENER.id, "bureau", DAY)


@pytest.mark.parametrize(
    ("actor", "parties", "may"),
    [
        (GARDENER, (AnyMember(),), True),
        (GARDENER, (BodyParty("bureau"),), False),
        (TREASURER, (BodyParty("bureau"),), True),
        (TREASURER, (BodyParty("audit"), SeatParty("bureau", "chair")), False),
        (CHAIR, (BodyParty("audit"), SeatParty("bureau", "chair")), True),
        (CHAIR, (ShareParty(share(1, 4)),), False),
        (CHAIR, (ShareParty(share(1, 4)), AnyMember()), True),
        (CHAIR, (), False),
    ],
)
def test_may_act_as__one_of_the_parties(
    actor: Actor,
    parties: tuple[Party, ...],
    may: bool,  # noqa: FBT001 - parametrised
) -> None:
    _, ledger = founded()
    assert may_act_as(ledger.state, actor.id, parties, DAY) is may


def test_check_officer__names_the_rule_and_who_may() -> None:
    simulation, ledger = founded()
    bureau, chair = BodyParty("bureau"), SeatParty("bureau", "chair")
    assert check_officer(ledger.state, TREASURER.id, bureau, DAY, RULE).id == TREASURER.id
    for actor, party, expected in (
        (GARDENER, bureau, "bureau"),
        (TREASURER, chair, "bureau (chair)"),
    ):
        with refused("officer.required", article="4", rule="some-rule") as caught:
            check_officer(ledger.state, actor.id, party, DAY, RULE)
        assert (caught.value.expected, caught.value.found) == (expected, actor.id)
    with refused("officer.required", article="4") as caught:
        check_officer(ledger.state, "system", bureau, DAY, RULE)
    assert caught.value.found == "system"
    simulation.resign(TREASURER)
    with refused("member.inactive"):
        check_officer(ledger.state, TREASURER.id, bureau, DAY, RULE)


def test_check_author__act_of_another__refuses() -> None:
    entry = Entry("2026-01-05T09:00:00.000Z", CHAIR.id, MemberAdmitted(GARDENER.id))
    check_author(entry, CHAIR.id)
    with refused("author.self", rule="psephos.membership") as caught:
        check_author(entry, GARDENER.id)
    assert (caught.value.expected, caught.value.found) == (f"an act of {GARDENER.id}", CHAIR.id)


@pytest.mark.parametrize(
    ("by", "proof", "lawful"),
    [
        ("system", Proof(), True),
        ("system", Proof(("0" * 64,)), False),
        ("system", Proof(issued_at=1), False),
        (CHAIR.id, Proof(), False),
    ],
)
def test_check_unsigned__system_without_signatures(by: str, proof: Proof, lawful: bool) -> None:  # noqa: FBT001 - parametrised
    entry = Entry("2026-01-05T09:00:00.000Z", by, MemberAdmitted(GARDENER.id), proof)
    if lawful:
        assert check_unsigned(entry) == 0
        return
    with refused("author.system", rule="psephos.membership") as caught:
        check_unsigned(entry)
    assert caught.value.found == by


@pytest.mark.parametrize("level", [None, *ASSURANCE_LEVELS])
def test_voters__class_that_needs_an_identity_check__wait_for_it(
    level: AssuranceLevel | None,
) -> None:
    rulebook = rules_with(altered("vote-individual", assurance="substantial"))
    simulation, ledger = founded(rulebook)
    if level is not None:
        simulation.check_identity(CHAIR, GARDENER, assurance=level)
    found = voters(ledger.state, rulebook, DAY)
    checked = level in ("substantial", "high")
    assert [member.id for member in found] == ([GARDENER.id] if checked else [])
