"""Nodes that others wrote, with our registry on them: what the tests of anvil and geth share."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from hexbytes import HexBytes
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.chain_web3_finality import capture_finality
from anchoring.adapters.memory_journal import MemoryJournal
from anchoring.adapters.registry_deployer import RegistryDeployer
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.web3_node import node_provider
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.merkle import LeafNodes, inclusion_proof, leaf_hash
from anchoring.core.networks import custom_network
from anchoring.core.receipt import Receipt, ReceiptAnchor, format_receipt
from anchoring.core.trust import Network, Trust, format_trust
from anchoring.core.types import Anchor, LeafIndex, RegistryLocation
from anchoring.ports import BlockSource
from tests.support.chain_world import (
    FAUCET,
    OTHER_PUBLISHER,
    PUBLISHER,
    FixedClock,
    ListLedger,
    address_of,
    head_of,
)
from tests.support.demo_process import ROOT
from tests.support.peer_process import POLL_S, free_port, peer, running, tail, wait_until
from tests.support.receipts import ORIGIN, SIGNER

FUNDS_WEI = 10**18
"""What each of our accounts is given."""

CONFIRMATIONS = 600
"""Questions before a deployment is given up: 30 s."""

GENESIS_TIME = "1800000000"
"""Two nodes started with the same time have the same genesis block."""

INCLUSION_TIMEOUT_S = 30
"""Bound on the wait for a transaction's block."""

VERIFY_TIMEOUT_S = 60
"""Bound on one run of the verifier."""


@dataclass(slots=True)
class PeerNode:
    """One running node, over HTTP."""

    url: str
    web3: Web3 = field(init=False)

    def __post_init__(self) -> None:
        self.web3 = Web3(node_provider(self.url))

    def ask(self, method: str, *params: object) -> object:
        answer: object = self.web3.manager.request_blocking(RPCEndpoint(method), list(params))
        return answer

    def is_up(self) -> bool:
        return self.web3.is_connected()

    def height(self) -> int:
        return int(self.web3.eth.block_number)

    def final_height(self) -> int:
        return int(self.web3.eth.get_block("finalized")["number"])

    def gas_used(self, transaction_hash: bytes) -> int:
        """Gas of a transaction, once a block includes it: anvil too answers before it mines."""
        receipt = self.web3.eth.wait_for_transaction_receipt(
            HexBytes(transaction_hash), timeout=INCLUSION_TIMEOUT_S, poll_latency=POLL_S
        )
        return int(receipt["gasUsed"])

    def deploy(self, deployer: LocalAccount = FAUCET) -> RegistryLocation:
        """Our registry, deployed as an operator deploys it; the deployer must have funds."""
        network = custom_network(
            "peer",
            chain_id=int(self.web3.eth.chain_id),
            genesis_hash=bytes(self.web3.eth.get_block(0)["hash"]),
        )
        registry = RegistryDeployer(node_provider(self.url), network)
        pause = threading.Event()
        deployment = registry.confirm(
            registry.send(LocalSigner(deployer)),
            attempts=CONFIRMATIONS,
            wait=lambda: pause.wait(POLL_S),
        )
        return deployment.location


