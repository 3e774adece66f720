"""By whose hand a ballot was cast: the elector's own, or that of someone who holds their proxy.

The ledger names only the elector's pseudonym for the decision; whose key signed is known to those who hold
the roll and the openings, and cannot be told once these are erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.acts import MemberId
from backend.domain.facts import Assembly, Proxy
from backend.domain.sources import Sources


@dataclass(frozen=True, slots=True)
class Hand:
    """Who cast a ballot."""

    member: MemberId
    """Whose key must have signed it."""
    certain: bool
    """Whether this is known; otherwise what would tell was erased."""


def proxies_of(assembly: Assembly, member: MemberId) -> tuple[Proxy, ...]:
    """Return the proxies a member gave in an assembly, those taken back included, oldest first."""
    given = (proxy for proxy in assembly.proxies.values() if proxy.grantor == member)
    return tuple(sorted(given, key=lambda proxy: proxy.entry))


def hand_of(index: int, candidates: Sequence[MemberId], sources: Sources) -> Hand:
    """Return who cast the ballot at an index.

    Args:
        index: Entry index of the ballot.
        candidates: Who may have: the elector first, then those who hold their proxy.
        sources: Where signatures and keys are opened.

    Returns:
        The candidate whose key signed; else the first whose key was erased; else the elector, whose
        signature it then is not.
    """
    openings = sources.signatures(index)
    if not openings:
        return Hand(candidates[0], certain=len(candidates) == 1)
    erased = None
    for member in candidates:
        key = sources.key(member)
        if key is None:
            erased = erased or member
        elif key.key == openings[0].key:
            return Hand(member, certain=True)
    if erased is None:
        return Hand(candidates[0], certain=True)
    return Hand(erased, certain=len(candidates) == 1)
