"""Named votes as they are shown: names come from the register now, never from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import MemberId, Slug, VoterId
from backend.domain.ballots import BallotOpening, parse_openings, shown_names
from backend.domain.errors import ConflictError
from backend.services.views import DEFAULT_PAGE, Reads

Naming = Literal["named", "withheld", "erased", "redacted"]
"""Whether a name is shown: it is; its bearer did not consent; the register holds it no more; nobody can tell
any more whose vote it is."""


@dataclass(frozen=True, slots=True)
class NamedVote:
    """One vote that counts, with the name of its voter where that may be shown."""

    entry: int
    """Entry of the ballot."""
    voter: VoterId
    """Pseudonym for this decision."""
    choice: str
    """What was chosen."""
    naming: Naming
    """Whether the name is shown, and if not, why."""
    name: str | None
    """The name that the register holds now; None where it is not shown. The register's own pseudonym is never
    shown beside it: it would tie a name to everything else its bearer did."""


def named_votes(
    reads: Reads, slug: Slug, motion: Slug, after: int = -1, limit: int = DEFAULT_PAGE
) -> tuple[NamedVote, ...]:
    """Return who voted how, as far as the statutes demand or the members consented.

    Args:
        reads: Committed facts.
        slug: The organisation.
        motion: The motion.
        after: Entry after which the page begins.
        limit: Most votes of the page, 1 or more.

    Returns:
        Votes that count, in the order of their entries.

    Raises:
        NotFoundError: No such organisation, the motion is on no agenda, or the openings are not held.
        ConflictError: ``votes.open``: the vote is not closed.
        RuleViolation: ``naming.unnamed``: the statutes do not let this vote be named, or are silent on it.
    """
    state, sources = reads.state(slug), reads.sources(slug)
    poll = state.poll(motion)
    shown = shown_names(state, poll.item.decision)
    if poll.result is None or poll.result.openings is None:
        raise ConflictError("votes.open", expected="a closed vote", found=motion)
    openings = parse_openings(sources.document(poll.result.openings))
    roll = sources.roll(poll.item.decision)
    counted = [each for each in openings.ballots if each.entry > after]
    last = {entry: voter for voter, entry in poll.last.items()}
    counted = [each for each in counted if each.entry in last][:limit]
    voters = {each.entry: last[each.entry] for each in counted}
    electors = {voter: roll.get(voter) for voter in voters.values()} if roll is not None else {}
    members = {voter: elector.member for voter, elector in electors.items() if elector is not None}
    names = reads.names(slug, sorted(shown.intersection(members.values())))
    return tuple(
        _vote(each, voters[each.entry], members.get(voters[each.entry]), shown, names)
        for each in counted
    )


def _vote(
    opening: BallotOpening,
    voter: VoterId,
    member: MemberId | None,
    shown: frozenset[MemberId],
    names: Mapping[MemberId, str],
) -> NamedVote:
    name = None if member is None else names.get(member)
    return NamedVote(opening.entry, voter, opening.choice, _naming(member, shown, name), name)


def _naming(member: MemberId | None, shown: frozenset[MemberId], name: str | None) -> Naming:
    if member is None:
        return "redacted"
    if member not in shown:
        return "withheld"
    return "erased" if name is None else "named"
