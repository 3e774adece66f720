"""Motions, P1 to P4."""

import hashlib

import msgspec
import pytest

from backend.domain.acts import (
    FrameworkEffect,
    MotionKind,
    MotionProposed,
    ResolutionEffect,
    StatutesEffect,
    StatutesReference,
)
from backend.domain.framework import format_framework
from backend.domain.rulebook import Silent
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    STRANGER,
    append,
    founded,
    joined,
    refused,
    rules_with,
)
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import Actor, model_framework, model_rulebook
from tests.support.organisations import Simulation

NOWHERE = "bafkrei" + "a" * 52


def _statutes(book: Book, text: bytes = b"New.", rules: bytes | None = None) -> StatutesReference:
    content = rules or msgspec.json.encode(model_rulebook(), order="sorted")
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
        (CHAIR, "abrogative"),
    )
    for actor, kind in proposals:
        simulation, ledger = founded()
        simulation.propose(actor, "bridge", kind=kind)
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
    silence = Silent("open", "30", "initiative", "The general assembly.")
    simulation, _ = founded(rules_with(silence, without=["initiative"]))
    with refused("rule.silent", article="30") as caught:
        simulation.propose(CHAIR, "bridge")
    assert (caught.value.expected, caught.value.found) == (
        "The general assembly.",
        "initiative (legislative)",
    )


@pytest.mark.parametrize("kind", ["legislative", "abrogative", "revocatory"])
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
