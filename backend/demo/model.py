"""The model organisation the demonstration plays: the texts of ``examples/conference-citoyenne``.

JSON files are kept readable there; what is signed, hashed or sent is their canonical form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json
from backend.domain.acts import DecimalText, MemberClass, Slug, Title
from backend.domain.framework import parse_framework
from backend.domain.rulebook.book import format_rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.rulebook_files import parse_source

MODEL = "conference-citoyenne"
"""Folder of the model organisation below ``examples``."""


class ModelMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invented person or organisation."""

    member_class: MemberClass
    """Class, as the rulebook names it."""
    founder: bool
    """Whether it signs the founding."""
    facts: dict[str, str]
    """Facts it declares when it joins."""

    @property
    def name(self) -> str:
        """Name, for the account of the demonstration."""
        return self.facts["name"]


class ModelMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``members.json``."""

    format: Literal["psephos-example-members/1"]
    """Format and version."""
    note: str
    """What readers of the file should know."""
    members: Annotated[tuple[ModelMember, ...], Meta(min_length=1)]
    """Members: founders first, organisations last."""


class ModelObservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measurement."""

    observation: Slug
    """Id."""
    indicator: Slug
    """Indicator of the framework."""
    value: DecimalText
    """Measured value."""
    unit: str
    """Unit of the indicator."""
    period_from: str
    """First day measured, ``YYYY-MM-DD``."""
    period_to: str
    """Last day measured, ``YYYY-MM-DD``."""
    method: str
    """How it was measured."""


class ModelObservations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``mesures.json``."""

    format: Literal["psephos-example-observations/1"]
    """Format and version."""
    commons: Slug
    """Id of the commons measured."""
    title: Title
    """Its title."""
    observations: Annotated[tuple[ModelObservation, ...], Meta(min_length=1)]
    """Observations, one for each indicator."""


@dataclass(frozen=True, slots=True)
class Statutes:
    """The two documents of a statutes version."""

    text: str
    """The text."""
    rulebook: bytes
    """The rulebook, canonical JSON."""


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the demonstration says in the name of the organisation."""

    first: Statutes
    """Statutes adopted by the founders."""
    second: Statutes
    """Statutes a constituent motion proposes."""
    framework: bytes
    """Valuation framework, canonical JSON."""
    commons: str
    """Description of the commons."""
    observations: ModelObservations
    """The commons and what was measured of it."""
    motions: Mapping[str, str]
    """Texts of motions by file name without suffix; the first line of each is its title."""
    members: tuple[ModelMember, ...]
    """Founders, then other persons, then organisations."""


def canonical_file(content: bytes) -> bytes:
    """Return the canonical form of a JSON file kept readable.

    Raises:
        msgspec.DecodeError: Not JSON.
        MalformedError: Something in it has no canonical form.
    """
    return canonical_json(msgspec.json.decode(content))


def load_model(folder: Traversable | None = None) -> Model:
    """Read a model organisation.

    Args:
        folder: Its folder; None for the one that comes with the project.

    Raises:
        OSError: A file is missing.
        msgspec.DecodeError: A file is not JSON or outside its schema.
        MalformedError: A JSON file has no canonical form.
        InvalidInputError: A rulebook or the framework does not hold.
    """
    place = files("examples") / MODEL if folder is None else folder
    framework = canonical_file((place / "cadre-v1.json").read_bytes())
    parse_framework(framework)
    return Model(
        first=_statutes(place, 1),
        second=_statutes(place, 2),
        framework=framework,
        commons=(place / "commun.txt").read_text("utf-8"),
        observations=msgspec.json.decode(
            (place / "mesures.json").read_bytes(), type=ModelObservations
        ),
        motions={
            file.name.removesuffix(".txt"): file.read_text("utf-8")
            for file in sorted((place / "motions").iterdir(), key=lambda file: file.name)
            if file.name.endswith(".txt")
        },
        members=msgspec.json.decode(
            (place / "members.json").read_bytes(), type=ModelMembers
        ).members,
    )


def _statutes(place: Traversable, version: int) -> Statutes:
    text = (place / f"statuts-v{version}.txt").read_bytes()
    source = parse_source((place / f"rulebook-v{version}.yaml").read_bytes())
    return Statutes(text.decode("utf-8"), format_rulebook(compile_rulebook(source, text)))
