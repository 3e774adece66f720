"""The chain of anchors, rule by rule (A1 to A5 of core.anchor_chain), its file and its command."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.cli.verify import run
from anchoring.core.anchor_chain import verify_anchors
from anchoring.core.anchors_file import (
    MAX_CONSISTENCY_HASHES,
    AnchoredCheckpoint,
    format_anchors,
    parse_anchors,
)
from anchoring.core.cosignature import attach
from anchoring.core.errors import MalformedError
from anchoring.core.note import NoteSignature, format_signature
from anchoring.core.policy import parse_policy
from anchoring.core.receipt_verification import Outcome
from anchoring.core.trust import format_trust
from anchoring.core.types import TreeSize
from tests.support.anchor_files import anchored, entries_of, with_finality
from tests.support.finality import by_headers
from tests.support.json_files import changed, leaves
from tests.support.receipts import embedded_chain, hoodi_chain, trust
from tests.support.witnesses import WITNESS_KEY, cosigned_by, witness

CHAIN = embedded_chain()
ITEMS = anchored([CHAIN], [1, 2, 5, 8, 13])
TRUST = trust(CHAIN)
FILE = format_anchors(
    (
        *ITEMS[:1],
        replace(
            ITEMS[1],
            anchor=with_finality(
                ITEMS[1].anchor,
                by_headers(ITEMS[1].anchor.block_hash, ITEMS[1].anchor.block_number, 1),
            ),
        ),
    )
)


def came_to(items: tuple[AnchoredCheckpoint, ...]) -> tuple[Outcome, set[str]]:
    verdict = verify_anchors(items, TRUST)
    wrong = {step.name for step in verdict.steps if step.outcome is not Outcome.VERIFIED}
    return verdict.outcome, wrong


def test_anchors__of_one_history__are_verified_without_entries() -> None:
    """A1 to A4."""
    assert came_to(ITEMS) == (Outcome.VERIFIED, set())
    verdict = verify_anchors(ITEMS, TRUST)
    assert [each.proven.anchor.head.size for each in verdict.believed] == [1, 2, 5, 8, 13]
    assert verdict.failed is None


def test_anchors__of_one_ledger_on_two_chains__are_verified() -> None:
    """A3: the same size twice extends itself. A4: each chain has its own order."""
    chains = [embedded_chain(), hoodi_chain()]
    items = anchored(chains, [2, 3])
    assert verify_anchors(items, trust(*chains)).outcome is Outcome.VERIFIED
    assert items[1].consistency == ()
    verdict = verify_anchors(items, trust(chains[0]))
    assert verdict.outcome is Outcome.POLICY


@pytest.mark.parametrize(
    ("items", "wrong"),
    [
        (ITEMS[1:], {"consistency", "order"}),
        ((*ITEMS[:2], *ITEMS[3:]), {"consistency", "order"}),
        ((ITEMS[0], ITEMS[2], ITEMS[1]), {"consistency", "order"}),
        ((ITEMS[0], ITEMS[0]), {"consistency", "order"}),
        ((ITEMS[0], replace(ITEMS[1], consistency=None)), {"consistency"}),
        ((replace(ITEMS[0], consistency=()), *ITEMS[1:]), {"consistency"}),
        ((ITEMS[0], replace(ITEMS[1], consistency=())), {"consistency"}),
        ((ITEMS[0], replace(ITEMS[1], consistency=(b"\0" * 32,))), {"consistency"}),
    ],
    ids=["first", "middle", "swapped", "twice", "unproven", "spare", "short", "other"],
)
def test_anchors__cut_or_reordered__are_false(
    items: tuple[AnchoredCheckpoint, ...], wrong: set[str]
) -> None:
    """A3, A4."""
    assert came_to(items) == (Outcome.FALSE, wrong)


def test_anchors__cut_at_the_end__are_those_of_an_earlier_day() -> None:
    """What comes after the last item only the chain can tell."""
    assert came_to(ITEMS[:-1]) == (Outcome.VERIFIED, set())


def test_anchors__with_one_left_out_and_a_proof_made_to_fit__are_out_of_order() -> None:
    """A4: who holds the ledger can make any consistency proof, but not the event's previous size."""
    other = embedded_chain()
    honest = anchored([other], [1, 2, 3])
    fitting = anchored([embedded_chain()], [1, 3])[1].consistency
    items = (honest[0], replace(honest[2], consistency=fitting))
    assert came_to(items) == (Outcome.FALSE, {"order"})


