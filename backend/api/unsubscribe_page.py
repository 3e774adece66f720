"""The page behind the link that unsubscribes: reading it changes nothing, its button does.

Programs open links in mail before people do, so that opening one must not be an answer.
"""

from typing import Final, Literal

from backend.domain.messages import Language, typeset

_WORDS: Final[dict[Language, dict[Literal["title", "ask", "button", "done"], str]]] = {
    "fr": {
        "title": "Nouvelles",
        "ask": "Ne plus recevoir de nouvelles par courriel ? Les convocations et les lettres qui"
        " concernent vos droits continuent.",
        "button": "Ne plus recevoir de nouvelles",
        "done": "C'est fait : vous ne recevrez plus de nouvelles par courriel.",
    },
    "en": {
        "title": "News",
        "ask": "Receive no more news by mail? Convocations and letters that concern your rights go on.",
        "button": "Receive no more news",
        "done": "Done: you will receive no more news by mail.",
    },
}


def unsubscribe_page(language: Language, step: Literal["ask", "done"]) -> str:
    """Return the page, HTML.

    Args:
        language: Language of the reader.
        step: Before the button, or after it.
    """
    words = {name: typeset(text, language) for name, text in _WORDS[language].items()}
    form = f'<form method="post"><button>{words["button"]}</button></form>' if step == "ask" else ""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{words['title']}</title><p>{words[step]}</p>{form}</html>\n"
    )
