"""Majority judgement: each voter grades every option, and the best middle grades are chosen.

J1. A ballot grades at least one option with an integer from 0, the worst, to ``Contest.grades`` - 1.
J2. An option that a ballot does not grade has the worst grade from it, so that all have equally many grades.
J3. The majority grade of an option is the lower middle one of its grades: of n grades in ascending order
    the one at place (n + 1) / 2, or n / 2 where n is even. It is the option's total.
J4. Of two options the one with the higher majority grade is better. Where those are equal one such grade is
    taken away from each, and what is left is compared as before, until they differ or nothing is left.
J5. Options whose grades are all equal are tied.
J6. The ``seats`` best options are chosen; ties are treated as ``seating`` says (S1 to S4), and an option has
    support when some ballot gives it more than the worst grade.

A round of the tally shows the middle grades of the options between which seats are still open, after as
many grades as ``exhausted`` says were taken away from each; only rounds that tell some of them apart are
shown. ``elected`` of a round are above what the last seat takes, ``excluded`` below.

Source: M. Balinski and R. Laraki, "A theory of measuring, electing, and ranking", PNAS 104 (2007),
8720-8725, https://doi.org/10.1073/pnas.0702634104, and "Majority Judgment" (MIT Press, 2010), whose majority
value J4 compares. Their majority gauge compares once how many grades lie above and below the majority grade:
it is shorter to tell, and leaves ties that J4 decides.

How it is computed. Taking middle grades away walks outwards from the middle of the ascending grades,
turn by turn to either side. On each side an option's grade changes only where the walk passes from one grade
to the next, so two options can first differ only at a turn where one of them changes. It is enough to
compare the grades at those turns: at most one for each option and each grade.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Marks, parse_marks
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.marks import count_grades
from backend.domain.methods.seating import Seating, rank, seat
from backend.domain.methods.tally import Round, Tally, figure, figures

SCHEMA: BallotSchema = "marks"
"""A ballot gives options grades (J1)."""

Walk = tuple[int, ...]
"""Grades of an option at the turns that matter, in the order in which they are taken away."""


def parse_choice(text: str, contest: Contest) -> Marks:
    """Read the grades that a ballot gives.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown`` or ``choice.range``.
    """
    return parse_marks(text, contest, lowest=0, highest=contest.grades - 1)


def count(votes: Votes[Marks], contest: Contest) -> Tally:
    """Count; totals are majority grades (J2 to J6)."""
    grades = count_grades(votes, contest)
    scale = _Turns.of(grades.values(), votes.valid)
    walks = {option: scale.walk(row) for option, row in grades.items()}
    ranking = rank(walks)
    supported = {option: walks[option] for option, row in grades.items() if any(row[1:])}
    seating = seat(ranking, contest, supported=supported)
    return Tally(
        method="majority_judgement",
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=figures({option: walk[0] for option, walk in walks.items()}),
        grades=dict(sorted(grades.items())),
        rounds=tuple(_rounds(supported, scale, seating, contest.seats)),
        ranking=ranking,
        elected=seating.elected,
        undecided=seating.undecided,
    )


@dataclass(frozen=True, slots=True)
class _Turns:
    """The walk outwards from the middle of so many ascending grades; turn 0 takes the majority grade."""

    grades: int
    """Grades of each option; their places count from 0."""
    turns: tuple[int, ...]
    """Turns at which some option's grade may differ from the one before on its side, ascending, 0 first."""

    @staticmethod
    def of(rows: Iterable[tuple[int, ...]], grades: int) -> "_Turns":
        """Return the turns that matter for options that have so many of each grade.

        An end at either end of a row adds a turn beyond it, at which all options are alike.
        """
        ends = {end for row in rows for end in accumulate(row)}
        middle = _middle(grades)
        places = {end if end > middle else end - 1 for end in ends}
        turns = {_turn(place, grades=grades) for place in places}
        return _Turns(grades, tuple(sorted({0, *turns})))

    def walk(self, row: tuple[int, ...]) -> Walk:
        """Return the grades that an option loses at these turns."""
        ends = tuple(accumulate(row))
        return tuple(bisect_right(ends, _place(turn, grades=self.grades)) for turn in self.turns)


def _middle(grades: int) -> int:
    """Return the place of the majority grade, the lower of two in the middle."""
    return (grades - 1) // 2


def _turn(place: int, *, grades: int) -> int:
    """Return the turn that takes the grade at a place, which is not the middle one."""
    distance = place - _middle(grades)
    upwards_first = grades % 2 == 0
    return 2 * abs(distance) - ((distance > 0) == upwards_first)


def _place(turn: int, *, grades: int) -> int:
    """Return the place whose grade a turn takes."""
    distance = (turn + 1) // 2
    upwards = (turn % 2 == 1) == (grades % 2 == 0)
    return _middle(grades) + (distance if upwards else -distance)


def _rounds(
    walks: Mapping[Slug, Walk], scale: _Turns, seating: Seating, seats: int
) -> Iterator[Round]:
    """Yield the turns that tell options apart between which seats are open, then what the priority chose.

    Args:
        walks: Of the options that have support.
        scale: Turns of the walks.
        seating: Who takes the seats in the end.
        seats: How many there are.
    """
    contested = tuple(walks)
    free = seats
    for nth, turn in enumerate(scale.turns):
        middle = {option: walks[option][nth] for option in contested}
        above, contested, below = _cut(rank(middle), free)
        free -= len(above)
        if above or below:
            yield Round(
                votes=figures(middle),
                exhausted=figure(turn),
                elected=tuple(option for option in seating.elected if option in above),
                excluded=below,
            )
    if seating.tied:
        yield Round(
            votes=figures({option: walks[option][0] for option in contested}),
            exhausted=figure(scale.grades),
            elected=tuple(option for option in seating.elected if option in contested),
            tied=seating.tied,
        )


def _cut(ranking: Order, free: int) -> tuple[tuple[Slug, ...], tuple[Slug, ...], tuple[Slug, ...]]:
    """Return options above the tier that the last free seat meets, that tier, and those below, ascending.

    The tier is empty where the seats left end before it: then those in it are below.
    """
    above: list[Slug] = []
    for nth, tier in enumerate(ranking):
        if len(above) + len(tier) > free:
            contested = tier if len(above) < free else ()
            rest = [option for other in ranking[nth:] for option in other]
            below = tuple(sorted(option for option in rest if option not in contested))
            return tuple(sorted(above)), contested, below
        above += tier
    return tuple(sorted(above)), (), ()
