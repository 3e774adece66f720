"""The register of members in words, offline, as it was at any past instant."""

from collections.abc import Iterator, Mapping, Sequence

from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.facts import MemberEnd
from backend.domain.instants import Instant
from backend.domain.messages import Language, write_time
from backend.domain.register import (
    RegisterLine,
    RegisterStatus,
    fingerprint,
    moment_of,
    register_after,
)
from backend.domain.sources import Sources
from backend.domain.state import State

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "head": "Register of {} on {}, after entry {}: {} members",
        "fingerprint": "Fingerprint: {}",
        "line": "{}  {} ({})",
        "since": "since {}",
        "place": "of {}",
        "until": "until {}",
        "owes": "dues since {}",
    },
    "fr": {
        "head": "Registre de {}, le {}, après l'entrée {} : {} membres",
        "fingerprint": "Empreinte : {}",
        "line": "{}  {} ({})",
        "since": "depuis le {}",
        "place": "de {}",
        "until": "jusqu'au {}",
        "owes": "cotisations dues depuis le {}",
    },
}
_STATUS: Mapping[Language, Mapping[RegisterStatus, str]] = {
    "en": {
        "applied": "applicant", "refused": "refused", "active": "member",
        "suspended": "suspended member", "in_arrears": "member in arrears", "resigned": "resigned",
        "ended": "former member",
    },
    "fr": {
        "applied": "en attente", "refused": "refus", "active": "membre",
        "suspended": "membre avec suspension", "in_arrears": "membre en retard de cotisation",
        "resigned": "départ volontaire", "ended": "ancien membre",
    },
}  # fmt: skip
_CAUSES: Mapping[Language, Mapping[MemberEnd, str]] = {
    "en": {
        "resignation": "resignation", "death": "death", "exclusion": "exclusion",
        "accreditation_withdrawn": "accreditation withdrawn", "arrears": "arrears",
        "other": "another cause", "merged": "same person as another record",
    },
    "fr": {
        "resignation": "départ", "death": "décès", "exclusion": "exclusion",
        "accreditation_withdrawn": "retrait d'agrément", "arrears": "cotisations impayées",
        "other": "autre cause", "merged": "même personne qu'une autre fiche",
    },
}  # fmt: skip


def register_lines(
    state: State,
    entries: Sequence[Entry],
    sources: Sources,
    until: int | Instant | Day | None,
    language: Language,
) -> Iterator[str]:
    """Yield the register of a lawful ledger at some point: a head, its fingerprint, one line for everyone.

    Args:
        state: What the ledger tells.
        entries: The ledger.
        sources: What the bundle holds beside it.
        until: Index of the last entry, an instant or a day; None for the last instant told.
        language: Language of the lines.

    Raises:
        NotFoundError: No such entry, or the organisation was founded later.
        InvalidInputError: Neither an instant nor a day, or one after the last entry.
    """
    if isinstance(until, str):
        zone = state.in_force().rulebook.time_zone
        until = moment_of(until, zone=zone, latest=state.at)
    register = register_after(entries, sources, until=state.at if until is None else until)
    words = _WORDS[language]
    yield words["head"].format(
        register.origin, write_time(register.at, language), register.entry, register.members()
    )
    yield words["fingerprint"].format(fingerprint(register))
    for line in register.lines:
        said = ", ".join(_said(line, entries, language))
        yield words["line"].format(line.member, said, line.member_class)


def _said(line: RegisterLine, entries: Sequence[Entry], language: Language) -> Iterator[str]:
    words = _WORDS[language]
    yield _STATUS[language][line.status]
    if line.ended_by is not None and line.status == "ended":
        yield _CAUSES[language][line.ended_by]
    if line.since is not None:
        yield words["since"].format(write_time(entries[line.since].at, language))
    if line.place is not None:
        yield words["place"].format(line.place)
    if line.suspended_until is not None and line.status == "suspended":
        yield words["until"].format(write_time(line.suspended_until, language))
    if line.arrears_since is not None:
        yield words["owes"].format(write_time(line.arrears_since, language))
