"""Every scenario plays to its end; there are enough of them, and each says something of its own."""

import pytest

from tests.support.scenario_loader import Scenario, load_scenarios
from tests.support.scenario_world import ORGANISATIONS

SCENARIOS = load_scenarios()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_scenario__played__ends_as_it_says(scenario: Scenario) -> None:
    scenario.play()


def test_scenarios__counted__are_many_and_of_every_organisation() -> None:
    assert len(SCENARIOS) >= 120
    assert {scenario.organisation for scenario in SCENARIOS} == set(ORGANISATIONS)


def test_scenarios__compared__differ() -> None:
    stories = [(each.organisation, each.given, each.turns) for each in SCENARIOS]
    titles = [each.title for each in SCENARIOS]

    assert all(stories.count(each) == 1 for each in stories)
    assert sorted(set(titles)) == sorted(titles)
