"""Arrears: who owes dues, as those whom the statutes name record it.

E1 arrears are recorded of a member who has none on record, from a day that is not after the act, by those
whom the rule on dues names; where the member is one of them, by those who keep the registers. E2 they are
cleared in the same way. E3 nobody records or clears their own. What they do to a vote is in ``standing``,
and what they do to a membership in ``members``.
"""

from backend.domain.acts import ArrearsCleared, ArrearsRecorded
from backend.domain.authorship import check_signed
from backend.domain.deadlines import parse_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Member
from backend.domain.rulebook.membership import Dues
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import active, check_officer, may_act_as
from backend.domain.state import State


def check_recorded(state: State, entry: Entry, data: ArrearsRecorded, sources: Sources) -> int:
    """Check a record of arrears (E1, E3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member or author.
        ConflictError: Arrears are on record.
        InvalidInputError: The day is none, or after the act.
        RuleViolation: No member, the statutes know no dues, or the author may not or did not sign.
    """
    member = active(state, data.member)
    if member.arrears_since is not None:
        raise ConflictError(
            "arrears.recorded", expected="a member without arrears", found=member.arrears_since
        )
    day = state.day_of(entry.at)
    if parse_day(data.since) > parse_day(day):
        raise InvalidInputError("arrears.since", expected=f"by {day}", found=data.since)
    _check_officer(state, entry, member)
    return check_signed(state, entry, sources)


def check_cleared(state: State, entry: Entry, data: ArrearsCleared, sources: Sources) -> int:
    """Check that arrears were paid (E2, E3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member or author.
        ConflictError: No arrears are on record.
        RuleViolation: No member, the statutes know no dues, or the author may not or did not sign.
    """
    member = active(state, data.member)
    if member.arrears_since is None:
        raise ConflictError(
            "arrears.none", expected="a member with arrears on record", found=member.id
        )
    _check_officer(state, entry, member)
    return check_signed(state, entry, sources)


def _check_officer(state: State, entry: Entry, member: Member) -> None:
    rulebook, day = state.in_force().rulebook, state.day_of(entry.at)
    rule: Dues | Custody = rulebook.one(Dues)
    if may_act_as(state, member.id, (rule.by,), day):
        rule = rulebook.one(Custody)
    check_officer(state, entry.by, rule.by, day, rule.reference())
    if entry.by == member.id:
        raise RuleViolation(
            "arrears.own", rule.reference(), expected="someone else's arrears", found=entry.by
        )
