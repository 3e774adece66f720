"""Changes of the key that signs a ledger's checkpoints, and how to follow them from an earlier key.

R1 a rotation is the entry that names the new key, and a checkpoint that covers this entry. R2 the checkpoint
is signed by the key before and by the new one. R3 rotations are in the order of their entries, and no key
comes twice. So a verifier that knows the key before learns the new one from it, and believes it of no
checkpoint that ends before the rotation. That the entry names that key is for those who read entries.

A bundle carries them as ``rotations.json`` (docs/formats/bundle.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from anchoring.core.checkpoint import open_checkpoint
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.note import NoteVerifier
from anchoring.core.policy import check_policy
from anchoring.core.receipt import MAX_CHECKPOINT_LENGTH
from anchoring.core.trust import MAX_EARLIER_KEYS, MAX_KEY_LENGTH, EarlierKey, Trust
from anchoring.core.types import LeafIndex, TreeSize

ROTATIONS_FORMAT: Final = "psephos-rotations"
"""Name of the format; the field ``format`` adds a slash and the version."""

ROTATIONS_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_ROTATIONS_BYTES: Final = 4 << 20
"""Longest file, in bytes; a rotation takes about 700."""


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """One change of key; nothing of it is verified."""

    entry: LeafIndex
    """Index of the entry that names the new key, 1 or more."""
    log_key: NoteVerifier
    """The new key."""
    checkpoint: bytes
    """Note of more than ``entry`` entries, signed by both keys; the first such one."""


def parse_rotations(data: bytes) -> tuple[KeyRotation, ...]:
    """Return what a file of rotations says, in its order.

    Args:
        data: The file, at most ``MAX_ROTATIONS_BYTES``.

    Raises:
        MalformedError: Not the format, or not in the order of the entries.
        UnsupportedError: Another version of it, or a key of another algorithm.
    """
    fields = read_object(data, what="rotations", max_bytes=MAX_ROTATIONS_BYTES)
    fields.version(ROTATIONS_FORMAT, supported=ROTATIONS_VERSION)
    rotations = tuple(map(_parse, fields.objects("rotations", max_items=MAX_EARLIER_KEYS)))
    fields.end()
    entries = [rotation.entry for rotation in rotations]
    if entries != sorted(set(entries)):
        raise MalformedError("rotations", "not in the order of their entries")
    return rotations


def format_rotations(rotations: Sequence[KeyRotation]) -> bytes:
    """Return the bytes of a file of rotations; ``parse_rotations`` gives ``rotations`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    items = []
    for rotation in rotations:
        try:
            checkpoint = rotation.checkpoint.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedError("rotations.checkpoint", "not UTF-8") from error
        items.append(
            {
                "entry": rotation.entry,
                "logKey": rotation.log_key.to_text(),
                "checkpoint": checkpoint,
            }
        )
    data = write_object({"format": f"{ROTATIONS_FORMAT}/{ROTATIONS_VERSION}", "rotations": items})
    # What parsing refuses is never written.
    parse_rotations(data)
    return data


def follow_rotations(trust: Trust, rotations: Sequence[KeyRotation]) -> Trust:
    """Return what is believed after following rotations from the keys that a trust file names.

    Args:
        trust: What was believed before; the rotations it knows of must be the first ones.
        rotations: All rotations of the ledger, in the order of their entries; or fewer than ``trust``
            knows of.

    Raises:
        MalformedError: A checkpoint does not parse.
        VerificationError: A rotation is not the one that ``trust`` knows of, its checkpoint does not
            cover its entry, is not signed by both keys or lacks what the policy demands of its size, it
            comes before the one it follows, or a key comes twice.
    """
    known = [*(each.log_key for each in trust.earlier_keys), trust.log_key]
    for earlier, key, rotation in zip(trust.earlier_keys, known[1:], rotations, strict=False):
        if earlier != EarlierKey(earlier.log_key, TreeSize(rotation.entry)) or (
            key != rotation.log_key
        ):
            raise VerificationError(
                "rotation.known",
                expected=f"{key.to_text()} in entry {earlier.until}",
                found=f"{rotation.log_key.to_text()} in entry {rotation.entry}",
            )
    for rotation in rotations[len(trust.earlier_keys) :]:
        trust = _follow(trust, rotation)
    return trust


def _follow(trust: Trust, rotation: KeyRotation) -> Trust:
    before = trust.earlier_keys[-1].until if trust.earlier_keys else 0
    if rotation.entry <= before:
        raise VerificationError(
            "rotation.entry", expected=f"an entry after {before}", found=str(rotation.entry)
        )
    if rotation.log_key in (trust.log_key, *(each.log_key for each in trust.earlier_keys)):
        raise VerificationError(
            "rotation.key", expected="a new key", found=rotation.log_key.to_text()
        )
    for key in (trust.log_key, rotation.log_key):
        head = open_checkpoint(rotation.checkpoint, key, origin=trust.origin).head
        if head.size <= rotation.entry:
            raise VerificationError(
                "rotation.checkpoint",
                expected=f"more than {rotation.entry} entries",
                found=str(head.size),
            )
    policy = trust.policy_for(head.size)
    if policy is not None:
        check_policy(policy, rotation.checkpoint)
    earlier = EarlierKey(trust.log_key, TreeSize(rotation.entry))
    return replace(trust, log_key=rotation.log_key, earlier_keys=(*trust.earlier_keys, earlier))


def _parse(fields: Fields) -> KeyRotation:
    rotation = KeyRotation(
        LeafIndex(fields.integer("entry", minimum=1)),
        NoteVerifier.from_text(fields.text("logKey", max_length=MAX_KEY_LENGTH)),
        fields.text("checkpoint", max_length=MAX_CHECKPOINT_LENGTH).encode("utf-8"),
    )
    fields.end()
    return rotation
