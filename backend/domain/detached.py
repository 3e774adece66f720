"""Detached proofs as files: what opens commitments to signatures, keys and rolls.

Each file is NDJSON, one canonical JSON object per line, so that a line can be erased without touching
the others; docs/formats/bundle.md describes them. They go to auditors only.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import Count, MemberId, VoterId
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.passkeys import MAX_ASSERTION_BYTES
from backend.domain.sources import Elector, KeyOpening, SignatureOpening

_KeyText = Annotated[
    str,
    Meta(
        pattern=r"^0x([0-9a-f]{40}|a5010203262001215820[0-9a-f]{64}225820[0-9a-f]{64}"
        r"|a4010103272006215820[0-9a-f]{64})\Z"
    ),
]
_SignatureText = Annotated[
    str, Meta(pattern=r"^0x([0-9a-f]{2})+\Z", max_length=2 + 2 * MAX_ASSERTION_BYTES)
]


class _Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: _KeyText
    salt: Hex32
    signature: _SignatureText


class _SignaturesLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entry: Count
    openings: tuple[_Opening, ...]


class _KeyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: _KeyText
    salt: Hex32
    commitment: Hex32 | UnsetType = UNSET
    member: MemberId | UnsetType = UNSET

    def opened(self) -> Hex32:
        """Return the commitment that the line is about.

        Bundles from the time when members had one key name the member instead; the audit finds out
        whether it is theirs.
        """
        if (self.commitment is UNSET) == (self.member is UNSET):
            raise MalformedError("keys", "a line has either a commitment or a member")
        if self.commitment is not UNSET:
            return self.commitment
        return commit(Tag.KEY, salt=bytes.fromhex(self.salt), payload=bytes.fromhex(self.key[2:]))


class _RollLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decision: Hex32
    member: MemberId
    salt: Hex32
    voter: VoterId


_L = TypeVar("_L", _SignaturesLine, _KeyLine, _RollLine)


def format_signatures(signatures: Mapping[int, tuple[SignatureOpening, ...]]) -> bytes:
    """Return the file of signature openings, by entry index, ascending."""
    return _format(
        _SignaturesLine(
            index,
            tuple(
                _Opening(
                    f"0x{opening.key.hex()}",
                    opening.salt.hex(),
                    f"0x{opening.signature.hex()}",
                )
                for opening in signatures[index]
            ),
        )
        for index in sorted(signatures)
    )


def parse_signatures(content: bytes) -> dict[int, tuple[SignatureOpening, ...]]:
    """Read the file of signature openings.

    Raises:
        MalformedError: A line is not the format, or an entry stands twice.
    """
    lines = _parse(content, _SignaturesLine, "signatures")
    found = {
        line.entry: tuple(
            SignatureOpening(
                bytes.fromhex(opening.key[2:]),
                bytes.fromhex(opening.signature[2:]),
                bytes.fromhex(opening.salt),
            )
            for opening in line.openings
        )
        for line in lines
    }
    _refuse_repeats(len(lines), len(found), "signatures")
    return found


def format_keys(keys: Mapping[Hex32, KeyOpening]) -> bytes:
    """Return the file of key openings, by commitment, ascending."""
    return _format(
        _KeyLine(f"0x{keys[commitment].key.hex()}", keys[commitment].salt.hex(), commitment)
        for commitment in sorted(keys)
    )


def parse_keys(content: bytes) -> dict[Hex32, KeyOpening]:
    """Read the file of key openings, by commitment.

    Raises:
        MalformedError: A line is not the format, or a commitment stands twice.
    """
    lines = _parse(content, _KeyLine, "keys")
    found = {
        line.opened(): KeyOpening(bytes.fromhex(line.key[2:]), bytes.fromhex(line.salt))
        for line in lines
    }
    _refuse_repeats(len(lines), len(found), "keys")
    return found


def format_rolls(rolls: Mapping[Hex32, Iterable[Elector]]) -> bytes:
    """Return the file of rolls, by decision and voter, ascending."""
    return _format(
        _RollLine(decision, elector.member, elector.salt.hex(), elector.voter)
        for decision in sorted(rolls)
        for elector in sorted(rolls[decision], key=lambda elector: elector.voter)
    )


def parse_rolls(content: bytes) -> dict[Hex32, dict[VoterId, Elector]]:
    """Read the file of rolls.

    Raises:
        MalformedError: A line is not the format, or a voter stands twice in one decision.
    """
    lines = _parse(content, _RollLine, "rolls")
    found: dict[Hex32, dict[VoterId, Elector]] = {}
    for line in lines:
        elector = Elector(line.member, line.voter, bytes.fromhex(line.salt))
        found.setdefault(line.decision, {})[line.voter] = elector
    _refuse_repeats(len(lines), sum(map(len, found.values())), "rolls")
    return found


def _format(lines: Iterable[msgspec.Struct]) -> bytes:
    return b"".join(canonical_json(msgspec.to_builtins(line)) + b"\n" for line in lines)


def _parse(content: bytes, schema: type[_L], what: str) -> list[_L]:
    if content and not content.endswith(b"\n"):
        raise MalformedError(what, "the last line is cut short")
    decoder = msgspec.json.Decoder(schema)
    lines = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            parse_canonical(line, what=what)
            lines.append(decoder.decode(line))
        except (MalformedError, msgspec.DecodeError) as error:
            raise MalformedError(f"{what}, line {number}", str(error)[:200]) from error
    return lines


def _refuse_repeats(lines: int, found: int, what: str) -> None:
    if lines != found:
        raise MalformedError(what, "two lines are about the same thing")
