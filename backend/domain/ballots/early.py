"""Closing a vote before its time, where the rulebook lets it and nothing can change the outcome any more.

V1 the rule on early closing permits it for the session, once its voting has begun. V2 no ballot can be
replaced: the rulebook forbids it, and no proxy was given that the represented member could override, even
after taking it back. V3 a vote by consent waits for its time, since objections may still come; so does a
secret vote whose urn was not counted, and a vote whose quorum or majority counts those there in a session
that was not opened. V4 whatever the electors who have not voted would choose, the outcome is the same: for
yes and no, and for plurality and approval, by bounds; for other methods only once every elector has voted.

For yes and no the bounds are exact where the whole of the majority is the valid votes, those cast, or all
electors, but for the casting vote: that it goes either way is taken as possible while votes are missing. Of
those there or represented only bounds are known, so that such a vote may wait although nothing can change it.
For plurality and approval the bounds ask for an order of those chosen that no missing vote upsets, also
where only their number would matter.
"""

from itertools import pairwise

from backend.domain.acts import AssemblyClosed, MotionResult, Slug
from backend.domain.assemblies import (
    ends_at_opening,
    present,
    quorate_at_opening,
    quorum_of,
)
from backend.domain.ballots.rules import BALLOT_RULE, ballot_rule
from backend.domain.errors import RuleViolation
from backend.domain.instants import Instant
from backend.domain.methods import yes_no_abstain
from backend.domain.methods.tally import parse_tally
from backend.domain.rulebook.sessions import Proxies
from backend.domain.rulebook.voting import EarlyClose, Majority
from backend.domain.sources import Sources
from backend.domain.state import State


def early_rule(state: State, assembly: Slug) -> EarlyClose | None:
    """Return the rule that permits to close an assembly early; None where nothing does.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: The governing rules leave the matter open.
    """
    session = state.assembly(assembly).data.call.session
    rule = state.governing(assembly).maybe(EarlyClose, session)
    return None if rule is None or rule.modality == "must_not" else rule


def check_time(state: State, assembly: Slug, at: Instant) -> EarlyClose | None:
    """Check that an assembly may be closed at a time.

    Args:
        state: Before the closing.
        assembly: The assembly.
        at: When it would be closed.

    Returns:
        The rule that permits it between opening and closing time, if then nothing is open; None from the
        closing time on, or where the session was over at its opening.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: ``assembly.too_early``: no rule permits it, or voting has not begun; or the rules
            leave the matter open.
    """
    found = state.assembly(assembly)
    if at >= found.closes_at or ends_at_opening(state, assembly):
        return None
    rule = early_rule(state, assembly)
    if rule is None or at < found.opens_at:
        raise RuleViolation(
            "assembly.too_early",
            BALLOT_RULE,
            expected=f"closing at {found.closes_at} or later",
            found=at,
        )
    return rule


def check_settled(state: State, rule: EarlyClose, data: AssemblyClosed, sources: Sources) -> None:
    """Check that no further vote can change what a closing establishes.

    Args:
        state: Before the closing.
        rule: What permits to close early.
        data: The closing, its counts checked.
        sources: Where tallies are looked up.

    Raises:
        NotFoundError: A tally is not held.
        RuleViolation: ``assembly.open_outcome``.
    """
    for result in data.results:
        if not settled(state, result, sources):
            raise RuleViolation(
                "assembly.open_outcome",
                rule.reference(),
                expected="an outcome that no further vote can change",
                found=result.motion,
            )


def remaining(state: State, result: MotionResult) -> int:
    """Return how many electors have not voted on a motion."""
    return state.poll(result.motion).item.electorate.size - result.voters


def settled(state: State, result: MotionResult, sources: Sources) -> bool:
    """Tell whether no further vote can change the outcome of a motion (V2 to V4).

    Args:
        state: With every vote cast so far.
        result: What these add up to.
        sources: Where the tally is looked up.

    Raises:
        NotFoundError: The tally is not held.
        RuleViolation: The governing rulebook is silent on something the outcome needs.
    """
    poll, rule = state.poll(result.motion), ballot_rule(state, result.motion)
    quorate = quorate_at_opening(state, poll.assembly, result.motion)
    if quorate is False:
        return state.assembly(poll.assembly).opened is not None
    left = _missing(state, result)
    if left is None:
        return False
    if quorate is None:
        threshold = quorum_of(state, poll.assembly, result.motion).threshold
        size = poll.item.electorate.size
        least, most = (threshold.met(result.voters + more, size) for more in (0, left))
        if not least:
            return not most
    if rule.method == "yes_no_abstain":
        return _majority_settled(state, result, left)
    bounded = rule.method in {"plurality", "approval"}
    return left == 0 or (bounded and _places_settled(result, left, sources))


def _missing(state: State, result: MotionResult) -> int | None:
    """Return how many votes may still come; None where something else may change the result (V2, V3)."""
    poll, rule = state.poll(result.motion), ballot_rule(state, result.motion)
    if rule.method == "consent":
        return None
    if rule.secrecy == "secret":
        return None if poll.urn is None else 0
    if rule.replaceable or _overridable(state, poll.assembly):
        return None
    return remaining(state, result)


def _overridable(state: State, assembly: Slug) -> bool:
    found = state.assembly(assembly)
    if not found.proxies:
        return False
    return state.governing(assembly).one(Proxies, found.data.call.session).principal_overrides


def _majority_settled(state: State, result: MotionResult, left: int) -> bool:
    """Compare the worst and the best that the missing votes can make of those cast."""
    poll = state.poll(result.motion)
    assembly, rulebook = state.assembly(poll.assembly), state.governing(poll.assembly)
    session, kind = assembly.data.call.session, state.motion(result.motion).data.kind
    rule, tally = rulebook.majority(session, kind), result.tally
    there = rule.base == "present_or_represented"
    if there and assembly.opened is None:
        return False
    if left == 0 and not there:
        return True
    size, lead = poll.item.electorate.size, tally["yes"] - tally["no"]
    # Proxies may be taken back and members arrive: who is there stays, and is no more than all.
    fewest = len(present(assembly))
    against = {**tally, "no": tally["no"] + left}
    if abs(lead) > left and all(
        _carried(rule, against, size=size, attending=part) for part in (fewest, size)
    ):
        return True
    best = tally["yes"] + left
    if best == tally["no"]:
        # The best is a tie: a casting vote adds one to it, without one a vote less than the tie is best.
        best += 1 if rulebook.tie(session, kind).resolution == "casting_vote" else -1
    return not _carried(rule, {**tally, "yes": best}, size=size, attending=max(fewest, 1))


def _carried(rule: Majority, tally: dict[str, int], *, size: int, attending: int) -> bool:
    carried, _ = yes_no_abstain.carried(
        tally, threshold=rule.threshold, base=rule.base, electors=size, attending=attending
    )
    return carried


def _places_settled(result: MotionResult, left: int, sources: Sources) -> bool:
    """Tell whether those chosen lead each other, and everybody else, by more than can still be given."""
    if result.count is None:
        return False
    tally = parse_tally(sources.document(result.count))
    votes = sorted((int(each) for each in tally.totals.values()), reverse=True)
    # An option without a vote takes no place, though one is free: the first vote would give it that.
    supported = votes[: tally.seats][-1] > 0
    return supported and all(
        better - worse > left for better, worse in pairwise(votes[: tally.seats + 1])
    )
