"""Secret votes on paper, B11: the urn is counted by tellers, and nothing of it is in the ledger."""

from collections.abc import Mapping

import msgspec
import pytest

from backend.domain import ballots
from backend.domain.acts import AssemblyClosed, MotionResult, UrnCounted
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    refused,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import put_text
from tests.support.vote_world import (
    ballot_with,
    derived,
    held,
    in_room,
    majority_of,
    paper_rules,
    proxies_with,
    quorum_of,
    seated,
)

TELLERS = (CHAIR, TREASURER)
ALL = (CHAIR, TREASURER, SECRETARY, GARDENER)


def _count(yes: int, no: int, abstain: int) -> dict[str, int]:
    return {"yes": yes, "no": no, "abstain": abstain}


def _result(ledger: MemoryLedger) -> MotionResult:
    result = ledger.state.poll("bridge").result
    assert result is not None
    return result


def test_urn__counted__is_the_result_with_void_papers_as_voters() -> None:
    simulation, ledger = seated(paper_rules(), *ALL)
    index = simulation.count_urn(TELLERS, "spring", "bridge", _count(2, 1, 0), papers=4)
    poll = ledger.state.poll("bridge")
    assert (poll.urn, poll.urn_entry) == (ledger.entries[index].data, index)
    simulation.advance(days=2)
    simulation.close("spring")
    result = _result(ledger)
    assert (result.openings, result.ballots, result.voters) == (None, 4, 4)
    assert result.tally == _count(2, 1, 0)
    assert derived(ledger).outcome == "adopted"


def test_ballot__in_a_secret_vote__refuses_naming_the_rule() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    with refused("ballot.paper", article="12", rule="ballot"):
        simulation.cast(CHAIR, "bridge", "yes")


def test_urn__in_a_vote_that_is_not_secret__refuses_naming_the_rule() -> None:
    simulation, _ = seated(in_room(ballot_with(secrecy="until_close")), *ALL)
    with refused("urn.not_secret", article="12", rule="ballot"):
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
    simulation.cast(CHAIR, "bridge", "yes")


def test_urn__before_the_session_opened__refuses() -> None:
    simulation, _ = held(paper_rules(), channel="room")
    for teller in TELLERS:
        simulation.attend(teller, "spring", "room")
    with refused("urn.not_open", rule="ballot") as caught:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
    assert caught.value.found == "none"
    simulation.open(CHAIR, "spring")
    simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))


@pytest.mark.parametrize("there", [ALL[:2], ALL[:3]])
def test_urn__without_quorum_at_the_opening__refuses(there: tuple[Actor, ...]) -> None:
    rules = paper_rules(quorum_of(1, 2, "present", strict=True))
    simulation, _ = seated(rules, *there)
    if len(there) == 3:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
        return
    with refused("urn.not_open", rule="ballot") as caught:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
    assert caught.value.found == "too few at the opening"


def test_urn__twice_or_after_the_close__refuses() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
    with refused("urn.counted"):
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))
    simulation.advance(days=2)
    simulation.close("spring")
    with refused("assembly.closed"):
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 0, 0))


def test_urn__of_another_agenda__refuses() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    simulation.propose(CHAIR, "weir")
    for assembly, motion, code in (
        ("spring", "weir", "ballot.agenda"),
        ("spring", "tunnel", "motion.unknown"),
        ("summer", "bridge", "assembly.unknown"),
    ):
        with refused(code):
            simulation.count_urn(TELLERS, assembly, motion, _count(1, 0, 0))
    simulation.convene(CHAIR, "summer", "weir", channel="room")
    with refused("ballot.agenda"):
        simulation.count_urn(TELLERS, "spring", "weir", _count(1, 0, 0))


@pytest.mark.parametrize(
    "tally",
    [
        {},
        {"yes": 1, "no": 0},
        {"yes": 1, "no": 0, "abstain": 0, "maybe": 0},
        {"consent": 1, "abstain": 0},
    ],
)
def test_urn__choices_that_are_not_on_the_paper__refuses(tally: Mapping[str, int]) -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    with refused("urn.choices") as caught:
        simulation.count_urn(TELLERS, "spring", "bridge", tally, papers=1)
    assert caught.value.expected == "yes, no, abstain"
    assert caught.value.found == (", ".join(sorted(tally)) or "none")


def test_urn__more_votes_than_papers__refuses_and_as_many_pass() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    with refused("urn.votes") as caught:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 1, 1), papers=2)
    assert isinstance(caught.value, InvalidInputError)
    assert (caught.value.expected, caught.value.found) == ("at most 2 votes", "3 votes")
    simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 1, 1), papers=3)


@pytest.mark.parametrize("papers", [3, 4])
def test_urn__more_papers_than_people__refuses(papers: int) -> None:
    simulation, _ = held(paper_rules(proxies_with(cap=1)), channel="room")
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    for member in TELLERS:
        simulation.attend(member, "spring", "room")
    simulation.open(CHAIR, "spring")
    if papers == 3:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(3, 0, 0))
        return
    with refused("urn.papers", rule="ballot") as caught:
        simulation.count_urn(TELLERS, "spring", "bridge", _count(4, 0, 0))
    assert caught.value.found == "4 papers"
    assert caught.value.expected.startswith("at most 3 papers")


