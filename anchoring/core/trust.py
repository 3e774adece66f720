"""The trust file: what a verifier believes before looking at any receipt (docs/formats/trust.md).

It names one ledger, the key that signs its checkpoints, where its anchors may stand, and whose
cosignatures its checkpoints must bear. It comes to the verifier by another way than the receipts, or it
proves nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from anchoring.core.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from anchoring.core.errors import MalformedError
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.note import NoteVerifier, parse_note
from anchoring.core.policy import MAX_POLICY_LENGTH, Policy, format_policy, parse_policy
from anchoring.core.types import HASH_BYTES, Address, ChainId, TreeSize

TRUST_FORMAT: Final = "psephos-trust"
"""Name of the format; the field ``format`` adds a slash and the version."""

TRUST_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_TRUST_BYTES: Final = 64 << 10
"""Longest trust file, in bytes: 16 networks take about 6 KiB."""

MAX_NETWORKS: Final = 16
"""Most networks of one trust file."""

MAX_EARLIER_KEYS: Final = 32
"""Most earlier keys of one trust file: one a year for a generation, at 200 bytes each."""

MAX_EARLIER_PUBLISHERS: Final = 16
"""Most earlier publishers of one network: one every two years for a generation, at 90 bytes each."""

MAX_ORIGIN_LENGTH: Final = 255
"""Longest origin, in characters: cosigners sign it behind a one-byte length
(https://c2sp.org/tlog-cosignature)."""

MAX_KEY_LENGTH: Final = 512
"""Longest verifier key text, in characters: a name, 8 digits and 44 characters of base64."""

MAX_NAME_LENGTH: Final = 64
"""Longest name of a network, in characters."""

ADDRESS_BYTES: Final = 20
"""Length of a contract or account address, in bytes."""

_FIRST_SIZE: Final = TreeSize(0)

_MAX_CONTAINERS: Final = 1024
"""Brackets and braces: those of every network with all its publishers, of all earlier keys, and some in the
text of a policy."""

_ORIGIN: Final = re.compile(r"[!-*,-.0-~]+(/[!-*,-.0-~]+)+")
_NAME: Final = re.compile(r"[!-~]+( [!-~]+)*")


@dataclass(frozen=True, slots=True)
class EarlierPublisher:
    """An account that anchored a ledger on one chain until another took over."""

    publisher: Address
    """The account, 20 bytes."""
    until: TreeSize
    """Greatest size whose anchors are believed of it, 1 or more: the index of the entry that replaced it."""


@dataclass(frozen=True, slots=True)
class Network:
    """One chain on which anchors of the ledger are believed."""

    name: str
    """What people call it: 1 to 64 printable ASCII characters."""
    chain_id: ChainId
    """EIP-155 chain id, 1 or more."""
    contract: Address
    """The registry contract, 20 bytes."""
    publisher: Address
    """The account that anchors the ledger, 20 bytes."""
    registry_code_hash: bytes | None = None
    """Keccak-256 of the contract's runtime code, 32 bytes; compared when a node is asked."""
    earlier_publishers: tuple[EarlierPublisher, ...] = ()
    """Accounts before ``publisher``, oldest first, ``until`` ascending; no account twice."""

    def publisher_for(self, size: TreeSize) -> Address:
        """Return the account whose anchors of ``size`` entries are believed, 20 bytes."""
        return next(
            (each.publisher for each in self.earlier_publishers if size <= each.until),
            self.publisher,
        )


@dataclass(frozen=True, slots=True)
class EarlierKey:
    """A key that signed checkpoints until another took over."""

    log_key: NoteVerifier
    """The key."""
    until: TreeSize
    """Greatest size whose checkpoints it signs, 1 or more: the index of the entry that replaced it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier believes about one ledger."""

    origin: str
    """Origin of its checkpoints, ``<host>/<organisation slug>``."""
    log_key: NoteVerifier
    """The key that signs its checkpoints."""
    networks: tuple[Network, ...]
    """Where it is anchored, at most one network per chain id, in file order."""
    policy: Policy | None = None
    """What its checkpoints must bear besides the signature of the log key; None demands nothing."""
    earlier_keys: tuple[EarlierKey, ...] = ()
    """Keys before ``log_key``, oldest first, ``until`` ascending; no key twice."""
    policy_from: TreeSize = _FIRST_SIZE
    """Smallest size whose checkpoints must satisfy ``policy``: smaller ones may come from before it. 0, which
    demands it of all, without a policy."""

    def key_for(self, size: TreeSize) -> NoteVerifier:
        """Return the key that signs checkpoints of ``size`` entries."""
        return next(
            (each.log_key for each in self.earlier_keys if size <= each.until), self.log_key
        )

    def policy_for(self, size: TreeSize) -> Policy | None:
        """Return what checkpoints of ``size`` entries must satisfy, None where nothing is demanded."""
        return self.policy if size >= self.policy_from else None

    def network(self, chain_id: ChainId) -> Network | None:
        """Return the network of ``chain_id``, or None when the file does not name that chain."""
        return next((each for each in self.networks if each.chain_id == chain_id), None)


def parse_trust(data: bytes) -> Trust:
    """Return what a trust file says.

    Args:
        data: The file, at most ``MAX_TRUST_BYTES``.

    Raises:
        MalformedError: Not the format: see docs/formats/trust.md.
        UnsupportedError: Another version of it, or a key of another algorithm, in its policy too.
    """
    fields = read_object(
        data, what="trust", max_bytes=MAX_TRUST_BYTES, max_containers=_MAX_CONTAINERS
    )
    fields.version(TRUST_FORMAT, supported=TRUST_VERSION)
    origin = fields.text("origin", max_length=MAX_ORIGIN_LENGTH)
    if not _ORIGIN.fullmatch(origin):
        raise MalformedError(
            "trust.origin", "not <host>/<slug> in ASCII without space or plus sign"
        )
    log_key = NoteVerifier.from_text(fields.text("logKey", max_length=MAX_KEY_LENGTH))
    networks = tuple(map(_parse_network, fields.objects("networks", max_items=MAX_NETWORKS)))
    policy = (
        parse_policy(fields.text("policy", max_length=MAX_POLICY_LENGTH))
        if "policy" in fields
        else None
    )
    policy_from = TreeSize(
        fields.integer("policyFrom", minimum=1)
        if policy is not None and "policyFrom" in fields
        else 0
    )
    earlier_keys = (
        tuple(map(_parse_earlier_key, fields.objects("earlierKeys", max_items=MAX_EARLIER_KEYS)))
        if "earlierKeys" in fields
        else ()
    )
    fields.end()
    _check_earlier_keys(earlier_keys, log_key)
    if len({network.chain_id for network in networks}) != len(networks):
        raise MalformedError("trust.networks", "two networks of one chain id")
    return Trust(origin, log_key, networks, policy, earlier_keys, policy_from)


def format_trust(trust: Trust) -> bytes:
    """Return the bytes of a trust file; ``parse_trust`` gives ``trust`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    members: dict[str, object] = {
        "format": f"{TRUST_FORMAT}/{TRUST_VERSION}",
        "origin": trust.origin,
        "logKey": trust.log_key.to_text(),
        "networks": [_format_network(network) for network in trust.networks],
    }
    if trust.policy is not None:
        members["policy"] = format_policy(trust.policy)
    if trust.policy_from:
        members["policyFrom"] = trust.policy_from
    if trust.earlier_keys:
        members["earlierKeys"] = [
            {"logKey": each.log_key.to_text(), "until": each.until} for each in trust.earlier_keys
        ]
    data = write_object(members)
    # What parsing refuses is never written.
    parse_trust(data)
    return data


def open_trusted_checkpoint(data: bytes, trust: Trust) -> Checkpoint:
    """Verify a checkpoint note of the trusted ledger with the key that signs checkpoints of its size.

    Raises:
        MalformedError: ``data`` is not a note, or its text is not a checkpoint.
        VerificationError: As ``open_checkpoint``.
    """
    size = parse_checkpoint(parse_note(data).text).head.size
    return open_checkpoint(data, trust.key_for(size), origin=trust.origin)


def _parse_earlier_key(fields: Fields) -> EarlierKey:
    key = EarlierKey(
        NoteVerifier.from_text(fields.text("logKey", max_length=MAX_KEY_LENGTH)),
        TreeSize(fields.integer("until", minimum=1)),
    )
    fields.end()
    return key


def _check_earlier_keys(earlier_keys: Sequence[EarlierKey], log_key: NoteVerifier) -> None:
    sizes = [each.until for each in earlier_keys]
    if sizes != sorted(set(sizes)):
        raise MalformedError("trust.earlierKeys", "not ascending by until")
    if len({log_key, *(each.log_key for each in earlier_keys)}) != len(earlier_keys) + 1:
        raise MalformedError("trust.earlierKeys", "a key twice")


def _parse_network(fields: Fields) -> Network:
    name = fields.text("name", max_length=MAX_NAME_LENGTH)
    if not _NAME.fullmatch(name):
        raise MalformedError("trust.networks.name", "not printable ASCII with single spaces")
    network = Network(
        name=name,
        chain_id=ChainId(fields.integer("chainId", minimum=1)),
        contract=Address(fields.hex("contract", length=ADDRESS_BYTES)),
        publisher=Address(fields.hex("publisher", length=ADDRESS_BYTES)),
        registry_code_hash=(
            fields.hex("registryCodeHash", length=HASH_BYTES)
            if "registryCodeHash" in fields
            else None
        ),
        earlier_publishers=(
            tuple(
                map(
                    _parse_earlier_publisher,
                    fields.objects("earlierPublishers", max_items=MAX_EARLIER_PUBLISHERS),
                )
            )
            if "earlierPublishers" in fields
            else ()
        ),
    )
    fields.end()
    _check_earlier_publishers(network)
    return network


def _parse_earlier_publisher(fields: Fields) -> EarlierPublisher:
    earlier = EarlierPublisher(
        Address(fields.hex("publisher", length=ADDRESS_BYTES)),
        TreeSize(fields.integer("until", minimum=1)),
    )
    fields.end()
    return earlier


def _check_earlier_publishers(network: Network) -> None:
    earlier = network.earlier_publishers
    sizes = [each.until for each in earlier]
    if sizes != sorted(set(sizes)):
        raise MalformedError("trust.networks.earlierPublishers", "not ascending by until")
    if len({network.publisher, *(each.publisher for each in earlier)}) != len(earlier) + 1:
        raise MalformedError("trust.networks.earlierPublishers", "an account twice")


def _format_network(network: Network) -> dict[str, object]:
    members: dict[str, object] = {
        "name": network.name,
        "chainId": network.chain_id,
        "contract": f"0x{network.contract.hex()}",
        "publisher": f"0x{network.publisher.hex()}",
    }
    if network.registry_code_hash is not None:
        members["registryCodeHash"] = f"0x{network.registry_code_hash.hex()}"
    if network.earlier_publishers:
        members["earlierPublishers"] = [
            {"publisher": f"0x{each.publisher.hex()}", "until": each.until}
            for each in network.earlier_publishers
        ]
    return members
