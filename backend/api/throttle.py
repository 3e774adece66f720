"""How often one client, or whoever tries one name, may ask: moving windows in the memory of this process.

Signed acts are not limited here. Several servers on one database each count for themselves.
"""

import time
from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Final, Literal

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from backend.domain.acts import Slug
from backend.domain.errors import TooSoonError

Limited = Literal["challenges", "logins", "failures", "links", "addresses", "applications"]
"""What is limited: by client, challenges asked, attempts to log in, links asked and applications; by the key
or pseudonym tried, attempts that failed; by the e-mail address named, links."""

_PREFIX_BITS: Final = 64
_UNKNOWN: Final = "unknown"


class Throttle:
    """Counts and refuses; implements ``FailureWindow``.

    Args:
        limits: How much of each is let through, as ``limits`` writes it: ``30/minute``, ``5 per 15 minutes``.
        proxies: How many proxies of the operator's stand before the server, each of which appends to
            ``X-Forwarded-For``; 0 where clients connect directly.
    """

    def __init__(self, limits: Mapping[Limited, str], *, proxies: int) -> None:
        self._items: Final[Mapping[Limited, RateLimitItem]] = {
            limited: parse(text) for limited, text in limits.items()
        }
        self._proxies: Final = proxies
        self._windows: Final = MovingWindowRateLimiter(MemoryStorage())

    def client(self, request: Request) -> str:
        """Return where a request comes from: an IPv4 address, or an IPv6 network of 64 bits.

        Whoever has an IPv6 address has as many as they like in its network.
        """
        peer = _UNKNOWN if request.client is None else request.client.host
        if self._proxies:
            headers = request.headers.getlist("x-forwarded-for")
            named = [each.strip() for header in headers for each in header.split(",")]
            # Only what our own proxies appended can be believed.
            peer = named[-self._proxies] if len(named) >= self._proxies else peer
        return _network(peer)

    def spend(self, limited: Limited, *identifiers: str) -> None:
        """Count one more.

        Args:
            limited: What is asked.
            identifiers: By whom.

        Raises:
            TooSoonError: ``rate.limited``: the window is full.
        """
        if not self._windows.hit(self._items[limited], limited, *identifiers):
            raise self._refusal(limited, identifiers)

    def check_failures(self, slug: Slug, identifier: str) -> None:
        """Refuse further attempts under a name while too many failed.

        Raises:
            TooSoonError: ``rate.limited``.
        """
        if not self._windows.test(self._items["failures"], "failures", slug, identifier):
            raise self._refusal("failures", (slug, identifier))

    def count_failure(self, slug: Slug, identifier: str) -> None:
        """Count an attempt that failed."""
        self._windows.hit(self._items["failures"], "failures", slug, identifier)

    def _refusal(self, limited: Limited, identifiers: tuple[str, ...]) -> TooSoonError:
        item = self._items[limited]
        reset_at = self._windows.get_window_stats(item, limited, *identifiers).reset_time
        wait_s = ceil(reset_at - time.time())  # noqa: TID251 - the clock by which limits counts
        return TooSoonError(
            "rate.limited", expected=f"at most {item}", found="more", wait_s=max(1, wait_s)
        )


def _network(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return _UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), _PREFIX_BITS), strict=False))
