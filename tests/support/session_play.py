"""Acts of assemblies in a play: drafts, calls, notices, proxies, attendance, ballots, urns, closing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal

import msgspec

from backend.domain import ballots, decisions, statutes
from backend.domain.acts import (
    Act,
    AssemblyAdjourned,
    AssemblyConvened,
    AssemblyDrafted,
    BallotCast,
    Call,
    Channel,
    DraftSupported,
    MinutesPublished,
    NoticeChannel,
    NoticeRecorded,
    PresenceRecorded,
    ProxyGiven,
    ProxyRevoked,
    SessionRound,
    UrnCounted,
)
from backend.domain.assemblies import Notice, convene, format_notices, opening_of
from backend.domain.commitments import Tag, commit
from backend.domain.commons import adopt_framework
from backend.domain.electorate import decision_id, electorate_leaves, format_leaves
from backend.domain.entry import Entry, Proof
from backend.domain.instants import format_instant
from backend.domain.rule_changes import change_rules, pending_enactments, rules_changed
from backend.domain.rulebook.book import format_rulebook
from backend.domain.rulebook.sessions import Session
from backend.domain.signing import ballot_typed_data
from backend.domain.sources import Elector, SignatureOpening
from backend.domain.standing import electors
from backend.services.ports import ChoiceOpening
from tests.support.memory_ledger import Book
from tests.support.model_organisation import Actor, digest
from tests.support.plays import Play, commitment, put_text


class SessionPlay(Play):
    """Plays acts of assemblies; each method is one act and returns its index."""

    def draft(
        self,
        actor: Actor,
        draft: str,
        *motions: str,
        session: str = "assembly",
        place: str | None = None,
    ) -> int:
        """Ask for a session with others."""
        return self.act(actor, AssemblyDrafted(draft, session, f"Draft {draft}", motions, place))

    def support_draft(self, actor: Actor, draft: str) -> int:
        """Ask for a session with whoever drafted it."""
        return self.act(actor, DraftSupported(draft))

    def call(
        self,
        assembly: str,
        *motions: str,
        days: int = 15,
        hours: int = 48,
        session: str = "assembly",
        channel: Channel = "remote",
        round_: SessionRound = 1,
        previous: str | None = None,
        draft: str | None = None,
        place: str | None = None,
    ) -> Call:
        """Return a call of a session that opens in ``days`` and closes ``hours`` later."""
        opens = self.now + timedelta(days=days)
        return Call(
            assembly=assembly,
            session=session,
            title=f"Assembly {assembly}",
            channel=channel,
            opens_at=format_instant(opens),
            closes_at=format_instant(opens + timedelta(hours=hours)),
            motions=motions,
            round=round_,
            previous=previous,
            draft=draft,
            place=place,
        )

    def convene(
        self,
        actor: Actor,
        assembly: str,
        *motions: str,
        days: int = 15,
        hours: int = 48,
        session: str = "assembly",
        channel: Channel = "remote",
        round_: SessionRound = 1,
        previous: str | None = None,
        draft: str | None = None,
        place: str | None = None,
    ) -> int:
        """Call a session that opens in ``days`` and closes ``hours`` later."""
        asked = self.call(
            assembly,
            *motions,
            days=days,
            hours=hours,
            session=session,
            channel=channel,
            round_=round_,
            previous=previous,
            draft=draft,
            place=place,
        )
        return self.hand_in(actor, asked)

    def hand_in(self, actor: Actor, call: Call) -> int:
        """Have a call answered."""
        return self.write(actor, lambda book: self.answer(book, call))

    def answer(self, book: Book, call: Call) -> AssemblyConvened:
        """Return the lawful answer to a call, its leaves stored and its rolls kept."""
        rolls = {motion: self.roll(book, call, motion) for motion in call.motions}
        leaves = {
            motion: book.put_document(format_leaves(electorate_leaves(roll)))
            for motion, roll in rolls.items()
        }
        data = convene(book.state, call, rolls, leaves)
        for item in data.agenda:
            book.keep_roll(item.decision, rolls[item.motion])
        return data

    def roll(self, book: Book, call: Call, motion: str) -> tuple[Elector, ...]:
        """Draw up the roll of a motion; pseudonyms and salts follow from decision and member."""
        state = book.state
        decision = decision_id(
            origin=state.founded().origin,
            assembly=call.assembly,
            motion=motion,
            digest=state.motion(motion).digest,
        )
        rulebook = state.in_force().rulebook
        session = rulebook.one(Session, call.session)
        return tuple(
            Elector(
                member.id,
                f"v{digest('voter', decision, member.id).hex()[:32]}",
                digest("elector-salt", decision, member.id),
            )
            for member in electors(
                state, session, rulebook, state.day_of(self.at()), place=call.place
            )
        )

    def record_notices(
        self,
        officer: Actor,
        assembly: str,
        *,
        channel: NoticeChannel = "email",
        sent_at: str | None = None,
    ) -> int:
        """Record that every elector was told in one way, by default now."""

        def record(book: Book) -> Act:
            told = book.state.assembly(assembly).electors
            notices = tuple(Notice(member, channel, sent_at or self.at()) for member in told)
            document = book.put_document(format_notices(notices))
            return NoticeRecorded(assembly, document, len(notices))

        return self.write(officer, record)

    def give_proxy(
        self,
        grantor: Actor,
        proxy: str,
        assembly: str,
        holder: Actor,
        *,
        motions: tuple[str, ...] = (),
        until: str | None = None,
    ) -> int:
        """Be represented, on some motions and for a time where they are given."""
        return self.act(grantor, ProxyGiven(proxy, assembly, holder.id, motions, until))

    def revoke_proxy(self, grantor: Actor, proxy: str) -> int:
        """Take a proxy back."""
        return self.act(grantor, ProxyRevoked(proxy))

    def attend(
        self,
        member: Actor,
        assembly: str,
        presence: Literal["room", "remote", "excused"] = "remote",
        *,
        officer: Actor | None = None,
    ) -> int:
        """Record attendance, by default one's own."""
        return self.act(officer or member, PresenceRecorded(assembly, member.id, presence))

    def open(self, officer: Actor, assembly: str) -> int:
        """Open a session with those who are there."""
        return self.write(officer, lambda book: opening_of(book.state, assembly, self.at()))

    def adjourn(self, officer: Actor, assembly: str, *, days: int, hours: int = 48) -> int:
        """Put a session off to ``days`` from now."""
        opens = self.now + timedelta(days=days)
        closes = opens + timedelta(hours=hours)
        data = AssemblyAdjourned(assembly, format_instant(opens), format_instant(closes))
        return self.act(officer, data)

    def ballot(
        self,
        book: Book,
        actor: Actor,
        motion: str,
        *,
        opening: ChoiceOpening,
        hand: Actor | None = None,
    ) -> tuple[Entry, tuple[SignatureOpening, ...]]:
        """Return a signed ballot that is not cast, and the opening of its signature.

        Args:
            book: What the ballot would be written into.
            actor: The elector.
            motion: The motion.
            opening: Choice and salt.
            hand: Who signs for the elector, where a proxy does.
        """
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
        signature = self.opening(hand or actor, typed_data)
        proof = Proof((commitment(signature),))
        return Entry(self.at(), voter, data, proof), (signature,)

    def cast(self, actor: Actor, motion: str, choice: str, *, hand: Actor | None = None) -> int:
        """Vote, or vote again; ``hand`` signs where a proxy votes for the actor."""
        with self._writing() as book:
            opening = ChoiceOpening(choice, self.salt())
            entry, openings = self.ballot(book, actor, motion, opening=opening, hand=hand)
            index = book.append(entry, signatures=openings)
            book.keep_choice(index, opening)
            return index

    def count_urn(
        self,
        tellers: Sequence[Actor],
        assembly: str,
        motion: str,
        tally: Mapping[str, int],
        *,
        papers: int | None = None,
    ) -> int:
        """Record what tellers counted; by default no paper is void."""
        counted = sum(tally.values()) if papers is None else papers
        return self.write(
            tellers[0],
            lambda book: UrnCounted(
                assembly,
                motion,
                tuple(teller.id for teller in tellers),
                counted,
                dict(tally),
                put_text(book, "Counted twice."),
            ),
            signers=tellers,
        )

    def close(self, assembly: str) -> int:
        """Open and count the ballots."""

        def closing(book: Book) -> Act:
            items = book.state.assembly(assembly).data.agenda
            documents = {
                item.motion: openings_of(book, item.motion)
                for item in items
                if ballots.ballot_rule(book.state, item.motion).secrecy != "secret"
            }
            stored = {
                motion: (book.put_document(content), ballots.parse_openings(content))
                for motion, content in documents.items()
            }
            closing, tallies = ballots.close(book.state, assembly, stored, book.sources)
            for tally in tallies:
                book.put_document(tally)
            return closing

        return self.system_act(closing)

    def decide(self, motion: str) -> int:
        """Record the decision."""

        def decision(book: Book) -> Act:
            decided = decisions.decide(book.state, motion, book.sources)
            if decided.count is not None:
                tally = decisions.count_document(book.state, motion, book.sources)
                book.put_document(tally)
            return decided

        return self.system_act(decision)

    def adopt_statutes(self, motion: str) -> int:
        """Put an adopted version in force."""

        def adoption(book: Book) -> Act:
            diff = book.put_document(statutes.difference_of(book.state, motion, book.sources))
            return statutes.adopt(book.state, motion, diff)

        return self.system_act(adoption)

    def adopt_framework(self, motion: str) -> int:
        """Put an adopted framework in force."""
        return self.system_act(lambda book: adopt_framework(book.state, motion))

    def change_rules(self, motion: str) -> int:
        """Change the rulebook as a decision says."""

        def change(book: Book) -> Act:
            content = format_rulebook(change_rules(book.state, motion, book.sources))
            cid = book.put_document(content)
            return rules_changed(book.state, motion, cid, book.sources)

        return self.system_act(change)

    def settle(self, assembly: str) -> None:
        """Close an assembly, decide its motions save ties that wait for lots, and carry decisions out."""
        self.close(assembly)
        with self._writing() as book:
            motions = [
                motion
                for motion in book.state.assembly(assembly).data.call.motions
                if not decisions.lots_awaited(book.state, motion, book.sources)
            ]
        for motion in motions:
            self.decide(motion)
            self.enact()

    def enact(self) -> None:
        """Carry out what is pending."""
        while self.pending():
            self.enact_next()

    def enact_next(self) -> int:
        """Carry out the first of what is pending."""
        by_act = {
            "statutes.adopted": self.adopt_statutes,
            "framework.adopted": self.adopt_framework,
            "rules.changed": self.change_rules,
        }
        act, motion = self.pending()[0]
        return by_act[act](motion)

    def publish_minutes(self, assembly: str, *signers: Actor) -> int:
        """Publish minutes."""
        return self.write(
            signers[0],
            lambda book: MinutesPublished(
                assembly,
                put_text(book, f"Minutes of {assembly}."),
                tuple(signer.id for signer in signers),
            ),
            signers=signers,
        )

    def pending(self) -> list[tuple[str, str]]:
        """Return act and motion of what follows from decisions and is not carried out yet."""
        with self._writing() as book:
            return [(each.act, each.motion) for each in pending_enactments(book.state)]


def openings_of(book: Book, motion: str) -> bytes:
    """Return the openings document of a motion from what the book keeps."""
    poll = book.state.poll(motion)
    roll = book.sources.roll(poll.item.decision) or {}
    choices = book.choices(poll.ballots)
    opened = []
    for index in sorted(poll.ballots):
        kept = choices[index]
        elector = roll[poll.ballots[index].voter]
        opened.append(
            ballots.BallotOpening(index, kept.choice, kept.salt.hex(), elector.salt.hex())
        )
    return ballots.format_openings(poll.item.decision, tuple(opened))


def with_item(data: AssemblyConvened, **fields: object) -> AssemblyConvened:
    """Return a convocation with its first agenda item changed."""
    item = msgspec.structs.replace(data.agenda[0], **fields)
    return msgspec.structs.replace(data, agenda=(item, *data.agenda[1:]))
