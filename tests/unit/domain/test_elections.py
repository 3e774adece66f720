"""Elections, O1 to O5: who fills which seat, how, where and from when."""

from dataclasses import replace

import pytest

from backend.domain.acts import (
    ElectionEffect,
    FirstMandate,
    OrganisationFounded,
    SeatGiven,
)
from backend.domain.deadlines import Duration
from backend.domain.elections import check_election, check_first_mandates, check_way
from backend.domain.rulebook.bodies import Seat
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import BodyParty, Founders
from backend.domain.rulebook.topics import AnyRule, Silent
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    TREASURER,
    decided,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor, mandate_of, model_rulebook
from tests.support.organisations import Simulation
from tests.support.people_world import altered, election

DAY = "2026-02-01"


def check(
    ledger: MemoryLedger,
    effect: ElectionEffect,
    *,
    session: str | None = "assembly",
    closes_on: str | None = DAY,
    motion: str | None = None,
) -> None:
    """Check an election on 1 February under the rules in force."""
    rulebook = ledger.state.in_force().rulebook
    check_election(ledger.state, effect, session, DAY, rulebook, closes_on, motion=motion)


def with_rules(*changed: AnyRule, without: tuple[str, ...] = ()) -> MemoryLedger:
    """Return the organisation under changed rules."""
    return joined(rules_with(*changed, without=without))[1]


def test_o1__member_of_the_bureau_elected_by_the_assembly__is_lawful() -> None:
    ledger = with_rules()
    check(ledger, election(("member", GARDENER)))
    check(ledger, election(("member", GARDENER)), session=None, closes_on=None)


@pytest.mark.parametrize(
    ("body", "seat", "code"),
    [("bureau", "auditor", "election.seat"), ("senate", "member", "rule.missing")],
)
def test_o1__body_or_seat_the_statutes_do_not_know__refuses(
    body: str, seat: str, code: str
) -> None:
    with refused(code):
        check(with_rules(), election((seat, GARDENER), body=body))


@pytest.mark.parametrize(("body", "rule"), [("bureau", "bureau-later"), ("audit", "audit-first")])
def test_o1__phase__is_first_until_the_body_had_a_holder(body: str, rule: str) -> None:
    ledger = with_rules()
    seat = "member" if body == "bureau" else "auditor"
    effect = election((seat, GARDENER), body=body)
    rulebook = ledger.state.in_force().rulebook
    assert check_way(ledger.state, effect, "assembly", rulebook).id == rule


@pytest.mark.parametrize("session", ["council", "assembly"])
@pytest.mark.parametrize("by_body", [True, False])
def test_o1__session__is_the_one_that_fills_the_seats(session: str, by_body: bool) -> None:  # noqa: FBT001 - parametrised
    ledger = (
        with_rules(altered("bureau-later", by=BodyParty("bureau"))) if by_body else with_rules()
    )
    effect = election(("member", GARDENER))
    if by_body == (session == "council"):
        check(ledger, effect, session=session)
        return
    with refused("election.session", article="6", rule="bureau-later") as caught:
        check(ledger, effect, session=session)
    assert caught.value.expected == ("bureau" if by_body else "assembly")


def test_o1__seats_that_founders_left_empty__refuse() -> None:
    ledger = with_rules(altered("audit-first", by=Founders()))
    with refused("election.founders", article="6", rule="audit-first"):
        check(ledger, election(("auditor", GARDENER), body="audit"), session=None)


def test_o1__statutes_silent_on_later_designation__name_the_article() -> None:
    silence = Silent(
        id="open", article="14", matter="designation", about=("bureau/later",),
        settled_by="A decision.",
    )  # fmt: skip
    ledger = with_rules(silence, without=("bureau-later",))
    with refused("rule.silent", article="14"):
        check(ledger, election(("member", GARDENER)))


@pytest.mark.parametrize(
    ("starts", "code"), [("2027-01-05", None), ("2027-01-06", "co_option.late")]
)
def test_o1__co_option__is_open_for_a_time(starts: str, code: str | None) -> None:
    effect = election(("member", GARDENER), starts=starts, co_option=True)
    if code is None:
        check(with_rules(), effect)
        return
    with refused(code, article="6", rule="co-option") as caught:
        check(with_rules(), effect)
    assert caught.value.expected == "by 2027-01-05"


