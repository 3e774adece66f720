"""What the count makes of a motion: quorum, then majority or consent, then what a tie means."""

from collections.abc import Iterator, Mapping

from backend.domain.acts import DerivationStep, MotionResult
from backend.domain.assemblies import attending
from backend.domain.ballots.openings import parse_openings
from backend.domain.decisions.case import Case, met, step
from backend.domain.electorate import whole_roll
from backend.domain.methods import consent, yes_no_abstain
from backend.domain.methods.choices import UNDECLARED
from backend.domain.rulebook.bodies import CastingVote
from backend.domain.rulebook.voting import Majority
from backend.domain.sources import Sources
from backend.domain.standing import holders


def quorum(case: Case, result: MotionResult) -> DerivationStep:
    """Return the step that asks whether enough took part.

    Raises:
        RuleViolation: The governing rulebook is silent on it.
    """
    rule = case.rulebook.quorum(case.call.session, case.kind, case.call.round)
    opened = case.assembly.opened
    whole, part = case.poll.item.electorate.size, result.voters
    entry = case.poll.closed_entry
    if rule.base != "voters":
        part = 0
        entry = case.assembly.opened_entry or entry
        if opened is not None:
            whole, part = opened.entitled, opened.present
        if opened is not None and rule.base == "present_or_represented":
            part += opened.represented
    return step(
        rule,
        {
            "base": rule.base,
            "entitled": str(whole),
            "least": str(rule.threshold.least(whole)),
            "required": str(rule.threshold),
            "round": str(case.call.round),
            "taking_part": str(part),
        },
        met(rule.threshold.met(part, whole)),
        case.assembly.entry,
        entry,
    )


def agreement(
    case: Case, result: MotionResult, sources: Sources, *, asked: bool, declared: str | None
) -> Iterator[DerivationStep]:
    """Yield the steps that ask whether enough agree.

    Args:
        case: The case.
        result: What closing established.
        sources: Where the roll and the openings are looked up, for a casting vote.
        asked: Whether the votes matter: the quorum is reached.
        declared: The casting vote to believe where the roll was erased.

    Raises:
        NotFoundError: The openings are not held.
        RuleViolation: The governing rulebook is silent on something asked for.
    """
    if case.rulebook.ballot(case.kind).method == "consent":
        yield _consent(case, result, asked=asked)
        return
    rule = case.rulebook.majority(case.call.session, case.kind)
    tied = result.tally["yes"] == result.tally["no"]
    carried, whole = _carried(case, rule, result.tally)
    yield step(
        rule,
        {
            **{choice: str(result.tally[choice]) for choice in yes_no_abstain.CHOICES},
            "base": rule.base,
            "least": str(rule.threshold.least(whole)),
            "required": str(rule.threshold),
            "whole": str(whole),
        },
        met(carried) if asked and not tied else "not_applicable",
        case.poll.closed_entry,
        case.poll.urn_entry,
        case.assembly.opened_entry if rule.base == "present_or_represented" else None,
    )
    if asked and tied:
        yield from _tie(case, result, rule, sources, declared)


def casting_vote(
    case: Case, rule: CastingVote, result: MotionResult, sources: Sources
) -> str | None:
    """Return the choice of the seat that decides ties, or ``UNDECLARED``; None without the whole roll.

    Several holders of the seat decide together, if they agree. The seat is that of the day on which the
    vote closes, be it before its time.

    Raises:
        NotFoundError: The openings are not held.
    """
    if result.openings is None:
        return UNDECLARED
    roll = whole_roll(sources, case.poll.item)
    if roll is None:
        return None
    closed_at = case.assembly.closed_at or case.assembly.closes_at
    day = case.day(min(closed_at, case.assembly.closes_at))
    seated = {held.holder for held in holders(case.state, rule.seat_body, day, seat=rule.seat)}
    indices = {
        case.poll.last[voter]
        for voter, elector in roll.items()
        if elector.member in seated and voter in case.poll.last
    }
    document = parse_openings(sources.document(result.openings))
    choices = {opening.choice for opening in document.ballots if opening.entry in indices}
    return choices.pop() if len(choices) == 1 else UNDECLARED


def _carried(case: Case, rule: Majority, tally: Mapping[str, int]) -> tuple[bool, int]:
    # Whoever came after the opening votes too, so the whole is those there when the vote closes.
    there = attending(case.state, case.call.assembly) if case.assembly.opened is not None else ()
    return yes_no_abstain.carried(
        tally,
        threshold=rule.threshold,
        base=rule.base,
        electors=case.poll.item.electorate.size,
        attending=len(there),
    )


def _consent(case: Case, result: MotionResult, *, asked: bool) -> DerivationStep:
    objections = case.motion.objections.values()
    standing = sum(not objection.resolved for objection in objections)
    verdict = met(consent.carried(result.tally, standing=standing)) if asked else "not_applicable"
    return step(
        case.rulebook.ballot(case.kind),
        {
            **{choice: str(result.tally[choice]) for choice in consent.CHOICES},
            "objections": str(len(case.motion.objections)),
            "standing": str(standing),
        },
        verdict,
        case.poll.closed_entry,
        case.poll.urn_entry,
        *(objection.entry for objection in objections),
    )


def _tie(
    case: Case, result: MotionResult, majority: Majority, sources: Sources, declared: str | None
) -> Iterator[DerivationStep]:
    rule = case.rulebook.tie(case.call.session, case.kind)
    votes = str(result.tally["yes"])
    inputs: dict[str, str] = {"each": votes, "resolution": rule.resolution}
    casting = None
    if rule.resolution == "casting_vote" and case.session.body is not None:
        casting = case.stated(CastingVote, case.session.body)
    yield step(rule, inputs, met(casting is not None), case.poll.closed_entry)
    if casting is None:
        return
    choice = casting_vote(case, casting, result, sources) or declared or UNDECLARED
    # The casting vote counts beside the holder's own: it decides where one more yes is enough.
    tally = {**result.tally, "yes": result.tally["yes"] + 1}
    enough, _ = _carried(case, majority, tally)
    yield step(
        casting,
        {"casting_vote": choice, "seat": f"{casting.seat_body}/{casting.seat}"},
        met(choice == "yes" and enough),
        case.poll.closed_entry,
    )
