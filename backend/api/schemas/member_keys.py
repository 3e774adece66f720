"""The keys of members: what is asked to change them, and what is told of them."""

from typing import Annotated, Literal

from pydantic import Field

from backend.api.schemas.fields import AnswerModel, MemberText, SaltHex, Unsigned
from backend.api.schemas.members import Authored, FactName, FactText
from backend.api.schemas.signatures import MemberKey, MemberSignature, signature_bytes
from backend.domain.acts import MemberId
from backend.domain.identity.attributes import MAX_FACTS
from backend.services.acts import MemberSignature as SignedBy
from backend.services.member_keys import KeyOffer, OfferedKey
from backend.services.ports import FactsOpening


class KeyDraft(Unsigned):
    """A key that a member binds."""

    key: MemberKey
    """The new key."""
    key_salt: SaltHex
    """Salt of the commitment to it, drawn by whoever holds it."""

    def offered(self) -> OfferedKey:
        """Return what the services understand."""
        return OfferedKey(self.key.key(), bytes.fromhex(self.key_salt))


class SignedKey(KeyDraft):
    """A key that is to be bound, with the signatures of whoever acts and of the key itself."""

    signature: MemberSignature
    """By a key in force of whoever acts, over the statement of the act."""
    key_signature: MemberSignature
    """By the new key, over the same statement."""

    def offer(self, author: MemberId) -> KeyOffer:
        """Return what the services understand."""
        return KeyOffer(
            self.offered(),
            signature_bytes(self.key_signature),
            author,
            self.issued_at,
            signature_bytes(self.signature),
        )


class RevocationDraft(Unsigned):
    """A key that a member ends."""

    key: SaltHex
    """Commitment to it, hex, as ``GET …/keys`` lists it."""


class RevocationRequest(RevocationDraft):
    """A signed revocation."""

    signature: MemberSignature
    """By any key in force of the member, over the statement of the act."""


class EnrolmentDraft(KeyDraft, Authored):
    """The first key of a member; the author keeps the registers."""


class EnrolmentRequest(SignedKey, Authored):
    """A signed enrolment."""


class RecoveryDraft(EnrolmentDraft):
    """A key that replaces all of a member's; the author keeps the registers."""

    second: MemberText
    """Somebody else who keeps the registers."""


class RecoveryRequest(EnrolmentRequest):
    """A signed recovery."""

    second: MemberText
    """Somebody else who keeps the registers."""
    second_signature: MemberSignature
    """By a key in force of theirs, over the statement of the act."""

    def by_second(self) -> SignedBy:
        """Return what the services understand."""
        return SignedBy(self.second, signature_bytes(self.second_signature))


class RepresentativeDraft(KeyDraft):
    """The person who acts for an organisation, and their key."""

    facts: Annotated[dict[FactName, FactText], Field(max_length=MAX_FACTS)]
    """What the representative declares, ``name`` at least."""
    facts_salt: SaltHex
    """Salt of the commitment to the facts."""

    def opening(self) -> FactsOpening:
        """Return what the services understand."""
        return FactsOpening(self.facts, bytes.fromhex(self.facts_salt))


class RepresentativeRequest(SignedKey, RepresentativeDraft):
    """A signed naming of a representative."""


class MemberKeyAnswer(AnswerModel):
    """A key in force."""

    kind: Literal["wallet", "passkey", "contract", "erased"]
    """What it is of; ``erased`` where the key itself was destroyed."""
    commitment: str
    """The commitment in the ledger, hex."""
    entry: int
    """The entry that bound it."""


class MemberKeysAnswer(AnswerModel):
    """The keys in force of a member."""

    items: list[MemberKeyAnswer]
    """The keys, oldest first."""
