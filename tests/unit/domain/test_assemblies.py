"""Assemblies, A1 to A8: each convocation one change away from a lawful one."""

import msgspec
import pytest

from backend.domain.acts import AssemblyConvened, Call, Electorate
from backend.domain.assemblies import convene
from backend.domain.electorate import (
    electorate_leaves,
    electorate_root,
    format_leaves,
)
from backend.domain.instants import format_instant
from backend.domain.rulebook import AnyRule, Convocation, Silent
from backend.domain.sources import Elector
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    STRANGER,
    append,
    call,
    convocation,
    decided,
    founded,
    joined,
    refused,
    rule_of,
    rules_with,
    with_item,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation


def _pending(*rules: AnyRule, without: tuple[str, ...] = ()) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = joined(rules_with(*rules, without=without))
    simulation.propose(CHAIR, "bridge")
    simulation.propose(CHAIR, "weir")
    return simulation, ledger


def _call(
    simulation: Simulation, ledger: MemoryLedger, data: AssemblyConvened, by: Actor = CHAIR
) -> int:
    return append(ledger, simulation.signed(ledger, by, data))


def _asked(simulation: Simulation, ledger: MemoryLedger, **fields: object) -> AssemblyConvened:
    asked: Call = msgspec.structs.replace(call(simulation, "bridge", "weir"), **fields)
    return convocation(simulation, ledger, asked)


def test_convocation__lawful__freezes_rules_and_electorates() -> None:
    simulation, ledger = _pending()
    index = simulation.convene(CHAIR, "spring", "bridge", "weir")
    data = ledger.entries[index].data
    assert isinstance(data, AssemblyConvened)
    assert data.statutes == 1
    assert [item.electorate.size for item in data.agenda] == [4, 4]
    assert data.agenda[0].decision != data.agenda[1].decision
    assert data.agenda[0].electorate.root != data.agenda[1].electorate.root
    assert ledger.state.motion("weir").status == "convened"


def test_assembly__id_in_use__refuses() -> None:
    simulation, _ = _pending()
    simulation.convene(CHAIR, "spring", "bridge")
    with refused("assembly.exists"):
        simulation.convene(CHAIR, "spring", "weir")
    simulation.convene(CHAIR, "summer", "weir")


@pytest.mark.parametrize(
    ("actor", "code"), [(GARDENER, "bureau.required"), (STRANGER, "member.unknown")]
)
def test_a1__not_in_the_bureau__refuses(actor: Actor, code: str) -> None:
    simulation, _ = _pending()
    with refused(code):
        simulation.convene(actor, "spring", "bridge")


def test_a1__any_member_may_call__where_the_rule_says() -> None:
    simulation, ledger = _pending(
        Convocation("convocation", "11", "may", "any_member", 15, ("remote",))
    )
    ledger.keep_key(STRANGER.id, STRANGER.key_opening)
    simulation.apply(STRANGER)
    with refused("member.inactive"):
        simulation.convene(STRANGER, "spring", "bridge")
    simulation.convene(PARTNER, "spring", "bridge")


def test_a2__notice_of_exactly_15_days__passes_and_a_millisecond_less_is_refused() -> None:
    simulation, ledger = _pending()
    opens = call(simulation, "bridge").opens_at
    early = opens.replace(".000Z", ".999Z").replace(":00:00.", ":59:59.").replace("T09", "T08")
    assert early < opens
    with refused("assembly.notice", article="11", rule="convocation"):
        _call(simulation, ledger, _asked(simulation, ledger, opens_at=early))
    _call(simulation, ledger, _asked(simulation, ledger, opens_at=opens))


@pytest.mark.parametrize("channel", ["room", "correspondence"])
def test_a3__channel_that_is_not_permitted__refuses(channel: str) -> None:
    simulation, ledger = _pending()
    with refused("assembly.channel", article="11"):
        _call(simulation, ledger, _asked(simulation, ledger, channel=channel))
    _call(simulation, ledger, _asked(simulation, ledger, channel="remote"))


def test_a4__motion_on_another_agenda__refuses() -> None:
    simulation, _ = _pending()
    simulation.convene(CHAIR, "spring", "bridge")
    with refused("motion.on_agenda") as caught:
        simulation.convene(CHAIR, "summer", "weir", "bridge")
    assert caught.value.found == "convened"


