"""Statutes, T5 and T6, and the difference by article."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import StatutesAdopted, StatutesEffect
from backend.domain.entry import Entry
from backend.domain.statutes import PREAMBLE, adopt, article_changes, difference, difference_of
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    append,
    decided,
    founded,
    refused,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import model_rulebook, stricter_rulebook
from tests.support.organisations import Simulation

VOTERS = (CHAIR, TREASURER, SECRETARY, GARDENER)
LINES = ("Article 1. A", "Article 2. B", "Article 2. C", "one", "two")
SECOND = "Article 1. The river.\nArticle 2. Its members, who care.\n"
THIRD = "Article 1. The river and its banks.\nArticle 2. Its members.\n"


def _adopted(**fields: object) -> tuple[Simulation, MemoryLedger, Entry]:
    """Return the adoption of version 2 that is not appended, with some fields changed."""
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    decided(simulation, "spring", "reform")
    diff = ledger.put_document(difference_of(ledger.state, "reform", ledger.sources))
    data = msgspec.structs.replace(adopt(ledger.state, "reform", diff), **fields)
    return simulation, ledger, Entry(simulation.at(), "system", data)


def test_t5__adopted_motion__makes_version_2() -> None:
    simulation, ledger, entry = _adopted()
    index = ledger.append(entry)
    assert [version.number for version in ledger.state.statutes] == [1, 2]
    assert ledger.state.version(1).rulebook == model_rulebook()
    assert ledger.state.in_force().rulebook == stricter_rulebook()
    assert ledger.state.in_force().adopted_at == simulation.at()
    assert ledger.state.enacted["reform"] == index


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_t5__motion_that_was_not_adopted__refuses(status: str) -> None:
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    if status == "rejected":
        decided(simulation, "spring", "reform", voters=())
    with refused("statutes.not_adopted", rule="psephos.statutes"):
        simulation.adopt_statutes("reform")
    assert len(ledger.state.statutes) == 1


def test_t5__adopted_motion_of_another_effect__refuses() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    decided(simulation, "spring", "bridge")
    assert ledger.state.motion("bridge").status == "adopted"
    with refused("statutes.not_adopted"):
        simulation.adopt_statutes("bridge")


def test_t5__same_motion_again__refuses() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    with refused("motion.enacted"):
        simulation.adopt_statutes("reform")
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    with refused("motion.enacted"):
        ledger.append(msgspec.structs.replace(entry, data=msgspec.structs.replace(data, version=3)))


def test_t5__version_in_force_proposed_again__refuses() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    with refused("statutes.in_force", rule="psephos.statutes"):
        simulation.propose_statutes(CHAIR, "again", text=SECOND, rulebook=stricter_rulebook())


def test_t7__text_drafted_before_the_version_in_force__is_not_put_to_the_vote() -> None:
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "early", text=THIRD, rulebook=stricter_rulebook())
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    decided(simulation, "spring", "reform")
    simulation.enact()
    simulation.advance(days=1)
    with refused("statutes.outdated", rule="psephos.statutes"):
        simulation.convene(CHAIR, "summer", "early")
    simulation.propose_statutes(CHAIR, "late", text=THIRD, rulebook=stricter_rulebook())
    simulation.convene(CHAIR, "summer", "late")
    assert "summer" in ledger.state.assemblies


def test_t5__same_version_adopted_twice_in_one_assembly__is_version_3_with_no_difference() -> None:
    simulation, ledger = founded()
    for motion in ("reform", "reform-too"):
        simulation.propose_statutes(CHAIR, motion, text=SECOND, rulebook=stricter_rulebook())
    decided(simulation, "spring", "reform", "reform-too")
    simulation.enact()
    data = ledger.entries[-1].data
    assert isinstance(data, StatutesAdopted)
    assert data.version == 3
    assert ledger.sources.document(data.diff) == b"--- v2\n+++ v3\n"


def test_t5__earlier_version_by_a_new_motion__is_version_3() -> None:
    simulation, ledger, entry = _adopted()
    ledger.append(entry)
    first = ledger.state.version(1).statutes
    simulation.propose(CHAIR, "restore", kind="constituent", effect=lambda _: StatutesEffect(first))
    decided(simulation, "summer", "restore", voters=VOTERS)
    simulation.adopt_statutes("restore")
    assert ledger.state.in_force().statutes == first
    assert ledger.state.in_force().number == 3


@pytest.mark.parametrize("version", [3, 4])
def test_t5__version_that_is_not_the_next__refuses(version: int) -> None:
    _, ledger, entry = _adopted(version=version)
    with refused("statutes.differ"):
        ledger.append(entry)


@pytest.mark.parametrize("field", ["text", "rulebook", "rules"])
def test_t5__documents_of_another_version__refuses(field: str) -> None:
    _, ledger, entry = _adopted()
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    first = ledger.state.version(1).statutes
    other = msgspec.structs.replace(data.statutes, **{field: getattr(first, field)})
    wrong = msgspec.structs.replace(data, statutes=other)
    with refused("statutes.differ"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))


def test_t6__difference_of_other_texts__refuses() -> None:
    _, ledger, entry = _adopted()
    other = ledger.put_document(difference("a", "b", old_name="v1", new_name="v2"))
    wrong = msgspec.structs.replace(entry.data, diff=other)
    with refused("statutes.diff"):
        ledger.append(msgspec.structs.replace(entry, data=wrong))
    nowhere = msgspec.structs.replace(entry.data, diff="bafkrei" + "a" * 52)
    with refused("document.unknown"):
        ledger.append(msgspec.structs.replace(entry, data=nowhere))


def test_t6__difference__is_this_text() -> None:
    _, ledger, entry = _adopted()
    data = entry.data
    assert isinstance(data, StatutesAdopted)
    assert ledger.sources.document(data.diff) == (
        b"--- v1\n+++ v2\n@@ Article 2 changed @@\n-Article 2. Its members.\n"
        b"+Article 2. Its members, who care.\n"
    )


def test_adoption__signed_by_someone__refuses() -> None:
    simulation, ledger, entry = _adopted()
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, entry.data))
    ledger.append(entry)


OLD = """Preamble.
Article 1. Name
The river.

