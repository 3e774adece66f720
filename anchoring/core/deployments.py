"""Where the registry contract was deployed: the file ``contracts/deployments.json``.

D1. A deployment is one creation transaction on one chain; chain id and genesis hash say which.
D2. ``codeHash`` is of the runtime code found on the chain right after; it is the artefact's.
D3. On one chain the same code is recorded once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from eth_hash.auto import keccak

from anchoring.core.errors import MalformedError, RejectedError, VerificationError
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.networks import MAX_NETWORK_NAME_LENGTH, NetworkPreset, custom_network
from anchoring.core.trust import ADDRESS_BYTES
from anchoring.core.types import (
    HASH_BYTES,
    Address,
    BlockHash,
    BlockNumber,
    ChainId,
    RegistryLocation,
    TransactionHash,
)

DEPLOYMENTS_FORMAT: Final = "psephos-deployments"
"""Name of the format; the field ``format`` adds a slash and the version."""

DEPLOYMENTS_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_DEPLOYMENTS_BYTES: Final = 256 << 10
"""Longest file, in bytes: 200 deployments take about 140 KiB."""

MAX_DEPLOYMENTS: Final = 200
"""Most deployments of one file, so that its brackets stay within what readers accept."""

MAX_COMPILER_LENGTH: Final = 128
"""Longest name of a compiler, in characters."""

_COMPILER: Final = re.compile(r"[!-~]+( [!-~]+)*")


class AlreadyDeployedError(RejectedError):
    """The same code is recorded on that chain already.

    Args:
        deployment: The record.
    """

    def __init__(self, deployment: "Deployment") -> None:
        super().__init__(
            f"network {deployment.network}",
            f"the same code is deployed at 0x{deployment.contract.hex()}",
        )
        self.args = (deployment,)
        self.deployment = deployment


@dataclass(frozen=True, slots=True)
class Deployment:
    """One registry contract on one chain."""

    network: str
    """Name of the network."""
    chain_id: ChainId
    """EIP-155 chain id."""
    genesis_hash: BlockHash
    """Hash of the chain's block 0, 32 bytes."""
    contract: Address
    """Address of the registry, 20 bytes."""
    transaction_hash: TransactionHash
    """The creation transaction, 32 bytes."""
    block: BlockNumber
    """Height of the block that includes it: no event is older."""
    deployer: Address
    """Account that sent it, 20 bytes."""
    code_hash: bytes
    """Keccak-256 of the runtime code, 32 bytes."""
    compiler: str
    """Compiler of the artefact, 1 to 128 printable ASCII characters."""

    @property
    def location(self) -> RegistryLocation:
        """Where the registry is, for those who use it."""
        return RegistryLocation(self.chain_id, self.genesis_hash, self.contract, self.block)


def find_deployment(
    deployments: Iterable[Deployment], network: NetworkPreset, *, code_hash: bytes
) -> Deployment | None:
    """Return the record of that code on that chain, None if there is none."""
    return next(
        (
            each
            for each in deployments
            if (each.chain_id, each.genesis_hash) == (network.chain_id, network.genesis_hash)
            and each.code_hash == code_hash
        ),
        None,
    )


def add_deployment(
    deployments: tuple[Deployment, ...], deployment: Deployment
) -> tuple[Deployment, ...]:
    """Return the deployments with one more, by network name, then block.

    Raises:
        AlreadyDeployedError: D3 would be broken.
    """
    network = NetworkPreset(deployment.network, deployment.chain_id, deployment.genesis_hash)
    known = find_deployment(deployments, network, code_hash=deployment.code_hash)
    if known is not None:
        raise AlreadyDeployedError(known)
    return tuple(sorted((*deployments, deployment), key=lambda each: (each.network, each.block)))


def check_code(code: bytes, *, expected: bytes, contract: Address) -> bytes:
    """Return the Keccak-256 of the runtime code at a contract, which must be the artefact's.

    Args:
        code: What the chain holds at ``contract``.
        expected: Runtime code of the artefact.
        contract: Address of the contract.

    Raises:
        VerificationError: The chain holds other code there, or none.
    """
    if code != expected:
        raise VerificationError(
            "deployment.code",
            expected=f"{len(expected)} bytes with hash 0x{keccak(expected).hex()}",
            found=f"{len(code)} bytes with hash 0x{keccak(code).hex()} at 0x{contract.hex()}",
        )
    return bytes(keccak(code))


def parse_deployments(data: bytes) -> tuple[Deployment, ...]:
    """Return what a deployments file says, in its order.

    Args:
        data: The file, at most ``MAX_DEPLOYMENTS_BYTES``.

    Raises:
        MalformedError: Not the format, a name that belongs to another network, or D3 is broken.
        UnsupportedError: Another version of it.
    """
    fields = read_object(data, what="deployments", max_bytes=MAX_DEPLOYMENTS_BYTES)
    fields.version(DEPLOYMENTS_FORMAT, supported=DEPLOYMENTS_VERSION)
    items = fields.objects("deployments", max_items=MAX_DEPLOYMENTS)
    deployments = tuple(map(_parse_deployment, items))
    fields.end()
    places = {(each.chain_id, each.genesis_hash, each.code_hash) for each in deployments}
    if len(places) != len(deployments):
        raise MalformedError("deployments", "the same code twice on one chain")
    return deployments


def format_deployments(deployments: tuple[Deployment, ...]) -> bytes:
    """Return the bytes of a deployments file; ``parse_deployments`` gives ``deployments`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    data = write_object(
        {
            "format": f"{DEPLOYMENTS_FORMAT}/{DEPLOYMENTS_VERSION}",
            "deployments": [_format_deployment(each) for each in deployments],
        }
    )
    # What parsing refuses is never written.
    parse_deployments(data)
    return data


def _parse_deployment(fields: Fields) -> Deployment:
    network = custom_network(
        fields.text("network", max_length=MAX_NETWORK_NAME_LENGTH),
        chain_id=fields.integer("chainId", minimum=1),
        genesis_hash=fields.hex("genesisHash", length=HASH_BYTES),
    )
    deployment = Deployment(
        network=network.name,
        chain_id=network.chain_id,
        genesis_hash=network.genesis_hash,
        contract=Address(fields.hex("contract", length=ADDRESS_BYTES)),
        transaction_hash=TransactionHash(fields.hex("transactionHash", length=HASH_BYTES)),
        block=BlockNumber(fields.integer("block")),
        deployer=Address(fields.hex("deployer", length=ADDRESS_BYTES)),
        code_hash=fields.hex("codeHash", length=HASH_BYTES),
        compiler=fields.text("compiler", max_length=MAX_COMPILER_LENGTH),
    )
    fields.end()
    if not _COMPILER.fullmatch(deployment.compiler):
        raise MalformedError("deployments.compiler", "not printable ASCII with single spaces")
    return deployment


def _format_deployment(deployment: Deployment) -> dict[str, str | int]:
    return {
        "network": deployment.network,
        "chainId": deployment.chain_id,
        "genesisHash": f"0x{deployment.genesis_hash.hex()}",
        "contract": f"0x{deployment.contract.hex()}",
        "transactionHash": f"0x{deployment.transaction_hash.hex()}",
        "block": deployment.block,
        "deployer": f"0x{deployment.deployer.hex()}",
        "codeHash": f"0x{deployment.code_hash.hex()}",
        "compiler": deployment.compiler,
    }
