"""States of an organisation built by hand, for what follows from a state and a day alone.

Nothing here goes through a ledger: each function returns the state with one more fact. Times are noon in
Paris, in winter and summer alike, unless a test gives an instant.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from backend.domain.acts import (
    AgendaItem,
    AssemblyConvened,
    AssemblyDrafted,
    AssemblyOpened,
    Call,
    DecisionMade,
    DerivationStep,
    Effect,
    Electorate,
    MotionKind,
    MotionProposed,
    Obligation,
    OrganisationFounded,
    Outcome,
    ProceedingOpened,
    RatificationEffect,
    ResolutionEffect,
    SigningDomain,
    Slug,
    StatutesReference,
)
from backend.domain.deadlines import Day
from backend.domain.facts import (
    Assembly,
    Draft,
    EndCause,
    InternalRuleSet,
    Mandate,
    Motion,
    Poll,
    Proceeding,
    StatutesVersion,
)
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Session
from backend.domain.rulebook.topics import AnyRule
from backend.domain.state import State

ProceedingStatus = Literal["open", "taken", "refused", "appealed", "upheld", "reversed"]
"""Where a proceeding stands."""

ORIGIN = "ledger.example/riverside"
"""Origin of the organisation's ledger."""

PARIS = "Europe/Paris"
"""Time zone of the organisation."""

MEMBER = f"m{'0' * 32}"
"""Somebody."""

CID = f"bafkrei{'a' * 52}"
"""A document."""

ANNUAL = Session(
    id="annual", article="14", modality="must", session="annual", title="Assembly", form="ordinary"
)
"""The rule that there is an annual assembly."""


def noon(day: Day) -> Instant:
    """Return an instant around noon of a day in Paris."""
    return f"{day}T11:00:00.000Z"


def book(*rules: AnyRule) -> Rulebook:
    """Return a rulebook of the annual assembly and further rules."""
    return Rulebook(
        format="psephos-rulebook/1",
        language="en",
        title="Riverside",
        time_zone=PARIS,
        text=CID,
        rules=(ANNUAL, *rules),
    )


def founded(*rules: AnyRule, on: Day = "2025-06-15") -> State:
    """Return an organisation founded on a day under these rules."""
    reference = StatutesReference(CID, CID, "0" * 64)
    act = OrganisationFounded(
        "riverside",
        "Riverside",
        ORIGIN,
        "en",
        SigningDomain(1, f"0x{'0' * 40}"),
        reference,
        founders=(),
    )
    return _governed(State(size=1, at=noon(on), organisation=act), book(*rules), on)


def adopted(state: State, *rules: AnyRule, on: Day) -> State:
    """Return the state after new statutes with these rules came into force."""
    return _governed(state, book(*rules), on)


def _governed(state: State, rulebook: Rulebook, on: Day) -> State:
    number = len(state.statutes) + 1
    digest = f"{number:064x}"
    version = StatutesVersion(number, StatutesReference(CID, CID, digest), rulebook, noon(on))
    return replace(
        state,
        statutes=(*state.statutes, version),
        rulebooks=state.rulebooks.set(digest, rulebook),
    )


def motion(state: State, name: Slug, kind: MotionKind, effect: Effect | None = None) -> State:
    """Return the state with a motion proposed."""
    data = MotionProposed(name, kind, f"Motion {name}", CID, effect or ResolutionEffect())
    found = Motion(data, MEMBER, "0" * 64, "proposed", state.size, state.at)
    return replace(state, size=state.size + 1, motions=state.motions.set(name, found))


def called(
    state: State,
    name: Slug,
    *,
    opens: Day,
    closes_at: Instant | None = None,
    session: Slug = "annual",
    motions: tuple[Slug, ...] = (),
    previous: Slug | None = None,
) -> State:
    """Return the state with an assembly called under the rules in force, without any motion or with some."""
    item = Electorate("0" * 64, 0, CID)
    call = Call(
        name,
        session,
        f"Session {name}",
        "remote",
        noon(opens),
        closes_at or f"{opens}T18:00:00.000Z",
        motions,
        2 if previous else 1,
        previous,
    )
    version = state.in_force()
    data = AssemblyConvened(
        call,
        version.number,
        version.statutes.rules,
        tuple(AgendaItem(each, "0" * 64, item) for each in motions),
    )
    assembly = Assembly(data, MEMBER, state.at, state.size, call.opens_at, call.closes_at)
    polls = {each: Poll(name, item) for each, item in zip(motions, data.agenda, strict=True)}
    return replace(
        state,
        size=state.size + 1,
        assemblies=state.assemblies.set(name, assembly),
        polls=state.polls.update(polls),
    )


def closed(state: State, name: Slug, outcomes: Mapping[Slug, Outcome]) -> State:
    """Return the state with an assembly closed and its motions decided."""
    assembly = state.assembly(name)
    assembly = replace(assembly, closed_at=assembly.closes_at)
    state = replace(state, assemblies=state.assemblies.set(name, assembly))
    for each, outcome in outcomes.items():
        step = DerivationStep(rule="r", article="1", inputs={}, verdict="met")
        decision = DecisionMade(each, name, "0" * 64, outcome, (step,))
        state = replace(
            state,
            motions=state.motions.set(each, replace(state.motion(each), status=outcome)),
            decisions=state.decisions.set(each, decision),
            decided=state.decided.set(each, state.size),
            size=state.size + 1,
        )
    return state


