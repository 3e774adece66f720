"""Merging: two records of the register turn out to be one person, and one of them ends.

J1 both records are of members, of classes of the same kind of person, and they are two. J2 two different
members who keep the registers sign, the author first, and neither is concerned. J3 nothing stands against
the record that ends: no proceeding, no suspension, no arrears; whoever has something against them keeps that
record. J4 no open vote counts the record that ends: its electorate is frozen, so that one person would vote
twice in it, or not at all.
"""

from backend.domain.acts import MembersMerged
from backend.domain.authorship import check_statement
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Member
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import active, check_officer, suspended
from backend.domain.state import State


def check_merged(state: State, entry: Entry, data: MembersMerged, sources: Sources) -> int:
    """Check a merging (J1 to J4); returns the number of redacted signatures.

    Raises:
        NotFoundError: Somebody is unknown.
        InvalidInputError: A record is merged with itself, or the records are of different kinds of person.
        ConflictError: Something stands against the record that ends, or an open vote counts it.
        RuleViolation: Somebody is no member or does not keep the registers, an officer is concerned or signs
            for two, or a signature is missing or wrong.
    """
    kept, dropped = active(state, data.kept), active(state, data.dropped)
    _check_one_person(state, kept, dropped)
    _check_officers(state, entry, data)
    _check_clear(state, dropped, state.day_of(entry.at))
    _check_votes(state, dropped)
    officers = (state.member(entry.by), state.member(data.second))
    signers = [(officer.id, officer.keys) for officer in officers]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_one_person(state: State, kept: Member, dropped: Member) -> None:
    if kept.id == dropped.id:
        raise InvalidInputError("merge.same", expected="two records", found=kept.id)
    rulebook = state.in_force().rulebook
    persons = [rulebook.voting_right(each.member_class).persons for each in (kept, dropped)]
    if persons[0] != persons[1]:
        raise InvalidInputError("merge.persons", expected=persons[0], found=persons[1])


def _check_officers(state: State, entry: Entry, data: MembersMerged) -> None:
    custody, day = state.in_force().rulebook.one(Custody), state.day_of(entry.at)
    rule = custody.reference()
    for officer in (entry.by, data.second):
        check_officer(state, officer, custody.by, day, rule)
        if officer in (data.kept, data.dropped):
            raise RuleViolation(
                "merge.own", rule, expected="officers who are not concerned", found=officer
            )
    if entry.by == data.second:
        raise RuleViolation("merge.second", rule, expected="two officers", found=entry.by)


def _check_clear(state: State, dropped: Member, day: Day) -> None:
    pending = sorted(
        name
        for name, each in state.proceedings.items()
        if each.data.member == dropped.id and each.status in ("open", "appealed")
    )
    if suspended(dropped, day):
        pending.append(f"until {dropped.suspended_until}")
    if dropped.arrears_since is not None:
        pending.append(f"arrears since {dropped.arrears_since}")
    if pending:
        raise ConflictError(
            "merge.pending",
            expected="nothing against the record that ends",
            found=", ".join(pending),
        )


def _check_votes(state: State, dropped: Member) -> None:
    counting = sorted(
        name
        for name, assembly in state.assemblies.items()
        if not assembly.closed and dropped.id in assembly.electors
    )
    if counting:
        raise ConflictError(
            "merge.vote", expected="no open vote that counts it", found=", ".join(counting)
        )
