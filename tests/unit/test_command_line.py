"""``psephos`` without the server's packages: auditing works, serving says what is missing."""

import subprocess
import sys

import pytest

WITHOUT_SERVER = (
    "import sys; sys.modules.update(dict.fromkeys(['uvicorn', 'fastapi', 'sqlmodel', 'web3', 'eth']));"
    "from backend.cli import app; app(sys.argv[1:])"
)


def psephos(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_SERVER, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_serve__without_the_servers_packages__names_what_to_install() -> None:
    result = psephos("serve")
    assert result.returncode == 2
    assert "psephos[server]" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [("deploy", "--network", "hoodi"), ("anchor", "status")], ids=" ".join
)
def test_networks__without_the_servers_packages__name_what_to_install(
    arguments: tuple[str, ...],
) -> None:
    result = psephos(*arguments)
    assert result.returncode == 2
    assert "psephos[server]" in result.stderr


def test_audit__without_the_servers_packages__begins(tmp_path: object) -> None:
    result = psephos("audit", str(tmp_path))
    assert result.returncode == 2
    assert "trust.json" in result.stderr
