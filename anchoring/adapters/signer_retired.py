"""A publisher from which another took over: it is looked at, and signs nothing."""

from collections.abc import Mapping

from anchoring.core.errors import RejectedError
from anchoring.core.types import Address


class RetiredSigner:
    """Implements ``ports.TransactionSigner`` without a key, so that the key of the account may be gone.

    Args:
        address: The account, 20 bytes.
    """

    def __init__(self, address: Address) -> None:
        self._address = address

    @property
    def address(self) -> Address:
        """Account that anchored, 20 bytes."""
        return self._address

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:  # noqa: ARG002 - the port names it
        """Refuse; see ``ports.TransactionSigner``.

        Raises:
            RejectedError: Always.
        """
        raise RejectedError(f"publisher 0x{self._address.hex()}", "another account took over")
