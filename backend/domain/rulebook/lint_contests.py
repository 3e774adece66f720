"""Votes on several options, ties between them, and early closings: what is missing, or never applies (L2)."""

from collections.abc import Iterator, Mapping

from backend.domain.acts import EffectType, MotionKind
from backend.domain.rulebook.bodies import CastingVote
from backend.domain.rulebook.findings import Finding, Inquiry, Value, Word, finding
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import crossings
from backend.domain.rulebook.voting import (
    BallotRule,
    EarlyClose,
    EffectRule,
    Majority,
    Tie,
    TieBreak,
    several_options,
)

_SEVERAL: frozenset[EffectType] = frozenset({"election", "selection"})
"""Effects of motions that can put several options to the vote; the last never does anything else."""


def lint_contests(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about votes on several options and about early closings."""
    yield from _effects(inquiry)
    yield from _unordered(inquiry)
    yield from _chains(inquiry)
    yield from _casting(inquiry)
    yield from _early(inquiry)


def voting_gaps(inquiry: Inquiry, kind: MotionKind, session: Session) -> tuple[Word, ...]:
    """Return what is missing for a kind to be voted in a session, each with its article.

    A kind may be voted as one proposal, and on several options; the way is told for which less is missing.
    """
    effect = inquiry.firm(EffectRule, kind)
    ways: list[tuple[Word, ...]] = []
    if effect is None or set(effect.effects) - {"selection"}:
        ways.append(_one_proposal(inquiry, kind, session))
    if not ways or _several(inquiry, kind) is not None:
        ways.append(_several_options(inquiry, kind, session))
    return min(ways, key=len)


def casting_votes(inquiry: Inquiry) -> Iterator[CastingVote]:
    """Yield the casting votes for which a chain of means asks."""
    for session in inquiry.sessions.values():
        asked = any("casting_vote" in rule.chain for rule in _rules_on_ties(inquiry, session))
        vote = _casting_vote(inquiry, session)
        if asked and vote is not None:
            yield vote


def _one_proposal(inquiry: Inquiry, kind: MotionKind, session: Session) -> tuple[Word, ...]:
    found = [inquiry.gap(BallotRule, kind)]
    ballot = inquiry.firm(BallotRule, kind)
    if ballot is None or ballot.method != "consent":
        found.append(inquiry.gap(Majority, *crossings(session.session, kind)))
        found.append(inquiry.gap(Tie, *crossings(session.session, kind)))
    return tuple(each for each in found if each is not None)


def _several_options(inquiry: Inquiry, kind: MotionKind, session: Session) -> tuple[Word, ...]:
    found = (
        inquiry.gap(BallotRule, several_options(kind)),
        inquiry.gap(TieBreak, *crossings(session.session, kind)),
    )
    return tuple(each for each in found if each is not None)


def _several(inquiry: Inquiry, kind: MotionKind) -> BallotRule | None:
    """Return how a kind is voted on several options, if it can be."""
    effect = inquiry.firm(EffectRule, kind)
    possible = effect is None or _SEVERAL & set(effect.effects)
    return inquiry.firm(BallotRule, several_options(kind)) if possible else None


def _contested(inquiry: Inquiry, session: Session) -> tuple[MotionKind, ...]:
    """Return the kinds on which a session may vote between several options."""
    return tuple(
        kind
        for kind in inquiry.kinds
        if session in inquiry.deciding(kind) and _several(inquiry, kind) is not None
    )


def _rules_on_ties(inquiry: Inquiry, session: Session) -> Mapping[TieBreak, tuple[MotionKind, ...]]:
    """Return the rules on ties between options that a session follows, each with its kinds."""
    found: dict[TieBreak, tuple[MotionKind, ...]] = {}
    for kind in _contested(inquiry, session):
        rule = inquiry.firm(TieBreak, *crossings(session.session, kind))
        if rule is not None:
            found[rule] = (*found.get(rule, ()), kind)
    return found


def _casting_vote(inquiry: Inquiry, session: Session) -> CastingVote | None:
    return inquiry.firm(CastingVote, session.body) if session.body is not None else None


def _kinds(kinds: tuple[MotionKind, ...]) -> tuple[Value, ...]:
    return tuple(Word("kind", kind) for kind in kinds)


def _effects(inquiry: Inquiry) -> Iterator[Finding]:
    """Ballots on several options for motions that have none, and options for which there is no ballot."""
    idle: dict[BallotRule | EffectRule, tuple[MotionKind, ...]] = {}
    unvoted: dict[BallotRule | EffectRule, tuple[MotionKind, ...]] = {}
    for kind in inquiry.kinds:
        ballot = inquiry.firm(BallotRule, several_options(kind))
        effect = inquiry.firm(EffectRule, kind)
        if effect is None:
            continue
        if ballot is not None and not _SEVERAL & set(effect.effects):
            idle[ballot] = (*idle.get(ballot, ()), kind)
        if ballot is None and "selection" in effect.effects:
            unvoted[effect] = (*unvoted.get(effect, ()), kind)
    found: tuple[tuple[str, Mapping[BallotRule | EffectRule, tuple[MotionKind, ...]]], ...] = (
        ("options.no_effect", idle),
        ("options.no_ballot", unvoted),
    )
    for code, rules in found:
        for rule, kinds in rules.items():
            values = {"article": (rule.article,), "kinds": _kinds(kinds)}
            yield finding(code, "unreachable", rule, values=values)


def _unordered(inquiry: Inquiry) -> Iterator[Finding]:
    """Votes on several options that are refused, because no rule says what breaks a tie."""
    for session in inquiry.sessions.values():
        gaps: dict[Word, tuple[MotionKind, ...]] = {}
        for kind in _contested(inquiry, session):
            gap = inquiry.gap(TieBreak, *crossings(session.session, kind))
            if gap is not None:
                gaps[gap] = (*gaps.get(gap, ()), kind)
        for gap, kinds in gaps.items():
            ballots = (_several(inquiry, kind) for kind in kinds)
            yield finding(
                "tie_break.missing",
                "unreachable",
                *(each for each in ballots if each is not None),
                values={"session": session.title, "kinds": _kinds(kinds), "gap": gap},
            )


def _chains(inquiry: Inquiry) -> Iterator[Finding]:
    """Chains that can leave a tie, and means that are never asked."""
    for rule in inquiry.rulebook.every(TieBreak):
        if "sortition" not in rule.chain:
            yield finding("tie_break.open", "incomplete", rule, values={"article": rule.article})
        elif rule.chain[-1] != "sortition":
            yield finding(
                "tie_break.after_lots", "unreachable", rule, values={"article": rule.article}
            )


def _casting(inquiry: Inquiry) -> Iterator[Finding]:
    """Chains that ask for a casting vote nobody has, or nobody can see."""
    for session in inquiry.sessions.values():
        for rule, kinds in _rules_on_ties(inquiry, session).items():
            if "casting_vote" not in rule.chain:
                continue
            values: dict[str, Value | tuple[Value, ...]] = {
                "article": rule.article,
                "session": session.title,
            }
            if _casting_vote(inquiry, session) is None:
                yield finding("tie_break.no_casting_vote", "unreachable", rule, values=values)
                continue
            secret = tuple(kind for kind in kinds if _secret(inquiry, kind))
            if secret:
                values["kinds"] = _kinds(secret)
                yield finding("tie_break.secret", "incomplete", rule, values=values)


def _secret(inquiry: Inquiry, kind: MotionKind) -> bool:
    ballot = _several(inquiry, kind)
    return ballot is not None and ballot.secrecy == "secret"


def _early(inquiry: Inquiry) -> Iterator[Finding]:
    """Early closings of sessions that must wait for their time, because votes can change until then."""
    for session in inquiry.sessions.values():
        rule = inquiry.firm(EarlyClose, session.session)
        if rule is None or rule.modality == "must_not":
            continue
        votes = {
            kind: [_changes(ballot) for ballot in inquiry.ballots(kind)]
            for kind in inquiry.kinds
            if session in inquiry.deciding(kind)
        }
        changing = tuple(kind for kind, changes in votes.items() if any(changes))
        values: dict[str, Value | tuple[Value, ...]] = {
            "article": rule.article,
            "session": session.title,
        }
        if changing and all(all(changes) for changes in votes.values()):
            yield finding("early_close.never", "unreachable", rule, values=values)
        elif changing:
            values["kinds"] = _kinds(changing)
            yield finding("early_close.hindered", "incomplete", rule, values=values)


def _changes(ballot: BallotRule) -> bool:
    """Tell whether votes can change until the time of closing; papers in an urn are counted once."""
    return ballot.secrecy != "secret" and (ballot.replaceable or ballot.method == "consent")
