"""Fields that requests and answers share."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints

from backend.domain.quantities import MAX_INTEGER

ID_PATTERN = "^[a-z0-9](-?[a-z0-9])*$"
"""Readable id: lowercase letters, digits, single hyphens."""

MAX_ID_LENGTH = 63
"""Longest readable id."""

MEMBER_PATTERN = "^m[0-9a-f]{32}$"
"""Pseudonym of a member."""

MAX_TEXT_LENGTH = 1 << 20
"""Longest text, in characters; the request as a whole is bounded too."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=MAX_ID_LENGTH)]
"""Readable id chosen by its author."""

MemberText = Annotated[str, StringConstraints(pattern=MEMBER_PATTERN)]
"""Pseudonym of a member: ``m`` and 32 hexadecimal digits, drawn at random by the applicant."""

SaltHex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""Thirty-two random bytes as lowercase hex."""

AddressText = Annotated[str, StringConstraints(pattern="^0x[0-9a-f]{40}$")]
"""Ethereum address, lowercase hex."""

InstantText = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
    ),
]
"""Instant in UTC with milliseconds: ``2026-02-01T09:00:00.000Z``."""

DayText = Annotated[str, StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""Day: ``2026-02-01``."""

TitleText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Short public text in the language of the statutes."""

LongText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_LENGTH)]
"""Text of a document."""

EpochSeconds = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""Seconds since 1970-01-01T00:00:00Z."""

JsonObject = dict[str, JsonValue]
"""A document; what counts is its canonical form (RFC 8785)."""


def _hexadecimal(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _prefixed(value: object) -> object:
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


HexText = Annotated[str, BeforeValidator(_hexadecimal)]
"""Bytes as lowercase hex without prefix."""

PrefixedHex = Annotated[str, BeforeValidator(_prefixed)]
"""Bytes as lowercase hex after 0x."""

T = TypeVar("T")


class RequestModel(BaseModel):
    """Root of what is read: closed, strict, immutable."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


class AnswerModel(BaseModel):
    """Root of what is answered; made from views."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class Unsigned(RequestModel):
    """What everyone who acts states, signature apart."""

    issued_at: EpochSeconds
    """Time of signature, at most 15 minutes from the server's."""


class NothingAsked(RequestModel):
    """An empty object."""


class RecordedAnswer(AnswerModel):
    """What a write recorded."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"entries": [12], "size": 13, "root": "9f" * 32}]}
    )

    entries: list[int]
    """Indices of its entries, ascending."""
    size: int
    """Entries of the ledger right after them."""
    root: str
    """Root of the ledger at that size, hex."""


class PageAnswer(AnswerModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    """The items, in order."""
    next: int | str | None
    """What to give as ``after`` for the next page; null on the last page."""


class TypedField(AnswerModel):
    """A field of an EIP-712 type."""

    name: str
    """Its name."""
    type: str
    """Its Solidity type."""


class SigningDomainAnswer(AnswerModel):
    """The EIP-712 domain of an organisation."""

    name: str
    """Always ``Psephos``."""
    version: str
    """Version of the signed types."""
    chainId: int  # noqa: N815 - EIP-712's spelling
    """EIP-155 chain id."""
    verifyingContract: str  # noqa: N815 - EIP-712's spelling
    """The registry contract."""
    salt: str
    """Keccak-256 of the ledger's origin."""


class TypedDataAnswer(AnswerModel):
    """What to sign: an ``eth_signTypedData_v4`` request (https://eips.ethereum.org/EIPS/eip-712)."""

    types: dict[str, list[TypedField]]
    """The types."""
    primaryType: str  # noqa: N815 - EIP-712's spelling
    """The type signed: ``Statement`` or ``Ballot``."""
    domain: SigningDomainAnswer
    """Where the signature is valid."""
    message: dict[str, str | int]
    """What is signed."""
    digest: str
    """The 32 bytes that are signed, 0x and hex: the challenge of a passkey."""
    safe_digest: str | None = None
    """For a Safe that was named: the 32 bytes that its owners sign, the digest of ``SafeMessage``."""


def unprefixed(text: str) -> bytes:
    """Return the bytes of a checked ``0x`` text."""
    return bytes.fromhex(text[2:])
