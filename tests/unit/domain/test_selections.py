"""Votes on several options from proposal to decision, C1 to C4, on screen and on paper, by every method."""

from collections.abc import Mapping
from typing import get_args

import msgspec
import pytest

from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.cid import document_cid
from backend.domain import ballots
from backend.domain.acts import AssemblyClosed, DecisionMade, SelectionEffect
from backend.domain.decisions import count_document, decide
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.fold import evolve
from backend.domain.lawfulness import check
from backend.domain.methods.choices import BLANK
from backend.domain.methods.contest import OptionMethodName
from backend.domain.methods.tally import Tally, parse_tally
from backend.domain.rulebook.voting import TieMeans
from tests.support.contest_world import (
    MOTION,
    candidacy,
    choice_of,
    contest_rules,
    paper_contest_rules,
    polled,
    put_to_vote,
    result_of,
    selection,
)
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    refused,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.organisations import Simulation
from tests.support.vote_world import VOTERS, derived, quorum_of, step_of

METHODS = get_args(OptionMethodName)
TELLERS = (CHAIR, TREASURER)
STATUS_QUO: tuple[TieMeans, ...] = ("status_quo",)


def _tally(ledger: MemoryLedger, data: DecisionMade) -> Tally:
    assert data.count is not None
    return parse_tally(ledger.sources.document(data.count))


def _crossing(method: str) -> SelectionEffect:
    if method == "equal_shares":
        return selection("bridge", "ferry", "weir", budget=100, cost=60)
    return selection("bridge", "ferry", "weir")


def _preferences(method: str) -> list[str | None]:
    orders = (
        ("bridge", "ferry", "weir"),
        ("bridge", "weir", "ferry"),
        ("bridge", "weir", "ferry"),
        ("weir", "ferry", "bridge"),
    )
    return [choice_of(method, *order) for order in orders]


@pytest.mark.parametrize("method", METHODS)
def test_selection__by_every_method__is_decided_as_derived(method: str) -> None:
    simulation, ledger = polled(
        contest_rules(method=method), _crossing(method), _preferences(method)
    )
    assert result_of(ledger).tally == {}
    simulation.decide(MOTION)
    data = ledger.state.decisions[MOTION]
    assert (data.outcome, data.chosen) == ("adopted", ("bridge",))
    assert data.count == result_of(ledger).count
    tally = _tally(ledger, data)
    assert (tally.method, tally.valid, tally.elected) == (method, 4, ("bridge",))
    assert ledger.state.motion(MOTION).status == "adopted"


@pytest.mark.parametrize("method", [each for each in METHODS if each != "equal_shares"])
def test_election__by_every_method__gives_the_seat_to_the_chosen_alone(method: str) -> None:
    preference = ("to-gardener", "to-treasurer", "to-secretary")
    choices = [choice_of(method, *preference)] * 3 + [choice_of(method, *preference[::-1])]
    effect = candidacy(GARDENER, TREASURER, SECRETARY)
    simulation, ledger = polled(contest_rules(method=method), effect, choices)
    simulation.decide(MOTION)
    assert ledger.state.decisions[MOTION].chosen == ("to-gardener",)
    given = {name: each for name, each in ledger.state.mandates.items() if name.startswith("to-")}
    assert set(given) == {"to-gardener"}
    assert (given["to-gardener"].holder, given["to-gardener"].seat) == (GARDENER.id, "auditor")
    step = step_of(ledger.state.decisions[MOTION], "audit-first")
    assert step.inputs["seats"] == "1"


def test_election__of_someone_who_left_meanwhile__leaves_the_seat_vacant() -> None:
    rulebook = contest_rules(method="approval")
    effect = candidacy(GARDENER, TREASURER, elects=2)
    both = '["to-gardener","to-treasurer"]'
    simulation, ledger = polled(rulebook, effect, [both, both, '["to-treasurer"]', None])
    simulation.resign(GARDENER)
    simulation.decide(MOTION)
    assert ledger.state.decisions[MOTION].chosen == ("to-treasurer", "to-gardener")
    assert [name for name in ledger.state.mandates if name.startswith("to-")] == ["to-treasurer"]