def test_o1__co_option_that_is_denied__refuses() -> None:
    ledger = with_rules(altered("co-option", modality="must_not"))
    with refused("co_option.forbidden", article="6", rule="co-option"):
        check(ledger, election(("member", GARDENER), co_option=True))
    with refused("election.session", article="6", rule="co-option"):
        check(with_rules(), election(("member", GARDENER), co_option=True), session="council")


def test_o2__seat_whose_term_goes_on__is_not_taken_away() -> None:
    ledger = with_rules()
    with refused("election.full", article="6", rule="bureau") as caught:
        check(ledger, election(("chair", GARDENER), starts="2028-01-04"))
    assert (caught.value.expected, caught.value.found) == ("1", "2")
    check(ledger, election(("chair", GARDENER), starts="2028-01-05"))


def test_o2__vacant_seat__may_be_filled() -> None:
    simulation, ledger = joined()
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    check(ledger, election(("chair", GARDENER)))


def test_o2__more_elected_than_seats__refuses() -> None:
    ledger = with_rules()
    seats = [("auditor", actor) for actor in (GARDENER, SECRETARY, TREASURER)]
    check(ledger, election(*seats[:2], body="audit"))
    with refused("election.full", article="6", rule="audit") as caught:
        check(ledger, election(*seats, body="audit"))
    assert (caught.value.expected, caught.value.found) == ("2", "3")


def test_o2__seats_given_for_later__are_taken() -> None:
    simulation, ledger = joined()
    early = election(
        ("auditor", GARDENER), ("auditor", SECRETARY), body="audit", starts="2026-06-01"
    )
    simulation.propose_effect(CHAIR, "audit", "election", early)
    decided(simulation, "spring", "audit")
    with refused("election.full"):
        check(ledger, election(("auditor", TREASURER), body="audit"))


def test_o3__holder_without_a_vote__refuses() -> None:
    with refused("election.no_vote", article="6", rule="bureau") as caught:
        check(with_rules(), election(("member", PARTNER)))
    assert caught.value.found == PARTNER.id
    with refused("member.unknown"):
        check(with_rules(), election(("member", Actor("nobody"))))


@pytest.mark.parametrize(("until", "lawful"), [("2026-01-31", True), (DAY, False)])
def test_o3__holder_suspended_on_the_day__refuses(until: str, lawful: bool) -> None:  # noqa: FBT001 - parametrised
    ledger = with_rules()
    member = replace(ledger.state.member(GARDENER.id), suspended_until=until)
    state = replace(ledger.state, members=ledger.state.members.set(member.id, member))
    effect, rulebook = election(("member", GARDENER)), state.in_force().rulebook
    if lawful:
        check_election(state, effect, "assembly", DAY, rulebook, DAY)
        return
    with refused("election.no_vote", article="6", rule="bureau"):
        check_election(state, effect, "assembly", DAY, rulebook, DAY)


def test_o3__body_within_another__is_chosen_among_its_members() -> None:
    ledger = with_rules(altered("audit", within="bureau"))
    check(ledger, election(("auditor", SECRETARY), body="audit"))
    with refused("election.within", article="6", rule="audit") as caught:
        check(ledger, election(("auditor", GARDENER), body="audit"))
    assert caught.value.expected == "bureau"


@pytest.mark.parametrize(("actor", "code"), [(CHAIR, "election.incompatible"), (TREASURER, None)])
def test_o3__seats_that_exclude_each_other__are_not_held_together(
    actor: Actor, code: str | None
) -> None:
    effect = election(("auditor", actor), body="audit")
    if code is None:
        check(with_rules(), effect)
        return
    with refused(code, article="6", rule="incompatibility") as caught:
        check(with_rules(), effect)
    assert caught.value.found == "audit/auditor, bureau/chair"


