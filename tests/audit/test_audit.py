"""The auditor finds every lie of an operator who rebuilds and re-signs the ledger."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import UnavailableError
from backend.audit.directory import audit_directory
from backend.audit.replay import MAX_INCLUSION_S, MAX_SKEW_S
from backend.audit.report import Report
from backend.domain.acts import (
    Act,
    AssemblyClosed,
    AssemblyConvened,
    BallotCast,
    DecisionMade,
    Electorate,
    FrameworkAdopted,
    MemberAdmitted,
    MotionProposed,
    OrganisationFounded,
    RulesChanged,
    StatutesAdopted,
    ValuationPublished,
)
from backend.domain.electorate import electorate_root, format_leaves, parse_leaves
from backend.domain.entry import Entry
from backend.domain.framework import parse_framework
from backend.domain.quantities import Ratio
from backend.domain.rulebook.sessions import Quorum
from backend.domain.rulebook.voting import Majority
from tests.support.bundles import whole_life, write_bundle
from tests.support.eventful_life import play_eventful_year
from tests.support.memory_ledger import MemoryLedger
from tests.support.organisations import Simulation

_A = TypeVar("_A", bound=Act)


@pytest.fixture
def ledger() -> MemoryLedger:
    return whole_life()


def index_of(entries: list[Entry], schema: type[Act], nth: int = 0) -> int:
    return [index for index, entry in enumerate(entries) if isinstance(entry.data, schema)][nth]


def tampered(
    ledger: MemoryLedger, schema: type[_A], change: Callable[[_A], _A], nth: int = 0
) -> tuple[int, list[Entry]]:
    """Return the entries with one act changed, and its index."""
    entries = list(ledger.entries)
    index = index_of(entries, schema, nth)
    data = entries[index].data
    if not isinstance(data, schema):
        raise TypeError(schema)
    entries[index] = msgspec.structs.replace(entries[index], data=change(data))
    return index, entries


def audit_of(directory: Path, ledger: MemoryLedger, entries: list[Entry]) -> Report:
    write_bundle(directory, ledger, entries=entries, anchored=[len(entries)])
    return audit_directory(directory)


def places(report: Report) -> list[tuple[int | None, str]]:
    return [(each.entry, each.rule.id) for each in report.disagreements]


def test_audit__when_the_ledger_is_honest__then_it_is_lawful(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger)
    report = audit_directory(tmp_path)
    assert report.disagreements == ()
    assert report.lawful
    assert report.entries == report.anchors == report.anchored == len(ledger.entries)
    assert report.redacted == 0
    assert report.documents > 0


def test_audit__when_detached_proofs_were_erased__then_it_is_lawful_and_counts_them_as_redacted(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger, detached=False)
    report = audit_directory(tmp_path)
    assert report.lawful
    signed = sum(len(entry.proof.signatures) for entry in ledger.entries)
    assert report.redacted >= signed


def test_audit__when_a_ballots_choice_was_changed__then_it_names_the_ballot(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    index, entries = tampered(
        ledger, BallotCast, lambda ballot: msgspec.structs.replace(ballot, choice="00" * 32)
    )
    report = audit_of(tmp_path, ledger, entries)
    assert (index, "psephos.signature") in places(report)
    assert (index, "psephos.ballot") in places(report)


@pytest.mark.parametrize("detached", [True, False], ids=["roll_kept", "roll_erased"])
def test_audit__when_a_leaf_was_added_to_an_electorate__then_its_number_betrays_it(
    tmp_path: Path, ledger: MemoryLedger, *, detached: bool
) -> None:
    """Leaves hide who they stand for; that nobody was added shows by their number, rolls or none."""

    def stuffed(data: AssemblyConvened) -> AssemblyConvened:
        item = data.agenda[0]
        leaves = parse_leaves(ledger.sources.document(item.electorate.leaves))
        more = tuple(sorted((*leaves, "5a" * 32)))
        cid = ledger.put_document(format_leaves(more))
        frozen = Electorate(electorate_root(more), len(more), cid)
        return msgspec.structs.replace(
            data, agenda=(msgspec.structs.replace(item, electorate=frozen), *data.agenda[1:])
        )

    index, entries = tampered(ledger, AssemblyConvened, stuffed)
    write_bundle(tmp_path, ledger, entries=entries, anchored=[len(entries)], detached=detached)
    found = {(each.entry, each.code) for each in audit_directory(tmp_path).disagreements}
    assert (index, "electorate.size") in found


def test_audit__when_choice_opening_and_tally_were_all_changed__then_the_signature_betrays_it(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    """A forger who holds the log key can rewrite everything but the member's signature."""
    closing = ledger.entries[index_of(ledger.entries, AssemblyClosed)].data
    assert isinstance(closing, AssemblyClosed)
    result = closing.results[0]
    assert result.openings is not None
    openings = parse_canonical(ledger.sources.document(result.openings), what="openings")
    ballot = index_of(ledger.entries, BallotCast)
    forged_choice = _recommit(openings, ballot, "no")
    cid = ledger.put_document(canonical_json(openings))
    entries = list(ledger.entries)
    cast = entries[ballot].data
    assert isinstance(cast, BallotCast)
    entries[ballot] = msgspec.structs.replace(
        entries[ballot], data=msgspec.structs.replace(cast, choice=forged_choice)
    )
    tally = {**result.tally, "yes": result.tally["yes"] - 1, "no": result.tally["no"] + 1}
    forged = msgspec.structs.replace(result, openings=cid, tally=tally)
    closed = index_of(entries, AssemblyClosed)
    entries[closed] = msgspec.structs.replace(
        entries[closed],
        data=msgspec.structs.replace(closing, results=(forged, *closing.results[1:])),
    )
    report = audit_of(tmp_path, ledger, entries)
    assert (ballot, "psephos.signature") in places(report)


