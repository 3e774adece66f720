"""Due process, Q1 to Q4: grounds, service, reply, and what is ready to be decided."""

import pytest

from backend.domain.acts import GroundsServed, NoticeChannel
from backend.domain.errors import GovernanceError
from backend.domain.proceedings import check_ready, decider
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import BodyParty, SeatParty
from backend.domain.rulebook.topics import Silent
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
from tests.support.organisations import Simulation
from tests.support.people_world import altered


def accused(rulebook: Rulebook | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation on 5 January with a proceeding for the exclusion of the partner."""
    simulation, ledger = joined(rulebook)
    simulation.accuse(GARDENER, "weir", PARTNER)
    return simulation, ledger


def test_q1__member_with_a_vote_opens__proceeding_waits() -> None:
    simulation, ledger = accused()
    proceeding = ledger.state.proceeding("weir")
    assert (proceeding.status, proceeding.opened_by) == ("open", GARDENER.id)
    assert (proceeding.opened_at, proceeding.served_at) == (simulation.at(), None)


def test_q1__id_in_use__refuses() -> None:
    simulation, _ = accused()
    with refused("proceeding.exists"):
        simulation.accuse(CHAIR, "weir", SECRETARY)


def test_q1__member_without_a_vote__opens_none() -> None:
    simulation, _ = joined()
    with refused("proceeding.author", article="8", rule="loss-exclusion"):
        simulation.accuse(PARTNER, "weir", GARDENER)


def test_q1__suspended_member_of_the_body_that_decides__opens() -> None:
    rule = altered("due-process", by=BodyParty("bureau"))
    simulation, ledger = joined(rules_with(altered("sanctions", skips=True), rule))
    simulation.accuse(CHAIR, "boats", TREASURER, measure="sanction", sanction="suspension")
    simulation.serve(CHAIR, "boats")
    simulation.reply(TREASURER, "boats")
    simulation.take_measure(CHAIR, "boats", until="2026-12-31")
    assert ledger.state.member(TREASURER.id).suspended_until == "2026-12-31"
    with refused("proceeding.author", article="8"):
        simulation.accuse(TREASURER, "weir", PARTNER)
    simulation.accuse(TREASURER, "weir", PARTNER, measure="sanction", sanction="warning")


@pytest.mark.parametrize("actor", [STRANGER, PARTNER])
def test_q1__against_someone_who_is_no_member__refuses(actor: Actor) -> None:
    simulation, _ = joined()
    simulation.apply(STRANGER)
    if actor == PARTNER:
        simulation.resign(PARTNER)
    with refused("member.inactive"):
        simulation.accuse(GARDENER, "weir", actor)


def test_q1__opened_by_an_applicant__refuses() -> None:
    simulation, _ = joined()
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.accuse(STRANGER, "weir", PARTNER)


@pytest.mark.parametrize(
    ("measure", "fields"),
    [
        ("exclusion", {"sanction": "warning"}),
        ("exclusion", {"mandate": "bureau-secretary"}),
        ("sanction", {}),
        ("sanction", {"sanction": "warning", "mandate": "bureau-secretary"}),
        ("revocation", {}),
        ("revocation", {"sanction": "warning", "mandate": "bureau-secretary"}),
    ],
)
def test_q1__measure_with_other_fields_than_its_own__refuses(
    measure: str, fields: dict[str, str]
) -> None:
    simulation, _ = joined()
    with refused("proceeding.shape"):
        simulation.accuse(GARDENER, "weir", SECRETARY, measure=measure, **fields)  # type: ignore[arg-type]  # from the table


def test_q1__sanction_off_the_ladder__refuses() -> None:
    simulation, _ = joined()
    with refused("sanction.not_listed", article="18", rule="sanctions") as caught:
        simulation.accuse(GARDENER, "weir", PARTNER, measure="sanction", sanction="fine")
    assert caught.value.expected == "warning or suspension"


def test_q1__mandate_of_the_member__is_named() -> None:
    simulation, ledger = joined()
    seat = mandate_of(SECRETARY)
    with refused("proceeding.mandate"):
        simulation.accuse(GARDENER, "weir", TREASURER, measure="revocation", mandate=seat)
    simulation.accuse(GARDENER, "weir", SECRETARY, measure="revocation", mandate=seat)
    assert ledger.state.proceeding("weir").data.mandate == seat
    simulation.resign_mandate(SECRETARY, seat)
    with refused("mandate.over"):
        simulation.accuse(GARDENER, "boats", SECRETARY, measure="revocation", mandate=seat)
    with refused("mandate.unknown"):
        simulation.accuse(GARDENER, "boats", SECRETARY, measure="revocation", mandate="none")


def test_q1__mandate_that_cannot_be_revoked__refuses() -> None:
    simulation, _ = joined(rules_with(altered("revocation", modality="must_not")))
    seat = mandate_of(SECRETARY)
    with refused("revocation.forbidden", article="19", rule="revocation"):
        simulation.accuse(GARDENER, "weir", SECRETARY, measure="revocation", mandate=seat)


def test_q1__statutes_silent_on_revocation__names_the_silent_article() -> None:
    silence = Silent(
        id="open", article="17", matter="revocation", about=("bureau",), settled_by="A decision."
    )
    simulation, _ = joined(rules_with(silence, without=["revocation"]))
    seat = mandate_of(SECRETARY)
    with refused("rule.silent", article="17", rule="open"):
        simulation.accuse(GARDENER, "weir", SECRETARY, measure="revocation", mandate=seat)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"modality": "must_not"}, "loss.forbidden"), ({"by": None}, "loss.nobody")],
)
def test_q1__exclusion_nobody_may_decide__refuses(fields: dict[str, object], code: str) -> None:
    simulation, _ = joined(rules_with(altered("loss-exclusion", **fields)))
    with refused(code, article="8", rule="loss-exclusion"):
        simulation.accuse(GARDENER, "weir", PARTNER)


def test_decider__by_measure__is_whom_its_rule_names() -> None:
    simulation, ledger = accused(rules_with(altered("loss-exclusion", by=BodyParty("bureau"))))
    simulation.accuse(GARDENER, "boats", PARTNER, measure="sanction", sanction="warning")
    state, rulebook = ledger.state, ledger.state.in_force().rulebook
    party, rule = decider(state, state.proceeding("weir").data, rulebook)
    assert (party, rule.id) == (BodyParty("bureau"), "loss-exclusion")
    party, rule = decider(state, state.proceeding("boats").data, rulebook)
    assert (party, rule.id) == (None, "due-process")


def test_q2__keepers_of_the_registers__serve_for_an_assembly() -> None:
    simulation, ledger = accused()
    with refused("officer.required", article="6", rule="custody"):
        simulation.serve(GARDENER, "weir")
    index = simulation.serve(CHAIR, "weir")
    proceeding = ledger.state.proceeding("weir")
    assert (proceeding.served_at, proceeding.served_entry) == (simulation.at(), index)


def test_q2__body_that_decides__serves_itself() -> None:
    seat = SeatParty("bureau", "chair")
    simulation, _ = accused(rules_with(altered("loss-exclusion", by=seat)))
    with refused("officer.required", article="8", rule="loss-exclusion") as caught:
        simulation.serve(TREASURER, "weir")
    assert caught.value.expected == "bureau (chair)"
    simulation.serve(CHAIR, "weir")


@pytest.mark.parametrize(("channel", "code"), [("post", "proceeding.channel"), ("email", None)])
def test_q2__channel__is_one_of_the_statutes(channel: NoticeChannel, code: str | None) -> None:
    simulation, _ = accused()
    if code is None:
        simulation.serve(CHAIR, "weir", channel=channel)
        return
    with refused(code, article="18", rule="due-process") as caught:
        simulation.serve(CHAIR, "weir", channel=channel)
    assert (caught.value.expected, caught.value.found) == ("email", "post")


def test_q2__served_twice__refuses() -> None:
    simulation, _ = accused()
    simulation.serve(CHAIR, "weir")
    with refused("proceeding.served"):
        simulation.serve(CHAIR, "weir")


@pytest.mark.parametrize(
    ("served_at", "code"),
    [
        ("2026-01-05T08:59:59.999Z", "proceeding.served_at"),
        ("2026-01-05T09:00:00.000Z", None),
        ("2026-01-07T09:00:00.000Z", None),
        ("2026-01-07T09:00:00.001Z", "proceeding.served_at"),
        ("2026-13-07T09:00:00.000Z", "instant.malformed"),
    ],
)
def test_q2__time_of_service__lies_between_opening_and_act(
    served_at: str, code: str | None
) -> None:
    simulation, _ = accused()
    simulation.advance(days=2)
    data = GroundsServed("weir", "email", served_at)
    if code is None:
        simulation.act(CHAIR, data)
        return
    with refused(code):
        simulation.act(CHAIR, data)


def test_q3__only_the_member_replies__once_served() -> None:
    simulation, ledger = accused()
    with refused("proceeding.unserved", article="18", rule="due-process"):
        simulation.reply(PARTNER, "weir")
    simulation.serve(CHAIR, "weir")
    with refused("author.self"):
        simulation.reply(GARDENER, "weir")
    simulation.reply(PARTNER, "weir")
    assert ledger.state.proceeding("weir").replied
    simulation.reply(PARTNER, "weir")


def ready(ledger: MemoryLedger, day: str) -> str | None:
    """Return the code of the refusal to decide on a day; None where it may be decided."""
    try:
        check_ready(ledger.state, "weir", day, ledger.state.in_force().rulebook)
    except GovernanceError as error:
        return error.code
    return None


def test_q4__not_served__is_not_ready_however_late() -> None:
    _, ledger = accused()
    assert ready(ledger, "2026-12-31") == "proceeding.unserved"


@pytest.mark.parametrize(
    ("day", "code"), [("2026-01-13", "proceeding.unheard"), ("2026-01-14", None)]
)
def test_q4__days_to_reply_after_the_day_of_service__are_whole(day: str, code: str | None) -> None:
    simulation, ledger = accused()
    simulation.serve(CHAIR, "weir")
    assert ready(ledger, day) == code


def test_q4__reply__frees_the_way_at_once() -> None:
    simulation, ledger = accused()
    simulation.serve(CHAIR, "weir")
    simulation.reply(PARTNER, "weir")
    assert ready(ledger, "2026-01-05") is None


def test_q4__no_days_to_reply__still_leaves_the_day_of_service() -> None:
    simulation, ledger = accused(rules_with(altered("due-process", reply_days=0)))
    simulation.serve(CHAIR, "weir")
    assert ready(ledger, "2026-01-05") == "proceeding.unheard"
    assert ready(ledger, "2026-01-06") is None


def test_q4__ready__names_the_rule_it_rests_on() -> None:
    simulation, ledger = accused()
    simulation.serve(CHAIR, "weir")
    simulation.reply(PARTNER, "weir")
    rulebook = ledger.state.in_force().rulebook
    assert check_ready(ledger.state, "weir", "2026-01-05", rulebook).id == "due-process"


def test_q4__statutes_without_due_process__refuse() -> None:
    simulation, ledger = accused(rules_with(without=["due-process"]))
    assert ready(ledger, "2026-12-31") == "rule.missing"
    with refused("rule.missing"):
        simulation.serve(CHAIR, "weir")


def test_q4__decided__is_over() -> None:
    bureau = BodyParty("bureau")
    simulation, ledger = accused(rules_with(altered("loss-exclusion", by=bureau)))
    simulation.serve(CHAIR, "weir")
    simulation.reply(PARTNER, "weir")
    simulation.take_measure(CHAIR, "weir")
    assert ready(ledger, "2026-12-31") == "proceeding.decided"
    with refused("proceeding.decided"):
        simulation.reply(PARTNER, "weir")
    with refused("proceeding.unknown"):
        simulation.serve(CHAIR, "boats")
