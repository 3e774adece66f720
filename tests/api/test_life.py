"""A whole life over HTTP: what was written is what is read, and what is proven."""

from pathlib import Path

import pytest

from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import parse_trust
from backend.audit.directory import audit_directory
from backend.domain.acts import ACTS
from tests.support.http_world import World
from tests.support.model_organisation import FOUNDERS, SLUG, Actor


def test_life__entries__are_of_known_acts_and_counted_from_0(lived: World) -> None:
    entries = lived.get("entries", limit=500)["items"]
    assert {entry["act"] for entry in entries} <= set(ACTS)
    assert [entry["index"] for entry in entries] == list(range(len(entries)))


def test_life__decision__adopted_with_its_derivation(lived: World) -> None:
    decision = lived.get("decisions/new-statutes")
    assert decision["outcome"] == "adopted"
    assert {step["article"] for step in decision["derivation"]} >= {"13", "14"}


def test_life__tie__rejected(lived: World) -> None:
    assert lived.get("decisions/new-bridge")["outcome"] == "rejected"


def test_life__poll__counts_the_last_ballot_of_each_voter(lived: World) -> None:
    poll = lived.get("motions/river-framework/poll")
    assert (poll["ballots"], poll["voters"]) == (3, 2)
    assert poll["tally"] == {"abstain": 0, "no": 0, "yes": 2}


def test_life__statutes__second_version_in_force(lived: World) -> None:
    versions = lived.get("statutes")["items"]
    assert [version["version"] for version in versions] == [1, 2]
    assert lived.get("statutes/2") == versions[1]
    diff = lived.client.get(f"/v1/documents/{versions[1]['diff']}")
    assert "+Article 2. Its members, who care." in diff.text


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("motions", {"new-statutes", "river-framework", "new-bridge"}),
        ("assemblies", {"spring"}),
        ("decisions", {"new-statutes", "river-framework", "new-bridge"}),
        ("frameworks", {"river-health"}),
        ("commons", {"weir"}),
        ("commons/weir/observations", {"fish-january", "nitrate-january"}),
        ("valuations", {"weir-january"}),
    ],
)
def test_life__lists__hold_what_was_recorded(lived: World, path: str, names: set[str]) -> None:
    noun = {"decisions": "motion", "assemblies": "assembly"}.get(
        path, path.rpartition("/")[2].removesuffix("s")
    )
    found = {item["commons" if path == "commons" else noun] for item in lived.get(path)["items"]}
    assert found == names


@pytest.mark.parametrize(
    "path",
    [
        "motions/new-bridge",
        "assemblies/spring",
        "commons/weir",
        "valuations/weir-january",
        f"members/{FOUNDERS[0].id}",
    ],
)
def test_life__one_of_a_list__reads_as_in_the_list(lived: World, path: str) -> None:
    folder, _, _ = path.rpartition("/")
    assert lived.get(path) in lived.get(folder)["items"]


def test_life__members__have_their_status(lived: World) -> None:
    assert lived.get(f"members/{Actor('visitor').id}")["status"] == "resigned"
    assert lived.get(f"members/{Actor('partner', 'collective').id}")["status"] == "active"


def test_life__pages__continue_where_the_last_one_ended(lived: World) -> None:
    whole = lived.get("members")["items"]
    found, after = [], ""
    while True:
        page = lived.get("members", after=after, limit=2)
        found += page["items"]
        if page["next"] is None:
            break
        after = page["next"]
    assert found == whole


def test_life__receipts__verify_without_the_server(lived: World) -> None:
    trust = parse_trust(lived.client.get(f"{lived.root}/trust").content)
    for index in range(_size(lived)):
        receipt = parse_receipt(lived.client.get(f"{lived.root}/entries/{index}/receipt").content)
        assert receipt.entry == lived.client.get(f"{lived.root}/entries/{index}").content
        assert verify_receipt(receipt, trust).outcome is Outcome.VERIFIED


def test_life__receipt_of_another_entry__does_not_verify(lived: World) -> None:
    trust = parse_trust(lived.client.get(f"{lived.root}/trust").content)
    content = lived.client.get(f"{lived.root}/entries/0/receipt").content
    forged = content.replace(b'"index": 0', b'"index": 1')
    assert verify_receipt(parse_receipt(forged), trust).outcome is not Outcome.VERIFIED


def test_life__anchors__are_included_and_cover_the_ledger(lived: World) -> None:
    anchors = lived.get("anchors")["items"]
    standings = lived.container.archive.costs.standings(SLUG)
    assert [anchor["state"] for anchor in anchors] == [each.state for each in standings]
    assert {anchor["state"] for anchor in anchors} <= {"included", "safe", "finalized"}
    assert anchors[-1]["size"] == _size(lived)


def test_life__exported__audits_without_disagreement(lived: World, tmp_path: Path) -> None:
    exported = lived.container.archive.export(SLUG, tmp_path / "bundle")
    report = audit_directory(tmp_path / "bundle")
    assert exported.size == _size(lived)
    assert report.disagreements == ()
    assert report.redacted == 0


def test_life__exported_twice__is_the_same_bundle(lived: World, tmp_path: Path) -> None:
    lived.container.archive.export(SLUG, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    lived.container.archive.export(SLUG, tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert before == after


def test_life__health__is_well(lived: World) -> None:
    assert lived.client.get("/health").json() == {
        "status": "ok",
        "ledgers": {SLUG: ""},
        "networks": {"embedded": {SLUG: ""}},
    }


def _size(world: World) -> int:
    size: int = world.client.get(world.root).json()["size"]
    return size
