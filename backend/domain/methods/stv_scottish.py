"""Single transferable vote by the rules of Scottish local elections.

The numbers are those of the source, in the words of this module:

45. Ballots rank options, one at each rank; rankings of some options are allowed. In stage 1 every ballot is a
    paper worth one vote for the first option on it.
46. The quota is the number of valid ballots divided by one more than the seats, decimals dropped, plus one.
47. An option whose votes reach the quota at the end of a stage is chosen.
48. An option chosen with more votes than the quota has a surplus. While seats are free, each further stage
    transfers one surplus: all papers of the option go to the next option on each that continues, each at its
    former value times the surplus, divided by the votes of the option, cut off after five decimals. Papers
    without a next option, and what is cut off, are not transferable: ``Round.exhausted``.
49. The largest surplus goes first. Of equal ones, that of the option with more votes at the end of the latest
    stage at which they differed; if they never did, the lot decides.
50. When there is no surplus to transfer, the option with the fewest votes is excluded: a stage transfers its
    papers, each at the value at which it came.
51. Of options that equally have the fewest, the one with the fewest at the end of the latest stage at which
    they differed is excluded; if they never did, the lot decides.
52. As soon as no more options continue than seats are free, all of them are chosen and nothing more is
    transferred.

The lot is the contest's priority, drawn before the count. Where it is silent about a tie the count stops: a
tie for exclusion leaves the tied options undecided; a tie between surpluses leaves all options undecided that
continue, since the order of transfers may favour any of them. Options chosen in one stage are named by votes,
most first, equal ones in the order of the priority, then of their ids, which decides nothing. Where no ballot
names an option nobody is chosen; otherwise rule 52 may seat an option that nobody named.

The rounds of the tally are the stages, with the votes at the end of each: chosen options keep theirs,
excluded ones are gone. Votes and ``Round.exhausted`` add up to the valid ballots at every stage.

Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52,
https://www.legislation.gov.uk/ssi/2007/42/schedule/1/made.
What is cut off is shown as not transferable, as in the official count sheets.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_strict_ranking
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.papers import Paper, count_papers, sort_papers
from backend.domain.methods.tally import Round, Tally, TieUnresolvedError, figure, figures

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (rule 45)."""

VOTE = 100_000
"""One vote, in the unit in which values are counted: five decimals (rule 48)."""


parse_choice = parse_strict_ranking
"""Reads a ranking; no two options share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are first preferences."""
    stages = _Stages(votes, contest)
    undecided: tuple[Slug, ...] = ()
    try:
        while stages.end_stage():
            stages.next_stage()
    except TieUnresolvedError as tie:
        undecided = tie.tied
    return Tally(
        method="stv_scottish",
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=stages.rounds[0].votes,
        rounds=tuple(stages.rounds),
        elected=tuple(stages.elected),
        undecided=undecided,
    )


class _Stages:
    """A count under way; votes and values are in units of ``1 / VOTE``."""

    def __init__(self, votes: Votes[Ranking], contest: Contest) -> None:
        self.rounds: list[Round] = []
        self.elected: list[Slug] = []
        self._contest = contest
        self._quota = (votes.valid // (contest.seats + 1) + 1) * VOTE
        self._continuing = set(contest.options)
        self._votes = dict.fromkeys(contest.options, 0)
        self._papers: dict[Slug, dict[int, list[Paper]]] = {each: {} for each in contest.options}
        self._exhausted = 0
        self._history: list[Mapping[Slug, int]] = []
        self._excluded: tuple[Slug, ...] = ()
        self._tied: tuple[Slug, ...] = ()
        self._hand_on(votes.ballots.items(), value=VOTE)

    def end_stage(self) -> bool:
        """Choose who has the quota (47) and who is left (52); tell whether another stage follows."""
        chosen = self._by_votes(each for each in self._continuing if self._has_quota(each))
        self._continuing.difference_update(chosen)
        free = self._contest.seats - len(self.elected) - len(chosen)
        if len(self._continuing) <= free and any(self._votes.values()):
            chosen += self._by_votes(self._continuing)
            self._continuing.clear()
        self.elected += chosen
        self._history.append(dict(self._votes))
        self.rounds.append(
            Round(
                votes=_in_votes(self._votes),
                quota=figure(self._quota // VOTE),
                exhausted=figure(Fraction(self._exhausted, VOTE)),
                elected=tuple(chosen),
                excluded=self._excluded,
                tied=self._tied,
            )
        )
        return bool(self._continuing and free and any(self._votes.values()))

    def next_stage(self) -> None:
        """Transfer a surplus (48, 49) or, when there is none, exclude an option (50, 51).

        Raises:
            TieUnresolvedError: The lot is silent about which.
        """
        self._excluded = ()
        largest = max(self._votes.values())
        if largest > self._quota:
            equal = [option for option, votes in self._votes.items() if votes == largest]
            self._transfer_surplus(self._drawn(equal, max, self._contest.preferred))
        else:
            fewest = min(self._votes[option] for option in self._continuing)
            equal = [option for option in self._continuing if self._votes[option] == fewest]
            self._exclude(self._drawn(equal, min, self._contest.deferred))

    def _drawn(
        self,
        equal: list[Slug],
        wanted: Callable[[Iterable[int]], int],
        lot: Callable[[list[Slug]], tuple[Slug, ...]],
    ) -> Slug:
        """Return the option that earlier stages, then the lot, take among equal ones."""
        for votes in reversed(self._history):
            sought = wanted(votes[option] for option in equal)
            equal = [option for option in equal if votes[option] == sought]
        drawn = lot(equal)
        if len(drawn) > 1:
            raise TieUnresolvedError(drawn if drawn[0] in self._continuing else self._continuing)
        self._tied = tuple(sorted(equal)) if len(equal) > 1 else ()
        return drawn[0]

    def _transfer_surplus(self, option: Slug) -> None:
        votes = self._votes[option]
        surplus = cut_off = votes - self._quota
        self._votes[option] = self._quota
        for value, papers in self._papers.pop(option).items():
            worth = surplus * value // votes
            self._hand_on(papers, value=worth)
            cut_off -= count_papers(papers) * worth
        self._exhausted += cut_off

    def _exclude(self, option: Slug) -> None:
        self._excluded = (option,)
        self._continuing.remove(option)
        del self._votes[option]
        for value, papers in self._papers.pop(option).items():
            self._hand_on(papers, value=value)

    def _hand_on(self, papers: Iterable[Paper], *, value: int) -> None:
        """Give papers of one value to the next options on them."""
        parcels, exhausted = sort_papers(papers, self._continuing)
        self._exhausted += exhausted * value
        for option, parcel in parcels.items():
            self._papers[option].setdefault(value, []).extend(parcel)
            self._votes[option] += count_papers(parcel) * value

    def _has_quota(self, option: Slug) -> bool:
        return self._votes[option] >= self._quota

    def _by_votes(self, options: Iterable[Slug]) -> list[Slug]:
        return sorted(
            options, key=lambda each: (-self._votes[each], self._contest.tier(each), each)
        )


def _in_votes(votes: Mapping[Slug, int]) -> dict[Slug, str]:
    return figures({option: Fraction(units, VOTE) for option, units in votes.items()})
