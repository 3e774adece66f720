import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.adapters.rpc_reader import MAX_ANSWER_BYTES, RpcReader
from anchoring.cli.messages import ENGLISH, FRENCH, LANGUAGES, choose_language
from anchoring.cli.report import MAX_PRINTED, printable
from anchoring.cli.verify import EXIT_CODES, main, run
from anchoring.core.errors import UnavailableError
from anchoring.core.receipt import Receipt, format_receipt
from anchoring.core.receipt_verification import Outcome
from anchoring.core.trust import Trust, format_trust
from anchoring.core.types import BlockNumber
from tests.support.json_rpc_node import Answer, answers, serving
from tests.support.receipts import CODE, ENTRIES, embedded_chain, hoodi_chain, receipt, trust

CHAIN = embedded_chain()
GENUINE = receipt(CHAIN)
BLOCK_HASH = GENUINE.anchors[0].block_hash.hex()
TRUST = trust(CHAIN)
FORGED = replace(GENUINE, entry=ENTRIES[3])
UNANCHORED = receipt()
UNKNOWN_CHAIN = receipt(hoodi_chain())


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


class Desk:
    """Where an auditor keeps files and runs the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, content: Receipt | Trust | bytes) -> str:
        if isinstance(content, Receipt):
            content = format_receipt(content)
        elif isinstance(content, Trust):
            content = format_trust(content)
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def check(self, value: Receipt | bytes, *options: str, believed: Trust = TRUST) -> int:
        return self.run(
            self.file("receipt.json", value), "--trust", self.file("trust.json", believed), *options
        )[0]

    def run(self, *arguments: str, environ: dict[str, str] | None = None) -> tuple[int, str]:
        output = io.StringIO()
        code = run(["receipt", *arguments], environ=environ or {}, output=output)
        return code, output.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def usage_error(desk: Desk, *arguments: str) -> bool:
    with pytest.raises(SystemExit) as caught:
        desk.run(*arguments)
    return caught.value.code == 2


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (GENUINE, 0),
        (FORGED, 1),
        (format_receipt(GENUINE)[:-2], 2),
        (UNANCHORED, 3),
        (UNKNOWN_CHAIN, 5),
        (format_receipt(GENUINE).replace(b"receipt/1", b"receipt/9"), 5),
    ],
    ids=["genuine", "forged", "cut", "not anchored", "unknown chain", "unknown version"],
)
def test_receipt__of_each_kind__has_its_exit_code(
    desk: Desk, value: Receipt | bytes, code: int
) -> None:
    assert desk.check(value) == code


def test_receipt__without_trust__is_not_covered_and_says_what_to_pass(desk: Desk) -> None:
    code, output = desk.run(desk.file("r", GENUINE))
    assert code == 5
    assert "--trust" in output
    assert desk.run(desk.file("r", FORGED))[0] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{}", 2), (format_trust(TRUST).replace(b"trust/1", b"trust/2"), 5)],
)
def test_receipt__with_a_trust_file_that_cannot_be_used__says_so(
    desk: Desk, content: bytes, code: int
) -> None:
    found, output = desk.run(desk.file("r", GENUINE), "--trust", desk.file("t", content), "--json")
    assert found == code
    assert json.loads(output)["failed_step"] == "trust"


def test_receipt__of_files_that_cannot_be_read__is_malformed(desk: Desk) -> None:
    believed = desk.file("t", TRUST)
    for name in ("missing.json", "."):
        code, output = desk.run(str(desk.folder / name), "--trust", believed, "--json")
        assert code == 2
        assert json.loads(output)["failed_step"] == "file"
    assert desk.run(desk.file("r", GENUINE), "--trust", "missing.json")[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("r", "--offline", "--rpc", "http://127.0.0.1:1"),
        ("r", "--rpc", "file:///etc/passwd"),
        ("r", "--rpc", "http://"),
        ("r", "--rpc", "http://[::1"),
        ("r", "--block-hash", "0x12"),
        ("r", "--block-hash", "zz" * 32),
        ("r", "--lang", "de"),
        ("r", "--unknown"),
    ],
)
def test_receipt__used_wrongly__exits_with_2(
    desk: Desk, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert usage_error(desk, *arguments)
    assert capsys.readouterr().err


def test_receipt__of_several_files__exits_with_the_worst(desk: Desk) -> None:
    kinds: dict[int, Receipt | bytes] = {
        0: GENUINE,
        3: UNANCHORED,
        5: UNKNOWN_CHAIN,
        2: b"{",
        1: FORGED,
    }
    files = {code: desk.file(f"{code}.json", value) for code, value in kinds.items()}
    believed = desk.file("trust", TRUST)
    for count in range(1, len(files) + 1):
        chosen = list(files.items())[:count]
        names = [name for _, name in chosen]
        assert desk.run(*reversed(names), "--trust", believed)[0] == chosen[-1][0]


def test_exit_codes__rank_as_documented() -> None:
    assert [EXIT_CODES[outcome] for outcome in Outcome] == [0, 3, 4, 5, 2, 1]


def test_receipt__offline__opens_no_socket(desk: Desk, socket_disabled: None) -> None:  # noqa: ARG001  # the fixture forbids sockets
    assert desk.check(GENUINE, "--offline") == 0
    assert desk.check(GENUINE) == 0
    assert desk.check(FORGED, "--offline") == 1


def test_receipt__with_a_block_hash__compares_it(desk: Desk) -> None:
    other = "00" * 32
    assert desk.check(GENUINE, "--block-hash", BLOCK_HASH) == 0
    assert desk.check(GENUINE, "--block-hash", f"0x{BLOCK_HASH.upper()}") == 0
    assert desk.check(GENUINE, "--block-hash", other, "--block-hash", BLOCK_HASH) == 0
    assert desk.check(GENUINE, "--block-hash", other) == 1


def with_node(desk: Desk, answer: Answer, *, believed: Trust = TRUST, status: int = 200) -> int:
    with serving(answer, status=status) as url:
        return desk.check(GENUINE, "--rpc", url, believed=believed)


def test_receipt__with_a_node_that_agrees__is_verified(desk: Desk) -> None:
    assert with_node(desk, answers(CHAIN, finalized=2)) == 0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answers(CHAIN, finalized=2, lie=bytes(32)), 1),
        (answers(MemoryChain(chain_id=CHAIN.chain_id), finalized=None), 3),
        (answers(CHAIN, finalized=1), 3),
        (answers(CHAIN, finalized=None), 3),
        (answers(CHAIN, finalized=2, chain_id=1), 4),
    ],
    ids=["other hash", "no such block", "not final", "nothing final", "other chain"],
)
def test_receipt__with_a_node_that_does_not__has_the_exit_code_of_its_reason(
    desk: Desk, answer: Answer, code: int
) -> None:
    assert with_node(desk, answer) == code


def test_receipt__with_a_code_hash_believed__compares_the_code_of_the_node(desk: Desk) -> None:
    honest = answers(CHAIN, finalized=2)
    assert with_node(desk, honest, believed=trust(CHAIN, code=CODE)) == 0
    assert with_node(desk, honest, believed=trust(CHAIN, code=b"other")) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"error":{"code":-32000,"message":"busy"}}',
        b'{"result":20260}',
        b'{"result":"20260"}',
        b'{"result":"0x04f24"}',
        b" " * (MAX_ANSWER_BYTES + 1),
    ],
)
def test_receipt__with_a_node_that_talks_nonsense__is_unreachable(desk: Desk, body: bytes) -> None:
    assert with_node(desk, lambda *_: body) == 4


@pytest.mark.parametrize("block", [b'{"result":[]}', b'{"result":{"number":"0x2","hash":"0x"}}'])
def test_receipt__with_a_node_whose_block_is_none__is_unreachable(desk: Desk, block: bytes) -> None:
    honest = answers(CHAIN, finalized=2)
    assert (
        with_node(desk, lambda method, p: honest(method, p) if method == "eth_chainId" else block)
        == 4
    )


@pytest.mark.parametrize("status", [301, 307, 403, 500])
def test_receipt__with_a_node_that_refuses_or_redirects__is_unreachable(
    desk: Desk, status: int
) -> None:
    assert with_node(desk, answers(CHAIN, finalized=2), status=status) == 4


def test_receipt__with_a_node_that_is_gone__is_unreachable(desk: Desk) -> None:
    with serving(answers(CHAIN, finalized=2)) as url:
        pass
    assert desk.check(GENUINE, "--rpc", url) == 4


def test_view__of_a_node_too_slow__is_unavailable() -> None:
    with (
        serving(answers(CHAIN, finalized=2)) as url,
        pytest.raises(UnavailableError) as caught,
    ):
        RpcReader(f"{url}?key=secret", timeout_s=1e-9).view(BlockNumber(2), contract=None)
    assert "secret" not in str(caught.value)


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_json__of_several_files__is_one_object_a_line(desk: Desk) -> None:
    names = [desk.file("good\n.json", GENUINE), desk.file("bad", FORGED)]
    _, output = desk.run(*names, "--trust", desk.file("t", TRUST), "--json", "--lang", "fr")
    assert output.isascii()
    good, bad = objects(output)
    assert (good["file"], good["verdict"], good["failed_step"]) == (names[0], "verified", None)
    assert (good["expected"], good["found"]) == (None, None)
    assert good["blocks"] == [
        {
            "anchor": 0,
            "chainId": 20260,
            "number": 2,
            "hash": f"0x{BLOCK_HASH}",
            "time": 1_700_000_024,
        }
    ]
    assert (bad["file"], bad["verdict"], bad["failed_step"]) == (names[1], "false", "inclusion")
    assert bad["expected"] == bad["steps"][-1]["expected"]
    assert bad["found"] == bad["steps"][-1]["found"]
    assert [step["name"] for step in good["steps"]] == [
        "entry",
        "checkpoint",
        "inclusion",
        "network",
        "evidence",
    ]
    assert good["steps"][-1]["anchor"] == 0
    assert "anchor" not in good["steps"][0]


def test_lines__say_what_it_rests_on_and_where_to_look(desk: Desk) -> None:
    arguments = (desk.file("r", GENUINE), "--trust", desk.file("t", TRUST))
    _, english = desk.run(*arguments)
    assert "block 2 of embedded (chain 20260), of 2023-11-14 22:13:44 UTC" in english
    assert f"0x{BLOCK_HASH}" in english
    assert "--block-hash" in english
    _, french = desk.run(*arguments, environ={"LANG": "fr_FR.UTF-8"})
    assert "Tout repose sur le bloc 2" in french
    assert desk.run(*arguments, "--lang", "fr")[1] == french
    assert len(french.splitlines()) == len(english.splitlines())


def test_lines__of_a_block_past_the_calendar__show_its_seconds(desk: Desk) -> None:
    chain = MemoryChain(chain_id=CHAIN.chain_id, genesis_time=2**40)
    files = (desk.file("r", receipt(chain)), "--trust", desk.file("t", TRUST))
    code, output = desk.run(*files)
    assert code == 0
    assert f"of {2**40 + 24} s," in output


def test_lines__with_a_node_that_agrees__say_so(desk: Desk) -> None:
    with serving(answers(CHAIN, finalized=2)) as url:
        _, output = desk.run(
            desk.file("r", GENUINE), "--trust", desk.file("t", TRUST), "--rpc", url
        )
    assert ENGLISH.node_agrees in output
    assert "--block-hash" not in output


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_DE"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "", "LC_ALL": "fr"}, "fr"),
        ({"LC_ALL": "C", "LC_MESSAGES": "fr"}, "en"),
    ],
)
def test_choose_language__from_the_locale__takes_the_first_variable_set(
    environ: dict[str, str], language: str
) -> None:
    assert choose_language(environ) == language


def test_messages__in_every_language__cover_the_same_things() -> None:
    for messages in LANGUAGES.values():
        assert set(messages.outcomes) == set(messages.conclusions) == set(Outcome)
        assert set(messages.proof_conclusions) == set(ENGLISH.proof_conclusions)
        assert set(messages.checks) == set(ENGLISH.checks)
        assert set(messages.remedies) == set(ENGLISH.remedies)
    placeholders = re.compile(r"{\w+}")
    for field in ("anchor", "mismatch", "rests_on", "look_up", "node_agrees"):
        names = set(placeholders.findall(getattr(ENGLISH, field)))
        assert set(placeholders.findall(getattr(FRENCH, field))) == names


def test_printable__of_text_that_steers_a_terminal__shows_it_instead() -> None:
    assert printable("a\x1b[31mb\u202ec\ud800\u00e9") == "a\\u001b[31mb\\u202ec\\ud800\u00e9"
    assert len(printable("x" * 1000)) == MAX_PRINTED + 1


def test_lines__of_a_file_with_control_characters__show_none(desk: Desk) -> None:
    value = format_receipt(GENUINE).replace(b'"index"', b'"\\u001b[2J": 0, "index"')
    code, output = desk.run(desk.file("r\x1b[2J", value), "--trust", desk.file("t", TRUST))
    assert code == 2
    assert "\x1b" not in output


def test_main__with_an_output_without_accents__still_prints(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["receipt", desk.file("r", UNANCHORED), "--trust", desk.file("t", TRUST)]
    assert main([*arguments, "--lang", "fr"]) == 3
    assert "pas encore" in capsys.readouterr().out
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert run([*arguments, "--lang", "fr"], environ={}, output=narrow) == 3


FORMATS = Path(__file__).parents[2] / "docs" / "formats"


def example(document: str, name: str) -> str:
    """Return the fenced block that follows the marker of that name."""
    text = (FORMATS / document).read_text(encoding="utf-8")
    return text.split(f"<!-- example: {name} -->\n```", 1)[1].partition("\n")[2].partition("```")[0]


def test_documents__show_files_that_this_release_writes_and_what_it_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = embedded_chain()
    written = format_receipt(receipt(chain, entries=ENTRIES[:3], index=1))
    believed = format_trust(trust(chain, code=CODE))
    assert example("receipt.md", "receipt") == written.decode()
    assert example("trust.md", "trust") == believed.decode()
    desk.file("receipt.json", written)
    desk.file("trust.json", believed)
    monkeypatch.chdir(desk.folder)
    arguments = ("receipt.json", "--trust", "trust.json", "--offline")
    assert desk.run(*arguments) == (0, example("receipt.md", "lines"))
    shown = json.loads(example("receipt.md", "json"))
    assert json.loads(desk.run(*arguments, "--json")[1]) == shown


def test_module__run_as_a_program__exits_with_the_code(desk: Desk) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "anchoring.cli", "receipt", desk.file("r", FORGED)],
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert b"FALSE" in finished.stdout