def held(
    state: State,
    name: Slug,
    *,
    opens: Day,
    closes_at: Instant | None = None,
    session: Slug = "annual",
    kinds: tuple[MotionKind, ...] = ("legislative",),
    outcome: Outcome = "adopted",
) -> State:
    """Return the state with an assembly called, and closed with one motion of each kind decided."""
    names = tuple(f"{name}-{kind.replace('_', '-')}" for kind in kinds)
    for each, kind in zip(names, kinds, strict=True):
        state = motion(state, each, kind)
    state = called(state, name, opens=opens, closes_at=closes_at, session=session, motions=names)
    return closed(state, name, dict.fromkeys(names, outcome))


def attended(state: State, name: Slug) -> State:
    """Return the state with an assembly opened by an act that counts those there."""
    opened = replace(state.assembly(name), opened=AssemblyOpened(name, 10, 1, 0))
    return replace(state, assemblies=state.assemblies.set(name, opened))


def minuted(state: State, name: Slug) -> State:
    """Return the state with the minutes of an assembly published."""
    done = replace(state.assembly(name), minutes_entry=state.size)
    return replace(state, assemblies=state.assemblies.set(name, done))


def mandate(
    state: State,
    name: Slug,
    *,
    starts: Day,
    ends: Day,
    ended_on: Day | None = None,
    cause: EndCause | None = None,
    holds_over: bool = False,
    body: Slug = "board",
    seat: Slug = "president",
) -> State:
    """Return the state with a seat held, by somebody of their own."""
    holder = f"m{state.size:032x}"
    given = Mandate(
        name,
        body,
        seat,
        holder,
        starts,
        ends,
        holds_over,
        state.size,
        "designation",
        ended_on,
        cause,
    )
    return replace(state, size=state.size + 1, mandates=state.mandates.set(name, given))


def draft(
    state: State, name: Slug, *, complete: Day | None, answered_by: Slug | None = None
) -> State:
    """Return the state with an annual session asked for."""
    data = AssemblyDrafted(name, "annual", f"Session {name}", ("m",))
    asked = Draft(
        data,
        MEMBER,
        state.size,
        frozenset({MEMBER}),
        None if complete is None else noon(complete),
        answered_by,
    )
    return replace(state, size=state.size + 1, drafts=state.drafts.set(name, asked))


def proceeding(
    state: State,
    name: Slug,
    *,
    served: Day | None = None,
    replied: bool = False,
    taken: Day | None = None,
    status: ProceedingStatus = "open",
) -> State:
    """Return the state with a proceeding for exclusion."""
    found = Proceeding(
        data=ProceedingOpened(name, "exclusion", MEMBER, CID),
        opened_by=MEMBER,
        opened_at=state.at,
        entry=state.size,
        served_at=None if served is None else noon(served),
        replied=replied,
        status=status,
        taken_at=None if taken is None else noon(taken),
    )
    return replace(state, proceedings=state.proceedings.set(name, found))


def charged(state: State, name: Slug, *, due: Day, on: Day) -> State:
    """Return the state with a resolution adopted that charges somebody with one thing."""
    duty = Obligation("report", "Report on the river", "the board", due)
    state = motion(state, name, "legislative", ResolutionEffect((duty,)))
    state = called(state, f"{name}-session", opens=on, session="permanent", motions=(name,))
    return closed(state, f"{name}-session", {name: "adopted"})


def fulfilled(state: State, name: Slug) -> State:
    """Return the state with what a resolution charges reported as done."""
    return replace(state, fulfilled=state.fulfilled.set((name, "report"), state.size))


def ruled(state: State, name: Slug, *, on: Day, made: InternalRuleSet | None = None) -> State:
    """Return the state with internal rules made, provisional unless given otherwise."""
    state = motion(state, name, "internal_rules")
    state = called(state, f"{name}-meeting", opens=on, session="council", motions=(name,))
    state = closed(state, f"{name}-meeting", {name: "adopted"})
    fact = made or InternalRuleSet(name, noon(on), "provisional")
    return replace(state, internal_rules=state.internal_rules.set(name, fact))


def ratified(state: State, name: Slug, *, on: Day, outcome: Outcome = "adopted") -> State:
    """Return the state with the annual assembly of a day having voted on internal rules."""
    state = motion(state, f"{name}-vote", "ratification", RatificationEffect(name))
    state = called(state, f"{name}-assembly", opens=on, motions=(f"{name}-vote",))
    state = closed(state, f"{name}-assembly", {f"{name}-vote": outcome})
    made = state.internal_rules[name]
    fact = replace(made, status="ratified" if outcome == "adopted" else "refused")
    return replace(state, internal_rules=state.internal_rules.set(name, fact))


def dissolved(state: State) -> State:
    """Return the state of an organisation that is being wound up."""
    return replace(state, dissolved_by="the-end")
