"""What the count makes of a motion with several options: who or what is chosen, and how ties were broken.

C1 the count of the closing stands wherever figures decide. C2 where they leave a tie that matters, the
options are counted again with the order that the rule on ties gives (``priority``); lots are drawn only if
everything before them in the chain leaves the tie. C3 a tie that nothing breaks chooses nobody: the motion is
rejected. C4 what comes after the status quo is not chosen; if the status quo comes first, the motion is
rejected. An option that figures leave equal to it comes before it only if the rule on ties says so; a tie
among options that come after it does not matter.
"""

from dataclasses import dataclass
from itertools import takewhile

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    CidText,
    DerivationStep,
    LotsDrawn,
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
from backend.domain.methods.contest import Order
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
        return _selected(case, tally, (), (), asked=False)
    tied = _tied(case, tally, (contest_of(case.motion.data.effect, case.ballot).options,), sources)
    if not tied:
        return _selected(case, tally, _before_status_quo(case, tally), (), asked=True)
    rule = case.rulebook.tie_break(case.call.session, case.kind)
    order, tally, left = _broken(case, rule, result, sources, declared, drawn=None)
    if left and "sortition" in rule.chain:
        if case.poll.lots is None:
            raise ConflictError(
                "lots.awaited",
                expected="lots drawn after the closing is anchored",
                found=case.motion.data.motion,
            )
        order, tally, left = _broken(case, rule, result, sources, declared, drawn=case.poll.lots)
    chosen = () if left else _before_status_quo(case, tally)
    return _selected(
        case, tally, chosen, (_tie_step(case, rule, order, tied=tied, left=left),), asked=True
    )


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
    drawn: LotsDrawn | None,
) -> tuple[Priority, Tally, tuple[Slug, ...]]:
    """Return the order by a rule on ties, the count with it, and the options it leaves tied."""
    order = priority(case, rule, result, sources, declared=declared, drawn=drawn)
    tally = _recounted(case, order.order, sources)
    return order, tally, _tied(case, tally, order.order, sources)


def _recounted(case: Case, order: Order, sources: Sources) -> Tally:
    contest = contest_of(case.motion.data.effect, case.ballot, order)
    choices, void = choices_cast(case.state, case.motion.data.motion, sources)
    return count_choices(case.ballot.method, choices, contest, void=void)


def _tied(case: Case, tally: Tally, order: Order, sources: Sources) -> tuple[Slug, ...]:
    """Return the options between which neither figures nor an order decide, as far as it matters (C2, C4).

    Args:
        case: The case.
        tally: The count with the order.
        order: All options, preferred first.
        sources: Where the openings are looked up.
    """
    stays = _status_quo(case)
    if stays is None or stays not in tally.elected:
        return tally.undecided
    if tally.seats == 1:
        return ()
    # Equal options stand in the tally in some order; one that depends on where the status quo is put among
    # them is no order that the voters gave.
    first, last = (
        _before_status_quo(case, _recounted(case, each, sources)) for each in _around(order, stays)
    )
    return () if first == last else tuple(sorted({stays, *set(first) ^ set(last)}))


def _around(order: Order, option: Slug) -> tuple[Order, Order]:
    """Return an order with an option put first, and put last, of those it is equal to."""
    first: list[tuple[Slug, ...]] = []
    last: list[tuple[Slug, ...]] = []
    for tier in order:
        others = tuple(each for each in tier if each != option)
        alone = (option,) if option in tier else ()
        first += [part for part in (alone, others) if part]
        last += [part for part in (others, alone) if part]
    return tuple(first), tuple(last)


def _status_quo(case: Case) -> Slug | None:
    effect = case.motion.data.effect
    return effect.status_quo if isinstance(effect, SelectionEffect) else None


def _before_status_quo(case: Case, tally: Tally) -> tuple[Slug, ...]:
    """Return those chosen that come before the status quo, all where it is not chosen (C4)."""
    stays = _status_quo(case)
    return tuple(takewhile(lambda option: option != stays, tally.elected))


def _tie_step(
    case: Case,
    rule: TieBreak,
    order: Priority,
    *,
    tied: tuple[Slug, ...],
    left: tuple[Slug, ...],
) -> DerivationStep:
    return step(
        rule,
        {
            "chain": ", ".join(rule.chain),
            "order": " > ".join(" = ".join(tier) for tier in order.order),
            "tied": ", ".join(tied),
            **order.inputs,
        },
        met(not left),
        case.poll.closed_entry,
        case.poll.lots_entry,
    )


def _selected(
    case: Case,
    tally: Tally,
    chosen: tuple[Slug, ...],
    ties: tuple[DerivationStep, ...],
    *,
    asked: bool,
) -> Selected:
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