def test_election__rejected__gives_no_seat() -> None:
    choices = ["to-gardener", "to-treasurer", None, None]
    rulebook = contest_rules(chain=STATUS_QUO)
    simulation, ledger = polled(rulebook, candidacy(GARDENER, TREASURER), choices)
    simulation.decide(MOTION)
    assert ledger.state.decisions[MOTION].outcome == "rejected"
    assert not [name for name in ledger.state.mandates if name.startswith("to-")]


def test_derivation__of_a_selection__says_how_it_was_counted() -> None:
    choices: list[str | None] = ["bridge", BLANK, "bridge", "weir"]
    _, ledger = polled(contest_rules(), selection("bridge", "ferry", "weir", chosen=2), choices)
    data, poll = derived(ledger, MOTION), ledger.state.poll(MOTION)
    step = data.derivation[-1]
    assert (step.rule, step.article, step.verdict) == ("ballot-several", "12", "met")
    assert step.inputs == {
        "blank": "1",
        "chosen": "bridge, weir",
        "method": "plurality",
        "places": "2",
        "valid": "3",
        "void": "0",
    }
    assert step.entries == (poll.closed_entry,)
    assert [each.rule for each in data.derivation][-4:] == [
        "ballot-several",
        "vote-individual",
        "quorum-ordinary",
        "ballot-several",
    ]
    assert "majority-ordinary" not in {each.rule for each in data.derivation}


def test_selection__without_quorum__chooses_nobody_and_asks_no_tie() -> None:
    rulebook = contest_rules(quorum_of(3, 4), chain=("sortition",))
    _, ledger = polled(rulebook, selection("bridge", "weir"), ["bridge", "weir", None, None])
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("no_quorum", ())
    step = data.derivation[-1]
    assert (step.rule, step.verdict, step.inputs["chosen"]) == (
        "ballot-several",
        "not_applicable",
        "",
    )
    assert data.count == result_of(ledger).count


@pytest.mark.parametrize("choices", [[BLANK, BLANK, None, None], [None] * 4])
def test_selection__nobody_named__is_rejected_or_has_no_quorum(choices: list[str | None]) -> None:
    _, ledger = polled(contest_rules(), selection("bridge", "weir"), choices)
    data = derived(ledger, MOTION)
    blank = sum(each is not None for each in choices)
    assert (data.outcome, data.chosen) == ("rejected" if blank else "no_quorum", ())
    assert _tally(ledger, data).blank == blank


@pytest.mark.parametrize("method", METHODS)
def test_selection__only_blanks__is_rejected_by_every_method(method: str) -> None:
    _, ledger = polled(contest_rules(method=method, chain=STATUS_QUO), _crossing(method), [BLANK])
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("rejected", ())
    assert _tally(ledger, data).blank == 1


def test_status_quo__first__rejects() -> None:
    effect = selection("bridge", "keep", status_quo="keep")
    for choices, outcome in (
        (["keep", "keep", "bridge", None], "rejected"),
        (["keep", "bridge", "bridge", None], "adopted"),
    ):
        _, ledger = polled(contest_rules(), effect, choices)
        data = derived(ledger, MOTION)
        assert (data.outcome, data.chosen) == (
            outcome,
            ("bridge",) if outcome == "adopted" else (),
        )


def test_status_quo__in_the_middle__cuts_what_comes_after_it() -> None:
    effect = selection("bridge", "keep", "weir", chosen=3, status_quo="keep")
    choices: list[str | None] = [
        '["bridge","keep","weir"]',
        '["bridge","keep"]',
        '["bridge"]',
        None,
    ]
    for status_quo, chosen in (("keep", ("bridge",)), (None, ("bridge", "keep", "weir"))):
        changed = msgspec.structs.replace(effect, status_quo=status_quo)
        _, ledger = polled(contest_rules(method="approval"), changed, choices)
        data = derived(ledger, MOTION)
        assert (data.outcome, data.chosen) == ("adopted", chosen)
        assert _tally(ledger, data).elected == ("bridge", "keep", "weir")


