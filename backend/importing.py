"""Commands that import a register, on the data of a server, whether it runs or not."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from pydantic import TypeAdapter, ValidationError

from anchoring.core.canonical import canonical_json
from anchoring.core.errors import AnchoringError, MalformedError
from anchoring.ports import Clock
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.archive import Archive
from backend.domain.acts import MemberId
from backend.domain.errors import GovernanceError
from backend.domain.messages import Language, message
from backend.machine import SecretRandomness, SystemClock
from backend.networks import ContractChains
from backend.services import imports
from backend.services.commands import Statement, command_of
from backend.services.identity import KeyedHashes
from backend.services.import_words import findings
from backend.services.imports import SEED_BYTES, Choice, Import, Report
from backend.services.ports import Ports
from backend.services.signing_requests import statement_request
from backend.settings import Settings

_SIGNATURES: Final[TypeAdapter[MemberSignature]] = TypeAdapter(MemberSignature)
_NUMBER: Final = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What the person at the terminal asks for."""

    organisation: str
    """Slug."""
    table: Path
    """File of the table."""
    author: MemberId
    """Who signs."""
    seed: Path
    """File of the seed, hex; drawn where it is missing."""
    left_out: str
    """Rows to leave out: numbers, or the words ``broken`` and ``alike``, joined by commas."""
    taken_in: str
    """Possible duplicates to take in."""


def report_import(settings: Settings, organisation: str, table: Path, language: Language) -> int:
    """Print what a table would bring, and return the exit code: 0 nothing to decide, 1 something is.

    Args:
        settings: Where the data is.
        organisation: Slug.
        table: The file.
        language: Language of the words.
    """
    try:
        with Archive(settings) as archive:
            found = _report(archive, organisation, table.read_bytes())
    except GovernanceError as error:
        words = message(error, language)
        typer.echo(f"{words.title}. {words.detail} {words.remedy}", err=True)
        return 1
    except (AnchoringError, OSError) as error:
        typer.echo(str(error), err=True)
        return 1
    for each in findings(found, language):
        typer.echo(f"{each.row}\t{each.code}\t{each.title}. {each.detail} {each.remedy}")
    typer.echo(f"{found.total} rows, {len(found.broken)} broken, {len(found.alike_rows())} alike")
    return 1 if found.broken or found.likenesses else 0


def prepare_import(
    settings: Settings, order: ImportOrder, *, clock: Callable[[], Clock] = SystemClock
) -> int:
    """Print the typed data of an import as JSON, and return the exit code: 0 printed, 1 refused.

    Args:
        settings: Where the data is.
        order: What is asked for.
        clock: Gives the clock.
    """
    issued_at = int(clock().now().timestamp())
    try:
        with Archive(settings) as archive:
            slug, hashes = order.organisation, KeyedHashes(archive.keys.identity_key())
            state, index = archive.reads.state(slug), archive.identities(slug)
            asked = _asked(archive, order)
            act = imports.prepare(state, index, hashes, slug, asked).act
            typed = statement_request(
                archive.reads, slug, act, author=order.author, issued_at=issued_at
            )
    except (GovernanceError, AnchoringError, OSError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(canonical_json({"issued_at": issued_at, "typed_data": typed}))
    return 0


def record_import(
    settings: Settings,
    order: ImportOrder,
    signature: Path,
    *,
    issued_at: int,
    clock: Callable[[], Clock] = SystemClock,
) -> int:
    """Record a signed import, and return the exit code: 0 recorded, 1 refused.

    Args:
        settings: Where the data is; a server may run on it meanwhile.
        order: What is asked for, as it was when the typed data was printed.
        signature: File of the signature.
        issued_at: The time of signing, as it was printed.
        clock: Gives the clock.
    """
    try:
        with Archive(settings) as archive:
            hashes = KeyedHashes(archive.keys.identity_key())
            ports = Ports(archive.ledgers, clock(), SecretRandomness(), ContractChains({}), hashes)
            asked = _asked(archive, order)
            given = signature_bytes(_SIGNATURES.validate_json(signature.read_bytes()))
            recorded = imports.record(
                ports,
                order.organisation,
                command_of(f"import/{_name_of(asked.seed)}", asked.table),
                asked,
                Statement(order.author, issued_at, given),
            )
    except ValidationError:
        typer.echo("the signature is neither hexadecimal text nor an assertion", err=True)
        return 1
    except (GovernanceError, AnchoringError, OSError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{order.organisation}: entry {recorded.indices[0]}")
    return 0


def _report(archive: Archive, slug: str, table: bytes) -> Report:
    hashes = KeyedHashes(archive.keys.identity_key())
    return imports.report(archive.reads.state(slug), archive.identities(slug), hashes, slug, table)


def _asked(archive: Archive, order: ImportOrder) -> Import:
    table, seed = order.table.read_bytes(), _seed(order.seed)
    found = _report(archive, order.organisation, table)
    words = {"broken": found.broken_rows(), "alike": found.alike_rows()}

    def rows(text: str, option: str) -> frozenset[int]:
        chosen: frozenset[int] = frozenset()
        for part in filter(None, text.split(",")):
            if part not in words and not _NUMBER.fullmatch(part):
                raise MalformedError(option, "numbers, broken and alike, joined by commas")
            chosen |= words[part] if part in words else {int(part)}
        return chosen

    choice = Choice(rows(order.left_out, "--left-out"), rows(order.taken_in, "--taken-in"))
    return Import(table, seed, choice)


def _name_of(seed: bytes) -> str:
    """Return what a repeated command is known by; the seed itself is stored nowhere."""
    return hashlib.sha256(b"psephos-import/1/command/" + seed).hexdigest()


def _seed(path: Path) -> bytes:
    """Return the seed in a file that only its owner reads, drawn where there is none."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SEED_BYTES))
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise MalformedError("seed", "not hexadecimal") from error
