"""Web3Chain over the embedded chain, in process and over HTTP."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from eth_account.signers.local import LocalAccount
from hexbytes import HexBytes
from web3 import HTTPProvider, Web3
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.signer_local import LocalSigner
from anchoring.core.anchor_states import ChainChangedError, Finality, TransactionStatus
from anchoring.core.errors import MalformedError, RejectedError, UnavailableError, VerificationError
from anchoring.core.evidence import verify_evidence
from anchoring.core.finality import verify_finality
from anchoring.core.types import (
    Address,
    BlockHash,
    BlockNumber,
    ChainId,
    RegistryLocation,
    TreeSize,
)
from tests.support.chain_contract import ChainContract, anchored
from tests.support.chain_world import (
    OTHER_PUBLISHER,
    PUBLISHER,
    address_of,
    head_of,
    open_embedded,
    publish_on,
)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedChain]:
    chain = open_embedded(tmp_path / "chain.sqlite")
    yield chain
    chain.close()


class TestWeb3Chain(ChainContract):
    @pytest.fixture
    def chain(self, embedded: EmbeddedChain) -> Web3Chain:
        return publish_on(embedded)


class Interceptor(JSONBaseProvider):
    """Answers some methods itself and asks the chain for the others."""

    def __init__(self, inner: JSONBaseProvider, answers: dict[str, object]) -> None:
        super().__init__()
        self.inner = inner
        self.answers = answers

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        if method not in self.answers:
            return self.inner.make_request(method, params)
        answer = self.answers[method]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str) and not answer.startswith("0x"):
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": answer}}
        return {"jsonrpc": "2.0", "id": 1, "result": answer}


def intercepted(embedded: EmbeddedChain) -> tuple[Web3Chain, dict[str, object]]:
    answers: dict[str, object] = {}
    publish_on(embedded)
    provider = Interceptor(embedded.provider(), answers)
    return Web3Chain(
        provider, signer=LocalSigner(PUBLISHER), location=embedded.deploy_registry()
    ), answers


def test_two_publishers__on_one_registry__do_not_meet(embedded: EmbeddedChain) -> None:
    ours, theirs = publish_on(embedded), publish_on(embedded, OTHER_PUBLISHER)
    anchored(ours, head_of(3))
    assert theirs.published_head().size == 0
    anchored(theirs, head_of(2))
    assert ours.find_anchor(TreeSize(2)) is None
    assert theirs.find_anchor(TreeSize(3)) is None


def test_evidence__of_one_publisher__does_not_prove_for_another(embedded: EmbeddedChain) -> None:
    ours, theirs = publish_on(embedded), publish_on(embedded, OTHER_PUBLISHER)
    anchor = anchored(ours, head_of(3))
    evidence = ours.capture_evidence(anchor)
    forged = anchored(theirs, head_of(3))
    with pytest.raises(VerificationError):
        verify_evidence(evidence, forged)


def test_find_anchor__in_short_log_ranges__finds_the_oldest(embedded: EmbeddedChain) -> None:
    publish_on(embedded)
    chain = Web3Chain(
        embedded.provider(),
        signer=LocalSigner(PUBLISHER),
        location=embedded.deploy_registry(),
        log_range=2,
    )
    oldest = anchored(chain, head_of(1))
    for size in range(2, 8):
        anchored(chain, head_of(size))
    assert chain.find_anchor(TreeSize(1)) == oldest
    assert chain.find_anchor(TreeSize(9)) is None


@pytest.mark.parametrize(
    ("field", "value", "step"),
    [
        ("chain_id", ChainId(1), "chain.id"),
        ("genesis_hash", BlockHash(b"\1" * 32), "chain.genesis"),
        ("contract", Address(b"\1" * 20), "chain.contract"),
    ],
)
def test_web3_chain__on_the_wrong_chain__refuses_to_start(
    embedded: EmbeddedChain, field: str, value: object, step: str
) -> None:
    right = embedded.deploy_registry()
    fields = {name: getattr(right, name) for name in RegistryLocation.__slots__}
    with pytest.raises(VerificationError) as caught:
        Web3Chain(
            embedded.provider(),
            signer=LocalSigner(PUBLISHER),
            location=RegistryLocation(**{**fields, field: value}),
        )
    assert caught.value.step == step


def test_finality__on_one_chain_that_is_final_at_once__is_captured(embedded: EmbeddedChain) -> None:
    chain = publish_on(embedded)
    first = anchored(chain, head_of(1))
    for size in range(2, 5):
        anchored(chain, head_of(size))
    statement = chain.capture_finality(first)
    assert statement is not None
    assert statement.block_number == first.block_number + 3
    verify_finality(statement, anchor_number=first.block_number, anchor_hash=first.block_hash)
    for size in range(5, 9):
        anchored(chain, head_of(size))
    assert chain.capture_finality(first) is None


def test_broadcast__without_funds__is_unavailable_not_rejected(embedded: EmbeddedChain) -> None:
    location = embedded.deploy_registry()
    chain = Web3Chain(embedded.provider(), signer=LocalSigner(PUBLISHER), location=location)
    signed = chain.sign_anchor(head_of(1))
    with pytest.raises(UnavailableError):
        chain.broadcast(signed)
    funded = publish_on(embedded)
    funded.broadcast(signed)
    assert chain.published_head().size == 1


@pytest.mark.parametrize(
    "failure", [ConnectionError("refused"), TimeoutError(), "internal error", "0xzz"]
)
def test_web3_chain__when_the_node_fails__is_unavailable(
    embedded: EmbeddedChain, failure: object
) -> None:
    chain, answers = intercepted(embedded)
    anchor = anchored(chain, head_of(1))
    answers.update(
        dict.fromkeys(
            (
                "eth_call",
                "eth_getLogs",
                "eth_getTransactionCount",
                "eth_getBlockByHash",
                "debug_getRawHeader",
            ),
            failure,
        )
    )
    for ask in (
        chain.published_head,
        lambda: chain.sign_anchor(head_of(2)),
        lambda: chain.find_anchor(TreeSize(1)),
        lambda: chain.capture_evidence(anchor),
    ):
        with pytest.raises(UnavailableError):
            ask()


def test_broadcast__that_the_node_knows_already__succeeds(embedded: EmbeddedChain) -> None:
    chain, answers = intercepted(embedded)
    signed = chain.sign_anchor(head_of(1))
    answers["eth_sendRawTransaction"] = "already known"
    assert chain.broadcast(signed) == bytes(Web3.keccak(signed))


def test_broadcast__when_the_answer_was_lost__finds_its_block(embedded: EmbeddedChain) -> None:
    chain = publish_on(embedded)
    signed = chain.sign_anchor(head_of(1))
    chain.broadcast(signed)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    assert chain.broadcast(signed) == bytes(Web3.keccak(signed))


def test_sign_anchor__when_gas_explodes__is_rejected(embedded: EmbeddedChain) -> None:
    chain, answers = intercepted(embedded)
    answers["eth_estimateGas"] = hex(10**6)
    with pytest.raises(RejectedError):
        chain.sign_anchor(head_of(1))


@pytest.fixture
def url(embedded: EmbeddedChain) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps(embedded.answer(json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_web3_over_http__on_the_served_chain__reads_and_proves(
    embedded: EmbeddedChain, url: str
) -> None:
    anchor = anchored(publish_on(embedded), head_of(3))
    provider = HTTPProvider(url)
    remote = Web3Chain(provider, signer=LocalSigner(PUBLISHER), location=embedded.deploy_registry())
    assert remote.published_head().size == 3
    assert remote.find_anchor(TreeSize(3)) == anchor
    assert verify_evidence(remote.capture_evidence(anchor), anchor).anchor == anchor
    signed = remote.sign_anchor(head_of(4))
    with pytest.raises(UnavailableError):
        remote.broadcast(signed)
    web3 = Web3(provider)
    block = web3.eth.get_block("finalized", full_transactions=True)
    assert web3.eth.get_transaction_receipt(HexBytes(anchor.transaction_hash))["status"] == 1
    assert len(block["transactions"]) == 1


class WrongSigner(LocalSigner):
    """Signs what it likes, with a key that it does not say."""

    def __init__(self, change: dict[str, int | bytes], *, key: LocalAccount = PUBLISHER) -> None:
        super().__init__(key)
        self.change = change

    @property
    def address(self) -> Address:
        return address_of(PUBLISHER)

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:
        return super().sign_transaction({**fields, **self.change})


@pytest.mark.parametrize(
    ("signer", "step"),
    [
        (WrongSigner({"nonce": 9}), "signed transaction.nonce"),
        (WrongSigner({"maxFeePerGas": 10**15}), "signed transaction.maxFeePerGas"),
        (WrongSigner({"to": b"\1" * 20}), "signed transaction.to"),
        (WrongSigner({"value": 1}), "signed transaction.value"),
        (WrongSigner({"chainId": 1}), "signed transaction.chainId"),
        (WrongSigner({}, key=OTHER_PUBLISHER), "signed transaction.sender"),
    ],
)
def test_sign_anchor__by_a_signer_that_signs_something_else__does_not_verify(
    embedded: EmbeddedChain, signer: LocalSigner, step: str
) -> None:
    publish_on(embedded)
    chain = Web3Chain(embedded.provider(), signer=signer, location=embedded.deploy_registry())
    with pytest.raises(VerificationError) as caught:
        chain.sign_anchor(head_of(1))
    assert caught.value.step == step


class MuteSigner(WrongSigner):
    """Gives back bytes that are no transaction."""

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:
        return super().sign_transaction(fields)[:-1]


def test_sign_anchor__by_a_signer_that_signs_nothing__does_not_verify(
    embedded: EmbeddedChain,
) -> None:
    publish_on(embedded)
    chain = Web3Chain(
        embedded.provider(), signer=MuteSigner({}), location=embedded.deploy_registry()
    )
    with pytest.raises(VerificationError):
        chain.sign_anchor(head_of(1))


@pytest.mark.parametrize(
    ("method", "answer", "fact"),
    [
        ("eth_getCode", "0x00", "registry code"),
        ("eth_getCode", "0x", "registry code"),
        ("eth_getBlockByNumber", {"number": "0x0", "hash": "0x" + "11" * 32}, "genesis"),
    ],
)
def test_check_identity__of_a_chain_that_was_replaced__says_what_changed(
    embedded: EmbeddedChain, method: str, answer: object, fact: str
) -> None:
    chain, answers = intercepted(embedded)
    chain.check_identity()
    answers[method] = answer
    with pytest.raises(ChainChangedError) as caught:
        chain.check_identity()
    assert caught.value.fact == fact


def test_check_identity__of_a_node_that_is_not_there_yet__is_unavailable(
    embedded: EmbeddedChain,
) -> None:
    chain, answers = intercepted(embedded)
    answers.update({"eth_getCode": "0x", "eth_blockNumber": "0x0"})
    with pytest.raises(UnavailableError):
        chain.check_identity()


@pytest.mark.parametrize("answer", [None, "finalized block not found", "Unknown block"])
def test_finality__of_a_node_without_the_tags__is_zero(
    embedded: EmbeddedChain, answer: object
) -> None:
    chain, answers = intercepted(embedded)
    answers["eth_getBlockByNumber"] = answer
    assert chain.finality() == Finality(BlockNumber(0), BlockNumber(0))
    answers["eth_getBlockByNumber"] = "internal error"
    with pytest.raises(UnavailableError):
        chain.finality()


def test_transaction_status__of_a_transaction_in_the_pool__is_waiting(
    embedded: EmbeddedChain,
) -> None:
    chain, answers = intercepted(embedded)
    anchor = anchored(chain, head_of(1))
    provider = embedded.provider()
    transaction_hash = "0x" + anchor.transaction_hash.hex()
    method = RPCEndpoint("eth_getTransactionReceipt")
    receipt = provider.make_request(method, [transaction_hash])["result"]
    answers[method] = None
    assert chain.transaction_status(anchor.transaction_hash) is TransactionStatus.WAITING
    answers[method] = {**receipt, "status": "0x0"}
    assert chain.transaction_status(anchor.transaction_hash) is TransactionStatus.REVERTED


@pytest.mark.parametrize("words", ["already known", "AlreadyKnown", "transaction already imported"])
def test_broadcast__of_known_bytes__succeeds_however_the_node_words_it(
    embedded: EmbeddedChain, words: str
) -> None:
    chain, answers = intercepted(embedded)
    answers["eth_sendRawTransaction"] = words
    chain.broadcast(chain.sign_anchor(head_of(1)))


def test_local_signer__in_words__shows_no_key() -> None:
    assert repr(LocalSigner(PUBLISHER)) == f"LocalSigner({PUBLISHER.address})"
    with pytest.raises(MalformedError):
        LocalSigner(PUBLISHER).sign_transaction({"nonce": 1})


@pytest.mark.parametrize("question", ["published_head", "capture_evidence", "capture_finality"])
def test_web3_chain__when_a_request_fails__never_shows_the_address_of_the_node(
    embedded: EmbeddedChain, question: str
) -> None:
    """Addresses of hosted nodes carry an access key; troubles are shown under /health."""
    chain, answers = intercepted(embedded)
    anchor = anchored(chain, head_of(1))
    failed = OSError("503 Server Error for url: https://node.example/v3/access-key")
    answers.update(
        dict.fromkeys(("eth_call", "eth_getBlockByHash", "eth_getBlockByNumber"), failed)
    )
    asked = getattr(chain, question)
    with pytest.raises(UnavailableError) as refusal:
        asked() if question == "published_head" else asked(anchor)
    assert "access-key" not in str(refusal.value)
    assert "OSError" in str(refusal.value)
