"""Which e-mail addresses letters are sent to.

Only addresses that every mail server takes: a dot-atom and a host name of ASCII letters, digits and hyphens
(RFC 5321 section 4.1.2, https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2), at most 254 characters long
(section 4.5.3.1.3, less its angle brackets). Quoted local parts, address literals and addresses outside
ASCII are left out; so is all that could end a header or a command.
"""

import re

MAX_ADDRESS_LENGTH = 254
"""Longest address, in characters."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def usable_address(text: str) -> str | None:
    """Return a declared address without surrounding spaces, None where no letter can be sent to it."""
    address = text.strip(" ")
    if len(address) > MAX_ADDRESS_LENGTH or _ADDRESS.fullmatch(address) is None:
        return None
    return address
