"""What one decision is derived from: a motion, its assembly, and the rules in force when that was called."""

from dataclasses import dataclass
from typing import Literal, Self, TypeVar

from backend.domain.acts import Call, DerivationStep, MemberId, MotionKind, Slug
from backend.domain.deadlines import Day, format_day, local_day
from backend.domain.errors import RuleViolation
from backend.domain.facts import Assembly, Mandate, Motion, Poll
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import Rule
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.voting import BallotRule
from backend.domain.state import State

R = TypeVar("R", bound=Rule)

Verdict = Literal["met", "not_met", "not_applicable"]
"""What a rule says of its inputs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A motion on an agenda, with everything its decision rests on."""

    state: State
    """What is known at the decision."""
    motion: Motion
    """The motion."""
    poll: Poll
    """The vote on it."""
    assembly: Assembly
    """The assembly that votes."""
    rulebook: Rulebook
    """The rules in force when the assembly was called."""
    session: Session
    """The kind of session it is."""

    @classmethod
    def of(cls, state: State, motion: Slug) -> Self:
        """Return the case of a motion.

        Raises:
            NotFoundError: No such motion, or it is on no agenda.
            RuleViolation: The rules do not know the session.
        """
        found, poll = state.motion(motion), state.poll(motion)
        assembly, rulebook = state.assembly(poll.assembly), state.governing(poll.assembly)
        session = rulebook.one(Session, assembly.data.call.session)
        return cls(state, found, poll, assembly, rulebook, session)

    @property
    def kind(self) -> MotionKind:
        """Kind of the motion."""
        return self.motion.data.kind

    @property
    def ballot(self) -> BallotRule:
        """How the motion is voted.

        Raises:
            RuleViolation: The rules do not say.
        """
        return self.rulebook.ballot(self.kind, self.motion.data.effect)

    @property
    def call(self) -> Call:
        """The call of the assembly."""
        return self.assembly.data.call

    @property
    def called_on(self) -> Day:
        """Day of the call, where the organisation is at home."""
        return self.day(self.assembly.convened_at)

    def day(self, at: Instant) -> Day:
        """Return the local day of an instant under the governing rules."""
        return format_day(local_day(at, self.rulebook.time_zone))

    def stated(self, schema: type[R], *subjects: str) -> R | None:
        """Return a rule, or None where nothing is said or the statutes leave the matter open.

        For rules that are not asked before the vote: a gap in them must not keep its outcome from being
        told.
        """
        try:
            return self.rulebook.maybe(schema, *subjects)
        except RuleViolation:
            return None

    def seats_of(self, member: MemberId, day: Day) -> tuple[Mandate, ...]:
        """Return the mandates someone held during some part of a day, oldest first.

        A mandate that ends on the day was still held before it ended: what its holder did that day stays
        lawful.
        """
        held = (
            mandate
            for mandate in self.state.mandates.values()
            if mandate.holder == member
            and mandate.starts <= day
            and (mandate.holds_over or day <= mandate.ends)
            and (mandate.ended_on is None or day <= mandate.ended_on)
        )
        return tuple(sorted(held, key=lambda mandate: (mandate.entry, mandate.id)))


def step(
    rule: Rule, inputs: dict[str, str], verdict: Verdict, *entries: int | None
) -> DerivationStep:
    """Return a step of a derivation.

    Args:
        rule: The rule applied.
        inputs: What it is applied to.
        verdict: What it says.
        entries: Indices of the entries the inputs come from, in any order; None ones are left out.
    """
    known = sorted({index for index in entries if index is not None})
    return DerivationStep(
        rule=rule.id, article=rule.article, inputs=inputs, verdict=verdict, entries=tuple(known)
    )


def met(verdict: bool) -> Literal["met", "not_met"]:  # noqa: FBT001 - a verdict is what it turns into a word
    """Return a verdict as the ledger writes it."""
    return "met" if verdict else "not_met"
