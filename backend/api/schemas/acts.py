"""Requests to record an act as it is signed."""

from typing import Annotated

from pydantic import Field

from backend.api.schemas.fields import (
    JsonObject,
    LongText,
    MemberText,
    RequestModel,
)
from backend.api.schemas.members import Authored
from backend.api.schemas.organisations import canonical_document
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.services import acts
from backend.services.acts import SignedAct, act_of

MAX_DOCUMENTS = 10
"""Most documents of one act: statutes with their rulebook and the motion's text are three."""

MAX_SIGNATURES = 10
"""Most signatures of one act: tellers, or those who sign minutes."""


class ActDraft(Authored):
    """An unsigned act."""

    data: JsonObject
    """The fields of the act, as docs/formats/entry.md gives them."""


class SignatureField(RequestModel):
    """One signature."""

    member: MemberText
    """Who signs."""
    signature: MemberSignature
    """By a key in force of the member, over the statement of the act."""


class ActRequest(ActDraft):
    """A signed act."""

    documents: Annotated[
        list[LongText | JsonObject], Field(max_length=MAX_DOCUMENTS, default_factory=list)
    ]
    """Documents it refers to: texts, and JSON that is kept in canonical form."""
    signatures: Annotated[list[SignatureField], Field(min_length=1, max_length=MAX_SIGNATURES)]
    """Signatures in the order the act defines; for most acts the author's only."""

    def signed_act(self, name: str) -> SignedAct:
        """Return what the use case takes.

        Args:
            name: Name of the act.

        Raises:
            NotFoundError: No act of that name is recorded as signed.
            InvalidInputError: The fields are not those of the act.
            MalformedError: A document has no canonical form.
        """
        return SignedAct(
            act_of(name, self.data),
            self.author,
            self.issued_at,
            [
                acts.MemberSignature(each.member, signature_bytes(each.signature))
                for each in self.signatures
            ],
            [
                document.encode() if isinstance(document, str) else canonical_document(document)
                for document in self.documents
            ],
        )
