"""The keys of the ledger itself, and who may change them: the log key, and the accounts that anchor.

K1 those who keep the registers rotate it. K2 a key is an Ed25519 key under the ledger's origin. K3 a key that
was replaced, or is in use, does not come again; a ledger has at most ``MAX_EARLIER_KEYS`` rotations.
K4 checkpoints that cover the rotation are signed by the new key, others by the one before; the first that
covers it is signed by both, so that whoever knows only the old key learns the new one from it
(``anchoring.core.rotations``).

P1 those who keep the registers change the account that anchors on a chain. P2 the account before is the one
that the ledger named last for that chain, if it named one. P3 an account that anchored there before, or is
in use, does not come again; a chain has at most ``MAX_EARLIER_PUBLISHERS`` changes. P4 anchors of sizes up to
the index of the act are believed of the account before, of greater sizes of the new account
(``backend.domain.publishers``).
"""

from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.note import NoteVerifier
from anchoring.core.trust import MAX_EARLIER_KEYS, MAX_EARLIER_PUBLISHERS
from backend.domain.acts import LogKeyRotated, PublisherRotated
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError
from backend.domain.facts import Member
from backend.domain.publishers import rotations_on
from backend.domain.rulebook.order import Custody
from backend.domain.sources import Sources
from backend.domain.standing import check_officer
from backend.domain.state import State


def check_log_key_rotated(state: State, entry: Entry, data: LogKeyRotated, sources: Sources) -> int:
    """Check a rotation (K1 to K3); returns the number of redacted signatures.

    The first key of a ledger is named by no entry: that it does not come again is for those who know it.

    Raises:
        InvalidInputError: ``log_key.malformed``: no Ed25519 verifier key; ``log_key.origin``: of another
            ledger.
        ConflictError: ``log_key.used``: it was the key before; ``log_key.limit``: there were too many.
        NotFoundError: No such author.
        RuleViolation: The author does not keep the registers, or did not sign, or the rulebook is silent.
    """
    officer = _custodian(state, entry)
    try:
        name = NoteVerifier.from_text(data.log_key).name
    except (MalformedError, UnsupportedError) as error:
        raise InvalidInputError(
            "log_key.malformed", expected="an Ed25519 verifier key", found=data.log_key
        ) from error
    origin = state.founded().origin
    if name != origin:
        raise InvalidInputError("log_key.origin", expected=origin, found=name)
    if len(state.rotations) >= MAX_EARLIER_KEYS:
        raise ConflictError(
            "log_key.limit", expected=f"{MAX_EARLIER_KEYS}", found=f"{len(state.rotations) + 1}"
        )
    if any(rotation.log_key == data.log_key for rotation in state.rotations):
        raise ConflictError("log_key.used", expected="a new key", found=data.log_key)
    signers = [(officer.id, officer.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_publisher_rotated(
    state: State, entry: Entry, data: PublisherRotated, sources: Sources
) -> int:
    """Check a change of publisher (P1 to P3); returns the number of redacted signatures.

    That the first account named as the one before did anchor is for those who know it.

    Raises:
        ConflictError: ``publisher.previous``: another account was named last; ``publisher.used``: the new one
            anchored there before; ``publisher.limit``: there were too many changes.
        NotFoundError: No such author.
        RuleViolation: The author does not keep the registers, or did not sign, or the rulebook is silent.
    """
    officer = _custodian(state, entry)
    known = rotations_on(state.publisher_rotations, data.chain_id)
    if known and data.previous != known[-1].publisher:
        raise ConflictError("publisher.previous", expected=known[-1].publisher, found=data.previous)
    if len(known) >= MAX_EARLIER_PUBLISHERS:
        raise ConflictError(
            "publisher.limit", expected=f"{MAX_EARLIER_PUBLISHERS}", found=f"{len(known) + 1}"
        )
    if data.publisher in {data.previous, *(each.previous for each in known)}:
        raise ConflictError("publisher.used", expected="a new account", found=data.publisher)
    signers = [(officer.id, officer.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _custodian(state: State, entry: Entry) -> Member:
    custody = state.in_force().rulebook.one(Custody)
    day = state.day_of(entry.at)
    return check_officer(state, entry.by, custody.by, day, custody.reference())
