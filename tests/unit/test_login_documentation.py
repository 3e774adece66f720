"""docs/login.md names every limit with its default, and every code with its status."""

from pathlib import Path

import pytest

from backend.api.errors import status_of
from backend.domain.errors import NotPermittedError, TooSoonError
from backend.domain.messages_login import LOGIN_EN
from backend.services.login import LoginRefusedError
from backend.settings import LimitSettings

PAGE = Path("docs/login.md").read_text(encoding="utf-8")

INTERNAL = {"siwe.malformed"}
"""Codes that no route answers: what a server composes is compared, never read."""


@pytest.mark.parametrize("name", list(LimitSettings.model_fields))
def test_page__of_logging_in__names_every_limit_with_its_default(name: str) -> None:
    row = f"| `PSEPHOS_LOGIN__LIMITS__{name.upper()}` | `{getattr(LimitSettings(), name)}` |"
    assert row in PAGE


@pytest.mark.parametrize("code", sorted(set(LOGIN_EN) - INTERNAL))
def test_page__of_logging_in__names_every_code(code: str) -> None:
    assert f"`{code}`" in PAGE


def test_statuses__of_refusals__are_those_of_the_page() -> None:
    refused = LoginRefusedError("login.refused", expected="", found="")
    waiting = TooSoonError("login.locked", expected="", found="", wait_s=1)
    forged = NotPermittedError("csrf.token", expected="", found="")
    assert [status_of(each) for each in (refused, waiting, forged)] == [401, 429, 403]
