"""Every read, after a whole life: what it shows is what the acts said."""

from collections.abc import Callable

import pytest

from backend.domain.errors import InvalidInputError, NotFoundError
from backend.services.views import Reads
from backend.storage.database import Database
from backend.storage.private_tables import RollLineRow, SignatureRow
from backend.storage.reads import SqlReads
from tests.support.model_organisation import DOMAIN, FOUNDERS, ORIGIN, SLUG, Actor
from tests.support.organisations import Simulation, play_whole_life

CHAIR, TREASURER, SECRETARY = FOUNDERS
UNKNOWN = "unknown-name"


@pytest.fixture
def lived(simulation: Simulation, reads: SqlReads) -> Reads:
    play_whole_life(simulation)
    return reads


def test_organisation__after_its_life__shows_the_statutes_in_force(lived: Reads) -> None:
    view = lived.organisation(SLUG)
    assert (view.slug, view.origin, view.chain_id) == (SLUG, ORIGIN, DOMAIN.chain_id)
    assert (view.statutes_version, view.size) == (2, 37)
    assert lived.organisations() == (view,)


def test_organisations__on_a_new_server__are_none(reads: SqlReads) -> None:
    assert reads.organisations() == ()


def test_statutes__after_an_amendment__are_two_versions(lived: Reads) -> None:
    first, second = lived.statutes(SLUG)
    assert (first.version, first.motion, first.diff, first.entry) == (1, "", "", 0)
    assert (second.version, second.motion) == (2, "new-statutes")
    difference = lived.sources(SLUG).document(second.diff).decode()
    assert "+Article 2. Its members, who care." in difference


def test_members__page_by_page__are_all_in_order(lived: Reads) -> None:
    everyone = lived.members(SLUG)
    assert [view.member for view in everyone] == sorted(view.member for view in everyone)
    assert len(everyone) == 6
    pages, after = [], ""
    while page := lived.members(SLUG, after=after, limit=4):
        pages.append(page)
        after = page[-1].member
    assert [len(page) for page in pages] == [4, 2]
    assert tuple(view for page in pages for view in page) == everyone


def test_member__who_left__shows_when(lived: Reads) -> None:
    visitor = lived.member(SLUG, Actor("visitor").id)
    assert (visitor.status, visitor.founder) == ("resigned", False)
    assert visitor.applied_at < visitor.since
    chair = lived.member(SLUG, CHAIR.id)
    assert (chair.status, chair.founder, chair.entry) == ("active", True, 0)


def test_member_of_key__of_a_founder__is_the_founder(lived: Reads) -> None:
    assert lived.member_of_key(SLUG, CHAIR.address).member == CHAIR.id
    with pytest.raises(NotFoundError):
        lived.member_of_key(SLUG, bytes(20))


def test_motions__in_ledger_order__show_where_they_stand(lived: Reads) -> None:
    views = lived.motions(SLUG)
    assert [(view.motion, view.status, view.assembly) for view in views] == [
        ("new-statutes", "adopted", "spring"),
        ("river-framework", "adopted", "spring"),
        ("new-bridge", "rejected", "spring"),
        ("quiet-motion", "no_quorum", "summer"),
        ("pending-motion", "proposed", None),
    ]
    assert lived.motions(SLUG, after=views[1].entry, limit=2) == views[2:4]
    assert lived.motion(SLUG, "new-bridge") == views[2]
    assert views[2].effect == {"type": "resolution"}
    assert views[1].effect["framework"] == "river-health"


def test_assembly__after_its_close__shows_its_agenda(lived: Reads) -> None:
    spring, summer = lived.assemblies(SLUG)
    assert [item.motion for item in spring.agenda] == [
        "new-statutes", "river-framework", "new-bridge",
    ]  # fmt: skip
    assert {item.electorate_size for item in spring.agenda} == {4}
    assert (spring.statutes, summer.statutes) == (1, 2)
    assert spring.closed
    assert lived.assembly(SLUG, "summer") == summer


def test_due_assemblies__are_those_open_past_their_closing(
    simulation: Simulation, reads: SqlReads
) -> None:
    simulation.found()
    simulation.propose(CHAIR, "one")
    simulation.propose(CHAIR, "two")
    simulation.convene(CHAIR, "early", "one", days=15, hours=48)
    simulation.convene(CHAIR, "late", "two", days=15, hours=49)
    closing = reads.assembly(SLUG, "early").closes_at
    assert [view.assembly for view in reads.due_assemblies(SLUG, closing)] == ["early"]
    just_before = closing.replace("09:00:00.000", "08:59:59.999")
    assert reads.due_assemblies(SLUG, just_before) == ()
    simulation.advance(days=17, hours=1)
    simulation.close("early")
    assert [view.assembly for view in reads.due_assemblies(SLUG, simulation.at())] == ["late"]


