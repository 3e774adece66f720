"""A strict, literal reading of iCalendar content lines: RFC 5545, sections 3.1, 3.3.11, 3.6.

Independent of the library that writes the feed: folding, line ends, characters, escapes, nesting and the
properties that each component must have. Source: https://www.rfc-editor.org/rfc/rfc5545
"""

import re
from dataclasses import dataclass, field

MAX_OCTETS = 75
"""Longest line without its line break (section 3.1)."""

_PARAMETER = r";[A-Z-]+=(?:\"[^\"\x00-\x08\x0a-\x1f\x7f]*\"|[^\";:,\x00-\x08\x0a-\x1f\x7f]*)"
_LINE = re.compile(rf"([A-Z-]+)((?:{_PARAMETER})*):([^\x00-\x08\x0a-\x1f\x7f]*)")
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "UID", "PRODID"})
_REQUIRED = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART"),
    "VTODO": ("UID", "DTSTAMP"),
    "VALARM": ("ACTION", "TRIGGER", "DESCRIPTION"),
}
_CHILDREN = {
    "VCALENDAR": ("VEVENT", "VTODO"),
    "VEVENT": ("VALARM",),
    "VTODO": ("VALARM",),
    "VALARM": (),
}


@dataclass
class Component:
    """A component with its properties, each at most once, and its children."""

    name: str
    """``VCALENDAR``, ``VEVENT``, ``VTODO`` or ``VALARM``."""
    properties: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Parameters and value as written, by name."""
    children: list["Component"] = field(default_factory=list)
    """Components inside."""


def read_calendar(content: bytes) -> Component:
    """Return the calendar that a feed is; fails on the first thing the standard does not allow."""
    assert content.endswith(b"\r\n"), "the last line has no end"
    physical = content[:-2].split(b"\r\n")
    for octets in physical:
        assert b"\r" not in octets, "a carriage return inside a line"
        assert b"\n" not in octets, "a line feed inside a line"
        assert 0 < len(octets) <= MAX_OCTETS, f"{len(octets)} octets"
        octets.decode("utf-8")
    unfolded = content[:-2].replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    root = Component("")
    stack = [root]
    for line in unfolded:
        match = _LINE.fullmatch(line)
        assert match is not None, f"no content line: {line!r}"
        name, parameters, value = match.groups()
        if name == "BEGIN":
            allowed = _CHILDREN.get(stack[-1].name, ("VCALENDAR",))
            assert value in allowed, f"{value} inside {stack[-1].name}"
            component = Component(value)
            stack[-1].children.append(component)
            stack.append(component)
        elif name == "END":
            _check_whole(stack.pop(), value)
        else:
            assert len(stack) > 1, "a property outside every component"
            assert name not in stack[-1].properties, f"{name} twice"
            if name in _TEXTS:
                assert _TEXT.fullmatch(value), f"unescaped: {value!r}"
            stack[-1].properties[name] = (parameters, value)
    assert stack == [root], "a component without end"
    (calendar,) = root.children
    return calendar


def _check_whole(component: Component, name: str) -> None:
    assert component.name == name, f"{component.name} ends as {name}"
    for required in _REQUIRED[name]:
        assert required in component.properties, f"{name} without {required}"


def text_of(component: Component, name: str) -> str:
    """Return a text property as it reads."""
    _, value = component.properties[name]
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
