"""What a bundle tells in words, offline: who sat where, what is due, why a decision is valid."""

from collections.abc import Iterator

from backend.domain.acts import Slug
from backend.domain.deadlines import Day, parse_day
from backend.domain.electorate import parse_elector, verify_elector
from backend.domain.errors import NotFoundError
from backend.domain.explanations import explain
from backend.domain.mandates import SeatComposition, composition
from backend.domain.messages import Language
from backend.domain.obligation_texts import obligation_detail, obligation_title
from backend.domain.obligations import obligations
from backend.domain.rulebook.bodies import Body
from backend.domain.sources import Sources
from backend.domain.state import State

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "vacant": "vacant, {} missing",
        "empty": "nobody",
        "until": "{} since {}, until {}",
        "over": "{} since {}, term over on {}, stays until replaced",
        "elector": "{} is in the electorate: leaf {} of {}",
        "vote": "Motion {}, assembly {}, called in entry {}",
    },
    "fr": {
        "vacant": "vacant, il en manque {}",
        "empty": "personne",
        "until": "{} depuis le {}, jusqu'au {}",
        "over": "{} depuis le {}, mandat échu le {}, reste jusqu'à son remplacement",
        "elector": "{} est dans la liste des votants : feuille {} sur {}",
        "vote": "Motion {}, assemblée {}, convoquée par l'entrée {}",
    },
}


def explanation_lines(
    state: State, sources: Sources, motion: Slug, language: Language
) -> Iterator[str]:
    """Yield why the latest decision on a motion is valid, or what it lacked.

    Raises:
        NotFoundError: There is no decision on such a motion, or the bundle lacks the statutes.
    """
    decision = state.decisions.get(motion)
    if decision is None:
        raise NotFoundError("decision", motion)
    rulebook = state.governing(decision.assembly)
    yield from explain(decision, rulebook, sources.document(rulebook.text), language)


def body_lines(state: State, day: Day | None, language: Language) -> Iterator[str]:
    """Yield who sat in each body of the statutes in force on a day; without one, that of the last entry.

    Raises:
        InvalidInputError: No such day.
        NotFoundError: The day is before the founding.
        RuleViolation: The statutes of that day did not know a body of today's.
    """
    on = state.day_of(state.at) if day is None else day
    parse_day(on)
    for rule in state.in_force().rulebook.every(Body):
        yield f"{rule.title} ({rule.body}), {on}"
        for seat in composition(state, rule.body, on):
            yield from _seat_lines(seat, on, language)


def obligation_lines(state: State, day: Day | None, language: Language) -> Iterator[str]:
    """Yield what must happen, or may, and by when, as it stands on a day.

    Raises:
        InvalidInputError: No such day.
    """
    on = state.day_of(state.at) if day is None else day
    for each in obligations(state, on):
        yield f"{each.last}  {obligation_title(each, language)}"
        yield f"            {obligation_detail(each, language)}"


def elector_lines(state: State, content: bytes, language: Language) -> Iterator[str]:
    """Yield where a voter stands in the electorate of a decision, having checked the proof.

    Args:
        state: What a lawful ledger tells.
        content: The voter's elector file.
        language: Language of the lines.

    Raises:
        InvalidInputError: Not an elector file, or it does not lead to the electorate's root.
        NotFoundError: No assembly of this ledger takes such a decision.
    """
    proof = parse_elector(content)
    assembly, item = state.item_of(proof.decision)
    verify_elector(proof, item)
    words = _WORDS[language]
    yield words["elector"].format(proof.voter, proof.index + 1, proof.size)
    yield words["vote"].format(item.motion, assembly.data.call.assembly, assembly.entry)


def _seat_lines(seat: SeatComposition, day: Day, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    for mandate in seat.holders:
        form = words["over" if mandate.ends < day else "until"]
        yield f"  {seat.title}: {form.format(mandate.holder, mandate.starts, mandate.ends)}"
    if seat.missing:
        yield f"  {seat.title}: {words['vacant'].format(seat.missing)}"
    elif not seat.holders:
        yield f"  {seat.title}: {words['empty']}"
