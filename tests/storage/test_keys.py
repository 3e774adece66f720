"""Secrets in files: sealed under one passphrase, created once, and never shown or replaced."""

import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from eth_account import Account

from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.note import NoteSigner
from anchoring.core.types import Address
from backend.storage.keys import KeyFiles
from backend.storage.passphrases import person_at_terminal

ORIGIN = "ledger.example/river"


def asked(*answers: str) -> tuple[Callable[[bool], str], list[bool]]:
    """Return a person who gives these answers, and what they were asked."""
    questions: list[bool] = []

    def ask(new: bool) -> str:  # noqa: FBT001 - the shape of a callback
        questions.append(new)
        return answers[len(questions) - 1]

    return ask, questions


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """Return a file with a passphrase, as editors leave it."""
    file = tmp_path / "secret"
    file.write_bytes(b"correct horse\r\nsecond line\n")
    return file


def test_keys__opened_again__are_the_same_and_sealed(tmp_path: Path) -> None:
    first = KeyFiles(tmp_path)
    signer = first.log_signer("river", origin=ORIGIN)
    publisher, faucet, witness = (
        first.publisher_key("river"),
        first.faucet_key(),
        first.witness_key(),
    )
    second = KeyFiles(tmp_path)
    assert second.log_signer("river", origin=ORIGIN) == signer
    assert (second.publisher_key("river"), second.faucet_key()) == (publisher, faucet)
    assert second.witness_key() == witness
    assert len({publisher, faucet, witness, signer.seed}) == 4
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for secret in (publisher, faucet, witness, signer.seed):
            assert secret not in path.read_bytes()
            assert secret.hex().encode() not in path.read_bytes()


