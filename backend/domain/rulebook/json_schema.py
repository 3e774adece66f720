"""The JSON Schema of rulebooks, made from the code, so that the two cannot drift apart."""

import msgspec

from anchoring.core.canonical import Json
from backend.domain.rulebook.book import Rulebook

SCHEMA_ID = "urn:psephos:schema:psephos-rulebook:1"
"""Identifier of the schema; the format's own version is its last part."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""Dialect of the schema. Source: JSON Schema 2020-12, https://json-schema.org/draft/2020-12."""


def rulebook_schema() -> dict[str, Json]:
    """Return the JSON Schema of the format ``psephos-rulebook/1``."""
    made = msgspec.json.encode(msgspec.json.schema(Rulebook))
    schema: dict[str, Json] = msgspec.json.decode(made)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, "title": "psephos-rulebook/1", **schema}
