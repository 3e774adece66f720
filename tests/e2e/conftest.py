"""One demonstration for every test that only looks at it."""

from pathlib import Path

import pytest

from tests.support.demo_process import finish, start


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A finished demonstration of the model, and its account; tests copy what they change."""
    out = tmp_path_factory.mktemp("demo") / "out"
    return out, finish(start("--out", str(out)))
