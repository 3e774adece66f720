import json
from dataclasses import replace

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.errors import MalformedError, UnavailableError, UnsupportedError
from anchoring.core.node_verification import NodeView, check_node
from anchoring.core.note import NoteSigner
from anchoring.core.receipt import (
    MAX_ANCHORS,
    MAX_RECEIPT_BYTES,
    Receipt,
    format_receipt,
    parse_receipt,
)
from anchoring.core.receipt_verification import (
    Outcome,
    Step,
    Verdict,
    check_block_hashes,
    refuse,
    verify_receipt,
    worst,
)
from anchoring.core.types import Address, BlockHash, BlockNumber, ChainId, Head, LeafIndex, RootHash
from tests.support.json_files import Json, Keys, changed, leaves, without
from tests.support.receipts import (
    CODE,
    ENTRIES,
    ORIGIN,
    SIGNER,
    embedded_chain,
    hoodi_chain,
    ledger_head,
    receipt,
    trust,
)

EMBEDDED = embedded_chain()
TESTNET = hoodi_chain()
GENUINE = receipt(EMBEDDED, TESTNET)
BLOCKS = [anchor.block_hash for anchor in GENUINE.anchors]
FILE = format_receipt(GENUINE)
TRUST = trust(EMBEDDED, TESTNET)


def outcome(verdict: Verdict) -> tuple[Outcome, str | None]:
    return verdict.outcome, verdict.failed.name if verdict.failed else None


@pytest.mark.parametrize(
    "value",
    [GENUINE, receipt(), receipt(entries=[b""], index=0), receipt(MemoryChain())],
    ids=["two anchors", "no anchor", "empty entry alone", "other chain"],
)
def test_parse_receipt__of_a_formatted_file__gives_the_receipt_back(value: Receipt) -> None:
    assert parse_receipt(format_receipt(value)) == value
    assert format_receipt(parse_receipt(format_receipt(value))) == format_receipt(value)


def test_format_receipt__writes_sorted_keys_and_a_final_newline() -> None:
    assert (json.dumps(json.loads(FILE), indent=2, sort_keys=True) + "\n").replace(
        "\\u2014", "\u2014"
    ).encode() == FILE


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("format",), "psephos-trust/1"),
        (("format",), "psephos-receipt/+1"),
        (("entry",), 1),
        (("entry",), "YQ"),
        (("entry",), "YQ==\n"),
        (("entry",), "YR=="),
        (("entry",), "A" * 87384),
        (("index",), -1),
        (("index",), "2"),
        (("index",), False),
        (("index",), 2**53),
        (("inclusion",), "x"),
        (("inclusion",), ["A" * 44] * 65),
        (("inclusion", 0), "A" * 40),
        (("inclusion", 0), "A" * 48),
        (("inclusion", 0), 0),
        (("checkpoint",), ""),
        (("checkpoint",), "\udcff"),
        (("checkpoint",), "x" * 65537),
        (("anchors",), {}),
        (("anchors", 0), []),
        (("anchors", 0, "chainId"), 0),
        (("anchors", 0, "blockNumber"), 2**53),
        (("anchors", 0, "blockHash"), "0x" + "00" * 31),
        (("anchors", 0, "transactionHash"), "00" * 33),
        (("anchors", 0, "contract"), "0x" + "C0" * 20),
        (("anchors", 0, "publisher"), "0x" + "aa" * 20 + "\n"),
        (("anchors", 0, "evidence"), ""),
        (("anchors", 0, "evidence", "header"), "A" * 5464),
        (("anchors", 0, "evidence", "transactionIndex"), 65536),
        (("anchors", 0, "evidence", "logIndex"), 65536),
        (("anchors", 0, "evidence", "receiptProof"), ["AAAA"] * 9),
        (("anchors", 0, "evidence", "extra"), 1),
        (("anchors", 0, "extra"), 1),
        (("extra",), 1),
    ],
)
def test_parse_receipt__with_a_wrong_field__is_malformed(keys: Keys, value: Json) -> None:
    with pytest.raises(MalformedError):
        parse_receipt(changed(FILE, keys, value))


@pytest.mark.parametrize("keys", sorted({keys for keys, _ in leaves(FILE)}, key=str))
def test_parse_receipt__without_a_field__is_malformed(keys: Keys) -> None:
    data = without(FILE, keys)
    if isinstance(keys[-1], int):
        assert parse_receipt(data) != GENUINE
        return
    with pytest.raises(MalformedError):
        parse_receipt(data)


