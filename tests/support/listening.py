"""A server of a test that listens on a socket, for peers that speak real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from backend.main import create_app
from backend.wiring import Container


@contextmanager
def listening(container: Container) -> Iterator[str]:
    """Serve a container on a free port of 127.0.0.1 and give its URL."""
    config = uvicorn.Config(create_app(container), host="127.0.0.1", port=0, log_level="critical")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    # Connections queue from here on, whenever the server begins to accept them.
    socket.listen()
    thread = Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        socket.close()
