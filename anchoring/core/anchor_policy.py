"""When to anchor and what to pay: the configuration of an anchorer, and its pure rules.

P1. A head is due after so many new entries, or so many seconds after the last anchor, or at once
    when it is the first, or when an act waits that must not (the closing of an assembly).
P2. A replacement raises both fees by an eighth or more: geth asks for a tenth, others for an eighth
    (go-ethereum, core/txpool/legacypool: PriceBump).
P3. No fee exceeds the cap.
P4. Of an account from which another took over no head is due, and no fee rises.
"""

from dataclasses import dataclass
from typing import Final

from anchoring.core.anchor_states import Attempt, Fees, Seconds, Wei, has_passed
from anchoring.core.errors import MalformedError

RAISE_NUMERATOR: Final = 9
"""With ``RAISE_DENOMINATOR``: least ratio of a raised fee to the one before, 1.125."""

RAISE_DENOMINATOR: Final = 8
"""See ``RAISE_NUMERATOR``."""

RAISE_AFTER: Final = Seconds(120)
"""Seconds without inclusion after which fees rise: ten slots of 12 s."""

MAX_FEE_CAP: Final = Wei(500 * 10**9)
"""Most that is offered per gas unless configured otherwise: 500 gwei."""

INCLUSION_PATIENCE: Final = Seconds(1800)
"""Seconds without inclusion after which a person should look."""

FINALITY_PATIENCE: Final = Seconds(7200)
"""Seconds from inclusion to finality after which a person should look; healthy chains take two or
three epochs, 13 to 20 minutes."""

MAX_WEI: Final = 2**63 - 1
"""Highest price that a journal stores, in wei: the signed 64-bit integer of databases."""

LEASE: Final = Seconds(120)
"""Seconds for which a step claims the journal; longer than any step takes."""


@dataclass(frozen=True, slots=True)
class AnchorPolicy:
    """How an anchorer behaves; the defaults anchor every head at once.

    Raises:
        MalformedError: A value is out of its range.
    """

    entries: int = 1
    """New entries after which a head is due, at least 1."""
    interval: Seconds | None = None
    """Seconds after the last anchor when a head is due, at least 0; None: entries alone decide."""
    raise_after: Seconds = RAISE_AFTER
    """Seconds without inclusion after which fees rise, at least 1."""
    max_fee_cap: Wei = MAX_FEE_CAP
    """Most that is ever offered per gas, in wei, at least 1."""
    inclusion_patience: Seconds = INCLUSION_PATIENCE
    """Seconds without inclusion after which an anchor is stalled, at least 1."""
    finality_patience: Seconds = FINALITY_PATIENCE
    """Seconds from inclusion to finality after which an anchor is stalled, at least 1."""
    lease: Seconds = LEASE
    """Seconds for which a step claims the journal, at least 1; longer than any step takes."""
    settles_only: bool = False
    """Whether nothing is signed any more: another account took over, and what was sent is settled."""

    def __post_init__(self) -> None:
        """Check the ranges."""
        least: tuple[tuple[str, int | None, int], ...] = (
            ("entries", self.entries, 1),
            ("interval", self.interval, 0),
            ("raise_after", self.raise_after, 1),
            ("max_fee_cap", self.max_fee_cap, 1),
            ("inclusion_patience", self.inclusion_patience, 1),
            ("finality_patience", self.finality_patience, 1),
            ("lease", self.lease, 1),
        )
        for name, value, minimum in least:
            if value is not None and value < minimum:
                raise MalformedError(f"anchor policy.{name}", f"{value} is less than {minimum}")
        if self.max_fee_cap > MAX_WEI:
            raise MalformedError("anchor policy.max_fee_cap", f"more than {MAX_WEI}")


def is_due(
    policy: AnchorPolicy,
    *,
    entries: int,
    last_anchored_at: Seconds | None,
    closing_waits: bool,
    now: Seconds,
) -> bool:
    """Tell whether the newest head should be anchored now (P1, P4).

    Args:
        policy: The configuration.
        entries: Entries since the last anchored head.
        last_anchored_at: When that head was recorded, None if there is none.
        closing_waits: Whether one of these entries must be anchored at once.
        now: Current time.
    """
    if entries <= 0 or policy.settles_only:
        return False
    if last_anchored_at is None or closing_waits or entries >= policy.entries:
        return True
    return policy.interval is not None and has_passed(last_anchored_at, policy.interval, now=now)


def raised(fees: Fees) -> Fees:
    """Return the least fees that replace a transaction of ``fees`` everywhere (P2)."""
    return Fees(Wei(_raised(fees.max_fee)), Wei(_raised(fees.priority_fee)))


def can_raise(fees: Fees, policy: AnchorPolicy) -> bool:
    """Tell whether fees can rise without passing the cap (P3, P4)."""
    return not policy.settles_only and raised(fees).max_fee <= policy.max_fee_cap


def opening_fees(suggested: Fees, earlier: tuple[Attempt, ...], policy: AnchorPolicy) -> Fees:
    """Return the fees of a transaction: what the network asks, enough to replace earlier ones.

    Args:
        suggested: What the network asks now.
        earlier: Every attempt ever signed under the same nonce; a node may still hold any of them.
        policy: The cap (P3), to which fees are cut.
    """
    max_fee, priority_fee = suggested.max_fee, suggested.priority_fee
    for attempt in earlier:
        floor = raised(attempt.fees)
        max_fee = max(max_fee, floor.max_fee)
        priority_fee = max(priority_fee, floor.priority_fee)
    max_fee = min(max_fee, policy.max_fee_cap)
    return Fees(max_fee, min(priority_fee, max_fee))


def _raised(fee: int) -> int:
    return max(fee + 1, -(-fee * RAISE_NUMERATOR // RAISE_DENOMINATOR))
