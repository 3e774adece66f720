"""All comparisons, family by family; each family has a module with a list of its own."""

from collections.abc import Sequence

from tests.oracles import grades, rankings, shares, totals, transfers
from tests.oracles.comparison import Comparison

COMPARISONS: Sequence[Comparison] = (
    *totals.COMPARISONS,
    *grades.COMPARISONS,
    *shares.COMPARISONS,
    *rankings.COMPARISONS,
    *transfers.COMPARISONS,
)
"""What ``scripts/oracles`` runs, in the order of its table."""
