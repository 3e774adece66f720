"""Matters about people in a year: joining, leaving, proceedings and measures, appeals, disputes."""

from collections.abc import Mapping, Sequence
from typing import Literal

from anchoring.core.cid import document_cid
from backend.demo.arrivals import log_in
from backend.demo.client import Answer
from backend.demo.years.year import Year
from backend.domain.acts import (
    AppealAnswered,
    AppealLodged,
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    EscalationStep,
    EvidenceKind,
    ExitAnswer,
    GroundsServed,
    IdentityChecked,
    LossCause,
    MandateForfeited,
    MandateResigned,
    MeasureTaken,
    MembershipEnded,
    NoticeChannel,
    ObligationFulfilled,
    ProceedingOpened,
    ReplyGiven,
    Slug,
)
from backend.domain.deadlines import Day
from backend.domain.instants import format_instant


def join(year: Year, *names: str, officer: str | None = None) -> None:
    """Let people join: by right, or by decision of those who admit.

    Args:
        year: The year.
        names: First names.
        officer: Who admits; None where applying suffices.

    Raises:
        RefusedError: The server refused.
    """
    for name in names:
        wallet = year.who(name)
        year.took(year.agent.apply(wallet))
        if officer is not None:
            evidence: EvidenceKind = "in_person" if "born" in wallet.facts else "registry_extract"
            today = f"{year.agent.now:%Y-%m-%d}"
            year.act(officer, IdentityChecked(wallet.member, evidence, "substantial", today))
            year.took(year.agent.admit(year.who(officer), wallet))
        log_in(year.agent.client, wallet)
        year.members.append(name)
    year.say("joined", names=", ".join(names), members=len(year.members))


def resign(year: Year, name: str) -> None:
    """Let a member leave.

    Raises:
        RefusedError: The server refused.
    """
    year.took(year.agent.resign(year.who(name)))
    year.leave(name)
    year.say("resigned", name=name)


def end_membership(year: Year, by: str, name: str, cause: LossCause, grounds: str) -> None:
    """Establish that a membership ended.

    Raises:
        RefusedError: The server refused.
    """
    ended = MembershipEnded(year.who(name).member, cause, document_cid(grounds.encode()))
    year.act(by, ended, grounds)
    year.leave(name)
    year.say("ended", name=name, cause=year.account.word(f"year.cause.{cause}"))


def give_back(year: Year, mandate: Slug) -> None:
    """Let a holder give a seat back.

    Raises:
        RefusedError: The server refused.
    """
    place = year.seats[mandate]
    year.act(place.holder, MandateResigned(mandate))
    del year.seats[mandate]
    year.say("given_back", name=place.holder)


def forfeit(year: Year, by: str, mandate: Slug, *meetings: Slug) -> None:
    """Find that a holder who missed meetings left the seat.

    Raises:
        RefusedError: The server refused.
    """
    place = year.seats[mandate]
    year.act(by, MandateForfeited(mandate, meetings))
    del year.seats[mandate]
    year.say("forfeited", name=place.holder, meetings=len(meetings))


def accuse(
    year: Year,
    by: str,
    proceeding: Slug,
    name: str,
    measure: Literal["exclusion", "sanction", "revocation"],
    *,
    sanction: Slug | None = None,
    mandate: Slug | None = None,
) -> None:
    """Put grounds forward against someone; the text is that of the motions' folder.

    Raises:
        RefusedError: The server refused.
    """
    grounds = year.texts.motions[proceeding]
    opened = ProceedingOpened(
        proceeding,
        measure,
        year.who(name).member,
        document_cid(grounds.encode()),
        sanction=sanction,
        mandate=mandate,
    )
    year.act(by, opened, grounds)
    year.proceedings[proceeding] = opened


def serve(year: Year, by: str, proceeding: Slug, channel: NoticeChannel = "email") -> None:
    """Tell someone the grounds.

    Raises:
        RefusedError: The server refused.
    """
    year.act(by, GroundsServed(proceeding, channel, format_instant(year.agent.now)))
    opened = year.proceedings[proceeding]
    name = year.name_of(opened.member)
    measure = year.account.word(f"year.measure.{opened.sanction or opened.measure}")
    year.say("served", name=name, measure=measure)


def reply(year: Year, proceeding: Slug, text: str) -> None:
    """Let the member concerned answer.

    Raises:
        RefusedError: The server refused.
    """
    name = year.name_of(year.proceedings[proceeding].member)
    year.act(name, ReplyGiven(proceeding, document_cid(text.encode())), text)
    year.say("replied", name=name)


def take_measure(year: Year, by: str, proceeding: Slug, *, until: Day | None = None) -> Answer:
    """Let a body take a measure.

    Raises:
        RefusedError: The server refused.
    """
    reasons = f"Après audition : {year.title(proceeding)}.\n"
    taken = MeasureTaken(proceeding, document_cid(reasons.encode()), until)
    answer = year.act(by, taken, reasons)
    opened = year.proceedings[proceeding]
    what = opened.sanction or opened.measure
    name = year.name_of(opened.member)
    year.say("measure", name=name, measure=year.account.word(f"year.measure.{what}"))
    year.expel(proceeding)
    return answer


def appeal(year: Year, proceeding: Slug, text: str) -> None:
    """Let the member concerned contest a measure.

    Raises:
        RefusedError: The server refused.
    """
    name = year.name_of(year.proceedings[proceeding].member)
    year.act(name, AppealLodged(proceeding, document_cid(text.encode())), text)
    year.say("appealed", name=name)


def answer(year: Year, by: str, proceeding: Slug, reasons: str, *, upheld: bool) -> None:
    """Let a body answer an appeal.

    Raises:
        RefusedError: The server refused.
    """
    year.act(by, AppealAnswered(proceeding, upheld, document_cid(reasons.encode())), reasons)
    if not upheld:
        year.readmit(proceeding)
    year.say("upheld" if upheld else "reversed", name=by)


def fulfil(year: Year, by: str, motion: Slug, obligation: Slug, evidence: str) -> None:
    """Report that an obligation of a resolution is done.

    Raises:
        RefusedError: The server refused.
    """
    done = ObligationFulfilled(motion, obligation, document_cid(evidence.encode()))
    year.act(by, done, evidence)
    year.say("fulfilled", title=year.title(motion), name=by)


def dispute(year: Year, by: str, name: Slug, *others: str) -> None:
    """Put a dispute on the first step.

    Raises:
        RefusedError: The server refused.
    """
    grounds = year.texts.motions[name]
    opened = DisputeOpened(name, year.ids(by, *others), document_cid(grounds.encode()))
    year.act(by, opened, grounds)
    year.say("dispute", names=", ".join((by, *others)), title=year.title(name))


def advance(
    year: Year,
    by: str,
    name: Slug,
    step: EscalationStep,
    text: str,
    plan: Mapping[str, str] | None = None,
) -> Answer:
    """Move a dispute to the next step.

    Raises:
        RefusedError: The server refused.
    """
    answers = tuple(ExitAnswer(goal, answer) for goal, answer in (plan or {}).items())
    advanced = DisputeAdvanced(name, step, document_cid(text.encode()), answers)
    answer = year.act(by, advanced, text)
    year.say("step", step=year.account.word(f"year.step.{step}"))
    return answer


def settle(year: Year, name: Slug, parties: Sequence[str], text: str) -> None:
    """Settle a dispute; every party signs.

    Raises:
        RefusedError: The server refused.
    """
    settled = DisputeSettled(name, document_cid(text.encode()))
    year.act(parties[0], settled, text, signers=parties)
    year.say("settled", names=", ".join(parties))
