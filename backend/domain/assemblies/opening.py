"""Opening: the session begins with those who are there and those they represent.

O1 whoever opens it acts for the convener. O2 it is opened once, between the opening and the closing times.
O3 where the statutes ask for proof of notice, that is recorded first. O4 the numbers are those that follow
from the attendance and the proxies. O5 a session must be opened so before its votes where what counts is
who is there, or where papers go into an urn.
"""

from backend.domain.acts import AssemblyOpened, MotionProposed, Slug, differing_fields
from backend.domain.assemblies.attendance import present, represented
from backend.domain.assemblies.officers import ASSEMBLY_RULE, check_assembly_officer
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.instants import Instant
from backend.domain.rulebook.rule import Rule
from backend.domain.rulebook.sessions import Notice
from backend.domain.sources import Sources
from backend.domain.state import State


def opening_of(state: State, assembly: Slug, at: Instant | None = None) -> AssemblyOpened:
    """Return the act that opens an assembly with those who are there now.

    Args:
        state: What is known.
        assembly: The assembly.
        at: When it is opened, which ends some proxies; None for the time it was called for.

    Raises:
        NotFoundError: No such assembly.
    """
    found = state.assembly(assembly)
    return AssemblyOpened(
        assembly,
        entitled=len(found.electors),
        present=len(present(found)),
        represented=len(represented(state, assembly, at=at)),
    )


def must_open(state: State, assembly: Slug) -> bool:
    """Tell whether an assembly must be opened by an act before it votes (O5).

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The rulebook is silent on the vote.
    """
    return opening_demand(state, assembly) is not None


def opening_demand(state: State, assembly: Slug) -> RuleReference | None:
    """Return the first rule for which an assembly must be opened before it votes, or None (O5).

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The rulebook is silent on the vote.
    """
    for item in state.assembly(assembly).data.agenda:
        rule = _counts_those_there(state, assembly, state.motion(item.motion).data)
        if rule is not None:
            return rule.reference()
    return None


def check_opened(state: State, entry: Entry, data: AssemblyOpened, sources: Sources) -> int:
    """Check an opening (O1 to O4); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly or author.
        ConflictError: It was opened, or is closed.
        RuleViolation: O1 to O4, or the signature.
    """
    assembly = state.assembly(data.assembly)
    officer = check_assembly_officer(state, assembly, entry.by, state.day_of(entry.at))
    if assembly.opened is not None:
        raise ConflictError("assembly.opened", expected="opened once", found=data.assembly)
    check_within(assembly, entry.at)
    check_noticed(state, assembly)
    expected = opening_of(state, data.assembly, entry.at)
    if data != expected:
        wanted, found = differing_fields(expected, data)
        raise RuleViolation("opening.numbers", ASSEMBLY_RULE, expected=wanted, found=found)
    signers = [(officer.id, officer.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_within(assembly: Assembly, at: Instant) -> None:
    """Check that an act falls into the time of the vote.

    Raises:
        ConflictError: The assembly is closed.
        RuleViolation: ``assembly.early`` or ``assembly.over``.
    """
    if assembly.closed:
        name = assembly.data.call.assembly
        raise ConflictError("assembly.closed", expected="an open assembly", found=name)
    if at < assembly.opens_at:
        raise RuleViolation(
            "assembly.early", ASSEMBLY_RULE, expected=f"{assembly.opens_at} or later", found=at
        )
    if at >= assembly.closes_at:
        raise RuleViolation(
            "assembly.over", ASSEMBLY_RULE, expected=f"before {assembly.closes_at}", found=at
        )


def check_noticed(state: State, assembly: Assembly) -> None:
    """Check that notice is recorded where the statutes ask for proof of it.

    Raises:
        RuleViolation: ``notice.missing``.
    """
    call = assembly.data.call
    rule = state.governing(call.assembly).one(Notice, call.session)
    if rule.proven and assembly.notice_entry is None:
        raise RuleViolation(
            "notice.missing",
            rule.reference(),
            expected="a record of the notice given to each elector",
            found="none",
        )


def _counts_those_there(state: State, assembly: Slug, motion: MotionProposed) -> Rule | None:
    kind = motion.kind
    call = state.assembly(assembly).data.call
    rulebook = state.governing(assembly)
    ballot = rulebook.ballot(kind, motion.effect)
    quorum = rulebook.quorum(call.session, kind, call.round)
    if quorum.base != "voters":
        return quorum
    if ballot.secrecy == "secret":
        return ballot
    if ballot.several or ballot.method == "consent":
        return None
    majority = rulebook.majority(call.session, kind)
    return majority if majority.base == "present_or_represented" else None
