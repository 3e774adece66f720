"""The registry against a model: publishers that only ever grow, each alone."""

import boa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.chain_registry import DEPLOYER

PUBLISHERS = [str(boa.env.generate_address()) for _ in range(3)]
WHO = st.sampled_from(PUBLISHERS)
ROOTS = st.binary(min_size=32, max_size=32)


class RegistryModel(RuleBasedStateMachine):
    """I1 to I4 under any order of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.contract = DEPLOYER.deploy()
        self.heads: dict[str, tuple[int, bytes]] = dict.fromkeys(PUBLISHERS, (0, b"\0" * 32))

    @rule(who=WHO, step=st.integers(1, 2**20), root=ROOTS)
    def anchor_greater(self, who: str, step: int, root: bytes) -> None:
        previous = self.heads[who][0]
        size = previous + step
        self.contract.anchor(size, root, sender=who)
        ((_, _, topics, data),) = self.contract._computation.get_raw_log_entries()  # noqa: SLF001  # boa shows raw logs nowhere else
        assert topics[1] == int(who, 16)
        assert data == size.to_bytes(32, "big") + root + previous.to_bytes(32, "big")
        self.heads[who] = (size, root)

    @rule(who=WHO, back=st.integers(0, 2**20), root=ROOTS)
    def anchor_not_greater(self, who: str, back: int, root: bytes) -> None:
        size = max(0, self.heads[who][0] - back)
        with boa.reverts("AnchorRegistry: size not greater"):
            self.contract.anchor(size, root, sender=who)

    @invariant()
    def heads_agree(self) -> None:
        for who, (size, root) in self.heads.items():
            assert self.contract.head(who) == (size, root[:24])


RegistryModel.TestCase.settings = settings(max_examples=15, stateful_step_count=15)
test_registry__under_any_order_of_calls__follows_the_model = RegistryModel.TestCase