def test_o3__seat_resigned_first__no_longer_excludes() -> None:
    simulation, ledger = joined()
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    check(ledger, election(("auditor", CHAIR), body="audit"))


def test_o3__same_seat_twice__refuses() -> None:
    ledger = with_rules()
    with refused("election.twice", article="6", rule="bureau") as caught:
        check(ledger, election(("member", TREASURER)))
    assert caught.value.found == "bureau/member"
    twice = ElectionEffect(
        "audit",
        "designation",
        "2026-03-01",
        attested=True,
        seats=(
            SeatGiven("one", "auditor", GARDENER.id),
            SeatGiven("two", "auditor", GARDENER.id),
        ),
    )
    with refused("election.twice", article="6", rule="audit"):
        check(ledger, twice)


@pytest.mark.parametrize("modality", ["may", "must_not"])
def test_o3__renewal__is_free_or_forbidden(modality: str) -> None:
    ledger = with_rules(altered("renewal", modality=modality))
    effect = election(("member", TREASURER), starts="2028-01-05")
    if modality == "may":
        check(ledger, effect)
        return
    with refused("election.renewal", article="6", rule="renewal"):
        check(ledger, effect)
    check(ledger, election(("member", GARDENER), starts="2028-01-05"))


def test_o3__holder_of_another_seat_of_the_body__is_not_renewed() -> None:
    simulation, ledger = joined(rules_with(altered("renewal", modality="must_not")))
    simulation.resign_mandate(CHAIR, mandate_of(CHAIR))
    check(ledger, election(("chair", TREASURER)))
    with refused("election.renewal"):
        check(ledger, election(("chair", CHAIR)))


def test_o3__age__is_attested_where_the_statutes_ask() -> None:
    effect = election(("member", GARDENER), attested=False)
    with refused("election.age", article="6", rule="minimum-age") as caught:
        check(with_rules(), effect)
    assert caught.value.expected == "18 years attested"
    check(with_rules(without=("minimum-age",)), effect)


@pytest.mark.parametrize(
    ("starts", "closes_on", "code"),
    [
        ("2026-02-17", "2026-02-17", None),
        ("2026-02-16", "2026-02-17", "election.starts"),
        ("2026-02-01", None, None),
        ("2026-01-31", None, "election.starts"),
        ("2026-02-30", None, "day.malformed"),
    ],
)
def test_o4__first_day__is_not_before_the_vote_closes(
    starts: str, closes_on: str | None, code: str | None
) -> None:
    effect = election(("member", GARDENER), starts=starts)
    if code is None:
        check(with_rules(), effect, closes_on=closes_on)
        return
    with refused(code):
        check(with_rules(), effect, closes_on=closes_on)


def test_o4__statutes_without_a_term__refuse() -> None:
    rules = [altered("term", bodies=("audit",))]
    simulation, ledger = Simulation.in_memory()
    simulation.found(rulebook=rules_with(*rules), mandates=())
    simulation.apply(GARDENER)
    simulation.admit(GARDENER)
    with refused("rule.missing") as caught:
        check(ledger, election(("member", GARDENER), co_option=True))
    assert caught.value.found == "term (bureau)"


def test_o4__id_in_use__refuses() -> None:
    ledger = with_rules()
    taken = ElectionEffect(
        "bureau",
        "designation",
        "2026-03-01",
        attested=True,
        seats=(SeatGiven(mandate_of(CHAIR), "member", GARDENER.id),),
    )
    with refused("mandate.exists"):
        check(ledger, taken)
    twice = ElectionEffect(
        "audit",
        "designation",
        "2026-03-01",
        attested=True,
        seats=(
            SeatGiven("one", "auditor", GARDENER.id),
            SeatGiven("one", "auditor", SECRETARY.id),
        ),
    )
    with refused("mandate.exists"):
        check(ledger, twice)


def test_o4__id_of_another_pending_election__refuses() -> None:
    simulation, ledger = joined()
    effect = election(("member", GARDENER))
    simulation.propose(CHAIR, "bridge")
    simulation.propose_effect(CHAIR, "fill", "election", effect)
    with refused("mandate.exists"):
        check(ledger, effect, motion="again")
    check(ledger, effect, motion="fill")
    check(ledger, effect)
    simulation.withdraw(CHAIR, "fill")
    check(ledger, effect, motion="again")


