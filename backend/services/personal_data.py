"""Everything the server holds about a person, as one JSON-LD document (https://www.w3.org/TR/json-ld11/).

What schema.org has a word for is said with it; everything else is under ``psephos:``. ``psephos:facts``
can be handed in again as the ``facts`` of an application. Source: Regulation (EU) 2016/679, articles 15
and 20.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Final

import msgspec

from backend.domain.acts import MemberId, Slug
from backend.domain.processing_record import processing_rows
from backend.domain.purposes import PURPOSES, Answer, PurposeName, standing
from backend.services.letters import Asked, Letters, LetterView
from backend.services.persons import Persons
from backend.services.private_data import PrivateData
from backend.services.views import MAX_PAGE, EntryView, Reads

CONTEXT: Final[Mapping[str, str]] = {
    "@vocab": "https://schema.org/",
    "psephos": "urn:psephos:terms:",
}
"""Where the words of the document are defined."""

_SCHEMA_ORG: Final = {
    "name": "name",
    "born": "birthDate",
    "email": "email",
    "language": "knowsLanguage",
}

Document = Mapping[str, object]
"""A JSON object."""


def personal_data(
    reads: Reads,
    persons: Persons,
    private: PrivateData,
    letters: Letters,
    slug: Slug,
    *,
    member: MemberId,
) -> Document:
    """Return everything the server holds about a person.

    Args:
        reads: Committed facts.
        persons: What they declared.
        private: What else lies beside the ledger.
        letters: Letters to them.
        slug: The organisation.
        member: Their pseudonym.

    Raises:
        NotFoundError: No such organisation or member.
    """
    view, organisation = reads.member(slug, member), reads.organisation(slug)
    facts = persons.facts(slug, member) or {}
    salt, answers = private.salt(slug, member), private.answers(slug, member)
    state = reads.state(slug)
    said = {_SCHEMA_ORG[name]: value for name, value in facts.items() if name in _SCHEMA_ORG}
    return {
        "@context": dict(CONTEXT),
        "@id": f"urn:psephos:{slug}:{member}",
        "@type": "Organization" if "registration" in facts else "Person",
        **said,
        "identifier": member,
        "memberOf": {"@type": "Organization", "identifier": slug, "name": organisation.name},
        "psephos:facts": dict(facts),
        "psephos:factsSalt": None if salt is None else salt.hex(),
        "psephos:register": asdict(view),
        "psephos:purposes": [_purpose(name, answers) for name in PURPOSES],
        "psephos:consents": [msgspec.to_builtins(each) for each in answers],
        "psephos:mandates": [
            asdict(each)
            for each in sorted(state.mandates.values(), key=lambda mandate: mandate.id)
            if each.holder == member
        ],
        "psephos:representative": private.representative(slug, member),
        "psephos:letters": [asdict(each) for each in _letters(letters, slug, member)],
        "psephos:ballots": [asdict(each) for each in private.ballots(slug, member)],
        "psephos:rows": {name: list(rows) for name, rows in private.rows(slug, member).items()},
        "psephos:entries": [_entry(each) for each in _entries(reads, slug, member)],
        "psephos:signatures": _signatures(reads, slug, member),
        "psephos:processing": list(processing_rows("en")),
        "psephos:traitement": list(processing_rows("fr")),
    }


def _purpose(name: PurposeName, answers: tuple[Answer, ...]) -> Document:
    purpose, last = PURPOSES[name], standing(answers).get(name)
    return {
        "purpose": name,
        "needed": purpose.needed,
        "version": purpose.version,
        "fr": purpose.fr,
        "en": purpose.en,
        "answer": None if last is None else last.reply,
    }


def _entries(reads: Reads, slug: Slug, member: MemberId) -> Iterator[EntryView]:
    """Yield the entries that name a pseudonym."""
    named, start = member.encode(), 0
    while page := reads.entries(slug, start, MAX_PAGE):
        yield from (each for each in page if named in each.content)
        start += len(page)


def _letters(letters: Letters, slug: Slug, member: MemberId) -> Iterator[LetterView]:
    """Yield the letters to someone, oldest first; what opened something is wiped."""
    asked = Asked(member=member, limit=MAX_PAGE)
    while page := letters.page(slug, asked):
        yield from page
        asked = replace(asked, after=page[-1].cursor)


def _entry(view: EntryView) -> Document:
    return {"index": view.index, "content": msgspec.json.decode(view.content)}


def _signatures(reads: Reads, slug: Slug, member: MemberId) -> list[Document]:
    """Return the signatures that are kept of someone's keys, by entry."""
    sources, state = reads.sources(slug), reads.state(slug)
    found = state.member(member)
    openings = map(sources.key, (*found.keys, *found.former_keys))
    keys = {opening.key for opening in openings if opening is not None}
    opened = ((index, sources.signatures(index) or ()) for index in range(state.size))
    return [
        {
            "entry": index,
            "key": opening.key.hex(),
            "signature": opening.signature.hex(),
            "salt": opening.salt.hex(),
        }
        for index, signatures in opened
        for opening in signatures
        if opening.key in keys
    ]
