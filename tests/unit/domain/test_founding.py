"""The founding, N1 to N6, and the documents of statutes there, T1 to T4."""

import hashlib

import msgspec
import pytest

from anchoring.core.canonical import canonical_json
from backend.domain.acts import Applicant, FirstMandate, OrganisationFounded, RelyingParty
from backend.domain.entry import Entry
from backend.domain.founding import NO_ADDRESS
from backend.domain.rulebook.book import Abrogation, Supplement, format_rulebook
from backend.domain.rulebook.rule import Span
from tests.support.governance import CHAIR, PARTNER, TREASURER, append, refused, rule_of, rules_with
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS, MODEL_TEXT, Actor, model_rulebook
from tests.support.organisations import Simulation


def _founding(**fields: object) -> tuple[Simulation, MemoryLedger, OrganisationFounded]:
    """Return a founding that is not appended, with some fields changed."""
    played, source = Simulation.in_memory()
    played.found()
    simulation, ledger = Simulation.in_memory()
    ledger.sources = source.sources
    data = msgspec.structs.replace(source.entries[0].data, **fields)
    assert isinstance(data, OrganisationFounded)
    return simulation, ledger, data


def _found(
    simulation: Simulation, ledger: MemoryLedger, data: OrganisationFounded, by: Actor = CHAIR
) -> int:
    return append(ledger, simulation.signed(ledger, by, data, signers=FOUNDERS))


def test_founding__lawful__puts_version_1_in_force() -> None:
    simulation, ledger, data = _founding()
    _found(simulation, ledger, data)
    version = ledger.state.in_force()
    assert (version.number, version.rulebook, version.adopted_at) == (
        1,
        model_rulebook(),
        simulation.at(),
    )
    assert ledger.state.founded() == data
    assert all(member.founder for member in ledger.state.members.values())


def test_founding__twice__refuses() -> None:
    simulation, ledger, data = _founding()
    _found(simulation, ledger, data)
    with refused("organisation.founded_twice"):
        _found(simulation, ledger, data)


@pytest.mark.parametrize("fields", [{"slug": "lake-coop"}, {"origin": "ledger.example/lake-coop"}])
def test_founding__origin_that_does_not_end_in_the_slug__refuses(fields: dict[str, str]) -> None:
    simulation, ledger, data = _founding(**fields)
    with refused("organisation.origin"):
        _found(simulation, ledger, data)


def test_founding__no_registry_contract__refuses() -> None:
    simulation, ledger, data = _founding()
    nowhere = msgspec.structs.replace(data.signing, contract=NO_ADDRESS)
    with refused("organisation.contract"):
        _found(simulation, ledger, msgspec.structs.replace(data, signing=nowhere))


@pytest.mark.parametrize(
    ("party", "origins", "passes"),
    [
        ("river.example", ["https://river.example"], True),
        ("river.example", ["https://a.river.example:8443", "https://b.river.example"], True),
        ("localhost", ["http://localhost:8000", "http://localhost"], True),
        ("river.example", ["https://evil.example"], False),
        ("river.example", ["https://upriver.example"], False),
        ("river.example", ["https://river.example.evil.example"], False),
        ("vote.river.example", ["https://river.example"], False),
        ("river.example", ["https://river.example", "https://evil.example"], False),
        ("river.example", ["https://river.example", "https://river.example"], False),
        ("river.example", ["http://localhost:8000"], False),
    ],
)
def test_n2__pages_of_passkeys__are_at_their_domain_and_different(
    party: str,
    origins: list[str],
    passes: bool,  # noqa: FBT001 - parametrised
) -> None:
    simulation, ledger, data = _founding()
    signing = msgspec.structs.replace(data.signing, passkeys=RelyingParty(party, tuple(origins)))
    founding = msgspec.structs.replace(data, signing=signing)
    if passes:
        _found(simulation, ledger, founding)
        assert ledger.state.founded().signing.passkeys == signing.passkeys
        return
    with refused("organisation.passkeys"):
        _found(simulation, ledger, founding)


@pytest.mark.parametrize(
    "party",
    [
        {"id": "River.example", "origins": ["https://river.example"]},
        {"id": "-river.example", "origins": ["https://river.example"]},
        {"id": "", "origins": ["https://river.example"]},
        {"id": "a" * 64, "origins": ["https://river.example"]},
        {"id": ".".join(["a" * 60] * 5), "origins": ["https://river.example"]},
        {"id": "river.example", "origins": []},
        {"id": "river.example", "origins": [f"https://{n}.river.example" for n in range(6)]},
        {"id": "river.example", "origins": ["http://river.example"]},
        {"id": "river.example", "origins": ["https://river.example/"]},
        {"id": "river.example", "origins": ["https://user@river.example"]},
        {"id": "river.example", "origins": ["https://river.example:0"]},
        {"id": "river.example", "origins": ["https://r\u0131ver.example"]},
        {"id": "localhost", "origins": ["http://localhost.evil.example"]},
        {"id": "river.example", "origins": ["https://river.example"], "more": 1},
    ],
)
def test_relying_party__outside_the_schema__is_no_entry(party: dict[str, object]) -> None:
    simulation, ledger, data = _founding()
    entry = simulation.signed(ledger, CHAIR, data, signers=FOUNDERS)[0]
    members = msgspec.json.decode(entry.to_bytes())
    members["data"]["signing"]["passkeys"] = party
    with refused("entry.malformed"):
        Entry.from_bytes(canonical_json(members))


