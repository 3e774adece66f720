"""Notices: the proof that each of those who may vote was told, when and how.

N1 whoever records them acts for the convener. N2 they are recorded once, until the assembly is closed. N3
there is exactly one for each elector. N4 each went through a channel that the statutes permit. N5 each was
sent after the call, before the record, and enough days before the opening.

The document is ``psephos-notices/1``: canonical JSON with the key ``notices``, a list of objects with
``member``, ``channel`` and ``sent_at``, ascending by member.
"""

from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import MemberId, NoticeChannel, NoticeRecorded
from backend.domain.assemblies.convocation import notice_days
from backend.domain.assemblies.officers import ASSEMBLY_RULE, check_assembly_officer
from backend.domain.authorship import check_statement
from backend.domain.deadlines import notice_given
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleReference, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Notice as NoticeRule
from backend.domain.sources import Sources
from backend.domain.state import State


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One elector was told."""

    member: MemberId
    """Who."""
    channel: NoticeChannel
    """How."""
    sent_at: Instant
    """When."""


class Notices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The document that lists every notice of an assembly."""

    format: Literal["psephos-notices/1"]
    """Format and version."""
    notices: Annotated[tuple[Notice, ...], Meta(max_length=1_000_000)]
    """One for each elector, ascending by member."""


def format_notices(notices: tuple[Notice, ...]) -> bytes:
    """Return the document of the notices, in ascending order of members."""
    ordered = tuple(sorted(notices, key=lambda notice: notice.member))
    return canonical_json(msgspec.to_builtins(Notices("psephos-notices/1", ordered)))


def parse_notices(content: bytes) -> tuple[Notice, ...]:
    """Read the document of the notices.

    Raises:
        InvalidInputError: Not canonical, outside the schema, or the members are not strictly ascending.
    """
    try:
        parse_canonical(content, what="notices")
        notices = _NOTICES.decode(content).notices
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "notices.malformed", expected="a canonical list of notices", found=str(error)[:200]
        ) from error
    if any(left.member >= right.member for left, right in pairwise(notices)):
        raise InvalidInputError(
            "notices.order",
            expected="members in ascending order, each once",
            found="another order",
        )
    return notices


def check_notice_recorded(
    state: State, entry: Entry, data: NoticeRecorded, sources: Sources
) -> int:
    """Check a record of notices (N1 to N5); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly, author or document.
        ConflictError: They are recorded, or the assembly is closed.
        InvalidInputError: The document does not hold.
        RuleViolation: N1, N3 to N5, or the signature.
    """
    assembly = state.assembly(data.assembly)
    officer = check_assembly_officer(state, assembly, entry.by, state.day_of(entry.at))
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=data.assembly)
    if assembly.notice_entry is not None:
        raise ConflictError("notice.exists", expected="one record", found=data.assembly)
    notices = parse_notices(sources.document(data.notices))
    _check_complete(assembly, notices, data.members)
    rulebook = state.governing(data.assembly)
    rule = rulebook.one(NoticeRule, assembly.data.call.session)
    days, timing = notice_days(rulebook, assembly.data.call)
    for notice in notices:
        if notice.channel not in rule.channels:
            raise RuleViolation(
                "notice.channel",
                rule.reference(),
                expected=" or ".join(rule.channels),
                found=f"{notice.channel} ({notice.member})",
            )
        _check_time(assembly, entry.at, notice, rulebook, (days, timing))
    signers = [(officer.id, officer.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_complete(assembly: Assembly, notices: tuple[Notice, ...], members: int) -> None:
    told = {notice.member for notice in notices}
    if told != assembly.electors:
        differing = sorted(told ^ assembly.electors)
        raise RuleViolation(
            "notice.members",
            ASSEMBLY_RULE,
            expected="one notice for each elector",
            found=f"differing on {', '.join(differing[:5])}",
        )
    if members != len(notices):
        raise RuleViolation(
            "notice.count", ASSEMBLY_RULE, expected=str(len(notices)), found=str(members)
        )


def _check_time(
    assembly: Assembly,
    at: Instant,
    notice: Notice,
    rulebook: Rulebook,
    needed: tuple[int, RuleReference],
) -> None:
    days, rule = needed
    if not assembly.convened_at <= notice.sent_at <= at:
        raise RuleViolation(
            "notice.time",
            ASSEMBLY_RULE,
            expected=f"{assembly.convened_at} to {at}",
            found=f"{notice.sent_at} ({notice.member})",
        )
    if not notice_given(notice.sent_at, assembly.opens_at, days, rulebook.time_zone):
        raise RuleViolation(
            "notice.late",
            rule,
            expected=f"{days} days before {assembly.opens_at}",
            found=f"{notice.sent_at} ({notice.member})",
        )


_NOTICES = msgspec.json.Decoder(Notices)
