"""The record of notices of an assembly, drawn up from letters that left and from what officers did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anchoring.core.cid import document_cid
from backend.domain.acts import CidText, MemberId, NoticeChannel, Slug
from backend.domain.announcements import CONVOCATIONS
from backend.domain.assemblies.notices import Notice, format_notices
from backend.domain.assemblies.officers import check_assembly_officer
from backend.domain.assemblies.telling import check_told_by_officer, telling
from backend.domain.errors import NotPermittedError, RuleViolation
from backend.domain.instants import Instant, format_instant
from backend.services.letters import Letters
from backend.services.ports import Ports
from backend.services.sessions import Principal
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


def draft_notices(desk: NoticesDesk, principal: Principal, assembly: Slug) -> NoticesDraft:
    """Return the record that an officer may sign.

    Raises:
        NotFoundError: No such assembly.
        NotPermittedError: ``office.required``: they may not act for the convener.
        RuleViolation: The rulebook is silent on notice.
    """
    _check_officer(desk, principal, assembly)
    slug = principal.organisation
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
    desk: NoticesDesk, principal: Principal, assembly: Slug, notices: Sequence[Notice]
) -> None:
    """Note how an officer told electors by another way than our letters.

    Raises:
        NotFoundError: No such assembly.
        NotPermittedError: ``office.required``: they may not act for the convener.
        GovernanceError: As ``check_told_by_officer``.
    """
    _check_officer(desk, principal, assembly)
    slug = principal.organisation
    check_told_by_officer(desk.reads.state(slug), assembly, notices, now=desk.now())
    now = desk.ports.clock.now()
    desk.letters.note_told(slug, assembly, notices, by=principal.member, now=now)


def _check_officer(desk: NoticesDesk, principal: Principal, assembly: Slug) -> None:
    """Let only those pass who may sign the record, in a session of a key of theirs."""
    state = desk.reads.state(principal.organisation)
    convened = state.assembly(assembly)
    try:
        check_assembly_officer(state, convened, principal.member, state.day_of(desk.now()))
    except RuleViolation as error:
        raise NotPermittedError(
            "office.required", expected=error.expected, found=error.found
        ) from error
    if principal.assurance == "low":
        raise NotPermittedError(
            "office.required", expected="a session of a key", found="a session of a link"
        )
