"""A small organisation for tests of assemblies: acts are signed, checked by the rules of assemblies, folded.

Acts of other families are only folded: what makes them lawful is tested where it is written.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
import pytest
from eth_account import Account

from backend.domain.acts import (
    SYSTEM,
    Act,
    Applicant,
    AssemblyAct,
    AssemblyClosed,
    AssemblyConvened,
    Call,
    DecisionMade,
    DerivationStep,
    FirstMandate,
    MotionKind,
    MotionProposed,
    MotionResult,
    NoticeRecorded,
    OrganisationFounded,
    Outcome,
    ResolutionEffect,
    SigningDomain,
    StatutesAdopted,
    StatutesReference,
)
from backend.domain.assemblies import Notice, convene, decision_of, format_notices
from backend.domain.assemblies.workflow import check_assembly_act
from backend.domain.commitments import Tag, commit
from backend.domain.deadlines import Duration
from backend.domain.electorate import electorate_leaves, format_leaves
from backend.domain.entry import Entry, Proof
from backend.domain.errors import GovernanceError, NotFoundError, RuleViolation
from backend.domain.fold import evolve
from backend.domain.instants import format_instant
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import Body, Seat, Term
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.domain.rulebook.membership import VotingRight
from backend.domain.rulebook.rule import SeatParty, ShareParty, Threshold
from backend.domain.rulebook.sessions import (
    Adjournment,
    Channels,
    Convocation,
    Minutes,
    OnRequest,
    Proxies,
    Quorum,
    SecondConvocation,
    Session,
)
from backend.domain.rulebook.sessions import Notice as NoticeRule
from backend.domain.rulebook.topics import AnyRule, FirmRule
from backend.domain.rulebook.voting import (
    BallotRule,
    Deliberation,
    EffectRule,
    Initiative,
    Majority,
    Tie,
)
from backend.domain.signing import sign, statement_typed_data
from backend.domain.sources import Elector, KeyOpening, SignatureOpening
from backend.domain.standing import electors
from backend.domain.state import State

A = TypeVar("A", bound=Act)
R = TypeVar("R", bound=FirmRule)

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When the organisation is founded."""

NO_DOCUMENT = "bafkrei" + "a" * 52
"""A CID of nothing that is held."""

