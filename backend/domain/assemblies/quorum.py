"""Quorum at the opening, and what it means for the vote.

Q1 where a quorum counts those there, it is judged once, on the numbers of the opening. Q2 without it no vote
is taken, and the session may be closed at once. Q3 before any vote, notice is recorded and the session
opened where the statutes make that a condition, and its time has come.
"""

from backend.domain.acts import Slug
from backend.domain.assemblies.opening import check_noticed, check_within, opening_demand
from backend.domain.errors import RuleViolation
from backend.domain.instants import Instant
from backend.domain.rulebook.sessions import Quorum
from backend.domain.state import State


def quorum_of(state: State, assembly: Slug, motion: Slug) -> Quorum:
    """Return the quorum that a motion needs in an assembly.

    Raises:
        NotFoundError: No such assembly or motion.
        RuleViolation: The rulebook is silent.
    """
    call = state.assembly(assembly).data.call
    kind = state.motion(motion).data.kind
    return state.governing(assembly).quorum(call.session, kind, call.round)


def taking_part(state: State, assembly: Slug, motion: Slug) -> int | None:
    """Return how many took part as a quorum of those there counts them; None if it counts voters (Q1).

    Nobody took part in a session that was not opened.

    Raises:
        NotFoundError: No such assembly or motion.
        RuleViolation: The rulebook is silent.
    """
    base = quorum_of(state, assembly, motion).base
    if base == "voters":
        return None
    opened = state.assembly(assembly).opened
    if opened is None:
        return 0
    return opened.present + (opened.represented if base == "present_or_represented" else 0)


def quorate_at_opening(state: State, assembly: Slug, motion: Slug) -> bool | None:
    """Tell whether enough were there for a motion at the opening; None if the quorum counts voters.

    Raises:
        NotFoundError: No such assembly or motion.
        RuleViolation: The rulebook is silent.
    """
    count = taking_part(state, assembly, motion)
    opened = state.assembly(assembly).opened
    if count is None:
        return None
    threshold = quorum_of(state, assembly, motion).threshold
    return opened is not None and threshold.met(count, opened.entitled)


def ends_at_opening(state: State, assembly: Slug) -> bool:
    """Tell whether an opened assembly may be closed at once: no motion of its agenda is quorate (Q2).

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The rulebook is silent.
    """
    found = state.assembly(assembly)
    if found.opened is None:
        return False
    return all(
        quorate_at_opening(state, assembly, item.motion) is False for item in found.data.agenda
    )


def check_voting_open(
    state: State, assembly: Slug, at: Instant, motion: Slug | None = None
) -> None:
    """Check that votes may be taken in an assembly (Q2, Q3).

    Args:
        state: What is known.
        assembly: The assembly.
        at: When.
        motion: The motion voted on; None to ask whether any can be.

    Raises:
        NotFoundError: No such assembly or motion.
        ConflictError: The assembly is closed.
        RuleViolation: Out of time, or no notice, opening or quorum.
    """
    found = state.assembly(assembly)
    check_within(found, at)
    check_noticed(state, found)
    demand = opening_demand(state, assembly)
    if found.opened is None and demand is not None:
        raise RuleViolation(
            "assembly.unopened",
            demand,
            expected="a session opened with those who are there",
            found="none",
        )
    motions = [motion] if motion else [item.motion for item in found.data.agenda]
    for each in motions:
        if quorate_at_opening(state, assembly, each) is not False:
            return
    quorum = quorum_of(state, assembly, motions[0])
    raise RuleViolation(
        "assembly.inquorate",
        quorum.reference(),
        expected=str(quorum.threshold),
        found=f"{taking_part(state, assembly, motions[0])}/{len(found.electors)}",
    )
