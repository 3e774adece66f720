"""What holds of the rules for every act, every roll and every order of ballots."""

import decimal
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import pytest
import rfc8785
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anchoring.core.canonical import parse_canonical
from backend.domain.acts import ACTS
from backend.domain.commitments import Tag, commit
from backend.domain.decisions import decide
from backend.domain.electorate import (
    electorate_leaves,
    electorate_root,
    format_leaves,
    parse_leaves,
)
from backend.domain.entry import Entry, statement_content
from backend.domain.errors import InvalidInputError
from backend.domain.fold import evolve
from backend.domain.framework import Indicator
from backend.domain.instants import epoch_seconds, format_instant, parse_instant
from backend.domain.methods.yes_no_abstain import CHOICES, tally
from backend.domain.quantities import Ratio, parse_decimal, round_half_even
from backend.domain.rulebook.rule import Threshold
from backend.domain.rulebook.sessions import Quorum
from backend.domain.rulebook.voting import Majority
from backend.domain.sources import Elector
from backend.domain.state import State
from tests.support.act_strategies import entries, values_of
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    rules_with,
    voting,
)
from tests.support.model_rules import ORDINARY

FEWER = max(10, settings().max_examples // 6)
"""Examples for what is asked of each of many acts, or of long ones: the profile's number, shared out."""

ELECTORS = (CHAIR, TREASURER, SECRETARY, GARDENER)

fractions_of_a_whole = st.tuples(st.integers(0, 6), st.integers(1, 6)).filter(
    lambda parts: parts[0] <= parts[1]
)
votes = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(CHOICES)), max_size=8)
rolls = st.lists(
    st.builds(
        Elector,
        member=st.from_regex(r"\Am[0-9a-f]{32}\Z"),
        voter=st.from_regex(r"\Av[0-9a-f]{32}\Z"),
        salt=st.binary(min_size=32, max_size=32),
    ),
    max_size=9,
    unique_by=lambda elector: elector.voter,
)


@pytest.mark.parametrize("name", sorted(ACTS))
@settings(max_examples=FEWER)
@given(data=st.data())
def test_act__of_every_kind__reads_back_the_same(name: str, data: st.DataObject) -> None:
    act = data.draw(values_of(ACTS[name]))
    entry = Entry("2026-01-05T09:00:00.000Z", "system", act)
    encoded = entry.to_bytes()
    assert Entry.from_bytes(encoded) == entry
    assert rfc8785.dumps(parse_canonical(encoded, what="entry")) == encoded


@given(entry=entries(), data=st.data())
def test_entry__any_bit_flipped__does_not_parse_or_says_something_else(
    entry: Entry, data: st.DataObject
) -> None:
    encoded = bytearray(entry.to_bytes())
    place = data.draw(st.integers(0, len(encoded) * 8 - 1))
    encoded[place // 8] ^= 1 << place % 8
    try:
        other = Entry.from_bytes(bytes(encoded))
    except InvalidInputError:
        return
    assert other != entry
    assert other.to_bytes() == bytes(encoded)


@settings(max_examples=FEWER)
@given(first=entries(), second=entries())
def test_statement_content__of_two_acts__differs(first: Entry, second: Entry) -> None:
    signed = [(entry.by, entry.data.act, entry.data.signed_part()) for entry in (first, second)]
    contents = [statement_content(author=entry.by, data=entry.data) for entry in (first, second)]
    assert (contents[0] == contents[1]) == (signed[0] == signed[1])


@given(choices=st.lists(st.sampled_from(CHOICES), max_size=50), data=st.data())
def test_tally__any_order__conserves_votes(choices: list[str], data: st.DataObject) -> None:
    counted = tally(choices)
    assert sum(counted.values()) == len(choices)
    assert tally(data.draw(st.permutations(choices))) == counted


@given(
    first=st.tuples(st.sampled_from(Tag), st.binary(min_size=32, max_size=32), st.binary()),
    second=st.tuples(st.sampled_from(Tag), st.binary(min_size=32, max_size=32), st.binary()),
)
def test_commit__to_two_things__binds(
    first: tuple[Tag, bytes, bytes], second: tuple[Tag, bytes, bytes]
) -> None:
    assume(first != second)
    one, other = (commit(tag, salt=salt, payload=payload) for tag, salt, payload in (first, second))
    assert one != other


@given(salt=st.binary(min_size=32, max_size=32), payload=st.binary(max_size=64), data=st.data())
def test_commit__byte_moved_between_salt_and_payload__binds(
    salt: bytes, payload: bytes, data: st.DataObject
) -> None:
    byte = data.draw(st.binary(min_size=1, max_size=1))
    shifted = (byte + salt)[:32], (byte + salt)[32:] + payload
    assume(shifted != (salt, payload))
    assert commit(Tag.CHOICE, salt=salt, payload=payload) != commit(
        Tag.CHOICE, salt=shifted[0], payload=shifted[1]
    )


@given(roll=rolls, data=st.data())
def test_electorate__any_order_of_the_roll__has_one_root(
    roll: list[Elector], data: st.DataObject
) -> None:
    leaves = electorate_leaves(roll)
    assert electorate_leaves(data.draw(st.permutations(roll))) == leaves
    assert parse_leaves(format_leaves(leaves)) == leaves
    if roll:
        assert electorate_root(leaves) != electorate_root(electorate_leaves(roll[1:]))


@given(st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))  # noqa: DTZ001 - the zone is set next
def test_instant__of_any_moment__reads_back_to_the_millisecond(moment: datetime) -> None:
    text = format_instant(moment)
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse_instant(text) == cut
    assert epoch_seconds(text) <= cut.timestamp() < epoch_seconds(text) + 1