def test_relying_party__absent__has_no_other_spelling() -> None:
    simulation, ledger, data = _founding()
    entry = simulation.signed(ledger, CHAIR, data, signers=FOUNDERS)[0]
    assert b"passkeys" not in entry.to_bytes()
    members = msgspec.json.decode(entry.to_bytes())
    members["data"]["signing"]["passkeys"] = None
    with refused("entry.malformed"):
        Entry.from_bytes(msgspec.json.encode(members, order="sorted"))


@pytest.mark.parametrize(("field", "code"), [("member", "member.exists"), ("key", "key.in_use")])
def test_founding__two_founders_share_pseudonym_or_key__refuses(field: str, code: str) -> None:
    simulation, ledger, data = _founding()
    first, second, third = data.founders
    double: Applicant = msgspec.structs.replace(second, **{field: getattr(first, field)})
    with refused(code):
        _found(simulation, ledger, msgspec.structs.replace(data, founders=(first, double, third)))


def test_founding__no_founder_with_a_vote__refuses() -> None:
    simulation, _ = Simulation.in_memory()
    with refused("founders.no_vote", article="5", rule="vote-collective"):
        simulation.found(founders=(PARTNER,))
    simulation.found(founders=(PARTNER, CHAIR))


def test_founding__statutes_silent_on_a_founders_vote__refuses() -> None:
    simulation, _ = Simulation.in_memory()
    with refused("rule.missing"):
        simulation.found(
            founders=(CHAIR, PARTNER), rulebook=rules_with(without=["vote-collective"])
        )


def test_founding__author_who_is_not_the_first_founder__refuses() -> None:
    simulation, ledger, data = _founding()
    with refused("author.self", rule="psephos.membership"):
        _found(simulation, ledger, data, by=TREASURER)


@pytest.mark.parametrize("field", ["rules", "rulebook"])
def test_t1__rulebook_that_hashes_to_something_else__refuses(field: str) -> None:
    simulation, ledger, data = _founding()
    value = {"rules": "0" * 64, "rulebook": data.statutes.text}[field]
    statutes = msgspec.structs.replace(data.statutes, **{field: value})
    with refused("statutes.rules_hash"):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


def test_t1__rulebook_that_does_not_parse__refuses() -> None:
    simulation, ledger, data = _founding()
    content = format_rulebook(model_rulebook()) + b"\n"
    statutes = msgspec.structs.replace(
        data.statutes,
        rulebook=ledger.put_document(content),
        rules=hashlib.sha256(content).hexdigest(),
    )
    with refused("rulebook.malformed"):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


@pytest.mark.parametrize(("text", "code"), [(b" \n", "text.empty"), (b"\xc3", "text.encoding")])
def test_t2__text_that_is_none__refuses(text: bytes, code: str) -> None:
    simulation, ledger, data = _founding()
    statutes = msgspec.structs.replace(data.statutes, text=ledger.put_document(text))
    with refused(code):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Été.\n", Span(0, 2)),
        ("Été.\n", Span(2, 5)),
        ("Été.\n", Span(6, 7)),
    ],
)
def test_t3__span_of_whole_characters__passes(text: str, span: Span) -> None:
    simulation, ledger = Simulation.in_memory()
    rule = msgspec.structs.replace(rule_of("tie"), span=span)
    simulation.found(rulebook=rules_with(rule), text=text)
    assert ledger.state.in_force().rulebook.rule("tie").span == span


@pytest.mark.parametrize("span", [Span(1, 2), Span(0, 1), Span(2, 4), Span(0, 8), Span(7, 8)])
def test_t3__span_that_cuts_a_character_or_leaves_the_text__refuses(span: Span) -> None:
    simulation, _ = Simulation.in_memory()
    rule = msgspec.structs.replace(rule_of("tie"), span=span)
    with refused("statutes.span") as caught:
        simulation.found(rulebook=rules_with(rule), text="Été.\n")
    assert caught.value.expected == "tie: whole characters of a text of 7 bytes"


def test_t3__rulebook_of_another_text__refuses() -> None:
    simulation, ledger, data = _founding()
    other = ledger.put_document(MODEL_TEXT.encode() + b"More.\n")
    statutes = msgspec.structs.replace(data.statutes, text=other)
    with refused("statutes.text_named"):
        _found(simulation, ledger, msgspec.structs.replace(data, statutes=statutes))


@pytest.mark.parametrize("what", ["supplements", "abrogations"])
def test_t4__decisions_before_there_were_any__refuses(what: str) -> None:
    simulation, _ = Simulation.in_memory()
    text = model_rulebook().text
    decided = {
        "supplements": Supplement("interpretation", "no-motion", text, ()),
        "abrogations": Abrogation("tie", "no-motion"),
    }
    rulebook = msgspec.structs.replace(model_rulebook(), **{what: (decided[what],)})
    with refused("statutes.decided") as caught:
        simulation.found(rulebook=rulebook)
    assert caught.value.found == "no-motion"


def test_n6__seat_that_founders_do_not_fill__refuses() -> None:
    simulation, _ = Simulation.in_memory()
    seat = FirstMandate("auditor", "audit", "auditor", CHAIR.id)
    with refused("mandate.not_founders"):
        simulation.found(mandates=(seat,))


def test_n1__twice__refuses() -> None:
    simulation, ledger, data = _founding()
    _found(simulation, ledger, data)
    with refused("organisation.founded_twice"):
        _found(simulation, ledger, data)
