"""Method of equal shares: voters hold equal parts of a budget and buy together what they approve.

E1. A ballot approves options as in approval voting; ``Contest.costs`` says what each costs.
E2. The budget is divided equally among the valid ballots, to the last fraction of a unit. Blank ballots
    hold nothing.
E3. An option is paid for by those who approve it. Each pays the same price, or all that is left to them
    where that is less; the price is the one that just makes up the cost. Options whose supporters together
    have less than the cost cannot be bought.
E4. The effective votes of an option are its cost divided by its price: as many voters, each paying the full
    price, would pay for it. Of the options that can be bought the one with most effective votes is bought,
    its supporters pay, and the next is looked for, until none can be bought.
E5. Completion: what then remains of the budget goes, in the order of the numbers of approvals, to each
    further option that it still pays for. An option that nobody approves is never bought.
E6. Where several options have most effective votes and every order of buying them has them paid by the same
    voters at the same prices, there is nothing to choose: all are bought. Otherwise the priority chooses;
    what it leaves open is undecided and the count stops. Likewise in the completion: options with equally
    many approvals are bought together where the money pays for all of them, else the priority chooses.
    (equalshares.net advises the cheaper option, then the more approved, then a lot; here a tie is broken by
    what the rulebook declares and by nothing else.)
E7. ``Contest.seats`` bounds nothing here; the budget does.

E1 to E4 measure what a voter gains from an option by its cost ("cost utilities"). They alone often leave much
of the budget unspent, since money of voters with few friends buys nothing. E5 is the plainest of the known
completions, one that members can check by hand, and never undoes what was bought; others that repeat the
count with larger budgets ("Add1") spread the rest more evenly and are harder to follow.

A round of the tally is a purchase. In those of E4 ``votes`` are the effective votes of all options that can
be bought and ``quota`` is the price, in units. In those of E5 ``votes`` are approvals, ``quota`` is absent,
and ``excluded`` are options that cost more than is left; the last round may exclude alone. ``exhausted`` is
the money left after the round.

Source: D. Peters, G. Pierczynski and P. Skowron, "Proportional Participatory Budgeting with Additive
Utilities" (2021), https://arxiv.org/abs/2008.13276; effective votes, ties and completions:
https://equalshares.net/explanation/, https://equalshares.net/implementation/
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from backend.domain.acts import Slug
from backend.domain.methods.choices import Approved, BallotSchema, parse_approved
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.seating import rank
from backend.domain.methods.tally import Round, Tally, TieUnresolvedError, figure, figures

SCHEMA: BallotSchema = "approval"
"""A ballot lists the options approved (E1)."""


parse_choice = parse_approved
"""Reads the options approved."""


def count(votes: Votes[Approved], contest: Contest) -> Tally:
    """Count; totals are approvals (E2 to E6)."""
    market = _Market.of(votes, contest)
    approvals = {option: market.approvals(option) for option in contest.options}
    rounds: list[Round] = []
    undecided: tuple[Slug, ...] = ()
    try:
        for purchase in _rounds(market, approvals, contest):
            rounds.append(purchase)  # noqa: PERF402 - those before an open tie stay
    except TieUnresolvedError as tie:
        undecided = tie.tied
    return Tally(
        method="equal_shares",
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=figures(approvals),
        rounds=tuple(rounds),
        elected=tuple(option for each in rounds for option in each.elected),
        undecided=undecided,
    )


@dataclass(slots=True)
class _Market:
    """Voters with equal ballots have equal money at all times, so ballots hold it for them."""

    costs: Mapping[Slug, int]
    """Cost of each option, in units."""
    supporters: Mapping[Slug, Collection[int]]
    """Numbers of the ballots that approve each option."""
    voters: list[int]
    """Voters who cast each ballot."""
    purses: list[int]
    """What each of those voters has left, in parts of a unit."""
    parts: int
    """Parts that make a unit; their number grows so that every price is a whole number of them."""

    @staticmethod
    def of(votes: Votes[Approved], contest: Contest) -> "_Market":
        """Return the market before the first purchase (E2)."""
        supporters: dict[Slug, list[int]] = {option: [] for option in contest.options}
        for number, approved in enumerate(votes.ballots):
            for option in approved:
                supporters[option].append(number)
        voters = list(votes.ballots.values())
        purses = [contest.budget] * len(voters)
        return _Market(contest.costs, supporters, voters, purses, parts=votes.valid)

    def approvals(self, option: Slug) -> int:
        """Return how many voters approve an option."""
        return sum(self.voters[number] for number in self.supporters[option])

    def price(self, option: Slug) -> Fraction | None:
        """Return the price of an option in units, None where its supporters cannot pay for it (E3)."""
        held: dict[int, int] = defaultdict(int)
        for number in self.supporters[option]:
            held[self.purses[number]] += self.voters[number]
        rest = self.costs[option] * self.parts
        payers = sum(held.values())
        while poor := [purse for purse in held if purse * payers < rest]:
            for purse in poor:
                voters = held.pop(purse)
                rest -= purse * voters
                payers -= voters
        return Fraction(rest, payers * self.parts) if payers else None

    def buy(self, option: Slug, price: Fraction) -> None:
        """Let the supporters of an option pay its price, or all they have left."""
        in_parts = price * self.parts
        finer = in_parts.denominator
        self.parts *= finer
        self.purses = [purse * finer for purse in self.purses]
        for number in self.supporters[option]:
            self.purses[number] = max(0, self.purses[number] - in_parts.numerator)


def _rounds(market: _Market, approvals: Mapping[Slug, int], contest: Contest) -> Iterator[Round]:
    """Yield all purchases.

    Raises:
        TieUnresolvedError: The priority leaves open which option is next, and it matters (E6).
    """
    bought: set[Slug] = set()
    for purchase in _purchases(market, contest):
        bought.update(purchase.elected)
        yield purchase
    yield from _completion(approvals, bought, contest)


def _purchases(market: _Market, contest: Contest) -> Iterator[Round]:
    """Buy options as long as supporters can pay for one (E4).

    Raises:
        TieUnresolvedError: The priority leaves open which one is next, and it matters.
    """
    wanted = list(contest.options)
    left = contest.budget
    while prices := {
        option: price for option in wanted if (price := market.price(option)) is not None
    }:
        effective = {option: contest.costs[option] / price for option, price in prices.items()}
        most = max(effective.values())
        best = sorted(option for option, votes in effective.items() if votes == most)
        option, tied = _next(best, prices, market, contest)
        market.buy(option, prices[option])
        wanted = [other for other in prices if other != option]
        left -= contest.costs[option]
        yield Round(
            votes=figures(effective),
            quota=figure(prices[option]),
            exhausted=figure(left),
            elected=(option,),
            tied=tied,
        )


def _next(
    best: Sequence[Slug], prices: Mapping[Slug, Fraction], market: _Market, contest: Contest
) -> tuple[Slug, tuple[Slug, ...]]:
    """Return which of the best options is bought next, and those between which the priority chose (E6).

    Raises:
        TieUnresolvedError: It leaves open which one, and it matters.
    """
    if _together(best, prices, market):
        return contest.preferred(best)[0], ()
    preferred = contest.preferred(best)
    if not _together(preferred, prices, market):
        raise TieUnresolvedError(preferred)
    return preferred[0], tuple(best)


def _together(options: Sequence[Slug], prices: Mapping[Slug, Fraction], market: _Market) -> bool:
    """Tell whether options keep their prices while they are bought one after the other.

    Then they do in every order: each voter's purse holds what all of them ask of it.
    """
    if len(options) == 1:
        return True
    trial = replace(market, purses=list(market.purses))
    for option in options:
        if trial.price(option) != prices[option]:
            return False
        trial.buy(option, prices[option])
    return True


def _completion(
    approvals: Mapping[Slug, int], bought: Collection[Slug], contest: Contest
) -> Iterator[Round]:
    """Spend what is left on options by their approvals, most first (E5).

    Raises:
        TieUnresolvedError: The priority leaves open which of several options the money goes to.
    """
    wanted = {
        option: number for option, number in approvals.items() if number and option not in bought
    }
    left = contest.budget - sum(contest.costs[option] for option in bought)
    while wanted:
        payable = {option: wanted[option] for option in wanted if contest.costs[option] <= left}
        tier = rank(payable)[0] if payable else ()
        chosen = _paid(tier, left, contest)
        left -= sum(contest.costs[option] for option in chosen)
        yield Round(
            votes=figures(wanted),
            exhausted=figure(left),
            elected=chosen,
            excluded=tuple(sorted(wanted.keys() - payable)),
            tied=() if len(chosen) == len(tier) else tier,
        )
        wanted = {option: payable[option] for option in payable if option not in chosen}


def _paid(tier: Sequence[Slug], left: int, contest: Contest) -> tuple[Slug, ...]:
    """Return which of options with equally many approvals the money left goes to next (E6).

    Args:
        tier: The options, ascending, each costing no more than is left; may be none.
        left: The money, in units.
        contest: Costs and priority.

    Raises:
        TieUnresolvedError: The money does not pay for all that the priority prefers.
    """
    if sum(contest.costs[option] for option in tier) <= left:
        return tuple(option for part in contest.ordered(tier) for option in part)
    preferred = contest.preferred(tier)
    if sum(contest.costs[option] for option in preferred) > left:
        raise TieUnresolvedError(preferred)
    return preferred
