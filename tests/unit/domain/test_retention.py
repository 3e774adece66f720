"""Destruction of what shows who cast which ballot, V1 to V4."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.acts import BallotsRedacted
from backend.domain.entry import Entry
from backend.domain.lawfulness import check
from backend.domain.retention import (
    MAX_DECISIONS,
    contestation,
    due_redactions,
    last_day_to_contest,
    redaction,
)
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.topics import Silent
from backend.domain.rulebook.voting import Contestation
from tests.support.governance import (
    CHAIR,
    GARDENER,
    TREASURER,
    changed,
    decided,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import CARING_TEXT
from tests.support.organisations import Simulation
from tests.support.vote_world import quorum_of

TEN_DAYS = Contestation(id="contests", article="15", modality="must", days=10)
LAWFUL = rules_with(TEN_DAYS)


def _decided(rulebook: Rulebook = LAWFUL) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation right after it decided on two motions, with five ballots of four electors."""
    simulation, ledger = founded(rulebook)
    simulation.propose(CHAIR, "bridge")
    simulation.propose(CHAIR, "weir")
    simulation.convene(CHAIR, "spring", "bridge", "weir")
    simulation.advance(days=15)
    simulation.cast(CHAIR, "bridge", "no")
    for voter in (CHAIR, TREASURER, GARDENER):
        simulation.cast(voter, "bridge", "yes")
    simulation.cast(CHAIR, "weir", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    return simulation, ledger


def _decision(ledger: MemoryLedger, motion: str = "bridge") -> str:
    return ledger.state.poll(motion).item.decision


def _redact(simulation: Simulation, ledger: MemoryLedger, *motions: str) -> int:
    """Record the destruction of what lies beside the votes on some motions."""
    decisions = [_decision(ledger, motion) for motion in motions]
    return simulation.system_act(lambda book: redaction(book.state, decisions))


def test_redaction__of_two_decisions__counts_their_ballots_and_electors() -> None:
    _, ledger = _decided()
    decisions = [_decision(ledger, motion) for motion in ("bridge", "weir")]
    found = redaction(ledger.state, [*decisions, decisions[0]])
    assert found == BallotsRedacted(tuple(sorted(decisions)), signatures=5, lines=8)
    assert redaction(ledger.state, decisions[:1]).signatures == 4


def test_v1__statutes_that_say_nothing__let_nothing_be_destroyed() -> None:
    simulation, ledger = _decided(rules_with())
    simulation.advance(days=4000)
    assert due_redactions(ledger.state, simulation.at()) == ()
    with refused("rule.missing"):
        _redact(simulation, ledger, "bridge")


def test_v1__statutes_that_are_silent__let_nothing_be_destroyed_and_say_what_would_settle_it() -> (
    None
):
    silent = Silent(id="contests", article="15", matter="contestation", settled_by="Internal rules")
    simulation, ledger = _decided(rules_with(silent))
    simulation.advance(days=4000)
    assert due_redactions(ledger.state, simulation.at()) == ()
    with refused("rule.silent", article="15", rule="contests") as caught:
        _redact(simulation, ledger, "bridge")
    assert caught.value.expected == "Internal rules"


def test_v1__special_period_of_a_kind__prevails_over_the_general_one() -> None:
    special = msgspec.structs.replace(
        TEN_DAYS, id="short", motions=("legislative",), sessions=("assembly",), days=3
    )
    _, ledger = _decided(rules_with(TEN_DAYS, special))
    vote = ledger.state.decided_vote(_decision(ledger))
    assert contestation(ledger.state, vote) == special


def test_v2__day_by_day__is_refused_to_the_last_day_and_lawful_on_the_next() -> None:
    simulation, ledger = _decided()
    vote = ledger.state.decided_vote(_decision(ledger))
    # Decided on 22 January 2026: the ten days are those from the 23rd on.
    assert vote.decided_at == "2026-01-22T09:00:00.000Z"
    assert last_day_to_contest(ledger.state, vote) == "2026-02-01"
    simulation.advance(days=10, hours=13, minutes=59)
    assert due_redactions(ledger.state, simulation.at()) == ()
    with refused("redaction.early", article="15", rule="contests") as caught:
        _redact(simulation, ledger, "bridge")
    assert (caught.value.expected, caught.value.found) == ("after 2026-02-01", "2026-02-01")
    # The model organisation is in Paris, where it is 1 February until 23:00 UTC.
    simulation.advance(minutes=1)
    assert simulation.at() == "2026-02-01T23:00:00.000Z"
    assert len(due_redactions(ledger.state, simulation.at())) == 2
    _redact(simulation, ledger, "bridge")


def test_v2__one_of_two_decisions_too_young__refuses_both() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=5)
    simulation.propose(CHAIR, "toll")
    decided(simulation, "summer", "toll")
    assert due_redactions(ledger.state, simulation.at()) == tuple(
        sorted(_decision(ledger, motion) for motion in ("bridge", "weir"))
    )
    with refused("redaction.early"):
        _redact(simulation, ledger, "bridge", "toll")
    _redact(simulation, ledger, "bridge", "weir")


