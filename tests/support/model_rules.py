"""The rules of the model organisation: every topic that its tests need is settled, and no article twice.

Members are persons with a vote and organisations without one. The bureau is first filled by the founders;
the assembly decides remotely after 15 days of notice, the council is the meeting of the bureau.
"""

from typing import Final, get_args

from backend.domain.acts import MotionKind
from backend.domain.deadlines import Duration
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import (
    Absence,
    Body,
    CastingVote,
    CoOption,
    Designation,
    Incompatibility,
    MinimumAge,
    Renewal,
    Revocation,
    Seat,
    Term,
)
from backend.domain.rulebook.membership import (
    Admission,
    Appeal,
    DueProcess,
    Loss,
    Sanctions,
    SanctionStep,
    VotingRight,
)
from backend.domain.rulebook.order import (
    Custody,
    Dissolution,
    Escalation,
    InternalRules,
    ValuationRule,
)
from backend.domain.rulebook.rule import (
    AssemblyParty,
    BodyParty,
    Founders,
    SeatParty,
    Threshold,
)
from backend.domain.rulebook.sessions import (
    Adjournment,
    AgendaBinding,
    Channels,
    Competence,
    Convocation,
    Minutes,
    Notice,
    OnRequest,
    Periodicity,
    Proxies,
    Quorum,
    SecondConvocation,
    Session,
)
from backend.domain.rulebook.topics import AnyRule
from backend.domain.rulebook.voting import (
    BallotRule,
    Deliberation,
    EffectRule,
    Initiative,
    Majority,
    Tie,
)

EVERY: Final[tuple[MotionKind, ...]] = get_args(MotionKind)
"""Every kind of motion."""

GRAVE: Final[tuple[MotionKind, ...]] = ("constituent", "dissolution")
"""Kinds that need half of the voters and two thirds of the votes cast."""

ORDINARY: Final[tuple[MotionKind, ...]] = tuple(kind for kind in EVERY if kind not in GRAVE)
"""Kinds that need a quarter of the voters and more than half of the valid votes."""

BUREAU: Final = BodyParty("bureau")
"""Any member of the bureau, for it."""

ASSEMBLY: Final = AssemblyParty("assembly")
"""The assembly of all who have a vote."""


def share(num: int, den: int, *, strict: bool = False) -> Threshold:
    """Return a threshold of ``num/den``."""
    return Threshold(Ratio(num, den), strict)


def model_rules() -> tuple[AnyRule, ...]:
    """Return the rules, in the order of the articles; no rule quotes the text."""
    return (
        *_membership(),
        *_bodies(),
        *_sessions(),
        *_second_sessions(),
        *_motions(),
        *_votes(),
        *_order(),
    )


def _membership() -> tuple[AnyRule, ...]:
    return (
        VotingRight(
            id="vote-individual", article="5", modality="may",
            member_class="individual", persons="natural",
        ),
        VotingRight(
            id="vote-collective", article="5", modality="must_not",
            member_class="collective", persons="legal",
        ),
        Admission(
            id="admission-individual", article="7", modality="may", member_class="individual"
        ),
        Admission(
            id="admission-collective", article="7", modality="may",
            member_class="collective", by=BUREAU,
        ),
        Loss(id="resignation", article="8", modality="may", cause="resignation"),
        Loss(id="loss-death", article="8", modality="must", cause="death", by=BUREAU),
        Loss(id="loss-exclusion", article="8", modality="may", cause="exclusion", by=ASSEMBLY),
        DueProcess(
            id="due-process", article="18", modality="must",
            measures=("exclusion", "sanction", "revocation"), channels=("email",), reply_days=8,
        ),
        Appeal(
            id="appeal", article="18", modality="may",
            measures=("exclusion", "sanction"), to=ASSEMBLY, days=30,
        ),
        Sanctions(
            id="sanctions", article="18", modality="must", skips=False,
            steps=(
                SanctionStep("warning", "none", "Warning"),
                SanctionStep("suspension", "suspension", "Suspension"),
            ),
        ),
    )  # fmt: skip


