"""Elections that were held, read from the folder of published vectors (tests/vectors/README.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Votes
from backend.domain.recount.election import RankedBallot
from backend.domain.recount.formats import parse_election


class RealElection(NamedTuple):
    """Rankings of a file."""

    names: Mapping[Slug, str]
    """Names by id, in the order of the file."""
    votes: Votes[Ranking]
    """Its ballots."""

    def contest(self, *, seats: int = 1) -> Contest:
        """Return the contest of its options."""
        return Contest(options=tuple(sorted(self.names)), seats=seats)

    def named(self, options: tuple[Slug, ...]) -> list[str]:
        """Return the names of options."""
        return [self.names[option] for option in options]


def real_election(vectors: Path, file: str) -> RealElection:
    """Read a file of ``elections``."""
    path = vectors / "elections" / file
    election = parse_election(path.read_bytes(), path.suffix[1:])
    ranked = [ballot for ballot in election.ballots if isinstance(ballot, RankedBallot)]
    ballots = {ballot.ranking: ballot.voters for ballot in ranked}
    return RealElection(election.names, Votes(ballots, blank=election.blank))
