"""How a session went: notices, presence, proxies, opening, quorum, minutes; read from the folded state."""

from dataclasses import dataclass

from backend.domain.acts import AssemblyOpened, MemberId, Slug
from backend.domain.assemblies import must_open, quorate_at_opening, represented
from backend.domain.facts import Assembly, Proxy
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """Who was told, who was there, and what followed."""

    assembly: Slug
    """The assembly."""
    electors: int
    """Members with a vote in it, frozen at the call."""
    notice_entry: int | None
    """Index of the record of notices; None where none is recorded."""
    must_open: bool
    """Whether an opening comes before the first ballot."""
    opened: AssemblyOpened | None
    """Who was there at the opening; None before, and where none is needed."""
    opened_entry: int | None
    """Index of the opening."""
    presence: dict[MemberId, str]
    """Attendance by pseudonym: ``room``, ``remote`` or ``excused``."""
    proxies: tuple[Proxy, ...]
    """Proxies given, revoked ones included, by id."""
    represented: dict[MemberId, MemberId]
    """Who stands for whom: absent grantor to present holder."""
    quorate: dict[Slug, bool]
    """For motions whose quorum is judged at the opening: whether it was met; empty before."""
    minutes_entry: int | None
    """Index of the minutes."""


def attendance_of(state: State, assembly: Slug) -> AttendanceView:
    """Return how a session went.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The governing rulebook is silent on a quorum.
    """
    found = state.assembly(assembly)
    agenda = found.data.agenda if found.opened is not None else ()
    judged = {item.motion: quorate_at_opening(state, assembly, item.motion) for item in agenda}
    return AttendanceView(
        assembly,
        len(found.electors),
        found.notice_entry,
        must_open(state, assembly),
        found.opened,
        found.opened_entry,
        dict(sorted(found.presence.items())),
        _proxies(found),
        dict(sorted(represented(state, assembly).items())),
        {motion: verdict for motion, verdict in judged.items() if verdict is not None},
        found.minutes_entry,
    )


def _proxies(assembly: Assembly) -> tuple[Proxy, ...]:
    return tuple(assembly.proxies[name] for name in sorted(assembly.proxies))
