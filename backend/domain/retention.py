"""Retention: when what shows who cast which ballot is destroyed.

Beside the ledger lie, for each decision, the roll (which member votes under which pseudonym), the signatures
of the ballots, and their choices. Auditors need them while a decision can be contested; nobody needs them
longer, and they are personal data. What stays for ever suffices to count again: the ballots, the leaves of
the electorate, and the document that opens every choice.

V1 the statutes say for how many days a decision can be contested: those in force when its assembly was
called. Where they are silent, or say nothing, nothing is destroyed. V2 the days are counted from the day
after the decision, in the time zone of those rules; destruction comes after the last one. V3 a decision is
redacted once, with its whole roll and every signature of its ballots. V4 the act names the decisions in
ascending order, and figures that follow from the ledger; it is the system's, since nobody chooses.
"""

from collections.abc import Iterable

from backend.domain.acts import BallotsRedacted, differing_fields
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day, format_day, local_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleReference, RuleViolation
from backend.domain.facts import DecidedVote
from backend.domain.instants import Instant
from backend.domain.proceedings import last_day
from backend.domain.rulebook.topics import crossings
from backend.domain.rulebook.voting import Contestation
from backend.domain.standing import check_unsigned
from backend.domain.state import State

RETENTION_RULE = RuleReference("psephos.retention", "")
"""Built-in rule: a destruction says exactly what it destroys, and is told once."""

MAX_DECISIONS = 100
"""Most decisions of one act, as its schema bounds them."""


def contestation(state: State, vote: DecidedVote) -> Contestation:
    """Return the rule that says how long a decision can be contested (V1).

    Raises:
        RuleViolation: The rulebook is silent, or says nothing.
    """
    assembly = vote.poll.assembly
    kind = state.motion(vote.poll.item.motion).data.kind
    session = state.assembly(assembly).data.call.session
    return state.governing(assembly).one(Contestation, *crossings(session, kind))


def last_day_to_contest(state: State, vote: DecidedVote) -> Day:
    """Return the last day on which a decision can be contested (V2).

    Raises:
        RuleViolation: As ``contestation``.
    """
    return last_day(_day(state, vote, vote.decided_at), contestation(state, vote).days)


def due_redactions(state: State, at: Instant) -> tuple[Hex32, ...]:
    """Return decisions whose roll and signatures are to be destroyed, ascending, ``MAX_DECISIONS`` at most.

    Args:
        state: What is known.
        at: Now.
    """
    due = (
        decision
        for decision, vote in state.decided_votes.items()
        if vote.redacted_entry is None and _over(state, vote, at)
    )
    return tuple(sorted(due)[:MAX_DECISIONS])


def redaction(state: State, decisions: Iterable[Hex32]) -> BallotsRedacted:
    """Return the act with which what lies beside some decisions is destroyed (V3, V4).

    Raises:
        NotFoundError: No such decision was taken.
    """
    named = tuple(sorted(set(decisions)))
    votes = [state.decided_vote(decision) for decision in named]
    return BallotsRedacted(
        named,
        signatures=sum(len(vote.poll.ballots) for vote in votes),
        lines=sum(vote.poll.item.electorate.size for vote in votes),
    )


def check_redacted(state: State, entry: Entry, data: BallotsRedacted) -> int:
    """Check a destruction (V1 to V4); returns 0 redacted checks.

    Raises:
        ConflictError: ``redaction.done``: one of the decisions was redacted before.
        InvalidInputError: ``redaction.order``: the decisions are not ascending, each once.
        NotFoundError: No such decision was taken.
        RuleViolation: Too early, no rule says when, another figure, or no act of the system.
    """
    expected = redaction(state, data.decisions)
    if data.decisions != expected.decisions:
        raise InvalidInputError(
            "redaction.order",
            expected="decisions in ascending order, each once",
            found="another order",
        )
    for decision in data.decisions:
        vote = state.decided_vote(decision)
        if vote.redacted_entry is not None:
            raise ConflictError(
                "redaction.done",
                expected="a decision whose ballots are kept",
                found=f"{vote.poll.item.motion}, entry {vote.redacted_entry}",
            )
        rule, last = contestation(state, vote), last_day_to_contest(state, vote)
        today = _day(state, vote, entry.at)
        if today <= last:
            raise RuleViolation(
                "redaction.early", rule.reference(), expected=f"after {last}", found=today
            )
    if data != expected:
        wanted, found = differing_fields(expected, data)
        raise RuleViolation("redaction.numbers", RETENTION_RULE, expected=wanted, found=found)
    return check_unsigned(entry)


def _over(state: State, vote: DecidedVote, at: Instant) -> bool:
    """Tell whether the contest period of a decision is over; never where no rule says how long it is."""
    try:
        last = last_day_to_contest(state, vote)
    except RuleViolation:
        return False
    return _day(state, vote, at) > last


def _day(state: State, vote: DecidedVote, at: Instant) -> Day:
    zone = state.governing(vote.poll.assembly).time_zone
    return format_day(local_day(at, zone))
