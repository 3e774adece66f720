"""Settings shared by all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=50, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=150, deadline=None, print_blob=True)
settings.register_profile("deep", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Folder of published third-party vectors; see tests/vectors/README.md."""
    folder = os.environ.get("PSEPHOS_VECTORS")
    if folder is None:
        pytest.skip(
            "set PSEPHOS_VECTORS to the vectors folder: tests/vectors/README.md says what it holds"
        )
    path = Path(folder).resolve()
    if not path.is_dir():
        pytest.fail(f"PSEPHOS_VECTORS names {path}, which is not a folder")
    return path
