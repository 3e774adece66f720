"""Choosing the language of an answer (RFC 9110 section 12.5.4, https://www.rfc-editor.org/rfc/rfc9110)."""

import re
from typing import Final

from backend.domain.messages import LANGUAGES, Language

DEFAULT_LANGUAGE: Final[Language] = "fr"
"""Answered when the client names no language of ours."""

MAX_RANGES: Final = 20
"""Most language ranges read of one header."""

_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([01])(?:\.([0-9]{0,3}))?)?\s*"
)


def choose_language(accepted: str | None) -> Language:
    """Return the language of ours that the header ``Accept-Language`` weighs most.

    Args:
        accepted: The header; ranges that are not well formed are passed over.
    """
    best, weight = DEFAULT_LANGUAGE, 0
    for item in (accepted or "").split(",", MAX_RANGES)[:MAX_RANGES]:
        match = _RANGE.fullmatch(item)
        if match is None:
            continue
        quality = _thousandths(match[2], match[3])
        for language in LANGUAGES:
            if match[1].lower() == language and quality > weight:
                best, weight = language, quality
    return best


def _thousandths(whole: str | None, decimals: str | None) -> int:
    if whole is None:
        return 1000
    return min(1000, int(whole) * 1000 + int((decimals or "").ljust(3, "0")))
