"""Decisions in words, with the statutes they quote."""

from dataclasses import dataclass

from anchoring.ports import DocumentStore
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.domain.explanations import explain
from backend.domain.messages import Language
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """Why a decision is valid, in words."""

    motion: Slug
    """The motion decided."""
    language: Language
    """Language of the sentences."""
    headline: str
    """The outcome."""
    steps: tuple[str, ...]
    """One text for each step of the derivation, in its order."""


def explanation_of(
    state: State, documents: DocumentStore, motion: Slug, language: Language
) -> ExplanationView:
    """Return the derivation of the latest decision on a motion in words.

    Args:
        state: Now.
        documents: Where the statutes are looked up.
        motion: The motion.
        language: Language of the sentences.

    Raises:
        NotFoundError: No decision on such a motion.
        UnavailableError: The statutes are not held.
    """
    decision = state.decisions.get(motion)
    if decision is None:
        raise NotFoundError("decision", motion)
    rulebook = state.governing(decision.assembly)
    headline, *steps = explain(decision, rulebook, documents.get(rulebook.text), language)
    return ExplanationView(motion, language, headline, tuple(steps))
