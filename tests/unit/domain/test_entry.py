"""Entries: one text per act, strict both ways."""

from collections.abc import Callable, Mapping

import msgspec
import orjson
import pytest

from anchoring.core.cid import document_cid, parse_cid
from anchoring.core.errors import MalformedError
from anchoring.core.note import NoteSigner
from backend.domain.acts import (
    ACTS,
    BallotsRedacted,
    CidText,
    CommonsRegistered,
    FactsRectified,
    KeyEnrolled,
    LogKeyRotated,
    MemberAdmitted,
    NamingAnswered,
    PersonErased,
    PublisherRotated,
    RegisterImported,
    Slug,
)
from backend.domain.entry import Entry, Proof, statement_content
from tests.support.eventful_life import play_drawn_year
from tests.support.governance import CHAIR, refused
from tests.support.model_organisation import ORIGIN
from tests.support.organisations import Simulation

CID = "bafkrei" + "a" * 52
AT = "2026-01-05T09:00:00.000Z"


def _text(entry: Entry, keys: Mapping[str, object]) -> bytes:
    envelope = orjson.loads(entry.to_bytes()) | keys
    return orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)


def _entry(title: str = "Weir") -> Entry:
    return Entry(AT, CHAIR.id, CommonsRegistered("weir", title, CID), Proof(("0" * 64,), 1))


def test_entry__of_every_act__reads_back_the_same() -> None:
    simulation, ledger = Simulation.in_memory()
    play_drawn_year(simulation)
    simulation.act(CHAIR, LogKeyRotated(NoteSigner.from_seed(ORIGIN, bytes(32)).verifier.to_text()))
    simulation.act(CHAIR, PublisherRotated(1, "0x" + "0a" * 20, "0x" + "0b" * 20))
    # Its rules say nothing of contests, and let no vote be named.
    redacted = Entry(simulation.at(), "system", BallotsRedacted(("d0" * 32,), 3, 4))
    named = Entry(simulation.at(), CHAIR.id, NamingAnswered("d0" * 32, "consents"))
    # Who founds or applies has a key.
    enrolled = Entry(simulation.at(), CHAIR.id, KeyEnrolled(f"m{'0' * 32}", "d0" * 32))
    # No key comes with an import, so the year does without one.
    imported = Entry(simulation.at(), CHAIR.id, RegisterImported(document_cid(b"-"), 3))
    # Nor of how long data of former members is kept.
    erased = Entry(simulation.at(), "system", PersonErased("retention"))
    rectified = Entry(simulation.at(), CHAIR.id, FactsRectified(CHAIR.id, "d0" * 32))
    entries = [*ledger.entries, redacted, named, enrolled, imported, erased, rectified]
    assert {entry.data.act for entry in entries} == set(ACTS)
    for entry in entries:
        assert Entry.from_bytes(entry.to_bytes()) == entry