def test_anchors__of_a_rewritten_history__are_false() -> None:
    """A3: both heads are signed and anchored, and one does not extend the other."""
    chain = embedded_chain()
    first = anchored([chain], [2])
    second = anchored([chain], [4], entries=entries_of(4, word=b"other"))
    proof = anchored([embedded_chain()], [2, 4])[1].consistency
    assert came_to((*first, replace(second[0], consistency=proof))) == (
        Outcome.FALSE,
        {"consistency"},
    )


def test_anchors__under_a_policy__need_cosignatures_from_its_size_on() -> None:
    """A5."""
    policy = parse_policy(f"witness w1 {WITNESS_KEY}\nquorum w1\n")
    lately = tuple(
        replace(each, checkpoint=cosigned_by(1, note=each.checkpoint)) if place >= 3 else each
        for place, each in enumerate(ITEMS)
    )

    def under(items: tuple[AnchoredCheckpoint, ...], size: int) -> tuple[Outcome, list[int | None]]:
        believed = replace(TRUST, policy=policy, policy_from=TreeSize(size))
        verdict = verify_anchors(items, believed)
        wrong = [step for step in verdict.steps if step.outcome is not Outcome.VERIFIED]
        assert {step.name for step in wrong} <= {"policy"}
        return verdict.outcome, [step.anchor for step in wrong]

    assert under(lately, 6) == (Outcome.VERIFIED, [])
    assert under(lately, 5) == (Outcome.POLICY, [2])
    assert under(lately, 0) == (Outcome.POLICY, [0, 1, 2])
    assert under((*lately[:4], ITEMS[4]), 6) == (Outcome.POLICY, [4])
    assert under(ITEMS, 14) == (Outcome.VERIFIED, [])


def test_anchors__with_a_bad_cosignature__are_false_from_the_size_of_the_policy_on() -> None:
    """A5."""
    policy = parse_policy(f"witness w1 {WITNESS_KEY}\nquorum none\n")
    key = witness(1).verifier
    line = format_signature(NoteSignature(key.name, key.key_id, bytes(72))).encode()
    items = (*ITEMS[:4], replace(ITEMS[4], checkpoint=attach(ITEMS[4].checkpoint, [line])))
    for size, outcome in ((13, Outcome.FALSE), (14, Outcome.VERIFIED)):
        believed = replace(TRUST, policy=policy, policy_from=TreeSize(size))
        assert verify_anchors(items, believed).outcome is outcome


def test_anchors__with_a_bad_checkpoint__are_not_verified() -> None:
    """A1."""
    unsigned = ITEMS[0].checkpoint.replace(b"\n1\n", b"\n2\n")
    assert came_to((replace(ITEMS[0], checkpoint=unsigned),)) == (
        Outcome.FALSE,
        {"checkpoint.signature"},
    )
    assert came_to((replace(ITEMS[0], checkpoint=b"nothing"),))[0] is Outcome.MALFORMED


def test_anchors__with_another_head__are_false() -> None:
    """A2."""
    swapped = replace(ITEMS[0], checkpoint=ITEMS[1].checkpoint)
    assert came_to((swapped,)) == (Outcome.FALSE, {"evidence.event"})
    short = replace(
        ITEMS[0],
        anchor=with_finality(ITEMS[0].anchor, by_headers(b"\1" * 32, 1, 1)),
    )
    assert came_to((short,)) == (Outcome.FALSE, {"finality.headers"})


