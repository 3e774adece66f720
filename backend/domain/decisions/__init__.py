"""Decisions: the outcome of a motion, derived rule by rule under the rules its assembly was called with.

The derivation lists, in the order of application: initiative, support, permitted effect, the rule on what
the effect touches, competence, due process, convocation, notice, second convocation, channel, agenda,
deliberation, ballot, electorate, early closing, quorum, majority, consent or count, and, where votes are
equal, the tie and the casting vote, or how equal options were put in order. Steps that a motion does not need
are left out; a rejected motion has a derivation too.

D1 a motion is adopted exactly where no step says ``not_met``. D2 without quorum the outcome is
``no_quorum``, whatever the votes. D3 equal votes are no majority, whatever the threshold: the tie rule
decides. D4 a casting vote is the last ballot of who holds the seat; it counts beside the holder's own and
adopts only if one more yes reaches the majority; on a secret vote nobody declares it. D5 what was lawful
when it was done stays so: later departures change no step.
"""

from backend.domain.acts import DecisionMade, DerivationStep, Outcome, Slug
from backend.domain.ballots import check_choice
from backend.domain.decisions.case import Case
from backend.domain.decisions.course import course
from backend.domain.decisions.grounds import grounds
from backend.domain.decisions.lots import LOTS_RULE, check_lots_drawn, lots_awaited
from backend.domain.decisions.selection import select
from backend.domain.decisions.verdict import agreement, quorum
from backend.domain.electorate import whole_roll
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    RuleReference,
    RuleViolation,
)
from backend.domain.methods.choices import UNDECLARED
from backend.domain.sources import Sources
from backend.domain.standing import check_unsigned
from backend.domain.state import State

DECISION_RULE = RuleReference("psephos.decision", "")
"""Built-in rule: a decision is what the rules make of the count, nothing else."""

CASTING_VOTES = ("yes", "no", "abstain", UNDECLARED)
"""What the step on a casting vote may say."""

__all__ = [
    "CASTING_VOTES",
    "DECISION_RULE",
    "LOTS_RULE",
    "check_decided",
    "check_lots_drawn",
    "count_document",
    "decide",
    "lots_awaited",
]


def decide(
    state: State, motion: Slug, sources: Sources, *, declared: str | None = None
) -> DecisionMade:
    """Derive the decision on a motion whose assembly has closed.

    Args:
        state: After the closing.
        motion: The motion.
        sources: Where the roll and the openings are looked up, for a casting vote.
        declared: The casting vote to believe where the roll was erased: one of ``CASTING_VOTES``, or, where
            the vote is on several options, a choice on the ballot.

    Raises:
        NotFoundError: No such motion, or it was on no agenda; the openings are not held.
        ConflictError: Its assembly is still open, or a tie waits for lots.
        RuleViolation: The governing rulebook is silent on something the decision needs.
    """
    case = Case.of(state, motion)
    result = case.poll.result
    if result is None:
        raise ConflictError("assembly.open", expected="a closed assembly", found=case.poll.assembly)
    before = [*grounds(case), *course(case)]
    present = quorum(case, result)
    asked = present.verdict == "met"
    place = motion, case.poll.assembly, case.poll.item.decision
    if case.ballot.several:
        found = select(case, result, sources, asked=asked, declared=declared)
        steps = (*before, present, *found.steps)
        outcome = _outcome(present, steps)
        chosen = found.chosen if outcome == "adopted" else ()
        return DecisionMade(*place, outcome, steps, chosen, found.count)
    votes = agreement(case, result, sources, asked=asked, declared=declared)
    steps = (*before, present, *votes)
    return DecisionMade(*place, _outcome(present, steps), steps)


def count_document(
    state: State, motion: Slug, sources: Sources, *, declared: str | None = None
) -> bytes:
    """Return the tally that a decision on several options names; arguments and errors as ``decide``."""
    case = Case.of(state, motion)
    result = case.poll.result
    if result is None:
        raise ConflictError("assembly.open", expected="a closed assembly", found=case.poll.assembly)
    asked = quorum(case, result).verdict == "met"
    return select(case, result, sources, asked=asked, declared=declared).document


def check_decided(state: State, entry: Entry, data: DecisionMade, sources: Sources) -> int:
    """Check that a published decision is the derived one; returns the number of redacted checks.

    Raises:
        NotFoundError: No such motion.
        ConflictError: Already decided, or its assembly is still open.
        RuleViolation: A step or the outcome differs; the rule named is that of the first difference.
    """
    earlier = state.decisions.get(data.motion)
    if earlier is not None and earlier.assembly == state.poll(data.motion).assembly:
        raise ConflictError("decision.exists", expected="an undecided motion", found=data.motion)
    claimed = next(
        (each.inputs["casting_vote"] for each in data.derivation if "casting_vote" in each.inputs),
        None,
    )
    declared = (
        claimed if claimed is not None and _may_be_cast(state, data.motion, claimed) else None
    )
    derived = decide(state, data.motion, sources, declared=declared)
    for expected, found in zip(derived.derivation, data.derivation, strict=False):
        if expected != found:
            raise RuleViolation(
                "decision.step",
                RuleReference(expected.rule, expected.article),
                expected=_describe(expected),
                found=_describe(found),
            )
    if derived != data:
        last = derived.derivation[-1]
        raise RuleViolation(
            "decision.outcome",
            RuleReference(last.rule, last.article),
            expected=f"{derived.outcome} in {len(derived.derivation)} steps",
            found=f"{data.outcome} in {len(data.derivation)} steps",
        )
    return check_unsigned(entry) + _unseen(state, data, sources)


def _may_be_cast(state: State, motion: Slug, claimed: str) -> bool:
    """Tell whether a casting vote could be what a decision claims."""
    if not Case.of(state, motion).ballot.several:
        return claimed in CASTING_VOTES
    if claimed == UNDECLARED:
        return True
    try:
        check_choice(state, motion, claimed)
    except InvalidInputError:
        return False
    return True


def _unseen(state: State, data: DecisionMade, sources: Sources) -> int:
    """Count the casting votes that were believed, because the roll that tells them is not whole."""
    result = state.poll(data.motion).result
    claimed = any("casting_vote" in each.inputs for each in data.derivation)
    on_paper = result is None or result.openings is None
    item = state.poll(data.motion).item
    return int(claimed and not on_paper and whole_roll(sources, item) is None)


def _outcome(present: DerivationStep, steps: tuple[DerivationStep, ...]) -> Outcome:
    if present.verdict != "met":
        return "no_quorum"
    return "rejected" if any(each.verdict == "not_met" for each in steps) else "adopted"


def _describe(step: DerivationStep) -> str:
    inputs = ", ".join(f"{name} {value}" for name, value in sorted(step.inputs.items()))
    return f"{step.rule} {step.verdict} ({inputs})"
