"""An organisation in which a scenario is played: statutes and rulebook of a model, founders, a clock.

Acts are signed with real keys, checked by ``lawfulness.check`` and folded, on a ledger in memory. People have
names made of their class and a number, or of the office they were founded in; no name is a person's.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from backend.domain.acts import FirstMandate, OrganisationFounded, StatutesReference
from backend.domain.deadlines import Day
from backend.domain.instants import format_instant
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.source import Source
from backend.domain.rulebook.topics import FirmRule, Silent
from backend.domain.state import State
from backend.rulebook_files import parse_source
from tests.support.memory_ledger import Book, MemoryLedger
from tests.support.model_organisation import DOMAIN, Actor
from tests.support.organisations import Simulation
from tests.support.scenario_fields import ScenarioError, names_of

EXAMPLES = Path(__file__).parents[2] / "examples"
"""Where the model organisations are."""

ORGANISATIONS: Mapping[str, str] = {
    "conference": "conference-citoyenne",
    "registry": "registre-citoyens",
    "cooperation": "cooperation",
    "platform": "plateforme-cooperative",
}
"""Folder of each model organisation, by the folder of its scenarios."""


@dataclass(frozen=True)
class Model:
    """Statutes of a model organisation, and the source of their rulebook."""

    slug: str
    """Name in addresses."""
    text: str
    """The statutes."""
    source: Mapping[str, Source]
    """The rulebook as a person wrote it."""

    @property
    def rulebook(self) -> Rulebook:
        """The compiled rulebook."""
        return compile_rulebook(self.source, self.text.encode())

    def changed(
        self,
        text: Mapping[str, str],
        rules: Mapping[str, Mapping[str, Source]],
        without: Sequence[str],
        added: Sequence[Source],
    ) -> "Model":
        """Return other statutes: sentences replaced, fields of rules replaced, rules left out or added."""
        written = self.text
        for old, new in text.items():
            if old not in written:
                message = f"no such words in the statutes: {old}"
                raise ScenarioError(message)
            written = written.replace(old, new)
        kept: list[Source] = []
        for rule in self.rules:
            name = str(rule["id"])
            if name not in without:
                kept.append({**rule, **rules.get(name, {})})
        unknown = {*rules, *without} - {str(rule["id"]) for rule in self.rules}
        if unknown:
            message = f"no such rules: {', '.join(sorted(unknown))}"
            raise ScenarioError(message)
        return Model(self.slug, written, {**self.source, "rules": [*kept, *added]})

    @property
    def rules(self) -> list[Mapping[str, Source]]:
        """The rules as written."""
        listed = self.source["rules"]
        return [each for each in listed if isinstance(each, Mapping)]


@lru_cache
def model(organisation: str, version: int = 1) -> Model:
    """Return the statutes of a model organisation as its files have them."""
    folder = EXAMPLES / ORGANISATIONS[organisation]
    source = parse_source((folder / f"rulebook-v{version}.yaml").read_bytes())
    if not isinstance(source, Mapping):
        message = f"{folder}: a rulebook is a mapping"
        raise ScenarioError(message)
    text = (folder / f"statuts-v{version}.txt").read_text(encoding="utf-8")
    return Model(ORGANISATIONS[organisation], text, source)


@lru_cache
def _compiled(organisation: str) -> Rulebook:
    return model(organisation).rulebook


class World(Simulation):
    """A scenario's organisation; every act goes through its memory ledger.

    Args:
        organisation: Folder of its scenarios.
    """

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation
        self.ledger = MemoryLedger()
        super().__init__(lambda: _Open(self.ledger))
        self.model = model(organisation)
        self.actors: dict[str, Actor] = {}

    @property
    def state(self) -> State:
        """What is known now."""
        return self.ledger.state

    @property
    def today(self) -> Day:
        """The day in the organisation's time zone."""
        return self.state.day_of(self.at())

    def set_clock(self, day: Day, time: str) -> None:
        """Set the clock to a time of a day, UTC."""
        self.now = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)

    def name(self, name: str, actor: Actor) -> Actor:
        """Give someone a name."""
        if name in self.actors:
            message = f"{name} is somebody already"
            raise ScenarioError(message)
        self.actors[name] = actor
        return actor

    def who(self, name: str) -> Actor:
        """Return someone by name."""
        if name not in self.actors:
            message = f"nobody is called {name}"
            raise ScenarioError(message)
        return self.actors[name]

    def group(self, names: Sequence[str]) -> list[Actor]:
        """Return several people by their names, or by class and numbers."""
        return [self.who(name) for name in names_of(names)]

    def role(self, member: str) -> str:
        """Return the first name of a member."""
        return next(name for name, actor in self.actors.items() if actor.id == member)

    def begin(
        self, members: Mapping[str, int], offices: Mapping[str, Sequence[tuple[str, str]]]
    ) -> int:
        """Found the organisation.

        Args:
            members: Number of founders by class.
            offices: Seats that founders take, (body, seat), by the name of the office; the first
                founders of the first class take them, in this order.
        """
        founders = [
            self.name(f"{each}-{number}", Actor(f"{each}-{number}", each))
            for each, size in members.items()
            for number in range(1, size + 1)
        ]
        taken = zip(offices, founders, strict=False)
        self.actors = {**dict(taken), **self.actors}
        mandates = []
        for founder, (office, seats) in zip(founders, offices.items(), strict=False):
            mandates += [
                FirstMandate(
                    office if len(seats) == 1 else f"{office}-{seat}", body, seat, founder.id
                )
                for body, seat in seats
            ]
        with self._writing() as book:
            data = OrganisationFounded(
                slug=self.model.slug,
                name=str(self.model.source["title"]),
                origin=f"ledger.example/{self.model.slug}",
                language=str(self.model.source["language"]),
                signing=DOMAIN,
                statutes=self.documents(book, self.model, _compiled(self.organisation)),
                founders=tuple(founder.applicant for founder in founders),
                mandates=tuple(mandates),
            )
            for founder in founders:
                book.keep_key(founder.id, founder.key_opening)
                book.keep_person(founder.id, founder.person)
            entry, openings = self.signed(book, founders[0], data, signers=founders)
            return book.append(entry, signatures=openings)

    def documents(self, book: Book, statutes: Model, rulebook: Rulebook) -> StatutesReference:
        """Store text and rulebook of statutes."""
        content = format_rulebook(rulebook)
        return StatutesReference(
            book.put_document(statutes.text.encode()),
            book.put_document(content),
            hashlib.sha256(content).hexdigest(),
        )

    def rules(self, sources: Source) -> tuple[FirmRule, ...]:
        """Return rules that a decision would put beside the statutes, written as in a rulebook."""
        head = {key: value for key, value in self.model.source.items() if key != "rules"}
        compiled = compile_rulebook({**head, "rules": sources}, self.model.text.encode())
        return tuple(rule for rule in compiled.rules if not isinstance(rule, Silent))

    def instant(self, moment: datetime) -> str:
        """Return a time as acts write it."""
        return format_instant(moment)

    def go_to(self, instant: str) -> None:
        """Move the clock to an instant, which is not past."""
        moment = datetime.fromisoformat(instant)
        if moment < self.now:
            message = f"{instant} is past, it is {self.at()}"
            raise ScenarioError(message)
        self.now = moment


class _Open:
    """A memory ledger as something that is entered."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def __enter__(self) -> MemoryLedger:
        return self._ledger

    def __exit__(self, *_: object) -> None:
        return None
