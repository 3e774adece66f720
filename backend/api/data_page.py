"""Everything held about a person as a page to read: two languages, no script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from backend.services.personal_data import Document

PAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Content security policy of the page."""

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("Nom", "Name"),
    "birthDate": ("Naissance", "Birth"),
    "email": ("Courriel", "E-mail"),
    "knowsLanguage": ("Langue", "Language"),
    "identifier": ("Pseudonyme", "Pseudonym"),
    "memberOf": ("Organisation", "Organisation"),
    "psephos:facts": ("Faits déclarés", "Declared facts"),
    "psephos:factsSalt": ("Sel de l'engagement", "Salt of the commitment"),
    "psephos:register": ("Au registre", "On the register"),
    "psephos:purposes": ("Finalités et réponses", "Purposes and answers"),
    "psephos:consents": ("Historique des consentements", "History of consents"),
    "psephos:mandates": ("Mandats", "Mandates"),
    "psephos:representative": ("Qui vous représente", "Who acts for you"),
    "psephos:letters": ("Lettres à vous", "Letters to you"),
    "psephos:ballots": ("Bulletins encore reliés à vous", "Ballots still linked to you"),
    "psephos:rows": ("Autres données gardées", "Other data that is kept"),
    "psephos:entries": ("Actes sous votre pseudonyme", "Acts under your pseudonym"),
    "psephos:signatures": ("Vos signatures", "Your signatures"),
    "psephos:processing": ("Ce qui est gardé (anglais)", "What is kept"),
    "psephos:traitement": ("Ce qui est gardé", "What is kept (French)"),
}
_NOTHING: Final = "&mdash;"
_STYLE: Final = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "dt{font-weight:bold}dd,li{overflow-wrap:anywhere}"
)


def data_page(data: Document) -> str:
    """Return the page.

    Args:
        data: What ``services.personal_data`` returns.
    """
    return "".join(_lines(data))


def _lines(data: Document) -> Iterator[str]:
    yield (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Mes données / My data</title>'
        f"<style>{_STYLE}</style></head><body>"
        '<h1>Mes données / <span lang="en">My data</span></h1>'
    )
    for name, value in data.items():
        if name not in _TITLES:
            continue
        french, english = _TITLES[name]
        yield f'<h2>{escape(french)} / <span lang="en">{escape(english)}</span></h2>'
        yield _shown(value)
    yield "</body></html>"


def _shown(value: object) -> str:
    """Return any JSON value as HTML, every text of it escaped."""
    if isinstance(value, Mapping):
        items = "".join(
            f"<dt>{escape(str(name))}</dt><dd>{_shown(each)}</dd>" for name, each in value.items()
        )
        return f"<dl>{items}</dl>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (
            f"<ul>{''.join(f'<li>{_shown(each)}</li>' for each in value)}</ul>"
            if value
            else _NOTHING
        )
    return _NOTHING if value is None else escape(str(value))
