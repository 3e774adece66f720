"""Every table with rows about persons: which there are, and what erasing does to each.

A table that is new here is erased, exported to its person, and cleared from restored backups without
further code.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table whose rows are about one person each, and are deleted when that person is erased."""

    name: str
    """The table."""
    hidden: frozenset[str] = frozenset()
    """Columns that its person is shown otherwise, opened, or that are secrets of the server."""
    member: str = "member"
    """The column that holds the pseudonym."""


PERSONAL_TABLES: Final[tuple[PersonalTable, ...]] = (
    PersonalTable("session", hidden=frozenset({"token_hash"})),
    PersonalTable("consent", hidden=frozenset({"answer"})),
    PersonalTable("person", hidden=frozenset({"facts", "salt", "identity"})),
    PersonalTable("person_key", hidden=frozenset({"wrapped"})),
    PersonalTable("member_key"),
    PersonalTable("roll_line"),
)
"""Tables of personal data, in the order in which rows are deleted: what refers to others first."""

BY_ENTRY_TABLES: Final[frozenset[str]] = frozenset({"detached_signature", "ballot_choice"})
"""Tables of personal data whose rows name an entry, not a person; ``erasure`` finds whose they are."""

MARK_TABLES: Final[frozenset[str]] = frozenset({"erasure"})
"""Tables that say of whom nothing is kept, in a form that only the server's own key compares."""

LEDGER_TABLES: Final[frozenset[str]] = frozenset({"member"})
"""Tables with pseudonyms that follow from the ledger alone: they tell nothing once the others are erased."""
