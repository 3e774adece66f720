"""Ballots in the ledger, B1 to B9: each one change away from a lawful one."""

from collections.abc import Callable

import msgspec
import pytest

from backend.domain import ballots
from backend.domain.acts import AssemblyClosed, BallotCast, MotionResult
from backend.domain.ballots import (
    BallotOpening,
    Openings,
    format_openings,
    parse_openings,
)
from backend.domain.entry import Entry, Proof
from backend.domain.errors import RuleViolation
from backend.domain.methods.choices import MAX_CHOICE_BYTES
from backend.domain.rulebook.voting import BallotRule
from backend.domain.signing import ballot_typed_data
from backend.domain.sources import Elector
from backend.services.ports import ChoiceOpening
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    Signed,
    append,
    closed,
    refused,
    rule_of,
    rules_with,
    voting,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation, commitment, openings_of

YES = ChoiceOpening("yes", bytes(32))


def _resigned(
    simulation: Simulation, ledger: MemoryLedger, data: BallotCast, *, by: Actor = CHAIR
) -> Signed:
    """Return a ballot with a proper signature over what it says."""
    poll = ledger.state.poll("bridge")
    rules = ledger.state.assembly("spring").data.rules
    typed_data = ballot_typed_data(ledger.state.founded(), poll, rules=rules, ballot=data)
    opening = simulation.opening(by, typed_data)
    return Entry(simulation.at(), data.voter, data, Proof((commitment(opening),))), (opening,)


def _ballot(simulation: Simulation, ledger: MemoryLedger, by: Actor = CHAIR) -> BallotCast:
    data = simulation.ballot(ledger, by, "bridge", opening=YES)[0].data
    assert isinstance(data, BallotCast)
    return data


def test_ballot__lawful__is_counted_for_its_voter() -> None:
    simulation, ledger = voting()
    index = simulation.cast(CHAIR, "bridge", "yes")
    data = ledger.entries[index].data
    assert isinstance(data, BallotCast)
    poll = ledger.state.poll("bridge")
    assert (poll.ballots[index], poll.last[data.voter], poll.counts[data.voter]) == (data, index, 1)
    assert ledger.entries[index].by == data.voter
    assert CHAIR.id.encode() not in ledger.entries[index].to_bytes()


def test_b1__one_millisecond_before_the_opening__refuses() -> None:
    simulation, _ = voting()
    simulation.advance(milliseconds=-1)
    with refused("assembly.early", rule="psephos.assembly"):
        simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(milliseconds=1)
    simulation.cast(CHAIR, "bridge", "yes")


def test_b1__at_the_close__refuses_and_one_millisecond_before_passes() -> None:
    simulation, _ = voting()
    simulation.advance(days=2, milliseconds=-1)
    simulation.cast(CHAIR, "bridge", "yes")
    simulation.advance(milliseconds=1)
    with refused("assembly.over"):
        simulation.cast(CHAIR, "bridge", "yes")


def test_b1__after_the_assembly_was_closed__refuses() -> None:
    simulation, _ = closed({CHAIR: "yes"})
    with refused("assembly.closed"):
        simulation.cast(TREASURER, "bridge", "yes")


def test_b2__motion_that_is_not_on_the_agenda__refuses() -> None:
    simulation, ledger = voting()
    simulation.propose(CHAIR, "weir")
    data = _ballot(simulation, ledger)
    for motion, code in (("weir", "ballot.agenda"), ("tunnel", "motion.unknown")):
        other = msgspec.structs.replace(data, motion=motion)
        with refused(code):
            append(ledger, _resigned(simulation, ledger, other))


def test_b2__decision_of_another_motion__refuses() -> None:
    simulation, ledger = voting("bridge", "weir")
    other = ledger.state.poll("weir").item.decision
    data = msgspec.structs.replace(_ballot(simulation, ledger), decision=other)
    with refused("ballot.agenda"):
        append(ledger, _resigned(simulation, ledger, data))


def test_b2__ballot_off_the_agenda__names_the_article_that_binds_the_session() -> None:
    simulation, ledger = voting("bridge", "weir")
    simulation.propose(CHAIR, "tunnel")
    for motion in ("bridge", "weir"):
        decision = ledger.state.poll(motion).item.decision
        data = msgspec.structs.replace(
            _ballot(simulation, ledger), motion="tunnel", decision=decision
        )
        with refused("ballot.agenda", article="11", rule="agenda"):
            append(ledger, _resigned(simulation, ledger, data))
    nowhere = msgspec.structs.replace(
        _ballot(simulation, ledger), decision="0" * 64, motion="tunnel"
    )
    with refused("ballot.agenda", article="", rule="psephos.ballot"):
        append(ledger, _resigned(simulation, ledger, nowhere))


