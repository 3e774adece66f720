"""What the demonstration accepts: files, folders, languages."""

import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from anchoring.core.cid import document_cid
from backend.demo.folder import MARKER, FolderError, open_folder
from backend.demo.model import MODEL
from backend.demo.program import main
from backend.demo.script import MAX_STATUTES_BYTES, TextError, load_script
from backend.demo.words import WORDS
from backend.domain.rulebook.book import parse_rulebook
from backend.domain.rulebook.sessions import Notice

FIRST, OTHER = "1" * 64, "2" * 64
"""Digests of two sets of texts."""


def begun(root: Path, texts: str = FIRST) -> Path:
    """Return the folder of a demonstration that has begun."""
    folder = open_folder(root, texts=texts)
    folder.seed()
    (root / "trust.json").write_text("{}", "utf-8")
    return root


def test_folder__new__is_marked_and_keeps_one_seed(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "a" / "b", texts=FIRST)

    seed = folder.seed()

    assert (folder.moved, folder.resumed) == (None, False)
    assert open_folder(tmp_path / "a" / "b", texts=FIRST).seed() == seed
    assert (folder.server / "demo.seed").stat().st_mode & 0o077 == 0


def test_folder__same_texts__is_resumed(tmp_path: Path) -> None:
    root = begun(tmp_path / "out")

    folder = open_folder(root, texts=FIRST)

    assert (folder.moved, folder.resumed) == (None, True)


def test_folder__other_texts__is_moved_aside_with_all_it_holds(tmp_path: Path) -> None:
    root = begun(tmp_path / "out")
    (root / "note.txt").write_text("mine", "utf-8")

    folder = open_folder(root, texts=OTHER)

    assert (folder.moved, folder.resumed) == (tmp_path / "out.previous", False)
    assert (tmp_path / "out.previous" / "note.txt").read_text("utf-8") == "mine"
    assert sorted(path.name for path in root.iterdir()) == [MARKER, "server"]


def test_folder__previous_is_a_demonstration__is_replaced(tmp_path: Path) -> None:
    open_folder(begun(tmp_path / "out"), texts=OTHER)

    folder = open_folder(tmp_path / "out", texts=FIRST)

    assert folder.moved == tmp_path / "out.previous"
    assert OTHER in (tmp_path / "out.previous" / MARKER).read_text("utf-8")


def test_folder__previous_is_someone_elses__is_refused_and_nothing_moves(tmp_path: Path) -> None:
    root = begun(tmp_path / "out")
    (tmp_path / "out.previous").mkdir()
    (tmp_path / "out.previous" / "thesis.txt").write_text("years of work", "utf-8")

    with pytest.raises(FolderError) as refusal:
        open_folder(root, texts=OTHER)

    assert (refusal.value.path, refusal.value.reason) == (tmp_path / "out.previous", "foreign")
    assert (tmp_path / "out.previous" / "thesis.txt").exists()
    assert (root / "trust.json").exists()


def test_folder__someone_elses__is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", "utf-8")

    with pytest.raises(FolderError) as refusal:
        open_folder(tmp_path / "out", texts=FIRST)

    assert refusal.value.reason == "foreign"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_folder__a_file__is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")

    with pytest.raises(FolderError) as refusal:
        open_folder(tmp_path / "out", texts=FIRST)

    assert refusal.value.reason == "foreign"


def test_folder__killed_before_its_marker__begins_anew(tmp_path: Path) -> None:
    (tmp_path / "out" / "server").mkdir(parents=True)
    (tmp_path / "out" / f".{MARKER}.123").write_text("{", "utf-8")

    assert not open_folder(tmp_path / "out", texts=FIRST).resumed


def test_folder__server_lost_below_finished_files__is_moved_aside(tmp_path: Path) -> None:
    root = begun(tmp_path / "out")
    (root / "server" / "demo.seed").unlink()

    folder = open_folder(root, texts=FIRST)

    assert (folder.moved, folder.resumed) == (tmp_path / "out.previous", False)


def test_folder__in_use__keeps_others_out(tmp_path: Path) -> None:
    root = begun(tmp_path / "out")

    with open_folder(root, texts=FIRST).held():
        with pytest.raises(FolderError) as entering, open_folder(root, texts=FIRST).held():
            pass
        with pytest.raises(FolderError) as moving:
            open_folder(root, texts=OTHER)

    assert (entering.value.reason, moving.value.reason) == ("busy", "busy")
    with open_folder(root, texts=FIRST).held():
        pass


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Statuts\xff", "not_text"),
        ("Statuts".encode("utf-16"), "not_text"),
        (b"Statuts\x00", "not_text"),
        (b" \n\t\n", "empty"),
        (b"", "empty"),
        (b"a" * (MAX_STATUTES_BYTES + 1), "too_long"),
    ],
)
def test_statutes__no_usable_text__are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "statutes.txt"
    path.write_bytes(content)

    with pytest.raises(TextError) as refusal:
        load_script(path, None)

    assert (refusal.value.path, refusal.value.reason) == (path, reason)


