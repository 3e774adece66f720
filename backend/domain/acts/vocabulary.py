"""What acts are made of: pseudonyms, ids, references, and the closed lists of kinds.

No field ever names a person: members and voters are random pseudonyms, facts about a person and
signatures of a person are salted commitments (``backend.domain.commitments``).
"""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.commitments import Hex32
from backend.domain.quantities import MAX_INTEGER

SYSTEM = "system"
"""Author of acts that follow from the rules without anyone's choice."""

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9](-?[a-z0-9])*\Z", max_length=63)]
"""Readable id chosen by its author: lowercase letters, digits, single hyphens; 1 to 63 characters."""

MemberId = Annotated[str, Meta(pattern=r"^m[0-9a-f]{32}\Z")]
"""Pseudonym of a member: ``m`` and 128 random bits as hex."""

VoterId = Annotated[str, Meta(pattern=r"^v[0-9a-f]{32}\Z")]
"""Pseudonym of an elector for one decision only: ``v`` and 128 random bits as hex."""

AddressHex = Annotated[str, Meta(pattern=r"^0x[0-9a-f]{40}\Z")]
"""Ethereum address, lowercase hex."""

DomainName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z",
        max_length=253,
    ),
]
"""Domain name in its ASCII form, lowercase (RFC 5890 A-labels)."""

WebOrigin = Annotated[
    str,
    Meta(
        pattern=r"^(https://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|http://localhost)(:[1-9][0-9]{0,4})?\Z",
    ),
]
"""Origin as browsers write it, where they let passkeys sign: https, or http on the machine itself."""

LogKeyText = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9.:-]{1,190}/[a-z0-9-]{1,63}\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}\Z",
        max_length=308,
    ),
]
"""Verifier key of a C2SP signed note with an Ed25519 key (https://c2sp.org/signed-note)."""

CidText = Annotated[
    str, Meta(pattern=r"^baf(krei|ybei)[a-h][a-z2-7]{50}[aeimquy4]\Z", min_length=59, max_length=59)
]
"""CIDv1 of a document in profile ``unixfs-v1-2025``, exactly as ``anchoring.core.cid`` parses it: base32 of
version 1, codec raw or dag-pb, SHA-256, 32 bytes and two zero bits."""

UNSEEN = r"\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
"""Characters, as a class of a pattern, that make a text look like another one: controls, line ends, marks
that turn the direction of writing, and marks without width, save the joiners U+200C and U+200D that names
of many languages need.
Source: Unicode Technical Report 36, section 2.5, https://www.unicode.org/reports/tr36/"""

Title = Annotated[str, Meta(min_length=1, max_length=200)]
"""Short public text in one language."""

DecimalText = Annotated[str, Meta(min_length=1, max_length=32)]
"""A decimal as text; ``backend.domain.quantities.parse_decimal`` gives its grammar."""

Count = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
"""A number of things."""

MemberClass = Slug
"""Class of members; the rulebook says which there are, and gives or denies each the right to vote."""

MotionKind = Literal[
    "constituent",
    "abrogative",
    "revocatory",
    "legislative",
    "election",
    "approval",
    "affiliation",
    "exclusion",
    "sanction",
    "appeal",
    "internal_rules",
    "ratification",
    "interpretation",
    "valuation",
    "dissolution",
]
"""Kinds of motion: the four of the permanent process, and those that statutes name apart."""

EffectType = Literal[
    "statutes",
    "framework",
    "resolution",
    "abrogation",
    "revocation",
    "election",
    "approval",
    "affiliation",
    "measure",
    "reversal",
    "internal_rules",
    "ratification",
    "interpretation",
    "dissolution",
    "selection",
]
"""What a motion can change."""

Channel = Literal["remote", "room", "correspondence"]
"""Where votes are cast."""

NoticeChannel = Literal["post", "email", "text_message", "platform", "by_hand"]
"""How someone is told."""

SessionRound = Literal[1, 2]
"""First or second convocation."""

LossCause = Literal[
    "resignation", "death", "exclusion", "accreditation_withdrawn", "arrears", "other"
]
"""Why a membership ends."""

Outcome = Literal["adopted", "rejected", "no_quorum"]
"""How a decision ends."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Root of every act's ``data``."""

    act: ClassVar[str]
    """Name of the act, the value of the entry's key ``act``."""

    def signed_part(self) -> msgspec.Struct:
        """Return the part its author signs: all of it, unless the server adds to what was asked."""
        return self


class StatutesReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two documents that are in force together."""

    text: CidText
    """The text, UTF-8."""
    rulebook: CidText
    """The rulebook, canonical JSON."""
    rules: Hex32
    """SHA-256 of the rulebook's bytes; ballots are signed over it."""


class RelyingParty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where passkeys of this organisation are valid (https://www.w3.org/TR/webauthn-3/)."""

    id: DomainName
    """Relying party id: the domain to which browsers bind the passkeys."""
    origins: Annotated[tuple[WebOrigin, ...], Meta(min_length=1, max_length=5)]
    """Origins of the pages that may ask a passkey to sign: that domain, or below it."""


class SigningDomain(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where signatures of this organisation are valid (EIP-712 domain)."""

    chain_id: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """EIP-155 chain id."""
    contract: AddressHex
    """Registry contract that anchors this ledger."""
    passkeys: RelyingParty | None = None
    """Where passkeys sign; None where only wallets do."""