def _recommit(openings: object, ballot: int, choice: str) -> str:
    from backend.domain.commitments import Tag, commit  # noqa: PLC0415 - the forger's own tool

    if not isinstance(openings, dict):
        raise TypeError(openings)
    for opening in openings["ballots"]:
        if opening["entry"] == ballot:
            opening["choice"] = choice
            salt = bytes.fromhex(opening["salt"])
            return commit(Tag.CHOICE, salt=salt, payload=choice.encode())
    raise LookupError(ballot)


def test_audit__when_the_tally_was_changed__then_it_names_the_closing_and_the_ballot_rule(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    def more_yes(closing: AssemblyClosed) -> AssemblyClosed:
        first = closing.results[0]
        tally = {**first.tally, "yes": first.tally["yes"] + 1}
        changed = msgspec.structs.replace(first, tally=tally)
        return msgspec.structs.replace(closing, results=(changed, *closing.results[1:]))

    index, entries = tampered(ledger, AssemblyClosed, more_yes)
    report = audit_of(tmp_path, ledger, entries)
    kind = ledger.states[index].motions["new-statutes"].data.kind
    rule = ledger.states[index].in_force().rulebook.ballot(kind)
    assert (index, rule.id) in places(report)
    assert rule.article in {each.rule.article for each in report.disagreements}


@pytest.mark.parametrize("topic", ["quorum", "majority"])
def test_audit__when_the_quorum_or_majority_of_a_decision_was_changed__then_it_names_the_rule(
    tmp_path: Path, ledger: MemoryLedger, topic: str
) -> None:
    index = index_of(ledger.entries, DecisionMade)
    rulebook = ledger.states[index].in_force().rulebook
    rule: Quorum | Majority = rulebook.majority("assembly", "constituent")
    if topic == "quorum":
        rule = rulebook.quorum("assembly", "constituent", 1)

    def weaker(decision: DecisionMade) -> DecisionMade:
        steps = tuple(
            msgspec.structs.replace(step, inputs={**step.inputs, "required": "1/100"})
            if step.rule == rule.id
            else step
            for step in decision.derivation
        )
        return msgspec.structs.replace(decision, derivation=steps)

    index, entries = tampered(ledger, DecisionMade, weaker)
    report = audit_of(tmp_path, ledger, entries)
    assert [(each.entry, each.rule) for each in report.disagreements] == [(index, rule.reference())]


def test_audit__when_the_outcome_was_changed__then_it_names_the_decision(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    index, entries = tampered(
        ledger,
        DecisionMade,
        lambda decision: msgspec.structs.replace(decision, outcome="rejected"),
    )
    report = audit_of(tmp_path, ledger, entries)
    assert index in {each.entry for each in report.disagreements}


def test_audit__when_a_weight_was_changed__then_it_names_the_adoption_and_the_valuation(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    adoption = ledger.entries[index_of(ledger.entries, FrameworkAdopted)].data
    assert isinstance(adoption, FrameworkAdopted)
    framework = parse_framework(ledger.sources.document(adoption.document))
    first = msgspec.structs.replace(framework.indicators[0], weight=Ratio(99, 100))
    changed = msgspec.structs.replace(framework, indicators=(first, *framework.indicators[1:]))
    cid = ledger.put_document(canonical_json(msgspec.to_builtins(changed)))
    index, entries = tampered(
        ledger, FrameworkAdopted, lambda act: msgspec.structs.replace(act, document=cid)
    )
    report = audit_of(tmp_path, ledger, entries)
    assert (index, "psephos.valuation") in places(report)
    assert (index_of(entries, ValuationPublished), "psephos.valuation") in places(report)


def test_audit__when_the_motions_weights_were_changed_too__then_the_proposers_signature_betrays_it(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    def other_text(motion: MotionProposed) -> MotionProposed:
        return msgspec.structs.replace(motion, title="Another title")

    index, entries = tampered(ledger, MotionProposed, other_text, nth=1)
    report = audit_of(tmp_path, ledger, entries)
    assert (index, "psephos.signature") in places(report)


def test_audit__when_statutes_point_to_another_text__then_it_names_the_adoption(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    cid = ledger.put_document("Article 1. Le fleuve est à moi.\n".encode())

    def other_text(act: StatutesAdopted) -> StatutesAdopted:
        return msgspec.structs.replace(
            act, statutes=msgspec.structs.replace(act.statutes, text=cid)
        )

    index, entries = tampered(ledger, StatutesAdopted, other_text)
    report = audit_of(tmp_path, ledger, entries)
    assert (index, "psephos.statutes") in places(report)


def test_audit__when_an_admission_was_dropped__then_what_its_member_did_is_unlawful(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    entries = list(ledger.entries)
    index = index_of(entries, MemberAdmitted)
    del entries[index]
    report = audit_of(tmp_path, ledger, entries)
    assert not report.lawful


def test_audit__when_a_decision_was_left_out__then_it_reports_the_omission(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    entries = list(ledger.entries)[: index_of(ledger.entries, DecisionMade)]
    report = audit_of(tmp_path, ledger, entries)
    assert {each.code for each in report.disagreements} == {"ledger.omission"}
    assert len(report.disagreements) == 3


def test_audit__when_adopted_statutes_never_came_into_force__then_it_reports_the_omission(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    entries = list(ledger.entries)[: index_of(ledger.entries, StatutesAdopted)]
    report = audit_of(tmp_path, ledger, entries)
    assert [each.expected for each in report.disagreements] == [
        "a decision on new-bridge",
        "a decision on river-framework",
        "what new-statutes put in force",
    ]


def test_audit__when_the_ledger_was_rebuilt_after_anchoring__then_the_anchor_betrays_it(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path / "honest", ledger)
    _, entries = tampered(
        ledger, BallotCast, lambda ballot: msgspec.structs.replace(ballot, choice="00" * 32)
    )
    write_bundle(tmp_path / "forged", ledger, entries=entries, detached=False)
    honest = (tmp_path / "honest" / "anchors.json").read_bytes()
    (tmp_path / "forged" / "anchors.json").write_bytes(honest)
    report = audit_directory(tmp_path / "forged")
    assert "anchor.root" in {each.code for each in report.disagreements}


def test_audit__when_entries_are_later_than_their_anchors_block__then_it_names_them(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger, block_delay_s=-MAX_SKEW_S - 1)
    report = audit_directory(tmp_path)
    assert places(report)[0] == (0, "psephos.time")
    assert {each.rule.id for each in report.disagreements} == {"psephos.time"}


def test_audit__when_an_entry_is_earlier_than_the_anchor_before_it__then_it_names_it(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    """A back-dated entry: the block that anchors the entries before it is younger than it says."""
    first = index_of(ledger.entries, AssemblyClosed)
    size = len(ledger.entries)
    write_bundle(tmp_path, ledger, anchored=[first, size], block_delay_s=40 * 86_400)
    report = audit_directory(tmp_path)
    assert (first, "psephos.time") in places(report)
    assert (first - 1, "psephos.time") not in places(report)


def test_audit__when_a_second_chain_anchors_an_old_size_late__then_nobody_is_blamed(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    """Only blocks of one chain have an order: those of another say nothing of the entries after."""
    write_bundle(tmp_path, ledger, late=index_of(ledger.entries, AssemblyClosed))
    report = audit_directory(tmp_path)
    assert (report.disagreements, report.anchors) == ((), len(ledger.entries) + 1)


def test_audit__when_both_chains_blame_an_entry__then_it_is_named_once(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger, late=len(ledger.entries), block_delay_s=-MAX_SKEW_S - 1)
    found = places(audit_directory(tmp_path))
    assert len(found) == len(set(found))
    assert (len(ledger.entries) - 1, "psephos.time") in found


@pytest.mark.parametrize("delay", [-MAX_SKEW_S, 0, MAX_INCLUSION_S + MAX_SKEW_S])
def test_audit__when_blocks_are_late_within_bounds__then_it_is_lawful(
    tmp_path: Path, ledger: MemoryLedger, delay: int
) -> None:
    write_bundle(tmp_path, ledger, block_delay_s=delay)
    assert audit_directory(tmp_path).disagreements == ()


def test_audit__when_a_document_is_missing_or_changed__then_it_names_the_entry(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger)
    founding = ledger.entries[0].data
    assert isinstance(founding, OrganisationFounded)
    path = tmp_path / "documents" / founding.statutes.text
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"!")
    changed = audit_directory(tmp_path)
    assert "document.corrupt" in {each.code for each in changed.disagreements}
    path.unlink()
    missing = audit_directory(tmp_path)
    assert "document.unknown" in {each.code for each in missing.disagreements}
    assert all(each.entry is not None for each in missing.disagreements)


def test_audit__when_the_end_of_the_ledger_was_cut_off__then_its_anchors_betray_it(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path / "honest", ledger)
    last = next(
        index
        for index in range(len(ledger.entries) - 1, 0, -1)
        if isinstance(ledger.entries[index].data, MotionProposed)
    )
    write_bundle(tmp_path / "cut", ledger, entries=ledger.entries[:last])
    honest = (tmp_path / "honest" / "anchors.json").read_bytes()
    (tmp_path / "cut" / "anchors.json").write_bytes(honest)
    report = audit_directory(tmp_path / "cut")
    assert [each.code for each in report.disagreements] == ["anchor.size"]


def test_audit__when_many_anchors_break_in_one_way__then_the_first_says_how_many(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path / "honest", ledger)
    index, entries = tampered(
        ledger, BallotCast, lambda ballot: msgspec.structs.replace(ballot, choice="00" * 32)
    )
    write_bundle(tmp_path / "forged", ledger, entries=entries)
    honest = (tmp_path / "honest" / "anchors.json").read_bytes()
    (tmp_path / "forged" / "anchors.json").write_bytes(honest)
    report = audit_directory(tmp_path / "forged")
    broken = [each for each in report.disagreements if each.code == "anchor.root"]
    assert len(broken) == 1
    assert broken[0].found.endswith(f"and {len(entries) - index - 1} more anchors")
    assert report.anchors == index
    ballot = [each for each in report.disagreements if each.entry == index]
    assert {each.act for each in ballot} == {"ballot.cast"}


def test_audit__when_a_tile_was_changed__then_the_ledger_is_not_believed(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger)
    tile = next((tmp_path / "ledger" / "tile" / "entries").rglob("*.p/*"))
    content = tile.read_bytes()
    tile.write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:])
    report = audit_directory(tmp_path)
    assert not report.lawful
    assert report.entries == 0


def test_audit__when_the_trust_file_names_another_registry__then_anchors_are_not_believed(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    write_bundle(tmp_path, ledger)
    path = tmp_path / "trust.json"
    path.write_text(path.read_text().replace("0x" + "c0" * 20, "0x" + "c1" * 20))
    report = audit_directory(tmp_path)
    assert report.anchors == 0
    assert {"anchor.network", "ledger.origin"} <= {each.code for each in report.disagreements}


def test_audit__when_there_is_no_bundle__then_it_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as refusal:
        audit_directory(tmp_path)
    assert "trust.json" in refusal.value.what


def test_audit__when_rules_lapse_that_never_were__then_it_names_the_entry_and_goes_on(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    adopted = ledger.states[-1].in_force().statutes
    lapse = RulesChanged("quiet-motion", "lapse", adopted.rulebook, adopted.rules)
    forged = Entry(ledger.entries[5].at, "system", lapse)
    entries = [*ledger.entries[:5], forged, *ledger.entries[5:]]
    report = audit_of(tmp_path, ledger, entries)
    assert places(report)[0][0] == 5
    assert report.entries == len(entries)


def test_audit__when_an_assembly_names_rules_that_never_were__then_what_builds_on_it_is_unfounded(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    index, entries = tampered(
        ledger,
        AssemblyConvened,
        lambda convened: msgspec.structs.replace(convened, rules="00" * 32),
    )
    report = audit_of(tmp_path, ledger, entries)
    assert places(report)[0] == (index, "psephos.assembly")
    ballots = [i for i, entry in enumerate(entries) if isinstance(entry.data, BallotCast)]
    unfounded = {each.entry for each in report.disagreements if each.code == "entry.unfounded"}
    assert ballots[0] in unfounded
    assert report.entries == len(entries)


def test_audit__of_a_year_with_every_act__is_lawful(tmp_path: Path) -> None:
    simulation, ledger = Simulation.in_memory()
    play_eventful_year(simulation)
    write_bundle(tmp_path, ledger, anchored=[len(ledger.entries)])
    report = audit_directory(tmp_path)
    assert (report.disagreements, report.redacted) == ((), 0)


def test_audit__of_that_year_with_its_rolls_and_signatures_erased__is_lawful_still(
    tmp_path: Path,
) -> None:
    simulation, ledger = Simulation.in_memory()
    play_eventful_year(simulation)
    write_bundle(tmp_path, ledger, anchored=[len(ledger.entries)], detached=False)
    report = audit_directory(tmp_path)
    assert report.disagreements == ()
    assert report.redacted > 0
