"""Rulebook sources for tests: a small one that is whole, to change one thing in, and those of the models."""

from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files

from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.source import Source
from backend.rulebook_files import parse_source

MODELS = (
    ("conference-citoyenne", 1),
    ("conference-citoyenne", 2),
    ("registre-citoyens", 1),
    ("cooperation", 1),
    ("plateforme-cooperative", 1),
)
"""Folder and version of every model rulebook."""

STATUTES = """STATUTES OF THE TEST
Article premier. Members
Each member has one vote.
Anyone may join.
Anyone may leave.

Article 2 - Council
Founders form the council.
The council lasts
one year.
The council keeps the registers.

ARTICLE 3: Assembly
The council calls the assembly ten days before, by post.
Members vote yes or no, by post or online, for three days.
More yes than no carries; a tie changes nothing.
A quarter must vote.
Anyone may propose a resolution. It's \u00ab enough \u00bb.
"""
"""Statutes of three articles, their headings written in the three usual ways."""


@dataclass(frozen=True, slots=True)
class ModelRules:
    """A model rulebook with its text."""

    rulebook: Rulebook
    """The compiled rules."""
    text: bytes
    """The statutes."""
    source: Source
    """The source."""


def model_rules(folder: str, version: int = 1) -> ModelRules:
    """Return a model rulebook."""
    place = files("examples") / folder
    text = (place / f"statuts-v{version}.txt").read_bytes()
    source = parse_source((place / f"rulebook-v{version}.yaml").read_bytes())
    return ModelRules(compile_rulebook(source, text), text, source)


def rule(name: str, topic: str, article: str, modality: str, **fields: Source) -> dict[str, Source]:
    """Return one rule of a source."""
    return {"id": name, "topic": topic, "article": article, "modality": modality, **fields}


def small_rules() -> dict[str, dict[str, Source]]:
    """Return the rules of the small source by id; complete for resolutions."""
    every = [
        rule("vote", "voting_right", "1", "may", member_class="member", persons="natural",
             quote="Each member has one vote."),
        rule("join", "admission", "premier", "may", member_class="member", quote="Anyone may join."),
        rule("leave", "loss", "1", "may", cause="resignation", quote="Anyone may leave."),
        rule("council", "body", "2", "must", body="council", title="Council",
             seats=[{"seat": "member", "title": "councillor", "minimum": "1", "maximum": "3"}],
             quote="Founders form the council."),
        rule("founders", "designation", "2", "must", bodies="council", phase="first", by="founders"),
        rule("later", "designation", "2", "must", bodies="council", phase="later",
             by={"assembly": "assembly"}),
        rule("year", "term", "2", "must", bodies="council", duration="1 year", holds_over="yes",
             quote="The council lasts one year."),
        rule("keys", "custody", "2", "must", by={"body": "council"},
             quote="The council keeps the registers."),
        rule("assembly", "session", "3", "must", session="assembly", title="Assembly", form="ordinary"),
        rule("yearly", "periodicity", "3", "must", every_years="1"),
        rule("call", "convocation", "3", "may", by={"body": "council"}),
        rule("notice", "notice", "3", "must", days="10", channels="post", proven="yes"),
        rule("where", "channels", "3", "may", channels=["remote", "correspondence"]),
        rule("ballot", "ballot", "3", "must", motions="all", method="yes_no_abstain",
             minimum_hours="72", replaceable="no"),
        rule("quorum", "quorum", "3", "must", threshold="at least 1/4", base="voters"),
        rule("majority", "majority", "3", "must", threshold="more than 1/2", base="valid"),
        rule("tie", "tie", "3", "must", resolution="status_quo"),
        rule("propose", "initiative", "3", "may", motions="legislative", classes="member"),
        rule("resolution", "effect", "3", "may", motions="legislative", effects="resolution"),
    ]  # fmt: skip
    return {str(each["id"]): each for each in every}


def source_of(rules: dict[str, dict[str, Source]]) -> dict[str, Source]:
    """Return a source with these rules."""
    return {
        "title": "Rules of the test",
        "language": "en",
        "time_zone": "Europe/Paris",
        "rules": list(deepcopy(rules).values()),
    }


def changed(name: str, **fields: Source) -> dict[str, Source]:
    """Return the small source with fields of one rule changed, or a further rule with that id added."""
    rules = small_rules()
    rules[name] = {**rules.get(name, {"id": name}), **fields}
    return source_of(rules)


def without(*names: str) -> dict[str, Source]:
    """Return the small source without some rules."""
    return source_of({key: each for key, each in small_rules().items() if key not in names})
