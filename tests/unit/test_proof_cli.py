"""``psephos-verify proof``: exit codes, lines, and what the document shows."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from anchoring.cli.messages import LANGUAGES
from anchoring.cli.verify import run
from anchoring.core.merkle import LeafNodes, inclusion_proof, leaf_hash
from anchoring.core.note import NoteSignature, NoteVerifier, format_signature
from anchoring.core.policy import parse_policy
from anchoring.core.proof_verification import verify_proof
from anchoring.core.receipt_verification import Outcome
from anchoring.core.tlog_proof import TlogProof, format_tlog_proof
from anchoring.core.trust import Trust, format_trust
from anchoring.core.types import LeafIndex, TreeSize
from tests.support.tessera_log import CHECKPOINT_15, ENTRIES, VERIFIER_KEY
from tests.support.witnesses import WITNESS_KEY, cosigned_by, witness

COSIGNED = cosigned_by(1)
NODES = LeafNodes([leaf_hash(entry) for entry in ENTRIES])
PROOF = TlogProof(LeafIndex(9), inclusion_proof(LeafIndex(9), TreeSize(15), NODES), COSIGNED)
FILE = format_tlog_proof(PROOF)
POLICY = f"log {VERIFIER_KEY}\nwitness river {WITNESS_KEY}\nquorum river\n"
BAD_LINE = format_signature(
    NoteSignature(witness(1).name, witness(1).verifier.key_id, bytes(72))
).encode()
PAGE = Path(__file__).parents[2] / "docs" / "formats" / "proof.md"


class Desk:
    """Where an auditor keeps files and runs the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(
        self, proof: bytes, *options: str, entry: bytes = ENTRIES[9], policy: str = POLICY
    ) -> tuple[int, str]:
        (self.folder / "ten.tlog-proof").write_bytes(proof)
        (self.folder / "ten").write_bytes(entry)
        (self.folder / "policy").write_text(policy, encoding="utf-8")
        return self.run("ten.tlog-proof", "--entry", "ten", "--policy", "policy", *options)

    def run(self, *arguments: str) -> tuple[int, str]:
        output = io.StringIO()
        code = run(["proof", *arguments], environ={}, output=output)
        return code, output.getvalue()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def failed(output: str) -> str:
    step: str = json.loads(output)["failed_step"]
    return step


@pytest.mark.parametrize(
    ("proof", "entry", "code", "step"),
    [
        (FILE, ENTRIES[9], 0, None),
        (FILE, ENTRIES[8], 1, "inclusion"),
        (FILE, ENTRIES[9] + b"\n", 1, "inclusion"),
        (FILE, bytes(65_536), 2, "entry"),
        (FILE[:-1], ENTRIES[9], 2, "format"),
        (FILE.replace(b"index 9", b"index 8"), ENTRIES[9], 1, "inclusion"),
        (FILE.replace(b"index 9", b"index 15"), ENTRIES[9], 1, "inclusion"),
        (FILE.replace(b"index 9", b"index 09"), ENTRIES[9], 2, "format"),
        (FILE.replace(COSIGNED, CHECKPOINT_15), ENTRIES[9], 5, "policy"),
        (FILE.replace(COSIGNED, CHECKPOINT_15), ENTRIES[8], 1, "inclusion"),
        (FILE + BAD_LINE, ENTRIES[9], 1, "policy.signature"),
        (FILE.replace(b"\n15\n", b"\n16\n"), ENTRIES[9], 1, "policy.signature"),
    ],
    ids=[
        *("genuine", "other entry", "longer entry", "too long entry", "cut", "other index"),
        *("index beyond", "leading zero", "no cosignature", "no cosignature and other entry"),
        *("bad cosignature", "other size"),
    ],
)
def test_proof__of_each_kind__has_its_exit_code_and_step(
    desk: Desk, proof: bytes, entry: bytes, code: int, step: str | None
) -> None:
    found, output = desk.check(proof, "--json", entry=entry)
    assert (found, failed(output)) == (code, step)


@pytest.mark.parametrize(
    ("policy", "code", "step"),
    [
        (f"log {VERIFIER_KEY}\nquorum none\n", 0, None),
        (f"witness river {WITNESS_KEY}\nquorum river\n", 5, "policy"),
        ("quorum none\n", 5, "policy"),
        ("", 2, "policy-file"),
        ("quorum river\n", 2, "policy-file"),
        (f"log {WITNESS_KEY}\nquorum none\n", 5, "policy-file"),
    ],
)
def test_proof__under_another_policy__says_whether_it_suffices(
    desk: Desk, policy: str, code: int, step: str | None
) -> None:
    found, output = desk.check(FILE, "--json", policy=policy)
    assert (found, failed(output)) == (code, step)


