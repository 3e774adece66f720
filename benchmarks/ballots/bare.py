"""What intake is measured beside: a bare FastAPI route that only inserts a row, durably.

It has the same server with the same settings, the same request bodies, and a database opened as the product
opens its own.
"""

import sys
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request
from sqlalchemy import text

from backend.serving import STOP_TIMEOUT_S
from backend.storage.database import Database
from benchmarks.ballots.load import HOST

_CREATE = text("CREATE TABLE request (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")
_INSERT = text("INSERT INTO request (content) VALUES (:content)")


async def _read_body(request: Request) -> bytes:
    return await request.body()


def create_bare(database: Database) -> FastAPI:
    """Return an application whose only route inserts the body of a request.

    Args:
        database: Without tables; the one it needs is made.
    """
    with database.writing() as session:
        session.connection().execute(_CREATE)
    app = FastAPI()

    @app.post("/rows", status_code=201)
    def insert(content: Annotated[bytes, Depends(_read_body)]) -> dict[str, int]:
        with database.appending() as connection, connection.begin():
            inserted = connection.execute(_INSERT, {"content": content})
        return {"rows": inserted.rowcount}

    return app


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
