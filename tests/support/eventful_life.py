"""A year of the model organisation in which every act happens, under rules that know all of them."""

from datetime import timedelta

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    ElectionEffect,
    ExitAnswer,
    LogKeyRotated,
    LotsDrawn,
    MeasureEffect,
    MotionKind,
    Obligation,
    RatificationEffect,
    ResolutionEffect,
    ReversalEffect,
    SeatGiven,
)
from backend.domain.deadlines import Day
from backend.domain.rulebook.bodies import Absence
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import (
    Admission,
    Appeal,
    Centres,
    DueProcess,
    Dues,
    IdentityDemand,
    Levels,
)
from backend.domain.rulebook.rule import BodyParty, SeatParty
from backend.domain.rulebook.sessions import Channels, Notice, Periodicity, Proxies
from backend.domain.rulebook.topics import AnyRule, Silent
from backend.domain.rulebook.voting import BallotRule, TieBreak
from tests.support.memory_ledger import Book
from tests.support.model_organisation import (
    CARING_TEXT,
    FOUNDERS,
    Actor,
    mandate_of,
    model_framework,
    model_rulebook,
    stricter_rulebook,
)
from tests.support.model_rules import ASSEMBLY, BUREAU, EVERY, model_rules
from tests.support.organisations import Simulation

CHAIR, TREASURER, SECRETARY = FOUNDERS
GARDENER = Actor("gardener")
PARTNER = Actor("partner", "collective")
VISITOR = Actor("visitor")
PHONE, CAPTAIN, NEW_PHONE = Actor("phone"), Actor("captain"), Actor("new-phone")
"""Whose keys members bind: the gardener's second device, who acts for the partner, the baker's new one."""
BAKER = Actor("baker")
GUEST = Actor("guest", "collective")
WALKER = Actor("walker", "collective")
TWIN = Actor("orchardist")
"""The gardener once more, under a name by which nobody recognised them when they applied."""

OPEN_MATTER = Silent(
    id="boats", article="24", matter="periodicity", about=("council",), settled_by="A decision"
)
"""What the rules leave open until an interpretation settles it."""

TIED = "new-member"
"""The election that the year leaves to lots."""


def eventful_rulebook() -> Rulebook:
    """Return the model rules, with time to object, appeals to a body, an urn, consent and lots."""
    plain: tuple[MotionKind, ...] = tuple(
        kind for kind in EVERY if kind not in ("election", "affiliation")
    )
    changed: tuple[AnyRule, ...] = (
        Admission(
            id="admission-collective", article="7", modality="may", member_class="collective",
            by=BUREAU, objection_days=3, checks=IdentityDemand("low", ("document", "in_person")),
            vouchers=1, appeal_to=BUREAU, appeal_days=8,
        ),
        Centres(id="centres", article="25", modality="may", by=BUREAU, at_most=3),
        DueProcess(
            id="due-process", article="18", modality="must",
            measures=("exclusion", "sanction", "revocation"), channels=("email",), reply_days=8,
            by=BUREAU,
        ),
        Appeal(
            id="appeal", article="18", modality="may", measures=("exclusion",), to=ASSEMBLY, days=30
        ),
        Appeal(
            id="appeal-sanction", article="18", modality="may", measures=("sanction",),
            to=BodyParty("audit"), days=30,
        ),
        Absence(id="absence", article="19", modality="may", bodies=("bureau",), meetings=1),
        Channels(
            id="channels", article="11", modality="must", sessions=("assembly",),
            channels=("remote", "room"),
        ),
        Notice(
            id="notice", article="11", modality="must", sessions=("assembly",), days=15,
            channels=("email", "post"),
        ),
        Proxies(id="proxies", article="20", modality="may", sessions=("assembly",), cap=2),
        BallotRule(
            id="ballot", article="12", modality="must", motions=plain, method="yes_no_abstain",
            minimum_hours=48, replaceable=True,
        ),
        BallotRule(
            id="ballot-urn", article="12", modality="must", motions=("election",),
            method="yes_no_abstain", minimum_hours=1, replaceable=False, secrecy="secret",
        ),
        BallotRule(
            id="ballot-consent", article="12", modality="must", motions=("affiliation",),
            method="consent", minimum_hours=1, replaceable=False,
        ),
        BallotRule(
            id="ballot-candidates", article="12", modality="must", motions=("election",),
            method="plurality", minimum_hours=48, replaceable=False,
        ),
        TieBreak(
            id="ties-of-options", article="15", modality="must", chain=("seniority", "sortition")
        ),
        Levels(id="levels", article="24", modality="may", levels=("village", "river")),
        Dues(
            id="dues", article="24", modality="must", by=SeatParty("bureau", "chair"),
            suspends_vote=True, grace_days=30,
        ),
        OPEN_MATTER,
    )  # fmt: skip
    by_id = {rule.id: rule for rule in (*model_rules(), *changed)}
    return model_rulebook(tuple(by_id.values()), title="Rules of an eventful year")


