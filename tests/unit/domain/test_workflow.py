"""Which check each act of an assembly asks: votes and decisions reach those that know them."""

import pytest

from backend.domain.acts import (
    AssemblyAct,
    AssemblyClosed,
    BallotCast,
    DecisionMade,
    DerivationStep,
    MotionResult,
    UrnCounted,
)
from tests.support.assembly_world import NO_DOCUMENT, OTHER, VOTER, World, refused

TALLY = {"yes": 1, "no": 0, "abstain": 0}
STEP = DerivationStep(rule="quorum", article="11", inputs={}, verdict="met")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BallotCast("nothing", "0" * 64, "v" + "1" * 32, "2" * 64, 0, 0), "motion.unknown"),
        (
            UrnCounted("nowhere", "bridge", (VOTER.id, OTHER.id), 1, TALLY, NO_DOCUMENT),
            "assembly.unknown",
        ),
        (
            AssemblyClosed("nowhere", (MotionResult(motion="x", ballots=0, voters=0, tally={}),)),
            "assembly.unknown",
        ),
        (DecisionMade("nothing", "nowhere", "0" * 64, "adopted", (STEP,)), "motion.unknown"),
    ],
)
def test_workflow__vote_or_decision_on_nothing__is_refused(data: AssemblyAct, code: str) -> None:
    world = World()
    with refused(code):
        world.act(VOTER, data)