@pytest.mark.parametrize(
    "data",
    [
        FILE[:-2],
        FILE + b"{}",
        FILE + b" " * MAX_RECEIPT_BYTES,
        FILE.replace(b'"index": 2', b'"index": 2, "index": 2'),
        FILE.replace(b'"index": 2', b'"index": 2.0'),
        FILE.replace(b'"index": 2', b'"index": -0'),
        FILE.replace(b'"index": 2', b'"index": 02'),
    ],
)
def test_parse_receipt__of_a_file_that_is_not_strict_json__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_receipt(data)


def test_parse_receipt__of_another_version__is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        parse_receipt(FILE.replace(b"psephos-receipt/1", b"psephos-receipt/2"))


@pytest.mark.parametrize(
    "value",
    [
        replace(GENUINE, entry=bytes(65536)),
        replace(GENUINE, checkpoint=b"\xff"),
        replace(GENUINE, inclusion=(b"short",)),
        replace(GENUINE, anchors=GENUINE.anchors[:1] * (MAX_ANCHORS + 1)),
    ],
)
def test_format_receipt__of_what_parsing_refuses__is_refused(value: Receipt) -> None:
    with pytest.raises(MalformedError):
        format_receipt(value)


def test_verify_receipt__of_a_genuine_one__passes_every_check_in_order() -> None:
    verdict = verify_receipt(GENUINE, TRUST)
    assert outcome(verdict) == (Outcome.VERIFIED, None)
    assert [(step.name, step.anchor) for step in verdict.steps] == [
        ("entry", None),
        ("checkpoint", None),
        ("inclusion", None),
        ("network", 0),
        ("evidence", 0),
        ("network", 1),
        ("evidence", 1),
    ]
    assert [each.proven.anchor.block_hash for each in verdict.believed] == BLOCKS
    assert [each.proven.previous_size for each in verdict.believed] == [1, 1]


def test_verify_receipt__of_a_single_entry__needs_no_sibling() -> None:
    chain = embedded_chain()
    alone = receipt(chain, entries=ENTRIES[:1], index=0)
    assert alone.inclusion == ()
    assert verify_receipt(alone, TRUST).outcome is Outcome.VERIFIED
    assert verify_receipt(replace(alone, inclusion=(bytes(32),)), TRUST).outcome is Outcome.FALSE


OTHER_SIGNER = NoteSigner.from_seed(ORIGIN, bytes(32))
HEAD = ledger_head(ENTRIES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (replace(GENUINE, entry=bytes(65536)), (Outcome.MALFORMED, "entry")),
        (replace(GENUINE, entry=ENTRIES[1]), (Outcome.FALSE, "inclusion")),
        (replace(GENUINE, index=LeafIndex(1)), (Outcome.FALSE, "inclusion")),
        (replace(GENUINE, index=LeafIndex(5)), (Outcome.FALSE, "inclusion")),
        (replace(GENUINE, inclusion=GENUINE.inclusion[:-1]), (Outcome.FALSE, "inclusion")),
        (replace(GENUINE, inclusion=GENUINE.inclusion[::-1]), (Outcome.FALSE, "inclusion")),
        (replace(GENUINE, checkpoint=b"no note"), (Outcome.MALFORMED, "checkpoint")),
        (
            replace(GENUINE, checkpoint=sign_checkpoint(Checkpoint(ORIGIN, HEAD), OTHER_SIGNER)),
            (Outcome.FALSE, "checkpoint.signature"),
        ),
        (
            replace(GENUINE, checkpoint=GENUINE.checkpoint.replace(b"\n5\n", b"\n6\n")),
            (Outcome.FALSE, "checkpoint.signature"),
        ),
        (
            replace(GENUINE, checkpoint=sign_checkpoint(Checkpoint("a/b", HEAD), SIGNER)),
            (Outcome.FALSE, "checkpoint.origin"),
        ),
        (receipt(), (Outcome.PENDING, "anchors")),
        (receipt(MemoryChain()), (Outcome.POLICY, "network")),
    ],
)
def test_verify_receipt__changed_in_one_place__fails_at_that_check(
    value: Receipt, expected: tuple[Outcome, str]
) -> None:
    assert outcome(verify_receipt(value, TRUST)) == expected


def test_verify_receipt__of_a_signed_head_that_was_never_anchored__is_false() -> None:
    forged = Checkpoint(ORIGIN, Head(HEAD.size, RootHash(ledger_head(ENTRIES[::-1]).root)))
    reversed_ledger = receipt(entries=ENTRIES[::-1])
    value = replace(
        reversed_ledger, checkpoint=sign_checkpoint(forged, SIGNER), anchors=GENUINE.anchors
    )
    assert outcome(verify_receipt(value, TRUST)) == (Outcome.FALSE, "evidence.event")


def test_verify_receipt__with_evidence_that_does_not_parse__is_malformed() -> None:
    first = GENUINE.anchors[0]
    anchor = replace(first, evidence=replace(first.evidence, transaction_proof=()))
    verdict = verify_receipt(replace(GENUINE, anchors=(anchor,)), TRUST)
    assert outcome(verdict) == (Outcome.MALFORMED, "evidence")


