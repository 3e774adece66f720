"""Rules on what is agreed beside the statutes: internal rules, agreements, dissolution, valuation."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import DecimalText, EscalationStep, MemberClass, Slug, Title
from backend.domain.deadlines import Day
from backend.domain.quantities import Ratio
from backend.domain.rulebook.rule import AssemblyParty, BodyParty, Rule, SeatParty


class Custody(Rule, frozen=True, kw_only=True, tag="custody"):
    """Who keeps the registers and the keys of the organisation's ledger."""

    by: BodyParty | SeatParty
    """Whose holders may act on them."""


class InternalRules(Rule, frozen=True, kw_only=True, tag="internal_rules"):
    """Who makes rules beside the statutes, from when they hold, and who confirms them."""

    by: BodyParty | AssemblyParty
    """Who makes them."""
    effective: Literal["at_once", "on_ratification"]
    """From when they hold."""
    ratified_by: Slug | None = None
    """Session whose next holding must confirm them; None where nobody has to."""
    lapse: bool = False
    """Whether they end when that session does not confirm them; otherwise they stay until it refuses."""


class ShareLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a table of shares."""

    title: Title
    """Who or what receives it."""
    amount: DecimalText
    """The amount."""
    share: Ratio | None = None
    """The share of the total that the text states; None where it states none."""


class Shares(Rule, frozen=True, kw_only=True, tag="shares"):
    """How proceeds are divided; the linter recomputes it."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
    """ISO 4217 code."""
    lines: Annotated[tuple[ShareLine, ...], Meta(min_length=1, max_length=100)]
    """The lines."""
    total: DecimalText
    """The total that the text states."""


class Engagement(Rule, frozen=True, kw_only=True, tag="engagement"):
    """How long an agreement lasts."""

    starts: Day
    """First day."""
    ends: Day
    """Last day."""


class Escalation(Rule, frozen=True, kw_only=True, tag="escalation"):
    """The ladder a dispute climbs; a step opens when the one before has failed."""

    steps: Annotated[tuple[EscalationStep, ...], Meta(min_length=1)]
    """The steps, first to last."""
    exit_goals: tuple[Title, ...] = ()
    """What an exit plan must answer, each."""


class Licence(Rule, frozen=True, kw_only=True, tag="licence"):
    """Under which licence what is produced together is given out."""

    spdx: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.+-]+\Z", max_length=60)]
    """SPDX identifier, https://spdx.org/licenses/."""


class Dissolution(Rule, frozen=True, kw_only=True, tag="dissolution"):
    """What a motion of dissolution must name."""

    liquidators: Annotated[int, Meta(ge=1, le=20)]
    """Liquidators, at least."""


class ValuationRule(Rule, frozen=True, kw_only=True, tag="valuation"):
    """Who may register commons and record observations."""

    classes: Annotated[tuple[MemberClass, ...], Meta(min_length=1)]
    """Classes whose members may."""
