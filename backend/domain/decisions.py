"""Decisions: the outcome of a motion, derived rule by rule under the rules its assembly was called with.

The derivation lists, in the order of application: the proposer's right, the permitted effect, notice,
voting period, electorate, quorum, majority, and the tie rule where votes are equal.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from backend.domain.acts import DecisionMade, DerivationStep, MotionResult, Outcome, Slug
from backend.domain.ballots import governing_rules
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.instants import parse_instant
from backend.domain.members import check_unsigned, franchise
from backend.domain.methods import yes_no_abstain
from backend.domain.rulebook import Rulebook
from backend.domain.state import Motion, Poll, State

DECISION_RULE = RuleReference("psephos.decision", "")
"""Built-in rule: a decision is what the rules make of the count, nothing else."""

_SECONDS_PER_HOUR = 3600
_SECONDS_PER_DAY = 86_400


def decide(state: State, motion: Slug) -> DecisionMade:
    """Derive the decision on a motion whose assembly has closed.

    Args:
        state: After the closing.
        motion: The motion.

    Raises:
        NotFoundError: No such motion, or it was on no agenda.
        ConflictError: Its assembly is still open.
        RuleViolation: The governing rulebook is silent on something the decision needs.
    """
    found, poll = state.motion(motion), state.poll(motion)
    if poll.result is None:
        raise ConflictError("assembly.open", expected="a closed assembly", found=poll.assembly)
    rulebook = governing_rules(state, poll)
    steps = [
        *_standing(state, found, rulebook),
        *_convocation(state, found, poll, rulebook),
    ]
    counted, outcome = _verdict(found, poll, poll.result, rulebook)
    return DecisionMade(motion, poll.assembly, poll.item.decision, outcome, (*steps, *counted))


def check_decided(state: State, entry: Entry, data: DecisionMade) -> int:
    """Check that a published decision is the derived one.

    Raises:
        NotFoundError: No such motion.
        ConflictError: Already decided, or its assembly is still open.
        RuleViolation: A step or the outcome differs; the rule named is that of the first difference.
    """
    if data.motion in state.decisions:
        raise ConflictError("decision.exists", expected="an undecided motion", found=data.motion)
    derived = decide(state, data.motion)
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
    return check_unsigned(entry)


def _standing(state: State, motion: Motion, rulebook: Rulebook) -> Iterator[DerivationStep]:
    initiative = rulebook.initiative(motion.data.kind)
    proposer = state.member(motion.proposer)
    yield DerivationStep(
        initiative.id,
        initiative.article,
        {"kind": motion.data.kind, "proposer_class": proposer.member_class},
        "met" if proposer.member_class in initiative.classes else "not_met",
    )
    rule = rulebook.effect(motion.data.kind)
    effect = str(type(motion.data.effect).__struct_config__.tag)
    yield DerivationStep(
        rule.id,
        rule.article,
        {"effect": effect, "kind": motion.data.kind},
        "met" if effect in rule.effects else "not_met",
    )


def _convocation(
    state: State, motion: Motion, poll: Poll, rulebook: Rulebook
) -> Iterator[DerivationStep]:
    assembly = state.assembly(poll.assembly)
    call = assembly.data.call
    opens, closes = parse_instant(call.opens_at), parse_instant(call.closes_at)
    notice = opens - parse_instant(assembly.convened_at)
    rule = rulebook.convocation()
    yield DerivationStep(
        rule.id,
        rule.article,
        {
            "channel": call.channel,
            "convened_at": assembly.convened_at,
            "opens_at": call.opens_at,
            "required_days": str(rule.notice_days),
        },
        _met(
            notice.total_seconds() >= rule.notice_days * _SECONDS_PER_DAY
            and call.channel in rule.channels
        ),
    )
    ballot = rulebook.ballot(motion.data.kind)
    yield DerivationStep(
        ballot.id,
        ballot.article,
        {
            "closes_at": call.closes_at,
            "method": ballot.method,
            "opens_at": call.opens_at,
            "required_hours": str(ballot.minimum_hours),
        },
        _met((closes - opens).total_seconds() >= ballot.minimum_hours * _SECONDS_PER_HOUR),
    )
    right = franchise(rulebook)
    yield DerivationStep(
        right.id,
        right.article,
        {"electorate": poll.item.electorate.root, "electors": str(poll.item.electorate.size)},
        _met(right.modality != "must_not"),
    )


def _verdict(
    motion: Motion, poll: Poll, result: MotionResult, rulebook: Rulebook
) -> tuple[list[DerivationStep], Outcome]:
    kind, electors = motion.data.kind, poll.item.electorate.size
    quorum, majority, tie = rulebook.quorum(kind), rulebook.majority(kind), rulebook.tie(kind)
    reached = electors > 0 and Fraction(result.voters, electors) >= quorum.fraction.fraction()
    steps = [
        DerivationStep(
            quorum.id,
            quorum.article,
            {
                "electors": str(electors),
                "required": str(quorum.fraction),
                "voters": str(result.voters),
            },
            _met(reached),
        )
    ]
    carried, whole = yes_no_abstain.carried(
        result.tally,
        electors=electors,
        base=majority.base,
        fraction=majority.fraction,
        strict=majority.strict,
    )
    steps.append(
        DerivationStep(
            majority.id,
            majority.article,
            {
                **{choice: str(result.tally[choice]) for choice in yes_no_abstain.CHOICES},
                "base": f"{majority.base} {whole}",
                "required": f"{'more than' if majority.strict else 'at least'} {majority.fraction}",
            },
            _met(carried) if reached else "not_applicable",
        )
    )
    if not reached:
        return steps, "no_quorum"
    if result.tally["yes"] == result.tally["no"]:
        inputs = {"no": str(result.tally["no"]), "yes": str(result.tally["yes"])}
        steps.append(
            DerivationStep(tie.id, tie.article, {**inputs, "resolution": tie.resolution}, "met")
        )
        return steps, "rejected"
    return steps, "adopted" if carried else "rejected"


def _met(verdict: bool) -> Literal["met", "not_met"]:  # noqa: FBT001 - a verdict is what it turns into a word
    return "met" if verdict else "not_met"


def _describe(step: DerivationStep) -> str:
    inputs = ", ".join(f"{name} {value}" for name, value in sorted(step.inputs.items()))
    return f"{step.rule} {step.verdict} ({inputs})"
