"""A member's life in random histories: what gets in, and who stands where, is as a literal reading says."""

from collections.abc import Callable, Mapping

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backend.domain.errors import GovernanceError
from backend.domain.fold import evolve
from backend.domain.rulebook.membership import IdentityDemand
from backend.domain.state import State
from tests.support.admission_world import assembled, careful_rules
from tests.support.governance import CHAIR, GARDENER, SECRETARY, STRANGER, TREASURER
from tests.support.literal_admission import (
    APPEAL_DAYS,
    OBJECTION_DAYS,
    VOUCHERS,
    Deed,
    LiteralAdmission,
)
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation

OFFICERS = (CHAIR, TREASURER, SECRETARY)
PEOPLE = (*OFFICERS, GARDENER, STRANGER, Actor("walker"), Actor("runner"), Actor("rider"))
BY_ROLE = {actor.role: actor for actor in PEOPLE}

Act = Callable[[Simulation, Actor, Actor, bool], object]

ACTS: Mapping[str, Act] = {
    "apply": lambda play, _, who, __: play.apply(who),
    "present": lambda play, by, who, _: play.present(by, "harbour", who),
    "check": lambda play, by, who, shown: play.check_identity(
        by, who, evidence="document" if shown else "known"
    ),
    "vouch": lambda play, by, who, _: play.vouch(by, who),
    "object": lambda play, by, who, _: play.object_to(by, who),
    "admit": lambda play, by, who, _: play.admit(who, officer=by),
    "refuse": lambda play, by, who, _: play.refuse(by, who),
    "appeal": lambda play, _, who, __: play.contest_refusal(who),
    "uphold": lambda play, by, who, _: play.answer_refusal(by, who, upheld=True),
    "reopen": lambda play, by, who, _: play.answer_refusal(by, who, upheld=False),
    "resign": lambda play, _, who, __: play.resign(who),
    "end": lambda play, by, who, _: play.end_membership(by, who),
    "reapply": lambda play, _, who, __: play.reapply(who),
}
WEIGHTED = (
    *ACTS,
    *("check", "vouch", "vouch", "admit", "refuse", "appeal", "reopen", "uphold") * 2,
)
"""What is drawn: what brings an application further comes more often."""

OWN = ("apply", "appeal", "resign", "reapply")
"""Acts that people do for themselves only; that others cannot is tested apart."""


class Lives(RuleBasedStateMachine):
    """Each step is one act by anybody about anybody; most that are drawn are lawful."""

    @initialize()
    def found(self) -> None:
        rules = careful_rules(
            checks=IdentityDemand("substantial", ("document",)),
            vouchers=VOUCHERS,
            objection_days=OBJECTION_DAYS,
            appeal_days=APPEAL_DAYS,
        )
        self.simulation, self.ledger = assembled(rules)
        self.simulation.open_centre(CHAIR, "harbour", GARDENER)
        self.model = LiteralAdmission([each.role for each in OFFICERS], GARDENER.role)
        for actor in PEOPLE[:4]:
            self.model.deeds.append(Deed("found", actor.role, actor.role, 0))
        self.day = 0
        for actor in PEOPLE[4:7]:
            self.settle(Deed("apply", actor.role, actor.role, 0))

    @rule(days=st.integers(1, 4))
    def wait(self, *, days: int) -> None:
        self.simulation.advance(days=days)
        self.day += days

    @rule(
        data=st.data(),
        what=st.sampled_from(WEIGHTED),
        lawful=st.sampled_from((True, True, True, False)),
    )
    def act(self, *, data: st.DataObject, what: str, lawful: bool) -> None:
        deeds = self.deeds(what)
        allowed = [deed for deed in deeds if self.model.allows(deed)] if lawful else []
        deed = data.draw(st.sampled_from(allowed or deeds), label="deed")
        self.settle(deed)

    @rule(data=st.data(), what=st.sampled_from(("admit", "refuse")))
    def decide(self, *, data: st.DataObject, what: str) -> None:
        """Give an application all it needs, and have it decided."""
        applicants = [each for each in PEOPLE if self.model.status(each.role) == "applied"]
        who = data.draw(st.sampled_from(applicants or PEOPLE), label="who")
        self.wait(days=OBJECTION_DAYS + 1)
        for step in ("check", "vouch", "vouch", what):
            deeds = [
                each
                for each in self.deeds(step)
                if each.who == who.role and (each.shown or step != "check")
            ]
            allowed = [each for each in deeds if self.model.allows(each)]
            self.settle(data.draw(st.sampled_from(allowed or deeds), label=step))

    def deeds(self, what: str) -> list[Deed]:
        """Return every way in which something may be tried now."""
        return [
            Deed(what, who.role if what in OWN else by.role, who.role, self.day, shown)
            for who in PEOPLE
            for by in (PEOPLE[:1] if what in OWN else PEOPLE)
            for shown in ((True, False) if what == "check" else (False,))
        ]

    def settle(self, deed: Deed) -> None:
        """Try a deed: it gets in exactly if the literal reading allows it, and otherwise changes nothing."""
        allowed, before = self.model.allows(deed), self.ledger.state
        event(f"{deed.what}: {'may' if allowed else 'may not'}")
        assert self.attempt(deed) == allowed, deed
        if allowed:
            self.model.deeds.append(deed)
        else:
            assert self.ledger.state == before

    def attempt(self, deed: Deed) -> bool:
        """Do a deed; tell whether it got in."""
        try:
            ACTS[deed.what](self.simulation, BY_ROLE[deed.by], BY_ROLE[deed.who], deed.shown)
        except GovernanceError:
            return False
        return True

    @invariant()
    def everybody_stands_where_the_reading_says(self) -> None:
        members = self.ledger.state.members
        for actor in PEOPLE:
            found = members.get(actor.id)
            status = "unknown" if found is None else found.status
            assert status == self.model.status(actor.role)

    def teardown(self) -> None:
        """Fold the history again from its bytes: the state is the same."""
        state = State()
        for entry in self.ledger.entries:
            state = evolve(state, type(entry).from_bytes(entry.to_bytes()), self.ledger.sources)
        assert state == self.ledger.state


TestLives = Lives.TestCase
TestLives.settings = settings(stateful_step_count=25)
