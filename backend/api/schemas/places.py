"""Places of the territory."""

from backend.api.schemas.fields import AnswerModel


class PlaceAnswer(AnswerModel):
    """One place."""

    place: str
    """Id."""
    name: str
    """Its name in the language of the statutes."""
    level: str
    """Its level, as the rulebook names it."""
    within: str | None
    """The place in which it lies; None at the highest level."""
