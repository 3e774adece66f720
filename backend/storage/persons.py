"""Personal data in the database."""

from collections.abc import Mapping
from typing import Final

import msgspec

from backend.domain.acts import MemberId, Slug
from backend.storage.database import Database
from backend.storage.private_tables import PersonRow

_FACTS: Final = msgspec.json.Decoder(dict[str, str])


class SqlPersons:
    """Implements ``Persons``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def facts(self, slug: Slug, member: MemberId) -> Mapping[str, str] | None:
        """Return the facts that someone declared; None where there are none, or they were erased."""
        with self._database.reading() as session:
            row = session.get(PersonRow, (slug, member))
        return None if row is None else _FACTS.decode(row.facts)
