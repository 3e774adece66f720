"""The demonstration end to end: played in a process of its own, verified from its files in others."""

import base64
import json
import random
import re
import shutil
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from backend.demo.clock import DemoClock
from backend.demo.plot import START
from backend.demo.program import main
from backend.demo.script import load_script
from backend.demo.server import running_server
from backend.demo.verification import verification_commands, verify
from tests.support.demo_process import TIMEOUT_S, finish, start

LINE = re.compile(r"verified: (\d+) entries, (\d+) receipts, (\d+) documents, (\d+) anchors")
"""Last line of a demonstration."""

STEPS = 9
"""Steps of the play, each with its anchor."""

KILLS = 3
"""Times an interrupted demonstration is killed."""

SILENCE = {
    "topic": "silent",
    "id": "convocation-ouverte",
    "matter": "convocation",
    "settled_by": "Le congrès",
}
"""Rule that leaves open who calls the members together."""

pytestmark = pytest.mark.slow


def counted(output: str) -> tuple[int, ...]:
    found = LINE.fullmatch(output.splitlines()[-1])
    assert found is not None, output
    return tuple(map(int, found.groups()))


def status(command: list[str]) -> int:
    return subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT_S).returncode


def test_demo__from_nothing__plays_the_year_and_verifies_it(finished: tuple[Path, str]) -> None:
    out, output = finished

    entries, receipts, documents, anchors = counted(output)

    assert entries == receipts == len(list((out / "receipts").iterdir()))
    assert documents == len(list((out / "documents").iterdir()))
    assert anchors == STEPS == len(json.loads((out / "anchors.json").read_bytes())["anchors"])
    assert re.search(r"durée : \d+\.\d s", output)


def test_demo__account__shows_refusals_and_a_derivation_with_their_articles(
    finished: tuple[Path, str],
) -> None:
    _, output = finished

    for shown in (
        "règle quorum-revocatoire, article 19",
        "règle voix-collective, article 8",
        "règle delai-convocation, article 16",
        "les griefs sont remis à Capucine Imaginaire",
        "« DAUPHIN-INVENTÉE » ressemble à un membre inscrit",
        "remplace son bulletin",
        "+Le bureau des assemblées convoque au moins vingt et un jours avant",
        "sans quorum (4 oui, 0 non",
        "rejetée (5 oui, 12 non",
    ):
        assert shown in output
    assert re.search(r"│ 20 +│ quorum-constituant +│ base voters, entitled 25", output)


def test_files__server_removed__verify_in_other_processes(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    public = tmp_path / "public"
    shutil.copytree(finished[0], public, ignore=shutil.ignore_patterns("server", "demo.json"))

    verified = verify(public)

    assert verified.failures == ()
    numbers = (verified.entries, verified.receipts, verified.documents, verified.anchors)
    assert numbers == counted(finished[1])
    assert verified.redacted == 0


def test_receipt__one_byte_of_its_entry_changed__is_false(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    public = tmp_path / "public"
    shutil.copytree(finished[0], public, ignore=shutil.ignore_patterns("server"))
    command, _ = verification_commands(public)
    forged = public / "receipts" / "000100.receipt.json"
    receipt = json.loads(forged.read_bytes())
    entry = bytearray(base64.b64decode(receipt["entry"]))
    entry[len(entry) // 2] ^= 1
    receipt["entry"] = base64.b64encode(entry).decode()

    assert status(command) == 0
    forged.write_text(json.dumps(receipt), "utf-8")

    assert status(command) == 1
    assert [failure.partition(":")[0] for failure in verify(public).failures[:1]] == [str(forged)]


def test_bundle__one_document_changed__is_not_verified(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    public = tmp_path / "public"
    shutil.copytree(finished[0], public, ignore=shutil.ignore_patterns("server"))
    document = max((public / "documents").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(document.read_bytes())
    content[0] ^= 1
    document.write_bytes(content)

    assert any("document" in failure for failure in verify(public).failures)


def test_demo__killed_at_random_moments__goes_on_and_verifies(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    chance = random.Random(20260105)  # noqa: S311 - moments of interruption, not secrets
    lines = finished[1].count("\n")

    for kill in range(KILLS):
        process = start("--out", str(out))
        assert process.stdout is not None
        for _ in range(chance.randrange(lines * kill // KILLS, lines * (kill + 1) // KILLS - 8)):
            process.stdout.readline()
        try:
            process.wait(chance.uniform(0, 0.8))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == -signal.SIGKILL

    assert counted(finish(start("--out", str(out)))) == counted(finished[1])


def test_demo__other_statutes_in_english__moves_the_first_aside_and_says_whose_rules_apply(
    finished: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, text = tmp_path / "out", tmp_path / "our_statutes.txt"
    shutil.copytree(finished[0], out)
    text.write_text("Statuts de la Fanfare imaginaire\n\nArticle 1. On joue dehors.\n", "utf-8")

    status = main(["--statutes", str(text), "--out", str(out), "--lang", "en"])

    output = capsys.readouterr().out
    assert status == 0, output
    assert counted(output)[0] == counted(finished[1])[0]
    assert "NOT those of your text" in output
    assert f"it is now in {out}.previous" in output
    assert "+Article additionnel 1. Délai de convocation" in output
    assert verify(tmp_path / "out.previous").failures == ()
    assert text.read_bytes() in [path.read_bytes() for path in (out / "documents").iterdir()]


def test_demo__rules_silent_on_what_it_needs__stops_and_names_the_article(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.json"
    rules = msgspec.json.decode(load_script(None, None).model.first.rulebook)
    rules["rules"] = [
        {**SILENCE, "article": rule["article"]} if rule["topic"] == "convocation" else rule
        for rule in rules["rules"]
    ]
    path.write_bytes(msgspec.json.encode(rules))

    status = main(["--rulebook", str(path), "--out", str(tmp_path / "out")])

    output = capsys.readouterr().out
    assert status == 1, output
    assert "ces règles refusent la suite" in output.splitlines()[-1]
    assert "Article 16" in output.splitlines()[-1]


def test_demo__server_data_in_use__says_so(
    finished: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished[0], out)

    with running_server(out / "server", DemoClock(START)):
        status = main(["--out", str(out)])

    output = capsys.readouterr().out
    assert status == 1, output
    assert "Le serveur n'a pas démarré" in output.splitlines()[-1]
