"""The command ``psephos-verify``: checks receipts, offline unless told otherwise."""

from anchoring.cli.verify import main

__all__ = ["main"]
