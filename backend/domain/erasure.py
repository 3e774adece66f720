"""Rectification and erasure of what lies beside the ledger about a person.

The ledger itself holds pseudonyms and salted commitments only. Once facts, keys, salts, signatures and
lines of rolls are destroyed, nothing leads from a pseudonym to a person any more, every proof about the
ledger stays valid, and the audit counts what it can no longer see as redacted. Source: Regulation (EU)
2016/679, articles 16, 17 and 5(1)(e).

R1 whoever is on the register, or asks to be, declares their facts anew, and signs it.

X1 only who is neither member nor applicant is erased; others resign first. X2 nobody is erased while a
vote of which they are an elector is undecided: counting it needs the roll. X3 nor while a decision on
which they could vote can still be contested, unless an authority orders it; where the statutes do not say
how long that is, nothing holds it up. X4 two of those who keep the registers sign it, over a commitment
to the person that nobody can open later. X5 the system erases without being asked when the days are over
for which the statutes let data of former members be kept; where they are silent, it never does.
"""

from backend.domain.acts import (
    SYSTEM,
    FactsRectified,
    MemberId,
    PersonAct,
    PersonErased,
)
from backend.domain.acts.persons import ErasureCause
from backend.domain.authorship import check_signed, check_statement
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotPermittedError,
    RuleReference,
    RuleViolation,
)
from backend.domain.instants import Instant
from backend.domain.proceedings import last_day
from backend.domain.retention import contestation, last_day_to_contest
from backend.domain.rulebook.membership import DataRights
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import check_author, check_officer, check_unsigned
from backend.domain.state import State

ERASURE_RULE = RuleReference("psephos.erasure", "")
"""Built-in rule: an erasure is signed by two who keep the registers, or follows from the statutes."""


def subject_of(member: MemberId, *, salt: bytes) -> Hex32:
    """Return the commitment to the person that two officers have erased (X4).

    Args:
        member: Their pseudonym.
        salt: 32 random bytes, kept by nobody.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
    """
    return commit(Tag.SUBJECT, salt=salt, payload=member.encode())


def check_person_act(state: State, entry: Entry, data: PersonAct, sources: Sources) -> int:
    """Check an act about what lies beside the ledger; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    if isinstance(data, FactsRectified):
        return check_rectified(state, entry, data, sources)
    return check_erased(state, entry, data, sources)


def check_rectified(state: State, entry: Entry, data: FactsRectified, sources: Sources) -> int:
    """Check a new declaration (R1); returns the number of redacted signatures.

    Raises:
        ConflictError: ``facts.left``: the author left the register.
        NotFoundError: No such member.
        RuleViolation: The act is another's, or the signature is wrong.
    """
    member = state.member(data.member)
    if member.status not in ("applied", "active"):
        raise ConflictError("facts.left", expected="a member or an applicant", found=member.status)
    check_author(entry, member.id)
    return check_signed(state, entry, sources)


def check_erased(state: State, entry: Entry, data: PersonErased, sources: Sources) -> int:
    """Check an erasure (X4, X5); returns the number of redacted signatures.

    About whom it is, no entry says: X1 to X3 are for the server that carries it out.

    Raises:
        InvalidInputError: ``erasure.shape``: the cause and what goes with it do not fit.
        NotFoundError: No such author.
        RuleViolation: ``erasure.kept``: the statutes let nothing be erased by itself; or a signer does not
            keep the registers, or is the same as the other, or did not sign; or the rulebook is silent.
    """
    if entry.by == SYSTEM:
        if (data.cause, data.second, data.subject) != ("retention", None, None):
            raise InvalidInputError(
                "erasure.shape", expected="retention and nothing else", found=data.cause
            )
        if keep_days(state) is None:
            raise RuleViolation(
                "erasure.kept",
                ERASURE_RULE,
                expected="statutes that say how long data of former members is kept",
                found="none",
            )
        return check_unsigned(entry)
    if data.cause == "retention" or data.second is None or data.subject is None:
        raise InvalidInputError(
            "erasure.shape",
            expected="a request or an order, a second signer, a subject",
            found=data.cause,
        )
    custody = state.in_force().rulebook.one(Custody)
    if data.second == entry.by:
        raise RuleViolation(
            "erasure.second", custody.reference(), expected="two signers", found=entry.by
        )
    day = state.day_of(entry.at)
    officers = [
        check_officer(state, member, custody.by, day, custody.reference())
        for member in (entry.by, data.second)
    ]
    signers = [(officer.id, officer.keys) for officer in officers]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_erasable(state: State, member: MemberId, cause: ErasureCause, at: Instant) -> None:
    """Check that somebody may be erased now (X1 to X3).

    Args:
        state: What is known.
        member: Who is to be erased.
        cause: Why.
        at: Now.

    Raises:
        ConflictError: ``erasure.voting``: a vote of which they are an elector is undecided.
        NotFoundError: No such pseudonym.
        NotPermittedError: ``erasure.member``: a member or an applicant.
        RuleViolation: ``erasure.contest``: a decision can still be contested.
    """
    found = state.member(member)
    if found.status in ("applied", "active"):
        raise NotPermittedError("erasure.member", expected="someone who left", found=found.status)
    for motion, poll in sorted(state.polls.items()):
        undecided = poll.item.decision not in state.decided_votes
        if undecided and member in state.assembly(poll.assembly).electors:
            raise ConflictError("erasure.voting", expected="a vote that is decided", found=motion)
    if cause != "order":
        _check_uncontested(state, member, state.day_of(at))


def keep_days(state: State) -> int | None:
    """Return for how many days data of former members is kept, None where the statutes do not say (X5)."""
    rule = state.in_force().rulebook.maybe(DataRights)
    return None if rule is None else rule.keep_days


def kept_until(state: State, left_at: Instant) -> Day | None:
    """Return the last day on which data of a former member is kept, None where it is never erased by itself.

    Args:
        state: What is known.
        left_at: When the membership ended.
    """
    days = keep_days(state)
    return None if days is None else last_day(state.day_of(left_at), days)


def _check_uncontested(state: State, member: MemberId, today: Day) -> None:
    for vote in state.decided_votes.values():
        electors = state.assembly(vote.poll.assembly).electors
        if member not in electors or vote.redacted_entry is not None:
            continue
        try:
            rule, last = contestation(state, vote), last_day_to_contest(state, vote)
        except RuleViolation:
            continue
        if today <= last:
            raise RuleViolation(
                "erasure.contest", rule.reference(), expected=f"after {last}", found=today
            )
