"""Links with which news are unsubscribed by one request, without logging in.

The token names a letter, not a member: pseudonyms are public, and a mail server that read one could tell who
is behind it. A token is the id of the letter and HMAC-SHA-256 over organisation and id, both in hex.
"""

import hashlib
import hmac
import re

from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError

_TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{64})")
_PURPOSE = b"psephos unsubscribe"


def unsubscribe_token(slug: Slug, letter: str, *, key: bytes) -> str:
    """Return the token of a letter, 96 hexadecimal digits.

    Args:
        slug: The organisation.
        letter: Id of the letter, 32 hexadecimal digits.
        key: Key of the post, 32 bytes.
    """
    own_key = hmac.digest(key, _PURPOSE, hashlib.sha256)
    return letter + hmac.digest(own_key, f"{slug}/{letter}".encode(), hashlib.sha256).hex()


def letter_of(slug: Slug, token: str, *, key: bytes) -> str:
    """Return the id of the letter that a token was made for.

    Raises:
        NotFoundError: ``unsubscribe_link``: it was made for none of this organisation.
    """
    match = _TOKEN.fullmatch(token)
    if match is None or not hmac.compare_digest(
        unsubscribe_token(slug, match[1], key=key).encode(), token.encode()
    ):
        raise NotFoundError("unsubscribe_link", "another token")
    return match[1]


def unsubscribe_address(address: str, slug: Slug, letter: str, *, key: bytes) -> str:
    """Return the address at which one request unsubscribes from news.

    Args:
        address: Where the server is reached, without a slash at its end.
        slug: The organisation.
        letter: Id of the letter, 32 hexadecimal digits.
        key: Key of the post, 32 bytes.
    """
    return (
        f"{address}/v1/organisations/{slug}/unsubscribe/{unsubscribe_token(slug, letter, key=key)}"
    )
