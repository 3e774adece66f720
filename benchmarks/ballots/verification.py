"""Signatures of ballots: how many are verified in a second, beside the bare recovery of libsecp256k1.

A ballot is verified as the server and the audit do it: composed as typed data, hashed, its signature opened
against the commitment in the entry, the signer recovered, and the member's key opened against the register.
The reference only recovers public keys from 65-byte signatures over ready 32-byte digests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from coincurve import PublicKey
from eth_account import Account

from backend.demo.passkeys import Authenticator
from backend.domain.acts import (
    AgendaItem,
    BallotCast,
    CidText,
    Electorate,
    OrganisationFounded,
    RelyingParty,
    SigningDomain,
    StatutesReference,
    VoterId,
)
from backend.domain.authorship import Signer, check_signatures
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.errors import NotFoundError
from backend.domain.facts import Poll
from backend.domain.signing import TypedData, ballot_digest, ballot_typed_data, sign
from backend.domain.sources import Elector, KeyOpening, SignatureOpening
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.figures import Figure, Reference, Target
from benchmarks.timing import time_in_turn

RECOVERY_TARGET: Final = Target("ratio", 0.6)
"""Share of the bare recovery rate that verification keeps."""

_PARTY: Final = RelyingParty("river.example", ("https://river.example",))
_NO_DOCUMENT: Final = "bafkrei" + "a" * 52
_FOUNDING: Final = OrganisationFounded(
    slug="river",
    name="River",
    origin="ledger.example/river",
    language="en",
    signing=SigningDomain(1337, "0x" + "c0" * 20, _PARTY),
    statutes=StatutesReference(_NO_DOCUMENT, _NO_DOCUMENT, "00" * 32),
    founders=(),
)
_RULES: Final = sha256(b"rules").hexdigest()
_POLL: Final = Poll(
    "spring",
    AgendaItem(
        "bridge",
        sha256(b"decision").hexdigest(),
        Electorate(sha256(b"electorate").hexdigest(), 1, _NO_DOCUMENT),
    ),
)


_Device = tuple[bytes, Callable[[BallotCast], bytes]]
"""Key of a device, and what signs with it."""


@dataclass(frozen=True, slots=True)
class _Openings:
    """Implements ``Sources`` over the openings of the ballots."""

    opened: Sequence[tuple[SignatureOpening]]
    keys: dict[Hex32, KeyOpening]

    def document(self, cid: CidText) -> bytes:
        """Hold none."""
        raise NotFoundError("document", cid)

    def signatures(self, index: int) -> tuple[SignatureOpening, ...]:
        """Return the opening of the ballot at an index."""
        return self.opened[index]

    def key(self, commitment: Hex32) -> KeyOpening:
        """Return the key of a voter."""
        return self.keys[commitment]

    def roll(self, decision: Hex32) -> dict[VoterId, Elector] | None:
        """Hold none."""
        raise NotFoundError("roll", decision)


@dataclass(frozen=True, slots=True)
class _Ballots:
    """Ballots of one poll, each by a voter of its own."""

    cast: Sequence[tuple[BallotCast, Entry]]
    signers: Sequence[Signer]
    sources: _Openings

    def verify(self) -> None:
        """Verify every ballot."""
        for index, ((ballot, entry), signer) in enumerate(
            zip(self.cast, self.signers, strict=True)
        ):
            check_signatures(
                _FOUNDING,
                entry,
                index,
                self.sources,
                digest=_digest(ballot),
                signers=(signer,),
            )


def measure_verification(_folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return how many ballots of wallets, and of passkeys, are verified in a second on one core.

    Args:
        _folder: Not needed.
        sizes: Ballots of a round, and rounds, each timing every case.
    """
    ballots, rounds = sizes.verified, sizes.verification_rounds
    wallets, passkeys = _ballots(ballots, _wallet), _ballots(ballots, _passkey)
    bare = [
        (_digest(ballot), opening.signature[:64] + _recovery_id(opening))
        for (ballot, _), (opening,) in zip(wallets.cast, wallets.sources.opened, strict=True)
    ]
    cases = {
        "wallets": wallets.verify,
        "passkeys": passkeys.verify,
        "bare": lambda: [
            PublicKey.from_signature_and_message(signature, digest, hasher=None)
            for digest, signature in bare
        ],
    }
    timings = time_in_turn(cases, rounds=rounds, calls=1)
    reference = Reference("bare recovery by coincurve", timings.rate("bare", ballots))
    return [
        Figure(
            "ballots of wallets, verified",
            timings.rate("wallets", ballots),
            "ballots/s",
            reference,
            RECOVERY_TARGET,
            timings.speed_up("wallets", "bare"),
        ),
        Figure(
            "ballots of passkeys (ES256), verified", timings.rate("passkeys", ballots), "ballots/s"
        ),
    ]


def _ballots(number: int, device: Callable[[bytes], _Device]) -> _Ballots:
    cast, signers, opened, keys = [], [], [], {}
    for each in range(number):
        seed = sha256(b"%d" % each).digest()
        member, (key, signed) = f"m{seed.hex()[:32]}", device(seed)
        data = BallotCast("bridge", _POLL.item.decision, f"v{seed.hex()[:32]}", seed.hex(), each, 0)
        opening = SignatureOpening(key, signed(data), seed)
        mark = commit(Tag.SIGNATURE, salt=seed, payload=opening.key + opening.signature)
        entry = Entry("2026-01-20T10:00:00.000Z", data.voter, data, Proof((mark,)))
        cast.append((data, entry))
        bound = commit(Tag.KEY, salt=seed, payload=key)
        signers.append((member, (bound,)))
        opened.append((opening,))
        keys[bound] = KeyOpening(key, seed)
    return _Ballots(cast, signers, _Openings(opened, keys))


def _wallet(seed: bytes) -> _Device:
    address = bytes.fromhex(Account.from_key(seed).address[2:])
    return address, lambda ballot: sign(_typed_data(ballot), private_key=seed)


def _passkey(seed: bytes) -> _Device:
    passkey = Authenticator(seed)
    return passkey.key, lambda ballot: passkey.answer(_digest(ballot), _PARTY).to_bytes()


def _recovery_id(opening: SignatureOpening) -> bytes:
    return bytes((opening.signature[64] - 27,))


def _typed_data(ballot: BallotCast) -> TypedData:
    return ballot_typed_data(_FOUNDING, _POLL, rules=_RULES, ballot=ballot)


def _digest(ballot: BallotCast) -> bytes:
    return ballot_digest(_FOUNDING, _POLL, rules=_RULES, ballot=ballot)
