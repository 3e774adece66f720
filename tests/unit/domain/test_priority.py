"""Ties between several options, T1 to T5: every means of the chain, in every order."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from math import factorial
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import DecisionMade, SelectionEffect
from backend.domain.decisions import decide
from backend.domain.decisions.case import Case
from backend.domain.decisions.priority import lots, preference, priority
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError
from backend.domain.lawfulness import check
from backend.domain.methods.choices import BLANK, UNDECLARED
from backend.domain.methods.contest import Contest, Order
from backend.domain.rulebook.topics import Silent
from backend.domain.rulebook.voting import TieBreak, TieMeans
from backend.domain.state import State
from tests.support.contest_world import (
    MOTION,
    SEED,
    candidacy,
    contest_rules,
    draw,
    polled,
    put_to_vote,
    result_of,
    seed_of,
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
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.vote_world import derived, step_of

OPTIONS = ("bridge", "ferry", "keep", "weir")
MEANS: tuple[TieMeans, ...] = get_args(TieMeans)
TRIED = Contest(options=("a", "b", "c", "d"), grades=3, highest=5, credits=25)


def _lots(*options: str, decision: str) -> list[str]:
    """Order options by hand."""
    drawn = {}
    for option in options:
        digest = hashlib.sha256(b"psephos/lots/v1")
        for part in (bytes.fromhex(SEED), bytes.fromhex(decision), option.encode()):
            digest.update(part)
        drawn[digest.hexdigest()] = option
    return [drawn[digest] for digest in sorted(drawn)]


def test_lots__of_a_fixed_seed__are_these() -> None:
    decision = "00" * 31 + "07"
    drawn = lots(OPTIONS, seed=SEED, decision=decision)
    assert list(drawn) == _lots(*OPTIONS, decision=decision)
    assert drawn == ("bridge", "weir", "keep", "ferry")


@pytest.mark.parametrize(
    ("seed", "decision"), [("5f" + SEED[2:], "07" * 32), (SEED, "07" * 31 + "08")]
)
def test_lots__of_another_block_or_decision__are_others(seed: str, decision: str) -> None:
    options = tuple(f"o{number}" for number in range(20))
    assert lots(options, seed=seed, decision=decision) != lots(
        options, seed=SEED, decision="07" * 32
    )


@given(st.permutations(OPTIONS), st.binary(min_size=32, max_size=32))
def test_lots__do_not_depend_on_the_order_of_options(options: list[str], seed: bytes) -> None:
    drawn = lots(tuple(options), seed=seed.hex(), decision="07" * 32)
    assert drawn == lots(OPTIONS, seed=seed.hex(), decision="07" * 32)
    assert sorted(drawn) == list(OPTIONS)


def test_lots__of_many_blocks__favour_no_order() -> None:
    drawn = Counter(
        lots(OPTIONS, seed=f"{number:064x}", decision="07" * 32) for number in range(4800)
    )
    expected = 4800 / factorial(4)
    chi_square = sum((drawn[each] - expected) ** 2 / expected for each in permutations(OPTIONS))
    # 23 degrees of freedom: above 49.7 in one of a thousand samples; this one is fixed.
    assert chi_square < 49.7


@pytest.mark.parametrize(
    ("method", "choice", "order"),
    [
        ("plurality", "b", (("b",),)),
        ("two_round", '[["c"],["a"]]', (("c",), ("a",))),
        ("approval", '["a","c"]', (("a", "c"),)),
        ("equal_shares", '["d"]', (("d",),)),
        ("score", '{"a":2,"b":5,"c":2}', (("b",), ("a", "c"), ("d",))),
        ("majority_judgement", '{"b":1,"c":2}', (("c",), ("b",), ("a", "d"))),
        ("quadratic", '{"a":-2,"c":3}', (("c",), ("b", "d"), ("a",))),
        ("schulze", '[["b","d"],["a"]]', (("b", "d"), ("a",))),
        ("ranked_pairs", '[["a"],["b","c"]]', (("a",), ("b", "c"))),
        ("instant_runoff", '[["d"],["a"]]', (("d",), ("a",))),
        ("stv_scottish", '[["a"]]', (("a",),)),
        ("stv_meek", '[["c"],["b"]]', (("c",), ("b",))),
    ],
)
def test_preference__of_a_ballot__is_its_order(method: str, choice: str, order: Order) -> None:
    assert preference(method, choice, TRIED) == order
    for nothing in (BLANK, UNDECLARED):
        assert preference(method, nothing, TRIED) == ()
    with pytest.raises(InvalidInputError):
        preference(method, "e", TRIED)


def _tied(
    *chain: TieMeans, choices: list[str | None] | None = None, **fields: object
) -> tuple[Simulation, MemoryLedger]:
    """Return the council after a vote that ties "bridge" with "keep", its status quo."""
    effect = selection("bridge", "ferry", "keep", "weir", status_quo="keep")
    rulebook = contest_rules(chain=chain, **fields)  # type: ignore[arg-type]  # of the ballot rule
    return polled(rulebook, effect, choices or ["bridge", "keep", None], session="council")


def test_tie__status_quo__stays() -> None:
    _, ledger = _tied("status_quo")
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("rejected", ())
    step, poll = data.derivation[-1], ledger.state.poll(MOTION)
    assert (step.rule, step.article, step.verdict) == ("tie-break", "12", "met")
    assert step.inputs == {
        "chain": "status_quo",
        "order": "keep > bridge = ferry = weir",
        "tied": "bridge, keep",
    }
    assert step.entries == (poll.closed_entry,)


def test_tie__status_quo_of_a_motion_that_has_none__leaves_it() -> None:
    _, ledger = polled(
        contest_rules(chain=("status_quo",)), selection("bridge", "weir"), ["bridge", "weir"]
    )
    data = derived(ledger, MOTION)
    assert (data.outcome, data.chosen) == ("rejected", ())
    assert (data.derivation[-1].inputs["order"], data.derivation[-1].verdict) == (
        "bridge = weir",
        "not_met",
    )
    assert step_of(data, "ballot-several").verdict == "not_met"
    assert data.count == result_of(ledger).count


@pytest.mark.parametrize(
    ("choices", "cast", "outcome", "verdict", "order"),
    [
        (["bridge", "keep", None], "bridge", "adopted", "met", "bridge > ferry = keep = weir"),
        (["keep", "bridge", None], "keep", "rejected", "met", "keep > bridge = ferry = weir"),
        ([BLANK, "bridge", "keep"], BLANK, "rejected", "not_met", "bridge = ferry = keep = weir"),
        ([None, "bridge", "keep"], "none", "rejected", "not_met", "bridge = ferry = keep = weir"),
    ],
)
def test_tie__casting_vote__prefers_as_the_ballot_of_its_holder(
    choices: list[str | None], cast: str, outcome: str, verdict: str, order: str
) -> None:
    _, ledger = _tied("casting_vote", choices=choices)
    data = derived(ledger, MOTION)
    step = data.derivation[-1]
    assert (data.outcome, step.verdict) == (outcome, verdict)
    assert (step.inputs["casting_vote"], step.inputs["order"]) == (cast, order)


def test_tie__casting_vote_of_a_ranking__orders_what_it_left_out_last() -> None:
    effect = selection("bridge", "keep", "weir", chosen=1)
    rulebook = contest_rules(method="schulze", chain=("casting_vote",))
    choices: list[str | None] = ['[["weir"],["bridge"]]', '[["keep"],["bridge"]]', None]
    _, ledger = polled(rulebook, effect, choices, session="council")
    data = derived(ledger, MOTION)
    assert data.chosen == ("weir",)
    assert data.derivation[-1].inputs["order"] == "weir > bridge > keep"


def test_tie__casting_vote_where_no_seat_has_one__says_nothing() -> None:
    silence = Silent(id="open", article="15", matter="casting_vote", settled_by="The assembly.")
    rulebook = contest_rules(chain=("casting_vote",))
    kept = tuple(rule for rule in rulebook.rules if rule.id != "casting-vote")
    effect = selection("bridge", "weir")
    for changed, session in (
        (rulebook.rules, "assembly"),
        (kept, "council"),
        ((*kept, silence), "council"),
    ):
        simulation, ledger = polled(
            msgspec.structs.replace(rulebook, rules=changed),
            effect,
            ["bridge", "weir", None],
            session=session,  # type: ignore[arg-type]  # of the table above
        )
        data = derived(ledger, MOTION)
        assert (data.outcome, data.derivation[-1].verdict) == ("rejected", "not_met")
        assert "casting_vote" not in data.derivation[-1].inputs
        ledger.sources.rolls.clear()
        assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 0


def _erased(
    choices: list[str | None],
) -> tuple[Simulation, MemoryLedger, DecisionMade]:
    simulation, ledger = _tied("casting_vote", choices=choices)
    data = derived(ledger, MOTION)
    ledger.sources.rolls.clear()
    return simulation, ledger, data


@pytest.mark.parametrize(
    "choices", [["bridge", "keep", None], [BLANK, "bridge", "keep"], [None, "bridge", "keep"]]
)
def test_casting_vote__roll_erased__is_believed_and_counted_as_unseen(
    choices: list[str | None],
) -> None:
    simulation, ledger, data = _erased(choices)
    assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 1
    assert derived(ledger, MOTION).derivation[-1].inputs["casting_vote"] == UNDECLARED


def _declaring(data: DecisionMade, choice: str, **inputs: str) -> DecisionMade:
    last = data.derivation[-1]
    told = msgspec.structs.replace(last, inputs={**last.inputs, "casting_vote": choice, **inputs})
    return msgspec.structs.replace(data, derivation=(*data.derivation[:-1], told))


@pytest.mark.parametrize("choice", ["yes", "abstain", "tunnel", '["bridge"]', ""])
def test_casting_vote__that_is_no_choice__is_refused_without_the_roll_too(choice: str) -> None:
    simulation, ledger, data = _erased(["bridge", "keep", None])
    forged = _declaring(data, choice)
    with refused("decision.step", article="12"):
        check(ledger.state, Entry(simulation.at(), "system", forged), ledger.sources)


def test_casting_vote__for_something_else__is_refused_by_who_holds_the_roll() -> None:
    simulation, ledger = _tied("casting_vote")
    data = derived(ledger, MOTION)
    entry = Entry(simulation.at(), "system", _declaring(data, "keep"))
    with refused("decision.step", article="12"):
        check(ledger.state, entry, ledger.sources)
    assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 0


def test_casting_vote__that_does_not_follow__is_refused_without_the_roll_too() -> None:
    simulation, ledger, data = _erased(["bridge", "keep", None])
    entry = Entry(simulation.at(), "system", _declaring(data, "keep"))
    with refused("decision.step", article="12"):
        check(ledger.state, entry, ledger.sources)


def _elected(
    *candidates: Actor, chain: tuple[TieMeans, ...] = ("seniority",), choices: tuple[str, ...] = ()
) -> DecisionMade:
    _, ledger = polled(contest_rules(chain=chain), candidacy(*candidates), choices)
    return derived(ledger, MOTION)


def test_tie__seniority__prefers_the_founder_to_who_came_later() -> None:
    data = _elected(GARDENER, TREASURER, choices=("to-gardener", "to-treasurer"))
    assert (data.outcome, data.chosen) == ("adopted", ("to-treasurer",))
    assert data.derivation[-1].inputs["order"] == "to-treasurer > to-gardener"


def test_tie__seniority_between_founders__leaves_it() -> None:
    data = _elected(SECRETARY, TREASURER, choices=("to-secretary", "to-treasurer"))
    assert (data.outcome, data.chosen) == ("rejected", ())
    assert data.derivation[-1].inputs["order"] == "to-secretary = to-treasurer"


def test_tie__seniority__counts_from_the_admission_not_the_application() -> None:
    simulation, ledger = put_to_vote(
        contest_rules(chain=("seniority",)), selection("bridge", "weir")
    )
    baker, miller = Actor("baker"), Actor("miller")
    for applicant in (baker, miller):
        simulation.apply(applicant)
    assert ledger.state.member(baker.id).since is None
    for applicant in (miller, baker):
        simulation.admit(applicant)
    first, second = (ledger.state.member(each.id) for each in (miller, baker))
    assert first.since is not None
    assert second.since == first.since + 1
    assert first.entry > second.entry
    assert ledger.state.member(CHAIR.id).since == 0


def test_tie__seniority_of_things__leaves_it() -> None:
    _, ledger = _tied("seniority")
    data = derived(ledger, MOTION)
    assert (data.outcome, data.derivation[-1].verdict) == ("rejected", "not_met")


def test_tie__lots__decide_with_the_seed_of_the_block() -> None:
    simulation, ledger = _tied("sortition")
    with refused("lots.awaited"):
        derived(ledger, MOTION)
    index = draw(simulation, ledger)
    data, poll = derived(ledger, MOTION), ledger.state.poll(MOTION)
    assert (poll.lots_entry, poll.lots) == (index, ledger.entries[index].data)
    order = _lots(*OPTIONS, decision=poll.item.decision)
    step = data.derivation[-1]
    assert step.inputs == {
        "block": "77",
        "chain": "sortition",
        "order": " > ".join(order),
        "seed": SEED,
        "tied": "bridge, keep",
    }
    assert (step.verdict, step.entries) == ("met", (poll.closed_entry, index))
    first = order.index("bridge") < order.index("keep")
    assert (data.outcome, data.chosen) == (("adopted", ("bridge",)) if first else ("rejected", ()))
    simulation.decide(MOTION)
    assert ledger.state.decisions[MOTION] == data


def test_tie__lots__are_not_asked_where_an_earlier_means_decides() -> None:
    for chain, waits in (
        (("status_quo", "sortition"), False),
        (("casting_vote", "sortition"), False),
        (("sortition", "status_quo"), True),
        (("seniority", "sortition"), True),
    ):
        _, ledger = _tied(*chain)  # type: ignore[arg-type]  # of the table above
        if waits:
            with refused("lots.awaited"):
                derived(ledger, MOTION)
            continue
        data = derived(ledger, MOTION)
        assert "seed" not in data.derivation[-1].inputs
        assert data.derivation[-1].verdict == "met"


def test_tie__that_a_means_narrows__is_left_to_the_next_one() -> None:
    effect = selection("bridge", "ferry", "keep", chosen=1)
    rulebook = contest_rules(method="approval", chain=("casting_vote", "sortition"))
    choices: list[str | None] = ['["bridge","ferry"]', '["bridge","ferry","keep"]', '["keep"]']
    simulation, ledger = polled(rulebook, effect, choices, session="council")
    draw(simulation, ledger)
    data, decision = derived(ledger, MOTION), ledger.state.poll(MOTION).item.decision
    step = data.derivation[-1]
    order = _lots("bridge", "ferry", decision=decision)
    assert step.inputs["order"] == " > ".join((*order, "keep"))
    assert step.inputs["casting_vote"] == '["bridge","ferry"]'
    assert step.inputs["chain"] == "casting_vote, sortition"
    assert step.inputs["tied"] == "bridge, ferry, keep"
    assert data.chosen == (order[0],)
    ledger.sources.rolls.clear()
    assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 1


@pytest.mark.parametrize(
    ("fields", "special"),
    [
        ({"sessions": ("council",)}, True),
        ({"sessions": ("assembly",)}, False),
        ({"motions": ("legislative",)}, True),
        ({"motions": ("election",)}, False),
    ],
)
def test_tie__rule_for_the_session_or_the_kind__goes_before_the_general_one(
    fields: dict[str, tuple[str, ...]], *, special: bool
) -> None:
    rule = TieBreak(id="special", article="15", modality="must", chain=("status_quo",))
    rulebook = contest_rules(msgspec.structs.replace(rule, **fields), chain=("casting_vote",))
    effect = selection("bridge", "keep", status_quo="keep")
    _, ledger = polled(rulebook, effect, ["bridge", "keep", None], session="council")
    data = derived(ledger, MOTION)
    assert data.derivation[-1].rule == ("special" if special else "tie-break")
    assert data.outcome == ("rejected" if special else "adopted")


CHAINS = [chain for length in range(1, len(MEANS) + 1) for chain in permutations(MEANS, length)]


@pytest.fixture(scope="module")
def council() -> tuple[State, MemoryLedger]:
    """Return a council whose lots on a tie are drawn, and its ledger."""
    simulation, ledger = _tied("sortition", choices=["weir", "keep", None])
    draw(simulation, ledger)
    return ledger.state, ledger


@pytest.mark.parametrize("chain", CHAINS, ids="-".join)
def test_chain__in_every_order__asks_each_means_between_what_those_before_leave_equal(
    council: tuple[State, MemoryLedger], chain: tuple[TieMeans, ...]
) -> None:
    state, ledger = council
    case = Case.of(state, MOTION)
    drawn = case.poll.lots
    rule = TieBreak(id="tie-break", article="12", modality="must", chain=chain)
    by_lot = _lots(*OPTIONS, decision=case.poll.item.decision)
    ranks: dict[str, Callable[[str], int]] = {
        "status_quo": lambda option: int(option != "keep"),
        "casting_vote": lambda option: int(option != "weir"),
        "seniority": lambda _: 0,
        "sortition": by_lot.index,
    }
    for lot in (drawn, None):
        asked = chain
        if lot is None and "sortition" in chain:
            asked = chain[: chain.index("sortition")]
        found = priority(case, rule, result_of(ledger), ledger.sources, declared=None, drawn=lot)
        places = {option: [ranks[means](option) for means in asked] for option in OPTIONS}
        expected: list[list[str]] = []
        for option in sorted(OPTIONS, key=places.__getitem__):
            if expected and places[expected[-1][0]] == places[option]:
                expected[-1].append(option)
            else:
                expected.append([option])
        assert found.order == tuple(tuple(tier) for tier in expected)
        assert ("seed" in found.inputs) == ("sortition" in asked)
        assert ("casting_vote" in found.inputs) == ("casting_vote" in asked)


def test_tie__in_a_secret_vote__has_no_casting_vote() -> None:
    effect = selection("bridge", "weir")
    rulebook = contest_rules(chain=("casting_vote",), secrecy="secret")
    simulation, ledger = put_to_vote(
        rulebook, effect, session="council", present=(CHAIR, TREASURER)
    )
    simulation.count_urn((CHAIR, TREASURER), "spring", MOTION, {"bridge": 1, "weir": 1})
    simulation.advance(days=2)
    simulation.close("spring")
    data = derived(ledger, MOTION)
    assert (data.outcome, data.derivation[-1].inputs["casting_vote"]) == ("rejected", UNDECLARED)
    ledger.sources.rolls.clear()
    assert check(ledger.state, Entry(simulation.at(), "system", data), ledger.sources) == 0


def test_tie__between_places__is_broken_for_the_last_of_them_alone() -> None:
    effect: SelectionEffect = selection("bridge", "ferry", "weir", chosen=2)
    rulebook = contest_rules(chain=("casting_vote",))
    choices: list[str | None] = ["weir", "bridge", "ferry"]
    _, ledger = polled(rulebook, effect, choices, session="council")
    data = derived(ledger, MOTION)
    # The casting vote puts one of the three first; the other two stay equal for the second place.
    assert (data.outcome, data.chosen) == ("rejected", ())
    assert data.derivation[-1].inputs["tied"] == "bridge, ferry, weir"
    lots_too = contest_rules(chain=("casting_vote", "sortition"))
    simulation, ledger = polled(lots_too, effect, choices, session="council")
    draw(simulation, ledger)
    decision = ledger.state.poll(MOTION).item.decision
    assert derived(ledger, MOTION).chosen == (
        "weir",
        _lots("bridge", "ferry", decision=decision)[0],
    )


def test_decide__lots_of_another_poll__are_not_those_of_this_one() -> None:
    simulation, ledger = _tied("sortition")
    draw(simulation, ledger)
    data = derived(ledger, MOTION)
    state = ledger.state
    poll = replace(state.poll(MOTION), lots=seed_of(ledger, seed="5f" * 32))
    other = replace(state, polls=state.polls.set(MOTION, poll))
    assert decide(other, MOTION, ledger.sources).derivation[-1] != data.derivation[-1]
