"""Acts on the keys of members in a play; another device of a member is an actor with a key of its own."""

from collections.abc import Sequence

from backend.domain.acts import (
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MemberKeyAct,
    RepresentativeNamed,
)
from tests.support.model_organisation import Actor
from tests.support.plays import Play


class KeysPlay(Play):
    """Plays acts on keys; each method is one act and returns its index."""

    def bind(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """Bind the key of another device, with the member's first or with that of ``hand``."""
        data = KeyBound(member.id, device.applicant.key)
        return self._offer(member, data, device, signers=(hand or member, device))

    def revoke(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """End the key of a device, with the member's first or with that of ``hand``."""
        data = KeyRevoked(member.id, device.applicant.key)
        return self.act(member, data, signers=(hand or member,))

    def enrol(self, officer: Actor, member: Actor, device: Actor) -> int:
        """Enrol the key of a device as the first of a member."""
        data = KeyEnrolled(member.id, device.applicant.key)
        return self._offer(officer, data, device, signers=(device, officer))

    def recover(self, first: Actor, second: Actor, member: Actor, device: Actor) -> int:
        """Replace all keys of a member by that of a device."""
        data = KeysRecovered(member.id, device.applicant.key, second.id)
        return self._offer(first, data, device, signers=(first, second, device))

    def represent(self, member: Actor, device: Actor, *, hand: Actor | None = None) -> int:
        """Name who acts for an organisation: the actor whose device it is."""
        data = RepresentativeNamed(member.id, device.applicant.key, device.applicant.person)
        return self._offer(member, data, device, signers=(hand or member, device))

    def _offer(
        self, author: Actor, data: MemberKeyAct, device: Actor, *, signers: Sequence[Actor]
    ) -> int:
        with self._writing() as book:
            book.keep_key(data.member, device.key_opening)
            entry, openings = self.signed(book, author, data, signers=signers)
            return book.append(entry, signatures=openings)
