"""When to anchor and what to pay (P1 to P3 of core.anchor_policy), and who may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.anchor_policy import (
    MAX_WEI,
    AnchorPolicy,
    can_raise,
    is_due,
    opening_fees,
    raised,
)
from anchoring.core.anchor_states import (
    ChainChangedError,
    Fees,
    Lease,
    LeaseHeldError,
    NodesDisagreeError,
    Seconds,
    Wei,
    may_claim,
)
from anchoring.core.errors import MalformedError
from anchoring.core.types import BlockHash, BlockNumber
from tests.support.lifecycle_facts import attempt_at

LAST = Seconds(1_000)


def due(policy: AnchorPolicy, *, entries: int, age: int, closing: int = 0) -> bool:
    return is_due(
        policy,
        entries=entries,
        last_anchored_at=LAST,
        closing_waits=bool(closing),
        now=Seconds(LAST + age),
    )


def test_is_due__by_default__is_at_once() -> None:
    """P1."""
    assert due(AnchorPolicy(), entries=1, age=0)
    assert not due(AnchorPolicy(), entries=0, age=10**9, closing=1)


def test_is_due__by_entries__at_the_number() -> None:
    """P1."""
    policy = AnchorPolicy(entries=10)
    assert [due(policy, entries=count, age=10**9) for count in (9, 10, 11)] == [False, True, True]


def test_is_due__by_time__at_the_second() -> None:
    """P1: a moment in the future, left by a clock that jumped back, holds nothing up."""
    policy = AnchorPolicy(entries=10, interval=Seconds(60))
    found = [due(policy, entries=1, age=age) for age in (-1, 0, 59, 60)]
    assert found == [True, False, False, True]


def test_is_due__after_a_closing_or_before_the_first__at_once() -> None:
    """P1."""
    policy = AnchorPolicy(entries=10)
    assert due(policy, entries=1, age=0, closing=1)
    assert is_due(policy, entries=1, last_anchored_at=None, closing_waits=False, now=LAST)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_raised__of_any_fees__is_an_eighth_more_and_no_unit_beyond(fee: int, tip: int) -> None:
    """P2, against exact fractions."""
    more = raised(Fees(Wei(fee), Wei(tip)))
    for old, new in ((fee, more.max_fee), (tip, more.priority_fee)):
        assert new * 8 >= old * 9
        assert new > old
        assert (new - 1) * 8 < old * 9 or new == old + 1


def test_can_raise__up_to_the_cap__and_no_further() -> None:
    """P3."""
    policy = AnchorPolicy(max_fee_cap=Wei(900))
    assert can_raise(Fees(Wei(800), Wei(1)), policy)
    assert not can_raise(Fees(Wei(801), Wei(1)), policy)


def test_opening_fees__without_earlier_attempts__are_those_suggested() -> None:
    suggested = Fees(Wei(90), Wei(7))
    assert opening_fees(suggested, (), AnchorPolicy()) == suggested


def test_opening_fees__after_earlier_attempts__replace_every_one_of_them() -> None:
    """P2: each field on its own."""
    earlier = (attempt_at(1, fee=80), attempt_at(2, fee=160))
    assert opening_fees(Fees(Wei(90), Wei(50)), earlier, AnchorPolicy()) == Fees(Wei(180), Wei(50))


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_opening_fees__in_a_spike__never_pass_the_cap(fee: int, tip: int, cap: int) -> None:
    """P3."""
    policy = AnchorPolicy(max_fee_cap=Wei(cap))
    found = opening_fees(Fees(Wei(fee), Wei(tip)), (attempt_at(1, fee=cap),), policy)
    assert found.priority_fee <= found.max_fee <= cap


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("entries", 1),
        ("interval", 0),
        ("raise_after", 1),
        ("max_fee_cap", 1),
        ("inclusion_patience", 1),
        ("finality_patience", 1),
        ("lease", 1),
    ],
)
def test_policy__with_a_value_below_its_least__is_refused(name: str, least: int) -> None:
    AnchorPolicy(**{name: least})  # type: ignore[arg-type]  # each is an integer
    with pytest.raises(MalformedError) as caught:
        AnchorPolicy(**{name: least - 1})  # type: ignore[arg-type]  # as above
    assert name in caught.value.what


def test_policy__with_a_cap_beyond_the_journal__is_refused() -> None:
    AnchorPolicy(max_fee_cap=Wei(MAX_WEI))
    with pytest.raises(MalformedError):
        AnchorPolicy(max_fee_cap=Wei(MAX_WEI + 1))


def test_may_claim__a_lease__when_free_own_or_lapsed() -> None:
    held = Lease("first", Seconds(100))
    assert may_claim(None, "second", Seconds(0))
    assert may_claim(held, "first", Seconds(0))
    assert not may_claim(held, "second", Seconds(99))
    assert may_claim(held, "second", Seconds(100))


def test_errors__in_words__name_what_a_person_needs() -> None:
    changed = str(ChainChangedError("genesis", expected="01", found=""))
    assert "genesis was 01, is missing" in changed
    disagreement = NodesDisagreeError(
        BlockNumber(7), first=BlockHash(b"\1" * 32), second=BlockHash(b"\2" * 32)
    )
    assert "final block 7" in str(disagreement)
    assert "another anchorer, first," in str(LeaseHeldError("first", Seconds(9)))
