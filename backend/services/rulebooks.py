"""What the linter says of the rules in force."""

from dataclasses import dataclass

from anchoring.ports import DocumentStore
from backend.domain.acts import Slug
from backend.domain.messages import Language
from backend.domain.rulebook.findings import Severity
from backend.domain.rulebook.linter import lint
from backend.domain.rulebook.report import finding_text
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, in words."""

    code: str
    """Stable machine name."""
    severity: Severity
    """How it weighs."""
    articles: tuple[str, ...]
    """Articles concerned."""
    rules: tuple[Slug, ...]
    """Rules concerned."""
    text: str
    """What is to be said."""


def findings_of(state: State, documents: DocumentStore, language: Language) -> list[FindingView]:
    """Return what the linter finds in the rulebook in force, in its order.

    Args:
        state: Now.
        documents: Where the statutes are looked up.
        language: Language of the texts.

    Raises:
        NotFoundError: Nothing is founded yet.
        UnavailableError: The statutes are not held.
    """
    rulebook = state.in_force().rulebook
    return [
        FindingView(
            found.code, found.severity, found.articles, found.rules, finding_text(found, language)
        )
        for found in lint(rulebook, documents.get(rulebook.text))
    ]
