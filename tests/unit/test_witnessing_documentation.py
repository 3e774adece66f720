"""docs/witnessing.md shows policies that parse, and every status the witness answers."""

import re
import textwrap
from pathlib import Path

import pytest

from anchoring.adapters.witness_http import TIMEOUT_S
from anchoring.core.policy import parse_policy
from anchoring.core.witness import RefusalStatus
from backend.services.cosigning import RETRY_S

PAGE = (Path(__file__).parents[2] / "docs" / "witnessing.md").read_text("utf-8")
POLICIES = [
    textwrap.dedent(text)
    for text in re.findall(r"^ *```policy\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
]


def test_witnessing_page__policies__parse() -> None:
    cosigned_for, cosigned_by = map(parse_policy, POLICIES)
    assert [log.verifier.name for log in cosigned_for.logs] == ["ledger.example/river-coop"]
    assert cosigned_by.describe_quorum() == "2 of (hill, shore, federation)"
    assert all(witness.url for witness in cosigned_by.witnesses)


@pytest.mark.parametrize("status", RefusalStatus)
def test_witnessing_page__every_status__is_told(status: RefusalStatus) -> None:
    assert f"\n| {int(status)} |" in PAGE


def test_witnessing_page__waits__are_those_of_the_code() -> None:
    assert f"again after {RETRY_S} seconds" in PAGE
    assert f"given up after {int(TIMEOUT_S)}" in PAGE
