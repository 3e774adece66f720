"""Votes on several options: what is on the ballot, and how the count went."""

from pydantic import JsonValue

from backend.api.schemas.fields import AnswerModel


class OptionAnswer(AnswerModel):
    """One option of a ballot."""

    option: str
    """Id, as ballots write it."""
    title: str | None
    """What it is; null for a candidate, whose name the register holds."""
    candidate: str | None
    """Pseudonym of the candidate; null for an option that is no person."""
    text: str | None
    """CID of the option at length; null where the motion's text says all."""
    cost: int
    """What it costs, 0 where no budget is shared out."""


class BallotFormAnswer(AnswerModel):
    """What a voter may write on the ballot of a motion."""

    motion: str
    """The motion."""
    method: str
    """How it is counted."""
    ballot: str
    """``choice`` for one of the choices listed; else ``single``, ``approval``, ``marks`` or ``ranking``."""
    choices: list[str]
    """Choices that are a word of their own: all of them for one proposal, ``blank`` for several options."""
    options: list[OptionAnswer]
    """Options, ascending by id; none for one proposal."""
    places: int
    """How many options are chosen at most; 0 for one proposal."""
    grades: list[str]
    """Grades of majority judgement, worst first: a mark is the place of a grade, from 0."""
    highest: int
    """Highest score, 0 where none are given."""
    approvals: int
    """How many options one ballot may approve, 0 for no bound."""
    credits: int
    """Credits of each voter, 0 where none are spent."""
    budget: int
    """What may be spent in all, 0 where no budget is shared out."""
    replaceable: bool
    """Whether a voter may vote again while voting is open."""
    secrecy: str
    """``secret``, ``until_close`` or ``named``."""


class TallyAnswer(AnswerModel):
    """The count of a vote on several options."""

    motion: str
    """The motion."""
    tally: dict[str, JsonValue]
    """The tally as its ``psephos-tally/1`` document says it (docs/formats/tally.md)."""