def test_public_sides__of_sealed_keys__need_no_passphrase(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    assert (keys.public_log_key("river"), keys.public_publisher("river")) == (None, None)
    verifier = keys.log_verifier("river", origin=ORIGIN)
    address = keys.publisher_address("river")
    (tmp_path / "passphrase").unlink()
    blind = KeyFiles(tmp_path)
    assert blind.log_verifier("river", origin=ORIGIN) == verifier == blind.public_log_key("river")
    assert blind.publisher_address("river") == address == blind.public_publisher("river")
    assert verifier == keys.log_signer("river", origin=ORIGIN).verifier
    assert Account.from_key(keys.publisher_key("river")).address.lower() == f"0x{address.hex()}"
    with pytest.raises(UnavailableError, match="PSEPHOS_PASSPHRASE_FILE"):
        blind.publisher_key("river")


def test_drawn_passphrase__opens_the_keys_of_a_server__within_a_fifth_of_a_second_each(
    tmp_path: Path,
) -> None:
    made = KeyFiles(tmp_path)
    made.log_signer("river", origin=ORIGIN)
    made.publisher_key("river")
    opened = KeyFiles(tmp_path)
    began = time.process_time()
    opened.log_signer("river", origin=ORIGIN)
    opened.publisher_key("river")
    assert time.process_time() - began < 2 * 0.2


def test_passphrase__that_may_not_be_drawn__is_missed(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="PSEPHOS_PASSPHRASE_FILE"):
        KeyFiles(tmp_path, may_draw=False).publisher_key("river")
    assert list(tmp_path.iterdir()) == []


def test_passphrase__in_a_named_file__seals_at_full_strength_by_its_first_line(
    tmp_path: Path, named: Path
) -> None:
    folder = tmp_path / "keys"
    key = KeyFiles(folder, passphrase_file=named).publisher_key("river")
    keystore = (folder / "river.publisher").read_text()
    assert Account.decrypt(keystore, "correct horse") == key
    assert '"n": 262144' in keystore
    assert not (folder / "passphrase").exists()


def test_passphrase__of_a_named_file_that_is_another__opens_and_adds_nothing(
    tmp_path: Path, named: Path
) -> None:
    KeyFiles(tmp_path / "keys").publisher_key("river")
    wrong = KeyFiles(tmp_path / "keys", passphrase_file=named)
    with pytest.raises(VerificationError, match="passphrase"):
        wrong.publisher_key("river")
    with pytest.raises(VerificationError, match="passphrase"):
        wrong.log_signer("river", origin=ORIGIN)
    assert not (tmp_path / "keys" / "river.log").exists()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n", b"x" * 1025])
def test_passphrase__in_a_file_that_holds_none__is_malformed(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(MalformedError, match="passphrase"):
        KeyFiles(tmp_path / "keys", passphrase_file=file).faucet_key()


def test_passphrase__in_a_file_that_is_missing__is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="secret"):
        KeyFiles(tmp_path, passphrase_file=tmp_path / "secret").faucet_key()


def test_passphrase__of_a_person__is_asked_once_and_as_new_only_without_keys(
    tmp_path: Path,
) -> None:
    ask, questions = asked("correct horse")
    keys = KeyFiles(tmp_path, may_draw=False, ask=ask)
    signer = keys.log_signer("river", origin=ORIGIN)
    keys.log_verifier("pond", origin="ledger.example/pond")
    assert questions == [True]
    ask, questions = asked("correct horse")
    # Where keys are sealed under a person's passphrase none is drawn, even where one may be.
    again = KeyFiles(tmp_path, ask=ask)
    assert again.log_signer("river", origin=ORIGIN) == signer
    assert questions == [False]


@pytest.mark.parametrize("answer", ["", "x" * 1025, "\udcff"])
def test_passphrase__of_a_person_that_is_none__is_malformed(tmp_path: Path, answer: str) -> None:
    ask, _ = asked(answer)
    with pytest.raises(MalformedError, match="passphrase"):
        KeyFiles(tmp_path, may_draw=False, ask=ask).faucet_key()


def test_person__without_a_terminal__is_nobody() -> None:
    assert person_at_terminal() is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("river.log", NoteSigner.from_seed(ORIGIN, bytes(32)).to_text()),
        ("river.publisher", f"0x{'11' * 32}"),
        ("faucet", f"0x{'11' * 32}"),
        ("witness", "11" * 32),
        ("river.log", ""),
    ],
)
def test_keys__in_clear_as_the_earlier_layout_had_them__are_refused(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(f"{text}\n")
    keys = KeyFiles(tmp_path)
    uses: dict[str, Callable[[], object]] = {
        "river.log": lambda: keys.log_signer("river", origin=ORIGIN),
        "river.publisher": lambda: keys.publisher_key("river"),
        "faucet": keys.faucet_key,
        "witness": keys.witness_key,
    }
    with pytest.raises(MalformedError, match="not encrypted"):
        uses[name]()
    assert (tmp_path / name).read_text() == f"{text}\n"


def test_log_key__of_another_origin__is_refused(tmp_path: Path) -> None:
    KeyFiles(tmp_path).log_signer("river", origin=ORIGIN)
    for use in (KeyFiles(tmp_path).log_signer, KeyFiles(tmp_path).log_verifier):
        with pytest.raises(MalformedError, match="named"):
            use("river", origin="elsewhere.example/river")


def test_make__of_a_key_that_is_there__is_refused(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    verifier = keys.make_log_key("river", origin=ORIGIN)
    address = keys.make_publisher_key("river")
    with pytest.raises(RejectedError, match=r"river\.log"):
        keys.make_log_key("river", origin=ORIGIN)
    with pytest.raises(RejectedError, match=r"river\.publisher"):
        keys.make_publisher_key("river")
    assert keys.log_signer("river", origin=ORIGIN).verifier == verifier
    assert keys.publisher_address("river") == address


def test_rotated_key__made_beside_the_first__opens_again_and_replaces_nothing(
    tmp_path: Path,
) -> None:
    keys = KeyFiles(tmp_path)
    first = keys.log_signer("river", origin=ORIGIN)
    second, third = (keys.next_log_key("river", origin=ORIGIN) for _ in range(2))
    assert len({first.verifier, second, third}) == 3
    again = KeyFiles(tmp_path)
    assert again.rotated_log_signer("river", second).verifier == second
    assert again.holds_log_key("river", third)
    assert again.log_signer("river", origin=ORIGIN) == first


def test_rotated_key__that_is_not_there__is_refused(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    stranger = NoteSigner.from_seed(ORIGIN, bytes(32)).verifier
    with pytest.raises(RejectedError, match=r"river\.log"):
        keys.next_log_key("river", origin=ORIGIN)
    keys.log_signer("river", origin=ORIGIN)
    with pytest.raises(MalformedError, match="named"):
        keys.next_log_key("river", origin="elsewhere.example/river")
    assert not keys.holds_log_key("river", stranger)
    with pytest.raises(RejectedError):
        keys.rotated_log_signer("river", stranger)


def test_rotated_key__in_the_file_of_another__is_not_held(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    keys.log_signer("river", origin=ORIGIN)
    second, third = (keys.next_log_key("river", origin=ORIGIN) for _ in range(2))
    content = (tmp_path / f"river.log.{second.key_id.hex()}").read_bytes()
    (tmp_path / f"river.log.{third.key_id.hex()}").write_bytes(content)
    assert keys.holds_log_key("river", second)
    assert not keys.holds_log_key("river", third)


def test_next_publisher__made_beside_the_first__opens_again_and_replaces_nothing(
    tmp_path: Path,
) -> None:
    keys = KeyFiles(tmp_path)
    first = keys.publisher_address("river")
    second, third = (keys.next_publisher("river") for _ in range(2))
    assert len({first, second, third}) == 3
    again = KeyFiles(tmp_path)
    for address in (first, second, third):
        account = Account.from_key(again.publisher_key_of("river", address))
        assert account.address.lower() == f"0x{address.hex()}"
        assert not again.holds_publisher("hill", address)
    assert again.publisher_address("river") == first
    assert again.publisher_key("river") == again.publisher_key_of("river", first)


def test_next_publisher__that_is_not_there__is_refused(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    with pytest.raises(RejectedError, match=r"river\.publisher"):
        keys.next_publisher("river")
    keys.publisher_address("river")
    stranger = Address(bytes(20))
    assert not keys.holds_publisher("river", stranger)
    with pytest.raises(RejectedError, match="0x00"):
        keys.publisher_key_of("river", stranger)


def test_next_publisher__in_the_file_of_another__is_not_held(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    keys.publisher_address("river")
    second, third = (keys.next_publisher("river") for _ in range(2))
    content = (tmp_path / f"river.publisher.{second.hex()}").read_bytes()
    (tmp_path / f"river.publisher.{third.hex()}").write_bytes(content)
    assert keys.holds_publisher("river", second)
    assert not keys.holds_publisher("river", third)


def test_folder__that_takes_no_more_files__is_unavailable(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    (tmp_path / "keys").rmdir()
    for use in (keys.operator_token, keys.faucet_key):
        with pytest.raises(UnavailableError):
            use()


@pytest.mark.parametrize("content", ["zz", "11" * 31, "é"])
def test_identity_key__that_is_none__is_malformed(tmp_path: Path, content: str) -> None:
    (tmp_path / "identity").write_text(content, "utf-8")
    with pytest.raises(MalformedError, match="identity"):
        KeyFiles(tmp_path).identity_key()


def test_folder__that_cannot_be_used__is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError):
        KeyFiles(tmp_path / "file")
    (tmp_path / "keys" / "operator").mkdir(parents=True)
    with pytest.raises(UnavailableError, match="operator"):
        KeyFiles(tmp_path / "keys").operator_token()


def test_key__longer_than_any__is_malformed(tmp_path: Path) -> None:
    (tmp_path / "faucet").write_bytes(b"{" * 8193)
    with pytest.raises(MalformedError, match="longer"):
        KeyFiles(tmp_path).faucet_key()
