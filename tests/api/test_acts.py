"""The route of acts that are whole as their authors sign them, and a year in which every act happened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response

from anchoring.core.cid import document_cid
from backend.audit.directory import audit_directory
from backend.domain.acts import ACTS
from backend.services.acts import SIGNED_ACTS
from tests.support.eventful_life import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    TREASURER,
    eventful_rulebook,
)
from tests.support.http_world import World, join, signature
from tests.support.model_organisation import SLUG, Actor, mandate_of

RESERVED = {
    "ballots.redacted",
    "facts.rectified",
    "key.enrolled",
    "log_key.rotated",
    "naming.answered",
    "person.erased",
    "publisher.rotated",
    "register.imported",
}
"""Acts that have tests of their own: on keys of a server, of who came without, after contests, on names,
imports, and personal data."""


def cid(text: str) -> str:
    return document_cid(text.encode())


def sent(
    world: World,
    act: str,
    author: Actor,
    data: dict[str, object],
    *,
    signers: tuple[Actor, ...] | None = None,
    documents: tuple[str, ...] = (),
    language: str = "fr",
    key: str | None = None,
) -> Response:
    """Sign an act as the server says, and send it."""
    path = f"{world.root}/acts/{act}"
    body = {**world.authored(author), "data": data}
    prepared = world.client.post(
        f"{path}/typed-data", json=body, headers={"Accept-Language": language}
    )
    if prepared.status_code != 200:
        return prepared
    signatures = [
        {"member": signer.id, "signature": signature(signer, prepared.json())}
        for signer in signers or (author,)
    ]
    request = {**body, "documents": list(documents), "signatures": signatures}
    return world.post(path, request, key=key, **{"Accept-Language": language})


def test_year__every_act__stands_in_the_entries(eventful: World) -> None:
    entries = eventful.get("entries", limit=500)["items"]
    assert {entry["act"] for entry in entries} == set(ACTS) - RESERVED


def test_year__exported__audits_without_disagreement(eventful: World, tmp_path: Path) -> None:
    eventful.worker.step_all()
    eventful.container.archive.export(SLUG, tmp_path / "bundle")
    report = audit_directory(tmp_path / "bundle")
    assert report.disagreements == ()
    assert report.redacted == 0


@pytest.mark.parametrize(
    ("motion", "status"),
    [
        ("auditors", "adopted"),
        ("second-thoughts", "withdrawn"),
        ("mend-boats", "abrogated"),
        ("house", "adopted"),
        ("quiet-motion", "adopted"),
        ("new-member", "adopted"),
    ],
)
def test_year__motions__stand_where_they_ended(eventful: World, motion: str, status: str) -> None:
    assert eventful.get(f"motions/{motion}")["status"] == status


def test_year__amended_motion__reads_as_it_stands(eventful: World) -> None:
    motion = eventful.get("motions/mend-boats")
    assert motion["title"] == "Motion mend-boats, amended"
    assert [each["obligation"] for each in motion["effect"]["obligations"]] == ["nets"]
    assert motion["supporters"] == 1
    assert motion["changed_at"] >= motion["proposed_at"]


def test_year__adjourned_assembly__has_its_new_times_and_its_draft(eventful: World) -> None:
    assembly = eventful.get("assemblies/spring")
    assert (assembly["session"], assembly["round"], assembly["draft"]) == (
        "assembly",
        1,
        "petition",
    )
    entries = eventful.get("entries", limit=500)["items"]
    adjourned = next(each for each in entries if each["act"] == "assembly.adjourned")
    act = eventful.client.get(f"{eventful.root}/entries/{adjourned['index']}").json()
    assert assembly["opens_at"] == act["data"]["opens_at"]


def test_year__second_convocation__has_its_own_poll_ballots_and_decision(eventful: World) -> None:
    assembly = eventful.get("assemblies/quiet-again")
    assert (assembly["round"], assembly["previous"]) == (2, "summer")
    poll = eventful.get("motions/quiet-motion/poll")
    assert (poll["assembly"], poll["ballots"], poll["tally"]["yes"]) == ("quiet-again", 1, 1)
    decisions = eventful.get("decisions", limit=500)["items"]
    outcomes = [each["outcome"] for each in decisions if each["motion"] == "quiet-motion"]
    assert outcomes == ["no_quorum", "adopted"]
    assert eventful.get("decisions/quiet-motion")["outcome"] == "adopted"


def test_year__urn__is_counted_without_openings(eventful: World) -> None:
    poll = eventful.get("motions/auditors/poll")
    assert (poll["ballots"], poll["voters"], poll["openings"]) == (4, 4, None)
    assert poll["tally"] == {"yes": 3, "no": 0, "abstain": 0}


def test_year__changed_rules__are_those_of_the_version_in_force(eventful: World) -> None:
    first, second = eventful.get("statutes")["items"]
    assert (first["version"], second["version"]) == (1, 2)
    rulebook = eventful.client.get(f"/v1/documents/{first['rulebook']}").json()
    assert [each["motion"] for each in rulebook["supplements"]] == ["house", "boats-settled"]


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (Actor("visitor"), "resigned"),
        (Actor("baker"), "ended"),
        (PARTNER, "active"),
        (GARDENER, "active"),
    ],
)
def test_year__members__stand_where_they_ended(eventful: World, member: Actor, status: str) -> None:
    assert eventful.get(f"members/{member.id}")["status"] == status


@pytest.fixture
def gathered(world: World) -> World:
    """The eventful organisation, founded, with the gardener and a motion."""
    world.found(eventful_rulebook())
    join(world, GARDENER)
    world.act_as_chair("bridge")
    return world


def test_record__act_signed_by_its_author__stands_in_the_ledger(gathered: World) -> None:
    answer = sent(gathered, "motion.supported", GARDENER, {"motion": "bridge"})
    assert answer.status_code == 201, answer.text
    [index] = answer.json()["entries"]
    entry = gathered.client.get(f"{gathered.root}/entries/{index}").json()
    assert (entry["act"], entry["by"]) == ("motion.supported", GARDENER.id)
    assert gathered.get("motions/bridge")["supporters"] == 1


def test_record__same_key_again__gives_the_same_answer(gathered: World) -> None:
    data: dict[str, object] = {"motion": "bridge"}
    path = f"{gathered.root}/acts/motion.supported"
    body = {**gathered.authored(GARDENER), "data": data}
    prepared = gathered.client.post(f"{path}/typed-data", json=body).json()
    signed = {"member": GARDENER.id, "signature": signature(GARDENER, prepared)}
    request = {**body, "signatures": [signed]}
    first = gathered.post(path, request, key="once")
    assert gathered.post(path, request, key="once").json() == first.json()
    other = gathered.post(path, {**request, "issued_at": gathered.seconds() + 1}, key="once")
    assert (other.status_code, other.json()["code"]) == (409, "command.reused")


def test_record__documents_with_the_act__can_be_read(gathered: World) -> None:
    grounds = "Grounds.\n"
    opened = sent(
        gathered,
        "proceeding.opened",
        TREASURER,
        {
            "proceeding": "noise",
            "measure": "sanction",
            "member": GARDENER.id,
            "grounds": cid(grounds),
            "sanction": "warning",
        },
        documents=(grounds,),
    )
    assert opened.status_code == 201, opened.text
    assert gathered.client.get(f"/v1/documents/{cid(grounds)}").text == grounds


def unknown_act(world: World, language: str) -> Response:
    return sent(world, "ballot.cast", CHAIR, {}, language=language)


def missing_field(world: World, language: str) -> Response:
    return sent(world, "motion.supported", CHAIR, {}, language=language)


def surplus_field(world: World, language: str) -> Response:
    data: dict[str, object] = {"motion": "bridge", "loudly": True}
    return sent(world, "motion.supported", CHAIR, data, language=language)


def surplus_document(world: World, language: str) -> Response:
    return sent(
        world,
        "motion.supported",
        GARDENER,
        {"motion": "bridge"},
        documents=("unasked\n",),
        language=language,
    )


def absent_document(world: World, language: str) -> Response:
    data: dict[str, object] = {
        "proceeding": "noise",
        "measure": "exclusion",
        "member": GARDENER.id,
        "grounds": cid("never sent\n"),
    }
    return sent(world, "proceeding.opened", CHAIR, data, language=language)


def two_signers(world: World, language: str) -> Response:
    return sent(
        world,
        "motion.supported",
        GARDENER,
        {"motion": "bridge"},
        signers=(GARDENER, CHAIR),
        language=language,
    )


def another_signer(world: World, language: str) -> Response:
    return sent(
        world,
        "motion.supported",
        GARDENER,
        {"motion": "bridge"},
        signers=(SECRETARY,),
        language=language,
    )


def stranger(world: World, language: str) -> Response:
    return sent(
        world, "motion.supported", Actor("stranger"), {"motion": "bridge"}, language=language
    )


def another_mandate(world: World, language: str) -> Response:
    data: dict[str, object] = {"mandate": mandate_of(CHAIR)}
    return sent(world, "mandate.resigned", TREASURER, data, language=language)


REFUSALS: dict[str, tuple[Callable[[World, str], Response], int, str]] = {
    "act that is not whole": (unknown_act, 404, "act.unknown"),
    "missing field": (missing_field, 422, "act.malformed"),
    "unknown field": (surplus_field, 422, "act.malformed"),
    "document not named": (surplus_document, 422, "document.unreferenced"),
    "document not held": (absent_document, 404, "document.unknown"),
    "too many signatures": (two_signers, 403, "signature.missing"),
    "another's signature": (another_signer, 403, "signature.signer"),
    "stranger": (stranger, 404, "member.unknown"),
    "another's seat": (another_mandate, 403, "author.self"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", REFUSALS)
def test_refusal__of_an_act__names_what_is_wrong_in_both_languages_and_writes_nothing(
    gathered: World, case: str, language: str
) -> None:
    before = gathered.client.get(gathered.root).json()["size"]
    attempt, status, code = REFUSALS[case]
    response = attempt(gathered, language)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response.headers["content-language"] == language
    assert problem["title"]
    assert problem["remedy"]
    assert gathered.client.get(gathered.root).json()["size"] == before


def test_refusal__wording__differs_by_language(gathered: World) -> None:
    titles = {
        language: missing_field(gathered, language).json()["title"] for language in ("fr", "en")
    }
    assert titles == {"fr": "Acte mal formé", "en": "The act is not of its form"}


def test_schema__of_the_route__lists_every_act_that_is_whole(world: World) -> None:
    paths = world.client.get("/openapi.json").json()["paths"]
    [parameter] = [
        each
        for each in paths["/v1/organisations/{slug}/acts/{act}"]["post"]["parameters"]
        if each["name"] == "act"
    ]
    assert parameter["schema"]["enum"] == sorted(SIGNED_ACTS)
