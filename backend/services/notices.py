"""The record of notices of an assembly, drawn up from letters that left and from what officers did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anchoring.core.cid import document_cid
from backend.domain.acts import CidText, MemberId, NoticeChannel, Slug
from backend.domain.announcements import CONVOCATIONS
from backend.domain.assemblies.notices import Notice, format_notices
from backend.domain.assemblies.telling import check_told_by_officer, telling
from backend.domain.instants import Instant, format_instant
from backend.services.letters import Letters
from backend.services.ports import Ports
from backend.services.views import Reads


@dataclass(frozen=True, slots=True)
class Unreached:
    """An elector whom nothing told that the statutes permit."""

    member: MemberId
    """Who."""
    letter: str
    """State of our letter, and ``none`` where there is none yet."""


@dataclass(frozen=True, slots=True)
class NoticesDraft:
    """What an officer may sign as the record of notices."""

    assembly: Slug
    """The assembly."""
    channels: tuple[NoticeChannel, ...]
    """How the statutes let electors be told."""
    notices: tuple[Notice, ...]
    """Who was told, when and how, by member."""
    unreached: tuple[Unreached, ...]
    """Electors who were not, by member."""
    late: tuple[MemberId, ...]
    """Electors who were told too late, by member."""
    document: str | None
    """The document to sign, once every elector was told; None before."""
    cid: CidText | None
    """Its CID."""


@dataclass(frozen=True, slots=True)
class NoticesDesk:
    """What drawing up notices needs."""

    ports: Ports
    """The world."""
    reads: Reads
    """Committed facts."""
    letters: Letters
    """The outbox."""

    def now(self) -> Instant:
        """Return the time."""
        return format_instant(self.ports.clock.now())


def draft_notices(desk: NoticesDesk, slug: Slug, assembly: Slug) -> NoticesDraft:
    """Return the record that those who act for the convener may sign, and nobody else sees.

    Args:
        desk: What is needed.
        slug: The organisation.
        assembly: The assembly.

    Raises:
        NotFoundError: No such organisation, or no such assembly.
        RuleViolation: The rulebook is silent on notice.
    """
    letters = desk.letters.about(slug, assembly, CONVOCATIONS)
    sent = [
        Notice(each.member, each.channel, each.sent_at)
        for each in letters
        if each.channel is not None and each.sent_at is not None
    ]
    by_hand = desk.letters.told(slug, assembly)
    found = telling(desk.reads.state(slug), assembly, [*sent, *by_hand])
    states: Mapping[MemberId, str] = {each.member: each.state for each in letters}
    document = None if found.missing else format_notices(found.notices)
    return NoticesDraft(
        assembly=assembly,
        channels=found.channels,
        notices=found.notices,
        unreached=tuple(Unreached(member, states.get(member, "none")) for member in found.missing),
        late=found.late,
        document=None if document is None else document.decode(),
        cid=None if document is None else document_cid(document),
    )


def note_told(
    desk: NoticesDesk, slug: Slug, assembly: Slug, notices: Sequence[Notice], *, by: MemberId
) -> None:
    """Note how an officer told electors by another way than our letters.

    Args:
        desk: What is needed.
        slug: The organisation.
        assembly: The assembly.
        notices: Who was told, when and how.
        by: Who acts for the convener.

    Raises:
        NotFoundError: No such organisation, or no such assembly.
        GovernanceError: As ``check_told_by_officer``.
    """
    check_told_by_officer(desk.reads.state(slug), assembly, notices, now=desk.now())
    now = desk.ports.clock.now()
    desk.letters.note_told(slug, assembly, notices, by=by, now=now)