@dataclass(slots=True)
class PeerWorld:
    """A ledger, and an anchorer that anchors it on a node."""

    node: PeerNode
    location: RegistryLocation
    publisher: LocalAccount = PUBLISHER
    ledger: ListLedger = field(default_factory=ListLedger)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    clock: FixedClock = field(default_factory=FixedClock)
    policy: AnchorPolicy = field(default_factory=AnchorPolicy)
    others: Sequence[BlockSource] = ()

    def chain(self) -> Web3Chain:
        return Web3Chain(
            node_provider(self.node.url),
            signer=LocalSigner(self.publisher),
            location=self.location,
        )

    def anchorer(self) -> Anchorer:
        """A new one each time, as after a restart."""
        return Anchorer(
            ledger=self.ledger,
            journal=self.journal,
            chain=self.chain(),
            clock=self.clock,
            policy=self.policy,
            others=self.others,
        )

    def anchor_next(self, count: int = 3) -> tuple[Anchor, Evidence]:
        """Append, anchor, wait for the block, and return what was recorded."""
        self.ledger.append(count)
        head = self.ledger.head()
        anchorer = self.anchorer()

        def recorded() -> bool:
            anchorer.step()
            return self.journal.recorded_size() == head.size

        wait_until(recorded, f"anchor of size {head.size}", timeout_s=INCLUSION_TIMEOUT_S)
        record, evidence = self.journal.anchors[head.size]
        return record.anchor, evidence

    def transfer(self, *, nonce: int, tip_wei: int) -> bytes:
        """A signed transaction of the publisher's that anchors nothing: another sender has its key."""
        fields: dict[str, int | bytes] = {
            "chainId": self.location.chain_id,
            "nonce": nonce,
            "maxPriorityFeePerGas": tip_wei,
            "maxFeePerGas": 10 * tip_wei,
            "gas": 21_000,
            "to": address_of(FAUCET),
            "value": 1,
            "data": b"",
        }
        return LocalSigner(self.publisher).sign_transaction(fields)

    def check_repeated_broadcast(self) -> None:
        """Waiting or included, the same bytes are taken again; another use of the nonce is refused."""
        chain = self.chain()
        signed, late = chain.sign_anchor(head_of(3)), chain.sign_anchor(head_of(4))
        sent = chain.broadcast(signed)
        assert chain.broadcast(signed) == sent
        wait_until(
            lambda: chain.published_head().size == 3, "anchor", timeout_s=INCLUSION_TIMEOUT_S
        )
        assert chain.broadcast(signed) == sent
        with pytest.raises(RejectedError):
            chain.broadcast(late)

    def trust(self) -> Trust:
        code = self.node.web3.eth.get_code(Web3.to_checksum_address(self.location.contract))
        network = Network(
            name="peer",
            chain_id=self.location.chain_id,
            contract=self.location.contract,
            publisher=address_of(self.publisher),
            registry_code_hash=keccak(bytes(code)),
        )
        return Trust(ORIGIN, SIGNER.verifier, (network,))

    def finality(self, anchor: Anchor) -> FinalityStatement:
        """What ties the anchor's block to the node's final one; there has to be something."""
        statement = capture_finality(ChainNode(node_provider(self.node.url)), anchor)
        if statement is None:
            raise LookupError(anchor)
        return statement

    def receipt(
        self,
        anchor: Anchor,
        evidence: Evidence,
        index: int,
        finality: FinalityStatement | None = None,
    ) -> Receipt:
        """The receipt of one entry under an anchored head."""
        entries = self.ledger.entries[: anchor.head.size]
        nodes = LeafNodes([leaf_hash(entry) for entry in entries])
        return Receipt(
            entry=entries[index],
            index=LeafIndex(index),
            inclusion=inclusion_proof(LeafIndex(index), anchor.head.size, nodes),
            checkpoint=sign_checkpoint(Checkpoint(ORIGIN, anchor.head), SIGNER),
            anchors=(ReceiptAnchor.of(anchor, evidence, finality),),
        )

    def write(self, folder: Path, receipt: Receipt) -> Path:
        """Write the trust file and the receipt as an auditor gets them."""
        (folder / "trust.json").write_bytes(format_trust(self.trust()))
        path = folder / "entry.receipt.json"
        path.write_bytes(format_receipt(receipt))
        return path


def verify(receipt: Path, *options: str) -> tuple[int, str]:
    """Run psephos-verify in a process of its own, beside the receipt's trust file."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "anchoring.cli", "receipt", str(receipt)),
            *("--trust", str(receipt.parent / "trust.json"), "--lang", "en", *options),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=VERIFY_TIMEOUT_S,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@contextmanager
def mining_stopped(node: PeerNode) -> Iterator[None]:
    """Anvil keeps what it is sent in its pool until a test asks for a block."""
    node.ask("evm_setAutomine", False)  # noqa: FBT003  # JSON-RPC has positions only
    try:
        yield
    finally:
        node.ask("evm_setAutomine", True)  # noqa: FBT003  # JSON-RPC has positions only


@contextmanager
def anvil(folder: Path, name: str = "anvil") -> Iterator[PeerNode]:
    log, port = folder / f"{name}.log", free_port()
    node = PeerNode(f"http://127.0.0.1:{port}")
    command: list[str | Path] = [
        peer("anvil"),
        *("--host", "127.0.0.1", "--port", str(port), "--accounts", "0"),
        *("--timestamp", GENESIS_TIME),
    ]
    with running(command, log=log, ready=node.is_up):
        for account in (FAUCET, PUBLISHER, OTHER_PUBLISHER):
            node.ask("anvil_setBalance", account.address, hex(FUNDS_WEI))
        yield node
        print(tail(log))  # noqa: T201  # pytest shows it when the test fails