def first(*seats: tuple[str, str, Actor]) -> OrganisationFounded:
    """Return a founding by chair, treasurer and partner that fills seats of (body, kind, holder)."""
    simulation, ledger = Simulation.in_memory()
    mandates = tuple(
        FirstMandate(f"first-{number}", body, seat, holder.id)
        for number, (body, seat, holder) in enumerate(seats)
    )
    simulation.found(founders=(CHAIR, TREASURER, PARTNER), mandates=())
    founding = ledger.state.founded()
    return OrganisationFounded(
        **{
            name: getattr(founding, name)
            for name in founding.__struct_fields__
            if name != "mandates"
        },
        mandates=mandates,
    )


def found(founding: OrganisationFounded, rulebook: Rulebook | None = None) -> None:
    """Check the seats a founding fills on 5 January."""
    check_first_mandates(founding, rulebook or model_rulebook(), "2026-01-05T09:00:00.000Z")


def test_o5__founders_fill_the_bureau__is_lawful() -> None:
    found(first())
    found(first(("bureau", "chair", CHAIR), ("bureau", "member", TREASURER)))


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ((("audit", "auditor", CHAIR),), "mandate.not_founders"),
        ((("bureau", "member", GARDENER),), "mandate.founder"),
        ((("bureau", "member", PARTNER),), "mandate.founder"),
        ((("bureau", "auditor", CHAIR),), "election.seat"),
        ((("bureau", "chair", CHAIR), ("bureau", "chair", TREASURER)), "election.full"),
        ((("bureau", "member", CHAIR), ("bureau", "member", CHAIR)), "election.twice"),
        ((("senate", "member", CHAIR),), "rule.missing"),
    ],
)
def test_o5__seat_the_statutes_do_not_let_them_fill__refuses(
    seats: tuple[tuple[str, str, Actor], ...], code: str
) -> None:
    with refused(code):
        found(first(*seats))


def test_o5__repeated_id__refuses() -> None:
    founding = first(("bureau", "member", CHAIR), ("bureau", "member", TREASURER))
    one, two = founding.mandates
    repeated = FirstMandate(one.mandate, two.body, two.seat, two.holder)
    fields = {name: getattr(founding, name) for name in founding.__struct_fields__}
    with refused("mandate.exists"):
        found(OrganisationFounded(**{**fields, "mandates": (one, repeated)}))


@pytest.mark.parametrize("both", [True, False])
def test_o5__body_within_another__is_chosen_among_its_first_holders(both: bool) -> None:  # noqa: FBT001 - parametrised
    rulebook = rules_with(
        altered("audit", within="bureau", seats=(Seat("auditor", "Auditor", 1, 2),)),
        altered("audit-first", by=Founders()),
    )
    seats = [("audit", "auditor", TREASURER)]
    if both:
        found(first(*seats, ("bureau", "member", TREASURER)), rulebook)
        return
    with refused("election.within", article="6", rule="audit"):
        found(first(*seats), rulebook)


def test_o5__seats_that_exclude_each_other__refuse() -> None:
    rulebook = rules_with(altered("audit-first", by=Founders()))
    seats = (("audit", "auditor", CHAIR), ("bureau", "chair", CHAIR))
    with refused("election.incompatible", article="6", rule="incompatibility"):
        found(first(*seats), rulebook)


def test_o5__statutes_without_a_term__refuse() -> None:
    with refused("rule.missing"):
        found(first(("bureau", "member", CHAIR)), rules_with(without=["term"]))


def test_o2__co_option__replaces_nobody_past_the_term() -> None:
    rulebook = altered("co-option", within=Duration(years=9))
    ledger = with_rules(rulebook)
    check(ledger, election(("chair", GARDENER), starts="2028-02-01"))
    with refused("election.full", article="6", rule="bureau"):
        check(ledger, election(("chair", GARDENER), starts="2028-02-01", co_option=True))
