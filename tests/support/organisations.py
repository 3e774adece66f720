"""Plays of the model organisation for tests, on any ledger, under a fixed clock.

``Simulation`` plays the acts of an organisation into a memory ledger or into units of work. Everything is
deterministic, so the same play gives the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from backend.domain.acts import (
    AbrogationEffect,
    CommonsRegistered,
    Effect,
    FirstMandate,
    FrameworkEffect,
    InternalRulesEffect,
    InterpretationEffect,
    MotionAmended,
    MotionKind,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    ObservationRecorded,
    OrganisationFounded,
    ResolutionEffect,
    SigningDomain,
    StatutesEffect,
    StatutesReference,
)
from backend.domain.commons import valuate
from backend.domain.framework import Framework, Indicator, format_framework
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.domain.rulebook.topics import FirmRule
from backend.domain.supplements import SupplementDocument, format_supplement
from tests.support.keys_play import KeysPlay
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import (
    CARING_TEXT,
    DOMAIN,
    FOUNDERS,
    MODEL_TEXT,
    ORIGIN,
    SLUG,
    Actor,
    first_mandates,
    model_framework,
    model_rulebook,
    on_text,
    stricter_rulebook,
)
from tests.support.people_play import PeoplePlay
from tests.support.plays import commitment, put_text
from tests.support.session_play import SessionPlay, openings_of, with_item

__all__ = ["Simulation", "commitment", "openings_of", "play_whole_life", "put_text", "with_item"]


@contextmanager
def _writing(ledger: MemoryLedger) -> Iterator[MemoryLedger]:
    yield ledger


class Simulation(PeoplePlay, KeysPlay, SessionPlay):
    """Plays acts of the model organisation; each method is one act and returns its index."""

    @classmethod
    def in_memory(cls) -> "tuple[Simulation, MemoryLedger]":
        """Return a simulation and the memory ledger that it writes."""
        ledger = MemoryLedger()
        return cls(lambda: _writing(ledger)), ledger

    def statutes(self, book: Book, *, text: str, rulebook: Rulebook) -> StatutesReference:
        """Store the documents of a version; the rulebook is made one of the text."""
        rules = format_rulebook(on_text(rulebook, text))
        return StatutesReference(
            book.put_document(text.encode()),
            book.put_document(rules),
            hashlib.sha256(rules).hexdigest(),
        )

    def found(
        self,
        *,
        founders: Sequence[Actor] = FOUNDERS,
        rulebook: Rulebook | None = None,
        text: str = MODEL_TEXT,
        mandates: Sequence[FirstMandate] | None = None,
        signing: SigningDomain = DOMAIN,
    ) -> int:
        """Found the organisation; by default founders with a vote fill the bureau."""
        rules = rulebook or model_rulebook()
        with self._writing() as book:
            data = OrganisationFounded(
                slug=SLUG,
                name="River cooperative",
                origin=ORIGIN,
                language="en",
                signing=signing,
                statutes=self.statutes(book, text=text, rulebook=rules),
                founders=tuple(founder.applicant for founder in founders),
                mandates=first_mandates(founders, rules) if mandates is None else tuple(mandates),
            )
            for founder in founders:
                book.keep_key(founder.id, founder.key_opening)
                book.keep_person(founder.id, founder.person)
            entry, openings = self.signed(book, founders[0], data, signers=founders)
            return book.append(entry, signatures=openings)

    def propose(
        self,
        actor: Actor,
        motion: str,
        *,
        kind: MotionKind = "legislative",
        effect: Callable[[Book], Effect] = lambda _: ResolutionEffect(),
    ) -> int:
        """Propose a motion; ``effect`` may store documents."""
        return self.write(
            actor,
            lambda book: MotionProposed(
                motion, kind, f"Motion {motion}", put_text(book, f"Text of {motion}."), effect(book)
            ),
        )

    def propose_effect(self, actor: Actor, motion: str, kind: MotionKind, effect: Effect) -> int:
        """Propose a motion whose effect names documents that are stored already, or none."""
        return self.propose(actor, motion, kind=kind, effect=lambda _: effect)

    def propose_statutes(self, actor: Actor, motion: str, *, text: str, rulebook: Rulebook) -> int:
        """Propose a version of the statutes."""
        return self.propose(
            actor,
            motion,
            kind="constituent",
            effect=lambda book: StatutesEffect(self.statutes(book, text=text, rulebook=rulebook)),
        )

    def propose_framework(self, actor: Actor, motion: str, framework: Framework) -> int:
        """Propose a framework."""
        content = format_framework(framework)
        return self.propose(
            actor,
            motion,
            effect=lambda book: FrameworkEffect(framework.id, book.put_document(content)),
        )

    def propose_abrogation(self, actor: Actor, motion: str, *, rule: str) -> int:
        """Propose to end a rule."""
        return self.propose_effect(actor, motion, "abrogative", AbrogationEffect(rule=rule))

    def propose_internal_rules(self, actor: Actor, motion: str, *rules: FirmRule) -> int:
        """Propose internal rules."""
        return self.propose(
            actor,
            motion,
            kind="internal_rules",
            effect=lambda book: InternalRulesEffect(
                put_text(book, "Rules of the house."), put_supplement(book, *rules)
            ),
        )

    def propose_interpretation(
        self, actor: Actor, motion: str, settles: str, *rules: FirmRule
    ) -> int:
        """Propose what settles a silent rule."""
        return self.propose(
            actor,
            motion,
            kind="interpretation",
            effect=lambda book: InterpretationEffect(settles, put_supplement(book, *rules)),
        )

    def support(self, actor: Actor, motion: str) -> int:
        """Support a motion."""
        return self.act(actor, MotionSupported(motion))

    def amend(
        self,
        actor: Actor,
        motion: str,
        *,
        effect: Callable[[Book], Effect] = lambda _: ResolutionEffect(),
    ) -> int:
        """Change a motion."""
        return self.write(
            actor,
            lambda book: MotionAmended(
                motion,
                f"Motion {motion}, amended",
                put_text(book, f"Text of {motion} at {self.at()}."),
                effect(book),
            ),
        )

    def withdraw(self, actor: Actor, motion: str) -> int:
        """Take a motion back."""
        return self.act(actor, MotionWithdrawn(motion))

    def object(self, actor: Actor, objection: str, motion: str) -> int:
        """Object to a motion with reasons."""
        return self.write(
            actor, lambda book: ObjectionRaised(objection, motion, put_text(book, "Because."))
        )

    def resolve(self, actor: Actor, objection: str) -> int:
        """Give an objection up."""
        return self.write(
            actor,
            lambda book: ObjectionResolved(objection, "withdrawn", put_text(book, "Well then.")),
        )

    def fulfil(self, actor: Actor, motion: str, obligation: str) -> int:
        """Report that an obligation is done."""
        return self.write(
            actor,
            lambda book: ObligationFulfilled(motion, obligation, put_text(book, "Done.")),
        )

    def register(self, actor: Actor, identifier: str) -> int:
        """Register a commons."""
        return self.write(
            actor,
            lambda book: CommonsRegistered(
                identifier, f"The {identifier}", put_text(book, f"About {identifier}.")
            ),
        )

    def observe(
        self, actor: Actor, observation: str, *, of: str, indicator: Indicator, value: str
    ) -> int:
        """Record an observation under the model framework."""
        return self.write(
            actor,
            lambda book: ObservationRecorded(
                observation=observation,
                commons=of,
                framework="river-health",
                indicator=indicator.id,
                value=value,
                unit=indicator.unit,
                period_from="2026-01-01",
                period_to="2026-01-31",
                method=put_text(book, "Counted by hand."),
            ),
        )

    def value(self, valuation: str, *, of: str, framework: str = "river-health") -> int:
        """Publish a valuation."""
        return self.system_act(
            lambda book: valuate(book.state, valuation=valuation, commons=of, framework=framework)
        )


def put_supplement(book: Book, *rules: FirmRule) -> str:
    """Store rules as a supplement; returns its CID."""
    return book.put_document(format_supplement(SupplementDocument("psephos-supplement/1", rules)))


def play_whole_life(simulation: Simulation) -> None:
    """Play a history of simple acts, with a replaced ballot, a rejection and a missed quorum."""
    chair, treasurer, secretary = FOUNDERS
    gardener, partner, visitor = Actor("gardener"), Actor("partner", "collective"), Actor("visitor")
    simulation.found()
    for applicant, officer in ((gardener, None), (visitor, None), (partner, chair)):
        simulation.advance(minutes=5)
        simulation.apply(applicant)
        simulation.admit(applicant, officer=officer)
    simulation.resign(visitor)
    simulation.propose_statutes(
        chair, "new-statutes", text=CARING_TEXT, rulebook=stricter_rulebook()
    )
    simulation.propose_framework(gardener, "river-framework", model_framework())
    simulation.propose(treasurer, "new-bridge")
    simulation.convene(chair, "spring", "new-statutes", "river-framework", "new-bridge")
    simulation.advance(days=15, hours=1)
    for voter in (chair, treasurer, gardener):
        simulation.cast(voter, "new-statutes", "yes")
    simulation.cast(secretary, "new-statutes", "abstain")
    simulation.cast(chair, "river-framework", "no")
    simulation.cast(chair, "river-framework", "yes")
    simulation.cast(gardener, "river-framework", "yes")
    simulation.cast(treasurer, "new-bridge", "yes")
    simulation.cast(secretary, "new-bridge", "no")
    simulation.advance(days=2)
    simulation.settle("spring")
    simulation.register(partner, "weir")
    fish, nitrate = model_framework().indicators
    simulation.observe(partner, "fish-january", of="weir", indicator=fish, value="120.5")
    simulation.observe(gardener, "nitrate-january", of="weir", indicator=nitrate, value="12.5")
    simulation.value("weir-january", of="weir")
    simulation.propose(gardener, "quiet-motion")
    simulation.convene(chair, "summer", "quiet-motion")
    simulation.advance(days=15)
    simulation.cast(gardener, "quiet-motion", "yes")
    simulation.advance(days=2)
    simulation.settle("summer")
    simulation.propose(secretary, "pending-motion")
