"""A programme: the chapters of a year, and how they are run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anchoring.core.errors import VerificationError
from backend.demo.arrivals import log_in
from backend.demo.years.words import Said
from backend.demo.years.year import Place, Year
from backend.domain.acts import FirstMandate, Slug
from backend.domain.rulebook.book import parse_rulebook
from backend.domain.rulebook.topics import Silent

CALENDAR_LINES = 6
"""Most lines of the calendar that are shown."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a year that ends with an anchor."""

    day: str
    """First day, ``YYYY-MM-DD``."""
    heading: Said
    """What happens."""
    play: Callable[[Year], None]
    """How it is played."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A year of one organisation."""

    slug: Slug
    """Its folder below ``examples``."""
    mandates: Sequence[tuple[Slug, Slug, str]]
    """Body, seat and first name of the seats that the founders fill."""
    chapters: Sequence[Chapter]
    """After the founding, in order of time."""
    explained: Slug
    """Motion whose decision is explained in words."""
    calendar: str
    """Day for which the calendar is shown, ``YYYY-MM-DD``; it comes before the last chapter."""
    start: datetime
    """When the year begins, UTC."""


FOUNDING = Said("Fondation", "Founding")
"""Heading of the first chapter."""


def run(year: Year, programme: Programme, anchor: Callable[[int], None]) -> None:
    """Play a year, anchoring after every chapter.

    Args:
        year: At its beginning.
        programme: What is played.
        anchor: Called after every chapter with the size its last command left the ledger with.

    Raises:
        RefusedError: The rules refuse a command that the programme needs.
        VerificationError: The server did something else than was asked.
    """
    account = year.account
    chapters = [
        Chapter(f"{programme.start:%Y-%m-%d}", FOUNDING, lambda year: found(year, programme)),
        *programme.chapters,
    ]
    with account.steps(len(chapters)):
        for chapter in chapters:
            if chapter is chapters[-1]:
                tell_calendar(year, programme.calendar)
            year.go(chapter.day)
            account.chapter(chapter.heading.in_(account.language), year.agent.now)
            chapter.play(year)
            anchor(year.size)
            account.end(year.size)
    explain(year, programme.explained)


def found(year: Year, programme: Programme) -> None:
    """Found the organisation, with its first mandates.

    Raises:
        RefusedError: The server refused.
    """
    texts = year.texts
    founders = [
        name for name, member in zip(year.people, texts.members, strict=True) if member.founder
    ]
    given: list[FirstMandate] = []
    for body, seat, name in programme.mandates:
        mandate = f"{body}-{seat}-{len(given) + 1}"
        given.append(FirstMandate(mandate, body, seat, year.who(name).member))
        year.seats[mandate] = Place(body, seat, name)
    year.took(
        year.agent.found(
            [year.who(name) for name in founders],
            name=texts.name,
            text=texts.text,
            rulebook=texts.rulebook,
            mandates=given,
        )
    )
    for name in founders:
        log_in(year.agent.client, year.who(name))
    year.members = founders
    rules = parse_rulebook(texts.rulebook).rules
    year.say(
        "founded",
        founders=len(founders),
        rules=len(rules),
        silent=sum(isinstance(rule, Silent) for rule in rules),
        mandates=len(given),
    )


def tell_calendar(year: Year, day: str) -> None:
    """Tell what has to happen by when, as of a day.

    Raises:
        RefusedError: The server did not answer with success.
    """
    word = year.account.word
    items = year.agent.client.get(f"obligations?on={day}")["items"]
    shown = [item for item in items if item["status"] not in ("done", "lapsed")]
    year.account.write(f"\n{word('year.calendar', day=day)}", style="bold")
    for item in shown[:CALENDAR_LINES]:
        status = word(f"year.status.{item['status']}")
        year.say("due", last=item["last"], status=status, title=item["title"])
    if len(shown) > CALENDAR_LINES:
        year.say("more", number=len(shown) - CALENDAR_LINES)


def explain(year: Year, motion: Slug) -> None:
    """Tell in words why a decision is valid.

    Raises:
        RefusedError: The server did not answer with success.
        VerificationError: The server explains another outcome than the one that was told.
    """
    told = year.agent.client.get(f"decisions/{motion}/explanation")
    if told["motion"] != motion:
        raise VerificationError("explanation", expected=motion, found=str(told["motion"]))
    heading = year.account.word("year.why", title=year.title(motion))
    year.account.write(f"\n{heading}", style="bold")
    year.account.write(f"  {told['headline']}")
    for step in told["steps"]:
        year.account.write(f"  · {step}")
