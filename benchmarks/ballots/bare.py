"""What intake is measured beside: a bare FastAPI route that only inserts a row, durably.

The same server with the same settings, the same request bodies, and a database opened as the product opens
its own.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from sqlalchemy import Connection, text

from backend.serving import STOP_TIMEOUT_S
from backend.storage.database import Database
from benchmarks.ballots.load import HOST

_INSERT = text("INSERT INTO row (content) VALUES (:content)")


def create_bare(database: Database) -> FastAPI:
    """Return an application whose only route inserts the body of a request.

    Args:
        database: Where; the table is made.
    """
    with database.writing() as session:
        session.connection().execute(
            text("CREATE TABLE row (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        )
    app = FastAPI()

    async def body_of(request: Request) -> bytes:
        return await request.body()

    from fastapi import Depends  # noqa: PLC0415

    @app.post("/rows", status_code=201)
    def insert(content: bytes = Depends(body_of)) -> dict[str, int]:
        with database.appending() as connection, connection.begin():
            return {"number": _inserted(connection, content)}

    return app


def _inserted(connection: Connection, content: bytes) -> int:
    return int(connection.execute(_INSERT, {"content": content}).lastrowid)


def main(folder: Path, port: int) -> None:
    """Serve the bare route until told to stop.

    Args:
        folder: Where its database is made.
        port: Where to listen.
    """
    database = Database(f"sqlite:///{folder / 'bare.sqlite'}")
    config = uvicorn.Config(
        create_bare(database),
        host=HOST,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    uvicorn.Server(config).run()
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
