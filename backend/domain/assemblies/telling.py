"""What the record of notices of an assembly would be made from, as long as nobody signed one.

Of everything that tells when and how an elector was told, the earliest counts that the statutes permit and
that is not before the call. Rules N3 to N5 of ``backend.domain.assemblies.notices`` judge the record itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.acts import MemberId, NoticeChannel, Slug
from backend.domain.assemblies.convocation import notice_days
from backend.domain.assemblies.notices import Notice
from backend.domain.assemblies.officers import ASSEMBLY_RULE
from backend.domain.deadlines import notice_given
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.instants import Instant, parse_instant
from backend.domain.rulebook.sessions import Notice as NoticeRule
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Telling:
    """Who was told of an assembly, as far as is known."""

    channels: tuple[NoticeChannel, ...]
    """How the statutes let electors be told."""
    notices: tuple[Notice, ...]
    """The notice that counts for each elector who was told, by member."""
    missing: tuple[MemberId, ...]
    """Electors whom nothing permitted told yet, by member."""
    late: tuple[MemberId, ...]
    """Electors who were told too late, by member."""


def telling(state: State, assembly: Slug, known: Iterable[Notice]) -> Telling:
    """Return who was told of an assembly.

    Args:
        state: With the assembly.
        assembly: Its id.
        known: When and how somebody was told, in any order; electors may be told several times.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The rulebook is silent on notice.
    """
    convened = state.assembly(assembly)
    rulebook = state.governing(assembly)
    channels = rulebook.one(NoticeRule, convened.data.call.session).channels
    days, _ = notice_days(rulebook, convened.data.call)
    first: dict[MemberId, Notice] = {}
    for notice in sorted(known, key=lambda each: (each.sent_at, each.channel)):
        counts = notice.channel in channels and notice.sent_at >= convened.convened_at
        if counts and notice.member in convened.electors:
            first.setdefault(notice.member, notice)
    return Telling(
        channels=channels,
        notices=tuple(first[member] for member in sorted(first)),
        missing=tuple(sorted(convened.electors - first.keys())),
        late=tuple(
            member
            for member in sorted(first)
            if not notice_given(first[member].sent_at, convened.opens_at, days, rulebook.time_zone)
        ),
    )


def check_told_by_officer(
    state: State, assembly: Slug, notices: Iterable[Notice], *, now: Instant
) -> None:
    """Check what an officer says of how electors were told.

    Raises:
        NotFoundError: No such assembly.
        ConflictError: It is closed.
        InvalidInputError: ``notice.elector``: somebody is no elector; ``notice.by_us``: a letter of ours is
            said to be sent, of which only the outbox can tell; a time is none.
        RuleViolation: ``notice.time``: before the call or in the future.
    """
    convened = state.assembly(assembly)
    if convened.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=assembly)
    for notice in notices:
        parse_instant(notice.sent_at)
        if notice.member not in convened.electors:
            raise InvalidInputError(
                "notice.elector", expected="an elector of the assembly", found=notice.member
            )
        if notice.channel == "email":
            raise InvalidInputError(
                "notice.by_us", expected="another way than e-mail", found=notice.member
            )
        if not convened.convened_at <= notice.sent_at <= now:
            raise RuleViolation(
                "notice.time",
                ASSEMBLY_RULE,
                expected=f"{convened.convened_at} to {now}",
                found=f"{notice.sent_at} ({notice.member})",
            )
