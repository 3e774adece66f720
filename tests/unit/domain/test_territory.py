"""Places, T1 to T4, and sessions that meet at a level, A8: each act one change away from a lawful one."""

import pytest
from msgspec.structs import replace

from backend.domain.acts import AssemblyConvened, MemberPlaced, PlaceRegistered
from backend.domain.explanations import explain
from backend.domain.messages import Language
from backend.domain.rulebook.membership import LevelDecider, Levels
from backend.domain.rulebook.rule import ShareParty
from backend.domain.rulebook.sessions import Session
from backend.domain.standing import belongs, electors, surroundings
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    changed,
    joined,
    refused,
)
from tests.support.memory_ledger import Book
from tests.support.model_organisation import mandate_of
from tests.support.model_rules import BUREAU, share
from tests.support.people_world import altered
from tests.support.territory_world import territorial_rules, territory


def test_t1__place_of_a_level_of_the_statutes__is_entered() -> None:
    simulation, ledger = joined(territorial_rules())
    simulation.register_place(CHAIR, "earth", "world")
    assert ledger.state.place("earth") == PlaceRegistered("earth", "The earth", "world")


def test_t1__id_in_use__refuses() -> None:
    simulation, _ = territory()
    with refused("place.exists"):
        simulation.register_place(CHAIR, "mill", "village", within="coast")
    simulation.register_place(CHAIR, "mill-2", "village", within="coast")


def test_t1__level_the_statutes_do_not_name__refuses() -> None:
    simulation, _ = territory()
    with refused("place.level", rule="levels", article="24") as caught:
        simulation.register_place(CHAIR, "alps", "range", within="earth")
    assert caught.value.expected == "village or region or world"


def test_t1__statutes_without_levels__refuses() -> None:
    simulation, _ = joined()
    with refused("rule.missing") as caught:
        simulation.register_place(CHAIR, "earth", "world")
    assert caught.value.found == "levels"


def test_t1__somebody_who_does_not_keep_the_registers__refuses() -> None:
    simulation, _ = territory()
    with refused("officer.required", rule="custody"):
        simulation.register_place(GARDENER, "ford", "village", within="valley")


def test_t1__officer_whose_mandate_ended__refuses() -> None:
    simulation, _ = territory()
    simulation.resign_mandate(SECRETARY, mandate_of(SECRETARY))
    with refused("officer.required", rule="custody"):
        simulation.register_place(SECRETARY, "ford", "village", within="valley")
    simulation.register_place(CHAIR, "ford", "village", within="valley")


@pytest.mark.parametrize(
    ("level", "within", "expected"),
    [
        ("village", "mill", "region or world"),
        ("region", "mill", "world"),
        ("region", "valley", "world"),
        ("village", None, "region or world"),
        ("world", "earth", "\N{EM DASH}"),
        ("world", "mill", "\N{EM DASH}"),
    ],
)
def test_t2__place_around_it_is_not_of_a_higher_level__refuses(
    level: str, within: str | None, expected: str
) -> None:
    simulation, _ = territory()
    with refused("place.within", rule="levels") as caught:
        simulation.register_place(CHAIR, "new", level, within=within)
    assert caught.value.expected == expected


def test_t2__level_between_left_out__is_entered() -> None:
    simulation, ledger = territory()
    simulation.register_place(CHAIR, "islet", "village", within="earth")
    assert surroundings(ledger.state, "islet") == ("islet", "earth")


def test_t2__place_within_itself__is_not_there_yet() -> None:
    simulation, _ = territory()
    with refused("place.unknown") as caught:
        simulation.register_place(CHAIR, "moon", "region", within="moon")
    assert caught.value.found == "moon"


def test_t3__member_and_officer__place_the_member() -> None:
    simulation, ledger = territory()
    simulation.place(GARDENER, "mill")
    assert ledger.state.member(GARDENER.id).place == "mill"
    simulation.place(GARDENER, "harbour", officer=CHAIR)
    assert ledger.state.member(GARDENER.id).place == "harbour"


def test_t3__another_member__refuses() -> None:
    simulation, _ = territory()
    with refused("officer.required", rule="custody"):
        simulation.place(CHAIR, "mill", officer=GARDENER)


def test_t3__same_or_unknown_place__refuses() -> None:
    simulation, _ = territory()
    with refused("place.same"):
        simulation.place(GARDENER, "weir-end")
    with refused("place.unknown"):
        simulation.place(GARDENER, "atlantis")


def test_t3__applicant_and_stranger__refuse() -> None:
    simulation, _ = territory()
    with refused("member.unknown"):
        simulation.place(STRANGER, "mill")
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.place(STRANGER, "mill")


def test_t3__place_changed_after_signing__refuses() -> None:
    simulation, ledger = territory()
    signed = simulation.signed(ledger, GARDENER, MemberPlaced(GARDENER.id, "mill"))
    with refused("signature.signer"):
        append(ledger, (changed(signed[0], place="harbour"), signed[1]))
    append(ledger, signed)


def test_t3__member_of_a_village__belongs_to_all_around_it_and_to_nothing_else() -> None:
    _, ledger = territory()
    gardener, state = ledger.state.member(GARDENER.id), ledger.state
    assert {place for place in state.places if belongs(state, gardener, place)} == {
        "weir-end", "valley", "earth",
    }  # fmt: skip


def test_t3__member_of_no_place__belongs_nowhere() -> None:
    simulation, ledger = territory()
    simulation.apply(STRANGER)
    simulation.admit(STRANGER)
    assert not belongs(ledger.state, ledger.state.member(STRANGER.id), "earth")
    session = ledger.state.in_force().rulebook.one(Session, "region")
    rules, day = ledger.state.in_force().rulebook, ledger.state.day_of(simulation.at())
    everyone = electors(ledger.state, session, rules, day, place="earth")
    assert {member.id for member in everyone} == {CHAIR.id, TREASURER.id, SECRETARY.id, GARDENER.id}


