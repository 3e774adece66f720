"""Motions, P1 to P9."""

import hashlib

import msgspec
import pytest

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    FrameworkEffect,
    MotionKind,
    MotionProposed,
    Obligation,
    ResolutionEffect,
    StatutesEffect,
    StatutesReference,
)
from backend.domain.framework import format_framework
from backend.domain.motions import support
from backend.domain.rulebook.book import format_rulebook
from backend.domain.rulebook.topics import Silent
from backend.domain.rulebook.voting import Initiative
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    founded,
    joined,
    refused,
    rule_of,
    rules_with,
)
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import FOUNDERS, Actor, model_framework, model_rulebook
from tests.support.model_rules import share
from tests.support.motion_world import carried
from tests.support.organisations import Simulation

NOWHERE = "bafkrei" + "a" * 52


def _statutes(book: Book, text: bytes = b"New.", rules: bytes | None = None) -> StatutesReference:
    made = msgspec.structs.replace(model_rulebook(), text=document_cid(text))
    content = rules or format_rulebook(made)
    return StatutesReference(
        book.put_document(text), book.put_document(content), hashlib.sha256(content).hexdigest()
    )


def _propose(ledger: MemoryLedger, simulation: Simulation, data: MotionProposed) -> int:
    return append(ledger, simulation.signed(ledger, CHAIR, data))


def test_p1__id_in_use__refuses() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    motion = ledger.state.motion("bridge")
    assert (motion.proposer, motion.status) == (CHAIR.id, "proposed")
    with refused("motion.exists"):
        simulation.propose(GARDENER, "bridge")
    simulation.propose(GARDENER, "bridge-2")


def test_p1__digest__binds_author_and_content() -> None:
    digests = set()
    proposals: tuple[tuple[Actor, MotionKind], ...] = (
        (CHAIR, "legislative"),
        (GARDENER, "legislative"),
        (CHAIR, "valuation"),
    )
    framework = FrameworkEffect("river-health", document_cid(format_framework(model_framework())))
    for actor, kind in proposals:
        simulation, ledger = founded()
        ledger.put_document(format_framework(model_framework()))
        simulation.propose_effect(actor, "bridge", kind, framework)
        digests.add(ledger.state.motion("bridge").digest)
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("actor", "code"), [(STRANGER, "member.inactive"), (Actor("nobody"), "member.unknown")]
)
def test_p2__not_a_member__refuses(actor: Actor, code: str) -> None:
    simulation, _ = founded()
    simulation.apply(STRANGER)
    with refused(code):
        simulation.propose(actor, "bridge")


def test_p2__class_without_initiative__refuses() -> None:
    simulation, _ = joined()
    with refused("initiative.class", article="9", rule="initiative") as caught:
        simulation.propose(PARTNER, "bridge")
    assert caught.value.found == "collective"


def test_p2__statutes_silent_on_initiative__refuses() -> None:
    silence = Silent(
        id="open", article="30", matter="initiative", settled_by="The general assembly."
    )
    simulation, _ = founded(rules_with(silence, without=["initiative"]))
    with refused("rule.silent", article="30") as caught:
        simulation.propose(CHAIR, "bridge")
    assert (caught.value.expected, caught.value.found) == (
        "The general assembly.",
        "initiative (legislative)",
    )


@pytest.mark.parametrize("kind", ["legislative"])
def test_p3__statutes_by_a_motion_that_is_not_constituent__refuses(kind: MotionKind) -> None:
    simulation, _ = founded()
    with refused("effect.kind", article="10", rule="effect-ordinary"):
        simulation.propose(
            CHAIR, "reform", kind=kind, effect=lambda book: StatutesEffect(_statutes(book))
        )
    simulation.propose(
        CHAIR, "reform", kind="constituent", effect=lambda book: StatutesEffect(_statutes(book))
    )


def test_p3__resolution_by_a_constituent_motion__refuses() -> None:
    simulation, _ = founded()
    with refused("effect.kind", rule="effect-constituent"):
        simulation.propose(CHAIR, "reform", kind="constituent")


@pytest.mark.parametrize(
    ("text", "rules", "code"),
    [
        (b"", None, "text.empty"),
        (b" \n\t", None, "text.empty"),
        (b"\xff", None, "text.encoding"),
        (b"New.", b"{}", "rulebook.malformed"),
    ],
)
def test_p4__proposed_statutes_that_do_not_hold__refuses(
    text: bytes, rules: bytes | None, code: str
) -> None:
    simulation, _ = founded()
    with refused(code):
        simulation.propose(
            CHAIR,
            "reform",
            kind="constituent",
            effect=lambda book: StatutesEffect(_statutes(book, text, rules)),
        )


