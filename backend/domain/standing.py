"""Who stands where on a day: members, those with a vote, holders of seats, and who may act for whom.

Built-in rule ``psephos.membership``: acts of members are acts of people who are members when they act.
"""

from collections.abc import Sequence

from backend.domain.acts import SYSTEM, MemberId, Slug
from backend.domain.applications import reaches
from backend.domain.deadlines import Day, days_between, parse_day
from backend.domain.entry import Entry
from backend.domain.errors import RuleReference, RuleViolation
from backend.domain.facts import Mandate, Member
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Dues, VotingRight
from backend.domain.rulebook.rule import AnyMember, BodyParty, Party, SeatParty
from backend.domain.rulebook.sessions import Session
from backend.domain.state import State

MEMBERSHIP_RULE = RuleReference("psephos.membership", "")
"""Built-in rule: acts of members are acts of people who are members when they act."""


def active(state: State, member: MemberId) -> Member:
    """Return a member, suspended or not.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: ``member.inactive`` for an applicant or someone who left.
    """
    found = state.member(member)
    if found.status != "active":
        raise RuleViolation(
            "member.inactive", MEMBERSHIP_RULE, expected="a member", found=found.status
        )
    return found


def has_vote(member: Member, rulebook: Rulebook, day: Day) -> bool:
    """Tell whether someone has a vote on a day: a member, of a class that votes, whose vote does not rest.

    Where the statutes ask for it, their identity was checked at that level.

    Raises:
        RuleViolation: The rulebook is silent on the voting right of the class.
    """
    if member.status != "active":
        return False
    right = rulebook.voting_right(member.member_class)
    votes = right.modality != "must_not" and reaches(member.assurance, right.assurance)
    return votes and not vote_rests(member, rulebook, day)


def vote_rests(member: Member, rulebook: Rulebook, day: Day) -> bool:
    """Tell whether a member has no vote on a day though the class votes: suspended, or in arrears.

    Args:
        member: The member.
        rulebook: Rules that say whether it matters.
        day: The day.
    """
    if suspended(member, day):
        return True
    # Looked up only for the few who owe: electorates have many members.
    rule = None if member.arrears_since is None else dues_rule(rulebook)
    return rule is not None and rule.suspends_vote and in_arrears(member, rule, day)


def suspended(member: Member, day: Day) -> bool:
    """Tell whether a member is suspended on a day, the last day of a suspension included."""
    return member.suspended_until is not None and day <= member.suspended_until


def dues_rule(rulebook: Rulebook) -> Dues | None:
    """Return the rule on dues; None where there is none or the matter is left open: nothing follows then."""
    return next(iter(rulebook.every(Dues)), None)


def in_arrears(member: Member, rule: Dues, day: Day) -> bool:
    """Tell whether a member owes dues on a day and the days of grace are over.

    Args:
        member: The member.
        rule: The rule on dues.
        day: The day.
    """
    if member.arrears_since is None:
        return False
    return days_between(parse_day(member.arrears_since), parse_day(day)) > rule.grace_days


def surroundings(state: State, place: Slug) -> tuple[Slug, ...]:
    """Return a place and everything in which it lies, the smallest first.

    The way up ends: a place lies in one that was entered before it.

    Raises:
        NotFoundError: No such place.
    """
    found = [place]
    while (outer := state.place(found[-1]).within) is not None:
        found.append(outer)
    return tuple(found)


def belongs(state: State, member: Member, place: Slug) -> bool:
    """Tell whether somebody belongs to a place: to it, or to one that lies in it.

    Raises:
        NotFoundError: No such place.
    """
    return member.place is not None and place in surroundings(state, member.place)


def voters(state: State, rulebook: Rulebook, day: Day) -> tuple[Member, ...]:
    """Return the members who have a vote under ``rulebook`` on a day, by pseudonym.

    Raises:
        RuleViolation: The rulebook is silent on the voting right of a class that has members.
    """
    return tuple(
        member
        for member in sorted(state.members.values(), key=lambda member: member.id)
        if has_vote(member, rulebook, day)
    )