Article 2. Members
Everyone.
Article 3. Seat
Lyon.
"""


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        (OLD, ()),
        (OLD.replace("Everyone.", "Anyone."), ("Article 2 changed",)),
        (OLD.replace("Preamble.", "Whereas."), (f"{PREAMBLE} changed",)),
        (OLD.replace("Preamble.\n", ""), (f"{PREAMBLE} removed",)),
        (OLD + "Article 4. End\n", ("Article 4 added",)),
        (OLD.replace("Article 2. ", "Article 2-1. "), ("Article 2 removed", "Article 2-1 added")),
        (OLD.replace("Article 2. Members\nEveryone.\n", ""), ("Article 2 removed",)),
        (OLD.replace("Article 3. ", "Article 2. "), ("Article 3 removed", "Article 2 (2) added")),
        (OLD.replace("Lyon.", "See Article 1. There."), ("Article 3 changed",)),
        (
            (
                "Preamble.\nArticle 2. Members\nEveryone.\nArticle 1. Name\nThe river.\n\n"
                "Article 3. Seat\nParis.\n"
            ),
            ("Article 2 moved", "Article 3 changed"),
        ),
    ],
)
def test_difference__by_article__names_what_differs(new: str, changes: tuple[str, ...]) -> None:
    found = article_changes(OLD, new)
    assert tuple(f"{change.article} {change.kind}" for change in found) in (
        changes,
        tuple(name.replace("Article 2 moved", "Article 1 moved") for name in changes),
    )


def test_difference__of_a_moved_article__shows_its_lines_only_if_they_changed() -> None:
    old = "Article 1. A\none\nArticle 2. B\ntwo\n"
    same, other = (f"Article 2. B\n{line}\nArticle 1. A\none\n" for line in ("two", "three"))
    (moved,) = article_changes(old, same)
    assert (moved.kind, moved.lines) == ("moved", ())
    changed = {change.article: change for change in article_changes(old, other)}
    assert ("-two" in changed["Article 2"].lines, "+three" in changed["Article 2"].lines) == (
        True,
        True,
    )


def test_difference__as_text__keeps_every_line_of_a_changed_article() -> None:
    new = OLD.replace("Everyone.", "Anyone.").replace("Article 3. Seat\nLyon.\n", "")
    assert difference(OLD, new, old_name="v1", new_name="v2").decode().splitlines() == [
        "--- v1",
        "+++ v2",
        "@@ Article 2 changed @@",
        " Article 2. Members",
        "-Everyone.",
        "+Anyone.",
        "@@ Article 3 removed @@",
        "-Article 3. Seat",
        "-Lyon.",
    ]


@given(st.lists(st.sampled_from(LINES), max_size=8), st.lists(st.sampled_from(LINES), max_size=8))
def test_difference__any_two_texts__is_empty_only_if_the_lines_are_the_same(
    old: list[str], new: list[str]
) -> None:
    changes = article_changes("\n".join(old), "\n".join(new))
    assert (not changes) == (old == new)
    added = [line[1:] for each in changes for line in each.lines if line[0] == "+"]
    removed = [line[1:] for each in changes for line in each.lines if line[0] == "-"]
    assert Counter(new) - Counter(added) == Counter(old) - Counter(removed)
