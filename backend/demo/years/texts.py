"""What an organisation says in its year: its statutes, its members, and everything it puts to the vote.

Files of ``examples/<organisation>``: ``statuts-v1.txt``, ``rulebook-v1.yaml``, ``members.json`` and
``motions/*.txt``; where they are needed ``reglement.txt`` with ``reglement.yaml`` (internal rules, written as
a rulebook is), ``interpretations.yaml`` (rules that settle what the statutes leave open) and ``ajout.txt``
(an article that is added to the statutes).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from anchoring.core.canonical import Json, canonical_json
from backend.demo.model import ModelMember, ModelMembers, canonical_file
from backend.domain.acts import Slug
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.topics import FirmRule, Silent
from backend.rulebook_files import parse_source

YEAR_VERSION = "1"
"""Version of the sequence of commands: a folder begun under another one cannot be resumed."""


@dataclass(frozen=True, slots=True)
class YearTexts:
    """Everything that decides what a year writes, but for its seed."""

    slug: Slug
    """Name of the organisation in addresses, and of its folder below ``examples``."""
    name: str
    """Name of the organisation."""
    text: str
    """Statutes adopted by the founders."""
    rulebook: bytes
    """Their rulebook, canonical JSON."""
    members: tuple[ModelMember, ...]
    """Invented members, founders first."""
    motions: Mapping[Slug, str]
    """Texts by file name without suffix; the first line of each is its title."""
    internal_text: str
    """Internal rules in words; empty where there are none."""
    internal_rules: tuple[FirmRule, ...]
    """Internal rules for the machine."""
    interpretations: Mapping[Slug, FirmRule]
    """Rules that settle what the statutes leave open, by id."""
    addition: str
    """Article that is added to the statutes; empty where there is none."""
    second: tuple[str, bytes] | None
    """Text and rulebook of the second version of the statutes, where the folder has one."""
    framework: bytes
    """Valuation framework, canonical JSON; empty where there is none."""

    @property
    def digest(self) -> str:
        """SHA-256 over the texts, hex: what a folder must have been begun with to be resumed."""
        texts: Json = {
            "year": YEAR_VERSION,
            "slug": self.slug,
            "statutes": [self.text, self.rulebook.decode(), self.addition],
            "second": [] if self.second is None else [self.second[0], self.second[1].decode()],
            "members": [msgspec.json.encode(member).decode() for member in self.members],
            "motions": dict(self.motions),
            "internal": [self.internal_text, msgspec.json.encode(self.internal_rules).decode()],
            "interpretations": msgspec.json.encode(dict(self.interpretations)).decode(),
            "framework": self.framework.decode(),
        }
        return hashlib.sha256(canonical_json(texts)).hexdigest()


def load_year(slug: Slug) -> YearTexts:
    """Read what an organisation says in its year.

    Args:
        slug: Its folder below ``examples``.

    Raises:
        OSError: A file that it needs is missing.
        msgspec.DecodeError: The file of members is not JSON or outside its schema.
        InvalidInputError: A rulebook does not compile.
    """
    place = files("examples") / slug
    text = (place / "statuts-v1.txt").read_text("utf-8")
    internal = _optional(place / "reglement.txt")
    framework = place / "cadre-v1.json"
    return YearTexts(
        slug=slug,
        name=_name(text),
        text=text,
        rulebook=format_rulebook(_rulebook(place / "rulebook-v1.yaml", text)),
        members=msgspec.json.decode(
            (place / "members.json").read_bytes(), type=ModelMembers
        ).members,
        motions={
            file.name.removesuffix(".txt"): file.read_text("utf-8")
            for file in sorted((place / "motions").iterdir(), key=lambda file: file.name)
            if file.name.endswith(".txt")
        },
        internal_text=internal,
        internal_rules=_rules(place / "reglement.yaml", internal) if internal else (),
        interpretations={rule.id: rule for rule in _rules(place / "interpretations.yaml", text)},
        addition=_optional(place / "ajout.txt"),
        second=_second(place),
        framework=canonical_file(framework.read_bytes()) if framework.is_file() else b"",
    )


def _rulebook(source: Traversable, text: str) -> Rulebook:
    return compile_rulebook(parse_source(source.read_bytes()), text.encode())


def _rules(source: Traversable, text: str) -> tuple[FirmRule, ...]:
    """Return the rules of a file without their quotations: beside the statutes nothing quotes them."""
    if not source.is_file():
        return ()
    rules = _rulebook(source, text).rules
    return tuple(
        msgspec.structs.replace(rule, span=None) for rule in rules if not isinstance(rule, Silent)
    )


def _second(place: Traversable) -> tuple[str, bytes] | None:
    if not (place / "statuts-v2.txt").is_file():
        return None
    text = (place / "statuts-v2.txt").read_text("utf-8")
    return text, format_rulebook(_rulebook(place / "rulebook-v2.yaml", text))


def _optional(file: Traversable) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


def _name(text: str) -> str:
    return text.splitlines()[0].strip()
