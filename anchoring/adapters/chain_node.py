"""Plain questions to a node through a web3 provider, without web3's reading of the answers.

Evidence is rebuilt from what the node said, so nothing may be added, dropped or respelled on the way.
Source: JSON-RPC 2.0, https://www.jsonrpc.org/specification
"""

from typing import Final

from web3.exceptions import Web3Exception
from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint

from anchoring.core.errors import UnavailableError, UnsupportedError

MAX_REASON: Final = 200
"""Longest part of a node's error that is passed on, in characters."""


class ChainNode:
    """One node.

    Trust: answers are claims. Retries: asking again is safe.

    Args:
        provider: Any web3 provider; its retries and timeouts are kept.
    """

    def __init__(self, provider: BaseProvider) -> None:
        self._provider = provider

    def ask(self, method: str, *params: object) -> object:
        """Return the result of a method as the node gave it; None where it says null.

        Args:
            method: JSON-RPC name.
            params: Positional parameters, as JSON has them.

        Raises:
            UnavailableError: No answer came.
            UnsupportedError: The node answered with an error: it does not offer the method, or not
                for this.
        """
        try:
            response = self._provider.make_request(RPCEndpoint(method), list(params))
        except OSError as error:
            # The text of a failed request names the whole address, which may carry an access key.
            reason = f"{method}: no answer ({type(error).__name__})"
            raise UnavailableError("node", reason) from error
        except (Web3Exception, ValueError) as error:
            reason = f"{method}: {type(error).__name__}: {error}"
            raise UnavailableError("node", reason) from error
        refusal = response.get("error")
        if refusal is not None:
            raise UnsupportedError(method, str(refusal)[:MAX_REASON])
        return response.get("result")
