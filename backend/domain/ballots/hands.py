"""By whose hand a ballot was cast: the elector's own, or that of someone who holds their proxy.

The ledger names only the elector's pseudonym for the decision; whose key signed is known to those who hold
the roll and the openings, and cannot be told once these are erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.acts import MemberId, Slug
from backend.domain.electorate import whole_roll
from backend.domain.facts import Assembly, Proxy
from backend.domain.sources import Sources
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Hand:
    """Who cast a ballot."""

    member: MemberId
    """Whose key must have signed it."""
    certain: bool
    """Whether this is known; otherwise what would tell was erased."""


def proxies_on(assembly: Assembly, motion: Slug) -> tuple[Proxy, ...]:
    """Return the proxies given for a motion, those over or taken back included, oldest first."""
    given = (proxy for proxy in assembly.proxies.values() if proxy.covers(motion))
    return tuple(sorted(given, key=lambda proxy: proxy.entry))


def cast_by_proxy(state: State, motion: Slug, sources: Sources) -> int | None:
    """Return how many of the ballots that count on a motion were cast under a proxy.

    Args:
        state: What is known.
        motion: The motion.
        sources: Where the roll, signatures and keys are opened.

    Returns:
        The number; None where what would tell was erased.

    Raises:
        NotFoundError: The motion is on no agenda.
    """
    poll = state.poll(motion)
    holders: dict[MemberId, list[MemberId]] = {}
    for proxy in proxies_on(state.assembly(poll.assembly), motion):
        holders.setdefault(proxy.grantor, []).append(proxy.holder)
    if not holders or not poll.last:
        return 0
    roll = whole_roll(sources, poll.item)
    if roll is None:
        return None
    number = 0
    for elector in roll.values():
        index = poll.last.get(elector.voter)
        if index is None or elector.member not in holders:
            continue
        candidates = (elector.member, *holders[elector.member])
        hand = hand_of(state, index, candidates, sources)
        if not hand.certain:
            return None
        number += hand.member != elector.member
    return number


def hand_of(state: State, index: int, candidates: Sequence[MemberId], sources: Sources) -> Hand:
    """Return who cast the ballot at an index, with a key that may have been revoked since.

    Args:
        state: Now; it knows the keys of the candidates.
        index: Entry index of the ballot.
        candidates: Who may have: the elector first, then those who hold their proxy.
        sources: Where signatures and keys are opened.

    Returns:
        The candidate one of whose keys signed; else the first one of whose keys was erased; else the
        elector, whose signature it then is not.

    Raises:
        NotFoundError: A candidate is not on the register.
    """
    openings = sources.signatures(index)
    if not openings:
        return Hand(candidates[0], certain=len(candidates) == 1)
    erased = None
    for candidate in map(state.member, candidates):
        for commitment in (*candidate.keys, *candidate.former_keys):
            key = sources.key(commitment)
            if key is None:
                erased = erased or candidate.id
            elif key.key == openings[0].key:
                return Hand(candidate.id, certain=True)
    if erased is None:
        return Hand(candidates[0], certain=True)
    return Hand(erased, certain=len(candidates) == 1)