@pytest.mark.parametrize("field", ["contract", "publisher"])
def test_verify_receipt__from_a_stranger_on_a_believed_chain__is_false(field: str) -> None:
    chain = embedded_chain()
    setattr(chain, field, Address(b"\x99" * 20))
    verdict = verify_receipt(receipt(chain), TRUST)
    assert outcome(verdict) == (Outcome.FALSE, "network")


def test_verify_receipt__with_one_believed_chain_of_two__is_verified() -> None:
    verdict = verify_receipt(GENUINE, trust(TESTNET))
    assert [each.position for each in verdict.believed] == [1]
    assert verdict.outcome is Outcome.VERIFIED
    assert verify_receipt(GENUINE, trust()).outcome is Outcome.POLICY


def test_verify_receipt__with_one_false_anchor_of_two__is_false() -> None:
    wrong = replace(GENUINE.anchors[0], block_number=BlockNumber(7))
    value = replace(GENUINE, anchors=(wrong, GENUINE.anchors[1]))
    assert outcome(verify_receipt(value, TRUST)) == (Outcome.FALSE, "evidence.header")


def test_verify_receipt__without_trust__checks_inclusion_and_believes_nothing() -> None:
    assert outcome(verify_receipt(GENUINE, None)) == (Outcome.POLICY, "checkpoint.trust")
    wrong = replace(GENUINE, entry=ENTRIES[0])
    assert outcome(verify_receipt(wrong, None)) == (Outcome.FALSE, "inclusion")
    no_note = replace(GENUINE, checkpoint=b"\n")
    assert outcome(verify_receipt(no_note, None)) == (Outcome.MALFORMED, "checkpoint")


def test_check_block_hashes__with_one_that_matches__is_verified() -> None:
    verdict = verify_receipt(GENUINE, TRUST)
    assert check_block_hashes(verdict, []) == verdict
    assert (
        check_block_hashes(verdict, [BlockHash(bytes(32)), BLOCKS[1]]).outcome is Outcome.VERIFIED
    )
    assert outcome(check_block_hashes(verdict, [BlockHash(bytes(32))])) == (
        Outcome.FALSE,
        "block-hash",
    )
    pending = verify_receipt(receipt(), TRUST)
    assert check_block_hashes(pending, BLOCKS) == pending


def asked(view: NodeView, *, code: bytes | None = None) -> tuple[Outcome, str | None]:
    verdict = verify_receipt(GENUINE, trust(EMBEDDED, code=code))
    (believed,) = verdict.believed
    return outcome(verdict.followed_by(check_node(believed, view)))


AGREES = NodeView(ChainId(20260), BLOCKS[0], BlockNumber(2))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (AGREES, (Outcome.VERIFIED, None)),
        (replace(AGREES, chain_id=ChainId(1)), (Outcome.UNREACHABLE, "node.chain")),
        (replace(AGREES, block_hash=BLOCKS[1]), (Outcome.FALSE, "node.block")),
        (replace(AGREES, block_hash=None), (Outcome.PENDING, "node.block")),
        (replace(AGREES, finalized=BlockNumber(1)), (Outcome.PENDING, "node.finality")),
        (replace(AGREES, finalized=None), (Outcome.PENDING, "node.finality")),
    ],
)
def test_check_node__of_one_answer__comes_to_its_outcome(
    view: NodeView, expected: tuple[Outcome, str | None]
) -> None:
    assert asked(view) == expected


def test_check_node__with_a_code_hash_believed__compares_the_code() -> None:
    assert asked(replace(AGREES, code_hash=keccak(CODE)), code=CODE)[0] is Outcome.VERIFIED
    other = replace(AGREES, code_hash=keccak(b""))
    assert asked(other, code=CODE) == (Outcome.FALSE, "node.code")


def test_outcome__of_several_anchors__is_that_of_the_best() -> None:
    verdict = verify_receipt(GENUINE, TRUST)
    silent = refuse("node", UnavailableError("node", "no answer"), anchor=0)
    pending = Step("node.finality", Outcome.PENDING, "", "", anchor=1)
    assert verdict.followed_by([silent]).outcome is Outcome.VERIFIED
    assert outcome(verdict.followed_by([silent, pending])) == (Outcome.PENDING, "node.finality")


def test_worst__of_outcomes__is_in_the_order_of_their_definition() -> None:
    assert worst([]) is Outcome.VERIFIED
    assert worst([Outcome.POLICY, Outcome.UNREACHABLE, Outcome.PENDING]) is Outcome.POLICY
    assert worst([Outcome.FALSE, Outcome.MALFORMED]) is Outcome.FALSE
