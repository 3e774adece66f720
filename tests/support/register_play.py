"""Acts of a play on places, dues, merged records and the register."""

from backend.domain.acts import (
    ArrearsCleared,
    ArrearsRecorded,
    HearingHeld,
    MemberPlaced,
    MembersMerged,
    PlaceRegistered,
)
from backend.domain.deadlines import Day
from backend.domain.register import attestation
from tests.support.model_organisation import Actor
from tests.support.plays import Play, put_text


class RegisterPlay(Play):
    """Plays acts on where members stand; each method is one act and returns its index."""

    def register_place(
        self, officer: Actor, place: str, level: str, *, within: str | None = None
    ) -> int:
        """Enter a place."""
        return self.act(officer, PlaceRegistered(place, f"The {place}", level, within))

    def place(self, member: Actor, place: str, *, officer: Actor | None = None) -> int:
        """Say where a member belongs, by themselves or by an officer."""
        return self.act(officer or member, MemberPlaced(member.id, place))

    def owe(self, officer: Actor, member: Actor, *, since: Day | None = None) -> int:
        """Record that a member owes dues, since today unless a day is given."""
        return self.act(officer, ArrearsRecorded(member.id, since or f"{self.now:%Y-%m-%d}"))

    def pay(self, officer: Actor, member: Actor) -> int:
        """Record that a member owes nothing any more."""
        return self.act(officer, ArrearsCleared(member.id))

    def hear(
        self, officer: Actor, proceeding: str, *, on: Day | None = None, declined: bool = False
    ) -> int:
        """Record a hearing, of today unless a day is given."""
        return self.write(
            officer,
            lambda book: HearingHeld(
                proceeding, on or f"{self.now:%Y-%m-%d}", put_text(book, "Heard."), declined
            ),
        )

    def merge(self, officer: Actor, second: Actor, *, kept: Actor, dropped: Actor) -> int:
        """End one of two records of a person; both officers sign."""
        data = MembersMerged(kept.id, dropped.id, second.id)
        return self.act(officer, data, signers=(officer, second))

    def attest_register(self, officer: Actor) -> int:
        """Put the fingerprint of the register in the ledger."""
        return self.write(officer, lambda book: attestation(book.state))
