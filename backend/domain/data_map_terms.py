"""Words of the data map: what is told of each datum, and how grounds and places are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Basis = Literal["contract", "consent", "obligation", "interest"]
"""Ground: article 6(1)(b), (a), (c) or (f)."""

Place = Literal["sealed", "database", "ledger", "files"]
"""Where it is: in the database under a key kept apart, in the database, in the ledger, in files."""

Reach = Literal["none", "root"]
"""What of it reaches a public chain: nothing, or only through the one hash over the whole ledger."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in both languages."""

    fr: str
    """French."""
    en: str
    """English."""


@dataclass(frozen=True, slots=True)
class Datum:
    """Something about persons that is kept."""

    table: str
    """Its table, or the files it is in."""
    columns: tuple[str, ...]
    """Its columns; empty for files."""
    what: Phrase
    """What it is."""
    why: Phrase
    """What it is for."""
    place: Place
    """Where it is."""
    basis: Basis
    """The ground."""
    kept: Phrase
    """How long."""
    reach: Reach = "none"
    """What of it reaches a public chain."""


BASES: Final[Mapping[Basis, Phrase]] = {
    "contract": Phrase("contrat d'adhésion, art. 6(1)(b)", "contract of membership, art. 6(1)(b)"),
    "consent": Phrase("consentement, art. 6(1)(a)", "consent, art. 6(1)(a)"),
    "obligation": Phrase("obligation légale, art. 6(1)(c)", "legal obligation, art. 6(1)(c)"),
    "interest": Phrase("intérêt légitime, art. 6(1)(f)", "legitimate interest, art. 6(1)(f)"),
}
"""How each ground is called."""

PLACES: Final[Mapping[Place, Phrase]] = {
    "sealed": Phrase("base de données, chiffré", "database, encrypted"),
    "database": Phrase("base de données", "database"),
    "ledger": Phrase("registre des actes", "ledger"),
    "files": Phrase("fichiers du serveur", "files of the server"),
}
"""How each place is called."""

REACHES: Final[Mapping[Reach, Phrase]] = {
    "none": Phrase("rien", "nothing"),
    "root": Phrase(
        "rien d'autre que l'empreinte de tout le registre",
        "nothing but the hash of the whole ledger",
    ),
}
"""How each reach is called."""

UNTIL_ERASURE: Final = Phrase(
    "jusqu'à l'effacement, à la demande de la personne ou après les jours que fixent les statuts",
    "until erasure, at the person's request or after the days that the statutes give",
)
"""How long most of it is kept."""