def test_v2__period_that_a_vote_itself_brings__governs_later_votes_only() -> None:
    simulation, ledger = founded(rules_with())
    simulation.propose_statutes(CHAIR, "revision", text=CARING_TEXT, rulebook=LAWFUL)
    decided(simulation, "spring", "revision")
    simulation.enact()
    simulation.propose(CHAIR, "toll")
    decided(simulation, "summer", "toll")
    votes = [
        ledger.state.decided_vote(_decision(ledger, motion)) for motion in ("revision", "toll")
    ]
    with refused("rule.missing"):
        last_day_to_contest(ledger.state, votes[0])
    assert contestation(ledger.state, votes[1]) == TEN_DAYS


def test_v3__redacted__is_due_no_more_and_refused_again() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=30)
    index = _redact(simulation, ledger, "bridge")
    assert ledger.state.decided_vote(_decision(ledger)).redacted_entry == index
    assert due_redactions(ledger.state, simulation.at()) == (_decision(ledger, "weir"),)
    with refused("redaction.done"):
        _redact(simulation, ledger, "bridge", "weir")
    _redact(simulation, ledger, "weir")
    assert due_redactions(ledger.state, simulation.at()) == ()


def _checked(simulation: Simulation, ledger: MemoryLedger, **fields: object) -> int:
    """Check a destruction of both decisions with other fields."""
    decisions = [_decision(ledger, motion) for motion in ("bridge", "weir")]
    entry = Entry(simulation.at(), "system", redaction(ledger.state, decisions))
    return check(ledger.state, changed(entry, **fields), ledger.sources)


def test_v4__decisions_or_figures_that_do_not_follow__refuse() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=30)
    ascending = tuple(sorted(_decision(ledger, motion) for motion in ("bridge", "weir")))
    assert _checked(simulation, ledger) == 0
    with refused("redaction.order"):
        _checked(simulation, ledger, decisions=ascending[::-1])
    with refused("redaction.order"):
        _checked(simulation, ledger, decisions=(*ascending, ascending[1]))
    for fields in ({"signatures": 4}, {"lines": 9}, {"signatures": 0}):
        with refused("redaction.numbers", rule="psephos.retention"):
            _checked(simulation, ledger, **fields)
    with refused("decision.unknown"):
        _checked(simulation, ledger, decisions=("0" * 64,))


def test_v4__by_a_member__refuses() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=30)
    with refused("author.system"):
        simulation.act(CHAIR, redaction(ledger.state, [_decision(ledger)]))


def test_due__more_than_one_act_takes__come_in_two() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=30)
    vote = ledger.state.decided_vote(_decision(ledger))
    many = ledger.state.decided_votes
    for number in range(MAX_DECISIONS):
        many = many.set(f"{number:064x}", vote)
    state = replace(ledger.state, decided_votes=many)
    due = due_redactions(state, simulation.at())
    assert len(due) == MAX_DECISIONS
    assert list(due) == sorted(due)


def test_first_vote_without_quorum__is_redacted_apart_from_the_second() -> None:
    simulation, ledger = founded(rules_with(TEN_DAYS, quorum_of(1, 2)))
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.advance(days=15)
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    first = _decision(ledger)
    assert ledger.state.motion("bridge").status == "no_quorum"
    simulation.convene(CHAIR, "again", "bridge", round_=2, previous="spring")
    simulation.advance(days=15)
    for voter in (CHAIR, TREASURER, GARDENER):
        simulation.cast(voter, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("again")
    second = _decision(ledger)
    assert second != first
    assert due_redactions(ledger.state, simulation.at()) == (first,)
    assert redaction(ledger.state, [first]).signatures == 1
    assert redaction(ledger.state, [second]).signatures == 3
    simulation.system_act(lambda book: redaction(book.state, [first]))
    with refused("redaction.early"):
        _redact(simulation, ledger, "bridge")


def test_redacted__leaves_every_ballot_lawful_and_counted_as_redacted() -> None:
    simulation, ledger = _decided()
    simulation.advance(days=30)
    poll = ledger.state.poll("bridge")
    index = _redact(simulation, ledger, "bridge")
    for ballot in poll.ballots:
        del ledger.sources.signatures_by_entry[ballot]
    del ledger.sources.rolls[poll.item.decision]
    redacted = [
        check(state, entry, ledger.sources)
        for state, entry in zip(ledger.states, ledger.entries, strict=False)
    ]
    assert [redacted[ballot] for ballot in poll.ballots] == [2] * len(poll.ballots)
    assert redacted[index] == 0
    assert sum(redacted) == 2 * len(poll.ballots) + 1


def test_rule__with_no_days_or_denied__is_no_rule() -> None:
    for fields in ({"days": 0}, {"days": 3661}):
        broken = msgspec.to_builtins(TEN_DAYS) | fields
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(broken, Contestation)
    with pytest.raises(ValueError, match="cannot be denied"):
        rules_with(msgspec.structs.replace(TEN_DAYS, modality="must_not"))