def test_p4__rulebook_of_another_hash__refuses() -> None:
    simulation, _ = founded()
    with refused("statutes.rules_hash"):
        simulation.propose(
            CHAIR,
            "reform",
            kind="constituent",
            effect=lambda book: StatutesEffect(
                msgspec.structs.replace(_statutes(book), rules="0" * 64)
            ),
        )


@pytest.mark.parametrize("field", ["text", "rulebook"])
def test_p4__document_that_is_not_held__refuses(field: str) -> None:
    simulation, _ = founded()
    with refused("document.unknown"):
        simulation.propose(
            CHAIR,
            "reform",
            kind="constituent",
            effect=lambda book: StatutesEffect(
                msgspec.structs.replace(_statutes(book), **{field: NOWHERE})
            ),
        )


def test_p4__motion_without_its_text__refuses() -> None:
    simulation, ledger = founded()
    data = MotionProposed("bridge", "legislative", "Bridge", NOWHERE, ResolutionEffect())
    with refused("document.unknown"):
        _propose(ledger, simulation, data)
    held = msgspec.structs.replace(data, text=ledger.put_document(b"Build it."))
    _propose(ledger, simulation, held)


def test_p4__framework_of_another_id__refuses() -> None:
    simulation, _ = founded()
    content = format_framework(model_framework())
    with refused("framework.id") as caught:
        simulation.propose(
            CHAIR,
            "value",
            effect=lambda book: FrameworkEffect("lake-health", book.put_document(content)),
        )
    assert (caught.value.expected, caught.value.found) == ("lake-health", "river-health")
    simulation.propose_framework(CHAIR, "value", model_framework())


def test_p4__framework_that_does_not_parse__refuses() -> None:
    simulation, _ = founded()
    with refused("framework.malformed"):
        simulation.propose(
            CHAIR,
            "value",
            effect=lambda book: FrameworkEffect("river-health", book.put_document(b"{}")),
        )


BODY = rule_of("initiative")
assert isinstance(BODY, Initiative)
BY_BUREAU = msgspec.structs.replace(BODY, classes=(), bodies=("bureau",))
PETITION = msgspec.structs.replace(BODY, support=share(1, 2))
"""Two of the four who have a vote must support a motion."""


def test_p2__body_with_the_initiative__is_its_members() -> None:
    simulation, _ = founded(rules_with(BY_BUREAU))
    simulation.propose(SECRETARY, "bridge")
    with refused("initiative.class", article="9") as caught:
        simulation.propose(GARDENER, "weir")
    assert caught.value.expected == "bureau"


def test_p2__seat_given_back_since__does_not_undo_the_proposal() -> None:
    simulation, _ = founded(rules_with(BY_BUREAU))
    simulation.propose(SECRETARY, "bridge")
    simulation.advance(days=1)
    simulation.resign_mandate(SECRETARY, "bureau-secretary")
    with refused("initiative.class"):
        simulation.propose(SECRETARY, "weir")
    simulation.convene(CHAIR, "spring", "bridge")


def test_p2__rules_that_took_the_initiative_since__keep_a_motion_from_the_vote() -> None:
    simulation, _ = founded()
    simulation.propose(GARDENER, "bridge")
    simulation.propose_statutes(CHAIR, "reform", text="New.", rulebook=rules_with(BY_BUREAU))
    carried(simulation, "spring", "reform")
    with refused("initiative.class", article="9"):
        simulation.convene(CHAIR, "summer", "bridge")


