"""Equal shares counted the slow, literal way: a purse for each voter, and every price tried in turn.

Oracle for ``backend.domain.methods.equal_shares``; ties are broken by a complete order of the options, or
by all of them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from backend.domain.acts import Slug
from backend.domain.methods.choices import Approved


def price_of(cost: int, purses: Sequence[Fraction]) -> Fraction | None:
    """Return what each pays, or all they have, so that the cost is made up; None if it cannot be."""
    if not purses or sum(purses) < cost:
        return None
    poorest_first = sorted(purses)
    for poor in range(len(purses)):
        price = (cost - sum(poorest_first[:poor])) / Fraction(len(purses) - poor)
        if sum(min(purse, price) for purse in purses) == cost:
            return price
    return max(purses)


def bought_with_shares(
    ballots: Sequence[Approved], costs: Mapping[Slug, int], budget: int, order: Sequence[Slug]
) -> list[tuple[Slug, Fraction]]:
    """Return what voters buy with their shares and at which price, ties broken by the order."""
    purses = [Fraction(budget, len(ballots)) for _ in ballots]
    wanted = list(order)
    bought: list[tuple[Slug, Fraction]] = []
    while True:
        best: tuple[Fraction, Slug, Fraction] | None = None
        for option in wanted:
            theirs = [purse for purse, each in zip(purses, ballots, strict=True) if option in each]
            price = price_of(costs[option], theirs)
            if price is not None and (best is None or price / costs[option] < best[0]):
                best = (price / costs[option], option, price)
        if best is None:
            return bought
        _, option, price = best
        for voter, approved in enumerate(ballots):
            if option in approved:
                purses[voter] -= min(purses[voter], price)
        wanted.remove(option)
        bought.append((option, price))


def bought_in_all(
    ballots: Sequence[Approved], costs: Mapping[Slug, int], budget: int, order: Sequence[Slug]
) -> list[Slug]:
    """Return all that is bought, completion included, ties broken by the order."""
    bought = [option for option, _ in bought_with_shares(ballots, costs, budget, order)]
    left = budget - sum(costs[option] for option in bought)
    approvals = {option: sum(option in each for each in ballots) for option in order}
    for option in sorted(order, key=lambda each: (-approvals[each], order.index(each))):
        if option not in bought and approvals[option] and costs[option] <= left:
            bought.append(option)
            left -= costs[option]
    return bought
