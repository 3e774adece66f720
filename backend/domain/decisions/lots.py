"""Lots on a tie: the block that first anchors the closing is their seed.

Whoever audits holds the anchors and compares (``backend.audit``): here the act is only placed.
"""

from backend.domain.acts import LotsDrawn, Slug
from backend.domain.decisions.case import Case
from backend.domain.decisions.selection import awaits_lots
from backend.domain.decisions.verdict import quorum
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State

LOTS_RULE = RuleReference("psephos.lots", "")
"""Built-in rule: lots are drawn once, by the first anchor of the closing on the chain of the organisation."""


def lots_awaited(state: State, motion: Slug, sources: Sources) -> bool:
    """Tell whether the decision on a motion waits for lots.

    Args:
        state: What is known.
        motion: The motion.
        sources: Where tallies and openings are looked up.

    Raises:
        NotFoundError: No such motion, or a document is not held.
        RuleViolation: The governing rulebook is silent on ties.
    """
    found, poll = state.motion(motion), state.polls.get(motion)
    if poll is None or poll.result is None or found.status != "closed":
        return False
    case = Case.of(state, motion)
    if not case.ballot.several or quorum(case, poll.result).verdict != "met":
        return False
    return awaits_lots(case, poll.result, sources)


def check_lots_drawn(state: State, entry: Entry, data: LotsDrawn, sources: Sources) -> int:
    """Check that lots are drawn where a tie waits for them; returns the number of redacted signatures.

    Raises:
        NotFoundError: No such motion, or a document is not held.
        ConflictError: ``lots.none``: nothing waits for lots.
        RuleViolation: ``lots.chain``: a chain the organisation does not sign on; ``lots.early``: the anchor
            does not cover the closing.
    """
    if not lots_awaited(state, data.motion, sources):
        raise ConflictError("lots.none", expected="a tie that waits for lots", found=data.motion)
    poll = state.poll(data.motion)
    wanted = state.founded().signing.chain_id
    if data.chain_id != wanted:
        raise RuleViolation(
            "lots.chain", LOTS_RULE, expected=f"chain {wanted}", found=f"chain {data.chain_id}"
        )
    if poll.closed_entry is None or data.size <= poll.closed_entry:
        raise RuleViolation(
            "lots.early",
            LOTS_RULE,
            expected=f"an anchor of more than {poll.closed_entry} entries",
            found=str(data.size),
        )
    return check_unsigned(entry)
