"""Every table with rows about persons: which there are, and what erasing does to each.

A table that is new here is erased, exported to its person, and cleared from restored backups without
further code. Letters that lie as files are swept by ``private_data`` once their rows are gone.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table whose rows are about persons, and are deleted when one of them is erased."""

    name: str
    """The table."""
    hidden: frozenset[str] = frozenset()
    """Columns that are shown to nobody as they are: opened elsewhere, about somebody else, or secrets."""
    members: tuple[str, ...] = ("member",)
    """The columns that hold the pseudonym of whom a row is about."""
    actors: tuple[str, ...] = ()
    """Columns that hold the pseudonym of who acted on a row about others: emptied when they are erased."""


PERSONAL_TABLES: Final[tuple[PersonalTable, ...]] = (
    PersonalTable("session", hidden=frozenset({"token_hash"})),
    PersonalTable("login_address", hidden=frozenset({"address"})),
    PersonalTable("passkey_counter"),
    PersonalTable("identity_attempt", hidden=frozenset({"state", "browser", "nonce", "verifier"})),
    PersonalTable("identity_check"),
    PersonalTable("identity_hash", hidden=frozenset({"digest"})),
    PersonalTable(
        "duplicate_candidate",
        # The other record is somebody else's, unless an officer finds that it is not.
        hidden=frozenset({"member", "other", "decided_by"}),
        members=("member", "other"),
        actors=("decided_by",),
    ),
    PersonalTable("mail", hidden=frozenset({"values"})),
    PersonalTable("news_refusal"),
    PersonalTable("manual_notice", actors=("by",)),
    PersonalTable("consent", hidden=frozenset({"answer"})),
    PersonalTable("representative", hidden=frozenset({"facts", "salt"})),
    PersonalTable("person", hidden=frozenset({"facts", "salt"})),
    PersonalTable("person_key", hidden=frozenset({"wrapped"})),
    PersonalTable("member_key"),
    PersonalTable("roll_line"),
)
"""Tables of personal data, in the order in which rows are deleted: what refers to others first."""

BY_ENTRY_TABLES: Final[frozenset[str]] = frozenset({"detached_signature", "ballot_choice"})
"""Tables of personal data whose rows name an entry, not a person; ``erasure`` finds whose they are."""

LOGIN_TABLES: Final[frozenset[str]] = frozenset({"login_challenge", "login_failure"})
"""Tables of attempts to log in; ``erasure`` finds those that name a member or a key, the others are keyed
hashes and pass with time."""

FOUNDING_TABLES: Final[frozenset[str]] = frozenset({"founding_draft", "founder"})
"""Tables of foundings under way, about persons without a pseudonym; destroyed with their draft."""

MARK_TABLES: Final[frozenset[str]] = frozenset({"erasure"})
"""Tables that say of whom nothing is kept, in a form that only the server's own key compares."""

LEDGER_TABLES: Final[frozenset[str]] = frozenset({"member"})
"""Tables with pseudonyms that follow from the ledger alone: they tell nothing once the others are erased."""
