"""Ages of anchors, as an operator reads them."""

import pytest

from backend.services.anchor_status import age_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (27_704_236, "320 d"),
    ],
)
def test_age_text__of_any_age__has_its_largest_unit(seconds: int, text: str) -> None:
    assert age_text(seconds) == text