def test_statutes__missing__are_refused(tmp_path: Path) -> None:
    with pytest.raises(TextError) as refusal:
        load_script(tmp_path / "nothing.txt", None)

    assert refusal.value.reason == "unreadable"


def test_statutes__longest__are_played_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "our_statutes.txt"
    path.write_bytes(b"\r\n" + b"a" * (MAX_STATUTES_BYTES - 3) + b"\n")

    script = load_script(path, None)

    assert script.name == "our statutes"
    assert script.model.first.text.encode() == path.read_bytes()
    assert script.model.second.text.startswith(script.model.first.text.rstrip())


def test_rulebook__of_the_caller__is_played_and_amended(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    rules = msgspec.json.decode(load_script(None, None).model.first.rulebook)
    rules["title"] = "Our rules"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rules), indent=4))

    script = load_script(None, path)

    first = parse_rulebook(script.model.first.rulebook)
    second = parse_rulebook(script.model.second.rulebook)
    assert (first.title, second.title) == ("Our rules", "Our rules")
    notices = [book.one(Notice, "permanent") for book in (first, second)]
    assert notices[1].days == notices[0].days + 6
    assert notices[1].article in script.model.second.text
    assert (first.text, second.text) == tuple(
        document_cid(statutes.text.encode())
        for statutes in (script.model.first, script.model.second)
    )


def test_rulebook__of_the_model_under_another_text__quotes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "statutes.txt"
    path.write_text("Statuts\n\nArticle 1. On joue dehors.\n", "utf-8")

    rulebook = parse_rulebook(load_script(path, None).model.first.rulebook)

    assert rulebook.text == document_cid(path.read_bytes())
    assert {rule.span for rule in rulebook.rules} == {None}


def test_rulebook__written_as_yaml__is_compiled_against_the_text(tmp_path: Path) -> None:
    text, rules = tmp_path / "statutes.txt", tmp_path / "rules.yaml"
    folder = files("examples") / MODEL
    text.write_bytes((folder / "statuts-v1.txt").read_bytes())
    rules.write_bytes((folder / "rulebook-v1.yaml").read_bytes())

    script = load_script(text, rules)

    assert script.model.first == load_script(None, None).model.first
    text.write_text("Statuts\n\nArticle 4. On joue dehors.\n", "utf-8")
    with pytest.raises(TextError) as refusal:
        load_script(text, rules)
    assert refusal.value.reason == "rulebook"


@pytest.mark.parametrize("content", [b"{", b"{}", b'{"format": 1.5}', b"\xff"])
def test_rulebook__that_does_not_hold__is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(content)

    with pytest.raises(TextError) as refusal:
        load_script(None, path)

    assert refusal.value.reason == "rulebook"


def test_script__other_texts__have_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "statutes.txt"
    path.write_text("Statuts\n", "utf-8")

    digests = {load_script(None, None).digest, load_script(path, None).digest}
    path.write_text("Statuts.\n", "utf-8")
    digests.add(load_script(path, None).digest)

    assert len(digests) == 3
    assert load_script(path, None).digest in digests


def in_use(out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", "utf-8")


def not_text(out: Path) -> None:
    out.with_name("statutes.txt").write_bytes(b"\xff")


@pytest.mark.parametrize(
    ("prepare", "said"), [(in_use, "n'est pas une démonstration"), (not_text, "UTF-8")]
)
def test_program__wrong_usage__says_so_and_exits_with_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    prepare: Callable[[Path], None],
    said: str,
) -> None:
    out = tmp_path / "out"
    text = tmp_path / "statutes.txt"
    text.write_text("Statuts\n", "utf-8")
    prepare(out)

    assert main(["--out", str(out), "--statutes", str(text)]) == 2

    assert said in capsys.readouterr().out


def test_program__help__lists_every_option() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "backend.demo", "--help"],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    ).stdout

    assert all(option in shown for option in ("--statutes", "--rulebook", "--out", "--lang"))


def test_words__both_languages__say_the_same_things_with_the_same_fields() -> None:
    def fields(sentence: str) -> set[str]:
        return {part.partition("}")[0] for part in sentence.split("{")[1:]}

    french, english = WORDS["fr"], WORDS["en"]

    assert french.keys() == english.keys()
    assert {key for key in french if fields(french[key]) != fields(english[key])} == set()