def test_b2__session_that_no_agenda_binds__rests_on_the_built_in_rule() -> None:
    simulation, ledger = voting(rulebook=rules_with(without=["agenda"]))
    simulation.propose(CHAIR, "tunnel")
    data = msgspec.structs.replace(_ballot(simulation, ledger), motion="tunnel")
    with refused("ballot.agenda", rule="psephos.ballot"):
        append(ledger, _resigned(simulation, ledger, data))


@pytest.mark.parametrize("actor", [PARTNER, STRANGER])
def test_b3__organisation_or_stranger__has_no_pseudonym_on_the_roll(actor: Actor) -> None:
    simulation, ledger = voting()
    data = msgspec.structs.replace(_ballot(simulation, ledger), voter="v" + "f" * 32)
    with refused("ballot.voter"):
        append(ledger, _resigned(simulation, ledger, data, by=actor))


def test_b3__roll_that_names_an_unknown_member__refuses() -> None:
    simulation, ledger = voting()
    data = _ballot(simulation, ledger)
    roll = ledger.sources.rolls[data.decision]
    roll[data.voter] = Elector(STRANGER.id, data.voter, roll[data.voter].salt)
    with refused("member.unknown"):
        append(ledger, _resigned(simulation, ledger, data))


def test_b3__in_the_name_of_another_author__refuses() -> None:
    simulation, ledger = voting()
    entry, openings = _resigned(simulation, ledger, _ballot(simulation, ledger))
    for author in (CHAIR.id, "system", "v" + "f" * 32):
        with refused("author.self"):
            append(ledger, (msgspec.structs.replace(entry, by=author), openings))


@pytest.mark.parametrize("nonce", [0, 2, 3])
def test_b4__nonce_that_is_not_the_number_of_earlier_ballots__refuses(nonce: int) -> None:
    simulation, ledger = voting()
    simulation.cast(CHAIR, "bridge", "yes")
    data = msgspec.structs.replace(_ballot(simulation, ledger), nonce=nonce)
    with refused("ballot.nonce") as caught:
        append(ledger, _resigned(simulation, ledger, data))
    assert caught.value.expected == "nonce 1"
    append(ledger, _resigned(simulation, ledger, msgspec.structs.replace(data, nonce=1)))


def test_b4__same_ballot_again__refuses() -> None:
    simulation, ledger = voting()
    signed = _resigned(simulation, ledger, _ballot(simulation, ledger))
    append(ledger, signed)
    with refused("ballot.nonce"):
        append(ledger, signed)


def test_b4__replacement_where_the_statutes_forbid_it__refuses() -> None:
    rule = msgspec.structs.replace(rule_of("ballot"), replaceable=False)
    assert isinstance(rule, BallotRule)
    simulation, _ = voting(rulebook=rules_with(rule))
    simulation.cast(CHAIR, "bridge", "yes")
    with refused("ballot.replacement", article="12", rule="ballot"):
        simulation.cast(CHAIR, "bridge", "no")
    simulation.cast(TREASURER, "bridge", "no")


@pytest.mark.parametrize(
    ("seconds", "passes"), [(0, True), (-1, False), (3600 + 120, True), (3600 + 121, False)]
)
def test_b5__claimed_time__lies_between_opening_and_now(seconds: int, passes: bool) -> None:  # noqa: FBT001 - parametrised
    simulation, ledger = voting()
    opened = int(simulation.now.timestamp())
    simulation.advance(hours=1)
    data = msgspec.structs.replace(_ballot(simulation, ledger), cast_at=opened + seconds)
    if passes:
        append(ledger, _resigned(simulation, ledger, data))
        return
    with refused("ballot.cast_at"):
        append(ledger, _resigned(simulation, ledger, data))


@pytest.mark.parametrize("signer", [TREASURER, PARTNER, STRANGER])
def test_b6__signature_by_another_key__refuses(signer: Actor) -> None:
    simulation, ledger = voting()
    with refused("signature.signer", rule="psephos.signature"):
        append(ledger, _resigned(simulation, ledger, _ballot(simulation, ledger), by=signer))


@pytest.mark.parametrize("field", ["choice", "cast_at", "voter"])
def test_b6__ballot_changed_after_signing__refuses(field: str) -> None:
    simulation, ledger = voting()
    simulation.advance(hours=1)
    data = _ballot(simulation, ledger)
    entry, openings = _resigned(simulation, ledger, data)
    other_voter = _ballot(simulation, ledger, TREASURER).voter
    changes = {"choice": "0" * 64, "cast_at": data.cast_at - 1, "voter": other_voter}
    other: BallotCast = msgspec.structs.replace(data, **{field: changes[field]})
    with refused("signature.signer"):
        append(ledger, (msgspec.structs.replace(entry, by=other.voter, data=other), openings))
    append(ledger, (entry, openings))


