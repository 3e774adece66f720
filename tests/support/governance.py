"""Stages of the model organisation at which a test begins, and what a refusal must say."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
import pytest

from backend.domain.acts import Act, AssemblyConvened, Call, SigningDomain
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError, RuleViolation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import Notice
from backend.domain.rulebook.topics import AnyRule
from backend.domain.sources import SignatureOpening
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import DOMAIN, FOUNDERS, Actor, model_rulebook
from tests.support.model_rules import model_rules
from tests.support.organisations import Simulation, with_item

__all__ = [
    "CHAIR",
    "GARDENER",
    "PARTNER",
    "SECRETARY",
    "STRANGER",
    "TREASURER",
    "Signed",
    "act_of",
    "append",
    "call",
    "changed",
    "closed",
    "convocation",
    "decided",
    "founded",
    "joined",
    "proven_rulebook",
    "refused",
    "rule_of",
    "rules_with",
    "voting",
    "with_item",
]

CHAIR, TREASURER, SECRETARY = FOUNDERS
"""Founders, members of the bureau."""

GARDENER = Actor("gardener")
"""A member by right, outside the bureau."""

PARTNER = Actor("partner", "collective")
"""An organisation that is a member and has no vote."""

STRANGER = Actor("stranger")
"""Someone with a key who is on no register."""

Signed = tuple[Entry, tuple[SignatureOpening, ...]]
"""An entry that is not appended, and the openings of its signatures."""


@contextmanager
def refused(
    code: str, *, article: str | None = None, rule: str | None = None
) -> Iterator[pytest.ExceptionInfo[GovernanceError]]:
    """Expect the refusal ``code``, under the rule and article where they are given.

    Every refusal says what would have been accepted and what was met, and names a rule if it rests on one.
    """
    with pytest.raises(GovernanceError) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert isinstance(caught.value.found, str)
    assert isinstance(caught.value.expected, str)
    assert caught.value.expected
    if isinstance(caught.value, RuleViolation):
        assert caught.value.rule.id
    for wanted, field in ((article, "article"), (rule, "id")):
        if wanted is not None:
            assert isinstance(caught.value, RuleViolation)
            assert getattr(caught.value.rule, field) == wanted


def rules_with(*changed: AnyRule, without: Sequence[str] = ()) -> Rulebook:
    """Return the model rulebook; rules of a known id are replaced, others added, some left out."""
    by_id = {rule.id: rule for rule in (*model_rules(), *changed)}
    return model_rulebook(tuple(rule for name, rule in by_id.items() if name not in without))


def proven_rulebook() -> Rulebook:
    """Return the model rulebook where notice to each member has to be recorded before a vote."""
    rule = rule_of("notice")
    assert isinstance(rule, Notice)
    return rules_with(msgspec.structs.replace(rule, proven=True))


def rule_of(identifier: str) -> AnyRule:
    """Return a rule of the model rulebook."""
    return next(rule for rule in model_rules() if rule.id == identifier)


def founded(
    rulebook: Rulebook | None = None, *, signing: SigningDomain = DOMAIN
) -> tuple[Simulation, MemoryLedger]:
    """Return an organisation with three founders, and the gardener admitted by right."""
    simulation, ledger = Simulation.in_memory()
    simulation.found(rulebook=rulebook, signing=signing)
    simulation.apply(GARDENER)
    simulation.admit(GARDENER)
    return simulation, ledger


def joined(rulebook: Rulebook | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation with the partner as its fifth member, who has no vote."""
    simulation, ledger = founded(rulebook)
    simulation.apply(PARTNER)
    simulation.admit(PARTNER, officer=CHAIR)
    return simulation, ledger


def voting(*motions: str, rulebook: Rulebook | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation while it votes on ordinary motions, by default on "bridge"."""
    simulation, ledger = joined(rulebook)
    for motion in motions or ("bridge",):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "spring", *(motions or ("bridge",)))
    simulation.advance(days=15)
    return simulation, ledger


def closed(
    votes: dict[Actor, str], *, rulebook: Rulebook | None = None
) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after the vote on "bridge"."""
    simulation, ledger = voting(rulebook=rulebook)
    for voter, choice in votes.items():
        simulation.cast(voter, "bridge", choice)
    simulation.advance(days=2)
    simulation.close("spring")
    return simulation, ledger


def decided(
    simulation: Simulation, assembly: str, *motions: str, voters: Sequence[Actor] = FOUNDERS
) -> None:
    """Carry pending motions through an assembly in which all voters say yes.

    What follows from the last of them is not carried out yet.
    """
    simulation.convene(CHAIR, assembly, *motions)
    simulation.advance(days=15)
    for motion in motions:
        for voter in voters:
            simulation.cast(voter, motion, "yes")
    simulation.advance(days=2)
    simulation.close(assembly)
    for motion in motions:
        simulation.decide(motion)
        if motion != motions[-1]:
            simulation.enact()


def append(ledger: MemoryLedger, signed: Signed) -> int:
    """Append a signed entry."""
    entry, openings = signed
    return ledger.append(entry, signatures=openings)


def changed(entry: Entry, **fields: object) -> Entry:
    """Return the entry with other fields of its act, its signatures as they were."""
    return msgspec.structs.replace(entry, data=msgspec.structs.replace(entry.data, **fields))


def call(simulation: Simulation, *motions: str, days: int = 15, hours: int = 48) -> Call:
    """Return a call of the assembly "spring"."""
    return simulation.call("spring", *motions, days=days, hours=hours)


def convocation(simulation: Simulation, ledger: MemoryLedger, asked: Call) -> AssemblyConvened:
    """Return the lawful answer to a call, its rolls kept."""
    return simulation.answer(ledger, asked)


def act_of(ledger: MemoryLedger, index: int) -> Act:
    """Return the act at an index."""
    return ledger.entries[index].data
