"""Sign-in with Ethereum: the message that a wallet signs to log in, composed and read strictly.

S1 a message has one form: every field in its place, lines parted by LF, nothing after the last one. S2 the
address carries its checksum (EIP-55). S3 uris follow RFC 3986, times RFC 3339, the nonce has 8 letters or
digits at least. S4 ``parse_siwe(format_siwe(x)) == x`` and ``format_siwe(parse_siwe(t)) == t``.

A server that composes messages never reads one back to decide on it: it compares the bytes. The parser is for
what other software composes, and for tests.
Source: EIP-4361, https://eips.ethereum.org/EIPS/eip-4361 (ABNF and field descriptions); EIP-55,
https://eips.ethereum.org/EIPS/eip-55; EIP-191, https://eips.ethereum.org/EIPS/eip-191
"""

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from eth_hash.auto import keccak

from backend.domain.errors import InvalidInputError
from backend.domain.quantities import MAX_INTEGER

MAX_MESSAGE_BYTES: Final = 8192
"""Longest message, in bytes: ours take some 500, and a wallet has to show it."""

MAX_RESOURCES: Final = 20
"""Most resources of a message."""

VERSION: Final = "1"
"""The only version of the format."""

_WANTS: Final = " wants you to sign in with your Ethereum account:"
_UNRESERVED: Final = r"A-Za-z0-9._~\-"
_SUB_DELIMS: Final = r"!$&'()*+,;="
_PERCENT: Final = r"%[0-9A-Fa-f]{2}"
_PCHAR: Final = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_PERCENT})"
_REG_NAME: Final = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_PERCENT})*"
_USER: Final = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_PERCENT})*"
_LITERAL: Final = rf"\[(?:[0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+)\]"
_AUTHORITY: Final = rf"(?:{_USER}@)?(?:{_LITERAL}|{_REG_NAME})(?::[0-9]*)?"
_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]*"
_HIER_PART: Final = (
    rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
)
_QUERY: Final = rf"(?:{_PCHAR}|[/?])*"
_SCHEME_NAME: Final = re.compile(_SCHEME)
_DOMAIN: Final = re.compile(_AUTHORITY)
_URI: Final = re.compile(rf"{_SCHEME}:{_HIER_PART}(?:\?{_QUERY})?(?:\#{_QUERY})?")
_BRACKETED: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\]")
_STATEMENT: Final = re.compile(rf"[{_UNRESERVED}:/?#\[\]@{_SUB_DELIMS} ]+")
_NONCE: Final = re.compile(r"[A-Za-z0-9]{8,}")
_REQUEST_ID: Final = re.compile(rf"{_PCHAR}*")
_ADDRESS: Final = re.compile(r"0x[0-9A-Fa-f]{40}")
_CHAIN_ID: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_FRACTION: Final = re.compile(r"\.[0-9]+")
_RESOURCES: Final = "Resources:"


@dataclass(frozen=True, slots=True)
class SiweMessage:
    """What someone signs to log in."""

    domain: str
    """Authority that asks (RFC 3986): host, and port unless it is the scheme's own."""
    address: str
    """Who signs: ``0x`` and 40 hexadecimal digits with their checksum (EIP-55)."""
    uri: str
    """What the login is for."""
    chain_id: int
    """EIP-155 id of the chain on which a contract account is asked."""
    nonce: str
    """Letters and digits, at least 8."""
    issued_at: str
    """When it was composed, RFC 3339."""
    scheme: str | None = None
    """Scheme of the page that asks; None where it is not told."""
    statement: str | None = None
    """What is agreed to, in printable ASCII without line breaks; None for nothing."""
    expiration_time: str | None = None
    """When it stops being valid, RFC 3339; None for never."""
    not_before: str | None = None
    """When it starts being valid, RFC 3339; None for at once."""
    request_id: str | None = None
    """The asker's own name for the request; None for none."""
    resources: tuple[str, ...] | None = None
    """URIs that come with it, in order, at most 20; None where the line that announces them is missing."""


def checksum_address(address: bytes) -> str:
    """Return an address as text with its checksum (EIP-55).

    Args:
        address: 20 bytes.
    """
    digits = address.hex()
    marks = keccak(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(mark, 16) >= 8 else digit
        for digit, mark in zip(digits, marks, strict=False)
    )


def format_siwe(message: SiweMessage) -> str:
    """Return the text of a message.

    Raises:
        InvalidInputError: ``siwe.malformed``: a field has another form, or the message is too long.
    """
    _check_fields(message)
    scheme = "" if message.scheme is None else f"{message.scheme}://"
    lines = [f"{scheme}{message.domain}{_WANTS}", message.address, ""]
    if message.statement is not None:
        lines.append(message.statement)
    lines += ["", f"URI: {message.uri}", f"Version: {VERSION}", f"Chain ID: {message.chain_id}"]
    lines += [f"Nonce: {message.nonce}", f"Issued At: {message.issued_at}"]
    optional = (
        ("Expiration Time", message.expiration_time),
        ("Not Before", message.not_before),
        ("Request ID", message.request_id),
    )
    lines += [f"{name}: {value}" for name, value in optional if value is not None]
    if message.resources is not None:
        lines += [_RESOURCES, *(f"- {resource}" for resource in message.resources)]
    text = "\n".join(lines)
    _check_length(text)
    return text


