"""What members of a small organisation do in random histories, and what is asked of every answer.

An act that is refused changes nothing and says what to do instead; one that got in is judged by a slow model
that reads the ledger aloud (``literal_reading``, ``literal_verdict``).
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

import msgspec
from hypothesis import event

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    DecisionMade,
    Effect,
    ElectionEffect,
    LotsDrawn,
    MotionKind,
    Outcome,
    RatificationEffect,
    RevocationEffect,
    SeatGiven,
)
from backend.domain.decisions import decide, lots_awaited
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError, RuleViolation
from backend.domain.fold import evolve
from backend.domain.instants import format_instant
from backend.domain.lawfulness import check
from backend.domain.messages import LANGUAGES, UNWORDED, WORDING, message
from backend.domain.rulebook.membership import Levels
from backend.domain.state import State
from tests.support.literal_reading import LiteralReading
from tests.support.literal_verdict import check_accepted
from tests.support.machine_contests import CROSSINGS, crossing, words_of
from tests.support.machine_rules import OPEN_MATTER, RECALL, machine_rulebook
from tests.support.model_organisation import (
    CARING_TEXT,
    FOUNDERS,
    MODEL_TEXT,
    Actor,
    digest,
    mandate_of,
)
from tests.support.organisations import Simulation

PEOPLE: Final = (*FOUNDERS, Actor("gardener"), Actor("visitor"), Actor("baker"), Actor("miller"))
"""Natural persons, the founders first."""

ACTORS: Final = (*PEOPLE, Actor("partner", "collective"))
"""Everyone who acts; the last one never has a vote."""

BY_ID: Final = {actor.id: actor for actor in ACTORS}
"""Everyone by pseudonym."""

ENDED: Final = ("yearly", "quorum-general", "channels-council", "majority-recall")
"""Rules that abrogations end."""

OUTCOMES: Final[tuple[Outcome, ...]] = ("adopted", "rejected", "no_quorum")
"""How a decision may end."""

CHANNELS: Final[dict[str, Literal["remote", "room"]]] = {
    "assembly": "remote",
    "general": "room",
    "council": "remote",
}
"""Where each session votes."""

STAGES: Final = ("notice", "attendance", "opening", "votes", "waiting", "closing", "decision")
"""What a session may leave out."""

NOTHING: Final = "nothing"
"""An id that names nothing."""


class GovernancePlay:
    """An organisation whose members do what they like, and a ledger that takes what is lawful."""

    def __init__(self) -> None:
        super().__init__()
        self.simulation, self.ledger = Simulation.in_memory()
        self.reading = LiteralReading(self.ledger.sources.document)
        self.counter = 0

    @property
    def state(self) -> State:
        return self.ledger.state

    def attempt(self, act: Callable[[], object]) -> bool:
        """Try an act; a refusal is worded and changes nothing, what got in is judged by the model."""
        before, size = self.state, len(self.ledger.entries)
        try:
            act()
        except GovernanceError as refusal:
            check_refusal(refusal)
            event(f"refused {refusal.code}")
            assert (self.state, len(self.ledger.entries)) == (before, size)
            return False
        for entry in self.ledger.entries[size:]:
            event(f"accepted {entry.data.act}")
            self.reading.read(entry.to_bytes())
            check_accepted(self.reading, len(self.reading.entries) - 1)
        return True

    def refuse(self, act: Callable[[], object]) -> None:
        """Try an act that no rule lets in."""
        assert not self.attempt(act), "an unlawful act got in"

    def name(self, noun: str) -> str:
        self.counter += 1
        return f"{noun}-{self.counter}"

    def motions(self, *status: str) -> list[str]:
        return sorted(name for name, each in self.state.motions.items() if each.status in status)

    def sessions(self, *, closed: bool) -> list[str]:
        return sorted(name for name, each in self.state.assemblies.items() if each.closed == closed)

    def undecided(self) -> list[str]:
        return self.motions("closed")

    def propose(self, actor: Actor, kind: MotionKind, number: int, backers: set[Actor]) -> str:
        """Propose a motion, and support it; returns its name."""
        name = self.name(kind.replace("_", "-"))
        if self.attempt(self.proposal(actor, name, kind, number)):
            for backer in sorted(backers, key=lambda each: each.role):
                self.attempt(partial(self.simulation.support, backer, name))
        return name

    def proposal(
        self, actor: Actor, name: str, kind: MotionKind, number: int
    ) -> Callable[[], object]:
        """Return the act that proposes a motion of a kind."""
        simulation = self.simulation
        match kind:
            case "constituent":
                rulebook = machine_rulebook(
                    quorum=((1, 4), (1, 2), (3, 4))[number % 3],
                    strict=number > 2,
                    notice=(10, 15, 20)[number % 3],
                )
                text = (MODEL_TEXT, CARING_TEXT)[number % 2]
                return partial(
                    simulation.propose_statutes, actor, name, text=text, rulebook=rulebook
                )
            case "internal_rules":
                levels = Levels(
                    id=f"levels-{self.counter}", article="21", modality="must", levels=("village",)
                )
                return partial(simulation.propose_internal_rules, actor, name, levels)
            case "interpretation":
                return partial(
                    simulation.propose_interpretation, actor, name, OPEN_MATTER.id, RECALL
                )
            case _:
                effect = self.effect(kind, number)
                return partial(simulation.propose_effect, actor, name, kind, effect)

    def effect(self, kind: MotionKind, number: int) -> Effect:
        """Return the effect of a motion that names no documents."""
        holder = PEOPLE[(number + 3) % len(PEOPLE)]
        match kind:
            case "abrogative":
                return AbrogationEffect(rule=ENDED[number % len(ENDED)])
            case "revocatory":
                mandates = sorted(self.state.mandates)
                mandate = mandates[number % len(mandates)]
                about = [
                    name
                    for name, each in self.state.proceedings.items()
                    if each.data.mandate == mandate
                ]
                return RevocationEffect(mandate, about[0] if about else None)
            case "election":
                standing = (holder, PEOPLE[number])[: 1 + number % 2]
                seats = tuple(
                    SeatGiven(self.name("audit"), "auditor", each.id) for each in standing
                )
                starts = format_instant(self.simulation.now + timedelta(days=20))[:10]
                return ElectionEffect(
                    "audit", "designation", starts, attested=True, seats=seats, elects=number % 2
                )
            case "affiliation":
                return AffiliationEffect("The valley", joins=number < 4)
            case "ratification":
                made = sorted(self.state.internal_rules) or ["nothing"]
                return RatificationEffect(made[-1])
            case _:
                return crossing(number if kind == "legislative" else 0)

    def accuse(self, accuser: Actor, holder: Actor, serves: Actor, *, replies: bool) -> None:
        """Ask for the recall of a member of the bureau, who is heard."""
        name, mandate = self.name("proceeding"), mandate_of(holder)
        simulation = self.simulation
        self.attempt(
            lambda: simulation.accuse(accuser, name, holder, measure="revocation", mandate=mandate)
        )
        self.attempt(lambda: simulation.serve(serves, name))
        if replies:
            self.attempt(lambda: simulation.reply(holder, name))

    def call(
        self,
        officer: Actor,
        motions: list[str],
        *,
        days: int,
        hours: int,
        tells: bool,
        session: str,
        previous: str | None = None,
    ) -> str:
        """Call a session and record notices, where it is told; returns its name."""
        name, simulation = self.name("session"), self.simulation
        channel = CHANNELS[session]
        called = self.attempt(
            lambda: simulation.convene(
                officer,
                name,
                *motions,
                days=days,
                hours=hours,
                session=session,
                channel=channel,
                round_=1 if previous is None else 2,
                previous=previous,
            )
        )
        if called and tells:
            self.tell(name, officer)
        return name

    def tell(self, name: str, officer: Actor) -> None:
        """Record notices, by post."""
        self.attempt(lambda: self.simulation.record_notices(officer, name, channel="post"))

    def go_through(
        self, name: str, officer: Actor, there: list[bool], votes: list[list[str]], *, omitted: str,
        hands: bool,
    ) -> None:  # fmt: skip
        """Go through the stages of a session but one."""
        assembly = self.state.assembly(name)
        simulation, stages = self.simulation, {*STAGES} - {omitted}
        if "notice" in stages and assembly.notice_entry is None:
            self.tell(name, officer)
        if "waiting" in stages:
            self.wait_until(assembly.opens_at)
        members = [BY_ID[member] for member in sorted(assembly.electors)]
        here = [member for member, comes in zip(members, there, strict=False) if comes]
        for member in here if "attendance" in stages else ():
            where = CHANNELS[assembly.data.call.session]
            self.attempt(partial(simulation.attend, member, name, where))
        if hands and here:
            self.represent(name, [each for each in members if each not in here], here)
        if "opening" in stages:
            self.attempt(partial(simulation.open, officer, name))
        for item, choices in zip(assembly.data.agenda, votes, strict=False):
            if "votes" in stages:
                self.vote(name, item.motion, members, choices, here if hands else [])
        if "waiting" in stages:
            self.wait_until(assembly.closes_at)
        self.conclude(name, stages)

    def represent(self, assembly: str, absent: list[Actor], here: list[Actor]) -> None:
        """Let those who are absent be represented by those who are there."""
        for place, grantor in enumerate(absent):
            proxy, holder = self.name("proxy"), here[place % len(here)]
            self.attempt(partial(self.simulation.give_proxy, grantor, proxy, assembly, holder))

    def conclude(self, name: str, stages: set[str]) -> None:
        """Close a session and decide its motions."""
        if "closing" in stages:
            self.attempt(partial(self.simulation.close, name))
        for item in self.state.assembly(name).data.agenda if "decision" in stages else ():
            self.decide(item.motion)

    def wait_until(self, at: str) -> None:
        self.simulation.now = max(self.simulation.now, datetime.fromisoformat(at))

    def vote(
        self,
        assembly: str,
        motion: str,
        members: list[Actor],
        choices: list[str],
        hands: list[Actor],
    ) -> None:
        """Vote on a motion as its rules have it, an absent member by who stands for them, if anyone."""
        data = self.state.motion(motion).data
        words = words_of(data.kind, data.effect, members=len(members))
        if data.kind == "election":
            # One paper more than there are people, where the last choice is none.
            papers = choices[: len(hands) + (not choices[-1])]
            tally = Counter(dict.fromkeys(words.values(), 0))
            tally.update(words[each] for each in papers if each)
            tellers = (hands or members)[:2]
            self.attempt(lambda: self.simulation.count_urn(tellers, assembly, motion, tally))
            return
        given = self.state.assembly(assembly).proxies.values()
        for member, choice in zip(members, choices, strict=False):
            hand = next((BY_ID[each.holder] for each in given if each.grantor == member.id), None)
            if choice:
                self.cast(member, motion, words[choice], hand=hand if hand in hands else None)

    def cast(self, member: Actor, motion: str, choice: str, *, hand: Actor | None = None) -> None:
        index = len(self.ledger.entries)
        self.reading.votes[index] = (member.id, choice)
        if not self.attempt(lambda: self.simulation.cast(member, motion, choice, hand=hand)):
            del self.reading.votes[index]

    def decide(self, motion: str) -> None:
        """Decide, after lots where the decision waits for them, and carry out what follows."""
        found = self.state.motions.get(motion)
        if found is not None and lots_awaited(self.state, motion, self.ledger.sources):
            self.refuse(lambda: self.simulation.decide(motion))
            self.refuse(partial(self.draw, motion, size=0))
            assert self.attempt(partial(self.draw, motion, size=self.state.size))
        self.refuse(partial(self.draw, motion, size=self.state.size))
        if self.state.motion(motion).status == "closed":
            self.forge_decision(motion)
        self.attempt(lambda: self.simulation.decide(motion))
        while self.simulation.pending():
            assert self.attempt(self.simulation.enact_next)

    def draw(self, motion: str, *, size: int) -> None:
        """Draw lots on a tie, from a block that follows from their number."""
        chain = self.state.founded().signing.chain_id
        seed = digest("block", motion).hex()
        drawn = LotsDrawn(motion=motion, chain_id=chain, size=size, block=size, seed=seed)
        self.simulation.system_act(lambda _: drawn)

    def publish(self, decision: DecisionMade) -> None:
        """Append a decision as it is."""
        self.simulation.system_act(lambda _: decision)

    def forge_decision(self, motion: str) -> None:
        """Try every outcome but the derived one, and every derivation with a step less."""
        true = decide(self.state, motion, self.ledger.sources)
        forged = [msgspec.structs.replace(true, chosen=(CROSSINGS[0], *true.chosen))]
        forged += [
            msgspec.structs.replace(true, outcome=outcome)
            for outcome in OUTCOMES
            if outcome != true.outcome
        ]
        steps = true.derivation
        forged += [
            msgspec.structs.replace(true, derivation=steps[:place] + steps[place + 1 :])
            for place in range(len(steps))
        ]
        for each in forged:
            self.refuse(partial(self.publish, each))

    def replay(self) -> None:
        """Replay: every entry is lawful again, every state and every decision comes out the same."""
        state, sources = State(), self.ledger.sources
        for index, kept in enumerate(self.ledger.entries):
            entry = Entry.from_bytes(kept.to_bytes())
            assert check(state, entry, sources) == 0
            if isinstance(entry.data, DecisionMade):
                assert decide(state, entry.data.motion, sources) == entry.data
            state = evolve(state, entry, sources)
            assert state == self.ledger.states[index + 1]
        for motion, index in state.decided.items():
            assert state.decisions[motion] == self.ledger.entries[index].data


def pick(names: list[str], number: int) -> str:
    """Return one of some names, or one that names nothing."""
    return names[number % len(names)] if names else NOTHING


def check_refusal(refusal: GovernanceError) -> None:
    """Check that a refusal names its rule and says in both languages what to do."""
    if isinstance(refusal, RuleViolation):
        assert refusal.rule.id
        assert bool(refusal.rule.article) != refusal.rule.id.startswith("psephos.")
    for language in LANGUAGES:
        assert refusal.code in WORDING[language], refusal.code
        assert refusal.code != UNWORDED
        worded = message(refusal, language)
        assert all(text.strip() for text in (worded.title, worded.detail, worded.remedy))
        if isinstance(refusal, RuleViolation) and refusal.rule.article:
            assert worded.detail.startswith(f"Article {refusal.rule.article}")
