"""Electorates of decisions: what is public of them, and what proves one's own place in them.

Who asks for a proof shows who they are in one of two ways. Either by the voter pseudonym and the salt that
the answer to their ballot gave them: whoever knows both could make the proof from the public leaves alone.
Or, before they voted, by a statement signed with a key in force of theirs, which gives them their own line of
the roll and nobody else's. Signatures are checked before the roll is looked at, so that a stranger learns
nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.acts import AgendaItem, CidText, MemberId, Slug, VoterId
from backend.domain.authorship import check_signed
from backend.domain.commitments import SALT_BYTES, Hex32, Tag, commit
from backend.domain.electorate import (
    ElectorAsked,
    ElectorProof,
    parse_leaves,
    prove_elector,
)
from backend.domain.entry import Entry, Proof
from backend.domain.instants import Instant
from backend.domain.signing import TypedData
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.services.commands import Statement, signed_by_author
from backend.services.contract_accounts import ContractAccounts
from backend.services.signing_requests import statement_request
from backend.services.views import Reads


@dataclass(frozen=True, slots=True)
class ElectorateView:
    """What is public of the electorate of one decision."""

    motion: Slug
    """The motion."""
    assembly: Slug
    """The assembly."""
    decision: Hex32
    """Id of the decision."""
    root: Hex32
    """Merkle root over the salted leaves."""
    size: int
    """Number of electors."""
    leaves: CidText
    """Document that lists the salted leaves."""
    entry: int
    """The entry that freezes it: the convocation."""


def electorate_of(reads: Reads, slug: Slug, motion: Slug) -> ElectorateView:
    """Return the electorate of the last vote on a motion.

    Raises:
        NotFoundError: No such organisation, or the motion is on no agenda.
    """
    state = reads.state(slug)
    poll = state.poll(motion)
    frozen = poll.item.electorate
    return ElectorateView(
        motion,
        poll.assembly,
        poll.item.decision,
        frozen.root,
        frozen.size,
        frozen.leaves,
        state.assembly(poll.assembly).entry,
    )


def proof_of_voter(
    reads: Reads, slug: Slug, motion: Slug, *, voter: VoterId, salt: bytes
) -> ElectorProof:
    """Return the proof of whoever knows a voter pseudonym and the salt of its leaf.

    Raises:
        NotFoundError: No such organisation or vote, or no leaf stands for this voter under this salt.
    """
    item = reads.state(slug).poll(motion).item
    return _proof(reads.sources(slug), item, voter=voter, salt=salt)


def elector_request(
    reads: Reads, slug: Slug, motion: Slug, *, author: MemberId, issued_at: int
) -> TypedData:
    """Return what a member signs to be given the proof of their own line.

    Raises:
        NotFoundError: No such organisation, or the motion is on no agenda.
    """
    data = ElectorAsked(reads.state(slug).poll(motion).item.decision)
    return statement_request(reads, slug, data, author=author, issued_at=issued_at)


def proof_of_member(
    reads: Reads,
    slug: Slug,
    motion: Slug,
    statement: Statement,
    *,
    at: Instant,
    contract_accounts: ContractAccounts,
) -> ElectorProof:
    """Return the proof of a member who asks for their own line of the roll.

    Args:
        reads: Committed facts.
        slug: The organisation.
        motion: The motion.
        statement: The member's signature of ``elector_request``.
        at: Now.
        contract_accounts: Who is asked where the key is a contract account.

    Raises:
        NotFoundError: No such organisation, vote or member; their key was erased; or they are not on the
            roll, or it was erased.
        RuleViolation: The signature is another's, or too old, or the account's chain does not confirm it.
    """
    state, sources = reads.state(slug), reads.sources(slug)
    item = state.poll(motion).item
    data = ElectorAsked(item.decision)
    signed = signed_by_author(
        state,
        sources,
        data,
        statement,
        confirmed=lambda asked: contract_accounts.verify(
            asked.account, asked.digest, asked.signature
        ),
    )
    opening = SignatureOpening(signed.key, signed.signature, bytes(SALT_BYTES))
    payload = opening.key + opening.signature
    asked = Entry(
        at,
        statement.author,
        data,
        Proof((commit(Tag.SIGNATURE, salt=opening.salt, payload=payload),), statement.issued_at),
    )
    check_signed(state, asked, _Asking(sources, opening))
    elector = reads.elector(slug, motion, statement.author)
    return _proof(sources, item, voter=elector.voter, salt=elector.salt)


def _proof(sources: Sources, item: AgendaItem, *, voter: VoterId, salt: bytes) -> ElectorProof:
    leaves = parse_leaves(sources.document(item.electorate.leaves))
    return prove_elector(item, leaves, voter=voter, salt=salt)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Sources in which a request that is no entry has its signature, as a new entry has.

    What is kept of a contract account's was confirmed right before.
    """

    kept: Sources
    opening: SignatureOpening

    def document(self, cid: CidText) -> bytes:
        return self.kept.document(cid)

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:  # noqa: ARG002 - the one asked for
        return (self.opening,)

    def key(self, commitment: Hex32) -> KeyOpening | None:
        return self.kept.key(commitment)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        return self.kept.roll(decision)

    def contract_signature(
        self,
        key: bytes,
        digest: bytes,  # noqa: ARG002 - of the one request
        signature: bytes,
    ) -> bool | None:
        return (key, signature) == (self.opening.key, self.opening.signature)