def play_eventful_year(simulation: Simulation) -> None:
    """Play every act that takes no key of a server, no anchoring block and nobody without a key."""
    simulation.found(rulebook=eventful_rulebook())
    _join(simulation)
    _keep_register(simulation)
    _gather_motions(simulation)
    _hold_spring(simulation)
    _discipline(simulation)
    _hold_council(simulation)
    _hold_summer(simulation)
    _hold_autumn(simulation)
    _dispute(simulation)
    _measure(simulation)
    _change_keys(simulation)


def rotate_key(simulation: Simulation, log_key: str) -> int:
    """Hand the signing of checkpoints to another key."""
    return simulation.act(CHAIR, LogKeyRotated(log_key))


def play_drawn_year(simulation: Simulation) -> None:
    """Play that year, and decide the election that it leaves tied by lots from a block made up for it."""
    play_eventful_year(simulation)

    def drawn(book: Book) -> LotsDrawn:
        return LotsDrawn(
            motion=TIED,
            chain_id=book.state.founded().signing.chain_id,
            size=book.state.size,
            block=1204,
            seed="5e" * 32,
        )

    simulation.system_act(drawn)
    simulation.decide(TIED)


def _day(simulation: Simulation, days: int) -> Day:
    return f"{simulation.now + timedelta(days=days):%Y-%m-%d}"


def _join(simulation: Simulation) -> None:
    for applicant in (GARDENER, VISITOR, BAKER):
        simulation.apply(applicant)
        simulation.admit(applicant)
    simulation.apply(PARTNER)
    simulation.object_to(GARDENER, PARTNER)
    _look_into(simulation)
    simulation.advance(days=4)
    simulation.admit(PARTNER, officer=CHAIR)
    simulation.resign(VISITOR)
    simulation.recover(CHAIR, SECRETARY, BAKER, NEW_PHONE)
    simulation.end_membership(CHAIR, BAKER)


def _look_into(simulation: Simulation) -> None:
    simulation.check_identity(CHAIR, PARTNER)
    simulation.vouch(TREASURER, PARTNER)
    simulation.refuse(CHAIR, PARTNER)
    simulation.contest_refusal(PARTNER)
    simulation.answer_refusal(SECRETARY, PARTNER, upheld=False)
    simulation.apply(GUEST)
    simulation.refuse(TREASURER, GUEST)
    simulation.reapply(GUEST)
    simulation.open_centre(CHAIR, "harbour", GARDENER)
    simulation.present(GARDENER, "harbour", WALKER)
    simulation.change_centre(CHAIR, "harbour", SECRETARY)
    simulation.close_centre(CHAIR, "harbour")


def _keep_register(simulation: Simulation) -> None:
    simulation.register_place(CHAIR, "ouse", "river")
    simulation.register_place(CHAIR, "weir-end", "village", within="ouse")
    simulation.place(GARDENER, "weir-end")
    simulation.owe(CHAIR, GARDENER)
    simulation.pay(CHAIR, GARDENER)
    simulation.apply(TWIN)
    simulation.admit(TWIN)
    simulation.merge(CHAIR, SECRETARY, kept=GARDENER, dropped=TWIN)
    simulation.attest_register(SECRETARY)


