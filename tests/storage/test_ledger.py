"""Append, replay, refusal and concurrency of the unit of work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from anchoring.core.types import LeafIndex, TreeSize
from backend.domain.acts import CommonsRegistered, MemberAdmitted
from backend.domain.commitments import Tag, commit
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleViolation
from backend.domain.sources import Elector, KeyOpening, SignatureOpening
from backend.services.ports import ChoiceOpening, UnitOfWork
from backend.storage.database import Database
from backend.storage.ledgers import SqlLedgers
from backend.storage.reads import SqlReads
from tests.support.model_organisation import FOUNDERS, ORIGIN, SLUG, Actor
from tests.support.organisations import Simulation, play_whole_life
from tests.support.stored_organisations import StoredBook, command_of
from tests.support.vaults import memory_vault

CHAIR = FOUNDERS[0]


def test_units__playing_a_whole_life__give_the_same_ledger_as_memory(
    simulation: Simulation, ledgers: SqlLedgers, reads: SqlReads
) -> None:
    in_memory, memory = Simulation.in_memory()
    play_whole_life(in_memory)
    play_whole_life(simulation)
    stored = [entry.content for entry in reads.entries(SLUG, 0, 1000)]
    assert stored == [entry.to_bytes() for entry in memory.entries]
    assert ledgers.head(SLUG).root == root([leaf_hash(content) for content in stored])
    assert reads.state(SLUG) == memory.state


def test_state__folded_by_another_process__is_the_same(
    simulation: Simulation, database: Database, documents: MemoryDocuments, reads: SqlReads
) -> None:
    play_whole_life(simulation)
    assert SqlLedgers(database, documents, memory_vault()).folds.committed(SLUG) == reads.state(
        SLUG
    )


def test_unit__left_by_an_exception__leaves_nothing(
    simulation: Simulation, ledgers: SqlLedgers, reads: SqlReads
) -> None:
    simulation.found()
    head, state = ledgers.head(SLUG), reads.state(SLUG)
    applicant = Actor("applicant")

    @contextmanager
    def abandoned() -> Iterator[UnitOfWork]:
        with ledgers.unit(SLUG) as unit:
            yield unit
            raise _AbandonedError

    with pytest.raises(_AbandonedError):
        Simulation(abandoned).apply(applicant)
    assert ledgers.head(SLUG) == head
    assert reads.state(SLUG) == state
    assert len(reads.members(SLUG)) == len(FOUNDERS)
    assert reads.sources(SLUG).key(applicant.applicant.key) is None
    assert reads.sources(SLUG).signatures(1) is None
    simulation.apply(applicant)
    assert reads.member(SLUG, applicant.id).status == "applied"


def test_founding__that_is_refused__leaves_no_organisation(
    ledgers: SqlLedgers, simulation: Simulation
) -> None:
    with pytest.raises(RuleViolation):
        simulation.system_act(lambda _: MemberAdmitted(CHAIR.id))
    assert ledgers.slugs() == ()
    simulation.found()
    assert ledgers.slugs() == (SLUG,)


def test_founding__under_the_slug_of_another_ledger__is_refused(ledgers: SqlLedgers) -> None:
    def elsewhere() -> UnitOfWork:
        return ledgers.founding("other-coop", origin="ledger.example/other-coop")

    with pytest.raises(InvalidInputError, match=r"organisation\.origin"):
        Simulation(elsewhere).found()
    assert ledgers.slugs() == ()


def test_founding__under_the_origin_of_another_ledger__is_a_conflict(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    with pytest.raises(ConflictError, match=r"organisation\.origin"):
        ledgers.founding("other-coop", origin=ORIGIN).__enter__()
    with ledgers.unit(SLUG) as unit:
        assert unit.state.size == 1


def test_unit__of_an_unknown_organisation__is_not_found(ledgers: SqlLedgers) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError), ledgers.unit("nobody"):
            pass


def test_append__of_a_second_founding__is_refused_by_the_rules(simulation: Simulation) -> None:
    simulation.found()
    with pytest.raises(ConflictError, match="founded_twice"):
        simulation.found()


def test_append__without_its_openings__is_refused(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    with ledgers.unit(SLUG) as unit:
        applicant = Actor("applicant")
        unit.keep_key(applicant.id, applicant.key_opening)
        data = CommonsRegistered("weir", "The weir", unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, CHAIR, data)
        with pytest.raises(RuleViolation) as refusal:
            unit.append(entry)
        assert refusal.value.code == "proof.missing"
        assert unit.state.size == 1
        unit.append(entry, signatures=openings)
        unit.commit(command_of("weir"))
    assert ledgers.head(SLUG).size == 2


def test_append__with_an_opening_that_nothing_commits_to__is_refused(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    applicant = Actor("applicant")
    simulation.apply(applicant)
    entry = Entry(simulation.at(), "system", MemberAdmitted(applicant.id))
    surplus = SignatureOpening(bytes(20), bytes(65), bytes(32))
    with ledgers.unit(SLUG) as unit:
        with pytest.raises(InvalidInputError, match=r"signature\.uncommitted"):
            unit.append(entry, signatures=[surplus])
        assert unit.append(entry) == 2


def test_append__of_an_entry_too_long__writes_nothing(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    head = ledgers.head(SLUG)
    with ledgers.unit(SLUG) as unit:
        data = CommonsRegistered("weir", "w" * 70_000, unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, CHAIR, data)
        with pytest.raises(InvalidInputError, match=r"entry\.too_long"):
            unit.append(entry, signatures=openings)
        with pytest.raises(InvalidInputError, match=r"command\.empty"):
            unit.commit(command_of("too-long"))
    assert ledgers.head(SLUG) == head


def test_append__of_a_title_beyond_its_bounds__is_refused_as_readers_would(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    with ledgers.unit(SLUG) as unit:
        data = CommonsRegistered("weir", "w" * 201, unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, CHAIR, data)
        with pytest.raises(InvalidInputError, match=r"entry\.malformed"):
            unit.append(entry, signatures=openings)


def test_command__repeated__is_told_what_it_wrote(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    command = command_of("register")
    with ledgers.unit(SLUG) as unit:
        assert unit.recorded(command) is None
        for name in ("weir", "mill"):
            data = CommonsRegistered(name, name, unit.put_document(b"About.\n"))
            entry, openings = simulation.signed(unit, CHAIR, data)
            unit.append(entry, signatures=openings)
        first = unit.commit(command)
    simulation.apply(Actor("applicant"))
    with ledgers.unit(SLUG) as unit:
        again = unit.recorded(command)
    assert again == first
    assert first.indices == (1, 2)
    assert first.head == ledgers.head(SLUG, TreeSize(3))


def test_command__of_the_same_key_and_another_body__is_a_conflict(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    with ledgers.unit(SLUG) as unit:
        with pytest.raises(ConflictError, match=r"command\.reused"):
            unit.recorded(command_of("act-1", body="another"))
        data = CommonsRegistered("weir", "The weir", unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, CHAIR, data)
        unit.append(entry, signatures=openings)
        with pytest.raises(ConflictError, match=r"command\.reused"):
            unit.commit(command_of("act-1", body="another"))
    assert ledgers.head(SLUG).size == 1


def test_unit__after_its_commit__takes_nothing_more(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    applicant = Actor("applicant")
    simulation.apply(applicant)
    with ledgers.unit(SLUG) as unit:
        unit.append(Entry(simulation.at(), "system", MemberAdmitted(applicant.id)))
        unit.commit(command_of("admit"))
        with pytest.raises(InvalidInputError, match=r"unit\.closed"):
            unit.keep_key(applicant.id, applicant.key_opening)
        with pytest.raises(InvalidInputError, match=r"unit\.closed"):
            unit.commit(command_of("again"))


def test_threads__appending_at_once__leave_no_gap(
    simulation: Simulation, database: Database, documents: MemoryDocuments, reads: SqlReads
) -> None:
    simulation.found()
    # Two sets of ledgers share no lock and no state, as two processes would.
    servers = [SqlLedgers(database, documents, memory_vault()) for _ in range(2)]
    failures: list[BaseException] = []

    def join(number: int) -> None:
        play = Simulation(StoredBook(servers[number % 2], prefix=f"thread-{number}"))
        try:
            for attempt in range(5):
                play.apply(Actor(f"applicant-{number}-{attempt}"))
        except BaseException as error:  # noqa: BLE001 - the main thread reports it
            failures.append(error)

    threads = [threading.Thread(target=join, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    entries = reads.entries(SLUG, 0, 1000)
    assert [entry.index for entry in entries] == list(range(21))
    assert reads.state(SLUG).size == 21
    assert len(reads.members(SLUG)) == 3 + 20


def test_roll__of_a_decision__is_read_by_line_and_as_a_whole(
    simulation: Simulation, reads: SqlReads
) -> None:
    play_whole_life(simulation)
    decision = reads.poll(SLUG, "new-bridge").decision
    roll = reads.sources(SLUG).roll(decision)
    assert roll is not None
    elector = reads.elector(SLUG, "new-bridge", CHAIR.id)
    assert roll[elector.voter] == elector
    assert "v" + "0" * 32 not in roll
    assert len(roll) == 4
    assert roll[elector.voter] == elector
    assert reads.sources(SLUG).roll("00" * 32) is None


def test_identities__of_one_person_twice__name_both_pseudonyms(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    first, second, other = Actor("joiner"), Actor("joiner~2"), Actor("someone")
    for actor in (first, second, other):
        simulation.apply(actor)
    with ledgers.unit(SLUG) as unit:
        digest = first.person.identity[0].digest
        assert unit.identities.holders([digest, b"unknown"]) == {
            digest: tuple(sorted((first.id, second.id)))
        }
        assert unit.identities.facts([other.id, "m" + "0" * 32]) == {other.id: other.person.facts}


def test_key__of_another_member_under_another_salt__is_a_conflict(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    chair, stranger = FOUNDERS[0], Actor("stranger")
    same_key = KeyOpening(chair.address, stranger.key_opening.salt)
    with ledgers.unit(SLUG) as unit:
        unit.keep_key(chair.id, chair.key_opening)
        for member in (chair, stranger):
            with pytest.raises(ConflictError) as refusal:
                unit.keep_key(member.id, same_key)
            assert refusal.value.code == "key.in_use"
            assert chair.id not in str(refusal.value)


def test_key__kept_in_a_unit__is_what_the_unit_then_reads(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    applicant, other = Actor("applicant"), Actor("other")
    with ledgers.unit(SLUG) as unit:
        for opening in (applicant.key_opening, other.key_opening):
            name = commit(Tag.KEY, salt=opening.salt, payload=opening.key)
            assert unit.sources.key(name) is None
            unit.keep_key(applicant.id, opening)
            assert unit.sources.key(name) == opening
    with ledgers.unit(SLUG) as unit:
        assert unit.sources.key(applicant.applicant.key) is None


def test_roll__kept_in_a_unit__is_what_the_unit_then_reads(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    decision, lines = "ab" * 32, [Elector(CHAIR.id, "v" + "1" * 32, bytes(32))]
    with ledgers.unit(SLUG) as unit:
        assert unit.sources.roll(decision) is None
        assert unit.elector(decision, CHAIR.id) is None
        unit.keep_roll(decision, lines)
        assert unit.elector(decision, CHAIR.id) == lines[0]
        assert unit.elector(decision, Actor("stranger").id) is None
        roll = unit.sources.roll(decision)
        assert roll is not None
        assert list(roll.values()) == lines
        assert "v" + "0" * 32 not in roll


def test_choices__of_some_ballots__are_theirs_and_no_others(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    simulation.apply(Actor("applicant"))
    openings = {index: ChoiceOpening(f"choice {index}", bytes(32)) for index in (0, 1)}
    with ledgers.unit(SLUG) as unit:
        for index, opening in openings.items():
            unit.keep_choice(index, opening)
        assert unit.choices([1, 0]) == openings
        assert unit.choices([1]) == {1: openings[1]}
        assert unit.choices([]) == {}
        with pytest.raises(NotFoundError, match="2"):
            unit.choices([0, 2])


def test_head__at_a_size_never_reached__is_not_found(
    simulation: Simulation, ledgers: SqlLedgers
) -> None:
    simulation.found()
    for size in (-1, 2):
        with pytest.raises(NotFoundError):
            ledgers.head(SLUG, TreeSize(size))


TREE_SIZE = 70
"""Largest tree whose every proof is tried: past a perfect tree of 64."""


def test_proofs__from_stored_nodes__verify_for_every_index_and_size(
    simulation: Simulation, ledgers: SqlLedgers, reads: SqlReads
) -> None:
    simulation.found()
    for number in range(TREE_SIZE - 1):
        simulation.apply(Actor(f"applicant-{number}"))
    leaves = [leaf_hash(entry.content) for entry in reads.entries(SLUG, 0, 1000)]
    cached: dict[tuple[int, int], bytes] = {}
    read = reads.node(SLUG)

    def node(level: int, index: int) -> bytes:
        if (level, index) not in cached:
            cached[level, index] = read(level, index)
        return cached[level, index]

    heads = [ledgers.head(SLUG, TreeSize(size)) for size in range(TREE_SIZE + 1)]
    for size in range(1, TREE_SIZE + 1):
        assert heads[size].root == root(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(LeafIndex(index), TreeSize(size), node)
            verify_inclusion(
                leaf=leaves[index],
                index=LeafIndex(index),
                size=TreeSize(size),
                proof=proof,
                root=heads[size].root,
            )
        for old in range(1, size + 1):
            proof = consistency_proof(TreeSize(old), TreeSize(size), node)
            verify_consistency(old=heads[old], new=heads[size], proof=proof)
    with pytest.raises(NotFoundError):
        read(0, TREE_SIZE)
    with pytest.raises(NotFoundError):
        read(7, 0)


class _AbandonedError(Exception):
    pass
