"""The keys of members over HTTP: what is recorded, who may see it, and who wins a race."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from httpx2 import Response
from sqlmodel import col, delete, select

from anchoring.core.canonical import canonical_json
from backend.audit.directory import audit_directory
from backend.demo.request_bodies import key_fields
from backend.services.member_keys import representative_commitment
from backend.services.ports import FactsOpening
from backend.settings import PasskeySettings
from backend.storage.private_tables import MemberKeyRow, RepresentativeRow
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, facts, join, opened, signature
from tests.support.key_requests import offered, representative, send, signed_body
from tests.support.model_organisation import FOUNDERS, RELYING_PARTY, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server with the model organisation, which takes passkeys; each test brings its own members."""
    party = PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins)
    with opened(tmp_path_factory.mktemp("keys") / "data", passkeys=party) as world:
        world.found()
        yield world


def member_of(world: World, role: str, *, officer: Actor | None = None) -> Actor:
    """Return a new member."""
    actor = Actor(role, "individual" if officer is None else "collective")
    join(world, actor, officer=officer)
    return actor


def keys_path(member: Actor, rest: str = "") -> str:
    return f"members/{member.id}/keys{rest}"


def bind(world: World, member: Actor, device: Actor, *, hand: Actor | None = None) -> Response:
    draft = offered(world, device)
    return send(world, keys_path(member), draft, signature=hand or member, key_signature=device)


def revoke(world: World, member: Actor, device: Actor, *, hand: Actor) -> Response:
    draft = {"issued_at": world.seconds(), "key": device.applicant.key}
    return send(world, keys_path(member, "/revocation"), draft, signature=hand)


def recover(world: World, first: Actor, second: Actor, member: Actor, device: Actor) -> Response:
    draft = offered(world, device, author=first.id, second=second.id)
    return send(
        world,
        keys_path(member, "/recovery"),
        draft,
        signature=first,
        second_signature=second,
        key_signature=device,
    )


def refused(response: Response, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def listed(world: World, member: Actor, asking: Actor) -> Response:
    path = f"{world.root}/{keys_path(member)}"
    return world.client.get(path, headers=session_headers(world, asking.id))


def proposes(world: World, member: Actor, device: Actor, motion: str) -> Response:
    """Have a member propose a motion with a device."""
    return send(world, "motions", world.motion(member, motion), signature=device)


def test_bind__wallet_and_passkey__all_sign_and_are_listed(world: World) -> None:
    member = member_of(world, "two-devices")
    phone, passkey = Actor("their-phone"), Actor("their-passkey", device="ES256")
    answers = [bind(world, member, phone), bind(world, member, passkey, hand=phone)]
    assert [answer.status_code for answer in answers] == [201, 201]
    for device in (member, phone, passkey):
        answer = proposes(world, member, device, f"by-{device.role}")
        assert answer.status_code == 201, answer.text
    items = listed(world, member, member).json()["items"]
    assert [item["kind"] for item in items] == ["wallet", "wallet", "passkey"]
    assert [item["commitment"] for item in items] == [
        each.applicant.key for each in (member, phone, passkey)
    ]
    assert [item["entry"] for item in items[1:]] == [each.json()["entries"][0] for each in answers]


def test_bound_key__casts_a_ballot_and_opens_the_own_line_of_the_roll(world: World) -> None:
    member, phone = member_of(world, "voter"), Actor("voters-phone")
    assert bind(world, member, phone).status_code == 201
    world.act_as_chair("by-phone-vote")
    world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "by-phone-vote"))
    world.clock.advance(15 * 86_400 + 3600)
    world.cast(member, "by-phone-vote", "yes")
    body = world.ballot(member, "by-phone-vote", "no")
    answer = send(world, "motions/by-phone-vote/ballots", body, signature=phone)
    assert answer.status_code == 201, answer.text
    asked = {"author": member.id, "issued_at": world.seconds()}
    place = f"{world.root}/motions/by-phone-vote/electorate"
    prepared = world.client.post(f"{place}/typed-data", json=asked).json()
    proofs = [
        world.post(f"{place}/proof", {**asked, "signature": signature(device, prepared)})
        for device in (member, phone)
    ]
    assert [proof.status_code for proof in proofs] == [200, 200]
    assert proofs[0].json() == proofs[1].json()
    stranger = {**asked, "signature": signature(Actor("nobodys-phone"), prepared)}
    refused(world.post(f"{place}/proof", stranger), 403, "signature.signer")


