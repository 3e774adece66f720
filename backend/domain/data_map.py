"""The data map: every datum about persons that the software keeps, why, where, how long, on which ground.

The record of processing (Regulation (EU) 2016/679, article 30) and what a person is told of the use of
their data (articles 13 to 15) are made from it, so they cannot say anything else than the tables do: a
test compares them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Basis = Literal["contract", "consent", "obligation", "interest"]
"""Ground: article 6(1)(b), (a), (c) or (f)."""

Place = Literal["sealed", "database", "ledger", "files"]
"""Where it is: in the database under the person's own key, in the database, in the ledger, in files."""

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


_MEMBERSHIP: Final = Phrase(
    "jusqu'à l'effacement, à la demande de la personne ou après les jours que fixent les statuts",
    "until erasure, at the person's request or after the days that the statutes give",
)
_CONTESTS: Final = Phrase(
    "jusqu'à la fin des délais de contestation, ou jusqu'à l'effacement",
    "until decisions can be contested no more, or until erasure",
)
_FOR_EVER: Final = Phrase(
    "pour toujours ; après l'effacement rien ne mène plus à la personne",
    "for ever; after erasure nothing leads to the person any more",
)

DATA_MAP: Final[tuple[Datum, ...]] = (
    Datum(
        "person",
        ("organisation", "member", "facts", "salt"),
        Phrase(
            "faits déclarés (nom, naissance, adresse…)", "declared facts (name, birth, address…)"
        ),
        Phrase("tenir le registre, convoquer", "keep the register, call to assemblies"),
        "sealed",
        "contract",
        _MEMBERSHIP,
    ),
    Datum(
        "person",
        ("identity",),
        Phrase("empreinte à clé de l'identité", "keyed hash of the identity"),
        Phrase(
            "une personne, une voix : voir les doublons", "one person, one vote: see duplicates"
        ),
        "database",
        "interest",
        _MEMBERSHIP,
    ),
    Datum(
        "person_key",
        ("organisation", "member", "master", "wrapped"),
        Phrase(
            "clé de chiffrement de la personne, enveloppée", "encryption key of the person, wrapped"
        ),
        Phrase("chiffrer ses données", "seal their data"),
        "database",
        "obligation",
        _MEMBERSHIP,
    ),
    Datum(
        "consent",
        ("organisation", "member", "number", "answer"),
        Phrase("réponses aux demandes de consentement", "answers to requests for consent"),
        Phrase("prouver le consentement et son retrait", "prove consent and its withdrawal"),
        "sealed",
        "obligation",
        _MEMBERSHIP,
    ),
    Datum(
        "member_key",
        ("organisation", "commitment", "member", "key", "salt"),
        Phrase("clé de signature (portefeuille ou passkey)", "signing key (wallet or passkey)"),
        Phrase(
            "vérifier qui signe ; remise en clair aux auditeurs",
            "verify who signs; given to auditors in clear",
        ),
        "database",
        "contract",
        _MEMBERSHIP,
    ),
    Datum(
        "detached_signature",
        ("organisation", "index", "position", "key", "signature", "salt"),
        Phrase("signatures des actes et des bulletins", "signatures of acts and ballots"),
        Phrase(
            "prouver qui a agi ; remises en clair aux auditeurs",
            "prove who acted; given to auditors in clear",
        ),
        "database",
        "contract",
        _CONTESTS,
    ),
    Datum(
        "roll_line",
        ("organisation", "decision", "voter", "member", "salt"),
        Phrase("ligne de la liste d'émargement", "line of the roll of a vote"),
        Phrase(
            "une voix par électeur ; remise en clair aux auditeurs",
            "one vote per elector; given to auditors in clear",
        ),
        "database",
        "contract",
        _CONTESTS,
    ),
    Datum(
        "ballot_choice",
        ("organisation", "index", "choice", "salt"),
        Phrase("choix d'un bulletin, avant la clôture", "choice of a ballot, before the close"),
        Phrase("dépouiller à la clôture", "count at the close"),
        "database",
        "contract",
        _CONTESTS,
    ),
    Datum(
        "session",
        ("organisation", "token_hash", "member", "assurance", "opened_at", "used_at"),
        Phrase("sessions ouvertes", "open sessions"),
        Phrase("reconnaître qui est connecté", "know who is logged in"),
        "database",
        "contract",
        Phrase("12 heures au plus", "12 hours at most"),
    ),
    Datum(
        "erasure",
        ("organisation", "mark"),
        Phrase("marque d'une personne effacée", "mark of a person who was erased"),
        Phrase("qu'une sauvegarde ne la fasse pas revenir", "that no backup brings them back"),
        "database",
        "obligation",
        Phrase("aussi longtemps que des sauvegardes", "as long as there are backups"),
    ),
    Datum(
        "entry",
        (),
        Phrase(
            "actes sous pseudonyme, engagements salés", "acts under a pseudonym, salted commitments"
        ),
        Phrase("prouver que chaque décision est régulière", "prove that each decision is lawful"),
        "ledger",
        "contract",
        _FOR_EVER,
        "root",
    ),
    Datum(
        "breaches.ndjson",
        (),
        Phrase("journal des violations, sans nom", "log of breaches, without names"),
        Phrase("documenter et notifier (article 33)", "document and notify (article 33)"),
        "files",
        "obligation",
        Phrase("cinq ans après la violation", "five years after the breach"),
    ),
)
"""Everything about persons that is kept."""

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


def mapped_columns(data: Sequence[Datum] = DATA_MAP) -> frozenset[tuple[str, str]]:
    """Return every table and column that the map speaks of."""
    return frozenset((datum.table, column) for datum in data for column in datum.columns)
