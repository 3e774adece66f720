"""The linter: what statutes as rules leave open, contradict, or make impossible.

L1 every silence is named with what it blocks. L2 a kind of motion, session or body out of reach is named.
L3 numbers are recomputed exactly. L4 what the software records but does not enforce is said. L5 what a rule
names exists. Findings come in the order of ``SEVERITIES``, and within one in the order of the checks.
"""

from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.checklist import lint_completeness
from backend.domain.rulebook.findings import SEVERITIES, Finding, Inquiry
from backend.domain.rulebook.lint_bodies import lint_bodies
from backend.domain.rulebook.lint_contests import lint_contests
from backend.domain.rulebook.lint_decisions import lint_decisions
from backend.domain.rulebook.lint_members import lint_members
from backend.domain.rulebook.lint_reach import lint_reach
from backend.domain.rulebook.lint_records import lint_records
from backend.domain.rulebook.lint_references import lint_references
from backend.domain.rulebook.lint_sessions import lint_sessions
from backend.domain.rulebook.lint_silences import lint_silences

_CHECKS = (
    lint_references,
    lint_reach,
    lint_silences,
    lint_sessions,
    lint_decisions,
    lint_contests,
    lint_bodies,
    lint_members,
    lint_records,
    lint_completeness,
)


def lint(rulebook: Rulebook, statutes: bytes) -> tuple[Finding, ...]:
    """Return everything to say about a rulebook, the gravest first.

    Args:
        rulebook: The rules.
        statutes: The text they come from, UTF-8, with at least one article.

    Raises:
        InvalidInputError: As ``backend.domain.rulebook.articles.read_articles``.
    """
    inquiry = Inquiry(rulebook, statutes)
    found = [each for check in _CHECKS for each in check(inquiry)]
    return tuple(sorted(found, key=lambda each: SEVERITIES.index(each.severity)))