def test_revoke__of_a_key__ends_it_and_every_session(world: World) -> None:
    member, phone = member_of(world, "careless"), Actor("stolen-phone")
    assert bind(world, member, phone).status_code == 201
    headers = session_headers(world, member.id)
    path = f"{world.root}/{keys_path(member)}"
    assert world.client.get(path, headers=headers).status_code == 200
    assert revoke(world, member, phone, hand=member).status_code == 201
    assert world.client.get(path, headers=headers).status_code == 401
    refused(proposes(world, member, phone, "by-a-thief"), 403, "signature.signer")
    refused(revoke(world, member, member, hand=member), 422, "key.last")
    assert proposes(world, member, member, "by-its-owner").status_code == 201
    # Whoever took the key cannot bring it back, nor can anybody else have it.
    refused(bind(world, member, phone), 409, "key.in_use")
    assert [item["commitment"] for item in listed(world, member, member).json()["items"]] == [
        member.applicant.key
    ]


def test_recovery__by_two_officers__replaces_all_keys_and_ends_every_session(world: World) -> None:
    member, phone, laptop = member_of(world, "unlucky"), Actor("lost-phone"), Actor("new-laptop")
    assert bind(world, member, phone).status_code == 201
    headers = session_headers(world, member.id)
    assert recover(world, CHAIR, SECRETARY, member, laptop).status_code == 201
    path = f"{world.root}/{keys_path(member)}"
    assert world.client.get(path, headers=headers).status_code == 401
    for lost in (member, phone):
        refused(proposes(world, member, lost, "by-a-finder"), 403, "signature.signer")
    assert proposes(world, member, laptop, "by-the-recovered").status_code == 201


def test_recovery__by_one_officer_or_for_oneself__is_refused(world: World) -> None:
    member, device = member_of(world, "victim"), Actor("takeover")
    refused(recover(world, CHAIR, CHAIR, member, device), 422, "officer.twice")
    refused(recover(world, CHAIR, TREASURER, CHAIR, device), 422, "officer.oneself")
    refused(recover(world, CHAIR, member, TREASURER, device), 422, "officer.required")
    assert len(listed(world, member, member).json()["items"]) == 1


def test_enrolment__of_who_has_a_key__is_refused(world: World) -> None:
    member, device = member_of(world, "has-one"), Actor("second-first")
    draft = offered(world, device, author=CHAIR.id)
    answer = send(
        world, keys_path(member, "/enrolment"), draft, signature=CHAIR, key_signature=device
    )
    refused(answer, 409, "key.present")
    # Nothing of it was kept: the key is free.
    assert bind(world, member, device).status_code == 201


@pytest.mark.parametrize(
    ("asking", "status"), [("themself", 200), ("keeper", 200), ("another", 403), ("nobody", 401)]
)
def test_keys__are_shown_to_the_member_and_to_keepers_only(
    world: World, asking: str, status: int
) -> None:
    member = member_of(world, f"private-{asking}")
    path = f"{world.root}/{keys_path(member)}"
    if asking == "nobody":
        assert world.client.get(path).status_code == status
        return
    another = member_of(world, f"curious-{asking}")
    who = {"themself": member, "keeper": CHAIR, "another": another}[asking]
    assert listed(world, member, who).status_code == status
    low = world.client.get(path, headers=session_headers(world, who.id, "low"))
    assert low.status_code == 403
    code = "session.key" if asking == "themself" else "office.required"
    assert low.json()["code"] == code


def test_keys__never_show_the_key_itself(world: World) -> None:
    member = member_of(world, "reserved")
    assert member.address.hex() not in listed(world, member, CHAIR).text


def test_keys__whose_opening_was_erased__are_listed_as_erased(world: World) -> None:
    member = member_of(world, "erased")
    with world.container.archive.database.writing() as session:
        session.exec(delete(MemberKeyRow).where(col(MemberKeyRow.member) == member.id))
    (item,) = listed(world, member, member).json()["items"]
    assert (item["kind"], item["commitment"]) == ("erased", member.applicant.key)


def test_race__two_members_bind_one_key__exactly_one_wins(world: World) -> None:
    members = [member_of(world, f"racer-{number}") for number in range(2)]
    device = Actor("shared-device")
    bodies = [
        signed_body(
            world,
            keys_path(member),
            offered(world, device),
            {"signature": member, "key_signature": device},
        )
        for member in members
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda pair: world.post(f"{world.root}/{keys_path(pair[0])}", pair[1]),
                zip(members, bodies, strict=True),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    for number, answer in enumerate(answers):
        if answer.status_code == 409:
            assert answer.json()["code"] == "key.in_use"
            assert members[1 - number].id not in answer.text


def test_race__two_recoveries_of_a_member__leave_one_key(world: World) -> None:
    member, devices = member_of(world, "twice-recovered"), (Actor("first-new"), Actor("second-new"))
    path, officers = keys_path(member, "/recovery"), (CHAIR, SECRETARY)
    bodies = [
        signed_body(
            world,
            path,
            offered(world, device, author=CHAIR.id, second=SECRETARY.id),
            {
                "signature": officers[0],
                "second_signature": officers[1],
                "key_signature": device,
            },
        )
        for device in devices
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda body: world.post(f"{world.root}/{path}", body), bodies))
    assert [answer.status_code for answer in answers] == [201, 201]
    last = max(range(2), key=lambda number: answers[number].json()["entries"][0])
    items = listed(world, member, CHAIR).json()["items"]
    assert [item["commitment"] for item in items] == [devices[last].applicant.key]


