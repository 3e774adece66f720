"""Erase, then verify: nothing leads to the person any more, and every proof and audit still holds."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx2 import Response
from sqlmodel import select

from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import parse_trust
from backend.audit.directory import audit_directory
from backend.domain.rulebook.membership import DataRights
from backend.domain.rulebook.voting import Contestation
from backend.storage.private_tables import ErasureRow, RollLineRow
from tests.support.erasing import erase, erasure_body
from tests.support.governance import rules_with
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, facts, join, opened, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.personal_files import secrets_of, traces

CHAIR, TREASURER, SECRETARY = FOUNDERS
LEAVER, STAYER = Actor("quince"), Actor("medlar")
DAY = 86_400
TEN_DAYS = Contestation(id="contests", article="15", modality="must", days=10)
KEPT = DataRights(id="data", article="3", modality="must", rights=("erasure",), keep_days=30)


def _vote(world: World, assembly: str, motion: str) -> None:
    world.act(CHAIR, "motions", world.motion(CHAIR, motion))
    world.act(CHAIR, "assemblies", world.call(CHAIR, assembly, motion))
    world.clock.advance(15 * DAY + 60)
    for voter, choice in ((CHAIR, "yes"), (LEAVER, "no"), (STAYER, "yes"), (LEAVER, "yes")):
        world.cast(voter, motion, choice)
    world.clock.advance(2 * DAY)
    world.worker.step_all()


def _resign(world: World, actor: Actor) -> None:
    world.act(actor, f"members/{actor.id}/resignation", {"issued_at": world.seconds()})


def _refusal(response: Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def _founded(world: World) -> None:
    world.found(rules_with(TEN_DAYS, KEPT))
    for actor in (LEAVER, STAYER):
        join(world, actor)


@pytest.fixture
def left(world: World) -> World:
    """An organisation in which somebody voted, left, and no decision can be contested any more."""
    _founded(world)
    _vote(world, "spring", "bridge")
    _resign(world, LEAVER)
    world.worker.step_all()
    return world


@pytest.fixture(scope="module")
def uncontested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An organisation that somebody left who may be erased; what is refused leaves it as it is."""
    with opened(tmp_path_factory.mktemp("uncontested") / "data") as world:
        _founded(world)
        _resign(world, LEAVER)
        yield world


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Any]]:
    """The same, before and after the erasure: a world, secrets, folders; for reading only."""
    folder = tmp_path_factory.mktemp("erased")
    with opened(folder / "data") as world:
        _founded(world)
        _vote(world, "spring", "bridge")
        # The roll and the signatures are still kept when an authority orders the erasure.
        _resign(world, LEAVER)
        world.worker.step_all()
        archive = world.container.archive
        archive.export(SLUG, folder / "old")
        secrets = secrets_of(world, LEAVER)
        found = traces(folder / "data", secrets)
        # A reader keeps pages of before in the write-ahead log for as long as it can.
        session = session_headers(world, LEAVER.id)["Cookie"].removeprefix("psephos_session=")
        answer = erase(world, LEAVER.id, "order")
        world.worker.step_all()
        shutil.copytree(folder / "old", folder / "new")
        archive.export(SLUG, folder / "new")
        yield {
            "world": world,
            "folder": folder,
            "secrets": secrets,
            "found": found,
            "answer": answer,
            "session": session,
        }


def test_erased__nothing_of_the_person_is_in_any_file(erased: Mapping[str, Any]) -> None:
    folder, secrets = erased["folder"], erased["secrets"]
    # What is searched for was there: key and salt, signatures of joining, leaving and two ballots.
    assert len(secrets) == 1 + 2 + 2 * 4
    assert {name for name, _ in erased["found"]} <= {"psephos.sqlite", "psephos.sqlite-wal"}
    # The salt of the declaration was sealed all along.
    assert {secret for _, secret in erased["found"]} == set(secrets[1:])
    assert erased["answer"].json()["erased"] is True
    assert traces(folder / "data", secrets) == []
    assert traces(folder / "new", secrets) == []
    assert traces(folder / "old" / "detached", secrets) != []


