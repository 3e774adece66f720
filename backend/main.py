"""The web application of a server."""

from fastapi import FastAPI

from backend.api.application import create_api
from backend.wiring import Container


def create_app(container: Container) -> FastAPI:
    """Return the application of a container; the caller closes the container.

    Args:
        container: The server.
    """
    return create_api(container.api_context())
