"""What the calendar says: titles and explanations of obligations, in French and English."""

# ruff: noqa: RUF001 - French typography has its own apostrophe and spaces

from collections.abc import Mapping
from typing import Final

from backend.domain.acts import MotionKind
from backend.domain.deadlines import Day, parse_day
from backend.domain.messages import Language
from backend.domain.obligations.due import ObligationDue, ObligationKind, Status

OBLIGATIONS: Final[Mapping[Language, Mapping[ObligationKind, tuple[str, str]]]] = {
    "fr": {
        "session": ("À tenir : {title}", "Cette session se tient du {first} au {last}."),
        "second_convocation": (
            "À convoquer une seconde fois : {title}",
            (
                "Le quorum n’a pas été atteint ; la seconde session s’ouvre le {first} au plus tôt "
                "et le {last} au plus tard."
            ),
        ),
        "convocation": (
            "À convoquer sur demande : {title}",
            "Assez de membres l’ont demandée le {first} ; la convocation part le {last} au plus tard.",
        ),
        "minutes": (
            "Procès-verbal : {title}",
            "La session a pris fin le {first} ; son procès-verbal est dû le {last} au plus tard.",
        ),
        "mandate": ("Fin d’un mandat : {title}", "Dernier jour du mandat : {last}."),
        "vacancy": (
            "Siège à pourvoir : {title}",
            "Les statuts demandent plus de titulaires depuis le {last} ; il n’y en a jamais eu assez.",
        ),
        "co_option": (
            "Fin de la cooptation : {title}",
            "La cooptation est ouverte du {first} au {last}.",
        ),
        "ratification": (
            "À ratifier : {title}",
            "Ces règles intérieures attendent leur ratification, du {first} au {last}.",
        ),
        "reply": (
            "Délai de réponse : {title}",
            (
                "Les griefs ont été notifiés le {first} ; le membre concerné peut répondre "
                "jusqu’au {last}."
            ),
        ),
        "appeal": (
            "Délai de recours : {title}",
            (
                "La mesure a été prise le {first} ; le membre concerné peut la contester "
                "jusqu’au {last}."
            ),
        ),
        "resolution": (
            "À faire : {title}",
            "Une résolution adoptée le demande, pour le {last} au plus tard.",
        ),
        "engagement": ("Fin de l’engagement : {title}", "L’engagement court jusqu’au {last}."),
    },
    "en": {
        "session": ("To be held: {title}", "This session is held from {first} to {last}."),
        "second_convocation": (
            "To be called again: {title}",
            (
                "There was no quorum; the second session opens on {first} at the earliest and on {last} "
                "at the latest."
            ),
        ),
        "convocation": (
            "To be called on request: {title}",
            "Enough members asked for it on {first}; it is called by {last} at the latest.",
        ),
        "minutes": (
            "Minutes: {title}",
            "The session ended on {first}; its minutes are due by {last}.",
        ),
        "mandate": ("End of a mandate: {title}", "Last day of the mandate: {last}."),
        "vacancy": (
            "Seat to be filled: {title}",
            "The statutes have asked for more holders since {last}; there never were enough.",
        ),
        "co_option": (
            "End of co-option: {title}",
            "Co-option is open from {first} to {last}.",
        ),
        "ratification": (
            "To be ratified: {title}",
            "These internal rules await ratification, from {first} to {last}.",
        ),
        "reply": (
            "Time to reply: {title}",
            "The grounds were served on {first}; the member concerned may reply until {last}.",
        ),
        "appeal": (
            "Time to appeal: {title}",
            "The measure was taken on {first}; the member concerned may contest it until {last}.",
        ),
        "resolution": (
            "To be done: {title}",
            "An adopted resolution asks for it by {last}.",
        ),
        "engagement": ("End of the agreement: {title}", "The agreement runs until {last}."),
    },
}
"""Title and explanation by language and kind; ``{title}``, ``{first}`` and ``{last}`` are filled in."""