def _domain(name: str, value: object) -> Callable[[dict[str, object]], None]:
    def change(typed_data: dict[str, object]) -> None:
        domain = typed_data["domain"]
        assert isinstance(domain, dict)
        assert domain[name] != value
        domain[name] = value

    return change


def _message(name: str) -> Callable[[dict[str, object]], None]:
    def change(typed_data: dict[str, object]) -> None:
        message = typed_data["message"]
        assert isinstance(message, dict)
        message[name] = "0x" + "12" * 32 if isinstance(message[name], str) else 7

    return change


@pytest.mark.parametrize(
    "change",
    [
        _domain("name", "psephos"),
        _domain("version", "2"),
        _domain("chainId", 1),
        _domain("verifyingContract", "0x" + "11" * 20),
        _domain("salt", "0x" + "11" * 32),
        _message("decision"),
        _message("rules"),
        _message("electorate"),
        _message("choice"),
        _message("castAt"),
        _message("nonce"),
    ],
    ids=["name", "version", "chain", "contract", "organisation", "decision", "rules", "electorate",
         "choice", "castAt", "nonce"],
)  # fmt: skip
def test_b6__signature_over_other_data__refuses(
    change: Callable[[dict[str, object]], None],
) -> None:
    simulation, ledger = voting()
    data = _ballot(simulation, ledger)
    poll = ledger.state.poll("bridge")
    rules = ledger.state.assembly("spring").data.rules
    typed_data = ballot_typed_data(ledger.state.founded(), poll, rules=rules, ballot=data)
    change(typed_data)
    opening = simulation.opening(CHAIR, typed_data)
    entry = Entry(simulation.at(), data.voter, data, Proof((commitment(opening),)))
    with refused("signature.signer"):
        append(ledger, (entry, (opening,)))


@pytest.mark.parametrize("number", [0, 2])
def test_b6__not_one_signature__refuses_even_without_the_roll(number: int) -> None:
    simulation, ledger = voting()
    data = _ballot(simulation, ledger)
    entry, openings = _resigned(simulation, ledger, data)
    wrong = msgspec.structs.replace(entry, proof=Proof(entry.proof.signatures * number))
    with refused("signature.missing"):
        append(ledger, (wrong, openings))
    del ledger.sources.rolls[data.decision]
    with refused("signature.missing"):
        append(ledger, (wrong, openings))
    with refused("proof.missing") as caught:
        append(ledger, (entry, openings))
    assert caught.value.found == "2 missing"


def test_b7__choice_that_is_not_on_the_ballot__is_refused_at_the_close() -> None:
    simulation, _ = voting()
    index = simulation.cast(CHAIR, "bridge", "maybe")
    simulation.advance(days=2)
    with refused("choice.unknown", rule="psephos.ballot") as caught:
        simulation.close("spring")
    assert isinstance(caught.value, RuleViolation)
    assert caught.value.entry == index


def _opened(ledger: MemoryLedger) -> tuple[BallotOpening, ...]:
    return parse_openings(openings_of(ledger, "bridge")).ballots


def _count(ledger: MemoryLedger, ballots_opened: tuple[BallotOpening, ...]) -> MotionResult:
    decision = ledger.state.poll("bridge").item.decision
    openings = Openings("psephos-openings/1", decision, ballots_opened)
    return ballots.count(ledger.state, "bridge", ("cid", openings), ledger.sources).result


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"choice": "no"}, "ballot.opening"),
        ({"salt": "0" * 64}, "ballot.opening"),
        ({"elector_salt": "0" * 64}, "ballot.voter"),
    ],
)
def test_b7_b8__opening_that_does_not_fit__refuses_and_names_the_ballot(
    fields: dict[str, str], code: str
) -> None:
    _, ledger = closed({TREASURER: "no", CHAIR: "yes"})
    first, second = _opened(ledger)
    assert _count(ledger, (first, second)).tally == {"yes": 1, "no": 1, "abstain": 0}
    with refused(code) as caught:
        _count(ledger, (first, msgspec.structs.replace(second, **fields)))
    assert isinstance(caught.value, RuleViolation)
    assert caught.value.entry == second.entry


def test_b7__ballot_left_out_twice_or_out_of_order__refuses() -> None:
    _, ledger = closed({TREASURER: "no", CHAIR: "yes"})
    first, second = _opened(ledger)
    for wrong in ((first,), (first, first), (second, first), (first, second, second), ()):
        with refused("openings.ballots"):
            _count(ledger, wrong)


