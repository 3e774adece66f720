"""Compiles contracts/AnchorRegistry.vy to the artefact that the adapters load."""

import json
from pathlib import Path

import vyper
from vyper.compiler import compile_code
from vyper.compiler.settings import OptimizationLevel, Settings

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
"""Folder of the contract, its artefact and its specification."""

ARTEFACT = CONTRACTS / "AnchorRegistry.json"
"""What `scripts/compile-contract` writes."""


def compile_registry() -> str:
    """Return the artefact as JSON text, the same for the same source and compiler."""
    output = compile_code(
        (CONTRACTS / "AnchorRegistry.vy").read_text("utf-8"),
        output_formats=["abi", "bytecode", "bytecode_runtime"],
        settings=Settings(evm_version="prague", optimize=OptimizationLevel.GAS),
    )
    artefact = {
        "contract": "AnchorRegistry",
        "compiler": f"vyper {vyper.__version__}+commit.{vyper.__commit__}",
        "evmVersion": "prague",
        "optimize": "gas",
        "abi": output["abi"],
        "bytecode": output["bytecode"],
        "runtimeBytecode": output["bytecode_runtime"],
    }
    return json.dumps(artefact, indent=2) + "\n"


def registry_abi() -> list[dict[str, object]]:
    """Return the ABI of the committed artefact."""
    abi: list[dict[str, object]] = json.loads(ARTEFACT.read_text("utf-8"))["abi"]
    return abi