def _gather_motions(simulation: Simulation) -> None:
    seats = (SeatGiven("auditor-1", "auditor", SECRETARY.id),)
    starts = _day(simulation, 60)
    simulation.propose_effect(
        GARDENER,
        "auditors",
        "election",
        ElectionEffect("audit", "designation", starts, attested=True, seats=seats),
    )
    league = AffiliationEffect("League of rivers", joins=True)
    simulation.propose_effect(GARDENER, "join-league", "affiliation", league)
    simulation.propose(TREASURER, "mend-boats")
    boats = Obligation("nets", "Mend the nets", "the bureau", _day(simulation, 200))
    simulation.amend(TREASURER, "mend-boats", effect=lambda _: ResolutionEffect((boats,)))
    simulation.support(SECRETARY, "mend-boats")
    simulation.propose(SECRETARY, "second-thoughts")
    simulation.withdraw(SECRETARY, "second-thoughts")
    simulation.draft(GARDENER, "petition", "auditors", "join-league")
    simulation.support_draft(TREASURER, "petition")
    simulation.support_draft(SECRETARY, "petition")


def _hold_spring(simulation: Simulation) -> None:
    motions = ("auditors", "join-league", "mend-boats")
    simulation.convene(CHAIR, "spring", *motions, days=16, channel="room", draft="petition")
    simulation.record_notices(CHAIR, "spring")
    simulation.give_proxy(GARDENER, "gardener-treasurer", "spring", TREASURER)
    simulation.revoke_proxy(GARDENER, "gardener-treasurer")
    simulation.give_proxy(TREASURER, "treasurer-secretary", "spring", SECRETARY)
    simulation.advance(days=16)
    simulation.adjourn(CHAIR, "spring", days=7)
    simulation.advance(days=7)
    for member in (CHAIR, SECRETARY, GARDENER):
        simulation.attend(member, "spring", "room")
    simulation.open(CHAIR, "spring")
    simulation.object(GARDENER, "too-far", "join-league")
    simulation.resolve(GARDENER, "too-far")
    for voter in (CHAIR, SECRETARY):
        simulation.cast(voter, "join-league", "consent")
        simulation.cast(voter, "mend-boats", "yes")
    simulation.cast(TREASURER, "mend-boats", "yes", hand=SECRETARY)
    tally = {"yes": 3, "no": 0, "abstain": 0}
    simulation.count_urn((CHAIR, SECRETARY), "spring", "auditors", tally, papers=4)
    simulation.advance(days=2)
    simulation.settle("spring")
    simulation.publish_minutes("spring", CHAIR)
    simulation.fulfil(TREASURER, "mend-boats", "nets")


def _discipline(simulation: Simulation) -> None:
    simulation.advance(days=40)
    simulation.accuse(TREASURER, "noise", GARDENER, measure="sanction", sanction="warning")
    simulation.serve(CHAIR, "noise")
    simulation.reply(GARDENER, "noise")
    simulation.hear(CHAIR, "noise")
    simulation.take_measure(CHAIR, "noise")
    simulation.appeal(GARDENER, "noise")
    simulation.answer_appeal(SECRETARY, "noise", upheld=False)
    simulation.accuse(GARDENER, "pollution", PARTNER)
    simulation.serve(CHAIR, "pollution")
    simulation.advance(days=9)


def _hold_council(simulation: Simulation) -> None:
    house = Periodicity(
        id="audits", article="1", modality="must", sessions=("audits",), every_years=1
    )
    simulation.propose_internal_rules(CHAIR, "house", house)
    simulation.convene(CHAIR, "council-1", "house", days=4, session="council")
    simulation.advance(days=4)
    for member in (CHAIR, TREASURER):
        simulation.attend(member, "council-1")
        simulation.cast(member, "house", "yes")
    simulation.advance(days=2)
    simulation.settle("council-1")
    simulation.forfeit(CHAIR, mandate_of(SECRETARY), "council-1")
    simulation.resign_mandate(TREASURER, mandate_of(TREASURER))