KINDS: tuple[MotionKind, ...] = ("legislative", "approval", "constituent", "dissolution")
"""Kinds of motion that the statutes of the tests know."""


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("/".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a key; the role is the whole seed of it."""

    role: str
    member_class: str = "person"

    @property
    def id(self) -> str:
        return f"m{_digest('member', self.role).hex()[:32]}"

    @property
    def key(self) -> KeyOpening:
        address = Account.from_key(_digest("key", self.role)).address
        return KeyOpening(bytes.fromhex(address[2:]), _digest("key-salt", self.role))

    @property
    def applicant(self) -> Applicant:
        commitment = commit(Tag.KEY, salt=self.key.salt, payload=self.key.key)
        person = commit(Tag.PERSON, salt=_digest("person", self.role), payload=b"{}")
        return Applicant(self.id, self.member_class, commitment, person)


PRESIDENT, SECRETARY, COUNCILLOR = Person("president"), Person("secretary"), Person("councillor")
VOTER, OTHER, THIRD = Person("voter"), Person("other"), Person("third")
PARTNER = Person("partner", "organisation")
"""A member of a class without a vote."""
STRANGER = Person("stranger")
"""Someone on no register."""
VOTERS = (PRESIDENT, SECRETARY, COUNCILLOR, VOTER, OTHER, THIRD)
MEMBERS = (*VOTERS, PARTNER)


def quarter(*, strict: bool = False) -> Threshold:
    """Return a share of a quarter."""
    return Threshold(Ratio(1, 4), strict=strict)


def rules() -> tuple[AnyRule, ...]:
    """Return rules that settle everything about sessions; tests replace, add and leave out."""
    return (
        VotingRight(id="vote-person", article="3", modality="may", member_class="person", persons="natural"),
        VotingRight(id="vote-organisation", article="3", modality="must_not",
            member_class="organisation", persons="legal"),
        Body(id="council", article="4", modality="must", body="council", title="Council", seats=(
            Seat("president", "President", 1, 1), Seat("secretary", "Secretary", 1, 1),
            Seat("member", "Member", 0))),
        Term(id="term", article="4", modality="must", bodies=("council",), duration=Duration(years=3)),
        Session(id="annual", article="5", modality="must", session="annual", title="Annual",
            form="ordinary"),
        Session(id="extraordinary", article="6", modality="may", session="extraordinary",
            title="Extraordinary", form="extraordinary"),
        Session(id="meeting", article="7", modality="must", session="meeting", title="Meeting",
            form="meeting", body="council"),
        Convocation(id="convocation", article="8", modality="must",
            by=(SeatParty("council", "president"),)),
        Convocation(id="convocation-meeting", article="8", modality="may", sessions=("meeting",),
            by=(SeatParty("council", "president"), ShareParty(quarter(), "council"))),
        OnRequest(id="request", article="8", modality="may", sessions=("annual", "extraordinary"),
            threshold=quarter(), within_days=30),
        NoticeRule(id="notice", article="9", modality="must", days=15, channels=("email", "post")),
        Channels(id="channels", article="10", modality="may", channels=("remote", "room")),
        Channels(id="channels-annual", article="10", modality="may", sessions=("annual",),
            channels=("remote", "room", "correspondence")),
        Quorum(id="quorum", article="11", modality="must", threshold=quarter(), base="voters"),
        Quorum(id="quorum-there", article="11", modality="must", sessions=("extraordinary",), round=1,
            threshold=Threshold(Ratio(1, 2)), base="present_or_represented"),
        Quorum(id="quorum-second", article="11", modality="must", sessions=("extraordinary",), round=2,
            threshold=Threshold(Ratio(0, 1)), base="present_or_represented"),
        SecondConvocation(id="second", article="12", modality="may", sessions=("extraordinary",),
            notice_days=15, within=Duration(months=3)),
        Proxies(id="proxies", article="13", modality="may", cap=2),
        Adjournment(id="adjournment", article="14", modality="may", sessions=("extraordinary",),
            within=Duration(days=30)),
        Minutes(id="minutes", article="15", modality="must", by=(
            SeatParty("council", "president"), SeatParty("council", "secretary")), within_days=30),
        Initiative(id="initiative", article="16", modality="may", motions=KINDS, classes=("person",)),
        EffectRule(id="effect", article="17", modality="may", motions=KINDS, effects=("resolution",)),
        Deliberation(id="deliberation", article="18", modality="must", motions=KINDS, days=0, amendable=True),
        BallotRule(id="ballot", article="19", modality="must", motions=KINDS, method="yes_no_abstain",
            minimum_hours=24, replaceable=True),
        Majority(id="majority", article="20", modality="must", threshold=Threshold(Ratio(1, 2), strict=True),
            base="valid"),
        Tie(id="tie", article="20", modality="must", resolution="status_quo"),
    )  # fmt: skip


def rules_with(*changed: AnyRule, without: Sequence[str] = ()) -> tuple[AnyRule, ...]:
    """Return the rules; those of a known id are replaced, others added, some left out."""
    by_id: dict[str, AnyRule] = {rule.id: rule for rule in (*rules(), *changed)}
    return tuple(rule for name, rule in by_id.items() if name not in without)


def altered(schema: type[R], identifier: str, **fields: object) -> R:
    """Return a rule of ``rules`` with other fields."""
    rule = next(rule for rule in rules() if rule.id == identifier)
    assert isinstance(rule, schema)
    return msgspec.structs.replace(rule, **fields)


@contextmanager
def refused(
    code: str, *, rule: str | None = None, article: str | None = None
) -> Iterator[pytest.ExceptionInfo[GovernanceError]]:
    """Expect the refusal ``code``, under the rule and article where they are given."""
    with pytest.raises(GovernanceError) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert isinstance(caught.value.found, str)
    assert isinstance(caught.value.expected, str)
    assert caught.value.expected
    for wanted, name in ((rule, "id"), (article, "article")):
        if wanted is not None:
            assert isinstance(caught.value, RuleViolation)
            assert getattr(caught.value.rule, name) == wanted


@dataclass
class Archive:
    """Documents and openings in dictionaries; delete from them to redact."""

    documents: dict[str, bytes] = field(default_factory=dict)
    openings: dict[int, tuple[SignatureOpening, ...]] = field(default_factory=dict)
    keys: dict[str, KeyOpening] = field(default_factory=dict)
    rolls: dict[str, dict[str, Elector]] = field(default_factory=dict)

    def document(self, cid: str) -> bytes:
        if cid not in self.documents:
            raise NotFoundError("document", cid)
        return self.documents[cid]

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        return self.openings.get(index)

    def key(self, commitment: str) -> KeyOpening | None:
        return self.keys.get(commitment)

    def roll(self, decision: str) -> dict[str, Elector] | None:
        return self.rolls.get(decision)


class World:
    """An organisation of seven members, three of them its council; every method is one act.

    Args:
        changed: Its rules; None for ``rules``.
    """

    def __init__(self, changed: tuple[AnyRule, ...] | None = None) -> None:
        self.archive = Archive()
        self.state = State()
        self.now = START
        self._found(changed or rules())

    def advance(self, **duration: int) -> None:
        """Move the clock, with the arguments of ``timedelta``."""
        self.now += timedelta(**duration)

    def at(self, **after: int) -> str:
        """Return an instant, so much after now."""
        return format_instant(self.now + timedelta(**after))

    def put(self, content: bytes) -> str:
        """Keep a document; its name need not be its CID, no rule of assemblies asks."""
        # Base32 of the digest, in letters that a CID has everywhere.
        letters = "".join(
            "abcdefghijklmnop"[int(digit, 16)] for digit in _digest(content.hex()).hex()
        )
        name = "bafkreia" + letters[:50] + "a"
        self.archive.documents[name] = content
        return name

    def signed(self, author: Person, data: Act, signers: Sequence[Person] = ()) -> Entry:
        """Return a signed entry that is not recorded; its openings are kept."""
        founded = data if isinstance(data, OrganisationFounded) else self.state.founded()
        issued_at = int(self.now.timestamp())
        typed = statement_typed_data(founded, author=author.id, data=data, issued_at=issued_at)
        openings = tuple(
            SignatureOpening(
                person.key.key,
                sign(typed, private_key=_digest("key", person.role)),
                _digest("salt", person.role),
            )
            for person in signers or (author,)
        )
        commitments = tuple(
            commit(Tag.SIGNATURE, salt=each.salt, payload=each.key + each.signature)
            for each in openings
        )
        self.archive.openings[self.state.size] = openings
        return Entry(self.at(), author.id, data, Proof(commitments, issued_at))

    def act(self, author: Person, data: AssemblyAct, *, signers: Sequence[Person] = ()) -> int:
        """Check and record an act of an assembly; returns its index."""
        redacted = self.check(self.signed(author, data, signers))
        assert redacted == 0
        return self._record(Entry(self.at(), author.id, data))

    def check(self, entry: Entry) -> int:
        """Check an act of an assembly; returns the number of redacted checks."""
        assert isinstance(entry.data, AssemblyAct)
        return check_assembly_act(self.state, entry, entry.data, self.archive)

    def record(self, data: Act, by: Person | None = None) -> int:
        """Record an act that nobody checks."""
        return self._record(Entry(self.at(), SYSTEM if by is None else by.id, data))

    def propose(self, *motions: str, kind: MotionKind = "legislative", by: Person = VOTER) -> None:
        """Propose motions."""
        for motion in motions:
            text = self.put(motion.encode())
            self.record(MotionProposed(motion, kind, motion.title(), text, ResolutionEffect()), by)

    def call(self, *motions: str, **fields: object) -> Call:
        """Return a call in 15 days for two days, of an assembly named after its session."""
        session = str(fields.get("session", "annual"))
        opens, closes = self.at(days=15), self.at(days=17)
        call = Call(session, session, session.title(), "room", opens, closes, motions)
        return msgspec.structs.replace(call, **fields)

    def answer(self, call: Call) -> AssemblyConvened:
        """Return the lawful answer to a call, its rolls kept."""
        rolls, leaves = {}, {}
        for motion in call.motions:
            rolls[motion] = self.roll(call, motion)
            leaves[motion] = self.put(format_leaves(electorate_leaves(rolls[motion])))
            decision = decision_of(self.state, call.assembly, motion)
            self.archive.rolls[decision] = {each.voter: each for each in rolls[motion]}
        return convene(self.state, call, rolls, leaves)

    def roll(self, call: Call, motion: str) -> tuple[Elector, ...]:
        """Return the roll of those who have a vote in the session called."""
        rulebook = self.state.in_force().rulebook
        session = rulebook.one(Session, call.session)
        return tuple(
            Elector(member.id, f"v{_digest('voter', call.assembly, motion, member.id).hex()[:32]}",
                    _digest("roll", call.assembly, motion, member.id))
            for member in electors(self.state, session, rulebook, self.state.day_of(self.at()))
        )  # fmt: skip

    def convene(self, *motions: str, **fields: object) -> str:
        """Call an assembly on motions, proposed first where they are new; returns its id.

        Args:
            motions: The agenda.
            fields: Fields of the call, and who calls as ``by``, the president if nobody is named.
        """
        by = fields.pop("by", PRESIDENT)
        assert isinstance(by, Person)
        self.propose(*(motion for motion in motions if motion not in self.state.motions))
        call = self.call(*motions, **fields)
        self.act(by, self.answer(call))
        return call.assembly

    def notices(self, assembly: str, **fields: object) -> NoticeRecorded:
        """Return a record of the notices sent now to all electors, each changed alike."""
        sent = tuple(
            msgspec.structs.replace(Notice(member, "email", self.at()), **fields)
            for member in self.state.assembly(assembly).electors
        )
        return NoticeRecorded(assembly, self.put(format_notices(sent)), len(sent))

    def ready(self, *motions: str, **fields: object) -> str:
        """Call an assembly, give notice, and wait until it opens; returns its id."""
        assembly = self.convene(*motions, **fields)
        self.act(PRESIDENT, self.notices(assembly))
        self.now = datetime.fromisoformat(self.state.assembly(assembly).opens_at)
        return assembly

    def put_in_force(self, rulebook: Rulebook) -> None:
        """Let another rulebook govern what is called from here on."""
        content = format_rulebook(rulebook)
        rules = hashlib.sha256(content).hexdigest()
        reference = StatutesReference(rulebook.text, self.put(content), rules)
        number = len(self.state.statutes) + 1
        self.record(StatutesAdopted(number, "revision", reference, NO_DOCUMENT))

    def end(self, assembly: str, outcome: Outcome = "adopted") -> None:
        """Close an assembly and decide all its motions alike, unchecked."""
        items = self.state.assembly(assembly).data.agenda
        tally = {"yes": 0, "no": 0, "abstain": 0}
        results = tuple(
            MotionResult(motion=item.motion, ballots=0, voters=0, tally=tally) for item in items
        )
        self.record(AssemblyClosed(assembly, results))
        step = DerivationStep(rule="quorum", article="11", inputs={}, verdict="met")
        for item in items:
            self.record(DecisionMade(item.motion, assembly, item.decision, outcome, (step,)))

    def _found(self, changed: tuple[AnyRule, ...]) -> None:
        text = self.put(b"Article 1. The river.\n")
        rulebook = Rulebook("psephos-rulebook/1", "en", "Rules", "Europe/Paris", text, changed)
        content = format_rulebook(rulebook)
        reference = StatutesReference(text, self.put(content), hashlib.sha256(content).hexdigest())
        seats = ((PRESIDENT, "president"), (SECRETARY, "secretary"), (COUNCILLOR, "member"))
        for person in (*MEMBERS, STRANGER):
            self.archive.keys[person.applicant.key] = person.key
        founding = OrganisationFounded(
            slug="river-coop",
            name="River cooperative",
            origin="ledger.example/river-coop",
            language="en",
            signing=SigningDomain(1337, "0x" + "c0" * 20),
            statutes=reference,
            founders=tuple(person.applicant for person in MEMBERS),
            mandates=tuple(
                FirstMandate(f"first-{seat}", "council", seat, person.id) for person, seat in seats
            ),
        )
        self.record(founding, PRESIDENT)

    def _record(self, entry: Entry) -> int:
        decoded = Entry.from_bytes(entry.to_bytes())
        self.state = evolve(self.state, decoded, self.archive)
        return self.state.size - 1
