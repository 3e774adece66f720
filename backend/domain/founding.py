"""The founding of an organisation: the first entry of every ledger.

N1 it is the first, and only one. N2 the ledger's origin ends in the organisation's name, its signatures
are bound to a contract, and its passkeys, where it takes any, to pages of their domain. N3 every founder is
there once, is of a class the statutes know, and signs. N4 at least one has a vote. N5 the documents of the
statutes hold (``backend.domain.statutes``), and no decision stands beside them yet. N6 seats are filled only
as the statutes let founders (``elections``).
"""

from backend.domain.acts import AddressHex, OrganisationFounded, RelyingParty
from backend.domain.authorship import check_statement
from backend.domain.elections import check_first_mandates
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.sources import Sources
from backend.domain.standing import MEMBERSHIP_RULE
from backend.domain.state import State
from backend.domain.statutes import check_documents

NO_ADDRESS: AddressHex = "0x" + "00" * 20
"""Address that is nobody's; no registry contract has it."""


def check_founded(state: State, entry: Entry, data: OrganisationFounded, sources: Sources) -> int:
    """Check a founding; returns the number of redacted signatures.

    Raises:
        ConflictError: The ledger already has one, or two founders share a pseudonym or a key.
        InvalidInputError: The documents do not hold, the origin does not end in the slug, or the
            signing domain names no contract, or pages on which no passkey of its domain would sign.
        RuleViolation: A founder did not sign, no founder would have a vote, or a seat is filled that
            the statutes do not let them fill.
    """
    if state.size:
        raise ConflictError("organisation.founded_twice", expected="one founding", found=data.slug)
    _check_place(data)
    for noun, values in (
        ("member.exists", [founder.member for founder in data.founders]),
        ("key.in_use", [founder.key for founder in data.founders]),
    ):
        if len(set(values)) != len(values):
            raise ConflictError(noun, expected="each founder once", found="a repeated founder")
    rulebook = check_documents(data.statutes, sources, in_force=None)
    rights = [rulebook.voting_right(founder.member_class) for founder in data.founders]
    if all(right.modality == "must_not" for right in rights):
        raise RuleViolation(
            "founders.no_vote",
            rights[0].reference(),
            expected="a founder with a vote",
            found="none",
        )
    check_first_mandates(data, rulebook, entry.at)
    if entry.by != data.founders[0].member:
        raise RuleViolation(
            "author.self", MEMBERSHIP_RULE, expected=data.founders[0].member, found=entry.by
        )
    signers = [(founder.member, (founder.key,)) for founder in data.founders]
    return check_statement(data, entry, state.size, sources, signers=signers)


def _check_place(data: OrganisationFounded) -> None:
    if data.origin.rpartition("/")[2] != data.slug:
        raise InvalidInputError(
            "organisation.origin", expected=f"<host>/{data.slug}", found=data.origin
        )
    if data.signing.contract == NO_ADDRESS:
        raise InvalidInputError(
            "organisation.contract", expected="the registry's address", found=data.signing.contract
        )
    if data.signing.passkeys is not None:
        check_relying_party(data.signing.passkeys)


def check_relying_party(party: RelyingParty) -> None:
    """Check that browsers would let a passkey sign on every origin, and that none stands twice (N2).

    Raises:
        InvalidInputError: ``organisation.passkeys``.
    """
    hosts = [origin.split("://")[1].partition(":")[0] for origin in party.origins]
    below = all(host == party.id or host.endswith(f".{party.id}") for host in hosts)
    if not below or len(set(party.origins)) != len(party.origins):
        raise InvalidInputError(
            "organisation.passkeys",
            expected=f"different origins at {party.id} or below it",
            found=", ".join(party.origins),
        )