def test_a8__meeting_of_a_village__freezes_the_voters_who_belong_there() -> None:
    simulation, ledger = territory()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge", days=4, session="village", place="weir-end")
    assembly = ledger.state.assembly("spring")
    assert assembly.electors == {CHAIR.id, GARDENER.id}
    assert PARTNER.id not in assembly.electors
    assert assembly.data.agenda[0].electorate.size == 2
    simulation.place(TREASURER, "weir-end")
    assert TREASURER.id not in ledger.state.assembly("spring").electors


@pytest.mark.parametrize(("place", "size"), [("valley", 3), ("coast", 1)])
def test_a8__meeting_of_a_region__gathers_its_villages(place: str, size: int) -> None:
    simulation, ledger = territory()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge", days=4, session="region", place=place)
    assert len(ledger.state.assembly("spring").electors) == size


@pytest.mark.parametrize(
    ("session", "place", "expected"),
    [
        ("village", None, "village"),
        ("village", "valley", "village"),
        ("region", "mill", "region"),
        ("assembly", "mill", "\N{EM DASH}"),
        ("council", "earth", "\N{EM DASH}"),
    ],
)
def test_a8__session_and_level_of_the_place_differ__refuses(
    session: str, place: str | None, expected: str
) -> None:
    simulation, _ = territory()
    simulation.propose(CHAIR, "bridge")
    with refused("assembly.place", rule=session) as caught:
        simulation.convene(CHAIR, "spring", "bridge", days=15, session=session, place=place)
    assert caught.value.expected == expected


def test_a8__unknown_place__refuses() -> None:
    simulation, _ = territory()
    simulation.propose(CHAIR, "bridge")
    with refused("place.unknown"):
        simulation.convene(CHAIR, "spring", "bridge", days=4, session="village", place="atlantis")


@pytest.mark.parametrize(
    ("rolled", "called", "code"),
    [
        ("valley", "weir-end", "electorate.size"),
        ("harbour", "mill", "electorate.members"),
        ("mill", "weir-end", "electorate.size"),
    ],
)
def test_a8__roll_with_members_of_another_place__refuses(
    rolled: str, called: str, code: str
) -> None:
    simulation, _ = territory()
    simulation.propose(CHAIR, "bridge")

    def forged(book: Book) -> AssemblyConvened:
        call = simulation.call("spring", "bridge", days=4, session="village", place=called)
        answered = simulation.answer(book, replace(call, place=rolled))
        return replace(answered, call=call)

    with refused(code, rule="vote-individual"):
        simulation.write(CHAIR, forged)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a8__decision_of_a_village__says_whose_it_is(language: Language) -> None:
    simulation, ledger = territory()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge", days=4, session="village", place="weir-end")
    simulation.advance(days=4)
    simulation.cast(GARDENER, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    decision = ledger.state.decisions["bridge"]
    assert decision.outcome == "adopted"
    (electorate,) = (each for each in decision.derivation if "electorate" in each.inputs)
    assert electorate.inputs["territory"] == "weir-end"
    assert electorate.inputs["electors"] == "2"
    lines = explain(decision, ledger.state.governing("spring"), None, language)
    assert any("weir-end" in line for line in lines)


def test_a8__second_convocation__is_for_the_same_place() -> None:
    simulation, _ = territory()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge", days=4, session="region", place="valley")
    simulation.advance(days=7)
    simulation.settle("spring")
    second = {"days": 4, "session": "region", "round_": 2, "previous": "spring"}
    with refused("assembly.second_place", rule="second-places") as caught:
        simulation.convene(CHAIR, "again", "bridge", place="coast", **second)  # type: ignore[arg-type]  # from the table
    assert (caught.value.expected, caught.value.found) == ("valley", "coast")
    simulation.convene(CHAIR, "again", "bridge", place="valley", **second)  # type: ignore[arg-type]  # from the table


def test_t2__draft_of_a_village__is_answered_for_that_village_only() -> None:
    shared = altered("convocation", by=(BUREAU, ShareParty(share(1, 2))))
    simulation, ledger = territory(shared)
    simulation.propose(CHAIR, "bridge")
    with refused("assembly.place", rule="village"):
        simulation.draft(GARDENER, "ask", "bridge", session="village")
    with refused("draft.group", rule="convocation"):
        simulation.draft(TREASURER, "ask", "bridge", session="village", place="weir-end")
    simulation.draft(GARDENER, "ask", "bridge", session="village", place="weir-end")
    assert ledger.state.draft("ask").complete_at == simulation.at()
    asked = {"days": 4, "session": "village", "draft": "ask"}
    with refused("draft.place", rule="convocation"):
        simulation.convene(CHAIR, "spring", "bridge", place="mill", **asked)  # type: ignore[arg-type]  # from the table
    simulation.convene(CHAIR, "spring", "bridge", place="weir-end", **asked)  # type: ignore[arg-type]  # from the table
    assert ledger.state.draft("ask").assembly == "spring"


def test_levels__named_twice__are_no_rule() -> None:
    twice = ("village", "village")
    with pytest.raises(ValueError, match="once"):
        Levels(id="levels", article="24", modality="may", levels=twice)
    with pytest.raises(ValueError, match="once"):
        altered("due-process", levels=tuple(LevelDecider(each, BUREAU) for each in twice))
    altered("due-process", levels=(LevelDecider("village", BUREAU),))
