"""Attendance: who is there, who is excused, and whom those who are there represent.

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


def represented(state: State, assembly: Slug) -> Mapping[MemberId, MemberId]:
    """Return the electors who are absent and whose proxy is there, each with the holder.

    Args:
        state: What is known.
        assembly: The assembly.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    return {
        grantor: holder
        for grantor, holder in proxies_in_force(found).items()
        if not is_there(found, grantor) and is_there(found, holder)
    }


def attending(state: State, assembly: Slug) -> frozenset[MemberId]:
    """Return the electors who are there, or whose proxy is.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    return present(found) | (frozenset(represented(state, assembly)) & found.electors)


def attends(state: State, assembly: Slug, member: MemberId) -> bool:
    """Tell whether someone is ``attending``, without looking at every other elector.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    if member not in found.electors:
        return False
    return is_there(found, member) or member in represented(state, assembly)


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
    _check_place(state, assembly, data)
    _check_time(entry, assembly, data)
    known = assembly.presence.get(data.member)
    if known is not None and (known != "excused" or data.presence == "excused"):
        raise ConflictError("presence.recorded", expected="recorded once", found=known)
    signers = [(author.id, author.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_place(state: State, assembly: Assembly, data: PresenceRecorded) -> None:
    if data.member not in assembly.electors | set(proxies_in_force(assembly).values()):
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
