"""Adjournment: a session is put off with its agenda, its rules and its electorates.

D1 whoever puts it off acts for the convener, and the statutes let them. D2 it is not over, and no vote was
cast: those cast could be used against those to come. D3 the new times are later, leave every vote open long
enough, and end before those it elects begin. D4 the new day lies within the time the statutes set, counted
from the day first fixed however often the session is put off.
"""

from backend.domain.acts import AssemblyAdjourned, ElectionEffect
from backend.domain.assemblies.agenda import check_hours
from backend.domain.assemblies.convocation import check_times
from backend.domain.assemblies.officers import ASSEMBLY_RULE, check_assembly_officer
from backend.domain.authorship import check_statement
from backend.domain.deadlines import add, format_day, local_day, within
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.rulebook.sessions import Adjournment
from backend.domain.sources import Sources
from backend.domain.state import State


def check_adjourned(state: State, entry: Entry, data: AssemblyAdjourned, sources: Sources) -> int:
    """Check an adjournment (D1 to D4); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly or author.
        ConflictError: The assembly is closed.
        InvalidInputError: Times that are no times, or in the wrong order.
        RuleViolation: D1 to D4, the rulebook says nothing, or the signature.
    """
    assembly = state.assembly(data.assembly)
    officer = check_assembly_officer(state, assembly, entry.by, state.day_of(entry.at))
    rulebook = state.governing(data.assembly)
    rule = rulebook.one(Adjournment, assembly.data.call.session)
    if rule.modality == "must_not":
        raise RuleViolation(
            "adjournment.forbidden",
            rule.reference(),
            expected=f"the session at {assembly.opens_at}",
            found=data.opens_at,
        )
    _check_unvoted(state, entry, assembly)
    _check_later(state, assembly, data, rule)
    signers = [(officer.id, officer.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_unvoted(state: State, entry: Entry, assembly: Assembly) -> None:
    name = assembly.data.call.assembly
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=name)
    if entry.at >= assembly.closes_at:
        raise RuleViolation(
            "assembly.over",
            ASSEMBLY_RULE,
            expected=f"before {assembly.closes_at}",
            found=entry.at,
        )
    for item in assembly.data.agenda:
        poll = state.poll(item.motion)
        if poll.ballots or poll.urn is not None:
            raise RuleViolation(
                "adjournment.voted",
                ASSEMBLY_RULE,
                expected="no vote cast yet",
                found=item.motion,
            )


def _check_later(
    state: State, assembly: Assembly, data: AssemblyAdjourned, rule: Adjournment
) -> None:
    check_times(data.opens_at, data.closes_at)
    if data.opens_at <= assembly.opens_at or data.closes_at <= assembly.closes_at:
        raise RuleViolation(
            "adjournment.earlier",
            ASSEMBLY_RULE,
            expected=f"later than {assembly.opens_at} to {assembly.closes_at}",
            found=f"{data.opens_at} to {data.closes_at}",
        )
    rulebook = state.governing(data.assembly)
    over = format_day(local_day(data.closes_at, rulebook.time_zone))
    for item in assembly.data.agenda:
        motion = state.motion(item.motion).data
        ballot = rulebook.ballot(motion.kind, motion.effect)
        check_hours(ballot, opens_at=data.opens_at, closes_at=data.closes_at)
        if isinstance(motion.effect, ElectionEffect) and motion.effect.starts < over:
            raise RuleViolation(
                "adjournment.election",
                rule.reference(),
                expected=f"over by {motion.effect.starts}",
                found=over,
            )
    first = local_day(assembly.data.call.opens_at, rulebook.time_zone)
    opens = local_day(data.opens_at, rulebook.time_zone)
    if not within(first, opens, rule.within):
        raise RuleViolation(
            "adjournment.late",
            rule.reference(),
            expected=f"{format_day(add(first, rule.within))} or earlier",
            found=format_day(opens),
        )
