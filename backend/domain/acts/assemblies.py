"""Acts of an assembly, from its draft to its minutes."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts.vocabulary import (
    Act,
    Channel,
    CidText,
    Count,
    MemberId,
    Outcome,
    SessionRound,
    Slug,
    Title,
    VoterId,
)
from backend.domain.commitments import Hex32
from backend.domain.instants import Instant
from backend.domain.quantities import MAX_INTEGER

Agenda = Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=100)]
"""Motions put to the vote, in order."""


class AssemblyDrafted(Act, frozen=True):
    """A member drafts a session, so that others can ask for it together."""

    act: ClassVar[str] = "assembly.drafted"
    draft: Slug
    """Id of the draft."""
    session: Slug
    """The kind of session."""
    title: Title
    """Title in the language of the statutes."""
    motions: Agenda
    """Motions asked for."""
    place: Slug | None = None
    """The place it concerns, exactly where the session meets at a level."""


class DraftSupported(Act, frozen=True):
    """Someone who may ask for the session supports a draft."""

    act: ClassVar[str] = "draft.supported"
    draft: Slug
    """The draft."""


class Electorate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The frozen list of those who may vote on one decision."""

    root: Hex32
    """Merkle root over the salted leaves."""
    size: Count
    """Number of electors."""
    leaves: CidText
    """Document that lists the salted leaves."""


class AgendaItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One motion put to the vote."""

    motion: Slug
    """The motion."""
    decision: Hex32
    """Id of the decision, bound to the motion's whole content; ballots are signed over it."""
    electorate: Electorate
    """Who may vote on it."""


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the convener asks for and signs."""

    assembly: Slug
    """Id of the assembly."""
    session: Slug
    """The kind of session, as the rulebook names it."""
    title: Title
    """Title in the language of the statutes."""
    channel: Channel
    """How votes are cast."""
    opens_at: Instant
    """First instant at which ballots are taken."""
    closes_at: Instant
    """First instant at which they no longer are."""
    motions: Agenda
    """Motions put to the vote, in order."""
    round: SessionRound = 1
    """First or second convocation."""
    previous: Slug | None = None
    """The assembly that was not quorate, exactly on second convocation."""
    draft: Slug | None = None
    """The draft whose supporters ask for it, where they do."""
    place: Slug | None = None
    """The place it concerns, exactly where the session meets at a level; voters who belong there vote."""


class AssemblyConvened(Act, frozen=True):
    """An assembly is called: agenda, rules and electorates are frozen from here on."""

    act: ClassVar[str] = "assembly.convened"
    call: Call
    """What the convener signed."""
    statutes: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Version of the statutes in force, whose rules govern to the end."""
    rules: Hex32
    """SHA-256 of that version's rulebook."""
    agenda: Annotated[tuple[AgendaItem, ...], Meta(min_length=1, max_length=100)]
    """One item for each motion of the call, in its order."""

    def signed_part(self) -> Call:
        """Return the call: the electorates are drawn up by the server after it was signed."""
        return self.call


class NoticeRecorded(Act, frozen=True):
    """The convener records when and how each of those who may attend was told."""

    act: ClassVar[str] = "notice.recorded"
    assembly: Slug
    """The assembly."""
    notices: CidText
    """A ``psephos-notices/1`` document: member, channel and time of each notice."""
    members: Count
    """How many were told."""


class ProxyGiven(Act, frozen=True):
    """A member with a vote is represented by another in one assembly."""

    act: ClassVar[str] = "proxy.given"
    proxy: Slug
    """Id of the proxy."""
    assembly: Slug
    """The assembly."""
    holder: MemberId
    """Who represents."""
    motions: Annotated[tuple[Slug, ...], Meta(max_length=100)] = ()
    """Motions of the agenda on which they do; empty for all of it."""
    until: Instant | None = None
    """Last instant at which they do; None for the whole session."""


class ProxyRevoked(Act, frozen=True):
    """A member takes a proxy back."""

    act: ClassVar[str] = "proxy.revoked"
    proxy: Slug
    """The proxy."""


class PresenceRecorded(Act, frozen=True):
    """Someone who may attend is there, or is excused."""

    act: ClassVar[str] = "presence.recorded"
    assembly: Slug
    """The assembly."""
    member: MemberId
    """Who."""
    presence: Literal["room", "remote", "excused"]
    """Where, or that the absence is excused."""


class AssemblyOpened(Act, frozen=True):
    """The session opens with those present and represented; whether it is quorate follows."""

    act: ClassVar[str] = "assembly.opened"
    assembly: Slug
    """The assembly."""
    entitled: Count
    """Members with a vote in it."""
    present: Count
    """Of these, those there."""
    represented: Count
    """Of these, those absent whose proxy is there."""


class AssemblyAdjourned(Act, frozen=True):
    """The session is put off; agenda, rules and electorates stay."""

    act: ClassVar[str] = "assembly.adjourned"
    assembly: Slug
    """The assembly."""
    opens_at: Instant
    """First instant at which ballots are taken from here on."""
    closes_at: Instant
    """First instant at which they no longer are."""


class BallotCast(Act, frozen=True):
    """An elector votes, or votes again: the last ballot of a voter counts, all stay."""

    act: ClassVar[str] = "ballot.cast"
    motion: Slug
    """The motion voted on."""
    decision: Hex32
    """Id of the decision."""
    voter: VoterId
    """Pseudonym of the elector for this decision."""
    choice: Hex32
    """Commitment to the choice."""
    cast_at: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
    """Time of signature claimed by the voter, seconds since the epoch."""
    nonce: Count
    """Number of ballots this voter cast on this decision before."""


