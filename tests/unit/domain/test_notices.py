"""Notices, N1 to N5, and the document that lists them."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import MemberResigned, NoticeRecorded
from backend.domain.assemblies import Notice, format_notices, parse_notices
from backend.domain.instants import format_instant
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import AnyMember, SeatParty
from backend.domain.rulebook.sessions import Convocation, SecondConvocation
from backend.domain.rulebook.sessions import Notice as NoticeRule
from tests.support.assembly_world import (
    NO_DOCUMENT,
    OTHER,
    PARTNER,
    PRESIDENT,
    SECRETARY,
    THIRD,
    VOTER,
    Person,
    World,
    altered,
    refused,
    rules_with,
)

SENT = Notice("m" + "1" * 32, "email", "2026-01-05T09:00:00.000Z")
LATER = Notice("m" + "2" * 32, "post", "2026-01-05T09:00:00.000Z")
BOTH = (
    b'{"format":"psephos-notices/1","notices":['
    b'{"channel":"email","member":"m11111111111111111111111111111111",'
    b'"sent_at":"2026-01-05T09:00:00.000Z"},'
    b'{"channel":"post","member":"m22222222222222222222222222222222",'
    b'"sent_at":"2026-01-05T09:00:00.000Z"}]}'
)

members = st.integers(0, (1 << 128) - 1).map(lambda number: f"m{number:032x}")
notices = st.builds(
    Notice,
    members,
    st.sampled_from(["post", "email", "text_message", "platform", "by_hand"]),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.000Z".rjust(24, "0")),
)


def test_document__two_notices__is_canonical_and_sorted() -> None:
    assert format_notices((LATER, SENT)) == BOTH
    assert parse_notices(BOTH) == (SENT, LATER)


@given(st.lists(notices, unique_by=lambda notice: notice.member, max_size=5))
def test_document__any_notices__reads_back(listed: list[Notice]) -> None:
    ordered = tuple(sorted(listed, key=lambda notice: notice.member))
    assert parse_notices(format_notices(tuple(listed))) == ordered


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOTH + b" ", "notices.malformed"),
        (BOTH.replace(b"notices/1", b"notices/2"), "notices.malformed"),
        (BOTH.replace(b'"email"', b'"pigeon"'), "notices.malformed"),
        (BOTH.replace(b'"format"', b'"extra":1,"format"'), "notices.malformed"),
        (b"\xff", "notices.malformed"),
        (BOTH.replace(b"m1111", b"m3111"), "notices.order"),
        (BOTH.replace(b"2" * 32, b"1" * 32), "notices.order"),
    ],
)
def test_document__one_change_away__refuses(content: bytes, code: str) -> None:
    with refused(code):
        parse_notices(content)


def _convened(*changed: NoticeRule | Convocation | Custody) -> World:
    world = World(rules_with(*changed))
    world.convene("bridge")
    return world


def test_notice__lawful__is_kept_with_its_entry() -> None:
    world = _convened()
    index = world.act(PRESIDENT, world.notices("annual"))
    assert world.state.assembly("annual").notice_entry == index


@pytest.mark.parametrize("by", [SECRETARY, VOTER])
def test_n1__neither_convener_nor_officer__refuses(by: Person) -> None:
    world = _convened()
    with refused("assembly.officer", rule="convocation", article="8") as caught:
        world.act(by, world.notices("annual"))
    assert caught.value.expected == "convener or council (president)"
    world.act(PRESIDENT, world.notices("annual"))


def test_n1__custodian__may() -> None:
    party = SeatParty("council", "secretary")
    world = _convened(Custody(id="custody", article="33", modality="must", by=party))
    with refused("assembly.officer") as caught:
        world.act(VOTER, world.notices("annual"))
    assert caught.value.expected == "convener or council (president) or council (secretary)"
    world.act(SECRETARY, world.notices("annual"))


def test_n1__where_any_member_calls__only_the_one_who_called_may() -> None:
    world = World(rules_with(altered(Convocation, "convocation", by=(AnyMember(),))))
    world.convene("bridge", by=VOTER)
    with refused("assembly.officer") as caught:
        world.act(OTHER, world.notices("annual"))
    assert caught.value.expected == "convener"
    world.act(VOTER, world.notices("annual"))


def test_n1__convener_who_left__refuses() -> None:
    world = World(rules_with(altered(Convocation, "convocation", by=(AnyMember(),))))
    world.convene("bridge", by=VOTER)
    world.record(MemberResigned(VOTER.id), VOTER)
    with refused("member.inactive"):
        world.act(VOTER, world.notices("annual"))


def test_n2__recorded_twice__refuses() -> None:
    world = _convened()
    record = world.notices("annual")
    world.act(PRESIDENT, record)
    with refused("notice.exists"):
        world.act(PRESIDENT, record)


def test_n2__after_the_close_or_of_no_assembly__refuses() -> None:
    world = _convened()
    record = world.notices("annual")
    with refused("assembly.unknown"):
        world.act(PRESIDENT, msgspec.structs.replace(record, assembly="summer"))
    world.end("annual")
    with refused("assembly.closed"):
        world.act(PRESIDENT, record)


def test_n3__elector_left_out__refuses() -> None:
    world = _convened()
    sent = parse_notices(world.archive.document(world.notices("annual").notices))
    short = NoticeRecorded("annual", world.put(format_notices(sent[1:])), 5)
    with refused("notice.members", rule="psephos.assembly") as caught:
        world.act(PRESIDENT, short)
    assert caught.value.found == f"differing on {sent[0].member}"
    world.act(PRESIDENT, world.notices("annual"))


def test_n3__notice_to_someone_without_a_vote__refuses() -> None:
    world = _convened()
    sent = parse_notices(world.archive.document(world.notices("annual").notices))
    more = (*sent, Notice(PARTNER.id, "email", world.at()))
    with refused("notice.members") as caught:
        world.act(PRESIDENT, NoticeRecorded("annual", world.put(format_notices(more)), 7))
    assert PARTNER.id in caught.value.found


def test_n3__member_who_left_since__was_told_all_the_same() -> None:
    world = _convened()
    record = world.notices("annual")
    world.record(MemberResigned(THIRD.id), THIRD)
    world.act(PRESIDENT, record)


def test_n3__wrong_number__refuses() -> None:
    world = _convened()
    record = world.notices("annual")
    with refused("notice.count") as caught:
        world.act(PRESIDENT, msgspec.structs.replace(record, members=5))
    assert (caught.value.expected, caught.value.found) == ("6", "5")
    world.act(PRESIDENT, record)


def test_n4__channel_the_statutes_do_not_know__refuses() -> None:
    world = _convened()
    with refused("notice.channel", rule="notice", article="9") as caught:
        world.act(PRESIDENT, world.notices("annual", channel="platform"))
    assert caught.value.expected == "email or post"
    assert caught.value.found.startswith("platform (m")
    world.act(PRESIDENT, world.notices("annual", channel="post"))


def test_n5__sent_before_the_call_or_after_the_record__refuses() -> None:
    world = _convened()
    for moved in (-1, 1):
        sent_at = format_instant(world.now + timedelta(milliseconds=moved))
        with refused("notice.time", rule="psephos.assembly") as caught:
            world.act(PRESIDENT, world.notices("annual", sent_at=sent_at))
        assert caught.value.found.startswith(sent_at)
    world.act(PRESIDENT, world.notices("annual"))


def test_n5__sent_on_day_14_before__refuses_and_day_15_passes() -> None:
    world = _convened()
    early = world.at(hours=13)
    world.advance(days=1)
    with refused("notice.late", rule="notice", article="9") as caught:
        world.act(PRESIDENT, world.notices("annual"))
    assert caught.value.expected == "15 days before 2026-01-20T09:00:00.000Z"
    world.act(PRESIDENT, world.notices("annual", sent_at=early))


def test_n5__day_that_does_not_exist__refuses() -> None:
    world = _convened()
    world.advance(days=60)
    with refused("instant.malformed"):
        world.act(PRESIDENT, world.notices("annual", sent_at="2026-02-30T09:00:00.000Z"))


def test_n5__second_convocation__has_its_own_days() -> None:
    second = altered(SecondConvocation, "second", notice_days=5)
    world = World(rules_with(second))
    world.ready("bridge", session="extraordinary")
    world.advance(days=2)
    world.end("extraordinary", "no_quorum")
    world.convene(
        "bridge", session="extraordinary", assembly="again", round=2, previous="extraordinary",
        opens_at=world.at(days=6),
    )  # fmt: skip
    world.advance(days=2)
    with refused("notice.late", rule="second", article="12"):
        world.act(PRESIDENT, world.notices("again"))
    world.act(PRESIDENT, world.notices("again", sent_at=world.at(days=-1)))


def test_notice__document_that_is_not_held__refuses() -> None:
    world = _convened()
    with refused("document.unknown"):
        world.act(PRESIDENT, NoticeRecorded("annual", NO_DOCUMENT, 6))


def test_notice__signed_by_another__refuses() -> None:
    world = _convened()
    with refused("signature.signer"):
        world.act(PRESIDENT, world.notices("annual"), signers=[VOTER])
