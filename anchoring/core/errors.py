"""Errors of the anchoring package; the class says whose fault it is and whether to retry."""


class AnchoringError(Exception):
    """Root of every error raised here; carries fields, builds its own text."""


class MalformedError(AnchoringError):
    """Bytes that do not parse as what they should be.

    Args:
        what: The thing being parsed ("checkpoint", "receipt.index").
        reason: What is wrong with it, in a few words.
    """

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"malformed {self.what}: {self.reason}"


class VerificationError(AnchoringError):
    """Something that parses and is not true.

    Args:
        step: Name of the failing check ("inclusion", "checkpoint.signature").
        expected: What the check required.
        found: What it met.
    """

    def __init__(self, step: str, *, expected: str, found: str) -> None:
        super().__init__(step, expected, found)
        self.step = step
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.step}: expected {self.expected}, found {self.found}"


class UnsupportedError(AnchoringError):
    """A version, fork or policy this release does not know.

    Args:
        what: The thing that is not supported ("receipt format").
        found: The value met.
    """

    def __init__(self, what: str, found: str) -> None:
        super().__init__(what, found)
        self.what = what
        self.found = found

    def __str__(self) -> str:
        return f"{self.what} not supported: {self.found}"


class UnavailableError(AnchoringError):
    """Something outside could not be reached; trying again later is safe.

    Args:
        what: The thing that was asked ("node http://127.0.0.1:8545").
        reason: The failure met.
    """

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.what} is not available: {self.reason}"


class RejectedError(AnchoringError):
    """A chain or a store understood the request and refused it; the same request fails again.

    Args:
        what: Who refused ("AnchorRegistry").
        reason: Its reason.
    """

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.what} refused: {self.reason}"


class DivergedError(AnchoringError):
    """The anchored history and our ledger disagree: stop and tell a person.

    Args:
        expected: The head our ledger knows at that size, in words.
        found: The head the chain knows, in words.
    """

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return (
            f"the anchored history is not ours: ledger has {self.expected}, chain has {self.found};"
            " stop anchoring and compare the ledger with its last backup"
        )
