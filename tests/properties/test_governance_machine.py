"""Random histories of a small organisation: lawful acts get in, unlawful ones change nothing.

A slow model reads the ledger aloud (``literal_reading``, ``literal_verdict``) and judges every vote and every
decision that got in by the rules in force at the call. Each history is replayed at its end.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import msgspec
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    DecisionMade,
    Effect,
    ElectionEffect,
    MotionKind,
    MotionSupported,
    Outcome,
    RatificationEffect,
    ResolutionEffect,
    RevocationEffect,
    SeatGiven,
)
from backend.domain.decisions import decide
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
from tests.support.machine_rules import OPEN_MATTER, RECALL, machine_rulebook
from tests.support.model_organisation import CARING_TEXT, FOUNDERS, MODEL_TEXT, Actor, mandate_of
from tests.support.organisations import Simulation

CHAIR = FOUNDERS[0]
PEOPLE = (*FOUNDERS, Actor("gardener"), Actor("visitor"), Actor("baker"), Actor("miller"))
PARTNER = Actor("partner", "collective")
ACTORS = (*PEOPLE, PARTNER)
BY_ID = {actor.id: actor for actor in ACTORS}

ENDED: tuple[str, ...] = ("yearly", "quorum-general", "channels-council", "majority-recall")
"""Rules that abrogations end."""

KINDS: tuple[MotionKind, ...] = (
    "legislative", "constituent", "abrogative", "revocatory", "election", "affiliation",
    "internal_rules", "ratification", "interpretation",
)  # fmt: skip

CHANNELS: dict[str, Literal["remote", "room"]] = {
    "assembly": "remote",
    "general": "room",
    "council": "remote",
}
"""Where each session votes."""

STAGES = ("notice", "attendance", "opening", "votes", "waiting", "closing", "decision", "nothing")
"""What a session may leave out; mostly nothing is."""

NOTHING = "nothing"
"""An id that names nothing."""

people = st.sampled_from((*FOUNDERS, *ACTORS))
officers = st.sampled_from((*FOUNDERS, *FOUNDERS, *ACTORS))
numbers = st.integers(0, 5)
ballots = st.lists(
    st.sampled_from(("yes", "yes", "yes", "no", "abstain", "")), min_size=7, max_size=7
)
attendances = st.lists(st.sampled_from((True, True, False)), min_size=7, max_size=7)
omissions = st.sampled_from((*STAGES, *("nothing",) * 12))
OUTCOMES: tuple[Outcome, ...] = ("adopted", "rejected", "no_quorum")


class Organisation(RuleBasedStateMachine):
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

    @initialize()
    def found(self) -> None:
        assert self.attempt(lambda: self.simulation.found(rulebook=machine_rulebook()))
        for actor in PEOPLE[3:5]:
            assert self.attempt(partial(self.simulation.apply, actor))
            assert self.attempt(partial(self.simulation.admit, actor))

    @rule(hours=st.sampled_from((1, 5, 24, 72, 16 * 24, 40 * 24)))
    def wait(self, *, hours: int) -> None:
        self.simulation.advance(hours=hours)

    @rule(actor=people, officer=st.none() | officers)
    def join(self, *, actor: Actor, officer: Actor | None) -> None:
        self.attempt(lambda: self.simulation.apply(actor))
        self.attempt(lambda: self.simulation.admit(actor, officer=officer))

    @rule(actor=people, leaves=st.sampled_from(("seat", "seat", "membership")))
    def leave(self, *, actor: Actor, leaves: str) -> None:
        if leaves == "membership":
            self.attempt(lambda: self.simulation.resign(actor))
        else:
            self.attempt(lambda: self.simulation.resign_mandate(actor, mandate_of(actor)))

    @rule(actor=people, kind=st.sampled_from(KINDS), number=numbers, backers=st.sets(people))
    def propose(self, actor: Actor, kind: MotionKind, number: int, backers: set[Actor]) -> None:
        name = self.name(kind.replace("_", "-"))
        if self.attempt(self.proposal(actor, name, kind, number)):
            for backer in sorted(backers, key=lambda each: each.role):
                self.attempt(partial(self.simulation.support, backer, name))

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
                seats = (SeatGiven(self.name("audit"), "auditor", holder.id),)
                starts = format_instant(self.simulation.now + timedelta(days=20))[:10]
                return ElectionEffect("audit", "designation", starts, attested=True, seats=seats)
            case "affiliation":
                return AffiliationEffect("The valley", joins=number < 4)
            case "ratification":
                made = sorted(self.state.internal_rules) or ["nothing"]
                return RatificationEffect(made[-1])
            case _:
                return ResolutionEffect()

    @rule(number=numbers, actor=people, what=st.sampled_from(("support", "amend", "withdraw")))
    def change_motion(self, *, number: int, actor: Actor, what: str) -> None:
        motion = pick(self.motions("proposed"), number)
        act = getattr(self.simulation, what)
        self.attempt(lambda: act(actor, motion))

    @rule(accuser=people, holder=st.sampled_from(FOUNDERS), serves=officers, replies=st.booleans())
    def accuse(self, *, accuser: Actor, holder: Actor, serves: Actor, replies: bool) -> None:
        """Ask for the recall of a member of the bureau, who is heard."""
        name, mandate = self.name("proceeding"), mandate_of(holder)
        simulation = self.simulation
        self.attempt(
            lambda: simulation.accuse(accuser, name, holder, measure="revocation", mandate=mandate)
        )
        self.attempt(lambda: simulation.serve(serves, name))
        if replies:
            self.attempt(lambda: simulation.reply(holder, name))

    @rule(
        number=numbers, officer=officers, days=st.sampled_from((2, 3, 9, 10, 14, 15, 15, 20, 20)),
        hours=st.sampled_from((1, 3, 48)), tells=st.sampled_from((True, True, True, False)),
        session=st.sampled_from(("assembly", "assembly", "general", "council")),
    )  # fmt: skip
    def convene(
        self,
        *,
        number: int,
        officer: Actor,
        days: int,
        hours: int,
        tells: bool,
        session: str,
    ) -> None:
        pending = self.motions("proposed")
        motions = pending[number % 3 :][:3] or [NOTHING]
        self.call(officer, motions, days=days, hours=hours, tells=tells, session=session)

    def call(
        self,
        officer: Actor,
        motions: list[str],
        *,
        days: int,
        hours: int,
        tells: bool,
        session: str,
    ) -> str:
        """Call a session and record notices, where it is told; returns its name."""
        name, simulation = self.name("session"), self.simulation
        channel = CHANNELS[session]
        called = self.attempt(
            lambda: simulation.convene(
                officer, name, *motions, days=days, hours=hours, session=session, channel=channel
            )
        )
        if called and tells:
            self.tell(name, officer)
        return name

    def tell(self, name: str, officer: Actor) -> None:
        """Record notices, by post."""
        self.attempt(lambda: self.simulation.record_notices(officer, name, channel="post"))

    @rule(number=numbers, officer=officers, days=st.sampled_from((3, 14, 15, 15, 15, 70, 100)))
    def convene_again(self, *, number: int, officer: Actor, days: int) -> None:
        motion = pick(self.motions("no_quorum"), number)
        if motion == NOTHING:
            return
        previous = self.state.poll(motion).assembly
        session = self.state.assembly(previous).data.call.session
        channel = CHANNELS[session]
        name = self.name("again")
        called = self.attempt(
            lambda: self.simulation.convene(
                officer, name, motion,
                days=days, session=session, channel=channel, round_=2, previous=previous,
            )
        )  # fmt: skip
        if called:
            self.tell(name, officer)

    @rule(number=numbers, actor=people, others=st.sets(people), days=st.sampled_from((3, 15, 20)))
    def ask_together(self, *, number: int, actor: Actor, others: set[Actor], days: int) -> None:
        """Draft a session, support it, and call it on the strength of that."""
        motion = pick(self.motions("proposed"), number)
        draft, name, simulation = self.name("draft"), self.name("asked"), self.simulation
        self.attempt(lambda: simulation.draft(actor, draft, motion))
        for other in sorted(others, key=lambda each: each.role):
            self.attempt(partial(simulation.support_draft, other, draft))
        self.attempt(lambda: simulation.convene(actor, name, motion, days=days, draft=draft))

    @rule(number=numbers, grantor=people, holder=people, back=st.booleans())
    def represent(self, *, number: int, grantor: Actor, holder: Actor, back: bool) -> None:
        assembly = pick(self.sessions(closed=False), number)
        proxy = self.name("proxy")
        self.attempt(lambda: self.simulation.give_proxy(grantor, proxy, assembly, holder))
        if back:
            self.attempt(lambda: self.simulation.revoke_proxy(grantor, proxy))

    @rule(number=numbers, actor=people, withdrawn=st.booleans())
    def object(self, *, number: int, actor: Actor, withdrawn: bool) -> None:
        motion = pick(self.motions("proposed", "convened"), number)
        objection = self.name("objection")
        self.attempt(lambda: self.simulation.object(actor, objection, motion))
        if withdrawn:
            self.attempt(lambda: self.simulation.resolve(actor, objection))

    @rule(
        number=numbers, officer=officers, there=attendances, votes=st.lists(ballots, min_size=3, max_size=3),
        omitted=omissions,
        by_proxy=st.booleans(),
    )  # fmt: skip
    def hold(
        self, *, number: int, officer: Actor, there: list[bool], votes: list[list[str]],
        omitted: str, by_proxy: bool,
    ) -> None:  # fmt: skip
        """Hold a session from its opening to its decisions, perhaps with one stage left out."""
        name = pick(self.sessions(closed=False), number)
        if name != NOTHING:
            self.go_through(name, officer, there, votes, omitted=omitted, hands=by_proxy)

    @rule(
        kind=st.sampled_from(KINDS), number=numbers, officer=st.sampled_from(FOUNDERS),
        session=st.sampled_from(("usual", "usual", "usual", "assembly", "general", "council")),
        there=attendances, choices=ballots, omitted=omissions,
    )  # fmt: skip
    def carry(
        self, *, kind: MotionKind, number: int, officer: Actor, session: str, there: list[bool],
        choices: list[str], omitted: str,
    ) -> None:  # fmt: skip
        """Take a motion from its proposal to its decision, mostly where its kind is decided."""
        if session == "usual":
            session = {"election": "general", "internal_rules": "council"}.get(kind, "assembly")
        if kind == "revocatory":
            mandate = pick(sorted(self.state.mandates), number)
            holder = BY_ID[self.state.mandates[mandate].holder]
            self.accuse(accuser=officer, holder=holder, serves=officer, replies=True)
        self.propose(actor=officer, kind=kind, number=number, backers={*FOUNDERS} - {officer})
        motion = f"{kind.replace('_', '-')}-{self.counter}"
        self.simulation.advance(days=2)
        name = self.call(officer, [motion], days=20, hours=48, tells=True, session=session)
        if name in self.state.assemblies:
            self.go_through(name, officer, there, [choices], omitted=omitted, hands=True)

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
        if "opening" in stages:
            self.attempt(partial(simulation.open, officer, name))
        for item, choices in zip(assembly.data.agenda, votes, strict=False):
            if "votes" in stages:
                self.vote(name, item.motion, members, choices, here if hands else [])
        if "waiting" in stages:
            self.wait_until(assembly.closes_at)
        self.conclude(name, stages)

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
        kind = self.state.motion(motion).data.kind
        if kind == "election":
            tally = {choice: choices.count(choice) for choice in ("yes", "no", "abstain")}
            tellers = (hands or members)[:2]
            self.attempt(lambda: self.simulation.count_urn(tellers, assembly, motion, tally))
            return
        given = self.state.assembly(assembly).proxies.values()
        for member, choice in zip(members, choices, strict=False):
            hand = next((BY_ID[each.holder] for each in given if each.grantor == member.id), None)
            cast = {"yes": "consent"}.get(choice, "abstain") if kind == "affiliation" else choice
            if cast:
                self.cast(member, motion, cast, hand=hand if hand in hands else None)

    def cast(self, member: Actor, motion: str, choice: str, *, hand: Actor | None = None) -> None:
        index = len(self.ledger.entries)
        self.reading.votes[index] = (member.id, choice)
        if not self.attempt(lambda: self.simulation.cast(member, motion, choice, hand=hand)):
            del self.reading.votes[index]

    @rule(number=numbers, choice=st.sampled_from(("yes", "no")), hand=st.none() | people)
    def cast_again(self, *, number: int, choice: str, hand: Actor | None) -> None:
        """Vote on what is on an agenda, whatever the time is."""
        motion = pick(self.motions("convened"), number)
        if motion == NOTHING:
            return
        electors = self.state.assembly(self.state.poll(motion).assembly).electors
        member = BY_ID[pick(sorted(electors), number)]
        self.cast(member, motion, choice, hand=hand)

    @rule(number=numbers, late=st.booleans())
    def close(self, *, number: int, late: bool) -> None:
        name = pick(self.sessions(closed=False), number)
        if late and name != NOTHING:
            self.wait_until(self.state.assembly(name).closes_at)
        self.attempt(lambda: self.simulation.close(name))

    def decide(self, motion: str) -> None:
        """Decide, and carry out what follows."""
        if self.state.motion(motion).status == "closed":
            self.forge_decision(motion)
        self.attempt(lambda: self.simulation.decide(motion))
        while self.simulation.pending():
            assert self.attempt(self.simulation.enact_next)

    def publish(self, decision: DecisionMade) -> None:
        """Append a decision as it is."""
        self.simulation.system_act(lambda _: decision)

    def forge_decision(self, motion: str) -> None:
        """Try every outcome but the derived one, and every derivation with a step less."""
        true = decide(self.state, motion, self.ledger.sources)
        forged = [
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

    @rule(number=numbers)
    def settle(self, number: int) -> None:
        motion = pick(self.undecided(), number)
        if motion != NOTHING:
            self.decide(motion)

    @rule(number=numbers, outcome=st.sampled_from(OUTCOMES))
    def decide_again(self, number: int, outcome: Outcome) -> None:
        """A motion that is decided is not decided otherwise, nor once more."""
        motion = pick(sorted(self.state.decisions), number)
        if motion == NOTHING:
            return
        known = self.state.decisions[motion]
        again = msgspec.structs.replace(known, outcome=outcome)
        self.refuse(partial(self.publish, again))

    @rule(number=numbers, author=people, signer=people)
    def forge_signature(self, *, number: int, author: Actor, signer: Actor) -> None:
        """Nobody signs for another, and no act is older than the last."""
        motion = pick(self.motions("proposed"), number)
        if author != signer:
            act = MotionSupported(motion)
            self.refuse(lambda: self.simulation.act(author, act, signers=(signer,)))
        self.simulation.advance(days=-400)
        self.refuse(lambda: self.simulation.support(author, motion))
        self.simulation.advance(days=400)

    def teardown(self) -> None:
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


TestOrganisation = Organisation.TestCase
TestOrganisation.settings = settings(
    max_examples=max(10, settings().max_examples // 15), stateful_step_count=50
)
