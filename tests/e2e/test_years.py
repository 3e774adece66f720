"""The years of the four organisations: every decision their rules know, and all of it verifies."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from backend.audit.directory import read_directory
from backend.demo.program import main
from backend.demo.years.programmes import PROGRAMMES
from backend.demo.years.words import YEAR_WORDS
from backend.domain.acts import MotionKind
from backend.domain.errors import RuleViolation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import VotingRight
from backend.domain.rulebook.sessions import Session
from backend.domain.state import State
from tests.support.demo_process import TIMEOUT_S, finish, start

LINE = re.compile(r"verified: (\d+) entries, (\d+) receipts, (\d+) documents, (\d+) anchors")
"""Last line of a year."""

REFUSAL = re.compile(r"✋.*\n +refus : .*\n +règle [a-z0-9-]+, article \d+\n +remède : .+")
"""A refusal that is shown: by which rule, of which article, and what would help."""

REFUSALS = 2
"""Refusals that every year shows, at least."""

MAX_LINES = 145
"""Longest account, in lines: two or three screens."""

Started = tuple[Path, "subprocess.Popen[str]"]
"""Folder and process of a year."""

pytestmark = pytest.mark.slow


class Played:
    """A year that was played."""

    def __init__(self, slug: str, out: Path, process: "subprocess.Popen[str]") -> None:
        self.slug = slug
        self.output = finish(process)
        self.report, state, *_ = read_directory(out)
        assert state is not None, self.report
        self.state: State = state


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Started]]:
    """All years, played side by side: most of their time is waiting. Those nobody asks for are ended."""
    folder = tmp_path_factory.mktemp("years")
    started = {
        slug: (folder / slug, start("--organisation", slug, "--out", str(folder / slug)))
        for slug in PROGRAMMES
    }
    yield started
    for _, process in started.values():
        if process.returncode is None:
            process.kill()
            process.communicate(timeout=TIMEOUT_S)


@pytest.fixture(scope="module", params=sorted(PROGRAMMES))
def played(request: pytest.FixtureRequest, processes: dict[str, Started]) -> Played:
    """Every year, played once."""
    return Played(request.param, *processes[request.param])


def proposable(rulebook: Rulebook) -> set[str]:
    """Return the kinds of motion that somebody may propose with an effect."""
    kinds = set()
    for kind in get_args(MotionKind):
        try:
            rulebook.initiative(kind)
            rulebook.effect(kind)
        except RuleViolation:
            continue
        kinds.add(kind)
    return kinds


def test_year__every_kind_its_rules_let_anyone_propose__is_decided(played: Played) -> None:
    state = played.state
    versions = [*state.rulebooks.values(), state.in_force().rulebook]

    decided = {state.motion(motion).data.kind for motion in state.decisions}

    assert decided == set().union(*map(proposable, versions))


def test_year__every_kind__is_adopted_at_least_once(played: Played) -> None:
    state = played.state
    adopted = {
        state.motion(motion).data.kind
        for motion, decision in state.decisions.items()
        if decision.outcome == "adopted"
    }
    decided = {state.motion(motion).data.kind for motion in state.decisions}

    # The register lets its councillors be recalled, and recalls none.
    assert decided - adopted == ({"revocatory"} if played.slug == "registre-citoyens" else set())


def test_year__every_session_its_rules_know__is_held(played: Played) -> None:
    state = played.state
    known = {rule.session for rule in state.in_force().rulebook.every(Session)}

    held = {each.data.call.session for each in state.assemblies.values() if each.closed}

    assert held == known


def test_year__its_files__are_lawful_and_fully_checked(played: Played) -> None:
    found = LINE.fullmatch(played.output.splitlines()[-1])

    assert found is not None, played.output
    assert played.report.lawful
    # One of the organisations lets decisions be contested for ninety days only.
    contested = played.slug == "plateforme-cooperative"
    assert (played.report.redacted > 0, played.report.destroyed > 0) == (contested, contested)
    assert int(found[1]) == int(found[2]) == played.state.size
    assert int(found[4]) == len(PROGRAMMES[played.slug].chapters) + 1


def test_year__account__shows_refusals_an_explanation_and_the_calendar(played: Played) -> None:
    refusals = REFUSAL.findall(played.output)

    assert len(refusals) == played.output.count("✋") >= REFUSALS
    assert "Pourquoi cette décision est valable" in played.output
    assert "Calendrier au " in played.output
    assert "EN RETARD" not in played.output
    assert len(played.output.splitlines()) <= MAX_LINES


def test_year__everyone_who_may_join__is_there(played: Played) -> None:
    joined = [member for member in played.state.members.values() if not member.founder]
    classes = {member.member_class for member in played.state.members.values()}

    assert joined
    assert classes == {
        rule.member_class for rule in played.state.in_force().rulebook.every(VotingRight)
    }


def test_year__killed_and_begun_again__tells_the_same_refusals_and_verifies(tmp_path: Path) -> None:
    arguments = ("--organisation", "cooperation", "--out", str(tmp_path / "out"))
    process = start(*arguments)
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "Gaspard objecte" in line:
            break
    process.kill()
    process.communicate(timeout=TIMEOUT_S)

    resumed = finish(start(*arguments))

    assert LINE.fullmatch(resumed.splitlines()[-1]) is not None
    told, retold = (REFUSAL.findall(text) for text in ("".join(lines), resumed))
    assert told == retold[: len(told)]
    assert len(retold) == resumed.count("✋") > len(told) > 0


def test_year__with_statutes_of_the_caller__is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--organisation", "cooperation", "--statutes", str(tmp_path / "ours.txt")])

    assert stopped.value.code == 2


def test_words__both_languages__have_the_same_sentences_with_the_same_places() -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"{(\w+)}", text))

    french, english = YEAR_WORDS["fr"], YEAR_WORDS["en"]

    assert french.keys() == english.keys()
    for key, text in french.items():
        assert places(text) == places(english[key]), key
