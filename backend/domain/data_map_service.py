"""What the data map says of logging in, of letters, of foundings under way, and of the server itself."""

from typing import Final

from backend.domain.data_map_terms import UNTIL_ERASURE, Datum, Phrase

_FOR_EVER: Final = Phrase(
    "pour toujours ; après l'effacement rien ne mène plus à la personne",
    "for ever; after erasure nothing leads to the person any more",
)

SERVICE_DATA: Final[tuple[Datum, ...]] = (
    Datum(
        "session",
        ("organisation", "token_hash", "member", "assurance", "opened_at", "used_at"),
        Phrase("sessions ouvertes", "open sessions"),
        Phrase("reconnaître qui est connecté", "know who is logged in"),
        "database",
        "contract",
        Phrase(
            "12 heures au plus, et jusqu'à la connexion suivante",
            "12 hours at most, and until somebody logs in next",
        ),
    ),
    Datum(
        "login_address",
        ("organisation", "member", "address"),
        Phrase("empreinte à clé de l'adresse électronique", "keyed hash of the e-mail address"),
        Phrase("trouver qui demande un lien de connexion", "find who asks for a link to log in"),
        "database",
        "contract",
        UNTIL_ERASURE,
    ),
    Datum(
        "login_challenge",
        ("organisation", "id", "kind", "browser", "subject", "text", "expires_at"),
        Phrase(
            "connexion en cours : portefeuille, passkey ou lien",
            "login under way: wallet, passkey or link",
        ),
        Phrase("qu'une réponse ne serve qu'une fois", "that an answer serves once"),
        "database",
        "contract",
        Phrase(
            "15 minutes au plus, et jusqu'à la connexion suivante",
            "15 minutes at most, and until the next login begins",
        ),
    ),
    Datum(
        "login_failure",
        ("organisation", "subject", "failures", "failed_at", "locked_until"),
        Phrase(
            "échecs de connexion, sous une empreinte à clé",
            "failed logins, under a keyed hash",
        ),
        Phrase("ralentir qui essaie des identités", "slow down who tries identities"),
        "database",
        "interest",
        Phrase("un jour, et jusqu'à l'échec suivant", "one day, and until the next failure"),
    ),
    Datum(
        "passkey_counter",
        ("organisation", "member", "key_hash", "count"),
        Phrase("compteur de signatures d'une passkey", "signature counter of a passkey"),
        Phrase("remarquer une passkey copiée", "notice a passkey that was copied"),
        "database",
        "interest",
        UNTIL_ERASURE,
    ),
    Datum(
        "mail",
        (
            "organisation",
            "id",
            "member",
            "template",
            "place",
            "values",
            "entry",
            "about",
            "state",
            "attempts",
            "queued_at",
            "next_at",
            "sent_at",
            "channel",
            "answer",
        ),
        Phrase(
            "lettres à une personne, sans nom ni adresse ; leurs liens chiffrés, puis effacés",
            "letters to a person, without name or address; their links sealed, then wiped",
        ),
        Phrase("convoquer, notifier, et le prouver", "call, notify, and prove it"),
        "database",
        "contract",
        UNTIL_ERASURE,
    ),
    Datum(
        "mail/",
        (),
        Phrase(
            "lettres telles qu'écrites, avec l'adresse, en clair, là où il n'y a pas de serveur de courrier",
            "letters as written, with the address, in clear, where there is no mail server",
        ),
        Phrase("qu'on puisse les transmettre", "that they can be passed on"),
        "files",
        "contract",
        Phrase("jusqu'à l'effacement ; dans aucune sauvegarde", "until erasure; in no backup"),
    ),
    Datum(
        "news_refusal",
        ("organisation", "member", "since"),
        Phrase("désabonnement des nouvelles", "unsubscription from news"),
        Phrase("n'écrire qu'à qui le veut", "write to those who want it only"),
        "database",
        "obligation",
        UNTIL_ERASURE,
    ),
    Datum(
        "manual_notice",
        ("organisation", "assembly", "member", "channel", "sent_at", "by", "noted_at"),
        Phrase(
            "convocation faite autrement que par lettre, et qui l'atteste",
            "notice given otherwise than by letter, and who says so",
        ),
        Phrase("prouver la convocation", "prove that notice was given"),
        "database",
        "contract",
        UNTIL_ERASURE,
    ),
    Datum(
        "founding_draft",
        ("organisation", "draft", "content", "expires_at", "issued_at"),
        Phrase("fondation en préparation", "founding under way"),
        Phrase("faire adopter le même texte à tous", "have all adopt the same text"),
        "database",
        "contract",
        Phrase("14 jours au plus", "14 days at most"),
    ),
    Datum(
        "founder",
        (
            "organisation",
            "place",
            "invitation",
            "token_hash",
            "label",
            "member_class",
            "email",
            "application",
            "signature",
        ),
        Phrase(
            "personnes invitées à fonder : adresse, faits déclarés, clé",
            "persons invited to found: address, declared facts, key",
        ),
        Phrase(
            "leur envoyer un lien, recueillir leur signature",
            "send them a link, collect their signature",
        ),
        "sealed",
        "contract",
        Phrase(
            "jusqu'à la fondation, 14 jours au plus",
            "until the founding, 14 days at most",
        ),
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
"""Data that serving members needs."""
