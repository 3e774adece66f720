"""Refusals of the domain, each with fields; no transport and no wording lives here.

Wording for members, in French and English, is in ``backend.domain.messages``, keyed by ``code``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleReference:
    """The rule a refusal, a derivation step or an audit finding rests on."""

    id: str
    """Id of the rule in the rulebook, or a built-in id that starts with ``psephos.``."""
    article: str
    """Article of the statutes, or the empty string for a built-in rule."""


class GovernanceError(Exception):
    """Root of every refusal.

    Args:
        code: Stable machine name of the refusal ("ballot.closed"), key of its wording.
        expected: What would have been accepted.
        found: What was met.
    """

    def __init__(self, code: str, *, expected: str, found: str) -> None:
        super().__init__(code, expected, found)
        self.code = code
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.code}: expected {self.expected}, found {self.found}"


class NotFoundError(GovernanceError):
    """Something named does not exist.

    Args:
        noun: What was looked for ("member", "motion").
        identifier: The name that matches nothing.
    """

    def __init__(self, noun: str, identifier: str) -> None:
        super().__init__(f"{noun}.unknown", expected=f"an existing {noun}", found=identifier)
        self.noun = noun
        self.identifier = identifier


class ConflictError(GovernanceError):
    """The request contradicts what is already recorded (an id in use, a key reused)."""


class InvalidInputError(GovernanceError):
    """A document or a field that cannot mean anything under any rule."""


class NotPermittedError(GovernanceError):
    """The caller is not who may do this, whatever the rulebook says."""


class TooSoonError(GovernanceError):
    """The same was tried too often; whether it would have succeeded is not told.

    Args:
        code: Stable machine name of the refusal.
        expected: What would have been accepted.
        found: What was met.
        wait_s: Seconds after which it may be tried again, at least 1.
    """

    def __init__(self, code: str, *, expected: str, found: str, wait_s: int) -> None:
        super().__init__(code, expected=expected, found=found)
        self.wait_s = wait_s


class RuleViolation(GovernanceError):  # noqa: N818 - the design names it so; it is the word of the domain
    """An act that a rule forbids.

    Args:
        code: Stable machine name of the refusal.
        rule: The rule that forbids it.
        expected: What the rule requires.
        found: What was met.
        entry: Index of the entry at fault, where it is not the one being checked.
    """

    def __init__(
        self,
        code: str,
        rule: RuleReference,
        *,
        expected: str,
        found: str,
        entry: int | None = None,
    ) -> None:
        super().__init__(code, expected=expected, found=found)
        self.rule = rule
        self.entry = entry

    def __str__(self) -> str:
        article = f" (article {self.rule.article})" if self.rule.article else ""
        return f"{self.rule.id}{article}: expected {self.expected}, found {self.found}"