def test_p4__too_little_support__keeps_a_motion_from_the_vote() -> None:
    simulation, _ = joined(rules_with(PETITION))
    simulation.propose(GARDENER, "bridge")
    with refused("motion.support", article="9", rule="initiative") as caught:
        simulation.convene(CHAIR, "spring", "bridge")
    assert (caught.value.expected, caught.value.found) == ("2 of 4", "1")
    simulation.support(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")


def test_p4__support_of_someone_who_left__no_longer_counts() -> None:
    simulation, ledger = joined(rules_with(PETITION))
    simulation.apply(STRANGER)
    simulation.admit(STRANGER)
    simulation.propose(GARDENER, "bridge")
    simulation.support(STRANGER, "bridge")
    book, day = ledger.state.in_force().rulebook, ledger.state.day_of(simulation.at())
    assert support(ledger.state.motion("bridge"), ledger.state, book, day) == (2, 5)
    simulation.support(CHAIR, "bridge")
    simulation.resign(STRANGER)
    assert support(ledger.state.motion("bridge"), ledger.state, book, day) == (2, 4)
    simulation.resign(GARDENER)
    with refused("motion.support") as caught:
        simulation.convene(CHAIR, "spring", "bridge")
    assert (caught.value.expected, caught.value.found) == ("2 of 3", "1")


def test_p5__member_without_a_vote__does_not_support() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    with refused("support.no_vote", article="5", rule="vote-collective"):
        simulation.support(PARTNER, "bridge")
    simulation.support(GARDENER, "bridge")


def test_p5__support_given_before__refuses() -> None:
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.support(GARDENER, "bridge")
    for actor in (CHAIR, GARDENER):
        with refused("support.exists"):
            simulation.support(actor, "bridge")
    assert ledger.state.motion("bridge").supporters == {GARDENER.id}


def test_p5__motion_that_is_put_to_the_vote__takes_no_more_support() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    with refused("motion.not_proposed", rule="psephos.motion"):
        simulation.support(GARDENER, "bridge")
    with refused("motion.unknown"):
        simulation.support(GARDENER, "weir")


def test_p6__amended__loses_its_support_and_changes_its_digest() -> None:
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.support(GARDENER, "bridge")
    before = ledger.state.motion("bridge")
    simulation.advance(days=1)
    simulation.amend(CHAIR, "bridge")
    after = ledger.state.motion("bridge")
    assert (after.data.kind, after.supporters) == (before.data.kind, frozenset())
    assert after.digest != before.digest
    assert after.changed_at == simulation.at()


def test_p6__amended_by_someone_else__refuses() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    with refused("author.self"):
        simulation.amend(GARDENER, "bridge")


def test_p6__statutes_that_keep_motions_as_they_are__refuse_amendments() -> None:
    rule = rule_of("deliberation")
    simulation, _ = joined(rules_with(msgspec.structs.replace(rule, amendable=False)))
    simulation.propose(CHAIR, "bridge")
    with refused("motion.not_amendable", article="17", rule="deliberation"):
        simulation.amend(CHAIR, "bridge")


def test_p6__statutes_that_say_nothing_of_amendments__refuse_them() -> None:
    simulation, _ = joined(rules_with(without=["deliberation"]))
    simulation.propose(CHAIR, "bridge")
    with refused("rule.missing"):
        simulation.amend(CHAIR, "bridge")


def test_p6__amended_to_an_effect_the_kind_may_not_have__refuses() -> None:
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    with refused("effect.kind", article="10"):
        simulation.amend(CHAIR, "bridge", effect=lambda _: AffiliationEffect("Sea", joins=True))
    assert ledger.state.motion("bridge").data.title == "Motion bridge"


def test_p6__text_is_frozen__once_it_is_put_to_the_vote() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    with refused("motion.not_proposed"):
        simulation.amend(CHAIR, "bridge")


def test_p7__withdrawn_by_the_proposer__is_over() -> None:
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    with refused("author.self"):
        simulation.withdraw(GARDENER, "bridge")
    simulation.withdraw(CHAIR, "bridge")
    assert ledger.state.motion("bridge").status == "withdrawn"
    for again in (simulation.withdraw, simulation.amend):
        with refused("motion.not_proposed") as caught:
            again(CHAIR, "bridge")
        assert caught.value.found == "withdrawn"


def test_p7__motion_that_is_put_to_the_vote__cannot_be_withdrawn() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    with refused("motion.not_proposed"):
        simulation.withdraw(CHAIR, "bridge")


def _by_consent() -> tuple[Simulation, MemoryLedger]:
    ballot = rule_of("ballot")
    simulation, ledger = joined(rules_with(msgspec.structs.replace(ballot, method="consent")))
    simulation.propose(CHAIR, "bridge")
    return simulation, ledger


def test_p8__objection_while_proposed_and_while_voting__stands() -> None:
    simulation, ledger = _by_consent()
    simulation.object(GARDENER, "too-dear", "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.object(TREASURER, "too-high", "bridge")
    simulation.advance(days=17, milliseconds=-1)
    simulation.object(TREASURER, "too-wide", "bridge")
    simulation.resolve(GARDENER, "too-dear")
    objections = ledger.state.motion("bridge").objections
    assert {name: each.resolved for name, each in objections.items()} == {
        "too-dear": True,
        "too-high": False,
        "too-wide": False,
    }


def test_p8__objection_after_the_vote__is_late() -> None:
    simulation, _ = _by_consent()
    simulation.object(TREASURER, "too-high", "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=17)
    with refused("objection.late", rule="psephos.motion"):
        simulation.object(TREASURER, "too-wide", "bridge")
    with refused("objection.late", rule="psephos.motion"):
        simulation.resolve(TREASURER, "too-high")


def test_p8__objection_to_what_is_counted_by_votes__refuses() -> None:
    simulation, _ = joined()
    simulation.propose(CHAIR, "bridge")
    with refused("objection.method", article="12", rule="ballot"):
        simulation.object(GARDENER, "too-dear", "bridge")


@pytest.mark.parametrize("called", [False, True])
def test_p8__objection_of_someone_without_a_vote__refuses(called: bool) -> None:  # noqa: FBT001
    simulation, _ = _by_consent()
    if called:
        simulation.convene(CHAIR, "spring", "bridge")
    with refused("objection.elector", article="12", rule="ballot"):
        simulation.object(PARTNER, "too-dear", "bridge")


def test_p8__objection_of_someone_who_joined_after_the_call__refuses() -> None:
    simulation, _ = _by_consent()
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.apply(STRANGER)
    simulation.admit(STRANGER)
    with refused("objection.elector"):
        simulation.object(STRANGER, "too-dear", "bridge")


def test_p8__objection_id_in_use__refuses() -> None:
    simulation, _ = _by_consent()
    simulation.propose(CHAIR, "weir")
    simulation.object(GARDENER, "too-dear", "bridge")
    with refused("objection.exists"):
        simulation.object(TREASURER, "too-dear", "weir")


def test_p8__objection__is_met_only_as_the_objector_says_and_once() -> None:
    simulation, _ = _by_consent()
    simulation.object(GARDENER, "too-dear", "bridge")
    with refused("author.self"):
        simulation.resolve(CHAIR, "too-dear")
    simulation.resolve(GARDENER, "too-dear")
    with refused("objection.resolved"):
        simulation.resolve(GARDENER, "too-dear")
    with refused("objection.unknown"):
        simulation.resolve(GARDENER, "too-cheap")


def test_p8__objection_to_a_motion_that_is_over__refuses() -> None:
    simulation, _ = _by_consent()
    simulation.withdraw(CHAIR, "bridge")
    with refused("motion.not_proposed"):
        simulation.object(GARDENER, "too-dear", "bridge")


PAINT = Obligation("paint", "Paint it.", "The bureau", "2026-06-30")


def _resolved(*, adopted: bool = True) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = joined()
    simulation.propose_effect(GARDENER, "bridge", "legislative", ResolutionEffect((PAINT,)))
    votes = {"yes": FOUNDERS} if adopted else {"yes": (), "no": FOUNDERS}
    carried(simulation, "spring", "bridge", **votes)
    return simulation, ledger


@pytest.mark.parametrize("actor", [GARDENER, CHAIR])
def test_p9__proposer_or_holder_of_a_seat__reports_once(actor: Actor) -> None:
    simulation, ledger = _resolved()
    index = simulation.fulfil(actor, "bridge", "paint")
    assert ledger.state.fulfilled["bridge", "paint"] == index
    with refused("obligation.fulfilled"):
        simulation.fulfil(CHAIR, "bridge", "paint")


def test_p9__anyone_else__does_not_report() -> None:
    simulation, _ = _resolved()
    with refused("obligation.reporter", rule="psephos.motion"):
        simulation.fulfil(PARTNER, "bridge", "paint")


def test_p9__obligation_that_nobody_has__refuses() -> None:
    simulation, _ = _resolved()
    with refused("obligation.unknown"):
        simulation.fulfil(CHAIR, "bridge", "sweep")
    simulation.propose_effect(CHAIR, "join", "affiliation", AffiliationEffect("Sea", joins=True))
    with refused("obligation.unknown"):
        simulation.fulfil(CHAIR, "join", "paint")


def test_p9__resolution_that_was_rejected_or_ended__binds_nobody() -> None:
    simulation, _ = _resolved(adopted=False)
    with refused("obligation.not_in_force") as caught:
        simulation.fulfil(CHAIR, "bridge", "paint")
    assert caught.value.found == "rejected"
    simulation, _ = _resolved()
    end = AbrogationEffect(resolution="bridge")
    simulation.propose_effect(CHAIR, "unpaint", "abrogative", end)
    carried(simulation, "summer", "unpaint")
    with refused("obligation.not_in_force") as caught:
        simulation.fulfil(CHAIR, "bridge", "paint")
    assert caught.value.found == "abrogated"
