"""Calling a session as the rules in force want it: which one, by whom, how far ahead, for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.demo.plot import KINDS, MARGIN, MINIMUM_VOTING, OPEN_QUESTION
from backend.demo.seats import acting, session_for
from backend.demo.wallets import Wallet
from backend.domain.acts import Call, FirstMandate, Slug
from backend.domain.errors import RuleViolation
from backend.domain.instants import format_instant
from backend.domain.rulebook.bodies import Revocation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import DueProcess
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.sessions import Channels, Convocation, Notice
from backend.domain.rulebook.voting import Deliberation


class Calling:
    """What rules ask of a call.

    Args:
        rules: The rules in force.
        founders: Wallets of the founders, who hold the first seats.
        mandates: Those seats.
    """

    def __init__(
        self, rules: Rulebook, founders: Sequence[Wallet], mandates: Sequence[FirstMandate]
    ) -> None:
        self._rules = rules
        self._founders = founders
        self._mandates = mandates

    def session(self, *motions: Slug) -> Slug:
        """Return the session that decides motions."""
        return session_for([KINDS[motion] for motion in motions], self._rules).session

    def call(self, assembly: Slug, opens: datetime, *motions: Slug) -> Call:
        """Return the call of a session that opens at a time, at a distance where that is permitted."""
        session = self.session(*motions)
        channels = self._rules.one(Channels, session).channels
        return Call(
            assembly=assembly,
            session=session,
            title=assembly.replace("-", " ").capitalize(),
            channel="remote" if "remote" in channels else channels[0],
            opens_at=format_instant(opens),
            closes_at=format_instant(opens + self.voting(*motions)),
            motions=motions,
        )

    def convener(self, call: Call) -> Wallet:
        """Return who calls a session; where the rules do not say, the server tells so."""
        try:
            parties = self._rules.one(Convocation, call.session).by
        except RuleViolation:
            return self._founders[0]
        return acting(self._founders, self._mandates, parties) or self._founders[0]

    def days_ahead(self, *motions: Slug) -> int:
        """Return the days between a call, or a proposal, and the vote that the rules ask for."""
        days = [self._rules.one(Notice, self.session(*motions)).days]
        for motion in motions:
            deliberation = self._rules.maybe(Deliberation, KINDS[motion])
            days.append(0 if deliberation is None else deliberation.days)
        return max(days)

    def voting(self, *motions: Slug) -> timedelta:
        """Return how long a vote on motions is open."""
        hours = max(self._rules.ballot(KINDS[motion]).minimum_hours for motion in motions)
        return max(timedelta(hours=hours), MINIMUM_VOTING) + MARGIN

    def open_question(self) -> FirstMandate | None:
        """Return a founder's mandate that may be revoked after a hearing, where the quorum is left open."""
        try:
            self._rules.quorum(self.session(OPEN_QUESTION), KINDS[OPEN_QUESTION], 1)
        except RuleViolation:
            for mandate in reversed(self._mandates):
                if self._may_be_heard(mandate):
                    return mandate
        return None

    def _may_be_heard(self, mandate: FirstMandate) -> bool:
        try:
            rule = self._rules.one(Revocation, mandate.body)
            self._rules.one(DueProcess, "revocation")
            custody = self._rules.one(Custody)
        except RuleViolation:
            return False
        officer = acting(self._founders, self._mandates, [custody.by])
        return rule.modality != "must_not" and rule.heard and officer is not None
