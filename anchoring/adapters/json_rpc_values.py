"""Values as Ethereum JSON-RPC writes them in answers: bytes and quantities in hexadecimal.

Source: https://ethereum.github.io/execution-apis/, "Hex value encoding"
"""

import re
from typing import Final

from anchoring.core.errors import MalformedError

_HEX_DATA: Final = re.compile(r"0x([0-9a-fA-F]{2})*")
_QUANTITY: Final = re.compile(r"0x(0|[1-9a-f][0-9a-f]{0,15})")


def hex_data(what: str, value: object) -> bytes:
    """Return bytes that a node wrote as ``0x`` and hexadecimal of either case.

    Raises:
        MalformedError: It is something else.
    """
    if not isinstance(value, str) or not _HEX_DATA.fullmatch(value):
        raise MalformedError(what, "not 0x and hexadecimal digits")
    return bytes.fromhex(value[2:])


def hex_quantity(what: str, value: object) -> int:
    """Return a number below 2**64 that a node wrote as ``0x`` and lowercase hexadecimal.

    Raises:
        MalformedError: It is something else.
    """
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise MalformedError(what, "not a quantity")
    return int(value, 16)