STATUSES: Final[Mapping[Language, Mapping[Status, str]]] = {
    "fr": {
        "upcoming": "À venir",
        "due": "En cours",
        "overdue": "En retard",
        "done": "Fait",
        "lapsed": "Terminé",
    },
    "en": {
        "upcoming": "Upcoming",
        "due": "Due",
        "overdue": "Overdue",
        "done": "Done",
        "lapsed": "Over",
    },
}
"""Statuses in words."""

KINDS: Final[Mapping[Language, Mapping[MotionKind, str]]] = {
    "fr": {
        "constituent": "motion constituante",
        "abrogative": "motion abrogatoire",
        "revocatory": "motion révocatoire",
        "legislative": "motion législative",
        "election": "élection",
        "approval": "approbation des rapports et des comptes",
        "affiliation": "affiliation",
        "exclusion": "exclusion",
        "sanction": "sanction",
        "appeal": "recours",
        "internal_rules": "règlement intérieur",
        "ratification": "ratification",
        "interpretation": "interprétation",
        "valuation": "valorisation",
        "dissolution": "dissolution",
    },
    "en": {
        "constituent": "constituent motion",
        "abrogative": "abrogative motion",
        "revocatory": "revocatory motion",
        "legislative": "legislative motion",
        "election": "election",
        "approval": "approval of reports and accounts",
        "affiliation": "affiliation",
        "exclusion": "exclusion",
        "sanction": "sanction",
        "appeal": "appeal",
        "internal_rules": "internal rules",
        "ratification": "ratification",
        "interpretation": "interpretation",
        "valuation": "valuation",
        "dissolution": "dissolution",
    },
}
"""Kinds of motion in words."""

_VACANT: Final[Mapping[Language, str]] = {
    "fr": " Le siège n’a plus assez de titulaires dont le mandat court.",
    "en": " The seat no longer has enough holders in their term.",
}
_AGENDA: Final[Mapping[Language, str]] = {
    "fr": " À l’ordre du jour : {motions}.",
    "en": " On the agenda: {motions}.",
}
_BEARER: Final[Mapping[Language, str]] = {"fr": " Qui : {bearer}.", "en": " Who: {bearer}."}
_ARTICLE: Final[Mapping[Language, str]] = {
    "fr": "Article {article} : {text}",
    "en": "Article {article}: {text}",
}
_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def obligation_title(obligation: ObligationDue, language: Language) -> str:
    """Return a line that says what is to happen; whether it is late or done comes first."""
    title, _ = OBLIGATIONS[language][obligation.kind]
    text = title.format(title=obligation.title)
    if obligation.status in ("upcoming", "due"):
        return text
    return f"{STATUSES[language][obligation.status]} – {text}"


def obligation_detail(obligation: ObligationDue, language: Language) -> str:
    """Return the article, the dates, what belongs to it, who has to do it and where it stands."""
    _, detail = OBLIGATIONS[language][obligation.kind]
    text = detail.format(
        first=day_text(obligation.first, language), last=day_text(obligation.last, language)
    )
    if obligation.kind == "mandate" and obligation.status == "overdue":
        text += _VACANT[language]
    if obligation.motions:
        kinds = ", ".join(KINDS[language][kind] for kind in obligation.motions)
        text += _AGENDA[language].format(motions=kinds)
    if obligation.bearer:
        text += _BEARER[language].format(bearer=obligation.bearer)
    text += f" {STATUSES[language][obligation.status]}."
    if not obligation.article:
        return text
    return _ARTICLE[language].format(article=obligation.article, text=text)


def day_text(day: Day, language: Language) -> str:
    """Return a day in words, for example ``1er mars 2027`` or ``1 March 2027``."""
    date = parse_day(day)
    number = "1er" if language == "fr" and date.day == 1 else str(date.day)
    return f"{number} {_MONTHS[language][date.month - 1]} {date.year}"
