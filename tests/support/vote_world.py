"""Votes of the model organisation under rules other than its own: proxies, papers, consent, ties."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from backend.domain.acts import DecisionMade, DerivationStep, MotionKind
from backend.domain.decisions import decide
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Channels, Proxies, Quorum
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import BallotRule, Majority, Tie
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    founded,
    rule_of,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.model_rules import ORDINARY, share
from tests.support.organisations import Simulation

VOTERS = (CHAIR, TREASURER, SECRETARY, GARDENER)
"""The four electors of the assembly; the first three are those of the council."""

Base = Literal["valid", "cast", "entitled", "present_or_represented"]
"""Whole of a majority."""


def votes_of(text: str) -> dict[Actor, str]:
    """Read "yna-" as yes, no, abstention and not voting, elector by elector."""
    words = {"y": "yes", "n": "no", "a": "abstain", "c": "consent"}
    return {voter: words[sign] for voter, sign in zip(VOTERS, text, strict=False) if sign in words}


def ballot_with(**fields: object) -> BallotRule:
    """Return the model's ballot rule with other fields."""
    rule = rule_of("ballot")
    assert isinstance(rule, BallotRule)
    changed = msgspec.structs.replace(rule, **fields)
    assert isinstance(changed, BallotRule)
    return changed


def named_ballot(modality: Literal["must", "may"]) -> BallotRule:
    """Return the model's ballot rule under which votes are named."""
    rule = msgspec.structs.replace(ballot_with(secrecy="named"), modality=modality)
    assert isinstance(rule, BallotRule)
    return rule


def proxies_with(**fields: object) -> Proxies:
    """Return the model's rule on proxies in the assembly with other fields."""
    rule = rule_of("proxies")
    assert isinstance(rule, Proxies)
    changed = msgspec.structs.replace(rule, **fields)
    assert isinstance(changed, Proxies)
    return changed


def quorum_of(
    num: int,
    den: int,
    base: Literal["voters", "present", "present_or_represented"] = "voters",
    *,
    strict: bool = False,
) -> Quorum:
    """Return a quorum of ordinary motions."""
    return Quorum(
        id="quorum-ordinary", article="13", modality="must", motions=ORDINARY,
        threshold=share(num, den, strict=strict), base=base,
    )  # fmt: skip


def majority_of(num: int, den: int, base: Base, *, strict: bool) -> Majority:
    """Return a majority of ordinary motions."""
    return Majority(
        id="majority-ordinary", article="14", modality="must", motions=ORDINARY,
        threshold=share(num, den, strict=strict), base=base,
    )  # fmt: skip


def tie_of(resolution: Literal["status_quo", "casting_vote"]) -> Tie:
    """Return what ties mean in the assembly."""
    rule = rule_of("tie")
    assert isinstance(rule, Tie)
    return msgspec.structs.replace(rule, resolution=resolution)


def in_room(*changed: AnyRule) -> Rulebook:
    """Return rules under which the assembly votes in a room, with other rules as given."""
    channels = Channels(
        id="channels", article="11", modality="must", sessions=("assembly",), channels=("room",)
    )
    return rules_with(channels, *changed)


def paper_rules(*changed: AnyRule) -> Rulebook:
    """Return rules under which every vote is secret and held in a room."""
    return in_room(ballot_with(secrecy="secret"), *changed)


def held(
    rulebook: Rulebook | None = None,
    *,
    motion: str = "bridge",
    kind: MotionKind = "legislative",
    session: Literal["assembly", "council"] = "assembly",
    channel: Literal["room", "remote"] = "remote",
) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation at the opening time of the session "spring" that votes on one motion."""
    simulation, ledger = founded(rulebook)
    simulation.propose(CHAIR, motion, kind=kind)
    simulation.convene(CHAIR, "spring", motion, session=session, channel=channel)
    simulation.advance(days=15)
    return simulation, ledger


def seated(
    rulebook: Rulebook | None = None, *present: Actor, channel: Literal["room", "remote"] = "room"
) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation in the session "spring", opened with those present."""
    simulation, ledger = held(rulebook, channel=channel)
    for member in present:
        simulation.attend(member, "spring", channel)
    simulation.open(CHAIR, "spring")
    return simulation, ledger


def voted(simulation: Simulation, votes: Mapping[Actor, str], *, motion: str = "bridge") -> None:
    """Cast ballots and close the session two days later."""
    for voter, choice in votes.items():
        simulation.cast(voter, motion, choice)
    simulation.advance(days=2)
    simulation.close("spring")


def derived(ledger: MemoryLedger, motion: str = "bridge") -> DecisionMade:
    """Return the decision on a motion whose session is closed."""
    return decide(ledger.state, motion, ledger.sources)


def step_of(decision: DecisionMade, rule: str) -> DerivationStep:
    """Return the last step that rests on a rule."""
    return [step for step in decision.derivation if step.rule == rule][-1]
