"""Reading request bodies strictly.

The standard library's parser follows the interpreter's recursion limit, which py-evm raises so far that a
body of nothing but brackets would exhaust the stack and end the process. orjson has a limit of its own and
refuses what is no JSON (NaN, lone surrogates). It does not see a key that stands twice in an object, of which
two readers may each believe another one: once orjson has bounded the nesting, the standard library looks for
these.
"""

import json
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
            JSONDecodeError: The body is no JSON, nested deeper than 1024 levels, or has a key twice in an
                object.
        """
        if not hasattr(self, "_parsed"):
            body = await self.body()
            parsed: Any = orjson.loads(body)
            # Numbers stay text: reading them again would cost time, and long ones are refused.
            json.loads(body, object_pairs_hook=_refuse_repeats, parse_int=str, parse_float=str)
            self._parsed = parsed
        return self._parsed


def _refuse_repeats(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object in which a key stands twice; the object itself is not needed."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise json.JSONDecodeError("a key stands twice", "", 0)


class StrictJsonRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, given the strict form of each request."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            """Answer the request, read strictly."""
            return await handle(StrictJsonRequest(request.scope, request.receive))

        return handle_strictly
