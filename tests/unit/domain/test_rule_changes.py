"""How decisions change the rules beside an unchanged text, H1 to H4."""

import hashlib

import msgspec
import pytest

from backend.domain.acts import (
    AbrogationEffect,
    RatificationEffect,
    RulesChanged,
    StatutesEffect,
)
from backend.domain.entry import Entry
from backend.domain.fold import evolve
from backend.domain.lawfulness import check
from backend.domain.rule_changes import (
    PendingEnactment,
    basis,
    change_rules,
    pending_enactments,
    rules_changed,
)
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.rulebook.voting import Tie
from backend.domain.state import State
from tests.support.governance import CHAIR, append, founded, refused, rule_of, rules_with
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import FOUNDERS, model_framework, stricter_rulebook
from tests.support.model_rules import EVERY
from tests.support.motion_world import (
    OPEN_TIES,
    carried,
    internal_rules,
    made_custody,
    voted,
    without_custody,
)
from tests.support.organisations import Simulation

SECOND = "Article 1. The river.\nArticle 2. Its members, who care.\n"
TIES = Tie(id="ties", article="15", modality="must", motions=("election",), resolution="status_quo")


def _made(rulebook: Rulebook | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation whose bureau made internal rules."""
    simulation, ledger = founded(rulebook or without_custody())
    simulation.propose_internal_rules(CHAIR, "house", made_custody())
    carried(simulation, "council-1", "house", session="council")
    return simulation, ledger


def _ratify(simulation: Simulation, motion: str = "confirm") -> None:
    simulation.propose_effect(CHAIR, motion, "ratification", RatificationEffect("house"))


def _status(ledger: MemoryLedger) -> str:
    return ledger.state.internal_rules["house"].status


def _custody(ledger: MemoryLedger) -> str | None:
    rule = ledger.state.in_force().rulebook.maybe(Custody)
    return None if rule is None else rule.id


def _last(ledger: MemoryLedger) -> RulesChanged:
    data = ledger.entries[-1].data
    assert isinstance(data, RulesChanged)
    return data


def test_h2__internal_rules_that_hold_at_once__are_in_force_provisionally() -> None:
    _, ledger = _made()
    assert (_status(ledger), _custody(ledger)) == ("provisional", "made-custody")
    assert _last(ledger).cause == "internal_rules"
    current = ledger.state.in_force()
    assert (current.number, len(ledger.state.statutes)) == (1, 1)
    content = format_rulebook(current.rulebook)
    assert current.statutes.rules == hashlib.sha256(content).hexdigest()
    assert ledger.state.rulebooks[current.statutes.rules] == current.rulebook
    assert "house" in ledger.state.enacted


def test_h2__internal_rules_nobody_has_to_confirm__are_final() -> None:
    _, ledger = _made(without_custody(internal_rules(ratified_by=None)))
    assert (_status(ledger), _custody(ledger)) == ("ratified", "made-custody")


def test_h2__internal_rules_that_wait__hold_once_confirmed() -> None:
    simulation, ledger = _made(without_custody(internal_rules(effective="on_ratification")))
    assert (_status(ledger), _custody(ledger)) == ("waiting", None)
    assert pending_enactments(ledger.state) == ()
    _ratify(simulation)
    voted(simulation, "spring", "confirm")
    simulation.decide("confirm")
    wanted = PendingEnactment("house", "rules.changed", "internal_rules")
    assert pending_enactments(ledger.state) == (wanted,)
    simulation.enact()
    assert (_status(ledger), _custody(ledger)) == ("ratified", "made-custody")
    assert pending_enactments(ledger.state) == ()


def test_h1__confirmed__stay_without_another_change() -> None:
    simulation, ledger = _made()
    _ratify(simulation)
    carried(simulation, "spring", "confirm")
    assert (_status(ledger), _custody(ledger)) == ("ratified", "made-custody")
    assert ledger.entries[-1].data.act == "decision.made"


@pytest.mark.parametrize("effective", ["at_once", "on_ratification"])
def test_h1__refused__end(effective: str) -> None:
    simulation, ledger = _made(without_custody(internal_rules(effective=effective)))
    _ratify(simulation)
    carried(simulation, "spring", "confirm", yes=(), no=FOUNDERS)
    assert (_status(ledger), _custody(ledger)) == ("refused", None)
    assert _last(ledger).cause == "refusal"
    with refused("ratification.not_due", rule="psephos.rules"):
        _ratify(simulation, "confirm-again")


def test_h1__vote_without_quorum__neither_confirms_nor_refuses() -> None:
    simulation, ledger = _made(without_custody(internal_rules(lapse=True)))
    _ratify(simulation)
    carried(simulation, "spring", "confirm", yes=())
    assert ledger.state.motion("confirm").status == "no_quorum"
    assert (_status(ledger), _custody(ledger)) == ("provisional", "made-custody")


@pytest.mark.parametrize("lapse", [True, False])
def test_h1__next_holding_without_a_word__ends_them_only_where_they_lapse(lapse: bool) -> None:  # noqa: FBT001
    simulation, ledger = _made(without_custody(internal_rules(lapse=lapse)))
    for motion in ("bridge", "weir"):
        simulation.propose(CHAIR, motion)
    voted(simulation, "spring", "bridge", "weir")
    assert pending_enactments(ledger.state) == ()
    simulation.decide("bridge")
    assert pending_enactments(ledger.state) == ()
    simulation.decide("weir")
    wanted = (PendingEnactment("house", "rules.changed", "lapse"),) if lapse else ()
    assert pending_enactments(ledger.state) == wanted
    simulation.enact()
    assert _status(ledger) == ("lapsed" if lapse else "provisional")
    assert _custody(ledger) == (None if lapse else "made-custody")


def test_h1__holding_that_was_called_before__does_not_count() -> None:
    simulation, ledger = founded(without_custody(internal_rules(lapse=True)))
    simulation.propose_internal_rules(CHAIR, "house", made_custody())
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge", days=40)
    carried(simulation, "council-1", "house", session="council")
    simulation.advance(days=23)
    for voter in FOUNDERS:
        simulation.cast(voter, "bridge", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    assert _status(ledger) == "provisional"
    simulation.propose(CHAIR, "weir")
    carried(simulation, "summer", "weir")
    assert _status(ledger) == "lapsed"


def test_h1__meeting_of_the_body__does_not_count() -> None:
    simulation, ledger = _made(without_custody(internal_rules(lapse=True)))
    simulation.propose(CHAIR, "bridge")
    carried(simulation, "council-2", "bridge", session="council")
    assert _status(ledger) == "provisional"


def test_h1__session_that_does_not_confirm__is_refused_naming_the_article() -> None:
    assembly = internal_rules(ratified_by="council")
    simulation, _ = _made(without_custody(assembly, without=["competence"]))
    _ratify(simulation)
    with refused("ratification.session", article="21", rule="internal-rules"):
        simulation.convene(CHAIR, "spring", "confirm")
    simulation.convene(CHAIR, "council-2", "confirm", session="council")


def test_h1__confirmation_before_there_is_anything__refuses() -> None:
    simulation, _ = founded()
    with refused("ratification.not_due"):
        _ratify(simulation)


def test_h1__two_answers_of_one_assembly__the_first_counts() -> None:
    simulation, ledger = _made()
    _ratify(simulation)
    _ratify(simulation, "confirm-too")
    simulation.convene(CHAIR, "spring", "confirm", "confirm-too")
    simulation.advance(days=15)
    for voter in FOUNDERS:
        simulation.cast(voter, "confirm", "no")
        simulation.cast(voter, "confirm-too", "yes")
    simulation.advance(days=2)
    simulation.settle("spring")
    assert ledger.state.motion("confirm-too").status == "adopted"
    assert (_status(ledger), _custody(ledger)) == ("refused", None)


def test_h2__rules_that_changed_since__still_go_by_those_of_the_decision() -> None:
    simulation, ledger = _made(without_custody(internal_rules(lapse=True)))
    simulation.propose(
        CHAIR,
        "end-lapse",
        kind="abrogative",
        effect=lambda _: AbrogationEffect(rule="internal-rules"),
    )
    carried(simulation, "council-2", "end-lapse", session="council")
    assert basis(ledger.state, "house").lapse
    simulation.propose(CHAIR, "bridge")
    carried(simulation, "spring", "bridge")
    assert _status(ledger) == "lapsed"


def test_h3__interpretation__settles_the_silence_for_assemblies_called_later() -> None:
    open_ties = msgspec.structs.replace(OPEN_TIES, about=("*/election",))
    others = tuple(kind for kind in EVERY if kind != "election")
    stated = msgspec.structs.replace(rule_of("tie"), motions=others)
    simulation, ledger = founded(rules_with(open_ties, stated))
    simulation.propose_interpretation(CHAIR, "settle", "open", TIES)
    with refused("rule.silent", article="15"):
        ledger.state.in_force().rulebook.tie("assembly", "election")
    carried(simulation, "spring", "settle")
    assert _last(ledger).cause == "interpretation"
    current = ledger.state.in_force().rulebook
    assert current.tie("assembly", "election") == TIES
    assert current.supplements[0].text == ledger.state.motion("settle").data.text
    with refused("rule.silent", article="15"):
        ledger.state.governing("spring").tie("assembly", "election")


def test_h3__abrogation__ends_the_rule_and_names_the_motion() -> None:
    simulation, ledger = founded()
    simulation.propose_abrogation(CHAIR, "end-tie", rule="tie-council")
    carried(simulation, "spring", "end-tie")
    assert _last(ledger).cause == "abrogation"
    book = ledger.state.in_force().rulebook
    assert book.tie("council", "election").id == "tie"
    assert [(each.rule, each.motion) for each in book.abrogations] == [("tie-council", "end-tie")]


def test_h3__what_follows_from_statutes_and_frameworks__is_pending_too() -> None:
    simulation, ledger = founded()
    simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=stricter_rulebook())
    simulation.propose_framework(CHAIR, "value", model_framework())
    simulation.propose(CHAIR, "bridge")
    voted(simulation, "spring", "reform", "value", "bridge")
    for motion, act in (("reform", "statutes.adopted"), ("value", "framework.adopted")):
        simulation.decide(motion)
        assert pending_enactments(ledger.state) == (PendingEnactment(motion, act),)
        simulation.enact()
    simulation.decide("bridge")
    assert pending_enactments(ledger.state) == ()


def test_h4__change_that_no_longer_fits__changes_nothing_and_says_so() -> None:
    simulation, ledger = founded(without_custody(internal_rules(by=AssemblyParty("assembly"))))
    for motion, name in (("house", "made-custody"), ("house-2", "made-custody-2")):
        simulation.propose_internal_rules(CHAIR, motion, made_custody(name))
    voted(simulation, "spring", "house", "house-2")
    simulation.decide("house")
    simulation.enact()
    before = ledger.state.in_force()
    simulation.decide("house-2")
    simulation.enact()
    assert _last(ledger).rules == before.statutes.rules
    assert ledger.state.in_force().rulebook == before.rulebook
    assert ledger.state.internal_rules["house-2"].status == "refused"
    assert _status(ledger) == "provisional"
    assert pending_enactments(ledger.state) == ()


def test_h4__abrogation_of_a_rule_that_ended_meanwhile__changes_nothing() -> None:
    simulation, ledger = founded(rules_with(made_custody("over", overrides=("custody",))))
    for motion in ("end-over", "end-over-too"):
        simulation.propose_abrogation(CHAIR, motion, rule="over")
    carried(simulation, "spring", "end-over", "end-over-too")
    assert _custody(ledger) == "custody"
    assert {"end-over", "end-over-too"} <= set(ledger.state.enacted)


def _changing() -> tuple[Simulation, MemoryLedger, Entry]:
    """Return a change of the rules that is not appended."""
    simulation, ledger = founded(without_custody())
    simulation.propose_internal_rules(CHAIR, "house", made_custody())
    voted(simulation, "council-1", "house", session="council")
    simulation.decide("house")
    content = format_rulebook(change_rules(ledger.state, "house", ledger.sources))
    data = rules_changed(ledger.state, "house", ledger.put_document(content), ledger.sources)
    return simulation, ledger, Entry(simulation.at(), "system", data)


def test_change__as_it_follows__is_lawful() -> None:
    _, ledger, entry = _changing()
    ledger.append(entry)
    assert _custody(ledger) == "made-custody"


def test_change__another_hash__refuses() -> None:
    _, ledger, entry = _changing()
    other = msgspec.structs.replace(entry.data, rules="0" * 64)
    with refused("rules.differ", rule="psephos.rules"):
        ledger.append(msgspec.structs.replace(entry, data=other))


def test_change__document_of_another_rulebook__refuses() -> None:
    _, ledger, entry = _changing()
    current = ledger.put_document(format_rulebook(ledger.state.in_force().rulebook))
    other = msgspec.structs.replace(entry.data, rulebook=current)
    with refused("rules.differ"):
        ledger.append(msgspec.structs.replace(entry, data=other))


def test_change__signed_by_someone__refuses() -> None:
    simulation, ledger, entry = _changing()
    with refused("author.system"):
        append(ledger, simulation.signed(ledger, CHAIR, entry.data))


def test_change__that_does_not_follow__refuses() -> None:
    _, ledger, entry = _changing()
    ledger.append(entry)
    with refused("rules.not_pending", rule="psephos.rules"):
        ledger.append(entry)


def test_statutes__that_keep_what_was_decided__keep_it_in_force() -> None:
    simulation, ledger = _made()
    kept = ledger.state.in_force().rulebook

    def reform(book: Book) -> StatutesEffect:
        return StatutesEffect(simulation.statutes(book, text=SECOND, rulebook=kept))

    simulation.propose(CHAIR, "reform", kind="constituent", effect=reform)
    carried(simulation, "spring", "reform")
    assert ledger.state.in_force().number == 2
    assert _custody(ledger) == "made-custody"


def test_statutes__that_invent_a_decision__refuse() -> None:
    simulation, ledger = _made()
    current = ledger.state.in_force().rulebook
    (made,) = current.supplements
    invented = msgspec.structs.replace(made, motion="never")
    other = msgspec.structs.replace(current, supplements=(invented,))
    with refused("statutes.decided"):
        simulation.propose_statutes(CHAIR, "reform", text=SECOND, rulebook=other)


def test_change__of_another_motion_than_the_pending_one__refuses() -> None:
    simulation, ledger = founded()
    simulation.propose_abrogation(CHAIR, "untie", rule="tie-council")
    simulation.propose(CHAIR, "bridge")
    voted(simulation, "spring", "untie", "bridge")
    simulation.decide("untie")
    text = ledger.state.in_force().statutes.text
    with refused("rules.not_pending") as caught:
        rules_changed(ledger.state, "bridge", text, ledger.sources)
    assert caught.value.found == "bridge: closed"


def test_change__whole_history_again__passes_and_folds_to_the_same() -> None:
    simulation, ledger = _made(without_custody(internal_rules(lapse=True)))
    simulation.propose(CHAIR, "bridge")
    carried(simulation, "spring", "bridge")
    state = State()
    for entry in ledger.entries:
        assert check(state, entry, ledger.sources) == 0
        state = evolve(state, entry, ledger.sources)
    assert state == ledger.state