@pytest.mark.parametrize("other", ["alpha", "zulu"])
@pytest.mark.parametrize("chain", [("status_quo",), ("seniority",)])
def test_status_quo__equal_to_another_chosen__is_a_tie_whatever_they_are_called(
    other: str, chain: tuple[TieMeans, ...]
) -> None:
    effect = selection(other, "keep", "weir", chosen=2, status_quo="keep")
    rulebook = contest_rules(chain=chain)
    _, ledger = polled(rulebook, effect, [other, "keep", None, None])
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("rejected", ())
    step = data.derivation[-1]
    assert step.rule == "tie-break"
    assert step.inputs["tied"] == ", ".join(sorted((other, "keep")))
    assert step.verdict == ("met" if chain == ("status_quo",) else "not_met")


@pytest.mark.parametrize(
    ("casting", "outcome", "chosen"), [("bridge", "adopted", ("bridge",)), ("keep", "rejected", ())]
)
def test_status_quo__equal_to_another_chosen__comes_where_a_means_puts_it(
    casting: str, outcome: str, chosen: tuple[str, ...]
) -> None:
    effect = selection("bridge", "keep", "weir", chosen=2, status_quo="keep")
    other = "keep" if casting == "bridge" else "bridge"
    rulebook = contest_rules(chain=("casting_vote",))
    _, ledger = polled(rulebook, effect, [casting, other, None], session="council")
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen, data.derivation[-1].verdict) == (outcome, chosen, "met")
    tally = parse_tally(count_document(ledger.state, MOTION, ledger.sources))
    assert tally.elected == (casting, other)


def test_status_quo__first__makes_a_tie_behind_it_matter_to_nobody() -> None:
    effect = selection("bridge", "keep", "weir", chosen=2, status_quo="keep")
    choices: list[str | None] = ["keep", "keep", "bridge", "weir"]
    _, ledger = polled(contest_rules(), effect, choices)
    data = derived(ledger, MOTION)
    assert (data.outcome, data.derivation[-1].rule) == ("rejected", "ballot-several")
    _, ledger = polled(contest_rules(), msgspec.structs.replace(effect, status_quo=None), choices)
    with refused("lots.awaited"):
        derived(ledger, MOTION)


def test_tie__that_stands__chooses_nobody_though_a_place_is_certain() -> None:
    effect = selection("bridge", "ferry", "weir", chosen=2)
    choices: list[str | None] = ["weir", "weir", "bridge", "ferry"]
    _, ledger = polled(contest_rules(chain=STATUS_QUO), effect, choices)
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen, _tally(ledger, data).elected) == ("rejected", (), ("weir",))
    step = step_of(data, "ballot-several")
    assert (step.inputs["chosen"], step.verdict) == ("", "not_met")


def test_tie__among_those_chosen__does_not_matter() -> None:
    effect = selection("bridge", "weir", "keep", chosen=2)
    _, ledger = polled(contest_rules(), effect, ["bridge", "weir", None, None])
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("adopted", ("bridge", "weir"))
    assert data.derivation[-1].rule == "ballot-several"


@pytest.mark.parametrize(
    "fields",
    [
        {"chosen": ("weir",)},
        {"chosen": ()},
        {"chosen": ("bridge", "weir")},
        {"count": None},
        {"count": document_cid(b"another tally")},
        {"outcome": "rejected"},
        {"outcome": "no_quorum", "chosen": ()},
    ],
)
def test_decision__changed__is_refused(fields: dict[str, object]) -> None:
    choices: list[str | None] = ["bridge", "bridge", "weir"]
    simulation, ledger = polled(contest_rules(), selection("bridge", "weir"), choices)
    data = derived(ledger, MOTION)
    with refused("decision.outcome", article="12", rule="ballot-several"):
        check(
            ledger.state,
            Entry(simulation.at(), "system", msgspec.structs.replace(data, **fields)),
            ledger.sources,
        )
    assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 0


