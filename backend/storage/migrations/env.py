"""Alembic's entry: migrations run on the connection that ``backend.storage.schema`` hands over."""

from alembic import context

from backend.storage.schema import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SCHEMA,
    render_as_batch=True,
)
context.run_migrations()
