"""Entries: an act with its circumstances, and the exact bytes that are a leaf of the ledger.

An entry is the RFC 8785 canonical JSON of ``{"act", "at", "by", "data", "proof", "v"}``. The value of
``act`` chooses the schema of ``data``.
"""

from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from anchoring.core.types import MAX_ENTRY_BYTES
from backend.domain.acts import ACTS, Act
from backend.domain.commitments import Hex32
from backend.domain.errors import InvalidInputError
from backend.domain.instants import Instant
from backend.domain.quantities import MAX_INTEGER

FORMAT_VERSION = 1
"""Version of the entry format, key ``v``."""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Commitments to the detached signatures of an act."""

    signatures: Annotated[tuple[Hex32, ...], Meta(max_length=100)] = ()
    """Commitments to (key, signature), in the order the act defines."""
    issued_at: Annotated[int, Meta(ge=0, le=MAX_INTEGER)] = 0
    """Time of signature claimed by the signer, seconds since the epoch; 0 where nobody signs."""


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    act: str
    at: Instant
    by: Annotated[str, Meta(pattern=r"^(system|[mv][0-9a-f]{32})\Z")]
    data: msgspec.Raw
    proof: Proof
    v: Literal[1]


class Entry(msgspec.Struct, frozen=True):
    """One act with its circumstances: what a leaf of the ledger says."""

    at: Instant
    """Server time of the act; the audit checks it against the anchors."""
    by: str
    """Member or voter pseudonym, or ``system``."""
    data: Act
    """The act itself."""
    proof: Proof = Proof()
    """Commitments to its signatures."""

    def to_bytes(self) -> bytes:
        """Return the canonical bytes of the entry.

        Raises:
            InvalidInputError: The entry would exceed 65,535 bytes, or holds text that is not
                canonical JSON (a lone surrogate, a key outside ASCII).
        """
        envelope = {
            "v": FORMAT_VERSION,
            "act": self.data.act,
            "at": self.at,
            "by": self.by,
            "data": msgspec.to_builtins(self.data),
            "proof": msgspec.to_builtins(self.proof),
        }
        try:
            encoded = canonical_json(envelope)
        except MalformedError as error:
            raise InvalidInputError(
                "entry.text", expected="plain text", found=error.reason
            ) from error
        if len(encoded) > MAX_ENTRY_BYTES:
            raise InvalidInputError(
                "entry.too_long",
                expected=f"at most {MAX_ENTRY_BYTES} bytes; put long texts in a document",
                found=f"{len(encoded)} bytes",
            )
        return encoded

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Read an entry back, strictly.

        Raises:
            InvalidInputError: Too long, not canonical, an unknown act, an unknown or missing field,
                or a value out of its bounds.
        """
        if len(encoded) > MAX_ENTRY_BYTES:
            raise InvalidInputError(
                "entry.too_long",
                expected=f"at most {MAX_ENTRY_BYTES} bytes; put long texts in a document",
                found=f"{len(encoded)} bytes",
            )
        try:
            parse_canonical(encoded, what="entry")
            envelope = _ENVELOPES.decode(encoded)
            data = _DECODERS[envelope.act].decode(envelope.data)
        except KeyError as error:
            raise InvalidInputError(
                "entry.act", expected="an act this version knows", found=str(error.args[0])[:64]
            ) from error
        except (MalformedError, msgspec.DecodeError) as error:
            raise InvalidInputError(
                "entry.malformed", expected="a canonical entry", found=str(error)[:200]
            ) from error
        entry = cls(at=envelope.at, by=envelope.by, data=data, proof=envelope.proof)
        if entry.to_bytes() != encoded:
            raise InvalidInputError(
                "entry.malformed", expected="the one encoding of this act", found="another encoding"
            )
        return entry


_ENVELOPES = msgspec.json.Decoder(_Envelope)
_DECODERS = {name: msgspec.json.Decoder(schema) for name, schema in ACTS.items()}


def statement_content(*, author: str, data: Act) -> bytes:
    """Return the canonical bytes whose SHA-256 a member signs when acting.

    Args:
        author: Pseudonym that will stand in the entry's ``by``.
        data: The act.

    Raises:
        InvalidInputError: The act holds text that is not canonical JSON (a lone surrogate).
    """
    signed = msgspec.to_builtins(data.signed_part())
    try:
        return canonical_json({"act": data.act, "by": author, "data": signed})
    except MalformedError as error:
        raise InvalidInputError("entry.text", expected="plain text", found=error.reason) from error