def test_tellers__absent_repeated_or_unknown__refuse() -> None:
    simulation, _ = seated(paper_rules(), CHAIR, TREASURER, SECRETARY)
    for tellers, code in (
        ((CHAIR, GARDENER), "urn.teller_absent"),
        ((CHAIR, CHAIR), "urn.tellers"),
        ((CHAIR, STRANGER), "member.unknown"),
    ):
        with refused(code):
            simulation.count_urn(tellers, "spring", "bridge", _count(1, 0, 0))
    simulation.count_urn((TREASURER, SECRETARY, CHAIR), "spring", "bridge", _count(1, 0, 0))


def test_teller__who_left__refuses() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    simulation.resign(GARDENER)
    with refused("member.inactive"):
        simulation.count_urn((CHAIR, GARDENER), "spring", "bridge", _count(1, 0, 0))


def _urn(ledger: MemoryLedger, *tellers: Actor, record: str = "Counted.") -> UrnCounted:
    return UrnCounted(
        "spring",
        "bridge",
        tuple(teller.id for teller in tellers),
        1,
        _count(1, 0, 0),
        put_text(ledger, record),
    )


def test_tellers__author_or_signatures_that_differ__refuse() -> None:
    simulation, ledger = seated(paper_rules(), *ALL)
    data = _urn(ledger, *TELLERS)
    with refused("author.self"):
        append(ledger, simulation.signed(ledger, TREASURER, data, signers=TELLERS))
    with refused("signature.missing"):
        append(ledger, simulation.signed(ledger, CHAIR, data))
    with refused("signature.signer"):
        append(ledger, simulation.signed(ledger, CHAIR, data, signers=(CHAIR, SECRETARY)))
    append(ledger, simulation.signed(ledger, CHAIR, data, signers=TELLERS))


def test_record__that_is_empty_or_not_held__refuses() -> None:
    simulation, ledger = seated(paper_rules(), *ALL)
    with refused("text.empty"):
        append(
            ledger,
            simulation.signed(ledger, CHAIR, _urn(ledger, *TELLERS, record=" "), signers=TELLERS),
        )
    lost = msgspec.structs.replace(_urn(ledger, *TELLERS), record="bafkrei" + "a" * 52)
    with refused("document.unknown"):
        append(ledger, simulation.signed(ledger, CHAIR, lost, signers=TELLERS))


def test_close__urn_not_counted__refuses() -> None:
    simulation, _ = seated(paper_rules(), *ALL)
    simulation.advance(days=2)
    with refused("urn.missing", rule="ballot"):
        simulation.close("spring")


def test_close__session_that_never_opened__counts_nothing() -> None:
    simulation, ledger = held(paper_rules(), channel="room")
    simulation.advance(days=2)
    simulation.close("spring")
    result = _result(ledger)
    assert (result.openings, result.ballots, result.voters) == (None, 0, 0)
    assert result.tally == _count(0, 0, 0)
    assert derived(ledger).outcome == "no_quorum"


def test_close__too_few_at_the_opening__is_at_once_and_without_quorum() -> None:
    simulation, ledger = seated(paper_rules(quorum_of(3, 4, "present")), CHAIR, TREASURER)
    simulation.close("spring")
    assert _result(ledger).voters == 0
    assert derived(ledger).outcome == "no_quorum"


def test_close__enough_at_the_opening__waits_for_the_time() -> None:
    simulation, _ = seated(in_room(quorum_of(3, 4, "present")), *ALL[:3])
    with refused("assembly.too_early"):
        simulation.close("spring")


@pytest.mark.parametrize(
    "fields",
    [
        {"voters": 3},
        {"ballots": 5},
        {"tally": _count(3, 0, 0)},
        {"tally": {"no": 1, "yes": 2}},
    ],
)
def test_close__figures_that_are_not_the_tellers__refuse(fields: dict[str, object]) -> None:
    simulation, ledger = seated(paper_rules(), *ALL)
    simulation.count_urn(TELLERS, "spring", "bridge", _count(2, 1, 0), papers=4)
    simulation.advance(days=2)
    data, _ = ballots.close(ledger.state, "spring", {}, ledger.sources)
    wrong = msgspec.structs.replace(data.results[0], **fields)
    with refused("tally.differs", rule="ballot"):
        ledger.append(Entry(simulation.at(), "system", AssemblyClosed("spring", (wrong,))))
    ledger.append(Entry(simulation.at(), "system", data))


def test_close__openings_of_papers_or_none_of_ballots__refuse() -> None:
    simulation, ledger = seated(in_room(), *ALL)
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(days=2)
    with refused("openings.ballots") as caught:
        ballots.close(ledger.state, "spring", {}, ledger.sources)
    assert caught.value.found == "none"
    result = MotionResult(motion="bridge", ballots=1, voters=1, tally=_count(1, 0, 0))
    with refused("openings.ballots"):
        ledger.append(Entry(simulation.at(), "system", AssemblyClosed("spring", (result,))))


def test_tie__on_paper__has_no_casting_vote() -> None:
    rules = paper_rules(majority_of(1, 2, "cast", strict=True))
    simulation, ledger = seated(rules, *ALL)
    simulation.count_urn(TELLERS, "spring", "bridge", _count(1, 1, 0))
    simulation.advance(days=2)
    simulation.close("spring")
    decision = derived(ledger)
    assert decision.outcome == "rejected"
    assert decision.derivation[-1].rule == "tie"