def _hold_summer(simulation: Simulation) -> None:
    settled = Periodicity(
        id="council-yearly", article="24", modality="must", sessions=("council",), every_years=1
    )
    simulation.propose_effect(CHAIR, "confirm", "ratification", RatificationEffect("house"))
    simulation.propose_interpretation(CHAIR, "boats-settled", OPEN_MATTER.id, settled)
    simulation.propose_effect(
        CHAIR, "end-boats", "abrogative", AbrogationEffect(resolution="mend-boats")
    )
    simulation.propose_effect(CHAIR, "exclude-partner", "exclusion", MeasureEffect("pollution"))
    simulation.propose(GARDENER, "quiet-motion")
    simulation.propose_framework(GARDENER, "river-framework", model_framework())
    motions = (
        "confirm", "boats-settled", "end-boats", "exclude-partner", "river-framework",
        "quiet-motion",
    )  # fmt: skip
    simulation.convene(CHAIR, "summer", *motions)
    simulation.record_notices(CHAIR, "summer")
    simulation.advance(days=15)
    for motion in motions[:-1]:
        for voter in (CHAIR, GARDENER, SECRETARY):
            simulation.cast(voter, motion, "yes")
    simulation.advance(days=2)
    simulation.settle("summer")
    simulation.appeal(PARTNER, "pollution")


def _hold_autumn(simulation: Simulation) -> None:
    simulation.propose_effect(GARDENER, "forgive", "appeal", ReversalEffect("pollution"))
    simulation.propose_statutes(
        CHAIR, "new-statutes", text=CARING_TEXT, rulebook=stricter_rulebook()
    )
    candidates = (TREASURER, SECRETARY)
    seats = tuple(SeatGiven(f"member-{each.role}", "member", each.id) for each in candidates)
    starts = _day(simulation, 60)
    election = ElectionEffect("bureau", "designation", starts, attested=True, seats=seats, elects=1)
    simulation.propose_effect(CHAIR, TIED, "election", election)
    simulation.advance(days=1)
    simulation.convene(CHAIR, "quiet-again", "quiet-motion", round_=2, previous="summer")
    simulation.convene(CHAIR, "autumn", "forgive", TIED, "new-statutes")
    for assembly in ("quiet-again", "autumn"):
        simulation.record_notices(CHAIR, assembly)
    simulation.advance(days=15)
    simulation.cast(GARDENER, "quiet-motion", "yes")
    for voter in (CHAIR, GARDENER, SECRETARY):
        simulation.cast(voter, "forgive", "yes")
        simulation.cast(voter, "new-statutes", "yes")
    for candidate in candidates:
        simulation.cast(candidate, TIED, f"member-{candidate.role}")
    simulation.cast(GARDENER, TIED, "blank")
    simulation.advance(days=2)
    simulation.settle("quiet-again")
    simulation.settle("autumn")


def _dispute(simulation: Simulation) -> None:
    simulation.open_dispute(GARDENER, "weir-height", PARTNER)
    simulation.advance_dispute(PARTNER, "weir-height", "mediation")
    plan = (ExitAnswer("Who keeps the boats", "The gardener does"),)
    simulation.advance_dispute(GARDENER, "weir-height", "exit_plan", plan=plan)
    simulation.settle_dispute(GARDENER, "weir-height", PARTNER)


def _measure(simulation: Simulation) -> None:
    simulation.register(PARTNER, "weir")
    fish, nitrate = model_framework().indicators
    simulation.observe(PARTNER, "fish-january", of="weir", indicator=fish, value="120.5")
    simulation.observe(GARDENER, "nitrate-january", of="weir", indicator=nitrate, value="12.5")
    simulation.value("weir-january", of="weir")


def _change_keys(simulation: Simulation) -> None:
    """Bind keys and end them; the gardener is left with the first."""
    simulation.bind(GARDENER, PHONE)
    simulation.revoke(GARDENER, PHONE)
    simulation.represent(PARTNER, CAPTAIN)