def test_decision__with_a_step_changed_added_or_lost__is_refused() -> None:
    choices: list[str | None] = ["bridge", "bridge", "weir"]
    simulation, ledger = polled(contest_rules(), selection("bridge", "weir"), choices)
    data = derived(ledger, MOTION)
    last = data.derivation[-1]
    other = msgspec.structs.replace(last, inputs={**last.inputs, "chosen": "weir"})
    for steps, code in (
        ((*data.derivation[:-1], other), "decision.step"),
        ((*data.derivation, last), "decision.outcome"),
        (data.derivation[:-1], "decision.outcome"),
    ):
        forged = msgspec.structs.replace(data, derivation=steps)
        with refused(code, rule="ballot-several"):
            check(ledger.state, Entry(simulation.at(), "system", forged), ledger.sources)


def test_decision__before_the_closing__has_no_count() -> None:
    _, ledger = put_to_vote(contest_rules(), selection("bridge", "weir"))
    with refused("assembly.open"):
        count_document(ledger.state, MOTION, ledger.sources)
    with refused("assembly.open"):
        decide(ledger.state, MOTION, ledger.sources)


def test_decision__tally_not_held__is_not_found() -> None:
    _, ledger = polled(contest_rules(), selection("bridge", "weir"), ["bridge"])
    count = derived(ledger, MOTION).count
    assert count is not None
    assert document_cid(count_document(ledger.state, MOTION, ledger.sources)) == count
    ledger.sources.documents = MemoryDocuments()
    with refused("document.unknown"):
        decide(ledger.state, MOTION, ledger.sources)


@pytest.mark.parametrize(
    "fields",
    [{"count": document_cid(b"another")}, {"count": None}, {"void": 1}, {"tally": {"bridge": 2}}],
)
def test_close__figures_changed__refuse(fields: dict[str, object]) -> None:
    simulation, ledger = polled(contest_rules(), selection("bridge", "weir"), ["bridge", "bridge"])
    before = ledger.states[-2]
    closing = ledger.entries[-1].data
    assert isinstance(closing, AssemblyClosed)
    wrong = msgspec.structs.replace(closing.results[0], **fields)
    with refused("tally.differs", rule="ballot-several") as caught:
        check(
            before,
            Entry(simulation.at(), "system", AssemblyClosed("spring", (wrong,))),
            ledger.sources,
        )
    if fields != {"tally": {"bridge": 2}}:
        assert caught.value.found != caught.value.expected


def test_close__choice_that_is_not_on_the_ballot__names_the_ballot() -> None:
    simulation, _ = put_to_vote(contest_rules(), selection("bridge", "weir"))
    simulation.cast(CHAIR, MOTION, "bridge")
    index = simulation.cast(TREASURER, MOTION, "ferry")
    simulation.advance(days=2)
    with refused("choice.unknown") as caught:
        simulation.close("spring")
    assert caught.value.entry == index  # type: ignore[attr-defined]  # a rule violation


def test_ballot__cast_again__counts_once() -> None:
    simulation, ledger = put_to_vote(contest_rules(), selection("bridge", "weir"))
    for choice in ("bridge", "weir"):
        simulation.cast(CHAIR, MOTION, choice)
    simulation.advance(days=2)
    simulation.close("spring")
    result = result_of(ledger)
    assert (result.ballots, result.voters, result.void) == (2, 1, 0)
    assert derived(ledger, MOTION).chosen == ("weir",)


def _on_paper(
    tally: Mapping[str, int],
    *,
    papers: int | None = None,
    method: str = "plurality",
    chosen: int = 1,
) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = put_to_vote(
        paper_contest_rules(method=method, chain=STATUS_QUO),
        selection("bridge", "ferry", "weir", chosen=chosen),
        present=VOTERS,
    )
    simulation.count_urn(TELLERS, "spring", MOTION, tally, papers=papers)
    simulation.advance(days=2)
    simulation.close("spring")
    return simulation, ledger


