"""Articles of a statutes text, and where in an article words are quoted from.

A1 an article starts with a line ``Article``, a number and a full stop, colon, dash or the end of the line.
A2 it ends where the next one starts, or with the text.
A3 a quotation is found whatever the breaks of lines, the spaces and the shape of its apostrophes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.errors import InvalidInputError
from backend.domain.rulebook.rule import Article, Span

_HEADING = re.compile(
    r"^[^\S\n]*(?:#+[^\S\n]*)?article[^\S\n]+"
    r"(?P<number>premier|1er|additionnel[^\S\n]+[0-9]+"
    r"|[0-9]+(?:[-.][0-9]+)*(?:[^\S\n]+(?:bis|ter|quater))?|[ivxlc]+)"
    r"[^\S\n]*(?:[.:\u2013\u2014-]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_SPACES = re.compile(r"\s+")
_APOSTROPHES = re.compile("['\u2019]")
_FIRST = frozenset(("premier", "1er"))


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Where an article stands in a text."""

    number: Article
    """Its number, as the text prints it."""
    start: int
    """First character, that of its heading."""
    end: int
    """Character after the last."""


def read_articles(text: str) -> Mapping[Article, ArticleText]:
    """Return the articles of a text by ``article_key`` of their numbers, in the order of the text.

    Raises:
        InvalidInputError: ``rulebook.source.articles`` when the text has none;
            ``rulebook.source.article_twice`` when two bear one number.
    """
    headings = list(_HEADING.finditer(text))
    if not headings:
        raise InvalidInputError(
            "rulebook.source.articles", expected="Article 1. Nom", found="no article heading"
        )
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    articles: dict[Article, ArticleText] = {}
    for heading, end in zip(headings, ends, strict=True):
        number = heading["number"]
        if article_key(number) in articles:
            raise InvalidInputError(
                "rulebook.source.article_twice",
                expected="each number once",
                found=f"Article {number}",
            )
        articles[article_key(number)] = ArticleText(number, heading.start(), end)
    return articles


def article_key(number: str) -> Article:
    """Return the form of an article's number under which numbers are compared: ``premier`` is ``1``."""
    plain = _SPACES.sub(" ", number.strip()).casefold()
    return "1" if plain in _FIRST else plain


def find_quote(text: str, article: ArticleText, quote: str) -> tuple[Span, ...]:
    """Return every place in an article where words are quoted from, as bytes of the UTF-8 text (A3)."""
    words = (_APOSTROPHES.sub("['\u2019]", re.escape(word)) for word in quote.split())
    pattern = re.compile(r"\s+".join(words))
    return tuple(
        Span(_byte(text, match.start()), _byte(text, match.end()))
        for match in pattern.finditer(text, article.start, article.end)
    )


def _byte(text: str, character: int) -> int:
    return len(text[:character].encode())
