"""Reading request bodies strictly.

The standard library's parser follows the interpreter's recursion limit, which py-evm raises so far that a
body of nothing but brackets would exhaust the stack and end the process. orjson has a limit of its own and
refuses what is no JSON (NaN, lone surrogates).
"""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute


class StrictJsonRequest(Request):
    """A request whose body is parsed by orjson."""

    async def json(self) -> Any:  # noqa: ANN401 - the type that Starlette gives it
        """Return the parsed body; the same object every time.

        Raises:
            JSONDecodeError: The body is no JSON, or nested deeper than 1024 levels.
        """
        if not hasattr(self, "_parsed"):
            self._parsed: Any = orjson.loads(await self.body())
        return self._parsed


class StrictJsonRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, given the strict form of each request."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            """Answer the request, read strictly."""
            return await handle(StrictJsonRequest(request.scope, request.receive))

        return handle_strictly
