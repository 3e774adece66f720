"""What an audit found."""

from dataclasses import dataclass

from anchoring.core.errors import AnchoringError, VerificationError
from backend.domain.errors import GovernanceError, RuleReference, RuleViolation

LEDGER_RULE = RuleReference("psephos.ledger", "")
"""Built-in rule: the ledger is what its signed checkpoint and its anchors say."""

DOCUMENT_RULE = RuleReference("psephos.document", "")
"""Built-in rule: every document an act refers to is there and is what its CID says."""

ENTRY_RULE = RuleReference("psephos.entry", "")
"""Built-in rule: an entry says something that the closed vocabulary knows about things that exist."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that the ledger claims and the rules do not confirm."""

    entry: int | None
    """Index of the entry at fault; None where it is the ledger as a whole."""
    rule: RuleReference
    """The rule it breaks."""
    code: str
    """Stable name of what is wrong."""
    expected: str
    """What the rules make of it."""
    found: str
    """What the ledger says."""
    act: str = ""
    """Name of the entry's act; empty where there is no entry, or it is unreadable."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result."""

    origin: str
    """The ledger."""
    entries: int
    """Entries replayed."""
    anchored: int
    """Entries covered by a proven anchor."""
    anchors: int
    """Anchors proven."""
    documents: int
    """Distinct documents found to be what their CIDs say."""
    redacted: int
    """Checks that could not be made because a detached proof was erased."""
    disagreements: tuple[Disagreement, ...]
    """Everything that does not hold, in the order of the ledger."""
    destroyed: int = 0
    """Signatures of ballots that the ledger says were destroyed when contest periods were over."""
    confirmed: int = 0
    """Signatures of contract accounts that a chain confirmed, at the blocks that were kept."""
    unasked: int = 0
    """Signatures of contract accounts that need a chain, about which none was asked."""

    @property
    def lawful(self) -> bool:
        """Whether nothing was found."""
        return not self.disagreements


def disagreement(
    error: GovernanceError | AnchoringError, *, entry: int | None, rule: RuleReference
) -> Disagreement:
    """Return the disagreement an error stands for.

    Args:
        error: What a check raised.
        entry: The entry being checked.
        rule: The rule to name where the error names none.
    """
    if isinstance(error, RuleViolation):
        at_fault = entry if error.entry is None else error.entry
        return Disagreement(at_fault, error.rule, error.code, error.expected, error.found)
    if isinstance(error, GovernanceError):
        return Disagreement(entry, rule, error.code, error.expected, error.found)
    if isinstance(error, VerificationError):
        return Disagreement(entry, rule, error.step, error.expected, error.found)
    return Disagreement(entry, rule, "ledger.unreadable", "a whole bundle", str(error))
