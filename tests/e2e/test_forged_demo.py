"""The audit of a demonstration whose operator changed something, rebuilt the log and signed it again."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from backend.demo.verification import program
from backend.domain.acts import (
    Act,
    AssemblyClosed,
    BallotCast,
    DecisionMade,
    FrameworkAdopted,
    FrameworkEffect,
    MotionProposed,
)
from tests.support.demo_process import TIMEOUT_S
from tests.support.forgeries import Forger

pytestmark = pytest.mark.slow


@pytest.fixture
def forger(finished: tuple[Path, str], tmp_path: Path) -> Forger:
    return Forger.of_demo(finished[0], tmp_path / "forged")


def audited(bundle: Path) -> tuple[int, list[dict[str, object]]]:
    command = [*program("psephos", "backend.cli"), "audit", str(bundle), "--json"]
    result = subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT_S)
    return result.returncode, json.loads(result.stdout)["disagreements"]


def once(change: Callable[[Act], Act | None]) -> Callable[[Act], Act | None]:
    """Return a change that is made to the first act it applies to."""
    done: list[Act] = []

    def first(data: Act) -> Act | None:
        changed = None if done else change(data)
        if changed is not None:
            done.append(changed)
        return changed

    return first


def another_choice(data: Act) -> Act | None:
    return msgspec.structs.replace(data, choice="ab" * 32) if isinstance(data, BallotCast) else None


def another_quorum(data: Act) -> Act | None:
    if not isinstance(data, DecisionMade):
        return None
    steps = tuple(
        msgspec.structs.replace(step, inputs={**step.inputs, "required": "1/100"})
        if step.rule.startswith("quorum")
        else step
        for step in data.derivation
    )
    return msgspec.structs.replace(data, derivation=steps)


def another_tally(data: Act) -> Act | None:
    if not isinstance(data, AssemblyClosed):
        return None
    first, *others = data.results
    more = msgspec.structs.replace(first, tally={**first.tally, "yes": first.tally["yes"] + 1})
    return msgspec.structs.replace(data, results=(more, *others))


@pytest.mark.parametrize(
    ("change", "rule", "article"),
    [
        pytest.param(another_choice, "psephos.signature", "", id="a ballot's choice"),
        pytest.param(another_quorum, "quorum-constituant", "20", id="the quorum"),
        pytest.param(another_tally, "scrutin", "17", id="the tally"),
    ],
)
def test_audit__of_one_thing_changed__exits_1_and_names_the_entry_and_the_rule(
    forger: Forger, change: Callable[[Act], Act | None], rule: str, article: str
) -> None:
    [index] = forger.replace(once(change))
    status, disagreements = audited(forger.bundle)
    assert status == 1
    places = [(each.get("entry"), each["rule"], each["article"]) for each in disagreements]
    assert (index, rule, article) in places


def test_audit__of_a_weight_changed_wherever_it_is_named__exits_1_and_names_who_signed_another(
    forger: Forger,
) -> None:
    def another_weight(cid: str) -> str:
        framework = forger.document(cid)
        assert isinstance(framework, dict)
        framework["indicators"][0]["weight"] = {"num": 9, "den": 10}
        return forger.put_document(framework)

    def change(data: Act) -> Act | None:
        if isinstance(data, FrameworkAdopted):
            return msgspec.structs.replace(data, document=another_weight(data.document))
        if isinstance(data, MotionProposed) and isinstance(data.effect, FrameworkEffect):
            cid = another_weight(data.effect.document)
            effect = msgspec.structs.replace(data.effect, document=cid)
            return msgspec.structs.replace(data, effect=effect)
        return None

    proposed, _ = forger.replace(change)
    status, disagreements = audited(forger.bundle)
    assert status == 1
    places = {(each.get("entry"), each["rule"]) for each in disagreements}
    # Who proposed it signs with a passkey.
    assert (proposed, "psephos.passkey") in places
    assert "psephos.valuation" in {each["rule"] for each in disagreements}


def test_audit__of_a_log_rebuilt_without_a_change__is_lawful(forger: Forger) -> None:
    assert forger.replace(lambda _: None) == []
    assert audited(forger.bundle) == (0, [])
