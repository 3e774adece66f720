"""Sessions of a year: called, noticed, opened, voted in, closed, with their minutes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from anchoring.core.cid import document_cid
from backend.demo.client import Answer
from backend.demo.years.outcomes import tell
from backend.demo.years.year import HOUR, Meeting, Year
from backend.domain.acts import (
    AssemblyAdjourned,
    AssemblyDrafted,
    AssemblyOpened,
    Call,
    Channel,
    DraftSupported,
    ElectionEffect,
    MinutesPublished,
    NoticeRecorded,
    PresenceRecorded,
    ProxyGiven,
    Slug,
    UrnCounted,
)
from backend.domain.assemblies.notices import Notice, format_notices
from backend.domain.instants import format_instant
from backend.domain.methods.choices import format_marks, format_ranking
from backend.domain.rulebook.sessions import Minutes, Session
from backend.domain.rulebook.sessions import Notice as NoticeRule


def call_of(
    year: Year,
    assembly: Slug,
    *motions: Slug,
    session: Slug,
    opens: str,
    hours: int = 3,
    channel: Channel = "room",
) -> Call:
    """Return a first call.

    Args:
        year: The year.
        assembly: Id of the assembly.
        motions: Agenda.
        session: Kind of session.
        opens: Day of the opening, ``YYYY-MM-DD``.
        hours: Hours for which votes are taken.
        channel: Where votes are cast.
    """
    opens_at = datetime.fromisoformat(opens).replace(hour=HOUR, tzinfo=UTC)
    return Call(
        assembly=assembly,
        session=session,
        title=year.rules.one(Session, session).title,
        channel=channel,
        opens_at=format_instant(opens_at),
        closes_at=format_instant(opens_at + timedelta(hours=hours)),
        motions=motions,
    )


def called_again(call: Call, assembly: Slug, opens: str) -> Call:
    """Return the second call of a session to which too few came.

    Args:
        call: The first call.
        assembly: Id of the second assembly.
        opens: Day of its opening, ``YYYY-MM-DD``.
    """
    opens_at = datetime.fromisoformat(opens).replace(hour=HOUR, tzinfo=UTC)
    lasts = datetime.fromisoformat(call.closes_at) - datetime.fromisoformat(call.opens_at)
    return msgspec.structs.replace(
        call,
        assembly=assembly,
        opens_at=format_instant(opens_at),
        closes_at=format_instant(opens_at + lasts),
        round=2,
        previous=call.assembly,
    )


def answering(call: Call, draft: Slug) -> Call:
    """Return a call that answers a draft."""
    return msgspec.structs.replace(call, draft=draft)


def convene(year: Year, by: str, call: Call) -> Answer:
    """Call a session, and record the notice of everyone where the statutes ask for proof.

    Raises:
        RefusedError: The server refused.
        VerificationError: The server froze something else than was asked.
    """
    electors = year.electors(call.session)
    answer = year.took(
        year.agent.convene(year.who(by), call, rules=year.rules_hash, electors=len(electors))
    )
    meeting = Meeting(call, year.who(by), electors, {}, year.closing(call))
    year.meetings[call.assembly] = meeting
    year.say(
        "convened" if call.round == 1 else "convened_again",
        session=call.title,
        name=by,
        opens=call.opens_at[:10],
        motions=len(call.motions),
        electors=len(electors),
    )
    rule = year.rules.one(NoticeRule, call.session)
    if rule.proven:
        sent = format_instant(year.agent.now)
        channel = "email" if "email" in rule.channels else rule.channels[0]
        content = format_notices(tuple(Notice(each, channel, sent) for each in year.ids(*electors)))
        recorded = NoticeRecorded(call.assembly, document_cid(content), len(electors))
        answer = year.act(by, recorded, msgspec.json.decode(content))
    return answer


def ask(year: Year, draft: Slug, *motions: Slug, session: Slug, by: Sequence[str]) -> None:
    """Let members ask for a session together: the first drafts, the others support.

    Raises:
        RefusedError: The server refused.
    """
    first, *others = by
    title = year.rules.one(Session, session).title
    year.act(first, AssemblyDrafted(draft, session, title, motions))
    for name in others:
        year.act(name, DraftSupported(draft))
    year.say("asked", session=title, names=", ".join(by))


def give_proxy(year: Year, assembly: Slug, grantor: str, holder: str) -> None:
    """Let someone be represented.

    Raises:
        RefusedError: The server refused.
    """
    given = year.meetings[assembly].proxies
    name = f"{assembly}-{len(given) + 1}"
    year.act(grantor, ProxyGiven(name, assembly, year.who(holder).member))
    given[grantor] = holder
    year.say("proxy", grantor=grantor, holder=holder)


def open_session(
    year: Year,
    assembly: Slug,
    *present: str,
    excused: Sequence[str] = (),
    opened: bool = True,
) -> None:
    """Record who is there, and open the session with them.

    Args:
        year: The year.
        assembly: The assembly.
        present: Who is there.
        excused: Who sent an excuse.
        opened: Whether the opening is recorded too.

    Raises:
        RefusedError: The server refused.
    """
    meeting = year.meetings[assembly]
    wait_for(year, assembly)
    officer = year.name_of(meeting.convener.member)
    place: Literal["room", "remote"] = "room" if meeting.call.channel == "room" else "remote"
    for name in present:
        by = officer if place == "room" else name
        year.act(by, PresenceRecorded(assembly, year.who(name).member, place))
    for name in excused:
        year.act(officer, PresenceRecorded(assembly, year.who(name).member, "excused"))
    there = [name for name in present if name in meeting.electors]
    represented = [
        grantor
        for grantor, holder in meeting.proxies.items()
        if holder in present and grantor not in there
    ]
    numbers = {
        "entitled": len(meeting.electors),
        "present": len(there),
        "represented": len(represented),
    }
    if opened:
        year.act(officer, AssemblyOpened(assembly, **numbers))
    year.say("opened", **numbers)


def adjourn(year: Year, assembly: Slug, opens: str) -> None:
    """Put a session off to another day.

    Raises:
        RefusedError: The server refused.
    """
    meeting = year.meetings[assembly]
    opens_at = datetime.fromisoformat(opens).replace(hour=HOUR, tzinfo=UTC)
    first = datetime.fromisoformat(meeting.call.opens_at)
    closes = opens_at + (year.closing(meeting.call) - first)
    officer = year.name_of(meeting.convener.member)
    times = (format_instant(opens_at), format_instant(closes))
    year.act(officer, AssemblyAdjourned(assembly, *times))
    meeting.call = msgspec.structs.replace(meeting.call, opens_at=times[0], closes_at=times[1])
    meeting.closes = closes
    year.say("adjourned", opens=opens)


def vote(year: Year, motion: Slug, **names: str) -> None:
    """Cast ballots; who is represented and named here is voted for by whoever stands for them.

    Args:
        year: The year.
        motion: The motion.
        names: First names by choice, separated by spaces.

    Raises:
        RefusedError: The server refused.
    """
    choices = {name: choice for choice, group in names.items() for name in group.split()}
    cast_each(year, motion, choices)


def rank(year: Year, motion: Slug, **names: str) -> None:
    """Cast rankings on an election among candidates.

    Args:
        year: The year.
        motion: The motion.
        names: By first name of the voter, first names of candidates, best first, separated by spaces.

    Raises:
        RefusedError: The server refused.
    """
    effect = year.motions[motion].effect
    seats = effect.seats if isinstance(effect, ElectionEffect) else ()
    options = {year.name_of(given.holder): given.mandate for given in seats}
    choices = {
        voter: format_ranking(tuple((options[name],) for name in ranked.split()))
        for voter, ranked in names.items()
    }
    cast_each(year, motion, choices)


def grade(year: Year, motion: Slug, **marks: Mapping[Slug, int]) -> None:
    """Cast grades on options.

    Args:
        year: The year.
        motion: The motion.
        marks: By first name of the voter, the place of the grade given to each option.

    Raises:
        RefusedError: The server refused.
    """
    choices = {voter: format_marks(tuple(sorted(each.items()))) for voter, each in marks.items()}
    cast_each(year, motion, choices)


def cast_each(year: Year, motion: Slug, choices: Mapping[str, str]) -> None:
    """Cast a ballot for each of several voters, by the hand of who stands for them.

    Args:
        year: The year.
        motion: The motion.
        choices: Texts of choices by first name.

    Raises:
        RefusedError: The server refused.
    """
    meeting = meeting_of(year, motion)
    wait_for(year, meeting.call.assembly)
    for name, choice in choices.items():
        holder = meeting.proxies.get(name)
        hand = None if holder is None else year.who(holder)
        year.took(year.agent.cast(year.who(name), motion, choice, hand=hand))


def count_urn(
    year: Year, motion: Slug, tellers: Sequence[str], *, yes: int, no: int = 0, void: int = 0
) -> None:
    """Let tellers count a secret vote.

    Raises:
        RefusedError: The server refused.
    """
    meeting = meeting_of(year, motion)
    tally = {"yes": yes, "no": no, "abstain": 0}
    record = f"Dépouillement : {yes} oui, {no} non, {void} papiers nuls.\n"
    counted = UrnCounted(
        meeting.call.assembly,
        motion,
        year.ids(*tellers),
        yes + no + void,
        tally,
        document_cid(record.encode()),
    )
    year.act(tellers[0], counted, record, signers=tellers)
    year.say("urn", title=year.title(motion), papers=yes + no + void, names=", ".join(tellers))


def close(year: Year, assembly: Slug, *, at_once: bool = False) -> Answer:
    """Close a session and tell what it decided.

    Args:
        year: The year.
        assembly: The assembly.
        at_once: Whether too few came, so that it is closed before its time is over.

    Raises:
        RefusedError: The server refused.
    """
    meeting = year.meetings[assembly]
    if not at_once:
        year.agent.wait_until(meeting.closes)
    answer = year.took(year.agent.close(assembly))
    tell(year, answer)
    return answer


def publish_minutes(year: Year, assembly: Slug, *signers: str) -> None:
    """Publish the minutes, signed as the statutes say.

    Raises:
        RefusedError: The server refused.
    """
    call = year.meetings[assembly].call
    year.rules.one(Minutes, call.session)
    lines = [f"{year.title(motion)} : {year.decisions[motion].outcome}." for motion in call.motions]
    text = "\n".join([f"{call.title} du {call.opens_at[:10]}.", *lines, ""])
    published = MinutesPublished(assembly, document_cid(text.encode()), year.ids(*signers))
    year.act(signers[0], published, text, signers=signers)
    year.say("minutes", names=", ".join(signers))


def meeting_of(year: Year, motion: Slug) -> Meeting:
    """Return the last session that was called for a motion."""
    return [each for each in year.meetings.values() if motion in each.call.motions][-1]


def wait_for(year: Year, assembly: Slug) -> None:
    """Let time pass to the opening of a session."""
    opens = datetime.fromisoformat(year.meetings[assembly].call.opens_at)
    year.agent.wait_until(opens + timedelta(minutes=5))
