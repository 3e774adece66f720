"""Who a client is, before and behind proxies, and the windows it fills."""

import pytest
from fastapi import Request

from backend.api.throttle import Throttle
from backend.domain.errors import TooSoonError
from backend.settings import LimitSettings

LIMITS = LimitSettings(links="2/hour", failures="1/hour").by_name()


def asked_by(peer: str | None, *forwarded: str) -> Request:
    """Return a request of a peer, with headers ``X-Forwarded-For``."""
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = None if peer is None else (peer, 1)
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        (0, "192.0.2.1", (), "192.0.2.1"),
        (0, "192.0.2.1", ("198.51.100.7",), "192.0.2.1"),
        (1, "192.0.2.1", (), "192.0.2.1"),
        (1, "192.0.2.1", ("198.51.100.7",), "198.51.100.7"),
        (1, "192.0.2.1", ("203.0.113.1, 198.51.100.7",), "198.51.100.7"),
        (1, "192.0.2.1", ("203.0.113.1", "198.51.100.7"), "198.51.100.7"),
        (2, "192.0.2.1", ("203.0.113.1, 198.51.100.7",), "203.0.113.1"),
        (2, "192.0.2.1", ("198.51.100.7",), "192.0.2.1"),
        (1, "192.0.2.1", ("somebody",), "unknown"),
        (0, "::ffff:192.0.2.1", (), "192.0.2.1"),
        (0, "2001:db8::1", (), "2001:db8::/64"),
        (0, "2001:db8:0:0:ffff::", (), "2001:db8::/64"),
        (0, "testclient", (), "unknown"),
        (0, None, (), "unknown"),
    ],
)
def test_client__of_a_request__is_whom_the_last_trusted_hop_names(
    proxies: int, peer: str | None, forwarded: tuple[str, ...], client: str
) -> None:
    assert Throttle(LIMITS, proxies=proxies).client(asked_by(peer, *forwarded)) == client


def test_window__that_is_full__refuses_with_a_wait_and_no_other_window() -> None:
    throttle = Throttle(LIMITS, proxies=0)
    throttle.spend("links", "a")
    throttle.spend("links", "a")
    with pytest.raises(TooSoonError) as refusal:
        throttle.spend("links", "a")
    assert refusal.value.code == "rate.limited"
    assert 1 <= refusal.value.wait_s <= 3600
    throttle.spend("links", "b")
    throttle.spend("logins", "a")


def test_failures__checked__count_nothing_until_they_happen() -> None:
    throttle = Throttle(LIMITS, proxies=0)
    for _ in range(3):
        throttle.check_failures("river", "a")
    throttle.count_failure("river", "a")
    with pytest.raises(TooSoonError):
        throttle.check_failures("river", "a")
    throttle.check_failures("river", "b")
    throttle.check_failures("lake", "a")