def test_anchors__without_trust_or_without_any__are_not_decided() -> None:
    assert verify_anchors(ITEMS, None).outcome is Outcome.POLICY
    assert verify_anchors((), TRUST).outcome is Outcome.PENDING


def test_anchors_file__read_back__says_the_same() -> None:
    assert parse_anchors(format_anchors(ITEMS)) == ITEMS
    many = ITEMS * 30
    assert parse_anchors(format_anchors(many)) == many


def test_anchors_file__of_another_form__is_malformed() -> None:
    for proof in ((b"\0" * 31,), (b"\0" * 32,) * (MAX_CONSISTENCY_HASHES + 1)):
        with pytest.raises(MalformedError):
            format_anchors((replace(ITEMS[0], consistency=proof),))
    with pytest.raises(MalformedError):
        format_anchors((replace(ITEMS[0], checkpoint=b"\xff"),))
    deep = b'{"format": "psephos-anchors/1", "anchors": ' + b"[" * 400 + b"]" * 400 + b"}"
    hidden = b'{"a": "' + b"]" * 400 + b'\\"", "b": ' + b"[" * 300
    for text in (deep, hidden, b'{"a": "[\\'):
        with pytest.raises(MalformedError):
            parse_anchors(text)
    with pytest.raises(MalformedError, match="deeper"):
        parse_anchors(deep)


def verify(folder: Path, data: bytes, *options: str) -> tuple[int, str]:
    (folder / "anchors.json").write_bytes(data)
    (folder / "trust.json").write_bytes(format_trust(TRUST))
    output = io.StringIO()
    arguments = ["anchors", f"{folder}/anchors.json", "--trust", f"{folder}/trust.json", *options]
    return run(arguments, environ={}, output=output), output.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (format_anchors(ITEMS), 0, "5, size 1 to 13"),
        (FILE, 0, "called final, descends from it"),
        (format_anchors(ITEMS[1:]), 1, "FALSE"),
        (b"{}", 2, "malformed"),
        (format_anchors(()), 3, "nothing is anchored yet"),
        (format_anchors(anchored([hoodi_chain()], [1])), 5, "not covered"),
    ],
)
def test_command__of_each_kind_of_file__says_so_and_exits(
    tmp_path: Path, data: bytes, code: int, words: str
) -> None:
    found, said = verify(tmp_path, data)
    assert found == code
    assert words in said
    found, said = verify(tmp_path, data, "--json")
    assert (found, len(said.splitlines())) == (code, 1)
    assert verify(tmp_path, data, "--lang", "fr")[0] == code


def test_command__with_a_file_or_trust_that_is_not_there__exits_2(tmp_path: Path) -> None:
    for arguments in (["missing"], ["missing", "--trust", "missing"]):
        paths = [f"{tmp_path}/{each}" if each == "missing" else each for each in arguments]
        assert run(["anchors", *paths], environ={}, output=io.StringIO()) == 2


LEAVES = [(keys, leaf) for keys, leaf in leaves(FILE) if keys != ("format",)]


@given(place=st.integers(0, len(LEAVES) - 1), bit=st.integers(0, 2**12))
def test_command__with_any_value_changed__does_not_exit_0(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    keys, leaf = LEAVES[place]
    value: str | int
    if isinstance(leaf, int):
        value = leaf ^ 1 << bit % 16
    else:
        at = bit % len(leaf)
        value = leaf[:at] + ("0" if leaf[at] != "0" else "1") + leaf[at + 1 :]
    code, _ = verify(tmp_path_factory.mktemp("anchors"), changed(FILE, keys, value))
    # The anchor after one on a chain that nobody named lacks its predecessor.
    assert code in ({1, 5} if keys[-1] == "chainId" else {1, 2})


def test_every_value_of_an_anchors_file__is_among_those_changed() -> None:
    names = {keys[-1] if isinstance(keys[-1], str) else keys[-2] for keys, _ in LEAVES}
    assert {"consistency", "headers", "blockHash", "checkpoint", "receiptProof"} <= names
    assert json.loads(FILE)["format"] == "psephos-anchors/1"
