"""What the count makes of a motion with several options: who or what is chosen, and how ties were broken.

C1 the count of the closing stands wherever figures decide. C2 where they leave a tie that matters, the
options are counted again with the order that the rule on ties gives (``priority``); lots are drawn only if
everything before them in the chain leaves the tie. C3 a tie that nothing breaks chooses nobody: the motion is
rejected. C4 what comes after the status quo is not chosen; if the status quo comes first, the motion is
rejected.
"""

from dataclasses import dataclass

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    CidText,
    DerivationStep,
    MotionResult,
    SelectionEffect,
    Slug,
)
from backend.domain.ballots import choices_cast
from backend.domain.contests import contest_of
from backend.domain.decisions.case import Case, met, step
from backend.domain.decisions.priority import Priority, priority
from backend.domain.errors import ConflictError, NotFoundError
from backend.domain.methods import count_choices
from backend.domain.methods.tally import Tally, format_tally, parse_tally
from backend.domain.rulebook.voting import TieBreak
from backend.domain.sources import Sources


@dataclass(frozen=True, slots=True)
class Selected:
    """What a count on several options comes to."""

    steps: tuple[DerivationStep, ...]
    """Count, and how ties were broken."""
    chosen: tuple[Slug, ...]
    """Options chosen, in the order of their choice."""
    document: bytes
    """The ``psephos-tally/1`` document."""

    @property
    def count(self) -> CidText:
        """CID of the document."""
        return document_cid(self.document)


def select(
    case: Case, result: MotionResult, sources: Sources, *, asked: bool, declared: str | None
) -> Selected:
    """Return what is chosen, and the steps that say why.

    Args:
        case: The case.
        result: What closing established.
        sources: Where the tally, the openings and the roll are looked up.
        asked: Whether the votes matter: the quorum is reached.
        declared: The casting vote to believe where the roll was erased.

    Raises:
        NotFoundError: A document is not held.
        ConflictError: ``lots.awaited``: the tie waits for lots that are not drawn yet.
        RuleViolation: The governing rulebook is silent on ties.
    """
    tally = _counted(result, sources)
    if not asked:
        return _selected(case, tally, (), asked=False)
    if not tally.undecided:
        return _selected(case, tally, (), asked=True)
    rule = case.rulebook.tie_break(case.call.session, case.kind)
    tied = tally.undecided
    tally, order = _broken(case, rule, result, sources, declared, drawn=False)
    if tally.undecided and "sortition" in rule.chain:
        if case.poll.lots is None:
            raise ConflictError(
                "lots.awaited",
                expected="lots drawn after the closing is anchored",
                found=case.motion.data.motion,
            )
        tally, order = _broken(case, rule, result, sources, declared, drawn=True)
    broken = _tie_step(case, rule, tied, tally, order)
    return _selected(case, tally, (broken,), asked=True)


def awaits_lots(case: Case, result: MotionResult, sources: Sources) -> bool:
    """Tell whether a decision waits for lots that are not drawn yet.

    Raises:
        NotFoundError: A document is not held.
        RuleViolation: The governing rulebook is silent on ties.
    """
    try:
        select(case, result, sources, asked=True, declared=None)
    except ConflictError:
        return True
    return False


def _counted(result: MotionResult, sources: Sources) -> Tally:
    if result.count is None:
        raise NotFoundError("tally", result.motion)
    return parse_tally(sources.document(result.count))


def _broken(
    case: Case,
    rule: TieBreak,
    result: MotionResult,
    sources: Sources,
    declared: str | None,
    *,
    drawn: bool,
) -> tuple[Tally, Priority]:
    order = priority(case, rule, result, sources, declared=declared, drawn=drawn)
    contest = contest_of(case.motion.data.effect, case.ballot, order.order)
    choices, void = choices_cast(case.state, result.motion, sources)
    return count_choices(case.ballot.method, choices, contest, void=void), order


def _tie_step(
    case: Case, rule: TieBreak, tied: tuple[Slug, ...], tally: Tally, order: Priority
) -> DerivationStep:
    return step(
        rule,
        {
            "chain": ", ".join(rule.chain),
            "order": " > ".join(" = ".join(tier) for tier in order.order),
            "tied": ", ".join(tied),
            **order.inputs,
        },
        met(not tally.undecided),
        case.poll.closed_entry,
        case.poll.lots_entry if "seed" in order.inputs else None,
    )


def _selected(
    case: Case,
    tally: Tally,
    ties: tuple[DerivationStep, ...],
    *,
    asked: bool,
) -> Selected:
    effect = case.motion.data.effect
    chosen = () if tally.undecided or not asked else tally.elected
    stays = effect.status_quo if isinstance(effect, SelectionEffect) else None
    if stays in chosen:
        chosen = chosen[: chosen.index(stays)]
    counted = step(
        case.ballot,
        {
            "blank": str(tally.blank),
            "chosen": ", ".join(chosen),
            "method": tally.method,
            "places": str(tally.seats),
            "valid": str(tally.valid),
            "void": str(tally.void),
        },
        met(bool(chosen)) if asked else "not_applicable",
        case.poll.closed_entry,
        case.poll.urn_entry,
    )
    return Selected((counted, *ties), chosen, format_tally(tally))
