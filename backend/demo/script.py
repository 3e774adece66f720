"""What is played: the texts, and who votes how; the statutes may be anyone's."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from anchoring.core.canonical import Json, canonical_json
from anchoring.core.cid import document_cid
from anchoring.core.errors import MalformedError
from backend.demo.model import MODEL, Model, Statutes, canonical_file, load_model
from backend.domain.acts import Slug
from backend.domain.errors import InvalidInputError
from backend.domain.rulebook.book import Rulebook, format_rulebook, parse_rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.sessions import Notice
from backend.domain.rulebook.topics import AnyRule
from backend.rulebook_files import parse_source

PLAY_VERSION = "1"
"""Version of the sequence of commands: a folder begun under another one cannot be resumed."""

MAX_STATUTES_BYTES = 512 << 10
"""Longest statutes file, in bytes: a request that carries it with its rulebook stays below the server's
limit of 2 MiB, even where every character has to be escaped."""

MAX_TITLE = 120
"""Longest name taken from a file, in characters."""

_MORE_DAYS = 6
_ADDED_ARTICLE = "additionnel 1"
_MAX_NOTICE = 366


class TextError(Exception):
    """A file given on the command line cannot be used.

    Args:
        path: The file.
        reason: ``unreadable``, ``too_long``, ``not_text``, ``empty``, ``rulebook``.
        detail: What was found.
    """

    def __init__(self, path: Path, reason: str, detail: str) -> None:
        super().__init__(path, reason, detail)
        self.path = path
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that decides what a demonstration writes, but for its seed."""

    slug: Slug
    """Name of the organisation in addresses."""
    name: str
    """Name of the organisation."""
    model: Model
    """The model, with the statutes that are played."""
    given_text: bool
    """Whether the statutes are from a file of the caller."""
    given_rulebook: bool
    """Whether the rulebook is from a file of the caller."""

    @property
    def digest(self) -> str:
        """SHA-256 over the texts, hex: what a folder must have been begun with to be resumed."""
        texts: Json = {
            "play": PLAY_VERSION,
            "name": [self.slug, self.name],
            "statutes": [
                part
                for statutes in (self.model.first, self.model.second)
                for part in (statutes.text, statutes.rulebook.decode())
            ],
            "framework": self.model.framework.decode(),
            "commons": self.model.commons,
            "observations": msgspec.json.encode(self.model.observations).decode(),
            "motions": dict(self.model.motions),
            "members": [msgspec.json.encode(member).decode() for member in self.model.members],
        }
        return hashlib.sha256(canonical_json(texts)).hexdigest()


def load_script(statutes: Path | None, rulebook: Path | None) -> Script:
    """Return what to play.

    Args:
        statutes: File of statutes, UTF-8; None for the model's.
        rulebook: File of a rulebook, YAML source or JSON; None for the model's. Rules that quote another
            text than the one that is played lose their quotations.

    Raises:
        TextError: A file cannot be used.
    """
    model = load_model()
    if statutes is None and rulebook is None:
        name = _title(model.first.text)
        return Script(MODEL, name, model, given_text=False, given_rulebook=False)
    text = model.first.text if statutes is None else _read_text(statutes)
    rules = (
        _of_text(parse_rulebook(model.first.rulebook), text)
        if rulebook is None
        else _read_rulebook(rulebook, text)
    )
    second = _amended(text, rules)
    return Script(
        slug="demonstration",
        name=_title(text) if statutes is None else _title(re.sub("[-_]", " ", statutes.stem)),
        model=Model(
            first=Statutes(text, format_rulebook(rules)),
            second=second,
            framework=model.framework,
            commons=model.commons,
            observations=model.observations,
            motions=model.motions,
            members=model.members,
        ),
        given_text=statutes is not None,
        given_rulebook=rulebook is not None,
    )


def _read_text(path: Path) -> str:
    content = _read(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError(path, "not_text", str(error)) from error
    if "\x00" in text:
        raise TextError(path, "not_text", f"NUL at character {text.index(chr(0))}")
    if not text.strip():
        raise TextError(path, "empty", f"{len(content)} bytes")
    return text


def _read_rulebook(path: Path, text: str) -> Rulebook:
    content = _read(path)
    try:
        if path.suffix in (".yaml", ".yml"):
            return compile_rulebook(parse_source(content), text.encode())
        return _of_text(parse_rulebook(canonical_file(content)), text)
    except (msgspec.DecodeError, UnicodeDecodeError, MalformedError, InvalidInputError) as error:
        raise TextError(path, "rulebook", str(error)) from error


def _of_text(rulebook: Rulebook, text: str) -> Rulebook:
    """Return a rulebook as one of a text; quotations of another text are dropped."""
    cid = document_cid(text.encode())
    if rulebook.text == cid:
        return rulebook
    rules = tuple(msgspec.structs.replace(rule, span=None) for rule in rulebook.rules)
    return msgspec.structs.replace(rulebook, text=cid, rules=rules)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_STATUTES_BYTES + 1)
    except OSError as error:
        raise TextError(path, "unreadable", error.strerror or str(error)) from error
    if len(content) > MAX_STATUTES_BYTES:
        raise TextError(path, "too_long", f"> {MAX_STATUTES_BYTES} bytes")
    return content


def _amended(text: str, rules: Rulebook) -> Statutes:
    """Return a second version: the same text and one more article that lengthens the notice."""
    changed: list[AnyRule] = []
    longest = 0
    for rule in rules.rules:
        if isinstance(rule, Notice):
            days = min(rule.days + _MORE_DAYS, _MAX_NOTICE)
            longest = max(longest, days)
            changed.append(
                msgspec.structs.replace(rule, days=days, article=_ADDED_ARTICLE, span=None)
            )
        else:
            changed.append(rule)
    article = (
        f"\n\nArticle {_ADDED_ARTICLE}. Délai de convocation\n"
        f"Une assemblée est convoquée au moins {longest} jours avant l'ouverture du scrutin.\n"
    )
    amended = text.rstrip() + article
    cid = document_cid(amended.encode())
    second = msgspec.structs.replace(rules, text=cid, rules=tuple(changed))
    return Statutes(amended, format_rulebook(second))


def _title(text: str) -> str:
    line = next(line for line in text.splitlines() if line.strip())
    return re.sub(r"\s+", " ", line).strip()[:MAX_TITLE].strip()
