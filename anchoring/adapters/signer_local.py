"""A publisher's key in the memory of this process: tests, embedded chains, decrypted keystores."""

from collections.abc import Mapping

from eth_account.signers.local import LocalAccount

from anchoring.core.errors import RejectedError
from anchoring.core.transaction import DYNAMIC_FEE_TYPE, check_fields
from anchoring.core.types import Address


class LocalSigner:
    """Implements ``ports.TransactionSigner`` over one account; ``repr`` shows no secret.

    Args:
        account: The account and its key.
    """

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def __repr__(self) -> str:
        return f"LocalSigner({self._account.address})"

    @property
    def address(self) -> Address:
        """Account of the key, 20 bytes."""
        return Address(bytes.fromhex(self._account.address[2:]))

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:
        """Return the signed EIP-1559 transaction; see ``ports.TransactionSigner``.

        Raises:
            MalformedError: A field is missing, unknown, or out of its bounds.
            RejectedError: The account does not sign it.
        """
        check_fields(fields)
        try:
            signed = self._account.sign_transaction({"type": DYNAMIC_FEE_TYPE, **fields})
        except (TypeError, ValueError) as error:
            raise RejectedError("signer", str(error)) from error
        return bytes(signed.raw_transaction)
