"""Dates of single matters: internal rules to be ratified, replies, appeals, resolutions, agreements."""

from collections.abc import Iterator
from datetime import date, timedelta

from backend.domain.acts import RatificationEffect, ResolutionEffect, Slug
from backend.domain.deadlines import parse_day
from backend.domain.errors import RuleReference
from backend.domain.facts import InternalRuleSet, Motion
from backend.domain.obligations.due import ALARM_DAYS, BUILT_IN, Matter, day_in, said
from backend.domain.obligations.holdings import ended_on, holdings
from backend.domain.obligations.sessions import next_run
from backend.domain.rulebook.membership import Appeal, DueProcess
from backend.domain.rulebook.order import Engagement, InternalRules
from backend.domain.rulebook.voting import EffectRule
from backend.domain.state import State


def ratifications(state: State) -> Iterator[Matter]:
    """Yield internal rules that the next holding of a session must confirm, under the rules that made them.

    The window is that holding: the one that voted on them; else the first that was called after they were
    made and ended; else the first that is called; else the next months in which it must be held. Where none
    of these is known there is no date.
    """
    for motion, made in state.internal_rules.items():
        assembly = state.decisions[motion].assembly
        rule = said(state.governing(assembly), InternalRules)
        if rule is None or rule.ratified_by is None:
            continue
        voted = _voted(state, motion)
        window = voted or _next_holding(state, rule.ratified_by, made)
        if window is None or (made.status == "lapsed" and voted is None):
            continue
        yield Matter(
            kind="ratification",
            subject=motion,
            rule=rule.reference(),
            first=window[0],
            last=window[1],
            title=state.motion(motion).data.title,
            done=made.status not in ("provisional", "waiting"),
            bearer=rule.bearer,
        )


def replies(state: State) -> Iterator[Matter]:
    """Yield the time members have to answer grounds that were served on them."""
    rulebook = state.in_force().rulebook
    for name, proceeding in state.proceedings.items():
        rule = said(rulebook, DueProcess, proceeding.data.measure)
        if rule is None or proceeding.served_at is None:
            continue
        served = day_in(state, proceeding.served_at)
        yield Matter(
            kind="reply",
            subject=name,
            rule=rule.reference(),
            first=served,
            last=served + timedelta(days=rule.reply_days),
            title=name,
            duty=False,
            done=proceeding.replied,
            bearer=rule.bearer,
        )


def appeals(state: State) -> Iterator[Matter]:
    """Yield the time members have to contest measures taken against them."""
    rulebook = state.in_force().rulebook
    for name, proceeding in state.proceedings.items():
        rule = said(rulebook, Appeal, proceeding.data.measure)
        if rule is None or proceeding.taken_at is None:
            continue
        taken = day_in(state, proceeding.taken_at)
        yield Matter(
            kind="appeal",
            subject=name,
            rule=rule.reference(),
            first=taken,
            last=taken + timedelta(days=rule.days),
            title=name,
            duty=False,
            done=proceeding.status in ("appealed", "upheld", "reversed"),
            bearer=rule.bearer,
        )


def resolutions(state: State) -> Iterator[Matter]:
    """Yield what adopted resolutions charge somebody with; an abrogated one no longer does."""
    for name, motion in state.motions.items():
        effect = motion.data.effect
        if motion.status != "adopted" or not isinstance(effect, ResolutionEffect):
            continue
        for each in effect.obligations:
            yield Matter(
                kind="resolution",
                subject=f"{name}.{each.obligation}",
                rule=_permitted_by(state, motion),
                first=ended_on(state, state.assembly(state.poll(name).assembly)),
                last=parse_day(each.due),
                title=each.title,
                done=(name, each.obligation) in state.fulfilled,
                bearer=each.bearer,
            )


def engagements(state: State) -> Iterator[Matter]:
    """Yield the end of agreements that have one, from ``ALARM_DAYS`` before it."""
    rulebook = state.in_force().rulebook
    for rule in rulebook.every(Engagement):
        starts, ends = parse_day(rule.starts), parse_day(rule.ends)
        yield Matter(
            kind="engagement",
            subject=rule.id,
            rule=rule.reference(),
            first=max(starts, ends - timedelta(days=ALARM_DAYS)),
            last=ends,
            title=rulebook.title,
            duty=False,
            bearer=rule.bearer,
            alarm_days=ALARM_DAYS,
        )


def _voted(state: State, internal_rules: Slug) -> tuple[date, date] | None:
    """Return the days of the assembly that confirmed or refused internal rules."""
    vote = RatificationEffect(internal_rules)
    for name, motion in state.motions.items():
        if motion.data.effect == vote and motion.status in ("adopted", "rejected"):
            assembly = state.assembly(state.poll(name).assembly)
            return day_in(state, assembly.opens_at), ended_on(state, assembly)
    return None


def _next_holding(state: State, session: Slug, made: InternalRuleSet) -> tuple[date, date] | None:
    decided = state.decided[made.motion]
    for held in holdings(state, session):
        if held.assembly.entry > decided:
            return held.opened, held.ended
    called = [
        (day_in(state, each.opens_at), ended_on(state, each))
        for each in state.assemblies.values()
        if each.data.call.session == session and not each.closed and each.entry > decided
    ]
    if called:
        return min(called)
    run = next_run(state, session, day_in(state, made.adopted_at))
    return None if run is None else (run.first, run.last)


def _permitted_by(state: State, motion: Motion) -> RuleReference:
    rulebook = state.governing(state.poll(motion.data.motion).assembly)
    rule = said(rulebook, EffectRule, motion.data.kind)
    return BUILT_IN if rule is None else rule.reference()