def test_urn__of_a_selection__has_canonical_choices_blanks_and_void_papers() -> None:
    rankings = {'[["bridge"],["weir"]]': 2, BLANK: 1}
    _, ledger = _on_paper(rankings, papers=4, method="instant_runoff")
    result, data = result_of(ledger), derived(ledger, MOTION)
    assert (result.ballots, result.voters, result.void, result.tally) == (4, 4, 1, {})
    assert (data.outcome, data.chosen) == ("adopted", ("bridge",))
    tally = _tally(ledger, data)
    assert (tally.valid, tally.blank, tally.void) == (2, 1, 1)
    step, poll = data.derivation[-1], ledger.state.poll(MOTION)
    assert (step.inputs["void"], step.entries) == ("1", (poll.urn_entry, poll.closed_entry))


def test_urn__with_a_tie__is_counted_again_from_its_papers() -> None:
    for chosen, outcome in ((1, "rejected"), (2, "adopted")):
        tally = {"bridge": 1, "weir": 1, BLANK: 0}
        _, ledger = _on_paper(tally, papers=3, chosen=chosen)
        data = derived(ledger, MOTION)
        assert data.outcome == outcome
        assert (_tally(ledger, data).valid, _tally(ledger, data).void) == (2, 1)


@pytest.mark.parametrize("method", METHODS)
def test_urn__choices_that_no_paper_made__change_no_count(method: str) -> None:
    rulebook = paper_contest_rules(method=method)
    orders = (("bridge", "weir"), ("weir", "bridge"), ("ferry", "weir"))
    made = {choice_of(method, *orders[0]): 2, choice_of(method, *orders[1]): 1}
    counts = []
    for tally in (made, {**made, choice_of(method, *orders[2]): 0, BLANK: 0}):
        simulation, ledger = put_to_vote(rulebook, _crossing(method), present=VOTERS)
        simulation.count_urn(TELLERS, "spring", MOTION, tally)
        simulation.advance(days=2)
        simulation.close("spring")
        counts.append(result_of(ledger).count)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ("tunnel", "choice.unknown"),
        ("Bridge", "choice.unknown"),
        ('["bridge"]', "choice.unknown"),
        ("none", "choice.unknown"),
    ],
)
def test_urn__choice_that_is_not_on_the_paper__refuses(choice: str, code: str) -> None:
    simulation, _ = put_to_vote(paper_contest_rules(), selection("bridge", "weir"), present=VOTERS)
    with refused(code):
        simulation.count_urn(TELLERS, "spring", MOTION, {"bridge": 1, choice: 0})
    simulation.count_urn(TELLERS, "spring", MOTION, {"bridge": 1, "weir": 0})


def test_urn__of_a_selection_more_votes_than_papers__refuses() -> None:
    simulation, _ = put_to_vote(paper_contest_rules(), selection("bridge", "weir"), present=VOTERS)
    with refused("urn.votes"):
        simulation.count_urn(TELLERS, "spring", MOTION, {"bridge": 2, BLANK: 1}, papers=2)


def test_urn__of_a_session_that_never_opened__counts_nothing() -> None:
    simulation, ledger = put_to_vote(paper_contest_rules(), selection("bridge", "weir"), present=())
    simulation.advance(days=2)
    simulation.close("spring")
    data = derived(ledger, MOTION)
    assert (data.outcome, _tally(ledger, data).valid) == ("no_quorum", 0)
    before = ledger.states[-2]
    counted = ballots.count(before, MOTION, None, ledger.sources)
    assert counted.result == result_of(ledger)


def test_result__without_a_count__is_not_found() -> None:
    simulation, ledger = put_to_vote(contest_rules(), selection("bridge", "weir"))
    simulation.cast(CHAIR, MOTION, "bridge")
    simulation.advance(days=2)
    simulation.close("spring")
    closing = ledger.entries[-1].data
    assert isinstance(closing, AssemblyClosed)
    bare = msgspec.structs.replace(closing.results[0], count=None)
    state = evolve(
        ledger.states[-2],
        Entry(simulation.at(), "system", AssemblyClosed("spring", (bare,))),
        ledger.sources,
    )
    with pytest.raises(NotFoundError) as caught:
        decide(state, MOTION, ledger.sources)
    assert (caught.value.code, caught.value.found) == ("tally.unknown", MOTION)
