"""Wording of refusals about people, with the values that they carry."""

import pytest

from backend.domain.messages import Language, message
from backend.domain.rulebook.rule import BodyParty
from tests.support.governance import CHAIR, GARDENER, joined, refused, rules_with
from tests.support.people_world import altered


@pytest.mark.parametrize(
    ("language", "detail", "remedy"),
    [
        (
            "fr",
            (
                "Article 18\u00a0: Aucune mesure n\u2019est prise avant la réponse, "
                "ou avant la fin du 13/01/2026."
            ),
            "Attendez la réponse ou la fin de ce jour.",
        ),
        (
            "en",
            "Article 18: No measure is decided before the reply, or before the end of 2026-01-13.",
            "Wait for the reply or for the end of that day.",
        ),
    ],
)
def test_message__member_not_heard__names_article_day_and_remedy(
    language: Language, detail: str, remedy: str
) -> None:
    simulation, _ = joined(rules_with(altered("loss-exclusion", by=BodyParty("bureau"))))
    simulation.accuse(CHAIR, "weir", GARDENER)
    simulation.serve(CHAIR, "weir")
    with refused("proceeding.unheard") as caught:
        simulation.take_measure(CHAIR, "weir")
    worded = message(caught.value, language)
    assert (worded.detail, worded.remedy) == (detail, remedy)


def test_message__grounds_not_served__names_the_ways_in_french() -> None:
    simulation, _ = joined(rules_with(altered("due-process", channels=("post", "text_message"))))
    simulation.accuse(CHAIR, "weir", GARDENER)
    with refused("proceeding.unserved") as caught:
        simulation.reply(GARDENER, "weir")
    assert message(caught.value, "fr").detail == (
        "Article 18\u00a0: Rien ne se poursuit avant que les griefs soient notifiés par\u00a0:"
        " courrier ou message écrit."
    )
