"""A member binds, revokes and loses keys at random: exactly the keys in force sign."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from backend.domain.acts import MemberResigned
from backend.domain.lawfulness import check
from tests.support.governance import CHAIR, GARDENER, SECRETARY, founded, refused
from tests.support.model_organisation import Actor
from tests.support.plays import commitment

DEVICES = (GARDENER, *(Actor(f"device-{number}") for number in range(4)))
"""The member's first key, and others they may bind."""

_ANY = st.sampled_from(DEVICES)


class MemberKeys(RuleBasedStateMachine):
    """The keys of the gardener, beside a list of those that should be in force."""

    def __init__(self) -> None:
        super().__init__()
        self.simulation, self.ledger = founded()
        self.in_force = [GARDENER]
        self.used = {GARDENER}
        self.signed: list[int] = []

    @rule(device=_ANY, hand=_ANY)
    def bind(self, device: Actor, hand: Actor) -> None:
        if device in self.used:
            with refused("key.in_use"):
                self.simulation.bind(GARDENER, device, hand=hand)
        elif hand not in self.in_force:
            with refused("signature.signer"):
                self.simulation.bind(GARDENER, device, hand=hand)
        else:
            self.signed.append(self.simulation.bind(GARDENER, device, hand=hand))
            self.in_force.append(device)
            self.used.add(device)

    @rule(device=_ANY, hand=_ANY)
    def revoke(self, device: Actor, hand: Actor) -> None:
        if device not in self.in_force:
            with refused("key.not_in_force"):
                self.simulation.revoke(GARDENER, device, hand=hand)
        elif self.in_force == [device]:
            with refused("key.last"):
                self.simulation.revoke(GARDENER, device, hand=hand)
        elif hand not in self.in_force:
            with refused("signature.signer"):
                self.simulation.revoke(GARDENER, device, hand=hand)
        else:
            self.signed.append(self.simulation.revoke(GARDENER, device, hand=hand))
            self.in_force.remove(device)

    @precondition(lambda self: len(self.used) < len(DEVICES))
    @rule()
    def recover(self) -> None:
        device = next(each for each in DEVICES if each not in self.used)
        self.signed.append(self.simulation.recover(CHAIR, SECRETARY, GARDENER, device))
        self.in_force = [device]
        self.used.add(device)

    @rule(device=_ANY)
    def sign(self, device: Actor) -> None:
        data = MemberResigned(GARDENER.id)
        entry, openings = self.simulation.signed(self.ledger, GARDENER, data, signers=(device,))
        assert entry.proof.signatures == tuple(map(commitment, openings))
        index = len(self.ledger.entries)
        self.ledger.sources.signatures_by_entry[index] = openings
        if device in self.in_force:
            assert check(self.ledger.state, entry, self.ledger.sources) == 0
        else:
            with refused("signature.signer"):
                check(self.ledger.state, entry, self.ledger.sources)
        del self.ledger.sources.signatures_by_entry[index]

    @invariant()
    def keys_in_force_are_those_of_the_model(self) -> None:
        member = self.ledger.state.member(GARDENER.id)
        assert list(member.keys) == [device.applicant.key for device in self.in_force]
        ever = {*member.keys, *member.former_keys}
        assert ever == {device.applicant.key for device in self.used}

    def teardown(self) -> None:
        for index in self.signed:
            told = check(self.ledger.states[index], self.ledger.entries[index], self.ledger.sources)
            assert told == 0


MemberKeys.TestCase.settings = settings(stateful_step_count=20)
TestMemberKeys = MemberKeys.TestCase
