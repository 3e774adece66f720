"""A year in progress: who is a member, who sits where, which rules hold, and what was decided.

Y1 acts are made and signed on the members' side (``Agent``); what follows from them is read from the
entries that the server wrote. Y2 times depend on the programme only, so that a repeated year sends the same
commands; what was refused once is told again, not tried again (``Refusals``). Y3 everyone is called by their
first name, an organisation by that of its delegate, or by the first word of its own.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from anchoring.core.canonical import canonical_json
from anchoring.core.cid import document_cid
from anchoring.core.errors import VerificationError
from backend.demo.account import Account
from backend.demo.agent import Agent
from backend.demo.client import Answer, RefusedError
from backend.demo.model import ModelMember
from backend.demo.wallets import Wallet, wallet_of
from backend.demo.years.refusals import Refusals
from backend.demo.years.texts import YearTexts
from backend.demo.years.words import Said
from backend.domain.acts import (
    Act,
    Call,
    DecisionMade,
    MemberId,
    MotionProposed,
    ProceedingOpened,
    Slug,
)
from backend.domain.entry import Entry
from backend.domain.instants import parse_instant
from backend.domain.rulebook.book import Rulebook, parse_rulebook
from backend.domain.rulebook.membership import Sanctions
from backend.domain.rulebook.sessions import Session

HOUR = 9
"""Hour at which things happen where nothing else is said, UTC."""


@dataclass(frozen=True, slots=True)
class Place:
    """A seat that somebody holds."""

    body: Slug
    """The body."""
    seat: Slug
    """The kind of seat."""
    holder: str
    """First name."""


@dataclass(slots=True)
class Meeting:
    """A session that was called."""

    call: Call
    """The call."""
    convener: Wallet
    """Who called it."""
    electors: tuple[str, ...]
    """First names of those who have a vote in it."""
    proxies: dict[str, str]
    """Who is represented by whom."""
    closes: datetime
    """When it closes."""


class Year:
    """What the members know and do.

    Args:
        texts: What the organisation says.
        agent: Software of the members, its clock at the beginning.
        account: Where it is told.
        seed: Seed of the wallets, 32 bytes.
        refusals: Refusals shown before an interruption.
    """

    def __init__(
        self, texts: YearTexts, agent: Agent, account: Account, *, seed: bytes, refusals: Refusals
    ) -> None:
        self.texts = texts
        self.agent = agent
        self.account = account
        self._refusals = refusals
        self.rules: Rulebook = parse_rulebook(texts.rulebook)
        self.rules_hash = hashlib.sha256(texts.rulebook).hexdigest()
        self.people = {
            _first_name(member): wallet_of(seed, member, label=str(number))
            for number, member in enumerate(texts.members)
        }
        self._names = {wallet.member: name for name, wallet in self.people.items()}
        self.members: list[str] = []
        self.suspended: set[str] = set()
        self.seats: dict[Slug, Place] = {}
        self.motions: dict[Slug, MotionProposed] = {}
        self.meetings: dict[Slug, Meeting] = {}
        self.proceedings: dict[Slug, ProceedingOpened] = {}
        self.decisions: dict[Slug, DecisionMade] = {}
        self.size = 0

    def who(self, name: str) -> Wallet:
        """Return the wallet of someone."""
        return self.people[name]

    def ids(self, *names: str) -> tuple[MemberId, ...]:
        """Return pseudonyms."""
        return tuple(self.people[name].member for name in names)

    def name_of(self, member: MemberId) -> str:
        """Return the first name behind a pseudonym."""
        return self._names[member]

    def go(self, day: str, hour: int = HOUR, minute: int = 0) -> None:
        """Let time pass to a day; nothing happens if it has come already.

        Args:
            day: ``YYYY-MM-DD``.
            hour: Hour of the day, UTC.
            minute: Minute of the hour.
        """
        moment = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=UTC)
        self.agent.wait_until(moment)

    def say(self, key: str, **fields: object) -> None:
        """Tell a sentence of ``YEAR_WORDS``."""
        self.account.say(f"year.{key}", **fields)

    def act(
        self,
        by: str,
        data: Act,
        *documents: object,
        signers: Sequence[str] = (),
    ) -> Answer:
        """Record an act as someone signs it.

        Args:
            by: Who acts.
            data: The act.
            documents: Documents it refers to: texts, and JSON.
            signers: Who signs, in the order of the act; none where the author does.

        Raises:
            RefusedError: The server refused.
        """
        wallet = self.who(by)
        content = canonical_json({"by": wallet.member, "data": msgspec.to_builtins(data)})
        digest = hashlib.sha256(content).hexdigest()[:32]
        return self.took(
            self.agent.record(
                wallet,
                data,
                key=f"{data.act}/{digest}",
                documents=documents,
                signers=[self.who(name) for name in signers],
            )
        )

    def took(self, answer: Answer) -> Answer:
        """Take note of an answer."""
        self.size = answer.size
        return answer

    def refused(self, attempt: Said, command: Callable[[], object]) -> None:
        """Show that a command is refused, and why.

        Args:
            attempt: What is tried, in words.
            command: One command.

        Raises:
            VerificationError: The server accepts it.
        """
        kept = self._refusals.next()
        if kept is not None:
            self.agent.wait_until(datetime.fromtimestamp(kept.now, UTC))
            self.account.refused(attempt.in_(self.account.language), kept.error())
            return
        try:
            command()
        except RefusedError as refused:
            self._refusals.keep(refused, self.agent.now.timestamp())
            self.account.refused(attempt.in_(self.account.language), refused)
        else:
            raise VerificationError("refusal", expected="a refusal", found=attempt.en)

    def electors(self, session: Slug) -> tuple[str, ...]:
        """Return the first names of those who have a vote in a session that is called now."""
        body = self.rules.one(Session, session).body
        if body is not None:
            seated = {place.holder for place in self.seats.values() if place.body == body}
            return tuple(name for name in self.people if name in seated)
        return tuple(name for name in self.members if self._votes(name))

    def leave(self, name: str) -> None:
        """Take note that someone is a member no more."""
        self.members.remove(name)
        for mandate in [each for each, place in self.seats.items() if place.holder == name]:
            del self.seats[mandate]

    def expel(self, proceeding: Slug) -> None:
        """Take note of what a measure does on the register."""
        opened = self.proceedings[proceeding]
        name = self.name_of(opened.member)
        effect = self._effect(opened)
        if effect == "exclusion":
            self.leave(name)
        if effect == "suspension":
            self.suspended.add(name)

    def readmit(self, proceeding: Slug) -> None:
        """Take note that a measure was reversed."""
        opened = self.proceedings[proceeding]
        name = self.name_of(opened.member)
        self.suspended.discard(name)
        if name not in self.members:
            self.members.append(name)

    def adopt_rules(self, cid: str) -> None:
        """Take over a rulebook that is in force from here on, once its bytes are what its name says.

        Raises:
            VerificationError: The server serves other bytes under that name.
        """
        content = self.document(cid)
        self.rules = parse_rulebook(content)
        self.rules_hash = hashlib.sha256(content).hexdigest()

    def document(self, cid: str) -> bytes:
        """Return a document of the ledger.

        Raises:
            VerificationError: The server serves other bytes under that name.
        """
        content = self.agent.client.content(f"/v1/documents/{cid}")
        if document_cid(content) != cid:
            raise VerificationError("document", expected=cid, found=document_cid(content))
        return content

    def acts(self, answer: Answer) -> Iterator[Act]:
        """Yield the acts that a command wrote."""
        for index in answer.entries:
            yield Entry.from_bytes(self.agent.client.entry(index)).data

    def title(self, motion: Slug) -> str:
        """Return the title of a motion."""
        return self.texts.motions[motion].splitlines()[0]

    def closing(self, call: Call) -> datetime:
        """Return when a call lets its session close."""
        return parse_instant(call.closes_at)

    def _effect(self, opened: ProceedingOpened) -> str:
        if opened.sanction is None:
            return opened.measure
        steps = self.rules.one(Sanctions).steps
        return next(step.effect for step in steps if step.sanction == opened.sanction)

    def _votes(self, name: str) -> bool:
        right = self.rules.voting_right(self.who(name).member_class)
        return right.modality != "must_not" and name not in self.suspended


def _first_name(member: ModelMember) -> str:
    return member.facts.get("delegate", member.name).split()[0]
