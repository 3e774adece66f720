"""Random histories of a small organisation: lawful acts get in, unlawful ones change nothing.

``governance_machine`` says what is asked of every answer. Each history is replayed at its end.
"""

from functools import partial
from typing import Literal

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from backend.domain.acts import MotionKind, MotionSupported, Outcome
from tests.support.governance_machine import (
    ACTORS,
    BY_ID,
    NOTHING,
    OUTCOMES,
    PEOPLE,
    STAGES,
    GovernancePlay,
    pick,
)
from tests.support.machine_rules import machine_rulebook
from tests.support.model_organisation import FOUNDERS, Actor, mandate_of

KINDS: tuple[MotionKind, ...] = (
    "legislative", "constituent", "abrogative", "revocatory", "election", "affiliation",
    "internal_rules", "ratification", "interpretation",
)  # fmt: skip

numbers = st.integers(0, 5)
people = st.sampled_from((*FOUNDERS, *ACTORS))
officers = st.sampled_from((*FOUNDERS, *FOUNDERS, *ACTORS))
groups = st.sets(people)
sessions = st.sampled_from(("assembly", "general", "council"))
ballots = st.lists(
    st.sampled_from(("yes", "yes", "yes", "no", "abstain", "")), min_size=7, max_size=7
)
attendances = st.lists(st.sampled_from((True, True, False)), min_size=7, max_size=7)
omissions = st.sampled_from((*STAGES, *(NOTHING,) * 12))
"""What a session leaves out; mostly nothing."""