class NamingAnswered(Act, frozen=True):
    """An elector says whether their name may stand beside their choice; the last answer holds."""

    act: ClassVar[str] = "naming.answered"
    decision: Hex32
    """The decision, and no other."""
    answer: Literal["consents", "declines"]
    """Whether it may; until asked and answered it may not."""


class UrnCounted(Act, frozen=True):
    """Tellers counted a secret vote on paper; nobody can count it again, they answer for it."""

    act: ClassVar[str] = "urn.counted"
    assembly: Slug
    """The assembly."""
    motion: Slug
    """The motion."""
    tellers: Annotated[tuple[MemberId, ...], Meta(min_length=2, max_length=10)]
    """Members who counted; each signs."""
    ballots: Count
    """Papers in the urn; at most as many as were present or represented."""
    tally: dict[str, Count]
    """Votes per choice, every choice present; on several options, papers per canonical choice. The rest of
    the papers were void."""
    record: CidText
    """The tellers' record, UTF-8."""
    papers: CidText | None = None
    """Where papers on several options differ so much that they would not fit into an entry, the
    ``psephos-papers/1`` document that says what ``tally`` would; ``tally`` is then empty."""


class MotionResult(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """What closing establishes for one motion."""

    motion: Slug
    """The motion."""
    openings: CidText | None = None
    """Document that opens every choice; None where tellers counted paper."""
    ballots: Count
    """Ballots in the ledger, replaced ones included."""
    voters: Count
    """Distinct voters."""
    tally: dict[str, Count]
    """Votes per choice, last ballots only, every choice present; empty where the vote is on several
    options."""
    void: Count = 0
    """Papers that nobody could read as a vote."""
    count: CidText | None = None
    """Where the vote is on several options, the ``psephos-tally/1`` document as far as figures decide, no
    tie broken."""


class AssemblyClosed(Act, frozen=True):
    """Voting is over: choices are opened and counted."""

    act: ClassVar[str] = "assembly.closed"
    assembly: Slug
    """The assembly."""
    results: Annotated[tuple[MotionResult, ...], Meta(min_length=1, max_length=100)]
    """Results in the order of the agenda."""


class LotsDrawn(Act, frozen=True):
    """The seed of the lots on a tie: the block that anchored the closing, which nobody chose."""

    act: ClassVar[str] = "lots.drawn"
    motion: Slug
    """The motion whose count is tied."""
    chain_id: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """EIP-155 id of the chain on which the organisation signs."""
    size: Count
    """Size of the first anchor there that covers the closing."""
    block: Count
    """Number of its block."""
    seed: Hex32
    """Hash of that block."""


class MinutesPublished(Act, frozen=True):
    """The minutes of a closed session, signed by those whom the statutes name."""

    act: ClassVar[str] = "minutes.published"
    assembly: Slug
    """The assembly."""
    minutes: CidText
    """The minutes, UTF-8."""
    signers: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=10)]
    """Who signs, in the order of the rule; each signs."""


class DerivationStep(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One rule applied to stated inputs."""

    rule: str
    """Id of the rule."""
    article: str
    """Its article; empty for a built-in rule."""
    inputs: dict[str, str]
    """Named inputs, numbers as decimal text or ``num/den``."""
    verdict: Literal["met", "not_met", "not_applicable"]
    """What the rule says of them."""
    entries: tuple[Count, ...] = ()
    """Indices of the entries the inputs come from, ascending."""


class DecisionMade(Act, frozen=True):
    """The outcome of a motion, with the derivation that makes it valid."""

    act: ClassVar[str] = "decision.made"
    motion: Slug
    """The motion decided."""
    assembly: Slug
    """The assembly that decided."""
    decision: Hex32
    """Id of the decision."""
    outcome: Outcome
    """How it ends."""
    derivation: Annotated[tuple[DerivationStep, ...], Meta(min_length=1, max_length=100)]
    """Steps in the order in which rules apply."""
    chosen: Annotated[tuple[Slug, ...], Meta(max_length=100)] = ()
    """Of several options, those chosen, in the order of their choice; empty unless adopted."""
    count: CidText | None = None
    """Where the vote is on several options, the ``psephos-tally/1`` document with every tie that the rules
    break broken."""


class BallotsRedacted(Act, frozen=True):
    """The contest period of decisions is over: what shows who cast which ballot is destroyed."""

    act: ClassVar[str] = "ballots.redacted"
    decisions: Annotated[tuple[Hex32, ...], Meta(min_length=1, max_length=100)]
    """The decisions, ascending."""
    signatures: Count
    """Signatures of ballots destroyed with it: one for each ballot of these decisions."""
    lines: Count
    """Lines of rolls destroyed with it: one for each elector of these decisions."""


AssemblyAct = (
    AssemblyDrafted
    | DraftSupported
    | AssemblyConvened
    | NoticeRecorded
    | ProxyGiven
    | ProxyRevoked
    | PresenceRecorded
    | AssemblyOpened
    | AssemblyAdjourned
    | BallotCast
    | NamingAnswered
    | UrnCounted
    | AssemblyClosed
    | LotsDrawn
    | MinutesPublished
    | DecisionMade
    | BallotsRedacted
)
"""Every act of an assembly."""