@given(st.lists(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)), min_size=2))  # noqa: DTZ001 - hypothesis adds the zone
def test_instants__as_text__sort_as_moments(moments: list[datetime]) -> None:
    ordered = sorted(moments)
    texts = [format_instant(moment) for moment in ordered]
    assert all(earlier <= later for earlier, later in pairwise(texts))


@given(numerator=st.integers(-(10**9), 10**9), digits=st.integers(0, 6), places=st.integers(0, 9))
def test_round_half_even__any_decimal__agrees_with_the_decimal_module(
    numerator: int, digits: int, places: int
) -> None:
    exact = decimal.Decimal(numerator).scaleb(-places)
    rounded = exact.quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_EVEN)
    unsigned_zero = rounded + 0
    written = round_half_even(Fraction(numerator, 10**places), digits)
    assert written == f"{unsigned_zero:f}"


@given(value=st.decimals(places=6, min_value=-(10**9), max_value=10**9))
def test_parse_decimal__shortest_text__is_exact(value: decimal.Decimal) -> None:
    text = f"{value:f}".rstrip("0").rstrip(".")
    text = "0" if text in {"-0", ""} else text
    assert parse_decimal(text, what="value") == Fraction(value)


@given(
    bounds=st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    values=st.tuples(st.fractions(), st.fractions()),
    direction=st.sampled_from(["more_is_better", "less_is_better"]),
)
def test_score__any_value__is_between_0_and_1_and_follows_the_direction(
    bounds: tuple[int, int],
    values: tuple[Fraction, Fraction],
    direction: Literal["more_is_better", "less_is_better"],
) -> None:
    low, high = map(str, bounds)
    indicator = Indicator("fish", "Fish", "fish", direction, low, high, Ratio(1, 1))
    lesser, greater = (indicator.score(value) for value in sorted(values))
    assert min(lesser, greater) >= 0
    assert max(lesser, greater) <= 1
    assert lesser <= greater if direction == "more_is_better" else greater <= lesser


def _literal_outcome(
    last: dict[int, str], quorum: Quorum, majority: Majority
) -> Literal["adopted", "rejected", "no_quorum"]:
    """Decide as the statutes would be read aloud, by whole numbers only."""
    yes, no = (list(last.values()).count(choice) for choice in ("yes", "no"))
    asked, share = quorum.threshold.fraction, majority.threshold.fraction
    if len(last) * asked.den < asked.num * len(ELECTORS):
        return "no_quorum"
    whole = {"valid": yes + no, "cast": len(last), "entitled": len(ELECTORS)}[majority.base]
    left, right = yes * share.den, share.num * whole
    reached = left > right if majority.threshold.strict else left >= right
    return "adopted" if yes != no and whole > 0 and reached else "rejected"


@given(
    cast=votes,
    quorum=fractions_of_a_whole,
    threshold=fractions_of_a_whole,
    strict=st.booleans(),
    base=st.sampled_from(["valid", "cast", "entitled"]),
)
def test_vote__any_ballots_under_any_rules__is_decided_as_by_hand(
    cast: list[tuple[int, str]],
    quorum: tuple[int, int],
    threshold: tuple[int, int],
    strict: bool,  # noqa: FBT001 - drawn
    base: Literal["valid", "cast", "entitled"],
) -> None:
    quorum_rule = Quorum(
        id="quorum-ordinary",
        article="13",
        modality="must",
        motions=ORDINARY,
        threshold=Threshold(Ratio(*quorum)),
        base="voters",
    )
    majority_rule = Majority(
        id="majority-ordinary",
        article="14",
        modality="must",
        motions=ORDINARY,
        threshold=Threshold(Ratio(*threshold), strict),
        base=base,
    )
    simulation, ledger = voting(rulebook=rules_with(quorum_rule, majority_rule))
    for elector, choice in cast:
        simulation.cast(ELECTORS[elector], "bridge", choice)
    simulation.advance(days=2)
    simulation.close("spring")
    simulation.decide("bridge")
    last = dict(cast)
    result = ledger.state.poll("bridge").result
    assert result is not None
    assert (result.ballots, result.voters) == (len(cast), len(last))
    assert result.tally == {choice: list(last.values()).count(choice) for choice in CHOICES}
    decision = ledger.state.decisions["bridge"]
    assert decision.outcome == _literal_outcome(last, quorum_rule, majority_rule)

    state = State()
    for before, entry in zip(ledger.states, ledger.entries, strict=False):
        assert state == before
        state = evolve(state, Entry.from_bytes(entry.to_bytes()), ledger.sources)
    assert decide(state, "bridge", ledger.sources) == decision


@given(cast=votes, data=st.data())
def test_vote__ballots_of_different_voters_in_another_order__has_the_same_derivation(
    cast: list[tuple[int, str]], data: st.DataObject
) -> None:
    last = list(dict(cast).items())
    derivations = []
    for order in (last, data.draw(st.permutations(last))):
        simulation, ledger = voting()
        for elector, choice in order:
            simulation.cast(ELECTORS[elector], "bridge", choice)
        simulation.advance(days=2)
        simulation.close("spring")
        derivations.append(decide(ledger.state, "bridge", ledger.sources))
    assert derivations[0] == derivations[1]