def test_poll__before_the_close__has_no_totals(simulation: Simulation, reads: SqlReads) -> None:
    simulation.found()
    simulation.propose(CHAIR, "one")
    simulation.convene(CHAIR, "assembly", "one")
    simulation.advance(days=15)
    simulation.cast(CHAIR, "one", "no")
    simulation.cast(CHAIR, "one", "yes")
    poll = reads.poll(SLUG, "one")
    assert (poll.ballots, poll.voters, poll.electorate_size) == (2, 1, 3)
    assert (poll.closed, poll.tally, poll.openings) == (False, None, None)
    simulation.advance(days=2)
    simulation.close("assembly")
    assert reads.poll(SLUG, "one").tally == {"yes": 1, "no": 0, "abstain": 0}


def test_ballots__of_a_motion__are_pseudonymous(lived: Reads) -> None:
    ballots = lived.ballots(SLUG, "river-framework")
    assert [ballot.nonce for ballot in ballots] == [0, 1, 0]
    voter = lived.elector(SLUG, "river-framework", CHAIR.id).voter
    assert [ballot.voter == voter for ballot in ballots] == [True, True, False]
    assert lived.ballots(SLUG, "river-framework", after=ballots[0].entry, limit=1) == ballots[1:2]


def test_elector__who_has_no_vote__is_not_found(lived: Reads) -> None:
    with pytest.raises(NotFoundError, match=r"elector\.unknown"):
        lived.elector(SLUG, "new-bridge", Actor("partner").id)


def test_decisions__after_their_assemblies__carry_their_derivation(lived: Reads) -> None:
    outcomes = {view.motion: view.outcome for view in lived.decisions(SLUG)}
    assert outcomes == {
        "new-statutes": "adopted",
        "river-framework": "adopted",
        "new-bridge": "rejected",
        "quiet-motion": "no_quorum",
    }
    decision = lived.decision(SLUG, "quiet-motion")
    by_rule = {step["rule"]: step["verdict"] for step in decision.derivation}
    assert by_rule["quorum-ordinary"] == "not_met"


def test_commons__with_observations__are_valued(lived: Reads) -> None:
    (weir,) = lived.commons(SLUG)
    assert lived.commons_item(SLUG, "weir") == weir
    fish, nitrate = lived.observations(SLUG, "weir")
    assert (fish.value, nitrate.value, fish.author) == (
        "120.5",
        "12.5",
        Actor("partner", "collective").id,
    )
    (valuation,) = lived.valuations(SLUG)
    assert lived.valuation(SLUG, "weir-january") == valuation
    assert (valuation.rounded, valuation.version) == ("0.518", 1)
    assert [score["indicator"] for score in valuation.scores] == ["fish", "nitrate"]
    (framework,) = lived.frameworks(SLUG)
    assert lived.framework(SLUG, "river-health") == framework


def test_entries__by_range__are_the_leaves(lived: Reads) -> None:
    page = lived.entries(SLUG, 35, 10)
    assert [view.index for view in page] == [35, 36]
    assert page[1] == lived.entry(SLUG, 36)
    assert page[1].act == "motion.proposed"
    assert lived.entries(SLUG, 37) == ()


def test_sources__with_an_erased_proof__say_that_it_is_erased(
    lived: Reads, database: Database
) -> None:
    assert len(lived.sources(SLUG).signatures(0) or ()) == 3
    voter = lived.elector(SLUG, "new-bridge", CHAIR.id).voter
    with database.writing() as session:
        for position in range(3):
            session.delete(session.get_one(SignatureRow, (SLUG, 0, position)))
        decision = lived.poll(SLUG, "new-bridge").decision
        session.delete(session.get_one(RollLineRow, (SLUG, decision, voter)))
    assert lived.sources(SLUG).signatures(0) is None
    with pytest.raises(NotFoundError):
        lived.elector(SLUG, "new-bridge", CHAIR.id)
    with pytest.raises(NotFoundError, match=r"document\.unknown"):
        lived.sources(SLUG).document("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")


