"""Rights over data: consents, a new declaration, erasure."""

from typing import Annotated, Literal

from pydantic import Field

from backend.api.schemas.fields import AnswerModel, MemberText, RequestModel, SaltHex, Unsigned
from backend.api.schemas.members import Authored, Facts
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.domain.purposes import PurposeName, Reply
from backend.services.commands import Statement
from backend.services.data_rights import Erasure, ErasureOnDemand, Rectification


class ConsentRequest(RequestModel):
    """An answer to a request for consent."""

    purpose: PurposeName
    """The purpose."""
    version: Annotated[int, Field(ge=1, le=1000)]
    """Version of the words that were read."""
    reply: Reply
    """The answer."""


class ConsentAnswer(AnswerModel):
    """An answer that someone gave."""

    purpose: str
    """The purpose."""
    version: int
    """Version of the words they were asked with."""
    reply: str
    """``given`` or ``withdrawn``."""
    at: str
    """When."""


class PurposeAnswer(AnswerModel):
    """A purpose, in the words that people are asked with."""

    name: str
    """Its name."""
    version: int
    """Version of the words."""
    needed: bool
    """Whether the membership cannot do without."""
    fr: str
    """The words in French."""
    en: str
    """The words in English."""
    consents: bool
    """Whether the caller consents to it now, in these words."""


class ConsentsAnswer(AnswerModel):
    """What the caller is asked, and what they answered."""

    purposes: list[PurposeAnswer]
    """Every purpose."""
    history: list[ConsentAnswer]
    """Every answer, oldest first."""


class RectificationDraft(Unsigned):
    """A new declaration to be signed."""

    facts: Facts
    """Declared facts, all of them: those that are left out are forgotten."""
    facts_salt: SaltHex
    """Fresh salt of the commitment to them."""

    def rectification(self, member: str) -> Rectification:
        """Return what the services understand."""
        return Rectification(member, self.facts, bytes.fromhex(self.facts_salt))


class RectificationRequest(RectificationDraft):
    """A signed declaration."""

    signature: MemberSignature
    """By a key of the member, over the statement of the act."""


class ErasureDraft(Authored):
    """An erasure to be signed by two of those who keep the registers."""

    second: MemberText
    """Who signs besides the author."""
    cause: ErasureOnDemand
    """Whether the person asks for it, or an authority orders it."""
    salt: SaltHex
    """Fresh salt that binds the signatures to the person; to be kept by nobody."""

    def erasure(self, member: str) -> Erasure:
        """Return what the services understand."""
        return Erasure(member, self.cause, bytes.fromhex(self.salt), self.second)


class ErasureRequest(ErasureDraft):
    """A signed erasure."""

    signatures: Annotated[list[MemberSignature], Field(min_length=2, max_length=2)]
    """Of the author and of the second, over the same statement."""

    def statements(self) -> tuple[Statement, Statement]:
        """Return what the services understand."""
        first, second = map(signature_bytes, self.signatures)
        return (
            Statement(self.author, self.issued_at, first),
            Statement(self.second, self.issued_at, second),
        )


class ErasedAnswer(AnswerModel):
    """What is left of an erasure."""

    entries: list[int]
    """Index of the entry that tells of it, and not about whom."""
    size: int
    """Entries of the ledger right after it."""
    root: str
    """Root of the ledger at that size, hex."""
    erased: Literal[True] = True
    """Always true: what was erased is overwritten."""