def _bodies() -> tuple[AnyRule, ...]:
    both = ("bureau", "audit")
    return (
        Body(
            id="bureau", article="6", modality="must", body="bureau", title="Bureau",
            seats=(Seat("chair", "Chair", 0, 1), Seat("member", "Member", 0)),
        ),
        Body(
            id="audit", article="6", modality="must", body="audit", title="Auditors",
            seats=(Seat("auditor", "Auditor", 0, 2),),
        ),
        Designation(
            id="bureau-first", article="6", modality="must", bodies=("bureau",), phase="first",
            by=Founders(),
        ),
        Designation(
            id="bureau-later", article="6", modality="must", bodies=("bureau",), phase="later",
            by=ASSEMBLY,
        ),
        Designation(
            id="audit-first", article="6", modality="must", bodies=("audit",), phase="first",
            by=ASSEMBLY,
        ),
        Designation(
            id="audit-later", article="6", modality="must", bodies=("audit",), phase="later",
            by=ASSEMBLY,
        ),
        Term(
            id="term", article="6", modality="must", bodies=both, duration=Duration(years=2),
            holds_over=True,
        ),
        Renewal(id="renewal", article="6", modality="may", bodies=both),
        CoOption(
            id="co-option", article="6", modality="may", bodies=("bureau",), by=ASSEMBLY,
            within=Duration(years=1),
        ),
        Revocation(
            id="revocation", article="19", modality="may", bodies=("bureau",), heard=True
        ),
        Incompatibility(
            id="incompatibility", article="6", modality="must",
            seats=(("bureau", "chair"), ("audit", "auditor")),
        ),
        CastingVote(
            id="casting-vote", article="15", modality="must", bodies=("bureau",),
            seat_body="bureau", seat="chair",
        ),
        Absence(id="absence", article="19", modality="may", bodies=("bureau",), meetings=3),
        MinimumAge(id="minimum-age", article="6", modality="must", bodies=("bureau",), years=18),
    )  # fmt: skip


def _sessions() -> tuple[AnyRule, ...]:
    return (
        Session(
            id="assembly", article="11", modality="must", session="assembly", title="Assembly",
            form="ordinary",
        ),
        Session(
            id="council", article="11", modality="must", session="council", title="Council",
            form="meeting", body="bureau",
        ),
        Periodicity(
            id="yearly", article="11", modality="must", sessions=("assembly",), every_years=1
        ),
        Convocation(id="convocation", article="11", modality="must", by=(BUREAU,)),
        OnRequest(
            id="on-request", article="11", modality="must", sessions=("assembly",),
            threshold=share(1, 2), within_days=30,
        ),
        Notice(
            id="notice", article="11", modality="must", sessions=("assembly",), days=15,
            channels=("email", "post"), proven=False,
        ),
        Notice(
            id="notice-council", article="11", modality="must", sessions=("council",), days=3,
            channels=("email",), proven=False,
        ),
        AgendaBinding(id="agenda", article="11", modality="must"),
        Channels(
            id="channels", article="11", modality="must", sessions=("assembly",),
            channels=("remote",),
        ),
        Channels(
            id="channels-council", article="11", modality="must", sessions=("council",),
            channels=("room", "remote"),
        ),
        Competence(
            id="competence", article="11", modality="must", sessions=("assembly",),
            motions=(*GRAVE, "election", "approval", "affiliation", "exclusion", "appeal",
                     "ratification", "interpretation", "valuation"),
        ),
    )  # fmt: skip