NAMED: dict[str, Callable[[Reads], object]] = {
    "member": lambda reads: reads.member(SLUG, UNKNOWN),
    "motion": lambda reads: reads.motion(SLUG, UNKNOWN),
    "assembly": lambda reads: reads.assembly(SLUG, UNKNOWN),
    "poll": lambda reads: reads.poll(SLUG, "pending-motion"),
    "ballots": lambda reads: reads.ballots(SLUG, "pending-motion"),
    "elector": lambda reads: reads.elector(SLUG, "pending-motion", CHAIR.id),
    "decision": lambda reads: reads.decision(SLUG, "pending-motion"),
    "framework": lambda reads: reads.framework(SLUG, UNKNOWN),
    "commons_item": lambda reads: reads.commons_item(SLUG, UNKNOWN),
    "observations": lambda reads: reads.observations(SLUG, UNKNOWN),
    "valuation": lambda reads: reads.valuation(SLUG, UNKNOWN),
    "entry": lambda reads: reads.entry(SLUG, 37),
    "negative entry": lambda reads: reads.entry(SLUG, -1),
    "checkpoint": lambda reads: reads.checkpoint(SLUG),
    "checkpoint_at": lambda reads: reads.checkpoint_at(SLUG, 37),
    "anchor_evidence": lambda reads: reads.anchor_evidence(SLUG, 1, 37),  # type: ignore[arg-type]  # a plain size
}


@pytest.mark.parametrize("question", NAMED.values(), ids=NAMED.keys())
def test_read__of_something_unknown__is_not_found(
    lived: Reads, question: Callable[[Reads], object]
) -> None:
    with pytest.raises(NotFoundError):
        question(lived)


OF_ORGANISATION: dict[str, Callable[[Reads], object]] = {
    "organisation": lambda reads: reads.organisation(UNKNOWN),
    "statutes": lambda reads: reads.statutes(UNKNOWN),
    "members": lambda reads: reads.members(UNKNOWN),
    "member_of_key": lambda reads: reads.member_of_key(UNKNOWN, bytes(20)),
    "motions": lambda reads: reads.motions(UNKNOWN),
    "assemblies": lambda reads: reads.assemblies(UNKNOWN),
    "due_assemblies": lambda reads: reads.due_assemblies(UNKNOWN, "2026-01-01T00:00:00.000Z"),
    "decisions": lambda reads: reads.decisions(UNKNOWN),
    "frameworks": lambda reads: reads.frameworks(UNKNOWN),
    "commons": lambda reads: reads.commons(UNKNOWN),
    "valuations": lambda reads: reads.valuations(UNKNOWN),
    "entries": lambda reads: reads.entries(UNKNOWN, 0),
    "anchors": lambda reads: reads.anchors(UNKNOWN),
    "covering_anchors": lambda reads: reads.covering_anchors(UNKNOWN, 0),
    "size_after": lambda reads: reads.size_after(UNKNOWN, "assembly.closed"),
    "node": lambda reads: reads.node(UNKNOWN),
    "state": lambda reads: reads.state(UNKNOWN),
    "sources": lambda reads: reads.sources(UNKNOWN),
}


@pytest.mark.parametrize("question", OF_ORGANISATION.values(), ids=OF_ORGANISATION.keys())
def test_read__of_an_unknown_organisation__is_not_found(
    reads: SqlReads, question: Callable[[Reads], object]
) -> None:
    with pytest.raises(NotFoundError, match=r"organisation\.unknown"):
        question(reads)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_page__of_a_size_out_of_bounds__is_refused(reads: SqlReads, limit: int) -> None:
    for question in (
        lambda: reads.members(SLUG, limit=limit),
        lambda: reads.motions(SLUG, limit=limit),
        lambda: reads.entries(SLUG, 0, limit),
    ):
        with pytest.raises(InvalidInputError, match=r"page\.limit"):
            question()


def test_member_of_key__of_a_device__is_its_member_until_it_is_revoked(
    simulation: Simulation, reads: Reads
) -> None:
    phone = Actor("phone")
    simulation.found()
    simulation.bind(CHAIR, phone)
    assert reads.member_of_key(SLUG, phone.address).member == CHAIR.id
    simulation.revoke(CHAIR, phone)
    with pytest.raises(NotFoundError):
        reads.member_of_key(SLUG, phone.address)
    assert reads.member_of_key(SLUG, CHAIR.address).member == CHAIR.id
