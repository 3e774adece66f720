"""Witnesses, and the published test log as they cosigned it."""

from anchoring.core.cosignature import Cosigner, attach, cosign
from tests.support.tessera_log import CHECKPOINT_15

COSIGNED_AT = 1_700_000_000
"""When the first witness cosigned, seconds since 1970."""

WITNESS_KEY = "witness.example/w1+0ad7d35e+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
"""Key of the first witness, from the seed of 32 bytes 0x01."""

WITNESS_LINE = (
    "\u2014 witness.example/w1 CtfTXgAAAABlU/EAjQ7SRbNKat1PK5+afVAxrJ+wyXslCWxEH"
    "KILnZRrRHsmhQJD5P3QO6nBdci4sQ+U"
    "E+/X5AX2kGvDVnR5LICdCw==\n"
).encode()
"""Its cosignature of the published checkpoint of 15 entries."""

COSIGNED_15 = CHECKPOINT_15 + WITNESS_LINE
"""The published checkpoint of 15 entries with that cosignature."""


def witness(number: int) -> Cosigner:
    """Return a witness; number 1 is that of the constants."""
    return Cosigner.from_seed(f"witness.example/w{number}", bytes((number,)) * 32)


def cosigned_by(*numbers: int, note: bytes = CHECKPOINT_15) -> bytes:
    """Return a checkpoint with the cosignature of each witness, a second apart."""
    lines = [cosign(note, witness(number), at=COSIGNED_AT + number) for number in numbers]
    return attach(note, lines)