def holders(state: State, body: Slug, day: Day, *, seat: Slug | None = None) -> tuple[Mandate, ...]:
    """Return the mandates held in a body on a day, oldest first.

    Args:
        state: What is known.
        body: The body.
        day: The day.
        seat: The kind of seat; None for all.
    """
    held = (
        mandate
        for mandate in state.mandates.values()
        if mandate.body == body and mandate.held_on(day) and seat in (None, mandate.seat)
    )
    return tuple(sorted(held, key=lambda mandate: (mandate.starts, mandate.entry, mandate.id)))


def electors(
    state: State, session: Session, rulebook: Rulebook, day: Day, *, place: Slug | None = None
) -> tuple[Member, ...]:
    """Return who may vote in a session on a day, by pseudonym: voters, or the members of its body.

    Whose vote rests has none in a body either.

    Args:
        state: What is known.
        session: The kind of session.
        rulebook: Rules that govern it.
        day: The day.
        place: The place it concerns: only voters who belong there; None for the whole organisation.

    Raises:
        NotFoundError: No such place.
        RuleViolation: The rulebook is silent on the voting right of a class that has members.
    """
    if session.body is None:
        everyone = voters(state, rulebook, day)
        if place is None:
            return everyone
        return tuple(member for member in everyone if belongs(state, member, place))
    seated = {mandate.holder for mandate in holders(state, session.body, day)}
    return tuple(
        member
        for member in map(state.member, sorted(seated))
        if not vote_rests(member, rulebook, day)
    )


def franchise(session: Session, rulebook: Rulebook) -> VotingRight | Session:
    """Return the rule an electorate rests on: the first that gives a class the vote, or the body's session.

    Raises:
        RuleViolation: No rule gives or denies any class the vote.
    """
    if session.body is not None:
        return session
    rights = rulebook.every(VotingRight)
    granted = [rule for rule in rights if rule.modality != "must_not"]
    if granted:
        return granted[0]
    return rights[0] if rights else rulebook.voting_right("")


def sits_in(
    state: State, member: MemberId, body: Slug, day: Day, *, seat: Slug | None = None
) -> bool:
    """Tell whether someone holds a seat in a body on a day.

    Args:
        state: What is known.
        member: Who.
        body: The body.
        day: The day.
        seat: The kind of seat; None for any.
    """
    return any(mandate.holder == member for mandate in holders(state, body, day, seat=seat))


def may_act_as(state: State, member: MemberId, parties: Sequence[Party], day: Day) -> bool:
    """Tell whether someone is one of those who may act by themselves; shares of a group never are.

    Args:
        state: What is known.
        member: Who acts; a member.
        parties: Who may.
        day: The day of the act.
    """
    for party in parties:
        match party:
            case AnyMember():
                return True
            case BodyParty(body=body) if sits_in(state, member, body, day):
                return True
            case SeatParty(body=body, seat=seat) if sits_in(state, member, body, day, seat=seat):
                return True
    return False


def check_officer(
    state: State, member: MemberId, party: BodyParty | SeatParty, day: Day, rule: RuleReference
) -> Member:
    """Check that someone acts for a body or from a seat; returns them.

    Args:
        state: What is known.
        member: Who acts.
        party: For whom they must act.
        day: The day of the act.
        rule: The rule that demands it.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: ``member.inactive``, or ``officer.required``.
    """
    # What somebody has to answer for is never the system's.
    found = None if member == SYSTEM else active(state, member)
    if found is None or not may_act_as(state, member, (party,), day):
        raise RuleViolation("officer.required", rule, expected=party_name(party), found=member)
    return found


def party_name(party: BodyParty | SeatParty) -> str:
    """Return how refusals name those who act for a body or from a seat."""
    return f"{party.body} ({party.seat})" if isinstance(party, SeatParty) else party.body


def check_author(entry: Entry, member: MemberId) -> None:
    """Check that an act is its author's own.

    Raises:
        RuleViolation: ``author.self``.
    """
    if entry.by != member:
        raise RuleViolation(
            "author.self", MEMBERSHIP_RULE, expected=f"an act of {member}", found=entry.by
        )


def check_unsigned(entry: Entry) -> int:
    """Check that an act of the system carries no signature and says so; returns 0 redacted checks.

    Raises:
        RuleViolation: ``author.system`` when it names an author or carries signatures.
    """
    if entry.by != SYSTEM or entry.proof.signatures or entry.proof.issued_at:
        raise RuleViolation(
            "author.system",
            MEMBERSHIP_RULE,
            expected="an unsigned act of the system",
            found=entry.by,
        )
    return 0
