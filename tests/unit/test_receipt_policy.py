"""Cosigning policies in trust files, and what they make of a receipt."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from anchoring.cli.verify import run
from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.cosignature import attach
from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.note import NoteSignature, format_signature, parse_note
from anchoring.core.policy import parse_policy
from anchoring.core.receipt import Receipt, format_receipt
from anchoring.core.receipt_verification import (
    NO_COSIGNATURE,
    Outcome,
    Step,
    Verdict,
    verify_receipt,
)
from anchoring.core.trust import format_trust, parse_trust
from anchoring.core.types import TreeSize
from tests.support.json_files import Json, changed, without
from tests.support.receipts import ENTRIES, SIGNER, embedded_chain, hoodi_chain, receipt, trust
from tests.support.witnesses import COSIGNED_AT, WITNESS_KEY, cosigned_by, witness

CHAIN = embedded_chain()
GENUINE = receipt(CHAIN)
UNANCHORED = receipt()
POLICY_TEXT = (
    f"witness w1 {WITNESS_KEY}\nwitness w2 {witness(2).verifier.to_text()}\n"
    "group both 2 w1 w2\nquorum both\n"
)
TRUST = replace(trust(CHAIN), policy=parse_policy(POLICY_TEXT))
TRUST_PAGE = Path(__file__).parents[2] / "docs" / "formats" / "trust.md"


def cosigned(value: Receipt, *numbers: int) -> Receipt:
    return replace(value, checkpoint=cosigned_by(*numbers, note=value.checkpoint))


def badly_cosigned(value: Receipt, number: int) -> Receipt:
    verifier = witness(number).verifier
    line = format_signature(NoteSignature(verifier.name, verifier.key_id, bytes(72)))
    return replace(value, checkpoint=attach(value.checkpoint, [line.encode()]))


def signed(value: Receipt) -> int:
    return parse_checkpoint(parse_note(value.checkpoint).text).head.size


def step(verdict: Verdict, name: str) -> Step:
    return next(each for each in verdict.steps if each.name == name)


def names(verdict: Verdict) -> list[str]:
    return [each.name for each in verdict.steps]


def test_trust__with_a_policy__round_trips() -> None:
    data = format_trust(TRUST)
    assert json.loads(data)["policy"] == POLICY_TEXT
    assert parse_trust(data) == TRUST
    assert format_trust(parse_trust(data)) == data


def test_trust__without_a_policy__is_the_file_it_always_was() -> None:
    data = format_trust(trust(CHAIN))
    assert b"policy" not in data
    assert parse_trust(data).policy is None


def test_trust__with_a_bound_of_its_policy__round_trips() -> None:
    believed = replace(TRUST, policy_from=TreeSize(7))
    data = format_trust(believed)
    assert json.loads(data)["policyFrom"] == 7
    assert parse_trust(data) == believed
    assert b"policyFrom" not in format_trust(TRUST)


def test_policy_for__around_the_bound__is_demanded_from_it_on() -> None:
    believed = replace(TRUST, policy_from=TreeSize(7))
    assert believed.policy_for(TreeSize(6)) is None
    assert believed.policy_for(TreeSize(7)) == TRUST.policy
    assert TRUST.policy_for(TreeSize(0)) == TRUST.policy
    assert trust(CHAIN).policy_for(TreeSize(7)) is None


@pytest.mark.parametrize("value", [0, -1, "7", 7.0, True, 2**53, None])
def test_parse_trust__with_a_wrong_bound__is_malformed(value: Json) -> None:
    data = format_trust(replace(TRUST, policy_from=TreeSize(7)))
    with pytest.raises(MalformedError):
        parse_trust(changed(data, ("policyFrom",), value))


def test_parse_trust__with_a_bound_and_no_policy__is_malformed() -> None:
    with pytest.raises(MalformedError):
        parse_trust(without(format_trust(replace(TRUST, policy_from=TreeSize(7))), ("policy",)))
    with pytest.raises(MalformedError):
        format_trust(replace(trust(CHAIN), policy_from=TreeSize(7)))


def test_verify_receipt__of_the_bound_and_one_below__needs_cosignatures_from_it_on() -> None:
    size = signed(GENUINE)
    at, above = (replace(TRUST, policy_from=TreeSize(size + more)) for more in (0, 1))
    assert verify_receipt(GENUINE, at).outcome is Outcome.POLICY
    assert verify_receipt(cosigned(GENUINE, 1, 2), at).outcome is Outcome.VERIFIED
    verdict = verify_receipt(GENUINE, above)
    assert verdict.outcome is Outcome.VERIFIED
    assert step(verdict, "policy").found == f"no cosignature demanded below size {size + 1}"
    assert verify_receipt(replace(GENUINE, entry=ENTRIES[3]), above).outcome is Outcome.FALSE


def test_trust__policy_shown_in_the_document__is_read() -> None:
    page = TRUST_PAGE.read_text(encoding="utf-8")
    text = page.partition("<!-- example: policy -->\n```text\n")[2].partition("```")[0]
    policy = parse_policy(text)
    assert policy.describe_quorum() == "1 of (2 of (river, hill, shore), federation)"
    assert parse_trust(format_trust(replace(TRUST, policy=policy))).policy == policy


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("", MalformedError),
        ("quorum none", MalformedError),
        ("quorum nobody\n", MalformedError),
        (1, MalformedError),
        (None, MalformedError),
        (["quorum none\n"], MalformedError),
        (f"log {WITNESS_KEY}\nquorum none\n", UnsupportedError),
    ],
)
def test_parse_trust__with_a_wrong_policy__is_refused(
    value: Json, error: type[MalformedError | UnsupportedError]
) -> None:
    with pytest.raises(error):
        parse_trust(changed(format_trust(TRUST), ("policy",), value))


def test_verify_receipt__with_every_cosignature__is_verified_and_says_who_and_when() -> None:
    verdict = verify_receipt(cosigned(GENUINE, 1, 2), TRUST)
    assert verdict.outcome is Outcome.VERIFIED
    assert names(verdict)[:4] == ["entry", "checkpoint", "policy", "inclusion"]
    found = step(verdict, "policy")
    assert found.expected == "2 of (w1, w2)"
    assert found.found == f"w1 at {COSIGNED_AT + 1}, w2 at {COSIGNED_AT + 2}"
    assert len(verdict.believed) == 1


@pytest.mark.parametrize("numbers", [(), (1,), (2,), (1, 3)])
def test_verify_receipt__short_of_the_quorum__is_not_covered_and_goes_on(
    numbers: tuple[int, ...],
) -> None:
    verdict = verify_receipt(cosigned(GENUINE, *numbers), TRUST)
    assert verdict.outcome is Outcome.POLICY
    assert verdict.failed == step(verdict, "policy")
    known = [f"w{number}" for number in numbers if number < 3]
    assert verdict.failed.found == (", ".join(known) or NO_COSIGNATURE)
    assert names(verdict)[3:] == ["inclusion", "network", "evidence"]


def test_verify_receipt__short_of_the_quorum_and_false__is_false() -> None:
    forged = replace(cosigned(GENUINE, 1), entry=ENTRIES[3])
    verdict = verify_receipt(forged, TRUST)
    assert verdict.outcome is Outcome.FALSE
    assert verdict.failed == step(verdict, "inclusion")


@pytest.mark.parametrize("quorum", ["both", "w1", "none"])
def test_verify_receipt__with_a_bad_cosignature_of_a_known_key__is_false(quorum: str) -> None:
    text = POLICY_TEXT.replace("quorum both", f"quorum {quorum}")
    believed = replace(TRUST, policy=parse_policy(text))
    verdict = verify_receipt(badly_cosigned(GENUINE, 2), believed)
    assert verdict.outcome is Outcome.FALSE
    assert names(verdict) == ["entry", "checkpoint", "policy.signature"]


def test_verify_receipt__with_a_bad_line_of_an_unknown_key__ignores_it() -> None:
    verdict = verify_receipt(badly_cosigned(cosigned(GENUINE, 1, 2), 3), TRUST)
    assert verdict.outcome is Outcome.VERIFIED


def test_verify_receipt__under_a_policy_that_demands_nobody__finds_none() -> None:
    believed = replace(TRUST, policy=parse_policy("quorum none\n"))
    verdict = verify_receipt(GENUINE, believed)
    assert verdict.outcome is Outcome.VERIFIED
    assert step(verdict, "policy").found == NO_COSIGNATURE


def test_verify_receipt__under_a_policy_of_logs__wants_the_ledger_among_them() -> None:
    ours = parse_policy(f"log {SIGNER.verifier.to_text()}\nquorum none\n")
    assert verify_receipt(GENUINE, replace(TRUST, policy=ours)).outcome is Outcome.VERIFIED
    other = replace(SIGNER, seed=bytes(32)).verifier
    theirs = parse_policy(f"log {other.to_text()}\nquorum none\n")
    assert verify_receipt(GENUINE, replace(TRUST, policy=theirs)).outcome is Outcome.POLICY


def test_verify_receipt__with_policy_and_no_anchor__is_pending_once_the_quorum_is_met() -> None:
    assert verify_receipt(cosigned(UNANCHORED, 2, 1), TRUST).outcome is Outcome.PENDING
    assert verify_receipt(UNANCHORED, TRUST).outcome is Outcome.POLICY
    other_chain = cosigned(receipt(hoodi_chain()), 1, 2)
    assert verify_receipt(other_chain, TRUST).failed == step(
        verify_receipt(other_chain, TRUST), "network"
    )


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (
            cosigned(GENUINE, 1, 2),
            0,
            f"signatures and cosignatures that you demand: w1 at {COSIGNED_AT + 1}",
        ),
        (GENUINE, 5, "expected 2 of (w1, w2); found no cosignature (ask for this file again"),
        (badly_cosigned(GENUINE, 1), 1, "FALSE"),
    ],
    ids=["met", "not met", "bad"],
)
def test_command__under_a_policy__exits_and_says(
    tmp_path: Path, value: Receipt, code: int, said: str
) -> None:
    files = {"receipt.json": format_receipt(value), "trust.json": format_trust(TRUST)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    arguments = ["receipt", str(tmp_path / "receipt.json"), "--trust", str(tmp_path / "trust.json")]
    output = io.StringIO()
    assert run([*arguments, "--offline"], environ={}, output=output) == code
    assert said in output.getvalue()
    french = io.StringIO()
    assert run([*arguments, "--lang", "fr"], environ={}, output=french) == code
    assert "cosignatures que vous exigez" in french.getvalue()