def parse_siwe(text: str) -> SiweMessage:
    """Read a message (S1 to S4).

    Raises:
        InvalidInputError: ``siwe.malformed``: too long, another form, or a field has another form.
    """
    _check_length(text)
    lines = _Lines(text)
    first = lines.take("")
    if not first.endswith(_WANTS):
        raise _malformed("the line that says who asks", first)
    scheme, domain = _split_scheme(first.removesuffix(_WANTS))
    address = lines.take("")
    lines.take_empty()
    statement = lines.take_statement()
    uri = lines.take("URI: ")
    version = lines.take("Version: ")
    if version != VERSION:
        raise _malformed(f"version {VERSION}", version)
    chain_id = lines.take("Chain ID: ")
    if not _CHAIN_ID.fullmatch(chain_id):
        raise _malformed("a chain id", chain_id)
    message = SiweMessage(
        domain=domain,
        address=address,
        uri=uri,
        chain_id=int(chain_id),
        nonce=lines.take("Nonce: "),
        issued_at=lines.take("Issued At: "),
        scheme=scheme,
        statement=statement,
        expiration_time=lines.take_if("Expiration Time: "),
        not_before=lines.take_if("Not Before: "),
        request_id=lines.take_if("Request ID: "),
        resources=lines.take_resources(),
    )
    lines.check_over()
    _check_fields(message)
    return message


def personal_digest(text: str) -> bytes:
    """Return the 32 bytes that a wallet signs for a text: EIP-191 version 0x45, ``personal_sign``."""
    content = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n" + str(len(content)).encode() + content)


class _Lines:
    """The lines of a message, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._lines: Final = text.split("\n")
        self._at = 0

    def take(self, prefix: str) -> str:
        """Take the next line, which must begin with a prefix; returns the rest of it."""
        value = self.take_if(prefix)
        if value is None:
            raise _malformed(f"a line {prefix!r}", self._next() or "no further line")
        return value

    def take_if(self, prefix: str) -> str | None:
        """Take the next line if it begins with a prefix; returns the rest of it, None otherwise."""
        line = self._next()
        if line is None or not line.startswith(prefix):
            return None
        self._at += 1
        return line.removeprefix(prefix)

    def take_empty(self) -> None:
        """Take an empty line."""
        line = self.take("")
        if line:
            raise _malformed("an empty line", line)

    def take_statement(self) -> str | None:
        """Take the statement and the empty line after it; returns None where there is only that line."""
        line = self.take("")
        if not line:
            return None
        self.take_empty()
        return line

    def take_resources(self) -> tuple[str, ...] | None:
        """Take the line that announces resources, and these; returns None where it is missing."""
        if self._next() != _RESOURCES:
            return None
        self._at += 1
        found: list[str] = []
        while (resource := self.take_if("- ")) is not None:
            found.append(resource)
        return tuple(found)

    def check_over(self) -> None:
        """Refuse lines that are left."""
        line = self._next()
        if line is not None:
            raise _malformed("the end of the message", line)

    def _next(self) -> str | None:
        return self._lines[self._at] if self._at < len(self._lines) else None


def _split_scheme(asker: str) -> tuple[str | None, str]:
    scheme, separator, domain = asker.partition("://")
    return (scheme, domain) if separator else (None, asker)


def _check_length(text: str) -> None:
    # Every field is ASCII, so that characters count bytes.
    if not text.isascii() or len(text) > MAX_MESSAGE_BYTES:
        raise _malformed(
            f"at most {MAX_MESSAGE_BYTES} characters of ASCII", f"{len(text)} characters"
        )


def _check_fields(message: SiweMessage) -> None:
    """Check the form of every field (S2, S3)."""
    if message.scheme is not None:
        _check(_SCHEME_NAME, message.scheme, "a scheme")
    _check(_DOMAIN, message.domain, "an authority")
    _check_literals(message.domain)
    if not message.domain:
        raise _malformed("an authority", "none")
    _check(_ADDRESS, message.address, "an address")
    if checksum_address(bytes.fromhex(message.address[2:])) != message.address:
        raise _malformed("an address with its checksum", message.address)
    if message.statement is not None:
        _check(_STATEMENT, message.statement, "a statement")
    if not 0 <= message.chain_id <= MAX_INTEGER:
        raise _malformed("a chain id", str(message.chain_id))
    _check(_NONCE, message.nonce, "a nonce")
    if message.request_id is not None:
        _check(_REQUEST_ID, message.request_id, "a request id")
    _check_uris(message)
    for time in (message.issued_at, message.expiration_time, message.not_before):
        if time is not None:
            _check_time(time)


def _check_uris(message: SiweMessage) -> None:
    resources = message.resources or ()
    if len(resources) > MAX_RESOURCES:
        raise _malformed(f"at most {MAX_RESOURCES} resources", str(len(resources)))
    for uri in (message.uri, *resources):
        _check(_URI, uri, "a URI")
        _check_literals(uri.partition("//")[2].partition("/")[0])


def _check_literals(authority: str) -> None:
    """Check addresses in brackets, whose grammar no expression of a bearable length has."""
    for literal in _BRACKETED.findall(authority):
        try:
            IPv6Address(literal)
        except AddressValueError as error:
            raise _malformed("an IPv6 address in brackets", literal) from error


def _check_time(text: str) -> None:
    _check(_TIME, text, "a time")
    try:
        # Fractions of any length are allowed, and say nothing about whether the time exists.
        datetime.fromisoformat(_FRACTION.sub("", text).upper())
    except ValueError as error:
        raise _malformed("a time that exists", text) from error


def _check(pattern: re.Pattern[str], text: str, expected: str) -> None:
    if not pattern.fullmatch(text):
        raise _malformed(expected, text)


def _malformed(expected: str, found: str) -> InvalidInputError:
    return InvalidInputError("siwe.malformed", expected=expected, found=found[:100])
