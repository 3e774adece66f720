"""The rulebook of the random histories: small, and with every demand on a vote that the product knows.

Notice has to be proven, three sessions count their quorum in three ways, one of them votes on paper, one kind
of motion is decided by consent, two need support, two may put several options to the vote, and one matter is
left open.
"""

from typing import Final

from backend.domain.acts import MotionKind
from backend.domain.deadlines import Duration
from backend.domain.rulebook.bodies import Designation, Revocation, Term
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import DueProcess
from backend.domain.rulebook.order import InternalRules
from backend.domain.rulebook.rule import AssemblyParty, ShareParty
from backend.domain.rulebook.sessions import (
    Channels,
    Competence,
    Convocation,
    Notice,
    Proxies,
    Quorum,
    Session,
)
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.rulebook.voting import (
    BallotRule,
    Deliberation,
    EffectRule,
    Initiative,
    Majority,
    TieBreak,
)
from tests.support.governance import rules_with
from tests.support.model_rules import BUREAU, EVERY, GRAVE, ORDINARY, share

OPEN_MATTER: Final = Silent(
    id="recall-audit", article="19", matter="revocation", about=("audit",), settled_by="A decision"
)
"""Whether auditors may be recalled, until an interpretation says so."""

RECALL: Final = Revocation(
    id="recall-made", article="19", modality="may", bodies=("audit",), heard=False
)
"""What an interpretation may settle."""

GENERAL: Final = AssemblyParty("general")
"""The session in a room, which votes on paper when it elects."""

_SUPPORTED: tuple[MotionKind, ...] = ("constituent", "abrogative")
_PLAIN = tuple(kind for kind in EVERY if kind not in {"election", "affiliation"})


def machine_rulebook(
    *, quorum: tuple[int, int] = (1, 4), strict: bool = False, notice: int = 15
) -> Rulebook:
    """Return the rules; new statutes change the ordinary quorum and the notice of the assembly.

    Args:
        quorum: Share of the voters that must vote on ordinary motions.
        strict: Whether it must be exceeded.
        notice: Days of notice of the assembly.
    """
    changed: tuple[AnyRule, ...] = (
        *_sessions(notice),
        *_votes(quorum, strict=strict),
        DueProcess(
            id="due-process", article="18", modality="must",
            measures=("exclusion", "sanction", "revocation"), channels=("email",), reply_days=1,
        ),
        Term(
            id="term", article="6", modality="must", bodies=("bureau",),
            duration=Duration(years=2), holds_over=True,
        ),
        Term(
            id="term-audit", article="6", modality="must", bodies=("audit",),
            duration=Duration(months=2),
        ),
        InternalRules(
            id="internal-rules", article="21", modality="may", by=BUREAU, effective="at_once",
            ratified_by="assembly", lapse=True,
        ),
        Designation(
            id="audit-first", article="6", modality="must", bodies=("audit",), phase="first",
            by=GENERAL,
        ),
        Designation(
            id="audit-later", article="6", modality="must", bodies=("audit",), phase="later",
            by=GENERAL,
        ),
        OPEN_MATTER,
    )  # fmt: skip
    return rules_with(*changed)


def _sessions(notice: int) -> tuple[AnyRule, ...]:
    return (
        Session(
            id="general", article="11", modality="must", session="general", title="General",
            form="extraordinary",
        ),
        Convocation(
            id="convocation", article="11", modality="must", by=(BUREAU, ShareParty(share(1, 2)))
        ),
        Notice(
            id="notice", article="11", modality="must", sessions=("assembly",), days=notice,
            channels=("email", "post"), proven=True,
        ),
        Notice(
            id="notice-general", article="11", modality="must", sessions=("general",), days=10,
            channels=("post",), proven=True,
        ),
        Channels(
            id="channels-general", article="11", modality="must", sessions=("general",),
            channels=("room",),
        ),
        Competence(
            id="competence", article="11", modality="must", sessions=("assembly", "general"),
            motions=(*GRAVE, "approval", "affiliation", "exclusion", "ratification",
                     "interpretation"),
        ),
        Competence(
            id="competence-election", article="11", modality="must",
            sessions=("assembly", "general"), motions=("election",),
        ),
        Proxies(
            id="proxies", article="20", modality="may", sessions=("assembly",), cap=1,
            revocable_until="opening",
        ),
        Proxies(id="proxies-general", article="20", modality="may", sessions=("general",), cap=2),
    )  # fmt: skip


def _votes(quorum: tuple[int, int], *, strict: bool) -> tuple[AnyRule, ...]:
    return (
        Initiative(
            id="initiative", article="9", modality="may", classes=("individual",),
            motions=tuple(kind for kind in EVERY if kind not in _SUPPORTED),
        ),
        Initiative(
            id="initiative-supported", article="9", modality="may", classes=("individual",),
            motions=_SUPPORTED, support=share(1, 3),
        ),
        Deliberation(
            id="deliberation", article="17", modality="must", motions=EVERY, days=1, amendable=True
        ),
        BallotRule(
            id="ballot", article="12", modality="must", motions=_PLAIN, method="yes_no_abstain",
            minimum_hours=3, replaceable=True,
        ),
        BallotRule(
            id="ballot-paper", article="12", modality="must", motions=("election",),
            method="yes_no_abstain", minimum_hours=1, replaceable=False, secrecy="secret",
        ),
        BallotRule(
            id="ballot-several", article="12", modality="must", motions=("legislative",),
            method="plurality", minimum_hours=3, replaceable=True,
        ),
        BallotRule(
            id="ballot-candidates", article="12", modality="must", motions=("election",),
            method="plurality", minimum_hours=1, replaceable=False, secrecy="secret",
        ),
        TieBreak(
            id="tie-break", article="15", modality="must", chain=("status_quo", "sortition")
        ),
        EffectRule(
            id="effect-ordinary", article="10", modality="may", motions=("legislative",),
            effects=("resolution", "selection"),
        ),
        BallotRule(
            id="ballot-consent", article="12", modality="must", motions=("affiliation",),
            method="consent", minimum_hours=3, replaceable=False,
        ),
        Quorum(
            id="quorum-ordinary", article="13", modality="must", motions=ORDINARY,
            threshold=share(*quorum, strict=strict), base="voters",
        ),
        Quorum(
            id="quorum-general", article="13", modality="must", sessions=("general",),
            threshold=share(1, 2), base="present_or_represented",
        ),
        Quorum(
            id="quorum-council", article="13", modality="must", sessions=("council",),
            threshold=share(1, 2), base="present",
        ),
        Majority(
            id="majority-ordinary", article="14", modality="must", motions=ORDINARY,
            threshold=share(1, 2, strict=True), base="cast",
        ),
        Majority(
            id="majority-council", article="14", modality="must", sessions=("council",),
            threshold=share(1, 2, strict=True), base="entitled",
        ),
        Majority(
            id="majority-recall", article="14", modality="must", sessions=("general",),
            motions=("revocatory",), threshold=share(1, 2, strict=True),
            base="present_or_represented",
        ),
    )  # fmt: skip