def test_to_bytes__known_act__is_this_text() -> None:
    entry = Entry(AT, "system", MemberAdmitted("m" + "0" * 32))
    assert entry.to_bytes() == (
        b'{"act":"member.admitted","at":"2026-01-05T09:00:00.000Z","by":"system","data":{"member":'
        b'"m00000000000000000000000000000000"},"proof":{},"v":1}'
    )


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"act": "member.crowned"}, "entry.act"),
        ({"v": 2}, "entry.malformed"),
        ({"v": True}, "entry.malformed"),
        ({"at": "2026-01-05T09:00:00Z"}, "entry.malformed"),
        ({"at": AT + "\n"}, "entry.malformed"),
        ({"by": "chair"}, "entry.malformed"),
        ({"extra": 1}, "entry.malformed"),
        ({"data": {}}, "entry.malformed"),
        ({"data": {"commons": "weir", "title": "Weir", "description": CID, "x": 1}}, "entry.malformed"),
        ({"data": {"commons": "Weir", "title": "Weir", "description": CID}}, "entry.malformed"),
        ({"data": {"commons": "weir\n", "title": "Weir", "description": CID}}, "entry.malformed"),
        ({"data": {"commons": "weir", "title": "", "description": CID}}, "entry.malformed"),
        ({"proof": {"issued_at": -1}}, "entry.malformed"),
        ({"proof": {"issued_at": 0}}, "entry.malformed"),
        ({"proof": {"signatures": []}}, "entry.malformed"),
        ({"proof": {"signatures": ["0" * 63]}}, "entry.malformed"),
        ({"proof": {"signatures": ["A" * 64]}}, "entry.malformed"),
    ],
)  # fmt: skip
def test_from_bytes__one_key_wrong__refuses(keys: Mapping[str, object], code: str) -> None:
    assert Entry.from_bytes(_text(_entry(), {})) == _entry()
    with refused(code):
        Entry.from_bytes(_text(_entry(), keys))


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text + b"\n",
        lambda text: b" " + text,
        lambda text: text.replace(b'"v":1', b'"v":1,"v":1'),
        lambda text: text.replace(b'"v":1', b'"v":1.0'),
        lambda text: text.replace(b'"Weir"', b'"We\\u0069r"'),
        lambda text: text.replace(b'"Weir"', b'"\xff"'),
        lambda text: text[:-1],
        lambda _: b"",
    ],
)
def test_from_bytes__not_the_canonical_text__refuses(alter: Callable[[bytes], bytes]) -> None:
    with refused("entry.malformed"):
        Entry.from_bytes(alter(_entry().to_bytes()))


def test_to_bytes__exactly_65535_bytes__passes_and_one_more_is_refused() -> None:
    room = 65_535 - len(_entry("").to_bytes())
    longest = _entry("x" * room).to_bytes()
    assert len(longest) == 65_535
    with refused("entry.too_long"):
        _entry("x" * (room + 1)).to_bytes()
    with refused("entry.malformed"):
        Entry.from_bytes(longest)
    with refused("entry.too_long"):
        Entry.from_bytes(longest + b" ")


def test_to_bytes__lone_surrogate__refuses() -> None:
    with refused("entry.text"):
        _entry("\ud800").to_bytes()


def test_statement_content__lone_surrogate__refuses() -> None:
    with refused("entry.text"):
        statement_content(author=CHAIR.id, data=_entry("\ud800").data)


def test_statement_content__other_author__differs() -> None:
    data = _entry().data
    assert (
        statement_content(author=CHAIR.id, data=data)
        == (
            f'{{"act":"commons.registered","by":"{CHAIR.id}","data":{{"commons":"weir","description":'
            f'"{CID}","title":"Weir"}}}}'
        ).encode()
    )
    assert statement_content(author="system", data=data) != statement_content(
        author=CHAIR.id, data=data
    )


@pytest.mark.parametrize("text", ["a", "a" * 63, "a-b-1", "0"])
def test_slug__well_formed__passes(text: str) -> None:
    assert msgspec.convert(text, Slug) == text


@pytest.mark.parametrize(
    "text", ["", "a" * 64, "a-" * 32 + "a", "-a", "a-", "a--b", "A", "a b", "é", "a\n", "\u0661"]
)
def test_slug__one_character_off__refuses(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Slug)


def test_cid_text__accepts__exactly_what_the_cid_parser_does() -> None:
    characters = "abcdefghijklmnopqrstuvwxyz234567"
    raw, tree = document_cid(b"text"), document_cid(bytes((1 << 20) + 1))
    for cid in (raw, tree):
        texts = {cid, cid[:-1], cid + "a", cid.upper(), "z" + cid[1:], cid + "\n"}
        texts |= {
            cid[:place] + character + cid[place + 1 :]
            for place in range(len(cid))
            for character in characters
        }
        for text in texts:
            assert _accepts(text) == _parses(text), text


def _accepts(text: str) -> bool:
    try:
        msgspec.convert(text, CidText)
    except msgspec.ValidationError:
        return False
    return True


def _parses(text: str) -> bool:
    try:
        parse_cid(text)
    except MalformedError:
        return False
    return True