def test_a4__motion_decided_before__refuses() -> None:
    simulation, _ = _pending()
    decided(simulation, "spring", "bridge")
    with refused("motion.on_agenda"):
        simulation.convene(CHAIR, "summer", "bridge")


def test_a4__motion_twice_or_unknown__refuses() -> None:
    simulation, ledger = _pending()
    with refused("motion.on_agenda"):
        _call(simulation, ledger, _asked(simulation, ledger, motions=("bridge", "bridge")))
    with refused("motion.unknown"):
        simulation.convene(CHAIR, "spring", "tunnel")


@pytest.mark.parametrize("motions", [("bridge",), ("weir", "bridge")])
def test_a4__agenda_that_is_not_the_call__refuses(motions: tuple[str, ...]) -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    other = convocation(simulation, ledger, call(simulation, *motions))
    with refused("assembly.agenda"):
        _call(simulation, ledger, msgspec.structs.replace(data, agenda=other.agenda))
    _call(simulation, ledger, data)


@pytest.mark.parametrize(
    ("topic", "rule"),
    [("ballot", "ballot"), ("quorum", "quorum-ordinary"), ("majority", "majority-ordinary"), ("tie", "tie")],
)  # fmt: skip
def test_a5__statutes_silent_on_the_vote__refuses_and_names_what_settles(
    topic: str, rule: str
) -> None:
    silence = msgspec.convert(
        {
            "topic": "silent",
            "id": "open",
            "article": "40",
            "matter": topic,
            "settled_by": "A vote.",
        },
        Silent,
    )
    simulation, _ = _pending(silence, without=(rule,))
    with refused("rule.silent", article="40", rule="open") as caught:
        simulation.convene(CHAIR, "spring", "bridge")
    assert caught.value.expected == "A vote."
    simulation, _ = _pending(without=(rule,))
    with refused("rule.missing"):
        simulation.convene(CHAIR, "spring", "bridge")


def test_a5__open_48_hours__passes_and_47_is_refused() -> None:
    simulation, _ = _pending()
    with refused("ballot.hours", article="12", rule="ballot"):
        simulation.convene(CHAIR, "spring", "bridge", hours=47)
    simulation.convene(CHAIR, "spring", "bridge", hours=48)


@pytest.mark.parametrize("hours", [0, -1])
def test_a5__closing_no_later_than_opening__refuses(hours: int) -> None:
    simulation, _ = _pending()
    with refused("assembly.times"):
        simulation.convene(CHAIR, "spring", "bridge", hours=hours)


def test_a5__a_day_that_does_not_exist__refuses() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger, closes_at="2026-02-30T09:00:00.000Z")
    with refused("instant.malformed"):
        _call(simulation, ledger, data)


@pytest.mark.parametrize("fields", [{"statutes": 2}, {"rules": "0" * 64}])
def test_a6__rules_that_are_not_in_force__refuses(fields: dict[str, object]) -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    with refused("assembly.rules", rule="psephos.assembly"):
        _call(simulation, ledger, msgspec.structs.replace(data, **fields))


def test_a6__decision_of_another_motion__refuses() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    with refused("decision.id"):
        _call(simulation, ledger, with_item(data, decision=data.agenda[1].decision))


def _electorate(
    simulation: Simulation, ledger: MemoryLedger, roll: tuple[Elector, ...]
) -> AssemblyConvened:
    """Return the convocation of "bridge" with its roll and its leaves replaced."""
    asked = call(simulation, "bridge")
    leaves = ledger.put_document(format_leaves(electorate_leaves(roll)))
    data = convene(ledger.state, asked, {"bridge": roll}, {"bridge": leaves})
    ledger.keep_roll(data.agenda[0].decision, roll)
    return data


def _roll(simulation: Simulation, ledger: MemoryLedger) -> tuple[Elector, ...]:
    return simulation.roll(ledger, "spring", "bridge")


def _stranger(actor: Actor) -> Elector:
    return Elector(actor.id, "v" + "f" * 32, bytes(32))


def test_a7__exactly_the_members_with_a_vote__passes() -> None:
    simulation, ledger = _pending()
    _call(simulation, ledger, _electorate(simulation, ledger, _roll(simulation, ledger)))


