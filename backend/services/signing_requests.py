"""What members are asked to sign, with its digest, prepared from the committed state; nothing is stored.

A client may compose the same typed data by itself; whoever does not trust the server should.
"""

from backend.domain.acts import Act, AssemblyConvened, Call, MemberId, Slug, VoterId
from backend.domain.contract_accounts import ContractAccount, safe_message_digest
from backend.domain.signing import (
    TypedData,
    ballot_typed_data,
    statement_typed_data,
    typed_data_digest,
)
from backend.services.ballots import Vote, ballot_of
from backend.services.organisations import Founding
from backend.services.views import Reads


def founding_request(founding: Founding, *, issued_at: int) -> TypedData:
    """Return what every founder signs.

    Raises:
        InvalidInputError: A founder's salt is not 32 bytes, or a text is no text.
    """
    data = founding.act()
    author = data.founders[0].member
    return _with_digest(statement_typed_data(data, author=author, data=data, issued_at=issued_at))


def statement_request(
    reads: Reads, slug: Slug, data: Act, *, author: MemberId, issued_at: int
) -> TypedData:
    """Return what the author of an act signs.

    Raises:
        NotFoundError: No such organisation.
        InvalidInputError: The act holds text that is no text.
    """
    organisation = reads.state(slug).founded()
    return _with_digest(
        statement_typed_data(organisation, author=author, data=data, issued_at=issued_at)
    )


def call_request(
    reads: Reads, slug: Slug, call: Call, *, author: MemberId, issued_at: int
) -> TypedData:
    """Return what the convener of an assembly signs: the call, before electorates are drawn up.

    Raises:
        NotFoundError: No such organisation.
        InvalidInputError: The title is no text.
    """
    state = reads.state(slug)
    current = state.in_force()
    data = AssemblyConvened(call, current.number, current.statutes.rules, ())
    return _with_digest(
        statement_typed_data(state.founded(), author=author, data=data, issued_at=issued_at)
    )


def ballot_request(reads: Reads, slug: Slug, vote: Vote) -> TypedData:
    """Return what a voter signs; whether the member has a vote is only asked when the ballot is cast.

    Raises:
        NotFoundError: No such organisation or motion.
        RuleViolation: ``ballot.agenda``: the motion is put to no vote.
        InvalidInputError: The choice is not on the ballot, or its salt is not 32 bytes.
    """
    state = reads.state(slug)
    ballot = ballot_of(state, vote, _UNSIGNED_VOTER)
    poll = state.poll(vote.motion)
    rules = state.assembly(poll.assembly).data.rules
    return _with_digest(ballot_typed_data(state.founded(), poll, rules=rules, ballot=ballot))


def with_safe_digest(request: TypedData, account: ContractAccount) -> TypedData:
    """Return a request that also says what the owners of a Safe sign.

    Args:
        request: From this module.
        account: The Safe.
    """
    digest = bytes.fromhex(request["digest"][2:])
    return {**request, "safe_digest": f"0x{safe_message_digest(account, digest).hex()}"}


def _with_digest(typed_data: TypedData) -> TypedData:
    return {**typed_data, "digest": f"0x{typed_data_digest(typed_data).hex()}"}


_UNSIGNED_VOTER: VoterId = "v" + "0" * 32
"""Stands for the voter pseudonym, which is no part of what a voter signs."""