def test_erased__of_the_others_everything_is_left(erased: Mapping[str, Any]) -> None:
    world = erased["world"]
    with world.container.archive.database.reading() as session:
        lines = session.exec(select(RollLineRow)).all()
        assert len(session.exec(select(ErasureRow)).all()) == 1
    assert {line.member for line in lines} == {*(each.id for each in FOUNDERS), STAYER.id}
    persons = world.container.api_context().persons
    assert persons.facts(SLUG, LEAVER.id) is None
    assert persons.facts(SLUG, STAYER.id) == facts(STAYER)
    headers = {"Cookie": f"psephos_session={erased['session']}"}
    answer = world.client.get(f"{world.root}/me/data", headers=headers)
    assert _refusal(answer) == (401, "session.required")
    private = world.container.archive.private
    assert private.declared(SLUG, [LEAVER.id, STAYER.id]) == (STAYER.id,)
    assert not any(private.rows(SLUG, LEAVER.id).values())
    assert private.ballots(SLUG, LEAVER.id) == ()


@pytest.mark.parametrize("bundle", ["old", "new"])
def test_erased__every_bundle_audits_without_disagreement(
    erased: Mapping[str, Any], bundle: str
) -> None:
    report = audit_directory(erased["folder"] / bundle)
    assert report.disagreements == ()
    # Joining, leaving; two checks for each ballot; the line of the roll.
    assert report.redacted == (0 if bundle == "old" else 2 + 2 * 2 + 1)


def test_erased__old_ledger_with_new_detached_proofs__audits(
    erased: Mapping[str, Any], tmp_path: Path
) -> None:
    """Whoever destroys what they were told to destroy can still audit the bundle they have."""
    shutil.copytree(erased["folder"] / "old", tmp_path / "bundle")
    for name in ("signatures", "keys", "rolls"):
        file = Path("detached") / f"{name}.ndjson"
        shutil.copy(erased["folder"] / "new" / file, tmp_path / "bundle" / file)
    report = audit_directory(tmp_path / "bundle")
    assert (report.disagreements, report.redacted) == ((), 7)


def test_erased__receipts_of_their_ballots_still_verify(erased: Mapping[str, Any]) -> None:
    world = erased["world"]
    entries = world.get("entries", limit=500)["items"]
    trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    for index in [each["index"] for each in entries if each["act"] == "ballot.cast"]:
        content = world.client.get(f"{world.root}/entries/{index}/receipt").content
        assert verify_receipt(parse_receipt(content), trust).outcome is Outcome.VERIFIED
    assert world.get("motions/bridge/poll")["tally"] == {"yes": 3, "no": 0, "abstain": 0}


def test_tombstone__names_nobody(erased: Mapping[str, Any]) -> None:
    world = erased["world"]
    [index] = erased["answer"].json()["entries"]
    content = world.client.get(f"{world.root}/entries/{index}").content
    entry = msgspec.json.decode(content)
    assert (entry["act"], entry["by"]) == ("person.erased", CHAIR.id)
    assert set(entry["data"]) == {"cause", "second", "subject"}
    assert LEAVER.id.encode() not in content
    # Nor does the command that is remembered: its hash is over a salt that nobody keeps.
    commands = (erased["folder"] / "data" / "psephos.sqlite").read_bytes()
    assert LEAVER.id.encode() in commands
    assert f"{LEAVER.id}/erasure".encode() not in commands


def test_tampered_roll__that_hides_behind_an_erasure__is_found_out(
    erased: Mapping[str, Any], tmp_path: Path
) -> None:
    """A line that was erased is redacted; one that was changed, or put in its place, is a lie."""
    shutil.copytree(erased["folder"] / "new", tmp_path / "bundle")
    rolls = tmp_path / "bundle" / "detached" / "rolls.ndjson"
    first, second, *others = rolls.read_text().splitlines(keepends=True)
    salt = msgspec.json.decode(first)["salt"]
    rolls.write_text("".join([first.replace(salt, "0" * 64), second, *others]))
    codes = {each.code for each in audit_directory(tmp_path / "bundle").disagreements}
    assert "electorate.roll" in codes
    member = msgspec.json.decode(first)["member"]
    other = msgspec.json.decode(second)["member"]
    rolls.write_text("".join([first.replace(member, other), second, *others]))
    codes = {each.code for each in audit_directory(tmp_path / "bundle").disagreements}
    assert "electorate.members" in codes


def test_erasure__of_a_member__is_refused(uncontested: World) -> None:
    assert _refusal(erase(uncontested, STAYER.id)) == (403, "erasure.member")


def test_erasure__while_a_vote_is_undecided__is_refused_even_on_order(world: World) -> None:
    _founded(world)
    world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
    world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
    _resign(world, LEAVER)
    for cause in ("request", "order"):
        assert _refusal(erase(world, LEAVER.id, cause)) == (409, "erasure.voting")


