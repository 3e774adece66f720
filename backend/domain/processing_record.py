"""The record of processing of an organisation, made from the data map.

What the software cannot know, such as who is responsible, is left for the organisation to fill in and
marked so. Source: Regulation (EU) 2016/679, article 30(1), https://eur-lex.europa.eu/eli/reg/2016/679/oj
"""

from collections.abc import Iterator
from typing import Final

from backend.domain.data_map import DATA_MAP
from backend.domain.data_map_terms import BASES, PLACES, REACHES, Datum, Phrase
from backend.domain.messages import Language
from backend.domain.purposes import PURPOSES

_TITLE: Final = Phrase("Registre des activités de traitement", "Record of processing activities")
_FILL: Final = Phrase("(à compléter par l'organisation)", "(to be filled in by the organisation)")
_HEAD: Final = (
    (Phrase("Responsable du traitement", "Controller"), None),
    (Phrase("Délégué à la protection des données", "Data protection officer"), None),
    (
        Phrase("Personnes concernées", "Data subjects"),
        Phrase(
            "membres, personnes qui demandent à l'être, anciens membres ; représentants d'organisations ;"
            " personnes invitées à fonder",
            "members, people who ask to join, former members; representatives of organisations; people"
            " invited to found",
        ),
    ),
    (
        Phrase("Destinataires", "Recipients"),
        Phrase(
            "qui tient le registre ; les auditeurs (clés, signatures et listes d'émargement, en clair) ; le"
            " serveur de courrier et les fournisseurs d'identité, là où il y en a",
            "those who keep the register; auditors (keys, signatures and rolls, in clear); the mail server"
            " and providers of identity, where there are any",
        ),
    ),
    (
        Phrase("Transferts hors de l'Union", "Transfers outside the Union"),
        Phrase(
            "aucun par le logiciel ; une chaîne publique ne reçoit que l'empreinte du registre",
            "none by the software; a public chain receives the hash of the ledger only",
        ),
    ),
    (
        Phrase("Mesures de sécurité", "Security measures"),
        Phrase(
            "AES-256-GCM sous une clé par personne, clé maîtresse à part, engagements salés, double"
            " signature des effacements, journal des violations",
            "AES-256-GCM under a key per person, master key kept apart, salted commitments, two signatures"
            " for erasures, log of breaches",
        ),
    ),
)
_PURPOSES: Final = Phrase("Finalités", "Purposes")
_NEEDED: Final = Phrase("nécessaire à l'adhésion", "needed for membership")
_FREE: Final = Phrase("repose sur le consentement", "rests on consent")
_COLUMNS: Final = (
    Phrase("Donnée", "Datum"),
    Phrase("Finalité", "Purpose"),
    Phrase("Base légale", "Ground"),
    Phrase("Où", "Where"),
    Phrase("Durée", "How long"),
    Phrase("Sur une chaîne publique", "On a public chain"),
)


def processing_record(organisation: str, language: Language) -> str:
    """Return the record as Markdown.

    Args:
        organisation: Name of the organisation, as its ledger has it.
        language: Language of the record.
    """
    return "\n".join(_lines(organisation, language)) + "\n"


def processing_rows(language: Language) -> Iterator[dict[str, str]]:
    """Yield what a person is told of each datum, by the name of the column of the record.

    Args:
        language: Language of names and texts.
    """
    names = [said(column, language) for column in _COLUMNS]
    for datum in DATA_MAP:
        yield dict(zip(names, _cells(datum, language), strict=True))


def said(phrase: Phrase, language: Language) -> str:
    """Return a phrase in a language."""
    return phrase.fr if language == "fr" else phrase.en


def _lines(organisation: str, language: Language) -> Iterator[str]:
    yield f"# {said(_TITLE, language)}: {organisation}"
    yield ""
    for name, text in _HEAD:
        yield f"- **{said(name, language)}**: {said(text or _FILL, language)}"
    yield ""
    yield f"## {said(_PURPOSES, language)}"
    yield ""
    for purpose in PURPOSES.values():
        words = purpose.fr if language == "fr" else purpose.en
        yield f"- `{purpose.name}` ({said(_NEEDED if purpose.needed else _FREE, language)}): {words}"
    yield ""
    names = [said(column, language) for column in _COLUMNS]
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for datum in DATA_MAP:
        yield f"| {' | '.join(_cells(datum, language))} |"


def _cells(datum: Datum, language: Language) -> tuple[str, ...]:
    return (
        f"{said(datum.what, language)} (`{datum.table}`)",
        said(datum.why, language),
        said(BASES[datum.basis], language),
        said(PLACES[datum.place], language),
        said(datum.kept, language),
        said(REACHES[datum.reach], language),
    )
