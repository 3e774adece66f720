"""An operator takes an existing ledger to a chain of others, by commands alone; an auditor follows."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from anchoring.core.receipt import parse_receipt
from anchoring.core.trust import parse_trust
from tests.support.demo_process import ROOT, finish, start
from tests.support.peer_chain import FUNDS_WEI, PeerNode, anvil

pytestmark = pytest.mark.interop

TIMEOUT_S = 120
"""Bound on one command."""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    said: str


def run(*arguments: str | Path, module: str, environ: Mapping[str, str]) -> Ran:
    process = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Ran(process.returncode, process.stdout + process.stderr)


def settings(node: PeerNode, data: Path, folder: Path) -> dict[str, str]:
    """The environment of an operator who adds the network ``local``."""
    genesis = bytes(node.web3.eth.get_block(0)["hash"])
    return {
        "PSEPHOS_DATA": str(data),
        "PSEPHOS_PASSPHRASE_FILE": str(data / "keys" / "passphrase"),
        "PSEPHOS_DEPLOYMENTS": str(folder / "deployments.json"),
        "PSEPHOS_NETWORKS__LOCAL__RPC": node.url,
        "PSEPHOS_NETWORKS__LOCAL__CHAIN_ID": str(node.web3.eth.chain_id),
        "PSEPHOS_NETWORKS__LOCAL__GENESIS": f"0x{genesis.hex()}",
    }


def test_operator__deploys_and_anchors_on_anvil__and_the_receipts_rest_on_its_block(
    tmp_path: Path,
) -> None:
    out, bundle = tmp_path / "out", tmp_path / "bundle"
    finish(start("--out", str(out)))
    trust = parse_trust((out / "trust.json").read_bytes())
    slug = trust.origin.rpartition("/")[2]
    with anvil(tmp_path) as node:
        environ = settings(node, out / "server", tmp_path)
        publisher = f"0x{trust.networks[0].publisher.hex()}"
        node.ask("anvil_setBalance", publisher, hex(FUNDS_WEI))
        for command in (
            ("deploy", "--network", "local", "--publisher", slug),
            ("anchor", "reanchor", slug, "--network", "local"),
            ("anchor", "status", slug),
            ("export", slug, bundle),
        ):
            ran = run(*command, module="backend.cli", environ=environ)
            assert ran.code == 0, ran.said
        again = run(
            "deploy",
            "--network",
            "local",
            "--publisher",
            slug,
            module="backend.cli",
            environ=environ,
        )
        assert again.code == 1, again.said
    deployments = json.loads((tmp_path / "deployments.json").read_bytes())["deployments"]
    assert [each["network"] for each in deployments] == ["local"]
    check_receipts(bundle, environ)


def check_receipts(bundle: Path, environ: Mapping[str, str]) -> None:
    """The node is gone by now: block hashes, and what the files say, have to do."""
    receipts = sorted((bundle / "receipts").iterdir())
    first = parse_receipt(receipts[0].read_bytes())
    (local,) = [each for each in first.anchors if each.chain_id == 31_337]
    command = ("receipt", receipts[0], "--trust", bundle / "trust.json", "--offline")
    genuine = run(
        *command, "--block-hash", local.block_hash.hex(), module="anchoring.cli", environ=environ
    )
    assert genuine.code == 0, genuine.said
    assert (
        run(*command, "--block-hash", "ab" * 32, module="anchoring.cli", environ=environ).code == 1
    )
    audit = run("audit", bundle, module="backend.cli", environ=environ)
    assert audit.code == 0, audit.said
