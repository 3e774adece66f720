"""Plays of the model organisation for tests, on any ledger, under a fixed clock.

``Simulation`` plays the acts of an organisation into a memory ledger or into units of work. Everything is
deterministic, so the same play gives the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from backend.domain import assemblies, ballots, commons, decisions, statutes
from backend.domain.acts import (
    SYSTEM,
    Act,
    BallotCast,
    Call,
    CommonsRegistered,
    Effect,
    FrameworkEffect,
    MemberAdmitted,
    MemberApplied,
    MemberResigned,
    MotionKind,
    MotionProposed,
    ObservationRecorded,
    OrganisationFounded,
    ResolutionEffect,
    StatutesEffect,
    StatutesReference,
)
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.electorate import decision_id, electorate_leaves, format_leaves
from backend.domain.entry import Entry, Proof
from backend.domain.framework import Framework, Indicator, format_framework
from backend.domain.instants import format_instant
from backend.domain.members import eligible
from backend.domain.rulebook import (
    Rulebook,
    format_rulebook,
)
from backend.domain.signing import (
    TypedData,
    ballot_typed_data,
    sign,
    statement_typed_data,
)
from backend.domain.sources import Elector, SignatureOpening
from backend.services.ports import ChoiceOpening
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import (
    DOMAIN,
    FOUNDERS,
    ORIGIN,
    SLUG,
    START,
    Actor,
    digest,
    model_framework,
    model_rulebook,
    stricter_rulebook,
)


@contextmanager
def _writing(ledger: MemoryLedger) -> Iterator[MemoryLedger]:
    yield ledger


class Simulation:
    """Plays acts of the model organisation; each method is one act and returns its index.

    Args:
        writing: Opens what the next act is written into; leaving it without error commits.
    """

    def __init__(self, writing: Callable[[], AbstractContextManager[Book]]) -> None:
        self._writing = writing
        self._salts = 0
        self.now = START

    @classmethod
    def in_memory(cls) -> "tuple[Simulation, MemoryLedger]":
        """Return a simulation and the memory ledger that it writes."""
        ledger = MemoryLedger()
        return cls(lambda: _writing(ledger)), ledger

    def advance(self, **duration: int) -> None:
        """Move the clock, with the arguments of ``timedelta``."""
        self.now += timedelta(**duration)

    def at(self) -> str:
        """Return the time as an instant."""
        return format_instant(self.now)

    def salt(self) -> bytes:
        """Return the next salt."""
        self._salts += 1
        return digest("salt", str(self._salts))

    def signed(
        self,
        book: Book,
        author: Actor,
        data: Act,
        *,
        signers: Sequence[Actor] | None = None,
    ) -> tuple[Entry, tuple[SignatureOpening, ...]]:
        """Return a signed entry that is not appended, and the openings of its signatures."""
        founded = data if isinstance(data, OrganisationFounded) else book.state.founded()
        issued_at = int(self.now.timestamp())
        typed_data = statement_typed_data(founded, author=author.id, data=data, issued_at=issued_at)
        openings = tuple(self.opening(actor, typed_data) for actor in (signers or (author,)))
        proof = Proof(tuple(map(commitment, openings)), issued_at)
        return Entry(self.at(), author.id, data, proof), openings

    def opening(self, actor: Actor, typed_data: TypedData) -> SignatureOpening:
        """Return a signature with a fresh salt."""
        signature = sign(typed_data, private_key=actor.private_key)
        return SignatureOpening(actor.address, signature, self.salt())

    def act(self, author: Actor, data: Act) -> int:
        """Append any act signed by its author."""
        with self._writing() as book:
            entry, openings = self.signed(book, author, data)
            return book.append(entry, signatures=openings)

    def system_act(self, make: Callable[[Book], Act]) -> int:
        """Append an act of the system, made from the book."""
        with self._writing() as book:
            return book.append(Entry(self.at(), SYSTEM, make(book)))

    def statutes(self, book: Book, *, text: str, rulebook: Rulebook) -> StatutesReference:
        """Store the documents of a version."""
        rules = format_rulebook(rulebook)
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
        text: str = "Article 1. The river.\nArticle 2. Its members.\n",
    ) -> int:
        """Found the organisation."""
        with self._writing() as book:
            reference = self.statutes(book, text=text, rulebook=rulebook or model_rulebook())
            data = OrganisationFounded(
                slug=SLUG,
                name="River cooperative",
                origin=ORIGIN,
                language="en",
                signing=DOMAIN,
                statutes=reference,
                founders=tuple(founder.applicant for founder in founders),
            )
            for founder in founders:
                book.keep_key(founder.id, founder.key_opening)
                book.keep_person(founder.id, founder.person)
            entry, openings = self.signed(book, founders[0], data, signers=founders)
            return book.append(entry, signatures=openings)

    def apply(self, actor: Actor) -> int:
        """Ask to join."""
        with self._writing() as book:
            book.keep_key(actor.id, actor.key_opening)
            book.keep_person(actor.id, actor.person)
            entry, openings = self.signed(book, actor, MemberApplied(actor.applicant))
            return book.append(entry, signatures=openings)

    def admit(self, actor: Actor, *, officer: Actor | None = None) -> int:
        """Admit by right, or by a member of the bureau."""
        data = MemberAdmitted(actor.id)
        return self.system_act(lambda _: data) if officer is None else self.act(officer, data)

    def resign(self, actor: Actor) -> int:
        """Leave."""
        return self.act(actor, MemberResigned(actor.id))

    def propose(
        self,
        actor: Actor,
        motion: str,
        *,
        kind: MotionKind = "legislative",
        effect: Callable[[Book], Effect] = lambda _: ResolutionEffect(),
    ) -> int:
        """Propose a motion; ``effect`` may store documents."""
        with self._writing() as book:
            text = book.put_document(f"Text of {motion}.\n".encode())
            data = MotionProposed(motion, kind, f"Motion {motion}", text, effect(book))
            entry, openings = self.signed(book, actor, data)
            return book.append(entry, signatures=openings)

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

    def convene(
        self, actor: Actor, assembly: str, *motions: str, days: int = 15, hours: int = 48
    ) -> int:
        """Call an assembly that opens in ``days`` and closes ``hours`` later."""
        opens = self.now + timedelta(days=days)
        call = Call(
            assembly,
            f"Assembly {assembly}",
            "remote",
            format_instant(opens),
            format_instant(opens + timedelta(hours=hours)),
            motions,
        )
        with self._writing() as book:
            rolls = {motion: self.roll(book, assembly, motion) for motion in motions}
            leaves = {
                motion: book.put_document(format_leaves(electorate_leaves(roll)))
                for motion, roll in rolls.items()
            }
            data = assemblies.convene(book.state, call, rolls, leaves)
            for item in data.agenda:
                book.keep_roll(item.decision, rolls[item.motion])
            entry, openings = self.signed(book, actor, data)
            return book.append(entry, signatures=openings)

    def roll(self, book: Book, assembly: str, motion: str) -> tuple[Elector, ...]:
        """Draw up the roll of a motion; pseudonyms and salts follow from decision and member."""
        decision = decision_id(
            origin=book.state.founded().origin,
            assembly=assembly,
            motion=motion,
            digest=book.state.motion(motion).digest,
        )
        return tuple(
            Elector(
                member.id,
                f"v{digest('voter', decision, member.id).hex()[:32]}",
                digest("elector-salt", decision, member.id),
            )
            for member in eligible(book.state, book.state.in_force().rulebook)
        )

    def ballot(
        self, book: Book, actor: Actor, motion: str, *, opening: ChoiceOpening
    ) -> tuple[Entry, tuple[SignatureOpening, ...]]:
        """Return a signed ballot that is not cast, and the opening of its signature."""
        poll = book.state.poll(motion)
        roll = book.sources.roll(poll.item.decision) or {}
        voter = next(elector.voter for elector in roll.values() if elector.member == actor.id)
        data = BallotCast(
            motion=motion,
            decision=poll.item.decision,
            voter=voter,
            choice=commit(Tag.CHOICE, salt=opening.salt, payload=opening.choice.encode()),
            cast_at=int(self.now.timestamp()),
            nonce=poll.counts.get(voter, 0),
        )
        rules = book.state.assembly(poll.assembly).data.rules
        typed_data = ballot_typed_data(book.state.founded(), poll, rules=rules, ballot=data)
        signature = self.opening(actor, typed_data)
        proof = Proof((commitment(signature),))
        return Entry(self.at(), voter, data, proof), (signature,)

    def cast(self, actor: Actor, motion: str, choice: str) -> int:
        """Vote, or vote again."""
        with self._writing() as book:
            opening = ChoiceOpening(choice, self.salt())
            entry, openings = self.ballot(book, actor, motion, opening=opening)
            index = book.append(entry, signatures=openings)
            book.keep_choice(index, opening)
            return index

    def close(self, assembly: str) -> int:
        """Open and count the ballots."""

        def closing(book: Book) -> Act:
            items = book.state.assembly(assembly).data.agenda
            documents = {item.motion: openings_of(book, item.motion) for item in items}
            stored = {
                motion: (book.put_document(content), ballots.parse_openings(content))
                for motion, content in documents.items()
            }
            return ballots.close(book.state, assembly, stored, book.sources)

        return self.system_act(closing)

    def decide(self, motion: str) -> int:
        """Record the decision."""
        return self.system_act(lambda book: decisions.decide(book.state, motion))

    def adopt_statutes(self, motion: str) -> int:
        """Put an adopted version in force."""

        def adoption(book: Book) -> Act:
            diff = book.put_document(statutes.difference_of(book.state, motion, book.sources))
            return statutes.adopt(book.state, motion, diff)

        return self.system_act(adoption)

    def adopt_framework(self, motion: str) -> int:
        """Put an adopted framework in force."""
        return self.system_act(lambda book: commons.adopt_framework(book.state, motion))

    def register(self, actor: Actor, identifier: str) -> int:
        """Register a commons."""
        with self._writing() as book:
            description = book.put_document(f"About {identifier}.\n".encode())
            data = CommonsRegistered(identifier, f"The {identifier}", description)
            entry, openings = self.signed(book, actor, data)
            return book.append(entry, signatures=openings)

    def observe(
        self, actor: Actor, observation: str, *, of: str, indicator: Indicator, value: str
    ) -> int:
        """Record an observation under the model framework."""
        with self._writing() as book:
            data = ObservationRecorded(
                observation=observation,
                commons=of,
                framework="river-health",
                indicator=indicator.id,
                value=value,
                unit=indicator.unit,
                period_from="2026-01-01",
                period_to="2026-01-31",
                method=book.put_document(b"Counted by hand.\n"),
            )
            entry, openings = self.signed(book, actor, data)
            return book.append(entry, signatures=openings)

    def value(self, valuation: str, *, of: str, framework: str = "river-health") -> int:
        """Publish a valuation."""
        return self.system_act(
            lambda book: commons.valuate(
                book.state, valuation=valuation, commons=of, framework=framework
            )
        )


def commitment(opening: SignatureOpening) -> Hex32:
    """Return what an entry says of a signature."""
    payload = opening.address + opening.signature
    return commit(Tag.SIGNATURE, salt=opening.salt, payload=payload)


def openings_of(book: Book, motion: str) -> bytes:
    """Return the openings document of a motion from what the book keeps."""
    poll = book.state.poll(motion)
    roll = book.sources.roll(poll.item.decision) or {}
    opened = []
    for index in sorted(poll.ballots):
        kept = book.choice(index)
        elector = roll[poll.ballots[index].voter]
        opened.append(
            ballots.BallotOpening(index, kept.choice, kept.salt.hex(), elector.salt.hex())
        )
    return ballots.format_openings(poll.item.decision, tuple(opened))


def play_whole_life(simulation: Simulation) -> None:
    """Play a history with every act, a replaced ballot, a rejection and a missed quorum."""
    chair, treasurer, secretary = FOUNDERS
    gardener, partner, visitor = Actor("gardener"), Actor("partner", "collective"), Actor("visitor")
    simulation.found()
    for applicant, officer in ((gardener, None), (visitor, None), (partner, chair)):
        simulation.advance(minutes=5)
        simulation.apply(applicant)
        simulation.admit(applicant, officer=officer)
    simulation.resign(visitor)
    simulation.propose_statutes(
        chair,
        "new-statutes",
        text="Article 1. The river.\nArticle 2. Its members, who care.\n",
        rulebook=stricter_rulebook(),
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
    simulation.close("spring")
    for motion in ("new-statutes", "river-framework", "new-bridge"):
        simulation.decide(motion)
    simulation.adopt_statutes("new-statutes")
    simulation.adopt_framework("river-framework")
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
    simulation.close("summer")
    simulation.decide("quiet-motion")
    simulation.propose(secretary, "pending-motion")
