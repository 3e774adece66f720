"""What must, or may, happen by a day, and where that stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar

from backend.domain.acts import MotionKind, Slug
from backend.domain.deadlines import Day, format_day, local_day
from backend.domain.errors import RuleReference, RuleViolation
from backend.domain.instants import Instant
from backend.domain.rulebook.bodies import Body
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import Rule, SeatParty
from backend.domain.state import State

ObligationKind = Literal[
    "session", "second_convocation", "convocation", "minutes",
    "mandate", "vacancy", "co_option",
    "ratification", "reply", "appeal", "resolution", "engagement",
]  # fmt: skip
"""Matters with a last day."""

Status = Literal["upcoming", "due", "overdue", "done", "lapsed"]
"""Before the first day; between first and last day; after it and not done; done; after it, where nobody had
to do anything: a right that was not used, a term that is over."""

SETTLED: Final[frozenset[Status]] = frozenset({"done", "lapsed"})
"""Statuses after which nothing is left to do."""

ALARM_DAYS: Final = 60
"""Days before the last day on which calendars remind: 30 days of notice, the longest the model statutes ask
for, and a month to find candidates and write the agenda."""

BUILT_IN: Final = RuleReference("psephos.obligations", "")
"""Built-in rule: what was decided is done by the day that was decided. Named where no rule of the statutes
in force speaks of the matter any more."""

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationDue:
    """Something with a last day, as it stands on the day it was asked about."""

    kind: ObligationKind
    """What it is."""
    subject: str
    """Id of what it is about: session and year, assembly, draft, mandate, body, motion, proceeding, rule."""
    rule: str
    """Id of the rule it rests on; ``psephos.obligations`` where the statutes name none."""
    article: str
    """Article of that rule; empty for a built-in rule."""
    first: Day
    """First day of the window; for what ends, the day from which it is worth attention."""
    last: Day
    """Last day of the window, ``first <= last``."""
    status: Status
    """Where it stands."""
    duty: bool
    """Whether somebody has to do it; otherwise somebody may."""
    uid: str
    """Name that stays the same as long as it is the same matter, unique among all organisations."""
    title: str
    """What the statutes, or the members, call the subject."""
    bearer: str = ""
    """Who has the duty or the right, in words; empty where no text says."""
    motions: tuple[MotionKind, ...] = ()
    """Kinds of motion that must be on the agenda."""
    alarm_days: int = 0
    """Days before ``last`` on which calendars remind; 0 for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """An obligation before its status is known."""

    kind: ObligationKind
    """What it is."""
    subject: str
    """Id of what it is about, unique within the kind."""
    rule: RuleReference
    """What it rests on."""
    first: date
    """First day; a later one than ``last`` counts as ``last``."""
    last: date
    """Last day."""
    title: str
    """What the subject is called."""
    duty: bool = True
    """Whether somebody has to do it."""
    done: bool = False
    """Whether nothing is left to do because it was done."""
    bearer: str = ""
    """Who, in words."""
    motions: tuple[MotionKind, ...] = ()
    """Kinds of motion that must be on the agenda."""
    alarm_days: int = 0
    """Days before ``last`` on which calendars remind."""

    def on(self, day: date, origin: str) -> ObligationDue:
        """Return how the matter stands on a day.

        Args:
            day: The day.
            origin: Origin of the organisation's ledger, which makes the name unique.

        Raises:
            InvalidInputError: ``day.out_of_range``: the window leaves the calendar.
        """
        first = min(self.first, self.last)
        return ObligationDue(
            kind=self.kind,
            subject=self.subject,
            rule=self.rule.id,
            article=self.rule.article,
            first=format_day(first),
            last=format_day(self.last),
            status=_status(self, first, day),
            duty=self.duty,
            uid=f"{self.kind}.{self.subject}@{origin}",
            title=self.title,
            bearer=self.bearer,
            motions=self.motions,
            alarm_days=self.alarm_days,
        )


def said(rulebook: Rulebook, schema: type[R], *subjects: str) -> R | None:
    """Return the rule that grants or demands something, or None where none does.

    A silent rule sets no date, and neither does one that forbids: both are for whoever acts to run into.
    """
    try:
        found = rulebook.maybe(schema, *subjects)
    except RuleViolation:
        return None
    return None if found is None or found.modality == "must_not" else found


def day_in(state: State, instant: Instant) -> date:
    """Return the day of an instant where the organisation is at home."""
    return local_day(instant, state.in_force().rulebook.time_zone)


def body_title(rulebook: Rulebook, body: Slug) -> str:
    """Return what the statutes call a body; its id where they no longer know it."""
    rule = said(rulebook, Body, body)
    return body if rule is None else rule.title


def seat_title(rulebook: Rulebook, body: Slug, seat: Slug) -> str:
    """Return what the statutes call a seat, with its body; ids where they no longer know it."""
    rule = said(rulebook, Body, body)
    seats = () if rule is None else rule.seats
    name = next((each.title for each in seats if each.seat == seat), seat)
    return f"{name} ({body_title(rulebook, body)})"


def bearers(rulebook: Rulebook, seats: Iterable[SeatParty]) -> str:
    """Return the names of seats that carry a duty."""
    return ", ".join(seat_title(rulebook, each.body, each.seat) for each in seats)


def _status(matter: Matter, first: date, day: date) -> Status:
    if matter.done:
        return "done"
    if day < first:
        return "upcoming"
    if day <= matter.last:
        return "due"
    return "overdue" if matter.duty else "lapsed"