def _second_sessions() -> tuple[AnyRule, ...]:
    return (
        SecondConvocation(
            id="second-convocation", article="13", modality="may", sessions=("assembly",),
            notice_days=15, within=Duration(months=3),
        ),
        Proxies(
            id="proxies", article="20", modality="may", sessions=("assembly",), cap=2
        ),
        Proxies(id="proxies-council", article="20", modality="must_not", sessions=("council",)),
        Adjournment(
            id="adjournment", article="11", modality="may", within=Duration(months=1)
        ),
        Minutes(
            id="minutes", article="11", modality="must",
            by=(SeatParty("bureau", "chair"),), within_days=30,
        ),
    )  # fmt: skip


def _motions() -> tuple[AnyRule, ...]:
    single: dict[MotionKind, str] = {
        "revocatory": "revocation", "election": "election",
        "approval": "approval", "affiliation": "affiliation", "exclusion": "measure",
        "sanction": "measure", "appeal": "reversal", "internal_rules": "internal_rules",
        "ratification": "ratification", "interpretation": "interpretation",
        "valuation": "framework", "dissolution": "dissolution",
    }  # fmt: skip
    return (
        Initiative(
            id="initiative", article="9", modality="may", motions=EVERY, classes=("individual",)
        ),
        EffectRule(
            id="effect-constituent", article="10", modality="may", motions=("constituent",),
            effects=("statutes",),
        ),
        EffectRule(
            id="effect-abrogative", article="10", modality="may", motions=("abrogative",),
            effects=("abrogation", "statutes"),
        ),
        EffectRule(
            id="effect-ordinary", article="10", modality="may", motions=("legislative",),
            effects=("framework", "resolution"),
        ),
        *(
            EffectRule(
                id=f"effect-{kind.replace('_', '-')}", article="10", modality="may",
                motions=(kind,), effects=(effect,),  # type: ignore[arg-type]  # from the table above
            )
            for kind, effect in single.items()
        ),
        Deliberation(
            id="deliberation", article="17", modality="must", motions=EVERY, days=3,
            amendable=True,
        ),
    )  # fmt: skip


def _votes() -> tuple[AnyRule, ...]:
    return (
        BallotRule(
            id="ballot", article="12", modality="must", motions=EVERY, method="yes_no_abstain",
            minimum_hours=48, replaceable=True,
        ),
        Quorum(
            id="quorum-constituent", article="13", modality="must", motions=GRAVE,
            threshold=share(1, 2), base="voters",
        ),
        Quorum(
            id="quorum-ordinary", article="13", modality="must", motions=ORDINARY,
            threshold=share(1, 4), base="voters",
        ),
        Quorum(
            id="quorum-second", article="13", modality="must", sessions=("assembly",), round=2,
            threshold=share(0, 1), base="voters",
        ),
        Quorum(
            id="quorum-council", article="13", modality="must", sessions=("council",),
            threshold=share(1, 2), base="voters",
        ),
        Majority(
            id="majority-constituent", article="14", modality="must", motions=GRAVE,
            threshold=share(2, 3), base="cast",
        ),
        Majority(
            id="majority-ordinary", article="14", modality="must", motions=ORDINARY,
            threshold=share(1, 2, strict=True), base="valid",
        ),
        Tie(id="tie", article="15", modality="must", motions=EVERY, resolution="status_quo"),
        Tie(
            id="tie-council", article="15", modality="must", sessions=("council",),
            resolution="casting_vote",
        ),
    )  # fmt: skip


def _order() -> tuple[AnyRule, ...]:
    return (
        ValuationRule(
            id="valuation", article="16", modality="may", classes=("individual", "collective")
        ),
        Custody(id="custody", article="6", modality="must", by=BUREAU),
        InternalRules(
            id="internal-rules", article="21", modality="may", by=BUREAU, effective="at_once",
            ratified_by="assembly",
        ),
        Escalation(
            id="escalation", article="22", modality="must",
            steps=("crisis_meeting", "mediation", "exit_plan"), exit_goals=("Who keeps the boats",),
        ),
        Dissolution(id="dissolution", article="23", modality="must", liquidators=1),
    )  # fmt: skip