def test_b7__openings_of_another_decision__refuses() -> None:
    _, ledger = closed({CHAIR: "yes"})
    openings = Openings("psephos-openings/1", "0" * 64, _opened(ledger))
    with refused("openings.ballots"):
        ballots.count(ledger.state, "bridge", ("cid", openings), ledger.sources)


def test_b9__replaced_ballots__the_last_counts_and_all_stay() -> None:
    simulation, ledger = voting()
    for choice in ("yes", "no", "abstain"):
        simulation.cast(CHAIR, "bridge", choice)
    simulation.cast(TREASURER, "bridge", "yes")
    nonces = [ballot.nonce for _, ballot in sorted(ledger.state.poll("bridge").ballots.items())]
    assert nonces == [0, 1, 2, 0]
    simulation.advance(days=2)
    simulation.close("spring")
    result = ledger.state.poll("bridge").result
    assert result is not None
    assert (result.ballots, result.voters) == (4, 2)
    assert result.tally == {"yes": 1, "no": 0, "abstain": 1}


def test_close__one_millisecond_early__refuses_and_late_passes() -> None:
    simulation, ledger = voting()
    simulation.advance(days=2, milliseconds=-1)
    with refused("assembly.too_early"):
        simulation.close("spring")
    simulation.advance(days=30)
    simulation.close("spring")
    assert ledger.state.assembly("spring").closed
    assert ledger.state.motion("bridge").status == "closed"


def test_close__twice_or_unknown__refuses() -> None:
    simulation, _ = closed({})
    with refused("assembly.closed"):
        simulation.close("spring")
    with refused("assembly.unknown"):
        simulation.close("summer")


def _closing(votes: dict[Actor, str]) -> tuple[Simulation, MemoryLedger, AssemblyClosed]:
    simulation, ledger = voting("bridge", "weir")
    for actor, choice in votes.items():
        simulation.cast(actor, "bridge", choice)
    simulation.advance(days=2)
    stored = {}
    for motion in ("bridge", "weir"):
        content = openings_of(ledger, motion)
        stored[motion] = (ledger.put_document(content), parse_openings(content))
    closing, _ = ballots.close(ledger.state, "spring", stored, ledger.sources)
    return simulation, ledger, closing


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ballots": 3}, "tally.differs"),
        ({"voters": 1}, "tally.differs"),
        ({"tally": {"yes": 2, "no": 0, "abstain": 0}}, "tally.differs"),
        ({"tally": {"yes": 1, "no": 1}}, "tally.differs"),
        ({"tally": {"yes": 1, "no": 1, "abstain": 0, "maybe": 0}}, "tally.differs"),
        ({"openings": "bafkrei" + "a" * 52}, "document.unknown"),
    ],
)
def test_close__one_figure_wrong__refuses(fields: dict[str, object], code: str) -> None:
    simulation, ledger, data = _closing({CHAIR: "yes", SECRETARY: "no"})
    wrong = (msgspec.structs.replace(data.results[0], **fields), data.results[1])
    entry = Entry(simulation.at(), "system", msgspec.structs.replace(data, results=wrong))
    with refused(code):
        ledger.append(entry)
    ledger.append(msgspec.structs.replace(entry, data=data))


def test_close__results_of_another_agenda__refuses() -> None:
    simulation, ledger, data = _closing({GARDENER: "yes"})
    first, second = data.results
    for wrong in ((first,), (second, first), (first, second, second), (first, first)):
        entry = Entry(simulation.at(), "system", AssemblyClosed("spring", wrong))
        with refused("assembly.agenda"):
            ledger.append(entry)


def test_close__signed_by_someone__refuses() -> None:
    simulation, ledger, data = _closing({})
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, data))


def test_ballot_rule__is_that_of_the_convocation() -> None:
    _, ledger = voting()
    rule = ballots.ballot_rule(ledger.state, "bridge")
    assert rule == ledger.state.version(1).rulebook.ballot("legislative")


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text + b" ",
        lambda text: text.replace(b"openings/1", b"openings/2"),
        lambda text: text.replace(b'"salt"', b'"sale"'),
        lambda text: text.replace(b'"yes"', b'"' + b"y" * (MAX_CHOICE_BYTES + 1) + b'"'),
    ],
)
def test_parse_openings__one_thing_off__refuses(alter: Callable[[bytes], bytes]) -> None:
    opening = BallotOpening(3, "yes", "0" * 64, "1" * 64)
    text = format_openings("2" * 64, (opening,))
    assert parse_openings(text) == Openings("psephos-openings/1", "2" * 64, (opening,))
    with refused("openings.malformed"):
        parse_openings(alter(text))