def test_repeated_request__with_its_key__is_told_the_same(world: World) -> None:
    member, device = member_of(world, "repeating"), Actor("repeated-device")
    body = signed_body(
        world,
        keys_path(member),
        offered(world, device),
        {"signature": member, "key_signature": device},
    )
    path = f"{world.root}/{keys_path(member)}"
    answers = [world.post(path, body, key="bind-once").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(listed(world, member, member).json()["items"]) == 2


@pytest.mark.parametrize("victim", ["bound", "free"])
def test_probe__for_the_key_of_others__learns_nothing(world: World, victim: str) -> None:
    member, prober = member_of(world, f"target-{victim}"), member_of(world, f"prober-{victim}")
    sought = member if victim == "bound" else Actor("free-address")
    own = Actor("probers-own")
    draft = {**offered(world, own), "key": key_fields(sought.key)}
    answer = send(world, keys_path(prober), draft, signature=prober, key_signature=own)
    refused(answer, 403, "signature.signer")
    assert member.id not in answer.text


def test_representative__acts_for_the_organisation_and_stays_private(world: World) -> None:
    organisation = member_of(world, "mill", officer=CHAIR)
    miller = Actor("the-miller-in-person")
    headers = session_headers(world, organisation.id)
    answer = send(
        world,
        f"members/{organisation.id}/representative",
        representative(world, miller),
        signature=organisation,
        key_signature=miller,
    )
    assert answer.status_code == 201, answer.text
    path = f"{world.root}/{keys_path(organisation)}"
    assert world.client.get(path, headers=headers).status_code == 401
    refused(revoke(world, organisation, organisation, hand=organisation), 409, "key.not_in_force")
    entry = world.get(f"entries/{answer.json()['entries'][0]}")
    assert miller.role not in json.dumps(entry)
    opening = FactsOpening(facts(miller), miller.person.salt)
    assert entry["data"]["person"] == representative_commitment(opening)
    assert _kept_of_representative(world, organisation) == facts(miller)
    another = Actor("another-miller")
    path = f"members/{organisation.id}/representative"
    draft = representative(world, another)
    assert send(world, path, draft, signature=miller, key_signature=another).status_code == 201
    assert _kept_of_representative(world, organisation) == facts(another)


@pytest.mark.parametrize("declared", [{}, {"name": " "}, {"born": "1980-01-01"}])
def test_representative__without_a_name__is_refused(world: World, declared: dict[str, str]) -> None:
    draft = {**representative(world, Actor("nameless")), "facts": declared}
    path = f"{world.root}/members/{CHAIR.id}/representative/typed-data"
    refused(world.client.post(path, json=draft), 422, "facts.missing")


def test_exports__before_and_after_a_revocation__both_audit(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        member, phone = member_of(world, "gardener"), Actor("phone")
        assert bind(world, member, phone).status_code == 201
        assert proposes(world, member, phone, "by-phone").status_code == 201
        for folder in ("before", "after"):
            world.worker.step_all()
            world.container.archive.export(SLUG, tmp_path / folder)
            revoke(world, member, phone, hand=member)
    for folder in ("before", "after"):
        report = audit_directory(tmp_path / folder)
        assert (report.disagreements, report.redacted) == ((), 0)
    file = tmp_path / "after" / "detached" / "keys.ndjson"
    lines = [json.loads(line) for line in file.read_text("ascii").splitlines()]
    assert phone.applicant.key in {line["commitment"] for line in lines}
    # As bundles were written while members had one key.
    earlier = [
        canonical_json({"key": line["key"], "member": member.id, "salt": line["salt"]})
        for line in lines
    ]
    file.write_bytes(b"".join(line + b"\n" for line in earlier))
    report = audit_directory(tmp_path / "after")
    assert (report.disagreements, report.redacted) == ((), 0)
    # Another salt opens another commitment: what needs the key was not seen.
    forged = [
        canonical_json({"key": line["key"], "member": member.id, "salt": "00" * 32})
        for line in lines
        if line["commitment"] == phone.applicant.key
    ]
    file.write_bytes(
        b"".join(line + b"\n" for line in earlier if phone.address.hex().encode() not in line)
        + b"".join(line + b"\n" for line in forged)
    )
    report = audit_directory(tmp_path / "after")
    assert (report.disagreements, report.redacted) == ((), 2)


def _kept_of_representative(world: World, organisation: Actor) -> object:
    """Return the facts that are kept of who acts for an organisation, which no row shows."""
    archive = world.container.archive
    kept = archive.private.representative(SLUG, organisation.id)
    assert kept is not None
    with archive.database.reading() as session:
        query = select(RepresentativeRow).where(RepresentativeRow.member == organisation.id)
        assert kept["name"].encode() not in session.exec(query).one().facts
    return kept
