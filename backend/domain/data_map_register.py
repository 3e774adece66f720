"""What the data map says of the register, of identities, and of votes."""

from typing import Final

from backend.domain.data_map_terms import UNTIL_ERASURE, Datum, Phrase

_CONTESTS: Final = Phrase(
    "jusqu'à la fin des délais de contestation, ou jusqu'à l'effacement",
    "until decisions can be contested no more, or until erasure",
)

REGISTER_DATA: Final[tuple[Datum, ...]] = (
    Datum(
        "person",
        ("organisation", "member", "facts", "salt"),
        Phrase(
            "faits déclarés (nom, naissance, adresse…)", "declared facts (name, birth, address…)"
        ),
        Phrase("tenir le registre, convoquer", "keep the register, call to assemblies"),
        "sealed",
        "contract",
        UNTIL_ERASURE,
    ),
    Datum(
        "representative",
        ("organisation", "member", "facts", "salt"),
        Phrase(
            "faits déclarés de qui représente une organisation",
            "declared facts of who represents an organisation",
        ),
        Phrase(
            "savoir qui agit pour un membre qui est une organisation",
            "know who acts for a member that is an organisation",
        ),
        "sealed",
        "contract",
        Phrase(
            "jusqu'au représentant suivant, ou à l'effacement de l'organisation",
            "until the next representative, or the erasure of the organisation",
        ),
    ),
    Datum(
        "identity_hash",
        ("organisation", "member", "kind", "digest"),
        Phrase(
            "empreintes à clé de ce qui identifie (nom, naissance, identité électronique…)",
            "keyed hashes of what identifies (name, birth, electronic identity…)",
        ),
        Phrase(
            "une personne, une voix : voir les doublons",
            "one person, one vote: see duplicates",
        ),
        "database",
        "interest",
        UNTIL_ERASURE,
    ),
    Datum(
        "duplicate_candidate",
        (
            "organisation",
            "member",
            "other",
            "reasons",
            "edits",
            "found_at",
            "verdict",
            "decided_by",
            "decided_at",
        ),
        Phrase(
            "deux dossiers qui se ressemblent, ce qui en fut décidé et par qui",
            "two records that look alike, what was decided of them and by whom",
        ),
        Phrase(
            "qu'une personne décide, jamais la machine seule",
            "that a person decides, never the machine alone",
        ),
        "database",
        "interest",
        Phrase("jusqu'à l'effacement de l'une des deux personnes", "until either person is erased"),
    ),
    Datum(
        "identity_attempt",
        ("organisation", "state", "member", "provider", "browser", "nonce", "verifier", "ends_at"),
        Phrase(
            "vérification d'identité électronique en cours",
            "check of electronic identity under way",
        ),
        Phrase("reconnaître qui revient du fournisseur", "know who comes back from the provider"),
        "database",
        "contract",
        Phrase(
            "15 minutes au plus, et jusqu'à la vérification suivante",
            "15 minutes at most, and until the next check begins",
        ),
    ),
    Datum(
        "identity_check",
        ("organisation", "member", "provider", "assurance", "agrees", "checked_at"),
        Phrase(
            "résultat d'une vérification d'identité électronique, sans l'identité",
            "outcome of a check of electronic identity, without the identity",
        ),
        Phrase("admettre sur une preuve", "admit on evidence"),
        "database",
        "contract",
        UNTIL_ERASURE,
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
        UNTIL_ERASURE,
    ),
    Datum(
        "consent",
        ("organisation", "member", "number", "answer"),
        Phrase("réponses aux demandes de consentement", "answers to requests for consent"),
        Phrase("prouver le consentement et son retrait", "prove consent and its withdrawal"),
        "sealed",
        "obligation",
        UNTIL_ERASURE,
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
        UNTIL_ERASURE,
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
)
"""Data of the register and of votes."""