def test_a7__one_elector_missing_or_too_many__refuses() -> None:
    simulation, ledger = _pending()
    roll = _roll(simulation, ledger)
    for wrong in (roll[1:], (*roll, _stranger(PARTNER)), ()):
        with refused("electorate.size", article="5", rule="vote-individual"):
            _call(simulation, ledger, _electorate(simulation, ledger, wrong))


@pytest.mark.parametrize("actor", [PARTNER, STRANGER])
def test_a7__organisation_or_stranger_on_the_roll__refuses(actor: Actor) -> None:
    simulation, ledger = _pending()
    roll = (*_roll(simulation, ledger)[1:], _stranger(actor))
    with refused("electorate.members", article="5") as caught:
        _call(simulation, ledger, _electorate(simulation, ledger, roll))
    assert actor.id in caught.value.found


def test_a7__member_twice_on_the_roll__refuses() -> None:
    simulation, ledger = _pending()
    roll = _roll(simulation, ledger)
    twice = (*roll[1:], Elector(roll[1].member, "v" + "f" * 32, bytes(32)))
    with refused("electorate.members"):
        _call(simulation, ledger, _electorate(simulation, ledger, twice))


def test_a7__roll_of_other_leaves__refuses() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    roll = _roll(simulation, ledger)
    ledger.keep_roll(data.agenda[0].decision, (*roll[1:], _stranger(CHAIR)))
    with refused("electorate.roll"):
        _call(simulation, ledger, data)


@pytest.mark.parametrize("field", ["root", "size"])
def test_a7__root_or_size_of_other_leaves__refuses(field: str) -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    wrong = {"root": electorate_root(()), "size": 5}[field]
    electorate: Electorate = msgspec.structs.replace(data.agenda[0].electorate, **{field: wrong})
    with refused("electorate.root"):
        _call(simulation, ledger, with_item(data, electorate=electorate))


def test_a7__leaves_that_are_not_held__refuses() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    nowhere = msgspec.structs.replace(data.agenda[0].electorate, leaves="bafkrei" + "a" * 52)
    with refused("document.unknown"):
        _call(simulation, ledger, with_item(data, electorate=nowhere))


def test_a7__roll_that_was_erased__counts_as_redacted() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    del ledger.sources.rolls[data.agenda[1].decision]
    with refused("proof.missing") as caught:
        _call(simulation, ledger, data)
    assert caught.value.found == "1 missing"


def test_a7__statutes_silent_on_voting__refuses() -> None:
    silence = Silent("open", "41", "voting_right", "The statutes.")
    simulation, ledger = founded(rules_with(silence, without=["vote-collective"]))
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.propose(CHAIR, "weir")
    simulation.apply(PARTNER)
    simulation.admit(PARTNER, officer=CHAIR)
    with refused("rule.silent", article="41"):
        simulation.convene(CHAIR, "summer", "weir")
    assert "summer" not in ledger.state.assemblies


@pytest.mark.parametrize(
    ("identifier", "fields", "code"),
    [
        ("effect-ordinary", {"effects": ("framework",)}, "effect.kind"),
        ("initiative", {"classes": ("collective",)}, "initiative.class"),
        ("ballot", {"replaceable": False}, None),
    ],
)
def test_a8__motion_that_new_statutes_forbid__refuses(
    identifier: str, fields: dict[str, object], code: str | None
) -> None:
    rule = msgspec.structs.replace(rule_of(identifier), **fields)
    simulation, ledger = joined()
    simulation.propose(CHAIR, "bridge")
    simulation.propose_statutes(CHAIR, "reform", text="Second.", rulebook=rules_with(rule))
    decided(simulation, "spring", "reform")
    simulation.adopt_statutes("reform")
    if code is None:
        simulation.convene(CHAIR, "summer", "bridge")
        assert ledger.state.assembly("summer").data.statutes == 2
        return
    with refused(code, article=rule.article, rule=rule.id):
        simulation.convene(CHAIR, "summer", "bridge")


def test_convocation__call_changed_after_signing__refuses() -> None:
    simulation, ledger = _pending()
    data = _asked(simulation, ledger)
    entry, openings = simulation.signed(ledger, CHAIR, data)
    later = format_instant(simulation.now.replace(year=2027))
    moved = msgspec.structs.replace(data, call=msgspec.structs.replace(data.call, closes_at=later))
    with refused("signature.signer"):
        append(ledger, (msgspec.structs.replace(entry, data=moved), openings))
    append(ledger, (entry, openings))