def test_erasure__while_a_decision_can_be_contested__waits_for_its_last_day(left: World) -> None:
    refused = erase(left, LEAVER.id)
    assert _refusal(refused) == (422, "erasure.contest")
    assert refused.json()["rule"] == {"id": "contests", "article": "15"}
    left.clock.advance(11 * DAY)
    assert erase(left, LEAVER.id).status_code == 201
    assert _refusal(erase(left, LEAVER.id)) == (404, "person.unknown")


def test_erasure__repeated_with_its_key__is_told_again_and_recorded_once(left: World) -> None:
    left.clock.advance(11 * DAY)
    headers = session_headers(left, CHAIR.id)
    path = f"{left.root}/members/{LEAVER.id}/erasure"
    body = erasure_body(left)
    prepared = left.client.post(f"{path}/typed-data", json=body, headers=headers).json()
    signed = {**body, "signatures": [signature(each, prepared) for each in (CHAIR, TREASURER)]}
    key = left.key()
    first, again = (left.post(path, signed, key=key, **headers) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    # The signatures of one erasure serve for nobody else.
    other = left.post(f"{left.root}/members/{STAYER.id}/erasure", signed, **headers)
    assert _refusal(other)[1] == "erasure.member"


def test_erasure__signed_for_somebody_else__is_refused(uncontested: World) -> None:
    """Two officers who sign for one person have nobody else erased: the act commits to whom."""
    left = uncontested
    headers = session_headers(left, CHAIR.id)
    body = erasure_body(left)
    prepared = left.client.post(
        f"{left.root}/members/{STAYER.id}/erasure/typed-data", json=body, headers=headers
    ).json()
    signed = {**body, "signatures": [signature(each, prepared) for each in (CHAIR, TREASURER)]}
    response = left.post(f"{left.root}/members/{LEAVER.id}/erasure", signed, **headers)
    assert _refusal(response) == (403, "signature.signer")


@pytest.mark.parametrize(
    ("second", "keeper", "expected"),
    [
        (CHAIR, CHAIR, (422, "erasure.second")),
        (STAYER, CHAIR, (422, "officer.required")),
        (TREASURER, STAYER, (403, "office.required")),
        (TREASURER, SECRETARY, (403, "erasure.signer")),
    ],
)
def test_erasure__without_two_officers_of_whom_one_asks__is_refused(
    uncontested: World, second: Actor, keeper: Actor, expected: tuple[int, str]
) -> None:
    assert _refusal(erase(uncontested, LEAVER.id, second=second, keeper=keeper)) == expected


def test_erasure__without_session__is_refused(uncontested: World) -> None:
    left = uncontested
    path = f"{left.root}/members/{LEAVER.id}/erasure"
    body = {**erasure_body(left), "signatures": ["0x" + "00" * 65] * 2}
    assert _refusal(left.post(path, body)) == (401, "session.required")
    low = session_headers(left, CHAIR.id, "low")
    assert _refusal(left.post(path, body, **low)) == (403, "office.required")


def test_worker__when_the_days_of_keeping_are_over__erases_without_being_asked(
    left: World,
) -> None:
    secrets = secrets_of(left, LEAVER)
    left.clock.advance(29 * DAY)
    left.worker.step_all()
    assert left.container.archive.private.declared(SLUG, [LEAVER.id]) == (LEAVER.id,)
    left.clock.advance(3 * DAY)
    left.worker.step_all()
    left.worker.step_all()
    assert left.container.archive.private.declared(SLUG, [LEAVER.id]) == ()
    acts = [each["act"] for each in left.get("entries", limit=500)["items"]]
    assert acts.count("person.erased") == 1
    assert traces(left.container.settings.data, secrets) == []
    assert left.client.get("/health").json()["ledgers"] == {SLUG: ""}


def test_worker__where_the_statutes_are_silent__keeps_everything(founded: World) -> None:
    join(founded, LEAVER)
    _resign(founded, LEAVER)
    founded.clock.advance(4000 * DAY)
    founded.worker.step_all()
    assert founded.container.archive.private.declared(SLUG, [LEAVER.id]) == (LEAVER.id,)


def test_server__that_stopped_before_it_overwrote__does_so_when_it_starts(
    left: World,
) -> None:
    container = left.container
    with container.archive.database.writing() as session:
        session.add(ErasureRow(organisation=SLUG, mark=bytes(32)))
    assert container.archive.private.has_unsettled()
    left.worker.__init__(container)  # type: ignore[misc]  # as a server that starts again
    left.worker.step_all()
    assert not container.archive.private.has_unsettled()
    listed = (container.settings.data / "erasures").read_text()
    assert listed.startswith(f"{bytes(32).hex()}\n")
    assert len(listed.splitlines()) == 2
