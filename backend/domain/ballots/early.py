"""Closing a vote before its time, where the rulebook lets it and nothing can change the outcome any more.

V1 the rule on early closing permits it for the session. V2 no ballot can be replaced: the rulebook forbids
it, and no proxy is out that the represented member could override. V3 a vote by consent waits for its time,
since objections may still come; so does a secret vote whose urn was not counted. V4 whatever the electors who
have not voted would choose, the outcome is the same: for yes and no, and for plurality and approval, by
bounds; for other methods only once every elector has voted.
"""

from itertools import pairwise

from backend.domain.acts import AssemblyClosed, MotionResult, Slug
from backend.domain.assemblies import attending, ends_at_opening
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
        The rule that permits it before the time of the call, if then nothing is open; None at or after that
        time, or where the session was over at its opening.

    Raises:
        NotFoundError: No such assembly.
        RuleViolation: ``assembly.too_early``: no rule permits it; or the rules leave the matter open.
    """
    closes_at = state.assembly(assembly).closes_at
    if at >= closes_at or ends_at_opening(state, assembly):
        return None
    rule = early_rule(state, assembly)
    if rule is None:
        raise RuleViolation(
            "assembly.too_early", BALLOT_RULE, expected=f"closing at {closes_at} or later", found=at
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
    if rule.secrecy == "secret":
        return poll.urn is not None
    if rule.replaceable or rule.method == "consent" or _overridable(state, poll.assembly):
        return False
    left = remaining(state, result)
    enough = _quorate(state, result, left)
    if left == 0 or enough is not True:
        return left == 0 or enough is False
    if rule.method == "yes_no_abstain":
        return _majority_settled(state, result, left)
    return rule.method in {"plurality", "approval"} and _places_settled(result, left, sources)


def _overridable(state: State, assembly: Slug) -> bool:
    found = state.assembly(assembly)
    if all(proxy.revoked for proxy in found.proxies.values()):
        return False
    return state.governing(assembly).one(Proxies, found.data.call.session).principal_overrides


def _quorate(state: State, result: MotionResult, left: int) -> bool | None:
    """Tell whether enough take part whatever follows; None where it depends on those who have not voted."""
    poll = state.poll(result.motion)
    assembly = state.assembly(poll.assembly)
    call, kind = assembly.data.call, state.motion(result.motion).data.kind
    rule = state.governing(poll.assembly).quorum(call.session, kind, call.round)
    if rule.base == "voters":
        size = poll.item.electorate.size
        if rule.threshold.met(result.voters, size):
            return True
        return None if rule.threshold.met(result.voters + left, size) else False
    opened = assembly.opened
    if opened is None:
        return False
    there = opened.present + (opened.represented if rule.base == "present_or_represented" else 0)
    return rule.threshold.met(there, opened.entitled)


def _majority_settled(state: State, result: MotionResult, left: int) -> bool:
    poll = state.poll(result.motion)
    session = state.assembly(poll.assembly).data.call.session
    kind = state.motion(result.motion).data.kind
    rule = state.governing(poll.assembly).majority(session, kind)
    size, tally = poll.item.electorate.size, result.tally
    there = len(attending(state, poll.assembly)) if state.assembly(poll.assembly).opened else 0
    against = {**tally, "no": tally["no"] + left}
    if against["yes"] > against["no"] and _carried(rule, against, size=size, attending=size):
        return True
    # One more yes than there are votes left: what a casting vote adds at a tie.
    for_it = {**tally, "yes": tally["yes"] + left + 1}
    return not _carried(rule, for_it, size=size, attending=there)


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
    return all(better - worse > left for better, worse in pairwise(votes[: tally.seats + 1]))