class Organisation(GovernancePlay, RuleBasedStateMachine):
    """Few rules, each of several acts: what hypothesis leaves out of a run are rules."""

    @initialize()
    def found(self) -> None:
        assert self.attempt(lambda: self.simulation.found(rulebook=machine_rulebook()))
        for actor in PEOPLE[3:5]:
            assert self.attempt(partial(self.simulation.apply, actor))
            assert self.attempt(partial(self.simulation.admit, actor))

    @rule(
        what=st.sampled_from(("wait", "join", "leave", "resign", "accuse")), actor=people,
        officer=st.none() | officers, number=numbers,
    )  # fmt: skip
    def live(self, *, what: str, actor: Actor, officer: Actor | None, number: int) -> None:
        """Let time pass, join, leave."""
        play = self.simulation
        match what:
            case "wait":
                play.advance(hours=(1, 5, 24, 72, 16 * 24, 40 * 24)[number])
            case "join":
                self.attempt(lambda: play.apply(actor))
                self.attempt(lambda: play.admit(actor, officer=officer))
            case "leave":
                self.attempt(lambda: play.resign_mandate(actor, mandate_of(actor)))
            case "resign":
                self.attempt(lambda: play.resign(actor))
            case _:
                holder = FOUNDERS[number % 3]
                self.accuse(actor, holder, officer or actor, replies=number > 2)

    @rule(
        what=st.sampled_from(("check", "bind", "revoke", "recover", "place", "home", "merge")),
        actor=people, officer=officers, second=officers, number=numbers,
    )  # fmt: skip
    def keep(self, *, what: str, actor: Actor, officer: Actor, second: Actor, number: int) -> None:
        """Keep the register: who people are, by which keys they sign, where they live."""
        play, device = self.simulation, Actor(f"{actor.role}-device-{number}")
        # The founders keep their keys and records: without them nothing else would happen.
        other = PEOPLE[len(FOUNDERS) + number % (len(PEOPLE) - len(FOUNDERS))]
        match what:
            case "check":
                self.attempt(lambda: play.check_identity(officer, actor))
            case "bind":
                self.attempt(lambda: play.bind(actor, device))
            case "revoke":
                self.attempt(lambda: play.revoke(actor, device))
            case "recover":
                self.attempt(lambda: play.recover(officer, second, other, device))
            case "place":
                self.attempt(lambda: play.register_place(officer, f"place-{number}", "village"))
            case "home":
                self.attempt(lambda: play.place(actor, f"place-{number}"))
            case _:
                self.attempt(lambda: play.merge(officer, second, kept=actor, dropped=other))

    @rule(
        what=st.sampled_from(
            ("propose", "propose", "support", "amend", "withdraw", "object", "represent")
        ),
        actor=people, kind=st.sampled_from(KINDS), number=numbers, others=groups,
    )  # fmt: skip
    def prepare(
        self, *, what: str, actor: Actor, kind: MotionKind, number: int, others: set[Actor]
    ) -> None:
        """Propose, change, object, be represented."""
        play = self.simulation
        proposed = pick(self.motions("proposed"), number)
        match what:
            case "propose":
                self.propose(actor, kind, number, others)
            case "support":
                self.attempt(lambda: play.support(actor, proposed))
            case "amend":
                self.attempt(lambda: play.amend(actor, proposed))
            case "withdraw":
                self.attempt(lambda: play.withdraw(actor, proposed))
            case "object":
                motion = pick(self.motions("proposed", "convened"), number)
                objection = self.name("objection")
                self.attempt(lambda: play.object(actor, objection, motion))
                if number % 2:
                    self.attempt(lambda: play.resolve(actor, objection))
            case _:
                assembly, proxy = pick(self.sessions(closed=False), number), self.name("proxy")
                self.attempt(lambda: play.give_proxy(actor, proxy, assembly, PEOPLE[number]))
                if number % 2:
                    self.attempt(lambda: play.revoke_proxy(actor, proxy))

    @rule(
        number=numbers, officer=officers, days=st.sampled_from((2, 3, 9, 10, 14, 15, 15, 20, 20)),
        hours=st.sampled_from((1, 3, 48)), tells=st.sampled_from((True, True, True, False)),
        session=sessions,
    )  # fmt: skip
    def convene(
        self, *, number: int, officer: Actor, days: int, hours: int, tells: bool, session: str
    ) -> None:
        """Call a session for up to three motions."""
        motions = self.motions("proposed")[number % 3 :][:3] or [NOTHING]
        self.call(officer, motions, days=days, hours=hours, tells=tells, session=session)

    @rule(number=numbers, actor=people, others=groups, days=st.sampled_from((3, 15, 20)))
    def ask_together(self, *, number: int, actor: Actor, others: set[Actor], days: int) -> None:
        """Draft a session, support it, and call it on the strength of that."""
        motion = pick(self.motions("proposed"), number)
        draft, name, play = self.name("draft"), self.name("asked"), self.simulation
        self.attempt(lambda: play.draft(actor, draft, motion))
        for other in sorted(others, key=lambda each: each.role):
            self.attempt(partial(play.support_draft, other, draft))
        self.attempt(lambda: play.convene(actor, name, motion, days=days, draft=draft))

    @rule(
        number=numbers, officer=officers, there=attendances, omitted=omissions,
        votes=st.lists(ballots, min_size=3, max_size=3), hands=st.booleans(),
    )  # fmt: skip
    def hold(
        self, *, number: int, officer: Actor, there: list[bool], votes: list[list[str]],
        omitted: str, hands: bool,
    ) -> None:  # fmt: skip
        """Hold a session from its opening to its decisions, perhaps with one stage left out."""
        name = pick(self.sessions(closed=False), number)
        if name != NOTHING:
            self.go_through(name, officer, there, votes, omitted=omitted, hands=hands)

    @rule(
        kind=st.sampled_from(KINDS), number=numbers, officer=st.sampled_from(FOUNDERS),
        session=st.just("usual") | sessions, there=attendances, choices=ballots, omitted=omissions,
    )  # fmt: skip
    def carry(
        self, *, kind: MotionKind, number: int, officer: Actor, session: str, there: list[bool],
        choices: list[str], omitted: str,
    ) -> None:  # fmt: skip
        """Take a motion from its proposal to its decision, half of the time where its kind is decided."""
        if session == "usual":
            usual = {"election": "general", "revocatory": "general", "internal_rules": "council"}
            session = usual.get(kind, "assembly")
        if kind == "revocatory":
            mandate = pick(sorted(self.state.mandates), number)
            holder = BY_ID[self.state.mandates[mandate].holder]
            self.accuse(officer, holder, officer, replies=True)
        motion = self.propose(officer, kind, number, {*FOUNDERS} - {officer} if number else set())
        self.simulation.advance(days=2)
        tells = omitted != "notice"
        name = self.call(officer, [motion], days=20, hours=48, tells=tells, session=session)
        if name in self.state.assemblies:
            self.go_through(name, officer, there, [choices], omitted=omitted, hands=True)

    @rule(
        number=numbers, officer=st.sampled_from(FOUNDERS), choices=ballots, there=attendances,
        ended=st.booleans(),
    )  # fmt: skip
    def carry_over(
        self, *, number: int, officer: Actor, choices: list[str], there: list[bool], ended: bool
    ) -> None:
        """Change the rules between the call and the vote of another session."""
        session = "general" if ended else "assembly"
        motion = self.propose(officer, "legislative", number, set())
        name = self.call(officer, [motion], days=60, hours=48, tells=True, session=session)
        kind: MotionKind = "abrogative" if ended else "constituent"
        self.carry(
            kind=kind, number=number or 1, officer=officer, session="usual",
            there=[True] * 7, choices=["yes"] * 7, omitted=NOTHING,
        )  # fmt: skip
        if name in self.state.assemblies:
            self.go_through(name, officer, there, [choices], omitted=NOTHING, hands=True)

    @rule(
        number=numbers, officer=officers, days=st.sampled_from((14, 15, 15, 30, 60, 100)),
        there=attendances, choices=ballots,
    )  # fmt: skip
    def carry_again(
        self, *, number: int, officer: Actor, days: int, there: list[bool], choices: list[str]
    ) -> None:
        """Take a motion of a session that was not quorate through a second convocation."""
        self.miss_quorum(officer)
        motion = pick(self.motions("no_quorum"), number)
        if motion == NOTHING:
            return
        first = self.state.poll(motion).assembly
        session = self.state.assembly(first).data.call.session
        name = self.call(
            officer, [motion], days=days, hours=48, tells=True, session=session, previous=first
        )
        if name in self.state.assemblies:
            self.go_through(name, officer, there, [choices], omitted=NOTHING, hands=False)

    def miss_quorum(self, officer: Actor) -> None:
        """Hold a session that nobody attends."""
        motion = self.propose(officer, "legislative", 0, set())
        self.simulation.advance(days=2)
        name = self.call(officer, [motion], days=20, hours=48, tells=True, session="assembly")
        if name in self.state.assemblies:
            self.go_through(name, officer, [], [], omitted="votes", hands=False)

    @rule(
        what=st.sampled_from(("cast", "close", "settle")), number=numbers,
        choice=st.sampled_from(("yes", "no")), hand=st.none() | people,
    )  # fmt: skip
    def interfere(
        self,
        *,
        what: Literal["cast", "close", "settle"],
        number: int,
        choice: str,
        hand: Actor | None,
    ) -> None:
        """Vote, close or decide, whatever the time is."""
        motion = pick(self.motions("convened"), number)
        match what:
            case "cast" if motion != NOTHING:
                electors = self.state.assembly(self.state.poll(motion).assembly).electors
                self.cast(BY_ID[pick(sorted(electors), number)], motion, choice, hand=hand)
            case "close":
                name = pick(self.sessions(closed=False), number)
                self.attempt(lambda: self.simulation.close(name))
            case "settle" if self.motions("closed"):
                self.decide(pick(self.motions("closed"), number))

    @rule(number=numbers, outcome=st.sampled_from(OUTCOMES), author=people, signer=people)
    def forge(self, *, number: int, outcome: Outcome, author: Actor, signer: Actor) -> None:
        """Nothing is decided twice, nobody signs for another, no act is older than the last."""
        decided = pick(sorted(self.state.decisions), number)
        if decided != NOTHING:
            again = msgspec.structs.replace(self.state.decisions[decided], outcome=outcome)
            self.refuse(partial(self.publish, again))
        motion = pick(self.motions("proposed"), number)
        if author != signer:
            act = MotionSupported(motion)
            self.refuse(lambda: self.simulation.act(author, act, signers=(signer,)))
        self.simulation.advance(days=-400)
        self.refuse(lambda: self.simulation.support(author, motion))
        self.simulation.advance(days=400)

    def teardown(self) -> None:
        self.replay()


TestOrganisation = Organisation.TestCase
TestOrganisation.settings = settings(
    max_examples=max(10, settings().max_examples // 20), stateful_step_count=30
)
