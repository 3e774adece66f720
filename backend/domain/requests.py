"""Groups that may ask for a session together, and whether enough of one do.

Two rules let a share of a group ask: ``convocation`` (the share calls by itself) and ``on_request`` (the
usual convener then has to call).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from backend.domain.acts import MemberId, Slug
from backend.domain.deadlines import Day
from backend.domain.errors import RuleViolation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import ShareParty
from backend.domain.rulebook.sessions import Convocation, OnRequest
from backend.domain.standing import belongs, holders, voters
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Asking:
    """A group of which a share may ask for a session."""

    rule: Convocation | OnRequest
    """The rule that lets it."""
    party: ShareParty
    """The share, and the group it is of."""
    place: Slug | None = None
    """The place for which the session is asked: only voters who belong there are of the group."""

    def group(self, state: State, day: Day) -> frozenset[MemberId]:
        """Return who belongs to the group on a day.

        Raises:
            RuleViolation: The rulebook is silent on the voting right of a class that has members.
        """
        if self.party.body is not None:
            return frozenset(mandate.holder for mandate in holders(state, self.party.body, day))
        return frozenset(
            member.id
            for member in voters(state, state.in_force().rulebook, day)
            if self.place is None or belongs(state, member, self.place)
        )

    def support(self, state: State, supporters: AbstractSet[MemberId], day: Day) -> tuple[int, int]:
        """Return how many of the group support, and out of how many; who left it does not count.

        Raises:
            RuleViolation: As ``group``.
        """
        group = self.group(state, day)
        return len(group & supporters), len(group)

    def met(self, state: State, supporters: AbstractSet[MemberId], day: Day) -> bool:
        """Tell whether enough of the group support.

        Raises:
            RuleViolation: As ``group``.
        """
        return self.party.threshold.met(*self.support(state, supporters, day))


def askings(rulebook: Rulebook, session: Slug, *, place: Slug | None = None) -> tuple[Asking, ...]:
    """Return the groups that may ask for a session, those that call by themselves first.

    Args:
        rulebook: The rules in force.
        session: The kind of session.
        place: The place for which it is asked; None for the whole organisation.

    Raises:
        RuleViolation: Nothing is said on who calls the session, or no share calls it and the rulebook is
            silent on requests.
    """
    convocation = rulebook.one(Convocation, session)
    found = [
        Asking(convocation, party, place)
        for party in convocation.by
        if isinstance(party, ShareParty)
    ]
    try:
        request = rulebook.maybe(OnRequest, session)
    except RuleViolation:
        if not found:
            raise
        request = None
    if request is not None and request.modality != "must_not":
        found.append(Asking(request, ShareParty(request.threshold), place))
    return tuple(found)


def request_met(
    state: State,
    session: Slug,
    supporters: AbstractSet[MemberId],
    day: Day,
    *,
    place: Slug | None = None,
) -> Asking | None:
    """Return the first group of which enough ask for a session, or None.

    Args:
        state: What is known.
        session: The kind of session.
        supporters: Who asks.
        day: The day on which the group is counted.
        place: The place for which they ask; None for the whole organisation.

    Raises:
        RuleViolation: As ``askings`` and ``Asking.group``.
    """
    for asking in askings(state.in_force().rulebook, session, place=place):
        if asking.met(state, supporters, day):
            return asking
    return None