def test_proof__policy_that_is_not_utf_8__is_malformed(desk: Desk) -> None:
    desk.check(FILE)
    (desk.folder / "latin").write_bytes(b"# \xe9t\xe9\nquorum none\n")
    code, output = desk.run("ten.tlog-proof", "--entry", "ten", "--policy", "latin", "--json")
    assert (code, failed(output)) == (2, "policy-file")


@pytest.mark.parametrize("missing", ["ten.tlog-proof", "ten", "policy"])
def test_proof__of_a_file_that_cannot_be_read__is_malformed(desk: Desk, missing: str) -> None:
    desk.check(FILE)
    (desk.folder / missing).unlink()
    arguments = ("ten.tlog-proof", "--entry", "ten", "--policy", "policy", "--json")
    code, output = desk.run(*arguments)
    assert code == 2
    assert failed(output) == ("policy-file" if missing == "policy" else "file")


@pytest.mark.parametrize(
    "arguments",
    [
        *((), ("p",), ("p", "--entry", "e"), ("p", "--policy", "p"), ("p", "q", "--entry", "e")),
        ("p", "--entry", "e", "--policy", "p", "--trust", "t"),
    ],
)
def test_proof__used_wrongly__exits_with_2(
    desk: Desk, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        desk.run(*arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("proof", "entry", "policy_from", "code", "step"),
    [
        (FILE, ENTRIES[9], 0, 0, None),
        (FILE, ENTRIES[8], 0, 1, "inclusion"),
        (FILE.replace(COSIGNED, CHECKPOINT_15), ENTRIES[9], 15, 5, "policy"),
        (FILE.replace(COSIGNED, CHECKPOINT_15), ENTRIES[9], 16, 0, None),
        (FILE.replace(COSIGNED, CHECKPOINT_15), ENTRIES[8], 16, 1, "inclusion"),
        (FILE + BAD_LINE, ENTRIES[9], 15, 1, "policy.signature"),
        (FILE.replace(b"\n15\n", b"\n16\n"), ENTRIES[9], 0, 1, "checkpoint.signature"),
    ],
    ids=["genuine", "other entry", "short", "below", "below and other", "bad", "other size"],
)
def test_proof__under_a_trust_file__is_held_to_its_key_and_policy(
    desk: Desk, proof: bytes, entry: bytes, policy_from: int, code: int, step: str | None
) -> None:
    key = NoteVerifier.from_text(VERIFIER_KEY)
    policy = parse_policy(POLICY.partition("\n")[2])
    trust = Trust(key.name, key, (), policy, policy_from=TreeSize(policy_from))
    (desk.folder / "trust").write_bytes(format_trust(trust))
    (desk.folder / "file").write_bytes(proof)
    (desk.folder / "entry").write_bytes(entry)
    found, output = desk.run("file", "--entry", "entry", "--trust", "trust", "--json")
    assert (found, failed(output)) == (code, step)


def test_proof__under_a_trust_file_of_no_form__is_malformed(desk: Desk) -> None:
    desk.check(FILE)
    arguments = ("ten.tlog-proof", "--entry", "ten", "--trust", "ten", "--json")
    code, output = desk.run(*arguments)
    assert (code, failed(output)) == (2, "trust")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_proof__in_every_language__concludes_for_proofs(desk: Desk, language: str) -> None:
    conclusions = LANGUAGES[language].proof_conclusions
    for proof, outcome in (
        (FILE, Outcome.VERIFIED),
        (FILE + BAD_LINE, Outcome.FALSE),
        (FILE[:-1], Outcome.MALFORMED),
        (FILE.replace(COSIGNED, CHECKPOINT_15), Outcome.POLICY),
    ):
        assert conclusions[outcome] in desk.check(proof, "--lang", language)[1]


def test_verify_proof__short_of_the_quorum__still_checks_the_inclusion() -> None:
    policy = parse_policy(POLICY)
    short = replace(PROOF, checkpoint=cosigned_by(2))
    verdict = verify_proof(short, ENTRIES[9], policy)
    assert [each.name for each in verdict.steps] == ["entry", "policy", "inclusion"]
    assert verdict.outcome is Outcome.POLICY


def example(name: str) -> str:
    """Return the fenced block that follows the marker of that name."""
    text = PAGE.read_text(encoding="utf-8")
    return text.split(f"<!-- example: {name} -->\n```", 1)[1].partition("\n")[2].partition("```")[0]


def test_document__shows_files_that_verify_and_what_is_said(desk: Desk) -> None:
    assert example("proof").encode() == FILE
    assert example("policy") == POLICY
    assert desk.check(FILE) == (0, example("lines"))
