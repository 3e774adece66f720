"""Attendance: who is there, who is excused, and whom those who are there represent.

Whoever is represented on one motion of the agenda counts as represented in the session. To vote on a motion
one must be there, or represented on that very motion.

H1 attendance is of the assembly's electors, and of those who hold a proxy in it. H2 it is recorded by the
person, or in a room or for an excuse by someone who acts for the convener. H3 those there are recorded
while the session is held, an excuse before or then. H4 it is recorded once; who was excused may still come.
H5 nobody attends a session held in a room from elsewhere.
"""

from collections.abc import Mapping

from backend.domain.acts import MemberId, PresenceRecorded, Slug
from backend.domain.assemblies.officers import ASSEMBLY_RULE, check_assembly_officer
from backend.domain.assemblies.proxies import proxies_in_force
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.instants import Instant
from backend.domain.rulebook.sessions import Session
from backend.domain.sources import Sources
from backend.domain.standing import active, franchise
from backend.domain.state import State


def is_there(assembly: Assembly, member: MemberId) -> bool:
    """Tell whether someone is recorded as being there."""
    return assembly.presence.get(member) in {"room", "remote"}


def present(assembly: Assembly) -> frozenset[MemberId]:
    """Return the electors who are there."""
    return frozenset(member for member in assembly.electors if is_there(assembly, member))


def represented(
    state: State, assembly: Slug, *, at: Instant | None = None, motion: Slug | None = None
) -> Mapping[MemberId, MemberId]:
    """Return those who are absent and whose proxy is there, each with the holder.

    Args:
        state: What is known.
        assembly: The assembly.
        at: When the proxy must be in force; None for the beginning of the session.
        motion: The motion on which they are represented; None for any of the agenda.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    given = [
        (proxy.grantor, proxy.holder)
        for proxy in proxies_in_force(found, at or found.opens_at)
        if motion is None or proxy.covers(motion)
    ]
    return {
        grantor: holder
        for grantor, holder in given
        if not is_there(found, grantor) and is_there(found, holder)
    }


def attending(
    state: State, assembly: Slug, *, at: Instant | None = None, motion: Slug | None = None
) -> frozenset[MemberId]:
    """Return the electors who are there, or whose proxy is; arguments and errors as ``represented``."""
    found = state.assembly(assembly)
    stood_for = represented(state, assembly, at=at, motion=motion)
    return present(found) | (frozenset(stood_for) & found.electors)


def attends(
    state: State,
    assembly: Slug,
    member: MemberId,
    *,
    at: Instant | None = None,
    motion: Slug | None = None,
) -> bool:
    """Tell whether someone is ``attending``, without looking at every other elector.

    Args:
        state: What is known.
        assembly: The assembly.
        member: Who.
        at: As for ``represented``.
        motion: As for ``represented``.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    if member not in found.electors:
        return False
    stood_for = represented(state, assembly, at=at, motion=motion)
    return is_there(found, member) or member in stood_for


def check_presence_recorded(
    state: State, entry: Entry, data: PresenceRecorded, sources: Sources
) -> int:
    """Check a record of attendance (H1 to H5); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly, member or author.
        ConflictError: The assembly is closed, or the attendance is recorded.
        RuleViolation: H1 to H3, H5, or the signature.
    """
    assembly = state.assembly(data.assembly)
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=data.assembly)
    member = active(state, data.member)
    author = member
    if entry.by != member.id:
        author = check_assembly_officer(state, assembly, entry.by, state.day_of(entry.at))
        if data.presence == "remote":
            raise RuleViolation(
                "presence.self", ASSEMBLY_RULE, expected=f"an act of {member.id}", found=entry.by
            )
    _check_place(state, assembly, data, entry.at)
    _check_time(entry, assembly, data)
    known = assembly.presence.get(data.member)
    if known is not None and (known != "excused" or data.presence == "excused"):
        raise ConflictError("presence.recorded", expected="recorded once", found=known)
    signers = [(author.id, author.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_place(state: State, assembly: Assembly, data: PresenceRecorded, at: Instant) -> None:
    holders = {proxy.holder for proxy in proxies_in_force(assembly, at)}
    if data.member not in assembly.electors | holders:
        rulebook = state.governing(data.assembly)
        session = rulebook.one(Session, assembly.data.call.session)
        raise RuleViolation(
            "presence.stranger",
            franchise(session, rulebook).reference(),
            expected="an elector of the assembly, or the holder of a proxy in it",
            found=data.member,
        )
    channel = assembly.data.call.channel
    if channel == "room" and data.presence == "remote":
        raise RuleViolation("presence.place", ASSEMBLY_RULE, expected="room", found="remote")


def _check_time(entry: Entry, assembly: Assembly, data: PresenceRecorded) -> None:
    begins = assembly.convened_at if data.presence == "excused" else assembly.opens_at
    if not begins <= entry.at < assembly.closes_at:
        raise RuleViolation(
            "presence.time",
            ASSEMBLY_RULE,
            expected=f"{begins} to {assembly.closes_at}",
            found=entry.at,
        )
